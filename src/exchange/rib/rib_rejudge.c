/* Judging anew, in slices, while routes come and go: verdicts and marks are asked for again, and
 * what differs is changed.
 *
 * A round goes through the attribute sets of one session after the other and through the paths of
 * each. It stands at the next path to be done; when that leaves, the round steps on. What comes in
 * the meantime was judged on arrival, so it does not matter that a round may miss it. A round that
 * is wanted again on its way goes on to its end, and then once more: however often neighbours give
 * a reason to begin, all are reached.
 *
 * A verdict holds for all paths of its attribute set. Where these are many, a twin of the set gets the
 * new verdict and they move there, slice by slice. */
#include <stdlib.h>
#include <string.h>

#include "exchange/rib/rib_internal.h"

enum {
	AHEAD = 16,     /* paths judged side by side */
	LOOK_UPS = 256, /* for one prefix, before the table is gone through instead */
	MANY_MAX = 64, /* prefixes that each path is compared with, before all are judged instead */
	SET_COST = 4,  /* of judging a set, in paths */
};

void
rib_rejudge_fini(struct rib *rib)
{
	free(rib->rejudging.asns);
	free(rib->rejudging.few);
	free(rib->rejudging.many);
	free(rib->rejudging.paths);
}

/* --- where a round stands --- */

static void
begin(struct rib *rib, enum rib_round_kind kind)
{
	struct rib_round *round = &rib->rejudging.rounds[kind];
	if (!round->at.on)
		rib_pace_begin(rib);
	if (round->at.on && (round->slot || round->at.attrs))
		round->again = true;
	else
		*round = (struct rib_round){.at.on = true};
}

static void
leave_set(const struct rib *rib, struct rib_round *round)
{
	round->at.attrs = rib_attrs_at(&rib->attrs, round->at.attrs)->next;
	round->at.path = RIB_WHOLE;
	round->twin = 0;
	if (!round->at.attrs)
		round->slot++;
}

/* Goes to a set if it stands at none. False at the end. */
static bool
find_set(struct rib *rib, enum rib_round_kind kind)
{
	struct rib_round *round = &rib->rejudging.rounds[kind];
	while (!round->at.attrs) {
		if (round->slot >= rib->slots && round->again)
			*round = (struct rib_round){.at.on = true};
		if (round->slot >= rib->slots)
			break;
		struct rib_session *session = &rib->sessions[round->slot];
		bool wanted = kind != RIB_ROUND_SESSIONS || session->rejudge;
		if (kind == RIB_ROUND_SESSIONS) {
			session->whole_now = session->rejudge_whole;
			session->rejudge = session->rejudge_whole = false;
		}
		round->at.attrs = wanted ? session->attrs : 0;
		round->at.path = RIB_WHOLE;
		if (!round->at.attrs)
			round->slot++;
	}
	round->at.on = round->at.attrs != 0;
	return round->at.on;
}

void
rib_rejudge_leave_path(struct rib *rib, uint32_t path)
{
	for (unsigned i = 0; i < RIB_ROUNDS; i++) {
		struct rib_round *round = &rib->rejudging.rounds[i];
		if (round->at.on && round->at.path == path)
			round->at.path = rib_path_at(rib, path)->attrs_next;
	}
}

void
rib_rejudge_leave_attrs(struct rib *rib, uint32_t attrs)
{
	for (unsigned i = 0; i < RIB_ROUNDS; i++) {
		struct rib_round *round = &rib->rejudging.rounds[i];
		if (round->at.on && round->at.attrs == attrs) {
			leave_set(rib, round);
		} else if (round->at.on && round->twin == attrs) {
			round->at.path = RIB_WHOLE; /* its verdict is asked for again */
			round->twin = 0;
		}
	}
}

/* --- verdicts --- */

/* The paths of a set take other places in the order when its preference changes: all of them out,
 * for order is only sound among unchanged ones, then all in again. */
