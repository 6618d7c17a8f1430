/* screen - where words for people go: how wide it is, and whether it has colours. */
#ifndef FOSTERCTL_SCREEN_H
#define FOSTERCTL_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum paint { PAINT_NONE, PAINT_GOOD, PAINT_ODD, PAINT_BAD, PAINT_HEAD };

struct screen {
	FILE *file;
	bool terminal;
	bool colour;
	size_t width;  /* columns, >= SCREEN_WIDTH_MIN */
	bool progress; /* a line of progress stands there */
};

enum { SCREEN_WIDTH_MIN = 40, SCREEN_WIDTH_DEFAULT = 80, SCREEN_WIDTH_MAX = 200 };

/*
 * The screen that file is. Its width: COLUMNS, else the terminal's, else 80. Colours on a terminal
 * alone, and not with NO_COLOR or TERM=dumb.
 */
struct screen screen_of(FILE *file);

/* Text that is safe for a terminal, in a colour where there are colours. */
void screen_paint(const struct screen *screen, enum paint paint, const char *text, size_t len);

/*
 * Print safe text and a newline, broken between words where the line would be too long. The
 * cursor stands at column used; further lines begin at column indent. Words longer than a line are
 * broken anywhere.
 */
void screen_wrap(const struct screen *screen, enum paint paint, const char *text, size_t used,
		 size_t indent);

/* Rewrite the one line of progress with safe text, cut at the width; nothing unless it is a
 * terminal. Empty text takes the line away if there is one. */
void screen_progress(struct screen *screen, const char *text);

#endif
