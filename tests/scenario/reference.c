/* A route server in the plainest words: no sets, no log, no order kept. For each prefix all that was announced is
 * gone through from the beginning, once for every member.
 *
 * It knows what storms announce: paths of sequences, MEDs, the communities of the Euro-IX profile that name peers or
 * everybody, OTC, path identifiers; and what befalls routes besides: roles, registries, ROAs, blackholes, graceful
 * shutdown, members' own rules, collectors, routes that are stale. */
#include "scenario/reference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/policy/policy.h"
#include "exchange/rib/rib.h"

struct list {
	struct reference_route *items;
	size_t count, capacity;
};

static const struct hub_session *
session_of(const struct scenario *s, const struct member *m)
{
	uint32_t index = hub_session_by_id(s->hub, m->id);
	return index == HUB_NONE ? NULL : &s->hub->sessions[index];
}

static int
slot_of(const struct scenario *s, const struct member *m)
{
	uint32_t index = hub_session_by_id(s->hub, m->id);
	return index == HUB_NONE ? -1 : exchange_slot_of(s->exchange, index);
}

/* Its session stands, at both ends. */
static struct member_conn *
stands(const struct scenario *s, const struct member *m)
{
	struct member_conn *up = member_up((struct member *)m);
	int slot = slot_of(s, m);
	bool both =
		up && !up->closed && slot >= 0 &&
		session_state(exchange_session(s->exchange, (unsigned)slot)) == SESSION_ESTABLISHED;
	return both ? up : NULL;
}

/* --- which are there --- */

/* The one thing that is taken from the hub. */
static bool
is_one_too_many(const struct scenario *s, const struct reference_route *r)
{
	struct rib_path_view views[64];
	int slot = slot_of(s, r->from);
	const struct rib *rib = exchange_rib(s->exchange, (enum ip_family)r->prefix.ip.family);
	size_t count = rib_paths(rib, r->prefix, views, 64);
	for (size_t i = 0; i < count && i < 64; i++)
		if ((int)views[i].slot == slot && views[i].path_id == r->path_id)
			return views[i].reasons >> POLICY_MAX_PREFIXES & 1;
	return false;
}

static void
add(const struct scenario *s, struct list *list, const struct member *m,
    const struct member_route *said, bool late)
{
	const struct hub_session *session = session_of(s, m);
	if (list->count == list->capacity) {
		list->capacity = list->capacity ? list->capacity * 2 : 64;
		list->items = realloc(list->items, list->capacity * sizeof(*list->items));
		if (!list->items)
			abort();
	}
	struct reference_route *r = &list->items[list->count++];
	*r = (struct reference_route){.from = m,
				      .member = &s->hub->members[session->member],
				      .session = session,
				      .prefix = said->prefix,
				      .words = said->words,
				      .path_id = said->path_id,
				      .late = late};
	bool limited = session->max_prefixes_action == HUB_MAX_PREFIXES_BLOCK;
	reference_judge(s, r, limited && is_one_too_many(s, r));
}

static void
gather(const struct scenario *s, struct list *list, struct prefix prefix)
{
	list->count = 0;
	for (const struct member *m = s->members; m; m = m->next) {
		const struct member_route *at = stands(s, m) ? member_find(&m->said, prefix) : NULL;
		for (; at; at = member_next(at))
			add(s, list, m, at, false);
		at = session_of(s, m) ? member_find(&m->kept, prefix) : NULL;
		for (; at; at = member_next(at))
			add(s, list, m, at, m->kept_long);
	}
}

/* --- which is preferred --- */

/* What is late, and the last resort, come last; then RFC 4271 section 9.1.2.2, a to c: does `b` take `a` out of the
 * contest? */
static bool
is_beaten(const struct reference_route *a, const struct reference_route *b)
{
	if (a->refused != b->refused) /* what is refused is no candidate: section 9.1.1 */
		return a->refused;
	if (a->late != b->late)
		return a->late;
	if (a->last_resort != b->last_resort)
		return a->last_resort;
	if (a->hops != b->hops)
		return b->hops < a->hops;
	return a->path[0] == b->path[0] && b->med < a->med;
}

