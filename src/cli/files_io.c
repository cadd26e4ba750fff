/* What commands write for the user: files and their folders. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli_parts.h"

enum { PATH_SIZE = 4200 };

int
write_file(const char *path, const struct buf *octets)
{
	char aside[PATH_SIZE + 16];
	(void)snprintf(aside, sizeof(aside), "%s.part", path);
	FILE *file = fopen(aside, "wb");
	bool good = file && fwrite(octets->data, 1, octets->length, file) == octets->length;
	if (file && fclose(file) != 0)
		good = false;
	if (good && rename(aside, path) == 0)
		return CLI_OK;
	fprintf(stderr, "sarai: %s: %s\n", path, strerror(errno));
	if (file)
		(void)unlink(aside);
	return CLI_REFUSED;
}

/* What a folder is in. 0, or -1 and errno. */
static int
make_parents(const char *path)
{
	char part[PATH_SIZE];
	if ((size_t)snprintf(part, sizeof(part), "%s", path) >= sizeof(part)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	for (char *slash = strchr(part + 1, '/'); *part && slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(part, 0777) < 0 && errno != EEXIST)
			return -1;
		*slash = '/';
	}
	return 0;
}

int
make_folder(const char *path)
{
	if (make_parents(path) == 0 && (mkdir(path, 0777) == 0 || errno == EEXIST))
		return CLI_OK;
	fprintf(stderr, "sarai: %s: %s\n", path, strerror(errno));
	return CLI_REFUSED;
}

const char *
slash_after(const char *folder)
{
	size_t length = strlen(folder);
	return length && folder[length - 1] == '/' ? "" : "/";
}
