/* What a member's routes are checked for on the way in. Every check runs and every reason is kept,
 * so that a member sees all its faults at once. What follows from the attributes is judged once for
 * an attribute set, the rest for each prefix.
 *
 * The numbers in comments are those of the Euro-IX list, large community RS:1101:n. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/ip.h"
#include "exchange/bgp/bgp_attrs.h"
#include "hub/hub.h"

/* Bits of a set of reasons. */
enum policy_reason {
	/* of the prefix: bits 0 to 14 */
	POLICY_PREFIX_TOO_LONG = 0,
	POLICY_PREFIX_TOO_SHORT = 1,
	POLICY_MARTIAN = 2,
	POLICY_NOT_GLOBAL_UNICAST = 3,
	POLICY_OWN_LAN = 4,
	POLICY_BLOCKED = 5,
	/* of the attributes: bits 16 to 31 */
	POLICY_AS_SET = 16, /* RFC 9774 */
	POLICY_NEXT_HOP = 17,
	POLICY_PATH_TOO_LONG = 18,
	POLICY_PATH_TOO_SHORT = 19,
	POLICY_FIRST_AS = 20,
	POLICY_BOGON_ASN = 21,
	POLICY_LOOP = 22, /* our own AS in the path: RFC 4271 section 9.1.2 */
	POLICY_TOO_LARGE = 23,
};

struct policy;

/* The policies of a picture, compiled; keeps nothing of the picture itself. NULL if there is no
 * memory. */
struct policy *policy_new(const struct hub *hub);
void policy_free(struct policy *policy);

/* Reasons against the attributes of routes of `family` of this session (index into hub.sessions);
 * 0: none. A next hop of another family (RFC 8950) is not accepted. */
uint32_t policy_attrs_judge(const struct policy *policy, uint32_t session, enum ip_family family,
			    const struct bgp_attrs *attrs);
/* Reasons against the prefix. */
uint32_t policy_prefix_judge(const struct policy *policy, uint32_t session,
			     const struct prefix *prefix);

/* The reason in a few words, "prefix too long"; NULL for a bit that means nothing. Static text. */
const char *policy_reason_text(unsigned bit);
/* n in RS:1101:n; 0 when the Euro-IX list has none. */
unsigned policy_reason_code(unsigned bit);
/* Appends what the member is to do about it, with the values that hold for the session: "announce
 * IPv4 prefixes of /24 or shorter". */
void policy_reason_mend(struct buf *to, const struct policy *policy, uint32_t session,
			enum ip_family family, unsigned bit);
