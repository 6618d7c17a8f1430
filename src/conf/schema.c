/* schema - the JSON Schema of the configuration, made from the option table. */
#include <jansson.h>
#include <string.h>

#include "base/text.h"
#include "conf/explain.h"
#include "conf/limits.h"
#include "conf/option.h"
#include "conf/value.h"
#include "model/probe.h"

/* YAML's guesses at what is a number or a boolean mean nothing to fosterd: a text may look like any
 * of them. The other way round the schema is narrower on purpose: fosterd takes "2" where a number
 * is wanted, and an editor had better not suggest it. */
#define SCALAR	     "\"type\": [\"string\", \"number\", \"boolean\"]"
#define SPAN	     "(?=[0-9])([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?([0-9]+us)?"
#define SPAN_PATTERN "^" SPAN "$"
#define TIME_PATTERN "^([0-9]+|" SPAN ")$"
#define SIZE_PATTERN "^[0-9]+[KMGT]?$"
#define NAME_PATTERN "^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$"
#define COMMAND                                                                                    \
	"{\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"array\", \"items\": {" SCALAR "}}]}"
#define TEXTS "{\"anyOf\": [{" SCALAR "}, {\"type\": \"array\", \"items\": {" SCALAR "}}]}"
#define STATUS                                                                                     \
	"{\"type\": [\"integer\", \"string\"], \"minimum\": 100, \"maximum\": 599, "               \
	"\"pattern\": \"^[1-5][0-9][0-9](-[1-5][0-9][0-9])?$\"}"
#define CODE "{\"type\": \"integer\", \"minimum\": 0, \"maximum\": 255}"

/* What does not depend on the row, as JSON; NULL where it does. */
static const char *const shapes[KIND_COUNT] = {
	[KIND_TEXT] = "{" SCALAR "}",
	[KIND_DIRECTORY] = "{\"type\": \"string\", \"pattern\": \"^[/%]\"}",
	[KIND_SPAN] =
		"{\"anyOf\": [{\"const\": 0}, {\"type\": \"string\", \"pattern\": \"" SPAN_PATTERN
		"\"}, {\"const\": \"0\"}]}",
	[KIND_BOOL] =
		"{\"enum\": [true, false, \"true\", \"false\", \"yes\", \"no\", \"on\", \"off\"]}",
	[KIND_OCTAL] = "{\"type\": [\"integer\", \"string\"], \"pattern\": \"^(0o)?[0-7]+$\"}",
	[KIND_SIGNAL] =
		"{\"type\": [\"integer\", \"string\"], \"minimum\": 1, \"maximum\": 64, "
		"\"pattern\": \"^([0-9]+|(SIG)?(RTMIN([+][0-9]+)?|RTMAX(-[0-9]+)?|[A-Z0-9]+))$\"}",
	[KIND_COMMAND] = COMMAND,
	[KIND_TEXTS] = TEXTS,
	[KIND_PATHS] = "{\"anyOf\": [{\"type\": \"string\", \"pattern\": \"^-?[/%]\"}, "
		       "{\"type\": \"array\", \"items\": {\"type\": \"string\", \"pattern\": "
		       "\"^-?[/%]\"}}]}",
	[KIND_CODES] = "{\"anyOf\": [" CODE ", {\"type\": \"array\", \"items\": " CODE "}]}",
	[KIND_ENVIRONMENT] =
		"{\"type\": \"object\", \"patternProperties\": {\"^[A-Za-z_][A-Za-z0-9_]*$\": "
		"{\"type\": [\"string\", \"number\", \"boolean\", \"null\"]}}, "
		"\"additionalProperties\": false}",
	[KIND_USER] = "{\"type\": [\"string\", \"integer\"]}",
	[KIND_GROUP] = "{\"type\": [\"string\", \"integer\"]}",
	[KIND_GROUPS] = TEXTS,
	[KIND_PATH] = "{\"type\": \"string\", \"pattern\": \"^[/%]\"}",
	[KIND_GID] = "{\"type\": [\"string\", \"integer\"]}",
	[KIND_LISTEN] = TEXTS,
	[KIND_HTTP] = "{\"type\": \"string\", \"pattern\": \"^(https?://|unix:[/%]|%)\"}",
	[KIND_TCP] = "{\"type\": \"string\", \"pattern\": \":\"}",
	[KIND_REDIS] = "{\"type\": \"string\", \"pattern\": \"^(redis://|unix://|%)\"}",
	[KIND_POSTGRES] = "{\"type\": \"string\"}",
	[KIND_HEADERS] = "{\"type\": \"object\", \"patternProperties\": "
			 "{\"^[-!#$%&'*+.^_`|~A-Za-z0-9]+$\": {" SCALAR
			 "}}, \"additionalProperties\": false}",
	[KIND_STATUSES] = "{\"anyOf\": [" STATUS ", {\"type\": \"array\", \"minItems\": 1, "
			  "\"items\": " STATUS "}]}",
	[KIND_CHECKS] = TEXTS,
	[KIND_DEPENDS] = "{\"anyOf\": [{" SCALAR "}, {\"type\": \"array\", \"items\": {" SCALAR
			 "}}, {\"type\": \"object\", \"patternProperties\": {\"" NAME_PATTERN
			 "\": {\"enum\": [\"started\", \"ready\", \"completed\"]}}, "
			 "\"additionalProperties\": false}]}",
	[KIND_PROBER] = "{\"type\": [\"string\", \"integer\"]}",
	[KIND_INCLUDE] = TEXTS,
	[KIND_CAPABILITIES] = "{\"$ref\": \"#/$defs/capabilities\"}",
	[KIND_LIMITS] = "{\"$ref\": \"#/$defs/limits\"}",
};

