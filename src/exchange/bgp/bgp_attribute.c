/* Reading one path attribute: flags, length and value by the rules of RFC 7606 section 7 and of the RFC
 * that defines it. */
#include <assert.h>
#include <string.h>

#include "base/hash.h"
#include "exchange/bgp/bgp_as_path.h"
#include "exchange/bgp/bgp_reader.h"

enum { AFI_IPV4 = 1, AFI_IPV6 = 2, SAFI_UNICAST = 1, SAFI_FLOW = 133 };

enum {
	TRANSITIVITY = BGP_FLAG_OPTIONAL | BGP_FLAG_TRANSITIVE,
	WELL_KNOWN = BGP_FLAG_TRANSITIVE,
	OPTIONAL = BGP_FLAG_OPTIONAL,
	OPTIONAL_TRANSITIVE = BGP_FLAG_OPTIONAL | BGP_FLAG_TRANSITIVE,
};

/* The flags that a type must have; 0: not known here. */
static const uint8_t EXPECTED_FLAGS[256] = {
	[BGP_ATTR_ORIGIN] = WELL_KNOWN,
	[BGP_ATTR_AS_PATH] = WELL_KNOWN,
	[BGP_ATTR_NEXT_HOP] = WELL_KNOWN,
	[BGP_ATTR_MED] = OPTIONAL,
	[BGP_ATTR_LOCAL_PREF] = WELL_KNOWN,
	[BGP_ATTR_ATOMIC_AGGREGATE] = WELL_KNOWN,
	[BGP_ATTR_AGGREGATOR] = OPTIONAL_TRANSITIVE,
	[BGP_ATTR_COMMUNITIES] = OPTIONAL_TRANSITIVE,
	[BGP_ATTR_ORIGINATOR_ID] = OPTIONAL,
	[BGP_ATTR_CLUSTER_LIST] = OPTIONAL,
	[BGP_ATTR_MP_REACH] = OPTIONAL,
	[BGP_ATTR_MP_UNREACH] = OPTIONAL,
	[BGP_ATTR_EXT_COMMUNITIES] = OPTIONAL_TRANSITIVE,
	[BGP_ATTR_AS4_PATH] = OPTIONAL_TRANSITIVE,
	[BGP_ATTR_AS4_AGGREGATOR] = OPTIONAL_TRANSITIVE,
	[BGP_ATTR_IPV6_EXT_COMMUNITIES] = OPTIONAL_TRANSITIVE,
	[BGP_ATTR_AIGP] = OPTIONAL,
	[BGP_ATTR_LARGE_COMMUNITIES] = OPTIONAL_TRANSITIVE,
	[BGP_ATTR_OTC] = OPTIONAL_TRANSITIVE,
	[BGP_ATTR_SET] = OPTIONAL_TRANSITIVE,
};

static void
remark(struct bgp_reader *r, uint8_t type, enum bgp_reason reason, enum bgp_action action)
{
	struct bgp_update *out = r->out;
	r->withdraw |= action == BGP_ACTION_WITHDRAW;
	/* The last place is for what decides, if the others are full of trifles. */
	if (out->remark_count == BGP_REMARKS_MAX && action == BGP_ACTION_DISCARD)
		return;
	unsigned at =
		out->remark_count < BGP_REMARKS_MAX ? out->remark_count++ : BGP_REMARKS_MAX - 1;
	out->remarks[at] = (struct bgp_remark){type, (uint8_t)reason, (uint8_t)action};
}

void
bgp_reader_discard(struct bgp_reader *r, uint8_t type, enum bgp_reason reason)
{
	remark(r, type, reason, BGP_ACTION_DISCARD);
}

void
bgp_reader_withdraw(struct bgp_reader *r, uint8_t type, enum bgp_reason reason)
{
	remark(r, type, reason, BGP_ACTION_WITHDRAW);
}

int
bgp_reader_reset(struct bgp_reader *r, uint8_t type, enum bgp_reason reason, uint8_t subcode,
		 struct cursor data)
{
	remark(r, type, reason, BGP_ACTION_RESET);
	r->out->error = (struct bgp_error){BGP_ERR_UPDATE, subcode, data};
	return -1;
}

