#include "policy/share.h"

#include "base/must.h"

static const span_ns TERM_BEFORE_END = 2 * NS_S;

struct share share_of_stops(span_ns left, uint32_t n, span_ns others)
{
	MUST(left > 0 && n > 0);
	span_ns part = left / n, rest = left > others ? left - others : 0;
	span_ns room = part > rest ? part : rest;

	if (room == 0)
		room = 1;
	span_ns margin = room / 5 < TERM_BEFORE_END ? room / 5 : TERM_BEFORE_END;
	return (struct share){.term = room - margin, .kill = room};
}
