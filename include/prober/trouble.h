/* trouble - an errno of the network, in the words that probes use for it. */
#ifndef PROBER_TROUBLE_H
#define PROBER_TROUBLE_H

/* "connection refused", "no route to host": a phrase without a capital. Of this thread until the
 * next call. */
const char *trouble_text(int num);

#endif
