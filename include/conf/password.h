/* password - passwords in the texts that name whom to ask: taken out, and never shown. */
#ifndef CONF_PASSWORD_H
#define CONF_PASSWORD_H

#include "conf/draft.h"

/* Take the password of a redis or postgres target out of text: all of *out is set. Returns 0, or -1
 * with err when there is more than one, a quote without its end, or what is shown for one. */
int password_split(struct loader *loader, enum driver driver, const char *text,
		   struct target_text *out, struct err *err);

/* Read the one line of the file at path as a password, in the spec's arena; NULL when something was
 * reported at the place. Others who may read the file are warned of. */
const char *password_file_read(struct loader *loader, const char *path, struct place at);

/* The next thing in the first len bytes of text that looks like a password, from *at on: *at is
 * moved to it. Returns its bytes; 0: none. */
size_t password_find(const char *text, size_t len, size_t *at);

/* True when text is what is shown in the place of a password, which is none. */
bool password_is_shown(const char *text);

/* True when the value of that header field is nobody's business. */
bool password_is_header(const char *name);

#endif
