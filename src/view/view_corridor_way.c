/* One way: its segments, and what it adds up to. */
#include "view/view_corridor_way.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
	ID_LEAST = 4,
	ID_MOST = 12,
	STATUS_COLUMNS = 18,
	KM_COLUMNS = 8,
	NAME_LEAST = 10,
	HOURS_A_YEAR = 8760,
};

int
view_corridor_ways_of(struct view_corridor_ways *out, struct arena *arena,
		      const struct corridor_plan *plan, struct corridor_paths paths)
{
	*out = (struct view_corridor_ways){.plan = plan, .paths = paths};
	out->itineraries = arena_take(arena, (paths.count + 1) * sizeof(*out->itineraries));
	if (!out->itineraries)
		return -1;
	for (size_t i = 0; i < paths.count; i++)
		if (corridor_itinerary_of(&out->itineraries[i], arena, plan, &paths.paths[i]) < 0)
			return -1;
	return 0;
}

void
view_corridor_ways_fini(struct view_corridor_ways *ways)
{
	corridor_paths_fini(&ways->paths);
}

static const struct hub_segment *
segment_at(const struct view_corridor_ways *w, const struct corridor_path *path, size_t i)
{
	return &w->plan->hub->segments[path->segments[i]];
}

static const struct hub_site *
site_at(const struct view_corridor_ways *w, const struct corridor_path *path, size_t i)
{
	return &w->plan->hub->sites[path->sites[i]];
}

static bool
is_estimated(const struct view_corridor_ways *w, uint32_t segment)
{
	return w->plan->segments[segment].length_km.basis == HUB_ESTIMATED;
}

/* Where a fact comes from: what its own row says, where it has no source of its own; NULL for what
 * nobody has told, which is assumed. */
static const char *
source_of(const struct view_corridor_ways *w, uint32_t segment, const struct corridor_fact *fact)
{
	const struct corridor_segment *s = &w->plan->segments[segment];
	bool of_row = fact == &s->length_km || (fact == &s->capacity_tbps && !s->assumed);
	return fact->source || !of_row ? fact->source : w->plan->hub->segments[segment].source;
}

/* --- JSON --- */

static void
codes_json(struct json *j, const char *key, const struct country *countries, size_t count)
{
	json_array(j, key);
	for (size_t i = 0; i < count; i++)
		json_str(j, NULL, countries[i].code);
	json_array_end(j);
}

static void
names_json(struct json *j, const char *key, const struct view_corridor_ways *w,
	   const struct corridor_itinerary *it, enum corridor_class class)
{
	json_array(j, key);
	for (size_t i = 0; i < it->name_count[class]; i++)
		json_str(j, NULL, w->plan->classes[class].names[it->names[class][i]]);
	json_array_end(j);
}

static struct corridor_range
range_of(const struct corridor_grounds *grounds)
{
	return (struct corridor_range){grounds->value, grounds->low, grounds->high};
}

static const char *
basis_word(enum hub_confidence basis)
{
	return basis == HUB_SEEN ? "seen" : basis == HUB_DERIVED ? "derived" : "estimated";
}

static void
source_json(struct json *j, const struct view_corridor_ways *w, uint32_t segment, const char *of,
	    const struct corridor_fact *fact)
{
	json_object(j, NULL);
	json_str(j, "segment", w->plan->hub->segments[segment].id);
	json_str(j, "of", of);
	json_str(j, "basis", basis_word(fact->basis));
	json_str(j, "source", source_of(w, segment, fact));
	json_object_end(j);
}

static void
sources_json(struct json *j, const struct view_corridor_ways *w, const struct corridor_path *path)
{
	json_array(j, "sources");
	for (size_t i = 0; i < path->segment_count; i++) {
		uint32_t index = path->segments[i];
		const struct corridor_segment *s = &w->plan->segments[index];
		source_json(j, w, index, "length", &s->length_km);
		source_json(j, w, index, "price", &s->price);
		source_json(j, w, index, "failures", &s->failures);
		source_json(j, w, index, "capacity", &s->capacity_tbps);
	}
	json_array_end(j);
}

