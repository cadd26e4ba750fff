/* BMP: a station is told what is in the table, whatever its pace: it holds the same as the table when it has
 * taken all. Its octets are read here by a small reader of their own. */
#include <string.h>

#include "exchange/bgp/bgp_update.h"
#include "exchange/monitor/bmp_feed.h"
#include "tap.h"

enum { SLOTS = 4, PREFIXES = 600, ROUTE = 0, STATISTICS = 1, DOWN = 2, UP = 3, HELLO = 4 };

/* What a station holds: by view, by peer (the last octet of its address), by prefix the MED, or 0. */
struct held {
	uint32_t med[BMP_VIEWS][SLOTS][PREFIXES];
	bool up[SLOTS], loc_up;
	unsigned messages[6], ends, downs, last_reason, bad;
	bool missed; /* a route of a peer that is not up */
};

static struct held held;
static struct bgp_scratch scratch;

static struct bmp_time
now(void *context)
{
	(void)context;
	return (struct bmp_time){.s = 1000};
}

static void
numbers(void *context, int slot, struct bmp_numbers *out)
{
	(void)context;
	out->adj_in[0] = slot < 0 ? 99 : (uint64_t)slot;
}

/* --- the table --- */

static struct prefix
prefix_number(unsigned i)
{
	return prefix_of(ip_v4(0x0a000000u + (i << 8)), 24);
}

static void
announce(struct rib *rib, unsigned slot, unsigned i, uint32_t med, bool refused)
{
	static const uint8_t path[] = {2, 1, 0, 0, 0xfd, 0xe8};
	struct bgp_attrs attrs = {.next_hop = ip_v4(0xc0000200u + slot),
				  .as_path = cursor_of(path, sizeof(path)),
				  .as_hops = 1,
				  .first_as = {65000},
				  .has_med = true,
				  .med = med};
	uint32_t set = rib_attrs_known(rib, slot, &attrs);
	uint64_t all[4] = {0xf & ~(UINT64_C(1) << slot)};
	struct rib_verdict verdict = {.reasons = refused,
				      .refused = refused,
				      .receivers = rib_set_of(rib_sets_in(rib), all)};
	if (!set)
		set = rib_attrs_intern(rib, &verdict);
	struct prefix prefix = prefix_number(i);
	(void)rib_announce(rib, (struct rib_source){slot, 0}, &prefix, set, 0, 500);
}

static void
withdraw(struct rib *rib, unsigned slot, unsigned i)
{
	struct prefix prefix = prefix_number(i);
	(void)rib_withdraw(rib, (struct rib_source){slot, 0}, &prefix);
}

/* --- the station's side --- */

static void
take_prefixes(uint32_t *meds, struct bgp_nlri list, uint32_t med)
{
	struct prefix prefix;
	uint32_t path_id;
	while (bgp_nlri_next(&list, &prefix, &path_id)) {
		unsigned i = (ip_v4_number(prefix.ip) - 0x0a000000u) >> 8;
		held.bad += i >= PREFIXES;
		if (i < PREFIXES)
			meds[i] = med;
	}
}

static void
take_route(struct cursor c, enum bmp_view view, unsigned slot)
{
	static const struct bgp_peer peer = {.as4 = true, .ipv4 = true, .ipv6 = true};
	struct bgp_update update;
	cursor_skip(&c, BGP_HEADER);
	held.bad += bgp_update_read(&update, c, &peer, &scratch) != BGP_VERDICT_OK;
	held.ends += update.end_of_rib != IP_NONE;
	held.missed |= view == BMP_LOC ? !held.loc_up : !held.up[slot];
	for (unsigned i = 0; i < update.withdrawn_count; i++)
		take_prefixes(held.med[view][slot], update.withdrawn[i], 0);
	for (unsigned i = 0; i < update.announced_count; i++)
		take_prefixes(held.med[view][slot], update.announced[i], update.attrs.med);
}

