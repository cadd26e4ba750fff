/* A reach plan as it is shown: text within 80 columns, tables and pictures that other programs can
 * read, and the same numbers in all of them. */
#include "view/view_corridor_reach.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "../corridor/reach.h"
#include "hub/hub_file_io.h"
#include "hub/hub_report.h"
#include "tap.h"
#include "view/view_corridor_reach_settings.h"
#include "view/view_text.h"

typedef int read_it(struct corridor_reach_input *input, struct hub_report *report, const char *file,
		    struct buf *bytes);

static void
read_file(struct corridor_reach_input *input, const char *path, read_it *how)
{
	struct hub_report report;
	struct buf bytes = {0};
	hub_report_init(&report);
	struct hub_source disk = hub_file_disk();
	ok(disk.read(disk.context, path, &bytes) == 0 && how(input, &report, path, &bytes) == 0,
	   "%s is read", path);
	hub_report_fini(&report);
	buf_fini(&bytes);
}

static char *
text_of(void (*show)(struct buf *out, const struct view_reach *view), const struct view_reach *view)
{
	struct buf out = {0};
	show(&out, view);
	buf_u8(&out, '\0');
	return (char *)out.data;
}

static bool
within_columns(const char *text)
{
	char line[512];
	bool good = true;
	for (const char *end; (end = strchr(text, '\n')); text = end + 1) {
		snprintf(line, sizeof(line), "%.*s", (int)(end - text), text);
		good &= view_width(line) <= VIEW_COLUMNS;
	}
	return good && *text == '\0';
}

static size_t
times(const char *text, const char *what)
{
	size_t count = 0;
	for (const char *at = text; (at = strstr(at, what)); at++)
		count++;
	return count;
}

/* Every element is closed, and nothing stands in an attribute that may not. */
static bool
is_closed(const char *svg)
{
	long depth = 0;
	for (const char *c = svg; *c; c++) {
		if (*c != '<')
			continue;
		const char *end = strchr(c, '>');
		if (!end)
			return false;
		depth += c[1] == '/' ? -1 : end[-1] == '/' ? 0 : 1;
		if (depth < 0)
			return false;
		c = end;
	}
	return depth == 0;
}

static void
test_text(const struct view_reach *view)
{
	char *text = text_of(view_reach_text, view);
	ok(within_columns(text), "text keeps to 80 columns");
	ok(strstr(text, "Of 400 towers and towns 64 (16.0 %) are on fibre") != NULL,
	   "it says what there is");
	ok(strstr(text, "2027       30.7 %") && strstr(text, "2029       60.0 %"),
	   "and each year by its name");
	ok(strstr(text, "No plan made of the stretches that were looked at reaches") != NULL,
	   "and the bound beside the plan");
	ok(strstr(text, "Of the money 0 % rests on figures that were seen") != NULL,
	   "and what it rests on");
	free(text);
}

static void
test_json(const struct view_reach *view)
{
	char *text = text_of(view_reach_json, view);
	json_error_t error;
	json_t *j = json_loads(text, 0, &error);
	if (!ok(j != NULL, "JSON can be read"))
		return;
	json_t *last = json_array_get(json_object_get(j, "years"), 2);
	ok(json_number_value(json_object_get(last, "share_percent")) == 60,
	   "the last year reaches the target");
	const char *cost = json_string_value(json_object_get(json_object_get(j, "cost"), "amount"));
	ok(cost && llround(atof(cost) * 100) == view->plan.cost, "money is exact");
	ok(json_array_size(json_object_get(j, "curve")) == CORRIDOR_REACH_CURVE &&
		   json_array_size(json_object_get(j, "sensitivity")) == CORRIDOR_REACH_FACTORS,
	   "with curve and ranges");
	json_decref(j);
	free(text);
}

static void
test_csv(const struct view_reach *view)
{
	char *text = text_of(view_reach_csv, view);
	ok(times(text, "\r\n") == view->plan.towers_built + 1, "CSV has a row for each tower");
	ok(strncmp(text, "id,name,kind,operator,lat,lon,year,order,from,from_kind,km,cost_USD\r\n",
		   69) == 0,
	   "and says what is in it");
	double sum = 0;
	for (const char *row = strchr(text, '\n') + 1; *row; row = strchr(row, '\n') + 1)
		sum += atof(strrchr(strndupa(row, strcspn(row, "\r")), ',') + 1);
	ok(llround(sum * 100) == view->plan.cost, "what its rows cost is what the plan does");
	free(text);
	text = text_of(view_reach_curve_csv, view);
	ok(times(text, "\r\n") == CORRIDOR_REACH_CURVE + 1, "so has the curve for each point");
	free(text);
}

static void
test_pictures(const struct view_reach *view)
{
	static const char land[] =
		"{\"type\":\"Topology\",\"transform\":{\"scale\":[1,1],\"translate\":[60,20]},"
		"\"objects\":{\"land\":{\"type\":\"MultiPolygon\",\"arcs\":[[[0,1]],[[7]]]}},"
		"\"arcs\":[[[0,0],[20,0],[0,20]],[[20,20],[-20,0],[0,-20]]]}";
	struct buf map = {0}, bare = {0};
	view_reach_map(&map, view, land, sizeof(land) - 1);
	view_reach_map(&bare, view, NULL, 0);
	buf_u8(&map, '\0');
	buf_u8(&bare, '\0');
	ok(is_closed((char *)map.data) && is_closed((char *)bare.data), "a map is whole SVG");
	ok(strstr((char *)map.data, "Z\"") && !strstr((char *)bare.data, "Z\""),
	   "land is drawn where it is known; what is no land is passed over");
	ok(strstr((char *)map.data, "2028: to 45."), "years are in its legend");
	ok(strstr((char *)map.data, ">Karachi</text>"), "and cities by their names");
	ok(!strstr((char *)map.data, "nan") && !strstr((char *)map.data, "inf"),
	   "all of it has a place");
	buf_fini(&map);
	buf_fini(&bare);
	char *curve = text_of(view_reach_curve_svg, view);
	ok(is_closed(curve) && strstr(curve, "2029: 60.0 %") && !strstr(curve, "nan"),
	   "so is the curve");
	free(curve);
}

