/* GNPy's equipment file (eqpt_config.json). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_optics_gnpy_parts.h"

static const struct corridor_gnpy_range hertz = {100e12, 300e12}, baud = {1e9, 1e12},
					db = {-60, 200}, dbm = {-60, 40};

static void
take_fibres(struct corridor_gnpy_reader *r, struct corridor_equipment *e,
	    const struct json_value *list)
{
	static const char *const known[] = {"type_variety",
					    "dispersion",
					    "dispersion_slope",
					    "dispersion_per_frequency",
					    "gamma",
					    "effective_area",
					    "pmd_coef",
					    "loss_coef",
					    "loss_coef_per_frequency",
					    "raman_efficiency",
					    "raman_coefficient",
					    "ref_frequency",
					    "ref_wavelength",
					    NULL};
	r->kind = "Fiber";
	e->fibres = corridor_gnpy_take(r, (corridor_gnpy_length(list) + 1) * sizeof(*e->fibres));
	for (const struct json_value *v = json_read_first(list); v && !r->failed; v = v->next) {
		struct corridor_fibre_kind *kind = &e->fibres[e->fibre_count];
		r->name = NULL;
		r->name = kind->id = corridor_gnpy_word(r, v, "type_variety");
		if (!kind->id)
			corridor_gnpy_fail(r, "type_variety is missing");
		else if (corridor_fibre_find(e, kind->id))
			corridor_gnpy_fail(r, "is there twice");
		corridor_gnpy_unknown(r, v, known);
		kind->fibre = corridor_fibre_g652;
		kind->fibre.pmd_ps_per_sqrt_km = 0;
		kind->fibre.loss_db_per_km = NAN; /* spans say it */
		corridor_gnpy_fibre(r, &kind->fibre, v);
		e->fibre_count++;
	}
	r->name = NULL;
}

static void
take_roadms(struct corridor_gnpy_reader *r, struct corridor_equipment *e,
	    const struct json_value *list)
{
	r->kind = "Roadm";
	e->roadms = corridor_gnpy_take(r, (corridor_gnpy_length(list) + 1) * sizeof(*e->roadms));
	for (const struct json_value *v = json_read_first(list); v && !r->failed; v = v->next) {
		struct corridor_roadm_kind *kind = &e->roadms[e->roadm_count];
		r->name = NULL;
		r->name = corridor_gnpy_word(r, v, "type_variety");
		kind->id = r->name ? r->name : "default";
		kind->add_drop_osnr_db = 100;
		corridor_gnpy_unknown(r, v, corridor_gnpy_roadm_keys);
		corridor_gnpy_roadm(r, kind, v);
		if (kind->target == CORRIDOR_TARGET_NONE)
			corridor_gnpy_fail(r, "no target power: expected target_pch_out_db, "
					      "target_psd_out_mWperGHz or "
					      "target_out_mWperSlotWidth");
		e->roadm_count++;
	}
	r->name = NULL;
}

static void
take_rules(struct corridor_gnpy_reader *r, struct corridor_equipment *e,
	   const struct json_value *list)
{
	static const char *const known[] = {"power_mode",
					    "delta_power_range_db",
					    "max_fiber_lineic_loss_for_raman",
					    "target_extended_gain",
					    "max_length",
					    "length_units",
					    "max_loss",
					    "padding",
					    "EOL",
					    "con_in",
					    "con_out",
					    NULL};
	const struct json_value *v = json_read_first(list), *range;
	struct corridor_rules *rules = &e->rules;
	const struct corridor_gnpy_range some = {0, 60};
	r->kind = "Span";
	if (corridor_gnpy_length(list) > 1)
		corridor_gnpy_note(r, "only the first one is used");
	corridor_gnpy_unknown(r, v, known);
	rules->power_mode = corridor_gnpy_flag(r, v, "power_mode", true);
	range = json_read_first(json_read_get(v, "delta_power_range_db"));
	double *const parts[] = {&rules->power_low_db, &rules->power_high_db,
				 &rules->power_step_db};
	for (size_t i = 0; range && i < 3; i++, range = range->next)
		if (!json_read_number(parts[i], range) || !(fabs(*parts[i]) <= 60))
			corridor_gnpy_fail(r, "delta_power_range_db: expected [low, high, step]");
	if (rules->power_step_db < 0 || rules->power_low_db > rules->power_high_db)
		corridor_gnpy_fail(r, "delta_power_range_db: expected [low, high, step]");
	const char *units = corridor_gnpy_word(r, v, "length_units");
	double unit_km = units && strcmp(units, "m") == 0 ? 1e-3 : 1;
	if (units && strcmp(units, "m") != 0 && strcmp(units, "km") != 0)
		corridor_gnpy_fail(r, "length_units: found \"%.20s\", expected km or m", units);
	rules->length_max_km =
		unit_km * corridor_gnpy_number(r, v, "max_length", 150 / unit_km,
					       (struct corridor_gnpy_range){10, 1e7});
	rules->raman_loss_db_per_km =
		corridor_gnpy_number(r, v, "max_fiber_lineic_loss_for_raman", 0.25, some);
	rules->gain_beyond_db = corridor_gnpy_number(r, v, "target_extended_gain", 2.5, some);
	rules->padding_db = corridor_gnpy_number(r, v, "padding", 10, some);
	rules->ageing_db = corridor_gnpy_number(r, v, "EOL", 0, some);
	rules->connector_in_db = corridor_gnpy_number(r, v, "con_in", 0, some);
	rules->connector_out_db = corridor_gnpy_number(r, v, "con_out", 0, some);
}

