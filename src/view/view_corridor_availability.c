/* How much of the time two sites are connected, over all ways that there are; and what is to blame
 * when they are not. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_connected.h"
#include "view/view_corridor_lived.h"
#include "view/view_corridor_parts.h"
#include "view/view_corridor_steer.h"
#include "view/view_corridor_way.h"

enum { BLAMED = 10, DRAWS_MAX = 10000000 };

/* Bounds nearer than a third of a second a year. */
static const double gap = 1e-8;

struct question {
	struct corridor_ends ends;
	struct corridor_terms terms;
	uint64_t draws, seed; /* no draws: not by chance too */
	struct utc_s month;   /* its first second; 0: what was lived through is not asked */
	double sla_percent;   /* NAN: nothing is promised */
};

struct answer {
	const struct question *question;
	const struct corridor_plan *plan;
	struct corridor_connected at, worst, best; /* at the rates as told, all high, all low */
	uint64_t connected;                        /* of the draws */
	struct corridor_lived lived;               /* of the month, if asked */
};

/* --- words --- */

/* "2026-10", a month that has begun by `now`. 1, or -1 and the complaint. */
static int
take_month(struct question *q, const char *value, struct utc_s now,
	   struct corridor_complaint *complaint)
{
	if (strlen(value) == strlen("2026-10") && utc_parse(&q->month, value) == 0 &&
	    q->month.s < now.s)
		return 1;
	corridor_complain(complaint, 400,
			  "--month: found \"%.40s\", expected a month that has begun, such as "
			  "2026-10",
			  value);
	return -1;
}

static int
take_sla(struct question *q, const char *value, struct corridor_complaint *complaint)
{
	char *end;
	q->sla_percent = strtod(value, &end);
	if (*value >= '0' && *value <= '9' && !*end && q->sla_percent <= 100)
		return 1;
	corridor_complain(complaint, 400, "--sla: found \"%.40s\", expected 0 to 100", value);
	return -1;
}

/* "--draws N", "--seed N", "--month M", "--sla P": 1 and *at behind it; 0 if it is none; -1. */
static int
take_own(struct question *q, struct utc_s now, const char *const *words, size_t count, size_t *at,
	 struct corridor_complaint *complaint)
{
	const char *value = view_option_value("--month", words, count, at);
	if (value)
		return take_month(q, value, now, complaint);
	if ((value = view_option_value("--sla", words, count, at)))
		return take_sla(q, value, complaint);
	struct {
		const char *option;
		uint64_t *number, limit;
	} options[] = {{"--draws", &q->draws, DRAWS_MAX}, {"--seed", &q->seed, UINT64_MAX}};
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		value = view_option_value(options[i].option, words, count, at);
		if (!value)
			continue;
		return view_option_number(options[i].number, options[i].option, value,
					  options[i].limit, complaint) < 0
			       ? -1
			       : 1;
	}
	return 0;
}

static int
take_words(struct question *q, const struct view_corridor *view, const char *const *words,
	   size_t count, struct corridor_complaint *complaint)
{
	const char *places[2];
	size_t place_count = 0, at = 0;
	while (at < count) {
		int taken = corridor_terms_take(&q->terms, words, count, &at, complaint);
		if (taken == 0)
			taken = take_own(q, view->plan->day.at, words, count, &at, complaint);
		if (taken < 0)
			return -1;
		if (taken)
			continue;
		if (place_count == 2 || strncmp(words[at], "--", 2) == 0) {
			corridor_complain(complaint, 400,
					  "found \"%.40s\", expected two sites, --draws, --seed, "
					  "--month, --sla, --avoid, --without, --with or --date",
					  words[at]);
			return -1;
		}
		places[place_count++] = words[at++];
	}
	if (q->terms.require.count || q->terms.k != 1 || q->terms.measure != CORRIDOR_BY_LENGTH) {
		corridor_complain(complaint, 400,
				  "availability takes no --require, --via, --by or --k");
		return -1;
	}
	if (!isnan(q->sla_percent) && !q->month.s) {
		corridor_complain(complaint, 400, "--sla goes with --month");
		return -1;
	}
	if (q->month.s && (!view->steering || !view->steering->state)) {
		corridor_complain(complaint, 400,
				  "--month: only a running hub has a journal of what was cut");
		return -1;
	}
	if (place_count == 1) {
		corridor_complain(complaint, 400, "found \"%.40s\" alone, expected two sites",
				  places[0]);
		return -1;
	}
	if (place_count == 2 &&
	    (corridor_site_find(&q->ends.a, view->hub, places[0], complaint) < 0 ||
	     corridor_site_find(&q->ends.b, view->hub, places[1], complaint) < 0))
		return -1;
	return corridor_question_check(view->plan, q->ends, complaint);
}

/* --- parts --- */

static const char *
part_id(const struct answer *a, uint32_t part)
{
	size_t segments = a->plan->hub->segment_count;
	return part < segments ? a->plan->hub->segments[part].id
			       : a->plan->causes[part - segments].risk->id;
}

