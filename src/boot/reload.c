#include "boot/reload.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "conf/compare.h"
#include "sys/aside.h"

static const span_ns TIME_ALLOWED = 30 * NS_S;

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

static void tell_changes(const struct reload *reload, const struct spec *spec, struct log *log)
{
	if (spec == NULL) {
		LOG_EVENT(log, LOG_ERROR, "configuration cannot be used, nothing is changed",
			  F_STR("config", reload->options->file));
		return;
	}
	size_t differences = conf_compare(reload->spec, spec, tell, log);
	LOG_EVENT(log, LOG_INFO,
		  "configuration was read again, nothing is applied: restart fosterd for that",
		  F_STR("config", reload->options->file), F_INT("differences", differences));
}

static void compare(const struct reload *reload, struct log *log)
{
	struct conf_report *report = conf_report_new();
	struct spec *spec = NULL;

	if (report != NULL) {
		spec = conf_load(reload->options->file, &reload->config->context, report);
		tell_problems(log, report);
	}
	tell_changes(reload, spec, log);
	spec_free(&spec);
	conf_report_free(&report);
}

/* In the process: nothing of the parent's may be touched that it shares with us, its log's buffer
 * least of all. */
static void read_again(const void *input, int out)
{
	const struct reload *reload = input;
	struct log *log =
		log_new(STDERR_FILENO, reload->options->log_level, reload->options->log_format);

	(void)out;
	if (log == NULL)
		return;
	compare(reload, log);
	log_free(&log);
}

bool reload_is_reading(struct reload *reload)
{
	if (aside_is_running(reload->process))
		return true;
	fd_close(&reload->process);
	return false;
}

void reload_begin(struct reload *reload)
{
	struct aside aside = {.function = read_again, .input = reload, .timeout = TIME_ALLOWED};

	if (reload_is_reading(reload)) {
		LOG_EVENT(reload->log, LOG_WARNING, "configuration is being read already",
			  F_STR("config", reload->options->file));
		return;
	}
	reload->process = aside_start(&aside);
	if (reload->process == -1)
		LOG_EVENT(reload->log, LOG_ERROR, "configuration could not be read again",
			  F_STR("error", strerror(errno)));
}
