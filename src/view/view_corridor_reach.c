/* A reach plan for a terminal. */
#include "view/view_corridor_reach.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/view_corridor_reach_parts.h"

int
view_reach_make(struct view_reach *out, struct corridor_reach_input *input, const struct hub *hub,
		const struct hub_reach *wanted, struct corridor_complaint *complaint)
{
	assert(out && input && wanted && complaint);
	struct view_reach view = {.hub = hub, .input = *input};
	*input = (struct corridor_reach_input){0};
	if (corridor_reach_settle(&view.settings, wanted, &view.input, complaint) < 0)
		goto fail;
	view.net = corridor_reach_net_new(&view.input, hub, &view.settings, complaint);
	if (!view.net)
		goto fail;
	if (corridor_reach_plan_make(&view.plan, view.net, &view.input, &view.settings, complaint) <
	    0)
		goto fail;
	*out = view;
	return 0;
fail:
	view_reach_fini(&view);
	return -1;
}

void
view_reach_fini(struct view_reach *view)
{
	corridor_reach_plan_fini(&view->plan);
	corridor_reach_net_free(view->net);
	corridor_reach_input_fini(&view->input);
	*view = (struct view_reach){0};
}

char *
view_reach_count(char out[REACH_TEXT], int64_t value)
{
	char digits[REACH_TEXT];
	int length = snprintf(digits, sizeof(digits), "%" PRId64, value), used = 0;
	for (int i = 0; i < length; i++) {
		out[used++] = digits[i];
		if ((length - i - 1) % 3 == 0 && i + 1 < length && digits[i] != '-')
			out[used++] = ',';
	}
	out[used] = '\0';
	return out;
}

double
view_reach_units(const struct view_reach *view, int64_t minor)
{
	return (double)minor / pow(10, currency_exponent(view->settings.currency));
}

char *
view_reach_money(char out[REACH_TEXT], const struct view_reach *view, int64_t minor)
{
	double units = view_reach_units(view, minor);
	if (units >= 99.95e6)
		(void)snprintf(out, REACH_TEXT, "%.0f M", units / 1e6);
	else if (units >= 99950)
		(void)snprintf(out, REACH_TEXT, "%.1f M", units / 1e6);
	else
		(void)view_reach_count(out, llround(units));
	return out;
}

char *
view_reach_year(char out[REACH_TEXT], const struct view_reach *view, unsigned year)
{
	if (view->settings.first_year)
		(void)snprintf(out, REACH_TEXT, "%u", view->settings.first_year + year);
	else
		(void)snprintf(out, REACH_TEXT, "year %u", year + 1);
	return out;
}

double
view_reach_gap(int64_t cost, int64_t least_cost)
{
	return least_cost > 0 ? 100 * (double)(cost - least_cost) / (double)least_cost : 0;
}

struct view_reach_start
view_reach_start_of(const struct view_reach *view, const struct corridor_reach_build *build)
{
	const struct corridor_reach_place *to = &view->net->places[build->place];
	const struct corridor_reach_input *input = &view->input;
	struct view_reach_start start = {NULL, "tower", 0, 0};
	if (build->from != CORRIDOR_REACH_ROOT) {
		const struct corridor_reach_place *from = &view->net->places[build->from];
		start.id = input->towers[view->net->members[from->first]].id;
		start.latitude = from->latitude;
		start.longitude = from->longitude;
		return start;
	}
	const struct corridor_reach_source *source = &view->net->sources[to->source];
	corridor_reach_start(&start.latitude, &start.longitude, view->net, to);
	switch (source->kind) {
	case REACH_FROM_TOWER:
		start.id = input->towers[source->index].id;
		break;
	case REACH_FROM_LINE:
		start.id = input->lines[source->index].name;
		start.kind = "line";
		break;
	case REACH_FROM_SITE:
		start.id = view->hub->sites[source->index].id;
		start.kind = "site";
		break;
	case REACH_FROM_SEGMENT:
		start.id = view->hub->segments[source->index].id;
		start.kind = "segment";
		break;
	}
	return start;
}

/* --- text --- */

static void
put_percent(struct buf *out, double percent, int width)
{
	char text[REACH_TEXT];
	(void)snprintf(text, sizeof(text), "%.1f %%", percent);
	view_cell(out, text, -width);
}

static void
put_count(struct buf *out, int64_t value, int width)
{
	char text[REACH_TEXT];
	view_cell(out, view_reach_count(text, value), -width);
}

static void
put_money(struct buf *out, const struct view_reach *view, int64_t minor, int width)
{
	char text[REACH_TEXT];
	view_cell(out, view_reach_money(text, view, minor), -width);
}

