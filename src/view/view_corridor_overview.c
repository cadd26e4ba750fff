/* The corridor's part of the overview: what is wrong, how much runs now, what is busiest. */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/view_corridor_parts.h"
#include "view/view_corridor_steer.h"

enum {
	BUSIEST = 8,
	WORTH_A_LOOK = 2, /* severities, as `trouble` of members */
	BROKEN = 3,
	MEMBERS_NAMED = 4,
	DETAIL = 512, /* four names and all that stands around them */
};

static const double nearly_full = 0.85;

enum wrong {
	OUT,    /* a contract runs on it, and it carries nothing */
	FULL,   /* by what is measured */
	CUT,    /* by order, or by what machines tell */
	FILLED, /* the plan lays more on it than its limit */
	STALE,  /* the plan is not renewed; of no segment */
	LOST,   /* what was ordered; likewise */
};

/* One thing that is wrong; texts are made when it is shown. */
struct incident {
	int severity;
	enum wrong what;
	uint32_t segment;
	double utilisation; /* of FULL */
};

struct overview {
	const struct view_corridor *view;
	uint32_t *order; /* segments with a load, busiest first */
	size_t order_count;
	struct incident *incidents; /* worst first */
	size_t incident_count;
	size_t nearly_full;
	struct corridor_search *search; /* for the way round what is out */
	uint64_t *cost;
};

struct ranked {
	uint32_t segment;
	double utilisation; /* -1 when not known: after all that are */
	uint64_t bps;
};

static int
compare_ranked(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	if (x->utilisation != y->utilisation)
		return x->utilisation > y->utilisation ? -1 : 1;
	if (x->bps != y->bps)
		return x->bps > y->bps ? -1 : 1;
	return x->segment < y->segment ? -1 : 1;
}

long
view_corridor_by_use(const struct view_corridor *view, uint32_t **order)
{
	size_t all = view->load->segment_count, count = 0;
	struct ranked *ranked = calloc(all + 1, sizeof(*ranked));
	*order = calloc(all + 1, sizeof(**order));
	if (!ranked || !*order) {
		free(ranked);
		free(*order);
		*order = NULL;
		return -1;
	}
	for (size_t i = 0; i < all; i++) {
		const struct corridor_segment_load *load = &view->load->segments[i];
		double utilisation = corridor_load_utilisation(load);
		if (corridor_load_known(load))
			ranked[count++] =
				(struct ranked){(uint32_t)i, isnan(utilisation) ? -1 : utilisation,
						corridor_load_bps(load)};
	}
	qsort(ranked, count, sizeof(*ranked), compare_ranked);
	for (size_t i = 0; i < count; i++)
		(*order)[i] = ranked[i].segment;
	free(ranked);
	return (long)count;
}

static bool
is_cut(const struct overview *o, uint32_t segment)
{
	return o->view->live && o->view->live[segment] == CORRIDOR_CUT;
}

static void
note(struct overview *o, int severity, enum wrong what, uint32_t segment)
{
	o->incidents[o->incident_count++] = (struct incident){severity, what, segment, NAN};
}

/* Segments that are cut, or that a contract runs on and that carry nothing, first; then the full ones. */
static void
collect(struct overview *o)
{
	const struct hub *hub = o->view->hub;
	const struct corridor_load *load = o->view->load;
	const struct view_corridor_steering *steering = o->view->steering;
	if (steering && steering->state && corridor_state_lost(steering->state).s)
		note(o, BROKEN, LOST, HUB_NONE);
	for (uint32_t i = 0; i < hub->segment_count; i++) {
		if (is_cut(o, i))
			note(o, BROKEN, CUT, i);
		else if (load->segments[i].named && !hub->segments[i].usable)
			note(o, BROKEN, OUT, i);
	}
	for (size_t i = 0; i < o->order_count; i++) {
		double u = corridor_load_utilisation(&load->segments[o->order[i]]);
		if (isnan(u) || u < nearly_full || is_cut(o, o->order[i]))
			continue;
		o->nearly_full++;
		o->incidents[o->incident_count++] =
			(struct incident){u >= 1 ? BROKEN : WORTH_A_LOOK, FULL, o->order[i], u};
	}
	for (uint32_t i = 0; steering && steering->steer && i < hub->segment_count; i++)
		if (corridor_steer_is_over(steering->steer, i))
			note(o, WORTH_A_LOOK, FILLED, i);
	if (steering && steering->stale)
		note(o, WORTH_A_LOOK, STALE, HUB_NONE);
}

