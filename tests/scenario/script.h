/* A scenario is a text of lines: what happens, what is expected. This reads it into words; what they mean is said in
 * scenario.h. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/ip.h"

enum { SCRIPT_WORDS_MAX = 256 };

/* One line. `"..."` is one word without its quotes, `#` begins a comment. A last word `<<END` takes the lines up to
 * one that is END as `here`. "repeat N" plays the lines up to "end of repeat" so many times, with $i from 1 on. */
struct line {
	unsigned number;
	const char *text; /* as it stands, without the comment */
	size_t count;
	const char *words[SCRIPT_WORDS_MAX];
	const char *here; /* or NULL */
	size_t at;        /* the next word to be taken */
};

struct script {
	struct arena *arena;
	const char *path; /* as it is called in reports */
	char *rest;
	unsigned number;
};

/* Reads the file `path`. 0, or -1 and errno. */
int script_open(struct script *out, const char *path);
void script_close(struct script *script);
/* The next line that says something; false at the end. */
bool script_next(struct script *script, struct line *out);

/* A line made of `text`, kept in `arena`. */
void script_line(struct line *out, struct arena *arena, const char *text);

/* The next word, or NULL at the end. */
const char *line_take(struct line *line);
const char *line_peek(const struct line *line);
/* Takes the next words if they are these, "in one turn". */
bool line_is(struct line *line, const char *words);
/* The words not taken yet, with single spaces between them, from `arena`. */
const char *line_rest(struct line *line, struct arena *arena);

/* "10s", "1m30s", "250ms", "2h" as microseconds; -1 if it is not that. */
int64_t script_time(const char *word);
/* "4096", "64K", "80M", "1G" (thousands). False if it is not that. */
bool script_number(uint64_t *out, const char *word);
