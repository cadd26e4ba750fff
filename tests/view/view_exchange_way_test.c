/* The view orders ways as the table does: whatever the paths, sorting them anew gives the order they stand in. */
#include "view/view_exchange_way.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/bgp/bgp_as_path.h"
#include "exchange/quiet_shell.h"
#include "hub_text.h"
#include "tap.h"

enum { MEMBERS = 12, ROUNDS = 3000 };

static uint64_t state = 42;

static unsigned
roll(unsigned below)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(state >> 33) % below;
}

/* Members 3001, 3002, ... with a session each. */
static struct hub *
picture(void)
{
	struct buf text = {0};
	buf_str(&text, "hub: {name: T, asn: 64500, router_id: 192.0.2.1}\n"
		       "lans: [{name: p, ipv4: 192.0.2.0/24}]\nmembers:\n");
	for (unsigned i = 0; i < MEMBERS; i++)
		buf_printf(&text,
			   "  - {asn: %u, name: M%u, kind: access, ports: [{speed: 1G, ipv4: "
			   "192.0.2.%u}], sessions: [{}]}\n",
			   3001 + i, i, 11 + (i * 7) % MEMBERS);
	buf_u8(&text, 0);
	struct hub *hub = hub_of_text((const char *)text.data);
	buf_fini(&text);
	return hub;
}

/* A path of one or two hops by one of three neighbours, so that all steps of the choice occur. */
static void
announce(struct rib *rib, unsigned slot, struct prefix prefix)
{
	uint8_t path[10] = {BGP_AS_SEQUENCE, (uint8_t)(1 + roll(2))};
	uint32_t first = 3001 + roll(3);
	for (unsigned i = 0; i < 4; i++)
		path[2 + i] = (uint8_t)(first >> (24 - 8 * i));
	path[9] = 9;
	struct bgp_attrs attrs = {.as_path = cursor_of(path, path[1] == 1 ? 6 : 10),
				  .as_hops = path[1],
				  .first_as = {first},
				  .origin_as = {path[1] == 1 ? first : 9},
				  .next_hop = ip_v4(0xc000020b + slot),
				  .origin = (uint8_t)(roll(4) == 0),
				  .has_med = roll(3) > 0,
				  .med = 0};
	if (attrs.has_med)
		attrs.med = roll(3);
	uint32_t set = rib_attrs_known(rib, slot, &attrs);
	struct rib_verdict verdict = {.plain = true, .refused = roll(5) == 0};
	if (!set)
		set = rib_attrs_intern(rib, &verdict);
	(void)rib_announce(rib, (struct rib_source){.slot = slot}, &prefix, set, 0, 0);
}

static bool
same_order(const struct exchange *x, const struct view_way *ways, size_t count)
{
	struct view_way mixed[MEMBERS];
	memcpy(mixed, ways, count * sizeof(*ways));
	for (size_t i = count; i > 1; i--) {
		size_t k = roll((unsigned)i);
		struct view_way held = mixed[i - 1];
		mixed[i - 1] = mixed[k];
		mixed[k] = held;
	}
	view_ways_sort(x, mixed, count);
	for (size_t i = 0; i < count; i++)
		if (mixed[i].path.slot != ways[i].path.slot)
			return false;
	return true;
}

int
main(void)
{
	struct hub *hub = picture();
	struct exchange *x = exchange_new(hub, 1, &quiet_shell, (struct mono_us){1});
	if (!x)
		return 1;
	struct rib *rib = exchange_rib(x, IP_V4);
	for (unsigned slot = 0; slot < MEMBERS; slot++) {
		struct exchange_target target;
		struct rib_peer peer = {0};
		if (!exchange_target_of(x, slot, &target))
			return 1;
		peer.address = target.address;
		rib_session_open(rib, slot, &peer);
	}
	unsigned wrong = 0, pairs = 0, untold = 0;
	struct prefix prefix;
	prefix_parse(&prefix, "198.18.0.0/24");
	for (unsigned round = 0; round < ROUNDS; round++) {
		for (unsigned slot = 0; slot < MEMBERS; slot++)
			if (roll(3))
				announce(rib, slot, prefix);
		rib_turn_end(rib);
		struct arena *arena = arena_new();
		size_t count, total;
		struct view_way *ways = view_ways_of(arena, x, prefix, &count, &total);
		wrong += !same_order(x, ways, count);
		for (size_t i = 1; i < count; i++) {
			struct buf words = {0};
			view_way_before(&words, x, &ways[i - 1], &ways[i]);
			untold += !words.length;
			pairs++;
			buf_fini(&words);
		}
		arena_free(arena);
	}
	ok(wrong == 0, "sorted anew they stand as in the table (%u of %u did not)", wrong, ROUNDS);
	ok(pairs > ROUNDS && untold == 0, "each says why it stands before the next (%u pairs)",
	   pairs);
	exchange_free(x);
	hub_free(hub);
	return done_testing();
}
