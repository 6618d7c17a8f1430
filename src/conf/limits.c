#include "conf/limits.h"

#include <string.h>
#include <sys/resource.h>

#include "base/text.h"
#include "conf/draft.h"
#include "conf/habit.h"
#include "conf/read.h"
#include "conf/value.h"

enum limit_unit { LIMIT_SIZE, LIMIT_SECONDS, LIMIT_MICROSECONDS };

static const struct {
	const char *name;
	int resource;
	enum limit_unit unit;
} limits[RLIMIT_SPEC_MAX] = {
	{"as", RLIMIT_AS, LIMIT_SIZE},
	{"core", RLIMIT_CORE, LIMIT_SIZE},
	{"cpu", RLIMIT_CPU, LIMIT_SECONDS},
	{"data", RLIMIT_DATA, LIMIT_SIZE},
	{"fsize", RLIMIT_FSIZE, LIMIT_SIZE},
	{"locks", RLIMIT_LOCKS, LIMIT_SIZE},
	{"memlock", RLIMIT_MEMLOCK, LIMIT_SIZE},
	{"msgqueue", RLIMIT_MSGQUEUE, LIMIT_SIZE},
	{"nice", RLIMIT_NICE, LIMIT_SIZE},
	{"nofile", RLIMIT_NOFILE, LIMIT_SIZE},
	{"nproc", RLIMIT_NPROC, LIMIT_SIZE},
	{"rss", RLIMIT_RSS, LIMIT_SIZE},
	{"rtprio", RLIMIT_RTPRIO, LIMIT_SIZE},
	{"rttime", RLIMIT_RTTIME, LIMIT_MICROSECONDS},
	{"sigpending", RLIMIT_SIGPENDING, LIMIT_SIZE},
	{"stack", RLIMIT_STACK, LIMIT_SIZE},
};

const char *limit_name(unsigned n)
{
	return n < RLIMIT_SPEC_MAX ? limits[n].name : NULL;
}

bool limit_is_time(unsigned n)
{
	return n < RLIMIT_SPEC_MAX && limits[n].unit != LIMIT_SIZE;
}

/* A duration rounded up to the unit, or how many of them. */
static int time_read(const char *text, enum limit_unit unit, rlim_t *out, struct err *err)
{
	span_ns span, length = unit == LIMIT_SECONDS ? NS_S : NS_US;
	struct err unused;
	int64_t number;

	if (value_span(text, &span, &unused) == 0) {
		*out = (rlim_t)(span / length + (span % length != 0));
		return 0;
	}
	if (value_integer(text, &number, &unused) == -1 || number < 0)
		return err_set(err, 0,
			       "\"%s\" is not a duration like 10s or 1m30s, a number of %s, or "
			       "unlimited",
			       text, unit == LIMIT_SECONDS ? "seconds" : "microseconds");
	*out = (rlim_t)number;
	return 0;
}

/* A duration where time is limited; a number or a size else. */
static int amount_read(const char *text, enum limit_unit unit, rlim_t *out, struct err *err)
{
	uint64_t size;

	if (strcmp(text, "unlimited") == 0) {
		*out = RLIM_INFINITY;
		return 0;
	}
	if (unit != LIMIT_SIZE)
		return time_read(text, unit, out, err);
	if (value_size(text, &size, err) == -1)
		return err_set(err, 0,
			       "\"%s\" is not a number or a size like 64K, 10M or 2G, or unlimited",
			       text);
	*out = size;
	return 0;
}

/* How others write it. */
static const char *unlimited_hint(const char *text)
{
	static const char *const words[] = {"infinity", "infinite", "inf", "none", "-1"};
	static const char *const unlimited[] = {"unlimited"};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (strcmp(text, words[i]) == 0)
			return unlimited[0];
	}
	return text_nearest(text, unlimited, 1);
}

static bool amount_take(struct loader *loader, const struct option *option, const struct node *node,
			enum limit_unit unit, rlim_t *out)
{
	const char *text = read_text(loader, option, node);
	char size[HABIT_SIZE_MAX], span[SPAN_TEXT_SIZE];
	struct err err;

	if (text == NULL)
		return false;
	if (amount_read(text, unit, out, &err) == 0)
		return true;
	const char *hint = unlimited_hint(text);
	if (hint == NULL)
		hint = unit == LIMIT_SIZE ? habit_size(text, size) : habit_span(text, span);
	read_refuse(loader, option, node, hint, &err);
	return false;
}

/* {soft: X, hard: Y}, both of them. */
static bool pair_take(struct loader *loader, const struct option *option, const struct item *item,
		      enum limit_unit unit, struct rlimit_spec *out)
{
	const struct node *soft = node_find(item->value, "soft"),
			  *hard = node_find(item->value, "hard");

	if (soft == NULL || hard == NULL || item->value->count != 2) {
		loader_error(loader, item->value->place, NULL,
			     "`%s` wants one value, or {soft: X, hard: Y}", option->path);
		return false;
	}
	if (!amount_take(loader, option, soft, unit, &out->soft) ||
	    !amount_take(loader, option, hard, unit, &out->hard))
		return false;
	if (out->soft > out->hard)
		loader_error(loader, soft->place, NULL, "the soft limit is above the hard one");
	return out->soft <= out->hard;
}

/* Others than root can only go down from what fosterd has. */
static void limit_clamp(struct loader *loader, const struct item *item, struct rlimit_spec *value)
{
	rlim_t most = loader->context->rlimits[value->resource].rlim_max;

	if (loader->context->uid == 0 || value->hard <= most)
		return;
	loader_warning(
		loader, item->value->place,
		"`limits.%s` is above fosterd's own hard limit of %ju, which others than root "
		"cannot exceed: that is used",
		item->key, (uintmax_t)most);
	value->hard = most;
	if (value->soft > most)
		value->soft = most;
}

static void limit_take(struct loader *loader, const struct option *option, const struct item *item,
		       unsigned n, struct limit *out)
{
	struct rlimit_spec value = {.resource = limits[n].resource};
	bool good;

	if (item->value->kind == NODE_MAP) {
		good = pair_take(loader, option, item, limits[n].unit, &value);
	} else {
		good = amount_take(loader, option, item->value, limits[n].unit, &value.soft);
		value.hard = value.soft;
	}
	if (!good)
		return;
	limit_clamp(loader, item, &value);
	*out = (struct limit){.item = item, .value = value};
}

void read_limits(struct loader *loader, const struct option *option, const struct item *item,
		 void *field)
{
	const char *names[RLIMIT_SPEC_MAX];
	struct limit *out = field;

	if (!read_is_map(loader, item->value, option->path, "{nofile: 1024}"))
		return;
	for (unsigned n = 0; n < RLIMIT_SPEC_MAX; n++)
		names[n] = limits[n].name;
	for (const struct item *one = item->value->first; one != NULL; one = one->next) {
		unsigned n = 0;
		while (n < RLIMIT_SPEC_MAX && strcmp(limits[n].name, one->key) != 0)
			n++;
		struct option named = *option;
		named.path =
			loader_must(loader, arena_printf(&loader->scratch, "limits.%s", one->key));
		if (n < RLIMIT_SPEC_MAX)
			limit_take(loader, &named, one, n, &out[n]);
		else
			loader_error(loader, one->key_place,
				     text_nearest(one->key, names, RLIMIT_SPEC_MAX),
				     "unknown limit `%s`", one->key);
	}
}
