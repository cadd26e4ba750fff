/* Optimal flows by linear programs on ways, which are found as they are needed (column generation:
 * Ford and Fulkerson 1958).
 *
 * One program does for all objectives. A scalar s goes with the ways: demands ask for
 * volume + gain * s, arcs carry capacity + slope * s.
 *
 *                   volume  gain  capacity  slope  s
 *   cost, throughput  asked    0  capacity      0  none
 *   utilisation       asked    0         0  capac. the utilisation, as small as can be
 *   fairest        as settled  1  capacity      0  what the unsettled get, as large as can be
 *
 * What a demand is not served is a way over a row of its own, so that there
 * always is a solution: first that row is to carry as little as can be, then, for the least cost, no
 * more than that. One way of each demand, its key, is no column: it carries what the others
 * leave, its load stands on the right hand sides, and only that it is not below 0 is a row of its
 * own, and even that is a bound until the demand has a third way. Most demands never need a second
 * one, so the program has no more than a row per arc, whatever the number of demands (after
 * Barnhart, Hane, Johnson and Sigismondi, 1995), and of arcs only those that fill (corridor_flow_rows.c).
 *
 * With the duals of the arcs as lengths, a way that is shorter than those there are makes a better
 * solution; and whatever the lengths, the demands on their shortest ways are a bound on all
 * solutions (Lagrange). It ends when the two meet. */
#include "corridor/corridor_flow_program.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS_MAX = 2000 };

/* Where value and bound have met. */
#define CLOSE_ENOUGH 1e-9
/* By how much of its length, and by how much at least, a new way must be shorter. */
#define SHORTER       1e-9
#define SHORTER_COST  1e-12 /* where costs may be a billion times each other */
#define SHORTER_LEAST 1e-12
/* What every arc costs at least, so that of equals the way of fewer arcs is taken. */
#define HOP 1e-14
/* What counts as one of a full arc. */
#define DUAL_LEAST 1e-9
/* By how much of the mean dual an arc gets longer that is offered all it carries, and how often others
 * are looked for. */
#define CROWD 0.1

enum { BESIDE_MAX = 10 };

bool
flow_program_has_s(const struct flow_program *lp)
{
	return lp->objective == CORRIDOR_FLOW_UTILISATION || lp->objective == CORRIDOR_FLOW_FAIREST;
}

static bool
may_be_unserved(const struct flow_program *lp)
{
	return !flow_program_has_s(lp);
}

static double
arc_cost(const struct flow_program *lp, uint32_t class, uint32_t arc)
{
	if (!lp->by_cost)
		return 0;
	return (double)(lp->in->cost[class][arc / 2] >> CORRIDOR_HOP_BITS) / lp->cost_unit;
}

static double
cost_of(const struct flow_program *lp, uint32_t way)
{
	uint32_t count, class = lp->in->demands[lp->ways.all[way].demand].class;
	const uint32_t *arcs = flow_program_arcs(lp, way, &count);
	double cost = 0;
	if (lp->info[way].unserved)
		return lp->by_cost ? 0 : 1;
	for (uint32_t i = 0; i < count; i++)
		cost += arc_cost(lp, class, arcs[i]);
	return cost;
}

/* Makes the newest of `ways` one of its demand's. */
static int
enlist(struct flow_program *lp, bool unserved)
{
	uint32_t way = (uint32_t)lp->ways.count - 1;
	if (way >= lp->info_room) {
		size_t room = lp->ways.room;
		void *info = reallocarray(lp->info, room, sizeof(*lp->info));
		if (!info)
			return -1;
		lp->info = info;
		lp->info_room = room;
	}
	uint32_t demand = lp->ways.all[way].demand;
	lp->info[way] = (struct flow_program_way){
		.before = lp->demands[demand].last, .column = FLOW_NO_COLUMN, .unserved = unserved};
	lp->info[way].cost = cost_of(lp, way);
	lp->demands[demand].last = way;
	return 0;
}

/* Of a way, under the duals of now. */
static double
length_of(const struct flow_program *lp, uint32_t way)
{
	uint32_t count;
	const uint32_t *arcs = flow_program_arcs(lp, way, &count);
	double length = lp->info[way].cost;
	for (uint32_t i = 0; i < count; i++)
		length += lp->dual[arcs[i]];
	return length;
}

static bool
is_group_start(const struct flow_program *lp, size_t i)
{
	const struct corridor_flow_demand *d = &lp->in->demands[lp->order[i]];
	const struct corridor_flow_demand *e = i ? &lp->in->demands[lp->order[i - 1]] : NULL;
	return !e || d->class != e->class || d->from != e->from;
}

