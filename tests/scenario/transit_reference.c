/* Who takes which exit, in the plainest words: for each prefix all that was announced is gone through from the
 * beginning, once for every session of the hub's own AS. It knows what storms of transit say: paths, MED, ORIGIN,
 * LOCAL_PREF, ORIGINATOR_ID and CLUSTER_LIST of internal routers; no communities, and nothing that is refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/reference.h"
#include "scenario/transit.h"

enum { CANDIDATES = 64, HOPS = 8, TEXT = 512 };

struct candidate {
	const struct member *from;
	const struct hub_session *session;
	uint32_t path[HOPS];
	size_t hops;
	unsigned origin;
	uint32_t med, local_pref, id;
	bool has_med;
	size_t clusters;
	struct ip next_hop;
	bool internal, below;
};

/* A session that hears, and by what. */
struct hearer {
	const struct member *m;
	const struct hub_session *session;
	const struct steer_plan *plan;       /* NULL: plain */
	const struct steer_ingress *ingress; /* NULL: by the plain order */
};

/* --- what was said --- */

static const struct hub_site *
site_of(const struct scenario *s, const struct hub_session *session)
{
	uint32_t site = s->hub->ports[session->port].site;
	return site < s->hub->site_count ? &s->hub->sites[site] : NULL;
}

/* Of "attribute 5 40 000000c8 9 80 ...": the octets of that type as a number, and how many there are. */
static size_t
attribute(uint32_t *out, const char *words, unsigned type)
{
	char text[ROUTE_FIELD_MAX], *rest = NULL;
	if (!route_field(text, words, "attribute"))
		return 0;
	for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		(void)strtok_r(NULL, " ", &rest);
		const char *octets = strtok_r(NULL, " ", &rest);
		if (octets && strtoul(word, NULL, 10) == type) {
			*out = (uint32_t)strtoul(octets, NULL, 16);
			return strlen(octets) / 2;
		}
	}
	return 0;
}

static uint32_t
usual_preference(const struct scenario *s, enum hub_transit_kind kind)
{
	const struct hub_transit *transit = &s->hub->transit;
	return kind == HUB_AS_CUSTOMER ? transit->local_pref_customer
	       : kind == HUB_AS_PEER   ? transit->local_pref_peer
				       : transit->local_pref_upstream;
}

static void
understand(const struct scenario *s, struct candidate *c, struct prefix prefix, const char *words)
{
	char text[ROUTE_FIELD_MAX], *rest = NULL;
	uint32_t number = 0;
	c->internal = c->session->transit == HUB_AS_INTERNAL;
	c->path[0] = c->internal ? 0 : c->from->asn.number;
	c->hops = !c->internal;
	if (route_field(text, words, "path"))
		for (char *word = strtok_r(text, " ", &rest); word && c->hops < HOPS;
		     word = strtok_r(NULL, " ", &rest)) {
			if (word == text)
				c->hops = 0;
			c->path[c->hops++] = (uint32_t)strtoul(word, NULL, 10);
		}
	c->origin = route_field(text, words, "origin") && strcmp(text, "igp") != 0
			    ? strcmp(text, "egp") == 0 ? 1 : 2
			    : 0;
	c->has_med = route_field(text, words, "med");
	c->med = c->has_med ? (uint32_t)strtoul(text, NULL, 10) : 0;
	c->next_hop = c->from->next_hops[prefix.ip.family == IP_V6];
	c->id = c->from->says.open.router_id;
	c->local_pref = usual_preference(s, c->session->transit);
	if (c->internal) {
		c->local_pref = attribute(&number, words, 5) ? number : 100;
		c->id = attribute(&number, words, 9) ? number : c->id;
		c->clusters = attribute(&number, words, 10);
	}
	c->below = c->internal ? c->local_pref >= s->hub->transit.local_pref_customer
			       : c->session->transit == HUB_AS_CUSTOMER;
}

static size_t
gather(const struct scenario *s, struct prefix prefix, struct candidate *out)
{
	size_t count = 0;
	for (const struct member *m = s->members; m; m = m->next) {
		const struct hub_session *session = reference_session(s, m);
		const struct member_route *said =
			session && session->transit != HUB_AS_NONE && reference_stands(s, m)
				? member_find(&m->said, prefix)
				: NULL;
		if (!said || count == CANDIDATES)
			continue;
		out[count] = (struct candidate){.from = m, .session = session};
		understand(s, &out[count++], prefix, said->words);
	}
	return count;
}

