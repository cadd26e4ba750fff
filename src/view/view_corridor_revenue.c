/* What the demands bring, by who takes it in: operators, countries, cables, segments or parties. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_revenue.h"
#include "view/view_corridor_earned.h"
#include "view/view_corridor_parts.h"
#include "view/view_corridor_way.h"

enum { NAME_COLUMNS = 32, NUMBER_COLUMNS = 11 };

enum by { BY_COUNTRY, BY_OPERATOR, BY_CABLE, BY_SEGMENT, BY_PARTY, BYS };

static const char *const by_words[] = {"country", "operator", "cable", "segment", "party"};

struct row {
	const char *id;
	struct corridor_range usd;
	double gbps;     /* of a segment; NAN */
	double measured; /* US dollars of the month that was billed; NAN: not known */
};

struct answer {
	const struct view_corridor *view;
	struct arena *arena;
	struct corridor_terms terms;
	enum by by;
	struct corridor_revenue revenue;
	const char *month; /* asked for; NULL: none */
	struct view_earned earned;
	struct row *rows; /* who takes something in, the most first */
	size_t count;
};

static const char assumptions[] =
	"Demands are laid as much as can be served, at the least price. Each pays for its way the "
	"prices of its segments, or what the hub file says that it pays, shared in proportion to "
	"these; what several share is split evenly. Ranges: demands, capacities and prices at "
	"their bounds. Measured is what the hub itself billed in a month for traffic over the "
	"segments of its contracts, spread over them by length; the modelled month is a twelfth of "
	"the year, of all demands and whoever is paid.";

/* --- words --- */

static int
take_by(struct answer *a, const char *word, struct corridor_complaint *complaint)
{
	for (int by = 0; by < BYS; by++) {
		if (strcmp(by_words[by], word) == 0) {
			a->by = (enum by)by;
			return 0;
		}
	}
	corridor_complain(complaint, 400,
			  "--of: found \"%.40s\", expected country, operator, cable, segment or "
			  "party",
			  word);
	return -1;
}

static int
take_month(struct answer *a, const char *word, struct corridor_complaint *complaint)
{
	struct utc_s at;
	a->month = word;
	if (strlen(word) == 7 && utc_parse(&at, word) == 0)
		return 0;
	corridor_complain(complaint, 400, "--month: found \"%.40s\", expected YYYY-MM", word);
	return -1;
}

static int
take_words(struct answer *a, const char *const *words, size_t count,
	   struct corridor_complaint *complaint)
{
	a->terms = corridor_terms_of(a->view->plan, a->arena);
	for (size_t at = 0; at < count;) {
		int taken = corridor_terms_take(&a->terms, words, count, &at, complaint);
		if (taken < 0)
			return -1;
		if (taken)
			continue;
		const char *value = view_option_value("--month", words, count, &at);
		if (value) {
			if (take_month(a, value, complaint) < 0)
				return -1;
			continue;
		}
		value = view_option_value("--of", words, count, &at);
		if (!value) {
			corridor_complain(complaint, 400,
					  "found \"%.40s\", expected --of KIND, --month, --avoid, "
					  "--without, --with or --date",
					  words[at]);
			return -1;
		}
		if (take_by(a, value, complaint) < 0)
			return -1;
	}
	if (a->terms.require.count || a->terms.k != 1 || a->terms.measure != CORRIDOR_BY_LENGTH) {
		corridor_complain(complaint, 400, "revenue takes no --require, --via, --by or --k");
		return -1;
	}
	a->terms.measure = CORRIDOR_BY_PRICE;
	return 0;
}

/* --- rows --- */

static int
most_first(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	if (x->usd.value != y->usd.value)
		return x->usd.value < y->usd.value ? 1 : -1;
	return strcmp(x->id, y->id);
}

static bool
is_partys(const struct hub *hub, uint32_t party, uint32_t segment)
{
	bool own = false;
	for (size_t i = 0; i < hub->parties[party].segment_count; i++)
		own |= hub->parties[party].segments[i] == segment;
	for (size_t c = 0; c < hub->cable_count; c++)
		for (size_t i = 0;
		     hub->cables[c].owner == party && i < hub->cables[c].segment_count; i++)
			own |= hub->cables[c].segments[i] == segment;
	return own;
}

static struct row
row_of_party(const struct answer *a, uint32_t party)
{
	const struct hub *hub = a->view->hub;
	const struct corridor_earned_sum *usd = a->earned.usd;
	struct row row = {.id = hub->parties[party].id, .gbps = NAN};
	for (uint32_t s = 0; s < hub->segment_count; s++) {
		if (!is_partys(hub, party, s))
			continue;
		row.usd.value += a->revenue.usd_a_year[s].value;
		row.usd.low += a->revenue.usd_a_year[s].low;
		row.usd.high += a->revenue.usd_a_year[s].high;
		row.measured += usd ? usd->segments[s] : 0;
	}
	return row;
}

