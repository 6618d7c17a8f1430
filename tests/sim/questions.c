#include "sim/questions.h"

static const char *begin(struct question *q, const struct order *order, mono_ns now)
{
	if (q->asking)
		return "a second question was ordered while one is under way";
	q->asking = true;
	q->dropped = false;
	q->serial = order->serial;
	q->count++;
	q->answer_at = q->automatic ? mono_add(now, q->takes) : MONO_NEVER;
	return NULL;
}

static const char *drop(struct question *q, const struct order *order, mono_ns now)
{
	if (!q->asking || q->dropped || order->serial != q->serial)
		return "the end of a question was ordered that is not under way";
	q->dropped = true;
	if (q->automatic)
		q->answer_at = now;
	return NULL;
}

const char *question_order(struct question *q, const struct order *order, mono_ns now)
{
	if (order->kind == ORDER_PROBE)
		return begin(q, order, now);
	return drop(q, order, now);
}

struct fact question_answer(const struct question *q, uint32_t probe)
{
	return (struct fact){.kind = FACT_PROBED,
			     .probe = probe,
			     .serial = q->serial,
			     .result = q->dropped ? PROBE_UNKNOWN : q->result,
			     .span = q->takes};
}

void question_told(struct question *q, const struct fact *fact)
{
	if (fact->serial != q->serial)
		return;
	q->asking = q->dropped = false;
	q->answer_at = MONO_NEVER;
}
