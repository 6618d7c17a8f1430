/*
 * shown - texts from outside, made safe for a terminal; their width, and where to cut them.
 *
 * Safe text consists of what the locale (LC_CTYPE) calls printable. All else (control characters,
 * bytes that are no character, marks that change the direction of writing) stands as \xNN.
 */
#ifndef FOSTERCTL_SHOWN_H
#define FOSTERCTL_SHOWN_H

#include "base/text.h"

/* Append raw text (NULL: nothing) made safe; what does not fit is cut between characters. */
void shown_add(struct text *text, const char *raw);

/* Columns that safe text takes. */
size_t shown_width(const char *text);

/* Bytes of the longest beginning of safe text that takes at most so many columns. */
size_t shown_fit(const char *text, size_t columns);

/* Append safe text, cut to at most columns >= 4; what goes is in the middle: what ends with a
 * number keeps it. */
void shown_cut(struct text *text, const char *safe, size_t columns);

#endif
