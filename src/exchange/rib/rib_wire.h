/* UPDATE messages as octets: the attributes of a set as they are sent, and the frame around them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "exchange/rib/rib_attrs.h"

enum { RIB_WIRE_MESSAGE_MAX = 4096 };

/* Appends the attributes as a member is sent them: without the communities that are ours; for a
 * speaker of 2-octet AS numbers with AS_TRANS and AS4_PATH (RFC 6793 section 4.2.2). No MP_REACH.
 */
void rib_wire_attributes(struct buf *to, const struct rib_attrs *attrs, enum ip_family family,
			 struct asn hub_as, bool two_octet_as);
/* True when so many octets of attributes leave room for any prefix. */
bool rib_wire_fits(enum ip_family family, size_t attributes);

/* One message being written. */
struct rib_wire_message {
	uint8_t *start, *at;
	const uint8_t *limit;     /* prefixes end here */
	uint8_t *routes;          /* where prefixes begin */
	uint8_t *mp;              /* IPv6: start of MP_REACH or MP_UNREACH, else NULL */
	struct cursor attributes; /* IPv6: written after the prefixes */
	bool announce;
};

/* Begins an announcement with `attrs` (for its next hop) and attributes as made above, or with
 * attrs NULL a withdrawal; `out` has room for 4096 octets. One without prefixes is an End-of-RIB
 * (RFC 4724 section 2). */
void rib_wire_begin(struct rib_wire_message *m, uint8_t *out, enum ip_family family,
		    const struct rib_attrs *attrs, struct cursor attributes);
/* Adds a prefix (its address in network order); false when the message is full. */
bool rib_wire_prefix(struct rib_wire_message *m, const uint8_t *key, unsigned length);
/* Fills in the lengths; returns the message's. */
size_t rib_wire_end(struct rib_wire_message *m);
