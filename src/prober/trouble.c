#include "prober/trouble.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

const char *trouble_text(int num)
{
	static _Thread_local char text[128];

	snprintf(text, sizeof text, "%s", strerror(num));
	/* "Connection refused", but "RPC ..." stays. */
	if (text[0] != '\0' && islower((unsigned char)text[1]))
		text[0] = (char)tolower((unsigned char)text[0]);
	return text;
}
