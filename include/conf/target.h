/* target - whom a probe asks: a URL, an address or a connection string. */
#ifndef CONF_TARGET_H
#define CONF_TARGET_H

#include "conf/draft.h"

/*
 * Whether text, its specifiers filled in and its password taken out, is one for the driver.
 * Returns 0, or -1 with err and in *hint what was likely meant, or NULL. Neither holds a password.
 */
int target_check(struct loader *loader, enum driver driver, const char *text, const char **hint,
		 struct err *err);

#endif
