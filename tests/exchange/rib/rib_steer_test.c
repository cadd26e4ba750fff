/* Whatever comes, goes, and is steered otherwise in between: at the end each session holds what its row says,
 * found here once more by looking at all paths for each of them. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "exchange/bgp/bgp_update.h"
#include "exchange/rib/rib.h"
#include "tap.h"

enum {
	EXITS = 5,
	HEARERS = 8,
	SLOTS = EXITS + HEARERS,
	ROWS = 3,
	PREFIXES = 40,
	VIEWS = 4,
	STEPS = 4000
};

struct path {
	bool there;
	uint8_t hops, med;
	uint32_t local_pref;
	unsigned not_to; /* this hearer does not get it */
	uint16_t edits; /* from here on, by view; so many that lists of them are swept on the way */
};

static struct rib *rib;
static struct path paths[PREFIXES][EXITS];
static int holds[HEARERS][PREFIXES];     /* exit, or -1 */
static unsigned told[HEARERS][PREFIXES]; /* the edit with which it came */
static uint32_t row_of[SLOTS], cost[ROWS * SLOTS];
static uint8_t backup[ROWS * SLOTS];
static bool steered, before_path;
static struct bgp_scratch scratch;
static uint64_t seed = 20261121;

static unsigned
any(unsigned below)
{
	seed = hash_u64(seed + 0x9e3779b97f4a7c15u);
	return (unsigned)(seed >> 16) % below;
}

static struct prefix
prefix_number(unsigned i)
{
	return prefix_of(ip_v4(0x0a000000u + (i << 8)), 24);
}

/* What each hearer is told differs by its view. */
static uint32_t
edit_for(const struct path *p, unsigned hearer)
{
	return hearer % VIEWS ? p->edits * VIEWS + hearer % VIEWS : 0;
}

static void
edit(void *context, const struct rib_sent *sent, struct bgp_attrs *attrs,
     struct bgp_communities *communities, struct buf *room)
{
	(void)context;
	(void)communities;
	(void)room;
	attrs->has_med = true;
	attrs->med = 100 + sent->edit;
}

static void
announce_as(unsigned exit, unsigned i, struct path p)
{
	paths[i][exit] = p;
	/* Two neighbours have exits 0 and 1, and 2 and 3. */
	uint8_t octets[] = {2, p.hops, 0, 0, 0xfd, (uint8_t)(exit / 2), 0, 0, 0xfd, 9};
	struct bgp_attrs attrs = {.next_hop = ip_v4(0xc0000200u + exit),
				  .as_path = cursor_of(octets, 2 + 4u * p.hops),
				  .as_hops = p.hops,
				  .first_as = {0xfd00u + exit / 2},
				  .has_med = true,
				  .med = p.med,
				  .has_local_pref = true,
				  .local_pref =
					  p.local_pref | p.not_to << 16 | (uint32_t)p.edits << 20};
	uint32_t set = rib_attrs_known(rib, exit, &attrs), all = RIB_SET_EMPTY;
	struct rib_variant variants[VIEWS] = {0};
	for (unsigned h = 0; h < HEARERS; h++) {
		struct rib_variant *variant = &variants[h % VIEWS];
		variant->edit = edit_for(&p, h);
		variant->set = rib_set_with(rib_sets_in(rib), variant->set, EXITS + h);
		if (h != p.not_to)
			all = rib_set_with(rib_sets_in(rib), all, EXITS + h);
	}
	struct rib_verdict verdict = {.plain = true,
				      .preference = RIB_TRANSIT,
				      .local_pref = p.local_pref,
				      .receivers = all,
				      .variants = variants,
				      .variant_count = VIEWS};
	set = set ? set : rib_attrs_intern(rib, &verdict);
	struct prefix prefix = prefix_number(i);
	(void)rib_announce(rib, (struct rib_source){exit, 0}, &prefix, set, 0, 1);
}

static void
announce(unsigned exit, unsigned i)
{
	announce_as(exit, i,
		    (struct path){true, (uint8_t)(1 + any(2)), (uint8_t)any(2), 100 + 50 * any(2),
				  any(HEARERS + 4), (uint16_t)(1 + any(1000))});
}

