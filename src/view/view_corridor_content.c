/* What caches and on-ramps near the users take off the corridor: of all content networks side by
 * side, or of one with its curve of hits and the segments that are relieved. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "corridor/corridor_content.h"
#include "view/view_corridor_way.h"

enum { NAME_COLUMNS = 16, NUMBER_COLUMNS = 9, SEGMENTS_SHOWN = 12, CURVE = 8 };

struct answer {
	const struct view_corridor *view;
	struct arena *arena;
	struct corridor_terms terms;
	const char *name;  /* NULL: all */
	bool *taken;       /* of each content network */
	double *told_gbps; /* by --traffic; NAN: not there */
	size_t count;      /* taken */
	uint32_t one;      /* if one was asked for */
	struct corridor_contents found;
};

static const char assumptions[] =
	"What hits is served near the users, as far as the cache can serve; the rest, and what "
	"fills "
	"the cache, comes as before, the cheapest way by price. Saved is the price of transit at "
	"the "
	"users' site, at the 95th percentile, less what the cache costs. Hits that the hub file "
	"does not tell are reckoned by Che's approximation for LRU with Zipf's law, its exponent "
	"0.1 lower and higher for the range.";

static const char *const state_words[] = {"told", "measured", "unknown"};

/* --- words --- */

/* The network of a number, among those of the content networks. */
static bool
has_asn(const struct hub_content *content, unsigned long asn)
{
	for (size_t i = 0; i < content->asn_count; i++)
		if (content->asns[i].first <= asn && asn <= content->asns[i].last)
			return true;
	return false;
}

/* "15169" or "AS15169"; 0: it is none. */
static unsigned long
asn_of(const char *word, size_t length)
{
	char text[16];
	const char *digits = strncasecmp(word, "AS", 2) == 0 ? word + 2 : word;
	char *end;
	(void)snprintf(text, sizeof(text), "%.*s", (int)(length - (size_t)(digits - word)), digits);
	unsigned long asn = strtoul(text, &end, 10);
	return *text >= '0' && *text <= '9' && !*end && asn <= UINT32_MAX ? asn : 0;
}

/* "15169=340,AS32934=120": adds up what several networks of one have. */
static int
take_traffic(struct answer *a, const char *list, struct corridor_complaint *complaint)
{
	const struct hub *hub = a->view->hub;
	for (const char *item = list;; item += strcspn(item, ",;") + 1) {
		size_t length = strcspn(item, ",;");
		const char *equals = memchr(item, '=', length);
		unsigned long asn = equals ? asn_of(item, (size_t)(equals - item)) : 0;
		char *end = NULL;
		double gbps = asn ? strtod(equals + 1, &end) : NAN;
		bool known = false;
		if (!asn || end != item + length || end == equals + 1 || !(gbps >= 0) ||
		    gbps > 1e8) {
			corridor_complain(complaint, 400,
					  "--traffic: found \"%.40s\", expected ASN=GBPS, e.g. "
					  "15169=340",
					  item);
			return -1;
		}
		for (size_t i = 0; i < hub->content_count; i++) {
			if (!has_asn(&hub->content[i], asn))
				continue;
			known = true;
			a->told_gbps[i] = gbps + (isnan(a->told_gbps[i]) ? 0 : a->told_gbps[i]);
		}
		if (!known) {
			corridor_complain(complaint, 404,
					  "--traffic: no content network of the hub file has AS%lu",
					  asn);
			return -1;
		}
		if (!item[length])
			return 0;
	}
}

/* Those of the name: an id, a name, or the number of one of its networks. */
static int
take_name(struct answer *a, struct corridor_complaint *complaint)
{
	const struct hub *hub = a->view->hub;
	for (uint32_t i = 0; i < hub->content_count; i++) {
		const struct hub_content *c = &hub->content[i];
		unsigned long asn = a->name ? asn_of(a->name, strlen(a->name)) : 0;
		a->taken[i] = !a->name || strcasecmp(c->id, a->name) == 0 ||
			      (c->name && strcasecmp(c->name, a->name) == 0) ||
			      (asn && has_asn(c, asn));
		a->count += a->taken[i];
		if (a->taken[i])
			a->one = i;
	}
	if (a->count)
		return 0;
	if (a->name)
		corridor_complain(complaint, 404, "no content network of the hub file is %.40s",
				  a->name);
	else
		corridor_complain(complaint, 404,
				  "the hub file has no content networks (content: ...)");
	return -1;
}