static void
head(struct buf *out, const struct view_reach *view)
{
	const struct corridor_reach_net *net = view->net;
	char all[REACH_TEXT], on[REACH_TEXT], text[400], of[80] = "";
	const char *are = net->towers_on == 1 ? "is" : "are";
	double percent = corridor_reach_percent(net, net->weight_on);
	if (view->settings.count == HUB_REACH_NUMBER)
		(void)snprintf(of, sizeof(of), "(%.1f %%) %s on fibre", percent, are);
	else
		(void)snprintf(of, sizeof(of), "with %.1f %% of the %s %s on fibre", percent,
			       view->settings.count == HUB_REACH_TRAFFIC ? "traffic" : "weight",
			       are);
	(void)snprintf(text, sizeof(text),
		       "Of %s towers and towns %s %s. Shares below are those at the end of a year.",
		       view_reach_count(all, (int64_t)view->input.tower_count),
		       view_reach_count(on, (int64_t)net->towers_on), of);
	view_wrapped(out, text, 0, 0);
	buf_str(out, "\n");
}

static void
years(struct buf *out, const struct view_reach *view)
{
	char text[REACH_TEXT];
	view_cell(out, "", 8);
	view_cell(out, "target", -9);
	view_cell(out, "reached", -9);
	view_cell(out, "towers", -9);
	view_cell(out, "towns", -7);
	view_cell(out, "km", -9);
	view_cell(out, view->settings.currency.code, -10);
	view_cell(out, "so far", -9);
	view_cell(out, "at least", -10);
	view_end_line(out);
	for (unsigned y = 0; y < view->plan.year_count; y++) {
		const struct corridor_reach_year *year = &view->plan.years[y];
		view_cell(out, view_reach_year(text, view, y), 8);
		if (year->target < 0)
			view_cell(out, "-", -9);
		else
			put_percent(out, (double)view->settings.targets[y] / 100, 9);
		put_percent(out, corridor_reach_percent(view->net, year->weight_on), 9);
		put_count(out, (int64_t)year->towers, 9);
		put_count(out, (int64_t)year->towns, 7);
		put_count(out, (year->length_m + 500) / 1000, 9);
		put_money(out, view, year->cost, 10);
		put_money(out, view, year->cost_so_far, 9);
		put_money(out, view, year->least_cost, 10);
		view_end_line(out);
	}
	buf_str(out, "\n");
}

bool
view_reach_met_before(const struct view_reach *view, unsigned year)
{
	int64_t target = view->plan.years[year].target;
	return target >= 0 && target <= view->net->weight_on;
}

/* Targets that ask for nothing. */
static void
met_before(struct buf *out, const struct view_reach *view)
{
	char text[200], name[REACH_TEXT];
	for (unsigned y = 0; y < view->plan.year_count; y++) {
		if (!view_reach_met_before(view, y))
			continue;
		(void)snprintf(text, sizeof(text),
			       "The target of %s, %.2f %%, is met already: %.2f %% are on fibre.",
			       view_reach_year(name, view, y),
			       (double)view->settings.targets[y] / 100,
			       corridor_reach_percent(view->net, view->net->weight_on));
		view_wrapped(out, text, 0, 0);
	}
}

/* What is not as was asked for. */
static void
shortfall(struct buf *out, const struct view_reach *view)
{
	const struct corridor_reach_plan *plan = &view->plan;
	char text[400];
	for (unsigned y = 0; y < plan->year_count; y++) {
		const struct corridor_reach_year *year = &plan->years[y];
		char name[REACH_TEXT];
		if (year->weight_on >= year->target)
			continue;
		bool can = plan->weight_most >= year->target;
		(void)snprintf(text, sizeof(text),
			       "The target of %s is missed: %s, and no plan can have more than "
			       "%.2f %% %s.",
			       view_reach_year(name, view, y),
			       can ? "the money does not reach" : "not all places can be reached",
			       corridor_reach_percent(view->net,
						      can ? year->most_weight : plan->weight_most),
			       can ? "for it" : "on fibre");
		view_wrapped(out, text, 0, 0);
	}
}

