#include "engine/pids.h"

#include <errno.h>
#include <stdlib.h>

#include "base/must.h"

int pids_init(struct pids *pids, uint32_t count, struct err *err)
{
	uint32_t size = 16;

	while (size < 2 * count)
		size *= 2;
	pids->places = calloc(size, sizeof *pids->places);
	if (pids->places == NULL)
		return err_set(err, ENOMEM, "make a table of %u pids", count);
	pids->mask = size - 1;
	return 0;
}

void pids_fini(struct pids *pids)
{
	free(pids->places);
	*pids = (struct pids){0};
}

/* Pids are handed out one after the other: as they are they fill the table evenly. */
static uint32_t home_of(const struct pids *pids, pid_t pid)
{
	return (uint32_t)pid & pids->mask;
}

/* The pid's place, or the free one where it would be. */
static struct pid_owner *place_of(const struct pids *pids, pid_t pid)
{
	uint32_t at = home_of(pids, pid);

	MUST(pid > 0);
	for (uint32_t tried = 0; tried <= pids->mask; tried++) {
		struct pid_owner *place = &pids->places[at];
		if (place->pid == 0 || place->pid == pid)
			return place;
		at = (at + 1) & pids->mask;
	}
	MUST(false && "a free place");
	return NULL;
}

void pids_set(struct pids *pids, pid_t pid, uint32_t instance, enum pid_role role)
{
	*place_of(pids, pid) = (struct pid_owner){.pid = pid, .instance = instance, .role = role};
}

const struct pid_owner *pids_find(const struct pids *pids, pid_t pid)
{
	if (pid <= 0)
		return NULL;
	const struct pid_owner *place = place_of(pids, pid);
	return place->pid == 0 ? NULL : place;
}

void pids_remove(struct pids *pids, pid_t pid)
{
	struct pid_owner *hole = place_of(pids, pid);

	if (hole->pid == 0)
		return;
	/* Move back whoever stands further from home than the hole is, so that no search ends
	 * early. */
	for (uint32_t at = (uint32_t)(hole - pids->places);;) {
		at = (at + 1) & pids->mask;
		struct pid_owner *next = &pids->places[at];
		if (next->pid == 0)
			break;
		uint32_t from_home = (at - home_of(pids, next->pid)) & pids->mask;
		uint32_t from_hole = (at - (uint32_t)(hole - pids->places)) & pids->mask;
		if (from_home >= from_hole) {
			*hole = *next;
			hole = next;
		}
	}
	*hole = (struct pid_owner){0};
}
