/* Names and words for what can be wrong with an UPDATE. */
#include "exchange/bgp/bgp_remark.h"

#include <assert.h>
#include <stddef.h>

#include "exchange/bgp/bgp_attrs.h"

const char *
bgp_reason_text(enum bgp_reason reason)
{
	static const char *const texts[BGP_REASON_COUNT] = {
		[BGP_REASON_NONE] = "nothing",
		[BGP_REASON_FLAGS] = "flags do not fit its type",
		[BGP_REASON_LENGTH] = "wrong length",
		[BGP_REASON_DUPLICATE] = "given twice",
		[BGP_REASON_MISSING] = "missing",
		[BGP_REASON_LIST_OVERRUN] = "longer than the list of attributes",
		[BGP_REASON_LIST_UNDERRUN] = "list of attributes ends within an attribute's head",
		[BGP_REASON_ORIGIN_VALUE] = "unknown value",
		[BGP_REASON_PATH_SEGMENT] = "malformed segment",
		[BGP_REASON_PATH_TOO_LONG] = "too long to be sent on",
		[BGP_REASON_CONFEDERATION] = "confederation segment from outside",
		[BGP_REASON_AS_ZERO] = "AS number 0",
		[BGP_REASON_NEXT_HOP] = "next hop is not usable",
		[BGP_REASON_INTERNAL_ONLY] = "not for sessions between networks",
		[BGP_REASON_AS4_UNEXPECTED] = "not for speakers of 4-octet AS numbers",
		[BGP_REASON_AS4_MALFORMED] = "malformed",
		[BGP_REASON_AS4_IGNORED] = "does not go with its 2-octet counterpart",
		[BGP_REASON_FAMILY] = "address family was not negotiated",
		[BGP_REASON_NOT_TRANSITIVE] = "unknown and not transitive",
		[BGP_REASON_INNER] = "malformed attributes inside",
		[BGP_REASON_FRAME] = "lengths go beyond the message",
		[BGP_REASON_PREFIX] = "malformed prefix",
		[BGP_REASON_MP_NEXT_HOP_LENGTH] = "wrong length of next hop",
		[BGP_REASON_MP_TWICE] = "given twice",
		[BGP_REASON_WELL_KNOWN] = "unknown but marked well-known",
		[BGP_REASON_NO_PREFIXES] = "errors, and no announced prefix to withdraw",
		[BGP_REASON_FLOW] = "rules about traffic without an end",
		[BGP_REASON_SR_LIST] = "SR policies without an end",
		[BGP_REASON_SR_KEY] = "SR policy of a length that its family does not have",
		[BGP_REASON_SR_POLICY] = "no sound SR policy",
		[BGP_REASON_SR_AUDIENCE] = "SR policy with neither NO_ADVERTISE nor a route target",
	};
	assert((unsigned)reason < BGP_REASON_COUNT);
	return texts[reason];
}

/* "AS_PATH", "COMMUNITIES"; NULL for types without a name here. */
static const char *
attr_name(uint8_t type)
{
	static const char *const names[] = {
		[BGP_ATTR_ORIGIN] = "ORIGIN",
		[BGP_ATTR_AS_PATH] = "AS_PATH",
		[BGP_ATTR_NEXT_HOP] = "NEXT_HOP",
		[BGP_ATTR_MED] = "MULTI_EXIT_DISC",
		[BGP_ATTR_LOCAL_PREF] = "LOCAL_PREF",
		[BGP_ATTR_ATOMIC_AGGREGATE] = "ATOMIC_AGGREGATE",
		[BGP_ATTR_AGGREGATOR] = "AGGREGATOR",
		[BGP_ATTR_COMMUNITIES] = "COMMUNITIES",
		[BGP_ATTR_ORIGINATOR_ID] = "ORIGINATOR_ID",
		[BGP_ATTR_CLUSTER_LIST] = "CLUSTER_LIST",
		[BGP_ATTR_MP_REACH] = "MP_REACH_NLRI",
		[BGP_ATTR_MP_UNREACH] = "MP_UNREACH_NLRI",
		[BGP_ATTR_EXT_COMMUNITIES] = "EXTENDED_COMMUNITIES",
		[BGP_ATTR_AS4_PATH] = "AS4_PATH",
		[BGP_ATTR_AS4_AGGREGATOR] = "AS4_AGGREGATOR",
		[BGP_ATTR_TUNNEL] = "TUNNEL_ENCAPSULATION",
		[BGP_ATTR_IPV6_EXT_COMMUNITIES] = "IPV6_EXTENDED_COMMUNITIES",
		[BGP_ATTR_AIGP] = "AIGP",
		[BGP_ATTR_LARGE_COMMUNITIES] = "LARGE_COMMUNITIES",
		[BGP_ATTR_OTC] = "OTC",
		[BGP_ATTR_SET] = "ATTR_SET",
	};
	return type < sizeof(names) / sizeof(names[0]) ? names[type] : NULL;
}

void
bgp_remark_text(struct buf *to, struct bgp_remark remark)
{
	static const char *const actions[] = {
		[BGP_ACTION_DISCARD] = "discarded",
		[BGP_ACTION_WITHDRAW] = "treated as withdrawn",
		[BGP_ACTION_RESET] = "session reset",
	};
	assert(remark.action <= BGP_ACTION_RESET);
	const char *name = attr_name(remark.type);
	if (name)
		buf_printf(to, "%s: ", name);
	else if (remark.type || remark.reason == BGP_REASON_NOT_TRANSITIVE)
		buf_printf(to, "attribute %u: ", remark.type);
	else
		buf_str(to, "UPDATE: ");
	buf_printf(to, "%s (%s)", bgp_reason_text(remark.reason), actions[remark.action]);
}
