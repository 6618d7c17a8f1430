#include "engine/prober.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>

#include "base/fd.h"
#include "base/must.h"
#include "base/text.h"
#include "engine/ask_text.h"
#include "sys/kill.h"

enum { MESSAGES_A_WAKEUP = 64, GIVEN_UP_AT_ONCE = 1000 };
static const span_ns PING_PERIOD = NS_S;
static const span_ns PATIENCE = 2 * NS_S;
static const span_ns FIRST_PATIENCE = 5 * NS_S;	 /* until its program has been loaded */
static const span_ns ANSWER_PATIENCE = 2 * NS_S; /* beyond the question's own timeout */

static mono_ns now_of(const struct prober *prober)
{
	return prober->carry->desk->now;
}

void prober_hang_up(struct prober *prober)
{
	if (prober->io.fd == -1)
		return;
	ev_io_stop(prober->carry->loop, &prober->io);
	fd_close(&prober->io.fd);
}

void prober_give_up(struct prober *prober, const char *why)
{
	struct text error;

	prober_hang_up(prober);
	prober->pong_by = MONO_NEVER;
	if (prober->pid != 0)
		kill_process(prober->pid, SIGKILL);
	text_init(&error, prober->error, sizeof prober->error);
	text_add(&error, "%s", why == NULL ? "" : why);
	question_give_up(prober->questions, &prober->asked,
			 why == NULL ? "the prober has ended" : prober->error);
}

static void watch(struct prober *prober, int events)
{
	ev_io_stop(prober->carry->loop, &prober->io);
	ev_io_set(&prober->io, prober->io.fd, events);
	ev_io_start(prober->carry->loop, &prober->io);
}

/* False when it has no room for it now, or cannot be spoken to any more; that shows as the end of
 * what it says. */
static bool send_message(struct prober *prober, const void *bytes, long len)
{
	if (send(prober->io.fd, bytes, (size_t)len, MSG_NOSIGNAL) == len)
		return true;
	if (errno == EAGAIN)
		watch(prober, EV_READ | EV_WRITE);
	return false;
}

static bool say(struct prober *prober, const struct wire_message *message)
{
	char bytes[256];
	struct err err;
	long len = wire_write(message, bytes, sizeof bytes, &err);

	MUST(len != -1);
	return send_message(prober, bytes, len);
}

static void expect_word(struct prober *prober)
{
	prober->pong_by = mono_add(now_of(prober), prober->has_spoken ? PATIENCE : FIRST_PATIENCE);
}

static void ping(struct prober *prober)
{
	struct wire_message message = {.kind = WIRE_PING, .serial = prober->ping + 1};

	if (prober->pong_by != MONO_NEVER || !say(prober, &message))
		return;
	prober->ping++;
	expect_word(prober);
}

/* Hand it the first in line. False when that has to wait. */
static bool ask_first(struct prober *prober)
{
	struct questions *questions = prober->questions;
	uint32_t probe = prober->waiting.first;
	char bytes[WIRE_MAX];
	struct err err;
	long len = ask_text_write(questions->spec, probe, question_get(questions, probe)->serial,
				  bytes, &err);

	if (len == -1) {
		question_answer(questions, probe, &prober->waiting,
				&(struct answer){.result = PROBE_FAILURE, .error = err.text});
		return true;
	}
	if (!send_message(prober, bytes, len))
		return false;
	question_move(questions, probe, &prober->waiting, &prober->asked);
	return true;
}

static void ask_waiting(struct prober *prober)
{
	/* No more than there are now: what fails at once may be asked anew. */
	for (uint32_t left = prober->waiting.count; left > 0 && prober->waiting.count > 0; left--)
		if (prober->io.fd == -1 || !ask_first(prober))
			break;
}

static void take_answer(struct prober *prober, const struct wire_message *message)
{
	struct questions *questions = prober->questions;
	struct answer answer = {
		.result = message->result, .latency = message->latency, .error = message->error};

	if (message->probe >= questions->spec->n_probes)
		return;
	const struct question *question = question_get(questions, message->probe);
	if (question->in != &prober->asked || question->serial != message->serial)
		return;
	if (answer.latency > now_of(prober) - question->since)
		answer.latency = now_of(prober) - question->since;
	question_answer(questions, message->probe, &prober->asked, &answer);
	carry_orders(prober->carry);
}

