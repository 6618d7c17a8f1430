#include "conf/level.h"

#include <string.h>

#include "base/must.h"
#include "base/text.h"
#include "conf/draft.h"

enum { PLACES_SHOWN = 8, CIRCLES_TOLD = 10 };

/* What Tarjan's search for strongly connected components knows of one worker. */
struct mark {
	uint32_t order; /* in which it was met, from 1; 0: not yet */
	uint32_t low;	/* the earliest that can be reached from it */
	uint32_t next;	/* of its dependencies, the one to follow next */
	uint32_t from;	/* whose dependency led here */
	uint32_t knot;	/* the knot's number, from 1; 0: it is still being put together */
	bool told;	/* in a circle that was reported */
};

struct search {
	struct loader *loader;
	struct mark *marks;
	uint32_t *stack; /* met, and of no finished knot */
	uint32_t depth;
	uint32_t met;
	uint32_t knots;
};

static const struct worker_spec *spec_of(const struct search *s, uint32_t worker)
{
	return &s->loader->drafts[worker].spec;
}

/* Where the draft says that it waits for worker. */
static struct place edge_place(const struct search *s, uint32_t draft, uint32_t worker)
{
	const struct wishes *wishes = &s->loader->drafts[draft].depends_on;
	const char *name = spec_of(s, worker)->name;

	for (uint32_t i = 0; i < wishes->count; i++) {
		if (strcmp(wishes->list[i].name, name) == 0)
			return wishes->list[i].at;
	}
	MUST(false);
}

/* Breadth first from `first` through its knot, until it is met again: its shortest circle. Returns
 * the last of that; each one's `from` is the one before. */
static uint32_t circle_find(struct search *s, uint32_t first, const uint32_t *members, uint32_t n)
{
	uint32_t *queue = loader_scratch(s->loader, n * sizeof queue[0]);
	uint32_t head = 0, tail = 0;

	for (uint32_t i = 0; i < n; i++)
		s->marks[members[i]].from = PROGRAM_NONE;
	queue[tail++] = first;
	while (head < tail) {
		uint32_t at = queue[head++];
		const struct worker_spec *spec = spec_of(s, at);
		for (uint32_t i = 0; i < spec->n_depends_on; i++) {
			uint32_t next = spec->depends_on[i].worker;
			struct mark *mark = &s->marks[next];
			if (next == first)
				return at;
			if (mark->knot != s->marks[first].knot || mark->from != PROGRAM_NONE)
				continue;
			mark->from = at;
			queue[tail++] = next;
		}
	}
	MUST(false);
}

/* The circle as it is followed, from first. Returns how many. */
static uint32_t circle_take(struct search *s, uint32_t first, uint32_t last, uint32_t *circle)
{
	uint32_t n = 1;

	for (uint32_t at = last; at != first; at = s->marks[at].from)
		n++;
	for (uint32_t i = n, at = last; i > 0; at = s->marks[at].from)
		circle[--i] = at;
	return n;
}

/* "web -> app -> db -> web". */
static const char *circle_names(struct search *s, const uint32_t *circle, uint32_t n)
{
	struct text out;
	size_t size = 1;

	for (uint32_t i = 0; i <= n; i++)
		size += strlen(spec_of(s, circle[i % n])->name) + strlen(" -> ");
	char *buf = loader_scratch(s->loader, size);
	text_init(&out, buf, size);
	for (uint32_t i = 0; i <= n; i++)
		text_add(&out, "%s%s", i > 0 ? " -> " : "", spec_of(s, circle[i % n])->name);
	return buf;
}

static void circle_tell(struct search *s, const uint32_t *circle, uint32_t n)
{
	struct loader *loader = s->loader;
	const char *others = "";
	uint32_t i = 1;

	for (; i < n && i <= PLACES_SHOWN; i++)
		others = loader_must(
			loader,
			arena_printf(&loader->scratch, "%s%s%s", others,
				     i == 1 ? "; further at " : ", ",
				     loader_place_text(loader, edge_place(s, circle[i],
									  circle[(i + 1) % n]))));
	if (i < n)
		others = loader_must(loader, arena_printf(&loader->scratch, "%s and %u more places",
							  others, (unsigned)(n - i)));
	loader_error(loader, edge_place(s, circle[0], circle[1]), NULL,
		     "workers that wait for each other: %s%s", circle_names(s, circle, n), others);
}

