/*
 * prober - the talk with one fosterd-prober: questions out, answers in.
 *
 * What it says is believed as far as it can be true. While questions are with it, it is pinged each
 * second; one that says nothing for 2 s then hangs.
 */
#ifndef ENGINE_PROBER_H
#define ENGINE_PROBER_H

#include "engine/question.h"

enum { PROBER_ERROR_SIZE = 160 };

struct prober {
	struct carry *carry; /* borrowed, as the next */
	struct questions *questions;
	uint32_t index; /* in spec->probers */
	ev_io io;	/* the socket; fd -1: it cannot be spoken to */
	pid_t pid;	/* not reaped yet; 0: none */
	struct question_list waiting, asked;
	mono_ns look_at; /* while it has questions: when prober_look_after is due */
	mono_ns pong_by; /* when it must have said something; MONO_NEVER: no ping is out */
	uint32_t ping;	 /* the serial of the last */
	bool has_spoken; /* since it was started */
	char error[PROBER_ERROR_SIZE]; /* why it is of no use; "": it is, or was not needed yet */
};

/* A process of no questions yet, to be spoken to through the socket, which is taken. */
void prober_open(struct prober *prober, pid_t pid, int socket);

/* Put the probe in line and ask it as soon as there is somebody to ask. */
void prober_ask(struct prober *prober, uint32_t probe, uint32_t serial);

/* Nobody wants that answer any more: it is unknown. */
void prober_drop(struct prober *prober, uint32_t probe);

/* Read what it has said, at most 64 messages. */
void prober_read(struct prober *prober);

/* Give up what nobody has answered within its timeout and 2 s; ping it. */
void prober_look_after(struct prober *prober);

/* It is of no use any more: killed, and what it was asked is unknown. why NULL: its end will tell.
 */
void prober_give_up(struct prober *prober, const char *why);

/* Close the socket, if it is open: a prober ends then. */
void prober_hang_up(struct prober *prober);

#endif
