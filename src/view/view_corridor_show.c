/* The corridor as a list: sites, segments, load; one segment; one site. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_told.h"
#include "view/view_corridor_parts.h"

enum {
	ID_COLUMNS = 6,
	NAME_COLUMNS = 27,
	KM_COLUMNS = 7,
	STATE_COLUMNS = 8,
	RATE_COLUMNS = 12,
	USE_COLUMNS = 6,
};

void
view_corridor_load_json(struct json *j, const struct corridor_segment_load *load)
{
	double utilisation = corridor_load_utilisation(load);
	if (load->capacity_bps)
		json_u64(j, "capacity_bps", load->capacity_bps);
	else
		json_null(j, "capacity_bps");
	if (corridor_load_known(load)) {
		json_u64(j, "load_bps", corridor_load_bps(load));
		json_u64(j, "load_ab_bps", load->ab_bps);
		json_u64(j, "load_ba_bps", load->ba_bps);
	} else {
		json_null(j, "load_bps");
		json_null(j, "load_ab_bps");
		json_null(j, "load_ba_bps");
	}
	/* Millionths: a line of 400 Tbit/s with a few Gbit/s on it is not empty. */
	if (isnan(utilisation))
		json_null(j, "utilisation");
	else
		json_fixed(j, "utilisation", utilisation, 6);
}

/* Where nobody told what it crosses: those of its ends. */
static void
countries_json(struct json *j, const struct view_corridor *v, uint32_t segment)
{
	const struct corridor_segment *known = &v->plan->segments[segment];
	json_array(j, "countries");
	for (size_t i = 0; i < known->country_count; i++)
		json_str(j, NULL, known->countries[i].code);
	json_array_end(j);
	json_bool(j, "countries_told", v->hub->segments[segment].country_count > 0);
}

/* The fields that the list and the single segment share; the object is the caller's. */
static void
segment_fields_json(struct json *j, const struct view_corridor *v, uint32_t segment)
{
	const struct hub_segment *s = &v->hub->segments[segment];
	json_str(j, "id", s->id);
	json_str(j, "name", s->name);
	json_str(j, "a", v->hub->sites[s->a].id);
	json_str(j, "b", v->hub->sites[s->b].id);
	view_number_json(j, "length_km", s->length_km);
	view_number_json(j, "length_low_km", v->plan->segments[segment].length_km.low);
	view_number_json(j, "length_high_km", v->plan->segments[segment].length_km.high);
	json_bool(j, "length_estimated", s->length_from.confidence == HUB_ESTIMATED);
	json_bool(j, "usable", s->usable);
	json_str(j, "status", s->status);
	json_str(j, "live", corridor_live_word(v->live ? v->live[segment] : CORRIDOR_UP));
	json_str(j, "type", s->type);
	view_corridor_load_json(j, &v->load->segments[segment]);
	countries_json(j, v, segment);
	json_str(j, "operators", s->operators);
}

static void
site_fields_json(struct json *j, const struct hub_site *s)
{
	json_str(j, "id", s->id);
	json_str(j, "name", s->name);
	json_str(j, "country", s->country.code[0] ? s->country.code : NULL);
	view_number_json(j, "lat", s->latitude);
	view_number_json(j, "lon", s->longitude);
	json_str(j, "kind", s->kind);
}

/* The lengths of all that carries traffic; *used: how many segments. */
static struct corridor_grounds
length_in_use(const struct view_corridor *v, size_t *used)
{
	struct corridor_grounds km = {0};
	size_t count = 0;
	for (size_t i = 0; i < v->hub->segment_count; i++) {
		if (!v->plan->segments[i].there)
			continue;
		count++;
		corridor_grounds_add(&km, &v->plan->segments[i].length_km, 1);
	}
	if (used)
		*used = count;
	return km;
}

