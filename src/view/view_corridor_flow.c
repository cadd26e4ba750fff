/* Demands laid on the corridor: the question, and the answer as JSON and CSV. */
#include "view/view_corridor_flow.h"
#include "view/view_corridor_way.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "corridor/corridor_availability.h"
#include "corridor/corridor_corners.h"
#include "view/view_corridor_parts.h"

static int
take_objective(struct view_flow *f, const char *word, struct corridor_complaint *complaint)
{
	for (int o = 0; o < CORRIDOR_OBJECTIVES; o++) {
		if (strcmp(word, corridor_objective_word((enum corridor_objective)o)) == 0) {
			f->objective = (enum corridor_objective)o;
			return 0;
		}
	}
	corridor_complain(complaint, 400,
			  "--objective: found \"%.40s\", expected fair, priority, cost, "
			  "utilisation, throughput or fairest",
			  word);
	return -1;
}

static int
take_words(struct view_flow *f, const char *const *words, size_t count,
	   struct corridor_complaint *complaint)
{
	size_t at = 0;
	while (at < count) {
		int taken = corridor_terms_take(&f->terms, words, count, &at, complaint);
		if (taken < 0)
			return -1;
		if (taken)
			continue;
		const char *word = words[at];
		const char *value = view_option_value("--objective", words, count, &at);
		if (value) {
			if (take_objective(f, value, complaint) < 0)
				return -1;
		} else if (strcmp(word, "--segments") == 0) {
			f->by_segment = true;
			at++;
		} else if (strcmp(word, "--unsplit") == 0) {
			f->unsplit = true;
			at++;
		} else {
			corridor_complain(
				complaint, 400,
				"found \"%.40s\", expected --objective, --segments, --unsplit, "
				"--avoid, --without, --with, --by, --k or --date",
				word);
			return -1;
		}
	}
	if (f->terms.require.count) {
		corridor_complain(complaint, 400,
				  "--require and --via are for one pair of sites: corridor path");
		return -1;
	}
	return 0;
}

/* One corner; the workspace of what is told is kept. 0, or -1 and errno. */
static int
solve_corner(struct view_flow *f, const struct corridor_flow_case *the_case,
	     enum corridor_outlook corner)
{
	struct corridor_flow_work *work = corridor_flow_new(&the_case->instance, f->terms.k);
	bool ready = work && (!f->flow || corridor_flow_lead(work, f->flow) == 0);
	const struct corridor_flow *flow =
		ready ? corridor_flow_solve(work, f->objective, NULL) : NULL;
	if (!flow) {
		int error = errno;
		corridor_flow_free(work);
		errno = error;
		return -1;
	}
	f->totals[corner] = (struct view_flow_total){flow->asked_total_bps, flow->served_total_bps,
						     flow->utilisation};
	for (size_t i = 0; i < the_case->instance.demand_count; i++) {
		uint64_t served = flow->served_bps[i];
		f->least_bps[i] = served < f->least_bps[i] ? served : f->least_bps[i];
		f->most_bps[i] = served > f->most_bps[i] ? served : f->most_bps[i];
	}
	if (corner == CORRIDOR_AS_TOLD) {
		f->the_case = *the_case;
		f->work = work;
		f->flow = flow;
	} else {
		corridor_flow_free(work);
	}
	return 0;
}

static int
solve(struct view_flow *f)
{
	const struct hub *hub = f->view->hub;
	struct corridor_corners corners;
	struct corridor_flow_ask ask = {
		.plan = f->plan,
		.conditions = &f->conditions,
		.measure = f->terms.measure,
		.now = f->view->plan->day.at,
		.batch = f->view->batch,
		.unsplit = f->unsplit,
	};
	f->least_bps = arena_take(f->arena, (hub->demand_count + 1) * sizeof(*f->least_bps));
	f->most_bps = arena_take(f->arena, (hub->demand_count + 1) * sizeof(*f->most_bps));
	errno = ENOMEM;
	if (!f->least_bps || !f->most_bps || corridor_corners_of(&corners, f->arena, &ask) < 0)
		return -1;
	memset(f->least_bps, 0xff, hub->demand_count * sizeof(*f->least_bps));
	for (int c = 0; c < CORRIDOR_CORNERS; c++) {
		enum corridor_outlook like = corners.like[c];
		if (like != (enum corridor_outlook)c)
			f->totals[c] = f->totals[like];
		else if (solve_corner(f, &corners.cases[c], like) < 0)
			return -1;
	}
	return 0;
}

