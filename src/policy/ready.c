#include "policy/ready.h"

#include "base/must.h"

static bool is_ready(const struct worker_spec *worker, const struct instance *i)
{
	return i->state == INSTANCE_READY ||
	       (worker->kind == PROGRAM_JOB && i->state == INSTANCE_COMPLETED);
}

static bool is_down(const struct worker_spec *worker, const struct instance *i)
{
	bool late = i->held || i->cause == CAUSE_READY_TIMEOUT;
	bool rises = i->state == INSTANCE_STARTING ||
		     (worker->kind == PROGRAM_JOB && i->state == INSTANCE_RUNNING);
	bool first_way_up =
		(i->state == INSTANCE_WAITING && i->gen == 0) || (rises && i->gen == 1 && !late);

	return !is_ready(worker, i) && !first_way_up;
}

static void count(struct crew *crew, const struct worker_spec *worker, const struct instance *i,
		  int by)
{
	uint32_t step = (uint32_t)by;
	bool completed = i->state == INSTANCE_COMPLETED;
	bool runs = i->main_alive && i->state != INSTANCE_STOPPING;
	bool done = worker->kind == PROGRAM_JOB && completed;

	crew->n_ready += is_ready(worker, i) ? step : 0;
	crew->n_started += runs || done ? step : 0;
	crew->n_completed += completed ? step : 0;
	crew->n_down += is_down(worker, i) ? step : 0;
	crew->n_attempted += i->attempted ? step : 0;
	crew->n_failed += i->state == INSTANCE_FAILED ? step : 0;
	crew->n_live += instance_is_live(i) ? step : 0;
	crew->n_to_stop += i->to_stop ? step : 0;
}

bool ready_crew_is_ready(const struct crew *crew, const struct worker_spec *worker)
{
	return crew->n_ready >= worker->min_ready;
}

enum health ready_crew_health(const struct crew *crew, const struct worker_spec *worker)
{
	if (crew->n_ready == worker->replicas)
		return HEALTH_HEALTHY;
	if (crew->n_down <= worker->replicas - worker->min_ready)
		return HEALTH_DEGRADED;
	return HEALTH_UNHEALTHY;
}

/* Add (by 1) or take away (by -1) what the crew contributes. */
static void tally(struct muster *m, const struct crew *crew, const struct worker_spec *worker,
		  int by)
{
	uint32_t step = (uint32_t)by;
	enum health health = ready_crew_health(crew, worker);

	m->not_healthy += health != HEALTH_HEALTHY ? step : 0;
	m->fatal += worker->on_failed == ON_FAILED_UNHEALTHY && crew->n_failed > 0 ? step : 0;
	if (!worker->critical)
		return;
	m->critical_unready += !ready_crew_is_ready(crew, worker) ? step : 0;
	m->critical_down += health == HEALTH_UNHEALTHY ? step : 0;
	m->critical_never += !crew->was_ready ? step : 0;
	m->critical_unsettled +=
		!crew->was_ready && crew->n_attempted < worker->replicas ? step : 0;
}

void ready_enlist(struct muster *muster, struct crew *crew, const struct worker_spec *worker)
{
	*crew = (struct crew){0};
	crew->was_ready = ready_crew_is_ready(crew, worker);
	tally(muster, crew, worker, 1);
}

void ready_update(struct muster *muster, struct crew *crew, const struct worker_spec *worker,
		  const struct instance *before, const struct instance *after)
{
	tally(muster, crew, worker, -1);
	count(crew, worker, before, -1);
	count(crew, worker, after, 1);
	crew->was_ready = crew->was_ready || ready_crew_is_ready(crew, worker);
	tally(muster, crew, worker, 1);
}

static void tally_check(struct muster *m, const struct check_spec *spec, const struct check *check,
			int by)
{
	uint32_t step = (uint32_t)by;

	m->not_healthy += check->health != HEALTH_HEALTHY ? step : 0;
	m->critical_unready += spec->critical && !check->ready ? step : 0;
	m->critical_down += spec->critical && check->health == HEALTH_UNHEALTHY ? step : 0;
}

void ready_enlist_check(struct muster *muster, const struct check_spec *spec,
			const struct check *check)
{
	tally_check(muster, spec, check, 1);
}

void ready_update_check(struct muster *muster, const struct check_spec *spec,
			const struct check *before, const struct check *after)
{
	tally_check(muster, spec, before, -1);
	tally_check(muster, spec, after, 1);
}

static void tally_task(struct muster *m, const struct worker_spec *program, bool failed, int by)
{
	uint32_t step = failed ? (uint32_t)by : 0;

	m->not_healthy += step;
	m->critical_down += program->critical ? step : 0;
}

void ready_update_task(struct muster *muster, const struct worker_spec *program, bool was_failed,
		       bool failed)
{
	tally_task(muster, program, was_failed, -1);
	tally_task(muster, program, failed, 1);
}

enum health ready_health(const struct muster *muster)
{
	if (muster->critical_down > 0)
		return HEALTH_UNHEALTHY;
	return muster->not_healthy > 0 ? HEALTH_DEGRADED : HEALTH_HEALTHY;
}

void ready_check(const struct crew *crew, const struct worker_spec *worker,
		 const struct instance *instances)
{
	struct crew sum = {0};

	for (uint32_t i = 0; i < worker->replicas; i++)
		count(&sum, worker, &instances[i], 1);
	MUST(sum.n_ready == crew->n_ready);
	MUST(sum.n_down == crew->n_down);
	MUST(sum.n_attempted == crew->n_attempted);
	MUST(sum.n_failed == crew->n_failed);
	MUST(sum.n_started == crew->n_started);
	MUST(sum.n_completed == crew->n_completed);
	MUST(sum.n_live == crew->n_live);
	MUST(sum.n_to_stop == crew->n_to_stop);
	MUST(crew->n_ready + crew->n_down <= worker->replicas);
	MUST(crew->was_ready || !ready_crew_is_ready(crew, worker));
}

void ready_check_muster(const struct muster *muster, const struct spec *spec,
			const struct crew *crews, const struct check *checks,
			const struct task *tasks)
{
	struct muster sum = {0};

	for (uint32_t w = 0; w < spec->n_workers; w++)
		tally(&sum, &crews[w], &spec->workers[w], 1);
	for (uint32_t c = 0; c < spec->n_checks; c++)
		tally_check(&sum, &spec->checks[c], &checks[c], 1);
	for (uint32_t n = 0; n < spec->n_tasks; n++)
		tally_task(&sum, spec_worker_of(spec, spec_task_instance(spec, n)), tasks[n].failed,
			   1);
	MUST(sum.critical_unready == muster->critical_unready);
	MUST(sum.critical_never == muster->critical_never);
	MUST(sum.critical_unsettled == muster->critical_unsettled);
	MUST(sum.critical_down == muster->critical_down);
	MUST(sum.not_healthy == muster->not_healthy);
	MUST(sum.fatal == muster->fatal);
}
