/*
 * reserve - memory for the event loop when the system refuses it.
 *
 * libev ends the process when an allocation fails. Its arrays grow with the number of descriptors,
 * which is bounded by the configuration: a reserve of that size is set aside at the start, in pages
 * that are not touched before they are needed.
 */
#ifndef ENGINE_RESERVE_H
#define ENGINE_RESERVE_H

#include <stdint.h>

#include "base/err.h"

/* Set the reserve aside for so many instances and give libev an allocator that falls back on it.
 * Before any loop is made; a process has one, and the first call counts. -1 with err. */
int reserve_set_aside(uint32_t instances, struct err *err);

#endif
