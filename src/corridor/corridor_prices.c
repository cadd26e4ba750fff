/* The price map, by cheapest ways from one more site, the root, that stands for wherever transit is
 * made:
 *
 *   root ──(price told at a site)──► site ──(segment)──► site ──(row between two places)──► site
 *
 * The cheapest way from the root to a site is its price. */
#include "corridor/corridor_prices.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <strings.h>

#include "corridor/corridor_price.h"
#include "corridor/corridor_search.h"

#define YEAR_S (365.25 * 86400)

/* What the rows tell: of a site (a is the root) or between two. */
struct edge {
	uint32_t a, b;
	uint32_t row;
};

struct map {
	const struct corridor_prices_ask *ask;
	uint32_t root;
	struct edge *edges; /* one for each thing that rows tell of */
	size_t edge_count;
	struct corridor_fact *facts; /* of segments, then of edges */
	uint64_t *open;              /* of segments: closed, or not */
	uint64_t *cost;              /* of segments, then of edges */
	struct corridor_graph *graph;
	struct corridor_search *search;
};

/* --- rows --- */

static bool
names_transit(const char *product)
{
	for (const char *c = product ? product : ""; *c; c++)
		if (strncasecmp(c, "transit", 7) == 0)
			return true;
	return false;
}

static int
by_ends(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;
	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	if (x->b != y->b)
		return x->b < y->b ? -1 : 1;
	return x->row < y->row ? -1 : 1;
}

static bool
closes_any(const struct corridor_conditions *c)
{
	size_t count = c ? c->avoid_site_count + c->without_count : 0;
	for (int class = 0; c && class < CORRIDOR_CLASSES; class ++)
		count += c->avoid_count[class];
	return count > 0;
}

/* Sorted, and of those for one thing the one that holds on the day. */
static void
choose_rows(struct map *m)
{
	const struct hub_corridor_price *rows = m->ask->plan->hub->prices;
	size_t kept = 0;
	qsort(m->edges, m->edge_count, sizeof(*m->edges), by_ends);
	for (size_t i = 0; i < m->edge_count; i++) {
		struct edge *last = kept ? &m->edges[kept - 1] : NULL;
		const struct edge *e = &m->edges[i];
		if (!last || last->a != e->a || last->b != e->b)
			m->edges[kept++] = *e;
		else if (corridor_price_better(&rows[last->row], &rows[e->row],
					       m->ask->plan->day.at) == &rows[e->row])
			last->row = e->row;
	}
	m->edge_count = kept;
}

static void
take_rows(struct map *m)
{
	const struct hub *hub = m->ask->plan->hub;
	bool closed = closes_any(m->ask->conditions);
	for (uint32_t i = 0; i < hub->price_count; i++) {
		const struct hub_corridor_price *row = &hub->prices[i];
		struct edge edge = {m->root, row->at, i};
		if (row->at == HUB_NONE && row->from != HUB_NONE && row->to != HUB_NONE) {
			edge.b = row->to;
			if (!names_transit(row->product)) {
				edge.a = row->from < row->to ? row->from : row->to;
				edge.b = row->from < row->to ? row->to : row->from;
			}
		}
		if (edge.b != HUB_NONE && (edge.a == m->root || !closed))
			m->edges[m->edge_count++] = edge;
	}
	choose_rows(m);
}

/* --- the graph --- */

static struct corridor_fact
until_the_day(const struct map *m, struct corridor_fact price, struct utc_s of)
{
	const struct corridor_plan *plan = m->ask->plan;
	double years = (double)(plan->day.at.s - m->ask->now.s) / YEAR_S;
	if (of.s || years <= 0)
		return price;
	return corridor_price_eroded(price, plan->hub->corridor.erosion_percent, years);
}

static int
build(struct map *m)
{
	const struct corridor_plan *plan = m->ask->plan;
	const struct hub *hub = plan->hub;
	size_t segments = hub->segment_count, count = segments + m->edge_count;
	struct corridor_ends *ends = calloc(count + 1, sizeof(*ends));
	m->facts = calloc(count + 1, sizeof(*m->facts));
	m->cost = calloc(count + 1, sizeof(*m->cost));
	if (!ends || !m->facts || !m->cost) {
		free(ends);
		errno = ENOMEM;
		return -1;
	}
	for (size_t s = 0; s < segments; s++) {
		const struct corridor_segment *segment = &plan->segments[s];
		ends[s] = plan->graph->ends[s];
		m->facts[s] = until_the_day(m, segment->price, segment->priced);
	}
	for (size_t e = 0; e < m->edge_count; e++) {
		const struct hub_corridor_price *row = &hub->prices[m->edges[e].row];
		ends[segments + e] = (struct corridor_ends){m->edges[e].a, m->edges[e].b};
		m->facts[segments + e] = until_the_day(
			m, corridor_price_on(row, hub->corridor.erosion_percent, plan->day.at),
			row->when);
	}
	m->graph = corridor_graph_new(hub->site_count + 1, ends, count);
	free(ends);
	m->search = m->graph ? corridor_search_new(m->graph) : NULL;
	return m->search ? 0 : -1;
}

