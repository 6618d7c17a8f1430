#include "explore/scene.h"

#include <signal.h>
#include <string.h>

#include "base/must.h"

enum { ORDERS_MAX = 1024, STEPS_TO_THE_END = 100 * SLOTS };

static const span_ns APART = 600 * NS_MS; /* of signals that count each */
static const mono_ns LAST_DAY =
	MONO_NEVER / 2; /* in 146 years; deadlines beyond come of endless extensions */

struct fleet *scene_fleet(const struct scene *s)
{
	return (struct fleet *)(uintptr_t)s->fleet;
}

void scene_init(struct scene *s, const struct spec *spec, bool hostile, bool by_hand)
{
	MUST(spec->n_instances == SLOTS && fleet_size(spec) <= FLEET_ROOM);
	memset(s, 0, sizeof *s);
	MUST(spec->n_probes <= ASKED_MAX);
	s->n_probes = spec->n_probes;
	s->hostile = hostile;
	s->by_hand = by_hand;
	s->now = 1000 * NS_S;
	fleet_init(s->fleet, spec, 1, s->now);
	fleet_check(scene_fleet(s));
}

static bool is_live(const struct slot *slot)
{
	return slot->spawning || slot->main || slot->rest || slot->command;
}

static bool any_is_live(const struct scene *s)
{
	for (int i = 0; i < SLOTS; i++)
		if (is_live(&s->slots[i]))
			return true;
	return false;
}

/* What the fact means for the processes. */
static void happen(struct slot *slot, const struct fact *fact)
{
	if (fact->gen != slot->gen)
		return;
	if (fact->kind == FACT_SPAWNED || fact->kind == FACT_SPAWN_FAILED)
		slot->spawning = false;
	if (fact->kind == FACT_SPAWNED) {
		slot->main = true;
	} else if (fact->kind == FACT_EXITED) {
		slot->main = false;
		slot->rest = !fact->empty;
	} else if (fact->kind == FACT_EMPTY) {
		slot->rest = false;
	} else if (fact->kind == FACT_STOP_COMMAND_DONE) {
		slot->command = false;
	}
}

/* What was wished by hand; before the beginning nobody listens. */
static void wished(struct slot *slot, const struct fact *fact)
{
	if (slot->gen > 0)
		slot->held = fact->kind == FACT_STOP;
}

static void spawned(struct scene *s, const struct order *o)
{
	struct slot *slot = &s->slots[o->instance];

	MUST(!s->draining);
	MUST(o->gen == slot->gen + 1);
	MUST(!slot->held);
	MUST(s->hostile || !is_live(slot));
	*slot = (struct slot){.gen = o->gen, .spawning = true};
}

static void signalled(struct scene *s, const struct order *o)
{
	struct slot *slot = &s->slots[o->instance];

	MUST(o->gen == slot->gen);
	MUST(s->hostile || is_live(slot));
	MUST(s->hostile || o->target != ORDER_TO_MAIN || slot->main);
	if (o->signo != SIGKILL) {
		MUST(!slot->killing);
		slot->told = true;
		return;
	}
	MUST(o->target == ORDER_TO_ALL);
	s->drain_killed = s->drain_killed || (s->draining && !slot->killing);
	slot->killing = true;
}

static void commanded(struct scene *s, const struct order *o)
{
	struct slot *slot = &s->slots[o->instance];

	MUST(o->gen == slot->gen);
	MUST(s->hostile || (slot->main && !slot->command && !slot->told && !slot->killing));
	slot->command = true;
}

static void quit(struct scene *s, const struct order *o)
{
	int code = s->gave_up ? 10 : s->drain_killed || any_is_live(s) ? 11 : 0;

	MUST(s->draining && !s->quit);
	MUST(o->code == 0 || o->code == 10 || o->code == 11);
	MUST(s->hostile || o->code == code);
	s->quit = true;
}

static void told(struct scene *s, const struct spec *spec, const struct order *o)
{
	MUST(o->gen == s->slots[o->instance].gen || o->state == INSTANCE_STARTING);
	if (o->state == INSTANCE_FAILED)
		s->gave_up = s->gave_up ||
			     spec_worker_of(spec, o->instance)->on_failed == ON_FAILED_SHUTDOWN;
	MUST(o->state != INSTANCE_FAILED || !s->draining);
}

