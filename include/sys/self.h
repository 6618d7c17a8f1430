/* self - what this process can know of itself alone. */
#ifndef SYS_SELF_H
#define SYS_SELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Open /dev/null at each of the descriptors 0, 1 and 2 that is closed: it would be the number of
 * the next thing opened, and what is meant for standard error would be written to that. Before
 * anything is opened.
 */
void self_occupy_stdio(void);

/* True when it has a controlling terminal, tty(4). */
bool self_has_terminal(void);

/* A number that no other process has drawn, as far as that can be had without waiting. */
uint64_t self_seed(void);

/*
 * Find a program that was installed with this one: beside its own executable, else in ../libexec.
 * Writes its path. 0, or -1 with errno: ENOENT when it is in neither place or may not be executed.
 */
int self_find_beside(const char *name, char *path, size_t size);

#endif
