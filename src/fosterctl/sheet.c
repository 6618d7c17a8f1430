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

/* The cell with its padding; the columns that it takes. */
static size_t cell_print(const struct sheet *sheet, const struct screen *screen, size_t column,
			 const char *cell, enum paint paint, size_t width)
{
	int padding = (int)(width - shown_width(cell));
	bool right = sheet->columns[column].right;

	fprintf(screen->file, "%*s", right ? padding : 0, "");
	screen_paint(screen, paint, cell, strlen(cell));
	fprintf(screen->file, "%*s", right ? 0 : padding, "");
	return width;
}

/* Past the cells that are flushed right and empty nothing has to be printed before a line's end. */
static size_t cells_to_print(const char *const cells[SHEET_COLUMNS])
{
	size_t count = SHEET_COLUMNS;

	while (count > 1 && cells[count - 1][0] == '\0')
		count--;
	return count;
}

static void last_print(const struct screen *screen, const char *cell, enum paint paint, size_t at)
{
	size_t width = shown_width(cell), room = screen->width > at ? screen->width - at : 0;

	if (width > room && (room < LAST_LEAST || width > LAST_LINES * room)) {
		fprintf(screen->file, "\n%*s", OWN_LINE_INDENT, "");
		at = OWN_LINE_INDENT;
	}
	screen_wrap(screen, paint, cell, at, at);
}

static void row_print(const struct sheet *sheet, const struct screen *screen,
		      const size_t widths[SHEET_COLUMNS], const char *const cells[SHEET_COLUMNS],
		      const enum paint paints[SHEET_COLUMNS])
{
	size_t count = cells_to_print(cells), at = 0;

	for (size_t i = 0; i < count && i < LAST; i++) {
		bool ends = i + 1 == count && !sheet->columns[i].right;
		size_t width = ends ? shown_width(cells[i]) : widths[i];
		at += cell_print(sheet, screen, i, cells[i], paints[i], width);
		if (i + 1 < count)
			at += (size_t)fprintf(screen->file, "%*s", GAP, "");
	}
	if (count == SHEET_COLUMNS)
		last_print(screen, cells[LAST], paints[LAST], at);
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