static bool take_message(struct prober *prober, const void *bytes, size_t len)
{
	struct wire_message message;
	struct err err;

	if (wire_read(bytes, len, &message, &err) == -1 ||
	    (message.kind != WIRE_PONG && message.kind != WIRE_ANSWER))
		return false;
	/* Many answers may stand before the pong. */
	prober->has_spoken = true;
	if (prober->pong_by != MONO_NEVER)
		expect_word(prober);
	if (message.kind == WIRE_ANSWER)
		take_answer(prober, &message);
	else if (message.serial == prober->ping)
		prober->pong_by = MONO_NEVER;
	return true;
}

void prober_read(struct prober *prober)
{
	char bytes[WIRE_MAX];

	for (int n = 0; n < MESSAGES_A_WAKEUP && prober->io.fd != -1; n++) {
		ssize_t len = recv(prober->io.fd, bytes, sizeof bytes, MSG_TRUNC);
		if (len == -1 && (errno == EAGAIN || errno == EINTR))
			return;
		if (len <= 0)
			prober_give_up(prober, NULL);
		else if ((size_t)len > sizeof bytes || !take_message(prober, bytes, (size_t)len))
			prober_give_up(prober, "the prober said what cannot be understood");
	}
}

static void on_socket(struct ev_loop *loop, ev_io *io, int events)
{
	struct prober *prober = io->data;

	(void)loop;
	if ((events & EV_WRITE) != 0) {
		watch(prober, EV_READ);
		ask_waiting(prober);
	}
	if ((events & EV_READ) != 0)
		prober_read(prober);
}

void prober_open(struct prober *prober, pid_t pid, int socket)
{
	prober->pid = pid;
	prober->has_spoken = false;
	*prober->error = '\0';
	ev_io_init(&prober->io, on_socket, socket, EV_READ);
	prober->io.data = prober;
	ev_io_start(prober->carry->loop, &prober->io);
	ping(prober);
	ask_waiting(prober);
}

void prober_ask(struct prober *prober, uint32_t probe, uint32_t serial)
{
	question_begin(prober->questions, probe, serial, &prober->waiting);
	if (prober->look_at <= now_of(prober)) {
		prober->look_at = mono_add(now_of(prober), PING_PERIOD);
		if (prober->io.fd != -1)
			ping(prober);
	}
	if (prober->waiting.count == 1)
		ask_waiting(prober);
}

void prober_drop(struct prober *prober, uint32_t probe)
{
	const struct answer unknown = {.result = PROBE_UNKNOWN, .error = ""};
	const struct question *question = question_get(prober->questions, probe);
	bool asked = question->in == &prober->asked;

	/* Where there is no room for it the prober asks in vain. */
	if (asked)
		say(prober, &(struct wire_message){
				    .kind = WIRE_DROP, .probe = probe, .serial = question->serial});
	question_answer(prober->questions, probe, asked ? &prober->asked : &prober->waiting,
			&unknown);
}

/* One that has waited too long, most likely the first; PROBE_NONE: none has. */
static uint32_t find_old(const struct prober *prober, const struct question_list *list)
{
	const struct questions *questions = prober->questions;
	uint32_t probe = list->first;

	for (uint32_t left = list->count; left > 0; left--) {
		const struct question *question = question_get(questions, probe);
		span_ns timeout = probe_owner_of(questions->spec, probe).spec->timeout;
		if (now_of(prober) - question->since >= timeout + ANSWER_PATIENCE)
			return probe;
		probe = question->next;
	}
	return PROBE_NONE;
}

/* What a living prober has forgotten, or no prober was there for. */
static void give_up_old(struct prober *prober, struct question_list *list)
{
	const char *why = *prober->error != '\0' ? prober->error : "the prober did not answer";
	const struct answer unknown = {.result = PROBE_UNKNOWN, .error = why};

	for (int n = 0; n < GIVEN_UP_AT_ONCE; n++) {
		uint32_t probe = find_old(prober, list);
		if (probe == PROBE_NONE)
			break;
		question_answer(prober->questions, probe, list, &unknown);
		carry_orders(prober->carry);
	}
}

void prober_look_after(struct prober *prober)
{
	prober->look_at = mono_add(now_of(prober), PING_PERIOD);
	give_up_old(prober, &prober->asked);
	give_up_old(prober, &prober->waiting);
	if (prober->io.fd == -1)
		return;
	ping(prober);
	ask_waiting(prober);
}
