#include "policy/rounds.h"

#include "base/must.h"
#include "policy/ledger.h"
#include "policy/standing.h"
#include "policy/vitals.h"

/* Turns that a late wake-up has missed are taken together, but not more than of this time. */
static const span_ns LATE = 10 * NS_MS;

/* A check that nobody was able to ask does not wait for its period: it would be stale by then. */
static const span_ns AGAIN = 500 * NS_MS;

static mono_ns first_due(const struct fleet *f)
{
	return roster_asks_count(f) == 0 ? MONO_NEVER : roster_asks(f)[0].at;
}

mono_ns rounds_deadline(const struct fleet *f)
{
	return mono_max(first_due(f), f->ask_free);
}

void rounds_ask(struct fleet *f, struct orders *out)
{
	mono_ns turn = mono_max(rounds_deadline(f), f->now - LATE);

	MUST(turn <= f->now);
	struct entry entry = ledger_open(f, roster_asks(f)[0].id, out);
	vitals_ask(entry.instance, &entry.env, turn);
	f->ask_free = mono_add(turn, f->gap);
	ledger_close(f, &entry);
}

static const struct check_spec *spec_of(const struct fleet *f, uint32_t check)
{
	return &f->spec->checks[check];
}

static struct probe *probe_of(const struct fleet *f, uint32_t check)
{
	return &roster_probes(f)[probe_of_check(f->spec, check)];
}

static void order_check(const struct fleet *f, uint32_t check, enum order_kind kind,
			struct orders *out)
{
	orders_add(out, (struct order){.kind = kind,
				       .probe = probe_of_check(f->spec, check),
				       .serial = probe_of(f, check)->serial,
				       .verdict = probe_of(f, check)->verdict,
				       .health = roster_checks(f)[check].health});
}

/* After any change of a check: when it is due, and the sums. */
static void account(struct fleet *f, uint32_t check, const struct check *before)
{
	struct check *after = &roster_checks(f)[check];
	bool was_down = before->health == HEALTH_UNHEALTHY;

	check_wait(after, spec_of(f, check), probe_of(f, check));
	heap_set(roster_heap(f), roster_heap_count(f), f->spec->n_instances + check,
		 after->deadline);
	ready_update_check(&f->muster, spec_of(f, check), before, after);
	if (was_down != (after->health == HEALTH_UNHEALTHY))
		f->gates_moved = true;
}

static void ask(const struct fleet *f, uint32_t check, mono_ns at, struct orders *out)
{
	probe_ask(probe_of(f, check), &spec_of(f, check)->probe, at);
	order_check(f, check, ORDER_PROBE, out);
}

void rounds_begin(struct fleet *f)
{
	for (uint32_t c = 0; c < f->spec->n_checks; c++) {
		struct check *check = &roster_checks(f)[c], before = *check;
		check_begin(check, spec_of(f, c), probe_of(f, c), f->now);
		account(f, c, &before);
	}
}

void rounds_check(struct fleet *f, uint32_t c, struct orders *out)
{
	struct check *check = &roster_checks(f)[c], before = *check;
	mono_ns due = probe_deadline(probe_of(f, c));

	check_time(check, spec_of(f, c), probe_of(f, c), f->now);
	if (due <= f->now)
		ask(f, c, mono_max(due, f->now - LATE), out);
	if (check->health != before.health)
		order_check(f, c, ORDER_TELL_PROBE, out);
	account(f, c, &before);
}

static void answer_check(struct fleet *f, uint32_t c, const struct fact *fact, struct orders *out)
{
	struct check *check = &roster_checks(f)[c], before = *check;
	struct probe *probe = probe_of(f, c);
	enum probe_result verdict = probe->verdict;
	bool was_asking = probe->asking;

	if (probe_answer(probe, &spec_of(f, c)->probe, fact, f->now))
		check_answer(check, spec_of(f, c), probe, f->now);
	else if (was_asking && !probe->asking)
		probe->due = mono_min(probe->due, mono_add(f->now, AGAIN));
	if (probe->verdict != verdict || check->health != before.health)
		order_check(f, c, ORDER_TELL_PROBE, out);
	account(f, c, &before);
}

void rounds_answer(struct fleet *f, const struct fact *fact, struct orders *out)
{
	struct probe_owner owner = probe_owner_of(f->spec, fact->probe);

	if (owner.check != NULL) {
		answer_check(f, (uint32_t)(owner.check - f->spec->checks), fact, out);
		return;
	}
	struct entry entry = ledger_open(f, owner.instance, out);
	standing_probed(entry.instance, &entry.env, owner.role, fact);
	ledger_close(f, &entry);
}

static void hurry_check(struct fleet *f, uint32_t c, struct orders *out)
{
	struct check before = roster_checks(f)[c];

	if (probe_deadline(probe_of(f, c)) == MONO_NEVER)
		return;
	ask(f, c, f->now, out);
	account(f, c, &before);
}

void rounds_hurry(struct fleet *f, uint32_t probe, struct orders *out)
{
	struct probe_owner owner = probe_owner_of(f->spec, probe);

	if (owner.check != NULL) {
		hurry_check(f, (uint32_t)(owner.check - f->spec->checks), out);
		return;
	}
	struct entry entry = ledger_open(f, owner.instance, out);
	probe_hurry(entry.env.probes[owner.role], f->now);
	ledger_close(f, &entry);
}