static void
change_preference(struct rib *rib, struct rib_attrs *attrs, uint32_t verdict)
{
	for (uint32_t at = attrs->paths; at; at = rib_path_at(rib, at)->attrs_next)
		rib_order_remove(rib, rib_path_home(rib, at), at);
	attrs->verdict = verdict;
	attrs->preference = rib_verdict_at(rib, verdict)->preference;
	for (uint32_t at = attrs->paths; at; at = rib_path_at(rib, at)->attrs_next)
		rib_order_insert(rib, rib_path_at(rib, at)->next & ~(uint32_t)RIB_END, at);
}

static void
change_verdict(struct rib *rib, uint32_t number, uint32_t verdict)
{
	struct rib_attrs *attrs = rib_attrs_at(&rib->attrs, number);
	const struct rib_kept_verdict *now = rib_verdict_at(rib, verdict);
	const struct rib_kept_verdict *was = rib_verdict_at(rib, attrs->verdict);
	bool refused = now->refused, was_refused = was->refused;
	bool moves = now->preference != was->preference || now->local_pref != was->local_pref;
	bool matters = !refused || !was_refused || rib->collecting;
	for (uint32_t at = attrs->paths; at && matters; at = rib_path_at(rib, at)->attrs_next)
		rib_prefix_touch(rib, rib_path_home(rib, at));
	uint32_t before = attrs->verdict;
	rib_interned_use(&rib->verdicts, verdict);
	if (moves)
		change_preference(rib, attrs, verdict);
	attrs->verdict = verdict;
	rib_interned_drop(&rib->verdicts, before);
	for (uint32_t at = attrs->paths; at && refused != was_refused;
	     at = rib_path_at(rib, at)->attrs_next) {
		uint16_t word = rib_path_word(rib, number, rib_path_at(rib, at)->mark);
		if (word != rib_path_at(rib, at)->mark)
			rib_path_change(rib, rib_path_home(rib, at), at, number, word);
	}
}

static bool
has_many_paths(const struct rib *rib, const struct rib_attrs *attrs)
{
	size_t count = 0;
	for (uint32_t at = attrs->paths; at && count <= rib->at_once;
	     at = rib_path_at(rib, at)->attrs_next)
		count++;
	return count > rib->at_once;
}

/* Asks for the verdict of the set where the round stands. */
static void
rejudge_attrs(struct rib *rib, struct rib_round *round, const struct bgp_attrs *view)
{
	struct rib_attrs *attrs = rib_attrs_at(&rib->attrs, round->at.attrs);
	struct rib_verdict verdict = {0};
	rib->hooks.attrs(rib->hooks.context, rib, attrs->slot, view, &verdict);
	uint32_t now = rib_verdict_of(rib, round->at.attrs, &verdict);
	if (now == attrs->verdict || now == RIB_INTERN_NONE)
		return;
	if (has_many_paths(rib, attrs))
		round->twin = rib_attrs_twin(rib, round->at.attrs, now);
	if (!round->twin)
		change_verdict(rib, round->at.attrs, now);
}

/* --- marks --- */

/* Up to AHEAD paths of one set; `twin`: what they move to, or 0. */
static void
rejudge_paths(struct rib *rib, const struct rib_asked *route, const uint32_t *paths, size_t count,
	      uint32_t twin)
{
	struct prefix prefixes[AHEAD] = {0};
	uint32_t homes[AHEAD], marks[AHEAD];
	uint64_t was[AHEAD];
	bool was_refused[AHEAD];
	struct rib_asked asked = *route;
	asked.was = was;
	asked.was_refused = was_refused;
	for (size_t i = 0; i < count; i++) {
		homes[i] = rib_path_home(rib, paths[i]);
		prefixes[i] = rib_prefix_value(rib, rib_prefix_at(rib, homes[i]));
		was[i] = rib_mark_at(rib, rib_path_at(rib, paths[i])->mark)->reasons;
		was_refused[i] = rib_path_at(rib, paths[i])->mark & RIB_REFUSED;
	}
	rib->hooks.paths(rib->hooks.context, rib, &asked, prefixes, count, marks);
	for (size_t i = 0; i < count; i++) {
		const struct rib_path *path = rib_path_at(rib, paths[i]);
		uint32_t set = twin ? twin : path->attrs;
		uint32_t mark = rib_mark_for(rib, marks[i], set, &prefixes[i]);
		if (rib_mark_at(rib, path->mark)->late)
			mark = rib_mark_late(rib, mark);
		if (mark == RIB_NO_MARK)
			mark = RIB_MARK_NO_ROOM;
		mark = (mark & RIB_MARK_BITS) | (path->mark & RIB_ROUND_BIT);
		uint16_t word = rib_path_word(rib, set, mark);
		if (twin)
			rib_path_move(rib, homes[i], paths[i], twin, word);
		else if (word != path->mark)
			rib_path_change(rib, homes[i], paths[i], path->attrs, word);
	}
}

