/* What does not add up is found, and what does is left alone. */
#include "corridor/corridor_check.h"

#include <math.h>
#include <stdlib.h>

#include "../hub/hub_memory.h"
#include "silkroad.h"
#include "tap.h"

/* 2026-11-21 */
static const struct corridor_day today = {.at = {1795219200}};

/* Two sites 1000 km apart, on the equator: 8.9932 degrees; one segment between them that is as it
 * should be. */
#define HEAD                                                                                       \
	"hub: {name: H, asn: 64500, router_id: 192.0.2.1}\n"                                       \
	"sites: [{id: A, name: a, country: KZ, lat: 0, lon: 0},\n"                                 \
	"        {id: B, name: b, country: AZ, lat: 0, lon: 8.9932},\n"                            \
	"        {id: C, name: c, country: AZ, lat: 0, lon: 20}%s]\n"

#define GOOD                                                                                       \
	"  - {id: G, a: B, b: C, length_km: 1700, status: in service, source: s,\n"                \
	"     countries_crossed: [AZ], medium: buried}\n"

/* "odd S: longer than fibre is laid (9000, 1960); ..." of all findings that are not notes about
 * missing things, in order. */
static void
found_in(struct buf *out, const char *text)
{
	char *said;
	struct hub *hub = memory_hub(&(struct memory_file){"a", text, false}, 1, &said);
	if (!hub) {
		buf_printf(out, "refused: %s", said);
		buf_u8(out, 0);
		free(said);
		return;
	}
	struct corridor_plan *plan = corridor_plan_new(hub, today);
	struct corridor_findings *f = corridor_check(plan);
	for (size_t i = 0; i < f->count; i++) {
		const struct corridor_finding *found = &f->all[i];
		buf_printf(out, "%s%s %s: %s", i ? "; " : "",
			   corridor_severity_name(found->severity), found->id, found->what);
		if (!isnan(found->value))
			buf_printf(out, " (%.5g, %.5g)", found->value, found->bound);
		if (found->hint)
			buf_printf(out, " [%s]", found->hint);
	}
	buf_u8(out, 0);
	corridor_findings_free(f);
	corridor_plan_free(plan);
	hub_free(hub);
	free(said);
}

