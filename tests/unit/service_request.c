/* The URI taken apart: what is understood, and what is refused. */
#include "service/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/suite.h"

static const struct {
	const char *uri, *path; /* path NULL: refused */
	bool verbose;
	const char *excluded; /* the names, with commas between them */
} uris[] = {
	{"/", "/", false, ""},
	{"/livez", "/livez", false, ""},
	{"/livez?", "/livez", false, ""},
	{"/readyz?verbose", "/readyz", true, ""},
	{"/readyz?verbose=1&exclude=web", "/readyz", true, "web"},
	{"/readyz?exclude=web&exclude=db&other=x&&", "/readyz", false, "web,db"},
	{"/readyz?exclude=a%20b+c", "/readyz", false, "a b c"},
	{"/readyz?%65xclude=%77eb", "/readyz", false, "web"},
	{"/readyz/w%65b%2Ex", "/readyz/web.x", false, ""},
	{"/a+b", "/a+b", false, ""},
	{"http://host:80/livez?verbose", "/livez", true, ""},
	{"HTTP://host", "/", false, ""},
	{"http://host?verbose", "/", true, ""},
	{"", NULL, false, ""},
	{"*", NULL, false, ""},
	{"livez", NULL, false, ""},
	{"/livez%", NULL, false, ""},
	{"/livez%4", NULL, false, ""},
	{"/livez%4g", NULL, false, ""},
	{"/livez%00", NULL, false, ""},
	{"/livez%0a", NULL, false, ""},
	{"/livez\x7f", NULL, false, ""},
	{"/readyz?exclude=%c3%a9", "/readyz", false, "\u00e9"},
	{"/readyz?exclude=%ff", NULL, false, ""},
	{"/livez/%c3", NULL, false, ""},
	{"/livez?%ed%a0%80=1", NULL, false, ""},
	{"/livez\xff", NULL, false, ""},
	{"/livez?a=%", NULL, false, ""},
	{"/livez?%zz=1", NULL, false, ""},
	{"/livez?exclude", NULL, false, ""},
	{"/livez?exclude=", NULL, false, ""},
	{"/livez?exclude=0123456789012345678901234567890123456789012345678901234567890123", NULL,
	 false, ""},
};

START_TEST(uri_is_parsed)
{
	char uri[256], excluded[256] = "";
	struct request request;
	struct err err = {0};

	snprintf(uri, sizeof uri, "%s", uris[_i].uri);
	int result = request_parse(&request, uri, &err);
	if (uris[_i].path == NULL) {
		ck_assert_int_eq(result, -1);
		ck_assert_str_ne(err.text, "");
		return;
	}
	ck_assert_msg(result == 0, "%s: %s", uris[_i].uri, err.text);
	ck_assert_str_eq(request.path, uris[_i].path);
	ck_assert_int_eq(request.verbose, uris[_i].verbose);
	for (size_t i = 0; i < request.n_exclude; i++) {
		strcat(strcat(excluded, i > 0 ? "," : ""), request.exclude[i]);
		ck_assert(request_excludes(&request, request.exclude[i]));
	}
	ck_assert_str_eq(excluded, uris[_i].excluded);
	ck_assert(!request_excludes(&request, "nobody"));
}
END_TEST

START_TEST(too_many_names_are_refused)
{
	char uri[2048] = "/readyz?x";
	struct request request;
	struct err err;

	for (int i = 0; i < REQUEST_EXCLUDE_MAX; i++)
		strcat(uri, "&exclude=a");
	char *more = strdup(uri);
	ck_assert_int_eq(request_parse(&request, more, &err), 0);
	strcat(uri, "&exclude=a");
	ck_assert_int_eq(request_parse(&request, uri, &err), -1);
	free(more);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("request");

	tcase_add_loop_test(tests, uri_is_parsed, 0, sizeof uris / sizeof uris[0]);
	tcase_add_test(tests, too_many_names_are_refused);
	return suite_run("service/request", tests);
}
