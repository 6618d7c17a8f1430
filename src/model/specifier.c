#include "model/specifier.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

enum { NESTING_MAX = 32 };

/* Reads the inside of %{ }, one function a level of precedence. */
struct arithmetic {
	const char *at;
	int64_t i; /* what the name i stands for */
	unsigned nesting;
	struct err *err;
};

static int sum_read(struct arithmetic *a, int64_t *value);

static char next_char(struct arithmetic *a)
{
	while (*a->at == ' ')
		a->at++;
	return *a->at;
}

static int integer_read(struct arithmetic *a, int64_t *value)
{
	*value = 0;
	for (; *a->at >= '0' && *a->at <= '9'; a->at++) {
		if (__builtin_mul_overflow(*value, 10, value) ||
		    __builtin_add_overflow(*value, *a->at - '0', value))
			return err_set(a->err, 0, "a number in %%{ } is too large");
	}
	return 0;
}

static int parentheses_read(struct arithmetic *a, int64_t *value)
{
	if (++a->nesting > NESTING_MAX)
		return err_set(a->err, 0, "too many parentheses in %%{ }");
	a->at++;
	if (sum_read(a, value) == -1)
		return -1;
	if (next_char(a) != ')')
		return err_set(a->err, 0, "a ) is missing in %%{ }");
	a->at++;
	a->nesting--;
	return 0;
}

static int factor_read(struct arithmetic *a, int64_t *value)
{
	char c = next_char(a);

	if (c >= '0' && c <= '9')
		return integer_read(a, value);
	if (c == '(')
		return parentheses_read(a, value);
	if (c != 'i')
		return err_set(a->err, 0, "%%{ } wants integers, i, + - * and parentheses");
	*value = a->i;
	a->at++;
	return 0;
}

static int product_read(struct arithmetic *a, int64_t *value)
{
	int64_t right;

	if (factor_read(a, value) == -1)
		return -1;
	while (next_char(a) == '*') {
		a->at++;
		if (factor_read(a, &right) == -1)
			return -1;
		if (__builtin_mul_overflow(*value, right, value))
			return err_set(a->err, 0, "the result of %%{ } is too large");
	}
	return 0;
}

static int sum_read(struct arithmetic *a, int64_t *value)
{
	int64_t right;

	if (product_read(a, value) == -1)
		return -1;
	for (char sign = next_char(a); sign == '+' || sign == '-'; sign = next_char(a)) {
		a->at++;
		if (product_read(a, &right) == -1)
			return -1;
		bool over = sign == '+' ? __builtin_add_overflow(*value, right, value)
					: __builtin_sub_overflow(*value, right, value);
		if (over)
			return err_set(a->err, 0, "the result of %%{ } is too large");
	}
	return 0;
}

static int arithmetic_expand(struct text *out, const char **at, uint32_t i, struct err *err)
{
	struct arithmetic a = {.at = *at, .i = i, .err = err};
	int64_t value;

	if (strchr(a.at, '}') == NULL)
		return err_set(err, 0, "a %%{ without its }");
	if (sum_read(&a, &value) == -1)
		return -1;
	if (next_char(&a) != '}')
		return err_set(err, 0, "%%{ } wants integers, i, + - * and parentheses");
	if (value < 0)
		return err_set(err, 0, "%%{ } gives %" PRId64 " for i = %" PRIu32 ", less than 0",
			       value, i);
	text_add(out, "%" PRId64, value);
	*at = a.at + 1;
	return 0;
}

static int worker_expand(struct text *out, const char **at, const struct specifier_context *context,
			 struct err *err)
{
	char name[INSTANCE_NAME_SIZE];
	char letter = *(*at)++;

	if (context->worker == NULL)
		return err_set(err, 0, "%%%c has no meaning here: this is not said of one worker",
			       letter);
	if (letter == '{')
		return arithmetic_expand(out, at, context->ordinal, err);
	/* A step's halves are one behind its name: "schema.start". */
	if (letter == 'n')
		text_put(out, context->worker->name, strcspn(context->worker->name, "."));
	else if (letter == 'i')
		text_add(out, "%" PRIu32, context->ordinal);
	else
		text_add(out, "%s", instance_name(name, context->worker, context->ordinal));
	return 0;
}

/* at stands behind the percent sign, and is moved behind the specifier. */
static int place_expand(struct text *out, const char **at, const struct specifier_context *context,
			struct err *err)
{
	const struct spec *spec = context->spec;

	switch (**at) {
	case 'n':
	case 'i':
	case 'I':
	case '{':
		return worker_expand(out, at, context, err);
	case 't':
		text_add(out, "%s", spec->runtime_dir);
		break;
	case 'S':
		text_add(out, "%s", spec->state_dir);
		break;
	case 'L':
		text_add(out, "%s", spec->log_dir);
		break;
	case 'H':
		text_add(out, "%s", spec->host);
		break;
	case '%':
		text_put(out, "%", 1);
		break;
	case '\0':
		return err_set(err, 0, "a lone %% at the end: write %%%%");
	default:
		return err_set(err, 0, "unknown specifier %%%c (a percent sign is %%%%)",
			       **at > ' ' && **at < 0x7f ? **at : '?');
	}
	(*at)++;
	return 0;
}

int specifier_expand(struct text *out, const char *template,
		     const struct specifier_context *context, struct err *err)
{
	const char *at = template;

	while (*at != '\0') {
		size_t literal = strcspn(at, "%");
		text_put(out, at, literal);
		at += literal;
		if (*at == '\0')
			break;
		at++;
		if (place_expand(out, &at, context, err) == -1)
			return -1;
	}
	return 0;
}