/* f and g, and the path identifier. */
static bool
is_before(const struct reference_route *a, const struct reference_route *b)
{
	uint32_t x = a->from->says.open.router_id, y = b->from->says.open.router_id;
	if (x != y)
		return x < y;
	int order = ip_compare(a->from->address, b->from->address);
	return order != 0 ? order < 0 : a->path_id < b->path_id;
}

/* Puts them into the order in which they are preferred: the best, the best of the others, and so on. */
static void
put_in_order(struct reference_route *items, size_t count)
{
	for (; count; items++, count--) {
		size_t chosen = count;
		for (size_t i = 0; i < count; i++) {
			bool beaten = false;
			for (size_t j = 0; j < count; j++)
				beaten |= is_beaten(&items[i], &items[j]);
			if (!beaten && (chosen == count || is_before(&items[i], &items[chosen])))
				chosen = i;
		}
		struct reference_route best = items[chosen];
		items[chosen] = items[0];
		items[0] = best;
	}
}

/* --- who hears it, and how --- */

struct receiver {
	const struct member *m;
	const struct hub_member *member;
	const struct hub_session *session;
};

static bool
says(const struct scenario *s, const struct reference_route *r, uint32_t standard, uint32_t large,
     uint32_t peer)
{
	uint32_t rs = s->hub->asn.number;
	bool short_form = (peer ? peer : rs) <= UINT16_MAX;
	return (short_form && reference_has(r, standard, peer ? peer : rs)) ||
	       reference_has_large(r, rs, large, peer);
}

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
senders_rule(const struct reference_route *r, const struct receiver *to)
{
	return rule_for(r->member->announce, r->member->announce_count, to->member->asn, r->prefix);
}

static const struct hub_member_rule *
receivers_rule(const struct reference_route *r, const struct receiver *to)
{
	return rule_for(to->member->receive, to->member->receive_count, r->member->asn, r->prefix);
}

static bool
may_have(const struct scenario *s, const struct reference_route *r, const struct receiver *to)
{
	uint32_t peer = to->member->asn.number;
	const struct hub_member_rule *out = senders_rule(r, to), *in = receivers_rule(r, to);
	if (r->late && !to->m->says.open.capabilities.long_lived)
		return false;
	if (to->session->collector)
		return r->refused && r->member->policy.refusal != HUB_REFUSE;
	if (r->refused || to->member == r->member)
		return false;
	if ((out && out->action == HUB_RULE_DENY) || (in && in->action == HUB_RULE_DENY))
		return false;
	if (r->blackhole && !to->member->policy.blackhole.receive)
		return false;
	if (says(s, r, 0, 0, peer))
		return false;
	return says(s, r, s->hub->asn.number, 1, peer) || !says(s, r, 0, 0, 0);
}

static unsigned
prepends(const struct scenario *s, const struct reference_route *r, const struct receiver *to)
{
	uint32_t peer = to->member->asn.number;
	const struct hub_member_rule *rules[] = {senders_rule(r, to), receivers_rule(r, to)};
	unsigned times = 0;
	for (unsigned i = 3; i >= 1; i--)
		if (says(s, r, 65500 + i, 100 + i, 0))
			times = i;
	for (unsigned i = 3; i >= 1; i--)
		if (says(s, r, 65510 + i, 100 + i, peer))
			times = i;
	if (reference_has_large(r, s->hub->asn.number, 100, peer))
		times = 0;
	for (unsigned i = 0; i < 2; i++)
		if (rules[i] && rules[i]->action == HUB_RULE_PREPEND && rules[i]->prepend > times)
			times = rules[i]->prepend;
	return times;
}

/* --- in words --- */

