/* The prefixes in messages that have not been taken yet, read only so that memory can be fetched for them: nothing is
 * checked that does not have to be, and what is not understood is passed over. RFC 4271 section 4.3, RFC 4760
 * sections 3 and 4. */
#pragma once

#include <stdbool.h>

#include "base/cursor.h"
#include "exchange/bgp/bgp_nlri.h"

struct bgp_ahead {
	bool add_path[2]; /* of IPv4 and IPv6 lists */
	/* private */
	struct cursor messages;
	struct bgp_nlri lists[4]; /* of the message that is being read, those left */
	unsigned list_count;
};

/* `messages` begin with a whole header, and stay valid. */
struct bgp_ahead bgp_ahead_of(struct cursor messages, const bool add_path[2]);
/* The next prefix, about in the order in which they will be taken; false at the end. */
bool bgp_ahead_next(struct bgp_ahead *ahead, struct prefix *out);
