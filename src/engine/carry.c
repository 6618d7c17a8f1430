#include "engine/carry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/fd.h"
#include "base/must.h"
#include "engine/inquiry.h"
#include "engine/output.h"
#include "engine/side.h"
#include "engine/strike.h"
#include "engine/subject.h"

enum { STARTS_A_WAKEUP = 32 };
static const span_ns AGAIN = 100 * NS_MS;

int carry_init(struct carry *carry, struct err *err)
{
	carry->null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (carry->null_fd == -1)
		return err_set(err, errno, "open /dev/null");
	/* Of each instance a start or a stop command, and a reload command. */
	carry->line_room = 2 * carry->slots->spec->n_instances + 1;
	carry->line = calloc(carry->line_room, sizeof *carry->line);
	if (carry->line == NULL) {
		carry_fini(carry);
		return err_set(err, ENOMEM, "make a line of starts");
	}
	return 0;
}

void carry_fini(struct carry *carry)
{
	for (uint32_t i = 0; carry->slots->list != NULL && i < carry->slots->spec->n_instances; i++)
		if (slots_get(carry->slots, i)->report_io.fd != -1)
			ev_io_stop(carry->loop, &slots_get(carry->slots, i)->report_io);
	fd_close(&carry->null_fd);
	free(carry->line);
	carry->line = NULL;
	arena_fini(&carry->arena);
}

static void put_in_line(struct carry *carry, const struct waiting *waiting)
{
	MUST(carry->line_count < carry->line_room);
	uint32_t last = (carry->line_first + carry->line_count++) % carry->line_room;
	carry->line[last] = *waiting;
}

static void report(struct carry *carry, uint32_t instance, uint32_t gen, enum fact_kind kind)
{
	desk_report(carry->desk, (struct fact){.kind = kind,
					       .instance = instance,
					       .gen = gen,
					       .pid = slots_get(carry->slots, instance)->pid});
}

void carry_note_failure(struct carry *carry, uint32_t instance, const struct spawn_report *failure)
{
	struct slot *slot = slots_get(carry->slots, instance);

	carry->spawn_failures++;
	slot->last_exit = (struct last_exit){
		.any = true, .step = failure->step, .num = failure->num, .at = wall_now()};
	teller_ended(carry->teller, instance, carry->desk->now);
}

static void run_begun(struct carry *carry, uint32_t instance, uint32_t gen)
{
	carry->spawned++;
	teller_started(carry->teller, instance);
	if (subject_noun_of(carry->slots->spec, instance) == SUBJECT_TASK)
		stamps_begun(carry->stamps, spec_task_of(carry->slots->spec, instance));
	report(carry, instance, gen, FACT_SPAWNED);
}

void carry_read_report(struct carry *carry, uint32_t instance, bool ended)
{
	struct slot *slot = slots_get(carry->slots, instance);

	if (slot->report_io.fd == -1)
		return;
	int result = spawn_report_read(slot->report_io.fd, &slot->report);
	if (result == 0 && !ended)
		return;
	ev_io_stop(carry->loop, &slot->report_io);
	fd_close(&slot->report_io.fd);
	inbox_listen(carry->inbox, instance);
	/* A child that failed is reported when it has been reaped: only then is its place free. */
	if (result != -1)
		run_begun(carry, instance, slot->gen);
}

static void on_report(struct ev_loop *loop, ev_io *io, int events)
{
	struct carry *carry = io->data;
	struct slot *slot = (struct slot *)(void *)((char *)io - offsetof(struct slot, report_io));

	(void)loop;
	(void)events;
	carry_read_report(carry, (uint32_t)(slot - carry->slots->list), false);
}

struct launch_request carry_request(const struct carry *carry, uint32_t instance)
{
	const struct spec *spec = carry->slots->spec;
	const struct worker_spec *worker = spec_worker_of(spec, instance);

	return (struct launch_request){.spec = spec,
				       .worker = worker,
				       .ordinal = instance - worker->first_instance,
				       .command = &worker->command,
				       .heritage = carry->heritage,
				       .null_fd = carry->null_fd};
}

/* What the run will speak through: its notify socket and its readiness descriptor. -1 with err. */
static int open_channels(struct carry *carry, uint32_t instance, char path[INBOX_PATH_SIZE],
			 struct fd_pass *ready, struct err *err)
{
	const struct worker_spec *worker = spec_worker_of(carry->slots->spec, instance);

