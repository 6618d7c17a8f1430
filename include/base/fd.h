/* fd - file descriptors with one owner; -1 means none. */
#ifndef BASE_FD_H
#define BASE_FD_H

/* Close *fd if it is one and set it to -1. Never retries: on Linux the number is free after EINTR.
 * Keeps errno. */
void fd_close(int *fd);

/* Hand the descriptor on: returns *fd and sets it to -1. */
int fd_take(int *fd);

#endif
