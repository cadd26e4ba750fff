/* Light on its way through a network. */
#include "corridor/corridor_optics_pass.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct corridor_light *
corridor_launch_comb(const struct corridor_comb *comb, double power_dbm,
		     struct corridor_complaint *complaint)
{
	size_t channels = corridor_comb_channels(comb);
	if (channels < 1 || channels > CORRIDOR_CHANNELS_MAX) {
		corridor_complain(complaint, 400,
				  "%zu channels fit into the band, expected 1 to %d", channels,
				  CORRIDOR_CHANNELS_MAX);
		return NULL;
	}
	struct corridor_light *light = corridor_light_new(channels);
	if (!light) {
		corridor_complain(complaint, 500, "out of memory");
		return NULL;
	}
	double power = !isnan(power_dbm) ? power_dbm : comb->channel_dbm;
	if (!isnan(comb->transmitter_dbm))
		power = comb->transmitter_dbm;
	corridor_light_comb(light, comb->low_hz + comb->spacing_hz, comb->spacing_hz, comb->baud_hz,
			    power);
	for (size_t i = 0; i < light->count; i++) {
		light->roll_off[i] = comb->roll_off;
		light->tx_osnr_db[i] = comb->tx_osnr_db;
	}
	return light;
}

static size_t
channels_of(const struct corridor_stretch *s)
{
	return (size_t)fmin(floor((s->high_hz - s->low_hz) / s->slot_hz + 1e-9) + 1,
			    CORRIDOR_CHANNELS_MAX + 1);
}

static int
check_stretches(const struct corridor_stretch *stretches, size_t count, size_t *channels,
		struct corridor_complaint *complaint)
{
	double end_hz = 0;
	*channels = 0;
	for (size_t i = 0; i < count; i++) {
		const struct corridor_stretch *s = &stretches[i];
		size_t n = channels_of(s);
		if (s->low_hz - s->slot_hz / 2 < end_hz) {
			corridor_complain(
				complaint, 400,
				"spectrum: what begins at %.4f THz overlaps what is below",
				s->low_hz / 1e12);
			return -1;
		}
		end_hz = s->low_hz + ((double)n - 0.5) * s->slot_hz;
		*channels += n;
		if (*channels > CORRIDOR_CHANNELS_MAX) {
			corridor_complain(complaint, 400, "spectrum: more than %d channels",
					  CORRIDOR_CHANNELS_MAX);
			return -1;
		}
	}
	return 0;
}

struct corridor_light *
corridor_launch_spectrum(const struct corridor_stretch *stretches, size_t count, double power_dbm,
			 struct corridor_complaint *complaint)
{
	size_t channels, at = 0;
	if (check_stretches(stretches, count, &channels, complaint) < 0)
		return NULL;
	struct corridor_light *light = corridor_light_new(channels);
	if (!light) {
		corridor_complain(complaint, 500, "out of memory");
		return NULL;
	}
	for (size_t i = 0; i < count; i++) {
		const struct corridor_stretch *s = &stretches[i];
		double power =
			isnan(s->transmitter_dbm) ? power_dbm + s->offset_db : s->transmitter_dbm;
		size_t n = channels_of(s);
		for (size_t k = 0; k < n; k++, at++) {
			light->frequency_hz[at] = s->low_hz + (double)k * s->slot_hz;
			light->baud_hz[at] = s->baud_hz;
			light->slot_hz[at] = s->slot_hz;
			light->roll_off[at] = s->roll_off;
			light->offset_db[at] = s->offset_db;
			light->tx_osnr_db[at] = s->tx_osnr_db;
			light->signal_w[at] = corridor_from_dbm(power);
		}
	}
	return light;
}

/* What a way is walked with. */
struct walk {
	const struct corridor_network *network;
	const uint32_t *way;
	size_t count, at;
	struct corridor_light *light;
	struct corridor_kerr *kerr;
	double *factors;
	struct corridor_complaint *complaint;
};

