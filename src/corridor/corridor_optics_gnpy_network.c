/* GNPy's network file, and its file of spectrum. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_optics_gnpy_parts.h"

static const struct corridor_gnpy_range db = {-60, 60}, loss = {0, 60};

/* Light does not ask where it is: a place that is none (a drawing's, say) refuses nothing, but a hub file has
 * no use for it. */
static double
degrees(struct corridor_gnpy_reader *r, const struct json_value *at, const char *key, double most)
{
	double value =
		corridor_gnpy_number(r, at, key, NAN, (struct corridor_gnpy_range){-1e9, 1e9});
	if (isnan(value) || fabs(value) <= most || !r->gnpy->for_hub)
		return value;
	corridor_gnpy_note(r, "%s: found %g, expected -%g to %g; left out", key, value, most, most);
	return NAN;
}

static void
take_place(struct corridor_gnpy_reader *r, struct corridor_element *e,
	   const struct json_value *object)
{
	const struct json_value *at = json_read_get(json_read_get(object, "metadata"), "location");
	e->latitude = degrees(r, at, "latitude", 90);
	e->longitude = degrees(r, at, "longitude", 180);
	e->city = json_read_text(json_read_get(at, "city"));
	e->region = json_read_text(json_read_get(at, "region"));
}

static void
take_lumps(struct corridor_gnpy_reader *r, struct corridor_glass_fibre *f,
	   const struct json_value *list)
{
	f->lumps = corridor_gnpy_take(r, corridor_gnpy_length(list) * sizeof(*f->lumps));
	for (const struct json_value *v = json_read_first(list); v && !r->failed; v = v->next) {
		struct corridor_lump *lump = &f->lumps[f->lump_count++];
		lump->at_km = corridor_gnpy_need(r, v, "position",
						 (struct corridor_gnpy_range){0, f->length_km});
		lump->loss_db = corridor_gnpy_need(r, v, "loss", loss);
	}
}

static void
take_fibre(struct corridor_gnpy_reader *r, struct corridor_element *e,
	   const struct corridor_equipment *equipment, const struct json_value *params)
{
	static const char *const known[] = {"length",
					    "length_units",
					    "loss_coef",
					    "loss_coef_per_frequency",
					    "att_in",
					    "con_in",
					    "con_out",
					    "pmd_coef",
					    "lumped_losses",
					    "dispersion",
					    "dispersion_slope",
					    "dispersion_per_frequency",
					    "effective_area",
					    "gamma",
					    "ref_frequency",
					    "ref_wavelength",
					    "raman_coefficient",
					    "raman_efficiency",
					    NULL};
	struct corridor_glass_fibre *f = &e->fibre;
	const struct corridor_fibre_kind *kind =
		equipment ? corridor_fibre_find(equipment, e->variety ? e->variety : "default")
			  : NULL;
	if (equipment && !kind) {
		corridor_gnpy_fail(r, "type_variety: \"%.60s\" is no Fiber of the equipment",
				   e->variety ? e->variety : "default");
		return;
	}
	corridor_gnpy_unknown(r, params, known);
	f->fibre = kind ? kind->fibre : corridor_fibre_g652;
	corridor_gnpy_fibre(r, &f->fibre, params);
	if (isnan(f->fibre.loss_db_per_km) && !f->fibre.loss.count)
		corridor_gnpy_fail(r, "loss_coef is missing");
	const char *units = corridor_gnpy_word(r, params, "length_units");
	double unit_km = units && strcmp(units, "m") == 0 ? 1e-3 : 1;
	if (units && strcmp(units, "m") != 0 && strcmp(units, "km") != 0)
		corridor_gnpy_fail(r, "length_units: found \"%.20s\", expected km or m", units);
	f->length_km = unit_km * corridor_gnpy_need(r, params, "length",
						    (struct corridor_gnpy_range){1e-6, 1e8});
	if (f->length_km > 50000)
		corridor_gnpy_fail(r, "length: found %g km, more than around the earth",
				   f->length_km);
	f->connector_in_db = corridor_gnpy_number(r, params, "con_in", NAN, loss);
	f->connector_out_db = corridor_gnpy_number(r, params, "con_out", NAN, loss);
	f->padding_db = corridor_gnpy_number(r, params, "att_in", 0, loss);
	take_lumps(r, f, json_read_get(params, "lumped_losses"));
}

