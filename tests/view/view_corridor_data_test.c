/* The corridor's data out and in again: nothing is lost, and what is wrong is refused with a reason
 * that names the place. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../corridor/silkroad.h"
#include "../hub/hub_memory.h"
#include "corridor/corridor_import.h"
#include "hub/hub_value.h"
#include "tap.h"
#include "view/view_corridor.h"

static const struct utc_s today = {1795219200}; /* 2026-11-21 */

static struct buf
ask(const struct hub *hub, enum view_corridor_form form, const char *a, const char *b,
    const char *c)
{
	const char *const words[] = {"corridor", a, b, c};
	struct corridor_complaint complaint = {0};
	struct view_corridor view;
	struct buf out = {0};
	size_t count = c ? 4 : b ? 3 : 2;
	view_corridor_of_file(&view, hub, today, &complaint);
	if (view_corridor_answer(&out, &view, form, words, count, &complaint) < 0) {
		buf_clear(&out);
		buf_printf(&out, "%d %s", complaint.status, complaint.text);
	}
	view_corridor_fini(&view);
	return out;
}

static bool
same(const struct buf *a, const struct buf *b)
{
	return a->length == b->length && memcmp(a->data, b->data, a->length) == 0;
}

/* Exports as GeoJSON, imports that, and compares the GeoJSON and every list. */
static bool
goes_round(const struct hub *hub, const struct hub *known)
{
	struct buf geojson = ask(hub, VIEW_CORRIDOR_JSON, "export", NULL, NULL);
	struct corridor_import import = {0};
	struct hub_report report;
	struct buf text = {0};
	bool good = corridor_import_json(&import, (const char *)geojson.data, geojson.length,
					 known) == 0;
	if (!good) {
		printf("# %.*s", (int)import.complaints.length, (char *)import.complaints.data);
		corridor_import_fini(&import);
		buf_fini(&geojson);
		return false;
	}
	if (known)
		hub_file_write(known, &text);
	struct hub *again = corridor_import_try(&import, known ? &text : NULL, &report);
	good = again != NULL;
	if (!good)
		printf("# %s\n", report.errors[0].text);
	for (size_t i = 0; i < HUB_CSV_LISTS && good; i++) {
		struct buf before = ask(hub, VIEW_CORRIDOR_CSV, "export", hub_csv_lists[i], NULL);
		struct buf after = ask(again, VIEW_CORRIDOR_CSV, "export", hub_csv_lists[i], NULL);
		good = same(&before, &after);
		if (!good)
			printf("# %s:\n# %.*s\n# %.*s\n", hub_csv_lists[i], (int)before.length,
			       (char *)before.data, (int)after.length, (char *)after.data);
		buf_fini(&before);
		buf_fini(&after);
	}
	struct buf second =
		good ? ask(again, VIEW_CORRIDOR_JSON, "export", NULL, NULL) : (struct buf){0};
	good = good && same(&geojson, &second);
	buf_fini(&second);
	buf_fini(&text);
	hub_report_fini(&report);
	hub_free(again);
	corridor_import_fini(&import);
	buf_fini(&geojson);
	return good;
}

static void
silk_road(void)
{
	struct hub *hub = silkroad();
	ok(goes_round(hub, hub), "the silk road goes out as GeoJSON and comes back the same");
	hub_free(hub);
}

static double
degrees(double most)
{
	int which = rand() % 12;
	if (which == 0)
		return most;
	if (which == 1)
		return -most;
	double value = (2.0 * rand() / RAND_MAX - 1) * most;
	return which < 6 ? round(value * 1e4) / 1e4 : value;
}

/* Text with what is special in CSV, JSON and YAML. */
static void
put_text(struct buf *out)
{
	static const char *const pieces[] = {"a",  "\\\\",   ",", ";",  "'",      "\\\"", "=1+1",
					     " b", "\u5317", "#", ": ", "\u00e9", "{",    "no"};
	buf_str(out, "\"");
	for (int i = 0, count = 1 + rand() % 6; i < count; i++)
		buf_str(out, pieces[(size_t)rand() % (sizeof(pieces) / sizeof(pieces[0]))]);
	buf_str(out, "\"");
}

static void
put_number(struct buf *out, double number)
{
	hub_write_decimal(number, out);
}

