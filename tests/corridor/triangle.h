/* A hub of three sites in a triangle, long way 0-1-2, short way 0-2 of less capacity, and two
 * demands from 0 to 2. */
#pragma once

#include <math.h>

#include "hub/hub.h"

static struct hub_segment triangle_segments[3];
static struct hub_site triangle_sites[3] = {{.id = "A"}, {.id = "B"}, {.id = "C"}};
static struct hub_demand triangle_demands[2];

static struct hub
triangle(void)
{
	static const uint32_t ends[3][2] = {{0, 1}, {1, 2}, {0, 2}};
	static const char *const ids[3] = {"AB", "BC", "AC"};
	for (size_t i = 0; i < 3; i++) {
		struct hub_segment *s = &triangle_segments[i];
		*s = (struct hub_segment){.id = ids[i], .status = "in service", .usable = true};
		s->a = ends[i][0];
		s->b = ends[i][1];
		s->length_km = 1000;
		s->design_tbps = i == 2 ? 0.3 : 0.5;
		s->great_circle_km = s->lit_tbps = NAN;
		s->length_from = s->design_from = (struct hub_basis){.low = NAN, .high = NAN};
	}
	for (size_t i = 0; i < 2; i++)
		triangle_demands[i] = (struct hub_demand){
			.id = i ? "late" : "first",
			.from = 0,
			.to = 2,
			.gbps = i ? 200 : 400,
			.split = true,
			.member = HUB_NONE,
			.priority = (uint32_t)i,
			.basis = {.low = NAN, .high = NAN, .confidence = HUB_ESTIMATED},
		};
	return (struct hub){.sites = triangle_sites,
			    .site_count = 3,
			    .segments = triangle_segments,
			    .segment_count = 3,
			    .demands = triangle_demands,
			    .demand_count = 2,
			    .corridor = {.assumed_tbps = 1, .land_price = 1, .sea_price = 1}};
}