/* The rest of a segment S from A to B, and what is found in it. */
static const struct {
	const char *name, *segment, *rest, *found;
} cases[] = {
	{"a plain stretch", "length_km: 1390, countries_crossed: [KZ, AZ], source: s", "", ""},
	{"a great circle as length", "length_km: 999, countries_crossed: [KZ, AZ], source: s", "",
	 "odd S: shorter than the great circle (999, 1000)"},
	{"much less", "length_km: 900, countries_crossed: [KZ, AZ], source: s, check: I know", "",
	 "wrong S: shorter than the great circle (900, 1000) [known: I know]"},
	{"straight on land", "length_km: 1100, countries_crossed: [KZ, AZ], source: s", "",
	 "odd S: straighter than fibre is laid (1100, 1180)"},
	{"straight at sea",
	 "length_km: 1050, type: submarine, countries_crossed: [KZ, AZ], source: s", "", ""},
	{"long on land", "length_km: 2500, countries_crossed: [KZ, AZ], source: s", "",
	 "odd S: longer than fibre is laid (2500, 1960)"},
	{"long at sea, nobody knows where",
	 "length_km: 2500, type: submarine, countries_crossed: [KZ, AZ], source: s", "",
	 "note S: goes a long way round (2500, 1210) [points would tell where]"},
	{"long at sea, along its points",
	 "length_km: 2500, type: submarine, countries_crossed: [KZ, AZ], source: s, "
	 "points: [4.4966/9.2]",
	 "", ""},
	{"shorter than its points",
	 "length_km: 2000, type: submarine, countries_crossed: [KZ, AZ], source: s, "
	 "points: [4.4966/9.2]",
	 "", "wrong S: shorter than the way that its points draw (2000, 2275.4)"},
	{"a great circle that is not that of its ends",
	 "length_km: 1390, great_circle_km: 1200, countries_crossed: [KZ, AZ], source: s", "",
	 "odd S: its great circle is not that of its ends (1200, 1000)"},
	{"more lit than designed",
	 "length_km: 1390, design_tbps: 1, lit_or_active_tbps: 2, countries_crossed: [KZ, AZ], "
	 "source: s",
	 "", "wrong S: more is lit than it is designed for (2, 1)"},
	{"one pair for 400 Tbit/s",
	 "length_km: 1390, design_tbps: 400, fibre_pairs: 1, countries_crossed: [KZ, AZ], source: "
	 "s",
	 "",
	 "wrong S: more than physics allows its pairs (400, 50.291) "
	 "[1 pair of 50.3 Tbit/s at most; it takes 8]"},
	{"sixteen pairs for 400 Tbit/s",
	 "length_km: 1390, design_tbps: 400, fibre_pairs: 16, countries_crossed: [KZ, AZ], source: "
	 "s",
	 "", ""},
	{"pairs that nobody has told",
	 "length_km: 1390, design_tbps: 400, countries_crossed: [KZ, AZ], source: s", "",
	 "note S: how many pairs carry it is not told (400, 50.291) "
	 "[physics asks for 8 at least]"},
	{"an end in a country that is not crossed",
	 "length_km: 1390, countries_crossed: [KZ], source: s", "",
	 "wrong S: does not cross the country where it ends [B is in AZ]"},
	{"no countries", "length_km: 1390, source: s", "",
	 "odd S: which countries it crosses is not told"},
	{"no source", "length_km: 1390, countries_crossed: [KZ, AZ]", "",
	 "note S: no source is told"},
	{"planned for last year",
	 "status: planned (2025), length_km: 1390, countries_crossed: [KZ, AZ], source: s", "",
	 "odd S: planned for a year that is over (2025, 2026) [its status is \"planned (2025)\"]"},
	{"planned for this year",
	 "status: planned (end 2026), length_km: 1390, countries_crossed: [KZ, AZ], source: s", "",
	 ""},
	{"landed", "status: landed 2026, length_km: 1390, countries_crossed: [KZ, AZ], source: s",
	 "", "note S: counts as carrying traffic already [its status is \"landed 2026\"]"},
	{"a medium without a rate",
	 "length_km: 1390, countries_crossed: [KZ, AZ], source: s, medium: burried",
	 "failure_rates: [{medium: buried, per_1000_km_year: 1, repair_h: 1, source: s}]\n",
	 "odd S: how often it fails is not told [no failure rate for the medium burried]"},
	{"a risk with a slip of the pen",
	 "length_km: 1390, countries_crossed: [KZ, AZ], source: s, srlg: CASPAIN",
	 "risks: [{id: CASPIAN, name: c}]\n",
	 "odd S: has a risk that no other segment has [CASPAIN; is it CASPIAN?]"},
	{"a risk that fills the year",
	 "length_km: 1390, countries_crossed: [KZ, AZ], source: s, srlg: SEA",
	 "risks: [{id: SEA, name: s, per_year: 4, days: 91, source: s}]\n", ""},
	{"a risk that lasts longer than it stays away",
	 "length_km: 1390, countries_crossed: [KZ, AZ], source: s, srlg: SEA",
	 "risks: [{id: SEA, name: s, per_year: 4, days: 92, source: s}]\n",
	 "odd SEA: is there for more days in a year than a year has (368, 365.25) "
	 "[4 times a year, 92 days each: what has it counts as never up]"},
	{"a risk of its own where none are declared",
	 "length_km: 1390, countries_crossed: [KZ, AZ], source: s, srlg: CASPIAN", "", ""},
	{"risks that are named one after the other",
	 "length_km: 1390, countries_crossed: [KZ, AZ], source: s, srlg: [KZ_ROAD_1, KZ_ROAD_2, "
	 "UZ_C, KZ_C]",
	 "", ""},
	{"a slip of the pen where none are declared",
	 "length_km: 1390, countries_crossed: [KZ, AZ], source: s, srlg: CASPAIN}\n"
	 "  - {id: T, a: B, b: C, status: in service, length_km: 1700, countries_crossed: [AZ], "
	 "source: s, srlg: CASPIAN}\n"
	 "  - {id: U, a: B, b: C, status: in service, length_km: 1700, countries_crossed: [AZ], "
	 "source: s, srlg: CASPIAN",
	 "", "odd S: has a risk that no other segment has [CASPAIN; is it CASPIAN?]"},
	{"the same twice",
	 "length_km: 1390, countries_crossed: [KZ, AZ], source: s, name: Same}\n"
	 "  - {id: T, a: B, b: A, status: in service, length_km: 1390, countries_crossed: [KZ, "
	 "AZ], "
	 "source: s, name: same",
	 "", "wrong T: stands there twice: same ends, same name [the other is S]"},
	{"a cable in two pieces",
	 "length_km: 1390, countries_crossed: [KZ, AZ], source: s}\n"
	 "  - {id: T, a: C, b: D, status: in service, length_km: 1390, countries_crossed: [AZ], "
	 "source: s",
	 "cables: [{id: K, segments: [S, T], source: s}]\n",
	 "note K: its segments do not hang together (2, 1)"},
	{"a cable with less than its segment",
	 "length_km: 1390, countries_crossed: [KZ, AZ], source: s, design_tbps: 30, fibre_pairs: 8",
	 "cables: [{id: K, segments: [S], design_tbps: 10, source: s}]\n",
	 "odd S: has more than the cable it is part of (30, 10) [cable K]"},
	{"a demand that nothing carries",
	 "status: planned, length_km: 1390, countries_crossed: [KZ, AZ], source: s",
	 "demands: [{id: Q, from: A, to: C, gbps: 1, source: s}]\n",
	 "odd Q: no way leads from its start to its end [from A to C]"},
	{"an incident of nothing", "length_km: 1390, countries_crossed: [KZ, AZ], source: s",
	 "incidents: [{id: N, source: s}]\n",
	 "note N: names no segment and no risk: nothing to replay"},
	{"a price from nowhere", "length_km: 1390, countries_crossed: [KZ, AZ], source: s",
	 "prices: [{id: P, at: A, price: 1, confidence: seen}]\n", "note P: no source is told"},
	{"an estimate from nowhere says what it is",
	 "length_km: 1390, countries_crossed: [KZ, AZ], source: s",
	 "prices: [{id: P, at: A, price: 1, confidence: estimated}]\n", ""},
};

