#include "engine/loop.h"

#include <errno.h>

#include "base/fd.h"
#include "engine/reserve.h"
#include "engine/sweep.h"
#include "sys/tick.h"

static void report(struct loop *loop, enum fact_kind kind)
{
	desk_report(&loop->desk, (struct fact){.kind = kind});
	carry_orders(&loop->carry);
}

static void reap(struct loop *loop)
{
	if (!loop->heed.children_ended)
		return;
	/* Cleared first: whoever ends from here on is found now, or announced again. */
	loop->heed.children_ended = false;
	loop->heed.children_ended = reaper_run(&loop->reaper);
}

void loop_catch_up(struct loop *loop)
{
	desk_wake(&loop->desk);
	heed_signals(&loop->heed);
	reap(loop);
}

static void on_woken(struct ev_loop *ev, ev_check *check, int events)
{
	struct loop *loop = check->data;

	(void)ev;
	(void)events;
	desk_wake(&loop->desk);
}

static void on_tick(struct ev_loop *ev, ev_io *io, int events)
{
	struct loop *loop = io->data;

	(void)ev;
	(void)events;
	tick_clear(loop->tick_fd);
	loop->tick_at = MONO_NEVER;
}

/* An ev_idle that does nothing but keep the loop from sleeping. */
static void on_not_done(struct ev_loop *ev, ev_idle *idle, int events)
{
	(void)ev;
	(void)idle;
	(void)events;
}

static mono_ns next_deadline(const struct loop *loop)
{
	mono_ns ours = mono_min(loop->turn_at, fleet_deadline(loop->desk.fleet));

	ours = mono_min(ours, mono_min(loop->outputs.deadline, loop->vigil.deadline));
	ours = mono_min(ours, loop->carry.again_at);
	return mono_min(ours, mono_min(loop->teller.deadline, inquiry_deadline(&loop->inquiry)));
}

static void pass_time(struct loop *loop)
{
	if (fleet_deadline(loop->desk.fleet) <= loop->desk.now)
		report(loop, FACT_TIME);
	carry_time(&loop->carry);
	inquiry_time(&loop->inquiry);
	/* Of what could not be asked, nobody else would hear before the next wake-up. */
	carry_orders(&loop->carry);
	output_time(&loop->outputs);
	teller_time(&loop->teller, loop->desk.now);
	vigil_time(&loop->vigil);
}

static void set_alarm(struct loop *loop)
{
	mono_ns at = next_deadline(loop);

	if (at == loop->tick_at)
		return;
	tick_set(loop->tick_fd, at);
	loop->tick_at = at;
}

static void end_turn(struct loop *loop)
{
	struct turn turn = {.now = loop->desk.now, .facts = loop->desk.facts};

	fleet_status(loop->desk.fleet, &turn.status);
	vigil_turn(&loop->vigil, &turn.status);
	loop->turn_at = loop->config.turn(loop->config.data, &turn);
}

static bool is_work_left(const struct loop *loop)
{
	return loop->heed.children_ended || carry_has_line(&loop->carry) ||
	       inquiry_has_line(&loop->inquiry) || next_deadline(loop) <= loop->desk.now;
}

/* News first, deadlines after it, so that what has come in time is not punished for our being late.
 */
static void on_before_sleep(struct ev_loop *ev, ev_prepare *prepare, int events)
{
	struct loop *loop = prepare->data;

	(void)events;
	carry_orders(&loop->carry);
	reap(loop);
	pass_time(loop);
	carry_line(&loop->carry);
	inquiry_line(&loop->inquiry);
	end_turn(loop);
	outbox_flush(&loop->outbox);
	if (loop->carry.quit)
		ev_break(ev, EVBREAK_ALL);
	if (is_work_left(loop) || loop->carry.quit) {
		ev_idle_start(ev, &loop->not_done);
	} else {
		ev_idle_stop(ev, &loop->not_done);
		set_alarm(loop);
	}
}

static void start_watchers(struct loop *loop)
{
	ev_check_init(&loop->woken, on_woken);
	ev_set_priority(&loop->woken, EV_MAXPRI);
	ev_prepare_init(&loop->before_sleep, on_before_sleep);
	ev_idle_init(&loop->not_done, on_not_done);
	ev_io_init(&loop->tick_io, on_tick, loop->tick_fd, EV_READ);
	outbox_init(&loop->outbox, loop->config.log, loop->ev);
	loop->woken.data = loop->before_sleep.data = loop;
	loop->tick_io.data = loop;
	ev_check_start(loop->ev, &loop->woken);
	ev_prepare_start(loop->ev, &loop->before_sleep);
	heed_start(&loop->heed, loop->ev);
	ev_io_start(loop->ev, &loop->tick_io);
}

