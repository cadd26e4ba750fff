/* The routes as the meter needs them: longest match from an address to origin AS, path and the
 * member that has it. Written by the exchange, mapped read-only by the meter; immutable once
 * written, replaced by rename.
 *
 * Layout of the file (all integers in host order, it never leaves the machine):
 *
 *   header | v4 index: u32 each | v4 ranges: n x (start u32, value u32) | v6 index: (first u32, finer
 * u32) each | finer index: u32 each | v6 ranges: m x (upper half of the start u64, value u32, place of the
 * lower half u32) | v6 lower halves, the first 0: u64 each | origins: k x struct rib_origin | paths: u32
 * each | checksum
 *
 * The prefixes are flattened to disjoint ranges: starts are sorted, a range ends where the next
 * begins, and its value is an index into origins (0: no route). index[h] is the first range whose
 * start falls into slot h or a later one: for IPv4 its upper bits, for IPv6 the bits behind
 * 2000::/3, as many as make about one range a slot; where IPv6 is dense a slot is divided again. So a
 * look-up is one index read, or two, and a binary search among few. A path is its length and its AS numbers. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "base/ip.h"

/* What the best route says about an address. */
struct rib_origin {
	uint32_t origin_as; /* last AS of the path; 0: no route, or an AS_SET there */
	uint32_t member_as; /* the member that announced it */
	uint32_t next_as;   /* first AS of the path; 0: none, or an AS_SET there */
	uint32_t path;      /* for rib_snapshot_path; 0: an empty one, or not known */
};

/* Paths for the builder, each kept once. */
struct rib_snapshot_paths;
struct rib_snapshot_paths *rib_snapshot_paths_new(void);
void rib_snapshot_paths_free(struct rib_snapshot_paths *paths);
/* The number of a sound AS path (segments with 4-octet AS numbers; an AS_SET is kept as one AS 0), and
 * its first AS in *next. 0 for an empty path, one of more than RIB_SNAPSHOT_HOPS hops, and where there
 * is no memory. */
enum { RIB_SNAPSHOT_HOPS = 255 };
uint32_t rib_snapshot_paths_add(struct rib_snapshot_paths *paths, struct cursor as_path,
				uint32_t *next);
/* Octets that they will take in the file. */
size_t rib_snapshot_paths_size(const struct rib_snapshot_paths *paths);

/* One route for the builder. */
struct rib_snapshot_route {
	struct prefix prefix;
	struct rib_origin origin;
};

struct rib_snapshot;

/* Appends the file's bytes for `count` routes; the array is sorted in place. Several routes for one
 * prefix: the first given wins. `paths` is what the routes' paths are numbers of, NULL when they are
 * all 0. 0, or -1 if there is no memory. */
int rib_snapshot_build(struct buf *out, struct rib_snapshot_route *routes, size_t count,
		       const struct rib_snapshot_paths *paths);

/* Takes bytes that stay valid until rib_snapshot_free (a mapping). NULL if they are not a whole
 * snapshot of this layout; all offsets and orders are checked here, once, so that a look-up cannot
 * leave the mapping. */
struct rib_snapshot *rib_snapshot_open(const void *bytes, size_t length);
void rib_snapshot_free(struct rib_snapshot *snapshot);

/* The number of what is known of an address, below rib_snapshot_origins; 0 when no route covers it.
 * Under 100 ns at a full table. Numbers mean something in this snapshot only. */
uint32_t rib_snapshot_number(const struct rib_snapshot *snapshot, const struct ip *ip);
/* The numbers of several addresses, which wait for memory together: at most RIB_SNAPSHOT_TOGETHER. */
enum { RIB_SNAPSHOT_TOGETHER = 32 };
void rib_snapshot_numbers(const struct rib_snapshot *snapshot, const struct ip *const *ips,
			  uint32_t *numbers, size_t count);
size_t rib_snapshot_origins(const struct rib_snapshot *snapshot);
struct rib_origin rib_snapshot_origin(const struct rib_snapshot *snapshot, uint32_t number);
/* Number and what it stands for. */
struct rib_origin rib_snapshot_find(const struct rib_snapshot *snapshot, struct ip ip);
/* The AS numbers of a path, nearest first; NULL and 0 for path 0. */
const uint32_t *rib_snapshot_path(const struct rib_snapshot *snapshot, uint32_t path,
				  size_t *count);

size_t rib_snapshot_ranges(const struct rib_snapshot *snapshot);
