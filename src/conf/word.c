/* word - one of a few words, as its row lists them. */
#include <string.h>

#include "base/text.h"
#include "conf/read.h"

/* Words that people bring along from YAML's booleans and from other supervisors. */
static const char *word_synonym(const char *text)
{
	static const char *const pairs[][2] = {
		{"no", "never"},
		{"false", "never"},
		{"off", "never"},
		{"none", "never"},
		{"yes", "always"},
		{"true", "always"},
		{"on", "always"},
		{"unless-stopped", "always"},
		{"unexpected", "on-failure"},
		{"simple", "started"},
		{"process", "main"},
		{"all", "group"},
	};

	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		if (strcmp(text, pairs[i][0]) == 0)
			return pairs[i][1];
	}
	return text;
}

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
		     text_nearest(word_synonym(text), option->words, count),
		     "`%s` cannot be \"%s\": the choice is %s", option->path, text, buf);
}
