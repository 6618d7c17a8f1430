/*
 * explore - every order of facts over two workers and a drain, to a depth.
 *
 *   explore [DEPTH]     from 2, default 7; exit status 0, or an abort at the first broken promise;
 * 1 when the default depth has fewer states than the floors below
 *
 * Breadth first from a fleet that has just begun (and from one that has not; with probes also from
 * one that is well): every fact of the
 * present run and of the one before for each worker, time to the next deadline, and up to three
 * signals, in each scene that was not seen before; with one pair of workers every wish by hand as
 * well, to one step less. Each pair of workers is met once as a correct engine would tell it and
 * once hostile (explore/scene.h). From each scene the fleet is seen off as well. The same arguments
 * give the same counts.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "explore/moves.h"

enum { DEPTH = 7 };

/* Hashes of the scenes that were seen; open addressing, at most half full. 0 is an empty place. */
struct seen {
	uint64_t *hashes; /* owned */
	size_t room;	  /* a power of two */
	size_t count;
};

/* Scenes whose next moves are still to be made. */
struct frontier {
	struct scene *scenes; /* owned */
	size_t count, room;
};

static bool seen_put(struct seen *seen, uint64_t hash)
{
	size_t at = (hash ^ hash >> 32) & (seen->room - 1);

	hash += hash == 0;
	while (seen->hashes[at] != 0 && seen->hashes[at] != hash)
		at = (at + 1) & (seen->room - 1);
	if (seen->hashes[at] == hash)
		return false;
	seen->hashes[at] = hash;
	seen->count++;
	return true;
}

static void seen_grow(struct seen *seen)
{
	struct seen larger = {.room = seen->room == 0 ? 1 << 16 : 2 * seen->room};

	larger.hashes = calloc(larger.room, sizeof larger.hashes[0]);
	MUST(larger.hashes != NULL);
	for (size_t n = 0; n < seen->room; n++)
		if (seen->hashes[n] != 0)
			seen_put(&larger, seen->hashes[n]);
	free(seen->hashes);
	*seen = larger;
}

/* True when it was not there before. */
static bool seen_add(struct seen *seen, uint64_t hash)
{
	if (2 * seen->count >= seen->room)
		seen_grow(seen);
	return seen_put(seen, hash);
}

static void frontier_add(struct frontier *f, const struct scene *scene)
{
	if (f->count == f->room) {
		f->room = f->room == 0 ? 1024 : 2 * f->room;
		f->scenes = realloc(f->scenes, f->room * sizeof f->scenes[0]);
		MUST(f->scenes != NULL);
	}
	f->scenes[f->count++] = *scene;
}

/* Make every move in the scene; the new ones come into next, unless it is NULL. */
static void expand(const struct scene *scene, const struct spec *spec, struct seen *seen,
		   struct frontier *next)
{
	struct fact moves[MOVES_MAX];
	uint32_t count = moves_list(scene, moves);

	for (uint32_t n = 0; n < count; n++) {
		struct scene then = *scene;
		moves_make(&then, spec, &moves[n]);
		if (!seen_add(seen, scene_hash(&then)))
			continue;
		if (!then.quit)
			scene_see_off(&then, spec);
		if (next != NULL)
			frontier_add(next, &then);
	}
}

static bool answer_well(struct scene *s, const struct spec *spec)
{
	for (uint32_t n = 0; n < s->n_probes; n++)
		if (s->asked[n].asking) {
			scene_tell(s, spec,
				   &(struct fact){.kind = FACT_PROBED,
						  .probe = n,
						  .serial = s->asked[n].serial,
						  .result = PROBE_SUCCESS,
						  .span = NS_MS});
			return true;
		}
	return false;
}

/* All run, and whoever is asked is well, until the whole is ready. */
static void warm_up(struct scene *s, const struct spec *spec)
{
	struct status status = {0};

	for (uint32_t i = 0; i < SLOTS; i++)
		scene_tell(
			s, spec,
			&(struct fact){.kind = FACT_SPAWNED, .instance = i, .gen = 1, .pid = 77});
	while (!status.ready) {
		if (!answer_well(s, spec))
			MUST(scene_pass(s, spec));
		fleet_status(scene_fleet(s), &status);
	}
}

static size_t explore(const struct spec *spec, bool hostile, bool by_hand, int depth)
{
	struct seen seen = {0};
	struct frontier now = {0}, next = {0};
	struct scene root;

	scene_init(&root, spec, hostile, by_hand);
	seen_add(&seen, scene_hash(&root));
	frontier_add(&now, &root);
	scene_tell(&root, spec, &(struct fact){.kind = FACT_BEGIN});
	seen_add(&seen, scene_hash(&root));
	frontier_add(&now, &root);
	if (spec->n_probes > 0) {
		warm_up(&root, spec);
		seen_add(&seen, scene_hash(&root));
		frontier_add(&now, &root);
	}
	for (int d = 1; d <= depth; d++) {
		for (size_t n = 0; n < now.count; n++)
			expand(&now.scenes[n], spec, &seen, d < depth ? &next : NULL);
		struct frontier done = now;
		now = next;
		next = (struct frontier){.scenes = done.scenes, .room = done.room};
	}
	free(now.scenes);
	free(next.scenes);
	free(seen.hashes);
	return seen.count;
}

static struct worker_spec worker(const char *name, uint32_t index)
{
	static const char *argv[] = {"/bin/true", NULL};

