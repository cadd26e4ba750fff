/* Reasons in words and numbers, and what mends them. */
#include <assert.h>

#include "exchange/policy/policy_private.h"

static const struct {
	const char *text;
	uint8_t code;          /* RS:1101:n; above 15 ours */
	uint16_t arouteserver; /* 65520:n */
	const char *mend;      /* NULL: depends on values, see below */
} reasons[POLICY_REASONS] = {
	[POLICY_PREFIX_TOO_LONG] = {"prefix too long", 1, 13, NULL},
	[POLICY_PREFIX_TOO_SHORT] = {"prefix too short", 2, 13, NULL},
	[POLICY_MARTIAN] = {"address space that is not to be routed (martian)", 3, 2,
			    "withdraw it; private, reserved and documentation space ends at your "
			    "own border"},
	[POLICY_NOT_GLOBAL_UNICAST] = {"outside 2000::/3", 3, 10,
				       "announce only global unicast space, inside 2000::/3"},
	[POLICY_OWN_LAN] = {"address space of the peering LAN", 3, 3,
			    "do not announce the exchange's own LAN; set next-hop-self and filter "
			    "connected routes"},
	[POLICY_BLOCKED] = {"on the list of blocked prefixes", 3, 3,
			    "ask the exchange why this address space is blocked"},
	[POLICY_BLOCKED_BY_MEMBER] = {"on the list of blocked prefixes of this member", 3, 11,
				      "ask the exchange why this address space is blocked for "
				      "you"},
	[POLICY_IRR_ORIGIN] = {"origin AS is not in the member's AS-SET", 10, 9, NULL},
	[POLICY_IRR_PREFIX] = {"no route object for the prefix", 9, 12, NULL},
	[POLICY_IRR_MISSING] = {"the registries did not say anything of the member's AS-SET yet", 9,
				12, NULL},
	[POLICY_ROV_INVALID] = {"RPKI: invalid", 13, 14, NULL},
	[POLICY_ROV_UNKNOWN] = {"RPKI: no ROA covers the prefix", 12, UINT16_MAX,
				"make a ROA for the prefix and its origin AS"},
	[POLICY_BLACKHOLE_LENGTH] = {"prefix too short for a blackhole", 2, 13, NULL},
	[POLICY_BLACKHOLE_SPACE] = {"blackhole for address space that is not the member's", 9, 12,
				    NULL},
	[POLICY_MAX_PREFIXES] = {"more prefixes than the session may have", 16, UINT16_MAX,
				 "announce fewer prefixes, or ask the exchange for a higher "
				 "limit"},
	[POLICY_NO_ROOM] = {"no room for what is decided about it", 21, UINT16_MAX,
			    "ask the exchange: its members' rules lead to more different decisions "
			    "than its route server keeps"},
	[POLICY_OTHER_ORIGIN] = {"the prefix is another AS's", 11, 12,
				 "announce it from the AS that its ROAs, whois data or the "
				 "exchange's list name, or have them corrected"},
	[POLICY_AS_SET] = {"AS_SET in the path", 4, 7,
			   "announce the routes themselves instead of an aggregate with an AS_SET "
			   "(RFC 9774)"},
	[POLICY_NEXT_HOP] = {"next hop is not yours", 8, 5, NULL},
	[POLICY_PATH_TOO_LONG] = {"AS path too long", 5, 1, NULL},
	[POLICY_PATH_TOO_SHORT] = {"AS path too short", 6, 1, NULL},
	[POLICY_FIRST_AS] = {"first AS in the path is not yours", 7, 6, NULL},
	[POLICY_BOGON_ASN] = {"reserved or private AS number in the path", 4, 7,
			      "remove private AS numbers on the session, or have the origin use "
			      "its assigned number"},
	[POLICY_LOOP] = {"the exchange's own AS in the path", 17, UINT16_MAX,
			 "do not announce what you learned from this route server"},
	[POLICY_TOO_LARGE] = {"attributes too large to pass on", 15, UINT16_MAX,
			      "shorten the path or remove communities"},
	[POLICY_LEAK] = {"route leak: it carries OTC (RFC 9234)", 18, UINT16_MAX,
			 "announce your own and your customers' routes only; what a provider, a "
			 "peer or a route server gave you carries OTC and is not for a route "
			 "server"},
	[POLICY_TRANSIT_FREE] = {"transit-free network in the path", 14, 8,
				 "announce your own and your customers' routes only, not those of "
				 "your transit providers"},
	[POLICY_NEVER_VIA] = {"network in the path that wants no route servers", 19, 15,
			      "do not announce routes of networks that say in PeeringDB that they "
			      "are never to be had via route servers"},
	[POLICY_COMMUNITIES] = {"too many communities", 15, UINT16_MAX, NULL},
	[POLICY_ASPA_INVALID] = {"ASPA: the path is invalid", 20, 16,
				 "announce your own and your customers' routes only; or have the "
				 "AS that attests its providers add the one that is missing"},
};

const char *
policy_reason_text(unsigned number)
{
	return number < POLICY_REASONS ? reasons[number].text : NULL;
}

unsigned
policy_reason_code(unsigned number)
{
	return number < POLICY_REASONS ? reasons[number].code : 0;
}

