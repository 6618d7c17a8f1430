#include "sim/stage.h"

#include <ctype.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/load.h"

void stage_check(const struct stage *s)
{
	const struct world *w = s->world;

	if (w->trouble != NULL)
		script_fail(&s->script, "%s", w->trouble);
	for (uint32_t n = 0; n < w->n_notes; n++)
		if (!w->notes[n].automatic)
			script_fail(&s->script, "not expected: %s of instance %u at %gs",
				    order_kind_name(w->notes[n].order.kind),
				    (unsigned)w->notes[n].order.instance,
				    (double)(w->notes[n].at - w->origin) / NS_S);
}

/* A worker, a task, or half a step ("schema.start"), by its whole name. */
static const struct worker_spec *program_named(const struct spec *spec, const char *name,
					       size_t len)
{
	for (uint32_t w = 0; w < spec_programs(spec); w++)
		if (strlen(spec->workers[w].name) == len &&
		    memcmp(spec->workers[w].name, name, len) == 0)
			return &spec->workers[w];
	return NULL;
}

static bool find_step(const struct spec *spec, const char *name, uint32_t *step)
{
	for (*step = 0; *step < spec->n_steps; ++*step)
		if (strcmp(spec->steps[*step].name, name) == 0)
			return true;
	return false;
}

/* "web.2" */
static struct span_of_instances one_of(const struct stage *s, const char *name)
{
	const char *dot = strrchr(name, '.');
	const struct worker_spec *worker = NULL;

	if (dot != NULL)
		worker = program_named(s->world->spec, name, (size_t)(dot - name));
	if (worker == NULL)
		script_fail(&s->script, "there is no worker, task or step `%s`", name);
	long ordinal = script_number(&s->script, dot + 1);
	if (ordinal < 0 || ordinal >= (long)worker->replicas)
		script_fail(&s->script, "there is no instance `%s`", name);
	return (struct span_of_instances){worker->first_instance + (uint32_t)ordinal, 1};
}

struct span_of_instances stage_instances(const struct stage *s, int n)
{
	const struct spec *spec = s->world->spec;
	const char *name = script_word(&s->script, n);
	const struct worker_spec *program = program_named(spec, name, strlen(name));
	uint32_t step;

	if (strcmp(name, "*") == 0)
		return (struct span_of_instances){0, spec_worker_instances(spec)};
	if (program != NULL)
		return (struct span_of_instances){program->first_instance, program->replicas};
	if (find_step(spec, name, &step))
		return (struct span_of_instances){spec_step_start(spec, step), 2};
	return one_of(s, name);
}

uint32_t stage_instance(const struct stage *s, int n)
{
	struct span_of_instances span = stage_instances(s, n);

	if (span.count != 1)
		script_fail(&s->script, "`%s` is not one instance", script_word(&s->script, n));
	return span.first;
}

uint32_t stage_program(const struct stage *s, int n)
{
	const struct spec *spec = s->world->spec;
	const char *name = script_word(&s->script, n);
	const struct worker_spec *program = program_named(spec, name, strlen(name));

	if (program == NULL)
		script_fail(&s->script, "there is no worker or task `%s`", name);
	return (uint32_t)(program - spec->workers);
}

uint32_t stage_task(const struct stage *s, int n)
{
	const struct spec *spec = s->world->spec;
	uint32_t program = stage_program(s, n), first = spec_programs(spec) - spec->n_tasks;

	if (program < first)
		script_fail(&s->script, "`%s` is no task", script_word(&s->script, n));
	return program - first;
}

uint32_t stage_step(const struct stage *s, int n)
{
	uint32_t step;

	if (!find_step(s->world->spec, script_word(&s->script, n), &step))
		script_fail(&s->script, "there is no step `%s`", script_word(&s->script, n));
	return step;
}

static mono_ns moment(const struct stage *s, const char *text, const char **end)
{
	bool from_now = *text == '+';
	span_ns span = script_span(&s->script, text + from_now, end);

	return (from_now ? s->world->now : s->world->origin) + span;
}

mono_ns stage_moment(const struct stage *s, int n)
{
	const char *end;
	mono_ns at = moment(s, script_word(&s->script, n), &end);

	if (*end != '\0')
		script_fail(&s->script, "`%s` is no moment", s->script.words[n]);
	return at;
}

