#include "engine/tail.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { READS = 16 };

static void keep(struct tail *tail, const char *bytes, size_t len)
{
	if (tail->text == NULL)
		tail->text = malloc(TAIL_MAX + 1);
	if (tail->text == NULL)
		return;
	size_t over = tail->len + len > TAIL_MAX ? tail->len + len - TAIL_MAX : 0;
	memmove(tail->text, tail->text + over, tail->len - over);
	memcpy(tail->text + tail->len - over, bytes, len);
	tail->len += len - over;
}

bool tail_read(struct tail *tail, int fd)
{
	char bytes[TAIL_MAX];

	for (int n = 0; n < READS; n++) {
		ssize_t len = read(fd, bytes, sizeof bytes);
		if (len == 0 || (len == -1 && errno != EAGAIN && errno != EINTR))
			return false;
		if (len == -1)
			return true;
		keep(tail, bytes, (size_t)len);
	}
	return true;
}

const char *tail_text(struct tail *tail)
{
	if (tail->text == NULL)
		return "";
	for (; tail->len > 0 && (unsigned char)tail->text[tail->len - 1] <= ' '; tail->len--)
		continue;
	for (size_t i = 0; i < tail->len; i++)
		if (tail->text[i] == '\0')
			tail->text[i] = '?';
	tail->text[tail->len] = '\0';
	return tail->text;
}

void tail_fini(struct tail *tail)
{
	free(tail->text);
	*tail = (struct tail){0};
}
