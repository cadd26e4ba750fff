/* A route server in the plainest words: no sets, no log, no order kept. For each prefix and each member all that was
 * announced is gone through from the beginning. Slow, and obvious.
 *
 * It knows what storms announce: paths of sequences, MEDs, control communities, blocked prefixes. */
#include "scenario/reference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/session/session.h"

enum { CANDIDATES_MAX = 16 };

struct candidate {
	const struct member *from;
	const char *words;
	unsigned hops, first_as, med;
};

/* Its session stands, at both ends. */
static bool
stands(const struct scenario *s, const struct member *m)
{
	const struct member_conn *up = member_up((struct member *)m);
	uint32_t index = hub_session_by_id(s->hub, m->id);
	int slot = index == HUB_NONE ? -1 : exchange_slot_of(s->exchange, index);
	return up && !up->closed && slot >= 0 &&
	       session_state(exchange_session(s->exchange, (unsigned)slot)) == SESSION_ESTABLISHED;
}

static bool
is_blocked(const struct scenario *s, const struct member *m, struct prefix prefix)
{
	const struct hub_session *session = &s->hub->sessions[hub_session_by_id(s->hub, m->id)];
	const struct hub_policy *policy = &s->hub->members[session->member].policy;
	for (size_t i = 0; i < policy->blocked_count; i++)
		if (prefix_covers(policy->blocked[i].prefix, prefix) &&
		    prefix.length >= policy->blocked[i].min_length &&
		    prefix.length <= policy->blocked[i].max_length)
			return true;
	return false;
}

/* True if one of the words of the field is `word`. */
static bool
says(const char *words, const char *field, const char *word)
{
	char all[ROUTE_FIELD_MAX + 2], wanted[64];
	char text[ROUTE_FIELD_MAX];
	if (!route_field(text, words, field))
		return false;
	(void)snprintf(all, sizeof(all), " %s ", text);
	(void)snprintf(wanted, sizeof(wanted), " %s ", word);
	return strstr(all, wanted) != NULL;
}

/* RS:P in the standard form, RS:1:P in the large one, and so on. */
static bool
says_either(const struct scenario *s, const char *words, bool to, unsigned peer)
{
	char standard[32], large[48];
	unsigned rs = s->hub->asn.number;
	(void)snprintf(standard, sizeof(standard), "%u:%u", to ? rs : 0, peer ? peer : rs);
	(void)snprintf(large, sizeof(large), "%u:%u:%u", rs, to ? 1 : 0, peer);
	return says(words, "community", standard) || says(words, "large", large);
}

static bool
may_have(const struct scenario *s, const struct candidate *c, const struct member *m)
{
	if (m->asn.number == c->from->asn.number)
		return false;
	if (says_either(s, c->words, false, m->asn.number))
		return false;
	return says_either(s, c->words, true, m->asn.number) || !says_either(s, c->words, false, 0);
}

/* RFC 4271 section 9.1.2.2, a to c: does `b` take `a` out of the contest? */
static bool
is_beaten(const struct candidate *a, const struct candidate *b)
{
	if (a->hops != b->hops)
		return b->hops < a->hops;
	return a->first_as == b->first_as && b->med < a->med;
}

/* f and g. */
static bool
is_before(const struct candidate *a, const struct candidate *b)
{
	uint32_t x = a->from->says.open.router_id, y = b->from->says.open.router_id;
	return x != y ? x < y : ip_compare(a->from->address, b->from->address) < 0;
}

static size_t
best(const struct candidate *list, size_t count)
{
	size_t chosen = count;
	for (size_t i = 0; i < count; i++) {
		bool beaten = false;
		for (size_t j = 0; j < count; j++)
			beaten |= is_beaten(&list[i], &list[j]);
		if (!beaten && (chosen == count || is_before(&list[i], &list[chosen])))
			chosen = i;
	}
	return chosen;
}

static struct candidate
candidate_of(const struct member *from, const char *words)
{
	struct candidate c = {
		.from = from, .words = words, .hops = 1, .first_as = from->asn.number};
	char text[ROUTE_FIELD_MAX];
	if (route_field(text, words, "path")) {
		c.first_as = (unsigned)strtoul(text, NULL, 10);
		for (const char *at = text; (at = strchr(at, ' ')); at++)
			c.hops++;
	}
	if (route_field(text, words, "med"))
		c.med = (unsigned)strtoul(text, NULL, 10);
	return c;
}

