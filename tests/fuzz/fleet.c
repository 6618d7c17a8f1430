/*
 * fleet - bytes as a configuration and what then happens, told to the policy: after each step it is
 * whole, no deadline is passed over, it can be seen off in time from where it ends, and the same
 * bytes give the same fleet.
 *
 * A scene of tests/explore with more instances. The first byte chooses its manner, then come some
 * bytes for each worker and for the drain, and in some manners for probes and checks; behind them
 * each fact takes one or two.
 */
#include <signal.h>

#include "explore/moves.h"
#include "fuzz/fuzz.h"

enum { WORKERS_MAX = 3, CHECKS_MAX = 2, FACTS_MAX = 400, DUE_MAX = 50 };

/* In the first byte. */
enum { HOSTILE = 1, BY_HAND = 2, PROBED = 4, MANNERS = 8 };

/* What the bytes say first. */
struct plan {
	struct spec spec;
	struct worker_spec workers[WORKERS_MAX];
	struct probe_spec probes[WORKERS_MAX][PROBE_ROLE_COUNT];
	struct check_spec checks[CHECKS_MAX];
	uint32_t gates[CHECKS_MAX];
};

static const span_ns spans[] = {0,	   NS_MS,      50 * NS_MS,  500 * NS_MS,
				NS_S,	   5 * NS_S,   10 * NS_S,   30 * NS_S,
				60 * NS_S, 600 * NS_S, 3600 * NS_S, 86400 * NS_S};

static span_ns take_span(struct bytes *bytes)
{
	return spans[bytes_below(bytes, sizeof spans / sizeof spans[0])];
}

static struct worker_spec take_worker(struct bytes *bytes, const char *name)
{
	static const char *argv[] = {"/bin/true", NULL};
	uint8_t ways = bytes_take(bytes), more = bytes_take(bytes);
	struct command command = {.argv = argv, .argc = 1};

	return (struct worker_spec){
		.name = name,
		.command = command,
		.stop_command = (more & 1) ? command : (struct command){0},
		.stop_to = (more & 2) ? STOP_TO_GROUP : STOP_TO_MAIN,
		.critical = (more & 4) == 0,
		.restart = (enum restart_mode)(ways % 3),
		.on_failed = (enum on_failed)(ways / 3 % 3),
		.ready_when = (enum ready_when)(ways / 9 % 3),
		.ready_fd = 3,
		.restart_delay = take_span(bytes),
		.restart_delay_max = take_span(bytes),
		.restart_reset = take_span(bytes),
		.restart_limit_count = bytes_below(bytes, 4),
		.restart_limit_within = mono_max(take_span(bytes), NS_S),
		.success_exit_codes = {1},
		.ready_timeout = take_span(bytes),
		.watchdog = (more & 8) ? take_span(bytes) : 0,
		.stop_signal = (more & 16) ? SIGINT : SIGTERM,
		.stop_timeout = take_span(bytes),
	};
}

static void take_spec(struct bytes *bytes, struct worker_spec workers[WORKERS_MAX],
		      struct spec *out)
{
	static const char *const names[WORKERS_MAX] = {"a", "b", "c"};
	uint32_t count = 1 + bytes_below(bytes, WORKERS_MAX), left = SLOTS;

	*out = (struct spec){.workers = workers, .n_workers = count, .n_instances = SLOTS};
	for (uint32_t i = 0; i < count; i++) {
		struct worker_spec *worker = &workers[i];
		*worker = take_worker(bytes, names[i]);
		worker->first_instance = SLOTS - left;
		worker->replicas = i == count - 1 ? left : bytes_below(bytes, left + 1);
		worker->min_ready = bytes_below(bytes, worker->replicas + 1);
		left -= worker->replicas;
	}
	out->drain_delay = take_span(bytes);
	/* Who does not end is killed again each second: a day of that takes too long. */
	out->drain_timeout = NS_S + mono_min(take_span(bytes), 30 * NS_S);
}

static struct probe_spec take_probe(struct bytes *bytes)
{
	uint8_t ways = bytes_take(bytes);

