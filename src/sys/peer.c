#include "sys/peer.h"

#include <stdlib.h>
#include <sys/socket.h>

int peer_of(int fd, struct peer *out)
{
	struct ucred credentials;
	socklen_t len = sizeof credentials;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &len) == -1)
		return -1;
	*out = (struct peer){credentials.pid, credentials.uid, credentials.gid};
	return 0;
}

bool peer_is_in(int fd, const struct peer *peer, gid_t group)
{
	socklen_t len = 0;
	bool found = peer->gid == group;

	/* Without room it says how much is wanted; nothing when there are none. */
	if (found || getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, NULL, &len) == 0 || len == 0)
		return found;
	gid_t *groups = malloc(len);
	if (groups == NULL || getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &len) == -1)
		len = 0;
	for (size_t i = 0; i < len / sizeof *groups && !found; i++)
		found = groups[i] == group;
	free(groups);
	return found;
}
