/* What the hub says of itself, compared: whether sessions stand, each route's reasons, counters, limits. */
#include <stdio.h>
#include <stdlib.h>

#include "exchange/policy/policy.h"
#include "exchange/rib/rib.h"
#include "scenario/reference.h"

enum { PATHS_MAX = 2048, MANY = 1000 /* prefixes: no storm has so many */ };

static const enum ip_family families[] = {IP_V4, IP_V6};
static const uint64_t too_many = (uint64_t)1 << POLICY_MAX_PREFIXES;

/* --- sessions --- */

/* Both ends see it alike. */
static bool
check_session(const struct scenario *s, const struct member *m, char *wrong, size_t size)
{
	int slot = reference_slot(s, m);
	const struct member_conn *up = member_up((struct member *)m);
	bool ours = up && !up->closed;
	const struct session *session =
		slot < 0 ? NULL : exchange_session(s->exchange, (unsigned)slot);
	bool hubs = session && session_state(session) == SESSION_ESTABLISHED;
	bool reads = m->reads; /* who does not read does not know */
	if (ours == hubs || (!reads && hubs))
		return true;
	(void)snprintf(wrong, size, "%s is %s for itself, %s for the hub", m->id,
		       ours ? "up" : "down",
		       session ? session_state_name(session_state(session)) : "unknown");
	return false;
}

/* --- routes --- */

struct look {
	const struct scenario *s;
	struct member **members; /* by slot */
	size_t slots;
	size_t paths;
	uint32_t (*counts)[2][2]; /* by slot: of a family, accepted and refused */
	char *wrong;
	size_t size;
	bool good;
};

static void
complain(struct look *look, const struct rib_path_view *path, const char *what,
	 unsigned long long number)
{
	char prefix[PREFIX_TEXT];
	const struct member *m = path->slot < look->slots ? look->members[path->slot] : NULL;
	if (look->good)
		(void)snprintf(look->wrong, look->size, "%s id %u of %s: %s %#llx, has %#llx%s%s%s",
			       prefix_format(prefix, path->prefix), path->path_id,
			       m ? m->id : "nobody", what, number,
			       (unsigned long long)path->reasons, path->refused ? " refused" : "",
			       path->stale ? " stale" : "", path->stale_long ? " long" : "");
	look->good = false;
}

static const struct member_route *
find(const struct member_table *table, const struct rib_path_view *path)
{
	const struct member_route *at = member_find(table, path->prefix);
	while (at && at->path_id != path->path_id)
		at = member_next(at);
	return at;
}

static void
look_at_path(void *context, const struct rib_path_view *path)
{
	struct look *look = context;
	const struct member *m = path->slot < look->slots ? look->members[path->slot] : NULL;
	bool stands = m && reference_stands(look->s, m);
	const struct member_route *said = stands ? find(&m->said, path) : NULL;
	const struct member_route *kept = m && !said ? find(&m->kept, path) : NULL;
	if (!said && !kept) {
		complain(look, path, "nobody said so", 0);
		return;
	}
	bool blocked = path->reasons & too_many;
	bool limited = reference_session(look->s, m)->max_prefixes_action == HUB_MAX_PREFIXES_BLOCK;
	const struct reference_route *r = reference_judge(look->s, m, said ? said : kept);
	uint64_t reasons = r->reasons | (blocked && limited ? too_many : 0);
	bool refused = r->refused || (blocked && limited);
	if (reasons != path->reasons)
		complain(look, path, "reasons should be", reasons);
	else if (refused != path->refused)
		complain(look, path, "refused should be", refused);
	else if (path->stale != (kept || said->stale))
		complain(look, path, "stale should be", !path->stale);
	else if (path->stale_long != (kept && m->kept_long))
		complain(look, path, "stale for long should be", !path->stale_long);
	look->paths++;
	look->counts[path->slot][path->prefix.ip.family == IP_V6][refused]++;
}

/* Names one that the table lacks. */
static void
name_missing(const struct look *look, const struct member *m, const struct member_table *table)
{
	static struct rib_path_view views[PATHS_MAX];
	char text[PREFIX_TEXT];
	for (size_t i = 0; i < MEMBER_BUCKETS; i++) {
		const struct member_route *at = table->buckets[i];
		for (; at; at = at->next) {
			const struct rib *rib = exchange_rib(look->s->exchange,
							     (enum ip_family)at->prefix.ip.family);
			size_t count = rib_paths(rib, at->prefix, views, PATHS_MAX), k = 0;
			while (k < count && k < PATHS_MAX &&
			       (look->members[views[k].slot] != m ||
				views[k].path_id != at->path_id))
				k++;
			if (k == count)
				(void)snprintf(look->wrong, look->size,
					       "the table lacks %s id %u of %s%s: %s",
					       prefix_format(text, at->prefix), at->path_id, m->id,
					       table == &m->kept ? ", kept" : "", at->words);
		}
	}
}

