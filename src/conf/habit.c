#include "conf/habit.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "conf/value.h"

enum { DIGITS_MAX = 9, DECIMALS_MAX = 6 };

static bool is_one_of(const char *word, size_t len, const char *const *words)
{
	for (; *words != NULL; words++) {
		if (strlen(*words) == len && strncasecmp(word, *words, len) == 0)
			return true;
	}
	return false;
}

/* The length of the unit, as people call it; 0 when it is none. */
static span_ns unit_length(const char *word, size_t len)
{
	static const struct {
		span_ns length;
		const char *const words[6];
	} units[] = {
		{7 * 86400 * NS_S, {"w", "week", "weeks"}},
		{86400 * NS_S, {"d", "day", "days"}},
		{3600 * NS_S, {"h", "hr", "hrs", "hour", "hours"}},
		{60 * NS_S, {"m", "min", "mins", "minute", "minutes"}},
		{NS_S, {"s", "sec", "secs", "second", "seconds"}},
		{NS_MS, {"ms", "msec", "msecs", "millisecond", "milliseconds"}},
		{NS_US, {"us", "usec", "usecs", "microsecond", "microseconds"}},
	};

	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (is_one_of(word, len, units[i].words))
			return units[i].length;
	}
	return 0;
}

/* Digits at *at, moved behind them; at most so many, so that nothing overflows. -1: none. */
static int64_t digits_take(const char **at, size_t most)
{
	size_t len = strspn(*at, "0123456789");
	int64_t number = len == 0 || len > most ? -1 : strtoll(*at, NULL, 10);

	*at += len;
	return number;
}

/* "1.5 h" at *at, moved behind it; -1 when it is no such thing. */
static span_ns part_take(const char **at)
{
	int64_t whole = digits_take(at, DIGITS_MAX), scale = 1, decimals = 0;

	if (**at == '.') {
		const char *from = ++*at;
		decimals = digits_take(at, DECIMALS_MAX);
		for (; decimals != -1 && from < *at; from++)
			scale *= 10;
	}
	*at += strspn(*at, " ");
	size_t len = 0;
	while (isalpha((unsigned char)(*at)[len]))
		len++;
	span_ns unit = unit_length(*at, len), span;
	*at += len;
	*at += strspn(*at, " ");
	if (whole == -1 || decimals == -1 || unit == 0 || decimals * (unit / NS_US) % scale != 0 ||
	    __builtin_mul_overflow(whole, unit, &span))
		return -1;
	return span + decimals * (unit / NS_US) / scale * NS_US;
}

/* A line of cron that is a plain interval; 0: it is none. */
static span_ns cron_span(const char *text)
{
	static const struct {
		const char *text;
		span_ns span;
	} words[] = {
		{"* * * * *", 60 * NS_S},      {"0 * * * *", 3600 * NS_S},
		{"@hourly", 3600 * NS_S},      {"hourly", 3600 * NS_S},
		{"0 0 * * *", 86400 * NS_S},   {"@daily", 86400 * NS_S},
		{"daily", 86400 * NS_S},       {"@midnight", 86400 * NS_S},
		{"@weekly", 7 * 86400 * NS_S}, {"weekly", 7 * 86400 * NS_S},
		{"minutely", 60 * NS_S},
	};
	int minutes = 0, end = 0;

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (strcmp(text, words[i].text) == 0)
			return words[i].span;
	}
	if (sscanf(text, "*/%2d * * * *%n", &minutes, &end) != 1 || end == 0 || text[end] != '\0' ||
	    minutes <= 0)
		return 0;
	return minutes * 60 * NS_S;
}

const char *habit_span(const char *text, char buf[SPAN_TEXT_SIZE])
{
	span_ns sum = cron_span(text);

	if (sum > 0)
		return span_format(buf, sum);
	do {
		span_ns part = part_take(&text);
		if (part == -1 || __builtin_add_overflow(sum, part, &sum))
			return NULL;
	} while (*text != '\0');
	return span_format(buf, sum);
}

const char *habit_size(const char *text, char buf[HABIT_SIZE_MAX])
{
	const char *at = text;
	struct text out;
	uint64_t size;
	struct err err;

	if (digits_take(&at, DIGITS_MAX) == -1)
		return NULL;
	text_init(&out, buf, HABIT_SIZE_MAX);
	text_put(&out, text, (size_t)(at - text));
	at += strspn(at, " ");
	if (*at != '\0' && strchr("bB", *at) == NULL)
		text_add(&out, "%c", toupper((unsigned char)*at++));
	at += *at == 'i';
	at += *at == 'b' || *at == 'B';
	return *at == '\0' && value_size(buf, &size, &err) == 0 ? buf : NULL;
}
