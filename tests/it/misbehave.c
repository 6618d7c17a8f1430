/*
 * misbehave - a worker that does, on demand, whatever a supervisor has to live with.
 *
 * Each option is one row of the table and one small function, run in the table's order. Without
 * options it waits for SIGTERM (INT, QUIT, HUP, USR1, USR2 as well) and exits with 0. Whatever it
 * was told, it is gone after ten minutes.
 */
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "brood.h"
#include "outside.h"

enum { NEVER = -1 };

/* Something to do at a moment; the loop looks at all of them. */
struct alarm {
	int64_t at; /* monotonic nanoseconds; NEVER: not set */
	void (*ring)(void);
};

static const char *arg; /* of the option that is being run */
static const char *stamp_path, *name = "";
static bool ignore_term, orphans_ignore_term, says_stopping, ready_by_notify, ready_wanted;
static bool ending;
static int ready_fd = -1, listen_fd = -1;
static int end_code;
static long ready_delay_ms, stop_slow_ms, after_ms, ping_ms, pings_left = -1;
static const char *extend_usec;

static void ring_ready(void), ring_ping(void), ring_end(void), ring_exit(void);
static struct alarm on_ready = {NEVER, ring_ready}, on_ping = {NEVER, ring_ping};
static struct alarm on_end = {NEVER, ring_end}, on_gone = {NEVER, ring_exit};
static struct alarm *const alarms[] = {&on_ready, &on_ping, &on_end, &on_gone};

static void alarm_in(struct alarm *alarm, long ms)
{
	alarm->at = outside_now_ns() + ms * INT64_C(1000000);
}

static long number(void)
{
	char *end;
	long n = strtol(arg, &end, 10);

	if (*end != '\0' || n < 0) {
		fprintf(stderr, "misbehave: not a number: %s\n", arg);
		exit(64);
	}
	return n;
}

static void ring_ready(void)
{
	outside_stamp(stamp_path, "ready", name);
	if (ready_by_notify)
		outside_notify("READY=1", "");
	if (ready_fd == -1)
		return;
	if (write(ready_fd, "\n", 1) == 1)
		close(ready_fd);
	ready_fd = -1;
}

static void ring_ping(void)
{
	if (pings_left == 0)
		return;
	if (pings_left > 0)
		pings_left--;
	outside_notify("WATCHDOG=1", "");
	alarm_in(&on_ping, ping_ms);
}

static void ring_exit(void)
{
	outside_stamp(stamp_path, "exit", name);
	_exit(end_code);
}

static void end(int code)
{
	if (ending)
		return;
	ending = true;
	end_code = code;
	if (says_stopping)
		outside_notify("STOPPING=1", "");
	if (extend_usec != NULL)
		outside_notify("EXTEND_TIMEOUT_USEC=", extend_usec);
	/* A SIGCONT that comes right behind the signal belongs into the stamps. */
	alarm_in(&on_gone, stop_slow_ms == 0 && stamp_path != NULL ? 20 : stop_slow_ms);
}

static void ring_end(void)
{
	end(end_code);
}

/* ---- one function an option */

static void opt_as(void)
{
	name = arg;
}

static void opt_stamp(void)
{
	stamp_path = arg;
	outside_stamp(stamp_path, "start", name);
}

static void opt_close_fds(void)
{
	for (int fd = 0; fd < 1024; fd++)
		close(fd);
}

static void opt_ignore_term(void)
{
	ignore_term = true;
}

static void opt_stop_slow(void)
{
	stop_slow_ms = number();
}

static void opt_stopping(void)
{
	says_stopping = true;
}

static void opt_extend(void)
{
	extend_usec = arg;
	outside_notify("EXTEND_TIMEOUT_USEC=", arg);
}

static void opt_status(void)
{
	outside_notify("STATUS=", arg);
}

static void opt_say(void)
{
	outside_notify(arg, "");
}

static void opt_spew(void)
{
	static const char line[] = "All work and no play makes a log that nobody reads, "
				   "and a pipe that nobody empties, full.\n";

	for (long n = number(); n > 0; n--)
		if (write(STDOUT_FILENO, line, sizeof line - 1) == -1)
			return;
}

static void opt_orphan_ignore_term(void)
{
	orphans_ignore_term = true;
}

static void opt_orphan(void)
{
	brood_orphans(number(), orphans_ignore_term);
}

static void opt_fork_bomb(void)
{
	brood_bomb(number());
}

static void opt_http(void)
{
	listen_fd = outside_listen((uint16_t)number());
}

static void opt_slow_ready(void)
{
	ready_delay_ms = number();
	ready_wanted = true;
}

static void opt_ready_fd(void)
{
	ready_fd = (int)number();
	ready_wanted = true;
}

static void opt_notify(void)
{
	ready_by_notify = true;
	ready_wanted = true;
}

static void opt_watchdog_stop_after(void)
{
	pings_left = number();
}

static void opt_watchdog(void)
{
	ping_ms = number();
	alarm_in(&on_ping, 0);
}

static void opt_after(void)
{
	after_ms = number();
	alarm_in(&on_end, after_ms);
}

static void opt_exit(void)
{
	end_code = (int)number();
	alarm_in(&on_end, after_ms);
}

static void opt_flap(void)
{
	end_code = 1;
	alarm_in(&on_end, (long)(strtod(arg, NULL) * 1000));
}

