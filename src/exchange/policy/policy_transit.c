/* The hub's own AS as a transit network: what of the routes of its neighbours goes to whom, and how.
 *
 * Its sessions are apart from those of the route server: no route goes from the ones to the others. Within
 * it no valley is allowed (RFC 9234): what customers announce goes to all, what peers and upstreams do to
 * customers and to the hub's own routers. Those are clients of a route reflector (RFC 4456). NO_EXPORT and the like
 * bind this AS as any (RFC 1997).
 *
 * What is sent follows from who announced the route and from the receiver's view: its site and kind, and the
 * row of the steering that it goes by, which says how far the exit is. So an edit names the view; and a number
 * that changes whenever other numbers are told, for then it is another edit, and is sent again to that view
 * alone. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "exchange/policy/policy_private.h"

/* Large communities of the hub, (hub's AS, one of these, value). */
enum { TELL_SITE = 4001, TELL_LATENCY_US = 4002, TELL_KIND = 4003 };

/* Base edits beside which a view may stand: prepends, NO_EXPORT, NO_ADVERTISE; and none. */
enum { BESIDE = 16 };

/* --- compiling --- */

void
policy_transit_session(struct policy_session *to, const struct hub *hub,
		       const struct hub_session *from)
{
	const struct hub_transit *transit = &hub->transit;
	const uint32_t by_kind[HUB_AS_KINDS] = {
		[HUB_AS_CUSTOMER] = transit->local_pref_customer,
		[HUB_AS_PEER] = transit->local_pref_peer,
		[HUB_AS_UPSTREAM] = transit->local_pref_upstream,
	};
	to->transit = from->transit;
	to->local_pref = from->local_pref ? from->local_pref : by_kind[from->transit];
	to->next_hop_unchanged = from->transit_next_hop == HUB_TRANSIT_UNCHANGED;
	uint32_t site = from->port < hub->port_count ? hub->ports[from->port].site : HUB_NONE;
	for (size_t i = 0; i < transit->router_count && site != HUB_NONE; i++) {
		if (transit->routers[i].site != site)
			continue;
		to->router_ipv4 = transit->routers[i].ipv4;
		to->router_ipv6 = transit->routers[i].ipv6;
	}
}

static void
put(uint64_t *set, uint32_t slot)
{
	set[slot / 64] |= (uint64_t)1 << slot % 64;
}

static uint32_t
row_of(const struct policy *policy, const struct policy_session *session)
{
	const struct policy_steering *steering = &policy->transit.steering;
	return steering->rows && session->slot < steering->slots ? steering->rows[session->slot]
								 : POLICY_NO_ROW;
}

static bool
same_ip(struct ip a, struct ip b)
{
	return a.family == b.family && (a.family == IP_NONE || ip_equal(a, b));
}

/* Are both sent the same? */
static bool
same_view(const struct policy *policy, const struct policy_session *a,
	  const struct policy_session *b)
{
	return a->transit == b->transit && a->next_hop_unchanged == b->next_hop_unchanged &&
	       a->member->role == b->member->role && same_ip(a->router_ipv4, b->router_ipv4) &&
	       same_ip(a->router_ipv6, b->router_ipv6) && row_of(policy, a) == row_of(policy, b);
}

static uint64_t
view_digest(const struct policy_session *session, uint32_t row)
{
	uint64_t words[] = {(uint64_t)session->transit, session->next_hop_unchanged,
			    session->member->role, row};
	struct ip routers[2] = {session->router_ipv4, session->router_ipv6};
	uint64_t digest = hash_bytes(words, sizeof(words));
	for (unsigned i = 0; i < 2; i++)
		digest =
			hash_u64(digest ^ hash_bytes(routers[i].octets, sizeof(routers[i].octets)) ^
				 routers[i].family);
	return digest;
}

/* Finds views by what their first session is: open addressing, so that many sessions cost no more each. */
static void
sort_into_views(struct policy *policy, uint32_t *table, uint32_t mask)
{
	struct policy_transit *t = &policy->transit;
	t->view_count = 0;
	for (uint32_t i = 0; i < policy->session_count; i++) {
		struct policy_session *session = &policy->sessions[i];
		if (!policy_is_transit(session))
			continue;
		uint32_t at = (uint32_t)view_digest(session, row_of(policy, session)) & mask;
		while (table[at] && !same_view(policy, session,
					       &policy->sessions[t->views[table[at] - 1].first]))
			at = (at + 1) & mask;
		if (!table[at]) {
			struct policy_view *view = &t->views[t->view_count++];
			table[at] = (uint32_t)t->view_count;
			view->first = i;
			view->row = row_of(policy, session);
			memset(view->slots, 0, policy->words * sizeof(*view->slots));
		}
		session->view = table[at] - 1;
		put(t->views[session->view].slots, session->slot);
	}
}

