/* Demands that are not split, by linear programs.
 *
 * The program that may split them comes first: it is a bound, and most demands are on one way in it
 * as it is. Of the others the largest chooses first, among the ways that it has there, the one with
 * most room. With every whole demand held to its way the program is solved again: so what each gets,
 * and how those that may be split make room, is the best for these ways.
 *
 * Then it is mended: the duals say which demand would do better on which other way; one at a time is
 * put there, the program solved again, and what is better kept, until nothing helps or it has been
 * tried for long enough. That is no proof; the bound beside it says how much could be left. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_flow_parts.h"

/* How often it is tried anew, by how large a program is. */
enum { TRIES_MAX = 100, TRIES_LEAST = 4, TRIES_SIZE = 200000 };

#define SAME 1e-9

/* What a solution is judged by. */
struct score {
	double value;
	uint64_t served_bps;
};

struct whole {
	struct corridor_flow_work *work;
	const struct corridor_flow_instance *in;
	enum corridor_objective objective;
	const bool *cut;
	struct flow_ways offers; /* ways that whole demands may take */
	uint32_t *pin;           /* of each demand: its way among them; UINT32_MAX: as it likes */
	bool *tried;             /* offers since the last that was taken; room for tried_room */
	size_t tried_room;
	struct flow_ways wishes;
	double *good;
	struct score split, best;
	size_t tries;
};

static bool
is_whole(const struct whole *w, uint32_t demand)
{
	const struct corridor_flow_demand *d = &w->in->demands[demand];
	return d->whole && d->from != d->to && d->bps;
}

static struct score
score_of(const struct whole *w)
{
	const struct corridor_flow *flow = &w->work->flow;
	return (struct score){flow->value, flow->served_total_bps};
}

static bool
is_better(const struct whole *w, const struct score *x, const struct score *y)
{
	double least = SAME * fmax(fabs(x->value), fabs(y->value));
	uint64_t few = 64 + (uint64_t)(SAME * (double)w->work->flow.asked_total_bps);
	bool more = x->served_bps > y->served_bps + few,
	     fewer = y->served_bps > x->served_bps + few;
	switch (w->objective) {
	case CORRIDOR_FLOW_COST:
		return more || (!fewer && x->value < y->value - least);
	case CORRIDOR_FLOW_UTILISATION:
		return x->value < y->value - least;
	case CORRIDOR_FLOW_FAIREST:
		return x->value > y->value + least || (x->value >= y->value - least && more);
	default:
		return x->value > y->value + least;
	}
}

/* With every whole demand on its way: 0, or -1 and errno. */
static int
solve(struct whole *w, bool by_wishes, uint64_t serve_bps)
{
	struct flow_pinning pinning = {.ways = &w->offers,
				       .of = w->pin,
				       .serve_bps = serve_bps,
				       .wishes = by_wishes ? &w->wishes : NULL,
				       .good = w->good};
	flow_ways_clear(&w->wishes);
	flow_begin(w->work);
	if (flow_optimise(w->work, w->objective, w->cut, &pinning) < 0)
		return -1;
	flow_add_up(w->work);
	return 0;
}

static const uint32_t *
arcs_of(const struct flow_ways *ways, size_t way)
{
	return &ways->arcs[ways->all[way].first];
}

/* The number of the same way among the offers; their count if it is not there. */
static size_t
find_offer(const struct whole *w, uint32_t demand, const uint32_t *arcs, uint32_t count)
{
	for (size_t i = 0; i < w->offers.count; i++) {
		const struct corridor_flow_way *o = &w->offers.all[i];
		if (o->demand == demand && o->count == count &&
		    memcmp(arcs_of(&w->offers, i), arcs, count * sizeof(*arcs)) == 0)
			return i;
	}
	return w->offers.count;
}

/* How well a way does beside what is laid: what it has room for; of the utilisation how empty it
 * stays. */
static double
fit(const struct whole *w, size_t way, uint64_t bps)
{
	const uint32_t *arcs = arcs_of(&w->offers, way);
	double least = w->objective == CORRIDOR_FLOW_UTILISATION ? INFINITY : (double)bps;
	for (uint32_t i = 0; i < w->offers.all[way].count; i++) {
		double load = (double)w->work->flow.load_bps[arcs[i]];
		double capacity = (double)w->in->capacity_bps[arcs[i]];
		double here = w->objective == CORRIDOR_FLOW_UTILISATION
				      ? -(load + (double)bps) / capacity
				      : fmax(capacity - load, 0);
		least = fmin(least, here);
	}
	return least;
}