enum end { VALUE, LOW, HIGH };

static void
search(struct map *m, enum end end)
{
	size_t segments = m->ask->plan->hub->segment_count;
	for (size_t i = 0; i < segments + m->edge_count; i++) {
		const struct corridor_fact *f = &m->facts[i];
		double price = end == VALUE ? f->value : end == LOW ? f->low : f->high;
		m->cost[i] = i < segments && m->open[i] == CORRIDOR_CLOSED
				     ? CORRIDOR_CLOSED
				     : corridor_plan_cost_of_price(price);
	}
	corridor_search_run(m->search, m->cost, m->root, HUB_NONE);
}

/* --- reading it --- */

/* The way back to the root: what it adds up to, and where it begins. */
static void
take_way(const struct map *m, struct corridor_site_price *out, uint32_t site)
{
	size_t segments = m->ask->plan->hub->segment_count;
	if (corridor_search_cost(m->search, site) == CORRIDOR_CLOSED) {
		out->price = (struct corridor_grounds){.value = NAN, .low = NAN, .high = NAN};
		return;
	}
	for (uint32_t at = site; at != m->root; at = corridor_search_before(m->search, at)) {
		uint32_t by = corridor_search_segment(m->search, at);
		corridor_grounds_add(&out->price, &m->facts[by], 1);
		if (corridor_search_before(m->search, at) == m->root) {
			out->from = at;
			out->row = m->edges[by - segments].row;
		} else {
			out->steps++;
		}
	}
}

/* Costs are rounded up to millionths, so that a bound may come to lie on the wrong side. */
static void
take_bound(const struct map *m, struct corridor_grounds *price, uint32_t site, enum end end)
{
	if (isnan(price->value))
		return;
	double usd = (double)(corridor_search_cost(m->search, site) >> CORRIDOR_HOP_BITS) / 1e6;
	if (end == LOW)
		price->low = fmin(fmin(price->low, usd), price->value);
	else
		price->high = fmax(fmin(price->high, usd), price->value);
}

static void
take_told(const struct map *m, struct corridor_site_price *out)
{
	const struct hub *hub = m->ask->plan->hub;
	for (size_t e = 0; e < m->edge_count; e++) {
		if (m->edges[e].a != m->root)
			continue;
		out[m->edges[e].b].told = m->facts[hub->segment_count + e];
		out[m->edges[e].b].told_row = m->edges[e].row;
	}
}

static void
read_map(struct map *m, struct corridor_site_price *out)
{
	uint32_t sites = (uint32_t)m->ask->plan->hub->site_count;
	corridor_plan_costs(m->open, m->ask->plan, m->ask->conditions, CORRIDOR_BY_HOPS);
	search(m, VALUE);
	for (uint32_t i = 0; i < sites; i++) {
		out[i] = (struct corridor_site_price){
			.row = HUB_NONE,
			.from = HUB_NONE,
			.told = {.value = NAN, .low = NAN, .high = NAN},
			.told_row = HUB_NONE,
		};
		take_way(m, &out[i], i);
	}
	search(m, LOW);
	for (uint32_t i = 0; i < sites; i++)
		take_bound(m, &out[i].price, i, LOW);
	search(m, HIGH);
	for (uint32_t i = 0; i < sites; i++)
		take_bound(m, &out[i].price, i, HIGH);
	take_told(m, out);
}

int
corridor_prices_of(struct corridor_site_price *out, const struct corridor_prices_ask *ask)
{
	assert(ask && ask->plan && (out || ask->plan->hub->site_count == 0));
	const struct hub *hub = ask->plan->hub;
	struct map m = {
		.ask = ask,
		.root = (uint32_t)hub->site_count,
		.edges = calloc(hub->price_count + 1, sizeof(*m.edges)),
		.open = calloc(hub->segment_count + 1, sizeof(*m.open)),
	};
	int result = -1;
	errno = ENOMEM;
	if (m.edges && m.open) {
		take_rows(&m);
		result = build(&m);
	}
	if (result == 0)
		read_map(&m, out);
	int failed = errno;
	corridor_search_free(m.search);
	corridor_graph_free(m.graph);
	free(m.edges);
	free(m.facts);
	free(m.open);
	free(m.cost);
	errno = failed;
	return result;
}