/* --- next hops --- */

/* A host's unicast address that is not ours. Whether it is the right host is for the policy. */
static bool
usable_ipv4(const struct bgp_reader *r, struct ip ip)
{
	uint8_t first = ip.octets[0];
	return first != 0 && first != 127 && first < 224 && !ip_equal(ip, r->peer->own_ipv4);
}

static bool
usable_ipv6(const struct bgp_reader *r, struct ip ip)
{
	static const uint8_t zero[15];
	bool unspecified_or_loopback = memcmp(ip.octets, zero, 15) == 0 && ip.octets[15] <= 1;
	return !unspecified_or_loopback && ip.octets[0] != 0xff && !ip_equal(ip, r->peer->own_ipv6);
}

static struct ip
read_ip(struct cursor *c, enum ip_family family)
{
	struct ip ip = {.family = (uint8_t)family};
	cursor_copy(c, ip.octets, ip_bits(family) / 8);
	return ip;
}

/* --- MP_REACH and MP_UNREACH --- */

/* IP_NONE for what was not negotiated. */
static enum ip_family
family_of(const struct bgp_reader *r, uint16_t afi, uint8_t safi)
{
	if (safi != SAFI_UNICAST)
		return IP_NONE;
	if (afi == AFI_IPV4 && r->peer->ipv4)
		return IP_V4;
	return afi == AFI_IPV6 && r->peer->ipv6 ? IP_V6 : IP_NONE;
}

/* The same for rules about traffic. */
static enum ip_family
flow_family_of(const struct bgp_reader *r, uint16_t afi, uint8_t safi)
{
	if (safi != SAFI_FLOW)
		return IP_NONE;
	if (afi == AFI_IPV4 && r->peer->flow_ipv4)
		return IP_V4;
	return afi == AFI_IPV6 && r->peer->flow_ipv6 ? IP_V6 : IP_NONE;
}

static bool
has_path_ids(const struct bgp_reader *r, enum ip_family family)
{
	return family == IP_V4 ? r->peer->add_path_ipv4 : r->peer->add_path_ipv6;
}

/* The next hop field of MP_REACH, whose length says what is in it (RFC 2545 section 3, RFC 8950
 * section 3). False: no length that the family can have. */
static bool
read_mp_next_hop(struct bgp_nlri *out, struct cursor field)
{
	size_t length = cursor_left(&field);
	if (length == 4 && out->family == IP_V4) {
		out->next_hop = read_ip(&field, IP_V4);
		return true;
	}
	if (length != 16 && length != 32)
		return false;
	out->next_hop = read_ip(&field, IP_V6);
	if (length == 32) {
		struct ip second = read_ip(&field, IP_V6);
		bool link_local = second.octets[0] == 0xfe && (second.octets[1] & 0xc0) == 0x80;
		if (link_local)
			out->link_local = second;
	}
	return true;
}

static bool
usable_mp_next_hop(const struct bgp_reader *r, const struct bgp_nlri *nlri)
{
	if (nlri->next_hop.family == IP_V4)
		return usable_ipv4(r, nlri->next_hop);
	bool allowed = nlri->family == IP_V6 || r->peer->extended_next_hop;
	return allowed && usable_ipv6(r, nlri->next_hop);
}

/* A list whose frame is broken costs the family, not the session: RFC 7606 section 2. */
static bool
take_flow(struct bgp_reader *r, const struct bgp_attribute *a, struct cursor rules,
	  struct bgp_flow *out)
{
	if (!rules.failed && bgp_flow_sound(rules)) {
		if (cursor_left(&rules))
			out->rules = rules;
		else
			out->family = IP_NONE;
		return true;
	}
	*(out->family == IP_V4 ? &r->out->flow_lost_ipv4 : &r->out->flow_lost_ipv6) = true;
	out->family = IP_NONE;
	bgp_reader_discard(r, a->type, BGP_REASON_FLOW);
	return false;
}

