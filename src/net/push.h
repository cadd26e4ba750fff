/* Counters that are pushed, from a text of any length into pieces that the meter takes at once, and what
 * it answers to each into one answer. Pure; the caller does the asking, one piece at a time: a file that
 * goes along with the words (net/control.h).
 *
 *	push_init(&p, csv, text, length);
 *	while ((piece = push_next(&p)))
 *		ask with it; push_answered(&p, answer) or push_refused(&p, reason);
 *	push_result(&p, &out);
 *
 * A text with nothing in it is refused; a header without rows is asked about. CSV: the first line is the header. JSON: a list of objects, or objects one after the other. A piece
 * is whole rows, each a line; of CSV each begins with the header. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum {
	PUSH_WORDS = 3,           /* counters push csv */
	PUSH_ROWS = 256,          /* in a piece: the meter hears flows between two of them */
	PUSH_PIECE_MAX = 32768,   /* octets */
	PUSH_ROW_MAX = 4000,      /* octets; a longer one is refused */
	PUSH_REFUSALS_MAX = 1000, /* that are named; the others are only counted */
	PUSH_RESULTS_MAX = 16,
};

struct push {
	bool csv;
	const char *words[PUSH_WORDS]; /* of each request */
	const char *at, *end;          /* what is left of the text; not owned */
	size_t line;                   /* of `at`, from 1 on */
	enum { PUSH_BEGINNING, PUSH_OBJECTS, PUSH_LIST, PUSH_BEHIND_LIST } place; /* in JSON */
	char header[PUSH_ROW_MAX + 1];
	/* The piece in hand. */
	struct buf piece;
	size_t lines[PUSH_ROWS]; /* where its rows stand in the text */
	size_t row_count;
	/* The answer. */
	uint64_t rows, refused;
	struct {
		char name[24];
		uint64_t count;
	} results[PUSH_RESULTS_MAX];
	size_t result_count;
	struct buf refusals; /* of JSON, with commas between */
	bool asked;          /* there was a first piece */
	bool broken;         /* the text cannot be read on */
};

/* Whether a text is JSON: it begins with an object or a list, as no header of CSV does. */
bool push_is_json(const char *text, size_t length);
/* The text must stay until push_fini. */
void push_init(struct push *p, bool csv, const char *text, size_t length);
void push_fini(struct push *p);
/* The next piece; it stays until the next call. NULL at the end. */
const struct buf *push_next(struct push *p);
/* What the meter answered to it, the body. */
void push_answered(struct push *p, const char *json, size_t length);
/* It was refused as a whole. */
void push_refused(struct push *p, const char *reason);
/* {"rows":N,"refused":N,"results":{"counted":N,...},"refusals":[{"line":N,"reason":"..."}]} */
void push_result(const struct push *p, struct buf *out);