static bool
in_band(const struct corridor_amplifier *a, const struct corridor_light *light, size_t i)
{
	double f = light->frequency_hz[i], half = light->slot_hz[i] / 2;
	return a->high_hz <= 0 || (f - half >= a->low_hz && f + half <= a->high_hz);
}

static bool
is_carried(const struct walk *w, size_t channel)
{
	for (size_t n = 0; n < w->count; n++) {
		const struct corridor_element *e = &w->network->elements[w->way[n]];
		bool carried = e->kind != CORRIDOR_AMPLIFIER;
		for (size_t b = 0; e->kind == CORRIDOR_AMPLIFIER && b < e->setting_count; b++)
			carried |= in_band(e->settings[b].kind, w->light, channel);
		if (!carried)
			return false;
	}
	return true;
}

/* Leaves out what some amplifier cannot carry. */
static int
drop_dark(struct walk *w, struct corridor_light **light, struct buf *notes)
{
	size_t kept = 0;
	bool *carried = calloc(w->light->count, sizeof(*carried));
	struct corridor_light *less = NULL;
	int result = -1;
	if (!carried) {
		corridor_complain(w->complaint, 500, "out of memory");
		return -1;
	}
	for (size_t i = 0; i < w->light->count; i++)
		kept += carried[i] = is_carried(w, i);
	if (kept == w->light->count) {
		result = 0;
		goto done;
	}
	if (kept == 0) {
		corridor_complain(w->complaint, 404, "no channel is in the band of all amplifiers");
		goto done;
	}
	less = corridor_light_new(kept);
	if (!less) {
		corridor_complain(w->complaint, 500, "out of memory");
		goto done;
	}
	if (notes)
		buf_printf(notes,
			   "%zu of %zu channels are outside the band of an amplifier on the "
			   "way: left out\n",
			   w->light->count - kept, w->light->count);
	kept = 0;
	for (size_t i = 0; i < w->light->count; i++) {
		if (!carried[i])
			continue;
		less->frequency_hz[kept] = w->light->frequency_hz[i];
		less->baud_hz[kept] = w->light->baud_hz[i];
		less->slot_hz[kept] = w->light->slot_hz[i];
		less->roll_off[kept] = w->light->roll_off[i];
		less->offset_db[kept] = w->light->offset_db[i];
		less->tx_osnr_db[kept] = w->light->tx_osnr_db[i];
		less->signal_w[kept++] = w->light->signal_w[i];
	}
	corridor_light_free(*light);
	*light = w->light = less;
	result = 0;
done:
	free(carried);
	return result;
}

static int
pass_fibre(struct walk *w, const struct corridor_glass_fibre *f)
{
	double lumps = 0;
	double first = w->light->frequency_hz[0],
	       last = w->light->frequency_hz[w->light->count - 1];
	if (!corridor_curve_covers(&f->fibre.loss, first, last) ||
	    !corridor_curve_covers(&f->fibre.dispersion, first, last)) {
		corridor_complain(w->complaint, 400,
				  "Fiber \"%.60s\": its curves do not cover %.3f to %.3f THz",
				  w->network->elements[w->way[w->at]].uid, first / 1e12,
				  last / 1e12);
		return -1;
	}
	corridor_light_gain(w->light, -f->connector_in_db - f->padding_db);
	if (corridor_kerr_pass(w->kerr, w->light, &f->fibre, f->length_km) < 0) {
		corridor_complain(w->complaint, 500, "out of memory");
		return -1;
	}
	/* Where in the fibre a lump lies changes its noise by less than the closed form's error. */
	for (size_t i = 0; i < f->lump_count; i++)
		lumps += f->lumps[i].loss_db;
	corridor_light_gain(w->light, -f->connector_out_db - lumps);
	return 0;
}

