/* tcp - asks whether somebody listens: a connection is made, and closed. */
#ifndef PROBER_TCP_H
#define PROBER_TCP_H

#include "prober/ask.h"

/* The target is HOST:PORT, [V6]:PORT or unix:/PATH. The addresses of a name are tried in turn: one
 * that accepts is a success. */
extern const struct way tcp_way;

#endif
