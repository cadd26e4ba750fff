/* Attributes as they are sent: what was said to the route server taken out, what the receivers are
 * to see put in. RFC 7947 leaves path, next hop and MED as they came; what is changed here was asked
 * for, by the sender, the receiver or the operator. */
#include <assert.h>
#include <string.h>

#include "exchange/bgp/bgp_as_path.h"
#include "exchange/policy/policy_private.h"

enum {
	OTHER_ROUTER = 1200,        /* n of RS:1001:n, as users of IXP Manager know it */
	UNKNOWN_PLACE = UINT16_MAX, /* as DE-CIX tells it */
};

/* Where in the scratch memory something stands: it moves while it grows. */
struct stretch {
	size_t at, length;
};

struct writer {
	const struct policy *policy;
	const struct policy_sent *sent;
	const struct policy_member *from;
	const struct policy_session *session;
	struct buf *to;
	struct asn otc; /* that is put in; 0: none */
};

static struct cursor
cursor_at(const struct buf *scratch, struct stretch stretch)
{
	if (!stretch.length || scratch->failed)
		return (struct cursor){0};
	return cursor_of(scratch->data + stretch.at, stretch.length);
}

/* --- the path --- */

/* `first` before all, then so many of the member's own, then the path: the first segment is made
 * longer where it can be. */
static struct stretch
write_path(struct writer *w)
{
	struct cursor path = w->sent->attrs->as_path, ahead = path;
	unsigned times = w->sent->edit & EDIT_PREPEND;
	bool hub_first = w->sent->edit & EDIT_HUB_FIRST;
	unsigned more = times + hub_first, joined = 0;
	struct stretch stretch = {w->to->length, 0};
	struct bgp_path_segment segment;
	if (cursor_left(&path) && bgp_as_path_next(&segment, &ahead, 4) &&
	    segment.type == BGP_AS_SEQUENCE && segment.count + more <= UINT8_MAX) {
		joined = segment.count;
		cursor_skip(&path, 2);
	}
	buf_u8(w->to, BGP_AS_SEQUENCE);
	buf_u8(w->to, (uint8_t)(joined + more));
	if (hub_first)
		buf_u32(w->to, w->policy->hub_as.number);
	for (unsigned i = 0; i < times; i++)
		buf_u32(w->to, w->from->asn.number);
	buf_put(w->to, path.at, cursor_left(&path));
	stretch.length = w->to->length - stretch.at;
	return stretch;
}

/* --- OTC --- */

/* RFC 9234 section 5, egress rule 1: to those that are customers or clients, unless it is there. */
static struct asn
added_otc(const struct policy *policy, const struct policy_sent *sent)
{
	if (sent->edit & EDIT_TRANSIT)
		return policy_transit_otc(policy, sent);
	bool role = policy->role != ((sent->edit & EDIT_ROLE_OTHER) != 0);
	return role && !sent->attrs->has_otc ? policy->hub_as : (struct asn){0};
}

/* The other attributes with OTC in its place among them, which is by type. */
static struct stretch
write_others(struct writer *w)
{
	struct cursor others = w->sent->attrs->others;
	struct stretch stretch = {w->to->length, 0};
	const uint8_t *start = others.at, *here = others.at;
	while (cursor_left(&others)) {
		here = others.at;
		uint8_t flags = cursor_u8(&others);
		if (cursor_u8(&others) > BGP_ATTR_OTC)
			break;
		size_t length =
			flags & BGP_FLAG_EXTENDED ? cursor_u16(&others) : cursor_u8(&others);
		cursor_skip(&others, length);
		assert(!others.failed);
		here = others.at;
	}
	uint8_t asn[4];
	for (unsigned i = 0; i < 4; i++)
		asn[i] = (uint8_t)(w->otc.number >> (24 - 8 * i));
	if (here != start)
		buf_put(w->to, start, (size_t)(here - start));
	bgp_attr_put(w->to, BGP_FLAG_OPTIONAL | BGP_FLAG_TRANSITIVE, BGP_ATTR_OTC,
		     cursor_of(asn, 4));
	if (here != w->sent->attrs->others.end)
		buf_put(w->to, here, (size_t)(w->sent->attrs->others.end - here));
	stretch.length = w->to->length - stretch.at;
	return stretch;
}

