#include "service/command.h"

#include "base/must.h"
#include "service/component.h"
#include "service/json.h"
#include "service/name.h"
#include "service/probing.h"
#include "service/status.h"
#include "sys/signals.h"

/* One command under way. */
struct errand {
	const struct commander *commander;
	const struct peer *peer;
	const struct control_request *request;
	struct name_range range; /* which instances are meant; nobody but for workers' verbs */
	uint32_t check;		 /* which check is meant, for CONTROL_RUN */
	struct view view;	 /* as of its coming */
	struct refusal refusal;	 /* code 0: none */
};

static void refuse(struct errand *errand, unsigned code, const char *name)
{
	errand->refusal.code = code;
	errand->refusal.name = name;
}

static const char *verb_of(const struct errand *errand)
{
	return control_verb_name(errand->request->verb);
}

static void tell(const struct errand *errand)
{
	const struct control_request *request = errand->request;
	const char *signal = request->signo == 0 ? NULL : signals_name(request->signo);

	bool of_check = request->verb == CONTROL_RUN;

	LOG_EVENT(errand->commander->log, LOG_INFO, "command", F_STR("verb", verb_of(errand)),
		  F_STR("worker", of_check ? NULL : request->name),
		  F_STR("check", of_check ? request->name : NULL), F_STR("signal", signal),
		  F_INT("by", errand->peer->uid), F_INT("pid", errand->peer->pid),
		  F_STR("refused", errand->refusal.code == 0 ? NULL : errand->refusal.name));
}

/* ---- instances */

static void look_at(const struct errand *errand, uint32_t instance, struct instance_view *out)
{
	errand->view.instance(errand->view.source, instance, out);
}

/* As they are now, with the restarts of before. */
static json_t *instance_json(const struct errand *errand, uint32_t instance, uint32_t restarts)
{
	json_t *json = json_object();
	struct instance_view view;

	look_at(errand, instance, &view);
	json_put(&json, "name", json_text(view.name));
	json_put(&json, "restarts", json_integer(restarts));
	json_put(&json, "state", json_text(instance_state_name(view.status.state)));
	return json;
}

static void answer_instances(const struct errand *errand, unsigned code, json_t *instances,
			     struct answer *answer)
{
	json_t *json = json_object();

	json_put(&json, "verb", json_text(verb_of(errand)));
	json_put(&json, "instances", instances);
	answer_json(answer, code, json);
}

static enum fact_kind wish_of(enum control_verb verb)
{
	switch (verb) {
	case CONTROL_START:
		return FACT_START;
	case CONTROL_STOP:
		return FACT_STOP;
	case CONTROL_RESTART:
		return FACT_RESTART;
	case CONTROL_STATUS:
	case CONTROL_DRAIN:
	case CONTROL_SIGNAL:
	case CONTROL_RUN:
	case CONTROL_VERB_COUNT:
		break;
	}
	MUST(false && "a wish");
	return FACT_KIND_COUNT;
}

static void act_wish(struct errand *errand, struct answer *answer)
{
	const enum fact_kind wish = wish_of(errand->request->verb);
	const struct name_range *range = &errand->range;
	json_t *list;

	if (errand->view.status.state >= FLEET_DRAINING) {
		refuse(errand, 409, "draining");
		err_set(&errand->refusal.why, 0, "fosterd is %s, all of it ends",
			fleet_state_name(errand->view.status.state));
	}
	/* Before its consequences are. */
	tell(errand);
	if (errand->refusal.code != 0)
		return;
	list = json_array();
	for (uint32_t i = range->first; i < range->first + range->count; i++) {
		struct instance_view before;
		look_at(errand, i, &before);
		supervisor_wish(errand->commander->supervisor, wish, i, false);
		json_add(&list, instance_json(errand, i, before.status.restarts));
	}
	answer_instances(errand, 202, list, answer);
}

static void act_signal(struct errand *errand, struct answer *answer)
{
	const struct name_range *range = &errand->range;
	json_t *list = json_array();
	bool sent = false;

	for (uint32_t i = range->first; i < range->first + range->count; i++) {
		struct instance_view view;
		if (!supervisor_signal(errand->commander->supervisor, i, errand->request->signo))
			continue;
		sent = true;
		look_at(errand, i, &view);
		json_add(&list, instance_json(errand, i, view.status.restarts));
	}
	if (sent) {
		answer_instances(errand, 200, list, answer);
	} else {
		json_decref(list);
		refuse(errand, 409, "not_running");
		err_set(&errand->refusal.why, 0, "%s has no process", errand->request->name);
	}
	tell(errand);
}

