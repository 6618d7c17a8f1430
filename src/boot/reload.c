#include "boot/reload.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "conf/compare.h"

enum { SECONDS_ALLOWED = 30 };

static void tell(void *data, const char *worker, const char *option, const char *was,
		 const char *is)
{
	LOG_EVENT(data, LOG_INFO, "would change", F_STR("worker", worker), F_STR("option", option),
		  F_STR("from", was), F_STR("to", is));
}

static void tell_problems(struct log *log, const struct conf_report *report)
{
	const char *line;

	for (size_t n = 0; (line = conf_report_line(report, n)) != NULL; n++)
		LOG_EVENT(log, LOG_WARNING, "configuration", F_STR("at", line));
}

static void compare(const struct reload *reload, struct log *log)
{
	struct conf_report *report = conf_report_new();
	struct spec *spec = report == NULL ? NULL
					   : conf_load(reload->options->file,
						       &reload->config->context, report);

	if (report != NULL)
		tell_problems(log, report);
	if (spec == NULL) {
		LOG_EVENT(log, LOG_ERROR, "configuration cannot be used, nothing is changed",
			  F_STR("config", reload->options->file));
		return;
	}
	size_t differences = conf_compare(reload->spec, spec, tell, log);
	LOG_EVENT(log, LOG_INFO, "configuration was read again, nothing is applied: restart fosterd for that",
		  F_STR("config", reload->options->file), F_INT("differences", differences));
}

/* In the process: nothing of the parent's may be touched that it shares with us, its log's buffer least of all. */
static _Noreturn void read_again(const struct reload *reload)
{
	struct log *log = log_new(STDERR_FILENO, reload->options->log_level,
				  reload->options->log_format);
	sigset_t alarm_only;

	sigemptyset(&alarm_only);
	sigaddset(&alarm_only, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &alarm_only, NULL);
	alarm(SECONDS_ALLOWED);
	if (log == NULL)
		_exit(1);
	compare(reload, log);
	log_free(&log);
	_exit(0);
}

void reload_begin(const struct reload *reload)
{
	pid_t pid = fork();

	if (pid == 0)
		read_again(reload);
	if (pid == -1)
		LOG_EVENT(reload->log, LOG_ERROR, "configuration could not be read again",
			  F_STR("error", strerror(errno)));
}
