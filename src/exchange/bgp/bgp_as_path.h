/* The AS_PATH (RFC 4271 section 4.3 and 5.1.2; RFC 5065, 6793, 7607): segments of a type octet, a
 * count octet and that many AS numbers of 2 or 4 octets. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "base/ip.h"
#include "exchange/bgp/bgp_remark.h"

enum bgp_segment {
	BGP_AS_SET = 1,
	BGP_AS_SEQUENCE = 2,
	BGP_AS_CONFED_SEQUENCE = 3,
	BGP_AS_CONFED_SET = 4,
};

/* What one pass over a path tells. */
struct bgp_path_facts {
	uint16_t hops; /* RFC 4271 section 9.1.2.2 a: a set is one, RFC 5065: CONFED none */
	struct asn first,
		origin; /* left-most, right-most; 0 when there is none or it is in a set */
	bool has_set;
	bool has_confederation;
	bool has_large; /* a number above 65535 */
};

/* Reads a path with numbers of `as_octets` (2 or 4). BGP_REASON_NONE and *out, or
 * BGP_REASON_PATH_SEGMENT (RFC 7606 section 7.2), BGP_REASON_AS_ZERO (RFC 7607). */
enum bgp_reason bgp_as_path_read(struct bgp_path_facts *out, struct cursor path,
				 unsigned as_octets);

/* The next segment of a path that was read without complaint; false at its end. */
struct bgp_path_segment {
	uint8_t type, count;
	struct cursor numbers;
};
bool bgp_as_path_next(struct bgp_path_segment *out, struct cursor *path, unsigned as_octets);

/* Rebuilds the true path from what a 2-octet speaker sends (RFC 6793 section 4.2.3): the leading
 * hops of `path2`, as many as it has more than `path4`, then `path4` without CONFED segments. Both
 * were read without complaint, and `path4` has no more hops than `path2`; an empty `path4` widens
 * only. Writes to `to` and returns the length; 0 with a path that has hops: `size` does not do. */
size_t bgp_as_path_merge(uint8_t *to, size_t size, struct cursor path2, struct cursor path4);

/* Appends a 4-octet path with 2-octet numbers, AS_TRANS for the large ones. */
void bgp_as_path_narrow(struct buf *to, struct cursor path);