static void
put_standard(struct buf *to, const struct scenario *s, const struct reference_route *r,
	     const struct receiver *receiver)
{
	uint32_t rs = s->hub->asn.number, peer = receiver->member->asn.number;
	bool collector = receiver->session->collector;
	for (size_t i = 0; i < r->standard_count; i++) {
		uint32_t a = r->standard[i][0], b = r->standard[i][1];
		bool ours = a == rs || a == 0 || (a >= 65501 && a <= 65503 && b == rs) ||
			    (a >= 65511 && a <= 65513) || a == 65281 || a == 65282;
		bool stripped = a == 65535 && b == 0 && !r->member->policy.graceful_shutdown;
		stripped = stripped && !s->hub->graceful_shutdown &&
			   !s->hub->communities.pass_graceful_shutdown;
		stripped |= a == 65535 && b == 666 && !r->blackhole;
		if (!ours && !stripped)
			buf_printf(to, " community %u:%u", a, b);
	}
	if (s->hub->graceful_shutdown && !reference_has(r, 65535, 0))
		buf_str(to, " community 65535:0");
	if (r->late && !reference_has(r, 65535, 6))
		buf_str(to, " community 65535:6");
	if (r->blackhole && !reference_has(r, 65535, 666))
		buf_str(to, " community 65535:666");
	bool no_export = !collector &&
			 (reference_has_large(r, rs, 65281, 0) || says(s, r, 65281, 65281, peer));
	no_export |= r->blackhole && s->hub->blackhole.no_export;
	if (no_export && !reference_has(r, 65535, 65281))
		buf_str(to, " community 65535:65281");
	bool no_advertise = !collector && (reference_has_large(r, rs, 65282, 0) ||
					   says(s, r, 65282, 65282, peer));
	if (no_advertise && !reference_has(r, 65535, 65282))
		buf_str(to, " community 65535:65282");
}

static void
put_large(struct buf *to, const struct scenario *s, const struct reference_route *r)
{
	uint32_t rs = s->hub->asn.number;
	uint64_t told = 0;
	for (size_t i = 0; i < r->large_count; i++)
		if (r->large[i][0] != rs)
			buf_printf(to, " large %u:%u:%u", r->large[i][0], r->large[i][1],
				   r->large[i][2]);
	for (unsigned reason = 0; reason < POLICY_REASONS; reason++) {
		unsigned code = policy_reason_code(reason);
		if (!(r->reasons >> reason & 1) || told >> code & 1)
			continue;
		buf_printf(to, " large %u:1101:%u", rs, code);
		told |= (uint64_t)1 << code;
	}
	/* of a blackhole it is not asked whether its origin is valid: 3 */
	if (r->refused)
		buf_printf(to,
			   " large %u:1101:0 large %u:65524:%u large %u:1000:%u large %u:1001:%u",
			   rs, rs, r->from->asn.number, rs, r->blackhole ? 3 : r->rpki, rs, r->irr);
}

static void
put_words(struct buf *to, const struct scenario *s, const struct reference_route *r,
	  const struct receiver *receiver)
{
	char ip[IP_TEXT];
	bool v4 = r->prefix.ip.family == IP_V4, collector = receiver->session->collector;
	struct ip hop = r->from->next_hops[!v4];
	struct ip hole = v4 ? s->hub->blackhole.ipv4 : s->hub->blackhole.ipv6;
	buf_str(to, "path");
	if (receiver->session->prepend_hub_as && !collector)
		buf_printf(to, " %u", s->hub->asn.number);
	for (unsigned i = collector ? 0 : prepends(s, r, receiver); i > 0; i--)
		buf_printf(to, " %u", r->from->asn.number);
	for (size_t i = 0; i < r->hops; i++)
		buf_printf(to, " %u", r->path[i]);
	hop = r->blackhole && hole.family != IP_NONE ? hole : hop;
	buf_printf(to, " next-hop %s origin igp", ip_format(ip, hop));
	char text[ROUTE_FIELD_MAX];
	if (route_field(text, r->words, "med"))
		buf_printf(to, " med %s", text);
	put_standard(to, s, r, receiver);
	put_large(to, s, r);
	if (route_field(text, r->words, "attribute"))
		buf_printf(to, " attribute %s", text);
	else if (s->hub->policy.role != HUB_ROLE_OFF)
		buf_printf(to, " attribute 35 c0 %08x", s->hub->asn.number);
	buf_u8(to, 0);
}

