/* What goes on while something is imported; used inside import only. */
#pragma once

#include "base/arena.h"
#include "hub/hub_file.h"
#include "hub/hub_node.h"
#include "hub/hub_report.h"
#include "import/import.h"
#include "import/import_hub.h"

enum import_note_kind {
	IMPORT_NO_COUNTERPART, /* nothing here does that */
	IMPORT_CHANGED,        /* it is there, and means something else */
	IMPORT_UNKNOWN,        /* not a key that we know */
	IMPORT_LEFT_OUT,       /* wrong in the source, so it is not in the hub file */
	IMPORT_DECIDE,         /* the source does not say */
};

struct import_note;

enum { IMPORT_NOTE_BUCKETS = 1024 };

struct import {
	const struct import_request *request;
	struct hub_source source;
	struct hub_report *report;
	struct arena *arena; /* of everything that is made on the way */
	struct import_note *notes, *last_note;
	struct import_note *note_buckets[IMPORT_NOTE_BUCKETS]; /* by their words */
	size_t note_count;                                     /* places that notes name */
	size_t distinct; /* notes kept; the rest is only counted */
	struct import_hub hub;
};

/* Memory and text that live as long as the import; they end the program when there is none left. */
void *import_take(struct import *im, size_t size);
char *import_copy(struct import *im, const char *text);
char *import_printf(struct import *im, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Text from outside as one line of at most `max` octets, without control characters and without
 * blanks at its ends. NULL when nothing is left, or `text` is NULL. */
char *import_clean(struct import *im, const char *text, size_t max);

/* Adds to the list. The same words at another place are one note with several places. */
void import_note(struct import *im, enum import_note_kind kind, struct hub_mark at,
		 const char *format, ...) __attribute__((format(printf, 4, 5)));
/* The list as lines for a terminal, and as comments of the hub file. */
void import_notes_print(const struct import *im, struct buf *out);
void import_notes_comment(const struct import *im, struct buf *out);

/* Reads what is at a path or URL; complains. `more` may name it for messages, else the path. */
bool import_fetch(struct import *im, const char *path, struct buf *out);

/* Fills im->hub; false when an error was found. */
bool import_from_arouteserver(struct import *im);
bool import_from_ixf(struct import *im);
bool import_from_peeringdb(struct import *im);
