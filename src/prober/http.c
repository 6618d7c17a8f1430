#include "prober/http.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/text.h"
#include "prober/multi.h"
#include "prober/trouble.h"
#include "prober/url.h"

enum { BODY_MAX = 10 * 1024, HEADERS_MAX = 64 * 1024, REDIRECTS_MAX = 10 };

struct fetch {
	struct transfer transfer; /* first: found from it */
	struct ask *ask;
	struct url url;		    /* of the request under way */
	char host[URL_HOST_SIZE];   /* of the first */
	struct addresses addresses; /* of that host; count 0: a unix socket */
	struct curl_slist *headers, *resolved;
	int refused;		     /* errno of the socket that we could not have; 0 */
	unsigned redirects;	     /* that were followed */
	size_t header_bytes;	     /* of this answer */
	size_t body_bytes;	     /* of this answer; <= BODY_MAX */
	char *body;		     /* these, where a text is looked for */
	char error[CURL_ERROR_SIZE]; /* "": libcurl has not said more than its code */
};

/* ---- while the answer comes */

/* libcurl does not say why there is no socket. */
static curl_socket_t open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct fetch *fetch = data;
	int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);

	(void)purpose;
	if (fd == -1)
		fetch->refused = errno;
	return fd;
}

static size_t on_header(char *bytes, size_t size, size_t count, void *data)
{
	struct fetch *fetch = data;

	(void)bytes;
	fetch->header_bytes += size * count;
	return fetch->header_bytes > HEADERS_MAX ? 0 : size * count;
}

/* Less than all: the transfer ends here. */
static size_t on_body(char *bytes, size_t size, size_t count, void *data)
{
	struct fetch *fetch = data;
	size_t len = size * count, room = BODY_MAX - fetch->body_bytes;
	size_t taken = len < room ? len : room;

	if (ask_what(fetch->ask)->body != NULL) {
		char *body = realloc(fetch->body, fetch->body_bytes + taken);
		if (body == NULL && taken > 0)
			return 0;
		fetch->body = body;
		memcpy(body + fetch->body_bytes, bytes, taken);
	}
	fetch->body_bytes += taken;
	return fetch->body_bytes == BODY_MAX ? 0 : len;
}

/* ---- when it is there */

static bool is_listed(const struct wire_message *what, long status)
{
	return status >= 0 && status < STATUS_WORDS * 32 &&
	       (what->statuses[status / 32] >> status % 32 & 1) != 0;
}

/* Where nobody has said which statuses are well. */
static bool is_default_list(const struct wire_message *what)
{
	for (long status = 0; status < STATUS_WORDS * 32; status++)
		if (is_listed(what, status) != (status >= 200 && status < 400))
			return false;
	return true;
}

static bool has_text(const struct fetch *fetch)
{
	const char *text = ask_what(fetch->ask)->body;

	return text == NULL || *text == '\0' ||
	       (fetch->body != NULL &&
		memmem(fetch->body, fetch->body_bytes, text, strlen(text)) != NULL);
}

static void judge_answer(struct fetch *fetch, long status)
{
	const struct wire_message *what = ask_what(fetch->ask);

	if (!is_listed(what, status))
		ask_failure(fetch->ask, "HTTP %ld", status);
	else if (!has_text(fetch))
		ask_failure(fetch->ask, "HTTP %ld, but \"%s\" is not in its %s%zu bytes", status,
			    what->body, fetch->body_bytes == BODY_MAX ? "first " : "",
			    fetch->body_bytes);
	else
		ask_success(fetch->ask);
}

/* Where a redirect that is to be followed leads to. */
static bool has_redirect(struct fetch *fetch, long status, struct url *out)
{
	const struct wire_message *what = ask_what(fetch->ask);
	const char *to = NULL;

	if (status != 301 && status != 302 && status != 303 && status != 307 && status != 308)
		return false;
	/* A status that somebody named is what is asked for, not what lies behind it. */
	if (is_listed(what, status) && !is_default_list(what))
		return false;
	curl_easy_getinfo(fetch->transfer.easy, CURLINFO_REDIRECT_URL, &to);
	if (to == NULL || fetch->redirects == REDIRECTS_MAX || url_read(to, out) == -1)
		return false;
	if (strcasecmp(out->host, fetch->host) == 0 && strncasecmp(out->text, "http", 4) == 0)
		return true;
	url_fini(out);
	return false;
}

