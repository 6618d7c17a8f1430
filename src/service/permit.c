#include "service/permit.h"

#include <sys/stat.h>
#include <unistd.h>

bool permit_peer(const struct control_spec *control, int fd, struct peer *out)
{
	gid_t group = control->group.given ? control->group.gid : getegid();

	*out = (struct peer){0, (uid_t)-1, (gid_t)-1};
	if (peer_of(fd, out) == -1)
		return false;
	if (out->uid == 0 || out->uid == geteuid() || (control->mode & S_IWOTH) != 0)
		return true;
	return (control->mode & S_IWGRP) != 0 && peer_is_in(fd, out, group);
}
