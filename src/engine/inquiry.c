#include "engine/inquiry.h"

static const span_ns PATIENCE = 500 * NS_MS; /* with what was killed */

int inquiry_init(struct inquiry *inquiry, struct carry *carry, struct err *err)
{
	inquiry->questions = (struct questions){.carry = carry, .spec = carry->slots->spec};
	inquiry->probers = (struct probers){.carry = carry, .questions = &inquiry->questions};
	inquiry->exec = (struct exec){.carry = carry, .questions = &inquiry->questions};
	if (questions_init(&inquiry->questions, err) == -1 ||
	    herald_init(&inquiry->herald, &inquiry->questions, err) == -1 ||
	    probers_init(&inquiry->probers, err) == -1)
		return -1;
	return exec_init(&inquiry->exec, err);
}

void inquiry_fini(struct inquiry *inquiry)
{
	exec_fini(&inquiry->exec);
	probers_fini(&inquiry->probers);
	herald_fini(&inquiry->herald);
	questions_fini(&inquiry->questions);
}

static bool is_exec(const struct inquiry *inquiry, uint32_t probe)
{
	return probe_owner_of(inquiry->questions.spec, probe).spec->driver == DRIVER_EXEC;
}

static void ask(struct inquiry *inquiry, const struct order *order)
{
	if (is_exec(inquiry, order->probe))
		exec_ask(&inquiry->exec, order->probe, order->serial);
	else
		prober_ask(probers_for(&inquiry->probers, order->probe), order->probe,
			   order->serial);
}

static void stop(struct inquiry *inquiry, const struct order *order)
{
	const struct question *question = question_get(&inquiry->questions, order->probe);

	/* Answered, and the policy is about to hear it. */
	if (question->in == NULL || question->serial != order->serial)
		return;
	if (is_exec(inquiry, order->probe))
		exec_drop(&inquiry->exec, order->probe);
	else
		prober_drop(probers_for(&inquiry->probers, order->probe), order->probe);
}

void inquiry_order(struct inquiry *inquiry, const struct order *order)
{
	if (order->kind == ORDER_PROBE)
		ask(inquiry, order);
	else if (order->kind == ORDER_PROBE_STOP)
		stop(inquiry, order);
	else
		herald_order(&inquiry->herald, order);
}

void inquiry_line(struct inquiry *inquiry)
{
	exec_line(&inquiry->exec);
}

bool inquiry_has_line(const struct inquiry *inquiry)
{
	return exec_has_line(&inquiry->exec);
}

mono_ns inquiry_deadline(const struct inquiry *inquiry)
{
	mono_ns asked = mono_min(probers_deadline(&inquiry->probers), inquiry->exec.deadline);

	return mono_min(asked, inquiry->herald.deadline);
}

void inquiry_time(struct inquiry *inquiry)
{
	probers_time(&inquiry->probers);
	exec_time(&inquiry->exec);
	herald_time(&inquiry->herald);
}

void inquiry_ended(struct inquiry *inquiry, const struct pid_owner *owner,
		   const struct reaped *child)
{
	if (owner->role == PID_PROBER)
		probers_ended(&inquiry->probers, owner->instance, child);
	else
		exec_ended(&inquiry->exec, owner->instance, child);
}

void inquiry_end(struct inquiry *inquiry)
{
	mono_ns until = mono_add(mono_now(), PATIENCE);

	probers_end(&inquiry->probers);
	exec_end(&inquiry->exec);
	probers_await(&inquiry->probers, until);
	exec_await(&inquiry->exec, until);
}