/* They move, with the marks that they have. */
static void
move_paths(struct rib *rib, const uint32_t *paths, size_t count, uint32_t twin)
{
	for (size_t i = 0; i < count; i++) {
		uint16_t word = rib_path_word(rib, twin, rib_path_at(rib, paths[i])->mark);
		rib_path_move(rib, rib_path_home(rib, paths[i]), paths[i], twin, word);
	}
}

static struct rib_asked
asked_about(const struct rib *rib, const struct rib_attrs *attrs, struct bgp_attrs *view)
{
	rib_attrs_view(view, attrs);
	const struct rib_kept_verdict *verdict = rib_verdict_at(rib, attrs->verdict);
	return (struct rib_asked){.slot = attrs->slot,
				  .attrs = view,
				  .facts = verdict->facts,
				  .refused = verdict->refused};
}

/* --- rounds --- */

static int
by_number(const void *a, const void *b)
{
	const struct asn *x = a, *y = b;
	return x->number < y->number ? -1 : x->number > y->number;
}

static bool
holds_one_of(const struct rib *rib, const struct bgp_attrs *view)
{
	const struct rib_rejudging *r = &rib->rejudging;
	struct cursor path = view->as_path;
	while (cursor_left(&path)) {
		cursor_skip(&path, 1);
		for (unsigned count = cursor_u8(&path); count; count--) {
			struct asn asn = {cursor_u32(&path)};
			if (bsearch(&asn, r->asns, r->asn_count, sizeof(asn), by_number))
				return true;
		}
	}
	return false;
}

/* Does the verdict refuse that the set where the round stands has, or gets? */
static bool
refuses_now(const struct rib *rib, const struct rib_round *round)
{
	uint32_t number = round->twin ? round->twin : round->at.attrs;
	return rib_verdict_at(rib, rib_attrs_at(&rib->attrs, number)->verdict)->refused;
}

/* Goes on in the set where the round stands; returns what it cost. */
static size_t
go_on(struct rib *rib, enum rib_round_kind kind, size_t budget)
{
	struct rib_round *round = &rib->rejudging.rounds[kind];
	struct rib_attrs *attrs = rib_attrs_at(&rib->attrs, round->at.attrs);
	struct bgp_attrs view;
	bool with = kind == RIB_ROUND_WITH;
	size_t cost = 0;
	if (round->at.path == RIB_WHOLE) {
		bool refused = rib_verdict_at(rib, attrs->verdict)->refused;
		rib_attrs_view(&view, attrs);
		if (kind == RIB_ROUND_ALL ||
		    (kind == RIB_ROUND_SESSIONS && rib->sessions[attrs->slot].whole_now) ||
		    (with && holds_one_of(rib, &view)))
			rejudge_attrs(rib, round, &view);
		cost = SET_COST;
		/* Paths that are let in by their attributes may be one too many. */
		round->marks = !with || refused != refuses_now(rib, round);
		round->at.path = round->marks || round->twin ? attrs->paths : 0;
	}
	uint32_t twin = round->twin;
	struct rib_asked route =
		asked_about(rib, twin ? rib_attrs_at(&rib->attrs, twin) : attrs, &view);
	while (round->at.path && cost < budget) {
		uint32_t paths[AHEAD];
		size_t count = 0;
		for (; round->at.path && count < AHEAD;
		     round->at.path = rib_path_at(rib, round->at.path)->attrs_next)
			paths[count++] = round->at.path;
		if (round->marks)
			rejudge_paths(rib, &route, paths, count, twin);
		else
			move_paths(rib, paths, count, twin);
		cost += count;
	}
	if (!round->at.path)
		leave_set(rib, round);
	return cost;
}

