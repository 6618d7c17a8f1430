#include "conf/fit.h"

#include <stdio.h>

#include "base/text.h"
#include "conf/draft.h"

/* At the end of drain.timeout, for the last SIGKILL and the reaping: the policy keeps to it. */
static const span_ns LAST_WORDS = 500 * NS_MS;

/* Kept for the stops of the lifespan when nobody says how much. */
static const span_ns RESERVE = 5 * NS_S;

enum { SUM_SHOWN = 8, SUM_TEXT_MAX = 1024 };

static const char *note(bool said)
{
	return said ? "" : " (default)";
}

/* What stands in the way of an arithmetic: none of it is known to be wrong. */
static bool is_known(const struct loader *loader)
{
	return !loader->refused[OPTION_DRAIN_DELAY] && !loader->refused[OPTION_DRAIN_TIMEOUT] &&
	       !loader->refused[OPTION_DRAIN_RESERVE];
}

static void reserve_finish(struct loader *loader)
{
	const struct item *origin = loader->origin[OPTION_DRAIN_RESERVE];
	struct spec *spec = loader->spec;

	if (origin == NULL)
		spec->drain_reserve = spec->n_steps > 0 ? RESERVE : 0;
	if (spec->n_steps > 0 || spec->drain_reserve == 0)
		return;
	spec->drain_reserve = 0;
	loader_warning(loader, origin->value->place,
		       "`drain.reserve` keeps nothing: it is for the stops of a `lifespan`, and "
		       "there is none");
}

/* What the workers and tasks have not. */
static span_ns kept(const struct spec *spec)
{
	return spec->drain_reserve > LAST_WORDS ? spec->drain_reserve : LAST_WORDS;
}

static span_ns room(const struct spec *spec)
{
	return spec->drain_timeout - spec->drain_delay - kept(spec);
}

/* "`drain.timeout` of 30s (default) - `drain.delay` of 0s (default) - 500ms for SIGKILL". */
static const char *room_text(struct loader *loader)
{
	const struct spec *spec = loader->spec;
	char timeout[SPAN_TEXT_SIZE], delay[SPAN_TEXT_SIZE], reserve[SPAN_TEXT_SIZE];
	const char *last = "500ms for SIGKILL";

	if (spec->drain_reserve > LAST_WORDS)
		last = loader_must(
			loader, arena_printf(&loader->scratch, "`drain.reserve` of %s%s",
					     span_format(reserve, spec->drain_reserve),
					     note(loader->origin[OPTION_DRAIN_RESERVE] != NULL)));
	return loader_must(loader,
			   arena_printf(&loader->scratch,
					"`drain.timeout` of %s%s - `drain.delay` of %s%s - %s",
					span_format(timeout, spec->drain_timeout),
					note(loader->origin[OPTION_DRAIN_TIMEOUT] != NULL),
					span_format(delay, spec->drain_delay),
					note(loader->origin[OPTION_DRAIN_DELAY] != NULL), last));
}

/* The first that was said of the drain, else what has the default that is in the way. */
static struct place place_of_drain(const struct loader *loader, struct place other)
{
	static const enum option_id ids[] = {OPTION_DRAIN_DELAY, OPTION_DRAIN_RESERVE,
					     OPTION_DRAIN_TIMEOUT};

	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
		if (loader->origin[ids[i]] != NULL)
			return loader->origin[ids[i]]->value->place;
	}
	return other;
}

/* True when the drain leaves some time; else that is reported. */
static bool drain_fits(struct loader *loader, struct place root)
{
	if (room(loader->spec) > 0)
		return true;
	loader_error(loader, place_of_drain(loader, root), NULL,
		     "%s leaves nothing for stopping the workers", room_text(loader));
	return false;
}

/* True when it may take longer than there is for all, as far as its timeout is known. */
static bool is_too_slow(const struct loader *loader, const struct draft *draft)
{
	return !draft->refused[OPTION_STOP_TIMEOUT] &&
	       draft->spec.stop_timeout > room(loader->spec);
}

