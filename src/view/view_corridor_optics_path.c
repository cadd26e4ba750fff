/* What a way over several segments carries without regeneration, and where regenerators stand. */
#include <math.h>
#include <string.h>

#include "view/view_corridor_optics.h"

/* A way, its segments lit, and what each mode makes of it. */
struct lit_way {
	const struct view_optics *o;
	const struct corridor_path *path;
	struct view_lit *segments;
	size_t lit; /* of them, to be ended */
	struct corridor_regeneration *modes;
	double margin_db; /* wanted: the largest of the media */
	double km, estimated_km;
	uint32_t facts, estimates;
};

static int
light_segments(struct lit_way *w)
{
	const struct hub *hub = w->o->view->hub;
	for (size_t i = 0; i < w->path->segment_count; i++, w->lit++) {
		const struct hub_segment *s = &hub->segments[w->path->segments[i]];
		struct view_lit *l = &w->segments[i];
		if (view_lit_of(l, w->o, w->path->segments[i]) < 0)
			return -1;
		w->margin_db = fmax(w->margin_db, l->built.medium->margin_db);
		w->facts += l->built.facts;
		w->estimates += l->built.estimates;
		w->km += s->length_km;
		w->estimated_km += s->length_from.confidence == HUB_ESTIMATED ? s->length_km : 0;
	}
	return 0;
}

static int
regenerate(struct lit_way *w)
{
	const struct view_optics *o = w->o;
	const struct hub_optics *own = &o->view->hub->optics;
	double *kept = arena_take(o->arena, (w->path->segment_count + 1) * sizeof(*kept));
	if (!kept)
		return -1;
	for (size_t m = 0; m < o->mode_count; m++) {
		struct corridor_sections s = {
			.mode = &o->modes[m],
			.kept = kept,
			.count = w->path->segment_count,
			.site_osnr_db = own->site_osnr_db > 0 ? own->site_osnr_db
							      : hub_optics_usual.site_osnr_db,
			.add_drop_osnr_db = own->add_drop_osnr_db > 0
						    ? own->add_drop_osnr_db
						    : hub_optics_usual.add_drop_osnr_db,
			.margin_db = w->margin_db};
		for (size_t i = 0; i < s.count; i++)
			kept[i] = w->segments[i].lit[m].kept;
		if (corridor_regenerate(&w->modes[m], o->arena, &s) < 0)
			return -1;
	}
	return 0;
}

/* Of the modes that need no regenerator the one that carries most; mode_count: none. */
static size_t
best_without(const struct lit_way *w)
{
	size_t best = w->o->mode_count;
	for (size_t m = 0; m < w->o->mode_count; m++) {
		const struct corridor_regeneration *r = &w->modes[m];
		if (!r->possible || r->count)
			continue;
		if (best == w->o->mode_count ||
		    w->segments[0].lit[m].tbps > w->segments[0].lit[best].tbps)
			best = m;
	}
	return best;
}

/* The site behind segment `after` of the way. */
static const struct hub_site *
site_behind(const struct lit_way *w, uint32_t after)
{
	return &w->o->view->hub->sites[w->path->sites[after + 1]];
}

static void
segments_text(struct buf *out, const struct lit_way *w)
{
	const struct hub *hub = w->o->view->hub;
	buf_str(out, "\nsegment                          km  spans  mode       received  spare  "
		     "Tbit/s\n");
	for (size_t i = 0; i < w->path->segment_count; i++) {
		const struct view_lit *l = &w->segments[i];
		const struct hub_segment *s = &hub->segments[l->segment];
		char km[VIEW_RATE_TEXT];
		bool works = l->best < w->o->mode_count;
		const struct corridor_lit *m = &l->lit[works ? l->best : 0];
		view_cell(out, s->id, 6);
		buf_str(out, " ");
		view_cell(out, s->name ? s->name : "", 20);
		view_cell(out, view_km(km, s->length_km), -8);
		buf_printf(out, "%7zu  ", l->built.count);
		view_cell(out, works ? m->mode->id : "none", 10);
		buf_printf(out, "%9.2f%7.2f%8.2f\n", m->received_db, m->margin_db,
			   works ? m->tbps : 0);
	}
}

