/* stamp - a moment of the wall clock, kept in a file. */
#ifndef SYS_STAMP_H
#define SYS_STAMP_H

#include "base/clock.h"

/* Read it. 0, or -1 with errno: ENOENT when there is none, EINVAL when the file says something
 * else.
 */
int stamp_read(const char *dir, const char *name, wall_ns *out);

/*
 * Put it in the place of an earlier one, the directory and the one above it made if need be: after
 * a crash either of the two is there. Waits for the disk. 0, or -1 with errno.
 */
int stamp_write(const char *dir, const char *name, wall_ns at);

#endif
