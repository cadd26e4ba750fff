/* Reading an UPDATE.
 *
 * RFC 7606 in short: an error is answered as softly as the prefixes it concerns can still be told.
 *
 *	discard		the attribute is dropped, the routes live (sections 3 f, 3 g, 7.5 to 7.7, 7.9, 7.10)
 *	withdraw	the routes of this UPDATE are taken as withdrawn (most of sections 3, 4 and 7)
 *	reset		the prefixes themselves cannot be told (sections 3 b, 3 j, 5.2, 5.3, 7.11)
 *
 * The list of attributes is walked once. Each value is read in a cursor of its own, so whatever
 * happens inside, the walk goes on at its end. What is to be reset ends the walk; what is to be
 * withdrawn is remembered, for something worse may come. */
#include "exchange/bgp/bgp_update.h"

#include <assert.h>
#include <string.h>

#include "exchange/bgp/bgp_as_path.h"
#include "exchange/bgp/bgp_reader.h"

static int
read_attributes(struct bgp_reader *r, struct cursor list)
{
	struct bgp_attribute a;
	while (cursor_left(&list)) {
		enum bgp_reason reason = bgp_attribute_take(&a, &list);
		if (reason == BGP_REASON_NONE) {
			if (bgp_attribute_read(r, &a) < 0)
				return -1;
			continue;
		}
		/* Prefixes in an attribute that is cut cannot all be read: RFC 7606 section 3 j. */
		if (reason == BGP_REASON_LIST_OVERRUN && bgp_attribute_has_prefixes(a.type))
			return bgp_reader_reset(r, a.type, reason, BGP_ERR_UPDATE_LIST,
						cursor_of(NULL, 0));
		bgp_reader_withdraw(r, 0, reason);
		r->broken_list = true;
	}
	return 0;
}

/* --- after the walk --- */

static const uint8_t *
put_aggregator(uint8_t out[8], uint32_t as, struct cursor address)
{
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)(as >> (24 - 8 * i));
	cursor_copy(&address, out + 4, 4);
	return out;
}

/* AGGREGATOR and AS4_AGGREGATOR of a 2-octet speaker become one (RFC 6793 section 4.2.3). Returns
 * whether AS4_PATH may be believed. */
static bool
settle_aggregator(struct bgp_reader *r)
{
	bool as4_counts = true;
	if (!cursor_left(&r->aggregator)) {
		if (cursor_left(&r->aggregator4))
			bgp_reader_discard(r, BGP_ATTR_AS4_AGGREGATOR, BGP_REASON_AS4_IGNORED);
		return true;
	}
	if (r->peer->as4) {
		bgp_reader_pass_on(r, r->aggregator_flags, BGP_ATTR_AGGREGATOR, r->aggregator);
		return true;
	}
	struct cursor address = r->aggregator;
	uint32_t as = cursor_u16(&address);
	if (cursor_left(&r->aggregator4)) {
		as4_counts = as == ASN_TRANS;
		if (as4_counts) {
			address = r->aggregator4;
			as = cursor_u32(&address);
		} else {
			bgp_reader_discard(r, BGP_ATTR_AS4_AGGREGATOR, BGP_REASON_AS4_IGNORED);
		}
	}
	const uint8_t *value = put_aggregator(r->scratch->aggregator, as, address);
	bgp_reader_pass_on(r, r->aggregator_flags, BGP_ATTR_AGGREGATOR, cursor_of(value, 8));
	return as4_counts;
}

/* The path of a 2-octet speaker with all numbers in 4 octets. */
static void
settle_path(struct bgp_reader *r, bool as4_counts)
{
	struct bgp_path_facts facts;
	struct bgp_scratch *s = r->scratch;
	if (r->peer->as4 || !r->has_path)
		return;
	struct cursor path4 = r->path4;
	if (cursor_left(&path4) && (!as4_counts || r->path4_hops > r->out->attrs.as_hops)) {
		bgp_reader_discard(r, BGP_ATTR_AS4_PATH, BGP_REASON_AS4_IGNORED);
		path4 = cursor_of(NULL, 0);
	}
	size_t length = bgp_as_path_merge(s->path, sizeof(s->path), r->path2, path4);
	bool lost = !length && cursor_left(&r->path2);
	if (lost || length > UINT16_MAX) {
		bgp_reader_withdraw(r, BGP_ATTR_AS_PATH, BGP_REASON_PATH_TOO_LONG);
		return;
	}
	struct cursor path = cursor_of(s->path, length);
	enum bgp_reason reason = bgp_as_path_read(&facts, path, 4);
	assert(reason == BGP_REASON_NONE);
	bgp_reader_take_path(r, path, &facts);
}

