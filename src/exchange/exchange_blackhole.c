/* The operator's blackholes. They are said again every second: to sessions that came up in between, and so
 * that neither a refresh nor a restart of the neighbour sweeps them away. What is said again and is there
 * costs a look into the table. */
#include "exchange/exchange_blackhole.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "exchange/bgp/bgp_update.h"
#include "exchange/exchange_private.h"

enum {
	/* No member's own path has this identifier: 0 stands for none, and routers count from 1. */
	PATH_ID = 0xfffffff0,
	AGAIN_MS = 1000,
	NLRI_MAX = 4 + 1 + 16,
	COMMUNITY = 0xffff029a, /* 65535:666 */
};

/* --- one session --- */

/* The prefix as it stands in a message, with our identifier before it. */
static struct cursor
nlri_of(uint8_t out[NLRI_MAX], const struct prefix *prefix)
{
	size_t octets = (prefix->length + 7u) / 8;
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)((uint32_t)PATH_ID >> (24 - 8 * i));
	out[4] = prefix->length;
	memcpy(out + 5, prefix->ip.octets, octets);
	return cursor_of(out, 5 + octets);
}

static struct rib *
rib_of(const struct exchange *x, const struct prefix *prefix)
{
	return exchange_rib_of(x, (enum ip_family)prefix->ip.family);
}

static void
say(struct exchange *x, unsigned slot, const struct prefix *prefix)
{
	const struct hub_session *session = &x->hub->sessions[x->peers[slot].hub_session];
	const struct hub_port *port = &x->hub->ports[session->port];
	uint32_t asn = x->peers[slot].asn.number;
	const uint8_t path[] = {
		2,           1, (uint8_t)(asn >> 24), (uint8_t)(asn >> 16), (uint8_t)(asn >> 8),
		(uint8_t)asn};
	static const uint8_t communities[] = {COMMUNITY >> 24 & 0xff, COMMUNITY >> 16 & 0xff,
					      COMMUNITY >> 8 & 0xff, COMMUNITY & 0xff};
	uint8_t octets[NLRI_MAX];
	struct bgp_update update = {.announced_count = 1};
	update.announced[0] = (struct bgp_nlri){
		.family = (enum ip_family)prefix->ip.family,
		.add_path = true,
		.prefixes = nlri_of(octets, prefix),
		.next_hop = prefix->ip.family == IP_V4 ? port->ipv4 : port->ipv6,
	};
	update.attrs = (struct bgp_attrs){
		.as_path = cursor_of(path, sizeof(path)),
		.as_hops = 1,
		.first_as = {asn},
		.origin_as = {asn},
		.communities = cursor_of(communities, sizeof(communities)),
	};
	(void)exchange_take_update(x, slot, &update); /* without memory: again in a second */
}

static void
unsay(struct exchange *x, unsigned slot, const struct prefix *prefix)
{
	uint8_t octets[NLRI_MAX];
	struct bgp_update update = {.withdrawn_count = 1};
	update.withdrawn[0] = (struct bgp_nlri){
		.family = (enum ip_family)prefix->ip.family,
		.add_path = true,
		.prefixes = nlri_of(octets, prefix),
	};
	(void)exchange_take_update(x, slot, &update);
}

/* --- one blackhole --- */

/* A network is said as its two halves: the whole may be a route of the member's, and of two routes to the
 * same addresses routers take the longer. */
static unsigned
parts_of(struct prefix out[2], const struct prefix *prefix)
{
	unsigned length = prefix->length + 1u;
	if (length > ip_bits((enum ip_family)prefix->ip.family)) {
		out[0] = *prefix;
		return 1;
	}
	out[0] = out[1] = (struct prefix){prefix->ip, (uint8_t)length};
	out[1].ip.octets[(length - 1) / 8] |= (uint8_t)(0x80u >> (length - 1) % 8);
	return 2;
}