/* Warns, once, when there are workers that do not fit by themselves. */
static void workers_check(struct loader *loader)
{
	char stop[SPAN_TEXT_SIZE], has[SPAN_TEXT_SIZE], more[48] = "";
	const struct draft *worst = NULL;
	uint32_t n = 0;

	for (uint32_t w = 0; w < loader->spec->n_workers; w++) {
		const struct draft *draft = &loader->drafts[w];
		if (!is_too_slow(loader, draft))
			continue;
		n++;
		if (worst == NULL || draft->spec.stop_timeout > worst->spec.stop_timeout)
			worst = draft;
	}
	if (worst == NULL)
		return;
	if (n > 1)
		snprintf(more, sizeof more, " (and %u more are too slow)", (unsigned)(n - 1));
	loader_warning(loader, draft_place(worst, OPTION_STOP_TIMEOUT),
		       "`%s` may take %s%s to stop, but has %s: %s%s", worst->spec.name,
		       span_format(stop, worst->spec.stop_timeout),
		       note(worst->origin[OPTION_STOP_TIMEOUT] != NULL),
		       span_format(has, room(loader->spec)), room_text(loader), more);
}

/* Of each level the service that may take longest to stop; NULL where there is none. While a job
 * runs, those that wait for its end do not. */
static const struct draft **slowest(struct loader *loader)
{
	const struct draft **levels =
		loader_scratch(loader, (loader->spec->n_levels + 1) * sizeof levels[0]);

	for (uint32_t w = 0; w < loader->spec->n_workers; w++) {
		const struct draft *draft = &loader->drafts[w];
		const struct draft **level = &levels[draft->spec.level];
		if (draft->spec.replicas > 0 && draft->spec.kind == PROGRAM_SERVICE &&
		    (*level == NULL || (*level)->spec.stop_timeout < draft->spec.stop_timeout))
			*level = draft;
	}
	return levels;
}

/* "web 10s + app 20s + db 10s", the first to be stopped first. */
static void sum_print(struct text *out, const struct draft *const *levels, uint32_t n)
{
	char span[SPAN_TEXT_SIZE];
	uint32_t shown = 0, hidden = 0;

	for (uint32_t level = n; level-- > 0;) {
		if (levels[level] == NULL || levels[level]->spec.stop_timeout == 0)
			continue;
		if (shown == SUM_SHOWN) {
			hidden++;
			continue;
		}
		text_add(out, "%s%s %s", shown++ > 0 ? " + " : "", levels[level]->spec.name,
			 span_format(span, levels[level]->spec.stop_timeout));
	}
	if (hidden > 0)
		text_add(out, " + %u more", (unsigned)hidden);
}

/* Warns when one level after the other does not fit. True when they do. */
static bool levels_check(struct loader *loader)
{
	const struct draft **levels = slowest(loader);
	uint32_t n = loader->spec->n_levels;
	char buf[SUM_TEXT_MAX], sum_text[SPAN_TEXT_SIZE], has[SPAN_TEXT_SIZE];
	struct text list;
	span_ns sum = 0;
	const struct draft *first = NULL;

	for (uint32_t level = 0; level < n; level++) {
		if (levels[level] == NULL)
			continue;
		sum += levels[level]->spec.stop_timeout;
		first = levels[level];
	}
	if (sum <= room(loader->spec))
		return true;
	text_init(&list, buf, sizeof buf);
	sum_print(&list, levels, n);
	loader_warning(loader, place_of_drain(loader, first->item->key_place),
		       "stopping may take %s, one level after the other: %s; but it has %s: %s. "
		       "Each level's time is made shorter in proportion",
		       span_format(sum_text, sum), buf, span_format(has, room(loader->spec)),
		       room_text(loader));
	return false;
}

void fit_check(struct loader *loader, struct place root)
{
	if (!is_known(loader))
		return;
	reserve_finish(loader);
	if (!drain_fits(loader, root))
		return;
	/* What the sum tells of one after the other is told of each in it. */
	if (loader->spec->n_levels < 2 || levels_check(loader))
		workers_check(loader);
}
