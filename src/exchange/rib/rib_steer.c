/* Routes of the hub's own AS by the place of who hears them: optimal route reflection (RFC 9107). The cost of
 * the way from a row, a place where traffic comes in, to an exit, the session that announced a path, stands in
 * place of the cost of the interior: after LOCAL_PREF, AS path, origin, MED, and external before internal; or,
 * where it is so wished, right after LOCAL_PREF.
 *
 *   paths in plain order -> groups of one class -> those that are left by MED and d) -> by cost, then as they stood
 *
 * Which rows take which of the paths that are left depends on nothing but their exits. So that is
 * remembered, as a set of sessions for each exit, and a prefix costs no more with many members or rows.
 *
 * When costs change the table is gone through in slices: prefixes numbered below a mark go by the new ones, and of
 * these only such are told anew of whose exits some row changes the order. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/log.h"
#include "exchange/rib/rib_internal.h"

enum {
	GROUP_MAX = RIB_STEER_MAX,
	KNOWN_MAX = GROUP_MAX, /* exits that an answer is remembered for */
	KNOWN_SIZE = 4096,     /* answers */
};

/* Exits, in plain order, and who takes which; or whether another steering changes anything for them. */
struct known {
	uint64_t key; /* 0: nothing */
	uint16_t count;
	bool differs;
	uint16_t exits[KNOWN_MAX];
	uint32_t takers[KNOWN_MAX];
};

struct rib_steered {
	unsigned slots, rows;
	size_t words;
	bool before_path;
	uint32_t *row_of;
	uint32_t *cost;
	uint8_t *backup;
	uint64_t *members; /* of each row */
	uint32_t placed;   /* the set of all that have a row; RIB_NO_ROW: not made yet */
	struct known *known;
};

/* --- made of what the owner says --- */

static void
free_steered(struct rib_steered *s)
{
	if (!s)
		return;
	free(s->row_of);
	free(s->cost);
	free(s->backup);
	free(s->members);
	free(s->known);
	free(s);
}

static void *
copy(const void *from, size_t count, size_t size)
{
	void *to = calloc(count + 1, size);
	if (to && count)
		memcpy(to, from, count * size);
	return to;
}

/* 0, or -1 if there is no memory. */
static int
find_members(struct rib_steered *s, size_t words)
{
	uint64_t *members = calloc(s->rows * words + 1, sizeof(*members));
	if (!members)
		return -1;
	for (unsigned slot = 0; slot < s->slots; slot++)
		if (s->row_of[slot] < s->rows)
			members[s->row_of[slot] * words + slot / 64] |= (uint64_t)1 << slot % 64;
	free(s->members);
	s->members = members;
	s->words = words;
	s->placed = RIB_NO_ROW;
	return 0;
}

uint32_t
rib_steer_placed(struct rib *rib, struct rib_steered *s)
{
	if (s->placed != RIB_NO_ROW)
		return s->placed;
	uint64_t *words = calloc(s->words + 1, sizeof(*words));
	if (!words)
		fatal("rib: no memory for the views of sessions");
	for (size_t i = 0; i < s->rows * s->words; i++)
		words[i % s->words] |= s->members[i];
	s->placed = rib_set_of(rib->sets, words);
	free(words);
	return s->placed;
}

static struct rib_steered *
make_steered(const struct rib *rib, const struct rib_steering *from)
{
	struct rib_steered *s = calloc(1, sizeof(*s));
	size_t cells = (size_t)from->rows * from->slots;
	if (!s)
		return NULL;
	s->slots = from->slots;
	s->rows = from->rows;
	s->before_path = from->before_path;
	s->row_of = copy(from->row_of, from->slots, sizeof(*s->row_of));
	s->cost = copy(from->cost, cells, sizeof(*s->cost));
	s->backup = copy(from->backup, cells, sizeof(*s->backup));
	s->known = calloc(KNOWN_SIZE, sizeof(*s->known));
	if (s->row_of && s->cost && s->backup && s->known && find_members(s, rib->sets->words) == 0)
		return s;
	free_steered(s);
	return NULL;
}