unsigned
policy_reason_code_arouteserver(unsigned number)
{
	return number < POLICY_REASONS ? reasons[number].arouteserver : UINT16_MAX;
}

/* --- what mends it --- */

/* Those of the family; returns how many. */
static unsigned
put_next_hops(struct buf *to, const struct policy_session *session, enum ip_family family)
{
	char text[IP_TEXT];
	unsigned count = 0;
	for (size_t i = 0; i < session->next_hop_count; i++)
		if (session->next_hops[i].family == family)
			buf_printf(to, "%s%s", count++ ? " or " : "set the next hop to ",
				   ip_format(text, session->next_hops[i]));
	return count;
}

static void
mend_next_hop(struct buf *to, const struct policy_session *session, enum ip_family family)
{
	bool other = family == IP_V4 && session->extended_next_hop; /* RFC 8950 */
	if (!put_next_hops(to, session, family) && !(other && put_next_hops(to, session, IP_V6)))
		buf_printf(to,
			   "your port has no IPv%u address on record: ask the exchange to add it",
			   family);
}

static void
put_sets(struct buf *to, const struct policy_member *member, enum ip_family family)
{
	const struct policy_sets *sets = &member->sets[family == IP_V6];
	for (size_t i = 0; i < sets->name_count; i++)
		buf_printf(to, "%s%s", i ? " or " : "", sets->names[i]);
}

static void
mend_length(struct buf *to, const struct policy_member *member, enum ip_family family,
	    unsigned number)
{
	bool v4 = family == IP_V4;
	if (number == POLICY_PREFIX_TOO_LONG)
		buf_printf(to, "announce IPv%u prefixes of /%u or shorter", family,
			   v4 ? member->ipv4_max : member->ipv6_max);
	else if (number == POLICY_PREFIX_TOO_SHORT)
		buf_printf(to, "announce IPv%u prefixes of /%u or longer", family,
			   v4 ? member->ipv4_min : member->ipv6_min);
	else
		buf_printf(to, "ask for blackholes of /%u or longer",
			   v4 ? member->blackhole_ipv4_min : member->blackhole_ipv6_min);
}

static void
mend_irr(struct buf *to, const struct policy_member *member, enum ip_family family, unsigned number)
{
	switch (number) {
	case POLICY_IRR_ORIGIN:
		buf_str(to, "add the origin AS to ");
		put_sets(to, member, family);
		return;
	case POLICY_IRR_PREFIX:
		buf_printf(to, "register a route%s object for the prefix, with an origin in ",
			   family == IP_V6 ? "6" : "");
		put_sets(to, member, family);
		if (member->irr_roas)
			buf_str(to, ", or make a ROA");
		return;
	case POLICY_IRR_MISSING:
		buf_str(to, "wait until the exchange has asked, and see that this is registered: ");
		put_sets(to, member, family);
		return;
	default:
		buf_printf(to,
			   "ask for blackholes within prefixes that have a ROA for AS%u, or a "
			   "route%s object in ",
			   member->asn.number, family == IP_V6 ? "6" : "");
		put_sets(to, member, family);
	}
}

static void
mend_path(struct buf *to, const struct policy_member *member, unsigned number)
{
	if (number == POLICY_PATH_TOO_LONG)
		buf_printf(to, "keep the AS path at %u hops or fewer: prepend less",
			   member->as_path_max);
	else if (number == POLICY_PATH_TOO_SHORT)
		buf_printf(to, "send an AS path of at least %u hop%s", member->as_path_min,
			   member->as_path_min == 1 ? "" : "s");
	else if (number == POLICY_COMMUNITIES)
		buf_printf(to, "send at most %u communities, of all forms together",
			   member->communities_max);
	else
		buf_printf(to, "let the AS path begin with AS%u, the AS of this session",
			   member->asn.number);
}

void
policy_reason_mend(struct buf *to, const struct policy *policy, uint32_t session_index,
		   enum ip_family family, unsigned number)
{
	assert(session_index < policy->session_count && number < POLICY_REASONS);
	const struct policy_session *session = &policy->sessions[session_index];
	const struct policy_member *member = session->member;
	switch (number) {
	case POLICY_PREFIX_TOO_LONG:
	case POLICY_PREFIX_TOO_SHORT:
	case POLICY_BLACKHOLE_LENGTH:
		mend_length(to, member, family, number);
		return;
	case POLICY_IRR_ORIGIN:
	case POLICY_IRR_PREFIX:
	case POLICY_IRR_MISSING:
	case POLICY_BLACKHOLE_SPACE:
		mend_irr(to, member, family, number);
		return;
	case POLICY_PATH_TOO_LONG:
	case POLICY_PATH_TOO_SHORT:
	case POLICY_COMMUNITIES:
	case POLICY_FIRST_AS:
		mend_path(to, member, number);
		return;
	case POLICY_NEXT_HOP:
		mend_next_hop(to, session, family);
		return;
	case POLICY_ROV_INVALID:
		buf_printf(to,
			   "announce the prefix from the AS and in the length that its ROAs allow, "
			   "or correct the ROA: it must name the origin AS and a maxLength that "
			   "reaches this prefix");
		return;
	default:
		buf_str(to, reasons[number].mend ? reasons[number].mend : "");
	}
}
