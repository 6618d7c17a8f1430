/* subject - how the log names an instance: worker=web.2, task=vacuum, or step=schema half=stop. */
#ifndef ENGINE_SUBJECT_H
#define ENGINE_SUBJECT_H

#include "base/log.h"
#include "model/spec.h"

enum subject_noun { SUBJECT_WORKER, SUBJECT_TASK, SUBJECT_STEP, SUBJECT_NOUN_COUNT };

/* Not to be copied: who borrows name. */
struct subject {
	enum subject_noun noun;
	struct log_field who;  /* first, then half */
	struct log_field half; /* which of a step's two; of others it shows nothing */
	char name[INSTANCE_NAME_SIZE];
};

/* What the instance is. */
enum subject_noun subject_noun_of(const struct spec *spec, uint32_t instance);

/* Name it. Panics when instance is out of range. */
void subject_of(const struct spec *spec, uint32_t instance, struct subject *out);

#endif