static int
make_views(struct policy *policy)
{
	struct policy_transit *t = &policy->transit;
	uint32_t size = 16;
	while (size < policy->session_count * 2)
		size *= 2;
	uint32_t *table = calloc(size, sizeof(*table));
	if (!table)
		return -1;
	sort_into_views(policy, table, size - 1);
	free(table);
	size_t most = t->view_count * BESIDE;
	struct policy_variant *variants = realloc(t->variants, (most + 1) * sizeof(*variants));
	if (!variants)
		return -1;
	t->variants = variants;
	uint64_t *room = realloc(t->room, (most + 1) * policy->words * sizeof(*room));
	if (!room)
		return -1;
	t->room = room;
	return 0;
}

/* What edits go by and no edit says. Rows have other numbers in another plan, and that is all the same as long as
 * sessions stay together. */
static uint64_t
digest_of(const struct policy *policy)
{
	const struct policy_transit *t = &policy->transit;
	uint64_t words[] = {t->config.med, t->config.tell, t->cluster_id, t->view_count,
			    t->steering.epoch};
	uint64_t digest = hash_bytes(words, sizeof(words));
	for (size_t i = 0; i < t->view_count; i++)
		digest = hash_u64(digest ^ view_digest(&policy->sessions[t->views[i].first], 0));
	return digest;
}

int
policy_transit_make(struct policy *policy, const struct hub *hub)
{
	struct policy_transit *t = &policy->transit;
	size_t count = 0, bytes = policy->words * sizeof(uint64_t);
	t->config = hub->transit;
	t->cluster_id =
		ip_v4_number(hub->transit.cluster_id.family == IP_NONE ? hub->router_id
								       : hub->transit.cluster_id);
	for (size_t i = 0; i < policy->session_count; i++)
		count += policy_is_transit(&policy->sessions[i]);
	if (!count)
		return 0;
	t->all = arena_take(policy->arena, bytes);
	t->down = arena_take(policy->arena, bytes);
	t->internal = arena_take(policy->arena, bytes);
	t->views = arena_take(policy->arena, count * sizeof(*t->views));
	if (!t->all || !t->down || !t->internal || !t->views)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (!(t->views[i].slots = arena_take(policy->arena, bytes)))
			return -1;
	for (size_t i = 0; i < policy->session_count; i++) {
		const struct policy_session *session = &policy->sessions[i];
		if (!policy_is_transit(session))
			continue;
		put(t->all, session->slot);
		if (session->transit == HUB_AS_INTERNAL)
			put(t->internal, session->slot);
		if (session->transit == HUB_AS_INTERNAL || session->transit == HUB_AS_CUSTOMER)
			put(t->down, session->slot);
	}
	if (make_views(policy))
		return -1;
	t->digest = digest_of(policy);
	return 0;
}

void
policy_transit_fini(struct policy *policy)
{
	free(policy->transit.variants);
	free(policy->transit.room);
}

int
policy_steer(struct policy *policy, const struct policy_steering *steering)
{
	struct policy_transit *t = &policy->transit;
	struct policy_steering before = t->steering;
	t->steering = *steering;
	if (!t->all)
		return 0;
	if (make_views(policy) == 0) {
		t->digest = digest_of(policy);
		return 0;
	}
	t->steering = before;
	(void)make_views(policy); /* the room that there is was enough for it */
	return -1;
}

/* --- judging --- */

uint64_t
policy_transit_find(const struct policy *policy, const struct policy_session *session,
		    const struct bgp_attrs *attrs)
{
	uint64_t reasons = 0;
	struct cursor clusters = attrs->cluster_list;
	if (session->transit != HUB_AS_INTERNAL) {
		/* RFC 9234 section 5, ingress rules 1 and 2. */
		bool customer = session->transit == HUB_AS_CUSTOMER;
		bool peer = session->transit == HUB_AS_PEER;
		bool other = attrs->otc.number != session->member->asn.number;
		if (session->member->role && attrs->has_otc && (customer || (peer && other)))
			reasons |= reason_bit(POLICY_LEAK);
		return reasons;
	}
	/* RFC 4456 section 8. */
	if (attrs->has_originator && attrs->originator == policy->transit.cluster_id)
		reasons |= reason_bit(POLICY_LOOP);
	while (cursor_left(&clusters))
		if (cursor_u32(&clusters) == policy->transit.cluster_id)
			reasons |= reason_bit(POLICY_LOOP);
	return reasons;
}

