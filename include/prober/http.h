/*
 * http - asks by GET, as a kubelet does: a status from the list is a success, a redirect to the
 * same host is followed, one to another host is an answer like any other.
 *
 * At most 10 KiB of the answer are read.
 */
#ifndef PROBER_HTTP_H
#define PROBER_HTTP_H

#include "prober/ask.h"

/* The target is http://HOST[:PORT][/PATH], https://... or unix:/SOCKET[:/PATH]. */
extern const struct way http_way;

#endif
