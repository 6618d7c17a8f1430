/* brood - the processes that the misbehaving worker leaves behind. */
#ifndef IT_BROOD_H
#define IT_BROOD_H

#include <stdbool.h>

enum { BROOD_LIFE_S = 600 }; /* whatever happens, they are gone then */

/* n grandchildren in our group whose parent has ended; deaf: they ignore SIGTERM. */
void brood_orphans(long n, bool deaf);

/* Processes that fork until together they are about most, or 500. */
void brood_bomb(long most);

#endif
