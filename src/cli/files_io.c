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

int
make_folder(const char *path)
{
	if (mkdir(path, 0777) == 0 || errno == EEXIST)
		return CLI_OK;
	fprintf(stderr, "sarai: %s: %s\n", path, strerror(errno));
	return CLI_REFUSED;
}