/* --- what the hub tells --- */

/* A pattern with P says the number; one without says that it is its own. */
static void
say(struct writer *w, const struct policy_tell *tell, uint32_t number)
{
	if (tell->p >= 0 || tell->value == number)
		policy_tell_put(w->to, tell, number);
}

static unsigned
rpki_number(enum hub_codes codes, enum rpki_state state)
{
	static const uint8_t numbers[3][5] = {
		[HUB_CODES_EURO_IX] = {[RPKI_NOT_CHECKED] = 3,
				       [RPKI_VALID] = 1,
				       [RPKI_UNKNOWN] = 2,
				       [RPKI_INVALID_AS] = 4,
				       [RPKI_INVALID_LENGTH] = 4},
		[HUB_CODES_AROUTESERVER] = {[RPKI_NOT_CHECKED] = 50,
					    [RPKI_VALID] = 51,
					    [RPKI_UNKNOWN] = 52,
					    [RPKI_INVALID_AS] = 53,
					    [RPKI_INVALID_LENGTH] = 53},
		[HUB_CODES_RFC8097] = {[RPKI_VALID] = 0,
				       [RPKI_UNKNOWN] = 1,
				       [RPKI_INVALID_AS] = 2,
				       [RPKI_INVALID_LENGTH] = 2},
	};
	return numbers[codes][state];
}

static void
tell_reasons(struct writer *w, const struct policy_tell *tell)
{
	uint64_t told = 0; /* several reasons share a code; bit 63 is that of "unknown" */
	/* Whoever hears a route did not find it too large. */
	uint64_t reasons = w->sent->reasons & ~reason_bit(POLICY_TOO_LARGE);
	for (unsigned bit = 0; bit < POLICY_REASONS; bit++) {
		if (!(reasons >> bit & 1) || !policy_reason_text(bit))
			continue;
		unsigned code = tell->codes == HUB_CODES_EURO_IX
					? policy_reason_code(bit)
					: policy_reason_code_arouteserver(bit);
		uint64_t mark = (uint64_t)1 << (code < 63 ? code : 63);
		if (!(told & mark))
			say(w, tell, code);
		told |= mark;
	}
}

/* Is the next hop another router of the member's than the one that announces it? */
static bool
is_other_router(const struct writer *w)
{
	for (size_t i = w->session->own_next_hop_count; i < w->session->next_hop_count; i++)
		if (ip_equal(w->session->next_hops[i], w->sent->attrs->next_hop))
			return true;
	return false;
}

static void
tell_irr(struct writer *w, const struct policy_tell *tell)
{
	unsigned irr = policy_state_irr(w->sent->state);
	unsigned how = irr & POLICY_IRR_HOW;
	bool checked = irr & POLICY_IRR_CHECKED;
	if (tell->codes == HUB_CODES_EURO_IX) {
		if (is_other_router(w))
			say(w, tell, OTHER_ROUTER);
		bool registered = policy_irr_has_prefix(irr) && policy_irr_has_origin(irr);
		bool longer = registered && how == POLICY_IRR_LONGER;
		say(w, tell, !checked ? 2 : longer ? 3 : registered);
		return;
	}
	if (!checked)
		return;
	say(w, tell, irr & POLICY_IRR_HAS_PREFIX ? 11 : 10);
	say(w, tell, irr & POLICY_IRR_HAS_ORIGIN ? 21 : 20);
	if (how == POLICY_IRR_BY_ROA)
		say(w, tell, 31);
	if (how == POLICY_IRR_BY_ARIN)
		say(w, tell, 32);
	if (how == POLICY_IRR_BY_REGISTRO_BR)
		say(w, tell, 33);
	if (how == POLICY_IRR_BY_LIST)
		say(w, tell, 41);
}

static void
tell_rpki(struct writer *w, const struct policy_tell *tell)
{
	enum rpki_state state = policy_state_rpki(w->sent->state);
	/* RFC 8097 section 2 has no number for what was not looked at. */
	if (tell->codes != HUB_CODES_RFC8097 || state != RPKI_NOT_CHECKED)
		say(w, tell, rpki_number(tell->codes, state));
}

static void
tell_number(struct writer *w, const struct policy_tell *tell, uint32_t number)
{
	if (number)
		policy_tell_put(w->to, tell, number);
}

