/* self - what this process can know of itself alone. */
#ifndef SYS_SELF_H
#define SYS_SELF_H

#include <stdbool.h>
#include <stdint.h>

/* True when it has a controlling terminal, tty(4). */
bool self_has_terminal(void);

/* A number that no other process has drawn, as far as that can be had without waiting. */
uint64_t self_seed(void);

#endif