static void
take_message(struct cursor c, unsigned type)
{
	static const enum bmp_view views[] = {BMP_IN_PRE, BMP_IN_POST, BMP_OUT_PRE, BMP_OUT_POST};
	held.messages[type]++;
	if (type == HELLO)
		return;
	bool loc = cursor_u8(&c) == 3;
	uint8_t flags = cursor_u8(&c);
	cursor_skip(&c, 8 + 15);
	unsigned slot = cursor_u8(&c);
	cursor_skip(&c, 16);
	held.bad += c.failed || slot >= SLOTS;
	if (slot >= SLOTS)
		return;
	enum bmp_view view = loc ? BMP_LOC : views[(flags >> 6 & 1) | (flags >> 4 & 1) << 1];
	if (type == UP && loc) {
		held.loc_up = true;
	} else if (type == UP) {
		held.bad += held.up[slot];
		held.up[slot] = true;
	} else if (type == DOWN) {
		held.downs++;
		held.last_reason = cursor_u8(&c);
		held.up[slot] = false;
		for (unsigned v = 0; v < BMP_VIEWS; v++)
			if (v != BMP_LOC)
				memset(held.med[v][slot], 0, sizeof(held.med[v][slot]));
	} else if (type == ROUTE) {
		take_route(c, view, slot);
	}
}

/* Everything the station has to say, in pieces of about `bound` octets. */
static enum bmp_fill
drain(struct bmp_station *station, size_t bound)
{
	enum bmp_fill fill;
	do {
		struct buf out = {0};
		fill = bmp_station_fill(station, &out, bound);
		struct cursor c = cursor_of(out.data, out.length);
		while (cursor_left(&c)) {
			held.bad += cursor_u8(&c) != 3;
			uint32_t length = cursor_u32(&c);
			unsigned type = cursor_u8(&c);
			held.bad += length < 6 || type > 5;
			take_message(cursor_sub(&c, length - 6), type);
			if (c.failed)
				held.bad++;
		}
		buf_fini(&out);
	} while (fill == BMP_FILL_MORE);
	return fill;
}

/* Is what it holds what the table says? */
static bool
holds_the_table(struct rib *rib, const bool *up)
{
	static struct rib_path_view views[16];
	for (unsigned i = 0; i < PREFIXES; i++) {
		struct prefix prefix = prefix_number(i);
		size_t count = rib_paths(rib, prefix, views, 16);
		uint32_t want[BMP_VIEWS][SLOTS] = {0};
		uint64_t words[256];
		for (size_t p = 0; p < count; p++) {
			unsigned slot = views[p].slot;
			uint32_t med = views[p].attrs.med;
			if (up[slot])
				want[BMP_IN_PRE][slot] = med;
			if (up[slot] && !views[p].refused)
				want[BMP_IN_POST][slot] = med;
			rib_path_hearers(rib, prefix, slot, words);
			for (unsigned r = 0; r < SLOTS; r++)
				if (up[r] && words[0] >> r & 1)
					want[BMP_OUT_PRE][r] = want[BMP_OUT_POST][r] = med;
		}
		if (count && !views[0].refused)
			want[BMP_LOC][0] = views[0].attrs.med;
		for (unsigned v = 0; v < BMP_VIEWS; v++)
			for (unsigned slot = 0; slot < SLOTS; slot++)
				if (held.med[v][slot][i] != want[v][slot])
					return false;
	}
	return true;
}

static void
go_up(struct rib *rib, struct bmp_feed *feed, bool *up, unsigned slot)
{
	struct rib_peer peer = {.router_id = slot + 1, .address = ip_v4(slot)};
	static const uint8_t open[] = "open";
	rib_session_open(rib, slot, &peer);
	struct bmp_neighbour n = {
		.peer = {ip_v4(slot), {65000}, slot + 1},
		.up = {.sent = cursor_of(open, 4), .received = cursor_of(open, 4)},
		.family = {true, false}};
	(void)bmp_feed_up(feed, slot, &n, false);
	up[slot] = true;
}

static void
go_down(struct rib *rib, struct bmp_feed *feed, bool *up, unsigned slot)
{
	bmp_feed_down(feed, slot, BMP_DOWN_CLOSED, cursor_of(NULL, 0));
	rib_session_close(rib, slot);
	while (rib_turn_end(rib))
		continue;
	up[slot] = false;
}

