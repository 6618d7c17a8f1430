/* compare - what a configuration that was read again would change. */
#ifndef CONF_COMPARE_H
#define CONF_COMPARE_H

#include <stddef.h>

#include "model/spec.h"

/* Told of one difference. worker: whose, a check's, step's or task's name as well; NULL: of the top
 * level. was and is: NULL where they are too long for a line, or nobody's business. */
typedef void compare_tell(void *data, const char *worker, const char *option, const char *was,
			  const char *is);

/* Compare option by option, and tell each that differs ("worker", "check", "step" or "task" for one
 * that came or went). Returns how many. */
size_t conf_compare(const struct spec *was, const struct spec *is, compare_tell *tell, void *data);

#endif
