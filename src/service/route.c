#include "service/route.h"

#include <string.h>

#include "base/text.h"
#include "service/probes.h"
#include "service/status.h"

/* Index of the worker of that name; n_workers when there is none. */
static uint32_t find_worker(const struct spec *spec, const char *name)
{
	uint32_t i = 0;

	while (i < spec->n_workers && strcmp(spec->workers[i].name, name) != 0)
		i++;
	return i;
}

static const char *nearest_worker(const struct spec *spec, const char *name)
{
	const char *best = NULL;
	unsigned best_distance = 0;

	for (uint32_t i = 0; i < spec->n_workers; i++) {
		const char *near = text_nearest(name, &spec->workers[i].name, 1);
		unsigned distance = near == NULL ? 0 : text_distance(name, near);
		if (near == NULL || (best != NULL && distance >= best_distance))
			continue;
		best = near;
		best_distance = distance;
	}
	return best;
}

/* A client that may not see components is not told their names either. */
static void answer_unknown_worker(const struct view *view, const char *name, struct answer *answer)
{
	answer_error(answer, 404, "no worker has that name",
		     view->details ? nearest_worker(view->spec, name) : NULL);
}

/* rest is what follows "/livez": nothing, or a slash and a worker's name. */
static void answer_probe(const struct view *view, const struct request *request, enum probe probe,
			 const char *rest, struct answer *answer)
{
	struct inquiry inquiry = {
		.view = view, .request = request, .probe = probe, .worker = INQUIRY_WHOLE};

	if (*rest == '/') {
		inquiry.worker = find_worker(view->spec, rest + 1);
		if (inquiry.worker == view->spec->n_workers) {
			answer_unknown_worker(view, rest + 1, answer);
			return;
		}
	}
	probes_answer(&inquiry, answer);
}

/* The part of path behind "/page", when it is that page or one below it; else NULL. */
static const char *match_page(const char *path, const char *page)
{
	size_t len = strlen(page);

	if (strncmp(path + 1, page, len) != 0)
		return NULL;
	const char *rest = path + 1 + len;
	return *rest == '\0' || *rest == '/' ? rest : NULL;
}

void route_answer(const struct view *view, const struct request *request, struct answer *answer)
{
	for (enum probe probe = 0; probe < PROBE_COUNT; probe++) {
		const char *rest = match_page(request->path, probe_page(probe));
		if (rest != NULL) {
			answer_probe(view, request, probe, rest, answer);
			return;
		}
	}
	if (strcmp(request->path, "/status") == 0)
		status_answer(view, answer);
	else
		answer_error(answer, 404, "try /livez /readyz /startupz /healthz /status", NULL);
}