/* Nobody asks a process that is not there, or one that is leaving whether it is to be killed. */
static void asked(struct scene *s, const struct spec *spec, const struct order *o)
{
	struct probe_owner owner = probe_owner_of(spec, o->probe);
	struct asked *asked = &s->asked[o->probe];

	MUST(!asked->asking && o->serial == asked->serial + 1);
	*asked = (struct asked){.serial = o->serial, .asking = true};
	if (owner.check != NULL)
		return;
	const struct slot *slot = &s->slots[owner.instance];
	MUST(s->hostile || slot->main);
	if (owner.role != PROBE_READINESS)
		MUST(!slot->told && !slot->killing && (s->hostile || !slot->command));
	if (owner.role == PROBE_STARTUP || owner.worker->probes[PROBE_STARTUP] == NULL)
		return;
	uint32_t startup = probe_of_instance(owner.worker, owner.ordinal, PROBE_STARTUP);
	struct probe_status status;
	fleet_probe_status(scene_fleet(s), startup, &status);
	MUST(status.verdict == PROBE_SUCCESS);
}

static void dropped(struct scene *s, const struct order *o)
{
	struct asked *asked = &s->asked[o->probe];

	MUST(asked->asking && !asked->dropped && o->serial == asked->serial);
	asked->dropped = true;
}

static void carry_out(struct scene *s, const struct spec *spec, const struct order *o)
{
	MUST(!s->quit);
	switch (o->kind) {
	case ORDER_SPAWN:
		spawned(s, o);
		break;
	case ORDER_SIGNAL:
		signalled(s, o);
		break;
	case ORDER_STOP_COMMAND:
		commanded(s, o);
		break;
	case ORDER_TELL:
		told(s, spec, o);
		break;
	case ORDER_TELL_FLEET:
		s->draining = s->draining || o->fleet_state >= FLEET_DRAINING;
		break;
	case ORDER_QUIT:
		quit(s, o);
		break;
	case ORDER_PROBE:
		asked(s, spec, o);
		break;
	case ORDER_PROBE_STOP:
		dropped(s, o);
		break;
	case ORDER_RELOAD_COMMAND:
	case ORDER_TELL_PROBE:
		break;
	case ORDER_KIND_COUNT:
		MUST(false && "an order");
	}
}

/* What is said of a probe agrees with what was ordered. */
static void check_probes(const struct scene *s, const struct spec *spec)
{
	for (uint32_t n = 0; n < s->n_probes; n++) {
		struct probe_status status;
		fleet_probe_status(scene_fleet(s), n, &status);
		MUST(s->quit || status.asking == s->asked[n].asking);
		/* A process that has gone is not asked, and what is under way is ended. */
		struct probe_owner owner = probe_owner_of(spec, n);
		if (owner.check == NULL && !s->hostile && !s->slots[owner.instance].main)
			MUST(s->quit || (status.next == MONO_NEVER &&
					 s->asked[n].asking == s->asked[n].dropped));
	}
}

/* What the world may see of it at any moment. */
static void check(const struct scene *s, const struct spec *spec)
{
	struct status status;

	fleet_check(scene_fleet(s));
	fleet_status(scene_fleet(s), &status);
	MUST(!(s->draining && status.ready));
	MUST(s->draining == (status.state >= FLEET_DRAINING));
	MUST(s->quit == (status.state == FLEET_STOPPED));
	MUST(!s->draining || s->quit || s->now <= status.drain.deadline);
	check_probes(s, spec);
	for (uint32_t i = 0; i < SLOTS && !s->hostile; i++) {
		struct instance_status instance;
		fleet_instance_status(scene_fleet(s), i, &instance);
		MUST(instance.gen == s->slots[i].gen);
		MUST((instance.pid != 0) == s->slots[i].main || s->quit);
		MUST(!fleet_wants_spawn(scene_fleet(s), i, instance.gen) || s->slots[i].spawning);
	}
}