static void start(struct fetch *fetch);

static void take_answer(struct fetch *fetch)
{
	struct url next;
	long status = 0;

	curl_easy_getinfo(fetch->transfer.easy, CURLINFO_RESPONSE_CODE, &status);
	if (!has_redirect(fetch, status, &next)) {
		judge_answer(fetch, status);
		return;
	}
	url_fini(&fetch->url);
	fetch->url = next;
	fetch->redirects++;
	start(fetch);
}

/* A single header without end is no memory, for libcurl: more than it is willing to hold. */
static bool has_long_header(const struct fetch *fetch, CURLcode code)
{
	curl_off_t sent = 0;

	if (code != CURLE_OUT_OF_MEMORY)
		return fetch->header_bytes > HEADERS_MAX;
	curl_easy_getinfo(fetch->transfer.easy, CURLINFO_PRETRANSFER_TIME_T, &sent);
	void *memory = malloc(HEADERS_MAX);
	free(memory);
	return sent > 0 && memory != NULL;
}

static void judge_trouble(struct fetch *fetch, CURLcode code)
{
	struct ask *ask = fetch->ask;
	const char *more = *fetch->error != '\0' ? fetch->error : curl_easy_strerror(code);
	long num = fetch->refused;

	if (num == 0)
		curl_easy_getinfo(fetch->transfer.easy, CURLINFO_OS_ERRNO, &num);
	if (has_long_header(fetch, code))
		ask_failure(ask, "the answer has more than %d KiB of headers", HEADERS_MAX / 1024);
	else if (code == CURLE_OUT_OF_MEMORY || err_is_shortage((int)num))
		ask_unknown(ask, "%s", trouble_text(num == 0 ? ENOMEM : (int)num));
	else if (code == CURLE_COULDNT_CONNECT && num != 0)
		ask_failure(ask, "%s", trouble_text((int)num));
	else if (code == CURLE_GOT_NOTHING)
		ask_failure(ask, "the connection was closed without an answer");
	else if ((code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR) && num != 0)
		ask_failure(ask, "%s", trouble_text((int)num));
	else if (code == CURLE_PARTIAL_FILE)
		ask_failure(ask, "the answer ended too early");
	else if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_WEIRD_SERVER_REPLY)
		ask_failure(ask, "the answer is no HTTP");
	else if (code == CURLE_PEER_FAILED_VERIFICATION)
		ask_failure(ask, "certificate not accepted: %s", more);
	else
		ask_failure(ask, "%s", more);
}

static void on_done(struct transfer *transfer, CURLcode code)
{
	struct fetch *fetch = (struct fetch *)transfer;

	/* What was cut short by us is an answer. */
	if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && fetch->body_bytes == BODY_MAX))
		take_answer(fetch);
	else
		judge_trouble(fetch, code);
}

/* ---- the request */

static int append(struct curl_slist **list, const char *text)
{
	struct curl_slist *longer = curl_slist_append(*list, text);

	if (longer == NULL)
		return -1;
	*list = longer;
	return 0;
}

/* One line "Name: value". libcurl would take an empty value for the wish to have no such header. */
static int add_header(struct fetch *fetch, const char *line, size_t len)
{
	char *header = strndup(line, len);

	if (header == NULL)
		return -1;
	char *colon = strchr(header, ':');
	if (colon != NULL && colon[1 + strspn(colon + 1, " \t")] == '\0')
		strcpy(colon, ";");
	int result = append(&fetch->headers, header);
	free(header);
	return result;
}

