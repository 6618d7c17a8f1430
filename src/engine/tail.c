#include "engine/tail.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { READS = 16 };

/* Where it was ended for somebody to read it, a line ends. */
static void undo_end(struct tail *tail)
{
	size_t end = strnlen(tail->text, tail->len);

	if (end < tail->len)
		tail->text[end] = '\n';
}

void tail_add(struct tail *tail, const char *bytes, size_t len)
{
	if (tail->text == NULL)
		tail->text = malloc(TAIL_MAX + 1);
	if (tail->text == NULL)
		return;
	undo_end(tail);
	size_t over = tail->len + len > TAIL_MAX ? tail->len + len - TAIL_MAX : 0;
	memmove(tail->text, tail->text + over, tail->len - over);
	char *to = tail->text + tail->len - over;
	for (size_t i = 0; i < len; i++)
		to[i] = bytes[i] == '\0' ? '?' : bytes[i];
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
		tail_add(tail, bytes, (size_t)len);
	}
	return true;
}

const char *tail_text(struct tail *tail)
{
	if (tail->text == NULL)
		return "";
	size_t end = tail->len;
	for (; end > 0 && (unsigned char)tail->text[end - 1] <= ' '; end--)
		continue;
	tail->text[end] = '\0';
	return tail->text;
}

void tail_fini(struct tail *tail)
{
	free(tail->text);
	*tail = (struct tail){0};
}
