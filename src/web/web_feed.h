/* What is told to all who listen (server-sent events, https://html.spec.whatwg.org section 9.2).
 * The feed keeps the newest text of each kind, once for everybody; a listener is a position in it.
 * One that reads slowly misses what was in between and gets only the newest: it costs one text,
 * never a queue. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

enum web_feed_kind {
	WEB_FEED_OVERVIEW,
	WEB_FEED_PUBLIC, /* the overview for who is not the operator; told as "overview", too */
	WEB_FEED_MEMBERS,
	WEB_FEED_TRAFFIC,
	WEB_FEED_ALARMS,
	WEB_FEED_PROPOSALS,
	WEB_FEED_MONTH,
	WEB_FEED_CORRIDOR, /* what is cut, drained and worked on */
	WEB_FEED_BEAT,     /* "still here", when there is nothing new */
	WEB_FEED_KINDS,
};

struct web_feed;
struct web_listener;

struct web_feed *web_feed_new(void); /* NULL if there is no memory */
/* All listeners must be gone. */
void web_feed_free(struct web_feed *feed);

/* Takes `json` as the newest of its kind; true if it is a new text that listeners have not seen.
 * The same text as before is nothing new; nor is a large one that comes too soon after the one
 * before: each 128 KiB costs another 2 s, so that a big hub does not drown its readers. */
bool web_feed_offer(struct web_feed *feed, enum web_feed_kind kind, const void *json, size_t length,
		    struct mono_us now);

/* Of which kinds a listener hears, one bit each. */
enum {
	WEB_FEED_FOR_OPERATOR = ((1 << WEB_FEED_KINDS) - 1) & ~(1 << WEB_FEED_PUBLIC),
	WEB_FEED_FOR_ALL = 1 << WEB_FEED_PUBLIC | 1 << WEB_FEED_BEAT,
};

/* A new listener has all that is known before it. NULL if there is no memory. */
struct web_listener *web_feed_join(struct web_feed *feed, unsigned kinds);
void web_feed_leave(struct web_listener *listener);
/* Copies what the listener has not had yet to `out`, at most `room` octets; 0: nothing is new. */
size_t web_feed_read(struct web_listener *listener, char *out, size_t room);
