/*
 * script - a .sim file, read line by line and split into words; and how to say what is wrong with
 * it.
 */
#ifndef SIM_SCRIPT_H
#define SIM_SCRIPT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/clock.h"

enum { SCRIPT_LINE_MAX = 512, SCRIPT_WORDS_MAX = 24 };

struct script {
	const char *path; /* borrowed */
	FILE *file;
	int line; /* number of the present one, from 1 */
	char text[SCRIPT_LINE_MAX];
	char *words[SCRIPT_WORDS_MAX +
		    1]; /* of the present line, inside text; NULL after the last */
	int n_words;
};

/* Open; fails when the file cannot be read. */
void script_open(struct script *script, const char *path);
void script_close(struct script *script);

/* The next line as it is, with its newline; false at the end. */
bool script_read(struct script *script);

/* The next line that has words, comments taken off; false at the end. */
bool script_next(struct script *script);

/* Print "FILE:LINE: text" and exit with 1. */
_Noreturn void script_fail(const struct script *script, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The n-th word; fails when there is none. */
const char *script_word(const struct script *script, int n);

/* True when the n-th word is there and is this one. */
bool script_is(const struct script *script, int n, const char *word);

/*
 * "1m30s", "2.5s", "200ms" as a span, read up to what is no duration any more; *end is set there.
 * Fails on none at all.
 */
span_ns script_span(const struct script *script, const char *word, const char **end);

/* A whole word that is a duration, or a whole number. Both fail on anything else. */
span_ns script_whole_span(const struct script *script, const char *word);
long script_number(const struct script *script, const char *word);

#endif
