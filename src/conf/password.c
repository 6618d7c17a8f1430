#include "conf/password.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/text.h"

enum { PASSWORD_MAX = 1023 };

/* A target without its password, and the same for people, as they are put together. */
struct split {
	struct loader *loader;
	struct text text;
	struct text shown;
	const char *password; /* as it was written; NULL: none so far */
};

static void both_put(struct split *split, const char *bytes, size_t len)
{
	text_put(&split->text, bytes, len);
	text_put(&split->shown, bytes, len);
}

static int hex(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c == '\0' ? NULL : strchr(digits, tolower((unsigned char)c));

	return at == NULL ? -1 : (int)(at - digits);
}

/* The password in len bytes of a URL. A percent sign may be doubled, as all around it must be. */
static int url_password(struct split *split, const char *text, size_t len, struct err *err)
{
	char *out = loader_keep(split->loader, len + 1);
	size_t n = 0;

	if (split->password != NULL)
		return err_set(err, 0, "there are two passwords in it");
	for (const char *at = text, *end = text + len; at < end; at++) {
		if (*at == '%' && at + 1 < end && at[1] == '%')
			at++;
		if (*at == '%' && end - at > 2 && hex(at[1]) >= 0 && hex(at[2]) >= 0) {
			out[n++] = (char)(hex(at[1]) * 16 + hex(at[2]));
			at += 2;
		} else {
			out[n++] = *at;
		}
	}
	if (memchr(out, '\0', n) != NULL)
		return err_set(err, 0, "a NUL cannot be part of a password");
	split->password = out;
	return 0;
}

/* libpq's own, for the key of a certificate: it stays in the text, and is not for people. */
static const char key_password[] = "sslpassword=";

/* The password=... of a URI's query, which begins at text. */
static int query_split(struct split *split, const char *text, struct err *err)
{
	static const char key[] = "password=";
	char mark = '?'; /* before the next word of what is left */

	while (*text != '\0') {
		size_t len = strcspn(text + 1, "&") + 1;
		if (strncmp(text + 1, key, strlen(key)) == 0) {
			const char *value = text + 1 + strlen(key);
			if (url_password(split, value, len - 1 - strlen(key), err) == -1)
				return -1;
			text_add(&split->shown, "%c%s***", text[0], key);
		} else {
			text_put(&split->text, &mark, 1);
			text_put(&split->text, text + 1, len - 1);
			mark = '&';
			if (strncmp(text + 1, key_password, strlen(key_password)) == 0)
				text_add(&split->shown, "%c%s***", text[0], key_password);
			else
				text_put(&split->shown, text, len);
		}
		text += len;
	}
	return 0;
}

/* SCHEME://[USER][:PASSWORD]@... */
static int url_split(struct split *split, const char *text, bool query, struct err *err)
{
	const char *authority = strstr(text, "://") + 3;
	size_t len = strcspn(authority, "/?#");
	const char *at = memrchr(authority, '@', len), *colon = NULL;

	if (at == NULL && strchr(authority + len, '@') != NULL)
		return err_set(err, 0,
			       "in a user and a password / is %%2F, ? is %%3F and # is %%23");
	if (at != NULL)
		colon = memchr(authority, ':', (size_t)(at - authority));
	if (colon == NULL) {
		both_put(split, text, (size_t)(authority - text));
	} else {
		both_put(split, text, (size_t)(colon - text));
		text_put(&split->shown, ":***", 4);
		if (url_password(split, colon + 1, (size_t)(at - colon) - 1, err) == -1)
			return -1;
		/* ":password@" alone leaves no user behind. */
		if (colon == authority) {
			text_put(&split->shown, "@", 1);
			at++;
		}
		authority = at;
	}
	const char *mark = query ? strchr(authority, '?') : NULL;
	size_t rest = mark == NULL ? strlen(authority) : (size_t)(mark - authority);
	both_put(split, authority, rest);
	return query_split(split, authority + rest, err);
}

/* A value of a connection string at text, unquoted into out, which has room for all of it. Returns
 * the bytes that it takes; 0: a quote without its end. */
static size_t value_unquote(const char *text, char *out)
{
	const char *at = text;
	bool quoted = *at == '\'';

	at += quoted;
	while (*at != '\0' && *at != (quoted ? '\'' : ' ') && (quoted || *at != '\t')) {
		at += *at == '\\' && at[1] != '\0';
		at += *at == '%' && at[1] == '%';
		*out++ = *at++;
	}
	if (quoted && *at != '\'')
		return 0;
	return (size_t)(at - text) + quoted;
}

static bool is_key(const char *text, size_t len, const char *key)
{
	return len == strlen(key) && strncmp(text, key, len) == 0;
}

