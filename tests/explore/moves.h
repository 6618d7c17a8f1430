/* moves - all that can happen next in a scene. */
#ifndef EXPLORE_MOVES_H
#define EXPLORE_MOVES_H

#include "explore/scene.h"

enum { MOVES_MAX = 64 * SLOTS, TERMS_MAX = 3 };

/*
 * FACT_TIME stands for scene_pass, FACT_TERMINATE for scene_terminate. Returns how many were
 * written to out.
 */
uint32_t moves_list(const struct scene *scene, const struct spec *spec, struct fact out[MOVES_MAX]);

/* Do one of them. */
void moves_make(struct scene *scene, const struct spec *spec, const struct fact *move);

#endif