int
view_flow_way_of(struct view_flow_way *out, const struct view_flow *f,
		 const struct corridor_flow_way *way)
{
	const struct corridor_graph *graph = f->plan->graph;
	struct view_flow_way w = {0};
	w.path.segment_count = way->count;
	w.path.segments = arena_take(f->arena, (way->count + 1) * sizeof(*w.path.segments));
	w.path.sites = arena_take(f->arena, (way->count + 1) * sizeof(*w.path.sites));
	if (!w.path.segments || !w.path.sites)
		return -1;
	uint32_t site = f->the_case.instance.demands[way->demand].from;
	for (uint32_t i = 0; i < way->count; i++) {
		uint32_t arc = f->flow->arcs[way->first + i], s = arc / 2;
		w.path.segments[i] = s;
		w.path.sites[i] = site;
		site = arc & 1 ? graph->ends[s].a : graph->ends[s].b;
		corridor_grounds_add(&w.length_km, &f->plan->segments[s].length_km, 1);
		corridor_grounds_add(&w.price, &f->plan->segments[s].price, 1);
	}
	w.path.sites[way->count] = site;
	w.availability = corridor_availability_way(&w.path, &f->plan->parts);
	*out = w;
	return 0;
}

size_t
view_flow_unknown(const struct view_flow *f)
{
	size_t count = 0;
	for (size_t i = 0; i < f->the_case.instance.demand_count; i++)
		count += f->the_case.states[i] == CORRIDOR_DEMAND_UNKNOWN;
	return count;
}

size_t
view_flow_whole(const struct view_flow *f)
{
	size_t count = 0;
	for (size_t i = 0; i < f->the_case.instance.demand_count; i++)
		count += f->the_case.instance.demands[i].whole;
	return count;
}

double
view_flow_estimated(const struct view_flow *f)
{
	struct corridor_grounds grounds = {0};
	for (size_t i = 0; i < f->the_case.instance.demand_count; i++)
		if (f->the_case.states[i] != CORRIDOR_DEMAND_UNKNOWN)
			corridor_grounds_add(&grounds, &f->the_case.gbps[i], 1);
	return corridor_grounds_share(&grounds);
}

bool
view_flow_fills(const struct view_flow *f)
{
	return f->objective == CORRIDOR_FLOW_FAIR || f->objective == CORRIDOR_FLOW_PRIORITY;
}

struct view_flow_protection
view_flow_protection(const struct view_flow *f)
{
	struct view_flow_protection p = {0};
	for (uint32_t d = 0; d < f->the_case.instance.demand_count; d++) {
		uint32_t shared = corridor_flow_shared(f->work, d);
		if (f->the_case.instance.demands[d].protect == HUB_PROTECT_NONE)
			continue;
		p.asked++;
		p.apart += shared == 0;
		p.alone += shared == HUB_NONE;
		p.served_bps += shared == HUB_NONE ? 0 : f->flow->served_bps[d];
	}
	for (size_t i = 0; i < f->flow->way_count; i++) {
		const struct corridor_flow_way *way = &f->flow->ways[i];
		double *sum = way->role == CORRIDOR_WAY_WORKING ? &p.working : &p.second;
		for (uint32_t k = 0; k < way->count && way->role != CORRIDOR_WAY_SPARE; k++)
			*sum += f->plan->segments[f->flow->arcs[way->first + k] / 2].price.value *
				(double)way->bps / 1e6;
	}
	for (size_t a = 0; a < 2 * f->view->hub->segment_count; a++)
		if (f->flow->reserved_bps[a])
			p.second += f->plan->segments[a / 2].price.value *
				    (double)f->flow->reserved_bps[a] / 1e6;
	return p;
}

static const char *
role_word(enum corridor_way_role role)
{
	return role == CORRIDOR_WAY_WORKING  ? "working"
	       : role == CORRIDOR_WAY_SECOND ? "second"
					     : "spare";
}

