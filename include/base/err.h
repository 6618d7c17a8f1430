/* err - what the outside world refused, in words, with its errno. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

enum { ERR_TEXT_MAX = 512 };

struct err {
	int num;		  /* an errno value, 0 when none belongs to it */
	char text[ERR_TEXT_MAX];  /* one line without a newline; cut when longer */
};

/*
 * Fill err with the formatted text, followed by ": " and strerror(num) unless num is 0.
 * Returns -1, so that a failing function can end in `return err_set(err, errno, ...)`.
 */
int err_set(struct err *err, int num, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Put the formatted text and ": " before what err says already. Returns -1. */
int err_wrap(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* True for an errno that says there is no more of something for now: descriptors, memory, buffers.
 */
bool err_is_shortage(int num);

#endif