static void
put_load(const struct whole *w, size_t way, uint64_t bps, bool add)
{
	const uint32_t *arcs = arcs_of(&w->offers, way);
	for (uint32_t i = 0; i < w->offers.all[way].count; i++)
		w->work->flow.load_bps[arcs[i]] += add ? bps : -bps;
}

/* The way of one that has offers from `first` to before `end`, with what the split program has on
 * them. */
static void
choose_way(struct whole *w, size_t first, size_t end)
{
	uint64_t all = 0;
	for (size_t i = first; i < end; i++) {
		put_load(w, i, w->offers.all[i].bps, false);
		all += w->offers.all[i].bps;
	}
	size_t best = first;
	for (size_t i = first + 1; i < end; i++) {
		double here = fit(w, i, all), there = fit(w, best, all);
		if (here > there ||
		    (here == there && w->offers.all[i].bps > w->offers.all[best].bps))
			best = i;
	}
	w->pin[w->offers.all[best].demand] = (uint32_t)best;
	double fits = fit(w, best, all);
	if (w->objective != CORRIDOR_FLOW_UTILISATION && fits < (double)all)
		all = (uint64_t)fits;
	put_load(w, best, all, true);
}

static int
by_rate(const void *a, const void *b, void *demands)
{
	const struct corridor_flow_demand *all = demands;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	if (all[x].bps != all[y].bps)
		return all[x].bps > all[y].bps ? -1 : 1;
	return (x > y) - (x < y);
}

/* Offers of every whole demand: what the split program laid, or its best way if that is nothing. */
static int
take_laid(struct whole *w, uint32_t *first, uint32_t *order, size_t *count)
{
	size_t way = 0;
	*count = 0;
	for (uint32_t d = 0; d < w->in->demand_count; d++) {
		const struct flow_ways *laid = &w->work->laid;
		w->pin[d] = UINT32_MAX;
		first[d] = (uint32_t)w->offers.count;
		for (; way < laid->count && laid->all[way].demand == d; way++) {
			if (!is_whole(w, d))
				continue;
			if (flow_ways_copy(&w->offers, d, arcs_of(laid, way), laid->all[way].count))
				return -1;
			w->offers.all[w->offers.count - 1].bps = laid->all[way].bps;
		}
		if (is_whole(w, d) && first[d] == w->offers.count) {
			uint64_t cost;
			flow_costs(w->work, w->in->demands[d].class);
			if (flow_find(&w->offers, w->work, d, false, &cost) < 0)
				return -1;
		}
		if (first[d] < w->offers.count)
			order[(*count)++] = d;
	}
	first[w->in->demand_count] = (uint32_t)w->offers.count;
	return 0;
}

/* A first way for each: the largest chooses first. */
static int
choose_ways(struct whole *w)
{
	size_t demands = w->in->demand_count, count;
	uint32_t *first = calloc(demands + 1, sizeof(*first));
	uint32_t *order = calloc(demands + 1, sizeof(*order));
	flow_cut(w->work, w->cut);
	int failed = first && order ? take_laid(w, first, order, &count) : -1;
	if (!failed) {
		qsort_r(order, count, sizeof(*order), by_rate, (void *)w->in->demands);
		for (size_t i = 0; i < count; i++)
			choose_way(w, first[order[i]], first[order[i] + 1]);
	}
	free(first);
	free(order);
	return failed;
}

static int
by_good(const void *a, const void *b, void *good)
{
	const struct corridor_flow_way *x = a, *y = b;
	const double *all = good;
	if (all[x->demand] != all[y->demand])
		return all[x->demand] < all[y->demand] ? -1 : 1;
	return (x->demand < y->demand) - (x->demand > y->demand);
}