static void
take_combs(struct corridor_gnpy_reader *r, struct corridor_equipment *e,
	   const struct json_value *list)
{
	static const char *const known[] = {"type_variety",
					    "f_min",
					    "f_max",
					    "baud_rate",
					    "spacing",
					    "power_dbm",
					    "power_range_db",
					    "roll_off",
					    "tx_osnr",
					    "sys_margins",
					    "tx_power_dbm",
					    "use_si_channel_count_for_design",
					    NULL};
	size_t count = corridor_gnpy_length(list);
	r->kind = "SI";
	e->combs = corridor_gnpy_take(r, (count + 1) * sizeof(*e->combs));
	if (count == 0)
		corridor_gnpy_fail(r, "no channels are described");
	for (const struct json_value *v = json_read_first(list); v && !r->failed; v = v->next) {
		struct corridor_comb *c = &e->combs[e->comb_count++];
		r->name = c->id = corridor_gnpy_word(r, v, "type_variety");
		corridor_gnpy_unknown(r, v, known);
		c->low_hz = corridor_gnpy_number(r, v, "f_min", 191.35e12, hertz);
		c->high_hz = corridor_gnpy_number(r, v, "f_max", 196.1e12, hertz);
		c->baud_hz = corridor_gnpy_number(r, v, "baud_rate", 32e9, baud);
		c->spacing_hz = corridor_gnpy_number(r, v, "spacing", 50e9, baud);
		c->channel_dbm = corridor_gnpy_number(r, v, "power_dbm", 0, dbm);
		c->transmitter_dbm = corridor_gnpy_number(r, v, "tx_power_dbm", NAN, dbm);
		c->roll_off = corridor_gnpy_number(r, v, "roll_off", 0.15,
						   (struct corridor_gnpy_range){0, 1});
		c->tx_osnr_db = corridor_gnpy_number(r, v, "tx_osnr", 45, db);
		c->margin_db = corridor_gnpy_number(r, v, "sys_margins", 0, db);
		size_t channels = corridor_comb_channels(c);
		if (!r->failed && (channels < 1 || channels > CORRIDOR_CHANNELS_MAX))
			corridor_gnpy_fail(r,
					   "f_min, f_max and spacing make %zu channels, "
					   "expected 1 to %d",
					   channels, CORRIDOR_CHANNELS_MAX);
	}
	r->name = NULL;
}

static int
by_impairment(const void *a, const void *b)
{
	const struct corridor_penalty *x = a, *y = b;
	return (x->at > y->at) - (x->at < y->at);
}

/* The steps of one impairment out of the list; without one for none, none costs nothing. */
static struct corridor_penalties
take_penalties(struct corridor_gnpy_reader *r, const struct json_value *list, const char *key)
{
	struct corridor_penalties out = {0};
	const struct corridor_gnpy_range any = {-1e9, 1e9};
	bool positive = true;
	out.steps = corridor_gnpy_take(r, (corridor_gnpy_length(list) + 1) * sizeof(*out.steps));
	for (const struct json_value *v = json_read_first(list); v && !r->failed; v = v->next) {
		if (!corridor_gnpy_has(v, key))
			continue;
		struct corridor_penalty *s = &out.steps[out.count++];
		s->at = corridor_gnpy_need(r, v, key, any);
		s->db = corridor_gnpy_need(r, v, "penalty_value", any);
		positive &= s->at > 0;
	}
	if (r->failed || out.count == 0)
		return (struct corridor_penalties){0};
	if (positive)
		out.steps[out.count++] = (struct corridor_penalty){0, 0};
	qsort(out.steps, out.count, sizeof(*out.steps), by_impairment);
	return out;
}

static void
take_mode(struct corridor_gnpy_reader *r, struct corridor_mode *mode, const struct json_value *v)
{
	static const char *const known[] = {
		"format",  "baud_rate",   "OSNR", "bit_rate",  "roll_off",
		"tx_osnr", "min_spacing", "cost", "penalties", "equalization_offset_db",
		NULL};
	const struct json_value *penalties = json_read_get(v, "penalties");
	corridor_gnpy_unknown(r, v, known);
	mode->id = corridor_gnpy_word(r, v, "format");
	if (!mode->id)
		corridor_gnpy_fail(r, "a mode without format");
	mode->baud_hz = corridor_gnpy_need(r, v, "baud_rate", baud);
	mode->osnr_db = corridor_gnpy_need(r, v, "OSNR", db);
	mode->rate_bps =
		corridor_gnpy_need(r, v, "bit_rate", (struct corridor_gnpy_range){1e6, 1e14});
	mode->roll_off =
		corridor_gnpy_number(r, v, "roll_off", 0.15, (struct corridor_gnpy_range){0, 1});
	mode->tx_osnr_db = corridor_gnpy_number(r, v, "tx_osnr", 45, db);
	mode->spacing_hz = corridor_gnpy_need(r, v, "min_spacing", baud);
	mode->offset_db = corridor_gnpy_number(r, v, "equalization_offset_db", 0, db);
	mode->dispersion_ps_nm = take_penalties(r, penalties, "chromatic_dispersion");
	mode->pmd_ps = take_penalties(r, penalties, "pmd");
	mode->pdl_db = take_penalties(r, penalties, "pdl");
}

