/* Names from clients: whom they mean, and whom they were meant to mean. */
#include "service/name.h"

#include <string.h>

#include "unit/fake_view.h"
#include "unit/suite.h"

static struct fake fake; /* web: 0 ... 2, db: 3, big: 4 ... 103 */

static const struct {
	const char *name;
	uint32_t first, count; /* count 0: there is nobody of that name */
} names[] = {
	{"web", 0, 3},	  {"web.0", 0, 1},   {"web.2", 2, 1},	{"web.3", 0, 0}, {"web.", 0, 0},
	{"web.01", 0, 0}, {"web.+1", 0, 0},  {"web. 1", 0, 0},	{"web.1x", 0, 0}, {"web.-1", 0, 0},
	{"db", 3, 1},	  {"db.0", 0, 0},    {"big", 4, 100},	{"big.99", 103, 1},
	{"big.100", 0, 0}, {"big.18446744073709551616", 0, 0}, {"bi", 0, 0},	{"bigger", 0, 0}, {"", 0, 0},
	{".", 0, 0},	  {"WEB", 0, 0},
};

START_TEST(instances_of_a_name)
{
	struct name_range range;

	fake_init(&fake, 3);
	bool found = name_instances(&fake.spec, names[_i].name, &range);
	ck_assert_msg(found == (names[_i].count > 0), "%s", names[_i].name);
	if (!found)
		return;
	ck_assert_uint_eq(range.first, names[_i].first);
	ck_assert_uint_eq(range.count, names[_i].count);
}
END_TEST

START_TEST(a_worker_of_no_replicas_is_there)
{
	struct name_range range;

	fake_init(&fake, 3);
	fake.workers[2].replicas = 0;
	ck_assert(name_instances(&fake.spec, "big", &range));
	ck_assert_uint_eq(range.count, 0);
	ck_assert(!name_instances(&fake.spec, "big.0", &range));
}
END_TEST

static const char *const near[][2] = {
	{"wbe", "web"}, {"wbe.2", "web"}, {"web.7", "web"}, {"bg", "big"}, {"bgi.77", "big"},
	{"web.x", "web"}, {"cahce", "cache"}, {"nobody", NULL}, {"", NULL}, {".1", NULL},
};

START_TEST(likely_names)
{
	fake_init(&fake, 3);
	fake_checks(&fake);
	const char *name = name_nearest(&fake.spec, near[_i][0]);
	if (near[_i][1] == NULL)
		ck_assert_msg(name == NULL, "%s: %s", near[_i][0], name);
	else
		ck_assert_pstr_eq(name, near[_i][1]);
}
END_TEST

START_TEST(components_of_a_name)
{
	fake_init(&fake, 3);
	fake_checks(&fake);
	ck_assert_uint_eq(name_component(&fake.spec, "db"), 1);
	ck_assert_uint_eq(name_component(&fake.spec, "cache"), 4);
	ck_assert_uint_eq(name_component(&fake.spec, "web.0"), 5);
	ck_assert_uint_eq(name_check(&fake.spec, "cache"), 1);
	ck_assert_uint_eq(name_check(&fake.spec, "db"), 2);
	ck_assert_pstr_eq(name_nearest_of(&fake.spec, COMPONENT_CHECK, "cahce"), "cache");
	ck_assert_ptr_null(name_nearest_of(&fake.spec, COMPONENT_WORKER, "cahce"));
	ck_assert_ptr_null(name_nearest_of(&fake.spec, COMPONENT_CHECK, "wbe"));
}
END_TEST

START_TEST(an_overlong_name_is_nobodys)
{
	char name[300];

	memset(name, 'w', sizeof name);
	strcpy(name + sizeof name - 3, ".1");
	fake_init(&fake, 3);
	ck_assert_ptr_null(name_nearest(&fake.spec, name));
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("name");

	tcase_add_loop_test(tests, instances_of_a_name, 0, sizeof names / sizeof names[0]);
	tcase_add_test(tests, a_worker_of_no_replicas_is_there);
	tcase_add_loop_test(tests, likely_names, 0, sizeof near / sizeof near[0]);
	tcase_add_test(tests, components_of_a_name);
	tcase_add_test(tests, an_overlong_name_is_nobodys);
	return suite_run("service/name", tests);
}