static void
withdraw(unsigned exit, unsigned i)
{
	struct prefix prefix = prefix_number(i);
	paths[i][exit].there = false;
	(void)rib_withdraw(rib, (struct rib_source){exit, 0}, &prefix);
}

/* All is announced of some prefixes after it as it is of this one. */
static void
repeat(unsigned i, unsigned count)
{
	for (unsigned to = i + 1; to < PREFIXES && to <= i + count; to++)
		for (unsigned exit = 0; exit < EXITS; exit++)
			if (paths[i][exit].there)
				announce_as(exit, to, paths[i][exit]);
			else
				withdraw(exit, to);
}

static void
steer(void)
{
	steered = any(8) != 0;
	before_path = any(4) == 0;
	/* Before the path no two are the same, for between those the plain order decides. */
	for (unsigned i = 0; i < ROWS * SLOTS; i++)
		cost[i] = any(6) ? any(4) * 10 + (before_path ? i % SLOTS : 0) : RIB_CLOSED;
	if (any(4) == 0)
		for (unsigned slot = EXITS; slot < SLOTS; slot++)
			row_of[slot] = any(ROWS + 1) < ROWS ? any(ROWS) : RIB_NO_ROW;
	const struct rib_steering with = {SLOTS, ROWS, row_of, cost, backup, before_path};
	(void)rib_steer(rib, steered ? &with : NULL);
}

/* --- the same once more --- */

static bool
is_internal(unsigned exit)
{
	return exit == EXITS - 1;
}

static uint32_t
cost_to(unsigned hearer, unsigned exit)
{
	uint32_t row = row_of[EXITS + hearer];
	return !steered || row == RIB_NO_ROW ? 0 : cost[row * SLOTS + exit];
}

/* Is it beaten by MED, by another of the same neighbour that is as good up to there? */
static bool
beaten(unsigned i, unsigned exit, const bool *left)
{
	const struct path *p = &paths[i][exit];
	for (unsigned other = 0; other < EXITS; other++)
		if (left[other] && other / 2 == exit / 2 && paths[i][other].med < p->med)
			return true;
	return false;
}

/* Takes what is best of those that are left out of `left`, and returns who of it the hearer gets, -1: none. */
static int
take_best(unsigned i, unsigned hearer, bool *left)
{
	/* Who is at no place goes by the plain order. */
	bool plain = !steered || row_of[EXITS + hearer] == RIB_NO_ROW;
	bool early = before_path && !plain;
	bool now[EXITS] = {0};
	uint32_t preference = 0;
	unsigned hops = 9;
	bool external = false;
	for (unsigned e = 0; e < EXITS; e++)
		if (left[e] && paths[i][e].local_pref > preference)
			preference = paths[i][e].local_pref;
	for (unsigned e = 0; e < EXITS; e++)
		if (left[e] && paths[i][e].local_pref == preference && paths[i][e].hops < hops)
			hops = paths[i][e].hops;
	for (unsigned e = 0; e < EXITS; e++)
		now[e] = left[e] && paths[i][e].local_pref == preference &&
			 (early || paths[i][e].hops == hops);
	bool same[EXITS];
	memcpy(same, now, sizeof(same));
	for (unsigned e = 0; e < EXITS && !early; e++)
		now[e] = same[e] && !beaten(i, e, same);
	for (unsigned e = 0; e < EXITS; e++)
		external |= now[e] && !is_internal(e);
	int best = -1;
	for (unsigned e = 0; e < EXITS; e++) {
		if (!early && external && is_internal(e))
			now[e] = false;
		if (!now[e])
			continue;
		left[e] = false;
		bool may = paths[i][e].not_to != hearer && cost_to(hearer, e) != RIB_CLOSED;
		if (may && (best < 0 || cost_to(hearer, e) < cost_to(hearer, (unsigned)best)))
			best = (int)e;
		if (plain) /* the best is taken away, and the next one chosen */
			break;
	}
	return best;
}

