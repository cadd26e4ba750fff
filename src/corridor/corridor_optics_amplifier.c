/* Amplifiers. The models are those that planners share: two coils (OOPT/GNPy, "estimate_nf_model"),
 * OpenROADM MSA's polynomials, and the gain over the band by the dynamic gain tilt (JLT 18(3),
 * 2000). */
#include "corridor/corridor_optics_amplifier.h"

#include <assert.h>
#include <math.h>

#include "corridor/corridor_optics.h"

static const double coil_gap_db = 5;     /* usual: the first coil's gain below the whole */
static const double openroadm_hz = 50e9; /* what its powers are of */
static const double quantum_dbm = -58;   /* h f in 0.1 nm, as OpenROADM rounds it */
static const double noise_most_db = 100;
static const double flat_enough_db = 0.05; /* less ripple is not worked out */
static const double gain_tolerance_db = 1e-11;

static bool
about(double a, double b)
{
	return fabs(a - b) <= 0.01;
}

bool
corridor_amplifier_two_stages(struct corridor_amplifier *a)
{
	double gap = coil_gap_db, range = a->gain_max_db - a->gain_min_db;
	double high = a->gain_max_db - gap, low = a->gain_min_db - range - gap;
	double second =
		corridor_to_db((corridor_from_db(a->nf_min_db) - corridor_from_db(a->nf_max_db)) /
			       (corridor_from_db(-high) - corridor_from_db(-low)));
	double first = corridor_to_db(corridor_from_db(a->nf_min_db) -
				      corridor_from_db(second) / corridor_from_db(high));
	if (!(first >= 4))
		return false;
	/* Coils of one amplifier are much alike. */
	if (!(second > first + 0.3 && second < first + 2)) {
		second = fmin(fmax(second, first + 0.3), first + 2);
		high = corridor_to_db(corridor_from_db(second) /
				      (corridor_from_db(a->nf_min_db) - corridor_from_db(first)));
		gap = a->gain_max_db - high;
		low = a->gain_min_db - range - gap;
		if (!(gap > 1 && gap < 11))
			return false;
	}
	a->first_nf_db = first;
	a->second_nf_db = second;
	a->between_db = gap;
	double noise = corridor_from_db(first), behind = corridor_from_db(second);
	return about(a->nf_min_db, corridor_to_db(noise + behind / corridor_from_db(high))) &&
	       about(a->nf_max_db, corridor_to_db(noise + behind / corridor_from_db(low)));
}

static double
polynomial(const struct corridor_amplifier *a, double x)
{
	double sum = 0;
	for (size_t i = 0; i < a->coefficient_count; i++)
		sum = sum * x + a->coefficients[i];
	return sum;
}

/* Polynomials know no end; amplifiers do. */
static double
bounded(double noise_db)
{
	return fmin(fmax(noise_db, -noise_most_db), noise_most_db);
}

/* Of one amplifier at a gain within its range, `below` the highest one. */
static double
model_db(const struct corridor_amplifier *a, double gain_db, double below_db,
	 const struct corridor_input *input)
{
	double channel_dbm = input->total_dbm - corridor_to_db(input->channels) +
			     corridor_to_db(openroadm_hz / input->slot_hz);
	switch (a->noise) {
	case CORRIDOR_NOISE_FIXED:
		return a->nf_db;
	case CORRIDOR_NOISE_TWO_STAGES:
		return corridor_to_db(
			corridor_from_db(a->first_nf_db) +
			corridor_from_db(a->second_nf_db - (gain_db - a->between_db - below_db)));
	case CORRIDOR_NOISE_POLYNOMIAL:
		return bounded(polynomial(a, -below_db));
	case CORRIDOR_NOISE_OPENROADM:
		return bounded(channel_dbm - polynomial(a, channel_dbm) - quantum_dbm);
	case CORRIDOR_NOISE_OPENROADM_PREAMP:
		return bounded(channel_dbm - fmin((4 * channel_dbm + 275) / 7, 33) - quantum_dbm);
	case CORRIDOR_NOISE_OPENROADM_BOOSTER:
		return -INFINITY;
	case CORRIDOR_NOISE_PAIR:
	case CORRIDOR_NOISE_BANDS:
		break;
	}
	assert(!"an amplifier of one stage");
	return NAN;
}

