/*
 * specifier - the %x places of a template, filled in for one instance.
 *
 *   %n worker, task or step   %i number of the instance, from 0   %I instance (web.2)
 *   %{8080+i} arithmetic
 *   %t runtime directory   %S state directory   %L log directory   %H host name   %% a percent sign
 *
 * Inside %{ } stand integers, i, + - * and parentheses; the result is a decimal number.
 */
#ifndef MODEL_SPECIFIER_H
#define MODEL_SPECIFIER_H

#include <stdint.h>

#include "base/err.h"
#include "base/text.h"
#include "model/spec.h"

/* What the places are filled from. worker NULL: only %t %S %L %H %% are allowed. */
struct specifier_context {
	const struct spec *spec; /* its directories and host; borrowed */
	const struct worker_spec *worker;
	uint32_t ordinal; /* number of the instance within its worker */
};

/*
 * Append template to out with every specifier replaced. A result that does not fit sets
 * out->truncated. Errors: unknown or unfinished specifier, bad arithmetic, overflow of 64 bits,
 * negative result; err says which.
 */
int specifier_expand(struct text *out, const char *template,
		     const struct specifier_context *context, struct err *err);

#endif