static int
expected(unsigned i, unsigned hearer)
{
	bool left[EXITS];
	for (unsigned e = 0; e < EXITS; e++)
		left[e] = paths[i][e].there;
	for (unsigned round = 0; round < EXITS; round++) {
		int best = take_best(i, hearer, left);
		if (best >= 0)
			return best;
	}
	return -1;
}

/* --- what they hear --- */

static void
hear(unsigned hearer, struct cursor message)
{
	const struct bgp_peer peer = {.as4 = true, .ipv4 = true};
	struct bgp_update update;
	struct prefix prefix;
	uint32_t id;
	cursor_skip(&message, 19);
	(void)bgp_update_read(&update, message, &peer, &scratch);
	for (unsigned l = 0; l < update.withdrawn_count; l++)
		while (bgp_nlri_next(&update.withdrawn[l], &prefix, &id))
			holds[hearer][ip_v4_number(prefix.ip) >> 8 & 0xff] = -1;
	for (unsigned l = 0; l < update.announced_count; l++)
		while (bgp_nlri_next(&update.announced[l], &prefix, &id)) {
			unsigned i = ip_v4_number(prefix.ip) >> 8 & 0xff;
			holds[hearer][i] = (int)(ip_v4_number(update.attrs.next_hop) & 0xff);
			told[hearer][i] = update.attrs.med >= 100 ? update.attrs.med - 100 : 0;
		}
}

static void
listen_to(unsigned hearer)
{
	struct iovec pieces[4];
	size_t count;
	while ((count = rib_out_pieces(rib, EXITS + hearer, pieces, 4)) != 0) {
		size_t octets = 0;
		for (size_t i = 0; i < count; i++) {
			struct cursor all = cursor_of(pieces[i].iov_base, pieces[i].iov_len);
			octets += pieces[i].iov_len;
			while (cursor_left(&all))
				hear(hearer,
				     cursor_sub(&all, (size_t)all.at[16] << 8 | all.at[17]));
		}
		rib_out_sent(rib, EXITS + hearer, octets);
	}
}

static void
open_session(unsigned slot)
{
	struct rib_peer peer = {.router_id = slot + 1,
				.address = ip_v4(slot + 1),
				.transit = true,
				.internal = slot < EXITS && is_internal(slot)};
	rib_session_open(rib, slot, &peer);
	for (unsigned i = 0; slot >= EXITS && i < PREFIXES; i++)
		holds[slot - EXITS][i] = -1;
}

static unsigned
differences(void)
{
	unsigned wrong = 0;
	while (rib_steer_step(rib, 7))
		(void)rib_turn_end(rib);
	(void)rib_turn_end(rib);
	for (unsigned h = 0; h < HEARERS; h++) {
		listen_to(h);
		for (unsigned i = 0; i < PREFIXES; i++)
			wrong += holds[h][i] != expected(i, h) ||
				 (holds[h][i] >= 0 &&
				  told[h][i] != edit_for(&paths[i][holds[h][i]], h));
	}
	return wrong;
}

static void
step(unsigned n)
{
	unsigned what = any(20);
	if (what < 2) /* costs change, and sessions come and go, between turns */
		(void)rib_turn_end(rib);
	if (what == 0)
		steer();
	else if (what == 1) {
		unsigned slot = EXITS + any(HEARERS);
		rib_session_close(rib, slot);
		while (rib_turn_end(rib))
			continue;
		open_session(slot);
	} else if (what < 5)
		withdraw(any(EXITS), any(PREFIXES));
	else if (what == 5)
		repeat(any(PREFIXES), any(8));
	else
		announce(any(EXITS), any(PREFIXES));
	if (n % 3 == 0)
		(void)rib_steer_step(rib, 1 + any(9));
	if (n % 2 == 0) {
		(void)rib_turn_end(rib);
		listen_to(any(HEARERS));
	} else if (what < 2)
		(void)rib_turn_end(rib);
}