/* `value` is at the next hop, which means nothing here, whatever its length (RFC 8955 section 4). */
static void
read_flow_reach(struct bgp_reader *r, const struct bgp_attribute *a, struct cursor value)
{
	cursor_skip(&value, cursor_u8(&value));
	cursor_skip(&value, 1); /* reserved */
	(void)take_flow(r, a, value, &r->out->flow_announced);
}

/* RFC 4760 section 3, RFC 7606 section 7.11. */
static int
read_mp_reach(struct bgp_reader *r, const struct bgp_attribute *a)
{
	struct cursor value = a->value;
	uint16_t afi = cursor_u16(&value);
	uint8_t safi = cursor_u8(&value);
	struct bgp_nlri nlri = {.family = family_of(r, afi, safi)};
	if (value.failed)
		return bgp_reader_reset(r, a->type, BGP_REASON_LENGTH, BGP_ERR_UPDATE_OPTIONAL,
					a->whole);
	r->out->flow_announced.family = flow_family_of(r, afi, safi);
	if (r->out->flow_announced.family != IP_NONE) {
		read_flow_reach(r, a, value);
		r->flow_reach = true;
		return 0;
	}
	enum ip_family sr = bgp_sr_family(r, afi, safi);
	if (sr != IP_NONE) {
		bgp_sr_read_reach(r, sr, value);
		return 0;
	}
	if (nlri.family == IP_NONE) {
		/* RFC 4760 section 6: of families that were not agreed on nothing is understood. */
		bgp_reader_discard(r, a->type, BGP_REASON_FAMILY);
		r->foreign_reach = true;
		return 0;
	}
	struct cursor next_hop = cursor_sub(&value, cursor_u8(&value));
	if (!read_mp_next_hop(&nlri, next_hop))
		return bgp_reader_reset(r, a->type, BGP_REASON_MP_NEXT_HOP_LENGTH,
					BGP_ERR_UPDATE_OPTIONAL, a->whole);
	cursor_skip(&value, 1); /* reserved, any value */
	nlri.add_path = has_path_ids(r, nlri.family);
	nlri.prefixes = value;
	if (value.failed || !bgp_nlri_sound(value, nlri.family, nlri.add_path))
		return bgp_reader_reset(r, a->type, BGP_REASON_PREFIX, BGP_ERR_UPDATE_OPTIONAL,
					a->whole);
	if (!cursor_left(&value))
		return 0;
	if (!usable_mp_next_hop(r, &nlri))
		bgp_reader_withdraw(r, a->type, BGP_REASON_NEXT_HOP);
	r->out->announced[r->out->announced_count++] = nlri;
	return 0;
}

static void
read_flow_unreach(struct bgp_reader *r, const struct bgp_attribute *a, struct bgp_flow flow,
		  struct cursor rules)
{
	enum ip_family family = flow.family;
	if (!take_flow(r, a, rules, &flow))
		return;
	r->out->flow_withdrawn[0] = flow;
	if (cursor_left(&rules))
		return;
	r->out->end_of_rib = family; /* if nothing else is in the message */
	r->out->end_of_flow = true;
}

static int
read_mp_unreach(struct bgp_reader *r, const struct bgp_attribute *a)
{
	struct cursor value = a->value;
	uint16_t afi = cursor_u16(&value);
	uint8_t safi = cursor_u8(&value);
	struct bgp_nlri nlri = {.family = family_of(r, afi, safi)};
	if (value.failed)
		return bgp_reader_reset(r, a->type, BGP_REASON_LENGTH, BGP_ERR_UPDATE_OPTIONAL,
					a->whole);
	struct bgp_flow flow = {.family = flow_family_of(r, afi, safi)};
	if (flow.family != IP_NONE) {
		read_flow_unreach(r, a, flow, value);
		return 0;
	}
	enum ip_family sr = bgp_sr_family(r, afi, safi);
	if (sr != IP_NONE) {
		bgp_sr_read_unreach(r, sr, value);
		return 0;
	}
	if (nlri.family == IP_NONE) {
		bgp_reader_discard(r, a->type, BGP_REASON_FAMILY);
		return 0;
	}
	nlri.add_path = has_path_ids(r, nlri.family);
	nlri.prefixes = value;
	if (!bgp_nlri_sound(value, nlri.family, nlri.add_path))
		return bgp_reader_reset(r, a->type, BGP_REASON_PREFIX, BGP_ERR_UPDATE_OPTIONAL,
					a->whole);
	if (cursor_left(&value))
		r->out->withdrawn[r->out->withdrawn_count++] = nlri;
	else
		r->out->end_of_rib = nlri.family; /* if nothing else is in the message */
	return 0;
}

