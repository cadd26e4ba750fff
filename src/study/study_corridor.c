/* The chapter on what there is: sites, segments, cables. */
#include <math.h>
#include <string.h>

#include "study/study_parts.h"

static const struct study_column stock_columns[] = {
	{"Kind of segment", NULL, false, 0, 2},  {"In use", NULL, true, 0, 1},
	{"Length in use", "km", true, 0, 1.4},   {"Planned or out of use", NULL, true, 0, 1.4},
	{"Length of these", "km", true, 0, 1.4},
};

static const struct study_column cable_columns[] = {
	{"Cable", NULL, false, 0, 2.6},  {"Segments", NULL, false, 0, 1.6},
	{"Length", "km", true, 0, 1},    {"Told capacity", "Tbit/s", true, -1, 1.4},
	{"In use", NULL, false, 0, 0.7}, {"Countries", NULL, false, 0, 1.6},
};

struct stock {
	const char *type;
	double used, used_km, other, other_km;
};

enum { TYPES_MAX = 12 };

static size_t
count_stock(const struct study_maker *m, struct stock stocks[TYPES_MAX])
{
	size_t count = 0;
	const struct json_value *segments = json_read_get(m->show, "segments");
	for (const struct json_value *s = json_read_first(segments); s; s = s->next) {
		const char *type = study_text_of(s, "type");
		double km = study_number_of(s, "length_km");
		size_t at = 0;
		while (at < count && strcmp(stocks[at].type, type) != 0)
			at++;
		if (at == TYPES_MAX)
			at--;
		if (at == count)
			stocks[count++] = (struct stock){.type = type};
		if (json_read_is_true(json_read_get(s, "usable"))) {
			stocks[at].used++;
			stocks[at].used_km += isfinite(km) ? km : 0;
		} else {
			stocks[at].other++;
			stocks[at].other_km += isfinite(km) ? km : 0;
		}
	}
	return count;
}

static void
add_stock(struct study_maker *m, struct study_section *section)
{
	struct stock stocks[TYPES_MAX];
	size_t count = count_stock(m, stocks);
	struct study_table *t =
		study_table_add(section, "stock", "Segments of the corridor by kind", stock_columns,
				sizeof(stock_columns) / sizeof(stock_columns[0]));
	for (size_t i = 0; i < count; i++) {
		study_row_begin(t);
		study_cell_text(t, *stocks[i].type ? stocks[i].type : "not told");
		study_cell_number(t, stocks[i].used);
		study_cell_number(t, stocks[i].used_km);
		study_cell_number(t, stocks[i].other);
		study_cell_number(t, stocks[i].other_km);
	}
}

/* Length, capacity and countries of a cable are those of its segments. */
static void
cable_row(struct study_maker *m, struct study_table *t, const struct json_value *cable)
{
	const struct json_value *segments = json_read_get(m->show, "segments");
	const struct json_value *own = json_read_get(cable, "segments");
	double km = 0, least = INFINITY;
	bool used = false;
	const struct json_value *countries = NULL;
	for (const struct json_value *v = json_read_first(own); v; v = v->next) {
		const char *id = json_read_text(v);
		const struct json_value *s = id ? study_find(segments, "id", id) : NULL;
		double bps = study_number_of(s, "capacity_bps");
		km += study_number_of(s, "length_km");
		least = isfinite(bps) ? fmin(least, bps / 1e12) : least;
		used = used || json_read_is_true(json_read_get(s, "usable"));
		if (study_length_of(json_read_get(s, "countries")) > study_length_of(countries))
			countries = json_read_get(s, "countries");
	}
	double design = study_number_of(cable, "design_tbps");
	study_row_begin(t);
	study_cell_text(t, study_text_of(cable, "name"));
	study_cell_text(t, study_list_of(m->facts->arena, own, 6));
	study_cell_number(t, km);
	if (isfinite(design))
		study_cell_bounds(t, study_bounds_by(cable, "design_tbps"), 1);
	else
		study_cell_number(t, isfinite(least) ? least : NAN);
	study_cell_text(t, used ? "yes" : "no");
	study_cell_text(t, study_list_of(m->facts->arena, countries, 8));
}

static void
add_cables(struct study_maker *m, struct study_section *section)
{
	const struct json_value *cables = json_read_get(m->lists, "cables");
	if (!json_read_first(cables)) {
		study_say(section, STUDY_MISSING,
			  "Cables: the hub file names none, only segments.");
		return;
	}
	struct study_table *t = study_table_add(section, "cables", "Cables", cable_columns,
						sizeof(cable_columns) / sizeof(cable_columns[0]));
	for (const struct json_value *c = json_read_first(cables); c; c = c->next)
		cable_row(m, t, c);
	if (t)
		t->note = "Capacity: what the cable is told to be designed for, else the least "
			  "that is told of its segments; n/a: nothing is told.";
}

void
study_chapter_corridor(struct study_maker *m)
{
	struct study_section *section = study_section_add(m->document, "corridor", "The corridor");
	const struct json_value *length = json_read_get(m->show, "length_in_use_km");
	struct study_bounds km = study_bounds_of(m->show, "length_in_use_km");
	size_t sites = study_length_of(json_read_get(m->show, "sites")), used = 0;
	const struct json_value *segments = json_read_get(m->show, "segments");
	for (const struct json_value *s = json_read_first(segments); s; s = s->next)
		used += json_read_is_true(json_read_get(s, "usable"));
	const char *sentence =
		study_text(m->document,
			   "The corridor has %s and %s, %s of them in use, with %s km of fibre "
			   "route; %s %% of that length is estimated.",
			   study_count_text(m, sites, "site"),
			   study_count_text(m, study_length_of(segments), "segment"),
			   study_none_text(m, (double)used), study_range_text(m, km, 0),
			   study_figure_text(m, 100 * study_number_of(length, "estimated"), 0));
	study_say(section, STUDY_PARAGRAPH, "%s", sentence);
	study_say(m->summary, STUDY_POINT, "%s", sentence);
	study_trust_add(m, "Length of what is in use", study_number_of(length, "estimated"));
	struct study_scene *map = study_map(m);
	if (map)
		(void)study_figure_add(section, "map",
				       "Map of the corridor: segments in use by how full the "
				       "demands make them, planned ones dashed",
				       map);
	else
		study_say(section, STUDY_MISSING, "Map: no site has its place told.");
	add_stock(m, section);
	add_cables(m, section);
}
