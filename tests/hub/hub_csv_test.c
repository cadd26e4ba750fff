/* Lists of the picture as CSV: what is written reads back the same, for every list and column. */
#include "hub/hub_csv.h"

#include <stdlib.h>

#include "hub_memory.h"
#include "tap.h"

static const char head[] = "hub: {name: H, asn: 64500, router_id: 192.0.2.1}\n";

/* The hub with all its lists in files of CSV; NULL if one cannot be written. */
static char *
as_csv(const struct hub *hub, const struct hub_csv_trouble **why)
{
	static struct hub_csv_trouble trouble;
	static struct memory_file files[HUB_CSV_LISTS + 1];
	static struct buf texts[HUB_CSV_LISTS], main_file;
	static char names[HUB_CSV_LISTS][32];
	char *said = NULL, *written = NULL;
	*why = &trouble;
	buf_clear(&main_file);
	buf_str(&main_file, head);
	for (size_t i = 0; i < HUB_CSV_LISTS; i++) {
		const struct hub_item *list = hub_csv_list(hub_csv_lists[i]);
		buf_clear(&texts[i]);
		if (hub_csv_write(hub, list, &texts[i], &trouble) < 0)
			return NULL;
		buf_u8(&texts[i], 0);
		snprintf(names[i], sizeof(names[i]), "%s.csv", hub_csv_lists[i]);
		files[i + 1] = (struct memory_file){names[i], (const char *)texts[i].data, false};
		buf_printf(&main_file, "%s: {csv: %s}\n", hub_csv_lists[i], names[i]);
	}
	buf_u8(&main_file, 0);
	files[0] = (struct memory_file){"hub.yaml", (const char *)main_file.data, false};
	struct hub *again = memory_hub(files, HUB_CSV_LISTS + 1, &said);
	if (again)
		written = memory_written(again);
	else
		printf("# %s", said);
	free(said);
	hub_free(again);
	return written;
}

static const char all_kinds[] =
	"sites:\n"
	"  - {id: A, name: \"Quote \\\" and, comma\", kind: hub, country: NO, lat: -0.1, lon: "
	"179.999}\n"
	"  - {id: B, name: b, note: \"tab, and; more\", lat: 12.34567890123, lon: -180}\n"
	"  - {id: C, name: c}\n"
	"segments:\n"
	"  - {id: S1, a: A, b: B, length_km: 0.1, length_km_low: 0.05, length_basis: estimated,\n"
	"     status: planned, countries_crossed: [NO, SE], srlg: [X_1, Y], fibre_pairs: 3,\n"
	"     fibre_pairs_confidence: derived, points: [10/20, -170.5/-89.9], source: s,\n"
	"     confidence: seen, from: 2026-02-28, until: 2027-03-01}\n"
	"  - {id: S2, a: B, b: C, length_km: 7, status: \"in service\", points: 1/2 3/4,\n"
	"     design_tbps: 4, design_tbps_source: other, source: s}\n"
	"cables: [{id: K, segments: [S1, S2], from: 2026-01-01}]\n"
	"risks: [{id: X_1, kind: sea, per_year: 0.5, days: 1, confidence: seen}, {id: NO, kind: "
	"country}]\n"
	"failure_rates: [{medium: submarine, per_1000_km_year: 0.167, repair_h: 480},\n"
	"                {segments: [S1], per_1000_km_year: 1, repair_h: 1}]\n"
	"prices: [{at: A, price: 0.35, when: 2018-01-01}, {id: P, from: A, to: B, price: 2}]\n"
	"demands: [{id: D, from: A, to: B, gbps: 10, protect: 1+1, avoid: [RU], priority: 0},\n"
	"          {id: E, from: A, to: C, gbps: 1, over: [K, B], fixed: true, split: no}]\n"
	"candidates: [{id: N, segments: [S1], capex_musd: 5, years: 10},\n"
	"  {id: M, segments: [S1], lease_usd_month: 900, lease_usd_month_low: 800, lease_months: "
	"30,\n"
	"   lease_usd_month_source: l, source: s}]\n"
	"incidents: [{id: I, start: 2025-09-29T12:30:00Z, risks: [NO], effect: \" blanks \"}]\n";