static void
pass_amplifier(struct walk *w, const struct corridor_element *e, struct corridor_passage *passage)
{
	passage->band_count = e->setting_count;
	for (size_t b = 0; b < e->setting_count; b++) {
		const struct corridor_setting *s = &e->settings[b];
		struct corridor_amplified *set = &passage->bands[b];
		size_t from = 0, to;
		while (from < w->light->count && !in_band(s->kind, w->light, from))
			from++;
		for (to = from; to < w->light->count && in_band(s->kind, w->light, to);)
			to++;
		*set = (struct corridor_amplified){.gain_db = s->designed_gain_db,
						   .tilt_db = s->tilt_db,
						   .out_voa_db = s->out_voa_db,
						   .in_voa_db = s->in_voa_db};
		passage->designed_power_db[b] = s->designed_power_db;
		if (from < to)
			corridor_amplify(w->light, from, to, s->kind, set);
		else
			set->gain_db = 0;
	}
}

/* The ends of the way through a ROADM that the light takes. */
struct ends {
	const struct corridor_element *from, *to;
	enum corridor_way_through way;
};

static struct ends
ends_of(const struct walk *w)
{
	struct ends e = {.from = w->at ? &w->network->elements[w->way[w->at - 1]] : NULL,
			 .to = w->at + 1 < w->count ? &w->network->elements[w->way[w->at + 1]]
						    : NULL,
			 .way = CORRIDOR_EXPRESS};
	if (!e.from || e.from->kind == CORRIDOR_TRANSCEIVER)
		e.way = CORRIDOR_ADD;
	else if (!e.to || e.to->kind == CORRIDOR_TRANSCEIVER)
		e.way = CORRIDOR_DROP;
	return e;
}

/* What is known of that way through: by the neighbours, else the first of its kind; NULL: nothing.
 */
static const struct corridor_impairments *
impairments_of(const struct corridor_roadm *roadm, const struct ends *ends)
{
	for (size_t i = 0; ends->from && ends->to && i < roadm->through_count; i++) {
		const struct corridor_through *t = &roadm->through[i];
		if (strcmp(t->from, ends->from->uid) != 0 || strcmp(t->to, ends->to->uid) != 0)
			continue;
		for (size_t k = 0; k < roadm->kind.impairment_count; k++)
			if (roadm->kind.impairments[k].id == t->impairment)
				return &roadm->kind.impairments[k];
	}
	for (size_t k = 0; k < roadm->kind.impairment_count; k++)
		if (roadm->kind.impairments[k].way == ends->way)
			return &roadm->kind.impairments[k];
	return NULL;
}

static struct corridor_impairment
impairment_at(const struct corridor_roadm *roadm, const struct ends *ends,
	      const struct corridor_impairments *known, double frequency_hz)
{
	struct corridor_impairment none = {.osnr_db = NAN};
	for (size_t i = 0; known && i < known->count; i++) {
		const struct corridor_impairment *b = &known->bands[i];
		if (isnan(b->low_hz) || isnan(b->high_hz) ||
		    (b->low_hz <= frequency_hz && frequency_hz <= b->high_hz))
			return *b;
	}
	if (known)
		return none;
	/* Half of the noise of adding and dropping is of each. */
	return (struct corridor_impairment){.pmd_ps = roadm->kind.pmd_ps,
					    .pdl_db = roadm->kind.pdl_db,
					    .osnr_db = ends->way == CORRIDOR_EXPRESS
							       ? NAN
							       : roadm->kind.add_drop_osnr_db +
									 corridor_to_db(2)};
}

