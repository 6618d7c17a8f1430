#include "fosterctl/path.h"

#include <ctype.h>
#include <string.h>

void path_add_name(struct text *path, const char *name)
{
	for (; *name != '\0'; name++) {
		unsigned char c = (unsigned char)*name;
		if (c < 0x80 && (isalnum(c) || strchr("-._~", c) != NULL))
			text_add(path, "%c", c);
		else
			text_add(path, "%%%02X", (unsigned)c);
	}
}