static size_t
go_round(struct rib *rib, enum rib_round_kind kind, size_t budget)
{
	size_t cost = 0;
	struct rib_round *round = &rib->rejudging.rounds[kind];
	while (round->at.on && cost < budget && find_set(rib, kind))
		cost += go_on(rib, kind, budget - cost);
	return cost;
}

void
rib_rejudge_begin(struct rib *rib)
{
	/* All there is will be asked for, so nothing less is needed any more. */
	struct rib_rejudging *r = &rib->rejudging;
	for (unsigned kind = RIB_ROUND_ALL + 1; kind < RIB_ROUNDS; kind++)
		r->rounds[kind].at.on = false;
	for (unsigned slot = 0; slot < rib->slots; slot++)
		rib->sessions[slot].rejudge = rib->sessions[slot].rejudge_whole = false;
	r->few_count = r->many_count = 0;
	begin(rib, RIB_ROUND_ALL);
}

void
rib_rejudge_paths_with(struct rib *rib, const struct asn *asns, size_t count)
{
	struct rib_rejudging *r = &rib->rejudging;
	if (!count)
		return;
	if (!r->rounds[RIB_ROUND_WITH].at.on)
		r->asn_count = 0;
	r->asns = rib_grow(r->asns, &r->asn_capacity, r->asn_count + count, sizeof(*r->asns));
	memcpy(r->asns + r->asn_count, asns, count * sizeof(*asns));
	r->asn_count += count;
	qsort(r->asns, r->asn_count, sizeof(*r->asns), by_number);
	begin(rib, RIB_ROUND_WITH);
}

void
rib_rejudge_session(struct rib *rib, unsigned slot)
{
	rib->sessions[slot].rejudge = true;
	begin(rib, RIB_ROUND_SESSIONS);
}

void
rib_rejudge_whole(struct rib *rib, unsigned slot)
{
	rib->sessions[slot].rejudge_whole = true;
	rib_rejudge_session(rib, slot);
}

bool
rib_rejudge_missed(struct rib *rib)
{
	if (rib->rejudging.rounds[RIB_ROUND_ALL].at.on || !rib->hooks.paths ||
	    !rib_marks_have_room(rib))
		return false;
	begin(rib, RIB_ROUND_PATHS);
	return true;
}

/* --- paths inside prefixes --- */

static size_t
rejudge_prefix(struct rib *rib, uint32_t number)
{
	struct rib_rejudging *r = &rib->rejudging;
	size_t count = 0;
	/* Their order may change on the way. */
	for (uint32_t at = rib_prefix_at(rib, number)->paths; at;
	     at = rib_path_next(rib_path_at(rib, at))) {
		r->paths = rib_grow(r->paths, &r->path_capacity, count + 1, sizeof(*r->paths));
		r->paths[count++] = at;
	}
	for (size_t i = 0; i < count; i++) {
		struct bgp_attrs view;
		struct rib_asked route =
			asked_about(rib, rib_path_attrs(rib, rib_path_at(rib, r->paths[i])), &view);
		rejudge_paths(rib, &route, &r->paths[i], 1, 0);
	}
	return count;
}

static unsigned
longest_of(const struct rib *rib, const struct rib_touched *touched)
{
	unsigned bits = rib->key_length * 8;
	return touched->longest < bits ? touched->longest : bits;
}

/* How many prefixes there may be inside, of lengths that the table has; LOOK_UPS + 1: or more. */
static size_t
possible(const struct rib *rib, const struct rib_touched *touched)
{
	size_t sum = 0;
	for (unsigned length = touched->prefix.length; length <= longest_of(rib, touched);
	     length++) {
		unsigned more = length - touched->prefix.length;
		if (!rib->lengths[length])
			continue;
		if (more > 8 || (sum += (size_t)1 << more) > LOOK_UPS)
			return LOOK_UPS + 1;
	}
	return sum;
}

