/* peer - who is at the other end of a unix socket: as who connected was then, see unix(7). */
#ifndef SYS_PEER_H
#define SYS_PEER_H

#include <stdbool.h>
#include <sys/types.h>

struct peer {
	pid_t pid; /* 0: in a place that we cannot see into */
	uid_t uid;
	gid_t gid;
};

/* Fill out. 0, or -1 with errno. */
int peer_of(int fd, struct peer *out);

/* True when the peer has the group, as its own or as a supplementary one; false also when that
 * cannot be found out. */
bool peer_is_in(int fd, const struct peer *peer, gid_t group);

#endif
