#include "service/systemd.h"

#include <stdlib.h>

#include "base/text.h"
#include "sys/datagram.h"

void systemd_init(struct systemd *systemd, struct log *log)
{
	const char *address = getenv("NOTIFY_SOCKET");

	*systemd = (struct systemd){.address = address, .log = log};
}

static const char *assignment_of(enum fleet_state state)
{
	if (state == FLEET_RUNNING)
		return "READY=1\n";
	return state > FLEET_RUNNING ? "STOPPING=1\n" : "";
}

void systemd_tell(const struct systemd *systemd, enum fleet_state state)
{
	char buf[128];
	struct text text;
	struct err err;

	if (systemd->address == NULL)
		return;
	text_init(&text, buf, sizeof buf);
	text_add(&text, "%sSTATUS=%s", assignment_of(state), fleet_state_name(state));
	if (datagram_send(systemd->address, buf, &err) == -1)
		LOG_EVENT(systemd->log, LOG_WARNING, "the service manager cannot be told",
			  F_STR("error", err.text));
}
