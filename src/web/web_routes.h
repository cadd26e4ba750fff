/* Which path asks which question: a fixed table. Only what is in it can be reached, and it holds
 * nothing that changes the hub. (Counters are pushed: web_push_io.c.) */
#pragma once

#include <stddef.h>

#include "net/control.h"
#include "web/web_url.h"

enum web_kind {
	WEB_FILE,     /* a part of the page: web_page.h */
	WEB_ASK,      /* a question to a room */
	WEB_OVERVIEW, /* joined from the rooms' answers */
	WEB_EVENTS,   /* server-sent events */
	WEB_METRICS,  /* joined from all rooms */
	WEB_PUSH,     /* counters for the meter: the one thing that is taken in, by those who have
		       * the token */
};

struct web_request {
	enum web_kind kind;
	enum control_form form;
	size_t word_count;
	/* Static text, text of the url that it was made from, or of `parts`. */
	const char *words[CONTROL_WORDS_MAX];
	char parts[WEB_URL_MAX]; /* values that are several words, each ended by a zero */
	size_t parts_length;
};

struct web_refusal {
	int status; /* 400, 404 */
	char text[256];
};

/* Finds what `url` asks for, and checks every value. 0; or -1 and *refusal. */
int web_route_find(struct web_request *out, const struct web_url *url, struct web_refusal *refusal);
