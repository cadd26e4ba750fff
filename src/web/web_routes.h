/* Which path asks which question: a fixed table. Only what is in it can be reached, and it holds
 * nothing that changes the hub. (Counters are pushed: web_push_io.c; orders are given: web_order.h.) */
#pragma once

#include <stddef.h>

#include "net/control.h"
#include "web/web_gate.h"
#include "web/web_query.h"
#include "web/web_url.h"

enum web_kind {
	WEB_FILE,     /* a part of the page: web_page.h */
	WEB_ASK,      /* a question to a room */
	WEB_WORK,     /* one that takes long; in a request it is WEB_ASK, with its patience */
	WEB_OVERVIEW, /* joined from the rooms' answers */
	WEB_EVENTS,   /* server-sent events */
	WEB_METRICS,  /* joined from all rooms */
	WEB_ME,       /* who asks, as the page knows it */
	WEB_LOGIN,    /* asks for name and password, then leads to the page */
	WEB_PUSH,     /* counters for the meter, taken in from those who have the token */
	WEB_ORDER,    /* about segments of the corridor, likewise */
};

struct web_request {
	enum web_kind kind;
	enum control_form form;
	unsigned patience_s; /* that the room has until it begins to answer; 0: the usual */
	size_t word_count;
	/* Static text, text of the url that it was made from, or of `parts`. */
	const char *words[CONTROL_WORDS_MAX];
	char parts[WEB_URL_MAX]; /* values that are several words, each ended by a zero */
	size_t parts_length;
	char own[16]; /* the AS number of the member that asks */
	const struct web_query_value
		*parameters; /* of the question, up to one without a name; NULL: it has none */
};

struct web_refusal {
	int status; /* 400, 403, 404 */
	char text[256];
};

/* Finds what `url` asks for, and checks every value, and that `who` may ask it: 403 if not. What is asked in
 * a member's name is about that member alone, whatever the url says. 0; or -1 and *refusal. */
int web_route_find(struct web_request *out, const struct web_url *url, const struct web_who *who,
		   struct web_refusal *refusal);

/* A room's complaint names options as the shell has them ("--top: found ..."): here they are called as the
 * parameters of the question ("top: found ..."). */
void web_route_retell(char *out, size_t size, const struct web_request *request, const char *text);
