/* Losses and amplifiers of a network, section by section: a section is what lies between two ROADMs
 * or transceivers. Powers are of one channel, in dB above the reference. */
#include "corridor/corridor_optics_build.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* "Open Design for Multi-Vendor Optical Networks" (OFC 2019), eq. 4: spans that lose
 * more than usual get more light. */
static const double usual_loss_db = 20, power_by_loss = 0.3;
static const double voa_margin_db = 1;
static const double lit_low_hz = 191.0e12, lit_high_hz = 196.2e12;

struct corridor_reference
corridor_reference_of(const struct corridor_equipment *equipment, double power_dbm)
{
	const struct corridor_comb *comb = &equipment->combs[0];
	double channels = (double)corridor_comb_channels(comb);
	double power = isnan(power_dbm) ? comb->channel_dbm : power_dbm;
	/* Amplifiers are planned for no more than one band has. */
	return (struct corridor_reference){
		.channel_dbm = power,
		.transmitter_dbm = isnan(comb->transmitter_dbm) ? power : comb->transmitter_dbm,
		.channels = fmin(channels, floor((lit_high_hz - lit_low_hz) / comb->spacing_hz)),
		.low_hz = comb->low_hz,
		.high_hz = comb->high_hz};
}

/* A network being designed. */
struct designer {
	struct corridor_network *network;
	const struct corridor_equipment *equipment;
	const struct corridor_reference *reference;
	struct buf *notes;
	struct corridor_complaint *complaint;
	bool failed;
};

static const struct corridor_element *
element(const struct designer *d, uint32_t at)
{
	return &d->network->elements[at];
}

static bool
is_glass(const struct corridor_element *e)
{
	return e->kind == CORRIDOR_FIBRE || e->kind == CORRIDOR_FUSED;
}

/* Fibres that a joint connects make one span. */
static bool
is_joined(const struct corridor_element *a, const struct corridor_element *b)
{
	return is_glass(a) && is_glass(b) &&
	       (a->kind == CORRIDOR_FUSED || b->kind == CORRIDOR_FUSED);
}

/* The loss of the whole span that an element is in; 0 for one that is in none. A ring of glass ends
 * after as many steps as there are elements. */
static double
span_loss_db(const struct designer *d, uint32_t at)
{
	double loss = corridor_element_loss_db(element(d, at));
	uint32_t last = at, next = corridor_network_before(d->network, at);
	size_t steps = 0;
	while (next != CORRIDOR_NONE && is_joined(element(d, next), element(d, last)) &&
	       steps++ < d->network->count) {
		loss += corridor_element_loss_db(element(d, next));
		last = next;
		next = corridor_network_before(d->network, next);
	}
	last = at;
	next = corridor_network_after(d->network, at);
	while (next != CORRIDOR_NONE && is_joined(element(d, last), element(d, next)) &&
	       steps++ < d->network->count) {
		loss += corridor_element_loss_db(element(d, next));
		last = next;
		next = corridor_network_after(d->network, next);
	}
	return loss;
}

/* The first fibre of the span that ends at `at`. */
static uint32_t
span_start(const struct designer *d, uint32_t at)
{
	uint32_t next = corridor_network_before(d->network, at);
	for (size_t steps = 0; next != CORRIDOR_NONE && steps < d->network->count &&
			       is_joined(element(d, next), element(d, at));
	     steps++) {
		at = next;
		next = corridor_network_before(d->network, next);
	}
	return at;
}

static bool
before_joint(const struct designer *d, uint32_t at)
{
	uint32_t after = corridor_network_after(d->network, at);
	return after != CORRIDOR_NONE && element(d, after)->kind == CORRIDOR_FUSED;
}