static void
put_segment(struct buf *out, int index, int sites)
{
	int a = rand() % sites, b = (a + 1 + rand() % (sites - 1)) % sites;
	buf_printf(out, "  - {id: s%d, a: p%d, b: p%d, length_km: ", index, a, b);
	put_number(out, 1 + degrees(1000) * degrees(1000) / 1e3 + 1100);
	buf_str(out, ", status: ");
	put_text(out);
	if (rand() % 2) {
		buf_str(out, ", name: ");
		put_text(out);
	}
	if (rand() % 2)
		buf_str(out, ", srlg: [R_1, \"x:y\"], countries_crossed: [KZ, NO]");
	if (rand() % 3 == 0)
		buf_str(out, ", fibre_pairs: 4, fibre_pairs_source: t, source: t");
	if (rand() % 2) {
		buf_str(out, ", points: [");
		for (int i = 0, count = 1 + rand() % 5; i < count; i++) {
			buf_str(out, i ? ", " : "");
			put_number(out, degrees(180));
			buf_str(out, "/");
			put_number(out, degrees(90));
		}
		buf_str(out, "]");
	}
	buf_str(out, "}\n");
}

static struct hub *
hub_by_chance(void)
{
	struct buf text = {0};
	char *said;
	int sites = 2 + rand() % 6, segments = 1 + rand() % 8;
	buf_str(&text, "hub: {name: H, asn: 64500, router_id: 192.0.2.1}\nsites:\n");
	for (int i = 0; i < sites; i++) {
		buf_printf(&text, "  - {id: p%d, name: ", i);
		put_text(&text);
		if (rand() % 8) {
			buf_str(&text, ", lat: ");
			put_number(&text, degrees(90));
			buf_str(&text, ", lon: ");
			put_number(&text, degrees(180));
		}
		buf_str(&text, "}\n");
	}
	buf_str(&text, "segments:\n");
	for (int i = 0; i < segments; i++)
		put_segment(&text, i, sites);
	buf_u8(&text, 0);
	struct memory_file file = {"h", (const char *)text.data, false};
	struct hub *hub = memory_hub(&file, 1, &said);
	if (!hub)
		printf("# %s", said);
	free(said);
	buf_fini(&text);
	return hub;
}

static void
by_chance(void)
{
	int round = 0, total = 500;
	srand(7);
	for (int i = 0; i < total; i++) {
		struct hub *hub = hub_by_chance();
		round += hub && goes_round(hub, NULL);
		hub_free(hub);
	}
	is_int(round, total, "hubs by chance go out as GeoJSON and come back the same");
}

#define FEATURES(all) "{\"type\":\"FeatureCollection\",\"features\":[" all "]}"
#define SITE(id, at)                                                                               \
	"{\"type\":\"Feature\",\"id\":\"" id "\",\"geometry\":{\"type\":\"Point\","                \
	"\"coordinates\":" at "},\"properties\":{\"name\":\"n\"}}"
#define LINE(id, type, at, more)                                                                   \
	"{\"type\":\"Feature\",\"id\":\"" id "\",\"geometry\":{\"type\":\"" type "\","             \
	"\"coordinates\":" at "},\"properties\":{\"status\":\"planned\"" more "}}"
#define AKTAU   SITE("AKU", "[51.2365,43.6232]")
#define SUMGAIT SITE("SUM", "[49.67,40.59]")
#define BAKU    SITE("BAK", "[49.8622,40.3953]")