/* In the order in which they are run, whatever the order on the command line. */
static struct row {
	const char *name, *parameter;
	void (*run)(void);
	const char *help;
	const char *value; /* as given; NULL: not given */
} rows[] = {
	{"close-fds", NULL, opt_close_fds,
	 "close every descriptor, 0 to 2 included", NULL},
	{"as", "NAME", opt_as,
	 "put NAME behind each stamp", NULL},
	{"stamp", "FILE", opt_stamp,
	 "append `monotonic_ns pid event` at start, ready, each signal, exit", NULL},
	{"ignore-term", NULL, opt_ignore_term,
	 "ignore SIGTERM (other signals still end it)", NULL},
	{"stop-slow", "MS", opt_stop_slow,
	 "take that long from the signal, or the end of --after, to the exit", NULL},
	{"stopping", NULL, opt_stopping,
	 "say STOPPING=1 when it begins to end", NULL},
	{"extend", "USEC", opt_extend,
	 "say EXTEND_TIMEOUT_USEC= at start and when it begins to end", NULL},
	{"status", "TEXT", opt_status,
	 "say STATUS=TEXT at start", NULL},
	{"say", "TEXT", opt_say,
	 "say TEXT to the notify socket at start", NULL},
	{"spew", "N", opt_spew,
	 "write N lines to stdout at start", NULL},
	{"orphan-ignore-term", NULL, opt_orphan_ignore_term,
	 "the orphans ignore SIGTERM", NULL},
	{"orphan", "N", opt_orphan,
	 "leave N grandchildren in the group, their parent gone", NULL},
	{"fork-bomb", "N", opt_fork_bomb,
	 "processes that fork until there are about N (at most 500)", NULL},
	{"http", "PORT", opt_http,
	 "answer 200 on 127.0.0.1:PORT", NULL},
	{"slow-ready", "MS", opt_slow_ready,
	 "become ready after that time; by READY=1 unless --ready-fd alone", NULL},
	{"ready-fd", "N", opt_ready_fd,
	 "become ready by a newline on descriptor N", NULL},
	{"notify", NULL, opt_notify,
	 "become ready by READY=1", NULL},
	{"watchdog-stop-after", "N", opt_watchdog_stop_after,
	 "fall silent after N pings", NULL},
	{"watchdog", "MS", opt_watchdog,
	 "say WATCHDOG=1 that often", NULL},
	{"after", "MS", opt_after,
	 "end after that time, with 0 or with --exit's code", NULL},
	{"exit", "CODE", opt_exit,
	 "end with that code; at once unless --after", NULL},
	{"flap", "SECONDS", opt_flap,
	 "run that long, exit with 1", NULL},
};

enum { ROWS = sizeof rows / sizeof rows[0] };

static void usage(void)
{
	for (size_t i = 0; i < ROWS; i++)
		printf("  --%-19s %-8s %s\n", rows[i].name,
		       rows[i].parameter ? rows[i].parameter : "", rows[i].help);
}

static void parse(int argc, char **argv)
{
	struct option options[ROWS + 2] = {{"help", no_argument, NULL, 'h'}};
	int c, index = 0;

	for (size_t i = 0; i < ROWS; i++)
		options[i + 1] = (struct option){
			rows[i].name, rows[i].parameter ? required_argument : no_argument, NULL, 1};
	while ((c = getopt_long(argc, argv, "h", options, &index)) != -1) {
		if (c != 1) {
			usage();
			exit(c == 'h' ? 0 : 64);
		}
		rows[index - 1].value = optarg ? optarg : "";
	}
}

static void perform(void)
{
	for (size_t i = 0; i < ROWS; i++) {
		arg = rows[i].value;
		if (arg != NULL)
			rows[i].run();
	}
	if (ready_fd == -1)
		ready_by_notify = true;
	if (ready_wanted)
		alarm_in(&on_ready, ready_delay_ms);
}

/* Before anything is done: who sees the stamp "start" may send a signal at once. */
static sigset_t signals_block(void)
{
	static const int taken[] = {SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2, SIGCONT};
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++)
		sigaddset(&set, taken[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGCHLD, SIG_IGN);
	return set;
}

static void signal_take(int fd)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof info) != sizeof info)
		return;
	int signo = (int)info.ssi_signo;
	outside_stamp(stamp_path, sigabbrev_np(signo), name);
	if (signo != SIGCONT && !(signo == SIGTERM && ignore_term))
		end(0);
}

static int wait_ms(void)
{
	int64_t first = INT64_MAX, now = outside_now_ns();

	for (size_t i = 0; i < sizeof alarms / sizeof alarms[0]; i++)
		if (alarms[i]->at != NEVER && alarms[i]->at < first)
			first = alarms[i]->at;
	if (first == INT64_MAX)
		return -1;
	return first <= now ? 0 : (int)((first - now + 999999) / 1000000);
}

static void alarms_ring(void)
{
	int64_t now = outside_now_ns();

	for (size_t i = 0; i < sizeof alarms / sizeof alarms[0]; i++) {
		if (alarms[i]->at == NEVER || alarms[i]->at > now)
			continue;
		alarms[i]->at = NEVER;
		alarms[i]->ring();
	}
}

int main(int argc, char **argv)
{
	sigset_t taken = signals_block();

	parse(argc, argv);
	alarm(BROOD_LIFE_S);
	perform();
	int signals = signalfd(-1, &taken, SFD_CLOEXEC);
	for (;;) {
		struct pollfd fds[] = {{signals, POLLIN, 0}, {listen_fd, POLLIN, 0}};
		poll(fds, 2, wait_ms());
		if (fds[0].revents != 0)
			signal_take(signals);
		if (fds[1].revents != 0)
			outside_answer(listen_fd);
		alarms_ring();
	}
}
