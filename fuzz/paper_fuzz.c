/* A bill or a credit note as JSON, up to what is printed: texts are texts, and lists end where they say. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "paper/paper_invoice.h"
#include "paper/paper_note.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t
length_of(const struct paper_texts *texts)
{
	size_t length = 0;
	for (size_t i = 0; i < texts->count; i++)
		length += strlen(texts->items[i]);
	return length;
}

/* Reads all of it, so that what is not there is noticed. */
static void
look(const struct paper_document *d)
{
	if (!d)
		return;
	size_t length = strlen(d->title) + strlen(d->number) + strlen(d->from.name) +
			strlen(d->to.name) + length_of(&d->from.lines) + length_of(&d->to.lines) +
			length_of(&d->tags) + length_of(&d->terms);
	for (size_t i = 0; i < d->line_count; i++)
		length += strlen(d->lines[i].text) + strlen(d->lines[i].amount);
	for (size_t i = 0; i < d->section_count; i++)
		length += length_of(&d->sections[i].sentences);
	for (size_t i = 0; d->curve && i < d->curve->drawn; i++)
		if (d->curve->bins[i].state > PAPER_ESTIMATED)
			abort();
	if (d->curve && (d->curve->drawn > d->curve->count || !d->curve->length_s))
		abort();
	if (length > SIZE_MAX / 2)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	const struct json_value *value = arena ? json_read(arena, (const char *)data, size) : NULL;
	if (value) {
		look(paper_invoice_make(arena, value));
		look(paper_note_make(arena, value, value));
	}
	arena_free(arena);
	return 0;
}
