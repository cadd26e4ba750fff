/* Counters that are pushed, from a text of any length into requests of the control socket, and what the
 * meter answers to each into one answer. Pure; the caller does the asking, one request at a time.
 *
 *	push_init(&p, csv, text, length);
 *	while (push_next(&p, words, &count))
 *		ask; push_answered(&p, answer) or push_refused(&p, reason);
 *	push_result(&p, &out);
 *
 * CSV: the first line is the header. JSON: a list of objects, or objects one after the other. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "net/control.h"

enum {
	PUSH_HEAD_WORDS = 4, /* counters push csv HEADER */
	PUSH_ROWS = CONTROL_WORDS_MAX - PUSH_HEAD_WORDS,
	PUSH_ROW_MAX = 4000,      /* octets; a longer one is refused */
	PUSH_REFUSALS_MAX = 1000, /* that are named; the others are only counted */
	PUSH_RESULTS_MAX = 16,
};

struct push {
	bool csv;
	const char *at, *end; /* what is left of the text; not owned */
	size_t line;          /* of `at`, from 1 on */
	char header[PUSH_ROW_MAX + 1];
	/* The request in hand. */
	char words[CONTROL_LINE_MAX];
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
	bool broken;         /* the text cannot be read on */
};

/* Whether a text is JSON: it begins with an object or a list, as no header of CSV does. */
bool push_is_json(const char *text, size_t length);
/* The text must stay until push_fini. */
void push_init(struct push *p, bool csv, const char *text, size_t length);
void push_fini(struct push *p);
/* The next request; the words are valid until the next call. False at the end. */
bool push_next(struct push *p, const char *words[CONTROL_WORDS_MAX], size_t *count);
/* What the meter answered to it, the body. */
void push_answered(struct push *p, const char *json, size_t length);
/* It was refused as a whole. */
void push_refused(struct push *p, const char *reason);
/* {"rows":N,"refused":N,"results":{"counted":N,...},"refusals":[{"line":N,"reason":"..."}]} */
void push_result(const struct push *p, struct buf *out);