/* Writes what is passed on, in order of type. */
static void
settle_others(struct bgp_reader *r)
{
	struct bgp_scratch *s = r->scratch;
	struct buf to = {.data = s->list, .capacity = sizeof(s->list)};
	for (unsigned word = 0; word < 4; word++) {
		for (uint64_t left = s->others[word]; left; left &= left - 1) {
			unsigned type = 64 * word + (unsigned)__builtin_ctzll(left);
			bgp_attr_put(&to, s->other[type].flags, (uint8_t)type,
				     cursor_of(s->other[type].value, s->other[type].length));
		}
	}
	/* Never longer than the list it came from, but for AGGREGATOR's two octets: it cannot have
	 * moved. */
	assert(to.data == s->list);
	r->out->attrs.others = cursor_of(s->list, to.length);
}

/* RFC 7606 section 3 d. */
static void
check_mandatory(struct bgp_reader *r, bool classic)
{
	static const uint8_t always[] = {BGP_ATTR_ORIGIN, BGP_ATTR_AS_PATH};
	for (size_t i = 0; i < sizeof(always); i++)
		if (!bgp_types_have(r->seen, always[i]))
			bgp_reader_withdraw(r, always[i], BGP_REASON_MISSING);
	if (!classic)
		return; /* RFC 4760 section 3: NEXT_HOP is for the NLRI field only */
	if (!bgp_types_have(r->seen, BGP_ATTR_NEXT_HOP))
		bgp_reader_withdraw(r, BGP_ATTR_NEXT_HOP, BGP_REASON_MISSING);
	else if (r->bad_next_hop)
		bgp_reader_withdraw(r, BGP_ATTR_NEXT_HOP, BGP_REASON_NEXT_HOP);
}

/* The prefixes in the classic fields join the lists; those of a peer with whom IPv4 was not agreed
 * on are left out. */
static void
take_classic(struct bgp_reader *r, struct cursor withdrawn, struct cursor announced)
{
	struct bgp_update *out = r->out;
	bool any = cursor_left(&withdrawn) || cursor_left(&announced);
	bool add_path = r->peer->add_path_ipv4;
	if (any && !r->peer->ipv4) {
		bgp_reader_discard(r, 0, BGP_REASON_FAMILY);
		return;
	}
	if (cursor_left(&withdrawn))
		out->withdrawn[out->withdrawn_count++] = (struct bgp_nlri){
			.family = IP_V4, .add_path = add_path, .prefixes = withdrawn};
	if (!cursor_left(&announced))
		return;
	/* Before what MP_REACH announces, as the header says. */
	out->announced[1] = out->announced[0];
	out->announced[0] = (struct bgp_nlri){.family = IP_V4,
					      .add_path = add_path,
					      .prefixes = announced,
					      .next_hop = r->next_hop};
	out->announced_count++;
}

static void
announced_to_withdrawn(struct bgp_update *out)
{
	for (unsigned i = 0; i < out->announced_count; i++)
		out->withdrawn[out->withdrawn_count++] = out->announced[i];
	out->announced_count = 0;
	out->flow_withdrawn[1] = out->flow_announced;
	out->flow_announced.family = IP_NONE;
	out->sr_withdrawn[1] = out->sr_announced;
	out->sr_announced.family = IP_NONE;
	out->verdict = BGP_VERDICT_WITHDRAW;
}

/* The list holds MP_UNREACH and nothing else. */
static bool
only_unreach(const struct bgp_reader *r)
{
	return !r->broken_list && r->seen[0] == UINT64_C(1) << BGP_ATTR_MP_UNREACH && !r->seen[1] &&
	       !r->seen[2] && !r->seen[3];
}

