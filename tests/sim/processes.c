#include "sim/processes.h"

#include <signal.h>

void processes_init(struct processes *p)
{
	*p = (struct processes){.ready_at = FOR_EVER,
				.exit_at = FOR_EVER,
				.rest_at = FOR_EVER,
				.command_at = FOR_EVER,
				.reload_at = FOR_EVER};
}

void processes_happen(struct processes *p, const struct fact *fact)
{
	if (!fact_kind_is_run(fact->kind) || fact->gen != p->gen)
		return;
	if (fact->kind == FACT_SPAWNED || fact->kind == FACT_SPAWN_FAILED)
		p->spawning = false;
	if (fact->kind == FACT_SPAWNED) {
		p->main = true;
	} else if (fact->kind == FACT_EXITED) {
		p->main = false;
		p->rest = !fact->empty;
		p->ready_at = p->exit_at = FOR_EVER;
	} else if (fact->kind == FACT_EMPTY) {
		p->rest = false;
		p->rest_at = FOR_EVER;
	} else if (fact->kind == FACT_STOP_COMMAND_DONE) {
		p->command = false;
		p->command_at = FOR_EVER;
	} else if (fact->kind == FACT_RELOAD_COMMAND_DONE) {
		p->reload = false;
		p->reload_at = FOR_EVER;
	}
}

bool processes_are_live(const struct processes *p)
{
	return p->spawning || p->main || p->rest || p->command || p->reload;
}

void processes_begin(struct processes *p, const struct habit *habit, mono_ns now)
{
	p->ready_at = mono_add(now, habit->ready_in);
	p->exit_at = mono_add(now, habit->runs);
	p->code = habit->code;
	p->signaled = habit->signaled;
}

void processes_die_of(struct processes *p, mono_ns at, int signo)
{
	if (p->exit_at <= at)
		return;
	p->exit_at = at;
	p->code = signo;
	p->signaled = true;
}

void processes_kill(struct processes *p, const struct habit *habit, mono_ns now)
{
	if (habit->unkillable)
		return;
	if (p->main)
		processes_die_of(p, now, SIGKILL);
	p->rest_at = now;
	p->command_at = p->command ? now : FOR_EVER;
	p->reload_at = p->reload ? now : FOR_EVER;
}

mono_ns processes_moment(const struct processes *p)
{
	mono_ns rest_at = p->rest && !p->main ? p->rest_at : FOR_EVER;

	return mono_min(mono_min(p->ready_at, p->exit_at),
			mono_min(rest_at, mono_min(p->command_at, p->reload_at)));
}
