/* probe - the probes of a worker, and the one of a check, put together from what was said. */
#ifndef CONF_PROBE_H
#define CONF_PROBE_H

#include "conf/draft.h"

/* The option of that key of a probe whose first option is first. */
enum option_id probe_option(enum option_id first, enum probe_key key);

/* The first option of a worker's probe. */
enum option_id probe_first(enum probe_role role);

/* Which of a draft's probes the option belongs to, and as which key; -1: to none. */
int probe_find(enum option_id id, enum probe_key *key);

/* True when the key has a meaning for a probe that asks by driver. */
bool probe_key_fits(enum probe_key key, enum driver driver);

/*
 * Put one probe of the draft together: one driver, what belongs to it, its target tried for each
 * instance. probe->spec is complete but for its prober when probe->present; errors are reported.
 */
void probe_finish(struct loader *loader, struct draft *draft, struct probe_draft *probe,
		  enum option_id first);

/* Report more than one driver for one probe in `defaults`. */
void probes_check_defaults(struct loader *loader, const struct draft *defaults);

/* Put all three of a worker together, into its spec. */
void probes_finish(struct loader *loader, struct draft *draft);

#endif