static void
test_geojson(const struct view_reach *view)
{
	char *text = text_of(view_reach_geojson, view);
	json_error_t error;
	json_t *j = json_loads(text, 0, &error);
	ok(json_array_size(json_object_get(j, "features")) ==
		   view->plan.towers_built + view->plan.build_count,
	   "GeoJSON has a line for each stretch and a point for each tower");
	json_decref(j);
	free(text);
}

/* Two towers on both sides of 180 degrees. */
static void
test_antimeridian(void)
{
	struct corridor_reach_input input = reach_country(1, 3, 0);
	const double at[3][2] = {{-17, 179.5}, {-17, -179.5}, {-17.5, 179}};
	struct corridor_complaint complaint;
	uint32_t target = 10000;
	struct hub_reach wanted = reach_plain;
	struct view_reach view;
	wanted.targets = &target;
	wanted.target_count = 1;
	for (int i = 0; i < 3; i++) {
		input.towers[i].latitude = at[i][0];
		input.towers[i].longitude = at[i][1];
		input.towers[i].name = i ? NULL : "<A\x01& B>"; /* no name may harm the SVG */
	}
	if (!ok(view_reach_make(&view, &input, NULL, &wanted, &complaint) == 0,
		"a plan across 180 degrees"))
		return;
	char *text = text_of(view_reach_geojson, &view);
	ok(strstr(text, "\"coordinates\":[[[179.500000,-17.000000],[180.000000,-17.000000]],"
			"[[-180.000000,-17.000000],[-179.500000,-17.000000]]]") != NULL,
	   "cuts a line there in two (RFC 7946 section 3.1.9)");
	free(text);
	struct buf map = {0};
	view_reach_map(&map, &view, NULL, 0);
	buf_u8(&map, '\0');
	ok(is_closed((char *)map.data) && strstr((char *)map.data, "&lt;A &amp; B&gt;"),
	   "and the map lies across it; names are made harmless");
	buf_fini(&map);
	ok(view.plan.length_m < 400000, "the short way");
	view_reach_fini(&view);
}

/* What a running hub tells comes back as it was. */
static void
test_settings(void)
{
	struct hub_report report;
	struct hub *hub = hub_file_read("examples/silkroad.yaml", hub_file_disk(), &report);
	hub_report_fini(&report);
	if (!ok(hub != NULL, "a hub"))
		return;
	struct hub_reach_cost costs[] = {
		{HUB_REACH_KM, "mountain", 54000.5, {NAN, 70000, "a \"source\"", NULL, HUB_SEEN}},
		{HUB_REACH_SITE, NULL, 4000, {3000, NAN, NULL, NULL, HUB_UNSTATED}}};
	uint32_t targets[] = {3000, 6050};
	uint64_t budgets[] = {1000000000000};
	hub->reach = (struct hub_reach){.towers = "t.csv",
					.fibre = NULL,
					.currency = {"PKR"},
					.count = HUB_REACH_TRAFFIC,
					.sites = true,
					.first_year = 2027,
					.targets = targets,
					.target_count = 2,
					.budgets = budgets,
					.budget_count = 1,
					.stretch_max_km = NAN,
					.costs = costs,
					.cost_count = 2};
	struct buf out = {0}, again = {0};
	view_reach_settings(&out, hub);
	struct hub *copy = view_reach_settings_read((const char *)out.data, out.length);
	if (ok(copy != NULL, "settings are read back")) {
		view_reach_settings(&again, copy);
		size_t places =
			(size_t)(strstr((char *)again.data, "\"in_use\"") - (char *)again.data);
		ok(again.length == out.length && memcmp(again.data, out.data, places) == 0,
		   "and are the same");
		ok(copy->reach.budgets[0] == 1000000000000 && isnan(copy->reach.costs[0].basis.low),
		   "large numbers and what is not known too");
		hub_free(copy);
	}
	ok(!view_reach_settings_read("{}", 2) && !view_reach_settings_read("no", 2),
	   "what is no such answer is refused");
	buf_fini(&out);
	buf_fini(&again);
	hub_free(hub);
}

int
main(void)
{
	struct corridor_complaint complaint;
	struct corridor_reach_input input = corridor_reach_input_new();
	struct hub_reach wanted = reach_plain;
	struct view_reach view;
	read_file(&input, "tests/corridor/data/reach_towers.csv", corridor_reach_read_towers);
	read_file(&input, "tests/corridor/data/reach_fibre.geojson", corridor_reach_read_fibre);
	wanted.first_year = 2027;
	if (!ok(view_reach_make(&view, &input, NULL, &wanted, &complaint) == 0, "a plan is made"))
		return done_testing();
	test_text(&view);
	test_json(&view);
	test_csv(&view);
	test_geojson(&view);
	test_pictures(&view);
	view_reach_fini(&view);
	test_antimeridian();
	test_settings();
	return done_testing();
}
