/* command - what is asked on the control socket, done and answered. */
#ifndef SERVICE_COMMAND_H
#define SERVICE_COMMAND_H

#include "engine/supervisor.h"
#include "service/answer.h"
#include "sys/peer.h"

/* All borrowed. */
struct commander {
	struct supervisor *supervisor;
	struct log *log;
	const char *config; /* the configuration's path, absolute */
};

/*
 * Do what method and uri (taken apart in place) ask for, and fill answer (all zero before). Every
 * command that is taken or has come at a wrong time is in the log, with the peer's uid and pid.
 */
void command_answer(const struct commander *commander, const struct peer *peer, const char *method,
		    char *uri, struct answer *answer);

#endif