static json_t *json_of(const char *text)
{
	return json_loads(text, JSON_DECODE_ANY, NULL);
}

static json_t *words_shape(const struct option *option)
{
	json_t *words = json_array();

	for (const char *const *word = option->words; *word != NULL; word++)
		json_array_append_new(words, json_string(*word));
	return json_pack("{s: o}", "enum", words);
}

static json_t *capabilities_shape(void)
{
	json_t *names = json_array();

	for (unsigned n = 0; value_capability_name(n) != NULL; n++)
		json_array_append_new(names, json_string(value_capability_name(n)));
	json_t *one = json_pack("{s: o}", "enum", names);
	return json_pack("{s: [o, {s: s, s: O}]}", "anyOf", one, "type", "array", "items", one);
}

#define AMOUNT(pattern)                                                                            \
	"{\"anyOf\": [{\"type\": \"integer\", \"minimum\": 0}, {\"const\": \"unlimited\"}, "       \
	"{\"type\": \"string\", \"pattern\": \"" pattern "\"}]}"

/* One amount, or a pair of them. */
static json_t *limit_shape(bool time)
{
	json_t *amount = json_of(time ? AMOUNT(TIME_PATTERN) : AMOUNT(SIZE_PATTERN));
	json_t *pair = json_pack("{s: s, s: {s: O, s: O}, s: [s, s], s: b}", "type", "object",
				 "properties", "soft", amount, "hard", amount, "required", "soft",
				 "hard", "additionalProperties", 0);

	return json_pack("{s: [o, o]}", "anyOf", amount, pair);
}

static json_t *limits_shape(void)
{
	json_t *properties = json_object();

	for (unsigned n = 0; limit_name(n) != NULL; n++)
		json_object_set_new(
			properties, limit_name(n),
			json_pack("{s: s}", "$ref",
				  limit_is_time(n) ? "#/$defs/time_limit" : "#/$defs/size_limit"));
	return json_pack("{s: s, s: o, s: b}", "type", "object", "properties", properties,
			 "additionalProperties", 0);
}

static json_t *kind_shape(const struct option *option)
{
	if (shapes[option->kind] != NULL)
		return json_of(shapes[option->kind]);
	if (option->kind == KIND_WORD)
		return words_shape(option);
	return json_pack("{s: s, s: I, s: I}", "type", "integer", "minimum",
			 (json_int_t)option->min, "maximum", (json_int_t)option->max);
}

/* The default as JSON: what is not a list, a map, a boolean or a number is a text. */
static json_t *default_value(const char *fallback)
{
	json_t *value = json_of(fallback);

	return value != NULL ? value : json_string(fallback);
}

static json_t *description(const struct option *option)
{
	char buf[1024], least[SPAN_TEXT_SIZE], most[SPAN_TEXT_SIZE];
	struct text text;

	text_init(&text, buf, sizeof buf);
	text_add(&text, "%s", option->help);
	if (option->kind == KIND_SPAN)
		text_add(&text, " From %s to %s.", span_format(least, option->min),
			 span_format(most, option->max));
	if (option->fallback == NULL)
		text_add(&text, " Default: %s.", option->unset);
	if (option->example != NULL)
		text_add(&text, " Example: `%s`.", option->example);
	return json_string(buf);
}

static json_t *option_schema(const struct option *option)
{
	json_t *schema = kind_shape(option);

	json_object_set_new(schema, "description", description(option));
	if (option->fallback != NULL)
		json_object_set_new(schema, "default", default_value(option->fallback));
	return schema;
}

static json_t *object_schema(json_t *properties)
{
	return json_pack("{s: [s, s], s: o, s: b}", "type", "object", "null", "properties",
			 properties, "additionalProperties", 0);
}

