/* Amplifiers as GNPy's equipment files describe them. */
#include <math.h>
#include <string.h>

#include "corridor/corridor_optics_gnpy_parts.h"

/* The band of an amplifier that does not say. */
static const double low_hz = 191.275e12, high_hz = 196.125e12;
static const struct corridor_gnpy_range db = {-60, 60}, hertz = {100e12, 300e12};

static const struct {
	const char *word;
	enum corridor_noise noise;
} models[] = {
	{"variable_gain", CORRIDOR_NOISE_TWO_STAGES},
	{"fixed_gain", CORRIDOR_NOISE_FIXED},
	{"advanced_model", CORRIDOR_NOISE_POLYNOMIAL},
	{"openroadm", CORRIDOR_NOISE_OPENROADM},
	{"openroadm_preamp", CORRIDOR_NOISE_OPENROADM_PREAMP},
	{"openroadm_booster", CORRIDOR_NOISE_OPENROADM_BOOSTER},
	{"dual_stage", CORRIDOR_NOISE_PAIR},
	{"multi_band", CORRIDOR_NOISE_BANDS},
};

static void
take_model(struct corridor_gnpy_reader *r, struct corridor_amplifier *a,
	   const struct json_value *object)
{
	const char *word = corridor_gnpy_word(r, object, "type_def");
	a->noise = CORRIDOR_NOISE_TWO_STAGES;
	for (size_t i = 0; word && i < sizeof(models) / sizeof(models[0]); i++) {
		if (strcmp(models[i].word, word) == 0) {
			a->noise = models[i].noise;
			return;
		}
	}
	if (word)
		corridor_gnpy_fail(r,
				   "type_def: found \"%.40s\", expected variable_gain, "
				   "fixed_gain, advanced_model, openroadm, openroadm_preamp, "
				   "openroadm_booster, dual_stage or multi_band",
				   word);
}

static void
take_coefficients(struct corridor_gnpy_reader *r, struct corridor_amplifier *a,
		  const struct json_value *object, const char *key)
{
	const struct json_value *list = json_read_get(object, key);
	size_t count = corridor_gnpy_length(list);
	if (count < 1 || count > CORRIDOR_COEFFICIENTS_MAX) {
		corridor_gnpy_fail(r, "%s: expected 1 to %d numbers", key,
				   CORRIDOR_COEFFICIENTS_MAX);
		return;
	}
	a->coefficient_count = 0;
	for (const struct json_value *v = list->first; v; v = v->next) {
		double value;
		if (!json_read_number(&value, v) || !(fabs(value) <= 1e6)) {
			corridor_gnpy_fail(r, "%s: expected numbers", key);
			return;
		}
		a->coefficients[a->coefficient_count++] = value;
	}
}

/* Values in equal steps over the band of the amplifier; one that is nothing but zeros is none. */
static struct corridor_curve
take_ripple(struct corridor_gnpy_reader *r, const struct corridor_amplifier *a,
	    const struct json_value *object, const char *key)
{
	const struct json_value *list = json_read_get(object, key);
	size_t count = corridor_gnpy_length(list), i = 0;
	double *points = count ? corridor_gnpy_take(r, 2 * count * sizeof(*points)) : NULL;
	bool some = false;
	if (!points)
		return (struct corridor_curve){0};
	for (const struct json_value *v = list->first; v; v = v->next, i++) {
		points[i] = count > 1 ? a->low_hz + (a->high_hz - a->low_hz) * (double)i /
							    (double)(count - 1)
				      : a->low_hz;
		if (!json_read_number(&points[count + i], v) || !(fabs(points[count + i]) <= 60)) {
			corridor_gnpy_fail(r, "%s: expected decibels", key);
			return (struct corridor_curve){0};
		}
		some |= points[count + i] != 0;
	}
	return some ? (struct corridor_curve){count, points, points + count}
		    : (struct corridor_curve){0};
}

static void
take_band(struct corridor_gnpy_reader *r, struct corridor_amplifier *a,
	  const struct json_value *object)
{
	a->low_hz = corridor_gnpy_number(r, object, "f_min", a->low_hz, hertz);
	a->high_hz = corridor_gnpy_number(r, object, "f_max", a->high_hz, hertz);
	if (a->high_hz <= a->low_hz)
		corridor_gnpy_fail(r, "f_max is not above f_min");
}

