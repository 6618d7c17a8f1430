/* level - circles told whole, levels and dependents of any graph, and ten thousand in a chain. */
#include "conf/level.h"

#include <time.h>

#include "unit/conf_kit.h"

enum { WORKERS_MAX = 11, TEXT_SIZE = 1 << 20 };

static char text[TEXT_SIZE];

START_TEST(a_circle_is_told_whole)
{
	struct conf_context context = kit_root();

	kit_bad_text("workers:\n"
		     "  db: {command: x, depends_on: [web]}\n"
		     "  web: {command: x, depends_on: {cache: started, app: ready}}\n"
		     "  app: {command: x, depends_on: [cache, db]}\n"
		     "  cache: {command: x}\n",
		     &context,
		     "f.yaml:2:33: error: workers that wait for each other: db -> web -> app -> db; further at f.yaml:3:50, "
		     "f.yaml:4:41\n"
		     "      db: {command: x, depends_on: [web]}\n"
		     "                                    ^\n");
	kit_bad_text("workers:\n  a: {command: x, depends_on: [b]}\n  b: {command: x, depends_on: [a]}\n", &context,
		     "f.yaml:2:32: error: workers that wait for each other: a -> b -> a; further at f.yaml:3:32\n");
}
END_TEST

/* Who waits for a circle is in none; two that hang together are two, and one behind the other as well. */
START_TEST(each_circle_once)
{
	static const char *const lines[] = {
		"f.yaml:3:32: error: workers that wait for each other: b -> c -> b; further at f.yaml:4:32",
		"f.yaml:5:32: error: workers that wait for each other: d -> c -> d; further at f.yaml:4:35",
		"f.yaml:6:35: error: workers that wait for each other: e -> f -> e; further at f.yaml:7:32", NULL};
	struct conf_context context = kit_root();

	kit_file("f.yaml", "workers:\n"
			   "  a: {command: x, depends_on: [b, e]}\n"
			   "  b: {command: x, depends_on: [c]}\n"
			   "  c: {command: x, depends_on: [b, d]}\n"
			   "  d: {command: x, depends_on: [c]}\n"
			   "  e: {command: x, depends_on: [b, f]}\n"
			   "  f: {command: x, depends_on: [e]}\n");
	kit_bad("f.yaml", &context, lines);
}
END_TEST

