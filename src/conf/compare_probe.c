#include "conf/compare_probe.h"

#include <string.h>

#include "conf/draft.h"
#include "conf/probe.h"

static const void *member(const void *base, size_t offset)
{
	return (const char *)base + offset;
}

static bool texts_differ(const char *a, const char *b)
{
	return (a == NULL) != (b == NULL) || (a != NULL && strcmp(a, b) != 0);
}

static bool headers_differ(const struct probe_spec *was, const struct probe_spec *is)
{
	bool differ = was->n_headers != is->n_headers;

	for (size_t i = 0; !differ && i < was->n_headers; i++)
		differ = strcmp(was->headers[i], is->headers[i]) != 0;
	return differ;
}

/* What a driver asks, its password left out. */
static void compare_target(struct comparison *c, const struct option *row,
			   const struct probe_spec *was, const struct probe_spec *is)
{
	if (was->driver == DRIVER_EXEC)
		comparison_value(c, row, &was->command, &is->command);
	else if (texts_differ(was->target, is->target))
		comparison_tell(c, row->path, was->target, is->target);
	else if (texts_differ(was->password, is->password))
		comparison_tell(c, row->path, NULL, NULL);
}

static void compare_probe_key(struct comparison *c, enum probe_key key, const struct option *row,
			      const struct probe_spec *was, const struct probe_spec *is)
{
	size_t offset = row->offset - offsetof(struct draft, probes[0].spec);

	if (key <= PROBE_KEY_POSTGRES)
		compare_target(c, row, was, is);
	else if (key == PROBE_KEY_HEADERS && headers_differ(was, is))
		comparison_tell(c, row->path, NULL, NULL);
	else if (key == PROBE_KEY_TERMINATION_GRACE &&
		 was->has_termination_grace != is->has_termination_grace)
		comparison_tell(c, row->path, NULL, NULL);
	else if (key == PROBE_KEY_STATUS &&
		 memcmp(was->statuses, is->statuses, sizeof was->statuses) != 0)
		comparison_tell(c, row->path, NULL, NULL);
	else if (row->kind == KIND_TEXT || row->kind == KIND_BOOL || row->kind == KIND_SPAN ||
		 row->kind == KIND_NUMBER)
		comparison_value(c, row, member(was, offset % sizeof(struct probe_draft)),
				 member(is, offset % sizeof(struct probe_draft)));
}

void compare_probe(struct comparison *c, enum option_id first, const char *what,
		   const struct probe_spec *was, const struct probe_spec *is)
{
	int n_was = was != NULL, n_is = is != NULL;

	if (n_was != n_is)
		comparison_tell(c, what, n_was ? "present" : "absent", n_is ? "present" : "absent");
	if (n_was + n_is < 2)
		return;
	if (was->driver != is->driver) {
		comparison_tell(c, what, driver_name(was->driver), driver_name(is->driver));
		return;
	}
	for (enum probe_key key = 0; key < PROBE_KEY_COUNT; key++) {
		enum probe_key which;
		enum option_id id = probe_option(first, key);
		if (probe_find(id, &which) != -1 && which == key &&
		    probe_key_fits(key, was->driver))
			compare_probe_key(c, key, option_row(id), was, is);
	}
}

/* Who asks, where something is asked before and after. */
void compare_probers(struct comparison *c)
{
	if (c->was->n_probers > 0 && c->is->n_probers > 0)
		comparison_user(c, "prober.user", &c->was->probers[0].identity,
				&c->is->probers[0].identity);
}

/* As whom the check is made. */
static const struct identity *asker(const struct spec *spec, const struct check_spec *check)
{
	return check->runner != NULL ? &check->runner->identity
				     : &spec->probers[check->probe.prober].identity;
}

static void compare_check(struct comparison *c, const struct check_spec *was,
			  const struct check_spec *is)
{
	c->worker = is->name;
	compare_probe(c, OPTION_CHECK, "check", &was->probe, &is->probe);
	comparison_value(c, option_row(OPTION_CHECK_CRITICAL), &was->critical, &is->critical);
	comparison_value(c, option_row(OPTION_CHECK_DEGRADED_ABOVE), &was->degraded_above,
			 &is->degraded_above);
	if (was->probe.driver == is->probe.driver)
		comparison_user(c, "user", asker(c->was, was), asker(c->is, is));
}

static const struct check_spec *find_check(const struct spec *spec, const char *name)
{
	for (uint32_t i = 0; i < spec->n_checks; i++)
		if (strcmp(spec->checks[i].name, name) == 0)
			return &spec->checks[i];
	return NULL;
}

void compare_checks(struct comparison *c)
{
	for (uint32_t i = 0; i < c->is->n_checks; i++) {
		const struct check_spec *is = &c->is->checks[i],
					*was = find_check(c->was, is->name);
		if (was == NULL)
			comparison_came(c, is->name, "check");
		else
			compare_check(c, was, is);
	}
	for (uint32_t i = 0; i < c->was->n_checks; i++)
		if (find_check(c->is, c->was->checks[i].name) == NULL)
			comparison_went(c, c->was->checks[i].name, "check");
}
