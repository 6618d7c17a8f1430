/* command - a program from a list of words, or from one string that may need a shell. */
#ifndef CONF_COMMAND_H
#define CONF_COMMAND_H

#include <stdbool.h>

#include "model/spec.h"

/* True when the main process will be a shell and not the program itself. */
bool command_hides_main(const struct command *command);

#endif
