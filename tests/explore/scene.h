/*
 * scene - one moment of a small fleet that can be copied and gone on from in every direction, with
 * the processes that the orders so far and the facts so far have made.
 *
 * scene_tell() checks the fleet after each step, and each order against the processes and against
 * what was promised (explore/promises.h). Two manners:
 *   true to the engine: facts that a correct engine can tell; then orders and exit code must make
 * exact sense hostile: any fact at any time; then the fleet must stay whole, start nothing in a
 * drain, and end in time
 */
#ifndef EXPLORE_SCENE_H
#define EXPLORE_SCENE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/fact.h"
#include "model/order.h"
#include "model/spec.h"
#include "policy/fleet.h"

/* How many instances at the most; another program may want more (tests/fuzz). */
#ifndef SCENE_SLOTS
#define SCENE_SLOTS 7
#endif

enum {
	SLOTS = SCENE_SLOTS,
	FLEET_ROOM = 2048 + 512 * SLOTS,
	ASKED_MAX = 3 * SLOTS + 2,
	TRAIL_MAX = 40
};

/* What there is of one instance. */
struct slot {
	uint32_t gen;
	bool spawning, main, rest, command, reload;
	bool told;	   /* the stop signal, for this run */
	bool killing;	   /* SIGKILL was sent, for this run */
	bool held;	   /* the last wish by hand was that it be stopped */
	bool cancelled;	   /* told to stop while it was being started, for this run */
	bool bad;	   /* this run has failed, if it is one of the lifespan's */
	uint8_t state;	   /* enum instance_state, as it was told last */
	uint8_t cause;	   /* and enum instance_cause */
	uint8_t hands;	   /* how often it was to be run by hand */
	mono_ns killed_at; /* meaningful when killing */
};

/* What is under way with one probe. */
struct asked {
	uint32_t serial; /* of the last question */
	bool asking;
	bool dropped; /* its end was ordered */
};

/* A fact that was told, in short. */
struct trace {
	uint8_t kind, instance, code;
	bool old; /* of the run before */
	mono_ns now;
};

struct scene {
	struct slot slots[SLOTS];
	struct asked asked[ASKED_MAX];
	uint32_t n_slots;  /* of them that are there */
	uint32_t n_probes; /* of asked, likewise */
	bool hostile;
	bool by_hand;	   /* wishes by hand are among the moves */
	bool terse;	   /* messages of workers are not, but that they are ready */
	bool begun;	   /* the beginning was told */
	bool raised;	   /* and each step of the lifespan was up, outside of a drain */
	bool draining;	   /* the drain was told */
	bool drain_killed; /* and sent a first SIGKILL, or cut a task short */
	bool gave_up;	   /* a worker with on_failed: shutdown failed outside a drain */
	bool quit;
	uint8_t turns; /* steps of the lifespan whose turn to start has come */
	uint8_t terms; /* FACT_TERMINATE so far */
	mono_ns raised_at;
	mono_ns now;
	struct trace trail[TRAIL_MAX]; /* the first facts */
	uint32_t n_trail;	       /* how many there were in all */
	_Alignas(max_align_t) unsigned char fleet[FLEET_ROOM];
};

/* The fleet of spec, before its beginning. */
void scene_init(struct scene *scene, const struct spec *spec, bool hostile, bool by_hand);

/* How many bytes of a scene of this spec are to be copied. */
size_t scene_size(const struct spec *spec);

struct fleet *scene_fleet(const struct scene *scene);

/* Tell one fact at the scene's now. Aborts when anything is wrong. */
void scene_tell(struct scene *scene, const struct spec *spec, const struct fact *fact);

/* Let time go on to the fleet's deadline, and tell it; false when there is none in this century. */
bool scene_pass(struct scene *scene, const struct spec *spec);

/* SIGTERM, long enough after the last for it to count. */
void scene_terminate(struct scene *scene, const struct spec *spec);

/*
 * See the fleet off from here, and abort unless the drain ends by its deadline: with processes that
 * never end, and (in a scene that is true to the engine) with such that do what they are told.
 */
void scene_see_off(const struct scene *scene, const struct spec *spec);

/* True while a process of the slot may exist; of any but the lifespan's stops. */
bool slot_is_live(const struct slot *slot);
bool scene_is_live(const struct scene *scene, const struct spec *spec);

/* Print the facts that led to the scene which is being told one now; for whoever handles SIGABRT.
 */
void scene_print_trail(void);

/* A number for all that makes scenes differ. */
uint64_t scene_hash(const struct scene *scene);

#endif