static void
test_words(void)
{
	struct buf out = {0};
	bmp_initiation_write(&out, "hub", "route server");
	static const uint8_t hello[] = {3,   0,   0,   0,   29,  4,   0,   1,   0,   12,
					'r', 'o', 'u', 't', 'e', ' ', 's', 'e', 'r', 'v',
					'e', 'r', 0,   2,   0,   3,   'h', 'u', 'b'};
	ok(out.length == sizeof(hello) && memcmp(out.data, hello, sizeof(hello)) == 0,
	   "an Initiation has the name and the description");
	buf_clear(&out);
	bmp_termination_write(&out, BMP_END_RESOURCES);
	static const uint8_t bye[] = {3, 0, 0, 0, 12, 5, 0, 1, 0, 2, 0, 2};
	ok(out.length == sizeof(bye) && memcmp(out.data, bye, sizeof(bye)) == 0,
	   "a Termination has its reason");
	buf_clear(&out);
	struct bmp_peer peer = {.asn = {65000}, .router_id = 1};
	(void)ip_parse(&peer.address, "2001:db8::1");
	const struct bmp_count counts[] = {{BMP_STAT_ADJ_IN, IP_NONE, 7},
					   {BMP_STAT_ADJ_IN_FAMILY, IP_V6, 8},
					   {BMP_STAT_REJECTED, IP_NONE, 9}};
	bmp_statistics_write(&out, BMP_OUT_POST, &peer, (struct bmp_time){1, 2}, counts, 3);
	ok(out.data[6] == 0 && out.data[7] == 0xd0 &&
		   memcmp(out.data + 16, peer.address.octets, 16) == 0,
	   "an IPv6 peer's Adj-RIB-Out after policy has the flags V, L and O");
	static const uint8_t stats[] = {0, 0, 0, 3, 0, 7, 0, 8, 0, 0, 0, 0, 0, 0, 0, 7, 0, 9, 0, 11,
					0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 4, 0, 0, 0, 9};
	ok(out.length == 48 + sizeof(stats) && memcmp(out.data + 48, stats, sizeof(stats)) == 0,
	   "statistics are gauges of 8 octets, with a family, and counters of 4");
	buf_fini(&out);
}

/* The tables, the feed and one station that hears all. */
struct world {
	struct rib *v4, *v6;
	struct bmp_feed *feed;
	struct bmp_station *station;
	bool up[SLOTS];
};

static void
world_init(struct world *w)
{
	*w = (struct world){.v4 = rib_new(IP_V4, SLOTS), .v6 = rib_new(IP_V6, SLOTS)};
	struct bmp_feed_source source = {.ribs = {w->v4, w->v6},
					 .asn = {64500},
					 .router_id = 1,
					 .name = "hub",
					 .description = "test",
					 .numbers = numbers,
					 .now = now};
	struct bmp_wish all = {.views = {true, true, true, true, true}};
	w->feed = bmp_feed_new(&source);
	for (unsigned slot = 0; slot < SLOTS; slot++)
		go_up(w->v4, w->feed, w->up, slot);
	for (unsigned slot = 0; slot < 3; slot++)
		for (unsigned i = slot * 50; i < 300; i++)
			announce(w->v4, slot, i, 10 + slot, slot == 2 && i % 3 == 0);
	(void)rib_turn_end(w->v4);
	w->station = bmp_station_new(w->feed, all);
}

static void
world_fini(struct world *w)
{
	bmp_station_free(w->station);
	bmp_feed_free(w->feed);
	rib_free(w->v4);
	rib_free(w->v6);
}

/* Takes all there is, in pieces of about `bound` octets: does the station hold what the table says? */
static bool
agrees(struct world *w, size_t bound)
{
	return drain(w->station, bound) == BMP_FILL_ALL && holds_the_table(w->v4, w->up) &&
	       !held.missed && !held.bad;
}

static void
test_start(struct world *w)
{
	ok(!bmp_station_waiting(w->station), "a station that is away is told nothing");
	bmp_station_begin(w->station);
	ok(agrees(w, 1000), "told from the start, it holds all five tables");
	ok(held.messages[HELLO] == 1 && held.messages[UP] == SLOTS + 1,
	   "after an Initiation, and a Peer Up of each peer");
	is_int(held.ends, 4 * SLOTS + 2,
	       "an End-of-RIB for each peer and table, and family of Loc-RIB");
	ok(held.messages[ROUTE] < 700, "routes with the same attributes stand in one message");
	ok(!bmp_station_waiting(w->station), "then there is nothing to tell");
}