/* n workers in a row, or in a ring. */
static void chain_write(unsigned n, bool ring)
{
	int len = sprintf(text, "workers:\n");

	for (unsigned i = 0; i < n; i++) {
		len += sprintf(text + len, " w%u: {command: x", i);
		if (i + 1 < n || ring)
			len += sprintf(text + len, ", depends_on: [w%u]", (i + 1) % n);
		len += sprintf(text + len, "}\n");
	}
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

START_TEST(ten_thousand_in_a_chain)
{
	struct conf_context context = kit_root();
	double begin = seconds();

	chain_write(10000, false);
	kit_file("f.yaml", text);
	struct spec *spec = kit_good("f.yaml", &context, 1);
	ck_assert_uint_eq(spec->n_levels, 10000);
	for (uint32_t w = 0; w < 10000; w++) {
		ck_assert_uint_eq(spec->workers[w].level, 9999 - w);
		ck_assert_uint_eq(spec->workers[w].n_dependents, w > 0);
	}
	spec_free(&spec);
	ck_assert(seconds() - begin < 30);
}
END_TEST

START_TEST(ten_thousand_in_a_ring)
{
	struct conf_context context = kit_root();

	chain_write(10000, true);
	kit_bad_text(text, &context, "w9998 -> w9999 -> w0; further at f.yaml:3:");
	kit_bad_text(text, &context, " and 9991 more places\n");
}
END_TEST

/* Ten are enough of what hangs together. */
START_TEST(a_knot_without_end)
{
	struct conf_context context = kit_root();
	struct conf_report *report = conf_report_new();
	int len = sprintf(text, "workers:\n hub: {command: x, depends_on: [w0");

	for (int i = 1; i < 50; i++)
		len += sprintf(text + len, ", w%d", i);
	len += sprintf(text + len, "]}\n");
	for (int i = 0; i < 50; i++)
		len += sprintf(text + len, " w%d: {command: x, depends_on: [hub]}\n", i);
	kit_file("f.yaml", text);
	ck_assert_ptr_null(conf_load("f.yaml", &context, report));
	ck_assert_uint_eq(conf_report_errors(report), 10);
	conf_report_free(&report);
}
END_TEST

/* A graph of our own, and what is true of it found the slow way. */
struct graph {
	unsigned n;
	bool edge[WORKERS_MAX][WORKERS_MAX];
	bool reach[WORKERS_MAX][WORKERS_MAX];
};

static uint64_t random_state;

static unsigned random_below(unsigned n)
{
	random_state = random_state * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (unsigned)(random_state >> 33) % n;
}

static void graph_make(struct graph *graph)
{
	unsigned density = 1 + random_below(4 * WORKERS_MAX);

	*graph = (struct graph){.n = 1 + random_below(WORKERS_MAX)};
	for (unsigned a = 0; a < graph->n; a++)
		for (unsigned b = 0; b < graph->n; b++)
			graph->reach[a][b] = graph->edge[a][b] = a != b && random_below(density) == 0;
	for (unsigned k = 0; k < graph->n; k++)
		for (unsigned a = 0; a < graph->n; a++)
			for (unsigned b = 0; b < graph->n; b++)
				graph->reach[a][b] |= graph->reach[a][k] && graph->reach[k][b];
}

static void graph_write(const struct graph *graph)
{
	int len = sprintf(text, "workers:\n");

	for (unsigned a = 0; a < graph->n; a++) {
		const char *before = ", depends_on: [";
		len += sprintf(text + len, " w%u: {command: x, stop: {timeout: 0}", a);
		for (unsigned b = 0; b < graph->n; b++) {
			if (!graph->edge[a][b])
				continue;
			len += sprintf(text + len, "%sw%u", before, b);
			before = ", ";
		}
		len += sprintf(text + len, before[2] == 'd' ? "}\n" : "]}\n");
	}
}

static unsigned level_of(const struct graph *graph, unsigned a)
{
	unsigned level = 0;

	for (unsigned b = 0; b < graph->n; b++) {
		unsigned below = graph->edge[a][b] ? 1 + level_of(graph, b) : 0;
		level = below > level ? below : level;
	}
	return level;
}

static void order_check(const struct graph *graph, const struct spec *spec)
{
	unsigned most = 0;

	for (unsigned a = 0; a < graph->n; a++) {
		uint32_t waits = 0, waited = 0;
		const struct worker_spec *worker = &spec->workers[a];
		unsigned level = level_of(graph, a);
		most = level > most ? level : most;
		ck_assert_uint_eq(worker->level, level);
		for (unsigned b = 0; b < graph->n; b++) {
			if (graph->edge[a][b])
				ck_assert_uint_eq(worker->depends_on[waits++].worker, b);
			if (graph->edge[b][a])
				ck_assert_uint_eq(worker->dependents[waited++], b);
		}
		ck_assert_uint_eq(worker->n_depends_on, waits);
		ck_assert_uint_eq(worker->n_dependents, waited);
	}
	ck_assert_uint_eq(spec->n_levels, most + 1);
}

/* The workers of the n-th report, one after the other. Returns how many; the first stands at the end again. */
static unsigned circle_read(const char *line, unsigned circle[WORKERS_MAX + 1])
{
	unsigned n = 0;

	line = strstr(line, "each other: ") + strlen("each other: ");
	for (int used = 0; sscanf(line, "w%u%n", &circle[n], &used) == 1; line += strlen(" -> ")) {
		n++;
		line += used;
		if (strncmp(line, " -> ", 4) != 0)
			break;
	}
	return n;
}

/* Each is a circle, and each worker that is in one is in one that was told, up to ten in a knot. */
static void circles_check(const struct graph *graph, const struct conf_report *report)
{
	bool told[WORKERS_MAX] = {false};
	const char *line;

	for (size_t i = 0; (line = conf_report_line(report, i)) != NULL; i++) {
		unsigned circle[WORKERS_MAX + 1], n = circle_read(line, circle);
		ck_assert_uint_ge(n, 3);
		ck_assert_uint_eq(circle[0], circle[n - 1]);
		for (unsigned k = 0; k + 1 < n; k++) {
			ck_assert_msg(graph->edge[circle[k]][circle[k + 1]], "%s\n%s", text, line);
			told[circle[k]] = true;
		}
	}
	for (unsigned a = 0; a < graph->n; a++)
		ck_assert_msg(told[a] == graph->reach[a][a], "w%u in\n%s", a, text);
}

START_TEST(any_graph)
{
	struct conf_context context = kit_root();
	unsigned good = 0;

	random_state = (uint64_t)_i;
	for (int round = 0; round < 100; round++) {
		struct conf_report *report = conf_report_new();
		struct graph graph;
		bool circle = false;
		graph_make(&graph);
		graph_write(&graph);
		kit_file("f.yaml", text);
		for (unsigned a = 0; a < graph.n; a++)
			circle = circle || graph.reach[a][a];
		struct spec *spec = conf_load("f.yaml", &context, report);
		ck_assert_msg((spec == NULL) == circle, "%s", text);
		if (spec != NULL)
			order_check(&graph, spec);
		else
			circles_check(&graph, report);
		good += spec != NULL;
		spec_free(&spec);
		conf_report_free(&report);
	}
	/* Of both kinds there were some. */
	ck_assert(good > 5 && good < 95);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("level");

	tcase_add_checked_fixture(tests, kit_setup, kit_teardown);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, a_circle_is_told_whole);
	tcase_add_test(tests, each_circle_once);
	tcase_add_test(tests, ten_thousand_in_a_chain);
	tcase_add_test(tests, ten_thousand_in_a_ring);
	tcase_add_test(tests, a_knot_without_end);
	tcase_add_loop_test(tests, any_graph, 0, 10);
	return suite_run("conf/level", tests);
}