uint32_t
policy_transit_preference(const struct policy *policy, const struct policy_session *session,
			  const struct bgp_attrs *attrs)
{
	enum { USUAL = 100 }; /* where an internal one says nothing */
	(void)policy;
	if (session->local_pref)
		return session->local_pref;
	return attrs->has_local_pref ? attrs->local_pref : USUAL;
}

/* Is it a customer's, or the hub's own? A router of ours says so by the preference that customers have, and
 * OTC says otherwise whatever else. */
static bool
is_from_below(const struct policy *policy, const struct policy_session *session,
	      const struct bgp_attrs *attrs)
{
	if (session->transit != HUB_AS_INTERNAL)
		return session->transit == HUB_AS_CUSTOMER;
	if (attrs->has_otc)
		return false;
	uint32_t preference = policy_transit_preference(policy, session, attrs);
	return !attrs->as_hops || preference >= policy->transit.config.local_pref_customer;
}

bool
policy_transit_may_go(const struct policy_request *request, const struct policy_session *to)
{
	return request->well_known == POLICY_GOES_ON ||
	       (request->well_known == POLICY_STAYS_INSIDE && to->transit == HUB_AS_INTERNAL);
}

const uint64_t *
policy_transit_receivers(struct policy *policy, const struct policy_session *session,
			 const struct bgp_attrs *attrs)
{
	const struct policy_transit *t = &policy->transit;
	const struct policy_member *member = session->member;
	uint64_t *hear = policy_room(policy);
	const uint64_t *to = is_from_below(policy, session, attrs) ? t->all : t->down;
	memcpy(hear, to, policy->words * sizeof(*hear));
	/* Routers of ours hear of each other; the sessions of another network do not. */
	bool internal = session->transit == HUB_AS_INTERNAL;
	uint32_t first = internal ? (uint32_t)(session - policy->sessions) : member->first_session;
	uint32_t count = internal ? 1 : member->session_count;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t slot = policy->sessions[first + i].slot;
		hear[slot / 64] &= ~((uint64_t)1 << slot % 64);
	}
	for (size_t i = 0; i < policy->words && member->effects.deny; i++)
		hear[i] &= ~member->effects.deny[i];
	enum policy_bound bound = policy->request.well_known;
	for (size_t i = 0; i < policy->words && bound != POLICY_GOES_ON; i++)
		hear[i] &= bound == POLICY_STAYS_INSIDE ? t->internal[i] : 0;
	return hear;
}

static const struct policy_told *
told_of(const struct policy *policy, uint32_t row, uint32_t slot)
{
	const struct policy_steering *steering = &policy->transit.steering;
	if (row == POLICY_NO_ROW || slot >= steering->slots)
		return NULL;
	return &steering->told[(size_t)row * steering->slots + slot];
}

static uint32_t
edit_for(const struct policy *policy, uint32_t view, const struct policy_session *from)
{
	const struct policy_view *v = &policy->transit.views[view];
	const struct policy_told *told = told_of(policy, v->row, from->slot);
	bool internal = policy->sessions[v->first].transit == HUB_AS_INTERNAL;
	return EDIT_TRANSIT | (told ? (uint32_t)told->time << EDIT_TOLD_SHIFT : 0) |
	       view << EDIT_VIEW_SHIFT | (internal ? 0 : EDIT_HUB_FIRST);
}

void
policy_transit_variants(struct policy *policy, const struct policy_session *session,
			struct policy_verdict *out)
{
	struct policy_transit *t = &policy->transit;
	size_t words = policy->words, count = 0;
	uint64_t *room = t->room;
	for (uint32_t view = 0; view < t->view_count; view++) {
		uint32_t edit = edit_for(policy, view, session);
		uint64_t *rest = room;
		room += words;
		memcpy(rest, t->views[view].slots, words * sizeof(*rest));
		for (size_t i = 0; i < out->variant_count && i < BESIDE - 1; i++) {
			const struct policy_variant *beside = &out->variants[i];
			uint64_t *both = room, any = 0;
			for (size_t w = 0; w < words; w++) {
				both[w] = rest[w] & beside->slots[w];
				rest[w] &= ~both[w];
				any |= both[w];
			}
			if (!any)
				continue;
			room += words;
			t->variants[count++] = (struct policy_variant){edit | beside->edit, both};
		}
		t->variants[count++] = (struct policy_variant){edit, rest};
	}
	out->variants = t->variants;
	out->variant_count = count;
}

