/* The answers that studies were made of, kept for whoever asks for the same study next, or in another form: asking the rooms is what a
 * study costs, and drawing it is little beside that. Bounded: the eldest goes first. Pure: nothing here knows whether answers still hold
 * (main/paper_corridor_io.c).
 *
 *   answers of one study: question, was it refused, the answer; one after the other as they were asked */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

enum {
	PAPER_ANSWERS_STUDIES = 4,
	PAPER_ANSWERS_OCTETS = 16 << 20, /* of one study; larger ones are not kept */
	PAPER_ANSWERS_QUESTION = 8192,   /* as long as a line of the control protocol */
};

/* Of one study. */
struct paper_kept {
	char *study; /* what was asked for, whatever its form; NULL: the place is free */
	struct buf answers;
	unsigned long used; /* when it was last asked for: a number that counts up */
};

/* Zeroed there is none. */
struct paper_answers {
	struct paper_kept kept[PAPER_ANSWERS_STUDIES];
	unsigned long uses;
};

/* NULL: not kept. Valid until the next put. */
const struct buf *paper_answers_find(struct paper_answers *all, const char *study);
/* Keeps a copy instead of what was kept of that study; too large, or without memory, nothing of it is kept. */
void paper_answers_put(struct paper_answers *all, const char *study, const void *octets,
		       size_t length);
/* All of them. */
void paper_answers_forget(struct paper_answers *all);

/* --- the answers of one study --- */

/* The question of these words, for the two below. 0, or -1 when it is too long to be kept. */
int paper_answers_question(char out[PAPER_ANSWERS_QUESTION], const char *const *words,
			   size_t count);
/* Appends an answer, or the reason why there is none. */
void paper_answers_add(struct buf *answers, const char *question, bool refused, const void *text,
		       size_t length);
/* Looks it up: true, and where it stands. */
bool paper_answers_look(const struct buf *answers, const char *question, bool *refused,
			const void **text, size_t *length);
