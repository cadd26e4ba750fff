/* The price map: what a Mbit/s costs a month at each site, told there or brought there. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_prices.h"
#include "view/view_corridor_way.h"

enum { NAME_COLUMNS = 24, NUMBER_COLUMNS = 9 };

struct answer {
	const struct view_corridor *view;
	const struct corridor_plan *plan; /* of the day asked for */
	struct arena *arena;
	struct corridor_terms terms;
	struct corridor_site_price *prices; /* of each site */
	uint32_t *order;                    /* sites that are told of, the cheapest first */
	size_t count;
	uint32_t only; /* one site; HUB_NONE: all that have a price */
};

static const char assumptions[] =
	"US dollars per Mbit/s and month. A price that is told of a place is taken to the day by "
	"the erosion of prices that the hub file assumes, two thirds to one and a half times as "
	"fast; elsewhere it is the cheapest of those and of the prices of segments, or of what is "
	"sold from place to place, on the way from there. Prices of other products are taken "
	"alike.";

/* --- words --- */

static int
take_words(struct answer *a, const char *const *words, size_t count,
	   struct corridor_complaint *complaint)
{
	a->terms = corridor_terms_of(a->view->plan, a->arena);
	a->only = HUB_NONE;
	for (size_t at = 0; at < count;) {
		int taken = corridor_terms_take(&a->terms, words, count, &at, complaint);
		if (taken < 0)
			return -1;
		if (taken)
			continue;
		if (a->only != HUB_NONE || strncmp(words[at], "--", 2) == 0) {
			corridor_complain(complaint, 400,
					  "found \"%.40s\", expected one site, --avoid, --without, "
					  "--with or --date",
					  words[at]);
			return -1;
		}
		if (corridor_site_find(&a->only, a->view->hub, words[at++], complaint) < 0)
			return -1;
	}
	if (a->terms.require.count || a->terms.k != 1 ||
	    (a->terms.measure != CORRIDOR_BY_LENGTH && a->terms.measure != CORRIDOR_BY_PRICE)) {
		corridor_complain(complaint, 400,
				  "a price is that of the cheapest way: no --require, --via, --k "
				  "or other --by");
		return -1;
	}
	a->terms.measure = CORRIDOR_BY_PRICE;
	return 0;
}

/* --- finding --- */

static int
by_price(const void *x, const void *y, void *of)
{
	const struct answer *answer = of;
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
	double of_a = answer->prices[a].price.value, of_b = answer->prices[b].price.value;
	if (of_a != of_b)
		return of_a < of_b ? -1 : 1;
	return a < b ? -1 : 1;
}

static void
put_in_order(struct answer *a)
{
	for (uint32_t i = 0; i < a->view->hub->site_count; i++)
		if (a->only == HUB_NONE ? !isnan(a->prices[i].price.value) : a->only == i)
			a->order[a->count++] = i;
	qsort_r(a->order, a->count, sizeof(*a->order), by_price, a);
}

/* 0; or -1 and the complaint. */
static int
find_prices(struct answer *a, struct corridor_complaint *complaint)
{
	struct corridor_conditions conditions;
	size_t sites = a->view->hub->site_count;
	errno = ENOMEM;
	a->prices = arena_take(a->arena, (sites + 1) * sizeof(*a->prices));
	a->order = arena_take(a->arena, (sites + 1) * sizeof(*a->order));
	a->plan = corridor_plans_of(a->view->plans, a->terms.day);
	struct corridor_prices_ask ask = {a->plan, &conditions, a->view->plan->day.at};
	if (!a->prices || !a->order || !a->plan ||
	    corridor_terms_conditions(&conditions, &a->terms) < 0 ||
	    corridor_prices_of(a->prices, &ask) < 0) {
		corridor_complain(complaint, 500,
				  errno == EINVAL ? "too many sites for a map of prices"
						  : "out of memory");
		return -1;
	}
	put_in_order(a);
	return 0;
}

static char *
day_of(char out[CLOCK_TEXT], struct utc_s when)
{
	utc_format(out, when);
	out[when.s ? strlen("2026-01-01") : 0] = '\0';
	return out;
}

/* --- JSON, CSV --- */

static void
row_json(struct json *j, const char *key, const struct hub *hub, uint32_t index)
{
	char day[CLOCK_TEXT];
	if (index == HUB_NONE) {
		json_null(j, key);
		return;
	}
	const struct hub_corridor_price *row = &hub->prices[index];
	json_object(j, key);
	json_str(j, "id", row->id);
	json_str(j, "product", row->product);
	json_double(j, "price_usd", row->price);
	json_str(j, "when", row->when.s ? day_of(day, row->when) : NULL);
	json_str(j, "source", row->basis.source);
	json_object_end(j);
}