static void
set_losses(struct designer *d)
{
	const struct corridor_rules *rules = &d->equipment->rules;
	for (uint32_t i = 0; i < d->network->count; i++) {
		struct corridor_element *e = &d->network->elements[i];
		struct corridor_glass_fibre *f = &e->fibre;
		if (e->kind != CORRIDOR_FIBRE || e->gone)
			continue;
		if (isnan(f->connector_in_db))
			f->connector_in_db = rules->connector_in_db;
		if (isnan(f->connector_out_db))
			f->connector_out_db = rules->connector_out_db;
		if (!before_joint(d, i))
			f->connector_out_db += rules->ageing_db;
	}
	for (uint32_t i = 0; i < d->network->count; i++) {
		if (element(d, i)->kind != CORRIDOR_FIBRE || element(d, i)->gone ||
		    before_joint(d, i))
			continue;
		double loss = span_loss_db(d, i);
		struct corridor_element *first = &d->network->elements[span_start(d, i)];
		if (loss < rules->padding_db && first->kind == CORRIDOR_FIBRE)
			first->fibre.padding_db += rules->padding_db - loss;
	}
}

double
corridor_roadm_target_dbm(const struct corridor_roadm *roadm, const char *to, double baud_hz,
			  double slot_hz)
{
	enum corridor_target target = roadm->kind.target;
	double value = roadm->kind.value;
	for (size_t i = 0; i < roadm->degree_count; i++) {
		if (strcmp(roadm->degrees[i].to, to) != 0)
			continue;
		target = roadm->degrees[i].target;
		value = roadm->degrees[i].value;
		break;
	}
	switch (target) {
	case CORRIDOR_TARGET_MW_PER_GHZ:
		return corridor_to_db(value * baud_hz * 1e-9);
	case CORRIDOR_TARGET_MW_PER_SLOT_GHZ:
		return corridor_to_db(value * slot_hz * 1e-9);
	case CORRIDOR_TARGET_CHANNEL_DBM:
	case CORRIDOR_TARGET_NONE:
		break;
	}
	return value;
}

/* To the nearest step; halves to the even one. */
static double
in_steps(double value, double step)
{
	return step >= 0.01 ? nearbyint(nearbyint(value / step) * step * 100) / 100
			    : nearbyint(value * 100) / 100;
}

/* What an amplifier is to launch toward `next`. */
static double
wanted_power_db(const struct designer *d, uint32_t next)
{
	const struct corridor_rules *rules = &d->equipment->rules;
	if (element(d, next)->kind == CORRIDOR_ROADM)
		return 0;
	double power = in_steps((span_loss_db(d, next) - usual_loss_db) * power_by_loss,
				rules->power_step_db);
	return fmin(fmax(power, rules->power_low_db), rules->power_high_db);
}

/* Where a design stands in a section; powers by band. */
struct section {
	uint32_t before, at, after;
	double power_db[CORRIDOR_BANDS_MAX]; /* launched last */
	double voa_db[CORRIDOR_BANDS_MAX];   /* and how much of it an attenuator took */
};

static bool
raman_helps(const struct designer *d, uint32_t before)
{
	const struct corridor_element *e = element(d, before);
	const struct corridor_fibre *f = &e->fibre.fibre;
	return e->kind == CORRIDOR_FIBRE &&
	       corridor_fibre_loss_db_per_km(f, corridor_fibre_reference_hz(f)) <
		       d->equipment->rules.raman_loss_db_per_km;
}

/* Which amplifiers may stand between the two. */
static void
allow(const struct designer *d, const struct section *s, struct corridor_wish *wish)
{
	const struct corridor_element *e = element(d, s->at), *before = element(d, s->before),
				      *after = element(d, s->after);
	if (e->variety_count) {
		wish->allowed = (const char *const *)e->varieties;
		wish->allowed_count = e->variety_count;
	} else if (before->kind == CORRIDOR_ROADM && before->roadm.kind.booster_count) {
		wish->allowed = (const char *const *)before->roadm.kind.boosters;
		wish->allowed_count = before->roadm.kind.booster_count;
	} else if (after->kind == CORRIDOR_ROADM && after->roadm.kind.preamp_count) {
		wish->allowed = (const char *const *)after->roadm.kind.preamps;
		wish->allowed_count = after->roadm.kind.preamp_count;
	}
}