	return (struct probe_spec){
		.driver = DRIVER_TCP,
		.target = "127.0.0.1:1",
		.success_threshold = 1 + (ways & 1),
		.failure_threshold = 1 + (ways >> 1 & 3),
		.has_termination_grace = (ways & 8) != 0,
		.termination_grace = (ways & 16) ? 0 : 20 * NS_S,
		.initial_delay = (ways & 32) ? take_span(bytes) : 0,
		.period = mono_max(take_span(bytes), 50 * NS_MS),
		.timeout = mono_max(take_span(bytes), NS_MS),
	};
}

/* A worker's probes, and the checks that it goes by. */
static void take_probes(struct bytes *bytes, struct plan *plan, struct worker_spec *worker)
{
	struct probe_spec *probes = plan->probes[worker - plan->workers];
	uint8_t which = bytes_take(bytes);

	worker->first_probe = plan->spec.n_probes;
	worker->gates = plan->gates;
	worker->n_gates = (which >> 3) % (CHECKS_MAX + 1);
	worker->has_ready_timeout = (which & 128) != 0;
	if (which & 64)
		worker->ready_when = READY_PROBE;
	for (int role = 0; role < PROBE_ROLE_COUNT; role++) {
		if ((which >> role & 1) == 0)
			continue;
		probes[role] = take_probe(bytes);
		worker->probes[role] = &probes[role];
		worker->n_probes++;
	}
	plan->spec.n_probes += worker->n_probes * worker->replicas;
}

static void take_checks(struct bytes *bytes, struct plan *plan)
{
	static const char *const names[CHECKS_MAX] = {"x", "y"};

	for (uint32_t c = 0; c < CHECKS_MAX; c++) {
		plan->gates[c] = c;
		plan->checks[c] = (struct check_spec){.name = names[c],
						      .probe = take_probe(bytes),
						      .critical = bytes_below(bytes, 2) == 0,
						      .degraded_above = c == 0 ? 0 : NS_US};
	}
	plan->spec.checks = plan->checks;
	plan->spec.n_checks = CHECKS_MAX;
	for (uint32_t w = 0; w < plan->spec.n_workers; w++)
		take_probes(bytes, plan, &plan->workers[w]);
	plan->spec.n_probes += CHECKS_MAX;
}

/* Time goes on by a span; whatever is due meanwhile is acted on when it is. Not all of a day in
 * which somebody fails each millisecond. */
static void go_on(struct scene *s, const struct spec *spec, span_ns span)
{
	mono_ns end = s->now + span;

	for (int n = 0; fleet_deadline(scene_fleet(s)) <= end; n++)
		if (n == DUE_MAX || !scene_pass(s, spec))
			return;
	s->now = end;
}

/* One of the moves there are, with a code or a length of its own. */
static void move(struct scene *s, const struct spec *spec, struct bytes *bytes)
{
	struct fact moves[MOVES_MAX];
	struct fact *chosen = &moves[bytes_below(bytes, moves_list(s, spec, moves))];

	if (chosen->kind == FACT_EXTEND)
		chosen->span = take_span(bytes);
	else if (chosen->kind == FACT_EXITED && !chosen->signaled)
		chosen->code = bytes_take(bytes);
	moves_make(s, spec, chosen);
}

/* The scene at the end of the bytes. */
static void play(struct bytes bytes, struct scene *s, struct plan *plan)
{
	uint32_t manner = bytes_below(&bytes, MANNERS);
	const struct spec *spec = &plan->spec;

	take_spec(&bytes, plan->workers, &plan->spec);
	if (manner & PROBED)
		take_checks(&bytes, plan);
	scene_init(s, spec, manner & HOSTILE, manner & BY_HAND);
	for (int n = 0; n < FACTS_MAX && bytes.at < bytes.end && !s->quit; n++) {
		uint8_t what = bytes_take(&bytes);
		if (what % 4 == 0)
			go_on(s, spec, take_span(&bytes));
		else if (what == 1)
			scene_tell(s, spec, &(struct fact){.kind = FACT_BEGIN});
		else
			move(s, spec, &bytes);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = {data, data + size};
	struct scene first, second;
	struct plan plan;

	play(bytes, &first, &plan);
	play(bytes, &second, &plan);
	MUST(scene_hash(&first) == scene_hash(&second));
	if (!first.quit)
		scene_see_off(&first, &plan.spec);
	return 0;
}
