/* fake_prober - a prober that does what a target says: answers, hangs, dies, talks nonsense. */
#ifndef UNIT_FAKE_PROBER_H
#define UNIT_FAKE_PROBER_H

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "model/wire.h"

enum { ITS_SOCKET = 3 };

static void say(const struct wire_message *message)
{
	char bytes[WIRE_MAX];
	struct err err;
	long len = wire_write(message, bytes, sizeof bytes, &err);

	while (send(ITS_SOCKET, bytes, (size_t)len, 0) == -1)
		usleep(1000);
}

static void reply(const struct wire_message *ask, enum probe_result result, const char *error)
{
	say(&(struct wire_message){.kind = WIRE_ANSWER,
				   .probe = ask->probe,
				   .serial = ask->serial,
				   .result = result,
				   .latency = 3600 * NS_S,
				   .error = error});
}

static void confuse(const struct wire_message *ask)
{
	struct wire_message other = *ask;

	other.probe = UINT32_MAX;
	reply(&other, PROBE_FAILURE, "no such probe");
	other.probe = ask->probe + 1;
	reply(&other, PROBE_FAILURE, "never asked");
	other.probe = ask->probe;
	other.serial++;
	reply(&other, PROBE_FAILURE, "asked otherwise");
	reply(ask, PROBE_SUCCESS, "");
	reply(ask, PROBE_FAILURE, "once more");
}

static void obey(const struct wire_message *ask)
{
	static char nonsense[2 * WIRE_MAX];
	const char *target = ask->target;

	if (strcmp(target, "ok") == 0)
		reply(ask, PROBE_SUCCESS, "");
	else if (strcmp(target, "bad") == 0)
		reply(ask, PROBE_FAILURE, "HTTP 503");
	else if (strcmp(target, "unable") == 0)
		reply(ask, PROBE_UNKNOWN, "no descriptors");
	else if (strcmp(target, "confuse") == 0)
		confuse(ask);
	else if (strcmp(target, "nap") == 0)
		sleep(1);
	else if (strcmp(target, "die") == 0)
		raise(SIGKILL);
	else if (strcmp(target, "leave") == 0)
		exit(3);
	else if (strcmp(target, "hang") == 0)
		raise(SIGSTOP);
	else if (strcmp(target, "garbage") == 0)
		send(ITS_SOCKET, "nonsense", 8, 0);
	else if (strcmp(target, "much") == 0)
		send(ITS_SOCKET, nonsense, sizeof nonsense, 0);
	else if (strcmp(target, "order") == 0)
		say(ask);
	else if (strncmp(target, "http://", 7) == 0)
		reply(ask, PROBE_FAILURE, ask->headers);
	if (strcmp(target, "nap") == 0)
		reply(ask, PROBE_SUCCESS, "");
}

/* Until the socket is closed. Returns the status for main. */
static inline int be_prober(void)
{
	char bytes[WIRE_MAX];
	struct wire_message message;
	struct err err;
	ssize_t len;

	for (;;) {
		len = recv(ITS_SOCKET, bytes, sizeof bytes, 0);
		if (len == -1) {
			usleep(1000);
			continue;
		}
		if (len == 0 || wire_read(bytes, (size_t)len, &message, &err) == -1)
			return len != 0;
		if (message.kind == WIRE_PING)
			say(&(struct wire_message){.kind = WIRE_PONG, .serial = message.serial});
		else if (message.kind == WIRE_ASK)
			obey(&message);
	}
}

#endif