/* --- which is preferred --- */

/* Does `b` take `a` out of the contest before the exits are asked? */
static bool
is_beaten(const struct candidate *a, const struct candidate *b)
{
	if (a->local_pref != b->local_pref)
		return a->local_pref < b->local_pref;
	if (a->hops != b->hops)
		return b->hops < a->hops;
	if (a->origin != b->origin)
		return b->origin < a->origin;
	return a->path[0] == b->path[0] && b->med < a->med;
}

static bool
is_beaten_by_any(const struct candidate *a, const struct candidate *all, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_beaten(a, &all[i]))
			return true;
	return false;
}

/* RFC 4271 section 9.1.2.2, d, f and g, with RFC 4456 section 9. */
static bool
is_before(const struct candidate *a, const struct candidate *b)
{
	if (a->internal != b->internal)
		return b->internal;
	if (a->id != b->id)
		return a->id < b->id;
	if (a->clusters != b->clusters)
		return a->clusters < b->clusters;
	return ip_compare(a->from->address, b->from->address) < 0;
}

/* The best, the best of the others, and so on. */
static void
put_in_plain_order(struct candidate *all, size_t count)
{
	for (; count; all++, count--) {
		size_t best = count;
		for (size_t i = 0; i < count; i++)
			if (!is_beaten_by_any(&all[i], all, count) &&
			    (best == count || is_before(&all[i], &all[best])))
				best = i;
		struct candidate first = all[best];
		memmove(all + 1, all, best * sizeof(*all)); /* the others stay in their order */
		all[0] = first;
	}
}

static const struct steer_choice *
choice_of(const struct hearer *h, const struct candidate *c)
{
	for (uint32_t i = 0; h->ingress && i < h->ingress->choice_count; i++) {
		const struct steer_choice *choice = &h->plan->choices[h->ingress->first_choice + i];
		if (strcmp(h->plan->exits[choice->exit].session, c->session->id) == 0)
			return choice;
	}
	return NULL;
}

static bool
is_exit(const struct hearer *h, const struct candidate *c)
{
	for (size_t i = 0; i < h->plan->exit_count; i++)
		if (strcmp(h->plan->exits[i].session, c->session->id) == 0)
			return true;
	return false;
}

/* UINT32_MAX: closed. Who is no exit of the plan stands behind those that are. */
static uint32_t
cost_of(const struct hearer *h, const struct candidate *c)
{
	const struct steer_choice *choice = choice_of(h, c);
	if (!is_exit(h, c))
		return UINT32_MAX - 1;
	return !choice || choice->flags & STEER_CLOSED ? UINT32_MAX : choice->metric;
}

/* Of those that are left, which does cost decide between? */
static bool
is_foremost(const struct scenario *s, const struct candidate *a, const struct candidate *all,
	    const bool *left, size_t count)
{
	bool before_path = s->hub->transit.cost == HUB_TRANSIT_BEFORE_PATH;
	for (size_t i = 0; i < count; i++) {
		if (!left[i])
			continue;
		if (before_path ? a->local_pref < all[i].local_pref : is_beaten(a, &all[i]))
			return false;
	}
	return true;
}

/* Puts them into the order in which who goes by a row looks at them; returns how many it may take. */
static size_t
put_in_order(const struct scenario *s, const struct hearer *h, struct candidate *all, size_t count)
{
	struct candidate out[CANDIDATES];
	bool left[CANDIDATES], before_path = s->hub->transit.cost == HUB_TRANSIT_BEFORE_PATH;
	size_t done = 0, looked = 0;
	memset(left, true, sizeof(left));
	while (looked < count) {
		bool now[CANDIDATES] = {0}, external = false;
		for (size_t i = 0; i < count; i++) {
			now[i] = left[i] && is_foremost(s, &all[i], all, left, count);
			external |= now[i] && !all[i].internal;
		}
		size_t first = done;
		for (size_t i = 0; i < count; i++) {
			if (!now[i] || (external && all[i].internal && !before_path))
				continue;
			left[i] = false;
			looked++;
			uint32_t cost = cost_of(h, &all[i]);
			if (cost == UINT32_MAX)
				continue;
			size_t at = done++;
			for (; at > first && cost_of(h, &out[at - 1]) > cost; at--)
				out[at] = out[at - 1];
			out[at] = all[i];
		}
	}
	memcpy(all, out, done * sizeof(*all));
	return done;
}