/* Whether what is counted of exits is what hearers see. */
static void
counts_routes(int before[HEARERS][PREFIXES])
{
	uint64_t carries[SLOTS] = {0};
	long long wrong = 0, moved = 0;
	uint32_t at = 0;
	while (rib_steer_count_next(rib, &at, 7, carries, SLOTS))
		continue;
	for (unsigned exit = 0; exit < EXITS; exit++) {
		uint64_t held = 0;
		struct rib_steer_shift should = {0}, is = rib_steer_shift_of(rib, exit);
		for (unsigned h = 0; h < HEARERS; h++)
			for (unsigned i = 0; i < PREFIXES; i++) {
				bool now = holds[h][i] == (int)exit,
				     was = before[h][i] == (int)exit;
				held += now;
				should.to += now && !was;
				should.from += was && !now;
			}
		wrong += held != carries[exit];
		wrong += should.to != is.to || should.from != is.from;
		moved += (long long)is.to;
	}
	is_int(wrong, 0, "routes by exit, and those that moved, are counted as hearers see them");
	ok(moved > 0, "which is not nothing");
}

static void
counts_what_moves(void)
{
	while (rib_steer_step(rib, 100))
		continue;
	for (unsigned slot = 0; slot < SLOTS; slot++)
		row_of[slot] = slot < EXITS ? RIB_NO_ROW : slot % ROWS;
	for (unsigned i = 0; i < ROWS * SLOTS; i++)
		cost[i] = 10 * (i % SLOTS);
	steered = true;
	before_path = false;
	const struct rib_steering with = {SLOTS, ROWS, row_of, cost, backup, false};
	for (unsigned times = 0; times < 2; times++) {
		(void)rib_turn_end(rib);
		(void)rib_steer(rib, &with);
		while (rib_steer_step(rib, 100))
			continue;
	}
	is_int(rib_steer_moved(rib), 0, "the same costs once more move nothing");
	cost[1]++;
	(void)rib_turn_end(rib);
	(void)rib_steer(rib, &with);
	while (rib_steer_step(rib, 100))
		continue;
	is_int(rib_steer_moved(rib), 0, "nor do costs that leave each order as it is");
	unsigned both = 0;
	for (unsigned i = 0; i < PREFIXES; i++)
		both += paths[i][3].there && paths[i][4].there;
	cost[3] = 45;
	(void)rib_turn_end(rib);
	(void)rib_steer(rib, &with);
	while (rib_steer_step(rib, 100))
		continue;
	is_int(rib_steer_moved(rib), (long long)both,
	       "when two exits change places, only prefixes that both have are looked at again");
	is_int(differences(), 0, "and all hear of them");
	int before[HEARERS][PREFIXES];
	memcpy(before, holds, sizeof(before));
	cost[0] = 100;
	cost[2] = RIB_CLOSED;
	(void)rib_steer(rib, &with);
	is_int(differences(), 0, "likewise when an exit is closed");
	counts_routes(before);
}

/* --- many of them --- */

enum { MANY_HEARERS = 200, MANY_PREFIXES = 40000, MANY_SLOTS = 2 + MANY_HEARERS };

/* Two exits announce all; each hearer is told something else of them. */
static struct rib *
made_of_many(void)
{
	struct rib *many = rib_new(IP_V4, MANY_SLOTS);
	struct rib_variant variants[MANY_SLOTS] = {0};
	const struct rib_hooks hooks = {.edit = edit};
	uint32_t all = RIB_SET_EMPTY;
	rib_set_hooks(many, &hooks);
	for (unsigned slot = 0; slot < MANY_SLOTS; slot++) {
		const struct rib_peer peer = {
			.router_id = slot + 1, .address = ip_v4(slot + 1), .transit = true};
		rib_session_open(many, slot, &peer);
		variants[slot].edit = slot;
		variants[slot].set = rib_set_with(rib_sets_in(many), RIB_SET_EMPTY, slot);
		all = slot < 2 ? all : rib_set_with(rib_sets_in(many), all, slot);
	}
	for (unsigned exit = 0; exit < 2; exit++) {
		uint8_t octets[] = {2, 1, 0, 0, 0xfd, (uint8_t)exit};
		const struct bgp_attrs attrs = {.next_hop = ip_v4(0xc0000200u + exit),
						.as_path = cursor_of(octets, sizeof(octets)),
						.as_hops = 1,
						.first_as = {0xfd00u + exit}};
		const struct rib_verdict verdict = {.plain = true,
						    .preference = RIB_TRANSIT,
						    .local_pref = 100,
						    .receivers = all,
						    .variants = variants + 2,
						    .variant_count = MANY_HEARERS};
		uint32_t set = rib_attrs_known(many, exit, &attrs);
		set = set ? set : rib_attrs_intern(many, &verdict);
		for (unsigned i = 0; i < MANY_PREFIXES; i++) {
			struct prefix prefix = prefix_number(i);
			(void)rib_announce(many, (struct rib_source){exit, 0}, &prefix, set, 0, 1);
		}
	}
	(void)rib_turn_end(many);
	return many;
}