static void
take_transceivers(struct corridor_gnpy_reader *r, struct corridor_equipment *e,
		  const struct json_value *list)
{
	static const char *const known[] = {"type_variety", "frequency", "mode", "other_name",
					    NULL};
	r->kind = "Transceiver";
	e->transceivers =
		corridor_gnpy_take(r, (corridor_gnpy_length(list) + 1) * sizeof(*e->transceivers));
	for (const struct json_value *v = json_read_first(list); v && !r->failed; v = v->next) {
		struct corridor_transceiver *t = &e->transceivers[e->transceiver_count++];
		const struct json_value *band = json_read_get(v, "frequency");
		const struct json_value *modes = json_read_get(v, "mode");
		r->name = NULL;
		r->name = t->id = corridor_gnpy_word(r, v, "type_variety");
		if (!t->id)
			corridor_gnpy_fail(r, "type_variety is missing");
		corridor_gnpy_unknown(r, v, known);
		t->low_hz = corridor_gnpy_number(r, band, "min", 0, hertz);
		t->high_hz = corridor_gnpy_number(r, band, "max", 0, hertz);
		t->modes = corridor_gnpy_take(r, (corridor_gnpy_length(modes) + 1) *
							 sizeof(*t->modes));
		for (const struct json_value *m = json_read_first(modes); m && !r->failed;
		     m = m->next)
			take_mode(r, &t->modes[t->mode_count++], m);
	}
	r->name = NULL;
}

/* Fibres with Raman pumps are fibres; those that are in neither list twice. */
static void
check_fibres(struct corridor_gnpy_reader *r, const struct corridor_equipment *e,
	     const struct json_value *list)
{
	r->kind = "RamanFiber";
	for (const struct json_value *v = json_read_first(list); v && !r->failed; v = v->next) {
		const char *id = json_read_text(json_read_get(v, "type_variety"));
		r->name = id;
		if (!corridor_fibre_find(e, id))
			corridor_gnpy_note(r, "is kept, not used: there is no Fiber of that name");
	}
	r->name = NULL;
}

/* Amplifiers that ROADMs are to have. */
static void
check_roadms(struct corridor_gnpy_reader *r, const struct corridor_equipment *e)
{
	r->kind = "Roadm";
	for (size_t i = 0; i < e->roadm_count && !r->failed; i++) {
		const struct corridor_roadm_kind *k = &e->roadms[i];
		r->name = k->id;
		for (size_t n = 0; n < k->preamp_count + k->booster_count; n++) {
			const char *id = n < k->preamp_count ? k->preamps[n]
							     : k->boosters[n - k->preamp_count];
			if (!corridor_amplifier_find(e, id))
				corridor_gnpy_fail(r, "restrictions: \"%.60s\" is no Edfa", id);
		}
	}
	r->name = NULL;
}

int
corridor_gnpy_equipment(struct corridor_equipment *out, const struct corridor_gnpy *gnpy,
			const char *text, size_t length, struct corridor_complaint *complaint)
{
	static const char *const known[] = {"Edfa",  "Fiber", "RamanFiber",  "Span",
					    "Roadm", "SI",    "Transceiver", NULL};
	struct corridor_gnpy_reader r = {.gnpy = gnpy, .complaint = complaint, .kind = "equipment"};
	struct corridor_equipment e = {0};
	const struct json_value *json = corridor_gnpy_json(&r, text, length);
	if (!json)
		return -1;
	corridor_gnpy_unknown(&r, json, known);
	for (size_t i = 0; known[i]; i++)
		(void)corridor_gnpy_list(&r, json, known[i]);
	e.source = json;
	take_fibres(&r, &e, json_read_get(json, "Fiber"));
	corridor_gnpy_amplifiers(&r, &e, json_read_get(json, "Edfa"));
	take_roadms(&r, &e, json_read_get(json, "Roadm"));
	take_rules(&r, &e, json_read_get(json, "Span"));
	take_combs(&r, &e, json_read_get(json, "SI"));
	take_transceivers(&r, &e, json_read_get(json, "Transceiver"));
	check_fibres(&r, &e, json_read_get(json, "RamanFiber"));
	check_roadms(&r, &e);
	if (r.failed)
		return -1;
	*out = e;
	return 0;
}
