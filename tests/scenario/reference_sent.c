/* The reference's view of what is sent: who may hear a route, and in which words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/policy/policy.h"
#include "hub/hub_community.h"
#include "scenario/reference.h"

/* --- who hears it, and how --- */

static const struct hub_member_rule *
rule_for(const struct hub_member_rule *rules, size_t count, struct asn peer, struct prefix prefix)
{
	for (size_t i = 0; i < count; i++) {
		bool fits = rules[i].prefix.ip.family == IP_NONE ||
			    prefix_covers(rules[i].prefix, prefix);
		if (fits && (!rules[i].peer.number || rules[i].peer.number == peer.number))
			return &rules[i];
	}
	return NULL;
}

static const struct hub_member_rule *
senders_rule(const struct reference_route *r, const struct reference_receiver *to)
{
	return rule_for(r->member->announce, r->member->announce_count, to->member->asn, r->prefix);
}

static const struct hub_member_rule *
receivers_rule(const struct reference_route *r, const struct reference_receiver *to)
{
	return rule_for(to->member->receive, to->member->receive_count, r->member->asn, r->prefix);
}

/* Where the member's port is, by kind of place: 0 site, 1 metro, 2 country, 3 continent. 0: not known. */
static uint32_t
place_of(const struct scenario *s, const struct hub_session *session, unsigned kind)
{
	static const struct {
		char code[3];
		uint32_t country, continent; /* UN M49 */
	} countries[] = {{"PK", 586, 142}, {"CN", 156, 142}, {"DE", 276, 150}, {"US", 840, 19}};
	uint32_t number = s->hub->ports[session->port].site;
	if (number == HUB_NONE)
		return 0;
	const struct hub_site *site = &s->hub->sites[number];
	if (kind < 2)
		return kind ? site->metro : site->number;
	for (size_t i = 0; i < sizeof(countries) / sizeof(countries[0]); i++)
		if (memcmp(countries[i].code, site->country.code, 2) == 0)
			return kind == 2 ? countries[i].country : countries[i].continent;
	return 0;
}

/* Does some community that asks for this mean the receiver? `said`: in which form. */
enum said { ANYHOW, SHORT, LARGE };

static bool
asks(const struct reference_route *r, enum said said, enum hub_community_action action,
     unsigned times, bool (*means)(uint32_t p, uint32_t what), uint32_t what)
{
	for (size_t i = 0; i < r->ask_count; i++) {
		const struct reference_meaning *m = &r->asks[i];
		bool form = said == ANYHOW || (said == LARGE) == m->large;
		if (form && m->action == action && m->times == times &&
		    (!means || means(m->p, what)))
			return true;
	}
	return false;
}

static bool
is_it(uint32_t p, uint32_t what)
{
	return p == what && p != 0;
}

/* The receiver, by its AS number or by what stands for that. */
static bool
asks_peer(const struct reference_route *r, enum said said, enum hub_community_action action,
	  unsigned times, const struct reference_receiver *to)
{
	return asks(r, said, action, times, is_it, to->member->asn.number) ||
	       asks(r, said, action, times, is_it, to->member->alias_asn);
}

static bool
is_slower(uint32_t p, uint32_t rtt_ms)
{
	return rtt_ms && rtt_ms > p;
}

static bool
is_faster(uint32_t p, uint32_t rtt_ms)
{
	return rtt_ms && rtt_ms <= p;
}

static uint32_t
rtt_of(const struct reference_receiver *to)
{
	return to->session->rtt_ms ? to->session->rtt_ms : to->m->rtt_ms;
}

