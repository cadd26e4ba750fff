/* The routes as the meter needs them: longest match from an address to origin AS, path and the
 * member that has it. Written by the exchange, mapped read-only by the meter; immutable once
 * written, replaced by rename.
 *
 * Layout of the file (all integers in host order, it never leaves the machine):
 *
 *   header | v4 index: u32 each | v4 ranges: n x (start u32, value u32) | v6 index: u32 each | v6
 * starts, upper halves: m x u64 | lower halves: m x u64 | v6 values: m x u32 | origins: k x struct
 * rib_origin | checksum
 *
 * The prefixes are flattened to disjoint ranges: starts are sorted, a range ends where the next
 * begins, and its value is an index into origins (0: no route). index[h] is the first range whose
 * start falls into slot h or a later one: for IPv4 its upper bits, for IPv6 the bits behind
 * 2000::/3, as many as make about one range a slot. So a look-up is one index read and a binary
 * search among few. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/ip.h"

/* What the best route says about an address. */
struct rib_origin {
	uint32_t origin_as; /* last AS of the path; 0: no route, or an AS_SET there */
	uint32_t member_as; /* the member that announced it */
};

/* One route for the builder. */
struct rib_snapshot_route {
	struct prefix prefix;
	struct rib_origin origin;
};

struct rib_snapshot;

/* Appends the file's bytes for `count` routes; the array is sorted in place. Several routes for one
 * prefix: the first given wins. 0, or -1 if there is no memory. */
int rib_snapshot_build(struct buf *out, struct rib_snapshot_route *routes, size_t count);

/* Takes bytes that stay valid until rib_snapshot_free (a mapping). NULL if they are not a whole
 * snapshot; all offsets and orders are checked here, once, so that a look-up cannot leave the
 * mapping. */
struct rib_snapshot *rib_snapshot_open(const void *bytes, size_t length);
void rib_snapshot_free(struct rib_snapshot *snapshot);

/* The origin for an address; {0,0} when no route covers it. Under 100 ns at a full table. */
struct rib_origin rib_snapshot_find(const struct rib_snapshot *snapshot, struct ip ip);

size_t rib_snapshot_ranges(const struct rib_snapshot *snapshot);
