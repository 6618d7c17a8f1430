/* report - what is wrong with the configuration files, gathered and put in order. */
#ifndef CONF_REPORT_H
#define CONF_REPORT_H

#include <stdarg.h>

#include "conf/load.h"
#include "conf/source.h"

enum severity { SEVERITY_ERROR, SEVERITY_WARNING };

/*
 * Add one entry. hint: "did you mean" follows with it, or NULL. Beyond 1,000 entries only counts.
 * The same of the same place again is not told and not counted.
 * What a terminal would obey (control characters, what is not UTF-8) becomes a question mark.
 * A place without a source panics. When memory is refused the entry is replaced by one that says
 * so.
 */
void report_add(struct conf_report *report, enum severity severity, struct place at,
		const char *hint, const char *format, va_list args)
	__attribute__((format(printf, 5, 0)));

/* How many errors there were so far, those that were told before included: it grows with each. */
size_t report_met(const struct conf_report *report);

/* Memory was refused: one error that belongs to no place, told first. */
void report_out_of_memory(struct conf_report *report);

/* Put the entries in the order of the files and of the places in them. */
void report_sort(struct conf_report *report);

#endif
