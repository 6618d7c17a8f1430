/*
 * control - a method and a URI as a command: it is complete, or refused in words.
 *
 * The method ends at the first space, the rest is the URI.
 */
#include <stdbool.h>

#include "fuzz/fuzz.h"
#include "model/probe.h"
#include "service/answer.h"
#include "service/control.h"
#include "service/name.h"

static struct worker_spec workers[] = {
	{.name = "web", .replicas = 3},
	{.name = "db", .replicas = 1, .first_instance = 3},
	{.name = "none", .first_instance = 4},
	{.name = "vacuum", .kind = PROGRAM_TASK, .replicas = 1, .first_instance = 4}};
static const struct check_spec checks[] = {{.name = "database"}, {.name = "cache"}};
static const struct task_spec tasks[] = {{.name = "vacuum"}};
static const struct spec spec = {.workers = workers,
				 .n_workers = 3,
				 .n_instances = 5,
				 .tasks = tasks,
				 .n_tasks = 1,
				 .checks = checks,
				 .n_checks = 2,
				 .n_probes = 2};

static void request_check(const struct control_request *request)
{
	struct name_range range;
	bool named = request->verb >= CONTROL_START;

	MUST(request->verb < CONTROL_VERB_COUNT);
	MUST(control_verb_name(request->verb)[0] != '\0');
	MUST((request->name != NULL) == named);
	MUST((request->signo > 0) == (request->verb == CONTROL_SIGNAL));
	if (!named)
		return;
	MUST(request->name[0] != '\0');
	MUST(!request->with_dependents || request->verb == CONTROL_STOP);
	MUST(name_component(&spec, request->name) <= 6);
	MUST(name_check(&spec, request->name) <= 2 && name_task(&spec, request->name) <= 1);
	for (enum component_kind kind = COMPONENT_WORKER; kind < COMPONENT_KIND_COUNT; kind++)
		name_nearest_of(&spec, kind, request->name);
	if (name_instances(&spec, request->name, &range))
		MUST(range.first + range.count <= 4);
}

static void refusal_check(const struct refusal *refusal)
{
	struct answer answer = {0};

	MUST(refusal->code == 400 || refusal->code == 404 || refusal->code == 405);
	MUST(refusal->name != NULL && refusal->why.text[0] != '\0');
	MUST((refusal->allow != NULL) == (refusal->code == 405));
	answer_refusal(&answer, refusal);
	MUST(answer.code == refusal->code && answer.type == ANSWER_JSON && !answer.body.failed);
	json_t *json = json_loadb(answer.body.text, answer.body.len, JSON_REJECT_DUPLICATES, NULL);
	MUST(json_is_object(json_object_get(json, "error")));
	json_decref(json);
	body_fini(&answer.body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *method = fuzz_text(data, size), *uri = strchr(method, ' ');
	struct control_request request = {0};
	struct refusal refusal = {0};

	if (uri != NULL) {
		*uri++ = '\0';
		if (control_parse(&request, method, uri, &refusal) == 0)
			request_check(&request);
		else
			refusal_check(&refusal);
	}
	free(method);
	return 0;
}
