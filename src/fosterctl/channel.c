#include "fosterctl/channel.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/text.h"

static const char system_socket[] = "/run/fosterd/control.sock";

int channel_init(struct channel *channel, const char *path, struct err *err)
{
	struct sockaddr_un address;

	*channel = (struct channel){.path = path};
	if (*path == '\0' || strlen(path) >= sizeof address.sun_path)
		return err_set(err, 0, "the path of a socket has 1 to %zu bytes: \"%s\"",
			       sizeof address.sun_path - 1, path);
	/* Nothing is encrypted: its libraries need not be set up. */
	curl_global_init(CURL_GLOBAL_NOTHING);
	channel->curl = curl_easy_init();
	return channel->curl == NULL ? err_set(err, ENOMEM, "set up libcurl") : 0;
}

void channel_fini(struct channel *channel)
{
	if (channel->curl == NULL)
		return;
	curl_easy_cleanup(channel->curl);
	curl_global_cleanup();
	channel->curl = NULL;
}

void reply_free(struct reply *reply)
{
	free(reply->body);
	json_decref(reply->json);
	*reply = (struct reply){0};
}

/* ---- one request */

static int make_room(struct reply *reply, size_t wanted)
{
	if (wanted <= reply->room)
		return 0;
	char *body = realloc(reply->body, 2 * wanted);
	if (body == NULL)
		return -1;
	reply->body = body;
	reply->room = 2 * wanted;
	return 0;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *data)
{
	struct reply *reply = data;
	size_t len = size * count;

	if (len > REPLY_MAX - reply->len || make_room(reply, reply->len + len + 1) == -1)
		return 0;
	memcpy(reply->body + reply->len, bytes, len);
	reply->len += len;
	reply->body[reply->len] = '\0';
	return len;
}

static CURLcode perform(struct channel *channel, const char *method, const char *url,
			span_ns patience, struct reply *reply)
{
	CURL *curl = channel->curl;
	long ms = (long)((patience + NS_MS - 1) / NS_MS);

	curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, channel->path);
	curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* the environment may name one */
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, ms);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, reply);
	if (strcmp(method, "POST") == 0)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "");
	else
		curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
	return curl_easy_perform(curl);
}

/* ---- nobody there */

static void add_user(struct text *text, uid_t uid)
{
	const struct passwd *user = getpwuid(uid);

	if (user != NULL)
		text_add(text, "%s", user->pw_name);
	else
		text_add(text, "the user %u", (unsigned)uid);
}

static void add_group(struct text *text, gid_t gid)
{
	const struct group *group = getgrgid(gid);

	if (group != NULL)
		text_add(text, " and the group %s", group->gr_name);
	else
		text_add(text, " and the group %u", (unsigned)gid);
}

static void explain_denial(const char *path, struct err *err)
{
	char who[256];
	struct text text;
	struct stat st;

	if (stat(path, &st) == -1) {
		err_set(err, EACCES, "you may not reach %s; try as root", path);
		return;
	}
	text_init(&text, who, sizeof who);
	text_add(&text, "root");
	if (st.st_uid != 0) {
		text_add(&text, ", ");
		add_user(&text, st.st_uid);
	}
	if ((st.st_mode & S_IWGRP) != 0)
		add_group(&text, st.st_gid);
	err_set(err, EACCES, "you may not use %s; %s may", path, who);
}

/* There is no path. */
static void explain_absence(const char *path, struct err *err)
{
	if (strcmp(path, system_socket) != 0 && access(system_socket, F_OK) == 0)
		err_set(err, 0, "no fosterd runs here: there is no %s; did you mean -s %s?", path,
			system_socket);
	else
		err_set(err, 0,
			"no fosterd runs here: there is no %s; start fosterd, or name its socket "
			"by -s PATH",
			path);
}

/* There is a path, and nobody listens there. */
static void explain_silence(const char *path, struct err *err)
{
	struct stat st;

	if (stat(path, &st) == 0 && !S_ISSOCK(st.st_mode))
		err_set(err, 0, "%s is no socket", path);
	else
		err_set(err, 0, "no fosterd listens on %s, it has ended without removing it", path);
}

/* num: of connect(2); 0: it had succeeded, and the other side closed at once. */
static enum channel_result judge_connect(const char *path, int num, struct err *err)
{
	switch (num) {
	case ENOENT:
	case ENOTDIR:
		explain_absence(path, err);
		return CHANNEL_NO_DAEMON;
	case ECONNREFUSED:
		explain_silence(path, err);
		return CHANNEL_NO_DAEMON;
	case EACCES:
	case EPERM:
		explain_denial(path, err);
		return CHANNEL_NO_DAEMON;
	case 0:
		err_set(err, 0, "no good answer on %s: it was closed at once", path);
		return CHANNEL_BROKEN;
	default:
		err_set(err, num, "connect to %s", path);
		return CHANNEL_BROKEN;
	}
}

/* ---- together */

static enum channel_result judge(struct channel *channel, CURLcode code, span_ns patience,
				 struct err *err)
{
	const span_ns grain = NS_S / 10; /* as fine as people care */
	char span[SPAN_TEXT_SIZE];
	long num = 0;

	switch ((int)code) {
	case CURLE_OK:
		return CHANNEL_ANSWERED;
	case CURLE_COULDNT_CONNECT:
		curl_easy_getinfo(channel->curl, CURLINFO_OS_ERRNO, &num);
		return judge_connect(channel->path, (int)num, err);
	case CURLE_OPERATION_TIMEDOUT:
		err_set(err, 0, "no answer on %s within %s", channel->path,
			span_format(span, (patience + grain - 1) / grain * grain));
		break;
	case CURLE_WRITE_ERROR:
		err_set(err, 0, "the answer on %s is too long", channel->path);
		break;
	default:
		err_set(err, 0, "no good answer on %s: %s", channel->path,
			curl_easy_strerror(code));
		break;
	}
	return CHANNEL_BROKEN;
}

static void understand(struct channel *channel, struct reply *reply)
{
	curl_easy_getinfo(channel->curl, CURLINFO_RESPONSE_CODE, &reply->code);
	if (reply->body == NULL)
		return;
	reply->json = json_loadb(reply->body, reply->len, 0, NULL);
	if (json_is_object(reply->json))
		return;
	json_decref(reply->json);
	reply->json = NULL;
}

enum channel_result channel_ask(struct channel *channel, const char *method, const char *path,
				span_ns patience, struct reply *reply, struct err *err)
{
	char url[1024];
	struct text text;

	text_init(&text, url, sizeof url);
	text_add(&text, "http://fosterd%s", path);
	*reply = (struct reply){0};
	CURLcode code = perform(channel, method, url, patience, reply);
	enum channel_result result = judge(channel, code, patience, err);
	if (result == CHANNEL_ANSWERED)
		understand(channel, reply);
	else
		reply_free(reply);
	return result;
}
