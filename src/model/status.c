#include "model/status.h"

#include "base/must.h"

#define X(name, text) [name] = text,
static const char *const fleet_states[] = {FLEET_STATES(X)};
static const char *const instance_states[] = {INSTANCE_STATES(X)};
static const char *const instance_causes[] = {INSTANCE_CAUSES(X)};
static const char *const drain_phases[] = {DRAIN_PHASES(X)};
static const char *const step_states[] = {STEP_STATES(X)};
static const char *const healths[] = {HEALTHS(X)};
#undef X

const char *fleet_state_name(enum fleet_state state)
{
	MUST(state < FLEET_STATE_COUNT);
	return fleet_states[state];
}

const char *instance_state_name(enum instance_state state)
{
	MUST(state < INSTANCE_STATE_COUNT);
	return instance_states[state];
}

const char *instance_cause_text(enum instance_cause cause)
{
	MUST(cause < INSTANCE_CAUSE_COUNT);
	return instance_causes[cause];
}

const char *drain_phase_name(enum drain_phase phase)
{
	MUST(phase < DRAIN_PHASE_COUNT);
	return drain_phases[phase];
}

const char *step_state_name(enum step_state state)
{
	MUST(state < STEP_STATE_COUNT);
	return step_states[state];
}

bool instance_cause_is_by_hand(enum instance_cause cause)
{
	return cause >= CAUSE_STARTED_BY_HAND && cause <= CAUSE_RUN_BY_HAND;
}

const char *health_name(enum health health)
{
	MUST(health < HEALTH_COUNT);
	return healths[health];
}
