/* Which amplifier stands where. */
#include <math.h>
#include <string.h>

#include "corridor/corridor_optics_build.h"

static const double below_min_db = 3; /* how far below its lowest gain one may be planned */
static const double alike_db = 0.3;   /* of power: then noise decides */

static bool
is_allowed(const struct corridor_amplifier *a, const struct corridor_wish *wish)
{
	if (a->noise == CORRIDOR_NOISE_BANDS)
		return false;
	if (a->high_hz > 0 && (a->low_hz > wish->low_hz || a->high_hz < wish->high_hz))
		return false;
	if (a->raman && (!wish->raman || !a->for_design))
		return false;
	if (wish->allowed_count == 0)
		return a->for_design;
	for (size_t i = 0; i < wish->allowed_count; i++)
		if (strcmp(wish->allowed[i], a->id) == 0)
			return true;
	return false;
}

/* What it would have of power above what is asked for. */
static double
spare_db(const struct corridor_amplifier *a, const struct corridor_wish *wish)
{
	double in_dbm = wish->power_dbm - wish->gain_db;
	return fmin(in_dbm + a->gain_max_db + wish->beyond_db, a->power_max_dbm) - wish->power_dbm;
}

static bool
gain_fits(const struct corridor_amplifier *a, const struct corridor_wish *wish)
{
	/* Light cannot be attenuated before Raman amplification. */
	double below = a->raman ? 0 : below_min_db;
	return wish->gain_db + below > a->gain_min_db;
}

/* Of a usual input. */
static double
usual_noise_db(const struct corridor_amplifier *a, double gain_db)
{
	struct corridor_input input = {0, 88, 50e9};
	double padding;
	return corridor_amplifier_noise_db(a, gain_db, &input, &padding);
}

const struct corridor_amplifier *
corridor_amplifier_choose(const struct corridor_equipment *e, const struct corridor_wish *wish,
			  double *short_db)
{
	const struct corridor_amplifier *best = NULL;
	double most = -INFINITY, least_noise = INFINITY;
	bool any_fits = false;
	for (size_t i = 0; i < e->amplifier_count; i++)
		any_fits |=
			is_allowed(&e->amplifiers[i], wish) && gain_fits(&e->amplifiers[i], wish);
	/* If the gain is too small for all, all but Raman amplifiers attenuate first. */
	for (size_t i = 0; i < e->amplifier_count; i++) {
		const struct corridor_amplifier *a = &e->amplifiers[i];
		if (is_allowed(a, wish) && (any_fits ? gain_fits(a, wish) : !a->raman))
			most = fmax(most, spare_db(a, wish));
	}
	double enough = most > 0 ? 0 : most - alike_db;
	for (size_t i = 0; i < e->amplifier_count; i++) {
		const struct corridor_amplifier *a = &e->amplifiers[i];
		if (!is_allowed(a, wish) || !(any_fits ? gain_fits(a, wish) : !a->raman) ||
		    !(spare_db(a, wish) > enough))
			continue;
		double noise = usual_noise_db(a, wish->gain_db);
		if (!best || noise < least_noise) {
			best = a;
			least_noise = noise;
		}
	}
	if (best)
		*short_db = fmin(spare_db(best, wish), 0);
	return best;
}