static int
take_words(struct answer *a, const char *const *words, size_t count,
	   struct corridor_complaint *complaint)
{
	a->terms = corridor_terms_of(a->view->plan, a->arena);
	for (size_t i = 0; i < a->view->hub->content_count; i++)
		a->told_gbps[i] = NAN;
	for (size_t at = 0; at < count;) {
		const char *value;
		int taken = corridor_terms_take(&a->terms, words, count, &at, complaint);
		if (taken < 0)
			return -1;
		if (taken)
			continue;
		if ((value = view_option_value("--traffic", words, count, &at))) {
			if (take_traffic(a, value, complaint) < 0)
				return -1;
		} else if (a->name || strncmp(words[at], "--", 2) == 0) {
			corridor_complain(
				complaint, 400,
				"found \"%.40s\", expected one id, name or AS number, "
				"--traffic, --measured, --month, --hours, --avoid, --without, "
				"--with or --date",
				words[at]);
			return -1;
		} else {
			a->name = words[at++];
		}
	}
	if (a->terms.require.count || a->terms.k != 1 || a->terms.measure != CORRIDOR_BY_LENGTH) {
		corridor_complain(complaint, 400, "content takes no --require, --via, --by or --k");
		return -1;
	}
	a->terms.measure = CORRIDOR_BY_PRICE;
	return take_name(a, complaint);
}

/* 0, or -1 and errno. */
static int
find(struct answer *a)
{
	struct corridor_conditions conditions;
	errno = ENOMEM;
	if (corridor_terms_conditions(&conditions, &a->terms) < 0)
		return -1;
	struct corridor_content_ask ask = {
		.plan = corridor_plans_of(a->view->plans, a->terms.day),
		.conditions = &conditions,
		.batch = a->view->batch,
		.told_gbps = a->told_gbps,
		.taken = a->taken,
		.now = a->view->plan->day.at,
	};
	return ask.plan ? corridor_content_of(&a->found, a->arena, &ask) : -1;
}

/* --- segments, the most relieved first --- */

struct relief {
	uint32_t segment;
	struct corridor_range off;
};

static int
most_first(const void *a, const void *b)
{
	const struct relief *x = a, *y = b;
	if (x->off.value != y->off.value)
		return x->off.value < y->off.value ? 1 : -1;
	return (x->segment > y->segment) - (x->segment < y->segment);
}

/* Those that something is taken off, in the arena; NULL without memory. */
static struct relief *
reliefs(size_t *count, const struct answer *a)
{
	const struct hub *hub = a->view->hub;
	struct relief *all = arena_take(a->arena, (hub->segment_count + 1) * sizeof(*all));
	*count = 0;
	for (uint32_t s = 0; all && s < hub->segment_count; s++)
		if (a->found.off[s].high > 0)
			all[(*count)++] = (struct relief){s, a->found.off[s]};
	if (all)
		qsort(all, *count, sizeof(*all), most_first);
	return all;
}

/* Sizes of a cache for its curve, from a hundredth of the catalogue to all of it, and hits. */
static double
curve_at(double *tb, const struct hub_content *content, size_t i)
{
	static const double shares[CURVE] = {0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.5, 1};
	*tb = shares[i] * content->catalogue_tb;
	return corridor_content_hits_at(content, *tb);
}

/* --- JSON, CSV --- */

static void
one_json(struct json *j, const struct answer *a, uint32_t index)
{
	const struct hub_content *content = &a->view->hub->content[index];
	const struct corridor_content *c = &a->found.all[index];
	json_object(j, NULL);
	json_str(j, "id", content->id);
	json_str(j, "name", content->name);
	json_str(j, "kind", content->kind == HUB_CONTENT_CACHE ? "cache" : "on-ramp");
	view_ends_json(j, a->view->hub, (struct corridor_ends){content->from, content->to});
	json_str(j, "traffic", state_words[c->state]);
	view_range_json(j, "gbps", c->gbps, 3);
	view_range_json(j, "hits", c->hits, 4);
	json_bool(j, "modelled", c->modelled);
	view_range_json(j, "off_gbps", c->off, 3);
	json_fixed(j, "local_before", c->local_before, 4);
	json_fixed(j, "local_after", c->local_after, 4);
	view_range_json(j, "price_usd", c->price, 4);
	json_fixed(j, "cost_usd_a_year", c->cost_usd_a_year, 2);
	view_range_json(j, "usd_a_year", c->usd_a_year, 2);
	json_bool(j, "estimated", c->estimated);
	json_array(j, "way");
	for (size_t k = 0; k < c->way_count; k++)
		json_str(j, NULL, a->view->hub->segments[c->way[k]].id);
	json_array_end(j);
	json_array(j, "curve");
	for (size_t i = 0; content->catalogue_tb > 0 && i < CURVE; i++) {
		double tb, hits = curve_at(&tb, content, i);
		json_object(j, NULL);
		json_double(j, "cache_tb", tb);
		json_fixed(j, "hits", hits, 4);
		json_object_end(j);
	}
	json_array_end(j);
	json_object_end(j);
}

