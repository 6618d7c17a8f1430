/*
 * conf - bytes as configuration files: nothing crashes, what is wrong is told, and what --explain
 * prints of a good one is good and means the same.
 *
 * The bytes are the main file, and behind a 0xff another one that it can include or have as its
 * environment_file: /proc/self/fd/101. There are no other files for a pattern to find.
 */
#include <errno.h>
#include <fnmatch.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "conf/explain.h"
#include "fuzz/fuzz.h"
#include "unit/spec_equal.h"

/* libfyaml 0.7.12 loses a table of its own when a text goes on over many lines. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfyaml";
}

enum { MAIN_FD = 100, OTHER_FD, FILES = 2 };

static const char *const names[FILES] = {"/proc/self/fd/100", "/proc/self/fd/101"};
static char *paths[FILES + 1];

/* In libc's place: the same pattern finds the same files on every machine. */
int glob(const char *pattern, int flags, int (*on_error)(const char *path, int num), glob_t *out)
{
	size_t count = 0;

	(void)flags;
	(void)on_error;
	for (int i = 0; i < FILES; i++)
		if (fnmatch(pattern, names[i], FNM_PATHNAME | FNM_PERIOD) == 0)
			paths[count++] = (char *)(uintptr_t)names[i];
	paths[count] = NULL;
	*out = (glob_t){.gl_pathc = count, .gl_pathv = paths};
	return count == 0 ? GLOB_NOMATCH : 0;
}

void globfree(glob_t *found)
{
	(void)found;
}

static int find_user(const char *name, struct arena *arena, struct conf_user *out, struct err *err)
{
	static const gid_t groups[] = {100, 101};

	(void)arena;
	if (strcmp(name, "worker") != 0)
		return err_set(err, 0, "there is no user \"%s\"", name);
	*out = (struct conf_user){.name = "worker",
				  .home = "/home/w",
				  .shell = "/bin/sh",
				  .uid = 500,
				  .gid = 100,
				  .groups = groups,
				  .n_groups = 2};
	return 0;
}

static int find_group(const char *name, gid_t *gid, struct err *err)
{
	if (strcmp(name, "staff") != 0)
		return err_set(err, ENOENT, "there is no group \"%s\"", name);
	*gid = 50;
	return 0;
}

static struct conf_context context_for(uid_t uid)
{
	static const char *const environ[] = {"PATH=/bin", "LC_ALL=C", "APP_A=1", "broken", NULL};
	static struct rlimit rlimits[RLIM_NLIMITS];

	for (int i = 0; i < RLIM_NLIMITS; i++)
		rlimits[i] = (struct rlimit){.rlim_cur = 100, .rlim_max = 1000};
	return (struct conf_context){.environ = environ,
				     .uid = uid,
				     .rlimits = rlimits,
				     .host = "box",
				     .oom_score_adj = 10,
				     .runtime_dir = "/run/fosterd",
				     .state_dir = "/var/lib/fosterd",
				     .log_dir = "/var/log/fosterd",
				     .find_user = find_user,
				     .find_group = find_group};
}

static void file_write(int fd, const void *data, size_t size)
{
	if (lseek(fd, 0, SEEK_CUR) == -1) {
		int made = memfd_create("fuzz", 0);
		MUST(made != -1 && dup2(made, fd) == fd);
		close(made);
	}
	MUST(ftruncate(fd, 0) == 0);
	MUST(pwrite(fd, data, size, 0) == (ssize_t)size);
}

/* One line an entry, the places first; nothing in it can do harm on a terminal. */
static void report_check(const struct conf_report *report, bool loaded)
{
	size_t errors = conf_report_errors(report), all = errors + conf_report_warnings(report);
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	MUST(loaded == (errors == 0));
	MUST((conf_report_line(report, 0) != NULL) == (all > 0));
	conf_report_print(report, out);
	fclose(out);
	MUST((len > 0) == (all > 0));
	for (size_t i = 0; i < len; i++)
		MUST(text[i] == '\n' || text[i] == '\t' ||
		     ((unsigned char)text[i] >= ' ' && text[i] != 0x7f));
	free(text);
}

static struct spec *load(const struct conf_context *context)
{
	struct conf_report *report = conf_report_new();
	struct spec *spec = conf_load(names[0], context, report);

	report_check(report, spec != NULL);
	conf_report_free(&report);
	return spec;
}

/* What --explain prints; the caller's to free. */
static char *explain(const struct conf_context *context, bool good, size_t *len)
{
	struct conf_report *report = conf_report_new();
	char *text;
	FILE *out = open_memstream(&text, len);

	MUST((conf_explain(names[0], context, report, out) == 0) == good);
	fclose(out);
	MUST((*len > 0) == good);
	conf_report_free(&report);
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *mark = size == 0 ? NULL : memchr(data, 0xff, size);
	size_t main_size = mark == NULL ? size : (size_t)(mark - data), len;
	struct conf_context context = context_for(size % 2 == 0 ? 0 : 1000);

	file_write(MAIN_FD, data, main_size);
	file_write(OTHER_FD, data + main_size + (mark != NULL), size - main_size - (mark != NULL));
	struct spec *spec = load(&context);
	char *text = explain(&context, spec != NULL, &len);
	if (spec != NULL) {
		file_write(MAIN_FD, text, len);
		struct spec *again = load(&context);
		MUST(again != NULL && kit_specs_equal(spec, again));
		spec_free(&again);
	}
	spec_free(&spec);
	free(text);
	return 0;
}
