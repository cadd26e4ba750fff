/* The list of what could not be taken over as it was. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "import/import_state.h"
#include "import/import_yaml.h"

enum {
	PLACES_MAX = 16,    /* named for one note; the rest is counted */
	DISTINCT_MAX = 4000 /* notes with words of their own */
};

struct import_note {
	enum import_note_kind kind;
	const char *text;
	struct hub_mark places[PLACES_MAX];
	struct hub_mark last;
	size_t count; /* of places, those beyond PLACES_MAX too */
	struct import_note *next;
	struct import_note *same_bucket;
};

static const char *const kind_words[] = {
	[IMPORT_NO_COUNTERPART] = "no counterpart",
	[IMPORT_CHANGED] = "changed",
	[IMPORT_UNKNOWN] = "unknown",
	[IMPORT_LEFT_OUT] = "left out",
	[IMPORT_DECIDE] = "decide",
};

void
import_note(struct import *im, enum import_note_kind kind, struct hub_mark at, const char *format,
	    ...)
{
	char text[1024];
	va_list args;
	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	struct import_note **bucket =
		&im->note_buckets[hash_bytes(text, strlen(text)) % IMPORT_NOTE_BUCKETS];
	struct import_note *note = *bucket;
	while (note && (note->kind != kind || strcmp(note->text, text) != 0))
		note = note->same_bucket;
	/* An option that many inherit is in one place. */
	if (note && note->last.file == at.file && note->last.line == at.line &&
	    note->last.column == at.column)
		return;
	im->note_count++;
	if (!note && im->distinct == DISTINCT_MAX)
		return;
	if (!note) {
		note = import_take(im, sizeof(*note));
		note->kind = kind;
		note->text = import_copy(im, text);
		if (im->last_note)
			im->last_note->next = note;
		else
			im->notes = note;
		im->last_note = note;
		note->same_bucket = *bucket;
		*bucket = note;
		im->distinct++;
	}
	if (note->count < PLACES_MAX)
		note->places[note->count] = at;
	note->last = at;
	note->count++;
}

static void
put_place(const struct hub_mark *at, struct buf *out)
{
	buf_str(out, at->file ? at->file : "-");
	if (at->line)
		buf_printf(out, ":%u:%u", at->line, at->column);
}

static void
put_note(const struct import_note *note, bool with_kind, struct buf *out)
{
	size_t named = note->count < PLACES_MAX ? note->count : PLACES_MAX;
	put_place(&note->places[0], out);
	if (with_kind)
		buf_printf(out, ": %s", kind_words[note->kind]);
	buf_printf(out, ": %s", note->text);
	for (size_t i = 1; i < named; i++) {
		const struct hub_mark *at = &note->places[i];
		buf_str(out, i == 1 ? " (also at " : ", ");
		if (at->file != note->places[0].file)
			buf_printf(out, "%s:", at->file ? at->file : "-");
		buf_printf(out, "%u:%u", at->line, at->column);
	}
	if (note->count > named)
		buf_printf(out, " and %zu more", note->count - named);
	if (named > 1)
		buf_str(out, ")");
}

void
import_notes_print(const struct import *im, struct buf *out)
{
	for (const struct import_note *note = im->notes; note; note = note->next) {
		put_note(note, true, out);
		buf_str(out, "\n");
	}
	if (im->distinct == DISTINCT_MAX)
		buf_printf(out, "and more; the first %d are shown\n", DISTINCT_MAX);
}

void
import_notes_comment(const struct import *im, struct buf *out)
{
	static const char *const titles[] = {
		[IMPORT_DECIDE] = "To be decided by a human:",
		[IMPORT_NO_COUNTERPART] = "Without a counterpart here:",
		[IMPORT_CHANGED] = "Means something else now:",
		[IMPORT_UNKNOWN] = "Not known:",
		[IMPORT_LEFT_OUT] = "Left out:",
	};
	static const enum import_note_kind order[] = {IMPORT_DECIDE, IMPORT_CHANGED,
						      IMPORT_NO_COUNTERPART, IMPORT_LEFT_OUT,
						      IMPORT_UNKNOWN};
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		bool titled = false;
		for (const struct import_note *note = im->notes; note; note = note->next) {
			struct buf line = {0};
			if (note->kind != order[i])
				continue;
			if (!titled)
				buf_printf(out, "\n# %s\n", titles[order[i]]);
			titled = true;
			put_note(note, false, &line);
			buf_u8(&line, 0);
			if (line.failed)
				out->failed = true;
			else
				import_yaml_write_comment(out, "#   ", (const char *)line.data);
			buf_fini(&line);
		}
	}
}