/* From what weighs least to what weighs most; of each, "not" weighs more. */
static bool
listen(const struct scenario *s, const struct reference_route *r,
       const struct reference_receiver *to, enum said said, bool hears)
{
	uint32_t rtt = rtt_of(to);
	if (asks(r, said, HUB_DO_NOT_ANNOUNCE_TO_ANY, 0, NULL, 0))
		hears = false;
	for (unsigned i = 4; i > 0; i--) {
		unsigned kind = i - 1;
		uint32_t place = place_of(s, to->session, kind);
		if (asks(r, said, HUB_ANNOUNCE_SITE + 2 * kind, 0, is_it, place))
			hears = true;
		if (asks(r, said, HUB_DO_NOT_ANNOUNCE_SITE + 2 * kind, 0, is_it, place))
			hears = false;
	}
	if (asks(r, said, HUB_ANNOUNCE_SLOWER, 0, is_slower, rtt) ||
	    asks(r, said, HUB_ANNOUNCE_FASTER, 0, is_faster, rtt))
		hears = true;
	if (asks(r, said, HUB_DO_NOT_ANNOUNCE_SLOWER, 0, is_slower, rtt) ||
	    asks(r, said, HUB_DO_NOT_ANNOUNCE_FASTER, 0, is_faster, rtt))
		hears = false;
	if (asks_peer(r, said, HUB_ANNOUNCE_TO, 0, to))
		hears = true;
	if (asks_peer(r, said, HUB_DO_NOT_ANNOUNCE_TO, 0, to))
		hears = false;
	return hears;
}

/* All large ones weigh more than all others as IXP Manager has it, "to everybody" too. */
static bool
is_wanted_to(const struct scenario *s, const struct reference_route *r,
	     const struct reference_receiver *to)
{
	if (s->hub->communities.profile != HUB_PROFILE_IXP_MANAGER)
		return listen(s, r, to, ANYHOW, true);
	bool hears = listen(s, r, to, SHORT, true);
	if (asks(r, LARGE, HUB_ANNOUNCE_TO_ANY, 0, NULL, 0))
		hears = true;
	return listen(s, r, to, LARGE, hears);
}

/* The next hop as it is sent. A blackhole's has the family of the route where the hub has one: then it reaches everybody,
 * however it came. */
static struct ip
sent_next_hop(const struct scenario *s, const struct reference_route *r)
{
	const struct hub_blackhole *holes = &s->hub->blackhole;
	bool v6 = r->prefix.ip.family == IP_V6 ||
		  (r->next_hop.family == IP_V6 && holes->ipv4.family == IP_NONE);
	struct ip hole = v6 ? holes->ipv6 : holes->ipv4;
	return r->blackhole && hole.family != IP_NONE ? hole : r->next_hop;
}

static bool
is_crossed(const struct scenario *s, const struct reference_route *r)
{
	return r->prefix.ip.family == IP_V4 && sent_next_hop(s, r).family == IP_V6;
}

/* Routes that are only tagged, and that the receiver does not want. */
static bool
is_unwanted(const struct reference_route *r, const struct reference_receiver *to)
{
	const struct hub_policy_hears *hears = &to->member->policy.hears;
	const uint64_t irr =
		1u << POLICY_IRR_ORIGIN | 1u << POLICY_IRR_PREFIX | 1u << POLICY_IRR_MISSING;
	return (!hears->rov_invalid && !r->blackhole && r->rpki == 4) ||
	       (!hears->rov_unknown && !r->blackhole && r->rpki == 2) ||
	       (!hears->not_registered && r->reasons & irr) ||
	       (!hears->aspa_invalid && r->reasons >> POLICY_ASPA_INVALID & 1);
}

/* Words of RFC 1997 that are for the route server itself. */
static bool
stays_here(const struct reference_route *r)
{
	return r->member->policy.well_known == HUB_WELL_KNOWN_OBEY &&
	       (reference_has(r, 65535, 65281) || reference_has(r, 65535, 65282) ||
		reference_has(r, 65535, 65283));
}

/* Both ends can have IPv4 routes with IPv6 next hops (RFC 8950). */
static bool
takes_crossed(const struct reference_receiver *to)
{
	const struct member_conn *up = member_up((struct member *)to->m);
	return up && up->theirs.extended_next_hop &&
	       to->m->says.open.capabilities.extended_next_hop;
}

static bool
carries(const struct reference_receiver *to, enum ip_family family)
{
	const struct member_conn *up = member_up((struct member *)to->m);
	const struct bgp_capabilities *can = &to->m->says.open.capabilities;
	return family == IP_V4 ? can->ipv4 && up->theirs.ipv4 : can->ipv6 && up->theirs.ipv6;
}

