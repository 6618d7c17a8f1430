/* envoy - the process that a prober is: its program found, its arguments made, and started. */
#ifndef ENGINE_ENVOY_H
#define ENGINE_ENVOY_H

#include "engine/carry.h"

/*
 * Start one for spec->probers[index]. It begins with fosterd's rights and gives them up first
 * thing, as its arguments say: "UID GID GROUP,GROUP HOME", or "-" to stay who it is; its descriptor
 * 3 is the other end of *socket, a SOCK_SEQPACKET, CLOEXEC, not blocking. program NULL:
 * fosterd-prober beside fosterd's own executable or in ../libexec. Returns the pid, noted for the
 * reaper; -1 with err.
 */
pid_t envoy_start(struct carry *carry, const char *program, uint32_t index, int *socket,
		  struct err *err);

#endif
