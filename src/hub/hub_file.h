/* The hub-file language: YAML (with include: and CSV for sites and segments) to a picture and back.
 * Every scalar stays a string until its row in the schema reads it, so that the country NO stays
 * Norway. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "hub/hub.h"

/* One complaint about a file: where, what was found, what would do. Strings live in the report's
 * arena. */
struct hub_error {
	const char *file;
	unsigned line, column; /* from 1; 0 when the file as a whole is meant */
	const char *text;      /* "found \"10Gb\", expected a speed such as 10G" */
	unsigned times;        /* a warning: so often in this file, */
	unsigned last_line;    /* the last of them here; 0: of no line */
};

enum { HUB_ERRORS_MAX = 20 };

/* What came of reading: all errors, up to HUB_ERRORS_MAX; `more` counts those beyond. Any error
 * refuses the file. Warnings are to be shown, and refuse nothing; both may be there when a picture
 * came of it or not. */
struct hub_report {
	struct arena *arena;
	struct hub_error errors[HUB_ERRORS_MAX];
	size_t count, more;
	struct hub_error warnings[HUB_ERRORS_MAX];
	size_t warning_count, more_warnings;
};

/* Its texts are gone after that. */
void hub_report_fini(struct hub_report *report);
/* Writes the errors as "file:line:column: text" lines in the order of the files, "and N more" if
 * some were left out, then the warnings, as "file:line:column: warning: text", and how many of them were
 * left out. */
void hub_report_print(const struct hub_report *report, struct buf *out);

/* How files are reached: the caller's business, so that the language itself touches nothing
 * outside. Returns 0 and fills *out, or -1 and errno. `path` is as written, joined to the including
 * file's folder. */
struct hub_source {
	int (*read)(void *context, const char *path, struct buf *out);
	/* True if others than the owner may read the file: worth a warning when it holds passwords.
	 * May be NULL. */
	bool (*exposed)(void *context, const char *path);
	void *context;
};

/* Reads the file at `path` and all it includes. Returns a new picture (free with hub_free), or NULL
 * with at least one complaint in *report. *report is initialised here; the caller ends it with
 * hub_report_fini. */
struct hub *hub_file_read(const char *path, struct hub_source source, struct hub_report *report);

/* Writes the picture in full, every default spelled out, as one YAML text without includes; reading
 * it gives the same picture again, and writing that the same text. A member's policy is written
 * where it differs from the hub's. Passwords are written too: keep the text to yourself. */
void hub_file_write(const struct hub *hub, struct buf *out);

/* The schema as text, for the manual: one line an item, with type, limits, default and help. */
void hub_file_schema(struct buf *out);
