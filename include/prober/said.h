/* said - what a server or a library said, as one line that can be shown to people. */
#ifndef PROBER_SAID_H
#define PROBER_SAID_H

enum { SAID_SIZE = 448 }; /* room for such a line and its NUL */

/*
 * Write text as one line: "; " between its lines, without one that equals the one before or begins
 * with a tab (so libpq marks its hints); control bytes and what is no UTF-8 become "?"; "***"
 * wherever the secret stands. Cut at a character's end. secret may be
 * NULL or "": there is none. Returns out.
 */
char *said_tidy(char out[SAID_SIZE], const char *text, const char *secret);

#endif
