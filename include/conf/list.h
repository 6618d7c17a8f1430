/* list - lists of texts, of paths and of numbers. */
#ifndef CONF_LIST_H
#define CONF_LIST_H

#include "conf/loader.h"

/* True when a list is wanted and one text with commas or blanks in it was written. That is
 * reported: no value of these lists has any, but for the path of a socket. */
bool list_is_in_a_text(struct loader *loader, const struct option *option, const struct node *node);

#endif
