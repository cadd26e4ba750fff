/* Looking at what steering does: which routes went where, what each exit carries, and why a session does not get
 * a path. */
#include <string.h>

#include "exchange/rib/rib_internal.h"

/* --- which routes went where --- */

static unsigned
exit_of(const struct rib *rib, const struct rib_part *part)
{
	return rib_attrs_at(&rib->attrs, part->form.attrs)->slot;
}

/* The words of who holds something of the exit: before, and now behind these. */
static uint64_t *
holders_of(struct rib *rib, unsigned exit)
{
	struct rib_steer_moves *m = &rib->steer_moves;
	size_t words = rib->sets->words, at = 0;
	while (at < m->exit_count && m->exits[at] != exit)
		at++;
	if (at < m->exit_count)
		return m->words + at * 2 * words;
	m->exits = rib_grow(m->exits, &m->exit_capacity, at + 1, sizeof(*m->exits));
	m->words = rib_grow(m->words, &m->word_capacity, (at + 1) * 2 * words, sizeof(*m->words));
	memset(m->words + at * 2 * words, 0, 2 * words * sizeof(*m->words));
	m->exits[m->exit_count++] = exit;
	return m->words + at * 2 * words;
}

static void
add_holders(struct rib *rib, const struct rib_parts *parts, size_t behind)
{
	for (size_t i = 0; i < parts->count; i++) {
		uint64_t *words = holders_of(rib, exit_of(rib, &parts->items[i])) + behind;
		for (size_t w = 0; w < rib->sets->words; w++)
			words[w] |= rib_set_word(rib->sets, parts->items[i].holders, w);
	}
}

void
rib_steer_count_moves(struct rib *rib, size_t prefixes)
{
	struct rib_steer_moves *m = &rib->steer_moves;
	size_t words = rib->sets->words;
	m->exit_count = 0;
	add_holders(rib, &rib->before, 0);
	add_holders(rib, &rib->after, words);
	for (size_t i = 0; i < m->exit_count; i++) {
		const uint64_t *was = m->words + i * 2 * words, *is = was + words;
		uint64_t to = 0, from = 0;
		for (size_t w = 0; w < words; w++) {
			to += (uint64_t)__builtin_popcountll(is[w] & ~was[w]);
			from += (uint64_t)__builtin_popcountll(was[w] & ~is[w]);
		}
		if (m->exits[i] >= rib->steer_shift_count)
			continue;
		rib->steer_shifts[m->exits[i]].to += to * prefixes;
		rib->steer_shifts[m->exits[i]].from += from * prefixes;
	}
}

struct rib_steer_shift
rib_steer_shift_of(const struct rib *rib, unsigned exit)
{
	return exit < rib->steer_shift_count ? rib->steer_shifts[exit]
					     : (struct rib_steer_shift){0};
}

/* --- what each exit carries --- */

static uint32_t
open_transit(struct rib *rib)
{
	uint32_t set = RIB_SET_EMPTY;
	for (unsigned slot = 0; slot < rib->slots; slot++)
		if (rib->sessions[slot].peer.transit && rib_session_is_open(rib, slot))
			set = rib_set_with(rib->sets, set, slot);
	return set;
}

bool
rib_steer_count_next(struct rib *rib, uint32_t *at, size_t budget, uint64_t *out, size_t slots)
{
	uint32_t who = open_transit(rib);
	*at += *at == 0;
	for (; *at < rib->prefixes.used && budget; ++*at, budget--) {
		const struct rib_prefix *prefix = rib_prefix_in_use(rib, *at);
		struct rib_dirty now = {.prefix = *at,
					.first = (uint32_t)rib->offer_count,
					.steered = rib_steer_of(rib, *at)};
		if (!prefix || !prefix->paths || !who)
			continue;
		now.count = (uint32_t)rib_keep_offers(rib, prefix);
		rib->offer_count = now.first;
		(void)rib_hand_out(rib, &now, who, &rib->after);
		for (size_t i = 0; i < rib->after.count; i++) {
			unsigned exit = exit_of(rib, &rib->after.items[i]);
			if (exit < slots && rib->sessions[exit].peer.transit)
				out[exit] += rib_set_count(rib->sets, rib->after.items[i].holders);
		}
	}
	return *at < rib->prefixes.used;
}

/* --- why a session does not get a path --- */

static const struct rib_attrs *
attrs_of(const struct rib *rib, const struct rib_path *path)
{
	return rib_path_attrs(rib, path);
}

static uint32_t
preference_of(const struct rib *rib, const struct rib_path *path)
{
	return rib_verdict_at(rib, attrs_of(rib, path)->verdict)->local_pref;
}

static bool
is_ahead_by_med(const struct rib *rib, const struct rib_path *a, const struct rib_path *b)
{
	const struct rib_attrs *x = attrs_of(rib, a), *y = attrs_of(rib, b);
	return x->first_as == y->first_as && x->med < y->med && x->hops == y->hops &&
	       x->origin == y->origin && preference_of(rib, a) == preference_of(rib, b) &&
	       rib_mark_at(rib, a->mark)->late == rib_mark_at(rib, b->mark)->late;
}

/* Has another path of its neighbour, as good up to there, a lower MED? */
static bool
is_behind_by_med(const struct rib *rib, uint32_t number, const struct rib_path *path)
{
	for (uint32_t at = rib_prefix_at(rib, number)->paths; at;) {
		const struct rib_path *other = rib_path_at(rib, at);
		if (rib_path_refused(other))
			break;
		if (attrs_of(rib, other)->preference == RIB_TRANSIT &&
		    is_ahead_by_med(rib, other, path))
			return true;
		at = rib_path_next(other);
	}
	return false;
}

