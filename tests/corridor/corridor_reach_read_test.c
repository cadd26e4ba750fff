/* Files of towers and of fibre: what they may look like, and what is said about those that are wrong. */
#include "corridor/corridor_reach_read.h"

#include <math.h>

#include "hub/hub_report.h"
#include "tap.h"

struct reading {
	struct corridor_reach_input input;
	struct hub_report report;
	int result;
};

typedef int read_it(struct corridor_reach_input *input, struct hub_report *report, const char *file,
		    struct buf *bytes);

static struct reading
read_text(const char *text, read_it *how)
{
	struct reading r = {.input = corridor_reach_input_new()};
	struct buf bytes = {0};
	hub_report_init(&r.report);
	buf_str(&bytes, text);
	r.result = how(&r.input, &r.report, "towers", &bytes);
	buf_fini(&bytes);
	return r;
}

static void
reading_fini(struct reading *r)
{
	corridor_reach_input_fini(&r->input);
	hub_report_fini(&r->report);
}

static bool
says(const struct reading *r, const char *what)
{
	struct buf out = {0};
	hub_report_print(&r->report, &out);
	buf_u8(&out, '\0');
	bool found = out.data && strstr((const char *)out.data, what);
	if (!found)
		printf("# got: %s\n", out.data ? (const char *)out.data : "");
	buf_fini(&out);
	return found;
}

static void
refused(const char *text, const char *complaint, const char *what)
{
	struct reading r = read_text(text, corridor_reach_read_towers);
	ok(r.result < 0 && says(&r, complaint), "%s", what);
	reading_fini(&r);
}

static void
test_csv(void)
{
	struct reading r = read_text(
		"\xef\xbb\xbflon,extra,on_fibre,id,lat,traffic_mbps,kind,operator,weight,terrain,"
		"confidence,name\r\n"
		"67.5,x,yes,A1,24.5,12.5,tower,\"One, Two\",3.25,plain,seen (survey),Clifton\r\n"
		"\r\n"
		"67.6,x,No,A2,24.6,,City,,,Mountain,estimated,\"A \"\"hill\"\"\"\r\n"
		"68,x,,A3,,,,,,,,\r\n0,x,,A4,0,,,,,PLAIN,,\r\n",
		corridor_reach_read_towers);
	const struct corridor_reach_tower *t = r.input.towers;
	if (!ok(r.result == 0 && r.input.tower_count == 4,
		"columns in any order, a mark before them, CR LF, empty lines")) {
		says(&r, "?");
		return;
	}
	ok(t[0].latitude == 24.5 && t[0].longitude == 67.5 && t[0].on_fibre && !t[0].town,
	   "a tower is where it says, and on fibre");
	is_str(t[0].operator_name, "One, Two", "a field in quotes may have a comma");
	is_str(t[1].name, "A \"hill\"", "and quotes");
	ok(t[0].traffic_kbps == 12500 && t[0].weight_milli == 3250, "decimals are kept");
	ok(t[1].town && !t[1].on_fibre, "a city is a town; words in any case");
	ok(t[0].confidence == HUB_SEEN && t[1].confidence == HUB_ESTIMATED &&
		   t[2].confidence == HUB_UNSTATED,
	   "how sure a row is goes by its first word");
	ok(t[0].terrain == t[3].terrain && t[0].terrain != t[1].terrain && t[2].terrain == 0,
	   "kinds of ground are told apart, whatever their case");
	ok(isnan(t[2].latitude) && isnan(t[3].latitude) && r.input.notes.no_coordinates == 2,
	   "no coordinates, or 0 and 0, are noted");
	reading_fini(&r);
	r = read_text("id,latitude,lng\nA,1,2\n", corridor_reach_read_towers);
	ok(r.result == 0 && r.input.towers[0].longitude == 2, "latitude and lng do as well");
	reading_fini(&r);
}