static uint32_t
cost_of(const struct rib_steered *s, uint32_t row, unsigned exit)
{
	if (row >= s->rows || exit >= s->slots)
		return 0; /* the plain order */
	return s->cost[(size_t)row * s->slots + exit];
}

static uint32_t
row_of(const struct rib_steered *s, unsigned slot)
{
	return slot < s->slots ? s->row_of[slot] : RIB_NO_ROW;
}

bool
rib_steer_is_placed(const struct rib_steered *s, unsigned slot)
{
	return s && row_of(s, slot) < s->rows;
}

uint32_t
rib_steer_cost(const struct rib_steered *s, unsigned slot, unsigned exit)
{
	return s ? cost_of(s, row_of(s, slot), exit) : 0;
}

bool
rib_steer_before_path(const struct rib_steered *s)
{
	return s && s->before_path;
}

/* --- which paths are left to be ordered by cost --- */

static const struct rib_attrs *
attrs_of(const struct rib *rib, const struct rib_offer *offer)
{
	return rib_attrs_at(&rib->attrs, offer->attrs);
}

static bool
same_class(const struct rib *rib, const struct rib_offer *a, const struct rib_offer *b,
	   bool before_path)
{
	const struct rib_attrs *x = attrs_of(rib, a), *y = attrs_of(rib, b);
	if (rib_mark_at(rib, a->mark)->late != rib_mark_at(rib, b->mark)->late ||
	    rib_verdict_at(rib, a->verdict)->local_pref !=
		    rib_verdict_at(rib, b->verdict)->local_pref)
		return false;
	return before_path || (x->hops == y->hops && x->origin == y->origin);
}

/* Is the path behind another of those that are left, by MED? */
static bool
is_behind(const struct rib *rib, const struct rib_offer *offers, uint64_t left, unsigned i)
{
	const struct rib_attrs *x = attrs_of(rib, &offers[i]);
	for (uint64_t rest = left; rest; rest &= rest - 1) {
		const struct rib_attrs *y = attrs_of(rib, &offers[__builtin_ctzll(rest)]);
		if (y->first_as == x->first_as && y->med < x->med)
			return true;
	}
	return false;
}

/* Those of `left` that cost decides between. */
static uint64_t
foremost(const struct rib *rib, const struct rib_steered *s, const struct rib_offer *offers,
	 uint64_t left)
{
	uint64_t best = left, external = 0;
	if (s->before_path || !left)
		return left;
	/* MED first (step c), then external before internal (step d). Mostly all have the same MED, and need not
	 * be compared each with each. */
	uint32_t med = attrs_of(rib, &offers[__builtin_ctzll(left)])->med;
	bool differ = false;
	for (uint64_t rest = left; rest; rest &= rest - 1) {
		unsigned i = (unsigned)__builtin_ctzll(rest);
		const struct rib_attrs *x = attrs_of(rib, &offers[i]);
		differ |= x->med != med;
		if (!rib->sessions[x->slot].peer.internal)
			external |= (uint64_t)1 << i;
	}
	for (uint64_t rest = differ ? left : 0; rest; rest &= rest - 1) {
		unsigned i = (unsigned)__builtin_ctzll(rest);
		if (is_behind(rib, offers, left, i))
			best &= ~((uint64_t)1 << i);
	}
	return best & external ? best & external : best;
}

static size_t
group_of(const struct rib *rib, const struct rib_steered *s, const struct rib_offer *offers,
	 size_t count)
{
	size_t n = 1;
	while (n < count && n < GROUP_MAX &&
	       same_class(rib, &offers[0], &offers[n], s->before_path))
		n++;
	return n;
}

/* --- sets of sessions --- */

struct handing {
	struct rib *rib;
	struct rib_steered *steered;
	const struct rib_offer *offers; /* of the group */
	struct rib_parts *parts;
};

