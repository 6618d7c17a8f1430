#include "conf/tree.h"

#include <string.h>

#include "conf/block.h"

struct builder {
	struct loader *loader;
	const struct source *source;
	struct node *
		open[TREE_DEPTH_MAX]; /* lists and maps around the current place, outermost first */
	struct item
		key[TREE_DEPTH_MAX]; /* of the map at that depth: waits for its value; NULL: none */
	unsigned depth;		     /* how many are open */
	const struct node *root;
	struct key_index anchors;
	uint32_t alias_nodes; /* that expanded aliases have added */
	bool failed;	      /* the rest of the file cannot be understood */
};

/* The bytes of a token, as libfyaml gives them: not terminated, borrowed. */
struct bytes {
	const char *text;
	size_t len;
};

static struct bytes token_bytes(struct fy_token *token)
{
	struct bytes bytes = {.text = "", .len = 0};
	const char *text = token == NULL ? NULL : fy_token_get_text(token, &bytes.len);

	if (text != NULL)
		bytes.text = text;
	return bytes;
}

static const char *bytes_copy(struct builder *b, struct bytes bytes)
{
	return loader_must(b->loader, arena_strndup(&b->loader->scratch, bytes.text, bytes.len));
}

static void give_up(struct builder *b, struct place at, const char *text)
{
	loader_error(b->loader, at, NULL, "%s", text);
	b->failed = true;
}

/* What the value that comes now belongs to: its key, or the list; nothing at depth 0. */
static struct place parent_place(const struct builder *b)
{
	const struct item *key = &b->key[b->depth - 1];

	return key->key != NULL ? key->key_place : b->open[b->depth - 1]->place;
}

/* libfyaml points at the blanks before a block's first line: its key says more, and where there is
 * none the line itself. */
static struct place block_place(const struct builder *b, struct place at)
{
	if (b->depth > 0 && b->key[b->depth - 1].key != NULL)
		return parent_place(b);
	at.offset += strspn(b->source->text + at.offset, " \n");
	return at;
}

/* libfyaml takes lines that stand no further in than their key, all to the end of the map, and
 * may then tell of more bytes than it has made. */
static bool block_is_good(struct builder *b, struct fy_event *event, struct place at)
{
	if (b->depth == 0)
		give_up(b, at, TREE_NO_MAP);
	else if (!block_is_further_in(event, parent_place(b)))
		give_up(b, at,
			"the lines behind a | or > have to stand further in than what they belong "
			"to");
	return !b->failed;
}

/* Where the event stands; something left out stands where its key does. */
static struct place event_place(const struct builder *b, struct fy_event *event)
{
	const struct fy_mark *mark = fy_event_start_mark(event);
	struct place at = {.source = b->source};

	if (mark != NULL && mark->input_pos <= b->source->len) {
		at.offset = mark->input_pos;
		/* libfyaml points behind a quote and behind the star of an alias. */
		if (at.offset > 0 && strchr("\"'*", b->source->text[at.offset - 1]) != NULL)
			at.offset--;
		if (block_is(event))
			at = block_place(b, at);
	} else if (b->depth > 0) {
		at = parent_place(b);
	}
	return at;
}

/* Stands for a key whose value is not wanted. */
static const char key_dropped[] = "";

static void key_take(struct builder *b, struct item *key, const struct node *node, struct place at)
{
	if (node->kind != NODE_TEXT) {
		give_up(b, at, "a key must be a plain word");
		return;
	}
	*key = (struct item){.key = node->text, .key_place = at};
	if (node->plain && strcmp(node->text, "<<") == 0) {
		loader_error(b->loader, at, NULL,
			     "merge keys (<<) are not read: use `defaults`, or write the keys out");
		key->key = key_dropped;
	}
}

static void value_add(struct builder *b, const struct node *node, struct place at)
{
	if (b->depth == 0) {
		b->root = node;
		return;
	}
	struct node *parent = b->open[b->depth - 1];
	struct item *key = &b->key[b->depth - 1];
	if (parent->kind == NODE_MAP && key->key == NULL) {
		key_take(b, key, node, at);
		return;
	}
	key->value = node;
	if (key->key != key_dropped)
		node_append(parent, b->loader, key);
	*key = (struct item){0};
	/* What is still open has its size added when it is closed. */
	if (!node->open)
		parent->size += node->size;
}

static struct node *node_new(struct builder *b, enum node_kind kind, struct place at)
{
	struct node *node = loader_scratch(b->loader, sizeof *node);

	*node = (struct node){.kind = kind, .place = at, .size = 1};
	return node;
}

