/* GNPy's files, written: what is known from the structs, what a file said besides as it stood
 * there. */
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "corridor/corridor_optics_gnpy.h"

/* The members of an object as read that are not written from the structs. */
static void
keep_others(struct json *j, const struct json_value *object, const char *const *written)
{
	for (const struct json_value *v = json_read_first(object); v; v = v->next) {
		size_t i = 0;
		while (written[i] && strcmp(written[i], v->key) != 0)
			i++;
		if (!written[i])
			json_raw(j, v->key, v->raw, v->raw_length);
	}
}

/* null for what is not set. */
static void
number_or_null(struct json *j, const char *key, double value)
{
	if (isnan(value))
		json_null(j, key);
	else
		json_double(j, key, value);
}

static void
write_fibre(struct json *j, const struct corridor_element *e)
{
	static const char *const with_source[] = {"length", "length_units", "att_in",
						  "con_in", "con_out",      NULL};
	static const char *const all[] = {"length",  "length_units", "att_in", "con_in",
					  "con_out", "loss_coef",    NULL};
	const struct corridor_glass_fibre *f = &e->fibre;
	const struct json_value *params = json_read_get(e->source, "params");
	json_object(j, "params");
	json_double(j, "length", f->length_km);
	json_str(j, "length_units", "km");
	if (!params)
		json_double(j, "loss_coef", f->fibre.loss_db_per_km);
	json_double(j, "att_in", f->padding_db);
	number_or_null(j, "con_in", f->connector_in_db);
	number_or_null(j, "con_out", f->connector_out_db);
	keep_others(j, params, params ? with_source : all);
	json_object_end(j);
}

/* As set by the file, or where a design has been made as designed. */
static void
write_setting(struct json *j, const struct corridor_setting *s, const struct json_value *source)
{
	static const char *const written[] = {"gain_target", "delta_p", "tilt_target",
					      "out_voa",     "in_voa",  NULL};
	bool designed = !isnan(s->designed_gain_db);
	json_object(j, "operational");
	number_or_null(j, "gain_target", designed ? s->designed_gain_db : s->gain_db);
	number_or_null(j, "delta_p", designed ? s->designed_power_db : s->power_db);
	number_or_null(j, "tilt_target", s->tilt_db);
	number_or_null(j, "out_voa", s->out_voa_db);
	if (!isnan(s->in_voa_db) && s->in_voa_db != 0)
		json_double(j, "in_voa", s->in_voa_db);
	keep_others(j, source, written);
	json_object_end(j);
}

