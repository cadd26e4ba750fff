/* A route server in the plainest words: no sets, no log, no order kept. For each prefix all that was announced is
 * gone through from the beginning, once for every member.
 *
 * It knows all that storms make happen: every community of every profile, paths of sequences and sets, OTC, next hops of
 * both families, path identifiers; and what befalls routes besides: roles, registries, ROAs, ASPAs, blackholes, graceful
 * shutdown, members' own rules, places, round-trip times, collectors, routes that are stale. */
#include "scenario/reference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "exchange/policy/policy.h"
#include "exchange/rib/rib.h"

enum { PATHS_MAX = 2048 };

struct list {
	struct reference_route *items;
	size_t count, capacity;
};

const struct hub_session *
reference_session(const struct scenario *s, const struct member *m)
{
	uint32_t index = hub_session_by_id(s->hub, m->id);
	return index == HUB_NONE ? NULL : &s->hub->sessions[index];
}

int
reference_slot(const struct scenario *s, const struct member *m)
{
	uint32_t index = hub_session_by_id(s->hub, m->id);
	return index == HUB_NONE ? -1 : exchange_slot_of(s->exchange, index);
}

struct member_conn *
reference_stands(const struct scenario *s, const struct member *m)
{
	struct member_conn *up = member_up((struct member *)m);
	int slot = reference_slot(s, m);
	bool both =
		up && !up->closed && slot >= 0 &&
		session_state(exchange_session(s->exchange, (unsigned)slot)) == SESSION_ESTABLISHED;
	return both ? up : NULL;
}

/* The hub's own AS is another matter (transit_reference.c). */
static bool
is_transit(const struct scenario *s, const struct member *m)
{
	const struct hub_session *session = reference_session(s, m);
	return session && session->transit != HUB_AS_NONE;
}

/* --- which are there --- */

/* The one thing that is taken from the hub. */
static bool
is_one_too_many(const struct scenario *s, const struct member *m, const struct member_route *said)
{
	static struct rib_path_view views[PATHS_MAX];
	int slot = reference_slot(s, m);
	const struct rib *rib = exchange_rib(s->exchange, (enum ip_family)said->prefix.ip.family);
	size_t count = rib_paths(rib, said->prefix, views, PATHS_MAX);
	for (size_t i = 0; i < count && i < PATHS_MAX; i++)
		if ((int)views[i].slot == slot && views[i].path_id == said->path_id)
			return views[i].reasons >> POLICY_MAX_PREFIXES & 1;
	return false;
}

static bool
is_blocked(const struct scenario *s, const struct member *m, const struct member_route *said)
{
	const struct hub_session *session = reference_session(s, m);
	bool limited = session->max_prefixes_action == HUB_MAX_PREFIXES_BLOCK;
	return limited && is_one_too_many(s, m, said);
}

static struct reference_route *
add(const struct scenario *s, struct list *list, const struct member *m,
    const struct member_route *said)
{
	if (list->count == list->capacity) {
		list->capacity = list->capacity ? list->capacity * 2 : 64;
		list->items = realloc(list->items, list->capacity * sizeof(*list->items));
		if (!list->items)
			abort();
	}
	struct reference_route *r = &list->items[list->count++];
	*r = *reference_judge(s, m, said);
	if (is_blocked(s, m, said)) {
		r->reasons |= (uint64_t)1 << POLICY_MAX_PREFIXES;
		r->refused = true;
	}
	return r;
}