	if (inbox_is_used(worker) && inbox_open(carry->inbox, instance, path, err) == -1)
		return -1;
	if (worker->ready_when != READY_FD)
		return 0;
	ready->to = worker->ready_fd;
	ready->from = inbox_open_ready(carry->inbox, instance, err);
	return ready->from == -1 ? -1 : 0;
}

/* Make the program's process; returns its pid, or -1 with failure. */
static pid_t make_process(struct carry *carry, uint32_t instance, int *report_fd,
			  struct spawn_report *failure)
{
	struct launch_request request = carry_request(carry, instance);
	struct fd_pass ready = {.from = -1};
	int its_end = output_open(carry->slots->outputs, instance);
	char path[INBOX_PATH_SIZE];
	struct launch launch;
	struct err err = {0};
	pid_t pid = -1;

	if (inbox_is_used(request.worker))
		request.notify_path = path;
	if (open_channels(carry, instance, path, &ready, &err) == -1 ||
	    launch_make(&request, &carry->arena, &launch, &err) == -1) {
		teller_unprepared(carry->teller, instance, err.text);
		*failure = (struct spawn_report){.step = SPAWN_STEP_PREPARE, .num = err.num};
	} else {
		launch.passes = &ready;
		launch.n_passes = ready.from == -1 ? 0 : 1;
		launch.stdout_fd = launch.stderr_fd = its_end;
		pid = spawn(&launch, report_fd, failure);
	}
	fd_close(&ready.from);
	fd_close(&its_end);
	arena_reset(&carry->arena);
	return pid;
}

/* The lifespan has one try for each of its halves: a machine that has no more processes or
 * descriptors just now is not to be the end of it. Others have a next time. */
static bool is_put_off(const struct carry *carry, uint32_t instance,
		       const struct spawn_report *failure)
{
	return subject_noun_of(carry->slots->spec, instance) == SUBJECT_STEP &&
	       (failure->num == EAGAIN || err_is_shortage(failure->num));
}

static void put_off(struct carry *carry, uint32_t instance, uint32_t gen,
		    const struct spawn_report *failure)
{
	bool told = carry->put_off.instance == instance && carry->put_off.gen == gen;
	struct subject subject;

	/* One that was put off before is wanted no more: in line that is found out. */
	if (carry->again_at != MONO_NEVER)
		put_in_line(carry, &carry->put_off);
	carry->put_off = (struct waiting){.kind = ORDER_SPAWN, .instance = instance, .gen = gen};
	carry->again_at = mono_add(carry->desk->now, AGAIN);
	if (told)
		return;
	subject_of(carry->slots->spec, instance, &subject);
	LOG_EVENT(carry->log, LOG_WARNING, "step cannot be started just now, it is tried again",
		  subject.who, subject.half, F_STR("could_not", spawn_step_text(failure->step)),
		  F_STR("error", strerror(failure->num)));
}

void carry_time(struct carry *carry)
{
	if (carry->desk->now < carry->again_at)
		return;
	carry->again_at = MONO_NEVER;
	put_in_line(carry, &carry->put_off);
}

static void spawn_one(struct carry *carry, uint32_t instance, uint32_t gen)
{
	struct slot *slot = slots_get(carry->slots, instance);
	struct spawn_report failure;
	int report_fd = -1;

	pid_t pid = make_process(carry, instance, &report_fd, &failure);
	desk_wake(carry->desk);
	if (pid == -1) {
		inbox_close_ready(carry->inbox, instance);
		output_close(carry->slots->outputs, instance);
		if (is_put_off(carry, instance, &failure)) {
			put_off(carry, instance, gen, &failure);
			return;
		}
		carry_note_failure(carry, instance, &failure);
		report(carry, instance, gen, FACT_SPAWN_FAILED);
		return;
	}
	strike_disown(carry->desk, carry->slots, pid);
	slots_run_begun(carry->slots, instance, gen, pid, carry->desk->now);
	if (report_fd == -1) {
		run_begun(carry, instance, gen);
		return;
	}
	ev_io_init(&slot->report_io, on_report, report_fd, EV_READ);
	slot->report_io.data = carry;
	ev_io_start(carry->loop, &slot->report_io);
}

