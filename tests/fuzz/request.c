/*
 * request - a URI asked of a small fleet: what comes back is a complete answer in its type.
 *
 * The first byte says who asks and how the fleet is, the rest is the URI.
 */
#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "unit/fake_view.h"

/* web has probes, and there are two checks; what the bits break says what is known of them. */
static void probes_make(struct fake *fake, uint8_t how)
{
	fake_probes(fake);
	fake_checks(fake);
	if (how & 1)
		fake->probes[fake_number(fake, 1, PROBE_READINESS)] =
			fake_answer(PROBE_FAILURE, "HTTP \"503\"\n\x1b[1m \xff\xc3\xa9\n");
	if (how & 2)
		fake_check_is(fake, 0, HEALTH_UNHEALTHY, PROBE_FAILURE, "no\tanswer\r\n");
	if (how & 4)
		fake->instances[3].held_by = 0;
	if (how & 8)
		fake_check_is(fake, 1, HEALTH_DEGRADED, PROBE_UNKNOWN, NULL);
}

/* There are a lifespan and a task; what they wrote is anything, and somebody waits for somebody. */
static void plan_make(struct fake *fake, uint8_t how)
{
	fake_plan(fake);
	fake->output = how & 1 ? "no \"space\"\n\x1b[1m \xff\xc3\xa9\n" : "";
	if (how & 2)
		fake->step_status.start_failed = true;
	if (how & 4) {
		fake->task_status.health = HEALTH_UNHEALTHY;
		fake->instances[spec_task_instance(&fake->spec, 0)].state = INSTANCE_FAILED;
	}
	if (how & 8) {
		fake->instances[1].state = INSTANCE_WAITING;
		fake->instances[1].waits_for = 1;
	}
	if (how & 64)
		fake->view.status.lifespan_up = false;
}

/* Eight bits: what is broken, what is under way, and what the client may see. */
static void fleet_make(struct fake *fake, uint8_t how)
{
	fake_init(fake, 3);
	probes_make(fake, how);
	plan_make(fake, how);
	if (how & 1)
		fake_break(fake, 0, 1, INSTANCE_STARTING, CAUSE_FIRST_START);
	if (how & 2)
		fake_break(fake, 0, 2, INSTANCE_FAILED, CAUSE_RESTART_LIMIT);
	if (how & 4)
		fake_break(fake, 1, 0, INSTANCE_BACKOFF, CAUSE_EXITED);
	if (how & 8)
		fake_break(fake, 2, 99, INSTANCE_STOPPING, CAUSE_WATCHDOG);
	if (how & 16)
		fake->view.status.drain = (struct drain_status){
			9 * NS_S, 39 * NS_S, 1, DRAIN_PHASE_STOPPING};
	if (how & 16)
		fake->view.status.state = FLEET_STOPPING;
	if (how & 32)
		fake->view.status.live = false;
	if (how & 64)
		fake->view.status.state = FLEET_STARTING;
	fake->status_text = how & 1 ? "up \"and\" \\ running \xc3\xa9" : "";
	fake->view.details = (how & 128) == 0;
}

static void json_check(const struct answer *answer, bool details)
{
	json_t *json =
		json_loadb(answer->body.text, answer->body.len, JSON_REJECT_DUPLICATES, NULL);

	MUST(json_is_object(json));
	MUST(answer->code != 404 || json_object_get(json, "error") != NULL);
	MUST(details || memmem(answer->body.text, answer->body.len, "web", 3) == NULL);
	MUST(details || memmem(answer->body.text, answer->body.len, "cache", 5) == NULL);
	MUST(details || memmem(answer->body.text, answer->body.len, "vacuum", 6) == NULL);
	MUST(details || memmem(answer->body.text, answer->body.len, "schema", 6) == NULL);
	MUST(memmem(answer->body.text, answer->body.len, "secret", 6) == NULL);
	json_decref(json);
}

/* Lines of UTF-8. */
static void text_check(const struct answer *answer)
{
	char *text = fuzz_text((const uint8_t *)answer->body.text, answer->body.len);
	const char *at = text;

	for (size_t len; *at != '\0'; at += len) {
		len = utf8_length(at);
		MUST(len > 0 && (*at == '\n' || (unsigned char)*at >= ' '));
	}
	MUST(at == text + answer->body.len && at[-1] == '\n');
	free(text);
}

static void ask(struct fake *fake, const struct request *request)
{
	struct answer answer = {0};

	route_answer(&fake->view, request, &answer);
	MUST(answer.code == 200 || answer.code == 404 || answer.code == 503);
	MUST(!answer.body.failed && answer.body.len > 0);
	if (answer.type == ANSWER_JSON)
		json_check(&answer, fake->view.details);
	else
		text_check(&answer);
	body_fini(&answer.body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fake fake;
	struct bytes bytes = {data, data + size};
	struct request request;
	struct err err;

	fleet_make(&fake, bytes_take(&bytes));
	char *uri = fuzz_text(bytes.at, (size_t)(bytes.end - bytes.at));
	if (request_parse(&request, uri, &err) == 0) {
		MUST(request.path[0] == '/' && request.n_exclude <= REQUEST_EXCLUDE_MAX);
		for (size_t i = 0; i < request.n_exclude; i++)
			MUST(request_excludes(&request, request.exclude[i]));
		ask(&fake, &request);
	} else {
		MUST(err.text[0] != '\0');
	}
	free(uri);
	return 0;
}
