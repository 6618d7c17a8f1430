#include "engine/probers.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "base/must.h"
#include "base/text.h"
#include "engine/envoy.h"
#include "sys/kill.h"
#include "sys/signals.h"

enum { MUTE_PATIENCE = 5 };
static const span_ns PACE = 200 * NS_MS; /* between two starts */
static const span_ns PACE_MAX = 5 * NS_S;
static const span_ns WINDOW = 60 * NS_S;
static const span_ns FAREWELL = 100 * NS_MS; /* to close connections in an orderly way */

struct prober_life {
	struct prober prober;
	mono_ns started;    /* the last time it was tried; 0: never */
	mono_ns start_at;   /* not before */
	uint32_t starts;    /* processes made */
	uint32_t mute;	    /* how many in a row came to nothing before they said a word */
	mono_ns window_end; /* of the minute in which no second end is told */
	uint32_t untold;    /* ends in it */
};

int probers_init(struct probers *probers, struct err *err)
{
	uint32_t count = probers->carry->slots->spec->n_probers;

	probers->list = calloc(count + 1, sizeof *probers->list);
	if (probers->list == NULL)
		return err_set(err, ENOMEM, "make room for %u probers", count);
	probers->count = count;
	for (uint32_t i = 0; i < count; i++) {
		struct prober *prober = &probers->list[i].prober;
		prober->carry = probers->carry;
		prober->questions = probers->questions;
		prober->index = i;
		prober->io.fd = -1;
		prober->pong_by = MONO_NEVER;
	}
	return 0;
}

struct prober *probers_for(const struct probers *probers, uint32_t probe)
{
	uint32_t index = probe_owner_of(probers->questions->spec, probe).spec->prober;

	MUST(index < probers->count);
	return &probers->list[index].prober;
}

static mono_ns now_of(const struct prober_life *life)
{
	return life->prober.carry->desk->now;
}

static const char *user_of(const struct prober_life *life)
{
	const struct spec *spec = life->prober.carry->slots->spec;

	return spec->probers[life->prober.index].identity.user_name;
}

static mono_ns next_start(const struct prober_life *life)
{
	span_ns pace = PACE;

	for (uint32_t n = MUTE_PATIENCE; n < life->mute && pace < PACE_MAX; n++)
		pace *= 2;
	return mono_add(life->started, pace < PACE_MAX ? pace : PACE_MAX);
}

/* The first is told at once, the others by their number when the minute is over. */
static void tell_trouble(struct prober_life *life, const char *message)
{
	if (now_of(life) < life->window_end) {
		life->untold++;
		return;
	}
	life->window_end = mono_add(now_of(life), WINDOW);
	LOG_EVENT(life->prober.carry->log, LOG_WARNING, message, F_STR("user", user_of(life)),
		  F_STR("error", life->prober.error));
}

static void tell_untold(struct prober_life *life)
{
	if (life->untold == 0 || now_of(life) < life->window_end)
		return;
	LOG_EVENT(life->prober.carry->log, LOG_WARNING,
		  "fosterd-prober ended more often than is told", F_STR("user", user_of(life)),
		  F_INT("times", life->untold), F_SPAN("within", WINDOW),
		  F_STR("last", life->prober.error));
	life->untold = 0;
	life->window_end = mono_add(now_of(life), WINDOW);
}

static void start(struct prober_life *life, const char *program)
{
	struct prober *prober = &life->prober;
	struct text error;
	struct err err;
	int socket = -1;

	life->started = now_of(life);
	pid_t pid = envoy_start(prober->carry, program, prober->index, &socket, &err);
	if (pid != -1) {
		life->starts++;
		prober_open(prober, pid, socket);
		return;
	}
	text_init(&error, prober->error, sizeof prober->error);
	text_add(&error, "%s", err.text);
	life->mute++;
	life->start_at = next_start(life);
	tell_trouble(life, "fosterd-prober could not be started");
}

