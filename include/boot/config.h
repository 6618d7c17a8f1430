/* config - the configuration read in its surroundings: host, directories, limits, users. */
#ifndef BOOT_CONFIG_H
#define BOOT_CONFIG_H

#include "conf/load.h"

struct config {
	struct conf_context context; /* points into the fields below */
	struct arena arena;
	struct rlimit rlimits[RLIM_NLIMITS];
	char host[256];
};

/* Look around. oom_score_adj: fosterd's own. Must stay where it is afterwards. -1 with err when
 * memory is refused. */
int config_init(struct config *config, int oom_score_adj, struct err *err);
void config_fini(struct config *config);

/* Read file; errors and warnings go to standard error. NULL when there was an error; else the
 * caller's. */
struct spec *config_load(const struct config *config, const char *file);

/* Read file and say on standard output that it is good; errors and warnings go to standard error.
 * Returns -1 when there was an error. */
int config_check(const struct config *config, const char *file);

/* Print what file amounts to on standard output; errors and warnings go to standard error. -1 when
 * there was an error. */
int config_explain(const struct config *config, const char *file);

#endif