static const char *
part_name(const struct answer *a, uint32_t part)
{
	size_t segments = a->plan->hub->segment_count;
	const char *name = part < segments ? a->plan->hub->segments[part].name
					   : a->plan->causes[part - segments].risk->name;
	return name ? name : "";
}

static double
middle(const struct corridor_connected *c)
{
	return c->low + (c->high - c->low) / 2;
}

/* Of what is down when there is no way, the part whose rate is an estimate: 0 to 1. */
static double
estimated(const struct answer *a)
{
	size_t segments = a->plan->hub->segment_count;
	double all = 0, by_estimate = 0;
	for (size_t i = 0; i < a->at.blame_count; i++) {
		const struct corridor_blame *b = &a->at.blame[i];
		const struct corridor_fact *rate =
			b->part < segments ? &a->plan->segments[b->part].failures
					   : &a->plan->causes[b->part - segments].per_year;
		all += b->share;
		by_estimate += rate->basis == HUB_ESTIMATED ? b->share : 0;
	}
	return all > 0 ? by_estimate / all : 0;
}

static size_t
blamed(const struct answer *a)
{
	return a->at.blame_count < BLAMED ? a->at.blame_count : BLAMED;
}

static struct view_lived
lived_of(const struct answer *a)
{
	return (struct view_lived){
		.hub = a->plan->hub,
		.lived = &a->lived,
		.month = a->question->month,
		.promised = a->question->sla_percent / 100,
		.availability = {middle(&a->at), a->worst.low, a->best.high},
	};
}

/* --- JSON, CSV, text --- */

static void
answer_json(struct buf *out, const void *answer)
{
	const struct answer *a = answer;
	const struct question *q = a->question;
	struct json j = json_to(out);
	json_object(&j, NULL);
	view_ends_json(&j, a->plan->hub, q->ends);
	view_terms_json(&j, &q->terms);
	json_double(&j, "availability", middle(&a->at));
	json_double(&j, "availability_low", a->worst.low);
	json_double(&j, "availability_high", a->best.high);
	json_double(&j, "open", a->at.high - a->at.low);
	json_double(&j, "downtime_h_year", corridor_availability_downtime_h(middle(&a->at)));
	json_fixed(&j, "estimated", estimated(a), 4);
	json_array(&j, "blame");
	for (size_t i = 0; i < blamed(a); i++) {
		const struct corridor_blame *b = &a->at.blame[i];
		json_object(&j, NULL);
		json_str(&j, "id", part_id(a, b->part));
		json_str(&j, "kind", b->part < a->plan->hub->segment_count ? "segment" : "cause");
		json_double(&j, "share", b->share);
		json_double(&j, "birnbaum", b->birnbaum);
		json_object_end(&j);
	}
	json_array_end(&j);
	if (q->draws) {
		double low, high;
		corridor_connected_interval(&low, &high, a->connected, q->draws);
		json_object(&j, "drawn");
		json_u64(&j, "draws", q->draws);
		json_u64(&j, "seed", q->seed);
		json_u64(&j, "connected", a->connected);
		json_double(&j, "low", low);
		json_double(&j, "high", high);
		json_object_end(&j);
	}
	if (q->month.s) {
		struct view_lived lived = lived_of(a);
		view_lived_json(&j, &lived);
	}
	json_object_end(&j);
	buf_str(out, "\n");
}

static void
answer_csv(struct buf *out, const void *answer)
{
	const struct answer *a = answer;
	buf_str(out, "id,kind,share,birnbaum\r\n");
	for (size_t i = 0; i < blamed(a); i++) {
		const struct corridor_blame *b = &a->at.blame[i];
		view_csv_field(out, part_id(a, b->part));
		buf_printf(out, ",%s,%.9g,%.9g\r\n",
			   b->part < a->plan->hub->segment_count ? "segment" : "cause", b->share,
			   b->birnbaum);
	}
}

static void
blame_text(struct buf *out, const struct answer *a)
{
	char share[VIEW_RATE_TEXT];
	if (blamed(a))
		buf_str(out, "\ndown then\n");
	for (size_t i = 0; i < blamed(a); i++) {
		const struct corridor_blame *b = &a->at.blame[i];
		view_cell(out, part_id(a, b->part), 14);
		view_cell(out, part_name(a, b->part), 50);
		(void)snprintf(share, sizeof(share), "%.1f %%", 100 * b->share);
		view_cell(out, share, -10);
		view_end_line(out);
	}
}

