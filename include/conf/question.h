/* question - what a probe sends, tried for each instance. */
#ifndef CONF_QUESTION_H
#define CONF_QUESTION_H

#include "conf/loader.h"
#include "model/probe.h"

/* One probe's, and where it is written. */
struct question {
	const struct probe_spec *spec;	  /* with a driver that asks over the network */
	const struct worker_spec *worker; /* NULL: a check's */
	const char *path, *headers_path;  /* of the options */
	struct place place, headers_place;
};

/* Fill the question in for the instances; what is wrong with one of them is reported once. */
void question_try(struct loader *loader, const struct question *question);

#endif
