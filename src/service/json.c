#include "service/json.h"

#include <string.h>

#include "base/utf8.h"
#include "service/body.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* What was being built is of no use any more when one part of it could not be had. */
static void spoil(json_t **json)
{
	json_decref(*json);
	*json = NULL;
}

void json_put(json_t **object, const char *key, json_t *value)
{
	if (json_object_set_new_nocheck(*object, key, value) == -1)
		spoil(object);
}

void json_add(json_t **array, json_t *value)
{
	if (json_array_append_new(*array, value) == -1)
		spoil(array);
}

static json_t *mended_text(const char *text)
{
	struct body mended = {0};

	while (*text != '\0') {
		size_t len = utf8_length(text);
		if (len == 0)
			body_put(&mended, REPLACEMENT, strlen(REPLACEMENT));
		else
			body_put(&mended, text, len);
		text += len == 0 ? 1 : len;
	}
	json_t *json = mended.failed ? NULL : json_stringn(mended.text, mended.len);
	body_fini(&mended);
	return json;
}

json_t *json_text(const char *text)
{
	if (text == NULL)
		return json_null();
	/* jansson refuses a text that is not all UTF-8. */
	json_t *json = json_string(text);
	return json != NULL ? json : mended_text(text);
}

json_t *json_seconds(span_ns span)
{
	return json_real((double)(span / NS_MS) / 1000.);
}

json_t *json_ms(span_ns span)
{
	return json_integer(span / NS_MS);
}

json_t *json_since(mono_ns moment, mono_ns now)
{
	return json_ms(now > moment ? now - moment : 0);
}

json_t *json_ahead(mono_ns moment, mono_ns now)
{
	return moment == MONO_NEVER ? json_null() : json_since(now, moment);
}

json_t *json_pid(pid_t pid)
{
	return pid == 0 ? json_null() : json_integer(pid);
}

json_t *json_wall(wall_ns at)
{
	char text[WALL_TEXT_SIZE];

	return json_text(wall_format(text, at));
}
