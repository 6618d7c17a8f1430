#include "engine/supervisor.h"

#include <errno.h>
#include <stdlib.h>

#include "base/must.h"
#include "engine/loop.h"
#include "sys/kill.h"

struct supervisor {
	struct loop loop;
	mono_ns started;
};

struct supervisor *supervisor_new(const struct supervisor_config *config, struct err *err)
{
	struct supervisor *supervisor = calloc(1, sizeof *supervisor);

	if (supervisor == NULL) {
		err_set(err, ENOMEM, "make the supervisor");
		return NULL;
	}
	supervisor->started = mono_now();
	if (loop_init(&supervisor->loop, config, err) == -1) {
		free(supervisor);
		return NULL;
	}
	return supervisor;
}

void supervisor_free(struct supervisor **supervisor)
{
	if (*supervisor == NULL)
		return;
	loop_fini(&(*supervisor)->loop);
	free(*supervisor);
	*supervisor = NULL;
}

struct ev_loop *supervisor_loop(struct supervisor *supervisor)
{
	return supervisor->loop.ev;
}

int supervisor_run(struct supervisor *supervisor)
{
	return loop_run(&supervisor->loop);
}

void supervisor_status(struct supervisor *supervisor, struct status *out)
{
	loop_catch_up(&supervisor->loop);
	fleet_status(supervisor->loop.desk.fleet, out);
}

void supervisor_worker(const struct supervisor *supervisor, uint32_t worker,
		       struct worker_status *out)
{
	fleet_worker_status(supervisor->loop.desk.fleet, worker, out);
}

void supervisor_instance(const struct supervisor *supervisor, uint32_t instance,
			 struct instance_view *out)
{
	const struct slots *slots = &supervisor->loop.slots;
	const struct worker_spec *worker = spec_worker_of(slots->spec, instance);
	const struct slot *slot = slots_get(slots, instance);

	out->ordinal = instance - worker->first_instance;
	instance_name(out->name, worker, out->ordinal);
	fleet_instance_status(supervisor->loop.desk.fleet, instance, &out->status);
	out->last_exit = &slot->last_exit;
	out->status_text = slot->status_text == NULL ? "" : slot->status_text;
	out->output = output_text(&supervisor->loop.outputs, instance);
	out->awaited = vigil_awaited(slots, instance, supervisor->loop.desk.now);
}

static void report(struct supervisor *supervisor, struct fact fact)
{
	desk_report(&supervisor->loop.desk, fact);
	carry_orders(&supervisor->loop.carry);
}

void supervisor_probe(const struct supervisor *supervisor, uint32_t probe, struct probe_view *out)
{
	const struct loop *loop = &supervisor->loop;
	const struct question *question = question_get(&loop->inquiry.questions, probe);

	fleet_probe_status(loop->desk.fleet, probe, &out->status);
	/* What an earlier run said is not this run's. */
	bool counts = out->status.last == PROBE_FAILURE ||
		      (out->status.last == PROBE_UNKNOWN && question->checked_at == 0);
	out->error = counts ? question->error : NULL;
	out->checked_at = question->checked_at;
	out->succeeded_at = question->succeeded_at;
}

void supervisor_check(const struct supervisor *supervisor, uint32_t check, struct check_status *out)
{
	fleet_check_status(supervisor->loop.desk.fleet, check, out);
}

void supervisor_prober(const struct supervisor *supervisor, uint32_t prober,
		       struct prober_view *out)
{
	probers_look(&supervisor->loop.inquiry.probers, prober, out);
}

void supervisor_probe_now(struct supervisor *supervisor, uint32_t probe)
{
	report(supervisor, (struct fact){.kind = FACT_PROBE_NOW, .probe = probe});
}

void supervisor_wish(struct supervisor *supervisor, enum fact_kind wish, uint32_t instance,
		     bool with_dependents)
{
	MUST(fact_kind_is_by_hand(wish));
	report(supervisor, (struct fact){.kind = wish,
					 .instance = instance,
					 .with_dependents = with_dependents});
}

uint32_t supervisor_dependent(const struct supervisor *supervisor, uint32_t worker)
{
	return fleet_dependent(supervisor->loop.desk.fleet, worker);
}

void supervisor_task(const struct supervisor *supervisor, uint32_t task, struct task_view *out)
{
	const struct loop *loop = &supervisor->loop;
	uint32_t instance = spec_task_instance(loop->slots.spec, task);
	const struct slot *slot = slots_get(&loop->slots, instance);

	fleet_task_status(loop->desk.fleet, task, &out->status);
	supervisor_instance(supervisor, instance, &out->instance);
	out->started_at = slot->started_at;
	out->stamp_error = stamps_error(&loop->stamps, task);
}

void supervisor_step(const struct supervisor *supervisor, uint32_t step, struct step_view *out)
{
	const struct loop *loop = &supervisor->loop;

	fleet_step_status(loop->desk.fleet, step, &out->status);
	supervisor_instance(supervisor, spec_step_start(loop->slots.spec, step), &out->start);
	supervisor_instance(supervisor, spec_step_stop(loop->slots.spec, step), &out->stop);
}

bool supervisor_signal(const struct supervisor *supervisor, uint32_t instance, int signo)
{
	struct instance_status status;

	fleet_instance_status(supervisor->loop.desk.fleet, instance, &status);
	return status.pid != 0 && kill_process(status.pid, signo) == 0;
}

void supervisor_drain(struct supervisor *supervisor)
{
	report(supervisor, (struct fact){.kind = FACT_TERMINATE});
}

const struct spec *supervisor_spec(const struct supervisor *supervisor)
{
	return supervisor->loop.slots.spec;
}

void supervisor_counts(const struct supervisor *supervisor, struct supervisor_counts *out)
{
	const struct loop *loop = &supervisor->loop;

	*out = (struct supervisor_counts){.spawns = loop->carry.spawned,
					  .spawn_failures = loop->carry.spawn_failures,
					  .reaped = loop->reaper.reaped,
					  .strangers = loop->reaper.strangers,
					  .orders_waiting = loop->carry.line_count};
}

mono_ns supervisor_started(const struct supervisor *supervisor)
{
	return supervisor->started;
}
