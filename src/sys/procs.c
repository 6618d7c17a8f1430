#include "sys/procs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"

/* "PID (COMM) STATE PPID PGRP SESSION ...": the name may hold anything, a closing parenthesis too.
 */
static bool parse(char *stat, struct proc *out)
{
	char *open = strchr(stat, '('), *close = strrchr(stat, ')');
	char state;

	if (open == NULL || close == NULL || close < open)
		return false;
	*close = '\0';
	*out = (struct proc){.pid = 0};
	snprintf(out->comm, sizeof out->comm, "%s", open + 1);
	if (sscanf(stat, "%d", &out->pid) != 1 ||
	    sscanf(close + 1, " %c %d %d %d", &state, &out->ppid, &out->pgid, &out->session) != 4)
		return false;
	out->dead = state == 'Z' || state == 'X';
	return true;
}

static bool look(int proc_fd, const char *name, struct proc *out)
{
	char path[32], stat[512];

	if (name[0] < '0' || name[0] > '9' ||
	    snprintf(path, sizeof path, "%s/stat", name) >= (int)sizeof path)
		return false;
	int fd = openat(proc_fd, path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return false;
	ssize_t len = read(fd, stat, sizeof stat - 1);
	fd_close(&fd);
	if (len <= 0)
		return false;
	stat[len] = '\0';
	return parse(stat, out);
}

int procs_each(bool (*visit)(void *data, const struct proc *proc), void *data)
{
	DIR *dir = opendir("/proc");
	const struct dirent *entry;
	struct proc proc;

	if (dir == NULL)
		return -1;
	while ((entry = readdir(dir)) != NULL)
		if (look(dirfd(dir), entry->d_name, &proc) && !visit(data, &proc))
			break;
	closedir(dir);
	return 0;
}

struct group_count {
	pid_t pgid;
	unsigned members;
	bool alive;
};

static bool count_member(void *data, const struct proc *proc)
{
	struct group_count *count = data;

	if (proc->pgid == count->pgid) {
		count->members++;
		count->alive = count->alive || !proc->dead;
	}
	return !count->alive;
}

bool procs_group_is_dead(pid_t pgid)
{
	struct group_count count = {.pgid = pgid};

	return procs_each(count_member, &count) == 0 && count.members > 0 && !count.alive;
}

bool procs_comm(pid_t pid, char comm[PROC_COMM_SIZE])
{
	char path[32];

	snprintf(path, sizeof path, "/proc/%d/comm", (int)pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd == -1 ? -1 : read(fd, comm, PROC_COMM_SIZE - 1);
	fd_close(&fd);
	if (len <= 0)
		return false;
	comm[len] = '\0';
	comm[strcspn(comm, "\n")] = '\0';
	return true;
}