static void
modes_text(struct buf *out, const struct lit_way *w)
{
	buf_str(out, "\nmode         Tbit/s  received  needs  regenerators\n");
	for (size_t m = 0; m < w->o->mode_count; m++) {
		const struct corridor_regeneration *r = &w->modes[m];
		struct buf sites = {0};
		view_cell(out, w->o->modes[m].id, 12);
		buf_printf(out, "%7.2f%10.2f%7.1f  ", w->segments[0].lit[m].tbps, r->whole_db,
			   w->o->modes[m].osnr_db);
		if (!r->possible)
			buf_str(&sites, "a segment by itself is too much");
		else
			buf_printf(&sites, "%zu", r->count);
		for (size_t i = 0; r->possible && i < r->count; i++)
			buf_printf(&sites, "%s %s", i ? "," : ":", site_behind(w, r->after[i])->id);
		buf_u8(&sites, 0);
		view_wrapped(out, sites.failed ? "" : (const char *)sites.data, 38, 38);
		buf_fini(&sites);
	}
	buf_str(out, "(Tbit/s of a pair each way; GSNR in dB in 0.1 nm over the whole way without\n"
		     "regenerators, of the worst channel at the end of its life)\n");
}

static void
way_text(struct buf *out, const struct lit_way *w)
{
	const struct hub *hub = w->o->view->hub;
	size_t best = best_without(w);
	view_optics_field(out, "way", "%s to %s: %zu segments, %.0f km, %.0f %% of it estimated",
			  hub->sites[w->path->sites[0]].id,
			  hub->sites[w->path->sites[w->path->segment_count]].id,
			  w->path->segment_count, w->km,
			  w->km > 0 ? 100 * w->estimated_km / w->km : 0);
	if (best < w->o->mode_count)
		view_optics_field(out, "carries",
				  "%.2f Tbit/s a pair each way without regeneration (%s): %.2f dB "
				  "to spare beyond a margin of %.1f",
				  w->segments[0].lit[best].tbps, w->o->modes[best].id,
				  w->modes[best].margin_db, w->margin_db);
	else
		view_optics_field(out, "carries", "nothing without regeneration");
	view_optics_field(out, "rests on", "%u facts, %u of them estimates", w->facts,
			  w->estimates);
	segments_text(out, w);
	modes_text(out, w);
}

static void
segment_json(struct json *j, const struct lit_way *w, const struct view_lit *l)
{
	const struct hub_segment *s = &w->o->view->hub->segments[l->segment];
	bool works = l->best < w->o->mode_count;
	json_object(j, NULL);
	json_str(j, "segment", s->id);
	json_double(j, "length_km", s->length_km);
	json_u64(j, "spans", l->built.count);
	json_str(j, "mode", works ? l->lit[l->best].mode->id : NULL);
	json_double(j, "received_db", l->lit[works ? l->best : 0].received_db);
	json_double(j, "margin_db", l->lit[works ? l->best : 0].margin_db);
	json_double(j, "pair_tbps", works ? l->lit[l->best].tbps : 0);
	json_double(j, "cable_tbps",
		    works && s->fibre_pairs ? l->lit[l->best].tbps * s->fibre_pairs : NAN);
	json_object_end(j);
}

