#include "fosterctl/arguments.h"

#include <getopt.h>
#include <string.h>

#include "base/text.h"
#include "conf/value.h"
#include "fosterctl/shown.h"
#include "fosterctl/verb.h"

enum { LONG_JSON = 256, LONG_WAIT, LONG_TIMEOUT, LONG_VERSION, LONG_DEPENDENTS, WORD = 1 };

static const struct option long_options[] = {
	{"socket", required_argument, NULL, 's'},
	{"json", no_argument, NULL, LONG_JSON},
	{"wait", no_argument, NULL, LONG_WAIT},
	{"with-dependents", no_argument, NULL, LONG_DEPENDENTS},
	{"timeout", required_argument, NULL, LONG_TIMEOUT},
	{"version", no_argument, NULL, LONG_VERSION},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

void arguments_help(FILE *out)
{
	const struct verb *verb;

	fputs("usage: fosterctl [-s SOCKET] [--json] VERB [ARGUMENT...]\n"
	      "\n"
	      "Look at a running fosterd, and steer it.\n"
	      "\n",
	      out);
	for (size_t i = 0; (verb = verb_row(i)) != NULL; i++)
		fprintf(out, "  %-8s%-15s%s%s\n", verb->name, verb->synopsis, verb->help,
			verb->waits ? " (--wait)" : "");
	fputs("\n"
	      "NAME is a worker (web: all its instances) or one of its instances (web.2).\n"
	      "Options stand before or behind the verb:\n"
	      "\n"
	      "  -s, --socket SOCKET   fosterd's control socket (default control.sock in its\n"
	      "                        runtime directory: /run/fosterd for root)\n"
	      "      --json            print fosterd's answer as it comes\n"
	      "      --wait            return when it is done: it is ready, stopped, gone, run\n"
	      "      --with-dependents stop first what depends on it, in good order\n"
	      "      --timeout TIME    give up after so long (30s, 2m); without it --wait waits\n"
	      "                        for ever, and an answer is due within 10s\n"
	      "      --version         print the version\n"
	      "  -h, --help            print this\n"
	      "\n"
	      "exit codes: 0 done; 1 refused or failed; 64 usage; 69 no fosterd there;\n"
	      "         71 operating system\n"
	      "See fosterctl(1), fosterd(8).\n",
	      out);
}

/* "fosterctl: ...; see fosterctl --help". What it is about is from outside. Returns -1. */
static int refuse(FILE *errors, const char *words, const char *about, const char *meant)
{
	char buf[1024];
	struct text text;

	text_init(&text, buf, sizeof buf);
	shown_add(&text, about);
	fprintf(errors, "fosterctl: %s%s", words, buf);
	if (meant != NULL)
		fprintf(errors, "; did you mean %s?", meant);
	fputs("; see fosterctl --help\n", errors);
	return -1;
}

static int refuse_option(FILE *errors, const char *argument)
{
	const char *names[sizeof long_options / sizeof long_options[0]];
	char meant[32];
	size_t count = 0;
	struct text text;

	for (; long_options[count].name != NULL; count++)
		names[count] = long_options[count].name;
	const char *nearest =
		strncmp(argument, "--", 2) == 0 ? text_nearest(argument + 2, names, count) : NULL;
	text_init(&text, meant, sizeof meant);
	text_add(&text, "--%s", nearest == NULL ? "" : nearest);
	return refuse(errors, "there is no option ", argument, nearest == NULL ? NULL : meant);
}

static int read_timeout(struct arguments *out, FILE *errors)
{
	struct err err;

	if (value_span(optarg, &out->timeout, &err) == -1)
		return refuse(errors, "--timeout: ", err.text, NULL);
	return 0;
}

static int take_option(int option, struct arguments *out, FILE *errors)
{
	switch (option) {
	case 's':
		out->socket = optarg;
		return 0;
	case LONG_JSON:
		out->json = true;
		return 0;
	case LONG_WAIT:
		out->wait = true;
		return 0;
	case LONG_DEPENDENTS:
		out->with_dependents = true;
		return 0;
	case LONG_TIMEOUT:
		return read_timeout(out, errors);
	case LONG_VERSION:
		out->wish = ARGUMENTS_VERSION;
		return 0;
	case 'h':
		out->wish = ARGUMENTS_HELP;
		return 0;
	default:
		return -1;
	}
}

/* Options into out, words to the front of argv, from 1 on. Their number; -1 when it is wrong. */
static int sort_out(int argc, char **argv, struct arguments *out, FILE *errors)
{
	int option, n_words = 0;

	optind = 0;
	opterr = 0;
	/* "-": a word comes as the value of an option WORD, and no environment changes that. */
	while ((option = getopt_long(argc, argv, "-:s:h", long_options, NULL)) != -1) {
		if (option == '?')
			return refuse_option(errors, argv[optind - 1]);
		if (option == ':')
			return refuse(errors, "a value is missing behind ", argv[optind - 1], NULL);
		if (option == WORD)
			argv[1 + n_words++] = optarg;
		else if (take_option(option, out, errors) == -1)
			return -1;
	}
	while (optind < argc)
		argv[1 + n_words++] = argv[optind++];
	return n_words;
}

static int check_words(const struct arguments *out, FILE *errors)
{
	const struct verb *verb = out->verb;

	for (int i = 0; i < out->n_words; i++)
		if (out->words[i][0] == '\0')
			return refuse(errors, "an argument is empty", "", NULL);
	if (out->n_words < verb->least) {
		fprintf(errors, "fosterctl: say which: fosterctl %s %s\n", verb->name,
			verb->synopsis);
		return -1;
	}
	if (verb->most >= 0 && out->n_words > verb->most)
		return refuse(errors, "too many arguments, beginning with ", out->words[verb->most],
			      NULL);
	if (out->wait && !verb->waits)
		return refuse(errors, "there is nothing to --wait for with ", verb->name, NULL);
	if (out->with_dependents && !verb->dependents)
		return refuse(errors, "--with-dependents is for stop, not for ", verb->name, NULL);
	if (out->json && !verb->json)
		return refuse(errors, "there is no --json of ", verb->name, NULL);
	return 0;
}

int arguments_read(int argc, char **argv, struct arguments *out, FILE *errors)
{
	const char *nearest;

	*out = (struct arguments){.timeout = MONO_NEVER};
	int n_words = sort_out(argc, argv, out, errors);
	if (n_words == -1)
		return -1;
	if (out->wish != ARGUMENTS_VERB)
		return 0;
	if (n_words == 0)
		return refuse(errors, "say what to do", "", NULL);
	out->verb = verb_find(argv[1], &nearest);
	if (out->verb == NULL)
		return refuse(errors, "there is no verb ", argv[1], nearest);
	out->words = argv + 2;
	out->n_words = n_words - 1;
	return check_words(out, errors);
}