static struct row
row_of(const struct answer *a, const struct corridor_plan *plan, uint32_t i)
{
	static const enum corridor_class classes[] = {
		[BY_COUNTRY] = CORRIDOR_COUNTRIES,
		[BY_OPERATOR] = CORRIDOR_OPERATORS,
		[BY_CABLE] = CORRIDOR_CABLES,
	};
	const struct hub *hub = a->view->hub;
	const struct corridor_earned_sum *usd = a->earned.usd;
	struct row row = {.gbps = NAN};
	if (a->by == BY_SEGMENT) {
		row = (struct row){hub->segments[i].id, a->revenue.usd_a_year[i],
				   a->revenue.gbps[i], usd ? usd->segments[i] : 0};
	} else if (a->by == BY_PARTY) {
		row = row_of_party(a, i);
	} else {
		enum corridor_class class = classes[a->by];
		row.id = plan->classes[class].names[i];
		row.usd = corridor_revenue_sum(&a->revenue, plan, class, i);
		row.measured = usd ? corridor_earned_by_class(usd, plan, class, i) : 0;
	}
	if (!a->earned.known)
		row.measured = NAN;
	return row;
}

/* How far the modelled month is off that which was billed, in percent of it; NAN. */
static double
difference_percent(const struct row *row)
{
	return row->measured > 0 ? 100 * (row->usd.value / 12 / row->measured - 1) : NAN;
}

static int
find(struct answer *a)
{
	const struct hub *hub = a->view->hub;
	struct corridor_conditions conditions;
	const struct corridor_plan *plan = corridor_plans_of(a->view->plans, a->terms.day);
	errno = ENOMEM;
	if (!plan || corridor_terms_conditions(&conditions, &a->terms) < 0)
		return -1;
	struct corridor_flow_ask ask = {
		.plan = plan,
		.conditions = &conditions,
		.measure = CORRIDOR_BY_PRICE,
		.now = a->view->plan->day.at,
		.batch = a->view->batch,
	};
	if (corridor_revenue_of(&a->revenue, a->arena, &ask) < 0)
		return -1;
	size_t counts[] = {
		[BY_COUNTRY] = plan->classes[CORRIDOR_COUNTRIES].count,
		[BY_OPERATOR] = plan->classes[CORRIDOR_OPERATORS].count,
		[BY_CABLE] = plan->classes[CORRIDOR_CABLES].count,
		[BY_SEGMENT] = hub->segment_count,
		[BY_PARTY] = hub->party_count,
	};
	view_earned_ask(&a->earned, a->arena, a->view, a->month);
	a->rows = arena_take(a->arena, (counts[a->by] + 1) * sizeof(*a->rows));
	errno = ENOMEM;
	if (!a->rows)
		return -1;
	for (uint32_t i = 0; i < counts[a->by]; i++) {
		a->rows[a->count] = row_of(a, plan, i);
		a->count += a->rows[a->count].usd.high > 0 || a->rows[a->count].measured > 0;
	}
	qsort(a->rows, a->count, sizeof(*a->rows), most_first);
	return 0;
}

static double
estimated_share(const struct answer *a)
{
	double total = a->revenue.total_usd.value;
	return total > 0 ? a->revenue.estimated / total : 0;
}

/* --- JSON, CSV, text --- */

static void
answer_json(struct buf *out, const void *answer)
{
	const struct answer *a = answer;
	struct json j = json_to(out);
	json_object(&j, NULL);
	view_terms_json(&j, &a->terms);
	view_measured_json(&j, a->view);
	json_str(&j, "of", by_words[a->by]);
	json_double(&j, "asked_gbps", a->revenue.asked_gbps);
	json_double(&j, "served_gbps", a->revenue.served_gbps);
	view_range_json(&j, "usd_a_year", a->revenue.total_usd, 2);
	json_fixed(&j, "estimated", estimated_share(a), 4);
	json_bool(&j, "optimal", a->revenue.optimal);
	view_earned_json(&j, &a->earned, a->view->hub, NULL);
	json_array(&j, "revenue");
	for (size_t i = 0; i < a->count; i++) {
		json_object(&j, NULL);
		json_str(&j, "id", a->rows[i].id);
		view_range_json(&j, "usd_a_year", a->rows[i].usd, 2);
		if (a->by == BY_SEGMENT)
			json_fixed(&j, "gbps", a->rows[i].gbps, 3);
		view_number_json(&j, "measured_usd_month", a->rows[i].measured);
		view_number_json(&j, "difference_percent", difference_percent(&a->rows[i]));
		json_object_end(&j);
	}
	json_array_end(&j);
	view_assumed_json(&j, a->view, &a->terms, assumptions);
}

