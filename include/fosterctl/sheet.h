/* sheet - rows of cells, printed as a table that fits the screen. */
#ifndef FOSTERCTL_SHEET_H
#define FOSTERCTL_SHEET_H

#include "base/arena.h"
#include "fosterctl/screen.h"

enum { SHEET_COLUMNS = 6, SHEET_CELL_SIZE = 512 };

struct sheet_column {
	const char *title;
	bool right;    /* flushed right */
	size_t widest; /* longer cells are cut; 0: never */
};

struct sheet_row;

/* The last column is as wide as there is room, and its cells are broken into lines. */
struct sheet {
	const struct sheet_column *columns; /* borrowed; SHEET_COLUMNS of them */
	size_t painted;			    /* which column has the row's colour */
	struct arena *arena;		    /* borrowed; holds the cells */
	struct sheet_row *rows, **end;	    /* a list, in the order of printing; end: of its end */
};

/* Empty; painted is the column that has the rows' colours. */
void sheet_init(struct sheet *sheet, const struct sheet_column columns[SHEET_COLUMNS],
		size_t painted, struct arena *arena);

/* Append a row of safe texts, which are copied; NULL is an empty cell. -1 when memory is refused.
 */
int sheet_add(struct sheet *sheet, enum paint paint, const char *const cells[SHEET_COLUMNS]);

/* Print titles and rows; nothing when there is no row. */
void sheet_print(const struct sheet *sheet, const struct screen *screen);

#endif
