#include "model/fact.h"

#include "base/must.h"

const char *fact_kind_name(enum fact_kind kind)
{
	static const char *const names[] = {
#define X(name, text) [name] = text,
		FACT_KINDS(X)
#undef X
	};

	MUST(kind < FACT_KIND_COUNT);
	return names[kind];
}

bool fact_kind_is_run(enum fact_kind kind)
{
	return kind >= FACT_SPAWNED;
}

bool fact_kind_is_by_hand(enum fact_kind kind)
{
	return kind >= FACT_RUN && kind <= FACT_RESTART;
}
