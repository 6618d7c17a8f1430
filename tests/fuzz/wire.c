/*
 * wire - bytes read as a message of fosterd's or of a prober's: what is one is written again as the
 * same bytes, and needs room for each of them.
 */
#include "fuzz/fuzz.h"
#include "model/wire.h"

static void try_again(const struct wire_message *message, const uint8_t *data, size_t size)
{
	static char bytes[1 << 20];
	struct err err;

	MUST(wire_write(message, bytes, sizeof bytes, &err) == (long)size);
	MUST(memcmp(bytes, data, size) == 0);
	MUST(wire_write(message, bytes, size - 1, &err) == -1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_message message;
	struct err err = {.num = -1};

	if (size > 1 << 20)
		return 0;
	if (wire_read(data, size, &message, &err) == -1)
		MUST(err.num == 0 && err.text[0] != '\0');
	else
		try_again(&message, data, size);
	return 0;
}