static void
protection_json(struct json *j, const struct view_flow *f)
{
	struct view_flow_protection p = view_flow_protection(f);
	json_object(j, "protection");
	json_bool(j, "laid", view_flow_fills(f));
	json_u64(j, "demands", p.asked);
	json_u64(j, "apart", p.apart);
	json_u64(j, "alone", p.alone);
	json_u64(j, "served_bps", p.served_bps);
	view_number_json(j, "working_usd_month", p.working);
	view_number_json(j, "second_usd_month", p.second);
	json_object_end(j);
}

static void
ms_json(struct json *j, const char *key, double length_km)
{
	if (isnan(length_km))
		json_null(j, key);
	else
		json_fixed(j, key, corridor_round_trip_ms(length_km), 3);
}

static int
way_json(struct json *j, const struct view_flow *f, const struct corridor_flow_way *way)
{
	const struct hub *hub = f->view->hub;
	struct view_flow_way w;
	if (view_flow_way_of(&w, f, way) < 0)
		return -1;
	json_object(j, NULL);
	json_str(j, "role", role_word(way->role));
	json_u64(j, "bps", way->bps);
	json_fixed(j, "share",
		   (double)way->bps / (double)f->the_case.instance.demands[way->demand].bps, 6);
	view_number_json(j, "length_km", w.length_km.value);
	ms_json(j, "round_trip_ms", w.length_km.value);
	ms_json(j, "round_trip_ms_low", w.length_km.low);
	ms_json(j, "round_trip_ms_high", w.length_km.high);
	json_fixed(j, "length_estimated_share", corridor_grounds_share(&w.length_km), 4);
	view_number_json(j, "price_usd_mbps_month", w.price.value);
	view_number_json(j, "price_usd_mbps_month_low", w.price.low);
	view_number_json(j, "price_usd_mbps_month_high", w.price.high);
	json_double(j, "availability", w.availability);
	json_array(j, "segments");
	for (size_t i = 0; i < w.path.segment_count; i++)
		json_str(j, NULL, hub->segments[w.path.segments[i]].id);
	json_array_end(j);
	json_array(j, "sites");
	for (size_t i = 0; i <= w.path.segment_count; i++)
		json_str(j, NULL, hub->sites[w.path.sites[i]].id);
	json_array_end(j);
	json_object_end(j);
	return 0;
}

static const char *
state_word(enum corridor_demand_state state)
{
	return state == CORRIDOR_DEMAND_TOLD       ? "told"
	       : state == CORRIDOR_DEMAND_MEASURED ? "measured"
						   : "unknown";
}

static int
demands_json(struct json *j, const struct view_flow *f)
{
	const struct hub *hub = f->view->hub;
	size_t way = 0;
	json_array(j, "demands");
	for (size_t i = 0; i < hub->demand_count; i++) {
		const struct hub_demand *d = &hub->demands[i];
		json_object(j, NULL);
		json_str(j, "id", d->id);
		json_str(j, "name", d->name);
		json_str(j, "from", hub->sites[d->from].id);
		json_str(j, "to", hub->sites[d->to].id);
		json_u64(j, "priority", d->priority);
		json_str(j, "rate", state_word(f->the_case.states[i]));
		view_fact_json(j, "asked_gbps", &f->the_case.gbps[i]);
		json_u64(j, "asked_bps", f->the_case.instance.demands[i].bps);
		json_u64(j, "served_bps", f->flow->served_bps[i]);
		json_u64(j, "served_least_bps", f->least_bps[i]);
		json_u64(j, "served_most_bps", f->most_bps[i]);
		json_str(j, "protect", hub_protection_word(d->protect));
		uint32_t shared = corridor_flow_shared(f->work, (uint32_t)i);
		if (d->protect != HUB_PROTECT_NONE && shared != HUB_NONE)
			json_u64(j, "risks_shared", shared);
		json_array(j, "ways");
		for (; way < f->flow->way_count && f->flow->ways[way].demand == i; way++)
			if (way_json(j, f, &f->flow->ways[way]) < 0)
				return -1;
		json_array_end(j);
		json_object_end(j);
	}
	json_array_end(j);
	return 0;
}