static void
gather(const struct scenario *s, struct list *list, struct prefix prefix)
{
	list->count = 0;
	for (const struct member *m = s->members; m; m = m->next) {
		if (is_transit(s, m))
			continue;
		const struct member_route *at =
			reference_stands(s, m) ? member_find(&m->said, prefix) : NULL;
		for (; at; at = member_next(at))
			add(s, list, m, at);
		at = reference_session(s, m) ? member_find(&m->kept, prefix) : NULL;
		for (; at; at = member_next(at)) {
			struct reference_route *r = add(s, list, m, at);
			r->stale = true;
			r->late = m->kept_long;
		}
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
	if (a->origin != b->origin)
		return b->origin < a->origin;
	uint32_t x = a->hops ? a->path[0] : 0, y = b->hops ? b->path[0] : 0;
	return x == y && b->med < a->med;
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
	static const char *const lists[] = {"community", "ext", "large"};
	if (strcmp(held, wanted) == 0)
		return true;
	for (size_t i = 0; i < 5; i++) {
		char a[ROUTE_FIELD_MAX], b[ROUTE_FIELD_MAX];
		if (route_field(a, held, exact[i]) != route_field(b, wanted, exact[i]) ||
		    strcmp(a, b) != 0)
			return false;
	}
	for (size_t i = 0; i < 3; i++)
		if (!same_field(held, wanted, lists[i]))
			return false;
	return true;
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

/* Among several paths, does the receiver want this one beside the best? *more: how many that are not as good. */
static bool
is_chosen(const struct reference_receiver *to, const struct reference_route *best,
	  const struct reference_route *r, size_t *more)
{
	bool same_neighbour =
		best->hops && r->hops ? best->path[0] == r->path[0] : best->hops == r->hops;
	bool equal = best->late == r->late && best->last_resort == r->last_resort &&
		     best->hops == r->hops && best->origin == r->origin &&
		     (!same_neighbour || best->med == r->med);
	if (to->session->add_path_paths == HUB_PATHS_ALL ||
	    (to->session->add_path_paths == HUB_PATHS_EQUAL && equal))
		return true;
	return *more && (*more)--;
}

static bool
check_member(const struct scenario *s, const struct list *list, const struct reference_receiver *to,
	     struct prefix prefix, char *wrong, size_t size)
{
	struct member_conn *up = reference_stands(s, to->m);
	bool several = member_hears_ids(to->m, up, (enum ip_family)prefix.ip.family);
	size_t most = !several                    ? 1
		      : to->session->add_path_max ? to->session->add_path_max
						  : SIZE_MAX;
	size_t should = 0, holds = 0, more = to->session->add_path_more;
	const struct reference_route *best = NULL;
	struct buf words = {0};
	bool good = true;
	for (size_t i = 0; good && i < list->count && should < most; i++) {
		const struct reference_route *r = &list->items[i];
		if (!reference_may_have(s, r, to) ||
		    (best && several && !is_chosen(to, best, r, &more)))
			continue;
		best = best ? best : r;
		buf_clear(&words);
		reference_put_words(&words, s, r, to);
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
		used += (size_t)snprintf(
			wrong + used, size - used, "\n#   of %s id %u%s%s%s %#llx: %s", r->from->id,
			r->path_id, r->stale ? " stale" : "", r->late ? " late" : "",
			r->refused ? " refused" : "", (unsigned long long)r->reasons, r->said);
	}
}

static uint64_t
mix_routes(uint64_t inputs, const struct scenario *s, const struct member *m,
	   const struct member_table *table, struct prefix prefix)
{
	const struct member_route *at = member_find(table, prefix);
	for (; at; at = member_next(at)) {
		bool blocked = table != &m->holds && is_blocked(s, m, at);
		inputs = hash_u64(inputs ^ (at->serial << 2 | at->stale << 1 | blocked));
	}
	return hash_u64(inputs + 1);
}

/* All that what is held of the prefix depends on, and what is held. */
static uint64_t
inputs_of(const struct scenario *s, struct prefix prefix)
{
	uint64_t inputs = s->world->round;
	for (const struct member *m = s->members; m; m = m->next) {
		bool stands = reference_stands(s, m);
		inputs = hash_u64(inputs ^ (unsigned)(stands << 2 | m->reads << 1 | m->kept_long));
		if (stands)
			inputs = mix_routes(inputs, s, m, &m->said, prefix);
		if (reference_session(s, m))
			inputs = mix_routes(inputs, s, m, &m->kept, prefix);
		inputs = mix_routes(inputs, s, m, &m->holds, prefix);
	}
	return inputs;
}

/* True: nothing changed since it was found to be right. */
static bool
is_checked(const struct scenario *s, struct prefix prefix, struct reference_checked **place,
	   uint64_t *inputs)
{
	struct reference_world *world = s->world;
	if (!world || !world->round)
		return false;
	*inputs = inputs_of(s, prefix);
	for (size_t i = 0; i < REFERENCE_CHECKED; i++) {
		*place = &world->checked[i];
		if ((*place)->prefix.ip.family == IP_NONE)
			return false;
		if (prefix_equal((*place)->prefix, prefix))
			return (*place)->inputs == *inputs;
	}
	abort();
}

static bool
check_prefix(const struct scenario *s, struct list *list, struct prefix prefix, char *wrong,
	     size_t size)
{
	struct reference_checked *place = NULL;
	uint64_t inputs = 0;
	if (is_checked(s, prefix, &place, &inputs))
		return true;
	gather(s, list, prefix);
	put_in_order(list->items, list->count);
	for (const struct member *m = s->members; m; m = m->next) {
		struct reference_receiver to = {.m = m, .session = reference_session(s, m)};
		if (!m->reads || !reference_stands(s, m) || is_transit(s, m))
			continue;
		to.member = &s->hub->members[to.session->member];
		if (!check_member(s, list, &to, prefix, wrong, size)) {
			put_all(wrong, size, list);
			return false;
		}
	}
	if (place)
		*place = (struct reference_checked){prefix, inputs};
	return true;
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
