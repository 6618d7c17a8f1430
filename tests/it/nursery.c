/*
 * nursery - run one test, and see that nothing it started is left when it ends.
 *
 *   nursery SECONDS COMMAND...
 *
 * It is the reaper of every descendant that loses its parent (PR_SET_CHILD_SUBREAPER), so nothing
 * can leave it, whatever session or environment it has. Exit status: the command's (128 + N for a
 * signal); 1 when the command ended well and a process was left; 124 when the time ran out: then
 * SIGTERM, and SIGKILL for all three seconds later.
 */
#include <dirent.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PIDS_MAX = 8192, GRACE_MS = 300, TERM_S = 3 };

struct process {
	pid_t pid, parent;
	char state;
	bool ours;
	char comm[32];
};

static struct process table[PIDS_MAX];
static size_t count;

static bool process_read(const char *name, struct process *out)
{
	char path[64], line[512];

	snprintf(path, sizeof path, "/proc/%.20s/stat", name);
	FILE *file = fopen(path, "re");
	if (file == NULL)
		return false;
	bool ok = fgets(line, sizeof line, file) != NULL;
	fclose(file);
	/* "PID (COMM) STATE PARENT ...", and COMM may hold anything. */
	char *open = strchr(line, '('), *close = strrchr(line, ')');
	if (!ok || open == NULL || close == NULL)
		return false;
	*close = '\0';
	*out = (struct process){.pid = atoi(line)};
	snprintf(out->comm, sizeof out->comm, "%s", open + 1);
	return sscanf(close + 2, "%c %d", &out->state, &out->parent) == 2;
}

static void table_read(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	count = 0;
	while (proc != NULL && (entry = readdir(proc)) != NULL && count < PIDS_MAX)
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			count += process_read(entry->d_name, &table[count]);
	if (proc != NULL)
		closedir(proc);
}

static bool is_ours(pid_t parent)
{
	if (parent == getpid())
		return true;
	for (size_t i = 0; i < count; i++)
		if (table[i].pid == parent)
			return table[i].ours;
	return false;
}

/* Mark all descendants that still run. Returns how many there are. */
static size_t descendants(void)
{
	size_t n = 0;
	bool grew = true;

	table_read();
	while (grew) {
		grew = false;
		for (size_t i = 0; i < count; i++) {
			if (table[i].ours || !is_ours(table[i].parent))
				continue;
			table[i].ours = grew = true;
			n += table[i].state != 'Z' && table[i].state != 'X';
		}
	}
	return n;
}

static void reap(void)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

static void nap_ms(long ms)
{
	nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

static void show(const char *what)
{
	for (const struct process *p = table; p < table + count; p++)
		if (p->ours && p->state != 'Z')
			fprintf(stderr, "%s: pid %d (%s), state %c, parent %d\n", what, (int)p->pid,
				p->comm, p->state, (int)p->parent);
}

static void kill_all(void)
{
	while (descendants() > 0) {
		for (size_t i = 0; i < count; i++)
			if (table[i].ours)
				kill(table[i].pid, SIGKILL);
		nap_ms(10);
		reap();
	}
}

/* Returns how many processes outlived the test; they are told about and killed. */
static size_t strays(void)
{
	size_t left = descendants();

	for (int ms = 0; left > 0 && ms < GRACE_MS; ms += 10) {
		nap_ms(10);
		reap();
		left = descendants();
	}
	show("left running");
	kill_all();
	return left;
}

/* Wait for the child or a signal to us. Returns true with the wait status when the child ended. */
static bool child_wait(pid_t child, const sigset_t *set, time_t seconds, int *status, int *signo)
{
	struct timespec left = {seconds, 0};
	time_t end = time(NULL) + seconds;

	do {
		pid_t pid;
		while ((pid = waitpid(-1, status, WNOHANG)) > 0)
			if (pid == child)
				return true;
		left.tv_sec = end - time(NULL);
		*signo = left.tv_sec > 0 ? sigtimedwait(set, NULL, &left) : -1;
	} while (*signo == SIGCHLD || (*signo == -1 && time(NULL) < end));
	return false;
}

static int supervise(pid_t child, const sigset_t *set, time_t seconds)
{
	int status, signo;

	if (child_wait(child, set, seconds, &status, &signo)) {
		int code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
		return strays() > 0 && code == 0 ? 1 : code;
	}
	if (signo == -1) {
		fprintf(stderr, "time is up after %ld s\n", (long)seconds);
		descendants();
		show("still running");
	}
	kill(child, SIGTERM);
	int late;
	child_wait(child, set, TERM_S, &status, &late);
	kill_all();
	return signo == -1 ? 124 : 128 + signo;
}

int main(int argc, char **argv)
{
	sigset_t set, before;
	char self[16];

	if (argc < 3 || atoi(argv[1]) <= 0)
		return fputs("usage: nursery SECONDS COMMAND...\n", stderr), 64;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, &before);
	snprintf(self, sizeof self, "%d", (int)getpid());
	setenv("NURSERY_PID", self, 1);
	pid_t child = fork();
	if (child == -1)
		return perror("nursery: fork"), 71;
	if (child == 0) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	return supervise(child, &set, atoi(argv[1]));
}
