/* Countries of towers made up from a seed, for the tests of reach. */
#pragma once

#include <math.h>
#include <stdlib.h>

#include "corridor/corridor_reach.h"

static uint64_t reach_state;

static double
reach_chance(void)
{
	reach_state ^= reach_state << 13;
	reach_state ^= reach_state >> 7;
	reach_state ^= reach_state << 17;
	return (double)(reach_state >> 11) / 9007199254740992.0;
}

/* `count` towers in clusters around a place, the first on fibre, and one in `every` besides (0: no
 * other). Traffic differs by two orders of magnitude. */
static struct corridor_reach_input
reach_country(uint64_t seed, size_t count, size_t every)
{
	struct corridor_reach_input input = {.arena = arena_new(), .terrain_count = 2};
	double at[40][2];
	size_t clusters = count / 20 + 2 < 40 ? count / 20 + 2 : 40;
	reach_state = 88172645463325252u + seed * 7919;
	for (int i = 0; i < 20; i++)
		(void)reach_chance();
	input.terrains[0] = "";
	input.terrains[1] = "mountain";
	input.towers = arena_take(input.arena, (count + 1) * sizeof(*input.towers));
	for (size_t i = 0; i < clusters; i++) {
		at[i][0] = 24 + 8 * reach_chance();
		at[i][1] = 62 + 8 * reach_chance();
	}
	for (size_t i = 0; i < count; i++) {
		const double *c = at[(size_t)(reach_chance() * (double)clusters)];
		input.towers[i] = (struct corridor_reach_tower){
			.id = arena_printf(input.arena, "T%zu", i),
			.latitude = c[0] + reach_chance() + reach_chance() - 1,
			.longitude = c[1] + reach_chance() + reach_chance() - 1,
			.traffic_kbps = 1000 + (int64_t)(reach_chance() * reach_chance() * 1e5),
			.weight_milli = 1000,
			.terrain = reach_chance() < 0.2,
			.confidence = HUB_SEEN,
			.on_fibre = i == 0 || (every && i % every == 0),
			.place = HUB_NONE};
	}
	input.tower_count = count;
	return input;
}

/* What stands for a hub file that says nothing. */
static const struct hub_reach reach_plain = {
	.currency = {"USD"}, .sites = true, .stretch_max_km = NAN};
