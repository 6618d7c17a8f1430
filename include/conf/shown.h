/* shown - the value of an option in words. */
#ifndef CONF_SHOWN_H
#define CONF_SHOWN_H

#include "base/text.h"
#include "conf/option.h"

/* Append the value at place, which is stored as the row's kind says; false for the kinds that have
 * no words, or none that may be shown. */
bool shown_value(struct text *out, const struct option *row, const void *place);

#endif