static void
test_changes(struct world *w)
{
	announce(w->v4, 0, 7, 77, false);
	announce(w->v4, 1, 60, 78, true);
	withdraw(w->v4, 0, 8);
	(void)rib_turn_end(w->v4);
	unsigned before = held.messages[ROUTE];
	ok(agrees(w, 1000), "an announcement, a refusal and a withdrawal reach all tables");
	ok(held.messages[ROUTE] - before < 50, "in few messages");
	for (unsigned i = 0; i < 20; i++)
		announce(w->v4, 0, 7, 100 + i, false);
	(void)rib_turn_end(w->v4);
	ok(agrees(w, 100) && held.med[BMP_IN_PRE][0][7] == 119,
	   "of what changed often the newest state is told");
}

static void
test_peers(struct world *w)
{
	go_down(w->v4, w->feed, w->up, 1);
	ok(agrees(w, 1000) && held.downs == 1 && held.last_reason == BMP_DOWN_CLOSED,
	   "a session that is lost is a Peer Down with its reason, and its routes leave Loc-RIB");
	go_up(w->v4, w->feed, w->up, 1);
	announce(w->v4, 1, 400, 5, false);
	go_down(w->v4, w->feed, w->up, 1);
	go_up(w->v4, w->feed, w->up, 1);
	announce(w->v4, 1, 401, 6, false);
	(void)rib_turn_end(w->v4);
	ok(agrees(w, 50), "one that flaps while the station is slow ends as it is");
	bmp_station_count(w->station);
	unsigned before = held.messages[STATISTICS];
	(void)drain(w->station, 1000);
	is_int(held.messages[STATISTICS] - before, SLOTS + 1,
	       "statistics of each peer, and of Loc-RIB");
	bmp_feed_decided(w->feed);
	before = held.messages[UP];
	unsigned routes = held.messages[ROUTE];
	ok(agrees(w, 1000) && held.messages[UP] == before && held.messages[ROUTE] > routes,
	   "after a new policy the tables are told again, in the same session");
}

static void
test_behind(struct world *w)
{
	for (unsigned i = 0; i <= BMP_RING; i++)
		announce(w->v4, 0, 9, 1000 + i % 7, false);
	(void)rib_turn_end(w->v4);
	ok(drain(w->station, 1000) == BMP_FILL_BEHIND, "one that misses changes is to be closed");
	bmp_station_end(w->station);
	memset(&held, 0, sizeof(held));
	bmp_station_begin(w->station);
	ok(agrees(w, 1000), "and holds everything when it is back");
}

/* A table of which a station hears nothing must not be gone through while BGP waits. */
static void
test_nothing_to_say(void)
{
	enum { MANY = 50000 };
	struct rib *v4 = rib_new(IP_V4, 64), *v6 = rib_new(IP_V6, 64);
	struct bmp_feed_source source = {.ribs = {v4, v6},
					 .name = "hub",
					 .description = "test",
					 .numbers = numbers,
					 .now = now};
	struct bmp_feed *feed = bmp_feed_new(&source);
	struct bmp_wish wish = {.views = {[BMP_LOC] = true}};
	for (unsigned i = 0; i < MANY; i++)
		announce(v4, 0, i, 7, true);
	(void)rib_turn_end(v4);
	struct bmp_station *station = bmp_station_new(feed, wish);
	unsigned turns = 1;
	struct buf out = {0};
	bmp_station_begin(station);
	while (bmp_station_fill(station, &out, SIZE_MAX) == BMP_FILL_MORE)
		turns++;
	ok(turns > 2, "a table with nothing for the station is looked at in %u turns", turns);
	ok(!out.failed && turns < 100, "and there is an end of it");
	buf_fini(&out);
	bmp_station_free(station);
	bmp_feed_free(feed);
	rib_free(v4);
	rib_free(v6);
}

/* --- a neighbour that is sent several paths --- */

/* What the station holds of prefix number 0 in that neighbour's Adj-RIB-Out: MEDs by path identifier. */
struct several {
	uint32_t med[64];
	unsigned count;
};