static void
overview_fini(struct overview *o)
{
	free(o->order);
	free(o->incidents);
	free(o->cost);
	corridor_search_free(o->search);
}

static int
overview_init(struct overview *o, const struct view_corridor *view)
{
	const struct hub *hub = view->hub;
	*o = (struct overview){.view = view};
	long count = view_corridor_by_use(view, &o->order);
	/* A segment is in two of them at most: cut or full, and filled. */
	o->incidents = calloc(3 * hub->segment_count + 2, sizeof(*o->incidents));
	o->cost = calloc(hub->segment_count + 1, sizeof(*o->cost));
	o->search = corridor_search_new(view->plan->graph);
	if (count < 0 || !o->incidents || !o->cost || !o->search) {
		overview_fini(o);
		return -1;
	}
	o->order_count = (size_t)count;
	corridor_plan_costs(o->cost, view->plan, NULL, CORRIDOR_BY_LENGTH);
	for (uint32_t i = 0; i < hub->segment_count; i++)
		if (is_cut(o, i))
			o->cost[i] = CORRIDOR_CLOSED;
	collect(o);
	return 0;
}

static void
incident_title(char out[DETAIL], const struct overview *o, const struct incident *in)
{
	if (in->segment == HUB_NONE) {
		snprintf(out, DETAIL, "%s",
			 in->what == LOST ? "What was cut, drained and worked on is lost"
					  : "The plan of the exits is not renewed");
		return;
	}
	const struct hub_segment *s = &o->view->hub->segments[in->segment];
	const char *name = s->name ? s->name : s->id;
	switch (in->what) {
	case OUT:
		snprintf(out, DETAIL, "%.100s carries nothing", name);
		break;
	case CUT:
		snprintf(out, DETAIL, "%.100s is cut", name);
		break;
	case FILLED:
		snprintf(out, DETAIL, "%.100s is filled by the plan", name);
		break;
	default:
		snprintf(out, DETAIL, "%.100s is %.0f %% full", name, 100 * in->utilisation);
	}
}

/* "by noc: an anchor": the first order that cuts it. Octets written. */
static size_t
who_cut(char *out, size_t room, const struct overview *o, uint32_t segment)
{
	size_t count;
	const struct view_corridor_steering *steering = o->view->steering;
	if (!steering)
		return (size_t)snprintf(out, room, "ordered, see show corridor live");
	const struct corridor_order *orders = corridor_state_orders(steering->state, &count);
	for (size_t i = 0; i < count; i++)
		if (orders[i].live == CORRIDOR_CUT &&
		    corridor_order_in_force(&orders[i], steering->now) &&
		    corridor_order_fits(&orders[i], o->view->plan, segment))
			return (size_t)snprintf(out, room, "by %.80s%s%.120s", orders[i].who,
						*orders[i].why ? ": " : "", orders[i].why);
	return (size_t)snprintf(out, room, "by order");
}

/* "; the way round is 812 km longer (+7.9 ms)": what those who ran on it can hope for. */
static void
way_round(char *out, size_t room, const struct overview *o, uint32_t segment)
{
	const struct hub_segment *s = &o->view->hub->segments[segment];
	corridor_search_run(o->search, o->cost, s->a, s->b);
	uint64_t cost = corridor_search_cost(o->search, s->b);
	if (cost == CORRIDOR_CLOSED) {
		snprintf(out, room, "; there is no way round");
		return;
	}
	double more_km = corridor_cost_km(cost) - s->length_km;
	snprintf(out, room, "; the way round is %.0f km %s (%+.1f ms)", fabs(more_km),
		 more_km < 0 ? "shorter" : "longer", corridor_round_trip_ms(more_km));
}

/* Those whose contract names the segment, as many as there is room for. Octets written. */
static size_t
who_runs(char *out, size_t room, const struct overview *o, uint32_t segment)
{
	const struct hub *hub = o->view->hub;
	size_t length = 0, members = 0;
	for (size_t i = 0; i < hub->contract_count; i++) {
		const struct hub_contract *c = &hub->contracts[i];
		bool names = false;
		for (size_t k = 0; k < c->segment_count; k++)
			names |= c->segments[k] == segment;
		if (!names || !corridor_contract_in_force(c, o->view->load->start))
			continue;
		if (members++ < MEMBERS_NAMED)
			length += (size_t)snprintf(out + length, room - length, "%s%.60s",
						   members > 1 ? ", " : "; runs on it: ",
						   hub_contract_payer(hub, c)->name);
	}
	if (members > MEMBERS_NAMED)
		length += (size_t)snprintf(out + length, room - length, " and %zu more",
					   members - MEMBERS_NAMED);
	return length;
}