/* The first in the file that is in no circle which was reported; PROGRAM_NONE: none is left. */
static uint32_t untold(const struct search *s, const uint32_t *members, uint32_t n)
{
	uint32_t first = PROGRAM_NONE;

	for (uint32_t i = 0; i < n; i++) {
		if (!s->marks[members[i]].told && members[i] < first)
			first = members[i];
	}
	return first;
}

/* So many circles that each worker of the knot is in one of them, up to a number: a knot has
 * countless. */
static void knot_report(struct search *s, const uint32_t *members, uint32_t n)
{
	uint32_t *circle = loader_scratch(s->loader, n * sizeof circle[0]), first;

	for (int told = 0; told < CIRCLES_TOLD && (first = untold(s, members, n)) != PROGRAM_NONE;
	     told++) {
		uint32_t last = circle_find(s, first, members, n);
		uint32_t len = circle_take(s, first, last, circle);
		for (uint32_t i = 0; i < len; i++)
			s->marks[circle[i]].told = true;
		circle_tell(s, circle, len);
	}
}

static uint32_t level_of(const struct search *s, const struct worker_spec *spec)
{
	uint32_t level = 0;

	for (uint32_t i = 0; i < spec->n_depends_on; i++) {
		uint32_t below = spec_of(s, spec->depends_on[i].worker)->level;
		level = below >= level ? below + 1 : level;
	}
	return level;
}

/* All that was met since the worker, and it: they reach each other, or it is alone. */
static void knot_close(struct search *s, uint32_t worker)
{
	struct worker_spec *spec = &s->loader->drafts[worker].spec;
	uint32_t end = s->depth, n;

	s->knots++;
	do {
		s->marks[s->stack[--s->depth]].knot = s->knots;
	} while (s->stack[s->depth] != worker);
	n = end - s->depth;
	if (n > 1)
		knot_report(s, &s->stack[s->depth], n);
	else
		spec->level = level_of(s, spec);
	if (s->loader->spec->n_levels <= spec->level)
		s->loader->spec->n_levels = spec->level + 1;
}

static void meet(struct search *s, uint32_t worker, uint32_t from)
{
	s->met++;
	s->marks[worker] = (struct mark){.order = s->met, .low = s->met, .from = from};
	s->stack[s->depth++] = worker;
}

/* Follow the worker's next dependency. Returns where the search goes on. */
static uint32_t edge_follow(struct search *s, uint32_t at)
{
	struct mark *mark = &s->marks[at];
	uint32_t to = spec_of(s, at)->depends_on[mark->next++].worker;
	const struct mark *there = &s->marks[to];

	if (there->order == 0) {
		meet(s, to, at);
		return to;
	}
	if (there->knot == 0 && there->order < mark->low)
		mark->low = there->order;
	return at;
}

/* Nothing is left to follow: back to where it was come from, PROGRAM_NONE at the beginning. */
static uint32_t back(struct search *s, uint32_t at)
{
	uint32_t from = s->marks[at].from, low = s->marks[at].low;

	if (low == s->marks[at].order)
		knot_close(s, at);
	if (from != PROGRAM_NONE && low < s->marks[from].low)
		s->marks[from].low = low;
	return from;
}

void levels_finish(struct loader *loader)
{
	uint32_t n = loader->spec->n_workers;
	struct search s = {.loader = loader};

	s.marks = loader_scratch(loader, (n + 1) * sizeof s.marks[0]);
	s.stack = loader_scratch(loader, (n + 1) * sizeof s.stack[0]);
	for (uint32_t worker = 0; worker < n; worker++) {
		uint32_t at = PROGRAM_NONE;
		if (s.marks[worker].order == 0) {
			meet(&s, worker, PROGRAM_NONE);
			at = worker;
		}
		while (at != PROGRAM_NONE)
			at = s.marks[at].next < spec_of(&s, at)->n_depends_on ? edge_follow(&s, at)
									      : back(&s, at);
	}
	for (uint32_t task = 0; task < loader->spec->n_tasks; task++) {
		struct worker_spec *spec = &loader->tasks[task].spec;
		spec->level = level_of(&s, spec);
	}
}
