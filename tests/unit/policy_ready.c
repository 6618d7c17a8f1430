/* Who is ready: instances, workers and the whole, by the sums that are kept. */
#include "policy/ready.h"

#include "policy_kit.h"

enum { CREW_MAX = 6 };

/*
 * An instance in a letter. w waiting, s starting first, t starting again, r ready, n running, x
 * stopping, b backoff, c completed, d stopped, f failed. All but w and s have had their first
 * attempt.
 */
static struct instance instance_of(char letter)
{
	static const char letters[] = "wsrntxbcdf";
	static const enum instance_state states[] = {
		INSTANCE_WAITING,  INSTANCE_STARTING, INSTANCE_READY,	INSTANCE_RUNNING,
		INSTANCE_STARTING, INSTANCE_STOPPING, INSTANCE_BACKOFF, INSTANCE_COMPLETED,
		INSTANCE_STOPPED,  INSTANCE_FAILED,
	};
	const char *place = strchr(letters, letter);

	ck_assert_ptr_nonnull(place);
	return (struct instance){.state = states[place - letters],
				 .gen = letter == 'w'	? 0
					: letter == 't' ? 2
							: 1,
				 .attempted = letter != 'w' && letter != 's'};
}

/* A crew brought from all waiting to these instances, one change after the other. */
static void muster_to(struct muster *muster, struct crew *crew, const struct worker_spec *w,
		      const char *letters)
{
	struct instance instances[CREW_MAX] = {0};

	ready_enlist(muster, crew, w);
	for (uint32_t i = 0; i < w->replicas; i++) {
		struct instance before = instances[i];
		instances[i] = instance_of(letters[i]);
		ready_update(muster, crew, w, &before, &instances[i]);
		ready_check(crew, w, instances);
	}
}

static const struct {
	const char *name;
	const char *letters;
	uint32_t min_ready;
	bool ready;
	const char *health;
} crews[] = {
	{"no replicas need none", "", 0, true, "healthy"},
	{"one that waits", "w", 1, false, "degraded"},
	{"one that starts for the first time", "s", 1, false, "degraded"},
	{"one ready", "r", 1, true, "healthy"},
	{"one that starts again", "t", 1, false, "unhealthy"},
	{"running is not ready", "n", 1, false, "unhealthy"},
	{"stopping", "x", 1, false, "unhealthy"},
	{"backoff", "b", 1, false, "unhealthy"},
	{"completed", "c", 1, false, "unhealthy"},
	{"stopped", "d", 1, false, "unhealthy"},
	{"failed", "f", 1, false, "unhealthy"},
	{"all four ready", "rrrr", 3, true, "healthy"},
	{"three of four suffice", "rrrb", 3, true, "degraded"},
	{"and the fourth may start", "rrrs", 3, true, "degraded"},
	{"two of four do not", "rrbb", 3, false, "unhealthy"},
	{"two and one to come could", "rrsb", 3, false, "degraded"},
	{"one down, three to come could", "ssst", 3, false, "degraded"},
	{"two down and two to come cannot", "ssbb", 3, false, "unhealthy"},
	{"none needed, none there", "bb", 0, true, "degraded"},
};

START_TEST(crew_as_a_component)
{
	struct worker_spec w = kit_worker("w");
	struct muster muster = {0};
	struct crew crew;

	w.replicas = (uint32_t)strlen(crews[_i].letters);
	w.min_ready = crews[_i].min_ready;
	muster_to(&muster, &crew, &w, crews[_i].letters);
	ck_assert_msg(ready_crew_is_ready(&crew, &w) == crews[_i].ready, "%s", crews[_i].name);
	ck_assert_msg(strcmp(health_name(ready_crew_health(&crew, &w)), crews[_i].health) == 0,
		      "%s: %s", crews[_i].name, health_name(ready_crew_health(&crew, &w)));
	ck_assert_uint_eq(muster.critical_unready, !crews[_i].ready);
	ck_assert_uint_eq(muster.critical_down, strcmp(crews[_i].health, "unhealthy") == 0);
	ck_assert_uint_eq(muster.not_healthy, strcmp(crews[_i].health, "healthy") != 0);
}
END_TEST

/* Two workers of one instance each; the second may be not critical, or fatal when it has failed. */
static const struct {
	const char *name, *first, *second;
	bool critical, fatal;
	const char *health;
	uint32_t unready, never, unsettled, deadly;
} wholes[] = {
	{"both ready", "r", "r", true, false, "healthy", 0, 0, 0, 0},
	{"both wait", "w", "w", true, false, "degraded", 2, 2, 2, 0},
	{"one starts", "r", "s", true, false, "degraded", 1, 1, 1, 0},
	{"one is down", "r", "b", true, false, "unhealthy", 1, 1, 0, 0},
	{"one is down but not critical", "r", "b", false, false, "degraded", 0, 0, 0, 0},
	{"one waits but is not critical", "r", "w", false, false, "degraded", 0, 0, 0, 0},
	{"one has failed", "r", "f", true, false, "unhealthy", 1, 1, 0, 0},
	{"one has failed and that is fatal", "r", "f", true, true, "unhealthy", 1, 1, 0, 1},
	{"not critical but fatal", "r", "f", false, true, "degraded", 0, 0, 0, 1},
	{"fatal but only in backoff", "r", "b", true, true, "unhealthy", 1, 1, 0, 0},
};

