#include "conf/command.h"

#include <string.h>

#include "conf/draft.h"
#include "conf/read.h"
#include "conf/template.h"

/* True when text is more than plain words: shell characters, a variable set before the program, or
 * `exec `. */
static bool needs_shell(const char *text)
{
	bool first_word = true, word_start = true;

	if (strncmp(text, "exec ", 5) == 0)
		return true;
	while (*text != '\0') {
		if (strchr("|&;<>()$`\\\"'*?[\n", *text) != NULL)
			return true;
		if ((word_start && strchr("~#", *text) != NULL) || (first_word && *text == '='))
			return true;
		word_start = *text == ' ' || *text == '\t';
		first_word = first_word && !word_start;
		text = *text == '%' ? template_specifier_end(text) : text + 1;
	}
	return false;
}

static size_t word_len(const char *text)
{
	const char *at = text;

	while (*at != '\0' && *at != ' ' && *at != '\t')
		at = *at == '%' ? template_specifier_end(at) : at + 1;
	return (size_t)(at - text);
}

/* Words of text into argv, which may be NULL to count them only. */
static unsigned words_split(struct loader *loader, const char *text, const char **argv)
{
	unsigned count = 0;

	for (text += strspn(text, " \t"); *text != '\0'; count++) {
		size_t len = word_len(text);
		if (argv != NULL)
			argv[count] =
				loader_must(loader, arena_strndup(&loader->spec->arena, text, len));
		text += len;
		text += strspn(text, " \t");
	}
	return count;
}

static const char **argv_new(struct loader *loader, struct command *command, unsigned argc)
{
	command->argc = argc;
	command->argv = loader_keep(loader, (argc + 1) * sizeof command->argv[0]);
	return command->argv;
}

/* Blanks and newlines around the text mean nothing: a YAML block ends with a newline. */
static const char *trimmed(struct loader *loader, const char *text)
{
	text += strspn(text, " \t\n");
	size_t len = strlen(text);
	while (len > 0 && strchr(" \t\n", text[len - 1]) != NULL)
		len--;
	return loader_must(loader, arena_strndup(&loader->spec->arena, text, len));
}

static void string_take(struct loader *loader, const char *text, struct command *command)
{
	text = trimmed(loader, text);
	command->shell = needs_shell(text);
	if (!command->shell) {
		words_split(loader, text,
			    argv_new(loader, command, words_split(loader, text, NULL)));
		return;
	}
	const char **argv = argv_new(loader, command, 3);
	argv[0] = "/bin/sh";
	argv[1] = "-c";
	argv[2] = text;
}

static void list_take(struct loader *loader, const struct option *option, const struct node *list,
		      struct command *command)
{
	const char **argv = argv_new(loader, command, (unsigned)list->count);
	unsigned n = 0;

	for (const struct item *item = list->first; item != NULL; item = item->next) {
		/* An argument may be empty, but then it is written as "". */
		const char *text = read_text(loader, option, item->value);
		argv[n++] = text == NULL ? "" : loader_keep_text(loader, text);
	}
	if (n > 0 && argv[0][0] == '\0' && list->first->value->kind == NODE_TEXT &&
	    !node_is_empty(list->first->value))
		loader_error(loader, list->first->value->place, NULL, "`%s` has an empty program",
			     option->path);
}

void read_command(struct loader *loader, const struct option *option, const struct item *item,
		  void *field)
{
	const struct node *node = item->value;
	struct command *command = field;
	const char *text;

	*command = (struct command){0};
	if (node->kind == NODE_MAP && node_find(node, "command") != NULL)
		loader_error(loader, node->place, NULL,
			     "`%s` wants the command itself: say [PROGRAM, ARGUMENT, ...]",
			     option->path);
	else if (node->kind == NODE_LIST)
		list_take(loader, option, node, command);
	else if ((text = read_text(loader, option, node)) != NULL)
		string_take(loader, text, command);
	for (unsigned i = 0; i < command->argc; i++)
		command->specifiers = command->specifiers || strchr(command->argv[i], '%') != NULL;
	if (command->argc == 0 && option->fallback == NULL && node->kind != NODE_MAP &&
	    !node_is_empty(node))
		loader_error(loader, node->place, NULL, "`%s` is empty", option->path);
}

bool command_hides_main(const struct command *command)
{
	return command->shell && strncmp(command->argv[2], "exec ", 5) != 0;
}