static void
segments_json(struct json *j, const struct view_flow *f)
{
	const struct hub *hub = f->view->hub;
	const uint64_t *capacity = f->the_case.instance.capacity_bps;
	json_array(j, "segments");
	for (size_t s = 0; s < hub->segment_count; s++) {
		const uint64_t *load = &f->flow->load_bps[2 * s];
		const uint64_t *reserved = &f->flow->reserved_bps[2 * s];
		const double *worth = &f->flow->worth[2 * s];
		if (!load[0] && !load[1] && !reserved[0] && !reserved[1] && worth[0] == 0 &&
		    worth[1] == 0)
			continue;
		json_object(j, NULL);
		json_str(j, "id", hub->segments[s].id);
		json_str(j, "a", hub->sites[hub->segments[s].a].id);
		json_str(j, "b", hub->sites[hub->segments[s].b].id);
		json_u64(j, "capacity_bps", capacity[2 * s]);
		view_fact_json(j, "capacity_tbps", &f->plan->segments[s].capacity_tbps);
		json_bool(j, "capacity_assumed", f->plan->segments[s].assumed);
		json_u64(j, "load_ab_bps", load[0]);
		json_u64(j, "load_ba_bps", load[1]);
		json_u64(j, "reserved_ab_bps", reserved[0]);
		json_u64(j, "reserved_ba_bps", reserved[1]);
		json_fixed(j, "utilisation",
			   (double)(load[0] > load[1] ? load[0] : load[1]) /
				   (double)capacity[2 * s],
			   6);
		json_double(j, "worth_ab", worth[0]);
		json_double(j, "worth_ba", worth[1]);
		json_object_end(j);
	}
	json_array_end(j);
}

/* Segments that carry nothing: `idle` are those that could, `closed` those that the question shuts
 * and that would be there that day without it. */
static int
empty_json(struct json *j, const struct view_flow *f)
{
	const struct hub *hub = f->view->hub;
	const uint64_t *load = f->flow->load_bps;
	uint64_t *cost = arena_take(f->arena, (hub->segment_count + 1) * sizeof(*cost));
	if (!cost)
		return -1;
	corridor_plan_costs(cost, f->plan, &f->conditions, CORRIDOR_BY_HOPS);
	for (int closed = 0; closed < 2; closed++) {
		json_array(j, closed ? "closed" : "idle");
		for (size_t s = 0; s < hub->segment_count; s++)
			if (closed ? cost[s] == CORRIDOR_CLOSED && f->plan->segments[s].there
				   : cost[s] != CORRIDOR_CLOSED && !load[2 * s] && !load[2 * s + 1])
				json_str(j, NULL, hub->segments[s].id);
		json_array_end(j);
	}
	return 0;
}

static void
total_json(struct json *j, const char *key, const struct view_flow_total *total)
{
	json_object(j, key);
	json_u64(j, "asked_bps", total->asked_bps);
	json_u64(j, "served_bps", total->served_bps);
	json_double(j, "utilisation", total->utilisation);
	json_object_end(j);
}

static int
answer_json(struct buf *out, const struct view_flow *f)
{
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_str(&j, "objective", corridor_objective_word(f->objective));
	json_str(&j, "date", f->terms.date);
	view_measured_json(&j, f->view);
	view_cut_json(&j, &f->terms);
	total_json(&j, "total", &f->totals[CORRIDOR_AS_TOLD]);
	total_json(&j, "at_ease", &f->totals[CORRIDOR_AT_EASE]);
	total_json(&j, "at_worst", &f->totals[CORRIDOR_AT_WORST]);
	total_json(&j, "all_low", &f->totals[CORRIDOR_ALL_LOW]);
	total_json(&j, "all_high", &f->totals[CORRIDOR_ALL_HIGH]);
	json_double(&j, "value", f->flow->value);
	json_double(&j, "bound", f->flow->bound);
	json_u64(&j, "demands_whole", view_flow_whole(f));
	if (!view_flow_fills(f))
		json_u64(&j, "served_if_split_bps", f->flow->split_total_bps);
	json_fixed(&j, "estimated_share", view_flow_estimated(f), 4);
	json_u64(&j, "demands_unknown", view_flow_unknown(f));
	protection_json(&j, f);
	int failed = demands_json(&j, f);
	segments_json(&j, f);
	if (empty_json(&j, f) < 0)
		failed = -1;
	json_object_end(&j);
	buf_str(out, "\n");
	return failed;
}

