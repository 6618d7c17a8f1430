/* word - one of a few words, as its row lists them. */
#include <string.h>

#include "base/text.h"
#include "conf/read.h"
#include "conf/synonym.h"

void read_word(struct loader *loader, const struct option *option, const struct item *item,
	       void *field)
{
	const char *text = read_text(loader, option, item->value);
	char buf[128];
	struct text choices;
	size_t count = 0;

	if (text == NULL)
		return;
	text_init(&choices, buf, sizeof buf);
	for (; option->words[count] != NULL; count++) {
		if (strcmp(text, option->words[count]) == 0) {
			*(unsigned *)field = (unsigned)count;
			return;
		}
		text_add(&choices, "%s%s", count > 0 ? ", " : "", option->words[count]);
	}
	loader_error(loader, item->value->place,
		     text_nearest(synonym_word(text, option->words, count), option->words, count),
		     "`%s` cannot be \"%s\": the choice is %s", option->path, text, buf);
}