/* The n-th prefix of that length inside `outer`; at most 8 bits longer. */
static struct prefix
inside(struct prefix outer, unsigned length, unsigned n)
{
	for (unsigned i = 0; i < length - outer.length; i++) {
		unsigned bit = length - 1 - i;
		if (n >> i & 1)
			outer.ip.octets[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	}
	return prefix_of(outer.ip, length);
}

static size_t
look_up(struct rib *rib, const struct rib_touched *touched)
{
	size_t cost = 1;
	for (unsigned length = touched->prefix.length; length <= longest_of(rib, touched);
	     length++) {
		/* Of a length that the table did not have then, all has been judged since. */
		if (!rib->lengths[length] || length - touched->prefix.length > 8)
			continue;
		unsigned count = 1u << (length - touched->prefix.length);
		for (unsigned n = 0; n < count; n++) {
			struct prefix prefix = inside(touched->prefix, length, n);
			uint32_t number = rib_prefix_find(rib, prefix.ip.octets, prefix.length);
			cost += number ? rejudge_prefix(rib, number) : 0;
		}
		cost += count / 4;
	}
	return cost;
}

static bool
is_touched(const struct rib *rib, const struct prefix *prefix)
{
	const struct rib_rejudging *r = &rib->rejudging;
	for (size_t i = 0; i < r->many_count; i++)
		if (prefix->length <= r->many[i].longest &&
		    prefix_covers(r->many[i].prefix, *prefix))
			return true;
	return false;
}

/* Goes through the table once for all prefixes that have too much inside. */
static void
go_through(struct rib *rib, size_t budget)
{
	struct rib_rejudging *r = &rib->rejudging;
	size_t cost = 0;
	for (; r->many_count && cost / 8 < budget; r->many_at++, cost++) {
		if (r->many_at >= rib->prefixes.used) {
			r->many_count = 0;
			break;
		}
		const struct rib_prefix *prefix = rib_prefix_in_use(rib, r->many_at);
		if (!prefix)
			continue;
		struct prefix value = rib_prefix_value(rib, prefix);
		if (is_touched(rib, &value))
			cost += 8 * rejudge_prefix(rib, r->many_at);
	}
}

void
rib_rejudge_covered(struct rib *rib, const struct rib_touched *touched, size_t count)
{
	struct rib_rejudging *r = &rib->rejudging;
	for (size_t i = 0; i < count; i++) {
		if (touched[i].prefix.ip.family != rib->family)
			continue;
		size_t inner = possible(rib, &touched[i]);
		if (inner > LOOK_UPS) {
			r->many = rib_grow(r->many, &r->many_capacity, r->many_count + 1,
					   sizeof(*r->many));
			r->many[r->many_count++] = touched[i];
			r->many_at = 1;
		} else if (inner) {
			r->few = rib_grow(r->few, &r->few_capacity, r->few_count + 1,
					  sizeof(*r->few));
			r->few[r->few_count++] = touched[i];
		}
	}
	if (r->many_count <= MANY_MAX && r->few_count <= rib->prefixes.live / 4 + LOOK_UPS)
		return;
	r->many_count = r->few_count = 0;
	begin(rib, RIB_ROUND_PATHS);
}

bool
rib_rejudge_step(struct rib *rib, size_t budget)
{
	struct rib_rejudging *r = &rib->rejudging;
	if (!rib->hooks.attrs || !rib->hooks.paths)
		return false;
	size_t cost = 0;
	for (unsigned kind = 0; kind < RIB_ROUNDS && cost < budget; kind++)
		cost += go_round(rib, kind, budget - cost);
	while (r->few_count && cost < budget) {
		struct rib_touched touched = r->few[--r->few_count];
		cost += look_up(rib, &touched);
	}
	if (cost < budget)
		go_through(rib, budget - cost);
	bool more = r->few_count || r->many_count;
	for (unsigned kind = 0; kind < RIB_ROUNDS; kind++)
		more |= r->rounds[kind].at.on;
	return more;
}
