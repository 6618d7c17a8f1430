/* carry - what facts and orders do to the processes of a scene; each order is checked against them.
 */
#ifndef EXPLORE_CARRY_H
#define EXPLORE_CARRY_H

#include "explore/scene.h"

/* The fact is about to be told. */
void carry_fact(struct scene *scene, const struct spec *spec, const struct fact *fact);

/* The order was given. Aborts when it makes no sense. */
void carry_order(struct scene *scene, const struct spec *spec, const struct order *order);

#endif
