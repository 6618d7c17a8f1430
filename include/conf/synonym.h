/* synonym - keys and words that people bring along from other supervisors, and ours for them. */
#ifndef CONF_SYNONYM_H
#define CONF_SYNONYM_H

#include <stdbool.h>
#include <stddef.h>

#include "conf/option.h"

/* The path of our option for a key in the outermost map of the scope; "workers" and such at the top
 * as well. NULL: not known. */
const char *synonym_key(enum option_scope scope, const char *key);

/* The same for a key of a probe. */
const char *synonym_probe_key(const char *key);

/* Of the n words of an option the one that is meant by another; the word itself when that is not
 * known. */
const char *synonym_word(const char *word, const char *const *words, size_t n);

/* What to do where there is no such key but another way, to be put behind a colon. NULL: not known.
 */
const char *synonym_advice(enum option_scope scope, const char *key);

/* True for what stands at the top and is in no table, as it holds what is: "workers". The n-th of
 * these (from 0); NULL past the last. */
bool synonym_is_part(const char *key);
const char *synonym_part(size_t n);

#endif
