/* Traffic summed up by one thing: the rows, before they are written in a form. For view_meter*.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "hub/hub.h"
#include "hub/traffic.h"
#include "hub/traffic_what.h"

/* One of them. In: into the exchange, from there; out: from the exchange, to there. What has no two
 * ways (pairs, families, kept local) is in `in`. Of a segment in is from its end a, out from end b. */
struct view_by_row {
	uint64_t key;                   /* see view_meter_by_name */
	uint64_t flow_in, flow_out;     /* octets by samples, scaled */
	uint64_t octets_in, octets_out; /* the same, normalised to counters */
	uint64_t samples;
	bool rest; /* of a member by network: all others; such rows come last */
};

struct view_by {
	enum traffic_what what;
	const struct hub *hub;
	const struct traffic_batch *batch;
	bool two_ways;
	struct view_by_row *rows; /* the largest first */
	size_t count;
	uint64_t sum; /* of octets both ways, for shares */
	/* Of pairs and what is made of them: how the matrix was fitted. */
	bool fitted;
	uint32_t rounds, off_ppm;
};

/* Sums a batch up; of what has two ends only what a member (index; HUB_NONE: any) has one of. Memory
 * from `arena`. 0, or -1 without memory. */
int view_meter_by(struct view_by *out, enum traffic_what what, const struct hub *hub,
		  const struct traffic_batch *batch, uint32_t member, struct arena *arena);
/* Joins rows of one key, puts the largest first, and adds up `sum`. */
void view_by_settle(struct view_by *by);

/* By TRAFFIC_WHAT_MEMBER_AS: the key of all networks of a member that are not told one by one, from the key of any of them;
 * and the AS number of a row's member, 0 when it is not in the picture any more. */
uint64_t view_by_rest_of(uint64_t key);
uint32_t view_by_member_asn(const struct view_by *by, const struct view_by_row *row);

/* What a row is about, as words for people: "Indus Telecom" and, of a pair, the other end;
 * of a member's network the member and that. */
struct view_by_name {
	char text[200], to[200]; /* `to` empty where there is one only */
};
struct view_by_name view_meter_by_name(const struct view_by *by, const struct view_by_row *row);
/* What these are called: "from" and "to"; `to` NULL where there is one only. */
struct view_by_heads {
	const char *text, *to;
};
struct view_by_heads view_meter_by_heads(enum traffic_what what);

/* --- view_meter_show_by.c: the rows, `limit` of them at most; rates over `covered_s` of the batch --- */

/* "count" and "rows" of an object. */
void view_by_json(struct json *j, const struct view_by *by, size_t limit);
void view_by_csv(struct buf *out, const struct view_by *by, size_t limit);
void view_by_text(struct buf *out, const struct view_by *by, size_t limit);