/* --- who hears it --- */

static bool
may_have(const struct scenario *s, const struct candidate *c, const struct hearer *h)
{
	bool below =
		h->session->transit == HUB_AS_CUSTOMER || h->session->transit == HUB_AS_INTERNAL;
	if (c->from == h->m || (!c->internal && c->session->member == h->session->member))
		return false;
	(void)s;
	return c->below || below;
}

static size_t
keep_those_for(const struct scenario *s, const struct hearer *h, struct candidate *all,
	       size_t count)
{
	size_t kept = 0;
	for (size_t i = 0; i < count; i++)
		if (may_have(s, &all[i], h))
			all[kept++] = all[i];
	return kept;
}

static const struct steer_ingress *
ingress_of(const struct scenario *s, const struct hearer *h)
{
	const struct hub_site *site = site_of(s, h->session);
	const struct steer_ingress *others = NULL;
	for (size_t i = 0; site && h->plan && i < h->plan->ingress_count; i++) {
		const struct steer_ingress *ingress = &h->plan->ingresses[i];
		if (strcmp(h->plan->sites[ingress->site], site->id) != 0)
			continue;
		if (ingress->member.number == h->m->asn.number)
			return ingress;
		if (!ingress->member.number)
			others = ingress;
	}
	return others;
}

/* --- in which words --- */

static struct ip
router_at(const struct scenario *s, const struct hub_session *session, enum ip_family family)
{
	const struct hub_transit *transit = &s->hub->transit;
	for (size_t i = 0; i < transit->router_count; i++)
		if (transit->routers[i].site == s->hub->ports[session->port].site)
			return family == IP_V6 ? transit->routers[i].ipv6
					       : transit->routers[i].ipv4;
	return (struct ip){0};
}

static struct ip
next_hop_for(const struct scenario *s, const struct candidate *c, const struct hearer *h,
	     enum ip_family family)
{
	bool internal = h->session->transit == HUB_AS_INTERNAL;
	if (internal && c->internal)
		return c->next_hop;
	struct ip router = router_at(s, internal ? c->session : h->session, family);
	return router.family == IP_NONE ? c->next_hop : router;
}

/* The fields that follow from the exit and the view, as they should be. */
static void
put_words(char out[TEXT], const struct scenario *s, const struct candidate *c,
	  const struct hearer *h, enum ip_family family)
{
	char address[IP_TEXT];
	const struct steer_choice *choice = h->ingress ? choice_of(h, c) : NULL;
	bool known = choice && !(choice->flags & STEER_CLOSED);
	bool internal = h->session->transit == HUB_AS_INTERNAL;
	int at = snprintf(out, TEXT, "path%s", internal ? "" : " 64500");
	for (size_t i = 0; i < c->hops; i++)
		at += snprintf(out + at, TEXT - (size_t)at, " %u", c->path[i]);
	at += snprintf(out + at, TEXT - (size_t)at, " next-hop %s",
		       ip_format(address, next_hop_for(s, c, h, family)));
	/* Within the hub's own AS MED stays as it came. */
	if (internal ? c->has_med : known)
		at += snprintf(out + at, TEXT - (size_t)at, " med %u",
			       internal ? c->med : choice->metric);
	at += snprintf(out + at, TEXT - (size_t)at, " large 64500:4001:%u",
		       site_of(s, c->session)->number);
	if (known)
		at += snprintf(out + at, TEXT - (size_t)at, " 64500:4002:%u", choice->latency_us);
	if (!c->internal)
		at += snprintf(out + at, TEXT - (size_t)at, " 64500:4003:%d",
			       (int)c->session->transit);
	if (internal)
		at += snprintf(out + at, TEXT - (size_t)at, " attribute 5 40 %08x", c->local_pref);
	if (internal && c->internal)
		(void)snprintf(out + at, TEXT - (size_t)at, " 9 80 %08x", c->id);
}

