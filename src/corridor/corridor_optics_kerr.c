/* Loss and NLI of fibre. The coefficients of the last few fibres are kept; on an even grid, with a
 * fibre that is the same to all channels, they depend on the difference of two channels only and
 * are computed once for each difference. */
#include "corridor/corridor_optics_kerr.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_optics_ggn.h"
#include "corridor/corridor_optics_raman.h"

enum {
	GLASSES = 4,    /* remembered; a line changes among few kinds of spans */
	RAMAN_WORK = 7, /* see corridor_raman_gain */
};

/* What one fibre of one length does to the channels. Matrices stand by columns: what channel j does
 * to all others is side by side. */
struct glass {
	bool there;
	unsigned used; /* when, for choosing what to forget */
	struct corridor_fibre fibre;
	double length_km;
	double *alpha, *kept; /* of each channel: 1/m, and the share of its power that arrives */
	double *eta;          /* 1/W^2 */
	/* With Raman scattering: the terms in T and in its square, and what gives light to what. */
	double *eta_linear, *eta_square, *raman;
};

struct corridor_kerr {
	enum corridor_model model;
	const struct corridor_light *channels; /* own */
	bool even;                             /* all alike, equally far apart */
	unsigned clock;
	double *square, *share, *tilt, *work;
	struct glass glasses[GLASSES];
};

static bool
is_even(const struct corridor_light *light)
{
	double spacing = light->count > 1 ? light->frequency_hz[1] - light->frequency_hz[0] : 0;
	for (size_t i = 1; i < light->count; i++) {
		double apart = light->frequency_hz[i] - light->frequency_hz[i - 1];
		/* Frequencies are near 2e14 and so rounded to a thirtieth of a hertz. */
		if (light->baud_hz[i] != light->baud_hz[0] ||
		    light->roll_off[i] != light->roll_off[0] || fabs(apart - spacing) > 1)
			return false;
	}
	return true;
}

struct corridor_kerr *
corridor_kerr_new(const struct corridor_light *light, enum corridor_model model)
{
	struct corridor_kerr *kerr = calloc(1, sizeof(*kerr));
	if (!kerr)
		return NULL;
	size_t stride = light->stride;
	kerr->model = model;
	kerr->even = is_even(light);
	kerr->channels = corridor_light_copy(light);
	kerr->square = calloc((3 + RAMAN_WORK) * stride, sizeof(*kerr->square));
	if (!kerr->channels || !kerr->square) {
		corridor_kerr_free(kerr);
		return NULL;
	}
	kerr->share = kerr->square + stride;
	kerr->tilt = kerr->share + stride;
	kerr->work = kerr->tilt + stride;
	return kerr;
}

void
corridor_kerr_free(struct corridor_kerr *kerr)
{
	if (!kerr)
		return;
	for (size_t i = 0; i < GLASSES; i++)
		free(kerr->glasses[i].alpha);
	free(kerr->square);
	corridor_light_free((struct corridor_light *)kerr->channels);
	free(kerr);
}

/* The closed form: psi of the pair, with what both have in common. */
static double
closed_psi(const struct corridor_pair *pair, double alpha, double beta2, double length_km)
{
	double effective_m = -expm1(-alpha * length_km * 1e3) / alpha;
	double scale = effective_m * effective_m * alpha / (4 * M_PI * fabs(beta2));
	double spread = M_PI * M_PI * fabs(beta2) / alpha * pair->baud_hz;
	double half = pair->pump_baud_hz / 2;
	return scale *
	       (asinh(spread * (pair->apart_hz + half)) - asinh(spread * (pair->apart_hz - half)));
}

static struct corridor_psi
psi_of(enum corridor_model model, const struct corridor_pair *pair, double alpha, double beta2,
       double length_km)
{
	if (model == CORRIDOR_GN)
		return (struct corridor_psi){closed_psi(pair, alpha, beta2, length_km), 0, 0};
	return corridor_ggn_psi(pair, alpha, beta2, length_km);
}

