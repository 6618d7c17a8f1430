#include "base/utf8.h"

#include <stdbool.h>

/* What may follow a lead byte: RFC 3629, section 4. Later bytes are always 80 ... BF. */
static const struct {
	unsigned char first, last; /* lead byte */
	unsigned char low, high;   /* second byte */
	unsigned char length;
} forms[] = {
	{0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
	{0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
	{0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
};

static bool has_tail(const unsigned char *bytes, size_t length)
{
	for (size_t i = 2; i < length; i++)
		if (bytes[i] < 0x80 || bytes[i] > 0xbf)
			return false;
	return true;
}

size_t utf8_length(const char *text)
{
	const unsigned char *bytes = (const unsigned char *)text;

	if (bytes[0] < 0x80)
		return 1;
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		if (bytes[0] < forms[i].first || bytes[0] > forms[i].last)
			continue;
		bool good = bytes[1] >= forms[i].low && bytes[1] <= forms[i].high;
		return good && has_tail(bytes, forms[i].length) ? forms[i].length : 0;
	}
	return 0;
}

size_t utf8_letter(const char *text)
{
	const unsigned char *bytes = (const unsigned char *)text;
	bool is_control =
		bytes[0] < ' ' || bytes[0] == 0x7f || (bytes[0] == 0xc2 && bytes[1] < 0xa0);

	return is_control ? 0 : utf8_length(text);
}
