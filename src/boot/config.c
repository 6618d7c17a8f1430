#include "boot/config.h"

#include <unistd.h>

#include "conf/explain.h"
#include "sys/places.h"
#include "sys/users.h"

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

int config_init(struct config *config, int oom_score_adj, struct err *err)
{
	struct places places;

	*config = (struct config){.host = "localhost"};
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	if (places_find(&places, &config->arena, err) == -1)
		return -1;
	gethostname(config->host, sizeof config->host - 1);
	for (unsigned i = 0; i < RLIM_NLIMITS; i++)
		if (getrlimit(i, &config->rlimits[i]) == -1)
			config->rlimits[i] = (struct rlimit){RLIM_INFINITY, RLIM_INFINITY};
	config->context = (struct conf_context){.environ = (const char *const *)environ,
						.uid = geteuid(),
						.init = getpid() == 1,
						.rlimits = config->rlimits,
						.oom_score_adj = oom_score_adj,
						.processors = processors > 0 ? (unsigned)processors
									     : 0,
						.host = config->host,
						.runtime_dir = places.runtime_dir,
						.state_dir = places.state_dir,
						.log_dir = places.log_dir,
						.find_user = find_user,
						.find_group = users_find_group};
	return 0;
}

void config_fini(struct config *config)
{
	arena_fini(&config->arena);
}

static struct conf_report *report_new(void)
{
	struct conf_report *report = conf_report_new();

	if (report == NULL)
		fputs("fosterd: no memory to read the configuration\n", stderr);
	return report;
}

static void report_finish(struct conf_report *report)
{
	conf_report_print(report, stderr);
	conf_report_free(&report);
}

struct spec *config_load(const struct config *config, const char *file)
{
	struct conf_report *report = report_new();

	if (report == NULL)
		return NULL;
	struct spec *spec = conf_load(file, &config->context, report);
	report_finish(report);
	return spec;
}

int config_check(const struct config *config, const char *file)
{
	struct conf_report *report = report_new();

	if (report == NULL)
		return -1;
	struct spec *spec = conf_load(file, &config->context, report);
	size_t warnings = conf_report_warnings(report);
	report_finish(report);
	if (spec == NULL)
		return -1;
	printf("%s: good, %zu warning%s\n", file, warnings, warnings == 1 ? "" : "s");
	spec_free(&spec);
	return 0;
}

int config_explain(const struct config *config, const char *file)
{
	struct conf_report *report = report_new();

	if (report == NULL)
		return -1;
	int result = conf_explain(file, &config->context, report, stdout);
	report_finish(report);
	return result;
}
