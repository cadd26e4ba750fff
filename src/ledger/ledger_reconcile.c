/* Comparing two parties' bins. Whatever counts is done in integers; what the numbers look like,
 * which nobody bills, by correlation. */
#include "ledger/ledger_reconcile.h"

#include <errno.h>
#include <math.h>
#include <string.h>

enum {
	SHIFT_HOURS = 14, /* clocks of two zones are no further apart */
	ENOUGH = 24,      /* intervals, to say what they look like */
	WORK = 10000000,
};

void
ledger_reconciliation_fini(struct ledger_reconciliation *r)
{
	ledger_series_fini(&r->series);
}

/* --- the same intervals on both sides --- */

/* The longest of the records. */
static uint32_t
length_of(struct ledger_other_bins theirs)
{
	uint32_t length_s = 0;
	for (size_t i = 0; i < theirs.count; i++)
		if (theirs.items[i].length_s > length_s)
			length_s = theirs.items[i].length_s;
	return length_s;
}

/* Our bins [first, first + count) as one. False when one of them is missing. */
static bool
add_ours(struct ledger_pair *pair, const struct ledger_series *ours, size_t first, size_t count)
{
	for (size_t i = first; i < first + count; i++) {
		if (i >= ours->count || ours->bins[i].state == TRAFFIC_MISSING)
			return false;
		if (__builtin_add_overflow(pair->our_in, ours->bins[i].in, &pair->our_in) ||
		    __builtin_add_overflow(pair->our_out, ours->bins[i].out, &pair->our_out))
			return false;
	}
	return true;
}

static bool
is_apart(uint64_t a, uint64_t b, uint32_t tolerance_bp)
{
	uint64_t larger = a > b ? a : b, smaller = a > b ? b : a;
	return (unsigned __int128)(larger - smaller) * 10000 >
	       (unsigned __int128)larger * tolerance_bp;
}

static int
count_pair(struct ledger_reconciliation *r, struct ledger_pair *p, uint32_t tolerance_bp)
{
	r->both += p->ours && p->theirs;
	r->only_ours += p->ours && !p->theirs;
	r->only_theirs += !p->ours && p->theirs;
	r->neither += !p->ours && !p->theirs;
	if (!p->ours)
		p->our_in = p->our_out = 0;
	if (!p->ours || !p->theirs)
		return 0;
	p->differs = is_apart(p->our_in, p->their_in, tolerance_bp) ||
		     is_apart(p->our_out, p->their_out, tolerance_bp);
	r->differing += p->differs;
	return __builtin_add_overflow(r->our_in, p->our_in, &r->our_in) ||
			       __builtin_add_overflow(r->our_out, p->our_out, &r->our_out) ||
			       __builtin_add_overflow(r->their_in, p->their_in, &r->their_in) ||
			       __builtin_add_overflow(r->their_out, p->their_out, &r->their_out)
		       ? -1
		       : 0;
}

static int
pair_up(struct ledger_reconciliation *r, const struct ledger_series *ours, uint32_t tolerance_bp)
{
	size_t per = r->length_s / ours->length_s;
	int64_t offset = (r->series.from.s - ours->from.s) / ours->length_s;
	for (size_t i = 0; i < r->count; i++) {
		struct ledger_pair *p = &r->pairs[i];
		const struct ledger_bin *bin = &r->series.bins[i];
		p->start = (struct utc_s){r->series.from.s + (int64_t)i * r->length_s};
		p->ours = add_ours(p, ours, (size_t)offset + i * per, per);
		p->theirs = bin->state != TRAFFIC_MISSING;
		p->their_in = bin->in;
		p->their_out = bin->out;
		if (count_pair(r, p, tolerance_bp) < 0) {
			errno = EOVERFLOW;
			return -1;
		}
	}
	return 0;
}

/* --- what they look like --- */

/* Sums of a correlation (Pearson) over values that both have. */
struct sums {
	double n, x, y, xx, yy, xy;
};

static void
add_value(struct sums *s, uint64_t a, uint64_t b)
{
	double x = (double)a, y = (double)b;
	s->n += 1;
	s->x += x;
	s->y += y;
	s->xx += x * x;
	s->yy += y * y;
	s->xy += x * y;
}

static double
correlation(const struct sums *s)
{
	double vx = s->n * s->xx - s->x * s->x, vy = s->n * s->yy - s->y * s->y;
	return s->n >= ENOUGH && vx > 0 && vy > 0 ? (s->n * s->xy - s->x * s->y) / sqrt(vx * vy)
						  : 0;
}

/* Our interval i against theirs i + shift; both directions are values of one row, so that an
 * exchange of directions shows also where each of them goes up and down with the day. */
