#include "fosterctl/examine.h"

#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "fosterctl/asked.h"
#include "fosterctl/document.h"
#include "fosterctl/path.h"

enum { PATH_SIZE = 1000, LINE_SIZE = 4096, STAMP_SIZE = 40 };

/* Beyond the check's own timeout: it may be asked once more when its prober was started anew. */
#define PATIENCE (5 * NS_S)

/* One check. */
struct exam {
	const char *name;	 /* borrowed */
	bool awaited;		 /* the daemon will ask it, and no answer has come */
	char before[STAMP_SIZE]; /* checked_at as it was; "": it had never answered */
	json_t *answer;		 /* owned; NULL: none */
};

struct examination {
	struct client *client;
	struct exam *exams; /* the arena's */
	int count;
	mono_ns began, until;
	bool broken; /* the daemon tells no more, and that was said */
	enum client_exit code;
};

static void note_stamp(char stamp[STAMP_SIZE], const json_t *document)
{
	const char *at = document_text(document, "checked_at");
	struct text text;

	text_init(&text, stamp, STAMP_SIZE);
	text_add(&text, "%s", at == NULL ? "" : at);
}

/* False when there is nobody to ask. */
static bool ask(struct examination *all, struct exam *exam)
{
	char path[PATH_SIZE];
	struct reply reply;
	struct text text;

	if (strchr(exam->name, '/') != NULL) {
		all->code = client_complain(all->client,
					    "there is no check called %s; a file is checked by "
					    "fosterd --check -c FILE",
					    exam->name);
		return true;
	}
	text_init(&text, path, sizeof path);
	text_add(&text, "/v1/checks/");
	path_add_name(&text, exam->name);
	text_add(&text, "/run");
	if (text.truncated) {
		all->code =
			client_complain(all->client, "no name is so long: %.40s...", exam->name);
		return true;
	}
	enum client_exit code = client_ask(all->client, "POST", path, &reply);
	bool there = code != CLIENT_NO_DAEMON, answered = code == CLIENT_DONE;
	if (answered)
		code = client_judge(all->client, &reply);
	if (code == CLIENT_DONE) {
		span_ns own = document_span(reply.json, "timeout_ms", 0);
		exam->awaited = true;
		note_stamp(exam->before, reply.json);
		all->until = mono_max(all->until, mono_add(all->began, mono_add(own, PATIENCE)));
	} else {
		all->code = code;
	}
	if (answered)
		reply_free(&reply);
	return there;
}

static const json_t *find_answer(const struct exam *exam, const json_t *document)
{
	const json_t *check = document_check(document, exam->name);
	const char *at = document_text(check, "checked_at");

	return at != NULL && strcmp(at, exam->before) != 0 ? check : NULL;
}

/* Take the answers that have come. Returns how many are still awaited. */
static int take_answers(struct examination *all, const json_t *document)
{
	int awaited = 0;

	for (int i = 0; i < all->count; i++) {
		struct exam *exam = &all->exams[i];
		const json_t *answer = exam->awaited ? find_answer(exam, document) : NULL;
		if (answer != NULL) {
			exam->answer = json_deep_copy(answer);
			exam->awaited = false;
		}
		awaited += exam->awaited;
	}
	return awaited;
}

/* Most answers take a few milliseconds, some a timeout. */
static void rest(mono_ns began)
{
	span_ns span = (mono_now() - began) / 5;

	span = span < 10 * NS_MS ? 10 * NS_MS : span > 200 * NS_MS ? 200 * NS_MS : span;
	struct timespec pause = {.tv_nsec = span};
	nanosleep(&pause, NULL);
}

static void wait_for_answers(struct examination *all)
{
	mono_ns until = all->client->until != MONO_NEVER ? all->client->until : all->until;
	struct reply reply;

	for (;;) {
		bool over = mono_now() >= until;
		enum client_exit code = client_status(all->client, &reply);
		if (code != CLIENT_DONE) {
			all->code = code;
			all->broken = true;
			return;
		}
		int awaited = take_answers(all, reply.json);
		reply_free(&reply);
		if (awaited == 0 || over)
			return;
		rest(all->began);
	}
}

/* ---- what came of it */

static bool is_good(const json_t *check)
{
	return !document_is(check, "status", "unhealthy") && document_text(check, "error") == NULL;
}

static void tell(struct examination *all, const struct exam *exam)
{
	char buf[LINE_SIZE];
	struct text text;

	text_init(&text, buf, sizeof buf);
	if (exam->awaited && !all->broken) {
		asked_span(&text, mono_now() - all->began);
		all->code = client_complain(all->client, "%s has not answered within %s",
					    exam->name, buf);
		return;
	}
	if (exam->answer == NULL)
		return;
	if (!is_good(exam->answer) && all->code == CLIENT_DONE)
		all->code = CLIENT_FAILED;
	if (all->client->arguments->json)
		return;
	asked_check(&text, exam->answer);
	screen_wrap(&all->client->out, asked_check_paint(exam->answer), buf, 0, 2);
}

/* One answer as it is, several in an array. */
static void print_json(const struct examination *all)
{
	json_t *list = json_array();

	for (int i = 0; i < all->count; i++)
		if (all->exams[i].answer != NULL)
			json_array_append(list, all->exams[i].answer);
	if (json_array_size(list) > 0)
		client_print_json(all->client, all->count == 1 ? json_array_get(list, 0) : list,
				  NULL);
	json_decref(list);
}

static enum client_exit run(struct examination *all)
{
	bool any = false;

	all->client->waits = true;
	for (int i = 0; i < all->count; i++) {
		all->exams[i].name = all->client->arguments->words[i];
		if (!ask(all, &all->exams[i]))
			return all->code;
		any = any || all->exams[i].awaited;
	}
	if (any)
		wait_for_answers(all);
	for (int i = 0; i < all->count; i++)
		tell(all, &all->exams[i]);
	if (all->client->arguments->json)
		print_json(all);
	return all->code;
}

enum client_exit examine_checks(struct client *client)
{
	struct arena arena = {0};
	struct examination all = {
		.client = client, .count = client->arguments->n_words, .began = mono_now()};

	all.exams = arena_alloc(&arena, (size_t)all.count * sizeof *all.exams);
	enum client_exit code = all.exams == NULL
					? client_complain(client, "there is not enough memory")
					: run(&all);
	for (int i = 0; all.exams != NULL && i < all.count; i++)
		json_decref(all.exams[i].answer);
	arena_fini(&arena);
	return code;
}
