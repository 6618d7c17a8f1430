#include "conf/fit.h"

#include "base/text.h"
#include "conf/draft.h"

/* At the end of drain.timeout, for the last SIGKILL and the reaping: the policy keeps to it. */
static const span_ns LAST_WORDS = 500 * NS_MS;

static const char *note(bool said)
{
	return said ? "" : " (default)";
}

static struct place place_of_drain(const struct loader *loader)
{
	enum option_id id = loader->origin[OPTION_DRAIN_DELAY] != NULL ? OPTION_DRAIN_DELAY
								       : OPTION_DRAIN_TIMEOUT;

	return loader->origin[id]->value->place;
}

/* True when the drain leaves some time; else that is reported. */
static bool drain_fits(struct loader *loader)
{
	const struct spec *spec = loader->spec;
	char timeout[SPAN_TEXT_SIZE], delay[SPAN_TEXT_SIZE];

	if (spec->drain_timeout - spec->drain_delay > LAST_WORDS)
		return true;
	loader_error(loader, place_of_drain(loader), NULL,
		     "`drain.timeout` of %s%s minus `drain.delay` of %s%s leaves nothing for "
		     "stopping the workers: the last 500ms are for SIGKILL",
		     span_format(timeout, spec->drain_timeout),
		     note(loader->origin[OPTION_DRAIN_TIMEOUT] != NULL),
		     span_format(delay, spec->drain_delay),
		     note(loader->origin[OPTION_DRAIN_DELAY] != NULL));
	return false;
}

/* Warns when it does not. */
static void worker_check(struct loader *loader, const struct draft *draft)
{
	const struct spec *spec = loader->spec;
	span_ns room = spec->drain_timeout - spec->drain_delay - LAST_WORDS;
	char stop[SPAN_TEXT_SIZE], has[SPAN_TEXT_SIZE], timeout[SPAN_TEXT_SIZE],
		delay[SPAN_TEXT_SIZE];

	if (draft->refused[OPTION_STOP_TIMEOUT] || draft->spec.stop_timeout <= room)
		return;
	loader_warning(loader, draft_place(draft, OPTION_STOP_TIMEOUT),
		       "`%s` may take %s%s to stop, but has %s: `drain.timeout` of %s%s - "
		       "`drain.delay` of %s%s - 500ms for SIGKILL",
		       draft->spec.name, span_format(stop, draft->spec.stop_timeout),
		       note(draft->origin[OPTION_STOP_TIMEOUT] != NULL), span_format(has, room),
		       span_format(timeout, spec->drain_timeout),
		       note(loader->origin[OPTION_DRAIN_TIMEOUT] != NULL),
		       span_format(delay, spec->drain_delay),
		       note(loader->origin[OPTION_DRAIN_DELAY] != NULL));
}

void fit_check(struct loader *loader)
{
	if (loader->refused[OPTION_DRAIN_DELAY] || loader->refused[OPTION_DRAIN_TIMEOUT] ||
	    !drain_fits(loader))
		return;
	for (uint32_t w = 0; w < loader->spec->n_workers; w++)
		worker_check(loader, &loader->drafts[w]);
}
