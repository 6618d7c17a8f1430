#include "service/uri.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c == '\0' ? NULL : strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c);

	return at == NULL ? -1 : (int)(at - digits);
}

static bool is_control(int c)
{
	return c < 0x20 || c == 0x7f;
}

static bool is_utf8(const char *text)
{
	size_t len = 1;

	for (; *text != '\0' && len > 0; text += len)
		len = utf8_length(text);
	return len > 0;
}

/* Decode %XX in place, and '+' as a space where it means one. What is not UTF-8 is refused: names
 * come back in answers. */
static int decode(char *text, bool plus, struct err *err)
{
	char *out = text;

	for (const char *at = text; *at != '\0'; at++) {
		int byte = (unsigned char)*at;
		if (byte == '%') {
			int high = hex_digit(at[1]);
			int low = high == -1 ? -1 : hex_digit(at[2]);
			if (low == -1)
				return err_set(err, 0, "a %% in the URI lacks its two digits");
			byte = high * 16 + low;
			at += 2;
		} else if (byte == '+' && plus) {
			byte = ' ';
		}
		if (is_control(byte))
			return err_set(err, 0, "the URI has a control character in it");
		*out++ = (char)byte;
	}
	*out = '\0';
	return is_utf8(text) ? 0 : err_set(err, 0, "the URI is not UTF-8");
}

/* The path of http://HOST/path, which every server has to understand. */
static char *skip_authority(char *uri)
{
	static char root[] = "/";
	const char *scheme = "http://";

	if (strncasecmp(uri, scheme, strlen(scheme)) != 0)
		return uri;
	uri += strlen(scheme);
	uri += strcspn(uri, "/?");
	return *uri == '/' ? uri : root;
}

int uri_split(struct uri *out, char *uri, struct err *err)
{
	char *query = strchr(uri, '?');

	if (query != NULL)
		*query++ = '\0';
	char *path = skip_authority(uri);
	if (*path != '/')
		return err_set(err, 0, "the URI does not begin with a slash");
	*out = (struct uri){path, query};
	return decode(path, false, err);
}

int uri_next_pair(struct uri *uri, struct uri_pair *out, struct err *err)
{
	char *pair = strsep(&uri->query, "&");

	if (pair == NULL)
		return 0;
	char *value = strchr(pair, '=');
	if (value != NULL)
		*value++ = '\0';
	*out = (struct uri_pair){pair, value};
	if (decode(pair, true, err) == -1 || (value != NULL && decode(value, true, err) == -1))
		return -1;
	return 1;
}
