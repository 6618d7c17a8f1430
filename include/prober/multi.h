/*
 * multi - libcurl's transfers in the prober's loop.
 *
 * There is one loop in a process; the handles of transfers that are over are kept for others.
 */
#ifndef PROBER_MULTI_H
#define PROBER_MULTI_H

#include <curl/curl.h>
#include <ev.h>
#include <stdbool.h>

/* One transfer after the other on one handle. */
struct transfer {
	CURL *easy;   /* from transfer_init to transfer_fini; NULL: none */
	bool running; /* between transfer_start and done */
	void (*done)(struct transfer *transfer, CURLcode code);
};

/* Get a handle, with nothing set but what all have: see prepare in multi.c. -1: memory is
 * refused. */
int transfer_init(struct transfer *transfer, struct ev_loop *loop);

/* Begin; done is called from the loop unless transfer_fini comes first. -1: memory is refused. */
int transfer_start(struct transfer *transfer);

/* Stop it and give the handle back. Not from within a callback of libcurl. */
void transfer_fini(struct transfer *transfer);

#endif
