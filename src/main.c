/* main - wires configuration, engine and service, in this order, and takes them apart in the reverse one. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/fd.h"
#include "conf/explain.h"
#include "conf/load.h"
#include "conf/options.h"
#include "engine/supervisor.h"
#include "service/http.h"
#include "sys/limits.h"
#include "sys/places.h"
#include "sys/reap.h"
#include "sys/signals.h"
#include "sys/users.h"

enum { EXIT_USAGE = 64, EXIT_OSERR = 71, EXIT_CONFIG = 78 }; /* sysexits.h(3head) */

/* Everything main holds, in the order in which it is made. */
struct program {
	struct options options;
	struct heritage heritage;
	struct arena arena; /* of places and host */
	struct conf_context context;
	struct rlimit rlimits[RLIM_NLIMITS];
	char host[256];
	struct listen_passed passed;
	struct spec *spec;
	struct log *log;
	int lock_fd, signal_fd;
	struct supervisor *supervisor;
	struct http *http;
};

static int find_user(const char *name, struct arena *arena, struct conf_user *out, struct err *err)
{
	struct user_entry user;

	if (users_find(name, arena, &user, err) == -1)
		return -1;
	*out = (struct conf_user){.name = user.name,
				  .home = user.home,
				  .shell = user.shell,
				  .uid = user.uid,
				  .gid = user.gid,
				  .groups = user.groups,
				  .n_groups = user.n_groups};
	return 0;
}

static int look_around(struct program *p, struct err *err)
{
	struct places places;

	if (places_find(&places, &p->arena, err) == -1)
		return -1;
	if (gethostname(p->host, sizeof p->host - 1) == -1)
		snprintf(p->host, sizeof p->host, "localhost");
	for (int i = 0; i < (int)RLIM_NLIMITS; i++)
		if (getrlimit(i, &p->rlimits[i]) == -1)
			p->rlimits[i] = (struct rlimit){RLIM_INFINITY, RLIM_INFINITY};
	p->context = (struct conf_context){.environ = (const char *const *)environ,
					   .uid = geteuid(),
					   .init = getpid() == 1,
					   .rlimits = p->rlimits,
					   .oom_score_adj = p->heritage.oom_score_adj,
					   .host = p->host,
					   .runtime_dir = places.runtime_dir,
					   .state_dir = places.state_dir,
					   .log_dir = places.log_dir,
					   .find_user = find_user,
					   .find_group = users_find_group};
	return 0;
}

/* Read the configuration for the verb at hand; errors and warnings go to standard error. */
static int read_config(struct program *p)
{
	struct conf_report *report = conf_report_new();
	int result = -1;

	if (report == NULL)
		return -1;
	if (p->options.verb == OPTIONS_EXPLAIN)
		result = conf_explain(p->options.file, &p->context, report, stdout);
	else if ((p->spec = conf_load(p->options.file, &p->context, report)) != NULL)
		result = 0;
	conf_report_print(report, stderr);
	conf_report_free(&report);
	return result;
}

static uint64_t make_seed(void)
{
	uint64_t seed;

	/* Only so that many fosterds do not restart in step: the time is good enough. */
	if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != sizeof seed)
		seed = (uint64_t)mono_now();
	return seed;
}

static bool has_terminal(void)
{
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	bool has = fd != -1;

	fd_close(&fd);
	return has;
}

/* Make everything that can fail, before anything is started. */
static int set_up(struct program *p, struct err *err)
{
	struct supervisor_config config = {.spec = p->spec,
					   .heritage = &p->heritage,
					   .seed = make_seed(),
					   .has_terminal = has_terminal(),
					   .data = p};

	p->lock_fd = places_claim(p->context.runtime_dir, err);
	if (p->lock_fd == -1)
		return -1;
	p->log = log_new(STDERR_FILENO, p->options.log_level, p->options.log_format);
	if (p->log == NULL)
		return err_set(err, ENOMEM, "make the log");
	p->signal_fd = signals_open(err);
	if (p->signal_fd == -1)
		return -1;
	if (reap_adopt_orphans() == -1)
		return err_set(err, errno, "adopt orphans");
	config.log = p->log;
	config.signal_fd = p->signal_fd;
	p->supervisor = supervisor_new(&config, err);
	if (p->supervisor == NULL)
		return -1;
	p->http = http_new(p->supervisor, p->log, &p->passed, err);
	return p->http == NULL ? -1 : 0;
}

static void take_down(struct program *p)
{
	http_free(&p->http);
	supervisor_free(&p->supervisor);
	fd_close(&p->signal_fd);
	log_free(&p->log);
	fd_close(&p->lock_fd);
	spec_free(&p->spec);
	arena_fini(&p->arena);
}

static int run(struct program *p)
{
	struct err err;

	if (set_up(p, &err) == -1) {
		fprintf(stderr, "fosterd: %s\n", err.text);
		return EXIT_OSERR;
	}
	LOG_EVENT(p->log, LOG_INFO, "fosterd starts", F_STR("version", FOSTERD_VERSION),
		  F_INT("pid", getpid()), F_STR("config", p->options.file),
		  F_INT("workers", p->spec->n_instances));
	for (size_t i = 0; http_url(p->http, i) != NULL; i++)
		LOG_EVENT(p->log, LOG_INFO, "listening", F_STR("on", http_url(p->http, i)));
	/* From here on fosterd does not exit by itself: trouble becomes a fact and a later deadline. */
	int code = supervisor_run(p->supervisor);
	LOG_EVENT(p->log, LOG_INFO, "fosterd ends", F_INT("code", code));
	return code;
}

static int act(struct program *p)
{
	struct err err;

	if (p->options.verb == OPTIONS_HELP) {
		options_help(stdout);
		return 0;
	}
	if (p->options.verb == OPTIONS_VERSION) {
		printf("fosterd %s\n", FOSTERD_VERSION);
		return 0;
	}
	if (look_around(p, &err) == -1) {
		fprintf(stderr, "fosterd: %s\n", err.text);
		return EXIT_OSERR;
	}
	if (read_config(p) == -1)
		return EXIT_CONFIG;
	return p->options.verb == OPTIONS_RUN ? run(p) : 0;
}

int main(int argc, char **argv)
{
	struct program program = {.lock_fd = -1, .signal_fd = -1};

	signals_block(&program.heritage.mask);
	if (options_read(argc, argv, &program.options, stderr) == -1)
		return EXIT_USAGE;
	limits_inherit(&program.heritage);
	listen_passed_read(&program.passed);
	int code = act(&program);
	take_down(&program);
	return code;
}