/* The newest anchor of a name counts, as YAML wants it. */
static void anchor_remember(struct builder *b, struct fy_token *token, const struct node *node)
{
	if (token == NULL)
		return;
	struct item *item = loader_scratch(b->loader, sizeof *item);
	*item = (struct item){.key = bytes_copy(b, token_bytes(token)), .value = node};
	struct item *earlier = key_index_put(&b->anchors, b->loader, item);
	if (earlier != NULL)
		earlier->value = node;
}

static void tag_refuse(struct builder *b, struct fy_token *tag, struct place at)
{
	struct bytes bytes = token_bytes(tag);

	if (tag != NULL)
		loader_error(b->loader, at, NULL,
			     "tags like %.*s are not read: each option has its type",
			     bytes.len > 40 ? 40 : (int)bytes.len, bytes.text);
}

static void scalar_take(struct builder *b, struct fy_event *event, struct place at)
{
	struct node *node = node_new(b, NODE_TEXT, at);

	if (block_is(event) && !block_is_good(b, event, at))
		return;
	struct bytes bytes = token_bytes(event->scalar.value);
	tag_refuse(b, event->scalar.tag, at);
	if (memchr(bytes.text, '\0', bytes.len) != NULL) {
		loader_error(b->loader, at, NULL, "a NUL byte in a text");
		bytes.len = strlen(bytes.text);
	}
	node->text = bytes_copy(b, bytes);
	node->plain = event->scalar.value == NULL ||
		      fy_token_scalar_style(event->scalar.value) == FYSS_PLAIN;
	anchor_remember(b, event->scalar.anchor, node);
	value_add(b, node, at);
}

static void alias_take(struct builder *b, struct fy_event *event, struct place at)
{
	const char *name = bytes_copy(b, token_bytes(event->alias.anchor));
	const struct item *anchor = key_index_find(&b->anchors, name);

	if (anchor == NULL) {
		loader_error(
			b->loader, at, NULL,
			"no anchor &%s stands before this alias: a text that begins with * wants "
			"quotes",
			name);
		b->failed = true;
	} else if (anchor->value->open) {
		give_up(b, at, "an alias inside of what it stands for");
	} else if (anchor->value->size > TREE_ALIAS_NODES_MAX - b->alias_nodes) {
		give_up(b, at, "aliases expand to more than 100000 values");
	} else {
		b->alias_nodes += anchor->value->size;
		value_add(b, anchor->value, at);
	}
}

static void collection_open(struct builder *b, enum node_kind kind, struct fy_event *event,
			    struct place at)
{
	struct node *node = node_new(b, kind, at);
	bool map = kind == NODE_MAP;

	if (b->depth == TREE_DEPTH_MAX) {
		give_up(b, at, "lists and maps inside each other more than 16 deep");
		return;
	}
	tag_refuse(b, map ? event->mapping_start.tag : event->sequence_start.tag, at);
	node->open = true;
	anchor_remember(b, map ? event->mapping_start.anchor : event->sequence_start.anchor, node);
	value_add(b, node, at);
	b->open[b->depth] = node;
	b->key[b->depth++] = (struct item){0};
}

static void duplicates_refuse(struct builder *b, const struct node *map)
{
	struct key_index index = {0};

	for (struct item *item = map->first; item != NULL; item = item->next) {
		const struct item *earlier = key_index_put(&index, b->loader, item);
		if (earlier != NULL)
			loader_error(b->loader, item->key_place, NULL,
				     "`%s` stands here twice: it is also at %s", item->key,
				     loader_place_text(b->loader, earlier->key_place));
	}
}

static void collection_close(struct builder *b)
{
	struct node *node = b->open[--b->depth];

	node->open = false;
	if (node->kind == NODE_MAP)
		duplicates_refuse(b, node);
	if (b->depth > 0)
		b->open[b->depth - 1]->size += node->size;
}

static void event_take(struct builder *b, struct fy_event *event)
{
	struct place at = event_place(b, event);

	/* libfyaml's enumeration is long; what is not named here carries nothing. */
	if (event->type == FYET_SCALAR)
		scalar_take(b, event, at);
	else if (event->type == FYET_ALIAS)
		alias_take(b, event, at);
	else if (event->type == FYET_MAPPING_START)
		collection_open(b, NODE_MAP, event, at);
	else if (event->type == FYET_SEQUENCE_START)
		collection_open(b, NODE_LIST, event, at);
	else if (event->type == FYET_MAPPING_END || event->type == FYET_SEQUENCE_END)
		collection_close(b);
	else if (event->type == FYET_DOCUMENT_START && b->root != NULL)
		give_up(b, at, "a second document: a file holds one");
}