static struct sums
sums_at(const struct ledger_reconciliation *r, int64_t shift, bool swapped)
{
	struct sums s = {0};
	int64_t count = (int64_t)r->count;
	int64_t first = shift < 0 ? -shift : 0, end = shift > 0 ? count - shift : count;
	for (int64_t i = first; i < end; i++) {
		const struct ledger_pair *a = &r->pairs[i], *b = &r->pairs[i + shift];
		if (!a->ours || !b->theirs)
			continue;
		add_value(&s, a->our_in, swapped ? b->their_out : b->their_in);
		add_value(&s, a->our_out, swapped ? b->their_in : b->their_out);
	}
	return s;
}

/* The factor that is meant by a ratio: one of those that come of units, when it is near. */
static double
factor_of(double ratio)
{
	static const double known[] = {1,          8,        0.125,     1000,     0.001,
				       1000000,    0.000001, 8000,      0.000125, 1024,
				       1.0 / 1024, 300,      1.0 / 300, 37.5,     1.0 / 37.5};
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (ratio > known[i] * 0.99 && ratio < known[i] * 1.01)
			return known[i];
	return ratio;
}

static void
resemble(struct ledger_reconciliation *r)
{
	struct ledger_resemblance *look = &r->looks_like;
	int64_t most = SHIFT_HOURS * INT64_C(3600) / r->length_s;
	/* Many short bins are not tried at all shifts: it would take minutes. */
	if (r->count && most > WORK / (int64_t)r->count)
		most = WORK / (int64_t)r->count;
	struct sums as_is = sums_at(r, 0, false), best = as_is;
	double best_fit = correlation(&best);
	*look = (struct ledger_resemblance){.as_is = best_fit, .factor = 1};
	for (int64_t shift = -most; shift <= most; shift++)
		for (int swapped = 0; swapped < 2; swapped++) {
			struct sums s = sums_at(r, shift, swapped);
			double fit = correlation(&s);
			if (fit <= best_fit || s.n < (double)r->both)
				continue;
			best_fit = fit;
			best = s;
			look->shift_s = (int32_t)(shift * r->length_s);
			look->swapped = swapped;
		}
	/* What is as it should be is not given up for a little. */
	if (best_fit <= look->as_is + 0.005) {
		look->shift_s = 0;
		look->swapped = false;
		best = as_is;
		best_fit = look->as_is;
	}
	look->as_shown = best_fit;
	look->known = best_fit >= 0.9;
	if (best.x > 0)
		look->factor = factor_of(best.y / best.x);
}

/* Records that all begin the same while after our bins (a clock that is off) are put where our bins
 * begin. */
static int
take_phase_off(struct ledger_reconciliation *r, struct arena *arena, uint32_t length_s,
	       struct ledger_other_bins *theirs)
{
	int64_t phase_s = theirs->count ? theirs->items[0].start.s % length_s : 0;
	for (size_t i = 1; i < theirs->count; i++)
		if (theirs->items[i].start.s % length_s != phase_s)
			return 0;
	if (phase_s == 0)
		return 0;
	if (phase_s * 2 > length_s)
		phase_s -= length_s;
	struct ledger_other_bin *moved = arena_take(arena, theirs->count * sizeof(*moved));
	if (!moved)
		return -1;
	for (size_t i = 0; i < theirs->count; i++) {
		moved[i] = theirs->items[i];
		moved[i].start.s -= phase_s;
	}
	theirs->items = moved;
	r->phase_s = (int32_t)phase_s;
	return 0;
}

int
ledger_reconcile(struct ledger_reconciliation *out, struct arena *arena,
		 const struct ledger_series *ours, struct ledger_other_bins theirs,
		 uint32_t tolerance_bp)
{
	struct ledger_reconciliation r = {.length_s = length_of(theirs)};
	if (r.length_s < ours->length_s)
		r.length_s = ours->length_s;
	bool fit = r.length_s % ours->length_s == 0;
	for (size_t i = 0; i < theirs.count && fit; i++)
		fit = r.length_s % theirs.items[i].length_s == 0;
	if (!fit) {
		errno = EINVAL;
		return -1;
	}
	struct utc_s to = {ours->from.s + (int64_t)ours->count * ours->length_s};
	if (take_phase_off(&r, arena, length_of(theirs), &theirs) < 0) {
		errno = ENOMEM;
		return -1;
	}
	if (ledger_series_init(&r.series, ours->from, to, r.length_s) < 0)
		return -1;
	ledger_series_fill(&r.series, theirs);
	r.count = r.series.count;
	r.pairs = arena_take(arena, (r.count + 1) * sizeof(*r.pairs));
	if (!r.pairs || pair_up(&r, ours, tolerance_bp) < 0) {
		ledger_series_fini(&r.series);
		errno = r.pairs ? EOVERFLOW : ENOMEM;
		return -1;
	}
	resemble(&r);
	*out = r;
	return 0;
}
