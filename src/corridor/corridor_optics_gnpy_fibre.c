/* Fibre as GNPy's files describe it. Its units are metre, second and hertz, but decibel per km. */
#include <math.h>

#include "corridor/corridor_optics_gnpy_parts.h"

static const double light_m_per_s = 299792458;
static const double kerr_m2_per_w = 2.6e-20;
static const double usual_wavelength_m = 1550e-9;

static const struct corridor_gnpy_range hertz = {100e12, 300e12};
/* Below a hundredth of what a dispersion-shifted fibre has, four channels mix and no formula of
 * Gaussian noise holds. */
static const double dispersion_min = 1e-7, dispersion_max = 1e-4;
static const struct corridor_gnpy_range dispersion = {-1e-4, 1e-4};
static const struct corridor_gnpy_range area = {10e-12, 300e-12};
static const struct corridor_gnpy_range loss = {0.01, 10};

static bool
disperses(double value)
{
	return fabs(value) >= dispersion_min && fabs(value) <= dispersion_max;
}

struct points {
	const char *what, *frequency_key, *value_key;
	double low, high;
};

/* Frequencies have to rise; *at is where the next point goes. */
static void
take_point(struct corridor_gnpy_reader *r, double *frequencies, double *values, size_t at,
	   const struct points *points)
{
	if (!(frequencies[at] >= hertz.low && frequencies[at] <= hertz.high))
		corridor_gnpy_fail(r, "%s: a frequency of %g Hz", points->what, frequencies[at]);
	if (at && frequencies[at] <= frequencies[at - 1])
		corridor_gnpy_fail(r, "%s: frequencies have to rise", points->what);
	if (!(fabs(values[at]) >= points->low && fabs(values[at]) <= points->high))
		corridor_gnpy_fail(r, "%s: found %g, expected %g to %g", points->what, values[at],
				   points->low, points->high);
}

/* [{frequency, value}, ...], or {frequency: [...], value: [...]} as it was before. */
static struct corridor_curve
curve(struct corridor_gnpy_reader *r, const struct json_value *from, const struct points *points)
{
	struct corridor_curve out = {0};
	bool pairs = from->type == JSON_ARRAY;
	const struct json_value *f =
		pairs ? from->first : json_read_first(json_read_get(from, "frequency"));
	const struct json_value *v = pairs ? NULL : json_read_first(json_read_get(from, "value"));
	size_t count = pairs ? corridor_gnpy_length(from)
			     : corridor_gnpy_length(json_read_get(from, "frequency"));
	double *frequencies = corridor_gnpy_take(r, 2 * (count + 1) * sizeof(*frequencies));
	double *values = frequencies ? frequencies + count + 1 : NULL;
	if (count == 0)
		corridor_gnpy_fail(r, "%s: no points", points->what);
	for (size_t i = 0; i < count && !r->failed; i++, f = f->next, v = v ? v->next : NULL) {
		const struct json_value *x = pairs ? json_read_get(f, points->frequency_key) : f;
		const struct json_value *y = pairs ? json_read_get(f, points->value_key) : v;
		if (!json_read_number(&frequencies[i], x) || !json_read_number(&values[i], y))
			corridor_gnpy_fail(r, "%s: expected a frequency and a value for each point",
					   points->what);
		else
			take_point(r, frequencies, values, i, points);
	}
	if (r->failed)
		return out;
	return (struct corridor_curve){count, frequencies, values};
}

static void
take_dispersion(struct corridor_gnpy_reader *r, struct corridor_fibre *fibre,
		const struct json_value *object)
{
	const struct points points = {"dispersion_per_frequency", "frequency", "dispersion",
				      dispersion_min, dispersion_max};
	const struct json_value *by_frequency = json_read_get(object, "dispersion_per_frequency");
	if (!json_read_is_null(by_frequency))
		fibre->dispersion = curve(r, by_frequency, &points);
	if (corridor_gnpy_has(object, "dispersion")) {
		fibre->dispersion_s_per_m2 =
			corridor_gnpy_need(r, object, "dispersion", dispersion);
		if (!disperses(fibre->dispersion_s_per_m2))
			corridor_gnpy_fail(r,
					   "dispersion: found %g s/m^2, too little for a model "
					   "of Gaussian noise",
					   fibre->dispersion_s_per_m2);
	}
	if (corridor_gnpy_has(object, "dispersion_slope")) {
		fibre->slope_known = true;
		fibre->slope_s_per_m3 = corridor_gnpy_need(r, object, "dispersion_slope",
							   (struct corridor_gnpy_range){-1e4, 1e4});
	}
}

static void
take_loss(struct corridor_gnpy_reader *r, struct corridor_fibre *fibre,
	  const struct json_value *object)
{
	const struct points points = {"loss_coef", "frequency", "loss_coef_value", loss.low,
				      loss.high};
	const struct json_value *scalar = json_read_get(object, "loss_coef");
	const struct json_value *by_frequency = json_read_get(object, "loss_coef_per_frequency");
	if (scalar && scalar->type == JSON_OBJECT)
		by_frequency = scalar;
	else if (corridor_gnpy_has(object, "loss_coef")) {
		fibre->loss_db_per_km = corridor_gnpy_need(r, object, "loss_coef", loss);
		fibre->loss = (struct corridor_curve){0};
	}
	if (!json_read_is_null(by_frequency))
		fibre->loss = curve(r, by_frequency, &points);
}

void
corridor_gnpy_fibre(struct corridor_gnpy_reader *r, struct corridor_fibre *fibre,
		    const struct json_value *object)
{
	const double gamma_of_area = 2 * M_PI * kerr_m2_per_w / usual_wavelength_m;
	take_dispersion(r, fibre, object);
	take_loss(r, fibre, object);
	/* The area goes before gamma, from which it would follow. */
	if (corridor_gnpy_has(object, "effective_area"))
		fibre->effective_area_m2 = corridor_gnpy_need(r, object, "effective_area", area);
	else if (corridor_gnpy_has(object, "gamma"))
		fibre->effective_area_m2 =
			gamma_of_area /
			corridor_gnpy_need(r, object, "gamma",
					   (struct corridor_gnpy_range){gamma_of_area / area.high,
									gamma_of_area / area.low});
	double pmd = corridor_gnpy_number(r, object, "pmd_coef", NAN,
					  (struct corridor_gnpy_range){0, 1e-10});
	if (!isnan(pmd)) /* s over the square root of m: ps, km */
		fibre->pmd_ps_per_sqrt_km = pmd * 1e12 * sqrt(1e3);
	fibre->reference_hz =
		corridor_gnpy_number(r, object, "ref_frequency", fibre->reference_hz, hertz);
	if (corridor_gnpy_has(object, "ref_wavelength"))
		fibre->reference_hz = light_m_per_s /
				      corridor_gnpy_need(r, object, "ref_wavelength",
							 (struct corridor_gnpy_range){1e-6, 3e-6});
	if (corridor_gnpy_has(object, "raman_efficiency") ||
	    corridor_gnpy_has(object, "raman_coefficient"))
		corridor_gnpy_note(r,
				   "its Raman gain is kept; that of standard fibre, scaled to its "
				   "area, is used");
}
