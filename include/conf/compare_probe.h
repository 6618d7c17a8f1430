/* compare_probe - how workers and components are asked, before and after. */
#ifndef CONF_COMPARE_PROBE_H
#define CONF_COMPARE_PROBE_H

#include "conf/comparison.h"
#include "model/probe.h"

/* Compare one probe, whose options begin with first; either may be NULL. what: what to call it when
 * there is only one of the two. */
void compare_probe(struct comparison *c, enum option_id first, const char *what,
		   const struct probe_spec *was, const struct probe_spec *is);

/* Compare all checks. */
void compare_checks(struct comparison *c);

/* Compare who asks over the network. */
void compare_probers(struct comparison *c);

#endif
