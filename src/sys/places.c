#include "sys/places.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"

/* The first directory of a variable that may list several, separated by colons; NULL when it is not
 * set. */
static char *from_systemd(struct arena *arena, const char *variable)
{
	const char *value = getenv(variable);

	if (value == NULL || *value != '/')
		return NULL;
	return arena_strndup(arena, value, strcspn(value, ":"));
}

/* BASE/fosterd for the XDG variable, $HOME/FALLBACK/fosterd without it. */
static char *from_xdg(struct arena *arena, const char *variable, const char *fallback)
{
	const char *base = getenv(variable);
	const char *home = getenv("HOME");

	if (base != NULL && *base == '/')
		return arena_printf(arena, "%s/fosterd", base);
	if (fallback == NULL || home == NULL || *home != '/')
		return arena_printf(arena, "/tmp/fosterd-%u", (unsigned)geteuid());
	return arena_printf(arena, "%s/%s/fosterd", home, fallback);
}

static const char *find(struct arena *arena, const char *systemd, const char *root, const char *xdg,
			const char *fallback)
{
	const char *place = from_systemd(arena, systemd);

	if (place != NULL)
		return place;
	return geteuid() == 0 ? root : from_xdg(arena, xdg, fallback);
}

int places_find(struct places *out, struct arena *arena, struct err *err)
{
	out->runtime_dir =
		find(arena, "RUNTIME_DIRECTORY", "/run/fosterd", "XDG_RUNTIME_DIR", NULL);
	out->state_dir = find(arena, "STATE_DIRECTORY", "/var/lib/fosterd", "XDG_STATE_HOME",
			      ".local/state");
	out->log_dir =
		find(arena, "LOGS_DIRECTORY", "/var/log/fosterd", "XDG_STATE_HOME", ".local/state");
	if (out->runtime_dir == NULL || out->state_dir == NULL || out->log_dir == NULL)
		return err_set(err, ENOMEM, "name the directories");
	return 0;
}

/* Whoever else made the directory, or may write to it, could put his own things in the place of
 * ours. */
static int check_owner(const char *dir, struct err *err)
{
	struct stat st;

	if (lstat(dir, &st) == -1)
		return err_set(err, errno, "look at %s", dir);
	if (!S_ISDIR(st.st_mode))
		return err_set(err, ENOTDIR, "use %s", dir);
	if (st.st_uid != geteuid())
		return err_set(err, EACCES, "use %s, it is another user's", dir);
	if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return err_set(err, EACCES, "use %s, others may write to it", dir);
	return 0;
}

int places_claim(const char *runtime_dir, struct err *err)
{
	char path[4096];
	struct text text;

	if (mkdir(runtime_dir, 0755) == -1 && errno != EEXIST)
		return err_set(err, errno, "make the runtime directory %s", runtime_dir);
	if (check_owner(runtime_dir, err) == -1)
		return -1;
	text_init(&text, path, sizeof path);
	text_add(&text, "%s/fosterd.lock", runtime_dir);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd == -1)
		return err_set(err, errno, "open %s", path);
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	if (errno == EWOULDBLOCK)
		err_set(err, 0, "another fosterd runs on %s", runtime_dir);
	else
		err_set(err, errno, "lock %s", path);
	fd_close(&fd);
	return -1;
}