static void output_drop(struct fy_diag *diag, void *user, const char *buf, size_t len)
{
	(void)diag, (void)user, (void)buf, (void)len;
}

static bool parser_open(struct loader *loader, const struct source *source)
{
	struct fy_diag_cfg diag_cfg;

	fy_diag_cfg_default(&diag_cfg);
	diag_cfg.fp = NULL;
	diag_cfg.output_fn = output_drop;
	diag_cfg.colorize = false;
	loader->diag = fy_diag_create(&diag_cfg);
	if (loader->diag == NULL)
		return false;
	fy_diag_set_collect_errors(loader->diag, true);
	/* Its own check for duplicate keys is quadratic and stops at the first. */
	struct fy_parse_cfg cfg = {
		.flags = FYPCF_COLLECT_DIAG | FYPCF_ALLOW_DUPLICATE_KEYS | FYPCF_JSON_NONE,
		.diag = loader->diag,
	};
	loader->parser = fy_parser_create(&cfg);
	return loader->parser != NULL &&
	       fy_parser_set_string(loader->parser, source->text, source->len) == 0;
}

/* What to do about it, where libfyaml's words tell only what a parser minds. NULL: they will do. */
static const char *advice_for(const char *text)
{
	static const char *const advice[][2] = {
		{"plain scalar cannot start", "put the value into quotes"},
		{"invalid value after mapping",
		 "put a value that only begins with [ or { into quotes"},
		{"nested block mapping on the same line", "put a value with a colon into quotes"},
		{"trailing content after", "put the whole value into quotes, or into a list"},
		{"missing document start", "what stands before this line is no map of keys"},
		{"indented single-quoted", "is its last quote missing?"},
		{"indented double-quoted", "is its last quote missing?"},
		{"invalid multiline plain key",
		 "is a colon missing here, or the next line indented too far?"},
		{"missing comma in flow", "is a quote or a closing bracket missing before?"},
		{"mismatched flow", "a bracket is closed that was not the last opened"},
		{"invalid indentation", "keys of one map begin in the same column"},
		{"block sequence", "a list and keys do not mix: is one indented wrongly?"},
	};

	for (size_t i = 0; i < sizeof advice / sizeof advice[0]; i++) {
		if (strstr(text, advice[i][0]) != NULL)
			return advice[i][1];
	}
	return NULL;
}

/* The next line that begins with a tab, when libfyaml says nothing of one itself: a text that goes
 * on there is told as if the text were wrong. */
static void syntax_error_tell(struct builder *b, struct place at, const char *text)
{
	const char *newline = strchr(b->source->text + at.offset, '\n');

	if (newline == NULL || newline[1] != '\t' || strstr(text, "tab") != NULL) {
		const char *advice = advice_for(text);
		give_up(b, at,
			advice == NULL
				? text
				: loader_must(b->loader, arena_printf(&b->loader->scratch, "%s: %s",
								      text, advice)));
		return;
	}
	size_t line = place_position(at).line + 1;
	give_up(b, at,
		loader_must(b->loader,
			    arena_printf(&b->loader->scratch,
					 "%s; line %zu begins with a tab: YAML wants blanks", text,
					 line)));
}

static void syntax_error(struct builder *b)
{
	void *walk = NULL;
	const struct fy_diag_error *error = fy_diag_errors_iterate(b->loader->diag, &walk);

	if (error == NULL)
		give_up(b, (struct place){.source = b->source},
			"this is not YAML that can be read");
	else
		syntax_error_tell(b, place_at(b->source, error->line, error->column), error->msg);
}

static bool encoding_check(struct loader *loader, const struct source *source)
{
	size_t valid = source_valid_prefix(source);

	if (valid < source->len)
		loader_error(loader, (struct place){.source = source, .offset = valid}, NULL,
			     "the byte 0x%02x here is not UTF-8 text",
			     (unsigned char)source->text[valid]);
	return valid == source->len;
}

const struct node *tree_parse(struct loader *loader, const struct source *source)
{
	struct builder b = {.loader = loader, .source = source};
	struct fy_event *event = NULL;

	if (!encoding_check(loader, source))
		return NULL;
	if (!parser_open(loader, source))
		loader_must(loader, NULL);
	while (!b.failed && (event = fy_parser_parse(loader->parser)) != NULL) {
		event_take(&b, event);
		fy_parser_event_free(loader->parser, event);
	}
	if (!b.failed && fy_parser_get_stream_error(loader->parser))
		syntax_error(&b);
	loader_close_parser(loader);
	if (b.failed)
		return NULL;
	if (b.root == NULL || node_is_empty(b.root))
		return node_new(&b, NODE_MAP, (struct place){.source = source});
	return b.root;
}
