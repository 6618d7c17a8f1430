/*
 * replay - feeds every file of a corpus to a target.
 *
 *   replay DIRECTORY...
 *
 * An abort names the file before it. Exit status 1 when there is nothing to feed.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz/fuzz.h"

static void feed(int fd, const char *name)
{
	struct stat st;

	MUST(fd != -1 && fstat(fd, &st) == 0);
	size_t size = (size_t)st.st_size;
	/* Not one byte more, so that a sanitizer notices who reads on. */
	uint8_t *data = malloc(size == 0 ? 1 : size);
	MUST(data != NULL && read(fd, data, size) == (ssize_t)size);
	printf("%s\n", name);
	fflush(stdout);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
}

static int wanted(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int feed_all(const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, wanted, alphasort);

	for (int i = 0; i < count; i++) {
		char name[4096];
		snprintf(name, sizeof name, "%s/%s", path, entries[i]->d_name);
		int fd = open(name, O_RDONLY | O_CLOEXEC);
		feed(fd, name);
		close(fd);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return count;
}

int main(int argc, char **argv)
{
	int fed = 0;

	for (int i = 1; i < argc; i++) {
		int count = feed_all(argv[i]);
		if (count <= 0) {
			fprintf(stderr, "replay: nothing in %s\n", argv[i]);
			return 1;
		}
		fed += count;
	}
	return fed == 0;
}