/* Where the route came in; what nobody's place has a number for is not told. */
static void
tell_place(struct writer *w, const struct policy_tell *tell, unsigned kind, uint16_t number)
{
	if (w->policy->place_kinds >> kind & 1)
		policy_tell_put(w->to, tell, number ? number : UNKNOWN_PLACE);
}

static void
tell_one(struct writer *w, const struct policy_tell *tell)
{
	switch (tell->action) {
	case HUB_TELL_REASON:
		tell_reasons(w, tell);
		return;
	case HUB_TELL_REFUSED:
		if (w->sent->refused)
			policy_tell_put(w->to, tell, 0);
		return;
	case HUB_TELL_ANNOUNCER:
		tell_number(w, tell, w->from->asn.number);
		return;
	case HUB_TELL_RPKI:
		tell_rpki(w, tell);
		return;
	case HUB_TELL_IRR:
		tell_irr(w, tell);
		return;
	case HUB_TELL_SITE:
		tell_place(w, tell, 0, w->session->site);
		return;
	case HUB_TELL_METRO:
		tell_place(w, tell, 1, w->session->metro);
		return;
	case HUB_TELL_COUNTRY:
		tell_place(w, tell, 2, w->session->country);
		return;
	default:
		tell_place(w, tell, 3, w->session->continent);
	}
}

/* Why a route is refused or tagged is always told; what else is known goes to those who are to hear
 * it. */
static bool
hears(const struct writer *w, const struct policy_tell *tell)
{
	return tell->to_members || w->sent->refused ||
	       (w->sent->reasons && tell->action == HUB_TELL_REASON && !tell->collectors_only);
}

static unsigned
list_of(enum policy_form form)
{
	return form == POLICY_STANDARD ? 0 : form == POLICY_LARGE ? 2 : 1;
}

static void
tell(struct writer *w, unsigned list)
{
	size_t count;
	const struct policy_tell *tells = policy_pattern_tells(w->policy->patterns, &count);
	for (size_t i = 0; i < count; i++) {
		if (list_of(tells[i].form) != list)
			continue;
		if (hears(w, &tells[i]))
			tell_one(w, &tells[i]);
	}
}

/* --- communities --- */

/* What the hub puts on all routes of the member. */
static void
attach(struct writer *w, unsigned list)
{
	const struct policy_octets *octets = &w->from->attach[list];
	if (octets->length)
		buf_put(w->to, octets->at, octets->length);
}

/* Well-known ones that are put in, at most once each. */
struct well_known {
	uint32_t values[5];
	size_t count;
};

static struct well_known
well_known_of(const struct writer *w)
{
	struct well_known list = {0};
	bool blackhole = policy_discards(w->sent->facts);
	if (w->policy->graceful_shutdown)
		list.values[list.count++] = POLICY_GRACEFUL_SHUTDOWN;
	if (w->sent->stale)
		list.values[list.count++] = POLICY_LLGR_STALE;
	if (blackhole)
		list.values[list.count++] = POLICY_BLACKHOLE_COMMUNITY;
	if (w->sent->edit & EDIT_NO_EXPORT || (blackhole && w->policy->blackhole_no_export))
		list.values[list.count++] = POLICY_NO_EXPORT;
	if (w->sent->edit & EDIT_NO_ADVERTISE)
		list.values[list.count++] = POLICY_NO_ADVERTISE;
	return list;
}

static void
drop(struct well_known *list, uint32_t value)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->values[i] == value)
			list->values[i] = list->values[--list->count];
}

/* Which part of the traffic it is, is told to those that drop it. */
static bool
is_for_fabric(const struct writer *w, const struct policy_word *word)
{
	return w->sent->facts & POLICY_FACT_FABRIC &&
	       policy_word_is_fabric(w->policy->patterns, word);
}

