/*
 * probes - the answers of /livez, /readyz, /startupz and /healthz.
 *
 * JSON for programs; with ?verbose the text form of the kube-apiserver, a line for each worker and
 * check; /livez and /startupz ask no checks.
 * A client that may not see details gets status, probe and state with no reasons and no
 * components, and "reason withheld" in the text.
 */
#ifndef SERVICE_PROBES_H
#define SERVICE_PROBES_H

#include "service/answer.h"
#include "service/verdict.h"

/* Fill answer (all zero before): 200 when the endpoint passes, else 503. */
void probes_answer(const struct inquiry *inquiry, struct answer *answer);

#endif
