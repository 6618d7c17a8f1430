/* utf8 - which bytes of a text from outside are letters. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>

/*
 * Bytes (1 ... 4) of the well-formed UTF-8 character that NUL-terminated text begins with; 0
 * when it begins with none (overlong, surrogate, above U+10FFFF, cut short). RFC 3629. At the
 * end of the text: 1, for the NUL.
 */
size_t utf8_length(const char *text);

/* The same of a character that can be shown as it is: 0 also for a control character (U+0000 ...
 * U+001F, U+007F ... U+009F), of which a terminal may take one for the start of a command. */
size_t utf8_letter(const char *text);

#endif