static void
answer_csv(struct buf *out, const void *answer)
{
	const struct answer *a = answer;
	buf_str(out, "id,usd_a_year,usd_a_year_low,usd_a_year_high,gbps,measured_usd_month,"
		     "difference_percent\r\n");
	for (size_t i = 0; i < a->count; i++) {
		view_csv_field(out, a->rows[i].id);
		view_fact_csv(out, a->rows[i].usd.value);
		view_fact_csv(out, a->rows[i].usd.low);
		view_fact_csv(out, a->rows[i].usd.high);
		view_fact_csv(out, a->rows[i].gbps);
		view_fact_csv(out, a->rows[i].measured);
		view_fact_csv(out, difference_percent(&a->rows[i]));
		buf_str(out, "\r\n");
	}
}

/* Those of which something was billed. */
static void
measured_text(struct buf *out, const struct answer *a)
{
	static const char *const names[] = {"modelled", "measured", "difference"};
	bool any = false;
	for (size_t i = 0; i < a->count; i++)
		any |= a->rows[i].measured > 0;
	if (!any)
		return;
	buf_str(out, "\n");
	view_cell(out, "US dollars a month", NAME_COLUMNS);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		view_cell(out, names[i], -NUMBER_COLUMNS);
	view_end_line(out);
	for (size_t i = 0; i < a->count; i++) {
		const struct row *row = &a->rows[i];
		char percent[VIEW_RATE_TEXT], value[VIEW_RATE_TEXT];
		if (!(row->measured > 0))
			continue;
		(void)snprintf(percent, sizeof(percent), "%s %%",
			       view_fact_number(value, difference_percent(row)));
		view_cell(out, row->id, NAME_COLUMNS);
		view_fact_cell(out, row->usd.value / 12, NUMBER_COLUMNS);
		view_fact_cell(out, row->measured, NUMBER_COLUMNS);
		view_cell(out, percent, -NUMBER_COLUMNS);
		view_end_line(out);
	}
}

static void
answer_text(struct buf *out, const void *answer)
{
	const struct answer *a = answer;
	const struct corridor_revenue *r = &a->revenue;
	char value[VIEW_RATE_TEXT], asked[VIEW_RATE_TEXT], range[VIEW_RANGE_TEXT];
	buf_printf(out, "what the demands bring, by %s", by_words[a->by]);
	view_terms_text(out, &a->terms);
	buf_str(out, "\n\n");
	view_field_printf(out, "in all", "$%s million a year (%s), %.0f %% of it on estimates",
			  view_fact_number(value, r->total_usd.value / 1e6),
			  view_fact_range(range, r->total_usd.low / 1e6, r->total_usd.high / 1e6),
			  100 * estimated_share(a));
	view_field_printf(out, "for", "%s of %s Gbit/s%s", view_fact_number(value, r->served_gbps),
			  view_fact_number(asked, r->asked_gbps),
			  r->optimal ? "" : ", which fill their cheapest ways (CLP is not there)");
	view_earned_text(out, &a->earned, a->view->hub, NULL);
	buf_str(out, "\n");
	view_cell(out, by_words[a->by], NAME_COLUMNS);
	view_cell(out, "M$/year", -NUMBER_COLUMNS);
	view_cell(out, "low", -NUMBER_COLUMNS);
	view_cell(out, "high", -NUMBER_COLUMNS);
	view_cell(out, a->by == BY_SEGMENT ? "Gbit/s" : "", -NUMBER_COLUMNS);
	view_end_line(out);
	for (size_t i = 0; i < a->count; i++) {
		view_cell(out, a->rows[i].id, NAME_COLUMNS);
		view_fact_cell(out, a->rows[i].usd.value / 1e6, NUMBER_COLUMNS);
		view_fact_cell(out, a->rows[i].usd.low / 1e6, NUMBER_COLUMNS);
		view_fact_cell(out, a->rows[i].usd.high / 1e6, NUMBER_COLUMNS);
		if (a->by == BY_SEGMENT)
			view_fact_cell(out, a->rows[i].gbps, NUMBER_COLUMNS);
		view_end_line(out);
	}
	measured_text(out, a);
	buf_str(out, "\n");
	view_assumed_text(out, a->view, &a->terms, assumptions);
}

static const struct view_corridor_forms forms = {answer_json, answer_csv, answer_text};

int
view_corridor_revenue(struct buf *out, const struct view_corridor *view,
		      enum view_corridor_form form, const char *const *words, size_t count,
		      struct corridor_complaint *complaint)
{
	struct answer a = {.view = view, .arena = arena_new(), .by = BY_OPERATOR};
	int result = -1;
	if (!a.arena)
		corridor_complain(complaint, 500, "out of memory");
	else if (take_words(&a, words, count, complaint) == 0 &&
		 view_demands_wanted(view, complaint) == 0)
		result = find(&a) < 0 ? view_flow_failed(complaint, errno) : 0;
	if (result == 0)
		view_corridor_write(out, form, &forms, &a);
	arena_free(a.arena);
	return result;
}