static void
each_case(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[2000];
		struct buf found = {0};
		bool status = strncmp(cases[i].segment, "status:", 7) == 0;
		bool far = strstr(cases[i].segment, "b: D") != NULL;
		snprintf(text, sizeof(text),
			 HEAD "segments:\n" GOOD "  - {id: S, a: A, b: B, %s%s}\n%s",
			 far ? ", {id: D, name: d, country: AZ, lat: 0, lon: 30}" : "",
			 status ? "" : "status: in service, ", cases[i].segment, cases[i].rest);
		found_in(&found, text);
		is_str((const char *)found.data, cases[i].found, cases[i].name);
		buf_fini(&found);
	}
}

static void
sites(void)
{
	struct buf found = {0};
	char text[2000];
	snprintf(text, sizeof(text),
		 HEAD "segments:\n" GOOD
		      "  - {id: S, a: A, b: B, status: planned, length_km: 1390, source: s, "
		      "countries_crossed: [KZ, AZ]}\n"
		      "members: [{asn: 64512, name: M, kind: access, ports: [{site: A, speed: 1G, "
		      "ipv4: 192.0.2.9}]}]\n"
		      "lans: [{name: l, ipv4: 192.0.2.0/24}]\n",
		 ", {id: X, name: x}, {id: IX, name: ix, lat: 0, lon: 20}");
	found_in(&found, text);
	is_str((const char *)found.data,
	       "odd A: members' ports are here, and no way leads out; "
	       "note X: no segment ends here",
	       "members without a way out, and sites without segments, unless they are beside one");
	buf_fini(&found);
}

static void
refused(void)
{
	static const char text[] =
		"hub: {name: H, asn: 64500, router_id: 192.0.2.1}\n"
		"sites: [{id: A, name: a}, {id: B, name: b}]\n"
		"segments: [{id: S, a: A, b: B, length_km: 1, status: planned, from: 2026-01-02, "
		"until: 2026-01-02}]\n";
	struct buf found = {0};
	found_in(&found, text);
	is_str((const char *)found.data,
	       "refused: a:3:88: until: found a day that is not after from\n",
	       "a segment that ends before it begins is refused");
	buf_fini(&found);
}

static void
silk_road(void)
{
	struct hub *hub = silkroad();
	struct corridor_plan *plan = corridor_plan_new(hub, today);
	struct corridor_findings *f = corridor_check(plan);
	struct buf found = {0};
	for (size_t i = 0; i < f->count && f->all[i].severity != CORRIDOR_NOTE; i++)
		buf_printf(&found, "%s%s", i ? " " : "", f->all[i].id);
	buf_u8(&found, 0);
	is_str((const char *)found.data, "C03 B09 C03 K21 F09 F09",
	       "in the silk road, what is known to be wrong is found, and little else");
	is_int((long long)f->by_severity[CORRIDOR_WRONG], 2, "two lengths cannot be");
	buf_fini(&found);
	corridor_findings_free(f);
	corridor_plan_free(plan);
	hub_free(hub);
}

int
main(void)
{
	each_case();
	sites();
	refused();
	silk_road();
	return done_testing();
}