static double
single_db(const struct corridor_amplifier *a, double gain_db, const struct corridor_input *input,
	  double *padding_db)
{
	double padding = fmax(a->gain_min_db - gain_db, 0), gain = gain_db + padding;
	*padding_db = padding;
	return model_db(a, gain, fmax(a->gain_max_db - gain, 0), input) + padding;
}

double
corridor_amplifier_noise_db(const struct corridor_amplifier *a, double gain_db,
			    const struct corridor_input *input, double *padding_db)
{
	if (a->noise != CORRIDOR_NOISE_PAIR)
		return single_db(a, gain_db, input, padding_db);
	/* The preamp works at its highest gain, the booster does the rest. */
	double first_gain = a->preamp->gain_max_db;
	double first = single_db(a->preamp, first_gain, input, padding_db);
	double second = single_db(a->booster, gain_db - first_gain, input, padding_db);
	*padding_db = 0;
	return corridor_to_db(corridor_from_db(first) + corridor_from_db(second - first_gain));
}

static double
curve_or(const struct corridor_curve *curve, double frequency_hz, double otherwise)
{
	return curve->count ? corridor_curve_at(curve, frequency_hz) : otherwise;
}

/* The channels being amplified, and how the gain may lie over them. */
struct profile {
	const struct corridor_amplifier *amplifier;
	const struct corridor_light *light;
	size_t from, to;
	double tilt[CORRIDOR_CHANNELS_MAX];  /* dynamic gain tilt at each */
	double shape[CORRIDOR_CHANNELS_MAX]; /* dB */
};

/* Decibels over all channels together, with `x` times the tilt added to the shape. */
static double
mean_gain_db(const struct profile *p, double x)
{
	double in = 0, out = 0;
	for (size_t i = p->from; i < p->to; i++) {
		double power = corridor_light_channel_w(p->light, i);
		in += power;
		out += power * corridor_from_db(p->shape[i] + p->tilt[i] * x);
	}
	return corridor_to_db(out / in);
}

/* How the gain of erbium usually moves over an amplifier's band, from its red to its blue end, in
 * equal steps: what stands for a tilt curve that is not known. */
static double
usual_tilt(double part)
{
	static const double steps[] = {1.000, 1.090, 1.187, 1.265, 1.316, 1.398, 1.460,
				       1.495, 1.535, 1.599, 1.706, 1.746, 1.788, 1.836,
				       1.925, 2.055, 2.272, 2.499, 2.652, 2.715};
	enum { LAST = sizeof(steps) / sizeof(steps[0]) - 1 };
	double at = fmin(fmax(part, 0), 1) * LAST;
	size_t below = at >= LAST ? LAST - 1 : (size_t)at;
	return steps[below] + (steps[below + 1] - steps[below]) * (at - (double)below);
}

/* The slope of the tilt curve over the channels by least squares, 1/Hz. */
static double
tilt_slope(const struct profile *p)
{
	double n = (double)(p->to - p->from), f = 0, t = 0, ff = 0, ft = 0;
	for (size_t i = p->from; i < p->to; i++) {
		f += p->light->frequency_hz[i] / n;
		t += p->tilt[i] / n;
	}
	for (size_t i = p->from; i < p->to; i++) {
		double df = p->light->frequency_hz[i] - f;
		ff += df * df;
		ft += df * (p->tilt[i] - t);
	}
	return ff > 0 ? ft / ff : 0;
}

/* The shape before it is driven: ripple, and the tilt that is asked for. */
static void
first_shape(struct profile *p, double tilt_db)
{
	const struct corridor_amplifier *a = p->amplifier;
	double width_hz = a->high_hz - a->low_hz, slope = 0;
	for (size_t i = p->from; i < p->to; i++)
		p->tilt[i] = curve_or(
			&a->tilt, p->light->frequency_hz[i],
			width_hz > 0
				? usual_tilt((p->light->frequency_hz[i] - a->low_hz) / width_hz)
				: 1);
	if (tilt_db != 0 && width_hz > 0) {
		double unit = tilt_slope(p);
		slope = unit != 0 ? -tilt_db / width_hz / unit : 0;
	}
	for (size_t i = p->from; i < p->to; i++)
		p->shape[i] = curve_or(&a->gain_ripple_db, p->light->frequency_hz[i], 0) +
			      p->tilt[i] * slope;
}