/* Who takes which of the exits: a set of all rows for each. */
static void
find_takers(struct rib *rib, const struct rib_steered *s, const uint16_t *exits, size_t count,
	    uint32_t *takers)
{
	uint64_t *words = calloc(count * s->words + 1, sizeof(*words));
	if (!words)
		fatal("rib: no memory for the views of sessions");
	for (uint32_t row = 0; row < s->rows; row++) {
		size_t best = count;
		for (size_t i = 0; i < count; i++) {
			uint32_t cost = cost_of(s, row, exits[i]);
			if (cost != RIB_CLOSED &&
			    (best == count || cost < cost_of(s, row, exits[best])))
				best = i;
		}
		for (size_t w = 0; best < count && w < s->words; w++)
			words[best * s->words + w] |= s->members[row * s->words + w];
	}
	for (size_t i = 0; i < count; i++)
		takers[i] = rib_set_of(rib->sets, words + i * s->words);
	free(words);
}

static struct known *
place_of(struct rib_steered *s, const uint16_t *exits, size_t count, uint64_t salt, bool *hit)
{
	uint64_t key = hash_bytes(exits, count * sizeof(*exits)) ^ salt;
	key = key ? key : 1;
	struct known *k = &s->known[key % KNOWN_SIZE];
	*hit = k->key == key && k->count == count &&
	       memcmp(k->exits, exits, count * sizeof(*exits)) == 0;
	if (!*hit) {
		k->key = key;
		k->count = (uint16_t)count;
		memcpy(k->exits, exits, count * sizeof(*exits));
	}
	return k;
}

static void
takers_of(const struct handing *h, const uint8_t *which, size_t count, uint32_t *takers)
{
	uint16_t exits[GROUP_MAX];
	bool hit;
	for (size_t i = 0; i < count; i++)
		exits[i] = attrs_of(h->rib, &h->offers[which[i]])->slot;
	struct known *k = place_of(h->steered, exits, count, 0, &hit);
	if (!hit)
		find_takers(h->rib, h->steered, exits, count, k->takers);
	memcpy(takers, k->takers, count * sizeof(*takers));
}

/* All that may have one of the paths `which`. */
static uint32_t
receivers_of(const struct handing *h, const uint8_t *which, size_t count)
{
	uint32_t all = RIB_SET_EMPTY;
	for (size_t i = 0; i < count; i++) {
		const struct rib_offer *offer = &h->offers[which[i]];
		all = rib_set_or(h->rib->sets, all,
				 rib_receivers(h->rib, offer->verdict, offer->mark));
	}
	return all;
}

/* Hands the paths `which` to those of `who` that may have them, each by its row. Returns who goes without. */
static uint32_t
give(const struct handing *h, const uint8_t *which, size_t count, uint32_t who)
{
	uint32_t takers[GROUP_MAX];
	struct rib_sets *sets = h->rib->sets;
	/* Who may have none of them, as an upstream that of another, need not be looked at for each. */
	uint32_t without = rib_set_andnot(sets, who, receivers_of(h, which, count));
	who = rib_set_andnot(sets, who, without);
	if (!count || !who)
		return without;
	takers_of(h, which, count, takers);
	uint32_t left = who;
	for (size_t i = 0; i < count; i++)
		left = rib_set_andnot(sets, left, takers[i]);
	without = rib_set_or(sets, without, left);
	for (size_t i = 0; i < count; i++) {
		const struct rib_offer *offer = &h->offers[which[i]];
		uint32_t share = rib_set_and(sets, who, takers[i]);
		uint32_t receivers = rib_receivers(h->rib, offer->verdict, offer->mark);
		uint32_t get = rib_set_and(sets, share, receivers);
		uint32_t rest = rib_set_andnot(sets, share, get);
		rib_parts_add(h->rib, h->parts, offer, get);
		if (!rest)
			continue;
		uint8_t others[GROUP_MAX];
		size_t other_count = 0;
		for (size_t j = 0; j < count; j++)
			if (j != i)
				others[other_count++] = which[j];
		without = rib_set_or(sets, without, give(h, others, other_count, rest));
	}
	return without;
}