static void
take_several(struct several *s, struct bgp_nlri list, uint32_t med)
{
	struct prefix prefix;
	uint32_t path_id;
	while (bgp_nlri_next(&list, &prefix, &path_id)) {
		if (path_id >= 64)
			continue;
		s->count += (med != 0) - (s->med[path_id] != 0);
		s->med[path_id] = med;
	}
}

static void
hear_several(struct several *s, struct bmp_station *station)
{
	static const struct bgp_peer peer = {.as4 = true, .ipv4 = true, .add_path_ipv4 = true};
	struct buf out = {0};
	while (bmp_station_fill(station, &out, SIZE_MAX) == BMP_FILL_MORE)
		continue;
	struct cursor c = cursor_of(out.data, out.length);
	while (cursor_left(&c)) {
		cursor_skip(&c, 1);
		uint32_t length = cursor_u32(&c);
		unsigned type = cursor_u8(&c);
		struct cursor message = cursor_sub(&c, length - 6);
		struct bgp_update update;
		if (type != ROUTE)
			continue;
		cursor_skip(&message, BMP_PEER_HEADER + BGP_HEADER);
		(void)bgp_update_read(&update, message, &peer, &scratch);
		for (unsigned i = 0; i < update.withdrawn_count; i++)
			take_several(s, update.withdrawn[i], 0);
		for (unsigned i = 0; i < update.announced_count; i++)
			take_several(s, update.announced[i], update.attrs.med);
	}
	buf_fini(&out);
}

static void
test_several_paths(void)
{
	struct rib *v4 = rib_new(IP_V4, 64), *v6 = rib_new(IP_V6, 64);
	struct bmp_feed_source source = {.ribs = {v4, v6},
					 .name = "hub",
					 .description = "test",
					 .numbers = numbers,
					 .now = now};
	struct bmp_feed *feed = bmp_feed_new(&source);
	struct bmp_wish wish = {.views = {[BMP_OUT_POST] = true}};
	struct rib_peer several = {.router_id = 9, .add_path = true, .add_path_max = 2};
	struct bmp_neighbour neighbour = {.peer = {ip_v4(3), {65000}, 9},
					  .family = {true, false},
					  .add_path_out = {true, false}};
	struct several holds = {0};
	rib_session_open(v4, 3, &several);
	(void)bmp_feed_up(feed, 3, &neighbour, false);
	announce(v4, 0, 0, 10, false);
	announce(v4, 1, 0, 20, false);
	(void)rib_turn_end(v4);
	struct bmp_station *station = bmp_station_new(feed, wish);
	bmp_station_begin(station);
	hear_several(&holds, station);
	struct rib_path_view views[4];
	size_t count = rib_paths(v4, prefix_number(0), views, 4);
	ok(holds.count == 2 && count == 2 && holds.med[views[0].sent_id] == 10 &&
		   holds.med[views[1].sent_id] == 20,
	   "of one that is sent several paths each is told, by the identifier that it knows");
	announce(v4, 2, 0, 5, false);
	(void)rib_turn_end(v4);
	hear_several(&holds, station);
	(void)rib_paths(v4, prefix_number(0), views, 4);
	ok(holds.count == 2 && holds.med[views[0].sent_id] == 5,
	   "when a better one comes, what it is not sent any more is withdrawn");
	withdraw(v4, 2, 0);
	(void)rib_turn_end(v4);
	hear_several(&holds, station);
	ok(holds.count == 2, "one that goes is withdrawn, and the next takes its place");
	withdraw(v4, 0, 0);
	withdraw(v4, 1, 0);
	(void)rib_turn_end(v4);
	hear_several(&holds, station);
	is_int(holds.count, 0, "and at the end there is nothing");
	bmp_station_free(station);
	bmp_feed_free(feed);
	rib_free(v4);
	rib_free(v6);
}

int
main(void)
{
	test_several_paths();
	test_words();
	struct world world;
	world_init(&world);
	test_start(&world);
	test_changes(&world);
	test_peers(&world);
	test_behind(&world);
	world_fini(&world);
	test_nothing_to_say();
	return done_testing();
}
