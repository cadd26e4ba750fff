/* Hub files in memory, for tests: a source that knows a few paths, and what comes of reading. */
#pragma once

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "hub/hub_file.h"
#include "hub/hub_file_io.h"

struct memory_file {
	const char *path, *text;
	bool exposed;
};

struct memory {
	const struct memory_file *files;
	size_t count;
};

static int
memory_read(void *context, const char *path, struct buf *out)
{
	const struct memory *m = context;
	if (strncmp(path, ZONE_FOLDER, strlen(ZONE_FOLDER)) == 0) /* those of the system */
		return hub_file_disk().read(NULL, path, out);
	for (size_t i = 0; i < m->count; i++) {
		if (strcmp(m->files[i].path, path) == 0) {
			buf_str(out, m->files[i].text);
			return 0;
		}
	}
	errno = ENOENT;
	return -1;
}

static bool
memory_exposed(void *context, const char *path)
{
	const struct memory *m = context;
	for (size_t i = 0; i < m->count; i++)
		if (strcmp(m->files[i].path, path) == 0)
			return m->files[i].exposed;
	return false;
}

/* Reads the first of the files; *said gets all complaints as text, to be freed by the caller. */
__attribute__((unused)) static struct hub *
memory_hub(const struct memory_file *files, size_t count, char **said)
{
	struct memory m = {files, count};
	struct hub_source source = {memory_read, memory_exposed, &m};
	struct hub_report report;
	struct hub *hub = hub_file_read(files[0].path, source, &report);
	struct buf out = {0};
	hub_report_print(&report, &out);
	buf_u8(&out, 0);
	*said = (char *)out.data;
	hub_report_fini(&report);
	return hub;
}

__attribute__((unused)) static char *
memory_written(const struct hub *hub)
{
	struct buf out = {0};
	hub_file_write(hub, &out);
	buf_u8(&out, 0);
	return (char *)out.data;
}
