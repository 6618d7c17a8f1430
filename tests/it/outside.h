/* outside - what the misbehaving worker does towards others: stamps, messages, answers. */
#ifndef IT_OUTSIDE_H
#define IT_OUTSIDE_H

#include <stdint.h>

/* CLOCK_MONOTONIC. */
int64_t outside_now_ns(void);

/* Append "monotonic_ns pid event name" to the file; no name where it is ""; nothing when path is
 * NULL. */
void outside_stamp(const char *path, const char *event, const char *name);

/* Send key and value, joined, to $NOTIFY_SOCKET; nothing when there is none. */
void outside_notify(const char *key, const char *value);

/* A listening socket on 127.0.0.1:port; ends the program when there is none to be had. */
int outside_listen(uint16_t port);

/* Answer 200 to one client. */
void outside_answer(int listen_fd);

#endif
