/* Fibre as light sees it. */
#include "corridor/corridor_optics_fibre.h"

#include <assert.h>
#include <math.h>

static const double light_m_per_s = 299792458;
static const double reference_m = 1550e-9; /* wavelength at which fibres are described */

/* Of silica fibre with a step of index, for the width of the mode. */
static const double silica_kerr_m2_per_w = 2.6e-20;
static const double core_radius_m = 4.2e-6;
static const double core_index = 1.468;

const struct corridor_fibre corridor_fibre_g652 = {.loss_db_per_km = 0.2,
						   .dispersion_s_per_m2 = 1.67e-5,
						   .effective_area_m2 = 83e-12,
						   .pmd_ps_per_sqrt_km = 0.04};

double
corridor_curve_at(const struct corridor_curve *curve, double frequency_hz)
{
	assert(curve->count);
	const double *f = curve->frequency_hz, *v = curve->value;
	size_t low = 0, high = curve->count - 1;
	if (frequency_hz <= f[0])
		return v[0];
	if (frequency_hz >= f[high])
		return v[high];
	while (high - low > 1) {
		size_t middle = (low + high) / 2;
		if (f[middle] <= frequency_hz)
			low = middle;
		else
			high = middle;
	}
	return v[low] + (v[high] - v[low]) * (frequency_hz - f[low]) / (f[high] - f[low]);
}

bool
corridor_curve_covers(const struct corridor_curve *curve, double low_hz, double high_hz)
{
	return curve->count == 0 || (curve->frequency_hz[0] <= low_hz &&
				     high_hz <= curve->frequency_hz[curve->count - 1]);
}

double
corridor_fibre_reference_hz(const struct corridor_fibre *fibre)
{
	return fibre->reference_hz > 0 ? fibre->reference_hz : light_m_per_s / reference_m;
}

double
corridor_fibre_loss_db_per_km(const struct corridor_fibre *fibre, double frequency_hz)
{
	return fibre->loss.count ? corridor_curve_at(&fibre->loss, frequency_hz)
				 : fibre->loss_db_per_km;
}

double
corridor_fibre_alpha(const struct corridor_fibre *fibre, double frequency_hz)
{
	return corridor_fibre_loss_db_per_km(fibre, frequency_hz) * 1e-3 * log(10) / 10;
}

static double
dispersion_at(const struct corridor_fibre *fibre, double frequency_hz)
{
	double reference_hz = corridor_fibre_reference_hz(fibre),
	       ratio = frequency_hz / reference_hz;
	if (fibre->dispersion.count)
		return corridor_curve_at(&fibre->dispersion, frequency_hz);
	if (fibre->slope_known)
		return fibre->dispersion_s_per_m2 +
		       fibre->slope_s_per_m3 *
			       (light_m_per_s / frequency_hz - light_m_per_s / reference_hz);
	return ratio * ratio * fibre->dispersion_s_per_m2;
}

double
corridor_fibre_beta2(const struct corridor_fibre *fibre, double frequency_hz)
{
	double wavelength_m = light_m_per_s / frequency_hz;
	return -wavelength_m * wavelength_m * dispersion_at(fibre, frequency_hz) /
	       (2 * M_PI * light_m_per_s);
}

/* The third term of the propagation constant, s^3/m, where the slope is known. */
static double
beta3(const struct corridor_fibre *fibre, double frequency_hz)
{
	if (!fibre->slope_known || fibre->dispersion.count)
		return 0;
	double c = light_m_per_s, f = frequency_hz;
	double per_m = 2 * M_PI * f * f / c;
	return (fibre->slope_s_per_m3 -
		4 * M_PI * f * f * f / (c * c) * corridor_fibre_beta2(fibre, f)) /
	       (per_m * per_m);
}

double
corridor_fibre_dispersion_ps_nm(const struct corridor_fibre *fibre, double length_km,
				double frequency_hz)
{
	double reference_hz = corridor_fibre_reference_hz(fibre);
	double beta = corridor_fibre_beta2(fibre, frequency_hz) +
		      2 * M_PI * beta3(fibre, frequency_hz) * (frequency_hz - reference_hz);
	return -beta * 2 * M_PI * reference_hz * reference_hz / light_m_per_s * length_km * 1e6;
}