static void
steps_json(struct json *j, const struct view_corridor_ways *w, const struct corridor_path *path)
{
	json_array(j, "steps");
	for (size_t i = 0; i < path->segment_count; i++) {
		const struct hub_segment *s = segment_at(w, path, i);
		const struct corridor_segment *known = &w->plan->segments[path->segments[i]];
		json_object(j, NULL);
		json_str(j, "segment", s->id);
		json_str(j, "name", s->name);
		json_str(j, "from", site_at(w, path, i)->id);
		json_str(j, "to", site_at(w, path, i + 1)->id);
		json_double(j, "length_km", s->length_km);
		json_str(j, "basis", basis_word(known->length_km.basis));
		json_str(j, "status", s->status);
		json_str(j, "in_service", s->in_service);
		json_bool(j, "there", known->there);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
sums_json(struct json *j, const struct view_corridor_ways *w, const struct corridor_itinerary *it)
{
	if (!w->without_prices) {
		view_range_json(j, "price_usd", range_of(&it->price), 4);
		json_fixed(j, "price_estimated_share", corridor_grounds_share(&it->price), 4);
	}
	view_range_json(j, "availability", it->availability, 6);
	json_fixed(j, "downtime_h_year", HOURS_A_YEAR * (1 - it->availability.value), 2);
	if (it->narrowest == HUB_NONE) {
		json_null(j, "narrowest");
		return;
	}
	view_range_json(j, "capacity_tbps", it->capacity_tbps, 3);
	json_str(j, "narrowest", w->plan->hub->segments[it->narrowest].id);
	json_bool(j, "capacity_assumed", w->plan->segments[it->narrowest].assumed);
}

void
view_way_json(struct json *j, const char *key, const struct view_corridor_ways *ways, size_t which,
	      bool sources)
{
	const struct corridor_itinerary *it = &ways->itineraries[which];
	const struct corridor_path *path = it->path;
	json_object(j, key);
	json_double(j, "length_km", it->length_km);
	json_double(j, "length_km_low", it->length.low);
	json_double(j, "length_km_high", it->length.high);
	view_range_json(j, "round_trip_ms", it->round_trip_ms, 3);
	sums_json(j, ways, it);
	codes_json(j, "countries", it->countries, it->country_count);
	codes_json(j, "crossed", it->crossed, it->country_count);
	names_json(j, "operators", ways, it, CORRIDOR_OPERATORS);
	names_json(j, "cables", ways, it, CORRIDOR_CABLES);
	names_json(j, "risks", ways, it, CORRIDOR_RISKS);
	json_array(j, "segments");
	for (size_t i = 0; i < path->segment_count; i++)
		json_str(j, NULL, segment_at(ways, path, i)->id);
	json_array_end(j);
	json_array(j, "sites");
	for (size_t i = 0; i <= path->segment_count; i++)
		json_str(j, NULL, site_at(ways, path, i)->id);
	json_array_end(j);
	steps_json(j, ways, path);
	json_u64(j, "estimated_lengths", it->estimated_lengths);
	json_u64(j, "segment_count", path->segment_count);
	json_double(j, "estimated_km", it->estimated_km);
	json_fixed(j, "estimated_share", corridor_itinerary_estimated_share(it), 4);
	json_u64(j, "undated", it->undated);
	if (sources)
		sources_json(j, ways, path);
	json_object_end(j);
}

/* --- CSV --- */

void
view_way_csv_head(struct buf *out)
{
	buf_str(out, "way,step,from,to,segment,name,length_km,estimated,status,in_service,"
		     "operators,length_km_low,length_km_high,price_usd,price_basis,failures_year,"
		     "repair_h,source\r\n");
}

void
view_way_csv(struct buf *out, const struct view_corridor_ways *ways, size_t which)
{
	const struct corridor_path *path = &ways->paths.paths[which];
	for (size_t i = 0; i < path->segment_count; i++) {
		uint32_t index = path->segments[i];
		const struct hub_segment *s = segment_at(ways, path, i);
		const struct corridor_segment *known = &ways->plan->segments[index];
		char km[VIEW_RATE_TEXT];
		const char *fields[] = {
			site_at(ways, path, i)->id,
			site_at(ways, path, i + 1)->id,
			s->id,
			s->name,
			view_km(km, s->length_km),
			is_estimated(ways, index) ? "yes" : "no",
			s->status,
			s->in_service,
			s->operators,
		};
		buf_printf(out, "%zu,%zu", which + 1, i + 1);
		for (size_t f = 0; f < sizeof(fields) / sizeof(fields[0]); f++) {
			buf_str(out, ",");
			view_csv_field(out, fields[f]);
		}
		buf_printf(out, ",%.10g,%.10g,", known->length_km.low, known->length_km.high);
		if (!ways->without_prices)
			buf_printf(out, "%.10g,%s", known->price.value,
				   basis_word(known->price.basis));
		buf_printf(out, "%s,%.6g,%.6g,", ways->without_prices ? "," : "",
			   known->failures.value, known->repair_h);
		view_csv_field(out, source_of(ways, index, &known->length_km));
		buf_str(out, "\r\n");
	}
}

/* --- text --- */

/* Widths of the columns that depend on the ids. */
struct columns {
	int site, segment, name;
};

static int
clamp(size_t width)
{
	return width < ID_LEAST ? ID_LEAST : width > ID_MOST ? ID_MOST : (int)width;
}

static struct columns
columns_for(const struct view_corridor_ways *w, const struct corridor_path *path)
{
	size_t site = 0, segment = 0;
	for (size_t i = 0; i <= path->segment_count; i++) {
		size_t at = view_width(site_at(w, path, i)->id);
		site = at > site ? at : site;
		if (i == path->segment_count)
			break;
		size_t id = view_width(segment_at(w, path, i)->id);
		segment = id > segment ? id : segment;
	}
	struct columns c = {clamp(site), clamp(segment), 0};
	c.name = VIEW_COLUMNS - 2 * (c.site + 1) - (c.segment + 1) - (KM_COLUMNS + 4) -
		 STATUS_COLUMNS;
	if (c.name < NAME_LEAST)
		c.name = NAME_LEAST;
	return c;
}

static void
table_head(struct buf *out, struct columns c)
{
	view_cell(out, "from", c.site + 1);
	view_cell(out, "to", c.site + 1);
	view_cell(out, "segment", c.segment + 1 + c.name);
	view_cell(out, "km", -KM_COLUMNS);
	buf_str(out, "    status\n");
}

/* The status; of what is not in service yet also since when it is to be. */
static void
status_text(struct buf *out, const struct hub_segment *s)
{
	char status[VIEW_RATE_TEXT], both[2 * VIEW_RATE_TEXT + 8];
	view_status_short(status, s);
	snprintf(both, sizeof(both), "%s%s%.*s", status, !s->usable && s->in_service ? " " : "",
		 VIEW_RATE_TEXT, !s->usable && s->in_service ? s->in_service : "");
	view_cell(out, both, STATUS_COLUMNS);
}

static void
step_text(struct buf *out, const struct view_corridor_ways *w, const struct corridor_path *path,
	  size_t i, struct columns c)
{
	const struct hub_segment *s = segment_at(w, path, i);
	char km[VIEW_RATE_TEXT];
	view_cell(out, site_at(w, path, i)->id, c.site);
	buf_str(out, " ");
	view_cell(out, site_at(w, path, i + 1)->id, c.site);
	buf_str(out, " ");
	view_cell(out, s->id, c.segment);
	buf_str(out, " ");
	view_cell(out, s->name, c.name);
	view_cell(out, view_km(km, s->length_km), -KM_COLUMNS);
	buf_str(out, is_estimated(w, path->segments[i]) ? " ~  " : "    ");
	status_text(out, s);
	view_end_line(out);
}

void
view_field_printf(struct buf *out, const char *label, const char *format, ...)
{
	char text[512];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	view_field(out, label, text);
}

static void
countries_text(struct buf *out, const struct corridor_itinerary *it)
{
	struct buf line = {0};
	for (size_t i = 0; i < it->country_count; i++)
		buf_printf(&line, "%s%s", i ? " " : "", it->crossed[i].code);
	buf_u8(&line, '\0');
	out->failed |= line.failed;
	if (!line.failed)
		view_field(out, "countries", (const char *)line.data);
	buf_fini(&line);
}

static void
names_text(struct buf *out, const char *label, const struct view_corridor_ways *w,
	   const struct corridor_itinerary *it, enum corridor_class class)
{
	struct buf line = {0};
	for (size_t i = 0; i < it->name_count[class]; i++)
		buf_printf(&line, "%s%s", i ? ", " : "",
			   w->plan->classes[class].names[it->names[class][i]]);
	buf_u8(&line, '\0');
	out->failed |= line.failed;
	if (!line.failed)
		view_field(out, label, (const char *)line.data);
	buf_fini(&line);
}

/* "12.40", "0.073" */
static char *
dollars(char out[VIEW_RATE_TEXT], double usd)
{
	snprintf(out, VIEW_RATE_TEXT, usd >= 0.095 ? "%.2f" : "%.2g", usd);
	return out;
}

static void
price_text(struct buf *out, const struct corridor_itinerary *it)
{
	char value[VIEW_RATE_TEXT], low[VIEW_RATE_TEXT], high[VIEW_RATE_TEXT];
	if (isnan(it->price.value)) {
		view_field(out, "price", "not known");
		return;
	}
	view_field_printf(out, "price", "$%s per Mbit/s and month ($%s to $%s)%s",
			  dollars(value, it->price.value), dollars(low, it->price.low),
			  dollars(high, it->price.high),
			  corridor_grounds_share(&it->price) > 0.995 ? ", all of it by estimate"
								     : "");
}

static void
availability_text(struct buf *out, const struct corridor_itinerary *it)
{
	struct corridor_range a = it->availability;
	char down[VIEW_RATE_TEXT], least[VIEW_RATE_TEXT], most[VIEW_RATE_TEXT];
	view_field_printf(out, "availability",
			  "%.3f %% (%.3f to %.3f): %s hours a year down (%s to %s)", 100 * a.value,
			  100 * a.low, 100 * a.high,
			  view_number(down, HOURS_A_YEAR * (1 - a.value)),
			  view_number(least, HOURS_A_YEAR * (1 - a.high)),
			  view_number(most, HOURS_A_YEAR * (1 - a.low)));
}

static void
capacity_text(struct buf *out, const struct view_corridor_ways *w,
	      const struct corridor_itinerary *it)
{
	char value[VIEW_RATE_TEXT], low[VIEW_RATE_TEXT], high[VIEW_RATE_TEXT];
	view_field_printf(
		out, "capacity", "%s Tbit/s (%s to %s) on %s%s",
		view_number(value, it->capacity_tbps.value),
		view_number(low, it->capacity_tbps.low), view_number(high, it->capacity_tbps.high),
		w->plan->hub->segments[it->narrowest].id,
		w->plan->segments[it->narrowest].assumed ? ", which nobody has told: assumed"
							 : ", its narrowest");
}

static void
estimates_text(struct buf *out, const struct corridor_itinerary *it)
{
	size_t count = it->path->segment_count;
	if (it->estimated_lengths)
		buf_printf(out, "~ %zu of %zu length%s %s (%.0f %% of the km)\n",
			   it->estimated_lengths, count, count == 1 ? "" : "s",
			   it->estimated_lengths == 1 ? "is an estimate" : "are estimates",
			   100 * corridor_itinerary_estimated_share(it));
	else
		buf_str(out, "no length is an estimate\n");
	if (it->undated)
		buf_printf(out, "~ since when %zu of %zu segments are there, nobody has told\n",
			   it->undated, count);
}

static void
sums_text(struct buf *out, const struct view_corridor_ways *w, const struct corridor_itinerary *it)
{
	char km[VIEW_RATE_TEXT];
	buf_printf(out, "%s km, %.1f ms there and back, %zu segment%s\n",
		   view_km(km, it->length_km), it->round_trip_ms.value, it->path->segment_count,
		   it->path->segment_count == 1 ? "" : "s");
	if (!it->path->segment_count)
		return;
	view_field_printf(out, "between", "%.0f and %.0f km, %.1f and %.1f ms in the fibre alone",
			  it->length.low, it->length.high, it->round_trip_ms.low,
			  it->round_trip_ms.high);
	countries_text(out, it);
	names_text(out, "operators", w, it, CORRIDOR_OPERATORS);
	names_text(out, "cables", w, it, CORRIDOR_CABLES);
	names_text(out, "risks", w, it, CORRIDOR_RISKS);
	if (!w->without_prices)
		price_text(out, it);
	availability_text(out, it);
	capacity_text(out, w, it);
	estimates_text(out, it);
}

/* One of the facts of a segment that have sources. */
static const struct corridor_fact *
fact_at(const struct view_corridor_ways *w, uint32_t segment, size_t which)
{
	const struct corridor_segment *s = &w->plan->segments[segment];
	const struct corridor_fact *facts[] = {&s->length_km, &s->price, &s->failures,
					       &s->capacity_tbps};
	return facts[which];
}

static bool
same_source(const struct view_corridor_ways *w, uint32_t a, uint32_t b, size_t which)
{
	const struct corridor_fact *x = fact_at(w, a, which), *y = fact_at(w, b, which);
	const char *of_x = source_of(w, a, x), *of_y = source_of(w, b, y);
	return x->basis == y->basis && strcmp(of_x ? of_x : "", of_y ? of_y : "") == 0;
}

/* "failures     seen, of P09, F08: https://..." with all segments that have the same source. */
static void
source_text(struct buf *out, const struct view_corridor_ways *w, const struct corridor_path *path,
	    size_t at, size_t which)
{
	static const char *const what[] = {"length", "price", "failures", "capacity"};
	const struct corridor_fact *fact = fact_at(w, path->segments[at], which);
	const char *source = source_of(w, path->segments[at], fact);
	struct buf line = {0};
	for (size_t i = 0; i < at; i++)
		if (same_source(w, path->segments[i], path->segments[at], which))
			return; /* told with the first */
	buf_printf(&line, "%s, of", basis_word(fact->basis));
	for (size_t i = at, n = 0; i < path->segment_count; i++)
		if (same_source(w, path->segments[i], path->segments[at], which))
			buf_printf(&line, "%s %s", n++ ? "," : "", segment_at(w, path, i)->id);
	buf_printf(&line, ": %s", source ? source : which == 0 ? "no source" : "assumed");
	buf_u8(&line, '\0');
	out->failed |= line.failed;
	if (!line.failed)
		view_field(out, what[which], (const char *)line.data);
	buf_fini(&line);
}

static void
sources_text(struct buf *out, const struct view_corridor_ways *w, const struct corridor_path *path)
{
	buf_str(out, "where that comes from\n");
	for (size_t which = 0; which < 4; which++)
		for (size_t i = 0; i < path->segment_count; i++)
			source_text(out, w, path, i, which);
}

void
view_way_text(struct buf *out, const struct view_corridor_ways *ways, size_t which, bool sources)
{
	const struct corridor_path *path = &ways->paths.paths[which];
	struct columns c = columns_for(ways, path);
	if (path->segment_count)
		table_head(out, c);
	for (size_t i = 0; i < path->segment_count; i++)
		step_text(out, ways, path, i, c);
	if (path->segment_count)
		buf_str(out, "\n");
	sums_text(out, ways, &ways->itineraries[which]);
	if (sources)
		sources_text(out, ways, path);
}
