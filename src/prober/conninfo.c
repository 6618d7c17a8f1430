/* conninfo - how to connect to a PostgreSQL server, with numbers in place of its names. */
#include "prober/conninfo.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/text.h"

enum {
	HOSTS_MAX = 8,	   /* of one target */
	TARGET_LIST = 500, /* bytes of its list of hosts, and of that of their ports */
	/* of a list with each address of each of them */
	LIST_SIZE = (HOSTS_MAX * ASK_ADDRESS_SIZE + TARGET_LIST) * ASK_ADDRESSES,
	NAME_SIZE = 256,
	SETTINGS = 80, /* libpq knows about 40 */
};

/* A list as libpq has it: items between commas. */
struct list {
	struct text text;
	char buf[LIST_SIZE];
};

struct conninfo {
	PQconninfoOption *options; /* owned, libpq's; those not given have no value */
	const char *host;	   /* what is left of the target's hosts; NULL: nothing */
	const char *port;	   /* and of their ports; NULL: one for all */
	char name[NAME_SIZE];	   /* the host that conninfo_next told */
	size_t count;		   /* items in each of the lists */
	struct list hosts;
	struct list addresses;
	struct list ports; /* not used when there is one port for all */
};

static const char *value_of(const struct conninfo *info, const char *keyword)
{
	for (const PQconninfoOption *o = info->options; o->keyword != NULL; o++) {
		if (strcmp(o->keyword, keyword) == 0)
			return o->val != NULL && o->val[0] != '\0' ? o->val : NULL;
	}
	return NULL;
}

static size_t item_count(const char *list)
{
	size_t count = 1;
	for (const char *p = list; *p != '\0'; p++)
		count += *p == ',';
	return count;
}

/* The bytes of the first item; *rest goes to what is behind it, NULL at the end. */
static size_t item_take(const char **rest)
{
	size_t len = strcspn(*rest, ",");
	*rest = (*rest)[len] == ',' ? *rest + len + 1 : NULL;
	return len;
}

static void list_add(struct list *list, bool is_first, const char *item, size_t len)
{
	if (!is_first)
		text_add(&list->text, ",");
	text_put(&list->text, item, len);
	MUST(!list->text.truncated);
}

/* One more place to try; the port is that which is first in the target's list now. */
static void place_add(struct conninfo *info, const char *host, size_t len, const char *address)
{
	bool is_first = info->count++ == 0;
	list_add(&info->hosts, is_first, host, len);
	list_add(&info->addresses, is_first, address, strlen(address));
	if (info->port != NULL)
		list_add(&info->ports, is_first, info->port, strcspn(info->port, ","));
}

static void host_done(struct conninfo *info)
{
	item_take(&info->host);
	if (info->port != NULL && info->host != NULL)
		item_take(&info->port);
}

static bool is_list(const char *text)
{
	return text == NULL || (strlen(text) <= TARGET_LIST && item_count(text) <= HOSTS_MAX);
}

/* Numbers that the target itself gives are taken as they are; so is what libpq will refuse. */
static int hosts_begin(struct conninfo *info, struct err *err)
{
	const char *host = value_of(info, "host");
	const char *port = value_of(info, "port");
	if (!is_list(host) || !is_list(port))
		return err_set(err, 0, "conninfo: more than %d hosts", HOSTS_MAX);
	if (host == NULL || value_of(info, "hostaddr") != NULL)
		return 0;
	if (port != NULL && item_count(port) != 1 && item_count(port) != item_count(host))
		return 0;
	info->host = host;
	info->port = port != NULL && item_count(port) > 1 ? port : NULL;
	return 0;
}

struct conninfo *conninfo_read(const char *target, struct err *err)
{
	struct conninfo *info = calloc(1, sizeof(*info));
	char *message = NULL;
	if (info == NULL) {
		err_set(err, ENOMEM, "read a conninfo");
		return NULL;
	}
	text_init(&info->hosts.text, info->hosts.buf, LIST_SIZE);
	text_init(&info->addresses.text, info->addresses.buf, LIST_SIZE);
	text_init(&info->ports.text, info->ports.buf, LIST_SIZE);
	info->options = PQconninfoParse(target, &message);
	if (info->options == NULL) {
		err_set(err, message == NULL ? ENOMEM : 0, "conninfo: %s",
			message == NULL ? "read it" : message);
		PQfreemem(message);
	} else if (value_of(info, "service") != NULL) {
		/* A service file may send libpq to an LDAP server, and it would wait for that. */
		err_set(err, 0, "conninfo: a service is not looked up; write what it stands for");
	} else if (hosts_begin(info, err) == 0) {
		return info;
	}
	conninfo_free(&info);
	return NULL;
}

/* A directory with a unix socket, or an abstract one, or libpq's default. */
static bool is_local(const char *host, size_t len)
{
	return len == 0 || host[0] == '/' || host[0] == '@';
}

const char *conninfo_next(struct conninfo *info)
{
	while (info->host != NULL) {
		size_t len = strcspn(info->host, ",");
		if (!is_local(info->host, len) && len < NAME_SIZE) {
			memcpy(info->name, info->host, len);
			info->name[len] = '\0';
			return info->name;
		}
		place_add(info, info->host, len, "");
		host_done(info);
	}
	return NULL;
}

void conninfo_add(struct conninfo *info, const struct addresses *addresses)
{
	MUST(info->host != NULL);
	for (unsigned i = 0; i < addresses->count; i++)
		place_add(info, info->name, strlen(info->name), addresses->list[i]);
	host_done(info);
}

/* Pairs for PQconnectStartParams; of two with one keyword the later counts. */
struct settings {
	const char *keywords[SETTINGS + 1];
	const char *values[SETTINGS + 1];
	size_t count;
};

static void setting_add(struct settings *settings, const char *keyword, const char *value)
{
	MUST(settings->count < SETTINGS);
	settings->keywords[settings->count] = keyword;
	settings->values[settings->count++] = value;
}

PGconn *conninfo_connect(const struct conninfo *info, const char *password)
{
	struct settings settings = {.count = 0};
	setting_add(&settings, "application_name", "fosterd");
	setting_add(&settings, "gssencmode", "disable");
	for (const PQconninfoOption *o = info->options; o->keyword != NULL; o++) {
		if (o->val != NULL)
			setting_add(&settings, o->keyword, o->val);
	}
	setting_add(&settings, "client_encoding", "UTF8");
	if (password != NULL)
		setting_add(&settings, "password", password);
	if (info->count > 0) {
		setting_add(&settings, "host", info->hosts.buf);
		setting_add(&settings, "hostaddr", info->addresses.buf);
	}
	if (info->ports.text.len > 0)
		setting_add(&settings, "port", info->ports.buf);
	return PQconnectStartParams(settings.keywords, settings.values, 0);
}

void conninfo_free(struct conninfo **info)
{
	if (*info == NULL)
		return;
	PQconninfoFree((*info)->options);
	free(*info);
	*info = NULL;
}