/* psi and the weights of a channel's own noise and of that of others (two of whose light mix). */
static struct corridor_psi
pair_psi(const struct corridor_kerr *kerr, size_t i, size_t j, const struct corridor_fibre *fibre,
	 double length_km)
{
	const struct corridor_light *c = kerr->channels;
	struct corridor_pair pair = {.apart_hz = c->frequency_hz[j] - c->frequency_hz[i],
				     .baud_hz = c->baud_hz[i],
				     .roll_off = c->roll_off[i],
				     .pump_baud_hz = c->baud_hz[j],
				     .pump_roll_off = c->roll_off[j]};
	/* Between two channels the dispersion is that in the middle; the closed form loses light as
	 * the disturbing channel does. */
	double beta2 = (corridor_fibre_beta2(fibre, c->frequency_hz[i]) +
			corridor_fibre_beta2(fibre, c->frequency_hz[j])) /
		       2;
	double alpha = corridor_fibre_alpha(fibre, c->frequency_hz[j]);
	struct corridor_psi psi = psi_of(kerr->model, &pair, alpha, beta2, length_km);
	double weight = (i == j ? 16.0 : 32.0) / 27 / (c->baud_hz[j] * c->baud_hz[j]);
	psi.constant *= weight;
	psi.linear *= weight;
	psi.square *= weight;
	return psi;
}

static void
set_eta(struct glass *g, size_t at, const struct corridor_psi *psi, double gamma)
{
	g->eta[at] = gamma * gamma * psi->constant;
	if (g->eta_linear) {
		g->eta_linear[at] = gamma * gamma * psi->linear;
		g->eta_square[at] = gamma * gamma * psi->square;
	}
}

static bool
is_flat(const struct corridor_fibre *fibre)
{
	return !fibre->loss.count && !fibre->dispersion.count && !fibre->slope_known;
}

/* One difference at a time where that is all that counts; psi is the same for both signs. */
static void
fill_even(const struct corridor_kerr *kerr, struct glass *g, const double *gamma)
{
	size_t count = kerr->channels->count, stride = kerr->channels->stride;
	for (size_t apart = 0; apart < count; apart++) {
		struct corridor_psi psi = pair_psi(kerr, 0, apart, &g->fibre, g->length_km);
		for (size_t i = 0; i + apart < count; i++) {
			set_eta(g, (i + apart) * stride + i, &psi, gamma[i]);
			set_eta(g, i * stride + i + apart, &psi, gamma[i + apart]);
		}
	}
}

static void
fill_all(const struct corridor_kerr *kerr, struct glass *g, const double *gamma)
{
	size_t count = kerr->channels->count, stride = kerr->channels->stride;
	for (size_t j = 0; j < count; j++)
		for (size_t i = 0; i < count; i++) {
			struct corridor_psi psi = pair_psi(kerr, i, j, &g->fibre, g->length_km);
			set_eta(g, j * stride + i, &psi, gamma[i]);
		}
}

static int
fill(struct corridor_kerr *kerr, struct glass *g)
{
	const struct corridor_light *c = kerr->channels;
	bool raman = kerr->model == CORRIDOR_GGN_RAMAN;
	size_t stride = c->stride, matrix = c->count * stride;
	if (!g->alpha)
		g->alpha = malloc((2 * stride + (raman ? 4 : 1) * matrix) * sizeof(*g->alpha));
	if (!g->alpha)
		return -1;
	memset(g->alpha, 0, (2 * stride + (raman ? 4 : 1) * matrix) * sizeof(*g->alpha));
	g->kept = g->alpha + stride;
	g->eta = g->kept + stride;
	if (raman) {
		g->eta_linear = g->eta + matrix;
		g->eta_square = g->eta_linear + matrix;
		g->raman = g->eta_square + matrix;
		corridor_raman_matrix(g->raman, c, &g->fibre);
	}
	for (size_t i = 0; i < c->count; i++) {
		g->alpha[i] = corridor_fibre_alpha(&g->fibre, c->frequency_hz[i]);
		g->kept[i] = exp(-g->alpha[i] * g->length_km * 1e3);
		kerr->work[i] = corridor_fibre_gamma(&g->fibre, c->frequency_hz[i]);
	}
	if (kerr->even && is_flat(&g->fibre))
		fill_even(kerr, g, kerr->work);
	else
		fill_all(kerr, g, kerr->work);
	g->there = true;
	return 0;
}

/* The coefficients of the fibre: remembered, or instead of those that were used least recently.
 * NULL if there is no memory. */
static const struct glass *
glass_of(struct corridor_kerr *kerr, const struct corridor_fibre *fibre, double length_km)
{
	struct glass *oldest = &kerr->glasses[0];
	kerr->clock++;
	for (size_t i = 0; i < GLASSES; i++) {
		struct glass *g = &kerr->glasses[i];
		if (g->there && g->length_km == length_km &&
		    corridor_fibre_same(&g->fibre, fibre)) {
			g->used = kerr->clock;
			return g;
		}
		if (!g->there || g->used < oldest->used)
			oldest = g;
		if (!oldest->there)
			break;
	}
	oldest->there = false;
	oldest->fibre = *fibre;
	oldest->length_km = length_km;
	oldest->used = kerr->clock;
	return fill(kerr, oldest) < 0 ? NULL : oldest;
}