static void
take_setting(struct corridor_gnpy_reader *r, struct corridor_setting *s,
	     const struct json_value *operational)
{
	static const char *const known[] = {"gain_target", "delta_p", "tilt_target",
					    "out_voa",     "in_voa",  NULL};
	corridor_gnpy_unknown(r, operational, known);
	s->gain_db = corridor_gnpy_number(r, operational, "gain_target", NAN, db);
	s->power_db = corridor_gnpy_number(r, operational, "delta_p", NAN, db);
	s->tilt_db = corridor_gnpy_number(r, operational, "tilt_target", NAN, db);
	s->out_voa_db = corridor_gnpy_number(r, operational, "out_voa", NAN, loss);
	s->in_voa_db = corridor_gnpy_number(r, operational, "in_voa", NAN, loss);
}

/* "" and "default" leave the choice to the design. */
static const struct corridor_amplifier *
take_kind(struct corridor_gnpy_reader *r, const struct corridor_equipment *equipment,
	  const char *variety)
{
	if (!variety || !equipment || strcmp(variety, "default") == 0)
		return NULL;
	const struct corridor_amplifier *kind = corridor_amplifier_find(equipment, variety);
	if (!kind)
		corridor_gnpy_fail(r, "type_variety: \"%.60s\" is no usable Edfa of the equipment",
				   variety);
	return kind;
}

static void
take_amplifier(struct corridor_gnpy_reader *r, struct corridor_element *e,
	       const struct corridor_equipment *equipment, const struct json_value *object)
{
	e->settings[0].kind = take_kind(r, equipment, e->variety);
	if (e->settings[0].kind && e->settings[0].kind->noise == CORRIDOR_NOISE_BANDS)
		corridor_gnpy_fail(r, "type_variety: \"%.60s\" is of several bands", e->variety);
	take_setting(r, &e->settings[0], json_read_get(object, "operational"));
	e->variety_count = corridor_gnpy_words(r, object, "variety_list", &e->varieties);
	for (size_t i = 0; i < e->variety_count; i++)
		take_kind(r, equipment, e->varieties[i]);
}

static void
take_bands(struct corridor_gnpy_reader *r, struct corridor_element *e,
	   const struct corridor_equipment *equipment, const struct json_value *object)
{
	const struct json_value *list = json_read_get(object, "amplifiers");
	const struct corridor_amplifier *whole = take_kind(r, equipment, e->variety);
	e->bands = true;
	e->setting_count = corridor_gnpy_length(list);
	if (whole && whole->noise != CORRIDOR_NOISE_BANDS)
		corridor_gnpy_fail(r, "type_variety: \"%.60s\" is of one band", e->variety);
	if (e->setting_count > CORRIDOR_BANDS_MAX)
		corridor_gnpy_fail(r, "amplifiers: more than %d", CORRIDOR_BANDS_MAX);
	const struct json_value *v = json_read_first(list);
	for (size_t i = 0; v && !r->failed; i++, v = v->next) {
		e->settings[i].kind =
			take_kind(r, equipment, corridor_gnpy_word(r, v, "type_variety"));
		take_setting(r, &e->settings[i], json_read_get(v, "operational"));
	}
	if (e->setting_count || !whole || r->failed)
		return;
	e->setting_count = whole->band_count;
	for (size_t i = 0; i < whole->band_count; i++)
		e->settings[i].kind = whole->bands[i];
}

