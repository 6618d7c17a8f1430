/*
 * message - an sd_notify datagram: what is read was said, and two datagrams in one say what they
 * say one after the other.
 */
#include "engine/message.h"
#include "fuzz/fuzz.h"

static bool says(const uint8_t *data, size_t size, const char *what)
{
	return size > 0 && memmem(data, size, what, strlen(what)) != NULL;
}

static struct message read_message(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct message m = message_read(text, size);

	MUST(!m.ready || says(data, size, "READY=1"));
	MUST(!m.stopping || says(data, size, "STOPPING=1"));
	MUST(!m.watchdog || says(data, size, "WATCHDOG=1"));
	MUST(!m.trigger || says(data, size, "WATCHDOG=trigger"));
	MUST(!m.extends || says(data, size, "EXTEND_TIMEOUT_USEC="));
	MUST(m.extend >= 0);
	MUST(m.refused == NULL || says(data, size, m.refused));
	MUST(m.status == NULL ||
	     (m.status >= text && m.status_len <= size && m.status + m.status_len <= text + size));
	return m;
}

/* The whole, of which a newline at `at` parts the first from the second. */
static void split_check(struct message whole, const uint8_t *data, size_t at, size_t size)
{
	struct message a = read_message(data, at), b = read_message(data + at + 1, size - at - 1);

	MUST(whole.ready == (a.ready || b.ready));
	MUST(whole.stopping == (a.stopping || b.stopping));
	MUST(whole.watchdog == (a.watchdog || b.watchdog));
	MUST(whole.trigger == (a.trigger || b.trigger));
	MUST(whole.extends == (a.extends || b.extends));
	MUST(whole.extend == (b.extends ? b.extend : a.extend));
	MUST(whole.status == (b.status != NULL ? b.status : a.status));
	MUST(whole.refused == (b.refused != NULL ? b.refused : a.refused));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct message whole = read_message(data, size);

	for (size_t at = 0; at < size; at++)
		if (data[at] == '\n')
			split_check(whole, data, at, size);
	return 0;
}