static void
incident_detail(char out[DETAIL], const struct overview *o, const struct incident *in)
{
	const struct view_corridor_steering *steering = o->view->steering;
	if (in->what == LOST) {
		char at[CLOCK_TEXT];
		snprintf(out, DETAIL,
			 "the files of it were not sound at %s and are kept as corridor/*.damaged; "
			 "routes may lead over what is cut: give again what stands, the first "
			 "order ends this",
			 utc_format(at, corridor_state_lost(steering->state)));
		return;
	}
	if (in->what == STALE) {
		snprintf(out, DETAIL, "%.200s; plain BGP remains when it runs out",
			 steering->stale);
		return;
	}
	const struct hub_segment *s = &o->view->hub->segments[in->segment];
	const struct corridor_segment_load *load = &o->view->load->segments[in->segment];
	char rate[VIEW_RATE_TEXT], capacity[VIEW_RATE_TEXT];
	size_t length = 0;
	switch (in->what) {
	case OUT:
		length = (size_t)snprintf(out, DETAIL, "status: %.80s",
					  s->status ? s->status : "not stated");
		break;
	case CUT:
		length = who_cut(out, DETAIL, o, in->segment);
		break;
	case FILLED:
		snprintf(out, DETAIL, "%u %% of its limit, and there is no other way",
			 (unsigned)corridor_steer_filled_percent(steering->steer, in->segment));
		return;
	default:
		length = (size_t)snprintf(out, DETAIL, "%s of %s",
					  view_rate(rate, corridor_load_bps(load)),
					  view_rate(capacity, load->capacity_bps));
	}
	length += who_runs(out + length, DETAIL - length, o, in->segment);
	if (in->what != FULL)
		way_round(out + length, DETAIL - length, o, in->segment);
}

static void
numbers_json(struct json *j, const struct overview *o)
{
	const struct view_corridor *v = o->view;
	json_object(j, "numbers");
	if (v->measured)
		json_u64(j, "now_bps", v->load->in_bps);
	else
		json_null(j, "now_bps");
	json_null(j, "p95_month_bps");
	json_null(j, "members_up");
	json_u64(j, "members", v->hub->member_count);
	json_null(j, "sessions_up");
	json_u64(j, "sessions", v->hub->session_count);
	if (v->measured)
		json_u64(j, "segments_over_85", o->nearly_full);
	else
		json_null(j, "segments_over_85");
	json_object_end(j);
}