/* --- the other attributes --- */

void
bgp_reader_pass_on(struct bgp_reader *r, uint8_t flags, uint8_t type, struct cursor value)
{
	struct bgp_scratch *s = r->scratch;
	(void)bgp_types_add(s->others, type);
	s->other[type].value = value.at;
	s->other[type].length = (uint16_t)cursor_left(&value);
	s->other[type].flags = flags & (TRANSITIVITY | BGP_FLAG_PARTIAL);
}

void
bgp_reader_take_path(struct bgp_reader *r, struct cursor path, const struct bgp_path_facts *facts)
{
	struct bgp_attrs *attrs = &r->out->attrs;
	attrs->as_path = path;
	attrs->as_hops = facts->hops;
	attrs->first_as = facts->first;
	attrs->origin_as = facts->origin;
	attrs->has_as_set = facts->has_set;
	r->has_path = true;
}

/* RFC 7606 section 7.2, RFC 5065 section 5, RFC 7607. */
static void
read_as_path(struct bgp_reader *r, struct cursor value)
{
	struct bgp_path_facts facts;
	enum bgp_reason reason = bgp_as_path_read(&facts, value, r->peer->as4 ? 4 : 2);
	if (reason == BGP_REASON_NONE && facts.has_confederation)
		reason = BGP_REASON_CONFEDERATION;
	if (reason != BGP_REASON_NONE) {
		bgp_reader_withdraw(r, BGP_ATTR_AS_PATH, reason);
		return;
	}
	if (r->peer->as4) {
		bgp_reader_take_path(r, value, &facts);
		return;
	}
	r->path2 = value;
	r->out->attrs.as_hops = facts.hops;
	r->has_path = true;
}

/* RFC 6793 section 6: whatever is wrong with it, only the attribute goes. */
static void
read_as4_path(struct bgp_reader *r, struct cursor value)
{
	struct bgp_path_facts facts;
	if (r->peer->as4) {
		bgp_reader_discard(r, BGP_ATTR_AS4_PATH, BGP_REASON_AS4_UNEXPECTED);
	} else if (cursor_left(&value) < 6 ||
		   bgp_as_path_read(&facts, value, 4) != BGP_REASON_NONE) {
		bgp_reader_discard(r, BGP_ATTR_AS4_PATH, BGP_REASON_AS4_MALFORMED);
	} else {
		r->path4 = value;
		r->path4_hops = facts.hops;
	}
}

static void
read_as4_aggregator(struct bgp_reader *r, struct cursor value)
{
	struct cursor number = value;
	if (r->peer->as4)
		bgp_reader_discard(r, BGP_ATTR_AS4_AGGREGATOR, BGP_REASON_AS4_UNEXPECTED);
	else if (cursor_left(&value) != 8 || !cursor_u32(&number))
		bgp_reader_discard(r, BGP_ATTR_AS4_AGGREGATOR, BGP_REASON_AS4_MALFORMED);
	else
		r->aggregator4 = value;
}

/* RFC 7606 section 7.7, RFC 7607. */
static void
read_aggregator(struct bgp_reader *r, const struct bgp_attribute *a)
{
	struct cursor number = a->value;
	bool as4 = r->peer->as4;
	if (cursor_left(&a->value) != (as4 ? 8 : 6)) {
		bgp_reader_discard(r, a->type, BGP_REASON_LENGTH);
	} else if ((as4 ? cursor_u32(&number) : cursor_u16(&number)) == 0) {
		bgp_reader_discard(r, a->type, BGP_REASON_AS_ZERO);
	} else {
		r->aggregator = a->value;
		r->aggregator_flags = a->flags;
	}
}

