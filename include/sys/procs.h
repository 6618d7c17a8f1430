/* procs - the processes there are, as proc(5) tells. */
#ifndef SYS_PROCS_H
#define SYS_PROCS_H

#include <stdbool.h>
#include <sys/types.h>

enum { PROC_COMM_SIZE = 17 }; /* room for a process's name: proc_pid_comm(5) */

struct proc {
	pid_t pid, ppid, pgid, session;
	bool dead; /* a zombie that its parent has not reaped, or on its way out */
	char comm[PROC_COMM_SIZE];
};

/*
 * Show every process to visit until it returns false. Costs a few microseconds for each process of
 * the machine: for rare occasions. One that begins meanwhile may be left out. Returns 0, or -1 with
 * errno when /proc cannot be read.
 */
int procs_each(bool (*visit)(void *data, const struct proc *proc), void *data);

/* Write the process's name. False when it has gone. */
bool procs_comm(pid_t pid, char comm[PROC_COMM_SIZE]);

/* True when the group has members, and all of them are dead. */
bool procs_group_is_dead(pid_t pgid);

#endif