/* Shortest ways from the start of demand number i of the order, by cost and duals, as far as `most`.
 * The duals are the same for all of a class: lp->length_class is UINT32_MAX when they are new. */
static void
run_tree(struct flow_program *lp, size_t i, double most)
{
	const struct corridor_flow_demand *d = &lp->in->demands[lp->order[i]];
	for (uint32_t a = 0; a < lp->arcs && lp->length_class != d->class; a++)
		lp->length[a] = flow_arc_open(lp->in, d->class, a, lp->cut)
					? arc_cost(lp, d->class, a) + lp->dual[a] + lp->crowd[a]
					: INFINITY;
	lp->length_class = d->class;
	corridor_flow_tree_run(lp->tree, lp->length, d->from, most);
}

/* Appends the way to `to` that the tree has. */
static int
take_way(struct flow_ways *ways, const struct flow_program *lp, uint32_t demand)
{
	if (flow_ways_add(ways, demand) < 0)
		return -1;
	size_t first = ways->arc_count;
	uint32_t arc, site = lp->in->demands[demand].to;
	while ((arc = corridor_flow_tree_arc(lp->tree, site)) != UINT32_MAX) {
		if (flow_ways_arc(ways, arc) < 0)
			return -1;
		site = flow_arc_start(lp->in->graph, arc);
	}
	for (size_t i = first, k = ways->arc_count; i + 1 < k; i++) {
		uint32_t swap = ways->arcs[i];
		ways->arcs[i] = ways->arcs[--k];
		ways->arcs[k] = swap;
	}
	return 0;
}

/* The key of each demand that can be reached: its shortest way by the duals of now. */
int
flow_program_keys(struct flow_program *lp)
{
	lp->length_class = UINT32_MAX;
	for (size_t i = 0; i < lp->in->demand_count; i++) {
		uint32_t demand = lp->order[i];
		const struct corridor_flow_demand *d = &lp->in->demands[demand];
		struct flow_program_demand *out = &lp->demands[demand];
		*out = (struct flow_program_demand){
			.last = UINT32_MAX, .key = UINT32_MAX, .row = FLOW_NO_ROW};
		if (is_group_start(lp, i))
			run_tree(lp, i, INFINITY);
		if (d->bps == 0 || d->from == d->to ||
		    corridor_flow_tree_length(lp->tree, d->to) == INFINITY)
			continue;
		out->volume = flow_program_units(lp, d->bps);
		const struct corridor_flow_way *pin = flow_program_pin(lp, demand);
		int failed = pin ? flow_ways_copy(&lp->ways, demand,
						  &lp->pinning->ways->arcs[pin->first], pin->count)
				 : take_way(&lp->ways, lp, demand);
		if (failed || enlist(lp, false) < 0)
			return -1;
		out->key = out->last;
	}
	return 0;
}

static bool
is_open(const struct flow_program *lp, const struct corridor_flow_way *way, const uint32_t *arcs)
{
	for (uint32_t i = 0; i < way->count; i++)
		if (!flow_arc_open(lp->in, lp->in->demands[way->demand].class, arcs[i], lp->cut))
			return false;
	return true;
}

static bool
is_key(const struct flow_program *lp, const struct corridor_flow_way *way, const uint32_t *arcs)
{
	uint32_t count;
	const uint32_t *key = flow_program_arcs(lp, lp->demands[way->demand].key, &count);
	return count == way->count && memcmp(key, arcs, count * sizeof(*arcs)) == 0;
}

int
flow_program_follow(struct flow_program *lp)
{
	const struct flow_ways *lead = &lp->work->lead;
	for (size_t i = 0; i < lead->count; i++) {
		const struct corridor_flow_way *way = &lead->all[i];
		const uint32_t *arcs = &lead->arcs[way->first];
		if (lp->demands[way->demand].key == UINT32_MAX ||
		    flow_program_pin(lp, way->demand) || !is_open(lp, way, arcs) ||
		    is_key(lp, way, arcs))
			continue;
		if (flow_ways_copy(&lp->ways, way->demand, arcs, way->count) < 0 ||
		    enlist(lp, false) < 0)
			return -1;
	}
	return 0;
}

