#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void must_fail(const char *cond, const char *file, int line)
{
	char text[512];

	int len = snprintf(text, sizeof text, "fosterd: %s:%d: must: %s\n", file, line, cond);
	if (len > (int)sizeof text - 1)
		len = (int)sizeof text - 1;
	/* Aborting already: there is nobody left to tell that this write failed. */
	if (len > 0 && write(STDERR_FILENO, text, (size_t)len) == -1)
		abort();
	abort();
}
