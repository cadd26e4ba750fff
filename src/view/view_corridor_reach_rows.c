/* A reach plan for other programs: CSV (RFC 4180), JSON, GeoJSON (RFC 7946). */
#include <assert.h>
#include <math.h>

#include "base/json.h"
#include "view/view_corridor_reach_parts.h"

/* --- CSV --- */

static void
csv_money(struct buf *out, const struct view_reach *view, int64_t minor)
{
	char text[MONEY_TEXT];
	buf_printf(out, ",%s",
		   money_format_amount(text, (struct money){minor, view->settings.currency}));
}

static void
csv_tower(struct buf *out, const struct view_reach *view, size_t at, uint32_t member)
{
	const struct corridor_reach_build *b = &view->plan.builds[at];
	const struct corridor_reach_place *p = &view->net->places[b->place];
	const struct corridor_reach_tower *first =
		&view->input.towers[view->net->members[p->first]];
	const struct corridor_reach_tower *t =
		&view->input.towers[view->net->members[p->first + member]];
	char year[REACH_TEXT];
	view_csv_field(out, t->id);
	buf_str(out, ",");
	view_csv_field(out, t->name ? t->name : "");
	buf_str(out, t->town ? ",town," : ",tower,");
	view_csv_field(out, t->operator_name ? t->operator_name : "");
	buf_printf(out, ",%.6f,%.6f,%s,%zu,", t->latitude, t->longitude,
		   view_reach_year(year, view, b->year), at + 1);
	if (member) { /* shares the mast, and its stretch */
		view_csv_field(out, first->id);
		buf_str(out, ",mast,,\r\n");
		return;
	}
	struct view_reach_start start = view_reach_start_of(view, b);
	view_csv_field(out, start.id ? start.id : "");
	buf_printf(out, ",%s,%.3f", start.kind, b->length_m / 1000.0);
	csv_money(out, view, b->cost);
	buf_str(out, "\r\n");
}

void
view_reach_csv(struct buf *out, const struct view_reach *view)
{
	assert(out && view && view->net);
	buf_printf(out, "id,name,kind,operator,lat,lon,year,order,from,from_kind,km,cost_%s\r\n",
		   view->settings.currency.code);
	for (size_t i = 0; i < view->plan.build_count; i++) {
		uint32_t count = view->net->places[view->plan.builds[i].place].count;
		for (uint32_t k = 0; k < count; k++)
			csv_tower(out, view, i, k);
	}
}

void
view_reach_curve_csv(struct buf *out, const struct view_reach *view)
{
	const char *code = view->settings.currency.code;
	buf_printf(out, "share_percent,cost_%s,at_least_%s,planned\r\n", code, code);
	for (size_t i = 0; i < view->plan.curve_count; i++) {
		const struct corridor_reach_point *p = &view->plan.curve[i];
		buf_printf(out, "%.4f", corridor_reach_percent(view->net, p->weight_on));
		csv_money(out, view, p->cost);
		csv_money(out, view, p->least_cost);
		buf_str(out, p->planned ? ",yes\r\n" : ",no\r\n");
	}
}

/* --- JSON --- */

static void
json_amount(struct json *j, const char *key, const struct view_reach *view, int64_t minor)
{
	json_money(j, key, (struct money){minor, view->settings.currency});
}

static void
json_share(struct json *j, const char *key, const struct view_reach *view, int64_t weight)
{
	json_fixed(j, key, corridor_reach_percent(view->net, weight), 4);
}

