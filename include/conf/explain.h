/* explain - the effective configuration, and where each value came from. */
#ifndef CONF_EXPLAIN_H
#define CONF_EXPLAIN_H

#include <stdio.h>

#include "conf/load.h"

/*
 * Load path as conf_load does and print every option of every worker as YAML with its effective
 * value, followed by a comment "# FILE:LINE" or "# default" or "# defaults, FILE:LINE". What is
 * printed can be loaded again and means the same. Returns 0, or -1 with errors in report and
 * nothing printed.
 */
int conf_explain(const char *path, const struct conf_context *context, struct conf_report *report,
		 FILE *out);

/* Print the JSON Schema (draft 2020-12) of the configuration file, made from the option table. */
void conf_schema(FILE *out);

#endif
