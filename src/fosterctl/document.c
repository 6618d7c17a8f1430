#include "fosterctl/document.h"

#include <string.h>

#include "base/text.h"

const char *document_text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

const char *document_name(const json_t *object)
{
	const char *name = document_text(object, "name");

	return name == NULL ? "?" : name;
}

json_int_t document_number(const json_t *object, const char *key, json_int_t fallback)
{
	const json_t *value = json_object_get(object, key);

	if (json_is_integer(value))
		return json_integer_value(value);
	double real = json_is_real(value) ? json_real_value(value) : 1e300;
	return real > -1e15 && real < 1e15 ? (json_int_t)real : fallback;
}

double document_real(const json_t *object, const char *key, double fallback)
{
	const json_t *value = json_object_get(object, key);

	return json_is_number(value) ? json_number_value(value) : fallback;
}

span_ns document_span(const json_t *object, const char *key, span_ns fallback)
{
	json_int_t ms = document_number(object, key, -1);

	return ms < 0 || ms > INT64_MAX / NS_MS ? fallback : ms * NS_MS;
}

bool document_flag(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

const json_t *document_list(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_array(value) ? value : NULL;
}

const json_t *document_object(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_object(value) ? value : NULL;
}

bool document_is(const json_t *object, const char *key, const char *word)
{
	const char *text = document_text(object, key);

	return text != NULL && strcmp(text, word) == 0;
}

static const json_t *find(const json_t *list, const char *name)
{
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		if (document_is(one, "name", name))
			return one;
	}
	return NULL;
}

const json_t *document_worker(const json_t *document, const char *name)
{
	return find(document_list(document, "workers"), name);
}

const json_t *document_check(const json_t *document, const char *name)
{
	return find(document_list(document, "checks"), name);
}

const json_t *document_task(const json_t *document, const char *name)
{
	return find(document_list(document, "tasks"), name);
}

const json_t *document_step(const json_t *document, const char *name)
{
	return find(document_list(document, "lifespan"), name);
}

const json_t *document_instance(const json_t *document, const char *name, const json_t **worker)
{
	size_t i;

	json_array_foreach(document_list(document, "workers"), i, *worker)
	{
		const json_t *instance = find(document_list(*worker, "instances"), name);
		if (instance != NULL)
			return instance;
	}
	return NULL;
}

/* The nearer one to the name of what was found so far and the names in the list. */
static const char *nearer(const json_t *list, const char *name, const char *found)
{
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		const char *candidates[] = {found, document_text(one, "name")};
		if (found == NULL)
			candidates[0] = candidates[1];
		if (candidates[1] != NULL)
			found = text_nearest(name, candidates, 2);
	}
	return found;
}

const char *document_nearest(const json_t *document, const char *name)
{
	const json_t *workers = document_list(document, "workers"), *worker;
	const char *found = nearer(workers, name, NULL);
	size_t i;

	json_array_foreach(workers, i, worker) found =
		nearer(document_list(worker, "instances"), name, found);
	found = nearer(document_list(document, "checks"), name, found);
	found = nearer(document_list(document, "tasks"), name, found);
	return nearer(document_list(document, "lifespan"), name, found);
}
