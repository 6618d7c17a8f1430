#include "engine/subject.h"

#include <stdio.h>

static enum subject_noun noun_of(enum program_kind kind)
{
	if (kind == PROGRAM_TASK)
		return SUBJECT_TASK;
	return kind == PROGRAM_STEP_START || kind == PROGRAM_STEP_STOP ? SUBJECT_STEP
								       : SUBJECT_WORKER;
}

enum subject_noun subject_noun_of(const struct spec *spec, uint32_t instance)
{
	return noun_of(spec_worker_of(spec, instance)->kind);
}

void subject_of(const struct spec *spec, uint32_t instance, struct subject *out)
{
	static const char *const keys[SUBJECT_NOUN_COUNT] = {
		[SUBJECT_WORKER] = "worker", [SUBJECT_TASK] = "task", [SUBJECT_STEP] = "step"};
	const struct worker_spec *program = spec_worker_of(spec, instance);
	const char *half = NULL;

	out->noun = noun_of(program->kind);
	if (out->noun == SUBJECT_STEP) {
		half = program->kind == PROGRAM_STEP_START ? "start" : "stop";
		snprintf(out->name, sizeof out->name, "%s",
			 spec->steps[spec_step_of(spec, instance)].name);
	} else {
		instance_name(out->name, program, instance - program->first_instance);
	}
	out->who = F_STR(keys[out->noun], out->name);
	out->half = F_STR("half", half);
}