void stage_moments(const struct stage *s, int n, mono_ns *from, mono_ns *to)
{
	const char *end;

	*from = *to = moment(s, script_word(&s->script, n), &end);
	if (strncmp(end, "..", 2) == 0)
		*to = moment(s, end + 2, &end);
	if (*end != '\0' || *to < *from)
		script_fail(&s->script, "`%s` is no moment, nor two", s->script.words[n]);
}

int stage_signal(const struct stage *s, const char *word)
{
	if (isdigit((unsigned char)*word))
		return (int)script_number(&s->script, word);
	for (int signo = 1; signo < NSIG; signo++) {
		const char *name = sigabbrev_np(signo);
		if (name != NULL && strcmp(name, word) == 0)
			return signo;
	}
	script_fail(&s->script, "there is no signal `%s`", word);
}

static int find_user(const char *name, struct arena *arena, struct conf_user *out, struct err *err)
{
	(void)arena;
	(void)out;
	return err_set(err, 0, "no user `%s` in a script", name);
}

static int find_group(const char *name, gid_t *gid, struct err *err)
{
	(void)gid;
	return err_set(err, 0, "no group `%s` in a script", name);
}

static struct spec *load(const struct stage *s, const char *path)
{
	static const char *const environment[] = {"PATH=/usr/bin:/bin", NULL};
	struct rlimit limits[RLIM_NLIMITS];
	struct conf_context context = {.environ = environment,
				       .rlimits = limits,
				       .host = "sim",
				       .runtime_dir = "/run/fosterd",
				       .state_dir = "/var/lib/fosterd",
				       .log_dir = "/var/log/fosterd",
				       .find_user = find_user,
				       .find_group = find_group};
	struct conf_report *report = conf_report_new();

	for (int n = 0; n < RLIM_NLIMITS; n++)
		limits[n] = (struct rlimit){RLIM_INFINITY, RLIM_INFINITY};
	struct spec *spec = conf_load(path, &context, report);
	if (spec == NULL) {
		conf_report_print(report, stderr);
		unlink(path);
		script_fail(&s->script, "the configuration that ends here is refused");
	}
	conf_report_free(&report);
	return spec;
}

/* The text with each $n and $p as the number and the one before it. */
static void write_numbered(const char *text, long number, FILE *to)
{
	for (; *text != '\0'; text++)
		if (*text == '$' && (text[1] == 'n' || text[1] == 'p'))
			fprintf(to, "%ld", *++text == 'n' ? number : number - 1);
		else
			fputc(*text, to);
}

/* "repeat 1..999 TEXT": the text, once for each number. */
static void copy_repeated(const struct stage *s, FILE *to)
{
	long first, last;
	const char *text = strchr(s->script.text + strlen("repeat "), ' ');

	if (text == NULL || sscanf(s->script.text, "repeat %ld..%ld", &first, &last) != 2)
		script_fail(&s->script, "repeat FIRST..LAST TEXT");
	for (long number = first; number <= last; number++)
		write_numbered(text + 1, number, to);
}

/* The lines up to "end", into a file of their own. */
static void copy_block(struct stage *s, FILE *to)
{
	while (script_read(&s->script)) {
		if (strcmp(s->script.text, "end\n") == 0)
			return;
		if (strncmp(s->script.text, "repeat ", 7) == 0)
			copy_repeated(s, to);
		else
			fputs(s->script.text, to);
	}
	script_fail(&s->script, "`config` without `end`");
}

void stage_config(struct stage *s)
{
	char path[] = "/tmp/fosterd-sim-XXXXXX";
	int fd = mkstemp(path);
	FILE *file = fd == -1 ? NULL : fdopen(fd, "w");

	if (file == NULL)
		script_fail(&s->script, "no temporary file can be made");
	copy_block(s, file);
	fclose(file);
	struct spec *spec = load(s, path);
	unlink(path);
	s->world = malloc(sizeof *s->world);
	if (s->world == NULL)
		script_fail(&s->script, "out of memory");
	world_init(s->world, spec, s->seed);
}