static bool
same_words(const char *held, const char *wanted)
{
	static const char *const fields[] = {"path", "next-hop", "med", "large"};
	char a[ROUTE_FIELD_MAX], b[ROUTE_FIELD_MAX];
	for (size_t i = 0; i < 4; i++)
		if (route_field(a, held, fields[i]) != route_field(b, wanted, fields[i]) ||
		    strcmp(a, b) != 0)
			return false;
	/* CLUSTER_LIST comes after. */
	bool x = route_field(a, held, "attribute"), y = route_field(b, wanted, "attribute");
	return x == y && (!y || strncmp(a, b, strlen(b)) == 0);
}

/* --- all of it --- */

static bool
complain(char *wrong, size_t size, const struct hearer *h, struct prefix prefix, const char *wanted)
{
	char text[PREFIX_TEXT];
	const struct member_route *held = member_find(&h->m->holds, prefix);
	size_t used = (size_t)snprintf(wrong, size, "%s (%s) should hold %s %s, has", h->m->id,
				       !h->plan     ? "no plan"
				       : h->ingress ? "by its row"
						    : "without a row",
				       prefix_format(text, prefix), wanted);
	if (!held)
		(void)snprintf(wrong + used, used < size ? size - used : 0, " nothing");
	for (; held && used < size; held = member_next(held))
		used += (size_t)snprintf(wrong + used, size - used, " (%s)", held->words);
	return false;
}

/* Of several: so many as the session wants, the second of which shares no risk with the first. */
static size_t
spread(const struct hearer *h, struct candidate *all, size_t count)
{
	size_t most = h->session->add_path_max;
	for (size_t i = 1; i < count; i++) {
		const struct steer_choice *choice = choice_of(h, &all[i]);
		struct candidate backup = all[i];
		if (!choice || !(choice->flags & STEER_BACKUP))
			continue;
		memmove(all + 2, all + 1, (i - 1) * sizeof(*all));
		all[1] = backup;
		break;
	}
	return most && most < count ? most : count;
}

static bool
check_hearer(struct scenario *s, const struct hearer *h, struct prefix prefix, char *wrong,
	     size_t size)
{
	struct candidate all[CANDIDATES];
	char words[TEXT];
	size_t count = gather(s, prefix, all), holds = 0;
	struct member_conn *up = reference_stands(s, h->m);
	bool several = member_hears_ids(h->m, up, (enum ip_family)prefix.ip.family);
	put_in_plain_order(all, count);
	if (h->ingress)
		count = put_in_order(s, h, all, count);
	count = keep_those_for(s, h, all, count);
	count = several ? spread(h, all, count) : count > 0;
	for (size_t i = 0; i < count; i++) {
		put_words(words, s, &all[i], h, (enum ip_family)prefix.ip.family);
		const struct member_route *held = member_find(&h->m->holds, prefix);
		while (held && !same_words(held->words, words))
			held = member_next(held);
		if (!held)
			return complain(wrong, size, h, prefix, words);
	}
	for (const struct member_route *held = member_find(&h->m->holds, prefix); held;
	     held = member_next(held))
		holds++;
	if (holds != count)
		return complain(wrong, size, h, prefix, count ? "less" : "not at all");
	int slot = exchange_slot_of(s->exchange, (uint32_t)(h->session - s->hub->sessions));
	const struct transit_hearer hearer = {h->session->id, (unsigned)slot, several};
	return transit_view_agrees(s, &hearer, prefix, wrong, size);
}

static bool
check_table(struct scenario *s, const struct hearer *h, const struct member_table *table,
	    char *wrong, size_t size)
{
	for (size_t i = 0; i < MEMBER_BUCKETS; i++)
		for (const struct member_route *r = table->buckets[i]; r; r = r->next)
			if (!check_hearer(s, h, r->prefix, wrong, size))
				return false;
	return true;
}

bool
transit_check(struct scenario *s, char *wrong, size_t size)
{
	bool unsure;
	const struct steer_plan *plan = transit_plan(s, &unsure);
	if (unsure)
		return true;
	for (const struct member *m = s->members; m; m = m->next) {
		struct hearer h = {.m = m, .session = reference_session(s, m), .plan = plan};
		if (!h.session || h.session->transit == HUB_AS_NONE || !m->reads ||
		    !reference_stands(s, m))
			continue;
		h.ingress = ingress_of(s, &h);
		if (!check_table(s, &h, &m->holds, wrong, size))
			return false;
		for (const struct member *from = s->members; from; from = from->next)
			if (reference_stands(s, from) &&
			    !check_table(s, &h, &from->said, wrong, size))
				return false;
	}
	return true;
}