/* The wishes of the last solution become offers, the best last; all may be tried again. */
static int
take_wishes(struct whole *w)
{
	if (w->wishes.count)
		qsort_r(w->wishes.all, w->wishes.count, sizeof(*w->wishes.all), by_good, w->good);
	for (size_t i = 0; i < w->wishes.count; i++) {
		const struct corridor_flow_way *way = &w->wishes.all[i];
		const uint32_t *arcs = arcs_of(&w->wishes, i);
		if (find_offer(w, way->demand, arcs, way->count) == w->offers.count &&
		    flow_ways_copy(&w->offers, way->demand, arcs, way->count) < 0)
			return -1;
	}
	if (w->offers.count > w->tried_room) {
		bool *tried = reallocarray(w->tried, w->offers.room, sizeof(*tried));
		if (!tried)
			return -1;
		w->tried = tried;
		w->tried_room = w->offers.room;
	}
	memset(w->tried, 0, w->tried_room * sizeof(*w->tried));
	return 0;
}

/* Puts one demand elsewhere where that is better: 1; 0 if nothing is, or it was tried for long
 * enough; -1 and errno. */
static int
mend_one(struct whole *w)
{
	for (size_t i = w->offers.count; i-- > 0 && w->tries > 0;) {
		uint32_t d = w->offers.all[i].demand, before = w->pin[d];
		if (before == i || w->tried[i])
			continue;
		w->tried[i] = true;
		w->tries--;
		w->pin[d] = (uint32_t)i;
		if (solve(w, true, UINT64_MAX) < 0)
			return -1;
		struct score now = score_of(w);
		if (is_better(w, &now, &w->best)) {
			w->best = now;
			return take_wishes(w) < 0 ? -1 : 1;
		}
		w->pin[d] = before;
	}
	return 0;
}

/* What serving as much as `best` would cost if everybody could be split: a bound. */
static int
bound_cost(struct whole *w, double *bound)
{
	uint32_t *pin = w->pin;
	uint64_t served = w->best.served_bps;
	for (size_t d = 0; d < w->in->demand_count; d++)
		served -=
			w->in->demands[d].from == w->in->demands[d].to ? w->in->demands[d].bps : 0;
	w->pin = NULL;
	int failed = solve(w, false, served);
	w->pin = pin;
	*bound = w->work->flow.bound;
	return failed;
}

static int
find_best(struct whole *w)
{
	struct corridor_flow *flow = &w->work->flow;
	double bound = flow->bound;
	w->split = score_of(w);
	w->pin = calloc(w->in->demand_count + 1, sizeof(*w->pin));
	w->good = calloc(w->in->demand_count + 1, sizeof(*w->good));
	if (!w->pin || !w->good || choose_ways(w) < 0) {
		errno = ENOMEM;
		return -1;
	}
	if (solve(w, true, UINT64_MAX) < 0)
		return -1;
	w->best = score_of(w);
	size_t size = flow_arc_count(w->in) + w->in->demand_count;
	w->tries = TRIES_SIZE / size;
	w->tries = w->tries < TRIES_LEAST ? TRIES_LEAST : w->tries;
	w->tries = w->tries > TRIES_MAX ? TRIES_MAX : w->tries;
	int more = take_wishes(w) < 0 ? -1 : 1;
	while (more > 0 && is_better(w, &w->split, &w->best))
		more = mend_one(w);
	if (more < 0 || (w->objective == CORRIDOR_FLOW_COST && bound_cost(w, &bound) < 0) ||
	    solve(w, false, UINT64_MAX) < 0)
		return -1;
	flow->bound = bound;
	return 0;
}

/* True if somebody who is whole is on several ways. */
static bool
is_split(const struct whole *w)
{
	const struct flow_ways *laid = &w->work->laid;
	for (size_t i = 0; i + 1 < laid->count; i++)
		if (laid->all[i].demand == laid->all[i + 1].demand &&
		    is_whole(w, laid->all[i].demand))
			return true;
	return false;
}

int
flow_whole(struct corridor_flow_work *work, enum corridor_objective objective, const bool *cut)
{
	struct whole w = {.work = work, .in = &work->instance, .objective = objective, .cut = cut};
	if (work->splits || !is_split(&w))
		return 0;
	int failed = find_best(&w);
	flow_ways_fini(&w.offers);
	flow_ways_fini(&w.wishes);
	free(w.pin);
	free(w.good);
	free(w.tried);
	return failed;
}
