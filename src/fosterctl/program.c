#include "fosterctl/program.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"

extern char **environ;

/* DIRECTORY-OF-OURS/WHERE/fosterd if it can be run. */
static bool is_beside(char path[4096], const char *where)
{
	char own[4096];
	struct text text;
	ssize_t len = readlink("/proc/self/exe", own, sizeof own - 1);

	if (len <= 0)
		return false;
	while (len > 0 && own[len - 1] != '/')
		len--;
	text_init(&text, path, 4096);
	text_put(&text, own, (size_t)len);
	text_add(&text, "%sfosterd", where);
	return !text.truncated && access(path, X_OK) == 0;
}

static int launch(struct program *out, char *const *arguments, int output)
{
	posix_spawn_file_actions_t actions;
	char path[4096];
	int num;

	posix_spawn_file_actions_init(&actions);
	if (output != -1)
		posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	if (is_beside(path, "") || is_beside(path, "../sbin/"))
		num = posix_spawn(&out->pid, path, &actions, NULL, arguments, environ);
	else
		num = posix_spawnp(&out->pid, "fosterd", &actions, NULL, arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	return num;
}

/* The reading end goes to out->output; the writing end is returned, -1 with errno. */
static int pipe_open(struct program *out)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) == -1)
		return -1;
	out->output = fdopen(ends[0], "r");
	if (out->output != NULL)
		return ends[1];
	fd_close(&ends[0]);
	fd_close(&ends[1]);
	return -1;
}

int program_start(struct program *out, char *const *arguments, bool piped, struct err *err)
{
	int end = -1;

	*out = (struct program){0};
	if (piped && (end = pipe_open(out)) == -1)
		return err_set(err, errno, "make a pipe");
	int num = launch(out, arguments, end);
	fd_close(&end);
	if (num == 0)
		return 0;
	if (out->output != NULL)
		fclose(out->output);
	return err_set(err, num, "run fosterd (looked for beside fosterctl, in ../sbin, in PATH)");
}

int program_wait(struct program *program)
{
	int status;

	if (program->output != NULL)
		fclose(program->output);
	program->output = NULL;
	while (waitpid(program->pid, &status, 0) == -1)
		if (errno != EINTR)
			return 1;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
