/* comparison - two configurations side by side, and what is told of them. */
#ifndef CONF_COMPARISON_H
#define CONF_COMPARISON_H

#include "conf/compare.h"
#include "conf/option.h"

enum { COMPARISON_VALUE_MAX = 256 };

struct comparison {
	const struct spec *was, *is;
	compare_tell *tell;
	void *data;
	const char *worker; /* whose options they are; NULL: the top level's */
	size_t differences;
};

/* Tell of one difference; was and is may be NULL. */
void comparison_tell(struct comparison *c, const char *option, const char *was, const char *is);

/* Tell of two values of the row's kind when they differ and may be shown. */
void comparison_value(struct comparison *c, const struct option *row, const void *was,
		      const void *is);

/* Tell of two users when they differ. */
void comparison_user(struct comparison *c, const char *option, const struct identity *was,
		     const struct identity *is);

/* Tell that what ("worker") of that name is new, or is no longer there. */
void comparison_came(struct comparison *c, const char *name, const char *what);
void comparison_went(struct comparison *c, const char *name, const char *what);

#endif
