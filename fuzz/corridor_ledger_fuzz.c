/* What the corridor reads of the ledger's answers: demands and content as measured, revenue as billed. Any JSON is such an
 * answer or not; of one that is, every number is one that can be reckoned with, and every index is of the hub. */
#include <math.h>
#include <stdlib.h>

#include "corridor/corridor_earned.h"
#include "corridor/corridor_measured.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct hub_member members[] = {{.asn = {64501}, .name = "First"},
				      {.asn = {64502}, .name = "Second"}};
static struct hub_site sites[] = {
	{.id = "KHI", .name = "Karachi", .latitude = 24.87, .longitude = 66.99},
	{.id = "FRA", .name = "Frankfurt", .latitude = 50.11, .longitude = 8.68},
};
static struct hub_segment segments[] = {
	{.id = "N1", .a = 0, .b = 1, .length_km = 6000, .usable = true},
	{.id = "N2", .a = 1, .b = 0, .length_km = 7000, .usable = true},
};
static struct hub_demand demands[] = {
	{.id = "one", .from = 0, .to = 1, .gbps = 10, .member = 0},
	{.id = "two", .from = 1, .to = 0, .gbps = NAN, .member = HUB_NONE},
};
static struct hub_content content[] = {{.id = "video", .name = "Video"}};
static const struct hub hub = {
	.members = members,
	.member_count = 2,
	.sites = sites,
	.site_count = 2,
	.segments = segments,
	.segment_count = 2,
	.demands = demands,
	.demand_count = 2,
	.content = content,
	.content_count = 1,
};

static void
measured(const char *json, size_t size, struct corridor_measured_ask ask)
{
	struct corridor_measured_hub out;
	struct arena *arena = arena_new();
	if (arena && corridor_measured_read(&out, arena, &hub, &ask, json, size) == 0)
		for (size_t i = 0; i < out.hub.demand_count; i++) {
			const struct hub_demand *d = &out.hub.demands[i];
			if (d->from >= hub.site_count || d->to >= hub.site_count ||
			    isinf(d->gbps) || d->gbps < 0 ||
			    (d->member != HUB_NONE && d->member >= hub.member_count))
				abort();
		}
	arena_free(arena);
}

static void
earned(const char *json, size_t size)
{
	struct corridor_earned out;
	struct arena *arena = arena_new();
	if (arena && corridor_earned_read(&out, arena, &hub, json, size) == 0)
		for (size_t i = 0; i < out.count; i++)
			if (!isfinite(corridor_earned_on(&out.sums[i], &hub, NULL)) ||
			    !isfinite(out.sums[i].elsewhere))
				abort();
	arena_free(arena);
}

/* The first octet says how it is asked for. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	const char *json = (const char *)data + 1;
	measured(json, size - 1,
		 (struct corridor_measured_ask){.statistic = (enum corridor_statistic)(data[0] % 3),
						.matrix = data[0] & 4,
						.content = data[0] & 8});
	earned(json, size - 1);
	return 0;
}