static struct stretch
write_standard(struct writer *w)
{
	struct stretch stretch = {w->to->length, 0};
	struct well_known adds = well_known_of(w);
	struct cursor list = w->sent->attrs->communities;
	struct policy_word word;
	while (policy_standard_next(&word, &list)) {
		uint32_t value = word.fields[0] << 16 | word.fields[1];
		bool stripped = value == POLICY_GRACEFUL_SHUTDOWN &&
				policy_strips_shutdown(w->policy, w->from) &&
				!w->policy->graceful_shutdown;
		bool scrubbed = policy_word_is_scrubbed(w->policy->patterns,
							w->policy->pass_unknown_hub, &word);
		/* RFC 7999 section 3.2: others are to see that it is a blackhole. */
		bool said = policy_word_is_blackhole(&word) && policy_discards(w->sent->facts);
		if (!said && !is_for_fabric(w, &word) && (stripped || scrubbed))
			continue;
		buf_u32(w->to, value);
		drop(&adds, value);
	}
	for (size_t i = 0; i < adds.count; i++)
		buf_u32(w->to, adds.values[i]);
	attach(w, 0);
	tell(w, 0);
	stretch.length = w->to->length - stretch.at;
	return stretch;
}

static struct stretch
write_list(struct writer *w, unsigned number)
{
	struct stretch stretch = {w->to->length, 0};
	struct cursor list =
		number == 1 ? w->sent->attrs->ext_communities : w->sent->attrs->large_communities;
	size_t size = number == 1 ? 8 : 12;
	struct policy_word word;
	for (;;) {
		const uint8_t *octets = list.at;
		if (number == 1 ? !policy_extended_next(&word, &list)
				: !policy_large_next(&word, &list))
			break;
		if (is_for_fabric(w, &word) ||
		    !policy_word_is_scrubbed(w->policy->patterns, w->policy->pass_unknown_hub,
					     &word))
			buf_put(w->to, octets, size);
	}
	attach(w, number);
	tell(w, number);
	if (number == 2 && w->sent->edit & EDIT_TRANSIT)
		policy_transit_tell(w->policy, w->sent, w->to);
	stretch.length = w->to->length - stretch.at;
	return stretch;
}

/* --- together --- */

/* RFC 7999 section 3.2 leaves it to the operator: the exchange's own address that discards, or the
 * next hop as it came. */
static void
turn_to_blackhole(const struct policy *policy, enum ip_family family, struct bgp_attrs *out)
{
	struct ip hole = policy_hole_for(policy, family, out->next_hop);
	if (hole.family == IP_NONE)
		return;
	out->next_hop = hole;
	out->link_local = (struct ip){0};
}

void
policy_edit(const struct policy *policy, const struct policy_sent *sent, struct bgp_attrs *out,
	    struct bgp_communities *communities, struct buf *scratch)
{
	assert(sent->slot < policy->slots && policy->session_at[sent->slot] != HUB_NONE);
	const struct policy_session *session = &policy->sessions[policy->session_at[sent->slot]];
	struct writer w = {policy,  sent,    session->member,
			   session, scratch, added_otc(policy, sent)};
	*out = *sent->attrs;
	buf_clear(scratch);
	bool longer = sent->edit & (EDIT_PREPEND | EDIT_HUB_FIRST);
	struct stretch path = longer ? write_path(&w) : (struct stretch){0};
	bool otc = w.otc.number != 0;
	struct stretch others = otc ? write_others(&w) : (struct stretch){0};
	struct stretch standard = write_standard(&w);
	struct stretch extended = write_list(&w, 1), large = write_list(&w, 2);
	if (longer) {
		out->as_path = cursor_at(scratch, path);
		out->as_hops = (uint16_t)(out->as_hops + (sent->edit & EDIT_PREPEND) +
					  ((sent->edit & EDIT_HUB_FIRST) != 0));
		out->first_as = sent->edit & EDIT_HUB_FIRST ? policy->hub_as : w.from->asn;
	}
	if (otc) {
		out->others = cursor_at(scratch, others);
		out->has_otc = true;
		out->otc = w.otc;
	}
	if (sent->edit & EDIT_TRANSIT) {
		struct stretch clusters = {scratch->length, 0};
		clusters.length = policy_transit_edit(policy, sent, out, scratch);
		out->cluster_list = cursor_at(scratch, clusters);
	}
	if (policy_discards(sent->facts))
		turn_to_blackhole(policy, sent->family, out);
	communities->standard = out->communities = cursor_at(scratch, standard);
	communities->extended = out->ext_communities = cursor_at(scratch, extended);
	communities->large = out->large_communities = cursor_at(scratch, large);
}
