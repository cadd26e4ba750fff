/* Judging anew, in slices, while routes come and go: verdicts and marks are asked for again, and
 * what differs is changed.
 *
 * A round goes through the attribute sets of one session after the other and through the paths of
 * each. It stands at the next path to be done; when that leaves, the round steps on. What comes in
 * the meantime was judged on arrival, so it does not matter that a round may miss it. A round that
 * is wanted again on its way goes on to its end, and then once more: however often neighbours give
 * a reason to begin, all are reached. */
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
	if (!round->at.attrs)
		round->slot++;
}

/* Goes to a set if it stands at none. False at the end. Routes that only wait to be withdrawn are
 * left out. */
static bool
find_set(const struct rib *rib, struct rib_round *round)
{
	while (!round->at.attrs) {
		if (round->slot >= rib->slots && round->again)
			*round = (struct rib_round){.at.on = true};
		if (round->slot >= rib->slots)
			break;
		const struct rib_session *session = &rib->sessions[round->slot];
		round->at.attrs = session->draining ? 0 : session->attrs;
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
		if (round->at.on && round->at.attrs == attrs)
			leave_set(rib, round);
	}
}

/* --- verdicts --- */

/* The paths of a set take other places in the order when its preference changes: all of them out,
 * for order is only sound among unchanged ones, then all in again. */
static void
change_preference(struct rib *rib, struct rib_attrs *attrs, uint8_t preference)
{
	for (uint32_t at = attrs->paths; at; at = rib_path_at(rib, at)->attrs_next)
		rib_order_remove(rib, rib_path_home(rib, at), at);
	attrs->preference = preference;
	for (uint32_t at = attrs->paths; at; at = rib_path_at(rib, at)->attrs_next)
		rib_order_insert(rib, rib_path_at(rib, at)->next & ~(uint32_t)RIB_END, at);
}

static void
change_verdict(struct rib *rib, uint32_t number, uint32_t verdict)
{
	struct rib_attrs *attrs = rib_attrs_at(&rib->attrs, number);
	bool refused = rib_verdict_at(rib, verdict)->refused;
	bool was_refused = rib_verdict_at(rib, attrs->verdict)->refused;
	bool matters = !refused || !was_refused || rib->collecting;
	for (uint32_t at = attrs->paths; at && matters; at = rib_path_at(rib, at)->attrs_next)
		rib_prefix_touch(rib, rib_path_home(rib, at));
	rib_interned_use(&rib->verdicts, verdict);
	rib_interned_drop(&rib->verdicts, attrs->verdict);
	attrs->verdict = verdict;
	if (attrs->preference != rib_verdict_at(rib, verdict)->preference)
		change_preference(rib, attrs, rib_verdict_at(rib, verdict)->preference);
	for (uint32_t at = attrs->paths; at && refused != was_refused;
	     at = rib_path_at(rib, at)->attrs_next) {
		uint16_t word = rib_path_word(rib, number, rib_path_at(rib, at)->mark);
		if (word != rib_path_at(rib, at)->mark)
			rib_path_change(rib, rib_path_home(rib, at), at, number, word);
	}
}

static void
rejudge_attrs(struct rib *rib, uint32_t number, const struct bgp_attrs *view)
{
	struct rib_attrs *attrs = rib_attrs_at(&rib->attrs, number);
	struct rib_verdict verdict = {0};
	rib->hooks.attrs(rib->hooks.context, rib, attrs->slot, view, &verdict);
	uint32_t now = rib_verdict_of(rib, attrs, &verdict);
	if (now != attrs->verdict && now != RIB_INTERN_NONE)
		change_verdict(rib, number, now);
}

/* --- marks --- */

/* Up to AHEAD paths of one set. */
static void
rejudge_paths(struct rib *rib, const struct rib_asked *route, const uint32_t *paths, size_t count)
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
		uint32_t mark = marks[i];
		if (mark != RIB_NO_MARK && rib_mark_at(rib, path->mark)->late)
			mark = rib_mark_late(rib, mark);
		if (mark == RIB_NO_MARK) /* what cannot be marked anew stays as it is */
			mark = path->mark;
		mark = (mark & RIB_MARK_BITS) | (path->mark & RIB_ROUND_BIT);
		uint16_t word = rib_path_word(rib, path->attrs, mark);
		if (word != path->mark)
			rib_path_change(rib, homes[i], paths[i], path->attrs, word);
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

/* Goes on in the set where the round stands; returns what it cost. */
static size_t
go_on(struct rib *rib, enum rib_round_kind kind, size_t budget)
{
	struct rib_round *round = &rib->rejudging.rounds[kind];
	struct rib_attrs *attrs = rib_attrs_at(&rib->attrs, round->at.attrs);
	struct bgp_attrs view;
	struct rib_asked route = asked_about(rib, attrs, &view);
	size_t cost = 0;
	if (round->at.path == RIB_WHOLE) {
		bool refused = route.refused;
		if (kind == RIB_ROUND_ALL || (kind == RIB_ROUND_WITH && holds_one_of(rib, &view)))
			rejudge_attrs(rib, round->at.attrs, &view);
		cost = SET_COST;
		route = asked_about(rib, attrs, &view);
		/* Paths that are let in by their attributes may be one too many. */
		bool settled = kind == RIB_ROUND_WITH && route.refused == refused;
		round->at.path = settled ? 0 : attrs->paths;
	}
	while (round->at.path && cost < budget) {
		uint32_t paths[AHEAD];
		size_t count = 0;
		for (; round->at.path && count < AHEAD;
		     round->at.path = rib_path_at(rib, round->at.path)->attrs_next)
			paths[count++] = round->at.path;
		rejudge_paths(rib, &route, paths, count);
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
	while (round->at.on && cost < budget && find_set(rib, round))
		cost += go_on(rib, kind, budget - cost);
	return cost;
}

void
rib_rejudge_begin(struct rib *rib, bool edits)
{
	rib->edits += edits;
	/* All there is will be asked for, so nothing less is needed any more. */
	struct rib_rejudging *r = &rib->rejudging;
	r->rounds[RIB_ROUND_PATHS].at.on = r->rounds[RIB_ROUND_WITH].at.on = false;
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

/* --- paths inside prefixes --- */

static size_t
rejudge_prefix(struct rib *rib, uint32_t number)
{
	struct rib_rejudging *r = &rib->rejudging;
	size_t count = 0;
	/* Their order may change on the way. */
	for (uint32_t at = rib_prefix_at(rib, number)->paths; at;
	     at = rib_path_next(rib_path_at(rib, at))) {
		if (rib->sessions[rib_path_at(rib, at)->slot].draining)
			continue;
		r->paths = rib_grow(r->paths, &r->path_capacity, count + 1, sizeof(*r->paths));
		r->paths[count++] = at;
	}
	for (size_t i = 0; i < count; i++) {
		struct bgp_attrs view;
		struct rib_asked route =
			asked_about(rib, rib_path_attrs(rib, rib_path_at(rib, r->paths[i])), &view);
		rejudge_paths(rib, &route, &r->paths[i], 1);
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