bool
reference_may_have(const struct scenario *s, const struct reference_route *r,
		   const struct reference_receiver *to)
{
	const struct hub_member_rule *out = senders_rule(r, to), *in = receivers_rule(r, to);
	if (r->late && !to->m->says.open.capabilities.long_lived)
		return false;
	if (!carries(to, (enum ip_family)r->prefix.ip.family) ||
	    (is_crossed(s, r) && !takes_crossed(to)))
		return false;
	if (to->session->collector)
		return r->refused && r->member->policy.refusal != HUB_REFUSE;
	if (r->refused || to->member == r->member)
		return false;
	if ((out && out->action == HUB_RULE_DENY) || (in && in->action == HUB_RULE_DENY))
		return false;
	if (r->blackhole && !to->member->policy.blackhole.receive)
		return false;
	if (is_unwanted(r, to) || stays_here(r))
		return false;
	return is_wanted_to(s, r, to);
}

/* The smallest of those that are asked for; the largest as IXP Manager has it. -1: none is. */
static int
choose(const struct scenario *s, const bool asked[4])
{
	bool largest = s->hub->communities.profile == HUB_PROFILE_IXP_MANAGER;
	for (unsigned i = 0; i < 4; i++)
		if (asked[largest ? 3 - i : i])
			return (int)(largest ? 3 - i : i);
	return -1;
}

/* What is asked of those at that distance: of those further away before of those nearer, of fewer before of more. */
static int
prepends_by_rtt(const struct scenario *s, const struct reference_route *r, uint32_t rtt)
{
	bool largest = s->hub->communities.profile == HUB_PROFILE_IXP_MANAGER;
	const struct reference_meaning *holds = NULL;
	for (size_t i = 0; i < r->ask_count; i++) {
		const struct reference_meaning *m = &r->asks[i];
		bool slower = m->action == HUB_PREPEND_SLOWER;
		if (!(slower && is_slower(m->p, rtt)) &&
		    !(m->action == HUB_PREPEND_FASTER && is_faster(m->p, rtt)))
			continue;
		bool better = !holds;
		if (holds && m->action != holds->action)
			better = slower;
		else if (holds && m->p != holds->p)
			better = slower ? m->p > holds->p : m->p < holds->p;
		else if (holds)
			better = largest ? m->times > holds->times : m->times < holds->times;
		holds = better ? m : holds;
	}
	return holds ? (int)holds->times : -1;
}

static unsigned
prepends(const struct scenario *s, const struct reference_route *r,
	 const struct reference_receiver *to)
{
	const struct hub_member_rule *rules[] = {senders_rule(r, to), receivers_rule(r, to)};
	bool any[4] = {0}, by_peer[4] = {0};
	by_peer[0] = asks_peer(r, ANYHOW, HUB_NO_PREPEND_TO, 0, to);
	for (unsigned i = 1; i <= 3; i++) {
		any[i] = asks(r, ANYHOW, HUB_PREPEND_TO_ANY, i, NULL, 0);
		by_peer[i] = asks_peer(r, ANYHOW, HUB_PREPEND_TO, i, to);
	}
	int chosen = choose(s, by_peer);
	chosen = chosen < 0 ? prepends_by_rtt(s, r, rtt_of(to)) : chosen;
	chosen = chosen < 0 ? choose(s, any) : chosen;
	unsigned times = chosen < 0 ? 0 : (unsigned)chosen;
	for (unsigned i = 0; i < 2; i++)
		if (rules[i] && rules[i]->action == HUB_RULE_PREPEND && rules[i]->prepend > times)
			times = rules[i]->prepend;
	return times;
}

/* --- in words --- */

static bool
wants_well_known(const struct reference_route *r, const struct reference_receiver *to,
		 enum hub_community_action to_any, enum hub_community_action to_one)
{
	return !to->session->collector &&
	       (asks(r, ANYHOW, to_any, 0, NULL, 0) || asks_peer(r, ANYHOW, to_one, 0, to));
}

