/* fosterctl_kit - documents from text, and what was printed as text. */
#ifndef UNIT_FOSTERCTL_KIT_H
#define UNIT_FOSTERCTL_KIT_H

#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fosterctl/screen.h"

/* JSON in which ' stands for ". The caller's. */
static inline json_t *document_of(const char *text)
{
	json_error_t error;
	char *copy = strdup(text);

	for (char *c = copy; *c != '\0'; c++)
		*c = *c == '\'' ? '"' : *c;
	json_t *json = json_loads(copy, 0, &error);
	ck_assert_msg(json != NULL, "%s in %s", error.text, copy);
	free(copy);
	return json;
}

/* A screen that is a piece of memory. */
struct paper {
	struct screen screen;
	char *text;
	size_t len;
};

static inline void paper_open(struct paper *paper, size_t width)
{
	*paper = (struct paper){.screen = {.width = width}};
	paper->screen.file = open_memstream(&paper->text, &paper->len);
	ck_assert_ptr_nonnull(paper->screen.file);
}

/* What was printed; free(3). */
static inline char *paper_close(struct paper *paper)
{
	fclose(paper->screen.file);
	return paper->text;
}

#endif