static void
take_roadm(struct corridor_gnpy_reader *r, struct corridor_element *e,
	   const struct corridor_equipment *equipment, const struct json_value *params)
{
	const char *variety = e->variety ? e->variety : "default";
	const struct corridor_roadm_kind *kind =
		equipment ? corridor_roadm_find(equipment, variety) : NULL;
	if (equipment && !kind) {
		corridor_gnpy_fail(r, "type_variety: \"%.60s\" is no Roadm of the equipment",
				   variety);
		return;
	}
	if (kind)
		e->roadm.kind = *kind;
	corridor_gnpy_unknown(r, params, corridor_gnpy_roadm_keys);
	corridor_gnpy_roadm(r, &e->roadm.kind, params);
	corridor_gnpy_degrees(r, &e->roadm, equipment, params);
}

static const struct {
	const char *word;
	enum corridor_element_kind kind;
} kinds[] = {
	{"Transceiver", CORRIDOR_TRANSCEIVER},
	{"Roadm", CORRIDOR_ROADM},
	{"Fused", CORRIDOR_FUSED},
	{"Fiber", CORRIDOR_FIBRE},
	{"RamanFiber", CORRIDOR_FIBRE},
	{"Edfa", CORRIDOR_AMPLIFIER},
	{"Multiband_amplifier", CORRIDOR_AMPLIFIER},
};

/* What is particular to its kind. */
static void
take_kind_of(struct corridor_gnpy_reader *r, struct corridor_element *e, const char *type,
	     const struct corridor_equipment *equipment, const struct json_value *object)
{
	static const char *const no_params[] = {NULL}, *const joint[] = {"loss", NULL};
	const struct json_value *params = json_read_get(object, "params");
	switch (e->kind) {
	case CORRIDOR_TRANSCEIVER:
		corridor_gnpy_unknown(r, params, no_params);
		break;
	case CORRIDOR_ROADM:
		take_roadm(r, e, equipment, params);
		break;
	case CORRIDOR_FUSED:
		corridor_gnpy_unknown(r, params, joint);
		e->loss_db = corridor_gnpy_number(r, params, "loss", 1, loss);
		break;
	case CORRIDOR_FIBRE:
		if (strcmp(type, "RamanFiber") == 0 && r->gnpy->for_hub)
			corridor_gnpy_note(r, "a hub file has no Raman pumps; left out");
		else if (strcmp(type, "RamanFiber") == 0)
			corridor_gnpy_fail(r, "Raman pumps cannot be worked out here");
		take_fibre(r, e, equipment, params);
		break;
	case CORRIDOR_AMPLIFIER:
		if (strcmp(type, "Multiband_amplifier") == 0)
			take_bands(r, e, equipment, object);
		else
			take_amplifier(r, e, equipment, object);
		break;
	}
}

static void
take_element(struct corridor_gnpy_reader *r, struct corridor_network *network,
	     const struct corridor_equipment *equipment, const struct json_value *object,
	     size_t number)
{
	static const char *const known[] = {"uid",        "name",        "type",     "type_variety",
					    "params",     "operational", "metadata", "variety_list",
					    "amplifiers", NULL};
	const size_t count = sizeof(kinds) / sizeof(kinds[0]);
	uint32_t at;
	size_t k = 0;
	corridor_gnpy_at(r, "elements", number);
	const char *uid = corridor_gnpy_word(r, object, "uid");
	const char *type = corridor_gnpy_word(r, object, "type");
	r->name = uid;
	if (!uid || !type) {
		corridor_gnpy_fail(r, "expected an object with uid and type");
		return;
	}
	while (k < count && strcmp(kinds[k].word, type) != 0)
		k++;
	if (k == count) {
		corridor_gnpy_fail(r,
				   "type: found \"%.40s\", expected Transceiver, Roadm, Fiber, "
				   "Edfa, Multiband_amplifier or Fused",
				   type);
		return;
	}
	if (corridor_network_add(network, &at, uid, kinds[k].kind) < 0) {
		corridor_gnpy_fail(r, "out of memory");
		return;
	}
	r->kind = kinds[k].word;
	corridor_gnpy_unknown(r, object, known);
	struct corridor_element *e = &network->elements[at];
	e->source = object;
	e->variety = corridor_gnpy_word(r, object, "type_variety");
	take_place(r, e, object);
	take_kind_of(r, e, type, equipment, object);
}