static void
way_json(struct buf *out, const struct lit_way *w)
{
	const struct hub *hub = w->o->view->hub;
	size_t best = best_without(w);
	bool works = best < w->o->mode_count;
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_str(&j, "from", hub->sites[w->path->sites[0]].id);
	json_str(&j, "to", hub->sites[w->path->sites[w->path->segment_count]].id);
	json_double(&j, "length_km", w->km);
	json_double(&j, "estimated_km", w->estimated_km);
	json_u64(&j, "facts", w->facts);
	json_u64(&j, "estimates", w->estimates);
	json_double(&j, "margin_wanted_db", w->margin_db);
	json_str(&j, "mode", works ? w->o->modes[best].id : NULL);
	json_double(&j, "pair_tbps", works ? w->segments[0].lit[best].tbps : 0);
	json_double(&j, "margin_db", works ? w->modes[best].margin_db : NAN);
	json_array(&j, "segments");
	for (size_t i = 0; i < w->path->segment_count; i++)
		segment_json(&j, w, &w->segments[i]);
	json_array_end(&j);
	json_array(&j, "modes");
	for (size_t m = 0; m < w->o->mode_count; m++) {
		const struct corridor_regeneration *r = &w->modes[m];
		json_object(&j, NULL);
		json_str(&j, "mode", w->o->modes[m].id);
		json_double(&j, "pair_tbps", w->segments[0].lit[m].tbps);
		json_double(&j, "received_db", r->whole_db);
		json_double(&j, "needs_db", w->o->modes[m].osnr_db);
		json_bool(&j, "possible", r->possible);
		json_double(&j, "margin_db", r->margin_db);
		json_array(&j, "regenerators");
		for (size_t i = 0; r->possible && i < r->count; i++)
			json_str(&j, NULL, site_behind(w, r->after[i])->id);
		json_array_end(&j);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}

static void
way_csv(struct buf *out, const struct lit_way *w)
{
	buf_str(out, "segment,length_km,spans,mode,received_db,margin_db,pair_tbps\r\n");
	for (size_t i = 0; i < w->path->segment_count; i++) {
		const struct view_lit *l = &w->segments[i];
		const struct hub_segment *s = &w->o->view->hub->segments[l->segment];
		bool works = l->best < w->o->mode_count;
		const struct corridor_lit *m = &l->lit[works ? l->best : 0];
		view_csv_field(out, s->id);
		buf_printf(out, ",%g,%zu,", s->length_km, l->built.count);
		view_csv_field(out, works ? m->mode->id : "");
		buf_printf(out, ",%.4f,%.4f,%.4f\r\n", m->received_db, m->margin_db,
			   works ? m->tbps : 0);
	}
}

static int
answer_way(struct buf *out, struct lit_way *w, enum view_corridor_form form)
{
	const struct view_optics *o = w->o;
	w->segments = arena_take(o->arena, (w->path->segment_count + 1) * sizeof(*w->segments));
	w->modes = arena_take(o->arena, (o->mode_count + 1) * sizeof(*w->modes));
	if (!w->segments || !w->modes) {
		corridor_complain(o->complaint, 500, "out of memory");
		return -1;
	}
	if (light_segments(w) < 0)
		return -1;
	if (regenerate(w) < 0) {
		corridor_complain(o->complaint, 500, "out of memory");
		return -1;
	}
	if (form == VIEW_CORRIDOR_JSON)
		way_json(out, w);
	else if (form == VIEW_CORRIDOR_CSV)
		way_csv(out, w);
	else
		way_text(out, w);
	return 0;
}

int
view_optics_path(struct buf *out, const struct view_optics *o, enum view_corridor_form form)
{
	const struct view_corridor *v = o->view;
	struct corridor_ends ends;
	struct corridor_paths paths = {0};
	struct corridor_conditions conditions;
	int result = -1;
	if (corridor_site_find(&ends.a, v->hub, o->places[0], o->complaint) < 0 ||
	    corridor_site_find(&ends.b, v->hub, o->places[1], o->complaint) < 0 ||
	    corridor_question_check(v->plan, ends, o->complaint) < 0)
		return -1;
	const struct corridor_plan *plan = corridor_plans_of(v->plans, o->terms.day);
	uint64_t *cost = arena_take(o->arena, (v->hub->segment_count + 1) * sizeof(*cost));
	if (!plan || !cost || corridor_terms_conditions(&conditions, &o->terms) < 0) {
		corridor_complain(o->complaint, 500, "out of memory");
		return -1;
	}
	corridor_plan_costs(cost, plan, &conditions, o->terms.measure);
	if (corridor_paths_find(&paths, plan->graph, cost, ends, 1) < 0) {
		corridor_complain(o->complaint, 500, "out of memory");
	} else if (paths.count == 0 || paths.paths[0].segment_count == 0) {
		corridor_complain(o->complaint, 404, "no way from %.40s to %.40s under these terms",
				  v->hub->sites[ends.a].id, v->hub->sites[ends.b].id);
	} else {
		struct lit_way w = {.o = o, .path = &paths.paths[0]};
		result = answer_way(out, &w, form);
		for (size_t i = 0; i < w.lit; i++)
			corridor_built_fini(&w.segments[i].built);
	}
	corridor_paths_fini(&paths);
	return result;
}
