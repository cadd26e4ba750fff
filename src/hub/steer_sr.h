/* The candidate paths of SR policies that the corridor works out, for the exchange: whom each is for, and its
 * segments. A plain value with an encoding; sessions go by their ids, so that it still means the same when the hub
 * file has changed in between.
 *
 *   corridor --encode--> run/steer.sr (replaced by rename) \-> "steer take" --> exchange --decode--> SR policies
 *
 * As with the plan of exits (hub/steer.h), it is not to be gone by behind `good_until`, and renewed well before. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/cursor.h"
#include "base/ip.h"

#define STEER_SR_FILE "steer.sr" /* below run/ of the data directory */

enum {
	STEER_SR_PATHS_MAX = 16384,
	STEER_SR_HOPS_MAX = 64, /* of a path */
	STEER_SR_TEXT_MAX = 64, /* octets of an id */
	STEER_SR_LISTS_MAX = 4, /* of a candidate path */
};

struct steer_sr_hop {
	uint32_t label; /* 16 to 2^20 - 1; 0: `sid` */
	struct ip sid;  /* IPv6; IP_NONE beside a label */
};

/* Of those that follow each other and have the same session, head-end, color and endpoint, those of the same preference
 * are lists of one candidate path, and one of another preference is the backup of what is before it. */
struct steer_sr_path {
	const char *session; /* hub_session.id: the neighbour */
	struct ip headend;   /* IPv4: the router behind it; IP_NONE: the neighbour */
	uint32_t color;
	struct ip endpoint;
	uint32_t preference;
	uint32_t weight; /* of the list among those of its candidate path; above 0 */
	uint32_t first_hop,
		hop_count; /* at least one; in hops, those of each path together, in order */
};

struct steer_sr_plan {
	uint64_t number; /* not 0; rises, also over restarts of the corridor */
	struct utc_s good_until;
	struct steer_sr_path *paths;
	size_t path_count;
	struct steer_sr_hop *hops;
	size_t hop_count;
};

/* NULL when the plan keeps to what is said above; else what is wrong with it: static text. */
const char *steer_sr_check(const struct steer_sr_plan *plan);
/* Appends the plan's bytes. It must pass steer_sr_check. */
void steer_sr_encode(const struct steer_sr_plan *plan, struct buf *out);
/* Reads it back; what it points to belongs to `arena`. 0; or -1 and in *error why: static text. */
int steer_sr_decode(struct steer_sr_plan *out, struct arena *arena, struct cursor bytes,
		    const char **error);
/* Is that path a list beside the one before it, of the same candidate path? */
bool steer_sr_is_beside(const struct steer_sr_plan *plan, size_t path);
/* Is that path the backup of the one before it? */
bool steer_sr_is_backup(const struct steer_sr_plan *plan, size_t path);
/* Do both say the same? Numbers and times do not count. */
bool steer_sr_same(const struct steer_sr_plan *a, const struct steer_sr_plan *b);
