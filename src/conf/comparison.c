#include "conf/comparison.h"

#include <string.h>

#include "base/text.h"
#include "conf/shown.h"

void comparison_tell(struct comparison *c, const char *option, const char *was, const char *is)
{
	c->differences++;
	c->tell(c->data, c->worker, option, was, is);
}

void comparison_value(struct comparison *c, const struct option *row, const void *was,
		      const void *is)
{
	char was_buf[COMPARISON_VALUE_MAX], is_buf[COMPARISON_VALUE_MAX];
	struct text was_text, is_text;

	text_init(&was_text, was_buf, sizeof was_buf);
	text_init(&is_text, is_buf, sizeof is_buf);
	if (shown_value(&was_text, row, was) && shown_value(&is_text, row, is) &&
	    strcmp(was_buf, is_buf) != 0)
		comparison_tell(c, row->path, was_buf, is_buf);
}

void comparison_user(struct comparison *c, const char *option, const struct identity *was,
		     const struct identity *is)
{
	if (was->has_user != is->has_user || (is->has_user && was->uid != is->uid))
		comparison_tell(c, option, was->user_name, is->user_name);
}

void comparison_came(struct comparison *c, const char *name, const char *what)
{
	c->worker = name;
	comparison_tell(c, what, "absent", "new");
}

void comparison_went(struct comparison *c, const char *name, const char *what)
{
	c->worker = name;
	comparison_tell(c, what, "present", "gone");
}