/* The keys of the map at path ("" for the outermost), with the maps in them. */
static json_t *map_properties(enum option_scope scope, const char *path)
{
	struct option_key keys[OPTION_COUNT];
	size_t count = option_keys(scope, path, keys);
	json_t *properties = json_object();

	for (size_t i = 0; i < count; i++) {
		char below[2 * sizeof keys[0].text];
		struct text text;
		text_init(&text, below, sizeof below);
		text_add(&text, "%s%s%s", path, path[0] == '\0' ? "" : ".", keys[i].text);
		const struct option *option = option_find(scope, below);
		json_object_set_new(properties, keys[i].text,
				    option != NULL ? option_schema(option)
						   : object_schema(map_properties(scope, below)));
	}
	return properties;
}

static json_t *worker_schema(void)
{
	json_t *worker = object_schema(map_properties(SCOPE_WORKER, ""));

	/* Without a command there is no worker: an empty one is wrong. */
	json_object_set_new(worker, "type", json_string("object"));
	json_object_set_new(worker, "required", json_pack("[s]", "command"));
	return worker;
}

static json_t *check_schema(void)
{
	json_t *check = object_schema(map_properties(SCOPE_CHECK, ""));

	/* Without a way to ask there is no check, and two are too many. */
	json_t *drivers = json_array();
	for (enum driver driver = 0; driver < DRIVER_COUNT; driver++)
		json_array_append_new(drivers,
				      json_pack("{s: [s]}", "required", driver_name(driver)));
	json_object_set_new(check, "type", json_string("object"));
	json_object_set_new(check, "oneOf", drivers);
	return check;
}

static json_t *task_schema(void)
{
	json_t *task = object_schema(map_properties(SCOPE_TASK, ""));

	json_object_set_new(task, "type", json_string("object"));
	json_object_set_new(task, "required", json_pack("[s, s]", "command", "every"));
	return task;
}

/* One of a step's halves, which is nothing without its command. */
static void half_require(json_t *step, const char *name)
{
	json_t *half = json_object_get(json_object_get(step, "properties"), name);

	json_object_set_new(half, "type", json_string("object"));
	json_object_set_new(half, "required", json_pack("[s]", "command"));
}

static json_t *step_schema(void)
{
	json_t *step = object_schema(map_properties(SCOPE_STEP, ""));

	half_require(step, "start");
	half_require(step, "stop");
	json_object_set_new(step, "type", json_string("object"));
	json_object_set_new(step, "required", json_pack("[s]", "name"));
	json_object_set_new(
		step, "anyOf",
		json_pack("[{s: [s]}, {s: [s]}]", "required", "start", "required", "stop"));
	return step;
}

/* A map from names to what is defined as kind. */
static json_t *named_schema(const char *kind, const char *description)
{
	return json_pack("{s: [s, s], s: {s: {s: s+}}, s: b, s: s}", "type", "object", "null",
			 "patternProperties", NAME_PATTERN, "$ref", "#/$defs/", kind,
			 "additionalProperties", 0, "description", description);
}

static void parts_add(json_t *properties)
{
	json_object_set_new(
		properties, "defaults",
		json_pack("{s: s, s: s}", "$ref", "#/$defs/defaults", "description",
			  "What every worker begins with; a worker's own keys override it."));
	json_object_set_new(properties, "workers",
			    named_schema("worker", "The workers by name, started in this order "
						   "as far as `depends_on` allows."));
	json_object_set_new(properties, "checks",
			    named_schema("check", "The components that fosterd "
						  "asks about and does not run, by name."));
	json_object_set_new(properties, "tasks",
			    named_schema("task", "What is run again and again, by name."));
	json_object_set_new(
		properties, "lifespan",
		json_pack("{s: [s, s], s: {s: s}, s: s}", "type", "array", "null", "items", "$ref",
			  "#/$defs/step", "description",
			  "Steps that are begun in this order before the workers are, and ended "
			  "in reverse when all have gone."));
}

static json_t *shared_parts(void)
{
	const struct {
		const char *name;
		json_t *schema;
	} parts[] = {
		{"defaults", object_schema(map_properties(SCOPE_DEFAULTS, ""))},
		{"worker", worker_schema()},
		{"check", check_schema()},
		{"task", task_schema()},
		{"step", step_schema()},
		{"limits", limits_shape()},
		{"size_limit", limit_shape(false)},
		{"time_limit", limit_shape(true)},
		{"capabilities", capabilities_shape()},
	};
	json_t *shared = json_object();

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		json_object_set_new(shared, parts[i].name, parts[i].schema);
	return shared;
}

void conf_schema(FILE *out)
{
	json_t *properties = map_properties(SCOPE_TOP, "");

	parts_add(properties);
	json_t *schema = json_pack("{s: s, s: s, s: [s, s], s: o, s: b, s: o}", "$schema",
				   "https://json-schema.org/draft/2020-12/schema", "title",
				   "fosterd configuration", "type", "object", "null", "properties",
				   properties, "additionalProperties", 0, "$defs", shared_parts());
	json_dumpf(schema, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(schema);
}