/* RFC 4724 section 2: nothing at all, or only an empty MP_UNREACH. */
static void
find_end_of_rib(struct bgp_reader *r, bool any_classic, bool any_attribute)
{
	struct bgp_update *out = r->out;
	if (!any_classic && !any_attribute && r->peer->ipv4)
		out->end_of_rib = IP_V4;
	else if (any_classic || !only_unreach(r) || r->withdraw)
		out->end_of_rib = IP_NONE;
	out->end_of_flow &= out->end_of_rib != IP_NONE;
	out->end_of_sr &= out->end_of_rib != IP_NONE;
}

/* Judges the whole. */
static int
settle(struct bgp_reader *r, struct cursor withdrawn, struct cursor list, struct cursor announced)
{
	struct bgp_update *out = r->out;
	bool reach = cursor_left(&announced) || out->announced_count || r->foreign_reach ||
		     r->flow_reach || r->sr_reach;
	take_classic(r, withdrawn, announced);
	bool any = out->announced_count || out->flow_announced.family != IP_NONE ||
		   out->sr_announced.family != IP_NONE;
	if (out->sr_announced.family != IP_NONE)
		bgp_sr_judge(r);
	if (any)
		check_mandatory(r, cursor_left(&announced) && r->peer->ipv4);
	/* RFC 7606 section 5.2: errors and no announced prefix: perhaps we could not see it. */
	if (r->withdraw && !reach && !only_unreach(r))
		return bgp_reader_reset(r, 0, BGP_REASON_NO_PREFIXES, BGP_ERR_UPDATE_LIST,
					cursor_of(NULL, 0));
	find_end_of_rib(r, cursor_left(&withdrawn) || cursor_left(&announced),
			cursor_left(&list) > 0);
	if (any && !r->withdraw) {
		settle_path(r, settle_aggregator(r));
		settle_others(r);
		out->attrs.next_hop = out->announced[0].next_hop; /* none beside rules alone */
		out->attrs.link_local = out->announced[0].link_local;
	}
	if (r->withdraw)
		announced_to_withdrawn(out);
	return 0;
}

static int
read_body(struct bgp_reader *r, struct cursor body)
{
	struct cursor nothing = cursor_of(NULL, 0);
	struct cursor withdrawn = cursor_sub(&body, cursor_u16(&body));
	struct cursor list = cursor_sub(&body, cursor_u16(&body));
	if (body.failed) /* RFC 7606 section 3 b */
		return bgp_reader_reset(r, 0, BGP_REASON_FRAME, BGP_ERR_UPDATE_LIST, nothing);
	bool add_path = r->peer->add_path_ipv4;
	if (!bgp_nlri_sound(withdrawn, IP_V4, add_path) || !bgp_nlri_sound(body, IP_V4, add_path))
		return bgp_reader_reset(r, 0, BGP_REASON_PREFIX, BGP_ERR_UPDATE_NETWORK, nothing);
	if (read_attributes(r, list) < 0)
		return -1;
	return settle(r, withdrawn, list, body);
}

enum bgp_verdict
bgp_update_read(struct bgp_update *out, struct cursor body, const struct bgp_peer *peer,
		struct bgp_scratch *scratch)
{
	assert(cursor_left(&body) <= BGP_MAX_EXTENDED - BGP_HEADER);
	struct bgp_reader r = {.out = out, .peer = peer, .scratch = scratch};
	*out = (struct bgp_update){.verdict = BGP_VERDICT_OK};
	memset(scratch->others, 0, sizeof(scratch->others));
	if (read_body(&r, body) < 0) {
		out->withdrawn_count = out->announced_count = 0;
		out->flow_withdrawn[0] = out->flow_withdrawn[1] = out->flow_announced =
			(struct bgp_flow){0};
		out->sr_withdrawn[0] = out->sr_withdrawn[1] = out->sr_announced =
			(struct bgp_sr){0};
		out->end_of_rib = IP_NONE;
		out->verdict = BGP_VERDICT_RESET;
	}
	return out->verdict;
}