uint32_t
rib_steer_hand_out(struct rib *rib, struct rib_steered *s, const struct rib_offer *offers,
		   size_t count, uint32_t waiting, struct rib_parts *parts)
{
	for (size_t done = 0; done < count && waiting;) {
		struct handing h = {rib, s, offers + done, parts};
		size_t n = group_of(rib, s, h.offers, count - done);
		uint64_t left = n == GROUP_MAX ? UINT64_MAX : ((uint64_t)1 << n) - 1;
		while (left && waiting) {
			uint64_t now = foremost(rib, s, h.offers, left);
			uint8_t which[GROUP_MAX];
			size_t chosen = 0;
			for (uint8_t i = 0; i < n; i++)
				if (now >> i & 1)
					which[chosen++] = i;
			waiting = give(&h, which, chosen, waiting);
			left &= ~now;
		}
		done += n;
	}
	return waiting;
}

/* --- one session --- */

/* Appends those of `now` by cost; as many as it has places. */
static size_t
append_by_cost(const struct rib *rib, const struct rib_steered *s, uint32_t row,
	       const struct rib_offer *offers, uint64_t now, uint32_t *order)
{
	size_t count = 0;
	for (uint32_t i = 0; i < GROUP_MAX; i++) {
		if (!(now >> i & 1))
			continue;
		uint32_t cost = cost_of(s, row, attrs_of(rib, &offers[i])->slot);
		size_t at = count;
		if (cost == RIB_CLOSED)
			continue;
		for (;
		     at > 0 && cost_of(s, row, attrs_of(rib, &offers[order[at - 1]])->slot) > cost;
		     at--)
			order[at] = order[at - 1];
		order[at] = i;
		count++;
	}
	return count;
}

/* Takes those out that the session may not have; returns how many are left. */
static size_t
keep_receivable(const struct rib *rib, unsigned slot, uint32_t *order, size_t count)
{
	size_t kept = 0;
	for (size_t i = 0; i < count; i++)
		if (rib_may_receive(rib, rib_path_at(rib, order[i]), slot))
			order[kept++] = order[i];
	return kept;
}

/* What shares no risk with the first comes second. */
static void
put_backup_second(const struct rib *rib, const struct rib_steered *s, uint32_t row, uint32_t *paths,
		  size_t count)
{
	if (row >= s->rows)
		return;
	for (size_t i = 1; i < count; i++) {
		unsigned exit = rib_path_at(rib, paths[i])->slot;
		if (exit >= s->slots || !s->backup[(size_t)row * s->slots + exit])
			continue;
		uint32_t backup = paths[i];
		memmove(paths + 2, paths + 1, (i - 1) * sizeof(*paths));
		paths[1] = backup;
		return;
	}
}

/* Accepted paths of the hub's own AS, as they stand. */
static size_t
gather(const struct rib *rib, uint32_t number, struct rib_offer *offers, uint32_t *paths)
{
	size_t count = 0;
	for (uint32_t at = rib_prefix_at(rib, number)->paths; at && count < GROUP_MAX;) {
		const struct rib_path *path = rib_path_at(rib, at);
		if (rib_path_refused(path))
			break;
		const struct rib_attrs *attrs = rib_path_attrs(rib, path);
		if (attrs->preference == RIB_TRANSIT) {
			paths[count] = at;
			offers[count++] = (struct rib_offer){path->attrs, attrs->verdict,
							     path->mark & RIB_MARK_BITS};
		}
		at = rib_path_next(path);
	}
	return count;
}

