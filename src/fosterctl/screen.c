#include "fosterctl/screen.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "fosterctl/shown.h"

static const char *const paints[] = {
	[PAINT_NONE] = "",	    [PAINT_GOOD] = "\033[32m", [PAINT_ODD] = "\033[33m",
	[PAINT_BAD] = "\033[1;31m", [PAINT_HEAD] = "\033[2m",
};

static bool wants_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return (no == NULL || *no == '\0') && term != NULL && strcmp(term, "dumb") != 0;
}

static size_t width_of(FILE *file)
{
	const char *columns = getenv("COLUMNS");
	size_t width = columns == NULL ? 0 : strtoul(columns, NULL, 10);
	struct winsize size;

	if (width == 0 && ioctl(fileno(file), TIOCGWINSZ, &size) == 0)
		width = size.ws_col;
	if (width == 0)
		width = SCREEN_WIDTH_DEFAULT;
	if (width < SCREEN_WIDTH_MIN)
		return SCREEN_WIDTH_MIN;
	return width < SCREEN_WIDTH_MAX ? width : SCREEN_WIDTH_MAX;
}

struct screen screen_of(FILE *file)
{
	bool terminal = isatty(fileno(file)) == 1;

	return (struct screen){.file = file,
			       .terminal = terminal,
			       .colour = terminal && wants_colour(),
			       .width = width_of(file)};
}

void screen_paint(const struct screen *screen, enum paint paint, const char *text, size_t len)
{
	bool painted = screen->colour && paint != PAINT_NONE && len > 0;

	if (painted)
		fputs(paints[paint], screen->file);
	fwrite(text, 1, len, screen->file);
	if (painted)
		fputs("\033[0m", screen->file);
}

/* Bytes of the line that text begins with, at most columns wide; a word longer than room is broken.
 */
static size_t line_length(const char *text, size_t columns, bool may_be_empty)
{
	size_t fits = shown_fit(text, columns), len = fits;

	if (text[fits] == '\0' || text[fits] == ' ')
		return fits;
	while (len > 0 && text[len] != ' ')
		len--;
	return len > 0 || may_be_empty ? len : fits;
}

void screen_wrap(const struct screen *screen, enum paint paint, const char *text, size_t used,
		 size_t indent)
{
	size_t at = used;

	for (;;) {
		size_t columns = screen->width > at ? screen->width - at : 1;
		size_t len = line_length(text, columns, at > indent);
		screen_paint(screen, paint, text, len);
		fputc('\n', screen->file);
		text += len + strspn(text + len, " ");
		if (*text == '\0')
			return;
		fprintf(screen->file, "%*s", (int)indent, "");
		at = indent;
	}
}

void screen_progress(struct screen *screen, const char *text)
{
	if (!screen->terminal || (*text == '\0' && !screen->progress))
		return;
	screen->progress = *text != '\0';
	fputs("\r\033[K", screen->file);
	fwrite(text, 1, shown_fit(text, screen->width - 1), screen->file);
	fflush(screen->file);
}
