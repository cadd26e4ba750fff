/* The ways that traffic takes through the corridor from a moment on, as the corridor says so: which ports
 * there are and where, what segments cross, and over which of them it goes from each place to each exit. A
 * plain value with a text (JSON), which stands in the ledger's journal and is read there by auditors: it
 * names everything by its id and needs nothing else to be understood.
 *
 *   corridor --write--> corridor/<microseconds>.ways --read--> ledger: an entry of the journal, then removed
 *
 * It holds from `from` on until the next one, but not behind `until`: who says nothing any more is not to be
 * believed for ever. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/cursor.h"
#include "base/ip.h"

#define WAYS_SUFFIX ".ways" /* of its file, in the corridor's folder */

enum {
	WAYS_ROWS_MAX = 1 << 20,
	WAYS_LENGTH_MAX = 64 << 20
}; /* rows of a table; octets of a text */

/* What a segment crosses or belongs to. */
enum ways_class { WAYS_COUNTRIES, WAYS_CABLES, WAYS_RISKS, WAYS_CLASSES };
/* "countries", "cables", "risks" */
const char *ways_class_name(enum ways_class class);

struct ways_names {
	const char *const *items;
	size_t count;
};

struct ways_segment {
	const char *id;
	uint32_t length_m;
	uint32_t latency_us; /* one way */
	bool estimated;      /* so is what it crosses */
	struct ways_names crosses[WAYS_CLASSES];
};

/* Indices into segments, in the order of travel. */
struct ways_steps {
	const uint32_t *items;
	size_t count;
};

struct ways_port {
	const char *id;
	struct asn asn;           /* the member's */
	const char *site;         /* "": not known */
	const char *country;      /* the site's; "": not known */
	bool has_contract;        /* a contract says where all its traffic runs: */
	struct ways_steps bought; /* those segments, which nobody has steered */
};

/* A session over which traffic leaves. */
struct ways_exit {
	const char *session;
	uint32_t port; /* index into ports */
	bool ipv4, ipv6;
};

struct ways_way {
	const char *site; /* where it comes in */
	struct asn asn;   /* whose it is; 0: all others' there */
	uint32_t exit;    /* index into exits */
	bool closed;      /* there is none: not to be gone at all */
	struct ways_steps steps;
};

/* What a member was promised that its traffic would not cross. */
struct ways_promise {
	struct asn asn;
	struct ways_names countries;
};

/* Segments, ports and exits by id; ways by site, member and exit; promises by member: each in rising order, and
 * once. */
struct ways {
	struct utc_s from, until;
	const char *why; /* in words: "segment C07 cut" */
	uint64_t since;  /* entry that it was read as the difference to; 0: it said all */
	const struct ways_segment *segments;
	size_t segment_count;
	const struct ways_port *ports;
	size_t port_count;
	const struct ways_exit *exits;
	size_t exit_count;
	const struct ways_way *ways;
	size_t way_count;
	const struct ways_promise *promises;
	size_t promise_count;
};

/* Do both say the same, but for times and words? */
bool ways_same(const struct ways *a, const struct ways *b);

void ways_write(const struct ways *ways, struct buf *out);
/* Brings segments and exits into their order, and what names them with them; what it makes is in `arena`. 0, or -1
 * without memory. */
int ways_sort(struct ways *ways, struct arena *arena);
/* Reads a text and checks all that is said above (segments and exits may be in any order); all of it is in `arena`,
 * nothing points into the text. 0; or -1 and in *error why: static text. */
int ways_read(struct ways *out, struct arena *arena, const void *json, size_t length,
	      const char **error);

/* --- what has changed --- */

/* Writes `next` as what it says otherwise than `base`, which is entry `since` of the journal: rows that are new or
 * others, and "gone", the names of those that are no longer there. Times and words are whole. */
void ways_delta_write(const struct ways *base, const struct ways *next, uint64_t since,
		      struct buf *out);
/* Reads that back: *out is `next`, part of which is `base`'s, which outlives it. Otherwise as ways_read. */
int ways_delta_read(struct ways *out, struct arena *arena, const struct ways *base,
		    struct cursor json, const char **error);

/* --- looking up: binary searches --- */

/* Index into ports, or UINT32_MAX. */
uint32_t ways_port_of(const struct ways *ways, const char *id);
/* The way from a member's place to an exit: its own if it has any there, else that of all others; NULL:
 * nothing is known of it. */
const struct ways_way *ways_way_of(const struct ways *ways, const char *site, struct asn asn,
				   uint32_t exit);
/* NULL: nothing was promised. */
const struct ways_promise *ways_promise_of(const struct ways *ways, struct asn asn);
