/* password - passwords are taken out of what names whom to ask, and shown nowhere. */
#include "conf/password.h"

#include "model/probe.h"
#include "unit/conf_kit.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])
#define W(body)       "workers: {w: {command: [x], " body "}}\n"
#define C(body)       "checks: {c: {" body "}}\n" W("")

/* The target and the password of the check in a text with its one option. */
static const struct {
	const char *option, *target, *password;
} secrets[] = {
	{"redis: redis://h", "redis://h", NULL},
	{"redis: redis://u@h:1/2", "redis://u@h:1/2", NULL},
	{"redis: redis://:p@h:1/2", "redis://h:1/2", "p"},
	{"redis: redis://u:p@h", "redis://u@h", "p"},
	{"redis: redis://u:p%40%%40%2@h", "redis://u@h", "p@@%2"},
	{"redis: redis://u:p:q@h", "redis://u@h", "p:q"},
	{"redis: 'unix://:p@/s?db=3'", "unix:///s?db=3", "p"},
	{"redis: unix://u:p@/s", "unix://u@/s", "p"},
	{"postgres: host=a dbname=b", "host=a dbname=b", NULL},
	{"postgres: host=a password=p dbname=b", "host=a dbname=b", "p"},
	{"postgres: \"password = 'p q\\\\\\\\\\\\'' host=a\"", " host=a", "p q\\'"},
	{"postgres: host=a sslpassword=p", "host=a sslpassword=p", NULL},
	{"postgres: 'postgres://h/d?sslpassword=p'", "postgres://h/d?sslpassword=p", NULL},
	{"postgres: host=a passwordx=p", "host=a passwordx=p", NULL},
	{"postgres: postgres://u:p@h:1,i:2/d?a=b", "postgres://u@h:1,i:2/d?a=b", "p"},
	{"postgres: 'postgres://u@h/d?password=p&a=b'", "postgres://u@h/d?a=b", "p"},
	{"postgres: 'postgres://u@h/d?a=b&password=p'", "postgres://u@h/d?a=b", "p"},
	{"postgres: 'postgres://u@h/d?a=b&password=p&c=d'", "postgres://u@h/d?a=b&c=d", "p"},
	{"postgres: 'postgres://u@h/d?password=p'", "postgres://u@h/d", "p"},
};

START_TEST(passwords_are_taken_out)
{
	char text[256];

	snprintf(text, sizeof text, "checks:\n  c:\n    %s\n" W(""), secrets[_i].option);
	struct spec *spec = kit_good_text(text);
	ck_assert_str_eq(spec->checks[0].probe.target, secrets[_i].target);
	ck_assert_pstr_eq(spec->checks[0].probe.password, secrets[_i].password);
	spec_free(&spec);
}
END_TEST

START_TEST(a_password_from_a_file)
{
	struct conf_context context = kit_root();
	char text[512];

	kit_bytes("pw", "s3cret\r\n", 8);
	ck_assert_int_eq(chmod("pw", 0600), 0);
	snprintf(text, sizeof text, "checks: {c: {redis: 'redis://u@h', password_file: %s/pw}}\n" W(""), kit_dir);
	struct spec *spec = kit_good_text(text);
	ck_assert_str_eq(spec->checks[0].probe.password, "s3cret");
	spec_free(&spec);
	ck_assert_int_eq(chmod("pw", 0644), 0);
	spec_free(&(struct spec *){kit_good("f.yaml", &context, 1)});
	kit_file("pw", "two\nlines\n");
	ck_assert_int_eq(chmod("pw", 0600), 0);
	kit_bad_text(text, &context, "wants one line of 1 to 1023 bytes");
	kit_file("pw", "\n");
	kit_bad_text(text, &context, "wants one line of 1 to 1023 bytes");
}
END_TEST

