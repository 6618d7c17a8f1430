/*
 * promises - what the fleet promises beyond one instance, computed from what it told: who may be
 * started, in which order the drain goes, that each step of the lifespan has its stop.
 *
 * All of them abort when a promise is broken. What rests on processes being as the facts say is
 * asked only of scenes that are true to the engine.
 */
#ifndef EXPLORE_PROMISES_H
#define EXPLORE_PROMISES_H

#include "explore/scene.h"

/* The instance is about to be started. */
void promises_spawn(const struct scene *scene, const struct spec *spec, uint32_t instance);

/* The drain is about to stop the instance, by a command or a signal that is no SIGKILL. */
void promises_stop(const struct scene *scene, const struct spec *spec, uint32_t instance);

/* A step is over; runs_before: each slot's gen before it. */
void promises_after(struct scene *scene, const struct spec *spec,
		    const uint32_t runs_before[SLOTS]);

/* fosterd is about to exit with this code. */
void promises_quit(const struct scene *scene, const struct spec *spec, int code);

#endif