static void
read_duals(struct flow_program *lp)
{
	const double *price = lp->clp->Clp_getRowPrice(lp->model);
	double sum = 0;
	for (size_t a = 0; a < lp->arcs; a++) {
		double of_row = lp->row[a] == FLOW_NO_ROW ? 0 : price[lp->row[a]];
		lp->dual[a] = (of_row < 0 ? -of_row : 0) + HOP;
		sum += lp->dual[a] * lp->slope[a];
	}
	lp->dual[lp->arcs] = lp->by_cost && price[FLOW_LACK_ROW] < 0 ? -price[FLOW_LACK_ROW] : 0;
	/* Any duals make a bound; these make the best of their kind: s costs what it brings. */
	for (size_t a = 0; a < lp->arcs && lp->objective == CORRIDOR_FLOW_UTILISATION && sum > 0;
	     a++)
		lp->dual[a] /= sum;
}

/* The shortest of the ways that a demand has. */
static double
shortest_held(const struct flow_program *lp, const struct flow_program_demand *d)
{
	double shortest = INFINITY;
	for (uint32_t w = d->last; w != UINT32_MAX; w = lp->info[w].before)
		shortest = fmin(shortest, length_of(lp, w));
	return shortest;
}

/* Appends the way of what is not served. */
static int
add_lack(struct flow_ways *ways, const struct flow_program *lp, uint32_t demand)
{
	return flow_ways_add(ways, demand) < 0 ? -1 : flow_ways_arc(ways, (uint32_t)lp->arcs);
}

/* The newest of those offered would do so much good. */
static int
note_offer(struct flow_program *lp, double good)
{
	if (lp->offer_count >= lp->offer_room) {
		size_t room = lp->offer_room ? 2 * lp->offer_room : 256;
		void *offers = reallocarray(lp->offers, room, sizeof(*lp->offers));
		if (!offers)
			return -1;
		lp->offers = offers;
		lp->offer_room = room;
	}
	lp->offers[lp->offer_count++] =
		(struct flow_program_offer){good, (uint32_t)lp->offered.count - 1};
	return 0;
}

static int
offer(struct flow_program *lp, uint32_t demand, double good, bool unserved)
{
	if (unserved ? add_lack(&lp->offered, lp, demand) < 0
		     : take_way(&lp->offered, lp, demand) < 0)
		return -1;
	return note_offer(lp, good);
}

/* By how much a way of now must be longer than another for that to be taken in. */
static double
least_gain(const struct flow_program *lp, double held)
{
	return (lp->by_cost ? SHORTER_COST : SHORTER) * held + SHORTER_LEAST;
}

/* The shortest that each demand from number i on that has the same start and class has: d->length,
 * or what it is not served, if that is shorter. Returns the longest of those that could have a shorter
 * one; -1: none could. */
static double
look_at_held(struct flow_program *lp, size_t i)
{
	double lack = lp->dual[lp->arcs] + !lp->by_cost, longest = -1;
	for (size_t k = i; k < lp->in->demand_count && (k == i || !is_group_start(lp, k)); k++) {
		struct flow_program_demand *d = &lp->demands[lp->order[k]];
		if (d->key == UINT32_MAX)
			continue;
		d->held = shortest_held(lp, d);
		d->length = may_be_unserved(lp) ? fmin(d->held, lack) : d->held;
		if (!flow_program_pin(lp, lp->order[k]) && d->length > least_gain(lp, d->length))
			longest = fmax(longest, d->length);
	}
	return longest;
}

/* Looks for ways that are shorter than those there are, and reckons the bound. No tree is grown
 * farther than the ways that are there: what lies behind is no shorter. */
static int
price(struct flow_program *lp)
{
	double bound = 0, s_worth = lp->s_cost, reach = -1;
	lp->offer_count = lp->offered.count = lp->offered.arc_count = 0;
	lp->length_class = UINT32_MAX;
	for (size_t i = 0; i < lp->in->demand_count; i++) {
		uint32_t demand = lp->order[i];
		struct flow_program_demand *d = &lp->demands[demand];
		if (is_group_start(lp, i)) {
			reach = look_at_held(lp, i);
			if (reach >= 0)
				run_tree(lp, i, reach);
		}
		if (d->key == UINT32_MAX)
			continue;
		bool unserved = d->length < d->held;
		if (reach >= 0 && !flow_program_pin(lp, demand)) {
			double best =
				corridor_flow_tree_length(lp->tree, lp->in->demands[demand].to);
			unserved &= best >= d->length;
			d->length = fmin(d->length, best);
		}
		/* Where no tree was grown they may be shorter, by nothing worth a way. */
		double least = reach >= 0 || flow_program_pin(lp, demand) ? d->length : 0;
		bound += d->volume * least;
		s_worth += d->gain * least;
		double volume = d->volume + d->gain * (isinf(lp->s_most) ? 0 : lp->s_most);
		double gained = d->held - d->length;
		if (gained > least_gain(lp, d->held) &&
		    offer(lp, demand, volume * gained, unserved) < 0)
			return -1;
	}
	for (size_t a = 0; a < lp->arcs; a++) {
		bound -= lp->dual[a] * lp->capacity[a];
		s_worth -= lp->dual[a] * lp->slope[a];
	}
	if (lp->by_cost)
		bound -= lp->dual[lp->arcs] * lp->capacity[lp->arcs];
	if (s_worth < 0 && !isinf(lp->s_most))
		bound += s_worth * lp->s_most;
	if (bound > lp->bound)
		lp->bound = bound;
	return 0;
}