/* What of attributes and places put `path` behind `best`, which is taken. */
static enum rib_steer_fate
behind(const struct rib *rib, uint32_t number, unsigned slot, const struct rib_path *path,
       const struct rib_path *best)
{
	const struct rib_attrs *x = attrs_of(rib, path), *y = attrs_of(rib, best);
	const struct rib_steered *s = rib_steer_of(rib, number);
	bool by_cost = rib_steer_cost(s, slot, path->slot) != rib_steer_cost(s, slot, best->slot);
	if (rib_mark_at(rib, path->mark)->late != rib_mark_at(rib, best->mark)->late)
		return RIB_STEER_STALE;
	if (preference_of(rib, path) != preference_of(rib, best))
		return RIB_STEER_LOCAL_PREF;
	if (by_cost && rib_steer_before_path(s))
		return RIB_STEER_COST;
	if (x->hops != y->hops)
		return RIB_STEER_PATH;
	if (x->origin != y->origin)
		return RIB_STEER_ORIGIN;
	if (is_behind_by_med(rib, number, path))
		return RIB_STEER_MED;
	if (rib->sessions[x->slot].peer.internal && !rib->sessions[y->slot].peer.internal)
		return RIB_STEER_INTERNAL;
	return by_cost ? RIB_STEER_COST : RIB_STEER_LAST;
}

static enum rib_steer_fate
fate_of(const struct rib *rib, uint32_t number, unsigned slot, uint32_t at, uint32_t best)
{
	const struct rib_path *path = rib_path_at(rib, at);
	const struct rib_steered *s = rib_steer_of(rib, number);
	if (rib_path_refused(path))
		return RIB_STEER_REFUSED;
	if (at == best)
		return RIB_STEER_TAKEN;
	if (!rib_may_receive(rib, path, slot))
		return RIB_STEER_NOT_FOR;
	if (rib_steer_cost(s, slot, path->slot) == RIB_CLOSED || !best)
		return RIB_STEER_CLOSED;
	return behind(rib, number, slot, path, rib_path_at(rib, best));
}

static bool
is_among(const struct rib_steer_candidate *list, size_t count, uint32_t path)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].sent_id == path)
			return true;
	return false;
}

/* Appends the path if there is room for it; returns how many there are then. */
static size_t
append(const struct rib *rib, struct rib_steer_candidate *out, size_t count, size_t max,
       uint32_t path)
{
	const struct rib_path *p = rib_path_at(rib, path);
	const struct rib_attrs *attrs = attrs_of(rib, p);
	if (count < max)
		out[count++] = (struct rib_steer_candidate){.slot = p->slot,
							    .sent_id = path,
							    .local_pref = preference_of(rib, p),
							    .med = attrs->med,
							    .hops = attrs->hops,
							    .origin = attrs->origin};
	return count;
}

static size_t
list_in_order(const struct rib *rib, uint32_t number, unsigned slot,
	      struct rib_steer_candidate *out, size_t max)
{
	uint32_t order[RIB_STEER_MAX];
	size_t count = 0;
	size_t ordered = rib_steer_is_placed(rib_steer_of(rib, number), slot)
				 ? rib_steer_order(rib, number, slot, false, order)
				 : 0;
	for (size_t i = 0; i < ordered; i++)
		count = append(rib, out, count, max, order[i]);
	/* The others, and by the plain order all, as they stand: those it may have first. */
	for (unsigned others = 0; others < 2; others++)
		for (uint32_t at = rib_prefix_at(rib, number)->paths; at;) {
			const struct rib_path *path = rib_path_at(rib, at);
			bool may = !rib_path_refused(path) && rib_may_receive(rib, path, slot);
			bool own = rib->sessions[path->slot].peer.transit;
			if (own && may != others && !is_among(out, count, at))
				count = append(rib, out, count, max, at);
			at = rib_path_next(path);
		}
	return count;
}

size_t
rib_steer_candidates(const struct rib *rib, struct prefix prefix, unsigned slot,
		     struct rib_steer_candidate *out, size_t max)
{
	enum { SENT_MAX = 64 };
	uint32_t sent[SENT_MAX], best = 0;
	uint32_t number = rib_prefix_find(rib, prefix.ip.octets, prefix.length);
	if (!number)
		return 0;
	size_t count = list_in_order(rib, number, slot, out, max);
	size_t sent_count = rib_path_choice(rib, prefix, slot, sent, SENT_MAX);
	for (size_t i = 0; i < count && !best; i++) {
		const struct rib_path *path = rib_path_at(rib, out[i].sent_id);
		if (!rib_path_refused(path) && rib_may_receive(rib, path, slot) &&
		    rib_steer_cost(rib_steer_of(rib, number), slot, path->slot) != RIB_CLOSED)
			best = out[i].sent_id;
	}
	for (size_t i = 0; i < count; i++) {
		out[i].cost = rib_steer_cost(rib_steer_of(rib, number), slot, out[i].slot);
		out[i].fate = fate_of(rib, number, slot, out[i].sent_id, best);
		for (size_t k = 0; k < sent_count; k++)
			if (sent[k] == out[i].sent_id && out[i].fate > RIB_STEER_NOT_FOR)
				out[i].fate = RIB_STEER_ALSO;
	}
	return count;
}