START_TEST(the_whole)
{
	struct worker_spec a = kit_worker("a"), b = kit_worker("b");
	struct muster muster = {0};
	struct crew crew_a, crew_b;

	b.critical = wholes[_i].critical;
	b.on_failed = wholes[_i].fatal ? ON_FAILED_UNHEALTHY : ON_FAILED_DEGRADE;
	muster_to(&muster, &crew_a, &a, wholes[_i].first);
	muster_to(&muster, &crew_b, &b, wholes[_i].second);
	ck_assert_str_eq(health_name(ready_health(&muster)), wholes[_i].health);
	ck_assert_msg(muster.critical_unready == wholes[_i].unready, "%s", wholes[_i].name);
	ck_assert_msg(muster.critical_never == wholes[_i].never, "%s", wholes[_i].name);
	ck_assert_msg(muster.critical_unsettled == wholes[_i].unsettled, "%s", wholes[_i].name);
	ck_assert_msg(muster.fatal == wholes[_i].deadly, "%s", wholes[_i].name);
}
END_TEST

START_TEST(was_ready_is_latched)
{
	struct worker_spec w = kit_worker("w");
	struct instance up = instance_of('r'), down = instance_of('b');
	struct muster muster = {0};
	struct crew crew;

	muster_to(&muster, &crew, &w, "r");
	ready_update(&muster, &crew, &w, &up, &down);
	ready_check(&crew, &w, &down);
	ck_assert(crew.was_ready);
	ck_assert_uint_eq(muster.critical_never, 0);
	ck_assert_uint_eq(muster.critical_unready, 1);
}
END_TEST

/* Settled means: ready once, or every instance has had its first attempt. */
START_TEST(settled_by_readiness_or_by_attempts)
{
	struct worker_spec w = kit_worker("w");
	struct muster muster = {0};
	struct crew crew;

	w.replicas = 3;
	w.min_ready = 2;
	muster_to(&muster, &crew, &w, "rbs");
	ck_assert_uint_eq(muster.critical_unsettled, 1);
	muster = (struct muster){0};
	muster_to(&muster, &crew, &w, "rrs");
	ck_assert_uint_eq(muster.critical_unsettled, 0);
	muster = (struct muster){0};
	muster_to(&muster, &crew, &w, "rbb");
	ck_assert_uint_eq(muster.critical_unsettled, 0);
	ck_assert_uint_eq(muster.critical_never, 1);
}
END_TEST

/* Late for the first time: not ready in time and going on, or held for a check. */
START_TEST(late_is_down)
{
	struct worker_spec w = kit_worker("w");
	struct muster muster = {0};
	struct crew crew;
	struct instance before = {0}, after = instance_of('s');

	after.held = _i == 1;
	after.cause = _i == 0 ? CAUSE_READY_TIMEOUT : CAUSE_STARTUP;
	ready_enlist(&muster, &crew, &w);
	ready_update(&muster, &crew, &w, &before, &after);
	ck_assert_int_eq(ready_crew_health(&crew, &w), _i < 2 ? HEALTH_UNHEALTHY : HEALTH_DEGRADED);
}
END_TEST

/* A check among the sums: critical or not, ready or not. */
static const struct {
	bool critical;
	enum health health;
	bool ready;
	uint32_t unready, down, not_healthy;
} checks[] = {
	{true, HEALTH_HEALTHY, true, 0, 0, 0},	  {true, HEALTH_DEGRADED, true, 0, 0, 1},
	{true, HEALTH_DEGRADED, false, 1, 0, 1},  {true, HEALTH_UNHEALTHY, false, 1, 1, 1},
	{false, HEALTH_DEGRADED, false, 0, 0, 1}, {false, HEALTH_UNHEALTHY, false, 0, 0, 1},
};

START_TEST(check_among_the_sums)
{
	struct check_spec check = {.name = "db", .critical = checks[_i].critical};
	struct spec spec = {.checks = &check, .n_checks = 1};
	struct check fresh, now;
	struct muster muster = {0};

	check_init(&fresh);
	now = fresh;
	now.health = checks[_i].health;
	now.ready = checks[_i].ready;
	ready_enlist_check(&muster, &check, &fresh);
	ck_assert_uint_eq(muster.critical_unready, check.critical);
	ready_update_check(&muster, &check, &fresh, &now);
	ck_assert_uint_eq(muster.critical_unready, checks[_i].unready);
	ck_assert_uint_eq(muster.critical_down, checks[_i].down);
	ck_assert_uint_eq(muster.not_healthy, checks[_i].not_healthy);
	ready_check_muster(&muster, &spec, NULL, &now, NULL);
}
END_TEST

START_TEST(wrong_muster_aborts)
{
	struct check_spec check = {.name = "db", .critical = true};
	struct spec spec = {.checks = &check, .n_checks = 1};
	struct muster muster = {0};
	struct check fresh;

	check_init(&fresh);
	ready_check_muster(&muster, &spec, NULL, &fresh, NULL);
}
END_TEST

START_TEST(wrong_count_aborts)
{
	struct worker_spec w = kit_worker("w");
	struct instance other = instance_of('b');
	struct muster muster = {0};
	struct crew crew;

	muster_to(&muster, &crew, &w, "r");
	ready_check(&crew, &w, &other);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("ready");

	tcase_add_loop_test(tests, crew_as_a_component, 0, sizeof crews / sizeof crews[0]);
	tcase_add_loop_test(tests, the_whole, 0, sizeof wholes / sizeof wholes[0]);
	tcase_add_test(tests, was_ready_is_latched);
	tcase_add_test(tests, settled_by_readiness_or_by_attempts);
	tcase_add_loop_test(tests, late_is_down, 0, 3);
	tcase_add_loop_test(tests, check_among_the_sums, 0, sizeof checks / sizeof checks[0]);
	tcase_add_test_raise_signal(tests, wrong_count_aborts, SIGABRT);
	tcase_add_test_raise_signal(tests, wrong_muster_aborts, SIGABRT);
	return kit_run("policy/ready", tests);
}