size_t
rib_steer_order(const struct rib *rib, uint32_t number, unsigned slot, bool spread,
		uint32_t order[RIB_STEER_MAX])
{
	const struct rib_steered *s = rib_steer_of(rib, number);
	uint32_t row = row_of(s, slot), paths[GROUP_MAX];
	struct rib_offer offers[GROUP_MAX];
	size_t count = gather(rib, number, offers, paths), ordered = 0;
	for (size_t done = 0; done < count;) {
		size_t n = group_of(rib, s, offers + done, count - done);
		uint64_t left = n == GROUP_MAX ? UINT64_MAX : ((uint64_t)1 << n) - 1;
		while (left) {
			uint64_t now = foremost(rib, s, offers + done, left);
			size_t more =
				append_by_cost(rib, s, row, offers + done, now, order + ordered);
			for (size_t i = 0; i < more; i++)
				order[ordered + i] = paths[done + order[ordered + i]];
			ordered += more;
			left &= ~now;
		}
		done += n;
	}
	ordered = keep_receivable(rib, slot, order, ordered);
	if (spread)
		put_backup_second(rib, s, row, order, ordered);
	return ordered;
}

uint32_t
rib_steer_first(const struct rib *rib, uint32_t number, unsigned slot)
{
	uint32_t order[RIB_STEER_MAX];
	return rib_steer_order(rib, number, slot, false, order) ? order[0] : 0;
}

/* --- from one to the next --- */

struct rib_steered *
rib_steer_of(const struct rib *rib, uint32_t prefix)
{
	return prefix < rib->steer_at ? rib->steered : rib->steered_before;
}

static bool
is_open(const struct rib_steered *s, uint32_t row, unsigned exit)
{
	return !s || cost_of(s, row, exit) != RIB_CLOSED;
}

static bool
stands_before(const struct rib_steered *s, uint32_t row, unsigned a, unsigned b)
{
	return !s || cost_of(s, row, a) <= cost_of(s, row, b);
}

static bool
has_backup(const struct rib_steered *s, uint32_t row, unsigned exit)
{
	return s && row < s->rows && exit < s->slots && s->backup[(size_t)row * s->slots + exit];
}

/* Are these exits, which stand in that plain order, seen otherwise by who goes from the one row to the other? */
static bool
row_differs(const struct rib *rib, struct rib_steer_pair rows, const uint16_t *exits, size_t count)
{
	const struct rib_steered *a = rib->steered, *b = rib->steered_before;
	uint32_t now = rows.now, was = rows.was;
	for (size_t i = 0; i < count; i++) {
		if (is_open(a, now, exits[i]) != is_open(b, was, exits[i]) ||
		    has_backup(a, now, exits[i]) != has_backup(b, was, exits[i]))
			return true;
		for (size_t j = i + 1; j < count; j++)
			if (stands_before(a, now, exits[i], exits[j]) !=
			    stands_before(b, was, exits[i], exits[j]))
				return true;
	}
	return false;
}

static int
by_rows(const void *a, const void *b)
{
	const struct rib_steer_pair *x = a, *y = b;
	if (x->now != y->now)
		return x->now < y->now ? -1 : 1;
	return x->was < y->was ? -1 : x->was > y->was;
}

/* Which row sessions go by and which they went by: each pair once. 0, or -1 if there is no memory. */
static int
find_pairs(struct rib *rib, const struct rib_steered *now, const struct rib_steered *was)
{
	size_t count = 0, kept = 0;
	struct rib_steer_pair *pairs =
		realloc(rib->steer_pairs, (rib->slots + 1u) * sizeof(*pairs));
	if (!pairs)
		return -1;
	rib->steer_pairs = pairs;
	for (unsigned slot = 0; slot < rib->slots; slot++)
		pairs[count++] = (struct rib_steer_pair){now ? row_of(now, slot) : RIB_NO_ROW,
							 was ? row_of(was, slot) : RIB_NO_ROW};
	qsort(pairs, count, sizeof(*pairs), by_rows);
	for (size_t i = 0; i < count; i++)
		if (!kept || by_rows(&pairs[kept - 1], &pairs[i]) != 0)
			pairs[kept++] = pairs[i];
	rib->steer_pair_count = kept;
	return 0;
}