/* Elements by name. */
struct entry {
	const char *uid;
	uint32_t at;
};

static int
by_uid(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->uid, ((const struct entry *)b)->uid);
}

static const struct entry *
look_up(const struct entry *index, size_t count, const char *uid)
{
	struct entry key = {.uid = uid};
	return uid && count ? bsearch(&key, index, count, sizeof(*index), by_uid) : NULL;
}

static void
take_ties(struct corridor_gnpy_reader *r, struct corridor_network *network,
	  const struct json_value *list)
{
	size_t count = network->count, number = 0;
	struct entry *index = corridor_gnpy_take(r, count * sizeof(*index));
	r->kind = "connections";
	r->name = NULL;
	if (!index)
		return;
	for (size_t i = 0; i < count; i++)
		index[i] = (struct entry){network->elements[i].uid, (uint32_t)i};
	qsort(index, count, sizeof(*index), by_uid);
	for (size_t i = 1; i < count; i++)
		if (strcmp(index[i].uid, index[i - 1].uid) == 0)
			corridor_gnpy_fail(r, "two elements are called \"%.60s\"", index[i].uid);
	for (const struct json_value *v = json_read_first(list); v && !r->failed; v = v->next) {
		corridor_gnpy_at(r, "connections", number++);
		const char *from = corridor_gnpy_word(r, v, "from_node");
		const char *to = corridor_gnpy_word(r, v, "to_node");
		const struct entry *a = look_up(index, count, from);
		const struct entry *b = look_up(index, count, to);
		if (!from || !to)
			corridor_gnpy_fail(r, "expected an object with from_node and to_node");
		else if (!a || !b)
			corridor_gnpy_fail(r, "no element is called \"%.60s\"", a ? to : from);
		else if (corridor_network_tie(network, a->at, b->at) < 0)
			corridor_gnpy_fail(r, "out of memory");
	}
}

static bool
is_neighbour(const struct corridor_network *network, const struct corridor_element *e,
	     const char *uid)
{
	const struct corridor_tie *const sides[] = {e->before, e->after};
	for (int i = 0; i < 2; i++)
		for (const struct corridor_tie *t = sides[i]; t; t = t->next)
			if (strcmp(network->elements[t->element].uid, uid) == 0)
				return true;
	return false;
}

static void
note_degrees(struct corridor_gnpy_reader *r, const struct corridor_network *network,
	     const struct corridor_element *e)
{
	r->kind = "Roadm";
	r->name = e->uid;
	for (size_t i = 0; i < e->roadm.degree_count; i++)
		if (!is_neighbour(network, e, e->roadm.degrees[i].to))
			corridor_gnpy_note(r,
					   "\"%.60s\" has a power of its own, and is no neighbour",
					   e->roadm.degrees[i].to);
	r->kind = "connections";
	r->name = NULL;
}

/* Lines have no branches: one in, one out. */
static void
check_ties(struct corridor_gnpy_reader *r, const struct corridor_network *network)
{
	r->kind = "connections";
	r->name = NULL;
	for (size_t i = 0; i < network->count && !r->failed; i++) {
		const struct corridor_element *e = &network->elements[i];
		if (e->kind == CORRIDOR_ROADM)
			note_degrees(r, network, e);
		if (e->kind != CORRIDOR_FIBRE && e->kind != CORRIDOR_AMPLIFIER)
			continue;
		if (!e->before || !e->after || e->before->next || e->after->next)
			corridor_gnpy_fail(r, "\"%.60s\" needs one element before it and one after",
					   e->uid);
	}
}

