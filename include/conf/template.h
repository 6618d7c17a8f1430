/* template - texts with specifiers, tried before they are needed. */
#ifndef CONF_TEMPLATE_H
#define CONF_TEMPLATE_H

#include "conf/loader.h"

enum {
	TEMPLATE_BYTES_MAX = 128 * 1024
}; /* the kernel's bound on one argument, MAX_ARG_STRLEN, its NUL included */

/* The end of the specifier that text begins with: what is in %{ } belongs to it, blanks and shell
 * characters included. */
const char *template_specifier_end(const char *text);

/* The text filled in for the whole of fosterd (no worker), in the spec's arena; NULL when something
 * was reported. */
const char *template_fill(struct loader *loader, const char *text, struct place at);

/* Fill the text in for the instances of the worker; what fails for one of them is reported once. */
void template_try(struct loader *loader, const char *text, const struct worker_spec *worker,
		  struct place at);

#endif
