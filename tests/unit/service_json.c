/* The JSON under the pages: any text is told, times are exact, refused memory leaves no half body. */
#include "service/json.h"

#include <stdlib.h>

#include "unit/fake_view.h"
#include "unit/suite.h"

static struct fake fake;

static const struct {
	const char *text, *json; /* json NULL: as it is, in quotes */
} texts[] = {
	{NULL, "null"},
	{"", NULL},
	{"plain / <text>", NULL},
	{"a\"b\\c", "\"a\\\"b\\\\c\""},
	{"\n\t\x01\x1f", "\"\\n\\t\\u0001\\u001F\""},
	{"\x7f", NULL},
	{"\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80 \xf4\x8f\xbf\xbf", NULL},
	{"\xff", "\"\xef\xbf\xbd\""},
	{"a\xc3(", "\"a\xef\xbf\xbd(\""},
	{"cut \xe2\x82", "\"cut \xef\xbf\xbd\xef\xbf\xbd\""},
	{"\xc0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
	{"\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
	{"\xf4\x90\x80\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
	{"\xc3\xa4\xff\xc3\xa4\n", "\"\xc3\xa4\xef\xbf\xbd\xc3\xa4\\n\""},
};

START_TEST(any_text_is_told)
{
	char quoted[128], *told = NULL;
	json_t *json = json_text(texts[_i].text);

	ck_assert_ptr_nonnull(json);
	told = json_dumps(json, JSON_ENCODE_ANY);
	snprintf(quoted, sizeof quoted, "\"%s\"", texts[_i].text == NULL ? "" : texts[_i].text);
	ck_assert_str_eq(told, texts[_i].json == NULL ? quoted : texts[_i].json);
	free(told);
	json_decref(json);
}
END_TEST

/* Whatever the bytes are, jansson takes what is made of them. */
START_TEST(no_text_is_refused)
{
	char text[4] = "";

	for (unsigned first = 1; first < 256; first++) {
		/* 251: every second byte, with one third byte or another. */
		for (unsigned rest = 0; rest < 65536; rest += 251) {
			text[0] = (char)first;
			text[1] = (char)(rest >> 8);
			text[2] = (char)rest;
			json_t *json = json_text(text);
			ck_assert_msg(json != NULL, "%02x %04x", first, rest);
			json_decref(json);
		}
	}
}
END_TEST

static const struct {
	span_ns span;
	const char *want;
} uptimes[] = {
	{0, "\"uptime_s\":0.0"},
	{999999, "\"uptime_s\":0.0"},
	{NS_MS, "\"uptime_s\":0.001"},
	{8 * NS_S + 123 * NS_MS, "\"uptime_s\":8.123}"},
	{100 * NS_MS, "\"uptime_s\":0.1}"},
	{INT64_C(4000000000) * NS_S + 999 * NS_MS, "\"uptime_s\":4000000000.999}"},
};

START_TEST(seconds_have_milliseconds)
{
	unsigned code;

	fake_init(&fake, 1);
	fake.view.details = false;
	fake.view.now = fake.view.started + uptimes[_i].span;
	const char *body = fake_get(&fake, "/status", &code);
	ck_assert_msg(strstr(body, uptimes[_i].want) != NULL, "%s", body);
}
END_TEST

/* ---- memory that jansson is refused */

static size_t grants; /* so many requests are granted, all others not */
static size_t held;   /* pieces given out and not taken back */

static void *give(size_t size)
{
	void *piece = grants > 0 ? malloc(size) : NULL;

	grants -= grants > 0;
	held += piece != NULL;
	return piece;
}

static void take_back(void *piece)
{
	held -= piece != NULL;
	free(piece);
}

static void answer_to(const char *uri, struct answer *answer)
{
	char copy[64];
	struct request request;
	struct err err;

	snprintf(copy, sizeof copy, "%s", uri);
	ck_assert_int_eq(request_parse(&request, copy, &err), 0);
	route_answer(&fake.view, &request, answer);
	ck_assert_uint_eq(held, 0);
}

static const char *const pages[] = {"/livez", "/readyz", "/healthz", "/status", "/readyz/wep"};

START_TEST(refused_memory_leaves_no_half_body)
{
	struct answer whole = {0}, answer = {0};
	size_t n = 0;

	fake_init(&fake, 2);
	fake.view.status.state = FLEET_STOPPING;
	fake.last_exit = (struct last_exit){.any = true, .spawned = true, .code = 3};
	fake.status_text = "no UTF-8: \xff";
	fake_break(&fake, 0, 0, INSTANCE_STOPPING, CAUSE_DRAIN);
	json_set_alloc_funcs(give, take_back);
	grants = SIZE_MAX;
	answer_to(pages[_i], &whole);
	ck_assert(!whole.body.failed);
	for (bool done = false; !done; n++) {
		grants = n;
		answer_to(pages[_i], &answer);
		done = !answer.body.failed;
		if (done)
			ck_assert_mem_eq(answer.body.text, whole.body.text, whole.body.len);
		body_fini(&answer.body);
	}
	ck_assert_uint_gt(n, 10);
	body_fini(&whole.body);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("json");

	tcase_add_loop_test(tests, any_text_is_told, 0, sizeof texts / sizeof texts[0]);
	tcase_add_test(tests, no_text_is_refused);
	tcase_add_loop_test(tests, seconds_have_milliseconds, 0, sizeof uptimes / sizeof uptimes[0]);
	tcase_add_loop_test(tests, refused_memory_leaves_no_half_body, 0,
			    sizeof pages / sizeof pages[0]);
	return suite_run("service/json", tests);
}
