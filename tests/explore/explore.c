/*
 * explore - every order of facts over a few workers, steps, tasks and a drain, to a depth.
 *
 *   explore [DEPTH [PLAN]]    from 3, default 7; exit status 0, or an abort at the first broken
 *                     promise; 1 when the default depth has fewer states than the plans' floors
 *
 * Breadth first from a fleet that has just begun, from one that has not, and in some plans from one
 * that is well: every fact of the present run and of the one before for each instance, time to the
 * next deadline, and up to three signals, in each scene that was not seen before; in some plans
 * every wish by hand as well. Each plan (explore/plan.h) is met once as a correct engine would tell
 * it and once hostile (explore/scene.h). From each scene the fleet is seen off as well. The same
 * arguments give the same counts.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "explore/moves.h"
#include "explore/plan.h"

enum { DEPTH = 7 };

/* Hashes of the scenes that were seen; open addressing, at most half full. 0 is an empty place. */
struct seen {
	uint64_t *hashes; /* owned */
	size_t room;	  /* a power of two */
	size_t count;
};

/* Scenes whose next moves are still to be made. */
struct frontier {
	unsigned char *scenes; /* owned; each of size bytes */
	size_t size, count, room;
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
		f->scenes = realloc(f->scenes, f->room * f->size);
		MUST(f->scenes != NULL);
	}
	memcpy(f->scenes + f->count++ * f->size, scene, f->size);
}

/* Make every move in the scene; the new ones come into next, unless it is NULL. */
static void expand(const struct scene *scene, const struct spec *spec, struct seen *seen,
		   struct frontier *next)
{
	struct fact moves[MOVES_MAX];
	uint32_t count = moves_list(scene, spec, moves);

	for (uint32_t n = 0; n < count; n++) {
		struct scene then;
		memcpy(&then, scene, scene_size(spec));
		moves_make(&then, spec, &moves[n]);
		if (!seen_add(seen, scene_hash(&then)))
			continue;
		if (!then.quit)
			scene_see_off(&then, spec);
		/* Behind the end nothing happens any more: one step there is enough. */
		if (next != NULL && !scene->quit)
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

/* One that is being started runs, a oneshot ends well, a service says that it is ready. */
static bool rise(struct scene *s, const struct spec *spec, uint32_t i)
{
	const struct slot *slot = &s->slots[i];
	const struct worker_spec *program = spec_worker_of(spec, i);
	struct fact fact = {.instance = i, .gen = slot->gen, .pid = 77, .empty = true};

	if (slot->spawning)
		fact.kind = FACT_SPAWNED;
	else if (slot->main && worker_spec_is_oneshot(program))
		fact.kind = FACT_EXITED;
	else if (slot->main && slot->state == INSTANCE_STARTING &&
		 program->ready_when == READY_NOTIFY)
		fact.kind = FACT_READY;
	else
		return false;
	scene_tell(s, spec, &fact);
	return true;
}

/* All come up, and whoever is asked is well, until the whole is ready. */
static void warm_up(struct scene *s, const struct spec *spec)
{
	struct status status = {0};

	while (!status.ready) {
		bool moved = answer_well(s, spec);
		for (uint32_t i = 0; i < s->n_slots && !moved; i++)
			moved = rise(s, spec, i);
		if (!moved)
			MUST(scene_pass(s, spec));
		fleet_status(scene_fleet(s), &status);
	}
}

/* From before the beginning, from there, and from where all is well. */
static void set_out(struct seen *seen, struct frontier *first, const struct plan *plan,
		    bool hostile)
{
	struct scene root;

	scene_init(&root, &plan->spec, hostile, plan->by_hand);
	root.terse = plan->terse;
	seen_add(seen, scene_hash(&root));
	frontier_add(first, &root);
	scene_tell(&root, &plan->spec, &(struct fact){.kind = FACT_BEGIN});
	seen_add(seen, scene_hash(&root));
	frontier_add(first, &root);
	if (!plan->warm)
		return;
	warm_up(&root, &plan->spec);
	seen_add(seen, scene_hash(&root));
	frontier_add(first, &root);
}

static size_t explore(const struct plan *plan, bool hostile, int depth)
{
	struct frontier now = {.size = scene_size(&plan->spec)}, next = {.size = now.size};
	struct seen seen = {0};

	set_out(&seen, &now, plan, hostile);
	for (int d = 1; d <= depth; d++) {
		for (size_t n = 0; n < now.count; n++)
			expand((const struct scene *)(void *)(now.scenes + n * now.size),
			       &plan->spec, &seen, d < depth ? &next : NULL);
		struct frontier done = now;
		now = next;
		next = (struct frontier){
			.scenes = done.scenes, .size = done.size, .room = done.room};
	}
	free(now.scenes);
	free(next.scenes);
	free(seen.hashes);
	return seen.count;
}

/* Returns false when there are fewer states than the floor. */
static bool carry_through(const struct plan *plan, bool hostile, int depth)
{
	printf("%s, %s: ", plan->name, hostile ? "hostile" : "true to the engine");
	fflush(stdout);
	size_t count = explore(plan, hostile, depth + plan->deeper[hostile]);
	printf("%zu distinct states to depth %d\n", count, depth + plan->deeper[hostile]);
	if (depth != DEPTH || count >= plan->floors[hostile])
		return true;
	printf("too few: at least %zu are wanted\n", plan->floors[hostile]);
	return false;
}

/* A promise was broken: say how it came to that. */
static void on_abort(int signo)
{
	(void)signo;
	scene_print_trail();
}

int main(int argc, char **argv)
{
	int depth = argc > 1 ? atoi(argv[1]) : DEPTH, code = 0;
	struct plan plan;

	if (depth < 3) {
		fprintf(stderr, "usage: explore [DEPTH [PLAN]]\n");
		return 64;
	}
	signal(SIGABRT, on_abort);
	for (uint32_t n = 0; plan_make(n, &plan); n++)
		for (int hostile = 0; hostile <= 1; hostile++)
			if ((argc < 3 || strcmp(argv[2], plan.name) == 0) &&
			    !carry_through(&plan, hostile != 0, depth))
				code = 1;
	return code;
}