/* Lists of communities: RFC 7606 sections 7.8 and 7.14, RFC 8092 section 6. */
static void
read_communities(struct bgp_reader *r, const struct bgp_attribute *a, struct cursor *out,
		 size_t each, uint8_t partial_bit)
{
	size_t length = cursor_left(&a->value);
	if (!length || length % each) {
		bgp_reader_withdraw(r, a->type, BGP_REASON_LENGTH);
		return;
	}
	*out = a->value;
	if (a->flags & BGP_FLAG_PARTIAL)
		r->out->attrs.partial |= partial_bit;
}

static bool
among(const uint8_t *list, size_t count, const uint8_t *entry)
{
	for (size_t i = 0; i < count; i++)
		if (memcmp(list + 12 * i, entry, 12) == 0)
			return true;
	return false;
}

/* As `among`, by a hash table of places in `list`; a new entry takes the next place. */
static bool
among_many(struct bgp_scratch *s, size_t count, const uint8_t *entry)
{
	size_t mask = sizeof(s->slots) / sizeof(s->slots[0]) - 1;
	for (size_t at = hash_bytes(entry, 12) & mask;; at = (at + 1) & mask) {
		if (!s->slots[at]) {
			s->slots[at] = (uint16_t)(count + 1);
			return false;
		}
		if (memcmp(s->large + 12 * (s->slots[at] - 1), entry, 12) == 0)
			return true;
	}
}

/* RFC 8092 section 5: redundant values are removed, silently. */
static struct cursor
without_duplicates(struct bgp_scratch *s, struct cursor value)
{
	size_t length = cursor_left(&value), used = 0;
	bool many = length > (size_t)16 * 12;
	struct cursor from = value;
	if (many)
		memset(s->slots, 0, sizeof(s->slots));
	while (cursor_left(&from)) {
		const uint8_t *entry = cursor_take(&from, 12);
		bool again = many ? among_many(s, used, entry) : among(s->large, used, entry);
		if (!again)
			memcpy(s->large + 12 * used++, entry, 12);
	}
	return used * 12 == length ? value : cursor_of(s->large, used * 12);
}

/* The next attribute of `list`, which is not empty. BGP_REASON_NONE, or what RFC 7606 section 4
 * calls it when the list ends before the attribute; then nothing is left of the list. */
enum bgp_reason
bgp_attribute_take(struct bgp_attribute *a, struct cursor *list)
{
	struct cursor whole = *list;
	bool extended = list->at[0] & BGP_FLAG_EXTENDED;
	bool has_head = cursor_left(list) >= (extended ? 4 : 3);
	a->flags = cursor_u8(list);
	a->type = cursor_u8(list);
	a->value = cursor_sub(list, extended ? cursor_u16(list) : cursor_u8(list));
	if (!has_head)
		return BGP_REASON_LIST_UNDERRUN;
	if (a->value.failed)
		return BGP_REASON_LIST_OVERRUN;
	whole.end = list->at;
	a->whole = whole;
	return BGP_REASON_NONE;
}

/* RFC 7606 section 7.16: the attributes inside; only their frame is judged, for we do not look
 * further into it than to pass it on. */
static void
read_attr_set(struct bgp_reader *r, const struct bgp_attribute *a)
{
	struct cursor inner = a->value;
	struct bgp_attribute one;
	cursor_skip(&inner, 4); /* the AS it is from */
	if (inner.failed) {
		bgp_reader_withdraw(r, a->type, BGP_REASON_LENGTH);
		return;
	}
	while (cursor_left(&inner)) {
		if (bgp_attribute_take(&one, &inner) != BGP_REASON_NONE) {
			bgp_reader_withdraw(r, a->type, BGP_REASON_INNER);
			return;
		}
	}
	bgp_reader_pass_on(r, a->flags, a->type, a->value);
}