static void
answer_json(struct buf *out, const void *answer)
{
	const struct answer *a = answer;
	const struct hub *hub = a->view->hub;
	struct json j = json_to(out);
	json_object(&j, NULL);
	view_terms_json(&j, &a->terms);
	json_double(&j, "erosion_percent", hub->corridor.erosion_percent);
	json_array(&j, "prices");
	for (size_t i = 0; i < a->count; i++) {
		const struct corridor_site_price *p = &a->prices[a->order[i]];
		json_object(&j, NULL);
		json_str(&j, "site", hub->sites[a->order[i]].id);
		json_str(&j, "name", hub->sites[a->order[i]].name);
		view_grounds_json(&j, "usd", &p->price);
		json_str(&j, "from", p->from == HUB_NONE ? NULL : hub->sites[p->from].id);
		json_u64(&j, "steps", p->steps);
		row_json(&j, "row", hub, p->row);
		view_fact_json(&j, "told_usd", &p->told);
		row_json(&j, "told", hub, p->told_row);
		json_object_end(&j);
	}
	json_array_end(&j);
	view_assumed_json(&j, a->view, &a->terms, assumptions);
}

static void
answer_csv(struct buf *out, const void *answer)
{
	const struct answer *a = answer;
	const struct hub *hub = a->view->hub;
	buf_str(out, "site,usd,usd_low,usd_high,estimated,from,steps,row,told_usd\r\n");
	for (size_t i = 0; i < a->count; i++) {
		const struct corridor_site_price *p = &a->prices[a->order[i]];
		view_csv_field(out, hub->sites[a->order[i]].id);
		view_fact_csv(out, p->price.value);
		view_fact_csv(out, p->price.low);
		view_fact_csv(out, p->price.high);
		view_fact_csv(out, corridor_grounds_share(&p->price));
		buf_str(out, ",");
		view_csv_field(out, p->from == HUB_NONE ? NULL : hub->sites[p->from].id);
		buf_printf(out, ",%u,", p->steps);
		view_csv_field(out, p->row == HUB_NONE ? NULL : hub->prices[p->row].id);
		view_fact_csv(out, p->told.value);
		buf_str(out, "\r\n");
	}
}

/* --- text --- */

static void
how_text(struct buf *out, const struct hub *hub, const struct corridor_site_price *p)
{
	if (p->steps)
		buf_printf(out, " %s and %u step%s\n", hub->sites[p->from].id, p->steps,
			   p->steps == 1 ? "" : "s");
	else
		buf_str(out, " told\n");
}

static void
site_text(struct buf *out, const struct answer *a, uint32_t site)
{
	const struct corridor_site_price *p = &a->prices[site];
	char share[VIEW_RATE_TEXT];
	(void)snprintf(share, sizeof(share), "%.0f %%", 100 * corridor_grounds_share(&p->price));
	view_cell(out, a->view->hub->sites[site].name, NAME_COLUMNS);
	view_fact_cell(out, p->price.value, NUMBER_COLUMNS);
	view_fact_cell(out, p->price.low, NUMBER_COLUMNS);
	view_fact_cell(out, p->price.high, NUMBER_COLUMNS);
	view_cell(out, share, -NUMBER_COLUMNS);
	how_text(out, a->view->hub, p);
}

/* Of one site: the rows that count, too. */
static void
rows_text(struct buf *out, const struct answer *a, const struct corridor_site_price *p)
{
	char day[CLOCK_TEXT], value[VIEW_RATE_TEXT], range[VIEW_RANGE_TEXT];
	const struct hub_corridor_price *row = &a->view->hub->prices[p->row];
	buf_str(out, "\n");
	view_field_printf(out, "begins with", "%s: %s at $%s %s%s", row->id ? row->id : "a price",
			  row->product ? row->product : "transit",
			  view_fact_number(value, row->price), row->when.s ? "on " : "",
			  day_of(day, row->when));
	if (p->steps && p->told_row != HUB_NONE)
		view_field_printf(out, "told here", "$%s (%s), which is dearer",
				  view_fact_number(value, p->told.value),
				  view_fact_range(range, p->told.low, p->told.high));
}

static void
answer_text(struct buf *out, const void *answer)
{
	const struct answer *a = answer;
	static const char *const names[] = {"$ Mbit/s", "low", "high", "estimate"};
	buf_str(out, "what a Mbit/s costs a month");
	view_terms_text(out, &a->terms);
	buf_str(out, "\n\n");
	if (a->count == 0 || isnan(a->prices[a->order[0]].price.value)) {
		buf_str(out, "no price is told that could be had there\n");
		return;
	}
	view_cell(out, "at", NAME_COLUMNS);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		view_cell(out, names[i], -NUMBER_COLUMNS);
	buf_str(out, " from\n");
	for (size_t i = 0; i < a->count; i++)
		site_text(out, a, a->order[i]);
	if (a->only != HUB_NONE)
		rows_text(out, a, &a->prices[a->only]);
	buf_str(out, "\n");
	view_assumed_text(out, a->view, &a->terms, assumptions);
}

static const struct view_corridor_forms forms = {answer_json, answer_csv, answer_text};

int
view_corridor_prices(struct buf *out, const struct view_corridor *view,
		     enum view_corridor_form form, const char *const *words, size_t count,
		     struct corridor_complaint *complaint)
{
	struct answer a = {.view = view, .arena = arena_new()};
	int result = -1;
	if (!a.arena)
		corridor_complain(complaint, 500, "out of memory");
	else if (take_words(&a, words, count, complaint) == 0 &&
		 view_list_wanted(view->hub->price_count, "prices", complaint) == 0)
		result = find_prices(&a, complaint);
	if (result == 0)
		view_corridor_write(out, form, &forms, &a);
	arena_free(a.arena);
	return result;
}
