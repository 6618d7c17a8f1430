#include "engine/outbox.h"

static void on_writable(struct ev_loop *loop, ev_io *io, int events)
{
	struct outbox *outbox = io->data;

	(void)events;
	if (log_flush(outbox->log))
		ev_io_stop(loop, io);
}

void outbox_init(struct outbox *outbox, struct log *log, struct ev_loop *loop)
{
	*outbox = (struct outbox){.log = log, .loop = loop};
	ev_io_init(&outbox->writable, on_writable, log_fd(log), EV_WRITE);
	outbox->writable.data = outbox;
}

void outbox_flush(struct outbox *outbox)
{
	if (!log_flush(outbox->log))
		ev_io_start(outbox->loop, &outbox->writable);
}

bool outbox_is_busy(const struct outbox *outbox)
{
	return ev_is_active(&outbox->writable);
}

void outbox_fini(struct outbox *outbox)
{
	ev_io_stop(outbox->loop, &outbox->writable);
}