static double
ripple_of(const struct profile *p)
{
	double low = INFINITY, high = -INFINITY;
	for (size_t i = p->from; i < p->to; i++) {
		low = fmin(low, p->shape[i]);
		high = fmax(high, p->shape[i]);
	}
	return high - low;
}

/* How far the dynamic tilt has to go for the mean gain to be `gain_db`: one step of a secant from
 * the estimate, on the side where it is. */
static double
driven(const struct profile *p, double gain_db, double ripple_db)
{
	double middle = gain_db - mean_gain_db(p, 0), there = mean_gain_db(p, middle);
	if (fabs(gain_db - there) <= gain_tolerance_db)
		return middle;
	double side = gain_db < there ? middle - ripple_db : middle + ripple_db;
	double slope = (there - mean_gain_db(p, side)) / (middle - side);
	return middle + (gain_db - there) / slope;
}

/* Gain of each channel into p->shape, dB. */
static void
shape_gain(struct profile *p, double gain_db, double tilt_db)
{
	first_shape(p, tilt_db);
	double ripple = ripple_of(p), mean = 0;
	for (size_t i = p->from; i < p->to; i++)
		mean += corridor_from_db(p->shape[i]) / (double)(p->to - p->from);
	/* The attenuator between the stages brings the plain mean to what is asked for. */
	double voa = corridor_to_db(mean) - gain_db;
	for (size_t i = p->from; i < p->to; i++)
		p->shape[i] -= voa;
	if (ripple <= flat_enough_db)
		return;
	double x = driven(p, gain_db, ripple);
	for (size_t i = p->from; i < p->to; i++)
		p->shape[i] += p->tilt[i] * x;
}

static void
scale(struct corridor_light *light, size_t i, double factor)
{
	light->signal_w[i] *= factor;
	light->ase_w[i] *= factor;
	light->nli_w[i] *= factor;
}

static double
sum_dbm(const struct corridor_light *light, size_t from, size_t to)
{
	double sum = 0;
	for (size_t i = from; i < to; i++)
		sum += corridor_light_channel_w(light, i);
	return corridor_to_dbm(sum);
}

void
corridor_amplify(struct corridor_light *light, size_t from, size_t to,
		 const struct corridor_amplifier *a, struct corridor_amplified *set)
{
	assert(from < to && to <= light->count);
	struct profile p = {.amplifier = a, .light = light, .from = from, .to = to};
	double slots = 0, noise = 0, count = (double)(to - from);
	for (size_t i = from; i < to; i++) {
		scale(light, i, corridor_from_db(-set->in_voa_db));
		slots += light->slot_hz[i];
	}
	set->in_dbm = sum_dbm(light, from, to);
	set->gain_db = fmin(set->gain_db, a->power_max_dbm - set->in_dbm);
	struct corridor_input input = {set->in_dbm, count, slots / count};
	double mean = corridor_amplifier_noise_db(a, set->gain_db, &input, &set->padding_db);
	shape_gain(&p, set->gain_db, set->tilt_db);
	for (size_t i = from; i < to; i++) {
		double f = light->frequency_hz[i];
		double noise_db = mean + curve_or(&a->noise_ripple_db, f, 0);
		noise += noise_db / count;
		light->ase_w[i] += corridor_amplifier_noise_w(noise_db, f, light->baud_hz[i]);
		scale(light, i, corridor_from_db(p.shape[i]));
		light->pmd_ps2[i] += a->pmd_ps * a->pmd_ps;
		light->pdl_db2[i] += a->pdl_db * a->pdl_db;
	}
	set->noise_db = noise;
	set->out_dbm = sum_dbm(light, from, to);
	for (size_t i = from; i < to; i++)
		scale(light, i, corridor_from_db(-set->out_voa_db));
}