/* Right length or treated as withdrawn. */
static bool
length_is(struct bgp_reader *r, const struct bgp_attribute *a, size_t length)
{
	if (cursor_left(&a->value) == length)
		return true;
	bgp_reader_withdraw(r, a->type, BGP_REASON_LENGTH);
	return false;
}

static void
read_origin(struct bgp_reader *r, const struct bgp_attribute *a)
{
	struct cursor value = a->value;
	if (!length_is(r, a, 1))
		return;
	r->out->attrs.origin = cursor_u8(&value);
	if (r->out->attrs.origin > BGP_ORIGIN_INCOMPLETE)
		bgp_reader_withdraw(r, a->type, BGP_REASON_ORIGIN_VALUE);
}

static void
read_next_hop(struct bgp_reader *r, const struct bgp_attribute *a)
{
	struct cursor value = a->value;
	if (!length_is(r, a, 4))
		return;
	r->next_hop = read_ip(&value, IP_V4);
	r->bad_next_hop = !usable_ipv4(r, r->next_hop);
}

static void
read_med(struct bgp_reader *r, const struct bgp_attribute *a)
{
	struct cursor value = a->value;
	if (!length_is(r, a, 4))
		return;
	r->out->attrs.has_med = true;
	r->out->attrs.med = cursor_u32(&value);
}

static void
read_otc(struct bgp_reader *r, const struct bgp_attribute *a)
{
	struct cursor value = a->value;
	if (!length_is(r, a, 4))
		return; /* RFC 9234 section 5 */
	r->out->attrs.has_otc = true;
	r->out->attrs.otc.number = cursor_u32(&value);
	bgp_reader_pass_on(r, a->flags, a->type, a->value);
}

/* RFC 7606 sections 7.5, 7.9 and 7.10. */
static void
read_internal(struct bgp_reader *r, const struct bgp_attribute *a)
{
	struct bgp_attrs *attrs = &r->out->attrs;
	struct cursor value = a->value;
	if (a->type == BGP_ATTR_CLUSTER_LIST) {
		if (!cursor_left(&value) || cursor_left(&value) % 4)
			bgp_reader_withdraw(r, a->type, BGP_REASON_LENGTH);
		else
			attrs->cluster_list = value;
		return;
	}
	if (!length_is(r, a, 4))
		return;
	if (a->type == BGP_ATTR_LOCAL_PREF) {
		attrs->has_local_pref = true;
		attrs->local_pref = cursor_u32(&value);
	} else {
		attrs->has_originator = true;
		attrs->originator = cursor_u32(&value);
	}
}