/* Two channels at once: what every machine has of vectors. */
typedef double lanes __attribute__((vector_size(2 * sizeof(double))));

static lanes
lanes_at(const double *from)
{
	lanes l;
	memcpy(&l, from, sizeof(l));
	return l;
}

/* out += matrix x by, CORRIDOR_LANES rows at a time, their sums in registers. Columns are `stride`
 * long, a multiple of that. */
static void
multiply(double *restrict out, const double *restrict matrix, const double *restrict by,
	 size_t columns, size_t stride)
{
	static_assert(CORRIDOR_LANES == 8, "four sums of two");
	for (size_t row = 0; row < stride; row += CORRIDOR_LANES) {
		const double *column = matrix + row;
		lanes a = lanes_at(out + row), b = lanes_at(out + row + 2);
		lanes c = lanes_at(out + row + 4), d = lanes_at(out + row + 6);
		for (size_t j = 0; j < columns; j++, column += stride) {
			a += lanes_at(column) * by[j];
			b += lanes_at(column + 2) * by[j];
			c += lanes_at(column + 4) * by[j];
			d += lanes_at(column + 6) * by[j];
		}
		memcpy(out + row, &a, sizeof(a));
		memcpy(out + row + 2, &b, sizeof(b));
		memcpy(out + row + 4, &c, sizeof(c));
		memcpy(out + row + 6, &d, sizeof(d));
	}
}

/* The share of each channel's power that becomes NLI, all seen at the same instant. */
static void
find_shares(struct corridor_kerr *kerr, const struct corridor_light *light, const struct glass *g)
{
	size_t count = light->count, stride = light->stride;
	for (size_t i = 0; i < count; i++) {
		double power = corridor_light_channel_w(light, i);
		kerr->square[i] = power * power;
	}
	memset(kerr->share, 0, stride * sizeof(*kerr->share));
	multiply(kerr->share, g->eta, kerr->square, count, stride);
	if (kerr->model != CORRIDOR_GGN_RAMAN)
		return;
	/* The profile of power that rho is integrated over: from the gain at the end, T. */
	for (size_t i = 0; i < count; i++)
		kerr->square[i] *= (kerr->tilt[i] - 1) / (1 - g->kept[i]);
	multiply(kerr->share, g->eta_linear, kerr->square, count, stride);
	for (size_t i = 0; i < count; i++)
		kerr->square[i] *= (kerr->tilt[i] - 1) / (1 - g->kept[i]);
	multiply(kerr->share, g->eta_square, kerr->square, count, stride);
}

int
corridor_kerr_pass(struct corridor_kerr *kerr, struct corridor_light *light,
		   const struct corridor_fibre *fibre, double length_km)
{
	assert(light->count == kerr->channels->count && length_km > 0);
	const struct glass *g = glass_of(kerr, fibre, length_km);
	if (!g)
		return -1;
	if (kerr->model == CORRIDOR_GGN_RAMAN)
		corridor_raman_gain(kerr->tilt, light, g->raman, g->alpha, length_km, kerr->work);
	find_shares(kerr, light, g);
	for (size_t i = 0; i < light->count; i++) {
		/* Far beyond any sensible power the model has no answer: nothing is left. */
		double share = fmin(kerr->share[i], 1), power = corridor_light_channel_w(light, i);
		double kept = g->kept[i];
		if (kerr->model == CORRIDOR_GGN_RAMAN)
			kept *= kerr->tilt[i];
		light->signal_w[i] *= (1 - share) * kept;
		light->ase_w[i] *= (1 - share) * kept;
		light->nli_w[i] = (light->nli_w[i] * (1 - share) + share * power) * kept;
	}
	double pmd_ps2 = corridor_fibre_pmd_ps2(fibre, length_km);
	for (size_t i = 0; i < light->count; i++) {
		light->dispersion_ps_nm[i] +=
			corridor_fibre_dispersion_ps_nm(fibre, length_km, light->frequency_hz[i]);
		light->pmd_ps2[i] += pmd_ps2;
	}
	light->latency_ms += corridor_fibre_latency_ms(length_km);
	return 0;
}

double
corridor_kerr_eta(const struct corridor_light *light, size_t i, size_t j,
		  const struct corridor_fibre *fibre, double length_km)
{
	struct corridor_kerr kerr = {.model = CORRIDOR_GN, .channels = light};
	double gamma = corridor_fibre_gamma(fibre, light->frequency_hz[i]);
	return gamma * gamma * pair_psi(&kerr, i, j, fibre, length_km).constant;
}