/* The server closes first: the ports of who asks are not used up. */
static int add_headers(struct fetch *fetch)
{
	const char *line = ask_what(fetch->ask)->headers;
	bool own = false;

	while (*line != '\0') {
		size_t len = strcspn(line, "\n");
		own = own || strncasecmp(line, "Connection:", strlen("Connection:")) == 0;
		if (add_header(fetch, line, len) == -1)
			return -1;
		line += len + (line[len] == '\n');
	}
	return own ? 0 : append(&fetch->headers, "Connection: close");
}

/* So that the name stays in Host, in SNI and in the certificate's check. */
static int add_resolved(struct fetch *fetch)
{
	char entry[URL_HOST_SIZE + 16 + ASK_ADDRESSES * (ASK_ADDRESS_SIZE + 3)];
	struct text text;

	curl_slist_free_all(fetch->resolved);
	fetch->resolved = NULL;
	if (fetch->addresses.count == 0 || strcmp(fetch->addresses.list[0], fetch->host) == 0)
		return 0;
	text_init(&text, entry, sizeof entry);
	text_add(&text, "%s:%s", fetch->url.host, fetch->url.port);
	for (unsigned i = 0; i < fetch->addresses.count; i++) {
		const char *number = fetch->addresses.list[i];
		bool v6 = strchr(number, ':') != NULL;
		text_add(&text, "%s%s%s%s", i == 0 ? ":" : ",", v6 ? "[" : "", number,
			 v6 ? "]" : "");
	}
	return append(&fetch->resolved, entry);
}

static void start(struct fetch *fetch)
{
	CURL *easy = fetch->transfer.easy;

	fetch->header_bytes = fetch->body_bytes = 0;
	fetch->error[0] = '\0';
	fetch->refused = 0;
	if (add_resolved(fetch) == -1 ||
	    curl_easy_setopt(easy, CURLOPT_URL, fetch->url.text) != CURLE_OK) {
		ask_unknown(fetch->ask, "%s", trouble_text(ENOMEM));
		return;
	}
	curl_easy_setopt(easy, CURLOPT_RESOLVE, fetch->resolved);
	if (transfer_start(&fetch->transfer) == -1)
		ask_unknown(fetch->ask, "%s", trouble_text(ENOMEM));
}

static void on_addresses(struct ask *ask, const struct addresses *addresses)
{
	struct fetch *fetch = ask_state(ask);

	fetch->addresses = *addresses;
	start(fetch);
}

static int set_up(struct fetch *fetch)
{
	const struct wire_message *what = ask_what(fetch->ask);
	CURL *easy;

	if (transfer_init(&fetch->transfer, ask_loop(fetch->ask)) == -1 || add_headers(fetch) == -1)
		return -1;
	easy = fetch->transfer.easy;
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, fetch->headers);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, fetch->error);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, fetch);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, fetch);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, fetch);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, what->verify ? 1L : 0L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, what->verify ? 2L : 0L);
	curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, fetch->url.socket);
	return 0;
}

static void http_begin(struct ask *ask)
{
	struct fetch *fetch = calloc(1, sizeof *fetch);

	if (fetch == NULL) {
		ask_unknown(ask, "%s", trouble_text(ENOMEM));
		return;
	}
	fetch->ask = ask;
	fetch->transfer.done = on_done;
	ask_set_state(ask, fetch);
	if (url_read(ask_what(ask)->target, &fetch->url) == -1) {
		ask_failure(ask, "the URL is not understood");
		return;
	}
	strcpy(fetch->host, fetch->url.host);
	if (set_up(fetch) == -1)
		ask_unknown(ask, "%s", trouble_text(ENOMEM));
	else if (fetch->url.socket != NULL)
		start(fetch);
	else
		ask_resolve(ask, fetch->host, on_addresses);
}

static void http_end(struct ask *ask)
{
	struct fetch *fetch = ask_state(ask);

	if (fetch == NULL)
		return;
	transfer_fini(&fetch->transfer);
	curl_slist_free_all(fetch->headers);
	curl_slist_free_all(fetch->resolved);
	url_fini(&fetch->url);
	free(fetch->body);
	free(fetch);
}

const struct way http_way = {.begin = http_begin, .end = http_end};