/* --- more ways than one a demand --- */

/* As many ways as are taken in at once. */
static size_t
offers_most(const struct flow_program *lp)
{
	return lp->arcs / 4 + 50;
}

/* Adds what offers from number `first` on would lay on each arc, beside what it carries: by so much of
 * what a full arc has as dual in the mean, each gets longer. */
static void
add_crowd(struct flow_program *lp, size_t first)
{
	double sum = 0;
	size_t full = 0;
	for (size_t a = 0; a < lp->arcs; a++) {
		full += lp->dual[a] > DUAL_LEAST;
		sum += lp->dual[a] > DUAL_LEAST ? lp->dual[a] : 0;
	}
	double unit = CROWD * (full ? sum / (double)full : 1);
	for (size_t o = first; o < lp->offer_count; o++) {
		const struct corridor_flow_way *w = &lp->offered.all[lp->offers[o].way];
		double volume = lp->demands[w->demand].volume;
		for (uint32_t i = 0; i < w->count; i++) {
			uint32_t arc = lp->offered.arcs[w->first + i];
			if (arc < lp->arcs && lp->capacity[arc] > 0)
				lp->crowd[arc] += unit * fmin(volume / lp->capacity[arc], 1);
		}
	}
}

/* Is the newest of those offered there twice? */
static bool
is_offered_twice(const struct flow_program *lp)
{
	const struct corridor_flow_way *all = lp->offered.all, *w = &all[lp->offered.count - 1];
	const uint32_t *arcs = lp->offered.arcs;
	for (const struct corridor_flow_way *o = all; o < w; o++)
		if (o->demand == w->demand && o->count == w->count &&
		    memcmp(arcs + o->first, arcs + w->first, w->count * sizeof(*arcs)) == 0)
			return true;
	return false;
}

/* Offers the way that the tree has, which heeds the crowd, if it is shorter without that, too, than
 * those that the demand has. */
static int
offer_beside(struct flow_program *lp, uint32_t demand)
{
	const struct flow_program_demand *d = &lp->demands[demand];
	uint32_t to = lp->in->demands[demand].to, class = lp->in->demands[demand].class;
	double length = 0;
	for (uint32_t arc; (arc = corridor_flow_tree_arc(lp->tree, to)) != UINT32_MAX;) {
		length += arc_cost(lp, class, arc) + lp->dual[arc];
		to = flow_arc_start(lp->in->graph, arc);
	}
	double gained = fmin(d->held, lp->dual[lp->arcs] + !lp->by_cost) - length;
	if (gained <= least_gain(lp, d->held))
		return 0;
	if (take_way(&lp->offered, lp, demand) < 0)
		return -1;
	if (!is_offered_twice(lp))
		return note_offer(lp, d->volume * gained);
	lp->offered.arc_count -= lp->offered.all[--lp->offered.count].count;
	return 0;
}

static int
look_once_beside(struct flow_program *lp)
{
	lp->length_class = UINT32_MAX;
	for (size_t i = 0; i < lp->in->demand_count; i++) {
		uint32_t demand = lp->order[i], to = lp->in->demands[demand].to;
		if (is_group_start(lp, i))
			run_tree(lp, i, INFINITY);
		if (lp->demands[demand].key == UINT32_MAX || flow_program_pin(lp, demand) ||
		    corridor_flow_tree_length(lp->tree, to) == INFINITY)
			continue;
		if (offer_beside(lp, demand) < 0)
			return -1;
	}
	return 0;
}

/* Where demands are few beside arcs, one way each would be little for a run of the simplex method, and
 * all would crowd into the same arcs that still have room. So others are looked for that keep out of
 * each other's way. */