/* The area of the mode: the contrast of index that gives this fibre its area at the reference
 * (Marcuse's width w = r / sqrt(ln V)), then the width at this frequency. */
static double
mode_area_m2(const struct corridor_fibre *fibre, double frequency_hz)
{
	double v = exp(M_PI * core_radius_m * core_radius_m / fibre->effective_area_m2) *
		   frequency_hz / corridor_fibre_reference_hz(fibre);
	return M_PI * core_radius_m * core_radius_m / log(v);
}

double
corridor_gamma(double kerr_m2_per_w, double area_m2, double frequency_hz)
{
	return 2 * M_PI * kerr_m2_per_w * frequency_hz / (light_m_per_s * area_m2);
}

double
corridor_fibre_gamma(const struct corridor_fibre *fibre, double frequency_hz)
{
	return corridor_gamma(silica_kerr_m2_per_w, mode_area_m2(fibre, frequency_hz),
			      frequency_hz);
}

/* Raman gain of silica fibre for a pump at 1454 nm, 1/(W km), by the difference in frequency in
 * steps of 1 THz, then of 2 THz (a standard fibre of 83 square micrometres, as measured for the
 * planning of Raman amplifiers). */
static const double raman_pump_hz = 206.1846e12;
static const double raman_offset_hz[] = {0,       1e12,  2e12,    3e12,  4e12,    5e12,  6e12,
					 7e12,    8e12,  9e12,    10e12, 11e12,   12e12, 12.75e12,
					 13.5e12, 14e12, 14.5e12, 15e12, 15.5e12, 16e12, 17e12,
					 18e12,   20e12, 24e12,   28e12, 34e12,   42e12};
static const double raman_per_w_km[] = {0,      0.0348, 0.0807, 0.110,  0.125,  0.141, 0.157,
					0.188,  0.224,  0.278,  0.335,  0.377,  0.411, 0.420,
					0.408,  0.384,  0.409,  0.314,  0.216,  0.123, 0.0752,
					0.0888, 0.0337, 0.0625, 0.0133, 0.0182, 0.0001};

double
corridor_fibre_raman(const struct corridor_fibre *fibre, double to_hz, double from_hz)
{
	static const struct corridor_curve gain = {sizeof(raman_per_w_km) /
							   sizeof(raman_per_w_km[0]),
						   raman_offset_hz, raman_per_w_km};
	double apart = fabs(from_hz - to_hz), pump = fmax(from_hz, to_hz);
	/* What was measured is of modes as wide as those of that fibre; wider ones give less. */
	double measured = mode_area_m2(&corridor_fibre_g652, raman_pump_hz) +
			  mode_area_m2(&corridor_fibre_g652, raman_pump_hz - apart);
	double here = mode_area_m2(fibre, from_hz) + mode_area_m2(fibre, to_hz);
	double per_w_m =
		corridor_curve_at(&gain, apart) * 1e-3 * pump / raman_pump_hz * measured / here;
	return from_hz > to_hz ? per_w_m : -per_w_m;
}

double
corridor_fibre_pmd_ps2(const struct corridor_fibre *fibre, double length_km)
{
	return fibre->pmd_ps_per_sqrt_km * fibre->pmd_ps_per_sqrt_km * length_km;
}

double
corridor_fibre_latency_ms(double length_km)
{
	return length_km * 1e6 * core_index / light_m_per_s;
}

static bool
same_curve(const struct corridor_curve *a, const struct corridor_curve *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (a->frequency_hz[i] != b->frequency_hz[i] || a->value[i] != b->value[i])
			return false;
	return true;
}

bool
corridor_fibre_same(const struct corridor_fibre *a, const struct corridor_fibre *b)
{
	return a->loss_db_per_km == b->loss_db_per_km &&
	       a->dispersion_s_per_m2 == b->dispersion_s_per_m2 &&
	       a->slope_known == b->slope_known &&
	       (!a->slope_known || a->slope_s_per_m3 == b->slope_s_per_m3) &&
	       a->effective_area_m2 == b->effective_area_m2 &&
	       a->pmd_ps_per_sqrt_km == b->pmd_ps_per_sqrt_km &&
	       a->reference_hz == b->reference_hz && same_curve(&a->loss, &b->loss) &&
	       same_curve(&a->dispersion, &b->dispersion);
}
