#include "prober/multi.h"

#include <stdlib.h>

#include "base/must.h"

enum { SPARE_MAX = 64, READ_SIZE = 4096 };

/* A socket that libcurl wants to be told of. */
struct watch {
	ev_io io;
	struct watch *next; /* spare ones */
};

static struct {
	struct ev_loop *loop;
	CURLM *curl; /* NULL: not set up yet */
	ev_timer timer;
	struct watch *watches; /* spare */
	CURL *spare[SPARE_MAX];
	unsigned n_spare;
} multi;

/* ---- what libcurl is told */

static void end_transfers(void)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(multi.curl, &left)) != NULL) {
		struct transfer *transfer;
		if (message->msg != CURLMSG_DONE)
			continue;
		/* The message goes with the handle. */
		CURLcode code = message->data.result;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
		curl_multi_remove_handle(multi.curl, transfer->easy);
		transfer->running = false;
		transfer->done(transfer, code);
	}
}

static void act(curl_socket_t fd, int events)
{
	int running;

	curl_multi_socket_action(multi.curl, fd, events, &running);
	end_transfers();
}

static void on_socket(struct ev_loop *loop, ev_io *io, int events)
{
	(void)loop;
	act(io->fd, ((events & EV_READ) != 0 ? CURL_CSELECT_IN : 0) |
			    ((events & EV_WRITE) != 0 ? CURL_CSELECT_OUT : 0));
}

static void on_timer(struct ev_loop *loop, ev_timer *timer, int events)
{
	(void)loop;
	(void)timer;
	(void)events;
	act(CURL_SOCKET_TIMEOUT, 0);
}

/* ---- what libcurl wants */

static struct watch *new_watch(curl_socket_t fd)
{
	struct watch *watch = multi.watches;

	if (watch != NULL)
		multi.watches = watch->next;
	else if ((watch = malloc(sizeof *watch)) == NULL)
		return NULL;
	ev_init(&watch->io, on_socket);
	curl_multi_assign(multi.curl, fd, watch);
	return watch;
}

static int want_socket(CURL *easy, curl_socket_t fd, int what, void *data, void *socket_data)
{
	struct watch *watch = socket_data;

	(void)easy;
	(void)data;
	if (watch == NULL && what == CURL_POLL_REMOVE)
		return 0;
	if (watch == NULL && (watch = new_watch(fd)) == NULL)
		return -1;
	ev_io_stop(multi.loop, &watch->io);
	if (what == CURL_POLL_REMOVE) {
		watch->next = multi.watches;
		multi.watches = watch;
		return 0;
	}
	ev_io_set(&watch->io, fd,
		  ((what & CURL_POLL_IN) != 0 ? EV_READ : 0) |
			  ((what & CURL_POLL_OUT) != 0 ? EV_WRITE : 0));
	ev_io_start(multi.loop, &watch->io);
	return 0;
}

static int want_timer(CURLM *curl, long ms, void *data)
{
	(void)curl;
	(void)data;
	ev_timer_stop(multi.loop, &multi.timer);
	if (ms >= 0) {
		ev_timer_set(&multi.timer, (double)ms / 1000., 0.);
		ev_timer_start(multi.loop, &multi.timer);
	}
	return 0;
}

/* ---- together */

static int set_up(struct ev_loop *loop)
{
	if (multi.curl != NULL) {
		MUST(multi.loop == loop);
		return 0;
	}
	if (curl_global_init(CURL_GLOBAL_SSL) != 0 || (multi.curl = curl_multi_init()) == NULL)
		return -1;
	multi.loop = loop;
	ev_init(&multi.timer, on_timer);
	curl_multi_setopt(multi.curl, CURLMOPT_SOCKETFUNCTION, want_socket);
	curl_multi_setopt(multi.curl, CURLMOPT_TIMERFUNCTION, want_timer);
	return 0;
}

/* Nothing from the surroundings, no other protocol, no second use of a connection, no waits of
 * libcurl's own: each question has its own timer. */
static void prepare(CURL *easy)
{
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
	curl_easy_setopt(easy, CURLOPT_SSL_ENABLE_ALPN, 0L);
	curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, -1L);
	curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)READ_SIZE);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "fosterd-probe/" FOSTERD_VERSION);
}

/* As OpenSSL's own programs have it; libcurl alone does not look. */
static void trust(CURL *easy)
{
	const char *file = getenv("SSL_CERT_FILE"), *dir = getenv("SSL_CERT_DIR");

	if (file != NULL)
		curl_easy_setopt(easy, CURLOPT_CAINFO, file);
	if (dir != NULL)
		curl_easy_setopt(easy, CURLOPT_CAPATH, dir);
}

int transfer_init(struct transfer *transfer, struct ev_loop *loop)
{
	if (set_up(loop) == -1)
		return -1;
	if (multi.n_spare > 0) {
		transfer->easy = multi.spare[--multi.n_spare];
	} else {
		transfer->easy = curl_easy_init();
		if (transfer->easy == NULL)
			return -1;
		prepare(transfer->easy);
		trust(transfer->easy);
	}
	curl_easy_setopt(transfer->easy, CURLOPT_PRIVATE, transfer);
	return 0;
}

int transfer_start(struct transfer *transfer)
{
	if (curl_multi_add_handle(multi.curl, transfer->easy) != CURLM_OK)
		return -1;
	transfer->running = true;
	return 0;
}

void transfer_fini(struct transfer *transfer)
{
	if (transfer->easy == NULL)
		return;
	if (transfer->running)
		curl_multi_remove_handle(multi.curl, transfer->easy);
	transfer->running = false;
	/* What belongs to the question goes with it; the rest is set anew for each. */
	curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, NULL);
	curl_easy_setopt(transfer->easy, CURLOPT_RESOLVE, NULL);
	curl_easy_setopt(transfer->easy, CURLOPT_ERRORBUFFER, NULL);
	if (multi.n_spare < SPARE_MAX)
		multi.spare[multi.n_spare++] = transfer->easy;
	else
		curl_easy_cleanup(transfer->easy);
	transfer->easy = NULL;
}
