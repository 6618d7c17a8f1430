/*
 * reload - the configuration read again: what would change is told in the log, and nothing is
 * changed.
 *
 * It is read in a process of its own: files on a slow disk and a user database that does not answer
 * hold up nobody.
 */
#ifndef BOOT_RELOAD_H
#define BOOT_RELOAD_H

#include "boot/config.h"
#include "conf/options.h"

struct reload {
	const struct config *config;   /* borrowed, as all here */
	const struct options *options; /* which file, and how its log looks */
	const struct spec *spec;       /* what runs */
	struct log *log;	       /* for what goes wrong before there is a process */
	int process;		       /* owned; the last that was begun; -1: none yet */
};

/* Begin; the rest happens in the process, which ends by itself within 30 s and is reaped as any
 * child. One at a time: while the last still reads nothing is begun, and that is said. */
void reload_begin(struct reload *reload);

/* True until the process that was begun last has ended. */
bool reload_is_reading(struct reload *reload);

#endif