static int
look_beside(struct flow_program *lp)
{
	size_t first = 0, most = offers_most(lp);
	int failed = 0;
	for (unsigned i = 0;
	     i < BESIDE_MAX && !failed && lp->offer_count > first && 2 * lp->offer_count <= most;
	     i++) {
		size_t before = lp->offer_count;
		add_crowd(lp, first);
		failed = look_once_beside(lp);
		first = before;
	}
	memset(lp->crowd, 0, lp->arcs * sizeof(*lp->crowd));
	lp->length_class = UINT32_MAX;
	return failed;
}

int
flow_program_wish(struct flow_program *lp)
{
	const struct flow_pinning *p = lp->pinning;
	lp->length_class = UINT32_MAX;
	for (size_t i = 0; i < lp->in->demand_count; i++) {
		uint32_t demand = lp->order[i];
		const struct flow_program_demand *d = &lp->demands[demand];
		if (is_group_start(lp, i))
			run_tree(lp, i, INFINITY);
		if (d->key == UINT32_MAX || !flow_program_pin(lp, demand))
			continue;
		double best = corridor_flow_tree_length(lp->tree, lp->in->demands[demand].to);
		double held = shortest_held(lp, d);
		p->good[demand] = d->volume * (held - best);
		if (held - best > SHORTER * held + SHORTER_LEAST &&
		    take_way(p->wishes, lp, demand) < 0)
			return -1;
	}
	return 0;
}

static int
by_good(const void *a, const void *b)
{
	const struct flow_program_offer *x = a, *y = b;
	if (x->good != y->good)
		return x->good > y->good ? -1 : 1;
	return (x->way > y->way) - (x->way < y->way);
}

/* Takes the best offers in. */
static int
take_offers(struct flow_program *lp)
{
	size_t most = offers_most(lp);
	uint32_t first = (uint32_t)lp->ways.count;
	qsort(lp->offers, lp->offer_count, sizeof(*lp->offers), by_good);
	for (size_t i = 0; i < lp->offer_count && i < most; i++) {
		const struct corridor_flow_way *w = &lp->offered.all[lp->offers[i].way];
		if (flow_ways_add(&lp->ways, w->demand) < 0)
			return -1;
		for (uint32_t k = 0; k < w->count; k++)
			if (flow_ways_arc(&lp->ways, lp->offered.arcs[w->first + k]) < 0)
				return -1;
		if (enlist(lp, lp->offered.arcs[w->first] == lp->arcs) < 0)
			return -1;
	}
	return flow_model_add(lp, first);
}

int
flow_program_let_unserved(struct flow_program *lp, uint32_t demand)
{
	return add_lack(&lp->ways, lp, demand) < 0 || enlist(lp, true) < 0 ? -1 : 0;
}

int
flow_program_go_by(struct flow_program *lp, bool by_cost)
{
	double *cost = calloc(lp->column_count + 1, sizeof(*cost));
	if (!cost)
		return -1;
	lp->by_cost = by_cost;
	for (uint32_t w = 0; w < lp->ways.count; w++)
		lp->info[w].cost = cost_of(lp, w);
	for (size_t c = 1; c < lp->column_count; c++) {
		uint32_t way = lp->column_way[c];
		uint32_t key = lp->demands[lp->ways.all[way].demand].key;
		cost[c] = lp->info[way].cost - lp->info[key].cost;
	}
	if (lp->model) {
		lp->clp->Clp_chgObjCoefficients(lp->model, cost);
		lp->clp->Clp_rowUpper(lp->model)[FLOW_LACK_ROW] = lp->capacity[lp->arcs];
	}
	free(cost);
	return 0;
}

static bool
has_met_bound(const struct flow_program *lp)
{
	double value = flow_program_value(lp);
	return value - lp->bound <= CLOSE_ENOUGH * fmax(fabs(value), 1e-3);
}

int
flow_program_solve(struct flow_program *lp)
{
	lp->bound = -INFINITY;
	if (!lp->model && (flow_model_begin(lp) < 0 || flow_model_add(lp, 0) < 0)) {
		errno = ENOMEM;
		return -1;
	}
	for (unsigned round = 0; round < ROUNDS_MAX; round++) {
		if (flow_model_run(lp) < 0)
			return -1;
		read_duals(lp);
		if (price(lp) < 0) {
			errno = ENOMEM;
			return -1;
		}
		if (lp->offer_count == 0 || has_met_bound(lp))
			return 0;
		if ((may_be_unserved(lp) && look_beside(lp) < 0) || take_offers(lp) < 0) {
			errno = ENOMEM;
			return -1;
		}
	}
	errno = EDOM;
	return -1;
}
