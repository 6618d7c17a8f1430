/* url - HTTP targets taken apart. */
#include "prober/url.h"

#include <check.h>
#include <stddef.h>

#include "unit/suite.h"

static const struct {
	const char *target, *text, *socket, *host, *port;
} good[] = {
	{"http://127.0.0.1/", "http://127.0.0.1/", NULL, "127.0.0.1", "80"},
	{"http://127.0.0.1:8080/a?b=c", "http://127.0.0.1:8080/a?b=c", NULL, "127.0.0.1", "8080"},
	{"https://shop.example", "https://shop.example", NULL, "shop.example", "443"},
	{"http://[::1]:80/", "http://[::1]:80/", NULL, "::1", "80"},
	{"unix:/run/x.sock", "http://localhost/", "/run/x.sock", "localhost", "80"},
	{"unix:/run/x.sock:/a/b?c", "http://localhost/a/b?c", "/run/x.sock", "localhost", "80"},
	{"unix:/x:/a:b", "http://localhost/a:b", "/x", "localhost", "80"},
};

START_TEST(takes_apart)
{
	struct url url;

	ck_assert_int_eq(url_read(good[_i].target, &url), 0);
	ck_assert_str_eq(url.text, good[_i].text);
	if (good[_i].socket == NULL)
		ck_assert_ptr_null(url.socket);
	else
		ck_assert_str_eq(url.socket, good[_i].socket);
	ck_assert_str_eq(url.host, good[_i].host);
	ck_assert_str_eq(url.port, good[_i].port);
	url_fini(&url);
	url_fini(&url);
}
END_TEST

static const char *const bad[] = {"", "http://", "host", "file:///etc/passwd", "http://a:99999/", "http://a b/"};

START_TEST(refuses)
{
	struct url url;

	ck_assert_int_eq(url_read(bad[_i], &url), -1);
	ck_assert_ptr_null(url.text);
	ck_assert_ptr_null(url.socket);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("url");

	tcase_add_loop_test(tests, takes_apart, 0, sizeof good / sizeof good[0]);
	tcase_add_loop_test(tests, refuses, 0, sizeof bad / sizeof bad[0]);
	return suite_run("prober/url", tests);
}