/* KEYWORD = VALUE ... */
static int words_split(struct split *split, const char *text, struct err *err)
{
	static const char blanks[] = " \t\n";
	bool said = strchr(text, '=') != NULL; /* else it is no connection string at all */

	while (*text != '\0') {
		size_t before = strspn(text, blanks), key = strcspn(text + before, " \t\n=");
		const char *at = text + before + key;
		at += strspn(at, blanks);
		bool is_value = *at == '=';
		at += is_value;
		at += strspn(at, blanks);
		char *value = loader_keep(split->loader, strlen(at) + 1);
		size_t len = is_value && *at != '\0' ? value_unquote(at, value) : 0;
		if (!is_value && key > 0 && said)
			return err_set(err, 0,
				       "a word without `=` in it: a value with blanks is written "
				       "'in quotes'");
		if (is_value && *at == '\'' && len == 0)
			return err_set(err, 0, "a quote without its end");
		at += len;
		bool secret = is_value && is_key(text + before, key, "password");
		bool hidden = is_value && is_key(text + before, key, "sslpassword");
		if (secret && split->password != NULL)
			return err_set(err, 0, "there are two passwords in it");
		if (secret) {
			split->password = value;
			text_add(&split->shown, "%.*spassword=***", (int)before, text);
		} else if (hidden) {
			text_put(&split->text, text, (size_t)(at - text));
			text_add(&split->shown, "%.*s%s***", (int)before, text, key_password);
		} else {
			both_put(split, text, (size_t)(at - text));
		}
		text = at;
	}
	return 0;
}

int password_split(struct loader *loader, enum driver driver, const char *text,
		   struct target_text *out, struct err *err)
{
	size_t room = strlen(text) + sizeof ":***@password=";
	struct split split = {.loader = loader};
	int result = 0;

	text_init(&split.text, loader_keep(loader, room), room);
	text_init(&split.shown, loader_scratch(loader, room), room);
	if (driver == DRIVER_HTTP || driver == DRIVER_TCP)
		both_put(&split, text, strlen(text));
	else if (strstr(text, "://") != NULL)
		result = url_split(&split, text, driver == DRIVER_POSTGRES, err);
	else if (driver == DRIVER_POSTGRES)
		result = words_split(&split, text, err);
	else
		both_put(&split, text, strlen(text));
	if (result == -1)
		return -1;
	if (split.password != NULL && strlen(split.password) > PASSWORD_MAX)
		return err_set(err, 0, "the password has more than %d bytes", PASSWORD_MAX);
	if (split.password != NULL && password_is_shown(split.password))
		return err_set(err, 0, "*** is what is shown for a password: write the password "
				       "itself, or `password_file`");
	*out = (struct target_text){split.text.buf, split.shown.buf, split.password};
	return 0;
}

const char *password_file_read(struct loader *loader, const char *path, struct place at)
{
	struct source *source = loader_source(loader, path);
	struct stat about;
	struct err err;

	if (source_read(source, path, &loader->scratch, &err) == -1) {
		loader_error(loader, at, NULL, "password file %s: %s", path, err.text);
		return NULL;
	}
	size_t len = strcspn(source->text, "\r\n");
	size_t end = strspn(source->text + len, "\r\n");
	if (len == 0 || len > PASSWORD_MAX || len + end != source->len) {
		loader_error(loader, at, NULL,
			     "password file %s wants one line of 1 to %d bytes and nothing else",
			     path, PASSWORD_MAX);
		return NULL;
	}
	if (stat(path, &about) == 0 && (about.st_mode & S_IROTH) != 0)
		loader_warning(loader, at, "password file %s may be read by everybody", path);
	return loader_must(loader, arena_strndup(&loader->spec->arena, source->text, len));
}

/* The password of USER:PASSWORD@ behind the colon; its bytes, 0 when there is none. It may hold
 * what it should not. */
static size_t url_find(const char *text, size_t len)
{
	size_t found = 0;

	for (size_t i = 0; i < len && text[i] != '\0' && strchr(" \t\"'", text[i]) == NULL; i++) {
		if (text[i] == '@')
			found = i;
	}
	return found;
}

/* The value behind "password" and =, or a colon; its bytes, 0 when there is none. */
static size_t word_find(const char *text, size_t len, size_t *at)
{
	size_t skip = 0, found = 0;

	while (skip < len && text[skip] != '\0' && strchr(" \t=:\"'", text[skip]) != NULL)
		skip++;
	if (memchr(text, '=', skip) == NULL && memchr(text, ':', skip) == NULL)
		return 0;
	char quote = strchr("\"'", text[skip - 1]) != NULL ? text[skip - 1] : '\0';
	while (skip + found < len && text[skip + found] != quote &&
	       (quote != '\0' || strchr(" \t&\"'},", text[skip + found]) == NULL))
		found++;
	*at += skip;
	return found;
}

size_t password_find(const char *text, size_t len, size_t *at)
{
	static const char word[] = "password";
	size_t found = 0;

	for (; *at < len && found == 0; *at += found == 0) {
		size_t left = len - *at, start = *at;
		if (left > 1 && text[start] == ':' && text[start + 1] != '/') {
			start++;
			found = url_find(text + start, left - 1);
		} else if (left > strlen(word) &&
			   strncasecmp(text + start, word, strlen(word)) == 0) {
			start += strlen(word);
			found = word_find(text + start, left - strlen(word), &start);
		}
		if (found > 0)
			*at = start;
	}
	return found;
}

bool password_is_shown(const char *text)
{
	return strcmp(text, "***") == 0;
}

bool password_is_header(const char *name)
{
	static const char *const whole[] = {"Authorization", "Proxy-Authorization", "Cookie"};
	static const char *const parts[] = {"token", "secret", "password", "key"};
	bool is = false;

	for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
		is = is || strcasecmp(name, whole[i]) == 0;
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		is = is || strcasestr(name, parts[i]) != NULL;
	return is;
}
