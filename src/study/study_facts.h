/* What a study rests on: answers of the corridor's commands, as JSON. The study asks for them one
 * by one, of a hub file or of a running hub, and so can say nothing else than they do. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_read.h"

enum { STUDY_COMPLAINT = 300, STUDY_WORDS_MAX = 24 };

/* Who answers: appends the JSON to *out; 0, or -1 and the complaint. Words begin with "corridor",
 * but those of study_ask_words. */
struct study_source {
	int (*answer)(void *context, struct buf *out, const char *const *words, size_t count,
		      char complaint[STUDY_COMPLAINT]);
	void *context;
};

struct study_answer {
	const char *question;           /* "corridor path ALA FRA --avoid RU,IR" */
	const struct json_value *value; /* NULL: it was refused */
	const char *complaint;
	struct study_answer *next;
};

struct study_facts {
	struct arena *arena;
	const struct study_source *source;
	const char *date; /* of the corridor, for every question that takes one; NULL: today */
	struct study_answer *answers, *last; /* in the order of asking */
	size_t answer_count;
	const char *complaint; /* why the last question was refused, NULL if it was not */
	bool failed;           /* there was no memory */
};

/* Asks; the words end with NULL. What was asked before is remembered. NULL: refused, see `complaint`. */
const struct json_value *study_ask(struct study_facts *facts, const char *first, ...)
	__attribute__((sentinel));
/* The same for what takes no --date. */
const struct json_value *study_ask_plain(struct study_facts *facts, const char *first, ...)
	__attribute__((sentinel));
/* The same of another room: all words are said. */
const struct json_value *study_ask_words(struct study_facts *facts, const char *first, ...)
	__attribute__((sentinel));

/* NAN when it is not there. */
double study_number_of(const struct json_value *object, const char *key);
/* {"value", "low", "high"} of a fact; false when it is not there. */
struct study_bounds {
	double value, low, high;
};
struct study_bounds study_bounds_of(const struct json_value *object, const char *key);
/* KEY, KEY_low and KEY_high of an object. */
struct study_bounds study_bounds_by(const struct json_value *object, const char *key);
/* "" when it is not there. */
const char *study_text_of(const struct json_value *object, const char *key);
/* The texts of a list, with commas, at most `most` and then "..."; "" for none. In the arena. */
const char *study_list_of(struct arena *arena, const struct json_value *list, size_t most);
size_t study_length_of(const struct json_value *list);
/* The item of a list whose `key` is that text; NULL. */
const struct json_value *study_find(const struct json_value *list, const char *key,
				    const char *text);