static void
show_json(struct buf *out, const struct view_corridor *v)
{
	struct json j = json_to(out);
	json_object(&j, NULL);
	if (v->measured)
		json_utc(&j, "measured", v->load->start);
	else
		json_null(&j, "measured");
	json_bool(&j, "simulated", v->load->simulated);
	struct corridor_grounds km = length_in_use(v, NULL);
	view_grounds_json(&j, "length_in_use_km", &km);
	json_array(&j, "sites");
	for (size_t i = 0; i < v->hub->site_count; i++) {
		json_object(&j, NULL);
		site_fields_json(&j, &v->hub->sites[i]);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_array(&j, "segments");
	for (uint32_t i = 0; i < v->hub->segment_count; i++) {
		json_object(&j, NULL);
		segment_fields_json(&j, v, i);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}

static void
number_csv(struct buf *out, bool known, uint64_t value)
{
	buf_str(out, ",");
	if (known)
		buf_printf(out, "%llu", (unsigned long long)value);
}

static void
head_csv(struct buf *out)
{
	buf_str(out,
		"id,name,a,b,length_km,length_estimated,usable,status,capacity_bps,load_ab_bps,"
		"load_ba_bps\r\n");
}

static void
row_csv(struct buf *out, const struct view_corridor *v, uint32_t segment)
{
	const struct hub_segment *s = &v->hub->segments[segment];
	const struct corridor_segment_load *load = &v->load->segments[segment];
	char km[VIEW_RATE_TEXT];
	const char *fields[] = {s->id,
				s->name,
				v->hub->sites[s->a].id,
				v->hub->sites[s->b].id,
				isnan(s->length_km) ? "" : view_km(km, s->length_km),
				s->length_from.confidence == HUB_ESTIMATED ? "yes" : "no",
				s->usable ? "yes" : "no",
				s->status};
	for (size_t f = 0; f < sizeof(fields) / sizeof(fields[0]); f++) {
		buf_str(out, f ? "," : "");
		view_csv_field(out, fields[f]);
	}
	number_csv(out, load->capacity_bps != 0, load->capacity_bps);
	number_csv(out, corridor_load_known(load), load->ab_bps);
	number_csv(out, corridor_load_known(load), load->ba_bps);
	buf_str(out, "\r\n");
}

static void
show_csv(struct buf *out, const struct view_corridor *v)
{
	head_csv(out);
	for (uint32_t i = 0; i < v->hub->segment_count; i++)
		row_csv(out, v, i);
}

/* "146 sites, 171 segments, 156 of them in use", and how long these are. */
static void
summary_text(struct buf *out, const struct view_corridor *v)
{
	size_t used;
	char range[VIEW_RANGE_TEXT];
	struct corridor_grounds km = length_in_use(v, &used);
	buf_printf(out, "%zu sites, %zu segments, %zu of them in use\n", v->hub->site_count,
		   v->hub->segment_count, used);
	buf_printf(out, "%.0f km (%s), %.0f %% of it estimated (~)\n", km.value,
		   view_fact_range(range, km.low, km.high), 100 * corridor_grounds_share(&km));
	if (!v->measured)
		buf_str(out, "no traffic measured\n");
}

static void
use_text(struct buf *out, const struct corridor_segment_load *load)
{
	char rate[VIEW_RATE_TEXT], use[VIEW_RATE_TEXT];
	double utilisation = corridor_load_utilisation(load);
	view_cell(out, corridor_load_known(load) ? view_rate(rate, corridor_load_bps(load)) : "",
		  -RATE_COLUMNS);
	view_cell(out, load->capacity_bps ? view_rate(rate, load->capacity_bps) : "",
		  -RATE_COLUMNS);
	snprintf(use, sizeof(use), "%.0f %%", 100 * utilisation);
	view_cell(out, isnan(utilisation) ? "" : use, -USE_COLUMNS);
}

static void
row_text(struct buf *out, const struct view_corridor *v, uint32_t segment)
{
	const struct hub_segment *s = &v->hub->segments[segment];
	char km[VIEW_RATE_TEXT], state[VIEW_RATE_TEXT];
	view_cell(out, s->id, ID_COLUMNS - 1);
	buf_str(out, " ");
	view_cell(out, s->name, NAME_COLUMNS);
	view_cell(out, isnan(s->length_km) ? "" : view_km(km, s->length_km), -KM_COLUMNS);
	buf_str(out, s->length_from.confidence == HUB_ESTIMATED ? "~" : " ");
	buf_str(out, " ");
	view_cell(out, s->usable ? "" : view_status_short(state, s), STATE_COLUMNS);
	use_text(out, &v->load->segments[segment]);
	view_end_line(out);
}

/* Segments with load first, the busiest at the top; then the others as the hub file has them. */
static int
show_text(struct buf *out, const struct view_corridor *v)
{
	uint32_t *order = NULL;
	long count = view_corridor_by_use(v, &order);
	if (count < 0)
		return -1;
	summary_text(out, v);
	buf_str(out, "\n");
	view_cell(out, "id", ID_COLUMNS);
	view_cell(out, "segment", NAME_COLUMNS);
	view_cell(out, "km", -KM_COLUMNS);
	buf_str(out, "  ");
	view_cell(out, "", STATE_COLUMNS);
	view_cell(out, "load", -RATE_COLUMNS);
	view_cell(out, "capacity", -RATE_COLUMNS);
	view_cell(out, "used", -USE_COLUMNS);
	view_end_line(out);
	for (long i = 0; i < count; i++)
		row_text(out, v, order[i]);
	for (uint32_t i = 0; i < v->hub->segment_count; i++) {
		if (!corridor_load_known(&v->load->segments[i]))
			row_text(out, v, i);
	}
	free(order);
	return 0;
}

int
view_corridor_show(struct buf *out, const struct view_corridor *view, enum view_corridor_form form,
		   struct corridor_complaint *complaint)
{
	if (form == VIEW_CORRIDOR_JSON) {
		show_json(out, view);
	} else if (form == VIEW_CORRIDOR_CSV) {
		show_csv(out, view);
	} else if (show_text(out, view) < 0) {
		corridor_complain(complaint, 500, "out of memory");
		return -1;
	}
	return 0;
}

static bool
names_segment(const struct hub_contract *c, uint32_t segment)
{
	for (size_t i = 0; i < c->segment_count; i++) {
		if (c->segments[i] == segment)
			return true;
	}
	return false;
}

/* What plans reckon with, and why. */
static void
segment_facts_json(struct json *j, const struct corridor_segment *s)
{
	json_object(j, "facts");
	view_fact_json(j, "length_km", &s->length_km);
	view_fact_json(j, "capacity_tbps", &s->capacity_tbps);
	view_fact_json(j, "price", &s->price);
	view_fact_json(j, "failures_a_year", &s->failures);
	json_object_end(j);
	json_fixed(j, "repair_h", s->repair_h, 1);
	json_bool(j, "capacity_assumed", s->assumed);
}

static void
segment_json(struct buf *out, const struct view_corridor *v, uint32_t segment)
{
	const struct hub_segment *s = &v->hub->segments[segment];
	struct json j = json_to(out);
	json_object(&j, NULL);
	segment_fields_json(&j, v, segment);
	json_str(&j, "length_basis", s->length_from.said);
	json_fixed(&j, "round_trip_ms", corridor_round_trip_ms(s->length_km), 3);
	segment_facts_json(&j, &v->plan->segments[segment]);
	view_number_json(&j, "great_circle_km", s->great_circle_km);
	view_number_json(&j, "design_tbps", s->design_tbps);
	view_number_json(&j, "lit_tbps", s->lit_tbps);
	if (s->fibre_pairs)
		json_u64(&j, "fibre_pairs", s->fibre_pairs);
	else
		json_null(&j, "fibre_pairs");
	json_str(&j, "in_service", s->in_service);
	json_array(&j, "srlgs");
	for (size_t i = 0; i < s->srlg_count; i++)
		json_str(&j, NULL, s->srlgs[i]);
	json_array_end(&j);
	uint32_t cable = v->plan->segments[segment].cable;
	json_str(&j, "cable", cable == HUB_NONE ? NULL : v->hub->cables[cable].id);
	json_str(&j, "medium", s->medium);
	json_str(&j, "check", s->check);
	json_str(&j, "source", s->source);
	json_str(&j, "confidence", s->confidence_text);
	json_array(&j, "contracts");
	for (size_t i = 0; i < v->hub->contract_count; i++) {
		const struct hub_contract *c = &v->hub->contracts[i];
		if (!names_segment(c, segment))
			continue;
		json_object(&j, NULL);
		json_str(&j, "contract", c->id);
		const struct hub_member *payer = hub_contract_payer(v->hub, c);
		if (payer->asn.number)
			json_u64(&j, "asn", payer->asn.number);
		else
			json_null(&j, "asn");
		json_str(&j, "member", payer->name);
		json_bool(&j, "in_force", corridor_contract_in_force(c, v->load->start));
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}

/* One field made by buf_printf, wrapped like the others. */
static void field_printf(struct buf *out, const char *label, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void
field_printf(struct buf *out, const char *label, const char *format, ...)
{
	char text[256];
	__builtin_va_list args;
	__builtin_va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	__builtin_va_end(args);
	view_field(out, label, text);
}

static void
segment_load_text(struct buf *out, const struct view_corridor *v, uint32_t segment)
{
	const struct hub_segment *s = &v->hub->segments[segment];
	const struct corridor_segment_load *load = &v->load->segments[segment];
	const char *a = v->hub->sites[s->a].id, *b = v->hub->sites[s->b].id;
	char ab[VIEW_RATE_TEXT], ba[VIEW_RATE_TEXT];
	if (load->capacity_bps)
		field_printf(out, "capacity", "%s each way%s", view_rate(ab, load->capacity_bps),
			     s->lit_tbps > 0 ? ", lit" : ", as designed");
	else
		view_field(out, "capacity", "not known");
	if (!corridor_load_known(load)) {
		view_field(out, "load",
			   !load->named ? "no contract names it"
			   : s->usable  ? "not measured"
					: "none: a contract names it, but it is out");
		return;
	}
	field_printf(out, "load", "%s to %s %s, %s to %s %s%s", a, b, view_rate(ab, load->ab_bps),
		     b, a, view_rate(ba, load->ba_bps),
		     load->ports_missing ? " at least: some ports were not measured" : "");
	if (!isnan(corridor_load_utilisation(load)))
		field_printf(out, "used", "%.1f %%", 100 * corridor_load_utilisation(load));
}

/* Numbers with their bounds and what they rest on. */
static void
segment_facts_text(struct buf *out, const struct corridor_segment *s)
{
	const struct {
		const char *label, *unit;
		const struct corridor_fact *fact;
	} facts[] = {
		{"rests on", "km long", &s->length_km},
		{"", "Tbit/s", &s->capacity_tbps},
		{"", "USD/Mbit/s/month", &s->price},
		{"", "failures a year", &s->failures},
	};
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		const struct corridor_fact *f = facts[i].fact;
		char value[VIEW_RATE_TEXT], range[VIEW_RANGE_TEXT];
		if (!isnan(f->value))
			field_printf(out, facts[i].label, "%s %s (%s), %s%s",
				     view_fact_number(value, f->value), facts[i].unit,
				     view_fact_range(range, f->low, f->high),
				     corridor_basis_word(f->basis),
				     s->assumed && f == &s->capacity_tbps ? ": nobody has told it"
									  : "");
	}
}

static void
segment_text(struct buf *out, const struct view_corridor *v, uint32_t segment)
{
	const struct hub_segment *s = &v->hub->segments[segment];
	const struct hub_site *a = &v->hub->sites[s->a], *b = &v->hub->sites[s->b];
	char km[VIEW_RATE_TEXT], list[256] = "";
	field_printf(out, "segment", "%s %s", s->id, s->name ? s->name : "");
	field_printf(out, "from", "%s %s", a->id, a->name ? a->name : "");
	field_printf(out, "to", "%s %s", b->id, b->name ? b->name : "");
	field_printf(out, "status", "%s%s", s->status ? s->status : "not stated",
		     s->usable ? "" : " [carries nothing]");
	field_printf(out, "length", "%s km (%s), %.2f ms there and back", view_km(km, s->length_km),
		     s->length_from.said ? s->length_from.said : "basis not stated",
		     corridor_round_trip_ms(s->length_km));
	segment_facts_text(out, &v->plan->segments[segment]);
	segment_load_text(out, v, segment);
	size_t length = 0;
	const struct corridor_segment *known = &v->plan->segments[segment];
	for (size_t i = 0; i < known->country_count && length + 4 < sizeof(list); i++)
		length += (size_t)snprintf(list + length, sizeof(list) - length, "%s%s",
					   i ? " " : "", known->countries[i].code);
	field_printf(out, "countries", "%s%s", list,
		     s->country_count || !known->country_count
			     ? ""
			     : " (those of its ends: nobody has told what it crosses)");
	for (size_t i = 0; i < s->srlg_count; i++)
		view_field(out, i ? "" : "shares risk", s->srlgs[i]);
	view_field(out, "type", s->type);
	view_field(out, "in service", s->in_service);
	view_field(out, "operators", s->operators);
	for (size_t i = 0; i < v->hub->contract_count; i++) {
		const struct hub_contract *c = &v->hub->contracts[i];
		if (!names_segment(c, segment))
			continue;
		const struct hub_member *payer = hub_contract_payer(v->hub, c);
		if (payer->asn.number)
			field_printf(out, "contract", "%s of %s (AS%u)", c->id, payer->name,
				     payer->asn.number);
		else
			field_printf(out, "contract", "%s of %s", c->id, payer->name);
	}
	view_field(out, "check", s->check);
	view_field(out, "source", s->source);
	view_field(out, "confidence", s->confidence_text);
}

static void
segment_csv(struct buf *out, const struct view_corridor *v, uint32_t segment)
{
	head_csv(out);
	row_csv(out, v, segment);
}

void
view_corridor_segment(struct buf *out, const struct view_corridor *view,
		      enum view_corridor_form form, uint32_t segment)
{
	if (form == VIEW_CORRIDOR_JSON)
		segment_json(out, view, segment);
	else if (form == VIEW_CORRIDOR_CSV)
		segment_csv(out, view, segment);
	else
		segment_text(out, view, segment);
}

static void
site_json(struct buf *out, const struct view_corridor *v, uint32_t site)
{
	const struct hub_site *s = &v->hub->sites[site];
	const struct corridor_graph *g = v->plan->graph;
	struct json j = json_to(out);
	json_object(&j, NULL);
	site_fields_json(&j, s);
	json_str(&j, "operator", s->operator_name);
	json_str(&j, "note", s->note);
	json_str(&j, "source", s->source);
	json_str(&j, "confidence", s->confidence_text);
	json_array(&j, "segments");
	for (uint32_t i = g->first_arc[site]; i < g->first_arc[site + 1]; i++) {
		json_object(&j, NULL);
		segment_fields_json(&j, v, g->arcs[i].segment);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}

static void
site_text(struct buf *out, const struct view_corridor *v, uint32_t site)
{
	const struct hub_site *s = &v->hub->sites[site];
	const struct corridor_graph *g = v->plan->graph;
	field_printf(out, "site", "%s %s", s->id, s->name ? s->name : "");
	view_field(out, "kind", s->kind);
	view_field(out, "country", s->country.code);
	if (!isnan(s->latitude) && !isnan(s->longitude))
		field_printf(out, "place", "%.4f %.4f", s->latitude, s->longitude);
	view_field(out, "operator", s->operator_name);
	view_field(out, "note", s->note);
	view_field(out, "source", s->source);
	view_field(out, "confidence", s->confidence_text);
	buf_str(out, "\n");
	if (g->first_arc[site] == g->first_arc[site + 1])
		buf_str(out, "no segment ends here\n");
	for (uint32_t i = g->first_arc[site]; i < g->first_arc[site + 1]; i++)
		row_text(out, v, g->arcs[i].segment);
}

/* The segments that end there. */
static void
site_csv(struct buf *out, const struct view_corridor *v, uint32_t site)
{
	const struct corridor_graph *g = v->plan->graph;
	head_csv(out);
	for (uint32_t i = g->first_arc[site]; i < g->first_arc[site + 1]; i++)
		row_csv(out, v, g->arcs[i].segment);
}

void
view_corridor_site(struct buf *out, const struct view_corridor *view, enum view_corridor_form form,
		   uint32_t site)
{
	if (form == VIEW_CORRIDOR_JSON)
		site_json(out, view, site);
	else if (form == VIEW_CORRIDOR_CSV)
		site_csv(out, view, site);
	else
		site_text(out, view, site);
}