START_TEST(passwords_are_not_shown)
{
	static const char *const texts[] = {
		C("redis: 'redis://u:S3CRET@h/x'"), C("redis: 'redis://:S3CRET@h', perod: 1s"),
		C("postgres: 'host=a password=S3CRET', perod: 1s"),
		C("postgres: \"host=a password='S3CRET x' '\", perod: 1s"), C("password: S3CRET, tcp: 'x:1'"),
		C("redis: ':S3CRET@h'"), C("redis: 'u:S3CRET@h:1'"), C("redis: 'redis://u:S3CRET/x@h'"),
		C("postgres: 'u:S3CRET@h:1'"), C("redis: 'rediss://:S3CRET@h'"),
		C("postgres: 'postgres://u:S3CRET@h/d?x y'"), C("{\"password\": \"S3CRET\"}: 3"),
		C("perod: 1s, postgres: 'postgres://u@h/d?password=S3CRET'"),
		C("tcp: 'u:S3CRET@h:80'"), C("tcp: 'http://u:S3CRET@h/'"),
	};
	struct conf_context context = kit_root();

	for (size_t i = 0; i < LENGTH(texts); i++) {
		struct conf_report *report = conf_report_new();
		kit_file("f.yaml", texts[i]);
		struct spec *spec = conf_load("f.yaml", &context, report);
		ck_assert_ptr_null(spec);
		char *printed = kit_printed(report);
		ck_assert_msg(strstr(printed, "S3CRET") == NULL, "%s", printed);
		free(printed);
		conf_report_free(&report);
	}
}
END_TEST

START_TEST(explained_without_passwords)
{
	struct conf_context context = kit_root();
	struct conf_report *report = conf_report_new();
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	kit_file("f.yaml", "checks: {a: {redis: 'redis://u:S3CRET@h/1'}, b: {postgres: \"host=x password='S3CRET y'\"}, "
		  "c: {postgres: 'host=x sslpassword=S3CRET'}, "
		  "d: {postgres: 'postgres://h/d?a=b&sslpassword=S3CRET'}, "
		  "e: {postgres: 'postgres://h/d?password=S3CRET&a=b'}}\n"
			   "defaults: {liveness: {http: 'http://x', headers: {Authorization: S3CRET, X-Token: S3CRET, A: b}}}\n"
			   W(""));
	ck_assert_int_eq(conf_explain("f.yaml", &context, report, out), 0);
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_msg(strstr(text, "S3CRET") == NULL, "%s", text);
	ck_assert_ptr_nonnull(strstr(text, "redis: \"redis://u:***@h/1\""));
	ck_assert_ptr_nonnull(strstr(text, "postgres: \"host=x password=***\""));
	ck_assert_ptr_nonnull(strstr(text, "postgres: \"host=x sslpassword=***\""));
	ck_assert_ptr_nonnull(strstr(text, "postgres: \"postgres://h/d?a=b&sslpassword=***\""));
	ck_assert_ptr_nonnull(strstr(text, "postgres: \"postgres://h/d?password=***&a=b\""));
	ck_assert_ptr_nonnull(strstr(text, "{Authorization: \"***\", X-Token: \"***\", A: b}"));
	free(text);
	conf_report_free(&report);
}
END_TEST

START_TEST(found_in_any_text)
{
	static const struct {
		const char *text, *found;
	} cases[] = {
		{"", NULL}, {"://", NULL}, {"a://b:c@d", "c"}, {"a://b@d", NULL}, {"a://b:c/d@e", "c/d"},
		{"a://:x:y@d", "x:y"}, {":x@y", "x"}, {"a:b/c@d", "b/c"},
		{"a: b@c", NULL}, {"password", NULL}, {"password=", NULL}, {"password=x", "x"},
		{"PASSWORD: x y", "x"}, {"password = 'x y' z", "x y"}, {"password_file: /x", NULL},
		{"a password b", NULL}, {"a://b:c", NULL},
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		size_t at = 0, len = password_find(cases[i].text, strlen(cases[i].text), &at);
		ck_assert_msg((len > 0) == (cases[i].found != NULL), "%s", cases[i].text);
		if (len > 0)
			ck_assert_msg(strncmp(cases[i].text + at, cases[i].found, len) == 0 &&
					      strlen(cases[i].found) == len, "%s", cases[i].text);
	}
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("password");

	tcase_add_checked_fixture(tests, kit_setup, kit_teardown);
	tcase_add_loop_test(tests, passwords_are_taken_out, 0, LENGTH(secrets));
	tcase_add_test(tests, a_password_from_a_file);
	tcase_add_test(tests, passwords_are_not_shown);
	tcase_add_test(tests, explained_without_passwords);
	tcase_add_test(tests, found_in_any_text);
	return suite_run("conf/password", tests);
}