static void
answer_json(struct buf *out, const struct answer *a, const struct relief *all, size_t count)
{
	const struct corridor_contents *f = &a->found;
	struct json j = json_to(out);
	json_object(&j, NULL);
	view_terms_json(&j, &a->terms);
	view_range_json(&j, "gbps", f->gbps, 3);
	view_range_json(&j, "off_gbps", f->off_gbps, 3);
	view_range_json(&j, "usd_a_year", f->usd_a_year, 2);
	json_fixed(&j, "local_before", f->local_before, 4);
	json_fixed(&j, "local_after", f->local_after, 4);
	if (a->view->note)
		json_str(&j, "measured", a->view->note);
	json_array(&j, "content");
	for (uint32_t i = 0; i < a->view->hub->content_count; i++)
		if (a->taken[i])
			one_json(&j, a, i);
	json_array_end(&j);
	json_array(&j, "segments");
	for (size_t i = 0; i < count; i++) {
		json_object(&j, NULL);
		json_str(&j, "segment", a->view->hub->segments[all[i].segment].id);
		view_range_json(&j, "off_gbps", all[i].off, 3);
		json_object_end(&j);
	}
	json_array_end(&j);
	view_assumed_json(&j, a->view, &a->terms, assumptions);
}

static void
answer_csv(struct buf *out, const struct answer *a)
{
	buf_str(out, "id,kind,traffic,gbps,hits,hits_low,hits_high,off_gbps,off_gbps_low,"
		     "off_gbps_high,local_before,local_after,price_usd,cost_usd_a_year,usd_a_year,"
		     "usd_a_year_low,usd_a_year_high\r\n");
	for (size_t i = 0; i < a->view->hub->content_count; i++) {
		const struct hub_content *content = &a->view->hub->content[i];
		const struct corridor_content *c = &a->found.all[i];
		if (!a->taken[i])
			continue;
		view_csv_field(out, content->id);
		buf_printf(out, ",%s,%s", content->kind == HUB_CONTENT_CACHE ? "cache" : "on-ramp",
			   state_words[c->state]);
		const double numbers[] = {
			c->gbps.value,     c->hits.value,      c->hits.low,
			c->hits.high,      c->off.value,       c->off.low,
			c->off.high,       c->local_before,    c->local_after,
			c->price.value,    c->cost_usd_a_year, c->usd_a_year.value,
			c->usd_a_year.low, c->usd_a_year.high};
		for (size_t k = 0; k < sizeof(numbers) / sizeof(numbers[0]); k++)
			view_fact_csv(out, numbers[k]);
		buf_str(out, "\r\n");
	}
}

/* --- text --- */

static void
sums_text(struct buf *out, const struct answer *a)
{
	const struct corridor_contents *f = &a->found;
	char number[VIEW_RATE_TEXT], range[VIEW_RANGE_TEXT], of[VIEW_RATE_TEXT];
	view_field_printf(out, "taken off", "%s of %s Gbit/s %s (%s)",
			  view_fact_number(number, f->off_gbps.value),
			  view_fact_number(of, f->gbps.value),
			  a->view->note ? "as measured" : "at the peak",
			  view_fact_range(range, f->off_gbps.low, f->off_gbps.high));
	view_field_printf(out, "served near", "%.1f %% of what users take of them; now %.1f %%",
			  100 * f->local_after, 100 * f->local_before);
	view_field_printf(out, "saved", "$%s million a year (%s)%s",
			  view_fact_number(number, f->usd_a_year.value / 1e6),
			  view_fact_range(range, f->usd_a_year.low / 1e6, f->usd_a_year.high / 1e6),
			  f->estimated > 0 ? "; it rests on estimates" : "");
}