static void
answer_text(struct buf *out, const void *answer)
{
	const struct answer *a = answer;
	const struct question *q = a->question;
	char down[VIEW_RATE_TEXT], least[VIEW_RATE_TEXT], most[VIEW_RATE_TEXT];
	double up = middle(&a->at);
	view_question_text(out, a->plan, q->ends, &q->terms);
	if (a->at.high <= 0) {
		buf_str(out, "\nno way is left\n");
		return;
	}
	buf_str(out, "\n");
	view_field_printf(out, "connected",
			  "%.5f %% of the time (%.5f to %.5f): %s hours a year without any way "
			  "(%s to %s); %.0f %% of what is down then by estimated rates",
			  100 * up, 100 * a->worst.low, 100 * a->best.high,
			  view_number(down, corridor_availability_downtime_h(up)),
			  view_number(least, corridor_availability_downtime_h(a->best.high)),
			  view_number(most, corridor_availability_downtime_h(a->worst.low)),
			  100 * estimated(a));
	if (a->at.high - a->at.low > 2 * gap)
		view_field_printf(out, "reckoned",
				  "to within %.2g %%: not all states were looked at",
				  100 * (a->at.high - a->at.low));
	if (q->draws) {
		double low, high;
		corridor_connected_interval(&low, &high, a->connected, q->draws);
		view_field_printf(out, "drawn",
				  "%llu of %llu from seed %llu: %.5f %% (%.5f to %.5f, 95 of 100)",
				  (unsigned long long)a->connected, (unsigned long long)q->draws,
				  (unsigned long long)q->seed,
				  100 * (double)a->connected / (double)q->draws, 100 * low,
				  100 * high);
	}
	if (q->month.s) {
		struct view_lived lived = lived_of(a);
		view_lived_text(out, &lived);
	}
	blame_text(out, a);
}

/* --- finding --- */

/* What the journal says of the month, up to now; ways are those of a corridor without cuts. */
static int
live_through(struct answer *a, const struct view_corridor *view, struct arena *arena,
	     const struct corridor_conditions *conditions)
{
	const struct question *q = a->question;
	const struct corridor_plan *plan = corridor_plans_today(view->plans);
	size_t segments = plan->hub->segment_count, events;
	struct utc_date month = utc_to_date(q->month);
	struct utc_s end = utc_month_start(month.year, month.month + 1);
	uint64_t *cost = arena_take(arena, (segments + 1) * sizeof(*cost));
	bool *open = arena_take(arena, segments + 1);
	if (!cost || !open)
		return -1;
	corridor_plan_costs(cost, plan, conditions, CORRIDOR_BY_HOPS);
	for (size_t i = 0; i < segments; i++)
		open[i] = cost[i] != CORRIDOR_CLOSED;
	struct utc_s now = view->steering->now;
	struct corridor_lived_ask ask = {.plan = plan,
					 .open = open,
					 .ends = q->ends,
					 .from = q->month,
					 .until = now.s < end.s ? now : end,
					 .since = corridor_state_since(view->steering->state)};
	const struct corridor_event *all = corridor_state_events(view->steering->state, &events);
	return corridor_lived(&a->lived, arena, &ask, all, events);
}

static int
find(struct answer *a, const struct view_corridor *view, struct arena *arena)
{
	const struct question *q = a->question;
	struct corridor_conditions conditions;
	a->plan = corridor_plans_of(view->plans, q->terms.day);
	if (!a->plan || corridor_terms_conditions(&conditions, &q->terms) < 0)
		return -1;
	size_t segments = a->plan->hub->segment_count;
	uint64_t *cost = arena_take(arena, (segments + 1) * sizeof(*cost));
	bool *open = arena_take(arena, segments + 1);
	if (!cost || !open)
		return -1;
	corridor_plan_costs(cost, a->plan, &conditions, CORRIDOR_BY_HOPS);
	for (size_t i = 0; i < segments; i++)
		open[i] = cost[i] != CORRIDOR_CLOSED;
	struct {
		struct corridor_connected *out;
		const struct corridor_parts *parts;
	} bounds[] = {{&a->at, &a->plan->parts},
		      {&a->worst, &a->plan->parts_low},
		      {&a->best, &a->plan->parts_high}};
	for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++)
		if (corridor_connected(bounds[i].out, a->plan->graph, open, bounds[i].parts,
				       q->ends, gap) < 0)
			return -1;
	if (q->month.s && live_through(a, view, arena, &conditions) < 0)
		return -1;
	if (q->draws == 0)
		return 0;
	return corridor_connected_draw(&a->connected, a->plan->graph, open, &a->plan->parts,
				       q->ends, q->draws, q->seed);
}

static const struct view_corridor_forms forms = {answer_json, answer_csv, answer_text};

int
view_corridor_availability(struct buf *out, const struct view_corridor *view,
			   enum view_corridor_form form, const char *const *words, size_t count,
			   struct corridor_complaint *complaint)
{
	struct arena *arena = arena_new();
	if (!arena) {
		corridor_complain(complaint, 500, "out of memory");
		return -1;
	}
	struct question q = {.ends = {HUB_NONE, HUB_NONE},
			     .terms = corridor_terms_of(view->plan, arena),
			     .seed = 1,
			     .sla_percent = NAN};
	struct answer a = {.question = &q};
	int result = take_words(&q, view, words, count, complaint);
	if (result == 0 && (result = find(&a, view, arena)) < 0)
		corridor_complain(complaint, 500, "out of memory");
	if (result == 0)
		view_corridor_write(out, form, &forms, &a);
	free(a.at.blame);
	free(a.worst.blame);
	free(a.best.blame);
	arena_free(arena);
	return result;
}