/* Calls `what` for each session of the member that carries routes of this family. Returns how many. */
static unsigned
each_session(struct exchange *x, const struct exchange_blackhole *b,
	     void (*what)(struct exchange *x, unsigned slot, const struct prefix *prefix))
{
	uint32_t index = hub_member_by_asn(x->hub, b->member);
	struct prefix parts[2];
	unsigned part_count = parts_of(parts, &b->prefix), count = 0;
	for (uint32_t i = 0; index != HUB_NONE && i < x->hub->members[index].session_count; i++) {
		int slot = exchange_slot_of(x, x->hub->members[index].first_session + i);
		if (slot < 0 || !rib_session_is_open(rib_of(x, &b->prefix), (unsigned)slot))
			continue;
		for (unsigned k = 0; k < part_count; k++)
			what(x, (unsigned)slot, &parts[k]);
		count++;
	}
	return count;
}

static bool
may(const struct exchange *x, struct asn member)
{
	uint32_t index = hub_member_by_asn(x->hub, member);
	return index != HUB_NONE && x->hub->members[index].policy.blackhole.announce;
}

/* A policy that allows none would take it for an ordinary route: then it is not said at all. */
static void
assert_one(struct exchange *x, struct exchange_blackhole *b)
{
	b->sessions = each_session(x, b, may(x, b->member) ? say : unsay);
}

/* Whether all of it is accepted on the session; otherwise reasons are added. */
static bool
accepted_on(const struct exchange *x, unsigned slot, const struct prefix *prefix, uint64_t *reasons)
{
	struct prefix parts[2];
	unsigned count = parts_of(parts, prefix);
	bool all = true;
	for (unsigned i = 0; i < count; i++) {
		uint64_t why = 0;
		bool refused = false;
		bool there = rib_has(rib_of(x, prefix), (struct rib_source){slot, PATH_ID},
				     &parts[i], &why, &refused);
		if (there && refused)
			*reasons |= why;
		all = all && there && !refused;
	}
	return all;
}

/* On how many sessions it is accepted; *reasons are those of one where it is not. */
static unsigned
accepted(const struct exchange *x, const struct exchange_blackhole *b, uint64_t *reasons)
{
	uint32_t index = hub_member_by_asn(x->hub, b->member);
	unsigned count = 0;
	*reasons = 0;
	for (uint32_t i = 0; index != HUB_NONE && i < x->hub->members[index].session_count; i++) {
		int slot = exchange_slot_of(x, x->hub->members[index].first_session + i);
		count += slot >= 0 && accepted_on(x, (unsigned)slot, &b->prefix, reasons);
	}
	return count;
}

/* Whether the member has a route that covers the prefix, accepted: so the addresses are its own, whatever
 * registries there are. */
static bool
covers(const struct exchange *x, const struct exchange_blackhole *b)
{
	struct rib_path_view paths[RIB_PATH_IDS_MAX];
	struct prefix at = b->prefix;
	while (rib_covering(rib_of(x, &at), at, true, &at)) {
		size_t count = rib_paths(rib_of(x, &at), at, paths, RIB_PATH_IDS_MAX);
		for (size_t i = 0; i < count && i < RIB_PATH_IDS_MAX; i++)
			if (!paths[i].refused && paths[i].path_id != PATH_ID &&
			    exchange_asn_at(x, paths[i].slot).number == b->member.number)
				return true;
		if (!at.length)
			return false;
		at = prefix_of(at.ip, at.length - 1u);
	}
	return false;
}

static struct exchange_blackhole *
find(struct exchange *x, const struct prefix *prefix)
{
	for (size_t i = 0; i < x->blackhole_count; i++)
		if (prefix_equal(x->blackholes[i].prefix, *prefix))
			return &x->blackholes[i];
	return NULL;
}

/* --- the list --- */

static void
forget(struct exchange *x, struct exchange_blackhole *b)
{
	(void)each_session(x, b, unsay);
	*b = x->blackholes[--x->blackhole_count];
	x->blackhole_changes++;
}

static int
refuse(char why[EXCHANGE_BLACKHOLE_WHY], int status, const char *text, struct asn member)
{
	(void)snprintf(why, EXCHANGE_BLACKHOLE_WHY, text, member.number);
	return status;
}

