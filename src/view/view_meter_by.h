/* Traffic summed up by one thing: the rows, before they are written in a form. For view_meter*.c. */
#pragma once

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

/* What a row is about, as words for people: "Indus Telecom" and, of a pair, the other end. */
struct view_by_name {
	char text[200], to[200]; /* `to` empty where there is one only */
};
struct view_by_name view_meter_by_name(const struct view_by *by, const struct view_by_row *row);

/* --- view_meter_show_by.c: the rows, `limit` of them at most; rates over `covered_s` of the batch --- */

/* "count" and "rows" of an object. */
void view_by_json(struct json *j, const struct view_by *by, size_t limit);
void view_by_csv(struct buf *out, const struct view_by *by, size_t limit);
void view_by_text(struct buf *out, const struct view_by *by, size_t limit);
