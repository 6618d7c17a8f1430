#include "conf/block.h"

#include <string.h>

bool block_is(struct fy_event *event)
{
	if (event->type != FYET_SCALAR || event->scalar.value == NULL)
		return false;
	enum fy_scalar_style style = fy_token_scalar_style(event->scalar.value);
	return style == FYSS_LITERAL || style == FYSS_FOLDED;
}

bool block_is_further_in(struct fy_event *event, struct place parent)
{
	const char *text = parent.source->text;
	const struct fy_mark *begin = fy_event_start_mark(event), *end = fy_event_end_mark(event);
	size_t column = parent.offset - (size_t)(place_position(parent).start - text);

	if (begin == NULL || end == NULL || end->input_pos > parent.source->len)
		return true;
	for (size_t at = begin->input_pos; at < end->input_pos;
	     at += strcspn(text + at, "\n") + 1) {
		size_t blanks = strspn(text + at, " ");
		/* Found at the end of the text as well. */
		if (strchr("\r\n", text[at + blanks]) == NULL)
			return at + blanks >= end->input_pos || blanks > column;
	}
	return true;
}