static void
write_bands(struct json *j, const struct corridor_element *e)
{
	static const char *const written[] = {"type_variety", "operational", NULL};
	const struct json_value *source = json_read_first(json_read_get(e->source, "amplifiers"));
	json_array(j, "amplifiers");
	for (size_t i = 0; i < e->setting_count; i++, source = source ? source->next : NULL) {
		json_object(j, NULL);
		if (e->settings[i].kind)
			json_str(j, "type_variety", e->settings[i].kind->id);
		write_setting(j, &e->settings[i], json_read_get(source, "operational"));
		keep_others(j, source, written);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
write_roadm(struct json *j, const struct corridor_element *e)
{
	static const char *const keys[] = {[CORRIDOR_TARGET_CHANNEL_DBM] = "target_pch_out_db",
					   [CORRIDOR_TARGET_MW_PER_GHZ] = "target_psd_out_mWperGHz",
					   [CORRIDOR_TARGET_MW_PER_SLOT_GHZ] =
						   "target_out_mWperSlotWidth"};
	if (e->source || e->roadm.kind.target == CORRIDOR_TARGET_NONE)
		return;
	json_object(j, "params");
	json_double(j, keys[e->roadm.kind.target], e->roadm.kind.value);
	json_object_end(j);
}

static void
write_place(struct json *j, const struct corridor_element *e)
{
	if (json_read_get(e->source, "metadata"))
		return; /* kept as it is */
	json_object(j, "metadata");
	json_object(j, "location");
	json_double(j, "latitude", isnan(e->latitude) ? 0 : e->latitude);
	json_double(j, "longitude", isnan(e->longitude) ? 0 : e->longitude);
	json_str(j, "city", e->city);
	json_str(j, "region", e->region);
	json_object_end(j);
	json_object_end(j);
}

static const char *
type_of(const struct corridor_element *e)
{
	static const char *const types[] = {"Transceiver", "Roadm", "Fused", "Fiber", "Edfa"};
	return e->bands ? "Multiband_amplifier" : types[e->kind];
}

static void
write_element(struct json *j, const struct corridor_element *e)
{
	static const char *const line[] = {
		"uid", "type", "type_variety", "params", "operational", "amplifiers", NULL};
	static const char *const node[] = {"uid", "type", "type_variety", NULL};
	const char *variety = e->variety;
	if (e->kind == CORRIDOR_AMPLIFIER && !e->bands && e->settings[0].kind)
		variety = e->settings[0].kind->id;
	json_object(j, NULL);
	json_str(j, "uid", e->uid);
	json_str(j, "type", type_of(e));
	if (variety)
		json_str(j, "type_variety", variety);
	if (e->kind == CORRIDOR_FIBRE)
		write_fibre(j, e);
	if (e->kind == CORRIDOR_ROADM)
		write_roadm(j, e);
	if (e->kind == CORRIDOR_FUSED && !e->source) {
		json_object(j, "params");
		json_double(j, "loss", e->loss_db);
		json_object_end(j);
	}
	if (e->kind == CORRIDOR_AMPLIFIER && e->bands)
		write_bands(j, e);
	else if (e->kind == CORRIDOR_AMPLIFIER)
		write_setting(j, &e->settings[0], json_read_get(e->source, "operational"));
	write_place(j, e);
	bool in_line = e->kind == CORRIDOR_FIBRE || e->kind == CORRIDOR_AMPLIFIER;
	keep_others(j, e->source, in_line ? line : node);
	json_object_end(j);
}

void
corridor_gnpy_write_network(struct buf *out, const struct corridor_network *network)
{
	static const char *const written[] = {"network_name", "elements", "connections", NULL};
	struct json j = json_to(out);
	json_object(&j, NULL);
	if (network->name)
		json_str(&j, "network_name", network->name);
	json_array(&j, "elements");
	for (size_t i = 0; i < network->count; i++)
		if (!network->elements[i].gone)
			write_element(&j, &network->elements[i]);
	json_array_end(&j);
	json_array(&j, "connections");
	for (size_t i = 0; i < network->count; i++) {
		const struct corridor_element *e = &network->elements[i];
		for (const struct corridor_tie *t = e->gone ? NULL : e->after; t; t = t->next) {
			json_object(&j, NULL);
			json_str(&j, "from_node", e->uid);
			json_str(&j, "to_node", network->elements[t->element].uid);
			json_object_end(&j);
		}
	}
	json_array_end(&j);
	keep_others(&j, network->source, written);
	json_object_end(&j);
	buf_str(out, "\n");
}

static void
write_amplifier(struct json *j, const struct corridor_amplifier *a)
{
	static const char *const models[] = {[CORRIDOR_NOISE_FIXED] = "fixed_gain",
					     [CORRIDOR_NOISE_TWO_STAGES] = "variable_gain",
					     [CORRIDOR_NOISE_OPENROADM] = "openroadm",
					     [CORRIDOR_NOISE_OPENROADM_PREAMP] = "openroadm_preamp",
					     [CORRIDOR_NOISE_OPENROADM_BOOSTER] =
						     "openroadm_booster"};
	/* Others do not come from a hub file. */
	if (a->noise >= sizeof(models) / sizeof(models[0]) || !models[a->noise])
		return;
	json_object(j, NULL);
	json_str(j, "type_variety", a->id);
	json_str(j, "type_def", models[a->noise]);
	json_double(j, "gain_flatmax", a->gain_max_db);
	json_double(j, "gain_min", a->gain_min_db);
	json_double(j, "p_max", a->power_max_dbm);
	if (a->noise == CORRIDOR_NOISE_FIXED)
		json_double(j, "nf0", a->nf_db);
	if (a->noise == CORRIDOR_NOISE_TWO_STAGES) {
		json_double(j, "nf_min", a->nf_min_db);
		json_double(j, "nf_max", a->nf_max_db);
	}
	if (a->noise == CORRIDOR_NOISE_OPENROADM) {
		json_array(j, "nf_coef");
		for (size_t i = 0; i < a->coefficient_count; i++)
			json_double(j, NULL, a->coefficients[i]);
		json_array_end(j);
	}
	json_bool(j, "out_voa_auto", a->voa_auto);
	json_bool(j, "allowed_for_design", a->for_design);
	json_object_end(j);
}

static void
write_mode(struct json *j, const struct corridor_mode *m)
{
	json_object(j, NULL);
	json_str(j, "format", m->id);
	json_double(j, "baud_rate", m->baud_hz);
	json_double(j, "OSNR", m->osnr_db);
	json_double(j, "bit_rate", m->rate_bps);
	json_double(j, "roll_off", m->roll_off);
	json_double(j, "tx_osnr", m->tx_osnr_db);
	json_double(j, "min_spacing", m->spacing_hz);
	json_u64(j, "cost", 1);
	json_object_end(j);
}

static void
write_rules(struct json *j, const struct corridor_rules *r)
{
	json_array(j, "Span");
	json_object(j, NULL);
	json_bool(j, "power_mode", r->power_mode);
	json_array(j, "delta_power_range_db");
	json_double(j, NULL, r->power_low_db);
	json_double(j, NULL, r->power_high_db);
	json_double(j, NULL, r->power_step_db);
	json_array_end(j);
	json_double(j, "max_fiber_lineic_loss_for_raman", r->raman_loss_db_per_km);
	json_double(j, "target_extended_gain", r->gain_beyond_db);
	json_double(j, "max_length", r->length_max_km);
	json_str(j, "length_units", "km");
	json_u64(j, "max_loss", 28);
	json_double(j, "padding", r->padding_db);
	json_double(j, "EOL", r->ageing_db);
	json_double(j, "con_in", r->connector_in_db);
	json_double(j, "con_out", r->connector_out_db);
	json_object_end(j);
	json_array_end(j);
}

static void
write_comb(struct json *j, const struct corridor_comb *c)
{
	json_object(j, NULL);
	json_double(j, "f_min", c->low_hz);
	json_double(j, "f_max", c->high_hz);
	json_double(j, "baud_rate", c->baud_hz);
	json_double(j, "spacing", c->spacing_hz);
	json_double(j, "power_dbm", c->channel_dbm);
	json_array(j, "power_range_db");
	for (int i = 0; i < 3; i++)
		json_u64(j, NULL, i == 2);
	json_array_end(j);
	json_double(j, "roll_off", c->roll_off);
	json_double(j, "tx_osnr", c->tx_osnr_db);
	json_double(j, "sys_margins", c->margin_db);
	json_object_end(j);
}

static void
write_roadm_kind(struct json *j, const struct corridor_roadm_kind *k)
{
	json_object(j, NULL);
	json_double(j, "target_pch_out_db", k->value);
	json_double(j, "add_drop_osnr", k->add_drop_osnr_db);
	json_double(j, "pmd", k->pmd_ps * 1e-12);
	json_double(j, "pdl", k->pdl_db);
	json_object(j, "restrictions");
	json_array(j, "preamp_variety_list");
	json_array_end(j);
	json_array(j, "booster_variety_list");
	json_array_end(j);
	json_object_end(j);
	json_object_end(j);
}

static void
write_fibre_kind(struct json *j, const struct corridor_fibre_kind *k)
{
	json_object(j, NULL);
	json_str(j, "type_variety", k->id);
	json_double(j, "dispersion", k->fibre.dispersion_s_per_m2);
	json_double(j, "effective_area", k->fibre.effective_area_m2);
	json_double(j, "pmd_coef", k->fibre.pmd_ps_per_sqrt_km * 1e-12 / sqrt(1e3));
	json_object_end(j);
}

void
corridor_gnpy_write_equipment(struct buf *out, const struct corridor_equipment *e)
{
	struct json j = json_to(out);
	if (e->source) {
		json_raw(&j, NULL, e->source->raw, e->source->raw_length);
		buf_str(out, "\n");
		return;
	}
	json_object(&j, NULL);
	json_array(&j, "Edfa");
	for (size_t i = 0; i < e->amplifier_count; i++)
		write_amplifier(&j, &e->amplifiers[i]);
	json_array_end(&j);
	json_array(&j, "Fiber");
	for (size_t i = 0; i < e->fibre_count; i++)
		write_fibre_kind(&j, &e->fibres[i]);
	json_array_end(&j);
	write_rules(&j, &e->rules);
	json_array(&j, "Roadm");
	for (size_t i = 0; i < e->roadm_count; i++)
		write_roadm_kind(&j, &e->roadms[i]);
	json_array_end(&j);
	json_array(&j, "SI");
	for (size_t i = 0; i < e->comb_count; i++)
		write_comb(&j, &e->combs[i]);
	json_array_end(&j);
	json_array(&j, "Transceiver");
	for (size_t i = 0; i < e->transceiver_count; i++) {
		const struct corridor_transceiver *t = &e->transceivers[i];
		json_object(&j, NULL);
		json_str(&j, "type_variety", t->id);
		json_object(&j, "frequency");
		json_double(&j, "min", t->low_hz);
		json_double(&j, "max", t->high_hz);
		json_object_end(&j);
		json_array(&j, "mode");
		for (size_t m = 0; m < t->mode_count; m++)
			write_mode(&j, &t->modes[m]);
		json_array_end(&j);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}