int
corridor_gnpy_network(struct corridor_network *out, const struct corridor_gnpy *gnpy,
		      const struct corridor_equipment *equipment, const char *text, size_t length,
		      struct corridor_complaint *complaint)
{
	static const char *const known[] = {"network_name", "elements", "connections", NULL};
	struct corridor_gnpy_reader r = {.gnpy = gnpy, .complaint = complaint, .kind = "network"};
	struct corridor_network network = {.arena = gnpy->arena};
	size_t number = 0;
	const struct json_value *json = corridor_gnpy_json(&r, text, length);
	if (!json)
		return -1;
	const struct json_value *elements = corridor_gnpy_list(&r, json, "elements");
	const struct json_value *connections = corridor_gnpy_list(&r, json, "connections");
	if (corridor_gnpy_length(elements) == 0)
		corridor_gnpy_fail(&r, "no elements");
	corridor_gnpy_unknown(&r, json, known);
	network.source = json;
	network.name = json_read_text(json_read_get(json, "network_name"));
	for (const struct json_value *v = json_read_first(elements); v && !r.failed; v = v->next)
		take_element(&r, &network, equipment, v, number++);
	if (!r.failed)
		take_ties(&r, &network, connections);
	if (!r.failed)
		check_ties(&r, &network);
	if (r.failed)
		return -1;
	*out = network;
	return 0;
}

static int
by_frequency(const void *a, const void *b)
{
	const struct corridor_stretch *x = a, *y = b;
	return (x->low_hz > y->low_hz) - (x->low_hz < y->low_hz);
}

static void
take_stretch(struct corridor_gnpy_reader *r, struct corridor_stretch *s, const struct json_value *v)
{
	static const char *const known[] = {"f_min",    "f_max",     "slot_width", "baud_rate",
					    "roll_off", "delta_pdb", "tx_osnr",    "tx_power_dbm",
					    "label",    NULL};
	const struct corridor_gnpy_range hertz = {100e12, 300e12}, width = {1e9, 1e12};
	corridor_gnpy_unknown(r, v, known);
	s->label = corridor_gnpy_word(r, v, "label");
	s->low_hz = corridor_gnpy_need(r, v, "f_min", hertz);
	s->high_hz = corridor_gnpy_need(r, v, "f_max", hertz);
	s->slot_hz = corridor_gnpy_need(r, v, "slot_width", width);
	s->baud_hz = corridor_gnpy_need(r, v, "baud_rate", width);
	s->roll_off = corridor_gnpy_need(r, v, "roll_off", (struct corridor_gnpy_range){0, 1});
	s->offset_db = corridor_gnpy_number(r, v, "delta_pdb", 0, db);
	s->tx_osnr_db =
		corridor_gnpy_number(r, v, "tx_osnr", 40, (struct corridor_gnpy_range){-60, 200});
	s->transmitter_dbm = corridor_gnpy_number(r, v, "tx_power_dbm", NAN, db);
	if (s->baud_hz > s->slot_hz)
		corridor_gnpy_fail(r, "baud_rate: found %g, more than the slot's width",
				   s->baud_hz);
	if (s->high_hz < s->low_hz)
		corridor_gnpy_fail(r, "f_max lies below f_min");
}

int
corridor_gnpy_spectrum(struct corridor_stretch **out, size_t *count,
		       const struct corridor_gnpy *gnpy, const char *text, size_t length,
		       struct corridor_complaint *complaint)
{
	struct corridor_gnpy_reader r = {.gnpy = gnpy, .complaint = complaint, .kind = "spectrum"};
	size_t n = 0;
	const struct json_value *json = corridor_gnpy_json(&r, text, length);
	const struct json_value *list = corridor_gnpy_list(&r, json, "spectrum");
	struct corridor_stretch *stretches =
		corridor_gnpy_take(&r, (corridor_gnpy_length(list) + 1) * sizeof(*stretches));
	if (corridor_gnpy_length(list) == 0)
		corridor_gnpy_fail(&r, "no list of spectrum in it");
	for (const struct json_value *v = json_read_first(list); v && !r.failed; v = v->next)
		take_stretch(&r, &stretches[n++], v);
	if (r.failed)
		return -1;
	qsort(stretches, n, sizeof(*stretches), by_frequency);
	*out = stretches;
	*count = n;
	return 0;
}