/* Well-known ones that are put in, unless they are there. */
static void
put_well_known(struct buf *to, const struct scenario *s, const struct reference_route *r,
	       const struct reference_receiver *receiver)
{
	bool no_export = wants_well_known(r, receiver, HUB_NO_EXPORT_TO_ANY, HUB_NO_EXPORT_TO);
	bool no_advertise =
		wants_well_known(r, receiver, HUB_NO_ADVERTISE_TO_ANY, HUB_NO_ADVERTISE_TO);
	no_export |= r->blackhole && s->hub->blackhole.no_export;
	if (s->hub->graceful_shutdown && !reference_has(r, 65535, 0))
		buf_str(to, " community 65535:0");
	if (r->late && !reference_has(r, 65535, 6))
		buf_str(to, " community 65535:6");
	if (r->blackhole && !reference_has(r, 65535, 666))
		buf_str(to, " community 65535:666");
	if (no_export && !reference_has(r, 65535, 65281))
		buf_str(to, " community 65535:65281");
	if (no_advertise && !reference_has(r, 65535, 65282))
		buf_str(to, " community 65535:65282");
}

static void
put_communities(struct buf *to, const struct scenario *s, const struct reference_route *r)
{
	bool strips = !r->member->policy.graceful_shutdown && !s->hub->graceful_shutdown &&
		      !s->hub->communities.pass_graceful_shutdown;
	for (size_t i = 0; i < r->word_count; i++) {
		const struct reference_word *w = &r->words[i];
		bool gshut =
			w->form == REFERENCE_STANDARD && w->fields[0] == 65535 && !w->fields[1];
		/* RFC 7999 section 3.2: others are to see that it is a blackhole; and no other route. */
		bool hole = w->form == REFERENCE_STANDARD && w->fields[0] == 65535 &&
			    w->fields[1] == 666;
		if (hole ? r->blackhole : r->stays[i] && !(gshut && strips))
			reference_write_word(to, w);
	}
	const struct hub_policy *policy = &r->member->policy;
	for (size_t i = 0; i < policy->attach_count; i++) {
		char text[HUB_COMMUNITY_TEXT];
		reference_put_word(to, hub_community_format(text, &policy->attach[i]),
				   s->hub->asn.number, 0);
	}
}

/* The code of a reason: n in RS:1101:n of the Euro-IX list (16 and above are the hub's own), n in 65520:n of
 * arouteserver. */
static unsigned
code_of(unsigned reason, bool ars)
{
	static const struct {
		uint8_t reason, euro_ix;
		uint16_t ars;
	} codes[] = {
		{POLICY_PREFIX_TOO_LONG, 1, 13},
		{POLICY_PREFIX_TOO_SHORT, 2, 13},
		{POLICY_MARTIAN, 3, 2},
		{POLICY_NOT_GLOBAL_UNICAST, 3, 10},
		{POLICY_OWN_LAN, 3, 3},
		{POLICY_BLOCKED, 3, 3},
		{POLICY_BLOCKED_BY_MEMBER, 3, 11},
		{POLICY_IRR_ORIGIN, 10, 9},
		{POLICY_IRR_PREFIX, 9, 12},
		{POLICY_IRR_MISSING, 9, 12},
		{POLICY_ROV_INVALID, 13, 14},
		{POLICY_ROV_UNKNOWN, 12, 65535},
		{POLICY_BLACKHOLE_LENGTH, 2, 13},
		{POLICY_BLACKHOLE_SPACE, 9, 12},
		{POLICY_MAX_PREFIXES, 16, 65535},
		{POLICY_AS_SET, 4, 7},
		{POLICY_NEXT_HOP, 8, 5},
		{POLICY_PATH_TOO_LONG, 5, 1},
		{POLICY_PATH_TOO_SHORT, 6, 1},
		{POLICY_FIRST_AS, 7, 6},
		{POLICY_BOGON_ASN, 4, 7},
		{POLICY_LOOP, 17, 65535},
		{POLICY_LEAK, 18, 65535},
		{POLICY_TRANSIT_FREE, 14, 8},
		{POLICY_NEVER_VIA, 19, 15},
		{POLICY_COMMUNITIES, 15, 65535},
		{POLICY_ASPA_INVALID, 20, 16},
		{POLICY_NO_ROOM, 21, 65535},
		{POLICY_OTHER_ORIGIN, 11, 12},
	};
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].reason == reason)
			return ars ? codes[i].ars : codes[i].euro_ix;
	abort();
}

