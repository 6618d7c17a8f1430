#include "conf/list.h"

#include <string.h>

#include "base/text.h"
#include "conf/draft.h"
#include "conf/read.h"

/* Each value of the list as bounded text. False when something was reported. */
static bool texts_check(struct loader *loader, const struct option *option, const struct node *list)
{
	struct list_walk walk = list_walk(list);
	bool good = true;

	for (const struct node *value; (value = list_walk_next(&walk)) != NULL;)
		good = read_bounded_text(loader, option, value) != NULL && good;
	return good;
}

void read_texts(struct loader *loader, const struct option *option, const struct item *item,
		void *field)
{
	if (texts_check(loader, option, item->value))
		*(const struct node **)field = item->value;
}

void read_paths(struct loader *loader, const struct option *option, const struct item *item,
		void *field)
{
	struct list_walk walk = list_walk(item->value);
	bool good = texts_check(loader, option, item->value);

	for (const struct node *value; good && (value = list_walk_next(&walk)) != NULL;) {
		char first = value->text[value->text[0] == '-'];
		good = first == '/' || first == '%';
		if (!good)
			loader_error(loader, value->place, NULL, "`%s` wants absolute paths",
				     option->path);
	}
	if (good)
		*(const struct node **)field = item->value;
}

void read_codes(struct loader *loader, const struct option *option, const struct item *item,
		void *field)
{
	struct list_walk walk = list_walk(item->value);
	uint32_t *bits = field;
	int64_t code;

	memset(bits, 0, 8 * sizeof bits[0]);
	for (const struct node *value; (value = list_walk_next(&walk)) != NULL;) {
		if (read_whole(loader, option, value, &code))
			bits[code / 32] |= UINT32_C(1) << (code % 32);
	}
}

/* "200" or "200-399"; false when something was reported. */
static bool range_read(struct loader *loader, const struct option *option, const struct node *node,
		       int64_t range[2])
{
	const char *text = read_text(loader, option, node), *dash;

	if (text == NULL)
		return false;
	dash = strchr(text, '-');
	for (int i = 0; i < 2; i++) {
		struct node half = *node;
		half.plain = false; /* nothing before or behind the dash is wrong, not absent */
		if (dash != NULL)
			half.text =
				i == 1 ? dash + 1
				       : loader_must(loader, arena_strndup(&loader->scratch, text,
									   (size_t)(dash - text)));
		if (!read_whole(loader, option, &half, &range[i]))
			return false;
	}
	if (range[0] > range[1])
		loader_error(loader, node->place, NULL, "`%s`: %s ends before it begins",
			     option->path, text);
	return range[0] <= range[1];
}

void read_statuses(struct loader *loader, const struct option *option, const struct item *item,
		   void *field)
{
	struct list_walk walk = list_walk(item->value);
	uint32_t *bits = field;
	int64_t range[2];

	memset(bits, 0, STATUS_WORDS * sizeof bits[0]);
	if (item->value->kind == NODE_LIST && item->value->count == 0)
		loader_error(loader, item->value->place, NULL,
			     "`%s` is empty: nothing would be a success", option->path);
	for (const struct node *value; (value = list_walk_next(&walk)) != NULL;) {
		if (!range_read(loader, option, value, range))
			continue;
		for (int64_t code = range[0]; code <= range[1]; code++)
			bits[code / 32] |= UINT32_C(1) << (code % 32);
	}
}

bool list_is_in_a_text(struct loader *loader, const struct option *option, const struct node *node)
{
	static const bool wanted[KIND_COUNT] = {
		[KIND_TEXTS] = true,  [KIND_CODES] = true,  [KIND_CAPABILITIES] = true,
		[KIND_GROUPS] = true, [KIND_LISTEN] = true, [KIND_STATUSES] = true,
		[KIND_CHECKS] = true, [KIND_DEPENDS] = true,
	};
	static const char separators[] = ", \t\n";
	char buf[256];
	struct text list;
	unsigned words = 0;

	if (!wanted[option->kind] || node->kind != NODE_TEXT ||
	    strncmp(node->text, "unix:", 5) == 0)
		return false;
	text_init(&list, buf, sizeof buf);
	for (const char *at = node->text + strspn(node->text, separators); *at != '\0';) {
		size_t len = strcspn(at, separators);
		text_add(&list, "%s", words++ > 0 ? ", " : "");
		text_put(&list, at, len);
		at += len;
		at += strspn(at, separators);
	}
	if (words > 1)
		loader_error(loader, node->place, NULL, "`%s` wants a list: say [%s]", option->path,
			     list.truncated ? "..." : buf);
	return words > 1;
}