static void stop_watchers(struct loop *loop)
{
	ev_check_stop(loop->ev, &loop->woken);
	ev_prepare_stop(loop->ev, &loop->before_sleep);
	ev_idle_stop(loop->ev, &loop->not_done);
	heed_stop(&loop->heed, loop->ev);
	ev_io_stop(loop->ev, &loop->tick_io);
	outbox_fini(&loop->outbox);
}

/* Who knows whom. */
static void wire(struct loop *loop)
{
	loop->inbox = (struct inbox){.loop = loop->ev,
				     .desk = &loop->desk,
				     .slots = &loop->slots,
				     .log = loop->config.log};
	loop->outputs = (struct outputs){.loop = loop->ev,
					 .spec = loop->config.spec,
					 .desk = &loop->desk,
					 .log = loop->config.log,
					 .outbox = &loop->outbox,
					 .deadline = MONO_NEVER};
	loop->carry = (struct carry){.loop = loop->ev,
				     .desk = &loop->desk,
				     .slots = &loop->slots,
				     .inbox = &loop->inbox,
				     .teller = &loop->teller,
				     .stamps = &loop->stamps,
				     .inquiry = &loop->inquiry,
				     .heritage = loop->config.heritage,
				     .log = loop->config.log,
				     .null_fd = -1,
				     .again_at = MONO_NEVER};
	loop->stamps = (struct stamps){.loop = loop->ev,
				       .spec = loop->config.spec,
				       .desk = &loop->desk,
				       .log = loop->config.log,
				       .writer.fd = -1};
	loop->vigil = (struct vigil){.log = loop->config.log,
				     .slots = &loop->slots,
				     .desk = &loop->desk,
				     .deadline = MONO_NEVER};
	loop->reaper = (struct reaper){.carry = &loop->carry};
	/* children_ended: one that ended before signals were blocked was announced to nobody. */
	loop->heed = (struct heed){
		.config = &loop->config, .carry = &loop->carry, .children_ended = true};
}

int loop_init(struct loop *loop, const struct supervisor_config *config, struct err *err)
{
	const struct spec *spec = config->spec;

	*loop = (struct loop){.config = *config, .tick_fd = -1, .tick_at = MONO_NEVER};
	if (reserve_set_aside(spec->n_instances + spec->exec_probes + spec->n_probers, err) == -1)
		return -1;
	/* Not the default loop: that one would reap our children itself. */
	loop->ev = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV | EVFLAG_NOSIGMASK);
	wire(loop);
	if (loop->ev == NULL)
		err_set(err, errno, "make an event loop");
	else if ((loop->tick_fd = tick_open(err)) != -1 &&
		 slots_init(&loop->slots, spec, err) == 0 &&
		 output_init(&loop->outputs, err) == 0 && stamps_init(&loop->stamps, err) == 0 &&
		 desk_init(&loop->desk, spec, config->seed, err) == 0 &&
		 teller_init(&loop->teller, config->log, &loop->slots, err) == 0 &&
		 inbox_init(&loop->inbox, err) == 0 && carry_init(&loop->carry, err) == 0 &&
		 inquiry_init(&loop->inquiry, &loop->carry, err) == 0) {
		loop->slots.outputs = &loop->outputs;
		start_watchers(loop);
		return 0;
	}
	loop_fini(loop);
	return -1;
}

void loop_fini(struct loop *loop)
{
	if (loop->ev != NULL)
		stop_watchers(loop);
	inquiry_fini(&loop->inquiry);
	carry_fini(&loop->carry);
	inbox_fini(&loop->inbox);
	teller_fini(&loop->teller);
	desk_fini(&loop->desk);
	stamps_fini(&loop->stamps);
	output_fini(&loop->outputs);
	slots_fini(&loop->slots);
	fd_close(&loop->tick_fd);
	if (loop->ev != NULL)
		ev_loop_destroy(loop->ev);
	loop->ev = NULL;
}

int loop_run(struct loop *loop)
{
	/* A signal that came while we were being set up is obeyed before anything is started. */
	desk_wake(&loop->desk);
	heed_signals(&loop->heed);
	stamps_read(&loop->stamps);
	desk_wake(&loop->desk);
	report(loop, FACT_BEGIN);
	while (!loop->carry.quit)
		ev_run(loop->ev, EVRUN_ONCE);
	inquiry_end(&loop->inquiry);
	stamps_end(&loop->stamps);
	unsigned strays = sweep_strays(loop->config.log);
	log_flush(loop->config.log);
	return strays > 0 && loop->carry.quit_code == 0 ? 11 : loop->carry.quit_code;
}
