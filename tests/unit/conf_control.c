/* control - the control socket: where it is, who gets in, and what is refused. */
#include "conf/control.h"

#include "unit/conf_kit.h"

START_TEST(control_is_read)
{
	struct spec *spec =
		kit_good_text("control: {path: \"%t/c\", mode: 0660, group: staff}\nworkers: {w: {command: [x]}}");

	ck_assert_str_eq(spec->control.path, "/run/fosterd/c");
	ck_assert_int_eq(spec->control.mode, 0660);
	ck_assert(spec->control.group.given);
	ck_assert_int_eq(spec->control.group.gid, 50);
	spec_free(&spec);
}
END_TEST

START_TEST(control_of_a_group_wants_a_mode)
{
	struct conf_context context = kit_root();
	struct conf_report *report = conf_report_new();

	kit_file("f.yaml", "control: {group: staff}\nworkers: {w: {command: [x]}}");
	struct spec *spec = conf_load("f.yaml", &context, report);
	ck_assert_ptr_nonnull(spec);
	ck_assert_pstr_eq(conf_report_line(report, 0), "f.yaml:1:18: warning: `control.group` lets nobody in with the "
						       "default `control.mode` of 0600: say `mode: 0660`");
	ck_assert_ptr_null(conf_report_line(report, 1));
	spec_free(&spec);
	spec = kit_good_text("control: {group: staff, mode: 0600}\nworkers: {w: {command: [x]}}"); /* as it was asked for */
	spec_free(&spec);
	conf_report_free(&report);
}
END_TEST

START_TEST(control_is_refused)
{
	static const char *const cases[][2] = {
		{"control: {group: nobody}", "1:18: error: `control.group`: there is no group \"nobody\""},
		{"control: off", "1:10: error: `control` wants a map of keys and values: say `control: {mode: 0660}`"},
		{"control: {path: /a/%Q}", "1:17: error: "},
		{"control: {path: /s}\nlisten: [\"unix:/s\"]", "1:17: error: `listen` and `control.path` name the same"},
		{"listen: [\"unix:%t/control.sock\"]", "error: `listen` and `control.path` name the same"},
	};
	struct conf_context context = kit_root();

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		kit_bad_text(cases[i][0], &context, cases[i][1]);
}
END_TEST

/* The default can be too long as well. */
START_TEST(control_in_a_long_directory)
{
	static char dir[108];
	struct conf_context context = kit_root();

	memset(dir, 'x', sizeof dir - 1);
	dir[0] = '/';
	context.runtime_dir = dir;
	kit_bad_text("workers: {w: {command: [x]}}", &context,
		     "`control.path`: the socket's path has 120 bytes, 107 is the most");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("control");

	tcase_add_checked_fixture(tests, kit_setup, kit_teardown);
	tcase_add_test(tests, control_is_read);
	tcase_add_test(tests, control_of_a_group_wants_a_mode);
	tcase_add_test(tests, control_is_refused);
	tcase_add_test(tests, control_in_a_long_directory);
	return suite_run("conf/control", tests);
}
