/* conf_kit - files in a directory of their own, a made-up world, and loads in it. */
#ifndef UNIT_CONF_KIT_H
#define UNIT_CONF_KIT_H

#include <check.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/explain.h"
#include "conf/load.h"
#include "unit/spec_equal.h"
#include "unit/suite.h"

static struct rlimit kit_rlimits[RLIM_NLIMITS];
static const char *kit_environ[64] = {"PATH=/bin", "LANG=C", "LC_ALL=C", "TZ=UTC", "APP_A=1", "SECRET=x",
				      "NOTIFY_SOCKET=/s", "LISTEN_FDS=1", "WATCHDOG_USEC=1", "broken", NULL};
static char kit_dir[64];
static unsigned kit_lookups; /* of users */

static inline int kit_find_user(const char *name, struct arena *arena, struct conf_user *out,
				struct err *err)
{
	static const gid_t groups[] = {100, 101, 102};

	(void)arena;
	kit_lookups++;
	if (strcmp(name, "worker") != 0 && strcmp(name, "me") != 0)
		return err_set(err, 0, "there is no user \"%s\"", name);
	bool me = strcmp(name, "me") == 0;
	*out = (struct conf_user){.name = me ? "me" : "worker", .home = "/home/w", .shell = "/bin/sh",
				  .uid = me ? 1000 : 500, .gid = 100, .groups = groups, .n_groups = 3};
	return 0;
}

static inline int kit_find_group(const char *name, gid_t *gid, struct err *err)
{
	if (strcmp(name, "staff") != 0 && strcmp(name, "adm") != 0 && strcmp(name, "second") != 0)
		return err_set(err, 0, "there is no group \"%s\"", name);
	*gid = strcmp(name, "staff") == 0 ? 50 : strcmp(name, "adm") == 0 ? 4 : 101;
	return 0;
}

static inline struct conf_context kit_root(void)
{
	for (int i = 0; i < RLIM_NLIMITS; i++)
		kit_rlimits[i] = (struct rlimit){.rlim_cur = 100, .rlim_max = 1000};
	return (struct conf_context){
		.environ = kit_environ, .uid = 0, .rlimits = kit_rlimits, .host = "box",
		.oom_score_adj = 10,
		.runtime_dir = "/run/fosterd", .state_dir = "/var/lib/fosterd",
		.log_dir = "/var/log/fosterd", .find_user = kit_find_user, .find_group = kit_find_group,
	};
}

static inline struct conf_context kit_ordinary(void)
{
	struct conf_context context = kit_root();

	context.uid = 1000;
	return context;
}

static inline void kit_setup(void)
{
	strcpy(kit_dir, "/tmp/conf-unit-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(kit_dir));
	ck_assert_int_eq(chmod(kit_dir, 0755), 0);
	ck_assert_int_eq(chdir(kit_dir), 0);
}

static inline void kit_teardown(void)
{
	char command[128];

	snprintf(command, sizeof command, "rm -rf %s", kit_dir);
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(system(command), 0);
}

/* Write len bytes to the file name in the test's directory. */
static inline void kit_bytes(const char *name, const char *bytes, size_t len)
{
	FILE *file = fopen(name, "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(bytes, 1, len, file), len);
	ck_assert_int_eq(fclose(file), 0);
}

static inline void kit_file(const char *name, const char *text)
{
	kit_bytes(name, text, strlen(text));
}

/* The whole report as it is printed; the caller's to free. */
static inline char *kit_printed(const struct conf_report *report)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	ck_assert_ptr_nonnull(out);
	conf_report_print(report, out);
	ck_assert_int_eq(fclose(out), 0);
	return text;
}

/* Load the file, which must be good; warnings as many as said. The caller's to free. */
static inline struct spec *kit_good(const char *name, const struct conf_context *context,
				    size_t warnings)
{
	struct conf_report *report = conf_report_new();
	struct spec *spec = conf_load(name, context, report);
	char *text = kit_printed(report);

	ck_assert_msg(spec != NULL && conf_report_errors(report) == 0, "%s", text);
	ck_assert_msg(conf_report_warnings(report) == warnings, "%s", text);
	free(text);
	conf_report_free(&report);
	return spec;
}

/* The same for a text, as root. */
static inline struct spec *kit_good_text(const char *text)
{
	struct conf_context context = kit_root();

	kit_file("f.yaml", text);
	return kit_good("f.yaml", &context, 0);
}

/* Load the file, which must be bad: the report has all of the lines, in this order and no others. NULL ends them. */
static inline void kit_bad(const char *name, const struct conf_context *context,
			   const char *const *lines)
{
	struct conf_report *report = conf_report_new();
	struct spec *spec = conf_load(name, context, report);
	char *text = kit_printed(report);
	size_t n = 0;

	ck_assert_msg(spec == NULL, "%s was taken for good", name);
	for (; lines[n] != NULL; n++) {
		const char *line = conf_report_line(report, n);
		ck_assert_msg(line != NULL && strcmp(line, lines[n]) == 0, "wanted: %s\ngot: %s\n%s",
			      lines[n], line == NULL ? "nothing" : line, text);
	}
	ck_assert_msg(conf_report_line(report, n) == NULL, "more than was wanted:\n%s", text);
	ck_assert_uint_gt(conf_report_errors(report), 0);
	free(text);
	conf_report_free(&report);
}

/* One text with one error that holds the words `why`. */
static inline void kit_bad_text(const char *text, const struct conf_context *context,
				const char *why)
{
	struct conf_report *report = conf_report_new();

	kit_file("f.yaml", text);
	struct spec *spec = conf_load("f.yaml", context, report);
	char *printed = kit_printed(report);
	ck_assert_msg(spec == NULL, "taken for good:\n%s", text);
	ck_assert_msg(conf_report_errors(report) == 1, "%s\n%s", text, printed);
	ck_assert_msg(strstr(printed, why) != NULL, "wanted: %s\ngot: %s", why, printed);
	free(printed);
	conf_report_free(&report);
}

#endif