/* Must those who hear of the prefix be told otherwise? */
static bool
moves(struct rib *rib, const struct rib_prefix *prefix)
{
	enum { SALT = 0x5a17 };
	uint16_t exits[KNOWN_MAX];
	size_t count = 0;
	for (uint32_t at = prefix->paths; at;) {
		const struct rib_path *path = rib_path_at(rib, at);
		if (rib_path_refused(path))
			break;
		if (rib_path_attrs(rib, path)->preference == RIB_TRANSIT) {
			if (count == KNOWN_MAX)
				return true;
			exits[count++] = path->slot;
		}
		at = rib_path_next(path);
	}
	if (!count || rib->steer_whole)
		return count;
	struct rib_steered *s = rib->steered ? rib->steered : rib->steered_before;
	bool hit;
	struct known *k = place_of(s, exits, count, SALT, &hit);
	if (hit)
		return k->differs;
	k->differs = false;
	for (size_t i = 0; i < rib->steer_pair_count && !k->differs; i++)
		k->differs = row_differs(rib, rib->steer_pairs[i], exits, count);
	return k->differs;
}

bool
rib_steer_step(struct rib *rib, size_t budget)
{
	size_t pace = rib->pace;
	for (; rib->steer_at < rib->prefixes.used && budget && pace; rib->steer_at++, budget--) {
		struct rib_prefix *prefix = rib_prefix_in_use(rib, rib->steer_at);
		if (!prefix || !prefix->paths || !moves(rib, prefix))
			continue;
		rib_prefix_touch(rib, rib->steer_at);
		rib->steer_moved++;
		pace--;
	}
	if (rib->steer_at < rib->prefixes.used)
		return true;
	rib->steer_at = UINT32_MAX;
	return false;
}

void
rib_steer_settle(struct rib *rib)
{
	if (rib->steer_at != UINT32_MAX || !rib->steered_before)
		return;
	free_steered(rib->steered_before);
	rib->steered_before = NULL;
}

void
rib_steer_forget(struct rib *rib)
{
	struct rib_steered *both[] = {rib->steered, rib->steered_before};
	for (unsigned i = 0; i < 2; i++) {
		if (!both[i])
			continue;
		memset(both[i]->known, 0, KNOWN_SIZE * sizeof(*both[i]->known));
		both[i]->placed = RIB_NO_ROW;
	}
}

int
rib_steer(struct rib *rib, const struct rib_steering *steering)
{
	assert(!rib->dirty_count);
	struct rib_steered *next = steering ? make_steered(rib, steering) : NULL;
	if (steering && !next)
		return -1;
	struct rib_steer_shift *shifts =
		realloc(rib->steer_shifts, (rib->slots + 1u) * sizeof(*shifts));
	if (shifts)
		rib->steer_shifts = shifts;
	while (rib_steer_step(rib, SIZE_MAX))
		continue;
	(void)rib_turn_end(rib);
	if (!shifts || find_pairs(rib, next, rib->steered) < 0) {
		free_steered(next);
		return -1;
	}
	memset(shifts, 0, rib->slots * sizeof(*shifts));
	rib->steer_shift_count = rib->slots;
	rib->steer_moved = 0;
	rib->steered_before = rib->steered;
	rib->steered = next;
	if (!next && !rib->steered_before)
		return 0;
	rib->steer_whole = next && rib->steered_before &&
			   next->before_path != rib->steered_before->before_path;
	rib_steer_forget(rib);
	rib->steer_at = 1;
	rib_pace_begin(rib);
	return 0;
}

uint32_t
rib_steer_moved(const struct rib *rib)
{
	return rib->steer_moved;
}

void
rib_steer_widen(struct rib *rib)
{
	struct rib_steered *both[] = {rib->steered, rib->steered_before};
	for (unsigned i = 0; i < 2; i++)
		if (both[i] && find_members(both[i], rib->sets->words) < 0)
			fatal("rib: no memory for the views of sessions");
	rib_steer_forget(rib);
}

void
rib_steer_fini(struct rib *rib)
{
	free_steered(rib->steered);
	free_steered(rib->steered_before);
	free(rib->steer_pairs);
	free(rib->steer_shifts);
	free(rib->steer_moves.exits);
	free(rib->steer_moves.words);
}
