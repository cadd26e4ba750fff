/* The picture that a text describes, for tests of what lives with one. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/hub_file.h"
#include "hub/hub_file_io.h"

/* Other files, such as time zones, are read where they are. */
static int
hub_text_read(void *context, const char *path, struct buf *out)
{
	if (strcmp(path, "test.yaml") != 0)
		return hub_file_disk().read(NULL, path, out);
	buf_str(out, context);
	return 0;
}

/* Ends the program when the text is refused: a test without its picture cannot go on. */
__attribute__((unused)) static struct hub *
hub_of_text(const char *text)
{
	struct hub_report report;
	struct hub_source source = {.read = hub_text_read, .context = (void *)(uintptr_t)text};
	struct hub *hub = hub_file_read("test.yaml", source, &report);
	if (!hub) {
		struct buf said = {0};
		hub_report_print(&report, &said);
		printf("Bail out! %.*s\n", (int)said.length, (const char *)said.data);
		exit(1);
	}
	hub_report_fini(&report);
	return hub;
}