/* --- compared --- */

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The same words in whatever order. */
static bool
same_field(const char *a, const char *b, const char *field)
{
	char texts[2][ROUTE_FIELD_MAX];
	const char *lists[2][256];
	size_t counts[2] = {0};
	bool there = route_field(texts[0], a, field);
	if (there != route_field(texts[1], b, field))
		return false;
	for (unsigned i = 0; i < 2; i++) {
		char *rest = NULL;
		for (char *word = strtok_r(texts[i], " ", &rest); word && counts[i] < 256;
		     word = strtok_r(NULL, " ", &rest))
			lists[i][counts[i]++] = word;
		qsort(lists[i], counts[i], sizeof(lists[i][0]), by_text);
	}
	bool same = counts[0] == counts[1];
	for (size_t i = 0; same && i < counts[0]; i++)
		same = strcmp(lists[0][i], lists[1][i]) == 0;
	return same;
}

static bool
same_words(const char *held, const char *wanted)
{
	static const char *const exact[] = {"path", "next-hop", "origin", "med", "attribute"};
	if (strcmp(held, wanted) == 0)
		return true;
	for (size_t i = 0; i < 5; i++) {
		char a[ROUTE_FIELD_MAX], b[ROUTE_FIELD_MAX];
		if (route_field(a, held, exact[i]) != route_field(b, wanted, exact[i]) ||
		    strcmp(a, b) != 0)
			return false;
	}
	return same_field(held, wanted, "community") && same_field(held, wanted, "large");
}

static bool
complain(char *wrong, size_t size, const struct member *m, struct prefix prefix, const char *wanted)
{
	char text[PREFIX_TEXT];
	const struct member_route *held = member_find(&m->holds, prefix);
	size_t used = (size_t)snprintf(wrong, size, "%s should hold %s %s, has", m->id,
				       prefix_format(text, prefix), wanted);
	if (!held)
		(void)snprintf(wrong + used, used < size ? size - used : 0, " nothing");
	for (; held && used < size; held = member_next(held))
		used += (size_t)snprintf(wrong + used, size - used, " (%s)", held->words);
	return false;
}

static bool
check_member(const struct scenario *s, const struct list *list, const struct receiver *to,
	     struct prefix prefix, char *wrong, size_t size)
{
	struct member_conn *up = stands(s, to->m);
	bool several = member_hears_ids(to->m, up, (enum ip_family)prefix.ip.family);
	size_t most = !several                    ? 1
		      : to->session->add_path_max ? to->session->add_path_max
						  : SIZE_MAX;
	size_t should = 0, holds = 0;
	struct buf words = {0};
	bool good = true;
	for (size_t i = 0; good && i < list->count && should < most; i++) {
		if (!may_have(s, &list->items[i], to))
			continue;
		buf_clear(&words);
		put_words(&words, s, &list->items[i], to);
		const struct member_route *held = member_find(&to->m->holds, prefix);
		while (held && !same_words(held->words, (const char *)words.data))
			held = member_next(held);
		good = held || complain(wrong, size, to->m, prefix, (const char *)words.data);
		should++;
	}
	buf_fini(&words);
	for (const struct member_route *held = member_find(&to->m->holds, prefix); held;
	     held = member_next(held))
		holds++;
	return good && (holds == should || complain(wrong, size, to->m, prefix,
						    should ? "fewer paths" : "not at all"));
}

/* All the routes that there are, in order, for whoever has to find out. */
static void
put_all(char *wrong, size_t size, const struct list *list)
{
	size_t used = strlen(wrong);
	for (size_t i = 0; i < list->count && used < size; i++) {
		const struct reference_route *r = &list->items[i];
		used += (size_t)snprintf(wrong + used, size - used,
					 "\n#   of %s id %u%s%s %#llx: %s", r->from->id, r->path_id,
					 r->late ? " late" : "", r->refused ? " refused" : "",
					 (unsigned long long)r->reasons, r->words);
	}
}