static void note(const struct designer *d, uint32_t at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void
note(const struct designer *d, uint32_t at, const char *format, ...)
{
	char text[200];
	va_list args;
	if (!d->notes)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	buf_printf(d->notes, "Edfa \"%.60s\": %s\n", element(d, at)->uid, text);
}

/* Gives an amplifier of no kind one, and takes back what the best one lacks in power. */
static void
choose(struct designer *d, const struct section *s, struct corridor_setting *set, double *power_db,
       double *gain_db)
{
	double short_db = 0;
	struct corridor_wish wish = {.gain_db = *gain_db,
				     .power_dbm = d->reference->channel_dbm + *power_db +
						  corridor_to_db(d->reference->channels),
				     .low_hz = d->reference->low_hz,
				     .high_hz = d->reference->high_hz,
				     .beyond_db = d->equipment->rules.gain_beyond_db,
				     .raman = raman_helps(d, s->before)};
	allow(d, s, &wish);
	set->kind = corridor_amplifier_choose(d->equipment, &wish, &short_db);
	if (!set->kind) {
		corridor_complain(d->complaint, 404,
				  "Edfa \"%.60s\": no amplifier of the equipment may stand there "
				  "and covers %.2f to %.2f THz",
				  element(d, s->at)->uid, wish.low_hz / 1e12, wish.high_hz / 1e12);
		d->failed = true;
		return;
	}
	if (short_db < -0.5)
		note(d, s->at, "no amplifier has a gain of %.1f dB and that power: %.1f dB less",
		     *gain_db, -short_db);
	*power_db += short_db;
	*gain_db += short_db;
}

/* Takes back what the kind that stands there lacks. */
static void
limit(const struct designer *d, const struct section *s, const struct corridor_setting *set,
      double *power_db, double *gain_db)
{
	const struct corridor_amplifier *a = set->kind;
	double total =
		d->reference->channel_dbm + *power_db + corridor_to_db(d->reference->channels);
	double less = fmin(0, a->power_max_dbm - total);
	*power_db += less;
	*gain_db += less;
	if (*gain_db - a->gain_max_db - d->equipment->rules.gain_beyond_db > 0.01)
		note(d, s->at, "needs a gain of %.2f dB; %s has %g", *gain_db, a->id,
		     a->gain_max_db);
	if (*gain_db < a->gain_min_db)
		note(d, s->at, "needs a gain of %.2f dB; %s has no less than %g", *gain_db, a->id,
		     a->gain_min_db);
	if (a->raman && !raman_helps(d, s->before))
		note(d, s->at, "Raman amplification, but not of a fibre that lets it work");
}

/* The output attenuator takes what the amplifier has to spare, where the design may. */
static void
set_voa(const struct designer *d, struct corridor_setting *set, double power_dbm)
{
	if (!isnan(set->out_voa_db))
		return;
	set->out_voa_db = 0;
	if (!d->equipment->rules.power_mode || !set->kind->voa_auto)
		return;
	double spare = fmin(set->kind->power_max_dbm - power_dbm,
			    set->kind->gain_max_db - set->designed_gain_db);
	double voa = fmax(in_steps(spare, 0.5) - voa_margin_db, 0);
	set->out_voa_db = voa;
	set->designed_gain_db += voa;
	set->designed_power_db += voa;
}

static void
set_amplifier(struct designer *d, struct section *s, struct corridor_setting *set, size_t band)
{
	bool power_mode = d->equipment->rules.power_mode;
	double lost = span_loss_db(d, s->before) + (isnan(set->in_voa_db) ? 0 : set->in_voa_db);
	double voa = isnan(set->out_voa_db) ? 0 : set->out_voa_db;
	double before = s->power_db[band] - s->voa_db[band];
	double power = isnan(set->power_db) ? wanted_power_db(d, s->after) + voa : set->power_db;
	double gain = lost + power - before;
	if (!power_mode && !isnan(set->gain_db)) {
		gain = set->gain_db;
		power = before - lost + gain;
	}
	double planned_dbm =
		d->reference->channel_dbm + power + corridor_to_db(d->reference->channels);
	if (set->kind)
		limit(d, s, set, &power, &gain);
	else
		choose(d, s, set, &power, &gain);
	if (d->failed)
		return;
	set->designed_gain_db = gain;
	set->designed_power_db = power;
	if (isnan(set->tilt_db))
		set->tilt_db = 0;
	if (isnan(set->in_voa_db))
		set->in_voa_db = 0;
	set_voa(d, set, planned_dbm);
	s->power_db[band] = power;
	s->voa_db[band] = voa;
}

/* An amplifier of several bands that does not say which: the first of the equipment. */
static void
choose_bands(struct designer *d, struct corridor_element *e)
{
	for (size_t i = 0; i < d->equipment->amplifier_count; i++) {
		const struct corridor_amplifier *a = &d->equipment->amplifiers[i];
		if (a->noise != CORRIDOR_NOISE_BANDS || !a->for_design)
			continue;
		e->variety = a->id;
		e->setting_count = a->band_count;
		for (size_t b = 0; b < a->band_count; b++)
			e->settings[b].kind = a->bands[b];
		return;
	}
	corridor_complain(d->complaint, 404,
			  "Multiband_amplifier \"%.60s\": none of the equipment is for design",
			  e->uid);
	d->failed = true;
}

/* From `start`, the element behind a ROADM or transceiver, to the next of these. */
static void
design_section(struct designer *d, uint32_t head, uint32_t start)
{
	const struct corridor_reference *ref = d->reference;
	const struct corridor_element *from = element(d, head);
	const struct corridor_comb *comb = &d->equipment->combs[0];
	double out_dbm = from->kind == CORRIDOR_ROADM
				 ? corridor_roadm_target_dbm(&from->roadm, element(d, start)->uid,
							     comb->baud_hz, comb->spacing_hz)
				 : ref->transmitter_dbm;
	struct section s = {.before = head, .at = start};
	for (size_t b = 0; b < CORRIDOR_BANDS_MAX; b++)
		s.power_db[b] = out_dbm - ref->channel_dbm;
	for (size_t steps = 0; !d->failed; steps++) {
		struct corridor_element *e = &d->network->elements[s.at];
		if (e->kind == CORRIDOR_ROADM || e->kind == CORRIDOR_TRANSCEIVER)
			return;
		s.after = corridor_network_after(d->network, s.at);
		if (s.after == CORRIDOR_NONE || steps > d->network->count) {
			corridor_complain(d->complaint, 400,
					  "\"%.60s\": the line behind \"%.60s\" ends there or goes "
					  "round in circles",
					  e->uid, from->uid);
			d->failed = true;
			return;
		}
		if (e->kind == CORRIDOR_AMPLIFIER && e->bands && e->setting_count == 0)
			choose_bands(d, e);
		for (size_t b = 0;
		     e->kind == CORRIDOR_AMPLIFIER && b < e->setting_count && !d->failed; b++)
			set_amplifier(d, &s, &e->settings[b], b);
		s.before = s.at;
		s.at = s.after;
	}
}

int
corridor_network_design(struct corridor_network *network,
			const struct corridor_equipment *equipment,
			const struct corridor_reference *reference, struct buf *notes,
			struct corridor_complaint *complaint)
{
	struct designer d = {.network = network,
			     .equipment = equipment,
			     .reference = reference,
			     .notes = notes,
			     .complaint = complaint};
	set_losses(&d);
	for (uint32_t i = 0; i < network->count && !d.failed; i++) {
		const struct corridor_element *e = element(&d, i);
		if (e->gone || (e->kind != CORRIDOR_ROADM && e->kind != CORRIDOR_TRANSCEIVER))
			continue;
		for (const struct corridor_tie *t = e->after; t && !d.failed; t = t->next)
			if (element(&d, t->element)->kind != CORRIDOR_TRANSCEIVER)
				design_section(&d, i, t->element);
	}
	return d.failed ? -1 : 0;
}
