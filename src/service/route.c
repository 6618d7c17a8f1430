#include "service/route.h"

#include <string.h>

#include "service/component.h"
#include "service/name.h"
#include "service/probes.h"
#include "service/status.h"

/* A client that may not see components is not told their names either. */
static void answer_unknown(const struct view *view, const char *name, struct answer *answer)
{
	answer_error(answer, 404, "no worker, check or task has that name",
		     view->details ? name_nearest(view->spec, name) : NULL);
}

/* rest is what follows "/livez": nothing, or a slash and a component's name. */
static void answer_probe(const struct view *view, const struct request *request,
			 enum endpoint endpoint, const char *rest, struct answer *answer)
{
	struct inquiry inquiry = {
		.view = view, .request = request, .endpoint = endpoint, .component = INQUIRY_WHOLE};

	if (*rest == '/') {
		inquiry.component = name_component(view->spec, rest + 1);
		if (inquiry.component == component_count(view->spec)) {
			answer_unknown(view, rest + 1, answer);
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
	for (enum endpoint endpoint = 0; endpoint < ENDPOINT_COUNT; endpoint++) {
		const char *rest = match_page(request->path, endpoint_page(endpoint));
		if (rest != NULL) {
			answer_probe(view, request, endpoint, rest, answer);
			return;
		}
	}
	if (strcmp(request->path, "/status") == 0)
		status_answer(view, answer);
	else
		answer_error(answer, 404, "try /livez /readyz /startupz /healthz /status", NULL);
}
