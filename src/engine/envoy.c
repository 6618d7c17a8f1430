#include "engine/envoy.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/fd.h"
#include "base/must.h"
#include "base/text.h"
#include "engine/strike.h"
#include "sys/self.h"

enum { ARGUMENTS = 5, SOCKET_NUMBER = 3 };

/* What name look-ups, texts and certificates depend on. Nothing else of ours is for a process with
 * other rights to see. */
static const char *const inherited[] = {
	"PATH", "HOME",	       "LANG",	      "LC_ALL",	       "LC_MESSAGES",
	"TZ",	"RES_OPTIONS", "LOCALDOMAIN", "SSL_CERT_FILE", "SSL_CERT_DIR",
};

enum { N_INHERITED = sizeof inherited / sizeof inherited[0] };

static const char *groups_text(const struct identity *identity, struct arena *arena)
{
	size_t size = (identity->n_groups + 1) * sizeof "4294967295,";
	char *buf = arena_alloc(arena, size);
	struct text text;

	if (buf == NULL)
		return NULL;
	text_init(&text, buf, size);
	for (size_t i = 0; i < identity->n_groups; i++)
		text_add(&text, "%s%" PRIu32, i == 0 ? "" : ",", (uint32_t)identity->groups[i]);
	if (identity->n_groups == 0)
		text_add(&text, "%" PRIu32, (uint32_t)identity->gid);
	return buf;
}

/* False when memory is refused. */
static bool make_arguments(const struct prober_spec *spec, const char *program, struct arena *arena,
			   const char *argv[ARGUMENTS + 1])
{
	const struct identity *identity = &spec->identity;
	int count = 2;

	argv[0] = program;
	argv[1] = "-";
	if (identity->has_user) {
		argv[1] = arena_printf(arena, "%" PRIu32, (uint32_t)identity->uid);
		argv[2] = arena_printf(arena, "%" PRIu32, (uint32_t)identity->gid);
		argv[3] = groups_text(identity, arena);
		argv[4] = spec->home;
		count = ARGUMENTS;
	}
	argv[count] = NULL;
	for (int i = 0; i < count; i++)
		if (argv[i] == NULL)
			return false;
	return true;
}

static bool make_environment(struct arena *arena, const char *envp[N_INHERITED + 1])
{
	size_t count = 0;

	for (size_t i = 0; i < N_INHERITED; i++) {
		const char *value = getenv(inherited[i]);
		if (value == NULL)
			continue;
		envp[count] = arena_printf(arena, "%s=%s", inherited[i], value);
		if (envp[count++] == NULL)
			return false;
	}
	envp[count] = NULL;
	return true;
}

static pid_t launch_it(struct carry *carry, const char *program, uint32_t index, int its_socket,
		       struct err *err)
{
	static const struct identity as_we_are;
	const struct fd_pass pass = {.from = its_socket, .to = SOCKET_NUMBER};
	const char *argv[ARGUMENTS + 1], *envp[N_INHERITED + 1];
	struct spawn_report failure;
	int report_fd;
	struct launch launch = {
		.argv = argv,
		.envp = envp,
		.identity = &as_we_are,
		.has_oom_score_adj = carry->heritage->oom_shielded,
		.null_fd = carry->null_fd,
		.stdout_fd = carry->null_fd,
		.stderr_fd = -1,
		.passes = &pass,
		.n_passes = 1,
		.heritage = carry->heritage,
	};

	if (!make_arguments(&carry->slots->spec->probers[index], program, &carry->arena, argv) ||
	    !make_environment(&carry->arena, envp))
		return err_set(err, ENOMEM, "could not prepare");
	pid_t pid = spawn(&launch, &report_fd, &failure);
	if (pid == -1)
		return err_set(err, failure.num, "could not %s", spawn_step_text(failure.step));
	/* As we are: so it shares our memory until its program runs, and needs no report. */
	MUST(report_fd == -1);
	return pid;
}

pid_t envoy_start(struct carry *carry, const char *program, uint32_t index, int *socket,
		  struct err *err)
{
	char path[PATH_MAX];
	int ends[2];

	if (program == NULL && self_find_beside("fosterd-prober", path, sizeof path) == -1)
		return err_set(err, errno,
			       "could not find fosterd-prober beside fosterd or in ../libexec");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) == -1)
		return err_set(err, errno, "could not make a pair of sockets");
	pid_t pid = launch_it(carry, program == NULL ? path : program, index, ends[1], err);
	arena_reset(&carry->arena);
	desk_wake(carry->desk);
	fd_close(&ends[1]);
	if (pid == -1) {
		fd_close(&ends[0]);
		return -1;
	}
	*socket = ends[0];
	strike_disown(carry->desk, carry->slots, pid);
	pids_set(&carry->slots->pids, pid, index, PID_PROBER);
	return pid;
}