/* --- edits --- */

/* The receiver's view stands for the receiver. */
static const struct policy_view *
view_of(const struct policy *policy, uint32_t edit)
{
	return &policy->transit.views[edit >> EDIT_VIEW_SHIFT & EDIT_VIEW_MASK];
}

static const struct policy_session *
sender_of(const struct policy *policy, const struct policy_sent *sent)
{
	return &policy->sessions[policy->session_at[sent->slot]];
}

struct asn
policy_transit_otc(const struct policy *policy, const struct policy_sent *sent)
{
	const struct policy_session *from = sender_of(policy, sent);
	const struct policy_session *to = &policy->sessions[view_of(policy, sent->edit)->first];
	bool above = from->transit == HUB_AS_UPSTREAM || from->transit == HUB_AS_PEER;
	if (sent->attrs->has_otc)
		return (struct asn){0};
	/* RFC 9234 section 5, ingress rule 3: as if it had come with it. */
	if (above && from->member->role)
		return from->member->asn;
	bool down = to->transit == HUB_AS_CUSTOMER || to->transit == HUB_AS_PEER;
	return down && to->member->role ? policy->hub_as : (struct asn){0};
}

static void
put_large(const struct policy *policy, struct buf *to, uint32_t what, uint32_t value)
{
	buf_u32(to, policy->hub_as.number);
	buf_u32(to, what);
	buf_u32(to, value);
}

static const struct policy_told *
told_in(const struct policy *policy, const struct policy_sent *sent)
{
	return sent->told ? sent->told
			  : told_of(policy, view_of(policy, sent->edit)->row, sent->slot);
}

void
policy_transit_tell(const struct policy *policy, const struct policy_sent *sent, struct buf *to)
{
	const struct policy_session *from = sender_of(policy, sent);
	const struct policy_told *told = told_in(policy, sent);
	if (!policy->transit.config.tell)
		return;
	if (from->site)
		put_large(policy, to, TELL_SITE, from->site);
	if (told && told->is_known)
		put_large(policy, to, TELL_LATENCY_US, told->latency_us);
	if (from->transit != HUB_AS_INTERNAL)
		put_large(policy, to, TELL_KIND, from->transit);
}

static void
set_next_hop(const struct policy_sent *sent, const struct policy_session *from,
	     const struct policy_session *to, struct bgp_attrs *out)
{
	/* Where routers of ours meet an exit they are told of the router there. */
	bool internal = to->transit == HUB_AS_INTERNAL;
	const struct policy_session *at = internal ? from : to;
	struct ip router = sent->family == IP_V4 ? at->router_ipv4 : at->router_ipv6;
	if (to->next_hop_unchanged || router.family == IP_NONE)
		return;
	/* RFC 4456 section 10: what is reflected keeps its next hop. */
	if (internal && from->transit == HUB_AS_INTERNAL)
		return;
	out->next_hop = router;
	out->link_local = (struct ip){0};
}

static void
set_med(const struct policy *policy, const struct policy_sent *sent, struct bgp_attrs *out)
{
	const struct policy_told *told = told_in(policy, sent);
	if (policy->transit.config.med == HUB_TRANSIT_MED_KEEP)
		return;
	out->has_med =
		policy->transit.config.med == HUB_TRANSIT_MED_METRIC && told && told->is_known;
	out->med = out->has_med ? told->metric : 0;
}

size_t
policy_transit_edit(const struct policy *policy, const struct policy_sent *sent,
		    struct bgp_attrs *out, struct buf *scratch)
{
	const struct policy_session *from = sender_of(policy, sent);
	const struct policy_view *view = view_of(policy, sent->edit);
	const struct policy_session *to = &policy->sessions[view->first];
	struct cursor clusters = sent->attrs->cluster_list;
	set_next_hop(sent, from, to, out);
	out->has_local_pref = to->transit == HUB_AS_INTERNAL;
	out->has_originator = out->has_local_pref && from->transit == HUB_AS_INTERNAL;
	out->cluster_list = cursor_of(NULL, 0);
	if (!out->has_local_pref) {
		set_med(policy, sent, out);
		return 0;
	}
	out->local_pref = policy_transit_preference(policy, from, sent->attrs);
	if (!out->has_originator)
		return 0;
	if (!sent->attrs->has_originator)
		out->originator = sent->router_id;
	buf_u32(scratch, policy->transit.cluster_id);
	buf_put(scratch, clusters.at, cursor_left(&clusters));
	return 4 + cursor_left(&clusters);
}
