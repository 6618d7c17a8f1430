/* kill - signals to processes and groups of ours, and whether a group is empty. */
#ifndef SYS_KILL_H
#define SYS_KILL_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Send signo to one process that is ours and not reaped yet. 0, or -1 with errno (ESRCH: it has
 * just gone). pid > 1.
 */
int kill_process(pid_t pid, int signo);

/*
 * Send signo to every process of the group. 0, or -1 with errno (ESRCH: empty). pgid > 1, never our
 * own group.
 */
int kill_group(pid_t pgid, int signo);

/*
 * True when no process of the group is left; a zombie that is not reaped yet still counts as one.
 * pgid > 1.
 */
bool kill_group_is_empty(pid_t pgid);

/* True when there is a process of that number, anybody's, a zombie too. pid > 1. */
bool kill_process_is_there(pid_t pid);

#endif
