/*
 * bare_http - libmicrohttpd in a libev loop, and an answer made beforehand: what /livez is compared
 * to.
 *
 *   bare_http PORT
 */
#include <arpa/inet.h>
#include <ev.h>
#include <microhttpd.h>
#include <stdlib.h>

static const char body[] =
	"{\"status\":\"healthy\",\"probe\":\"liveness\",\"state\":\"running\",\"reasons\":[]}\n";
static struct MHD_Response *answer;
static struct MHD_Daemon *server;
static ev_timer again;

static enum MHD_Result on_request(void *data, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *upload,
				  size_t *upload_size, void **begun)
{
	static int mark;

	(void)data, (void)url, (void)method, (void)version, (void)upload, (void)upload_size;
	if (*begun == &mark)
		return MHD_queue_response(connection, 200, answer);
	*begun = &mark;
	return MHD_YES;
}

static void turn(struct ev_loop *loop)
{
	MHD_UNSIGNED_LONG_LONG ms;

	MHD_run(server);
	ev_timer_stop(loop, &again);
	if (MHD_get_timeout(server, &ms) != MHD_YES)
		return;
	ev_timer_set(&again, (double)ms / 1000., 0.);
	ev_timer_start(loop, &again);
}

static void on_readable(struct ev_loop *loop, ev_io *watcher, int events)
{
	(void)watcher, (void)events;
	turn(loop);
}

static void on_again(struct ev_loop *loop, ev_timer *watcher, int events)
{
	(void)watcher, (void)events;
	turn(loop);
}

int main(int argc, char **argv)
{
	struct ev_loop *loop = ev_loop_new(EVBACKEND_EPOLL);
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	ev_io readable;

	if (argc != 2 || loop == NULL)
		return 64;
	address.sin_port = htons((uint16_t)atoi(argv[1]));
	answer = MHD_create_response_from_buffer(sizeof body - 1, (void *)(uintptr_t)body,
						 MHD_RESPMEM_PERSISTENT);
	MHD_add_response_header(answer, "Content-Type", "application/json");
	MHD_add_response_header(answer, "Cache-Control", "no-store");
	MHD_add_response_header(answer, "X-Content-Type-Options", "nosniff");
	server = MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, on_request, NULL,
				  MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
				  MHD_OPTION_END);
	if (server == NULL)
		return 71;
	ev_timer_init(&again, on_again, 0., 0.);
	ev_io_init(&readable, on_readable,
		   MHD_get_daemon_info(server, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd, EV_READ);
	ev_io_start(loop, &readable);
	ev_run(loop, 0);
	return 0;
}