static void
verdict(struct buf *out, const struct view_reach *view)
{
	const struct corridor_reach_plan *plan = &view->plan;
	char places[REACH_TEXT], towers[REACH_TEXT], km[REACH_TEXT], cost[REACH_TEXT];
	char least[REACH_TEXT], text[500], within[80] = "this one costs the least";
	const struct corridor_reach_year *last = &plan->years[plan->year_count - 1];
	if (plan->build_count == 0) {
		buf_str(out, "Nothing is built.\n");
		met_before(out, view);
		shortfall(out, view);
		return;
	}
	if (plan->cost > last->least_cost)
		(void)snprintf(within, sizeof(within), "this one is within %.1f %% of the least",
			       fmax(0.1, view_reach_gap(plan->cost, last->least_cost)));
	(void)snprintf(text, sizeof(text),
		       "The plan connects %s %s at %s place%s with %s km of new fibre "
		       "for %s %s. No plan%s reaches as much for less than %s: %s.",
		       view_reach_count(towers, (int64_t)plan->towers_built),
		       plan->towers_built == 1 ? "tower or town" : "towers and towns",
		       view_reach_count(places, (int64_t)plan->build_count),
		       plan->build_count == 1 ? "" : "s",
		       view_reach_count(km, (plan->length_m + 500) / 1000),
		       view_reach_money(cost, view, plan->cost), view->settings.currency.code,
		       view->net->all_pairs ? "" : " made of the stretches that were looked at",
		       view_reach_money(least, view, last->least_cost), within);
	view_wrapped(out, text, 0, 0);
	met_before(out, view);
	shortfall(out, view);
	buf_str(out, "\n");
}

static void
factors(struct buf *out, const struct view_reach *view)
{
	const struct corridor_reach_plan *plan = &view->plan;
	view_cell(out, "If it is at an end of its range", 34);
	view_cell(out, "low", -10);
	view_cell(out, "as planned", -12);
	view_cell(out, "high", -10);
	view_end_line(out);
	for (int i = 0; i < CORRIDOR_REACH_FACTORS; i++) {
		view_cell(out, plan->factors[i].name, 34);
		put_money(out, view, plan->factors[i].low, 10);
		put_money(out, view, plan->cost, 12);
		put_money(out, view, plan->factors[i].high, 10);
		view_end_line(out);
	}
	buf_str(out, "\n");
}

static void
rests_on(struct buf *out, const struct view_reach *view)
{
	const struct corridor_reach_plan *plan = &view->plan;
	double all = plan->cost > 0 ? (double)plan->cost : 1;
	char text[400];
	(void)snprintf(text, sizeof(text),
		       "Of the money %.0f %% rests on figures that were seen, %.0f %% on derived "
		       "ones, %.0f %% on estimates; %.0f %% of the towers built are rows that are "
		       "estimates or do not say what they are.",
		       100 * (double)plan->cost_by_confidence[HUB_SEEN] / all,
		       100 * (double)plan->cost_by_confidence[HUB_DERIVED] / all,
		       100 * (double)plan->cost_by_confidence[HUB_ESTIMATED] / all,
		       plan->towers_built
			       ? 100 * (double)plan->towers_estimated / (double)plan->towers_built
			       : 0.0);
	view_wrapped(out, text, 0, 0);
}

static void
notes(struct buf *out, const struct view_reach *view)
{
	const struct corridor_reach_notes *n = &view->input.notes;
	char count[REACH_TEXT], text[300];
	if (n->no_coordinates) {
		(void)snprintf(text, sizeof(text),
			       "%s tower%s without coordinates: counted, and not planned for.",
			       view_reach_count(count, (int64_t)n->no_coordinates),
			       n->no_coordinates == 1 ? "" : "s");
		view_wrapped(out, text, 0, 0);
	}
	if (n->far_off) {
		(void)snprintf(text, sizeof(text),
			       "%s lie far from all others, and would be among them if latitude "
			       "and longitude were exchanged (the first: %.60s): taken as without "
			       "coordinates.",
			       view_reach_count(count, (int64_t)n->far_off), n->far_off_id);
		view_wrapped(out, text, 0, 0);
	}
	if (view->plan.unreached) {
		(void)snprintf(text, sizeof(text), "%s tower%s out of reach of stretches of %g km.",
			       view_reach_count(count, (int64_t)view->plan.unreached),
			       view->plan.unreached == 1 ? "" : "s", view->settings.stretch_max_km);
		view_wrapped(out, text, 0, 0);
	}
	if (view->settings.count == HUB_REACH_TRAFFIC && n->no_traffic) {
		(void)snprintf(text, sizeof(text),
			       "%s tower%s without traffic: counted as nothing.",
			       view_reach_count(count, (int64_t)n->no_traffic),
			       n->no_traffic == 1 ? "" : "s");
		view_wrapped(out, text, 0, 0);
	}
}

void
view_reach_text(struct buf *out, const struct view_reach *view)
{
	assert(out && view && view->net);
	head(out, view);
	years(out, view);
	verdict(out, view);
	if (view->plan.build_count) {
		factors(out, view);
		rests_on(out, view);
	}
	notes(out, view);
}