static void
reasons_text(char why[EXCHANGE_BLACKHOLE_WHY], uint64_t reasons)
{
	size_t used = (size_t)snprintf(why, EXCHANGE_BLACKHOLE_WHY, "the checks refuse it:");
	for (unsigned bit = 0; bit < 64 && used < EXCHANGE_BLACKHOLE_WHY; bit++)
		if (reasons >> bit & 1 && policy_reason_text(bit))
			used += (size_t)snprintf(why + used, EXCHANGE_BLACKHOLE_WHY - used, " %s;",
						 policy_reason_text(bit));
	if (used > 0 && used < EXCHANGE_BLACKHOLE_WHY && why[used - 1] == ';')
		why[used - 1] = '\0';
}

int
exchange_blackhole_add(struct exchange *x, const struct exchange_blackhole *what,
		       char why[EXCHANGE_BLACKHOLE_WHY])
{
	char text[PREFIX_TEXT], end[CLOCK_TEXT];
	uint64_t reasons;
	struct exchange_blackhole *known = find(x, &what->prefix);
	if (hub_member_by_asn(x->hub, what->member) == HUB_NONE)
		return refuse(why, 404, "there is no member AS%u", what->member);
	if (known && known->member.number != what->member.number)
		return refuse(why, 409, "there is one already, for AS%u", known->member);
	if (!may(x, what->member))
		return refuse(why, 409,
			      "the policy of AS%u allows no blackholes (policy.blackhole.announce)",
			      what->member);
	if (!known && x->blackhole_count == EXCHANGE_BLACKHOLES_MAX)
		return refuse(why, 503, "too many blackholes, none was added for AS%u",
			      what->member);
	if (!known && !covers(x, what))
		return refuse(why, 409, "AS%u announces no accepted route to these addresses",
			      what->member);
	if (!known) {
		known = &x->blackholes[x->blackhole_count++];
		*known = *what;
		known->since = x->utc;
	}
	known->ends = what->ends;
	x->blackhole_changes++;
	assert_one(x, known);
	x->next_tick = x->now;
	if (accepted(x, known, &reasons)) {
		log_warn("blackhole %s for AS%u: installed by the operator until %s",
			 prefix_format(text, known->prefix), known->member.number,
			 utc_format(end, known->ends));
		return 0;
	}
	bool up = known->sessions != 0;
	forget(x, known);
	if (!up)
		return refuse(why, 409, "no session of AS%u carries this family", what->member);
	reasons_text(why, reasons);
	return 409;
}

int
exchange_blackhole_remove(struct exchange *x, const struct prefix *prefix)
{
	char text[PREFIX_TEXT];
	struct exchange_blackhole *b = find(x, prefix);
	if (!b)
		return -1;
	log_warn("blackhole %s for AS%u: removed by the operator", prefix_format(text, b->prefix),
		 b->member.number);
	forget(x, b);
	return 0;
}

void
exchange_blackhole_restore(struct exchange *x, const struct exchange_blackhole *what)
{
	if (find(x, &what->prefix) || x->blackhole_count == EXCHANGE_BLACKHOLES_MAX)
		return;
	x->blackholes[x->blackhole_count++] = *what;
	x->blackhole_changes++;
	x->next_tick = x->now;
}

void
exchange_blackhole_tick(struct exchange *x)
{
	char text[PREFIX_TEXT];
	for (size_t i = 0; i < x->blackhole_count;) {
		struct exchange_blackhole *b = &x->blackholes[i];
		if (b->ends.s > x->utc.s) {
			assert_one(x, b);
			i++;
			continue;
		}
		log_warn("blackhole %s for AS%u: its time is over, removed",
			 prefix_format(text, b->prefix), b->member.number);
		forget(x, b);
	}
	struct mono_us again = mono_add_ms(x->now, AGAIN_MS);
	if (x->blackhole_count && again.us < x->next_tick.us)
		x->next_tick = again;
}

size_t
exchange_blackhole_count(const struct exchange *x)
{
	return x->blackhole_count;
}

struct exchange_blackhole
exchange_blackhole_at(const struct exchange *x, size_t index)
{
	struct exchange_blackhole b = x->blackholes[index];
	uint64_t reasons;
	b.sessions = accepted(x, &b, &reasons);
	return b;
}

uint64_t
exchange_blackhole_changes(const struct exchange *x)
{
	return x->blackhole_changes;
}
