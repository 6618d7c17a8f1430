#include "conf/value.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* Digits to the end of the text, and nothing else. */
static int whole_number(const char *text, int base, int64_t *out)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return -1;
	errno = 0;
	*out = strtoll(text, &end, base);
	return errno == 0 && *end == '\0' ? 0 : -1;
}

int value_integer(const char *text, int64_t *out, struct err *err)
{
	bool negative = *text == '-';

	if (whole_number(text + (negative || *text == '+'), 10, out) == -1)
		return err_set(err, 0, "\"%s\" is not a whole number", text);
	if (negative)
		*out = -*out;
	return 0;
}

int value_octal(const char *text, int64_t *out, struct err *err)
{
	bool prefix = strncmp(text, "0o", 2) == 0;

	if (whole_number(text + (prefix ? 2 : 0), 8, out) == -1)
		return err_set(err, 0, "\"%s\" is not an octal number like 0027", text);
	return 0;
}

/* Digits at *at; moves it behind them. Too many for 64 bits count as none. */
static int digits_read(const char **at, int64_t *out)
{
	char *end;

	if (!isdigit((unsigned char)**at))
		return -1;
	errno = 0;
	*out = strtoll(*at, &end, 10);
	*at = end;
	return errno == 0 ? 0 : -1;
}

static const struct unit {
	char name[3];
	span_ns length;
} span_units[] = {
	{"d", 86400 * NS_S}, {"h", 3600 * NS_S}, {"m", 60 * NS_S},
	{"s", NS_S},	     {"ms", NS_MS},	 {"us", NS_US},
};

/* The index of the unit at *at, moved behind it; LENGTH(span_units) when there is none. */
static size_t unit_read(const char **at)
{
	size_t len = strspn(*at, "abcdefghijklmnopqrstuvwxyz");

	for (size_t i = 0; i < LENGTH(span_units); i++) {
		if (strlen(span_units[i].name) == len &&
		    strncmp(*at, span_units[i].name, len) == 0) {
			*at += len;
			return i;
		}
	}
	return LENGTH(span_units);
}

static bool is_digits(const char *text)
{
	return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

int value_span(const char *text, span_ns *out, struct err *err)
{
	size_t least = 0; /* units may only get smaller */
	int64_t number;
	span_ns part;

	*out = 0;
	if (strcmp(text, "0") == 0)
		return 0;
	if (is_digits(text))
		return err_set(err, 0, "a bare number is no duration: say %.9ss or %.9sms", text,
			       text);
	const char *at = text;
	do {
		size_t unit = LENGTH(span_units);
		if (digits_read(&at, &number) == 0)
			unit = unit_read(&at);
		if (unit == LENGTH(span_units) || unit < least ||
		    __builtin_mul_overflow(number, span_units[unit].length, &part) ||
		    __builtin_add_overflow(*out, part, out))
			return err_set(err, 0,
				       "\"%s\" is not a duration like 250ms, 10s or 1m30s "
				       "(whole numbers of d h m s ms us)",
				       text);
		least = unit + 1;
	} while (*at != '\0');
	return 0;
}

int value_size(const char *text, uint64_t *out, struct err *err)
{
	static const char suffixes[] = "KMGT";
	const char *at = text, *suffix = NULL;
	int64_t number;

	if (digits_read(&at, &number) == 0 && (*at == '\0' || at[1] == '\0')) {
		suffix = strchr(suffixes, *at);
		/* The end of the text is found at the end of the suffixes: no suffix. */
		unsigned shift = *at == '\0'	  ? 0
				 : suffix == NULL ? 0
						  : 10 * (unsigned)(suffix - suffixes + 1);
		*out = (uint64_t)number << shift;
		if (suffix != NULL && *out >> shift == (uint64_t)number)
			return 0;
	}
	return err_set(err, 0, "\"%s\" is not a number or a size like 64K, 10M or 2G", text);
}

int value_bool(const char *text, bool *out, struct err *err)
{
	static const char *const words[] = {"false", "true", "no", "yes", "off", "on"};

	for (size_t i = 0; i < LENGTH(words); i++) {
		if (strcasecmp(text, words[i]) == 0) {
			*out = i % 2 == 1;
			return 0;
		}
	}
	return err_set(err, 0, "\"%s\" is neither true nor false", text);
}

/* By number, from linux/capability.h. */
static const char *const capabilities[] = {
	"CAP_CHOWN",
	"CAP_DAC_OVERRIDE",
	"CAP_DAC_READ_SEARCH",
	"CAP_FOWNER",
	"CAP_FSETID",
	"CAP_KILL",
	"CAP_SETGID",
	"CAP_SETUID",
	"CAP_SETPCAP",
	"CAP_LINUX_IMMUTABLE",
	"CAP_NET_BIND_SERVICE",
	"CAP_NET_BROADCAST",
	"CAP_NET_ADMIN",
	"CAP_NET_RAW",
	"CAP_IPC_LOCK",
	"CAP_IPC_OWNER",
	"CAP_SYS_MODULE",
	"CAP_SYS_RAWIO",
	"CAP_SYS_CHROOT",
	"CAP_SYS_PTRACE",
	"CAP_SYS_PACCT",
	"CAP_SYS_ADMIN",
	"CAP_SYS_BOOT",
	"CAP_SYS_NICE",
	"CAP_SYS_RESOURCE",
	"CAP_SYS_TIME",
	"CAP_SYS_TTY_CONFIG",
	"CAP_MKNOD",
	"CAP_LEASE",
	"CAP_AUDIT_WRITE",
	"CAP_AUDIT_CONTROL",
	"CAP_SETFCAP",
	"CAP_MAC_OVERRIDE",
	"CAP_MAC_ADMIN",
	"CAP_SYSLOG",
	"CAP_WAKE_ALARM",
	"CAP_BLOCK_SUSPEND",
	"CAP_AUDIT_READ",
	"CAP_PERFMON",
	"CAP_BPF",
	"CAP_CHECKPOINT_RESTORE",
};

const char *value_capability_name(unsigned n)
{
	return n < LENGTH(capabilities) ? capabilities[n] : NULL;
}

int value_capability(const char *text, unsigned *out, const char **hint, struct err *err)
{
	*hint = NULL;
	for (unsigned i = 0; i < LENGTH(capabilities); i++) {
		if (strcmp(text, capabilities[i]) == 0) {
			*out = i;
			return 0;
		}
	}
	/* Small letters, or no CAP_: far from it by letters, and yet plain. */
	for (unsigned i = 0; i < LENGTH(capabilities) && *hint == NULL; i++) {
		if (strcasecmp(text, capabilities[i]) == 0 ||
		    strcasecmp(text, capabilities[i] + strlen("CAP_")) == 0)
			*hint = capabilities[i];
	}
	if (*hint == NULL)
		*hint = text_nearest(text, capabilities, LENGTH(capabilities));
	return err_set(err, 0, "\"%s\" is not a capability like CAP_NET_BIND_SERVICE", text);
}
