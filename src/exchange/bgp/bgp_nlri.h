/* Lists of prefixes, as they stand in UPDATEs (RFC 4271 section 4.3, RFC 4760 section 5, RFC 7911
 * section 3). */
#pragma once

#include <stdbool.h>

#include "base/cursor.h"
#include "base/ip.h"

/* A list of prefixes of one family, checked: bgp_nlri_next cannot fail on it. */
struct bgp_nlri {
	enum ip_family family;
	bool add_path; /* a path identifier stands before each prefix */
	struct cursor prefixes;
	/* Of what is announced only. */
	struct ip next_hop;
	struct ip link_local; /* or IP_NONE */
};

/* Takes the next prefix (bits beyond its length cleared); false at the end. *path_id is 0 where the
 * list has no identifiers; `path_id` may be NULL. */
bool bgp_nlri_next(struct bgp_nlri *nlri, struct prefix *out, uint32_t *path_id);

/* True if every length fits the family and the last prefix ends with the list (RFC 7606
 * section 5.3). */
bool bgp_nlri_sound(struct cursor prefixes, enum ip_family family, bool add_path);
