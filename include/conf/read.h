/* read - the values of a map, each as its row in the option table says. */
#ifndef CONF_READ_H
#define CONF_READ_H

#include "conf/loader.h"

/* Into what a map is read. */
struct target {
	enum option_scope scope;
	void *base;		    /* struct spec or struct draft, as the scope says */
	const struct item **origin; /* OPTION_COUNT of them; set for each option that is there */
	bool *refused; /* OPTION_COUNT of them; set for each whose value was an error */
};

/* Reads the value of item into field. Errors are in the report. */
typedef void read_fn(struct loader *loader, const struct option *option, const struct item *item,
		     void *field);

/* Give each option of the scope its default. */
void read_defaults(struct loader *loader, const struct target *target);

/* Read all options in map; keys in skip (NULL-terminated) are known and read elsewhere. Unknown
 * keys are errors. */
void read_map(struct loader *loader, const struct target *target, const struct node *map,
	      const char *const *skip);

/* The text of a node for option, or NULL when it is none or empty (that is reported). */
const char *read_text(struct loader *loader, const struct option *option, const struct node *node);

/* The same with its length within the bounds. */
const char *read_bounded_text(struct loader *loader, const struct option *option,
			      const struct node *node);

/* A whole number within the bounds; false when something was reported. */
bool read_whole(struct loader *loader, const struct option *option, const struct node *node,
		int64_t *number);

/* Report that the text of node is not what option wants. */
void read_refuse(struct loader *loader, const struct option *option, const struct node *node,
		 const char *hint, const struct err *err);

/* True when node is a map, or empty (then it has no items); else that is reported. name: what to
 * call it; example: a value that it might have. */
bool read_is_map(struct loader *loader, const struct node *node, const char *name,
		 const char *example);

/* The readers that have files of their own. */
read_fn read_word, read_command, read_listen, read_limits, read_environment, read_user, read_group,
	read_groups, read_capabilities, read_path, read_gid, read_target, read_headers,
	read_statuses, read_checks, read_prober, read_depends, read_texts, read_paths, read_codes;

#endif