	return (struct worker_spec){
		.name = name,
		.command = {.argv = argv, .argc = 1},
		.replicas = 1,
		.min_ready = 1,
		.first_instance = index,
		.restart_delay = 100 * NS_MS,
		.restart_delay_max = 30 * NS_S,
		.restart_reset = 600 * NS_S,
		.success_exit_codes = {1},
		.critical = true,
		.ready_timeout = 60 * NS_S,
		.stop_signal = SIGTERM,
		.stop_timeout = 10 * NS_S,
	};
}

/* One that has all there is, and a plain one; a drain with a delay. */
static void plan_patient(struct worker_spec w[SLOTS], struct spec *spec)
{
	w[0].ready_when = READY_NOTIFY;
	w[0].watchdog = 20 * NS_S;
	w[0].stop_command = w[0].command;
	spec->drain_delay = 5 * NS_S;
}

/* Two that are given up soon, the one to the end of all; no delay, and restarts at once. */
static void plan_brittle(struct worker_spec w[SLOTS], struct spec *spec)
{
	w[0].restart_limit_count = w[1].restart_limit_count = 1;
	w[0].restart_limit_within = w[1].restart_limit_within = 3600 * NS_S;
	w[0].restart_delay = 0;
	w[0].restart = RESTART_ON_FAILURE;
	w[0].on_failed = ON_FAILED_UNHEALTHY;
	w[0].ready_when = READY_NOTIFY;
	w[0].stop_to = STOP_TO_GROUP;
	w[1].on_failed = ON_FAILED_SHUTDOWN;
	w[1].stop_timeout = 60 * NS_S;
	spec->drain_delay = 0;
}

/* One that has most there is, and is given up soon; wishes by hand meet all of it. */
static void plan_handled(struct worker_spec w[SLOTS], struct spec *spec)
{
	w[0].ready_when = READY_NOTIFY;
	w[0].watchdog = 20 * NS_S;
	w[0].stop_command = w[0].command;
	w[0].restart_limit_count = 1;
	w[0].restart_limit_within = 3600 * NS_S;
	w[1].restart = RESTART_ON_FAILURE;
	spec->drain_delay = 5 * NS_S;
}

static const uint32_t first_check[] = {0};

static struct probe_spec probe(uint32_t failure_threshold)
{
	return (struct probe_spec){.driver = DRIVER_TCP,
				   .target = "127.0.0.1:1",
				   .period = 10 * NS_S,
				   .timeout = NS_S,
				   .success_threshold = 1,
				   .failure_threshold = failure_threshold};
}

/* One that is asked whether it is ready and alive, one that has to say first that it has started,
 * and a check that both go by. */
static void plan_asked(struct worker_spec w[SLOTS], struct spec *spec)
{
	static struct probe_spec readiness, liveness, patient, startup;
	static struct check_spec check;

	readiness = probe(1);
	liveness = probe(1);
	patient = probe(2);
	startup = probe(1);
	check = (struct check_spec){.name = "c", .probe = probe(1), .critical = true};
	liveness.has_termination_grace = true;
	liveness.termination_grace = 2 * NS_S;
	w[0].ready_when = w[1].ready_when = READY_PROBE;
	w[0].probes[PROBE_READINESS] = &readiness;
	w[0].probes[PROBE_LIVENESS] = &liveness;
	w[0].n_probes = 2;
	w[0].restart_delay = 0;
	w[1].probes[PROBE_STARTUP] = &startup;
	w[1].probes[PROBE_LIVENESS] = &patient;
	w[1].n_probes = 2;
	w[1].first_probe = 2;
	w[0].gates = w[1].gates = first_check;
	w[0].n_gates = w[1].n_gates = 1;
	spec->checks = &check;
	spec->n_checks = 1;
	spec->n_probes = 5;
	spec->drain_delay = 5 * NS_S;
}

static const struct plan {
	const char *name;
	void (*make)(struct worker_spec w[SLOTS], struct spec *spec);
	bool by_hand;
	int depth; /* against that of the others */
	/* True to the engine, and hostile: to DEPTH, four fifths of what was there when they were
	 * set. Fewer: moves have got lost. */
	size_t floors[2];
} plans[] = {
	{"patient", plan_patient, false, 0, {166000, 304000}},
	{"brittle", plan_brittle, false, 0, {112000, 215000}},
	{"by hand", plan_handled, true, -1, {193000, 293000}},
	{"asked", plan_asked, false, -1, {116000, 174000}},
};

/* Returns false when there are fewer states than the floor. */
static bool carry_through(const struct plan *plan, bool hostile, int depth)
{
	struct worker_spec workers[SLOTS] = {worker("a", 0), worker("b", 1)};
	struct spec spec = {.drain_timeout = 30 * NS_S,
			    .workers = workers,
			    .n_workers = SLOTS,
			    .n_instances = SLOTS};

	plan->make(workers, &spec);
	printf("%s, %s: ", plan->name, hostile ? "hostile" : "true to the engine");
	fflush(stdout);
	size_t count = explore(&spec, hostile, plan->by_hand, depth + plan->depth);
	printf("%zu distinct states to depth %d\n", count, depth + plan->depth);
	if (depth != DEPTH || count >= plan->floors[hostile])
		return true;
	printf("too few: at least %zu are wanted\n", plan->floors[hostile]);
	return false;
}

int main(int argc, char **argv)
{
	int depth = argc > 1 ? atoi(argv[1]) : DEPTH, code = 0;

	if (depth < 2) {
		fprintf(stderr, "usage: explore [DEPTH]\n");
		return 64;
	}
	for (size_t n = 0; n < sizeof plans / sizeof plans[0]; n++)
		for (int hostile = 0; hostile <= 1; hostile++)
			if (!carry_through(&plans[n], hostile != 0, depth))
				code = 1;
	return code;
}
