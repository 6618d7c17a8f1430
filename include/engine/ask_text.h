/* ask_text - from a probe's spec to the question that a prober is sent. */
#ifndef ENGINE_ASK_TEXT_H
#define ENGINE_ASK_TEXT_H

#include "model/wire.h"

/*
 * Write the WIRE_ASK of the probe, its specifiers replaced. Returns its bytes; -1 with err when a
 * specifier does not work out or it does not fit.
 */
long ask_text_write(const struct spec *spec, uint32_t probe, uint32_t serial, char bytes[WIRE_MAX],
		    struct err *err);

#endif