static const struct {
	const char *name, *text, *said;
} refused[] = {
	{"nothing", "", "it is not JSON: octet 0 makes no sense\n"},
	{"half a file", "{\"type\": \"FeatureCollection\", \"features\": [",
	 "it is not JSON: octet 43 makes no sense\n"},
	{"no collection", "{\"type\": \"Topology\"}",
	 "its type is Topology, expected a FeatureCollection with features (GeoJSON), or nodes and "
	 "edges "
	 "(node-link JSON)\n"},
	{"another CRS",
	 "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":"
	 "\"EPSG:3857\"}},\"features\":[]}",
	 "crs: found EPSG:3857, expected none: coordinates are degrees of WGS 84, longitude first "
	 "(RFC 7946); ogr2ogr -t_srs EPSG:4326 makes them so\n"},
	{"a polygon",
	 FEATURES("{\"type\":\"Feature\",\"id\":\"P\",\"geometry\":{\"type\":\"Polygon\","
		  "\"coordinates\":[]},\"properties\":{}}"),
	 "feature 1 (P): its geometry is a Polygon, expected a Point for a site or a LineString "
	 "for "
	 "a segment\n"},
	{"a site without an id",
	 FEATURES("{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,2]},"
		  "\"properties\":null}"),
	 "feature 1: it has no id\n"},
	{"a site with a latitude first", FEATURES(SITE("HKG", "[22.3,114.2]")),
	 "feature 1 (HKG): a position has the latitude 114.2; a longitude comes first: are the two "
	 "swapped?\n"},
	{"metres", FEATURES(SITE("HKG", "[12711136,2552000]")),
	 "feature 1 (HKG): a position is [1.27111e+07, 2.552e+06]; expected degrees of WGS 84, "
	 "longitude -180 to 180 and latitude -90 to 90\n"},
	{"a position that is text", FEATURES(SITE("HKG", "[\"1\",2]")),
	 "feature 1 (HKG): a position is not [longitude, latitude]\n"},
	{"a line with latitudes first",
	 FEATURES(AKTAU "," SUMGAIT "," LINE("C", "LineString", "[[43.6232,51.2365],[40.59,49.67]]",
					     ",\"a\":\"AKU\",\"b\":\"SUM\"")),
	 "feature 3 (C): its line begins at [43.6232, 51.2365], 1021 km from AKU; with longitude "
	 "and "
	 "latitude swapped it would begin there\n"},
	{"a line that begins elsewhere",
	 FEATURES(AKTAU "," SUMGAIT "," LINE("C", "LineString", "[[55,43.6],[49.67,40.59]]",
					     ",\"a\":\"AKU\",\"b\":\"SUM\"")),
	 "feature 3 (C): its line begins at [55, 43.6], 303 km from AKU\n"},
	{"an end at no site",
	 FEATURES(AKTAU "," SUMGAIT "," BAKU
			"," LINE("C", "LineString", "[[51.2365,43.6232],[49.8,40.5]]", "")),
	 "feature 4 (C): its end at [49.8, 40.5] is at no site; the nearest are BAK (13 km) and "
	 "SUM "
	 "(15 km); name it with the property b\n"},
	{"an end that is unknown",
	 FEATURES(AKTAU "," SUMGAIT "," LINE("C", "LineString", "[[51.2365,43.6232],[49.67,40.59]]",
					     ",\"a\":\"AKT\"")),
	 "feature 3 (C): a is \"AKT\", which is no site; the nearest to its start is AKU (0 km)\n"},
	{"a line of one place",
	 FEATURES(AKTAU "," LINE("C", "LineString", "[[51.2365,43.6232]]", "")),
	 "feature 2 (C): a line has less than two positions\n"},
	{"parts that do not meet",
	 FEATURES(AKTAU
		  "," LINE("C", "MultiLineString", "[[[51,43],[50,42]],[[49,41],[48,40]]]", "")),
	 "feature 2 (C): the parts of its line do not meet; expected one line, cut only at the "
	 "antimeridian\n"},
	{"a point that is said to be a segment",
	 FEATURES("{\"type\":\"Feature\",\"id\":\"P\",\"geometry\":{\"type\":\"Point\","
		  "\"coordinates\":[1,2]},\"properties\":{\"list\":\"segments\"}}"),
	 "feature 1 (P): list is \"segments\", its geometry a Point; sites are points, segments "
	 "lines\n"},
	{"a list that is none",
	 "{\"type\":\"FeatureCollection\",\"features\":[],\"lists\":{\"members\":[]}}",
	 "lists: found \"members\", which is no list of the corridor\n"},
	{"lists that are an array",
	 "{\"type\":\"FeatureCollection\",\"features\":[],\"lists\":[[\"cables\"]]}",
	 "lists: found no object, expected one with the names of lists\n"},
	{"an object where a text belongs",
	 "{\"type\":\"FeatureCollection\",\"features\":[],\"lists\":{\"risks\":[{\"id\":{}}]}}",
	 "id: found an object or a number too large, expected a plain value\n"},
	{"a word with a blank in a list",
	 FEATURES(AKTAU "," SUMGAIT "," LINE("C", "LineString", "[[51.2365,43.6232],[49.67,40.59]]",
					     ",\"srlg\":[\"RED SEA\"]")),
	 "feature 3 (C): srlg: found \"RED SEA\" in a list, expected words without a blank, comma "
	 "or "
	 "semicolon\n"},
};

static void
refuses(void)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct corridor_import import = {0};
		int result = corridor_import_json(&import, refused[i].text, strlen(refused[i].text),
						  NULL);
		buf_u8(&import.complaints, 0);
		is_str((const char *)import.complaints.data, refused[i].said, refused[i].name);
		ok(result < 0, "%s is refused", refused[i].name);
		corridor_import_fini(&import);
	}
}

/* The hub that a foreign file makes; NULL, and said. */
static struct hub *
foreign(const char *text, struct corridor_import *import)
{
	struct hub_report report;
	*import = (struct corridor_import){0};
	if (corridor_import_json(import, text, strlen(text), NULL) < 0) {
		printf("# %.*s", (int)import->complaints.length, (char *)import->complaints.data);
		return NULL;
	}
	struct hub *hub = corridor_import_try(import, NULL, &report);
	if (!hub)
		printf("# %s\n", report.errors[0].text);
	hub_report_fini(&report);
	return hub;
}

