/* Measured traffic laid on the segments: what each stretch of fibre carries now.
 *
 * What counts as transit is all traffic of the ports of a contract that names segments; it runs on
 * each of these. A contract lists its segments in order of travel, from the member's side onward or
 * from the exchange onward: either way what the member sends runs along the list and what it
 * receives against it. A list of one segment has no order; it starts at the site of the member's
 * port. Several members on a segment add, direction by direction; a port
 * that two contracts lay on the same segment counts once there. A segment that is not usable
 * carries nothing and so has no load, but is still named. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "hub/hub.h"
#include "hub/traffic.h"

struct corridor_segment_load {
	bool named;             /* by a contract in force */
	uint32_t ports;         /* whose traffic runs here */
	uint32_t ports_missing; /* of these, not measured: the load is at least what it says */
	uint64_t ab_bps;        /* from end a to end b */
	uint64_t ba_bps;
	uint64_t capacity_bps; /* of each direction: lit, else as designed; 0 when unknown */
};

struct corridor_load {
	struct utc_s start; /* of the interval measured */
	uint32_t length_s, covered_s;
	bool simulated;
	uint64_t in_bps, out_bps; /* of all ports of the hub, as the exchange sees it */
	size_t segment_count;
	struct corridor_segment_load *segments; /* as in struct hub */
};

/* Which of the newest closed interval and the open one speaks for now: the open one once it covers
 * a minute, else the closed one, and none that ended more than three intervals before `now`. An
 * interval is closed a while after its end: until then `before`, the last that was open, stands for
 * it. Each may be NULL. */
const struct traffic_batch *corridor_load_choose(const struct traffic_batch *closed,
						 const struct traffic_batch *before,
						 const struct traffic_batch *open,
						 struct utc_s now);

/* Lays a batch on the hub's segments. NULL if there is no memory. With a NULL batch nothing is
 * measured, but capacities and what contracts name are still there, as of `now`. */
struct corridor_load *corridor_load_new(const struct hub *hub, const struct traffic_batch *batch,
					struct utc_s now);
void corridor_load_free(struct corridor_load *load);

/* What all ports of a member carry in a batch. False if none of them was measured. */
bool corridor_load_member(const struct hub *hub, const struct traffic_batch *batch, uint32_t member,
			  uint64_t *in_bps, uint64_t *out_bps);

/* True when at least one port on the segment was measured. */
bool corridor_load_known(const struct corridor_segment_load *load);
/* The larger direction. */
uint64_t corridor_load_bps(const struct corridor_segment_load *load);
/* The larger direction over the capacity; NAN when either is unknown. */
double corridor_load_utilisation(const struct corridor_segment_load *load);
/* True when the contract is in force at `at`. */
bool corridor_contract_in_force(const struct hub_contract *contract, struct utc_s at);