static bool
check_counts(struct look *look)
{
	for (size_t slot = 0; look->good && slot < look->slots; slot++) {
		for (unsigned i = 0; look->good && look->members[slot] && i < 2; i++) {
			uint32_t accepted, refused, *should = look->counts[slot][i];
			rib_session_count(exchange_rib(look->s->exchange, families[i]),
					  (unsigned)slot, &accepted, &refused);
			look->good = accepted == should[0] && refused == should[1];
			if (!look->good)
				(void)snprintf(
					look->wrong, look->size,
					"%s counts %u accepted, %u refused of IPv%u; has %u, %u",
					look->members[slot]->id, accepted, refused, families[i],
					should[0], should[1]);
		}
	}
	return look->good;
}

static bool
check_routes(const struct scenario *s, char *wrong, size_t size)
{
	size_t slots = exchange_slots(s->exchange), said = 0;
	struct look look = {.s = s, .slots = slots, .wrong = wrong, .size = size, .good = true};
	look.members = calloc(slots + 1, sizeof(*look.members));
	look.counts = calloc(slots + 1, sizeof(*look.counts));
	if (!look.members || !look.counts)
		abort();
	for (struct member *m = s->members; m; m = m->next) {
		int slot = reference_slot(s, m);
		if (slot < 0)
			continue;
		look.members[slot] = m;
		said += m->kept.count + (reference_stands(s, m) ? m->said.count : 0);
	}
	for (unsigned i = 0; i < 2; i++)
		rib_each_path(exchange_rib(s->exchange, families[i]), -1, look_at_path, &look);
	if (look.good && look.paths != said) {
		look.good = false;
		for (struct member *m = s->members; m; m = m->next) {
			name_missing(&look, m, &m->kept);
			if (reference_stands(s, m))
				name_missing(&look, m, &m->said);
		}
	}
	bool good = check_counts(&look);
	free(look.members);
	free(look.counts);
	return good;
}

/* --- limits --- */

static uint32_t
limit_of(const struct hub_session *session, enum ip_family family)
{
	return family == IP_V4 ? session->max_prefixes_ipv4 : session->max_prefixes_ipv6;
}

/* Routes of the family: how many count, and how many were one too many although nothing else speaks against them. */
static void
count(const struct scenario *s, const struct member *m, enum ip_family family, size_t *accepted,
      size_t *all)
{
	const struct member_table *tables[2] = {&m->said, &m->kept};
	*accepted = *all = 0;
	for (size_t i = 0; i < 2 * MEMBER_BUCKETS; i++) {
		const struct member_route *at = tables[i % 2]->buckets[i / 2];
		for (; at && tables[i % 2]->count; at = at->next) {
			if (at->prefix.ip.family != family)
				continue;
			*accepted += !reference_judge(s, m, at)->refused;
			++*all;
		}
	}
}

size_t
reference_count(const struct scenario *s, const struct member *m, enum ip_family family, bool all)
{
	size_t accepted, every;
	count(s, m, family, &accepted, &every);
	return all ? every : accepted;
}

/* Of a session above whose limit routes are not taken: no more than that are, and no fewer while there are more. Any
 * other session with more than it may have does not stand. */
static bool
check_limit(const struct scenario *s, const struct member *m, enum ip_family family, bool settled,
	    char *wrong, size_t size)
{
	const struct hub_session *session = reference_session(s, m);
	bool all = session->max_prefixes_count_refused;
	uint32_t limit = limit_of(session, family), accepted, refused, reasons[64];
	const struct rib *rib = exchange_rib(s->exchange, family);
	if (!limit || session->max_prefixes_action == HUB_MAX_PREFIXES_WARN || limit > MANY)
		return true;
	/* Who has just come back, and has routes left of before, is counted when it says something. */
	if (session->max_prefixes_action != HUB_MAX_PREFIXES_BLOCK && m->kept.count)
		return true;
	size_t should = reference_count(s, m, family, all), taken = should;
	bool good = should <= limit;
	if (session->max_prefixes_action == HUB_MAX_PREFIXES_BLOCK) {
		rib_count_reasons(rib, reference_slot(s, m), reasons);
		rib_session_count(rib, (unsigned)reference_slot(s, m), &accepted, &refused);
		taken = all ? should - reasons[POLICY_MAX_PREFIXES] : accepted;
		/* When all count, those that were not taken do, too, until all fit. */
		good = taken <= limit &&
		       (!settled || taken == should || (all ? should > limit : taken == limit));
	}
	if (!good)
		(void)snprintf(wrong, size, "%s has %zu of %zu IPv%u routes taken, at most %u",
			       m->id, taken, should, family, limit);
	return good;
}

bool
reference_check_table(const struct scenario *s, bool settled, char *wrong, size_t size)
{
	for (const struct member *m = s->members; m; m = m->next) {
		if (!check_session(s, m, wrong, size))
			return false;
		for (unsigned i = 0; i < 2 && reference_stands(s, m); i++)
			if (!check_limit(s, m, families[i], settled, wrong, size))
				return false;
	}
	return check_routes(s, wrong, size);
}
