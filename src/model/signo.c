#include "model/signo.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

#define SIGNALS(X)                                                                                 \
	X(HUP)                                                                                     \
	X(INT)                                                                                     \
	X(QUIT)                                                                                    \
	X(ILL) X(TRAP) X(ABRT) X(BUS) X(FPE) X(KILL) X(USR1) X(SEGV) X(USR2) X(PIPE) X(ALRM)       \
		X(TERM) X(STKFLT) X(CHLD) X(CONT) X(STOP) X(TSTP) X(TTIN) X(TTOU) X(URG) X(XCPU)   \
			X(XFSZ) X(VTALRM) X(PROF) X(WINCH) X(IO) X(PWR) X(SYS) X(POLL) X(IOT)

#define X(name) #name,
static const char *const names[] = {SIGNALS(X)};
#undef X
#define X(name) SIG##name,
static const int numbers[] = {SIGNALS(X)};
#undef X

enum { COUNT = sizeof names / sizeof names[0], NONE = -1, HUGE = 1000 };

/* Digits to the end of the text as a number, at most HUGE; NONE for anything else. */
static int whole_number(const char *text)
{
	int number = 0;

	if (*text == '\0' || text[strspn(text, "0123456789")] != '\0')
		return NONE;
	for (; *text != '\0'; text++)
		number = number >= HUGE ? HUGE : 10 * number + (*text - '0');
	return number;
}

/* RTMIN, RTMIN+N, RTMAX, RTMAX-N. */
static int real_time_signal(const char *name)
{
	bool from_min = strncmp(name, "RTMIN", 5) == 0;
	int n = 0;

	if (!from_min && strncmp(name, "RTMAX", 5) != 0)
		return NONE;
	if (name[5] != '\0' &&
	    (name[5] != (from_min ? '+' : '-') || (n = whole_number(name + 6)) == NONE))
		return NONE;
	if (n > SIGRTMAX - SIGRTMIN)
		return NONE;
	return from_min ? SIGRTMIN + n : SIGRTMAX - n;
}

/* The name that differs in capital letters alone, or else a near one. */
static const char *likely(const char *text)
{
	const char *name = strncasecmp(text, "SIG", 3) == 0 ? text + 3 : text;

	for (size_t i = 0; i < COUNT; i++) {
		if (strcasecmp(name, names[i]) == 0)
			return names[i];
	}
	return text_nearest(name, names, COUNT);
}

int signo_find(const char *text, int *out, const char **hint, struct err *err)
{
	const char *name = strncmp(text, "SIG", 3) == 0 ? text + 3 : text;
	int number = NONE;

	*hint = NULL;
	for (size_t i = 0; i < COUNT; i++) {
		if (strcmp(name, names[i]) == 0)
			number = numbers[i];
	}
	if (number == NONE)
		number = real_time_signal(name);
	if (number == NONE)
		number = whole_number(text);
	if (number == NONE) {
		*hint = likely(text);
		return err_set(err, 0, "\"%s\" is not a signal like TERM, SIGINT, RTMIN+3 or 15",
			       text);
	}
	if (number < 1 || number > SIGRTMAX)
		return err_set(err, 0, "signals have numbers from 1 to %d", SIGRTMAX);
	*out = number;
	return 0;
}