static void
reads_back(void)
{
	char text[4096], *said;
	const struct hub_csv_trouble *why;
	snprintf(text, sizeof(text), "%s%s", head, all_kinds);
	struct hub *hub = memory_hub(&(struct memory_file){"hub.yaml", text, false}, 1, &said);
	if (!ok(hub != NULL, "the hub is good")) {
		printf("# %s", said);
		free(said);
		return;
	}
	char *first = memory_written(hub), *second = as_csv(hub, &why);
	is_str(second, first, "every list reads back from its CSV as the same picture");
	const struct hub_segment *s = &hub->segments[0];
	ok(s->point_count == 2 && s->points[1].longitude == -170.5 &&
		   s->points[1].latitude == -89.9,
	   "points are longitude and latitude");
	free(first);
	free(second);
	free(said);
	hub_free(hub);
}

static void
silk_road(void)
{
	struct hub_report report;
	struct hub *hub = hub_file_read("examples/silkroad.yaml", hub_file_disk(), &report);
	struct buf text = {0};
	struct hub_csv_trouble trouble;
	ok(hub && report.warning_count == 0, "the silk road is good, without a warning");
	for (size_t i = 0; i < HUB_CSV_LISTS; i++) {
		const char *first;
		const struct hub_item *list = hub_csv_list(hub_csv_lists[i]);
		ok(hub_csv_elements(hub, list, &first) > 0, "it has %s", hub_csv_lists[i]);
	}
	hub_csv_write(hub, hub_csv_list("segments"), &text, &trouble);
	buf_u8(&text, 0);
	ok(!strstr((const char *)text.data, "design_tbps_source"),
	   "what is the same as in the row is not written beside each number");
	ok(!hub_csv_list("members") && !hub_csv_list(""), "members are no list of the corridor");
	buf_fini(&text);
	hub_report_fini(&report);
	hub_free(hub);
}

static void
refuses(void)
{
	static const char text[] = "hub: {name: H, asn: 64500, router_id: 192.0.2.1}\n"
				   "sites: [{id: A, name: a}, {id: B, name: b}]\n"
				   "segments: [{id: S, a: A, b: B, length_km: 1, status: planned, "
				   "srlg: [\"RED SEA\"]}]\n";
	char *said;
	const struct hub_csv_trouble *why;
	struct hub *hub = memory_hub(&(struct memory_file){"hub.yaml", text, false}, 1, &said);
	ok(hub && !as_csv(hub, &why), "a word with a blank in it cannot stand in a list of CSV");
	is_str(why->key, "srlg", "which column it is in is told");
	free(said);
	hub_free(hub);
}

static void
points(void)
{
	static const struct {
		const char *points, *said;
	} cases[] = {
		{"181/0", "a:3:81: points: found \"181/0\", expected longitude/latitude in degrees "
			  "such as 49.67/40.59\n"},
		{"0/90.5",
		 "a:3:81: points: found \"0/90.5\", expected longitude/latitude in degrees "
		 "such as 49.67/40.59\n"},
		{"12",
		 "a:3:81: points: found \"12\", expected longitude/latitude in degrees such as "
		 "49.67/40.59\n"},
		{"1e1/2", "a:3:81: points: found \"1e1/2\", expected longitude/latitude in degrees "
			  "such as 49.67/40.59\n"},
		{"-180/-90", ""},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[400], *said;
		snprintf(text, sizeof(text),
			 "%ssites: [{id: A, name: a}, {id: B, name: b}]\n"
			 "segments: [{id: S, a: A, b: B, length_km: 1, status: planned, srlg: Q, "
			 "points: [%s]}]\n",
			 head, cases[i].points);
		struct hub *hub = memory_hub(&(struct memory_file){"a", text, false}, 1, &said);
		is_str(said, cases[i].said, cases[i].points);
		free(said);
		hub_free(hub);
	}
}

int
main(void)
{
	reads_back();
	silk_road();
	refuses();
	points();
	return done_testing();
}