static void
json_years(struct json *j, const struct view_reach *view)
{
	json_array(j, "years");
	for (unsigned i = 0; i < view->plan.year_count; i++) {
		const struct corridor_reach_year *y = &view->plan.years[i];
		char name[REACH_TEXT];
		json_object(j, NULL);
		json_str(j, "year", view_reach_year(name, view, i));
		if (y->target < 0)
			json_null(j, "target_percent");
		else
			json_fixed(j, "target_percent", view->settings.targets[i] / 100.0, 2);
		json_share(j, "share_percent", view, y->weight_on);
		json_bool(j, "target_met", y->weight_on >= y->target);
		json_bool(j, "target_met_before", view_reach_met_before(view, i));
		json_u64(j, "towers", y->towers);
		json_u64(j, "towns", y->towns);
		json_u64(j, "places", y->places);
		json_fixed(j, "km", (double)y->length_m / 1000, 3);
		json_amount(j, "cost", view, y->cost);
		json_amount(j, "cost_so_far", view, y->cost_so_far);
		json_amount(j, "at_least", view, y->least_cost);
		json_fixed(j, "gap_percent", view_reach_gap(y->cost_so_far, y->least_cost), 3);
		json_share(j, "share_at_most_percent", view, y->most_weight);
		json_u64(j, "on_fibre", y->towers_on);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
json_curve(struct json *j, const struct view_reach *view)
{
	json_array(j, "curve");
	for (size_t i = 0; i < view->plan.curve_count; i++) {
		const struct corridor_reach_point *p = &view->plan.curve[i];
		json_object(j, NULL);
		json_share(j, "share_percent", view, p->weight_on);
		json_amount(j, "cost", view, p->cost);
		json_amount(j, "at_least", view, p->least_cost);
		json_bool(j, "planned", p->planned);
		json_object_end(j);
	}
	json_array_end(j);
}

static const char *const confidence_names[] = {"unstated", "seen", "derived", "estimated"};

static void
json_figure(struct json *j, const char *item, const char *terrain, const struct corridor_fact *f)
{
	json_object(j, NULL);
	json_str(j, "item", item);
	json_str(j, "terrain", terrain && *terrain ? terrain : NULL);
	json_double(j, "amount", f->value);
	json_double(j, "low", f->low);
	json_double(j, "high", f->high);
	json_str(j, "confidence", confidence_names[f->basis]);
	json_str(j, "source", f->source);
	json_object_end(j);
}

static void
json_worth(struct json *j, const struct view_reach *view)
{
	const struct corridor_reach_plan *plan = &view->plan;
	const struct corridor_reach_settings *s = &view->settings;
	json_array(j, "sensitivity");
	for (int i = 0; i < CORRIDOR_REACH_FACTORS; i++) {
		json_object(j, NULL);
		json_str(j, "figure", plan->factors[i].name);
		json_amount(j, "low", view, plan->factors[i].low);
		json_amount(j, "high", view, plan->factors[i].high);
		json_object_end(j);
	}
	json_array_end(j);
	json_object(j, "rests_on");
	for (int i = HUB_SEEN; i <= HUB_ESTIMATED; i++)
		json_amount(j, confidence_names[i], view, plan->cost_by_confidence[i]);
	json_u64(j, "towers_estimated", plan->towers_estimated);
	json_object_end(j);
	json_array(j, "costs");
	for (size_t i = 0; i < view->input.terrain_count; i++) {
		json_figure(j, "km", view->input.terrains[i], &s->km[i]);
		json_figure(j, "road", view->input.terrains[i], &s->road[i]);
	}
	json_figure(j, "site", NULL, &s->site);
	json_figure(j, "shared", NULL, &s->shared);
	json_figure(j, "upgrade", NULL, &s->upgrade);
	json_array_end(j);
}

static void
json_notes(struct json *j, const struct view_reach *view)
{
	const struct corridor_reach_notes *n = &view->input.notes;
	json_object(j, "notes");
	json_u64(j, "no_coordinates", n->no_coordinates);
	json_u64(j, "coordinates_exchanged", n->far_off);
	json_u64(j, "out_of_reach", view->plan.unreached);
	json_u64(j, "no_traffic", n->no_traffic);
	json_u64(j, "confidence_unstated", n->unstated);
	json_object_end(j);
}

void
view_reach_json(struct buf *out, const struct view_reach *view)
{
	assert(out && view && view->net);
	static const char *const counts[] = {"number", "traffic", "weight"};
	const struct corridor_reach_plan *plan = &view->plan;
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_u64(&j, "towers", view->input.tower_count);
	json_u64(&j, "on_fibre", view->net->towers_on);
	json_str(&j, "count", counts[view->settings.count]);
	json_share(&j, "share_percent", view, view->net->weight_on);
	json_share(&j, "share_most_percent", view, plan->weight_most);
	json_u64(&j, "towers_built", plan->towers_built);
	json_u64(&j, "places_built", plan->build_count);
	json_fixed(&j, "km", (double)plan->length_m / 1000, 3);
	json_amount(&j, "cost", view, plan->cost);
	json_amount(&j, "at_least", view, plan->years[plan->year_count - 1].least_cost);
	json_bool(&j, "all_stretches_looked_at", view->net->all_pairs);
	json_years(&j, view);
	json_worth(&j, view);
	json_curve(&j, view);
	json_notes(&j, view);
	json_object_end(&j);
	buf_str(out, "\n");
}

/* --- GeoJSON --- */

void
view_reach_position(struct json *j, double latitude, double longitude)
{
	json_array(j, NULL);
	json_fixed(j, NULL, longitude, 6);
	json_fixed(j, NULL, latitude, 6);
	json_array_end(j);
}

static void
line(struct json *j, const double a[2], const double b[2])
{
	json_array(j, NULL);
	view_reach_position(j, a[0], a[1]);
	view_reach_position(j, b[0], b[1]);
	json_array_end(j);
}

/* Lines that cross the antimeridian are cut in two there (section 3.1.9). */
static void
stretch_geometry(struct json *j, const double a[2], const double b[2])
{
	json_object(j, "geometry");
	if (fabs(a[1] - b[1]) <= 180) {
		json_str(j, "type", "LineString");
		json_array(j, "coordinates");
		view_reach_position(j, a[0], a[1]);
		view_reach_position(j, b[0], b[1]);
		json_array_end(j);
	} else {
		double edge = a[1] > 0 ? 180 : -180, to = b[1] + 2 * edge;
		double t = to == a[1] ? 0 : (edge - a[1]) / (to - a[1]);
		double at = a[0] + (b[0] - a[0]) * t;
		json_str(j, "type", "MultiLineString");
		json_array(j, "coordinates");
		line(j, a, (double[]){at, edge});
		line(j, (double[]){at, -edge}, b);
		json_array_end(j);
	}
	json_object_end(j);
}

static void
geojson_build(struct json *j, const struct view_reach *view, size_t at)
{
	const struct corridor_reach_build *b = &view->plan.builds[at];
	const struct corridor_reach_place *p = &view->net->places[b->place];
	struct view_reach_start start = view_reach_start_of(view, b);
	char year[REACH_TEXT];
	(void)view_reach_year(year, view, b->year);
	json_object(j, NULL);
	json_str(j, "type", "Feature");
	stretch_geometry(j, (double[]){start.latitude, start.longitude},
			 (double[]){p->latitude, p->longitude});
	json_object(j, "properties");
	json_str(j, "year", year);
	json_u64(j, "order", at + 1);
	json_str(j, "from", start.id);
	json_str(j, "from_kind", start.kind);
	json_str(j, "to", view->input.towers[view->net->members[p->first]].id);
	json_fixed(j, "km", b->length_m / 1000.0, 3);
	json_amount(j, "cost", view, b->cost);
	json_object_end(j);
	json_object_end(j);
	for (uint32_t k = 0; k < p->count; k++) {
		const struct corridor_reach_tower *t =
			&view->input.towers[view->net->members[p->first + k]];
		json_object(j, NULL);
		json_str(j, "type", "Feature");
		json_object(j, "geometry");
		json_str(j, "type", "Point");
		json_array(j, "coordinates");
		json_fixed(j, NULL, t->longitude, 6);
		json_fixed(j, NULL, t->latitude, 6);
		json_array_end(j);
		json_object_end(j);
		json_object(j, "properties");
		json_str(j, "id", t->id);
		json_str(j, "name", t->name);
		json_str(j, "kind", t->town ? "town" : "tower");
		json_str(j, "operator", t->operator_name);
		json_str(j, "year", year);
		json_object_end(j);
		json_object_end(j);
	}
}

void
view_reach_geojson(struct buf *out, const struct view_reach *view)
{
	assert(out && view && view->net);
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_str(&j, "type", "FeatureCollection");
	json_array(&j, "features");
	for (size_t i = 0; i < view->plan.build_count; i++)
		geojson_build(&j, view, i);
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}