static bool
check_prefix(const struct scenario *s, struct list *list, struct prefix prefix, char *wrong,
	     size_t size)
{
	gather(s, list, prefix);
	put_in_order(list->items, list->count);
	for (const struct member *m = s->members; m; m = m->next) {
		struct receiver to = {.m = m, .session = session_of(s, m)};
		if (!m->reads || !stands(s, m))
			continue;
		to.member = &s->hub->members[to.session->member];
		if (!check_member(s, list, &to, prefix, wrong, size)) {
			put_all(wrong, size, list);
			return false;
		}
	}
	return true;
}

/* --- limits --- */

/* No more than its limit is accepted of a session that is blocked above it, and no fewer while some are blocked. */
static bool
check_limit(const struct scenario *s, const struct member *m, char *wrong, size_t size)
{
	const struct hub_session *session = session_of(s, m);
	size_t accepted = 0, blocked = 0;
	if (!session || session->max_prefixes_action != HUB_MAX_PREFIXES_BLOCK ||
	    !session->max_prefixes_ipv4 || session->max_prefixes_count_refused)
		return true;
	const struct member_table *tables[2] = {&m->said, &m->kept};
	for (size_t i = 0; i < 2 * MEMBER_BUCKETS; i++) {
		const struct member_route *at = tables[i % 2]->buckets[i / 2];
		for (; at; at = at->next) {
			struct list one = {0};
			if (at->prefix.ip.family != IP_V4)
				continue;
			add(s, &one, m, at, false);
			accepted += !one.items->refused;
			one.items->reasons &= ~((uint64_t)1 << POLICY_MAX_PREFIXES);
			struct reference_route again = {.from = m,
							.member = one.items->member,
							.session = session,
							.prefix = at->prefix,
							.words = at->words};
			reference_judge(s, &again, false);
			blocked += one.items->refused && !again.refused;
			free(one.items);
		}
	}
	bool good = accepted <= session->max_prefixes_ipv4 &&
		    (!blocked || accepted == session->max_prefixes_ipv4);
	if (!good)
		(void)snprintf(wrong, size, "%s has %zu routes accepted and %zu too many, of %u",
			       m->id, accepted, blocked, session->max_prefixes_ipv4);
	return good;
}

/* --- all of it --- */

static int
by_prefix(const void *a, const void *b)
{
	const struct prefix *x = a, *y = b;
	int order = ip_compare(x->ip, y->ip);
	return order != 0 ? order : (int)x->length - (int)y->length;
}

static size_t
add_prefixes(struct prefix *to, const struct member_table *table)
{
	size_t count = 0;
	for (size_t i = 0; i < MEMBER_BUCKETS && count < table->count; i++)
		for (const struct member_route *r = table->buckets[i]; r; r = r->next)
			to[count++] = r->prefix;
	return count;
}

bool
reference_check(const struct scenario *s, char *wrong, size_t size)
{
	size_t count = 0;
	bool good = true;
	for (const struct member *m = s->members; m; m = m->next)
		count += m->said.count + m->kept.count + m->holds.count;
	struct prefix *all = malloc((count + 1) * sizeof(*all));
	if (!all)
		abort();
	count = 0;
	for (const struct member *m = s->members; m; m = m->next) {
		count += add_prefixes(all + count, &m->said);
		count += add_prefixes(all + count, &m->kept);
		count += add_prefixes(all + count, &m->holds);
		good = good && (!stands(s, m) || check_limit(s, m, wrong, size));
	}
	qsort(all, count, sizeof(*all), by_prefix);
	struct list list = {0};
	for (size_t i = 0; good && i < count; i++)
		if (!i || !prefix_equal(all[i], all[i - 1]))
			good = check_prefix(s, &list, all[i], wrong, size);
	free(list.items);
	free(all);
	return good;
}
