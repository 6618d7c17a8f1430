/* route - which page a path asks for. */
#ifndef SERVICE_ROUTE_H
#define SERVICE_ROUTE_H

#include "service/answer.h"
#include "service/request.h"
#include "service/view.h"

/*
 * Fill answer (all zero before) for a GET of the request's path: /livez /readyz /startupz
 * /healthz, each also with /NAME of a worker, a check or a task behind it, and /status; 404 for any
 * other.
 */
void route_answer(const struct view *view, const struct request *request, struct answer *answer);

#endif