static void
rows_text(struct buf *out, const struct answer *a)
{
	static const char *const names[] = {"Gbit/s",   "hits %",  "off",    "near %",
					    "$ Mbit/s", "k$ cost", "k$/year"};
	view_cell(out, "content", NAME_COLUMNS);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		view_cell(out, names[i], -NUMBER_COLUMNS);
	view_end_line(out);
	for (size_t i = 0; i < a->view->hub->content_count; i++) {
		const struct corridor_content *c = &a->found.all[i];
		if (!a->taken[i])
			continue;
		const double numbers[] = {c->gbps.value,
					  100 * c->hits.value,
					  c->off.value,
					  100 * c->local_after,
					  c->price.value,
					  c->cost_usd_a_year / 1e3,
					  c->usd_a_year.value / 1e3};
		view_cell(out, a->view->hub->content[i].id, NAME_COLUMNS);
		for (size_t k = 0; k < sizeof(numbers) / sizeof(numbers[0]); k++)
			view_fact_cell(out, numbers[k], NUMBER_COLUMNS);
		view_end_line(out);
	}
}

static void
curve_text(struct buf *out, const struct hub_content *content)
{
	char tb[VIEW_RATE_TEXT];
	buf_str(out, "\ncache TB     hits\n");
	for (size_t i = 0; i < CURVE; i++) {
		double size, hits = curve_at(&size, content, i);
		view_cell(out, view_fact_number(tb, size), -8);
		buf_printf(out, " %6.1f %% ", 100 * hits);
		for (int k = 0; k < (int)lround(50 * hits); k++)
			buf_str(out, "#");
		buf_str(out, "\n");
	}
	buf_printf(out, "of %s TB in pieces of %.4g MB, asked for by Zipf's law with %.3g\n",
		   view_fact_number(tb, content->catalogue_tb), content->object_mb, content->zipf);
}

static void
segments_text(struct buf *out, const struct answer *a, const struct relief *all, size_t count)
{
	char range[VIEW_RANGE_TEXT];
	if (!count)
		return;
	buf_str(out, "\n");
	view_cell(out, "taken off", NAME_COLUMNS);
	view_cell(out, "Gbit/s", -NUMBER_COLUMNS);
	buf_str(out, "  between\n");
	for (size_t i = 0; i < count && i < SEGMENTS_SHOWN; i++) {
		view_cell(out, a->view->hub->segments[all[i].segment].id, NAME_COLUMNS);
		view_fact_cell(out, all[i].off.value, NUMBER_COLUMNS);
		buf_printf(out, "  %s\n", view_fact_range(range, all[i].off.low, all[i].off.high));
	}
	if (count > SEGMENTS_SHOWN)
		buf_printf(out, "and %zu more segments\n", count - SEGMENTS_SHOWN);
}

static void
answer_text(struct buf *out, const struct answer *a, const struct relief *all, size_t count)
{
	const struct hub_content *one = a->count == 1 ? &a->view->hub->content[a->one] : NULL;
	size_t unknown = 0;
	buf_str(out, "what caches near the users take off the corridor");
	view_terms_text(out, &a->terms);
	buf_str(out, "\n\n");
	sums_text(out, a);
	buf_str(out, "\n");
	rows_text(out, a);
	if (one && one->kind == HUB_CONTENT_CACHE && one->catalogue_tb > 0)
		curve_text(out, one);
	segments_text(out, a, all, count);
	for (size_t i = 0; i < a->view->hub->content_count; i++)
		unknown += a->taken[i] && a->found.all[i].state == CORRIDOR_CONTENT_UNKNOWN;
	buf_str(out, "\n");
	if (unknown)
		buf_printf(out,
			   "Of %zu the traffic is not told and not measured; --traffic gives it.\n",
			   unknown);
	view_assumed_text(out, a->view, &a->terms, assumptions);
}

int
view_corridor_content(struct buf *out, const struct view_corridor *view,
		      enum view_corridor_form form, const char *const *words, size_t count,
		      struct corridor_complaint *complaint)
{
	struct answer a = {.view = view, .arena = arena_new()};
	size_t contents = view->hub->content_count + 1, relieved = 0;
	struct relief *all = NULL;
	int result = -1;
	a.taken = a.arena ? arena_take(a.arena, contents) : NULL;
	a.told_gbps = a.arena ? arena_take(a.arena, contents * sizeof(double)) : NULL;
	if (!a.taken || !a.told_gbps)
		corridor_complain(complaint, 500, "out of memory");
	else if (take_words(&a, words, count, complaint) < 0)
		result = -1;
	else if (find(&a) < 0 || !(all = reliefs(&relieved, &a)))
		corridor_complain(complaint, 500, "%s", strerror(errno));
	else
		result = 0;
	if (result == 0 && form == VIEW_CORRIDOR_JSON)
		answer_json(out, &a, all, relieved);
	else if (result == 0 && form == VIEW_CORRIDOR_CSV)
		answer_csv(out, &a);
	else if (result == 0)
		answer_text(out, &a, all, relieved);
	arena_free(a.arena);
	return result;
}