void scene_tell(struct scene *s, const struct spec *spec, const struct fact *fact)
{
	static struct order list[ORDERS_MAX];
	struct orders out = {.list = list, .room = ORDERS_MAX};

	s->terms = (uint8_t)(s->terms + (fact->kind == FACT_TERMINATE));
	if (fact_kind_is_run(fact->kind))
		happen(&s->slots[fact->instance], fact);
	if (fact->kind == FACT_PROBED && fact->serial == s->asked[fact->probe].serial)
		s->asked[fact->probe].asking = s->asked[fact->probe].dropped = false;
	if (fact_kind_is_by_hand(fact->kind))
		wished(&s->slots[fact->instance], fact);
	fleet_step(scene_fleet(s), fact, s->now, &out);
	for (uint32_t n = 0; n < out.count; n++)
		carry_out(s, spec, &out.list[n]);
	check(s, spec);
}

bool scene_pass(struct scene *s, const struct spec *spec)
{
	mono_ns at = fleet_deadline(scene_fleet(s));

	if (s->quit || at > LAST_DAY)
		return false;
	s->now = mono_max(s->now, at);
	scene_tell(s, spec, &(struct fact){.kind = FACT_TIME});
	return true;
}

void scene_terminate(struct scene *s, const struct spec *spec)
{
	struct status status;

	fleet_status(scene_fleet(s), &status);
	/* Not past the end of a drain: the engine would have told the time before. */
	if (s->draining && s->now + APART > status.drain.deadline)
		return;
	s->now += APART;
	scene_tell(s, spec, &(struct fact){.kind = FACT_TERMINATE});
}

/* One thing that an obedient slot does next; false: it has nothing to do. */
static bool obey(struct scene *s, const struct spec *spec, uint32_t i)
{
	const struct slot *slot = &s->slots[i];
	struct fact fact = {.instance = i, .gen = slot->gen, .empty = true};

	if (slot->spawning)
		fact.kind = FACT_SPAWN_FAILED, fact.cancelled = true;
	else if (slot->command)
		fact.kind = FACT_STOP_COMMAND_DONE;
	else if (slot->main && (slot->told || slot->killing))
		fact.kind = FACT_EXITED;
	else if (slot->rest && (slot->told || slot->killing))
		fact.kind = FACT_EMPTY;
	else
		return false;
	scene_tell(s, spec, &fact);
	return true;
}

static void end(struct scene s, const struct spec *spec, bool obedient)
{
	if (!s.draining)
		scene_terminate(&s, spec);
	for (int n = 0; !s.quit; n++) {
		bool moved = false;
		MUST(n < STEPS_TO_THE_END);
		for (uint32_t i = 0; i < SLOTS && obedient && !moved; i++)
			moved = obey(&s, spec, i);
		if (!moved)
			MUST(scene_pass(&s, spec));
	}
	MUST(!obedient || !any_is_live(&s));
}

void scene_see_off(const struct scene *s, const struct spec *spec)
{
	end(*s, spec, false);
	if (!s->hostile)
		end(*s, spec, true);
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
	return hash ^ (hash >> 29);
}

uint64_t scene_hash(const struct scene *s)
{
	uint64_t hash = mix(fleet_hash(scene_fleet(s)), (uint64_t)s->now);
	uint64_t flags = s->terms;

	flags = flags << 4 |
		(uint64_t)(s->draining << 3 | s->drain_killed << 2 | s->gave_up << 1 | s->quit);
	for (int i = 0; i < SLOTS; i++) {
		const struct slot *slot = &s->slots[i];
		int bits = slot->held << 6 | slot->spawning << 5 | slot->main << 4 |
			   slot->rest << 3 | slot->command << 2 | slot->told << 1 | slot->killing;
		hash = mix(hash, (uint64_t)slot->gen << 7 | (uint64_t)bits);
	}
	for (uint32_t n = 0; n < s->n_probes; n++)
		flags = flags << 2 | (uint64_t)(s->asked[n].asking << 1 | s->asked[n].dropped);
	return mix(hash, flags);
}
