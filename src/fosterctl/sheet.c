#include "fosterctl/sheet.h"

#include <string.h>

#include "fosterctl/shown.h"

enum { GAP = 2, LAST = SHEET_COLUMNS - 1, LAST_LEAST = 20, LAST_LINES = 2, OWN_LINE_INDENT = 4 };

struct sheet_row {
	struct sheet_row *next;
	enum paint paint;
	const char *cells[SHEET_COLUMNS];
};

void sheet_init(struct sheet *sheet, const struct sheet_column columns[SHEET_COLUMNS],
		size_t painted, struct arena *arena)
{
	*sheet = (struct sheet){.columns = columns, .painted = painted, .arena = arena};
	sheet->end = &sheet->rows;
}

/* A copy of the cell, cut to its column. */
static const char *cell_make(struct sheet *sheet, const char *cell, size_t widest)
{
	char buf[SHEET_CELL_SIZE];
	struct text text;

	text_init(&text, buf, sizeof buf);
	shown_cut(&text, cell == NULL ? "" : cell, widest == 0 ? SHEET_CELL_SIZE : widest);
	return arena_strdup(sheet->arena, buf);
}

int sheet_add(struct sheet *sheet, enum paint paint, const char *const cells[SHEET_COLUMNS])
{
	struct sheet_row *row = arena_alloc(sheet->arena, sizeof *row);

	if (row == NULL)
		return -1;
	row->paint = paint;
	for (size_t i = 0; i < SHEET_COLUMNS; i++) {
		row->cells[i] = cell_make(sheet, cells[i], sheet->columns[i].widest);
		if (row->cells[i] == NULL)
			return -1;
	}
	*sheet->end = row;
	sheet->end = &row->next;
	return 0;
}

/* The widest of the column's cells. */
static size_t cells_width(const struct sheet *sheet, size_t column)
{
	size_t widest = 0;

	for (const struct sheet_row *row = sheet->rows; row != NULL; row = row->next) {
		size_t width = shown_width(row->cells[column]);
		widest = width > widest ? width : widest;
	}
	return widest;
}

static void measure(const struct sheet *sheet, size_t widths[SHEET_COLUMNS])
{
	for (size_t i = 0; i < SHEET_COLUMNS; i++) {
		size_t width = cells_width(sheet, i), title = strlen(sheet->columns[i].title);
		widths[i] = i < LAST && title > width ? title : width;
	}
}

/* The cell in a column that begins at begin, the cursor being at `at`; where it is then. */
static size_t cell_print(const struct screen *screen, const char *cell, enum paint paint, size_t at,
			 size_t begin)
{
	fprintf(screen->file, "%*s", (int)(begin - at), "");
	screen_paint(screen, paint, cell, strlen(cell));
	return begin + shown_width(cell);
}

/* Whether the last cell does not go well into what the others leave of the width. */
static bool wants_own_line(const struct screen *screen, const char *cell, size_t at)
{
	size_t width = shown_width(cell), room = screen->width > at ? screen->width - at : 0;

	return width > room && (room < LAST_LEAST || width > LAST_LINES * room);
}

static void last_print(const struct screen *screen, const char *cell, enum paint paint, size_t at,
		       size_t begin)
{
	if (wants_own_line(screen, cell, begin)) {
		fputc('\n', screen->file);
		at = 0;
		begin = OWN_LINE_INDENT;
	}
	fprintf(screen->file, "%*s", (int)(begin - at), "");
	screen_wrap(screen, paint, cell, begin, begin);
}

static void row_print(const struct sheet *sheet, const struct screen *screen,
		      const size_t widths[SHEET_COLUMNS], const char *const cells[SHEET_COLUMNS],
		      const enum paint paints[SHEET_COLUMNS])
{
	size_t at = 0, begin = 0;

	/* What lies between two cells is printed with the second: no line ends in blanks. */
	for (size_t i = 0; i < LAST; begin += widths[i++] + GAP) {
		size_t pad = sheet->columns[i].right ? widths[i] - shown_width(cells[i]) : 0;
		if (cells[i][0] != '\0')
			at = cell_print(screen, cells[i], paints[i], at, begin + pad);
	}
	if (cells[LAST][0] != '\0')
		last_print(screen, cells[LAST], paints[LAST], at, begin);
	else
		fputc('\n', screen->file);
}

void sheet_print(const struct sheet *sheet, const struct screen *screen)
{
	size_t widths[SHEET_COLUMNS];
	enum paint paints[SHEET_COLUMNS];
	const char *titles[SHEET_COLUMNS];

	if (sheet->rows == NULL)
		return;
	measure(sheet, widths);
	for (size_t i = 0; i < SHEET_COLUMNS; i++) {
		titles[i] = widths[i] > 0 ? sheet->columns[i].title : "";
		paints[i] = PAINT_HEAD;
	}
	row_print(sheet, screen, widths, titles, paints);
	for (const struct sheet_row *row = sheet->rows; row != NULL; row = row->next) {
		for (size_t i = 0; i < SHEET_COLUMNS; i++)
			paints[i] = i == sheet->painted ? row->paint : PAINT_NONE;
		row_print(sheet, screen, widths, row->cells, paints);
	}
}