static size_t
candidates(const struct scenario *s, struct prefix prefix, struct candidate *out)
{
	size_t count = 0;
	for (const struct member *m = s->members; m && count < CANDIDATES_MAX; m = m->next) {
		const struct member_route *said =
			stands(s, m) ? member_find(&m->said, prefix) : NULL;
		if (!said || is_blocked(s, m, prefix))
			continue;
		out[count] = candidate_of(m, said->words);
		count += out[count].first_as == m->asn.number;
	}
	return count;
}

/* The best, then the best of the others, until one that the member may have. */
static bool
first_for(const struct scenario *s, const struct member *m, struct prefix prefix,
	  struct candidate *out)
{
	struct candidate list[CANDIDATES_MAX];
	size_t count = candidates(s, prefix, list);
	while (count) {
		size_t chosen = best(list, count);
		*out = list[chosen];
		if (may_have(s, out, m))
			return true;
		list[chosen] = list[--count];
	}
	return false;
}

/* Appends a field without the words that begin with one of `ours`. */
static void
scrub(struct buf *to, const char *words, const char *field, const char *rs)
{
	char text[ROUTE_FIELD_MAX], *rest = NULL;
	bool any = false;
	if (!route_field(text, words, field))
		return;
	for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		bool ours = strncmp(word, rs, strlen(rs)) == 0 ||
			    (*field == 'c' && strncmp(word, "0:", 2) == 0);
		if (!ours)
			buf_printf(to, " %s%s%s", any ? "" : field, any ? "" : " ", word);
		any |= !ours;
	}
}

static void
expected_words(const struct scenario *s, struct buf *to, struct prefix prefix,
	       const struct candidate *c)
{
	char text[ROUTE_FIELD_MAX], ip[IP_TEXT], rs[16];
	(void)snprintf(rs, sizeof(rs), "%u:", s->hub->asn.number);
	buf_clear(to);
	if (route_field(text, c->words, "path"))
		buf_printf(to, "path %s", text);
	else
		buf_printf(to, "path %u", c->from->asn.number);
	buf_printf(to, " next-hop %s origin igp",
		   ip_format(ip, c->from->next_hops[prefix.ip.family == IP_V6]));
	if (route_field(text, c->words, "med"))
		buf_printf(to, " med %s", text);
	scrub(to, c->words, "community", rs);
	scrub(to, c->words, "large", rs);
	buf_u8(to, 0);
}

static bool
check(const struct scenario *s, const struct member *m, struct prefix prefix, char *wrong,
      size_t size)
{
	struct candidate first;
	struct buf wanted = {0};
	char text[PREFIX_TEXT];
	const struct member_route *held = member_find(&m->holds, prefix);
	bool has_one = first_for(s, m, prefix, &first);
	buf_u8(&wanted, 0);
	if (has_one)
		expected_words(s, &wanted, prefix, &first);
	bool good = has_one ? held && route_matches(held->words, (const char *)wanted.data) : !held;
	if (!good)
		(void)snprintf(wrong, size, "%s should hold %s %s, has %s", m->id,
			       prefix_format(text, prefix),
			       has_one ? (const char *)wanted.data : "not at all",
			       held ? held->words : "nothing");
	buf_fini(&wanted);
	return good;
}

/* All prefixes of the table, checked for the member. */
static bool
check_all(const struct scenario *s, const struct member *m, const struct member_table *table,
	  char *wrong, size_t size)
{
	for (size_t i = 0; i < MEMBER_BUCKETS; i++)
		for (const struct member_route *r = table->buckets[i]; r; r = r->next)
			if (!check(s, m, r->prefix, wrong, size))
				return false;
	return true;
}

bool
reference_check(const struct scenario *s, char *wrong, size_t size)
{
	for (const struct member *m = s->members; m; m = m->next) {
		if (!m->reads || !stands(s, m))
			continue;
		if (!check_all(s, m, &m->holds, wrong, size))
			return false;
		for (const struct member *other = s->members; other; other = other->next)
			if (!check_all(s, m, &other->said, wrong, size))
				return false;
	}
	return true;
}
