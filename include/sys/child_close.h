/* child_close - every descriptor of this process above stdio closed, but for a few. */
#ifndef SYS_CHILD_CLOSE_H
#define SYS_CHILD_CLOSE_H

#include <stddef.h>

/*
 * Close all from 3 up but those kept, which are in ascending order and not below 3. Makes system
 * calls and nothing else, for a new process with a table of its own. 0, or -1 with errno.
 */
int child_close_others(const int *kept, size_t n_kept);

#endif