/* ---- a check */

/* As it is before the answer comes: who waits for that looks for another time of it. */
static json_t *check_json(const struct errand *errand)
{
	const struct spec *spec = errand->view.spec;
	json_t *json = json_object();
	struct probe_view probe;

	errand->view.probe(errand->view.source, probe_of_check(spec, errand->check), &probe);
	json_put(&json, "verb", json_text(verb_of(errand)));
	json_put(&json, "check", json_text(errand->request->name));
	json_put(&json, "accepted", json_true());
	json_put(&json, "checked_at", probing_checked_at(&probe));
	json_put(&json, "timeout_ms", json_ms(spec->checks[errand->check].probe.timeout));
	return json;
}

static void act_run(struct errand *errand, struct answer *answer)
{
	struct supervisor *supervisor = errand->commander->supervisor;

	if (errand->view.status.state == FLEET_STOPPED) {
		refuse(errand, 409, "draining");
		err_set(&errand->refusal.why, 0, "fosterd is stopped, nothing is asked any more");
	}
	tell(errand);
	if (errand->refusal.code != 0)
		return;
	answer_json(answer, 202, check_json(errand));
	supervisor_probe_now(supervisor, probe_of_check(errand->view.spec, errand->check));
}

/* ---- the whole */

static void act_status(struct errand *errand, struct answer *answer)
{
	errand->view.details = true;
	errand->view.config = errand->commander->config;
	status_answer(&errand->view, answer);
}

static void act_drain(struct errand *errand, struct answer *answer)
{
	json_t *json = json_object();
	struct status status;

	tell(errand);
	supervisor_drain(errand->commander->supervisor);
	supervisor_status(errand->commander->supervisor, &status);
	span_ns left = mono_max(status.drain.deadline - errand->view.now, 0) + NS_MS - 1;
	json_put(&json, "verb", json_text(verb_of(errand)));
	json_put(&json, "state", json_text(fleet_state_name(status.state)));
	json_put(&json, "deadline_ms", json_ms(left));
	answer_json(answer, 202, json);
}

typedef void act(struct errand *errand, struct answer *answer);

static act *const acts[CONTROL_VERB_COUNT] = {
	[CONTROL_STATUS] = act_status, [CONTROL_DRAIN] = act_drain,  [CONTROL_START] = act_wish,
	[CONTROL_STOP] = act_wish,     [CONTROL_RESTART] = act_wish, [CONTROL_SIGNAL] = act_signal,
	[CONTROL_RUN] = act_run,
};

/* ---- one request */

static void find_check(struct errand *errand)
{
	const struct spec *spec = errand->view.spec;
	const char *name = errand->request->name;

	errand->check = name_check(spec, name);
	if (errand->check < spec->n_checks)
		return;
	refuse(errand, 404, "no_such_check");
	errand->refusal.suggestion = name_nearest_check(spec, name);
	if (name_component(spec, name) < component_count(spec))
		err_set(&errand->refusal.why, 0, "%s is a worker, not a check", name);
	else
		err_set(&errand->refusal.why, 0, "there is no check called %s", name);
}

static void find_instances(struct errand *errand)
{
	const struct spec *spec = errand->view.spec;
	const char *name = errand->request->name;

	if (name_instances(spec, name, &errand->range))
		return;
	refuse(errand, 404, "no_such_worker");
	errand->refusal.suggestion = name_nearest_worker(spec, name);
	if (name_component(spec, name) < component_count(spec))
		err_set(&errand->refusal.why, 0, "%s is a check, not a worker", name);
	else
		err_set(&errand->refusal.why, 0, "there is no worker called %s", name);
}

static void carry_out(struct errand *errand, struct answer *answer)
{
	if (errand->request->verb == CONTROL_RUN)
		find_check(errand);
	else if (errand->request->name != NULL)
		find_instances(errand);
	if (errand->refusal.code == 0)
		acts[errand->request->verb](errand, answer);
	if (errand->refusal.code != 0)
		answer_refusal(answer, &errand->refusal);
}

void command_answer(const struct commander *commander, const struct peer *peer, const char *method,
		    char *uri, struct answer *answer)
{
	struct control_request request;
	struct errand errand = {.commander = commander, .peer = peer, .request = &request};

	if (control_parse(&request, method, uri, &errand.refusal) == -1) {
		answer_refusal(answer, &errand.refusal);
		return;
	}
	view_of(commander->supervisor, &errand.view);
	carry_out(&errand, answer);
}
