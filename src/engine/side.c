#include "engine/side.h"

#include <string.h>

#include "base/fd.h"
#include "base/must.h"
#include "engine/launch.h"
#include "engine/strike.h"
#include "engine/subject.h"
#include "sys/signals.h"

static const struct {
	enum pid_role role;
	enum fact_kind done;
	const char *not_started, *failed;
} kinds[SIDE_COUNT] = {
	[SIDE_STOP] = {PID_STOP, FACT_STOP_COMMAND_DONE, "stop command could not be started",
		       "stop command failed"},
	[SIDE_RELOAD] = {PID_RELOAD, FACT_RELOAD_COMMAND_DONE,
			 "reload command could not be started", "reload command failed"},
};

enum fact_kind side_done(enum side_kind kind)
{
	return kinds[kind].done;
}

static void report(struct carry *carry, uint32_t instance, uint32_t gen, enum side_kind kind)
{
	desk_report(carry->desk,
		    (struct fact){.kind = kinds[kind].done, .instance = instance, .gen = gen});
}

static void tell_not_started(struct carry *carry, uint32_t instance, enum side_kind kind, int num)
{
	struct subject subject;

	subject_of(carry->slots->spec, instance, &subject);
	LOG_EVENT(carry->log, LOG_WARNING, kinds[kind].not_started, subject.who,
		  F_STR("error", strerror(num)));
}

void side_start(struct carry *carry, uint32_t instance, uint32_t gen, enum side_kind kind)
{
	struct slot *slot = slots_get(carry->slots, instance);
	struct side *side = &slot->sides[kind];
	struct launch_request request = carry_request(carry, instance);
	struct spawn_report failure;
	struct launch launch;
	struct err err = {0};
	pid_t pid = -1;

	MUST(side->pid == 0);
	request.command =
		kind == SIDE_STOP ? &request.worker->stop_command : &request.worker->reload_command;
	request.main_pid = slot->pid;
	if (launch_make(&request, &carry->arena, &launch, &err) == -1)
		failure = (struct spawn_report){.step = SPAWN_STEP_PREPARE, .num = err.num};
	else
		pid = spawn(&launch, &side->report, &failure);
	arena_reset(&carry->arena);
	desk_wake(carry->desk);
	if (pid == -1) {
		tell_not_started(carry, instance, kind, failure.num);
		report(carry, instance, gen, kind);
		return;
	}
	strike_disown(carry->desk, carry->slots, pid);
	side->pid = pid;
	side->gen = gen;
	pids_set(&carry->slots->pids, pid, instance, kinds[kind].role);
}

static void tell_failed(struct carry *carry, uint32_t instance, enum side_kind kind,
			const struct reaped *child)
{
	const struct side *side = &slots_get(carry->slots, instance)->sides[kind];
	struct spawn_report failure = {0};
	struct subject subject;

	if (side->report != -1)
		spawn_report_read(side->report, &failure);
	if (failure.step == SPAWN_STEP_NONE && !child->signaled && child->code == 0)
		return;
	subject_of(carry->slots->spec, instance, &subject);
	LOG_EVENT(carry->log, LOG_WARNING, kinds[kind].failed, subject.who,
		  child->signaled ? F_STR("signal", signals_name(child->code))
				  : F_INT("code", child->code),
		  F_STR("error", failure.num != 0 ? strerror(failure.num) : NULL));
}

void side_ended(struct carry *carry, uint32_t instance, enum side_kind kind,
		const struct reaped *child)
{
	struct side *side = &slots_get(carry->slots, instance)->sides[kind];

	tell_failed(carry, instance, kind, child);
	fd_close(&side->report);
	pids_remove(&carry->slots->pids, side->pid);
	side->pid = 0;
	report(carry, instance, side->gen, kind);
}