static void
overview_json(struct buf *out, const struct overview *o)
{
	const struct hub *hub = o->view->hub;
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_object(&j, "hub");
	json_str(&j, "name", hub->name);
	json_str(&j, "short_name", hub->short_name);
	json_u64(&j, "asn", hub->asn.number);
	json_str(&j, "city", hub->city);
	json_str(&j, "country", hub->country.code[0] ? hub->country.code : NULL);
	json_object_end(&j);
	json_array(&j, "incidents");
	for (size_t i = 0; i < o->incident_count; i++) {
		const struct incident *in = &o->incidents[i];
		char title[DETAIL], detail[DETAIL], link[64];
		incident_title(title, o, in);
		incident_detail(detail, o, in);
		snprintf(link, sizeof(link), "#/corridor/%.40s",
			 in->segment == HUB_NONE ? "" : hub->segments[in->segment].id);
		json_object(&j, NULL);
		json_i64(&j, "severity", in->severity);
		json_str(&j, "text", title);
		json_str(&j, "detail", detail);
		json_str(&j, "link", link);
		json_object_end(&j);
	}
	json_array_end(&j);
	numbers_json(&j, o);
	json_array(&j, "busiest");
	for (size_t i = 0; i < o->order_count && i < BUSIEST; i++) {
		const struct hub_segment *s = &hub->segments[o->order[i]];
		json_object(&j, NULL);
		json_str(&j, "segment", s->id);
		json_str(&j, "name", s->name);
		view_corridor_load_json(&j, &o->view->load->segments[o->order[i]]);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}

static void
overview_text(struct buf *out, const struct overview *o)
{
	const struct view_corridor *v = o->view;
	char rate[VIEW_RATE_TEXT];
	buf_printf(out, "%s: %s now", v->hub->name ? v->hub->name : "hub",
		   v->measured ? view_rate(rate, v->load->in_bps) : "traffic not known");
	if (v->measured)
		buf_printf(out, ", %zu segment%s over 85 %%", o->nearly_full,
			   o->nearly_full == 1 ? "" : "s");
	buf_printf(out, "; %zu members\n", v->hub->member_count);
	for (size_t i = 0; i < o->incident_count; i++) {
		char title[DETAIL], detail[DETAIL];
		incident_title(title, o, &o->incidents[i]);
		incident_detail(detail, o, &o->incidents[i]);
		buf_str(out, "\n! ");
		view_wrapped(out, title, 2, 2);
		buf_str(out, "  ");
		view_wrapped(out, detail, 2, 2);
	}
	if (o->order_count)
		buf_str(out, "\nbusiest segments\n");
	for (size_t i = 0; i < o->order_count && i < BUSIEST; i++) {
		const struct hub_segment *s = &v->hub->segments[o->order[i]];
		const struct corridor_segment_load *load = &v->load->segments[o->order[i]];
		double u = corridor_load_utilisation(load);
		char use[VIEW_RATE_TEXT];
		snprintf(use, sizeof(use), "%.0f %%", 100 * u);
		view_cell(out, s->id, 6);
		view_cell(out, s->name, 38);
		view_cell(out, view_rate(rate, corridor_load_bps(load)), -12);
		view_cell(out, load->capacity_bps ? view_rate(rate, load->capacity_bps) : "", -14);
		view_cell(out, isnan(u) ? "" : use, -8);
		view_end_line(out);
	}
}

int
view_corridor_overview(struct buf *out, const struct view_corridor *view,
		       enum view_corridor_form form, struct corridor_complaint *complaint)
{
	struct overview o;
	if (overview_init(&o, view) < 0) {
		corridor_complain(complaint, 500, "out of memory");
		return -1;
	}
	if (form == VIEW_CORRIDOR_JSON)
		overview_json(out, &o);
	else
		overview_text(out, &o);
	overview_fini(&o);
	return 0;
}

/* A label's value: backslash, quote and newline are escaped (Prometheus text format). */
static void
label(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\\' || *text == '"')
			buf_printf(out, "\\%c", *text);
		else if (*text == '\n')
			buf_str(out, "\\n");
		else
			buf_u8(out, (uint8_t)*text);
	}
}

static void
sample(struct buf *out, const char *name, const struct hub_segment *s, const char *direction,
       uint64_t value)
{
	buf_printf(out, "%s{segment=\"", name);
	label(out, s->id);
	if (direction)
		buf_printf(out, "\",direction=\"%s", direction);
	buf_printf(out, "\"} %llu\n", (unsigned long long)value);
}

void
view_corridor_metrics(struct buf *out, const struct view_corridor *view)
{
	const struct hub *hub = view->hub;
	const struct corridor_segment_load *loads = view->load->segments;
	buf_str(out,
		"# HELP sarai_corridor_segment_load_bits_per_second Traffic that contracts lay "
		"on the segment.\n"
		"# TYPE sarai_corridor_segment_load_bits_per_second gauge\n");
	for (size_t i = 0; i < hub->segment_count; i++) {
		if (!corridor_load_known(&loads[i]))
			continue;
		sample(out, "sarai_corridor_segment_load_bits_per_second", &hub->segments[i], "ab",
		       loads[i].ab_bps);
		sample(out, "sarai_corridor_segment_load_bits_per_second", &hub->segments[i], "ba",
		       loads[i].ba_bps);
	}
	buf_str(out, "# HELP sarai_corridor_segment_capacity_bits_per_second Capacity each way.\n"
		     "# TYPE sarai_corridor_segment_capacity_bits_per_second gauge\n");
	for (size_t i = 0; i < hub->segment_count; i++) {
		if (loads[i].capacity_bps)
			sample(out, "sarai_corridor_segment_capacity_bits_per_second",
			       &hub->segments[i], NULL, loads[i].capacity_bps);
	}
	buf_str(out, "# HELP sarai_corridor_segment_usable 1 when the segment carries traffic "
		     "today.\n"
		     "# TYPE sarai_corridor_segment_usable gauge\n");
	for (size_t i = 0; i < hub->segment_count; i++) {
		if (loads[i].named)
			sample(out, "sarai_corridor_segment_usable", &hub->segments[i], NULL,
			       hub->segments[i].usable);
	}
}