static int
ways_csv(struct buf *out, const struct view_flow *f)
{
	const struct hub *hub = f->view->hub;
	buf_str(out, "demand,from,to,asked_bps,served_bps,way_bps,length_km,round_trip_ms,"
		     "price_usd_mbps_month,availability,segments,role\r\n");
	size_t way = 0;
	for (size_t i = 0; i < hub->demand_count; i++) {
		const struct hub_demand *d = &hub->demands[i];
		bool any = false;
		do {
			bool has = way < f->flow->way_count && f->flow->ways[way].demand == i;
			if (any && !has)
				break;
			any = true;
			view_csv_field(out, d->id);
			buf_str(out, ",");
			view_csv_field(out, hub->sites[d->from].id);
			buf_str(out, ",");
			view_csv_field(out, hub->sites[d->to].id);
			buf_printf(out, ",%llu,%llu",
				   (unsigned long long)f->the_case.instance.demands[i].bps,
				   (unsigned long long)f->flow->served_bps[i]);
			struct view_flow_way w;
			if (!has) {
				buf_str(out, ",0,,,,,,\r\n");
				break;
			}
			if (view_flow_way_of(&w, f, &f->flow->ways[way]) < 0)
				return -1;
			buf_printf(out, ",%llu,%.2f,%.3f,%.6g,%.9g,",
				   (unsigned long long)f->flow->ways[way].bps, w.length_km.value,
				   corridor_round_trip_ms(w.length_km.value), w.price.value,
				   w.availability);
			for (size_t s = 0; s < w.path.segment_count; s++)
				buf_printf(out, "%s%s", s ? " " : "",
					   hub->segments[w.path.segments[s]].id);
			buf_printf(out, ",%s\r\n", role_word(f->flow->ways[way].role));
			way++;
		} while (way < f->flow->way_count);
	}
	return 0;
}

static int
segments_csv(struct buf *out, const struct view_flow *f)
{
	const struct hub *hub = f->view->hub;
	buf_str(out, "segment,from,to,capacity_bps,load_bps,utilisation,worth,reserved_bps\r\n");
	for (size_t a = 0; a < 2 * hub->segment_count; a++) {
		const struct hub_segment *s = &hub->segments[a / 2];
		uint64_t capacity = f->the_case.instance.capacity_bps[a];
		if (!f->flow->load_bps[a] && !f->flow->reserved_bps[a] && f->flow->worth[a] == 0)
			continue;
		view_csv_field(out, s->id);
		buf_str(out, ",");
		view_csv_field(out, hub->sites[a & 1 ? s->b : s->a].id);
		buf_str(out, ",");
		view_csv_field(out, hub->sites[a & 1 ? s->a : s->b].id);
		buf_printf(out, ",%llu,%llu,%.6f,%.6g,%llu\r\n", (unsigned long long)capacity,
			   (unsigned long long)f->flow->load_bps[a],
			   (double)f->flow->load_bps[a] / (double)capacity, f->flow->worth[a],
			   (unsigned long long)f->flow->reserved_bps[a]);
	}
	return 0;
}

static int
answer(struct buf *out, struct view_flow *f, enum view_corridor_form form, const char *const *words,
       size_t count, struct corridor_complaint *complaint)
{
	f->terms = corridor_terms_of(f->view->plan, f->arena);
	f->terms.k = UINT32_MAX;
	if (take_words(f, words, count, complaint) < 0)
		return -1;
	if (view_demands_wanted(f->view, complaint) < 0)
		return -1;
	f->plan = corridor_plans_of(f->view->plans, f->terms.day);
	if (!f->plan || corridor_terms_conditions(&f->conditions, &f->terms) < 0)
		return view_flow_failed(complaint, ENOMEM);
	if (solve(f) < 0)
		return view_flow_failed(complaint, errno);
	int failed = form == VIEW_CORRIDOR_JSON   ? answer_json(out, f)
		     : form == VIEW_CORRIDOR_TEXT ? view_flow_text(out, f)
		     : f->by_segment              ? segments_csv(out, f)
						  : ways_csv(out, f);
	return failed ? view_flow_failed(complaint, ENOMEM) : 0;
}

int
view_corridor_flow(struct buf *out, const struct view_corridor *view, enum view_corridor_form form,
		   const char *const *words, size_t count, struct corridor_complaint *complaint)
{
	struct view_flow f = {.view = view, .arena = arena_new()};
	int result = f.arena ? answer(out, &f, form, words, count, complaint)
			     : view_flow_failed(complaint, ENOMEM);
	corridor_flow_free(f.work);
	arena_free(f.arena);
	return result;
}