static void
from_others(void)
{
	static const char text[] = FEATURES(AKTAU "," SUMGAIT "," LINE(
		"C", "LineString", "[[49.671,40.591,-12.5],[50.5,42],[51.2365,43.6232]]",
		",\"stroke\":\"#f00\",\"fid\":7"));
	struct corridor_import import;
	struct hub *hub = foreign(text, &import);
	if (!ok(hub != NULL, "a file of another program is read"))
		return;
	const struct hub_segment *s = &hub->segments[0];
	ok(strcmp(hub->sites[s->a].id, "SUM") == 0 && strcmp(hub->sites[s->b].id, "AKU") == 0,
	   "ends that are not named are the sites where the line ends");
	is_int((long long)s->point_count, 2, "what it draws is kept, but for ends at their sites");
	ok(s->points[0].longitude == 49.671 && s->points[1].latitude == 42, "place by place");
	ok(fabs(s->length_km - 361.5) < 0.05 && s->length_from.confidence == HUB_DERIVED,
	   "a length that is not told is that of the line, derived: %.1f km", s->length_km);
	buf_u8(&import.notes, 0);
	is_str((const char *)import.notes.data,
	       "left aside: stroke, fid\nC: its length is that of its line\n",
	       "what was left aside and what was worked out is told");
	corridor_import_fini(&import);
	hub_free(hub);
}

static void
turned_round(void)
{
	static const char text[] = FEATURES(AKTAU "," SUMGAIT "," LINE(
		"C", "LineString", "[[49.67,40.59],[50.5,42],[51,43],[51.2365,43.6232]]",
		",\"a\":\"AKU\",\"b\":\"SUM\",\"length_km\":380"));
	struct corridor_import import;
	struct hub *hub = foreign(text, &import);
	ok(hub && hub->segments[0].point_count == 2 && hub->segments[0].points[0].latitude == 43,
	   "a line that runs from b to a is turned round");
	corridor_import_fini(&import);
	hub_free(hub);
}

static void
known_sites(void)
{
	static const char text[] = FEATURES(LINE(
		"NEW", "LineString", "[[51.2365,43.6232],[49.67,40.59]]", ",\"length_km\":400"));
	struct hub *known = silkroad(), *hub;
	struct corridor_import import = {0};
	struct hub_report report;
	struct buf base = {0};
	hub_file_write(known, &base);
	ok(corridor_import_json(&import, text, strlen(text), known) == 0,
	   "ends may be sites of a hub that is there");
	hub = corridor_import_try(&import, &base, &report);
	ok(!hub && report.count + report.more > 10,
	   "segments that cables, contracts and candidates of that hub name must not be missing");
	hub_report_fini(&report);
	corridor_import_fini(&import);
	buf_fini(&base);
	hub_free(known);
}

static void
which_list(void)
{
	static const struct {
		const char *path, *text;
		size_t list;
	} files[] = {
		{"/x/segments.csv", "id", 1},        {"sites", "", 0},
		{"x.csv", "id,name,lat,lon\n", 0},   {"x.csv", "id,a,b\r\n", 1},
		{"x.csv", "id,\"capex_musd\"\n", 7}, {"x.csv", "id,name\nlat,a\n", HUB_CSV_LISTS},
		{"x.csv", "", HUB_CSV_LISTS},
	};
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		is_int((long long)corridor_import_which(files[i].path, files[i].text,
							strlen(files[i].text)),
		       (long long)files[i].list, files[i].path);
}

static void
sources(void)
{
	struct hub *hub = silkroad();
	struct buf out = ask(hub, VIEW_CORRIDOR_CSV, "sources", "C03", NULL);
	buf_u8(&out, 0);
	ok(strstr((char *)out.data, "segments,C03,length,300,297,303,km,seen,seen,"),
	   "a number that was seen is within a percent");
	buf_fini(&out);
	out = ask(hub, VIEW_CORRIDOR_CSV, "sources", "L04", NULL);
	buf_u8(&out, 0);
	ok(strstr((char *)out.data, "segments,L04,length,414,331.2,496.8,km,estimated,"),
	   "one that is estimated within twenty");
	ok(strstr((char *)out.data,
		  "segments,L04,capacity,10,2.5,40,Tbit/s,estimated,not told by anybody,"),
	   "what nobody told is there, and said to be so");
	buf_fini(&out);
	out = ask(hub, VIEW_CORRIDOR_TEXT, "sources", "ALA", "ALA");
	buf_u8(&out, 0);
	is_str((char *)out.data, "0 numbers: 0 seen, 0 derived, 0 estimated\n",
	       "a way to where it starts rests on nothing");
	buf_fini(&out);
	hub_free(hub);
}

int
main(void)
{
	silk_road();
	by_chance();
	refuses();
	from_others();
	turned_round();
	known_sites();
	which_list();
	sources();
	return done_testing();
}