static uint64_t
take_of(struct rib *many, unsigned slot)
{
	struct iovec pieces[64];
	uint64_t octets = 0;
	for (size_t count; (count = rib_out_pieces(many, slot, pieces, 64)) != 0;) {
		size_t given = 0;
		for (size_t i = 0; i < count; i++)
			given += pieces[i].iov_len;
		octets += given;
		rib_out_sent(many, slot, given);
	}
	return octets;
}

/* While a turn lasts nothing else is heard or sent, so what moves for many is told in many of them. */
static void
turns_stay_short(void)
{
	static uint32_t rows[MANY_SLOTS], costs[MANY_HEARERS * MANY_SLOTS];
	static uint8_t backups[MANY_HEARERS * MANY_SLOTS];
	struct rib *many = made_of_many();
	const struct rib_steering with = {MANY_SLOTS, MANY_HEARERS, rows, costs, backups, false};
	for (unsigned slot = 0; slot < MANY_SLOTS; slot++) {
		rows[slot] = slot < 2 ? RIB_NO_ROW : slot - 2;
		(void)take_of(many, slot);
	}
	for (unsigned row = 0; row < MANY_HEARERS; row++)
		costs[row * MANY_SLOTS + 1] = 1;
	(void)rib_steer(many, &with);
	while (rib_steer_step(many, SIZE_MAX))
		(void)rib_turn_end(many);
	(void)rib_turn_end(many);
	for (unsigned row = 0; row < MANY_HEARERS; row++)
		costs[row * MANY_SLOTS] = 2;
	(void)rib_steer(many, &with);
	uint64_t first = 0, longest = 0, before = 0, heard = 0;
	for (bool more = true; more;) {
		more = rib_steer_step(many, SIZE_MAX);
		(void)rib_turn_end(many);
		uint64_t all = rib_steer_shift_of(many, 1).to, moved = all - before;
		first = first ? first : moved;
		longest = moved > longest ? moved : longest;
		before = all;
		for (unsigned slot = 2; slot < MANY_SLOTS; slot++)
			heard += take_of(many, slot);
	}
	ok(before == (uint64_t)MANY_HEARERS * MANY_PREFIXES, "what moves for many moves whole");
	ok(heard > before * 4, "and is told to all");
	ok(first > 0 && first <= 50000, "the first turn is over soon");
	ok(longest <= 1000000, "and none lasts long");
	rib_free(many);
}

int
main(void)
{
	rib = rib_new(IP_V4, SLOTS);
	const struct rib_hooks hooks = {.edit = edit};
	rib_set_hooks(rib, &hooks);
	for (unsigned slot = 0; slot < SLOTS; slot++) {
		row_of[slot] = slot < EXITS ? RIB_NO_ROW : slot % ROWS;
		open_session(slot);
	}
	unsigned wrong = 0, checks = 0;
	for (unsigned n = 0; n < STEPS; n++) {
		step(n);
		if (n % 40 == 39) {
			wrong += differences();
			checks++;
		}
	}
	ok(checks == STEPS / 40, "many changes of routes, sessions and costs");
	is_int(wrong, 0, "leave every session with the best exit by its row");
	counts_what_moves();
	rib_free(rib);
	turns_stay_short();
	return done_testing();
}