/* What GNPy keeps in files of their own: ripple, tilt, the polynomial of noise. */
static void
take_details(struct corridor_gnpy_reader *r, struct corridor_amplifier *a,
	     const struct json_value *object)
{
	static const char *const known[] = {"f_min",        "f_max", "nf_ripple",   "gain_ripple",
					    "nf_fit_coeff", "dgt",   "nf_fit_coef", NULL};
	const struct corridor_gnpy *g = r->gnpy;
	const char *name = corridor_gnpy_word(r, object, "advanced_config_from_json");
	const struct json_value *details = NULL;
	size_t length = 0;
	if (!name)
		name = corridor_gnpy_word(r, object, "default_config_from_json");
	const char *text = name && g->file ? g->file(g->context, name, &length) : NULL;
	if (text)
		details = json_read(g->arena, text, length);
	if (name && !text)
		corridor_gnpy_note(r, "%s is not there%s", name,
				   a->noise == CORRIDOR_NOISE_POLYNOMIAL
					   ? ": this amplifier cannot be used"
					   : ": its gain is taken to be flat");
	else if (name && !details)
		corridor_gnpy_fail(r, "%.80s is not JSON", name);
	if (details && !corridor_gnpy_has(object, "f_min"))
		take_band(r, a, details);
	if (details)
		corridor_gnpy_unknown(r, details, known);
	const struct json_value *from = details ? details : object;
	a->gain_ripple_db = take_ripple(r, a, from, "gain_ripple");
	a->noise_ripple_db = take_ripple(r, a, from, "nf_ripple");
	a->tilt = take_ripple(r, a, from, "dgt");
	if (a->noise == CORRIDOR_NOISE_POLYNOMIAL && (details || !name))
		take_coefficients(r, a, from, "nf_fit_coeff");
}

static void
take_noise(struct corridor_gnpy_reader *r, struct corridor_amplifier *a,
	   const struct json_value *object)
{
	switch (a->noise) {
	case CORRIDOR_NOISE_FIXED:
		a->nf_db = corridor_gnpy_need(r, object, "nf0", db);
		break;
	case CORRIDOR_NOISE_TWO_STAGES:
		a->nf_min_db = corridor_gnpy_need(r, object, "nf_min",
						  (struct corridor_gnpy_range){-10, 60});
		a->nf_max_db = corridor_gnpy_need(r, object, "nf_max",
						  (struct corridor_gnpy_range){-10, 60});
		if (!r->failed && !corridor_amplifier_two_stages(a))
			corridor_gnpy_fail(r,
					   "no two coils have a noise figure of %g dB at a gain "
					   "of %g and of %g dB at %g",
					   a->nf_min_db, a->gain_max_db, a->nf_max_db,
					   a->gain_min_db);
		break;
	case CORRIDOR_NOISE_OPENROADM:
		take_coefficients(r, a, object, "nf_coef");
		break;
	case CORRIDOR_NOISE_POLYNOMIAL: /* with the details */
	case CORRIDOR_NOISE_OPENROADM_PREAMP:
	case CORRIDOR_NOISE_OPENROADM_BOOSTER:
	case CORRIDOR_NOISE_PAIR: /* once all amplifiers are known */
	case CORRIDOR_NOISE_BANDS:
		break;
	}
}

static void
take_amplifier(struct corridor_gnpy_reader *r, struct corridor_amplifier *a,
	       const struct json_value *object)
{
	static const char *const known[] = {"type_variety",
					    "type_def",
					    "gain_flatmax",
					    "gain_min",
					    "p_max",
					    "nf_min",
					    "nf_max",
					    "nf0",
					    "nf_coef",
					    "nf_ripple",
					    "gain_ripple",
					    "dgt",
					    "nf_fit_coeff",
					    "f_min",
					    "f_max",
					    "preamp_variety",
					    "raman",
					    "pmd",
					    "booster_variety",
					    "out_voa_auto",
					    "pdl",
					    "amplifiers",
					    "allowed_for_design",
					    "advanced_config_from_json",
					    "default_config_from_json",
					    NULL};
	r->name = a->id = corridor_gnpy_word(r, object, "type_variety");
	if (!a->id)
		corridor_gnpy_fail(r, "type_variety is missing");
	corridor_gnpy_unknown(r, object, known);
	take_model(r, a, object);
	a->low_hz = low_hz;
	a->high_hz = high_hz;
	take_band(r, a, object);
	if (a->noise != CORRIDOR_NOISE_BANDS) {
		a->gain_min_db = corridor_gnpy_need(r, object, "gain_min", db);
		if (a->noise != CORRIDOR_NOISE_PAIR) {
			a->gain_max_db = corridor_gnpy_need(r, object, "gain_flatmax", db);
			a->power_max_dbm = corridor_gnpy_need(r, object, "p_max", db);
		}
	}
	a->pmd_ps = 1e12 * corridor_gnpy_number(r, object, "pmd", 0,
						(struct corridor_gnpy_range){0, 1e-9});
	a->pdl_db = corridor_gnpy_number(r, object, "pdl", 0, (struct corridor_gnpy_range){0, 60});
	a->raman = corridor_gnpy_flag(r, object, "raman", false);
	a->voa_auto = corridor_gnpy_flag(r, object, "out_voa_auto", false);
	a->for_design = corridor_gnpy_flag(r, object, "allowed_for_design", false);
	take_noise(r, a, object);
	take_details(r, a, object);
}

