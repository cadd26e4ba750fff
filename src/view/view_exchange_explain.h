/* The parts of explain; used by view_exchange_explain*.c only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "view/view_exchange_question.h"

/* What is told, and where to. */
struct view_explain {
	struct buf *out;
	struct json *json; /* NULL: text */
	const char *part;  /* "in", "choice", "out": where in the life of the route */
	struct exchange *x;
	const struct view_question *q;
	bool supposed;              /* this is the world that is supposed */
	struct view_ways all;       /* in order */
	const struct view_way *way; /* the one that is told of: all.ways[at] */
	size_t at;
	/* Of the text: checks that are one line. */
	struct buf off;
	unsigned passed_count, off_count;
};

/* --- view_exchange_explain_line.c --- */

/* Its octets as text, "" without memory; they are the buffer's. */
const char *view_explain_text(struct buf *text);
/* "    FAILS  text", wrapped under itself. */
void view_explain_marked(struct buf *out, const char *mark, const char *text);
/* Below such a line, "label  text"; nothing where there is no text. */
void view_explain_below(struct buf *out, const char *label, const char *text);
/* A check on one line, whatever came of it. */
void view_explain_plain(struct view_explain *to, const char *mark, const struct policy_line *line);
/* A check of the policy's (policy_tell); `context` is a struct view_explain. */
void view_explain_tell(void *context, const struct policy_line *line);
/* A line of the view's own; view_explain_say_buf ends `found`. */
void view_explain_say(struct view_explain *to, enum policy_outcome outcome, const char *what,
		      const char *found);
void view_explain_say_buf(struct view_explain *to, enum policy_outcome outcome, const char *what,
			  struct buf *found);
/* The checks that are one line, if there were any since the last time. */
void view_explain_summary(struct view_explain *to);
