#include "service/command.h"

#include "base/must.h"
#include "service/errand.h"
#include "service/json.h"
#include "service/probing.h"
#include "service/status.h"
#include "sys/signals.h"

static const char *verb_of(const struct errand *errand)
{
	return control_verb_name(errand->request->verb);
}

/* The name, when the verb is about that kind. */
static const char *name_if(const struct control_request *request, bool is)
{
	return is ? request->name : NULL;
}

static void tell(const struct errand *errand, const struct commander *commander,
		 const struct peer *peer)
{
	const struct control_request *request = errand->request;
	const char *signal = request->signo == 0 ? NULL : signals_name(request->signo);
	bool of_check = request->verb == CONTROL_RUN_CHECK;
	bool of_task = request->verb == CONTROL_RUN_TASK;

	LOG_EVENT(commander->log, LOG_INFO, "command", F_STR("verb", verb_of(errand)),
		  F_STR("worker", name_if(request, !of_check && !of_task)),
		  F_STR("check", name_if(request, of_check)),
		  F_STR("task", name_if(request, of_task)), F_STR("signal", signal),
		  F_STR("dependents", request->with_dependents ? "first" : NULL),
		  F_INT("by", peer->uid), F_INT("pid", peer->pid),
		  F_STR("refused", errand->refusal.code == 0 ? NULL : errand->refusal.name));
}

/* ---- instances */

/* As they are now, with the restarts of before. */
static json_t *instance_json(const struct errand *errand, uint32_t instance, uint32_t restarts)
{
	json_t *json = json_object();
	struct instance_view view;

	errand_look(errand, instance, &view);
	json_put(&json, "name", json_text(view.name));
	json_put(&json, "restarts", json_integer(restarts));
	json_put(&json, "state", json_text(instance_state_name(view.status.state)));
	if (errand->request->verb == CONTROL_STOP)
		json_put(&json, "to_stop", json_boolean(view.status.to_stop));
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
	case CONTROL_RELOAD:
		return FACT_RELOAD;
	case CONTROL_STATUS:
	case CONTROL_DRAIN:
	case CONTROL_SIGNAL:
	case CONTROL_RUN_CHECK:
	case CONTROL_RUN_TASK:
	case CONTROL_VERB_COUNT:
		break;
	}
	MUST(false && "a wish");
	return FACT_KIND_COUNT;
}

/* A reload is for those alone that are up. */
static void act_wish(struct errand *errand, struct answer *answer)
{
	const struct control_request *request = errand->request;
	const enum fact_kind wish = wish_of(request->verb);
	const struct name_range *range = &errand->range;
	json_t *list = json_array();

	for (uint32_t i = range->first; i < range->first + range->count; i++) {
		struct instance_view before;
		if (wish == FACT_RELOAD && !errand_is_up(errand, i))
			continue;
		errand_look(errand, i, &before);
		supervisor_wish(errand->supervisor, wish, i, request->with_dependents);
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
		if (!supervisor_signal(errand->supervisor, i, errand->request->signo))
			continue;
		sent = true;
		errand_look(errand, i, &view);
		json_add(&list, instance_json(errand, i, view.status.restarts));
	}
	if (sent) {
		answer_instances(errand, 200, list, answer);
	} else {
		json_decref(list);
		errand_refuse(errand, 409, "not_running");
		err_set(&errand->refusal.why, 0, "%s has no process", errand->request->name);
	}
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

static void act_run_check(struct errand *errand, struct answer *answer)
{
	answer_json(answer, 202, check_json(errand));
	supervisor_probe_now(errand->supervisor, probe_of_check(errand->view.spec, errand->check));
}

/* ---- a task */

/* The number of the run that is asked for, and how many had failed before it: who waits for its end
 * looks for these. */
static json_t *task_json(const struct errand *errand, const struct task_status *before)
{
	json_t *json = json_object();
	struct task_view now;

	errand_look_at_task(errand, &now);
	json_put(&json, "verb", json_text(verb_of(errand)));
	json_put(&json, "task", json_text(errand->request->name));
	json_put(&json, "accepted", json_true());
	json_put(&json, "run", json_integer((json_int_t)before->runs + 1));
	json_put(&json, "failures", json_integer(before->failures));
	json_put(&json, "pending", json_boolean(now.status.pending));
	return json;
}

static void act_run_task(struct errand *errand, struct answer *answer)
{
	struct task_view before;

	errand_look_at_task(errand, &before);
	supervisor_wish(errand->supervisor, FACT_RUN,
			spec_task_instance(errand->view.spec, errand->task), false);
	answer_json(answer, 202, task_json(errand, &before.status));
}

/* ---- the whole */

static void act_status(struct errand *errand, struct answer *answer)
{
	errand->view.details = true;
	status_answer(&errand->view, answer);
}

static void act_drain(struct errand *errand, struct answer *answer)
{
	json_t *json = json_object();
	struct status status;

	supervisor_drain(errand->supervisor);
	supervisor_status(errand->supervisor, &status);
	span_ns left = mono_max(status.drain.deadline - errand->view.now, 0) + NS_MS - 1;
	json_put(&json, "verb", json_text(verb_of(errand)));
	json_put(&json, "state", json_text(fleet_state_name(status.state)));
	json_put(&json, "deadline_ms", json_ms(left));
	answer_json(answer, 202, json);
}

typedef void act(struct errand *errand, struct answer *answer);

static act *const acts[CONTROL_VERB_COUNT] = {
	[CONTROL_STATUS] = act_status,	   [CONTROL_DRAIN] = act_drain,
	[CONTROL_START] = act_wish,	   [CONTROL_STOP] = act_wish,
	[CONTROL_RESTART] = act_wish,	   [CONTROL_RELOAD] = act_wish,
	[CONTROL_SIGNAL] = act_signal,	   [CONTROL_RUN_CHECK] = act_run_check,
	[CONTROL_RUN_TASK] = act_run_task,
};

/* ---- one request */

static void carry_out(struct errand *errand, const struct commander *commander,
		      const struct peer *peer, struct answer *answer)
{
	bool told = errand->request->verb != CONTROL_STATUS;

	errand_judge(errand);
	/* Before its consequences are; but whether there is a process to signal is known behind
	 * it. */
	bool early = told && errand->request->verb != CONTROL_SIGNAL;
	if (early)
		tell(errand, commander, peer);
	if (errand->refusal.code == 0)
		acts[errand->request->verb](errand, answer);
	if (told && !early)
		tell(errand, commander, peer);
}

void command_answer(const struct commander *commander, const struct peer *peer, const char *method,
		    char *uri, struct answer *answer)
{
	struct control_request request;
	struct errand errand = {.request = &request, .supervisor = commander->supervisor};

	if (control_parse(&request, method, uri, &errand.refusal) == 0) {
		view_of(commander->supervisor, &errand.view);
		errand.view.config = commander->config;
		errand_find(&errand);
		if (errand.refusal.code == 0)
			carry_out(&errand, commander, peer, answer);
	}
	if (errand.refusal.code != 0)
		answer_refusal(answer, &errand.refusal);
}
