/* A hub of a few segments, and what the corridor's views answer of it; for the tests. */
#pragma once

#include <jansson.h>
#include <math.h>

#include "tap.h"
#include "view/view_corridor.h"

enum { GIGABIT = 1000000000 };

static struct country pk_cn[] = {{"PK"}, {"CN"}}, pk_om[] = {{"PK"}, {"OM"}};
static const char *groups[] = {"KKH"};
static struct hub_site sites[] = {
	{.id = "KHI",
	 .name = "Karachi",
	 .kind = "hub",
	 .country = {"PK"},
	 .latitude = 24.87,
	 .longitude = 66.99},
	{.id = "URC",
	 .name = "\u00dcr\u00fcmqi",
	 .country = {"CN"},
	 .latitude = 43.8,
	 .longitude = 87.6},
	{.id = "MCT", .name = "Muscat", .country = {"OM"}, .latitude = NAN, .longitude = NAN},
	{.id = "IX-KHI", .name = "Exchange", .latitude = 24.87, .longitude = 66.99},
};
static struct hub_segment segments[] = {
	{.id = "N2",
	 .name = "Second way",
	 .a = 0,
	 .b = 1,
	 .length_km = 4000.25,
	 .length_from = {.low = NAN, .high = NAN, .confidence = HUB_SEEN},
	 .status = "in service",
	 .usable = true,
	 .countries = pk_cn,
	 .country_count = 2,
	 .lit_tbps = NAN,
	 .design_tbps = NAN,
	 .great_circle_km = NAN},
	{.id = "N1",
	 .name = "\u00dcr\u00fcmqi, Kashgar and over the pass to Karachi",
	 .a = 1,
	 .b = 0,
	 .type = "terrestrial",
	 .length_km = 3000,
	 .length_from = {.low = NAN,
			 .high = NAN,
			 .confidence = HUB_ESTIMATED,
			 .said = "estimated: by eye"},
	 .status = "in service",
	 .usable = true,
	 .countries = pk_cn,
	 .country_count = 2,
	 .lit_tbps = 0.1,
	 .design_tbps = 1,
	 .design_from = {.low = NAN, .high = NAN},
	 .great_circle_km = NAN,
	 .srlgs = groups,
	 .srlg_count = 1},
	{.id = "S1",
	 .name = "Sea cable",
	 .a = 0,
	 .b = 2,
	 .length_km = 1000,
	 .length_from = {.low = NAN, .high = NAN, .confidence = HUB_SEEN},
	 .status = "disconnected in 2024 (cut; not repaired)",
	 .usable = false,
	 .countries = pk_om,
	 .country_count = 2,
	 .lit_tbps = 1,
	 .design_tbps = NAN,
	 .great_circle_km = NAN},
	{.id = "S2",
	 .name = "Other cable",
	 .a = 2,
	 .b = 0,
	 .length_km = 1200,
	 .length_from = {.low = NAN, .high = NAN, .confidence = HUB_SEEN},
	 .status = "in service",
	 .usable = true,
	 .countries = pk_om,
	 .country_count = 2,
	 .lit_tbps = NAN,
	 .design_tbps = 10,
	 .design_from = {.low = 8, .high = 12, .confidence = HUB_SEEN},
	 .operators = "Gulf Cable / Omantel",
	 .great_circle_km = NAN},
};
static struct hub_member members[] = {
	{.asn = {64601}, .name = "Karakoram Carrier"},
	{.asn = {64602}, .name = "Gulf, \"Fast\" Transit"},
};
static struct hub_port ports[] = {
	{.id = "64601-1", .member = 0, .site = 0},
	{.id = "64602-1", .member = 1, .site = 0},
};
static uint32_t port_0[] = {0}, port_1[] = {1}, segments_0[] = {1}, segments_1[] = {2, 1};
static struct hub_contract contracts[] = {
	{.id = "T1",
	 .member = 0,
	 .ports = port_0,
	 .port_count = 1,
	 .segments = segments_0,
	 .segment_count = 1},
	{.id = "T2",
	 .member = 1,
	 .ports = port_1,
	 .port_count = 1,
	 .segments = segments_1,
	 .segment_count = 2},
};
static struct hub hub = {
	.name = "Karachi Hub",
	.short_name = "KH",
	.asn = {64500},
	.country = {"PK"},
	.city = "Karachi",
	.sites = sites,
	.site_count = 4,
	.segments = segments,
	.segment_count = 4,
	.members = members,
	.member_count = 2,
	.ports = ports,
	.port_count = 2,
	.contracts = contracts,
	.contract_count = 2,
	.corridor = {.assumed_tbps = 10, .land_price = 0.5, .sea_price = 1},
};

static struct traffic_port measured[] = {
	{.port = "64601-1",
	 .counter_in = 60ull * GIGABIT / 8 * 300,
	 .counter_covered_s = 300,
	 .state = TRAFFIC_COUNTER},
	{.port = "64602-1",
	 .counter_in = 28ull * GIGABIT / 8 * 300,
	 .counter_covered_s = 300,
	 .state = TRAFFIC_COUNTER},
};
static const struct traffic_batch batch = {.start = {1795219200},
					   .length_s = 300,
					   .covered_s = 300,
					   .ports = measured,
					   .port_count = 2};

static struct buf out;
/* What orders have made of each segment; NULL: there are none. */
static const enum corridor_live *live_now;

/* The answer to a line of words, or the complaint; valid until the next. */
__attribute__((unused)) static const char *
ask(const struct traffic_batch *traffic, enum view_corridor_form form, const char *line)
{
	char text[256];
	const char *words[16];
	size_t count = 0;
	static struct corridor_complaint complaint;
	struct utc_s now = {1795219500};
	struct view_corridor view;
	if (view_corridor_of_file(&view, &hub, now, &complaint) < 0)
		return complaint.text;
	view.live = live_now;
	if (traffic) {
		corridor_load_free(view.load);
		view.load = corridor_load_new(&hub, traffic, now);
		view.measured = true;
	}
	snprintf(text, sizeof(text), "%s", line);
	for (char *w = strtok(text, " "); w; w = strtok(NULL, " "))
		words[count++] = w;
	buf_clear(&out);
	if (view_corridor_answer(&out, &view, form, words, count, &complaint) < 0) {
		buf_clear(&out);
		buf_printf(&out, "%d %s", complaint.status, complaint.text);
	}
	buf_u8(&out, '\0');
	view_corridor_fini(&view);
	return (const char *)out.data;
}
