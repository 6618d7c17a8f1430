/* main - wires configuration, engine and service, in this order, and takes them apart in the
 * reverse one. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/fd.h"
#include "boot/reload.h"
#include "service/http.h"
#include "service/systemd.h"
#include "sys/limits.h"
#include "sys/places.h"
#include "sys/reap.h"
#include "sys/self.h"
#include "sys/signals.h"

enum { EXIT_USAGE = 64, EXIT_OSERR = 71, EXIT_CONFIG = 78 }; /* sysexits.h(3head) */

/* Everything main holds, in the order in which it is made. */
struct program {
	struct heritage heritage;
	struct options options;
	struct listen_passed passed;
	struct config config;
	struct spec *spec;
	int lock_fd;
	struct log *log;
	struct systemd systemd;
	struct reload reload;
	int signal_fd;
	struct supervisor *supervisor;
	struct http *http;
};

static void on_reload(void *data)
{
	struct program *p = data;

	reload_begin(&p->reload);
	systemd_reload(&p->systemd);
}

static mono_ns on_turn(void *data, const struct turn *turn)
{
	struct program *p = data;

	return systemd_turn(&p->systemd, p->supervisor, turn, reload_is_reading(&p->reload));
}

static struct supervisor *make_supervisor(struct program *p, struct err *err)
{
	struct supervisor_config config = {.spec = p->spec,
					   .log = p->log,
					   .heritage = &p->heritage,
					   .signal_fd = p->signal_fd,
					   .seed = self_seed(),
					   .has_terminal = self_has_terminal(),
					   .reload = on_reload,
					   .turn = on_turn,
					   .data = p};

	return supervisor_new(&config, err);
}

/* Make everything that can fail, before anything is started. */
static int set_up(struct program *p, struct err *err)
{
	p->lock_fd = places_claim(p->config.context.runtime_dir, err);
	if (p->lock_fd == -1)
		return -1;
	p->log = log_new(STDERR_FILENO, p->options.log_level, p->options.log_format);
	if (p->log == NULL)
		return err_set(err, ENOMEM, "make the log");
	systemd_init(&p->systemd, p->log);
	p->reload = (struct reload){&p->config, &p->options, p->spec, p->log, -1};
	p->signal_fd = signals_open(err);
	if (p->signal_fd == -1)
		return -1;
	if (reap_adopt_orphans() == -1)
		return err_set(err, errno, "adopt orphans");
	p->supervisor = make_supervisor(p, err);
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
	fd_close(&p->reload.process);
	log_free(&p->log);
	fd_close(&p->lock_fd);
	spec_free(&p->spec);
	config_fini(&p->config);
}

static int complain(const struct err *err)
{
	fprintf(stderr, "fosterd: %s\n", err->text);
	return EXIT_OSERR;
}

static int run(struct program *p)
{
	struct err err;

	p->spec = config_load(&p->config, p->options.file);
	if (p->spec == NULL)
		return EXIT_CONFIG;
	if (set_up(p, &err) == -1)
		return complain(&err);
	LOG_EVENT(p->log, LOG_INFO, "fosterd starts", F_STR("version", FOSTERD_VERSION),
		  F_INT("pid", getpid()), F_STR("config", p->options.file),
		  F_INT("instances", spec_worker_instances(p->spec)),
		  p->spec->n_tasks > 0 ? F_INT("tasks", p->spec->n_tasks) : F_STR("", NULL));
	for (size_t i = 0; http_url(p->http, i) != NULL; i++)
		LOG_EVENT(p->log, LOG_INFO, "listening", F_STR("on", http_url(p->http, i)));
	/* From here on fosterd does not exit by itself: trouble becomes a fact and a later
	 * deadline. */
	int code = supervisor_run(p->supervisor);
	LOG_EVENT(p->log, LOG_INFO, "fosterd ends", F_INT("code", code));
	return code;
}

static int act(struct program *p)
{
	struct err err;

	switch (p->options.verb) {
	case OPTIONS_HELP:
		options_help(stdout);
		return 0;
	case OPTIONS_VERSION:
		printf("fosterd %s\n", FOSTERD_VERSION);
		return 0;
	case OPTIONS_EXPLAIN:
	case OPTIONS_CHECK:
	case OPTIONS_RUN:
		break;
	}
	if (config_init(&p->config, p->heritage.oom_score_adj, &err) == -1)
		return complain(&err);
	if (p->options.verb == OPTIONS_CHECK)
		return config_check(&p->config, p->options.file) == -1 ? EXIT_CONFIG : 0;
	if (p->options.verb == OPTIONS_EXPLAIN)
		return config_explain(&p->config, p->options.file) == -1 ? EXIT_CONFIG : 0;
	return run(p);
}

int main(int argc, char **argv)
{
	struct program program = {.lock_fd = -1, .signal_fd = -1, .reload.process = -1};

	signals_block(&program.heritage.mask);
	self_occupy_stdio();
	if (options_read(argc, argv, &program.options, stderr) == -1)
		return EXIT_USAGE;
	limits_inherit(&program.heritage);
	program.heritage.caught = signals_caught();
	listen_passed_read(&program.passed);
	int code = act(&program);
	take_down(&program);
	return code;
}