static void
tell(struct buf *to, const struct scenario *s, const struct reference_row *row, uint32_t number)
{
	reference_put_word(to, row->pattern, s->hub->asn.number, number);
}

static void
tell_reasons(struct buf *to, const struct scenario *s, const struct reference_route *r,
	     const struct reference_row *row)
{
	unsigned told[64], count = 0;
	for (unsigned reason = 0; reason < POLICY_REASONS; reason++) {
		if (!(r->reasons >> reason & 1))
			continue;
		unsigned code = code_of(reason, row->number == REFERENCE_ARS), i = 0;
		while (i < count && told[i] != code)
			i++;
		if (i == count)
			tell(to, s, row, told[count++] = code);
	}
}

/* Is the next hop in order, and neither the own one of the session nor one that discards? */
static bool
is_other_router(const struct scenario *s, const struct reference_route *r)
{
	const struct hub_port *own = &s->hub->ports[r->session->port];
	const struct hub_blackhole *holes = &s->hub->blackhole;
	bool wrong = r->reasons >> POLICY_NEXT_HOP & 1;
	return !wrong && !ip_equal(r->next_hop, r->session->address) &&
	       !ip_equal(r->next_hop, own->ipv4) && !ip_equal(r->next_hop, own->ipv6) &&
	       !ip_equal(r->next_hop, holes->ipv4) && !ip_equal(r->next_hop, holes->ipv6);
}

static void
tell_registered(struct buf *to, const struct scenario *s, const struct reference_route *r,
		const struct reference_row *row)
{
	bool both = r->irr_prefix && r->irr_origin;
	if (row->number != REFERENCE_ARS && is_other_router(s, r))
		tell(to, s, row, 1200);
	if (row->number != REFERENCE_ARS) {
		tell(to, s, row, !r->irr_checked ? 2 : both && r->irr_longer ? 3 : both);
		return;
	}
	if (!r->irr_checked)
		return;
	tell(to, s, row, r->irr_has_prefix ? 11 : 10);
	tell(to, s, row, r->irr_has_origin ? 21 : 20);
	if (r->irr_roa)
		tell(to, s, row, 31);
	if (r->irr_list)
		tell(to, s, row, 41);
}

/* Where it came in, if anybody's place of that kind has a number; 65535 if that is not known. */
static void
tell_place(struct buf *to, const struct scenario *s, const struct reference_route *r,
	   const struct reference_row *row, unsigned kind)
{
	uint32_t place = place_of(s, r->session, kind);
	bool any = false;
	for (size_t i = 0; i < s->hub->session_count; i++)
		any |= place_of(s, &s->hub->sessions[i], kind) != 0;
	if (any)
		tell(to, s, row, place ? place : 65535);
}

/* Why a route is refused or tagged is always told; what else is known only when it is refused, or all are told. */
static void
put_told(struct buf *to, const struct scenario *s, const struct reference_route *r)
{
	static const unsigned ars_rpki[] = {0, 51, 52, 50, 53};
	for (size_t i = 0; i < reference_row_count; i++) {
		const struct reference_row *row = &reference_rows[i];
		/* As arouteserver has it, these stay with collectors. */
		bool kept = s->hub->communities.profile == HUB_PROFILE_AROUTESERVER &&
			    (row->action == HUB_TELL_ANNOUNCER || row->action == HUB_TELL_RPKI);
		bool all = r->refused || (s->hub->communities.tell_members && !kept);
		/* Of a blackhole it is not asked whether its origin is valid. */
		unsigned rpki = r->blackhole ? 3 : r->rpki;
		if (!reference_row_holds(s->hub, row))
			continue;
		if (row->action == HUB_TELL_REASON)
			tell_reasons(to, s, r, row);
		else if (row->action == HUB_TELL_REFUSED && r->refused)
			tell(to, s, row, 0);
		else if (row->action == HUB_TELL_ANNOUNCER && all)
			tell(to, s, row, r->from->asn.number);
		else if (row->action == HUB_TELL_RPKI && all)
			tell(to, s, row, row->number == REFERENCE_ARS ? ars_rpki[rpki] : rpki);
		else if (row->action == HUB_TELL_IRR && all)
			tell_registered(to, s, r, row);
		for (unsigned kind = 0; kind < 4; kind++)
			if (row->action == HUB_TELL_SITE + kind && all)
				tell_place(to, s, r, row, kind);
	}
}