/* A ROADM attenuates each channel to its target; it does not amplify. */
static void
pass_roadm(struct walk *w, const struct corridor_roadm *roadm)
{
	struct ends ends = ends_of(w);
	const struct corridor_impairments *known = impairments_of(roadm, &ends);
	struct corridor_light *light = w->light;
	for (size_t i = 0; i < light->count; i++) {
		struct corridor_impairment x =
			impairment_at(roadm, &ends, known, light->frequency_hz[i]);
		double in_dbm = corridor_to_dbm(corridor_light_channel_w(light, i)) - x.loss_max_db;
		double target_dbm =
			corridor_roadm_target_dbm(roadm, ends.to ? ends.to->uid : "",
						  light->baud_hz[i], light->slot_hz[i]) +
			light->offset_db[i];
		w->factors[i] = corridor_from_db(-x.loss_max_db - fmax(in_dbm - target_dbm, 0));
		light->pmd_ps2[i] += x.pmd_ps * x.pmd_ps;
		light->pdl_db2[i] += x.pdl_db * x.pdl_db;
		if (!isnan(x.osnr_db))
			light->drop_inverse[i] += corridor_from_db(-x.osnr_db);
	}
	corridor_light_scale(light, w->factors);
}

static double
mean_dbm(const struct corridor_light *light)
{
	double sum = 0;
	for (size_t i = 0; i < light->count; i++)
		sum += corridor_to_dbm(corridor_light_channel_w(light, i));
	return sum / (double)light->count;
}

static int
pass_element(struct walk *w, struct corridor_passage *passage)
{
	const struct corridor_element *e = &w->network->elements[w->way[w->at]];
	int result = 0;
	*passage =
		(struct corridor_passage){.element = w->way[w->at], .in_dbm = mean_dbm(w->light)};
	switch (e->kind) {
	case CORRIDOR_TRANSCEIVER:
		break;
	case CORRIDOR_ROADM:
		pass_roadm(w, &e->roadm);
		break;
	case CORRIDOR_FUSED:
		corridor_light_gain(w->light, -e->loss_db);
		break;
	case CORRIDOR_FIBRE:
		result = pass_fibre(w, &e->fibre);
		break;
	case CORRIDOR_AMPLIFIER:
		pass_amplifier(w, e, passage);
		break;
	}
	passage->out_dbm = mean_dbm(w->light);
	passage->loss_db = passage->in_dbm - passage->out_dbm;
	return result;
}

int
corridor_network_pass(const struct corridor_network *network, const uint32_t *way, size_t count,
		      struct corridor_light **light, enum corridor_model model,
		      struct corridor_passage *passages, struct buf *notes,
		      struct corridor_complaint *complaint)
{
	struct corridor_passage unasked;
	struct walk w = {.network = network,
			 .way = way,
			 .count = count,
			 .light = *light,
			 .complaint = complaint};
	if (drop_dark(&w, light, notes) < 0)
		return -1;
	w.kerr = corridor_kerr_new(w.light, model);
	w.factors = malloc(w.light->count * sizeof(*w.factors));
	int result = w.kerr && w.factors ? 0 : -1;
	if (result < 0)
		corridor_complain(complaint, 500, "out of memory");
	for (; w.at < count && result == 0; w.at++)
		result = pass_element(&w, passages ? &passages[w.at] : &unasked);
	corridor_kerr_free(w.kerr);
	free(w.factors);
	return result;
}

/* Noise that is not on the way, over the signal, in the width of the signal. */
static double
added(const struct corridor_light *light, size_t channel)
{
	double in_tenth_nm =
		light->drop_inverse[channel] + corridor_from_db(-light->tx_osnr_db[channel]);
	return in_tenth_nm * corridor_from_db(corridor_in_tenth_nm_db(0, light->baud_hz[channel]));
}

double
corridor_received_osnr_db(const struct corridor_light *light, size_t channel)
{
	return -corridor_to_db(light->ase_w[channel] / light->signal_w[channel] +
			       added(light, channel));
}

double
corridor_received_gsnr_db(const struct corridor_light *light, size_t channel)
{
	double noise = light->ase_w[channel] + light->nli_w[channel];
	return -corridor_to_db(noise / light->signal_w[channel] + added(light, channel));
}
