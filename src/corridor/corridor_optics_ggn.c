/* The integral of the generalised Gaussian-noise model.
 *
 * Of a pair the noise at the middle of the channel is the integral over u (in the disturbing
 * channel) and v (in the disturbed one), both from the middle of the latter, of the three spectra
 * and of |rho|^2, the mixing efficiency of the fibre: a Lorentzian in the product u v whose width
 * in v shrinks as u grows. So v runs over the angle whose tangent it is: that takes the peak out,
 * and a few points of Gauss and Legendre do what a grid fine enough for the peak needs thousands
 * for. */
#include "corridor/corridor_optics_ggn.h"

#include <math.h>
#include <stddef.h>

enum {
	POINTS_V = 32,
	POINTS_U = 24,
};

/* Points and weights of Gauss and Legendre on -1 to 1, the half above 0. */
static const double points_32[] = {
	0.0483076656877383, 0.1444719615827965, 0.2392873622521371, 0.3318686022821277,
	0.4213512761306353, 0.5068999089322294, 0.5877157572407623, 0.6630442669302152,
	0.7321821187402897, 0.7944837959679424, 0.8493676137325700, 0.8963211557660521,
	0.9349060759377397, 0.9647622555875064, 0.9856115115452684, 0.9972638618494816};
static const double weights_32[] = {
	0.0965400885147278, 0.0956387200792749, 0.0938443990808046, 0.0911738786957639,
	0.0876520930044038, 0.0833119242269467, 0.0781938957870703, 0.0723457941088485,
	0.0658222227763618, 0.0586840934785355, 0.0509980592623762, 0.0428358980222267,
	0.0342738629130214, 0.0253920653092621, 0.0162743947309057, 0.0070186100094701};
static const double points_24[] = {0.0640568928626056, 0.1911188674736163, 0.3150426796961634,
				   0.4337935076260451, 0.5454214713888396, 0.6480936519369755,
				   0.7401241915785544, 0.8200019859739029, 0.8864155270044011,
				   0.9382745520027328, 0.9747285559713095, 0.9951872199970213};
static const double weights_24[] = {0.1279381953467522, 0.1258374563468283, 0.1216704729278034,
				    0.1155056680537256, 0.1074442701159656, 0.0976186521041139,
				    0.0861901615319533, 0.0733464814110803, 0.0592985849154368,
				    0.0442774388174198, 0.0285313886289337, 0.0123412297999872};

/* The point and weight number `i` of 2 n. */
static double
gauss(double *weight, const double *points, const double *weights, size_t n, size_t i)
{
	size_t at = i < n ? n - 1 - i : i - n;
	*weight = weights[at];
	return i < n ? -points[at] : points[at];
}

/* The spectrum of a channel, 1 in the middle, `f` from there: a raised cosine. */
static double
spectrum(double f, double baud_hz, double roll_off)
{
	double edge = fabs(f), flat = (1 - roll_off) * baud_hz / 2;
	if (edge <= flat)
		return 1;
	if (edge >= (1 + roll_off) * baud_hz / 2)
		return 0;
	return 0.5 * (1 + cos(M_PI / (roll_off * baud_hz) * (edge - flat)));
}

/* What the integrals have in common. */
struct glass {
	double alpha, per_product;          /* phase in a metre of u v, s^2/m */
	double length_m, left, left_square; /* exp(-aL) and its square */
};

/* The mixing efficiency at a phase of `phi` in a metre: rho is a, the integral of
 * exp((i phi - alpha) z), and of Raman scattering b = a - the same with 2 alpha. */