/* What stands in a path: a number, alone or in a set. */
struct hop {
	uint32_t asn;
	bool in_set;
};

/* The path as the receiver gets it; returns how many there are. */
static size_t
hops_for(struct hop *out, const struct scenario *s, const struct reference_route *r,
	 const struct reference_receiver *receiver)
{
	char text[ROUTE_FIELD_MAX];
	bool collector = receiver->session->collector, inside = false;
	size_t count = 0;
	if (receiver->session->prepend_hub_as && !collector)
		out[count++].asn = s->hub->asn.number;
	for (unsigned i = collector ? 0 : prepends(s, r, receiver); i > 0; i--)
		out[count++].asn = r->from->asn.number;
	if (!route_field(text, r->said, "path"))
		(void)snprintf(text, sizeof(text), "%u", r->from->asn.number);
	for (char *at = text; *at && count < REFERENCE_HOPS; count++) {
		inside |= *at == '{';
		at += *at == '{';
		out[count] = (struct hop){(uint32_t)strtoul(at, &at, 10), inside};
		inside &= *at != '}';
		at += *at == '}';
		at += *at == ' ';
	}
	return count;
}

/* Members without 4-octet AS numbers get AS_TRANS, and AS4_PATH where it matters (RFC 6793 section 4.2.2): appended to
 * `wide` as an attribute. Storms put one set into a path at most, at its end. */
static void
put_path(struct buf *path, struct buf *wide, const struct scenario *s,
	 const struct reference_route *r, const struct reference_receiver *receiver)
{
	bool as4 = receiver->m->says.open.capabilities.as4, any = false;
	struct hop hops[REFERENCE_HOPS + 8] = {0};
	size_t count = hops_for(hops, s, r, receiver), sequence = 0;
	for (size_t i = 0; i < count; i++) {
		bool opens = hops[i].in_set && (!i || !hops[i - 1].in_set);
		bool closes = hops[i].in_set && i + 1 == count;
		uint32_t asn = !as4 && hops[i].asn > UINT16_MAX ? 23456 : hops[i].asn;
		buf_printf(path, " %s%u%s", opens ? "{" : "", asn, closes ? "}" : "");
		any |= hops[i].asn > UINT16_MAX;
		sequence += !hops[i].in_set;
	}
	if (as4 || !any)
		return;
	buf_str(wide, " 17 c0 ");
	for (size_t i = 0; i < count; i++) {
		if (!i)
			buf_printf(wide, "02%02zx", sequence);
		if (i == sequence)
			buf_printf(wide, "01%02zx", count - sequence);
		buf_printf(wide, "%08x", hops[i].asn);
	}
}

void
reference_put_words(struct buf *to, const struct scenario *s, const struct reference_route *r,
		    const struct reference_receiver *receiver)
{
	char ip[IP_TEXT], text[ROUTE_FIELD_MAX];
	struct buf wide = {0};
	bool role = receiver->session->collector ? s->hub->policy.role != HUB_ROLE_OFF
						 : receiver->member->policy.role != HUB_ROLE_OFF;
	buf_str(to, "path");
	put_path(to, &wide, s, r, receiver);
	buf_printf(to, " next-hop %s", ip_format(ip, sent_next_hop(s, r)));
	buf_printf(to, " origin %s",
		   r->origin == 0   ? "igp"
		   : r->origin == 1 ? "egp"
				    : "incomplete");
	if (route_field(text, r->said, "med"))
		buf_printf(to, " med %s", text);
	put_communities(to, s, r);
	put_well_known(to, s, r, receiver);
	put_told(to, s, r);
	bool said = route_field(text, r->said, "attribute");
	if (wide.length || said || role)
		buf_printf(to, " attribute%.*s", (int)wide.length,
			   wide.length ? (const char *)wide.data : "");
	if (said && r->otc)
		buf_printf(to, " %s", text);
	else if (role)
		buf_printf(to, " 35 c0 %08x", s->hub->asn.number);
	if (said && !r->otc)
		buf_printf(to, " %s", text);
	buf_fini(&wide);
	buf_u8(to, 0);
}
