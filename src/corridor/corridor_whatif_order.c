/* In which order to mend what is cut. */
#include <assert.h>
#include <errno.h>
#include <math.h>

#include "corridor/corridor_whatif_parts.h"

struct mending {
	struct corridor_whatif *w;
	const struct corridor_named *names;
	size_t count;
	struct corridor_named *left; /* scratch */
	double *hours;               /* of each name */
};

/* What is lost as long as those of `names` are down that are not mended. 0, or -1 without memory. */
static int
cut_rest(struct corridor_consequence *out, struct mending *m, const bool *mended)
{
	size_t count = 0;
	for (size_t i = 0; i < m->count; i++)
		if (!mended[i])
			m->left[count++] = m->names[i];
	return corridor_whatif_cut(out, m->w, m->left, count);
}

/* By what sets that are not mended are compared: Gbit/s lost as told and, where that makes no
 * difference, what may be lost. NAN without memory. */
static double
lost_without(struct mending *m, const bool *mended)
{
	const double tie = 1e-12;
	struct corridor_consequence c;
	if (cut_rest(&c, m, mended) < 0)
		return NAN;
	return (double)c.lost_bps / 1e9 + tie * c.lost.high;
}

/* The best of all orders: for each set that is mended first, the least that can be lost until it
 * is, from the sets with one less. */
static int
order_best(uint32_t *order, struct mending *m)
{
	enum { SETS = 1 << CORRIDOR_WHATIF_ORDER_MAX };
	double least[SETS];
	uint32_t last[SETS] = {0};
	size_t sets = (size_t)1 << m->count;
	least[0] = 0;
	for (size_t set = 1; set < sets; set++)
		least[set] = INFINITY;
	for (size_t set = 0; set + 1 < sets; set++) {
		bool mended[CORRIDOR_WHATIF_ORDER_MAX] = {0};
		for (size_t i = 0; i < m->count; i++)
			mended[i] = set >> i & 1;
		double lost = lost_without(m, mended);
		if (isnan(lost))
			return -1;
		for (uint32_t i = 0; i < m->count; i++) {
			double then = least[set] + lost * m->hours[i];
			size_t next = set | (size_t)1 << i;
			if (mended[i] || then >= least[next])
				continue;
			least[next] = then;
			last[next] = i;
		}
	}
	for (size_t at = m->count, set = sets - 1; at > 0; set ^= (size_t)1 << order[at])
		order[--at] = last[set];
	return 0;
}

static int
order_greedy(uint32_t *order, struct mending *m, bool *mended)
{
	double lost = lost_without(m, mended);
	for (size_t at = 0; at < m->count && !isnan(lost); at++) {
		double best = -1, best_lost = lost;
		for (uint32_t i = 0; i < m->count; i++) {
			if (mended[i])
				continue;
			mended[i] = true;
			double then = lost_without(m, mended);
			mended[i] = false;
			if (isnan(then))
				return -1;
			double rate = (lost > then ? lost - then : 0) / m->hours[i];
			if (rate <= best)
				continue;
			best = rate;
			best_lost = then;
			order[at] = i;
		}
		lost = best_lost;
		mended[order[at]] = true;
	}
	return isnan(lost) ? -1 : 0;
}

/* What an order loses until all is mended. */
static int
add_up(struct corridor_range *out, struct mending *m, const uint32_t *order, bool *mended)
{
	struct corridor_range sum = {0};
	for (size_t i = 0; i < m->count; i++)
		mended[i] = false;
	for (size_t at = 0; at < m->count; at++) {
		struct corridor_consequence c;
		if (cut_rest(&c, m, mended) < 0)
			return -1;
		sum.value += c.lost.value * m->hours[order[at]];
		sum.low += c.lost.low * m->hours[order[at]];
		sum.high += c.lost.high * m->hours[order[at]];
		mended[order[at]] = true;
	}
	*out = sum;
	return 0;
}

int
corridor_whatif_order(uint32_t *order, struct corridor_range *gbit_hours,
		      struct corridor_whatif *whatif, const struct corridor_named *names,
		      size_t count)
{
	assert(order && gbit_hours && whatif && names && count > 0);
	struct mending m = {.w = whatif, .names = names, .count = count};
	struct arena *arena = arena_new();
	bool *mended = arena ? arena_take(arena, count) : NULL;
	m.left = arena ? arena_take(arena, count * sizeof(*m.left)) : NULL;
	m.hours = arena ? arena_take(arena, count * sizeof(*m.hours)) : NULL;
	int failed = mended && m.left && m.hours ? 0 : ENOMEM;
	for (size_t i = 0; i < count && !failed; i++) {
		m.hours[i] = names[i].index == HUB_NONE
				     ? NAN
				     : corridor_whatif_outage(whatif->plan, names[i]).hours;
		failed = m.hours[i] > 0 ? 0 : EDOM;
	}
	if (!failed &&
	    ((count <= CORRIDOR_WHATIF_ORDER_MAX ? order_best(order, &m)
						 : order_greedy(order, &m, mended)) < 0 ||
	     add_up(gbit_hours, &m, order, mended) < 0))
		failed = ENOMEM;
	arena_free(arena);
	errno = failed;
	return failed ? -1 : 0;
}