static struct corridor_psi
mixing(const struct glass *g, double phi)
{
	double c = cos(phi * g->length_m), s = sin(phi * g->length_m);
	double a_over = g->alpha * g->alpha + phi * phi;
	double a2_over = 4 * g->alpha * g->alpha + phi * phi;
	/* (1 - k exp(i phi L)) / (n alpha - i phi) */
	double a_re = (1 - g->left * c) * g->alpha + g->left * s * phi;
	double a_im = (1 - g->left * c) * phi - g->left * s * g->alpha;
	double a2_re = (1 - g->left_square * c) * 2 * g->alpha + g->left_square * s * phi;
	double a2_im = (1 - g->left_square * c) * phi - g->left_square * s * 2 * g->alpha;
	a_re /= a_over;
	a_im /= a_over;
	double b_re = a_re - a2_re / a2_over, b_im = a_im - a2_im / a2_over;
	return (struct corridor_psi){a_re * a_re + a_im * a_im, 2 * (a_re * b_re + a_im * b_im),
				     b_re * b_re + b_im * b_im};
}

static void
add(struct corridor_psi *sum, const struct corridor_psi *what, double weight)
{
	sum->constant += weight * what->constant;
	sum->linear += weight * what->linear;
	sum->square += weight * what->square;
}

/* Over v at one u. */
static struct corridor_psi
over_v(const struct corridor_pair *pair, const struct glass *g, double u)
{
	double half = pair->baud_hz * (1 + pair->roll_off) / 2;
	double peak = g->alpha / (g->per_product * fabs(u)), top = atan(half / peak);
	struct corridor_psi sum = {0};
	for (size_t i = 0; i < POINTS_V; i++) {
		double weight,
			tangent = tan(top * gauss(&weight, points_32, weights_32, POINTS_V / 2, i));
		double v = peak * tangent;
		double shape =
			spectrum(v, pair->baud_hz, pair->roll_off) *
			spectrum(u + v - pair->apart_hz, pair->pump_baud_hz, pair->pump_roll_off);
		if (shape == 0)
			continue;
		struct corridor_psi rho = mixing(g, g->per_product * u * v);
		add(&sum, &rho, weight * top * peak * (1 + tangent * tangent) * shape);
	}
	return sum;
}

/* A channel with itself: from the middle outward, where the integral over v falls as 1/u beyond a
 * small u, so u runs as a hyperbolic sine. Both sides are alike. */
static struct corridor_psi
with_itself(const struct corridor_pair *pair, const struct glass *g)
{
	double half = pair->baud_hz * (1 + pair->roll_off) / 2;
	double small = g->alpha / (g->per_product * half), top = asinh(half / small);
	struct corridor_psi sum = {0};
	for (size_t i = 0; i < POINTS_U; i++) {
		double weight,
			s = top * (1 + gauss(&weight, points_24, weights_24, POINTS_U / 2, i)) / 2;
		double u = small * sinh(s);
		struct corridor_psi inner = over_v(pair, g, u);
		/* Half of -1 to 1, twice for both sides. */
		add(&sum, &inner,
		    weight * top * small * cosh(s) *
			    spectrum(u, pair->pump_baud_hz, pair->pump_roll_off));
	}
	return sum;
}

static struct corridor_psi
with_another(const struct corridor_pair *pair, const struct glass *g)
{
	double half = pair->pump_baud_hz * (1 + pair->pump_roll_off) / 2;
	struct corridor_psi sum = {0};
	for (size_t i = 0; i < POINTS_U; i++) {
		double weight, from = half * gauss(&weight, points_24, weights_24, POINTS_U / 2, i);
		struct corridor_psi inner = over_v(pair, g, pair->apart_hz + from);
		add(&sum, &inner,
		    weight * half * spectrum(from, pair->pump_baud_hz, pair->pump_roll_off));
	}
	return sum;
}

struct corridor_psi
corridor_ggn_psi(const struct corridor_pair *pair, double alpha, double beta2, double length_km)
{
	struct glass g = {.alpha = alpha,
			  .per_product = 4 * M_PI * M_PI * fabs(beta2),
			  .length_m = length_km * 1e3};
	g.left = exp(-alpha * g.length_m);
	g.left_square = g.left * g.left;
	return pair->apart_hz == 0 ? with_itself(pair, &g) : with_another(pair, &g);
}
