#include "engine/launch.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "model/specifier.h"

enum {
	EXPANDED_MAX =
		128 * 1024 /* MAX_ARG_STRLEN: the kernel takes no longer argument, execve(2) */
};
enum { OWN_VARIABLES = 4 };

static const char *no_memory(struct err *err)
{
	err_set(err, ENOMEM, "make the texts of the process");
	return NULL;
}

/* The template with its specifiers replaced, in the arena; NULL with err. */
static const char *expand(const struct launch_request *request, struct arena *arena,
			  const char *template, struct err *err)
{
	struct specifier_context context = {
		.spec = request->spec, .worker = request->worker, .ordinal = request->ordinal};
	/* Specifiers grow a text by a name or a path at a time; most fit at once. */
	for (size_t size = strlen(template) + 512;; size *= 2) {
		char *buf = arena_alloc(arena, size);
		struct text text;
		if (buf == NULL)
			return no_memory(err);
		text_init(&text, buf, size);
		if (specifier_expand(&text, template, &context, err) == -1)
			return NULL;
		if (!text.truncated)
			return buf;
		if (size > EXPANDED_MAX) {
			err_set(err, E2BIG, "expand \"%.40s...\"", template);
			return NULL;
		}
	}
}

static const char *const *make_argv(const struct launch_request *request, struct arena *arena,
				    struct err *err)
{
	const struct command *command = request->command;

	if (!command->specifiers)
		return command->argv;
	const char **argv = arena_alloc(arena, (command->argc + 1) * sizeof *argv);
	if (argv == NULL) {
		no_memory(err);
		return NULL;
	}
	for (unsigned i = 0; i < command->argc; i++) {
		argv[i] = expand(request, arena, command->argv[i], err);
		if (argv[i] == NULL)
			return NULL;
	}
	return argv;
}

/* What the supervisor protocol adds; returns how many, or -1 when memory is refused. */
static int add_own(const struct launch_request *request, struct arena *arena, const char **envp)
{
	int n = 0;

	if (request->notify_path != NULL)
		envp[n++] = arena_printf(arena, "NOTIFY_SOCKET=%s", request->notify_path);
	if (request->notify_path != NULL && request->worker->watchdog > 0)
		envp[n++] = arena_printf(arena, "WATCHDOG_USEC=%" PRId64,
					 request->worker->watchdog / NS_US);
	if (request->main_pid > 0)
		envp[n++] = arena_printf(arena, "MAINPID=%d", (int)request->main_pid);
	for (int i = 0; i < n; i++)
		if (envp[i] == NULL)
			return -1;
	return n;
}

static const char *const *make_envp(const struct launch_request *request, struct arena *arena,
				    struct err *err)
{
	const struct worker_spec *worker = request->worker;
	const char **envp =
		arena_alloc(arena, (worker->n_environment + OWN_VARIABLES + 1) * sizeof *envp);
	int own = envp == NULL ? -1 : add_own(request, arena, envp);

	if (own == -1) {
		no_memory(err);
		return NULL;
	}
	for (size_t i = 0; i < worker->n_environment; i++) {
		const struct env_entry *entry = &worker->environment[i];
		const char *line =
			entry->specifiers ? expand(request, arena, entry->line, err) : entry->line;
		if (line == NULL)
			return NULL;
		envp[(size_t)own + i] = line;
	}
	return envp;
}

/* The child's own PATH decides where its program is looked for. */
static const char *search_path(const char *const *envp)
{
	for (; *envp != NULL; envp++)
		if (strncmp(*envp, "PATH=", 5) == 0)
			return *envp + 5;
	return NULL;
}

int launch_make(const struct launch_request *request, struct arena *arena, struct launch *out,
		struct err *err)
{
	const struct worker_spec *worker = request->worker;

	*out = (struct launch){
		.identity = &worker->identity,
		.limits = worker->limits,
		.n_limits = worker->n_limits,
		.has_umask = worker->has_umask,
		.umask = worker->umask,
		.has_nice = worker->has_nice,
		.nice = worker->nice,
		.has_oom_score_adj = worker->has_oom_score_adj || request->heritage->oom_shielded,
		.oom_score_adj = worker->oom_score_adj,
		.null_fd = request->null_fd,
		.stdout_fd = -1,
		.stderr_fd = -1,
		.fork = worker->spawn == SPAWN_FORK,
		.heritage = request->heritage,
	};
	out->argv = make_argv(request, arena, err);
	out->envp = out->argv == NULL ? NULL : make_envp(request, arena, err);
	if (out->envp == NULL)
		return -1;
	out->search_path = search_path(out->envp);
	if (worker->working_directory == NULL)
		return 0;
	out->directory = expand(request, arena, worker->working_directory, err);
	return out->directory == NULL ? -1 : 0;
}
