#include "conf/options.h"

#include <getopt.h>
#include <string.h>

#include "base/text.h"

enum { LONG_CHECK = 256, LONG_EXPLAIN, LONG_LEVEL, LONG_FORMAT, LONG_VERSION, LONG_HELP };

static const char default_file[] = "/etc/fosterd/fosterd.yaml";
static const char *const levels[] = {"error", "warning", "info", "debug"}; /* enum log_level */
static const char *const formats[] = {"auto", "logfmt", "json"};	   /* enum log_format */

static const struct option long_options[] = {
	{"config", required_argument, NULL, 'c'},
	{"check", no_argument, NULL, LONG_CHECK},
	{"explain", no_argument, NULL, LONG_EXPLAIN},
	{"log-level", required_argument, NULL, LONG_LEVEL},
	{"log-format", required_argument, NULL, LONG_FORMAT},
	{"version", no_argument, NULL, LONG_VERSION},
	{"help", no_argument, NULL, LONG_HELP},
	{NULL, 0, NULL, 0},
};

void options_help(FILE *out)
{
	fputs("usage: fosterd [-c FILE] [--check | --explain]\n"
	      "               [--log-level LEVEL] [--log-format FORMAT]\n"
	      "\n"
	      "Start the workers that FILE names, keep them well, say how they are, see them\n"
	      "off.\n"
	      "\n"
	      "configuration:\n"
	      "  -c, --config FILE        what to start (default /etc/fosterd/fosterd.yaml)\n"
	      "      --check              print every error and warning in it; exit 0 or 78\n"
	      "      --explain            print every key, its value, and where that came from\n"
	      "log, on standard error:\n"
	      "      --log-level LEVEL    error, warning, info (default) or debug\n"
	      "      --log-format FORMAT  auto (default), logfmt or json\n"
	      "help:\n"
	      "  -h, --help               print this\n"
	      "      --version            print the version\n"
	      "\n"
	      "manuals: fosterd(8) for signals, HTTP and messages, fosterd.yaml(5) for every\n"
	      "key of the configuration\n"
	      "\n"
	      "signals:\n"
	      "  TERM, INT  drain and end; a second one skips the delay, a third one kills\n"
	      "  HUP        tell what the configuration, read again, would change;\n"
	      "             on a terminal: drain and end\n"
	      "  USR1       tell that there are no log files to reopen\n"
	      "\n"
	      "exit codes:\n"
	      "   0  a clean end\n"
	      "  10  a worker with on_failed: shutdown failed\n"
	      "  11  the drain had to kill something, or ran out of time\n"
	      "  12  the start of a lifespan step failed\n"
	      "  13  the stop of a lifespan step failed\n"
	      "  64  usage\n"
	      "  71  operating system\n"
	      "  78  configuration\n",
	      out);
}

/* Which of the words it is; -1 told to errors. */
static int read_word(const char *option, const char *word, const char *const *words, int count,
		     FILE *errors)
{
	for (int i = 0; i < count; i++)
		if (strcmp(word, words[i]) == 0)
			return i;
	fprintf(errors, "fosterd: %s: \"%s\" is none of", option, word);
	for (int i = 0; i < count; i++)
		fprintf(errors, " %s", words[i]);
	const char *nearest = text_nearest(word, words, (size_t)count);
	if (nearest != NULL)
		fprintf(errors, "; did you mean %s?", nearest);
	fputc('\n', errors);
	return -1;
}

/* One of two that exclude each other. */
static int take_verb(enum options_verb verb, enum options_verb other, struct options *out,
		     FILE *errors)
{
	if (out->verb == other) {
		fputs("fosterd: --check and --explain do not go together; see fosterd --help\n",
		      errors);
		return -1;
	}
	out->verb = verb;
	return 0;
}

static int take_option(int option, struct options *out, FILE *errors)
{
	int word;

	switch (option) {
	case 'c':
		out->file = optarg;
		return 0;
	case LONG_CHECK:
		return take_verb(OPTIONS_CHECK, OPTIONS_EXPLAIN, out, errors);
	case LONG_EXPLAIN:
		return take_verb(OPTIONS_EXPLAIN, OPTIONS_CHECK, out, errors);
	case LONG_VERSION:
		out->verb = OPTIONS_VERSION;
		return 0;
	case 'h':
	case LONG_HELP:
		out->verb = OPTIONS_HELP;
		return 0;
	case LONG_LEVEL:
		word = read_word("--log-level", optarg, levels, 4, errors);
		out->log_level = (enum log_level)word;
		return word == -1 ? -1 : 0;
	case LONG_FORMAT:
		word = read_word("--log-format", optarg, formats, 3, errors);
		out->log_format = (enum log_format)word;
		return word == -1 ? -1 : 0;
	default:
		return -1;
	}
}

static const char *nearest_option(const char *text)
{
	const char *names[sizeof long_options / sizeof long_options[0]];
	size_t count = 0;

	for (; long_options[count].name != NULL; count++)
		names[count] = long_options[count].name;
	return text_nearest(text, names, count);
}

static int refuse(const char *argument, FILE *errors)
{
	const char *nearest = strncmp(argument, "--", 2) == 0 ? nearest_option(argument + 2) : NULL;

	fprintf(errors, "fosterd: cannot use the argument \"%s\"", argument);
	if (nearest != NULL)
		fprintf(errors, "; did you mean --%s?", nearest);
	fputs("; see fosterd --help\n", errors);
	return -1;
}

/* A word alone where no -c FILE was given. */
static int refuse_file(const char *argument, FILE *errors)
{
	fprintf(errors,
		"fosterd: cannot use the argument \"%s\"; did you mean -c %s?; see fosterd "
		"--help\n",
		argument, argument);
	return -1;
}

int options_read(int argc, char **argv, struct options *out, FILE *errors)
{
	int option;

	*out = (struct options){.file = default_file, .log_level = LOG_INFO};
	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "+:c:h", long_options, NULL)) != -1) {
		if (option == '?')
			return refuse(argv[optind - 1], errors);
		if (option == ':') {
			fprintf(errors, "fosterd: %s wants a value; see fosterd --help\n",
				argv[optind - 1]);
			return -1;
		}
		if (take_option(option, out, errors) == -1)
			return -1;
	}
	if (optind < argc && out->file == default_file)
		return refuse_file(argv[optind], errors);
	if (optind < argc)
		return refuse(argv[optind], errors);
	return 0;
}