/* One attribute of a known type with the right flags. */
static int
read_known(struct bgp_reader *r, const struct bgp_attribute *a)
{
	struct bgp_attrs *attrs = &r->out->attrs;
	switch (a->type) {
	case BGP_ATTR_ORIGIN:
		read_origin(r, a);
		return 0;
	case BGP_ATTR_AS_PATH:
		read_as_path(r, a->value);
		return 0;
	case BGP_ATTR_NEXT_HOP:
		read_next_hop(r, a);
		return 0;
	case BGP_ATTR_MED:
		read_med(r, a);
		return 0;
	case BGP_ATTR_LOCAL_PREF:
	case BGP_ATTR_ORIGINATOR_ID:
	case BGP_ATTR_CLUSTER_LIST:
		if (r->peer->internal) {
			read_internal(r, a);
			return 0;
		}
		bgp_reader_discard(r, a->type, BGP_REASON_INTERNAL_ONLY);
		return 0;
	case BGP_ATTR_AIGP: /* RFC 7311 section 3.3: ignored where it was not agreed on */
		bgp_reader_discard(r, a->type, BGP_REASON_INTERNAL_ONLY);
		return 0;
	case BGP_ATTR_ATOMIC_AGGREGATE:
		if (cursor_left(&a->value))
			bgp_reader_discard(r, a->type, BGP_REASON_LENGTH);
		else
			bgp_reader_pass_on(r, a->flags, a->type, a->value);
		return 0;
	case BGP_ATTR_AGGREGATOR:
		read_aggregator(r, a);
		return 0;
	case BGP_ATTR_COMMUNITIES:
		read_communities(r, a, &attrs->communities, 4, 1);
		return 0;
	case BGP_ATTR_EXT_COMMUNITIES:
		read_communities(r, a, &attrs->ext_communities, 8, 2);
		return 0;
	case BGP_ATTR_LARGE_COMMUNITIES:
		read_communities(r, a, &attrs->large_communities, 12, 4);
		if (cursor_left(&attrs->large_communities) > 12)
			attrs->large_communities =
				without_duplicates(r->scratch, attrs->large_communities);
		return 0;
	case BGP_ATTR_IPV6_EXT_COMMUNITIES: /* RFC 7606 section 7.15 */
		if (!cursor_left(&a->value) || cursor_left(&a->value) % 20)
			bgp_reader_withdraw(r, a->type, BGP_REASON_LENGTH);
		else
			bgp_reader_pass_on(r, a->flags, a->type, a->value);
		return 0;
	case BGP_ATTR_TUNNEL:
		bgp_reader_pass_on(r, a->flags, a->type, a->value);
		return 0;
	case BGP_ATTR_MP_REACH:
		return read_mp_reach(r, a);
	case BGP_ATTR_MP_UNREACH:
		return read_mp_unreach(r, a);
	case BGP_ATTR_AS4_PATH:
		read_as4_path(r, a->value);
		return 0;
	case BGP_ATTR_AS4_AGGREGATOR:
		read_as4_aggregator(r, a->value);
		return 0;
	case BGP_ATTR_OTC:
		read_otc(r, a);
		return 0;
	default:
		assert(a->type == BGP_ATTR_SET);
		read_attr_set(r, a);
		return 0;
	}
}

/* RFC 4271 sections 5 and 6.3. */
static int
read_unknown(struct bgp_reader *r, const struct bgp_attribute *a)
{
	if (!(a->flags & BGP_FLAG_OPTIONAL))
		return bgp_reader_reset(r, a->type, BGP_REASON_WELL_KNOWN,
					BGP_ERR_UPDATE_WELL_KNOWN, a->whole);
	if (a->flags & BGP_FLAG_TRANSITIVE)
		bgp_reader_pass_on(r, a->flags | BGP_FLAG_PARTIAL, a->type, a->value);
	else
		bgp_reader_discard(r, a->type, BGP_REASON_NOT_TRANSITIVE);
	return 0;
}

bool
bgp_attribute_has_prefixes(uint8_t type)
{
	return type == BGP_ATTR_MP_REACH || type == BGP_ATTR_MP_UNREACH;
}

int
bgp_attribute_read(struct bgp_reader *r, const struct bgp_attribute *a)
{
	if (bgp_types_add(r->seen, a->type)) {
		/* RFC 7606 section 3 g. */
		if (bgp_attribute_has_prefixes(a->type))
			return bgp_reader_reset(r, a->type, BGP_REASON_MP_TWICE,
						BGP_ERR_UPDATE_LIST, cursor_of(NULL, 0));
		bgp_reader_discard(r, a->type, BGP_REASON_DUPLICATE);
		return 0;
	}
	uint8_t expected = EXPECTED_FLAGS[a->type];
	if (a->type == BGP_ATTR_TUNNEL && (r->peer->sr_ipv4 || r->peer->sr_ipv6))
		expected = OPTIONAL_TRANSITIVE; /* else it means nothing here */
	if (!expected)
		return read_unknown(r, a);
	if ((a->flags & TRANSITIVITY) == expected)
		return read_known(r, a);
	/* RFC 7606 section 3 c; RFC 7311 section 3.2 says otherwise of AIGP. Prefixes in it are
	 * still needed. */
	if (a->type == BGP_ATTR_AIGP)
		bgp_reader_discard(r, a->type, BGP_REASON_FLAGS);
	else
		bgp_reader_withdraw(r, a->type, BGP_REASON_FLAGS);
	return bgp_attribute_has_prefixes(a->type) ? read_known(r, a) : 0;
}