/* The two of a pair: themselves no pairs. */
static void
join_pair(struct corridor_gnpy_reader *r, struct corridor_equipment *e,
	  struct corridor_amplifier *a, const struct json_value *object)
{
	a->preamp = corridor_amplifier_find(e, corridor_gnpy_word(r, object, "preamp_variety"));
	a->booster = corridor_amplifier_find(e, corridor_gnpy_word(r, object, "booster_variety"));
	if (!a->preamp || !a->booster || a->preamp->noise >= CORRIDOR_NOISE_PAIR ||
	    a->booster->noise >= CORRIDOR_NOISE_PAIR) {
		corridor_gnpy_fail(r, "preamp_variety and booster_variety: expected two amplifiers "
				      "of one stage each");
		return;
	}
	a->power_max_dbm = a->booster->power_max_dbm;
	a->gain_max_db = a->preamp->gain_max_db + a->booster->gain_max_db;
	if (a->gain_min_db < a->preamp->gain_min_db)
		corridor_gnpy_fail(r,
				   "gain_min: found %g, which is less than that of its preamp, "
				   "%g",
				   a->gain_min_db, a->preamp->gain_min_db);
}

static void
join_bands(struct corridor_gnpy_reader *r, struct corridor_equipment *e,
	   struct corridor_amplifier *a, const struct json_value *object)
{
	const char **names;
	size_t count = corridor_gnpy_words(r, object, "amplifiers", &names);
	if (count < 1 || count > CORRIDOR_BANDS_MAX) {
		corridor_gnpy_fail(r, "amplifiers: expected 1 to %d", CORRIDOR_BANDS_MAX);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		const struct corridor_amplifier *one = corridor_amplifier_find(e, names[i]);
		if (!one || one->noise == CORRIDOR_NOISE_BANDS)
			corridor_gnpy_fail(r, "amplifiers: \"%.60s\" is no amplifier of one band",
					   names[i]);
		a->bands[a->band_count++] = one;
	}
}

static bool
is_usable(const struct corridor_amplifier *a)
{
	return a->noise != CORRIDOR_NOISE_POLYNOMIAL || a->coefficient_count;
}

/* Leaves out those whose noise is not known: naming one is then an error. */
static void
drop_unusable(struct corridor_equipment *e)
{
	size_t kept = 0;
	for (size_t i = 0; i < e->amplifier_count; i++)
		if (is_usable(&e->amplifiers[i]))
			e->amplifiers[kept++] = e->amplifiers[i];
	e->amplifier_count = kept;
}

void
corridor_gnpy_amplifiers(struct corridor_gnpy_reader *r, struct corridor_equipment *e,
			 const struct json_value *list)
{
	r->kind = "Edfa";
	e->amplifiers =
		corridor_gnpy_take(r, (corridor_gnpy_length(list) + 1) * sizeof(*e->amplifiers));
	for (const struct json_value *v = json_read_first(list); v && !r->failed; v = v->next) {
		struct corridor_amplifier *a = &e->amplifiers[e->amplifier_count];
		r->name = NULL;
		take_amplifier(r, a, v);
		if (!r->failed && corridor_amplifier_find(e, a->id))
			corridor_gnpy_fail(r, "is there twice");
		e->amplifier_count++;
	}
	if (r->failed)
		return;
	drop_unusable(e);
	for (const struct json_value *v = json_read_first(list); v && !r->failed; v = v->next) {
		const char *id = json_read_text(json_read_get(v, "type_variety"));
		/* Not const here: the list is ours. */
		struct corridor_amplifier *a =
			(struct corridor_amplifier *)corridor_amplifier_find(e, id);
		r->name = id;
		if (a && a->noise == CORRIDOR_NOISE_PAIR)
			join_pair(r, e, a, v);
		else if (a && a->noise == CORRIDOR_NOISE_BANDS)
			join_bands(r, e, a, v);
	}
	r->name = NULL;
}