static void
test_refusals(void)
{
	refused("id,lat,lon\nA,67.5,124.5\nB,124.5,67.5\n",
		"towers:3:1: latitude 124.5 is not on the globe; with longitude 67.5 it looks as "
		"if "
		"the two were exchanged",
		"coordinates that must be exchanged are said to be");
	refused("id,lat,lon\nA,200,300\n", "expected -90 to 90 and -180 to 180",
		"coordinates off the globe are refused");
	refused("id,lat,lon\nA,1,2\nA,3,4\n", "id: \"A\" is there twice", "an id stands once");
	refused("id,lat,lon,on_fibre\nA,1,2,maybe\n", "on_fibre: found \"maybe\"",
		"on fibre is yes or no");
	refused("id,lat,lon,kind\nA,1,2,tree\n", "kind: found \"tree\"", "kinds are known");
	refused("id,lat,lon,traffic_mbps\nA,1,2,-3\n", "traffic_mbps: found \"-3\"",
		"traffic is not negative");
	refused("id,lat,lon,weight\nA,1,2,nan\n", "weight: found \"nan\"", "and a number");
	refused("id,lat,lon\nA,12N,2\n", "found \"12N\", expected degrees", "degrees are decimals");
	refused("lat,lon\n1,2\n", "column \"id\" is missing", "there must be ids");
	refused("id,lat,lon\n", "there are no towers", "and towers");
	refused("id,lat,lon\nA,1\n", "found 2 fields, the first line has 3", "rows are whole");
	refused("{\"type\":\"FeatureCollection\",\n\"features\":[}", "towers:2",
		"broken JSON is refused with its line");
	refused("{\"type\":\"FeatureCollection\"}", "no list of features", "so is an empty one");
	refused("{\"type\":\"Feature\",\"properties\":{\"id\":1},\"geometry\":{\"type\":\"Point\","
		"\"coordinates\":[33.7,120]}}",
		"(GeoJSON has the longitude first)", "GeoJSON's order is called to mind");
	refused("{\"type\":\"Feature\",\"id\":1,\"geometry\":{\"type\":\"LineString\","
		"\"coordinates\":[[1,2],[3,4]]}}",
		"feature 1: found another geometry", "a tower is no line");
}

static void
test_geojson(void)
{
	struct reading r = read_text(
		"\xef\xbb\xbf {\"type\":\"FeatureCollection\",\"features\":["
		"{\"type\":\"Feature\",\"id\":17,\"geometry\":{\"type\":\"Point\",\"coordinates\":"
		"[67.5,24.5,12]},\"properties\":{\"on_fibre\":true,\"traffic_mbps\":2.5}},"
		"{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"id\":\"B\"}}]}",
		corridor_reach_read_towers);
	ok(r.result == 0 && r.input.tower_count == 2 && r.input.towers[0].on_fibre &&
		   r.input.towers[0].latitude == 24.5 && r.input.towers[0].traffic_kbps == 2500 &&
		   isnan(r.input.towers[1].latitude),
	   "towers come from GeoJSON behind a mark of UTF-8, also without a place");
	is_str(r.input.towers[0].id, "17", "an id may stand beside the properties, as a number");
	reading_fini(&r);
	r = read_text("{\"type\":\"FeatureCollection\",\"features\":["
		      "{\"type\":\"Feature\",\"properties\":{\"name\":\"ring\"},\"geometry\":"
		      "{\"type\":\"MultiLineString\",\"coordinates\":[[[1,2],[3,4],[5,6]],[[7,8],"
		      "[9,10]]]}},{\"type\":\"Feature\",\"properties\":null,\"geometry\":"
		      "{\"type\":\"Point\",\"coordinates\":[11,12]}}]}",
		      corridor_reach_read_fibre);
	ok(r.result == 0 && r.input.line_count == 3 && r.input.lines[0].count == 3 &&
		   r.input.lines[1].count == 2 && r.input.lines[2].count == 1 &&
		   r.input.lines[1].latitudes[1] == 10,
	   "lines of a MultiLineString are lines of their own; a point is one too");
	is_str(r.input.lines[1].name, "ring", "with their name");
	reading_fini(&r);
	r = read_text("line,lat,lon,name\na,1,2,x\na,3,4,\nb,5,6,\n,7,8,\n,9,10,\n",
		      corridor_reach_read_fibre);
	ok(r.result == 0 && r.input.line_count == 4 && r.input.lines[0].count == 2,
	   "fibre in CSV: points of one line, and points alone");
	reading_fini(&r);
	r = read_text("line,lat,lon\na,1,\n", corridor_reach_read_fibre);
	ok(r.result < 0 && says(&r, "needs lat and lon"), "a point of fibre has a place");
	reading_fini(&r);
}

static void
test_far_off(void)
{
	struct buf text = {0};
	buf_str(&text, "id,lat,lon\n");
	for (int i = 0; i < 40; i++)
		buf_printf(&text, "T%d,%g,%g\n", i, 24 + 0.3 * i, 62 + 0.3 * i);
	buf_str(&text, "SWAPPED,67,30.5\nFAR,-30,-60\n");
	buf_u8(&text, '\0');
	struct reading r = read_text((const char *)text.data, corridor_reach_read_towers);
	ok(r.result == 0 && r.input.notes.far_off == 1, "one far tower would be among the others "
							"with its coordinates exchanged");
	is_str(r.input.notes.far_off_id, "SWAPPED", "it is named");
	ok(isnan(r.input.towers[40].latitude) && r.input.towers[41].latitude == -30,
	   "and not believed; one that is simply far is");
	reading_fini(&r);
	buf_fini(&text);
}

int
main(void)
{
	test_csv();
	test_refusals();
	test_geojson();
	test_far_off();
	return done_testing();
}