static bool may_start(const struct prober_life *life)
{
	return life->prober.pid == 0 && life->prober.waiting.count > 0;
}

static bool has_questions(const struct prober *prober)
{
	return prober->waiting.count + prober->asked.count > 0;
}

static mono_ns deadline_of(const struct prober_life *life)
{
	mono_ns at = life->prober.pong_by;

	if (may_start(life))
		at = mono_min(at, life->start_at);
	if (has_questions(&life->prober))
		at = mono_min(at, life->prober.look_at);
	if (life->untold > 0)
		at = mono_min(at, life->window_end);
	return at;
}

mono_ns probers_deadline(const struct probers *probers)
{
	mono_ns at = MONO_NEVER;

	for (uint32_t i = 0; i < probers->count; i++)
		at = mono_min(at, deadline_of(&probers->list[i]));
	return at;
}

void probers_time(struct probers *probers)
{
	for (uint32_t i = 0; i < probers->count; i++) {
		struct prober_life *life = &probers->list[i];
		struct prober *prober = &life->prober;
		if (prober->pong_by <= now_of(life))
			prober_give_up(prober, "the prober hung and was killed");
		if (has_questions(prober) && prober->look_at <= now_of(life))
			prober_look_after(prober);
		if (may_start(life) && life->start_at <= now_of(life))
			start(life, probers->program);
		tell_untold(life);
	}
}

static void describe_end(struct prober *prober, const struct reaped *child)
{
	struct text error;

	text_init(&error, prober->error, sizeof prober->error);
	if (child->signaled)
		text_add(&error, "the prober was ended by %s", signals_name(child->code));
	else
		text_add(&error, "the prober ended with code %d", child->code);
}

void probers_ended(struct probers *probers, uint32_t index, const struct reaped *child)
{
	struct prober_life *life = &probers->list[index];
	struct prober *prober = &life->prober;

	pids_remove(&probers->carry->slots->pids, prober->pid);
	prober->pid = 0;
	/* The last it said before its end counts. */
	prober_read(prober);
	if (prober->io.fd != -1)
		prober_give_up(prober, NULL);
	life->mute = prober->has_spoken ? 0 : life->mute + 1;
	life->start_at = next_start(life);
	if (*prober->error == '\0')
		describe_end(prober, child);
	tell_trouble(life, "fosterd-prober ended, another is started");
}

void probers_end(struct probers *probers)
{
	for (uint32_t i = 0; i < probers->count; i++)
		prober_hang_up(&probers->list[i].prober);
}

static void kill_all(struct probers *probers)
{
	for (uint32_t i = 0; i < probers->count; i++)
		if (probers->list[i].prober.pid != 0)
			kill_process(probers->list[i].prober.pid, SIGKILL);
}

static void await_all(struct probers *probers, mono_ns until)
{
	for (uint32_t i = 0; i < probers->count; i++) {
		struct prober *prober = &probers->list[i].prober;
		if (prober->pid != 0 && reap_await(prober->pid, until))
			prober->pid = 0;
	}
}

void probers_await(struct probers *probers, mono_ns until)
{
	await_all(probers, mono_min(until, mono_add(mono_now(), FAREWELL)));
	kill_all(probers);
	await_all(probers, until);
}

void probers_fini(struct probers *probers)
{
	probers_end(probers);
	kill_all(probers);
	free(probers->list);
	probers->list = NULL;
	probers->count = 0;
}

void probers_look(const struct probers *probers, uint32_t index, struct prober_view *out)
{
	MUST(index < probers->count);
	const struct prober_life *life = &probers->list[index];
	const struct prober *prober = &life->prober;

	*out = (struct prober_view){
		.pid = prober->pid,
		.restarts = life->starts > 1 ? life->starts - 1 : 0,
		.waiting = prober->waiting.count + prober->asked.count,
		.error = prober->pid != 0 || *prober->error == '\0' ? NULL : prober->error,
	};
}
