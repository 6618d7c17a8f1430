/* path - names as parts of a URI's path. */
#ifndef FOSTERCTL_PATH_H
#define FOSTERCTL_PATH_H

#include "base/text.h"

/* Append the name, percent-encoded where it has to be. RFC 3986, section 2.3 */
void path_add_name(struct text *path, const char *name);

#endif
