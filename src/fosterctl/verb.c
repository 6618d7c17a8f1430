#include "fosterctl/verb.h"

#include <string.h>

#include "base/text.h"
#include "fosterctl/act.h"
#include "fosterctl/look.h"

enum { ANY = -1 };

static const struct verb verbs[] = {
	{"status", "[NAME...]", "how all is; of each NAME in detail", 0, ANY, false, true, false,
	 look_status},
	{"start", "NAME...", "start what is not running, at once", 1, ANY, true, true, false,
	 act_start},
	{"stop", "NAME...", "stop it; it stays down until it is started", 1, ANY, true, true, true,
	 act_stop},
	{"restart", "NAME...", "stop it and start it again", 1, ANY, true, true, false,
	 act_restart},
	{"reload", "NAME...", "have it read its configuration anew", 1, ANY, false, true, false,
	 act_reload},
	{"signal", "SIGNAL NAME...", "send its main process a signal (HUP, USR1, 10)", 2, ANY,
	 false, true, false, act_signal},
	{"run", "TASK...", "run a task now", 1, ANY, true, true, false, act_run},
	{"drain", "", "end fosterd in good order, as SIGTERM does", 0, 0, true, true, false,
	 act_drain},
	{"explain", "[WORKER...]", "what its configuration amounts to, and why", 0, ANY, false,
	 false, false, look_explain},
	{"check", "[CHECK...]", "ask CHECK now; with none: check the configuration", 0, ANY, false,
	 true, false, look_check},
};
enum { VERBS = sizeof verbs / sizeof verbs[0] };

const struct verb *verb_row(size_t n)
{
	return n < VERBS ? &verbs[n] : NULL;
}

const struct verb *verb_find(const char *name, const char **nearest)
{
	const char *names[VERBS];

	*nearest = NULL;
	for (size_t i = 0; i < VERBS; i++) {
		names[i] = verbs[i].name;
		if (strcmp(name, verbs[i].name) == 0)
			return &verbs[i];
	}
	*nearest = text_nearest(name, names, VERBS);
	return NULL;
}