static bool is_wanted(const struct carry *carry, const struct waiting *waiting)
{
	const struct fleet *fleet = carry->desk->fleet;

	if (waiting->kind == ORDER_STOP_COMMAND)
		return fleet_wants_command(fleet, waiting->instance, waiting->gen);
	if (waiting->kind == ORDER_RELOAD_COMMAND)
		return fleet_wants_reload(fleet, waiting->instance, waiting->gen);
	return fleet_wants_spawn(fleet, waiting->instance, waiting->gen);
}

static enum side_kind side_of(const struct waiting *waiting)
{
	return waiting->kind == ORDER_STOP_COMMAND ? SIDE_STOP : SIDE_RELOAD;
}

static void start(struct carry *carry, const struct waiting *waiting)
{
	if (waiting->kind == ORDER_SPAWN)
		spawn_one(carry, waiting->instance, waiting->gen);
	else
		side_start(carry, waiting->instance, waiting->gen, side_of(waiting));
}

/* Its turn has come too late: the policy hears that nothing came of it. */
static void cancel(struct carry *carry, const struct waiting *waiting)
{
	desk_report(carry->desk, (struct fact){.kind = waiting->kind == ORDER_SPAWN
							       ? FACT_SPAWN_FAILED
							       : side_done(side_of(waiting)),
					       .instance = waiting->instance,
					       .gen = waiting->gen,
					       .cancelled = true});
}

void carry_line(struct carry *carry)
{
	for (int made = 0; made < STARTS_A_WAKEUP && carry->line_count > 0;) {
		struct waiting next = carry->line[carry->line_first];
		carry->line_first = (carry->line_first + 1) % carry->line_room;
		carry->line_count--;
		if (is_wanted(carry, &next)) {
			start(carry, &next);
			made++;
		} else {
			cancel(carry, &next);
		}
		carry_orders(carry);
	}
}

bool carry_has_line(const struct carry *carry)
{
	return carry->line_count > 0;
}

static void signal_instance(struct carry *carry, const struct order *order)
{
	struct strike strike = {.desk = carry->desk,
				.slots = carry->slots,
				.teller = carry->teller,
				.log = carry->log};

	strike_order(&strike, order);
}

static void name_the_left(struct carry *carry)
{
	static const char *const messages[SUBJECT_NOUN_COUNT] = {
		[SUBJECT_WORKER] = "worker could not be killed, it is left",
		[SUBJECT_TASK] = "task could not be killed, it is left",
		[SUBJECT_STEP] = "step could not be killed, it is left"};
	const struct spec *spec = carry->slots->spec;

	for (uint32_t i = 0; i < spec->n_instances; i++) {
		const struct slot *slot = slots_get(carry->slots, i);
		struct subject subject;
		pid_t pid = slot->pgid;
		for (int side = 0; side < SIDE_COUNT && pid == 0; side++)
			pid = slot->sides[side].pid;
		if (pid == 0)
			continue;
		subject_of(spec, i, &subject);
		LOG_EVENT(carry->log, LOG_ERROR, messages[subject.noun], subject.who, subject.half,
			  F_INT("pid", pid));
	}
}

static void carry_out(struct carry *carry, const struct order *order)
{
	switch (order->kind) {
	case ORDER_SPAWN:
	case ORDER_STOP_COMMAND:
	case ORDER_RELOAD_COMMAND:
		put_in_line(carry, &(struct waiting){.kind = order->kind,
						     .instance = order->instance,
						     .gen = order->gen});
		break;
	case ORDER_SIGNAL:
		signal_instance(carry, order);
		break;
	case ORDER_TELL:
	case ORDER_TELL_FLEET:
		teller_order(carry->teller, order, carry->desk->now);
		break;
	case ORDER_PROBE:
	case ORDER_PROBE_STOP:
	case ORDER_TELL_PROBE:
		inquiry_order(carry->inquiry, order);
		break;
	case ORDER_QUIT:
		name_the_left(carry);
		carry->quit = true;
		carry->quit_code = order->code;
		break;
	case ORDER_KIND_COUNT:
		MUST(false && "an order");
	}
}

void carry_orders(struct carry *carry)
{
	struct order order;

	while (desk_next(carry->desk, &order))
		carry_out(carry, &order);
}
