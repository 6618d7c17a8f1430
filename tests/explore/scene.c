#include "explore/scene.h"

#include <stdio.h>
#include <string.h>

#include "base/must.h"
#include "explore/carry.h"
#include "explore/promises.h"

enum { ORDERS_MAX = 1024, STEPS_TO_THE_END = 100 * SLOTS };

static const mono_ns BEGINNING = 1000 * NS_S;
static const span_ns APART = 600 * NS_MS; /* of signals that count each */
static const mono_ns LAST_DAY =
	MONO_NEVER / 2; /* in 146 years; deadlines beyond come of endless extensions */

static const struct scene *told; /* the last that was told something */

struct fleet *scene_fleet(const struct scene *s)
{
	return (struct fleet *)(uintptr_t)s->fleet;
}

void scene_init(struct scene *s, const struct spec *spec, bool hostile, bool by_hand)
{
	MUST(spec->n_instances <= SLOTS && fleet_size(spec) <= FLEET_ROOM);
	memset(s, 0, sizeof *s);
	s->n_slots = spec->n_instances;
	MUST(spec->n_probes <= ASKED_MAX);
	s->n_probes = spec->n_probes;
	s->hostile = hostile;
	s->by_hand = by_hand;
	s->now = BEGINNING;
	fleet_init(s->fleet, spec, 1, s->now);
	fleet_check(scene_fleet(s));
}

size_t scene_size(const struct spec *spec)
{
	return offsetof(struct scene, fleet) + fleet_size(spec);
}

bool slot_is_live(const struct slot *slot)
{
	return slot->spawning || slot->main || slot->rest || slot->command || slot->reload;
}

bool scene_is_live(const struct scene *s, const struct spec *spec)
{
	for (uint32_t i = 0; i < s->n_slots; i++)
		if (slot_is_live(&s->slots[i]) &&
		    spec_worker_of(spec, i)->kind != PROGRAM_STEP_STOP)
			return true;
	return false;
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
	for (uint32_t i = 0; i < s->n_slots && !s->hostile; i++) {
		struct instance_status instance;
		fleet_instance_status(scene_fleet(s), i, &instance);
		MUST(instance.gen == s->slots[i].gen);
		MUST((instance.pid != 0) == s->slots[i].main || s->quit);
		MUST(!fleet_wants_spawn(scene_fleet(s), i, instance.gen) || s->slots[i].spawning);
	}
}

static void leave_trail(struct scene *s, const struct fact *fact)
{
	told = s;
	if (s->n_trail < TRAIL_MAX)
		s->trail[s->n_trail] =
			(struct trace){.kind = (uint8_t)fact->kind,
				       .instance = (uint8_t)fact->instance,
				       .code = (uint8_t)fact->code,
				       .old = fact_kind_is_run(fact->kind) &&
					      fact->gen != s->slots[fact->instance].gen,
				       .now = s->now};
	s->n_trail++;
}

void scene_print_trail(void)
{
	for (uint32_t n = 0; told != NULL && n < told->n_trail && n < TRAIL_MAX; n++) {
		const struct trace *t = &told->trail[n];
		fprintf(stderr, "%gs %s of %u%s, code %u\n", (double)(t->now - BEGINNING) / NS_S,
			fact_kind_name(t->kind), (unsigned)t->instance, t->old ? "'s last run" : "",
			(unsigned)t->code);
	}
}

void scene_tell(struct scene *s, const struct spec *spec, const struct fact *fact)
{
	static struct order list[ORDERS_MAX];
	struct orders out = {.list = list, .room = fleet_orders_max(spec)};
	uint32_t runs[SLOTS];

	MUST(out.room <= ORDERS_MAX);
	leave_trail(s, fact);
	for (uint32_t i = 0; i < s->n_slots; i++)
		runs[i] = s->slots[i].gen;
	carry_fact(s, spec, fact);
	fleet_step(scene_fleet(s), fact, s->now, &out);
	for (uint32_t n = 0; n < out.count; n++)
		carry_order(s, spec, &out.list[n]);
	promises_after(s, spec, runs);
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

/* A stop of the lifespan ends by itself. */
static bool is_at_its_end(const struct scene *s, const struct spec *spec, uint32_t i)
{
	return s->slots[i].told || s->slots[i].killing ||
	       spec_worker_of(spec, i)->kind == PROGRAM_STEP_STOP;
}

/* One thing that an obedient slot does next; false: it has nothing to do. */
static bool obey(struct scene *s, const struct spec *spec, uint32_t i)
{
	const struct slot *slot = &s->slots[i];
	struct fact fact = {.instance = i, .gen = slot->gen, .empty = true};

	if (slot->spawning && fleet_wants_spawn(scene_fleet(s), i, slot->gen))
		fact.kind = FACT_SPAWNED, fact.pid = 77;
	else if (slot->spawning)
		fact.kind = FACT_SPAWN_FAILED, fact.cancelled = true;
	else if (slot->command)
		fact.kind = FACT_STOP_COMMAND_DONE;
	else if (slot->reload)
		fact.kind = FACT_RELOAD_COMMAND_DONE;
	else if (slot->main && is_at_its_end(s, spec, i))
		fact.kind = FACT_EXITED;
	else if (slot->rest && is_at_its_end(s, spec, i))
		fact.kind = FACT_EMPTY;
	else
		return false;
	scene_tell(s, spec, &fact);
	return true;
}

static void end(const struct scene *from, const struct spec *spec, bool obedient)
{
	struct scene s;

	memcpy(&s, from, scene_size(spec));
	if (!s.draining)
		scene_terminate(&s, spec);
	for (int n = 0; !s.quit; n++) {
		bool moved = false;
		MUST(n < STEPS_TO_THE_END);
		for (uint32_t i = 0; i < s.n_slots && obedient && !moved; i++)
			moved = obey(&s, spec, i);
		if (!moved)
			MUST(scene_pass(&s, spec));
	}
	MUST(!obedient || !scene_is_live(&s, spec));
}

void scene_see_off(const struct scene *s, const struct spec *spec)
{
	end(s, spec, false);
	if (!s->hostile)
		end(s, spec, true);
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

	flags = flags << 6 | (uint64_t)(s->begun << 5 | s->raised << 4 | s->draining << 3 |
					s->drain_killed << 2 | s->gave_up << 1 | s->quit);
	for (uint32_t i = 0; i < s->n_slots; i++) {
		const struct slot *slot = &s->slots[i];
		int bits = slot->reload << 9 | slot->cancelled << 8 | slot->bad << 7 |
			   slot->held << 6 | slot->spawning << 5 | slot->main << 4 |
			   slot->rest << 3 | slot->command << 2 | slot->told << 1 | slot->killing;
		hash = mix(hash, (uint64_t)slot->gen << 18 | (uint64_t)slot->hands << 10 |
					 (uint64_t)bits);
	}
	for (uint32_t n = 0; n < s->n_probes; n++)
		flags = flags << 2 | (uint64_t)(s->asked[n].asking << 1 | s->asked[n].dropped);
	return mix(hash, flags);
}
