/* A network of GNPy's as a part of a hub file: written as JSON, which is YAML.
 *
 * A site is a ROADM with the transceivers at it, or a transceiver alone. A segment is a line from
 * site to site and the one back. A line of one fibre is left to be designed; one of several, or
 * with amplifiers, stands span by span in optics.lines. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "corridor/corridor_optics_gnpy_hub.h"

enum { ID_MAX = 64 };

static const double alike = 0.01; /* both directions, as a share of the length */

/* One direction of a segment. */
struct direction {
	uint32_t from, to; /* sites */
	uint32_t first;    /* element behind the site */
	size_t fibres, amplifiers;
	double km, loss_db;
	const char *fibre;               /* its first one's variety */
	double loss_db_km, connector_db; /* of its first fibre; NAN: not said */
	bool told, back;                 /* written as a segment; the way back of one that is */
};

struct writer {
	struct json *j;
	const struct corridor_network *network;
	const struct corridor_equipment *equipment; /* NULL: without optics */
	struct buf *notes;
	struct corridor_complaint *complaint;
	uint32_t *site_of; /* by element; CORRIDOR_NONE: of a line */
	const char **ids;  /* by site */
	uint32_t *sites;   /* the element that stands for it */
	size_t site_count;
	struct direction *directions;
	size_t direction_count;
	bool *on_line; /* by element: on one of them */
};

static const struct corridor_element *
element(const struct writer *w, uint32_t at)
{
	return &w->network->elements[at];
}

static bool
is_end(const struct corridor_element *e)
{
	return e->kind == CORRIDOR_ROADM || e->kind == CORRIDOR_TRANSCEIVER;
}

/* The letters of an id; others become "_". */
static void
id_of(char out[ID_MAX], const char *text)
{
	size_t n = 0;
	for (; *text && n + 1 < ID_MAX; text++)
		out[n++] = isalnum((unsigned char)*text) || strchr("._:/-", *text) ? *text : '_';
	if (n == 0)
		out[n++] = 'x';
	if (!isalnum((unsigned char)out[0]))
		out[0] = 'x';
	out[n] = '\0';
}

/* What a site is called, without the word that says what stands there. */
static const char *
bare(const char *uid)
{
	static const char *const words[] = {"roadm ", "roadm_", "trx ", "trx_"};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strncmp(uid, words[i], strlen(words[i])) == 0 && uid[strlen(words[i])])
			return uid + strlen(words[i]);
	return uid;
}

static bool
is_used(const struct writer *w, const char *id)
{
	for (size_t i = 0; i < w->site_count; i++)
		if (strcmp(w->ids[i], id) == 0)
			return true;
	return false;
}

static int
add_site(struct writer *w, uint32_t at)
{
	char id[ID_MAX], other[ID_MAX + 16];
	id_of(id, bare(element(w, at)->uid));
	strcpy(other, id);
	for (unsigned n = 2; is_used(w, other); n++)
		snprintf(other, sizeof(other), "%.50s-%u", id, n);
	w->ids[w->site_count] = arena_str(w->network->arena, other);
	if (!w->ids[w->site_count])
		return -1;
	w->sites[w->site_count] = at;
	w->site_of[at] = (uint32_t)w->site_count++;
	return 0;
}

/* ROADMs, then the transceivers that stand at none. */
static int
find_sites(struct writer *w)
{
	size_t count = w->network->count;
	for (uint32_t i = 0; i < count; i++)
		w->site_of[i] = CORRIDOR_NONE;
	for (uint32_t i = 0; i < count; i++)
		if (element(w, i)->kind == CORRIDOR_ROADM && add_site(w, i) < 0)
			return -1;
	for (uint32_t i = 0; i < count; i++) {
		if (element(w, i)->kind != CORRIDOR_TRANSCEIVER)
			continue;
		for (const struct corridor_tie *t = element(w, i)->after; t; t = t->next)
			if (element(w, t->element)->kind == CORRIDOR_ROADM)
				w->site_of[i] = w->site_of[t->element];
		if (w->site_of[i] == CORRIDOR_NONE && add_site(w, i) < 0)
			return -1;
	}
	return 0;
}

/* Follows a line; false when it ends nowhere, or has no fibre. */
static bool
follow(const struct writer *w, struct direction *d)
{
	uint32_t at = d->first;
	for (size_t steps = 0; steps <= w->network->count && at != CORRIDOR_NONE; steps++) {
		const struct corridor_element *e = element(w, at);
		if (is_end(e)) {
			d->to = w->site_of[at];
			return d->fibres > 0;
		}
		d->loss_db += corridor_element_loss_db(e);
		d->amplifiers += e->kind == CORRIDOR_AMPLIFIER;
		if (e->kind == CORRIDOR_FIBRE) {
			const struct corridor_fibre *f = &e->fibre.fibre;
			d->km += e->fibre.length_km;
			if (d->fibres++ == 0) {
				d->fibre = e->variety ? e->variety : "default";
				d->connector_db = e->fibre.connector_in_db;
				d->loss_db_km = corridor_fibre_loss_db_per_km(
					f, corridor_fibre_reference_hz(f));
			}
		}
		at = corridor_network_after(w->network, at);
	}
	return false;
}

/* A line from site to site has been found: its elements are accounted for. */
static void
mark(const struct writer *w, const struct direction *d)
{
	for (uint32_t at = d->first; !is_end(element(w, at));
	     at = corridor_network_after(w->network, at))
		w->on_line[at] = true;
}

static void
note_stray(const struct writer *w)
{
	for (uint32_t i = 0; i < w->network->count && w->notes; i++)
		if (element(w, i)->kind == CORRIDOR_FIBRE && !w->on_line[i])
			buf_printf(w->notes,
				   "Fiber \"%.60s\": on no line from a site to a site; left out\n",
				   element(w, i)->uid);
}

/* In the order of the file, so that a segment that was written comes back with its ends in order.
 */
static int
by_element(const void *a, const void *b)
{
	uint32_t x = ((const struct direction *)a)->first, y = ((const struct direction *)b)->first;
	return (x > y) - (x < y);
}

static int
find_directions(struct writer *w)
{
	size_t ends = 0;
	for (uint32_t i = 0; i < w->network->count; i++)
		for (const struct corridor_tie *t = element(w, i)->after; t; t = t->next)
			ends += is_end(element(w, i));
	w->directions = arena_take(w->network->arena, (ends + 1) * sizeof(*w->directions));
	if (!w->directions)
		return -1;
	for (uint32_t i = 0; i < w->network->count; i++) {
		if (!is_end(element(w, i)))
			continue;
		for (const struct corridor_tie *t = element(w, i)->after; t; t = t->next) {
			struct direction d = {.from = w->site_of[i], .first = t->element};
			if (is_end(element(w, t->element)) || !follow(w, &d))
				continue;
			mark(w, &d);
			w->directions[w->direction_count++] = d;
		}
	}
	note_stray(w);
	qsort(w->directions, w->direction_count, sizeof(*w->directions), by_element);
	return 0;
}

static void
note(const struct writer *w, const struct direction *d, const char *text)
{
	if (w->notes)
		buf_printf(w->notes, "%s to %s: %s\n", w->ids[d->from], w->ids[d->to], text);
}

/* The line back: the first of the same length that is not taken. */
static void
take_back(struct writer *w, const struct direction *d)
{
	struct direction *other = NULL;
	for (size_t i = 0; i < w->direction_count; i++) {
		struct direction *b = &w->directions[i];
		if (b->told || b->back || b->from != d->to || b->to != d->from)
			continue;
		if (!other || fabs(b->km - d->km) < fabs(other->km - d->km))
			other = b;
	}
	if (!other) {
		note(w, d, "there is no line back; it is taken to be alike");
		return;
	}
	other->back = true;
	if (fabs(other->km - d->km) > alike * d->km || other->fibres != d->fibres ||
	    other->amplifiers != d->amplifiers || fabs(other->loss_db - d->loss_db) > 0.1)
		note(w, d, "the line back is not alike; this one is taken for both");
}

/* Which directions are segments, and which the way back of one. */
static void
pair_directions(struct writer *w)
{
	for (size_t i = 0; i < w->direction_count; i++) {
		struct direction *d = &w->directions[i];
		if (d->back)
			continue;
		d->told = true;
		take_back(w, d);
	}
}

static void
write_sites(const struct writer *w)
{
	json_array(w->j, "sites");
	for (size_t i = 0; i < w->site_count; i++) {
		const struct corridor_element *e = element(w, w->sites[i]);
		const char *name = e->city && e->city[0] ? e->city : bare(e->uid);
		json_object(w->j, NULL);
		json_str(w->j, "id", w->ids[i]);
		json_str(w->j, "name", name);
		if (e->region && strlen(e->region) == 2 && isupper((unsigned char)e->region[0]) &&
		    isupper((unsigned char)e->region[1]))
			json_str(w->j, "country", e->region);
		if (!isnan(e->latitude) && !isnan(e->longitude)) {
			json_double(w->j, "lat", e->latitude);
			json_double(w->j, "lon", e->longitude);
		}
		json_object_end(w->j);
	}
	json_array_end(w->j);
}

/* The id of a segment: as a hub that was written has it, "... )-(ID)", else its ends and a number.
 */
static void
segment_id(char out[ID_MAX + 80], const struct writer *w, const struct direction *d, size_t number)
{
	const char *uid = NULL, *end = NULL;
	for (uint32_t at = d->first; !is_end(element(w, at)) && !uid;
	     at = corridor_network_after(w->network, at))
		if (element(w, at)->kind == CORRIDOR_FIBRE)
			uid = strstr(element(w, at)->uid, ")-(");
	if (uid)
		end = strchr(uid + 3, ')');
	if (end && end > uid + 3 && end - uid < ID_MAX) {
		snprintf(out, ID_MAX, "%.*s", (int)(end - uid - 3), uid + 3);
		return;
	}
	snprintf(out, ID_MAX, "%.24s-%.24s-%zu", w->ids[d->from], w->ids[d->to], number);
}

/* A fibre of a hub file has its loss: GNPy's kind, with the loss behind it where that differs from
 * line to line. */
static const char *
fibre_name(const struct writer *w, const struct direction *d)
{
	char id[ID_MAX];
	bool alone = true;
	for (size_t i = 0; i < w->direction_count && alone; i++)
		alone = w->directions[i].back || strcmp(w->directions[i].fibre, d->fibre) != 0 ||
			w->directions[i].loss_db_km == d->loss_db_km;
	id_of(id, d->fibre);
	char *name = alone ? arena_str(w->network->arena, id)
			   : arena_printf(w->network->arena, "%.40s/%g", id, d->loss_db_km);
	return name ? name : "default";
}

static void
write_segments(struct writer *w)
{
	size_t number = 0;
	json_array(w->j, "segments");
	for (size_t i = 0; i < w->direction_count; i++) {
		struct direction *d = &w->directions[i];
		char id[ID_MAX + 80];
		if (d->back)
			continue;
		segment_id(id, w, d, ++number);
		json_object(w->j, NULL);
		json_str(w->j, "id", id);
		json_str(w->j, "a", w->ids[d->from]);
		json_str(w->j, "b", w->ids[d->to]);
		json_double(w->j, "length_km", d->km);
		json_str(w->j, "status", "in service");
		if (w->equipment)
			json_str(w->j, "medium", fibre_name(w, d));
		json_object_end(w->j);
	}
	json_array_end(w->j);
}

/* Glass up to the next amplifier or the end of the line. */
struct stretch {
	double km, loss_db, in_db, out_db, padding_db;
	const char *fibre;
	size_t fibres;
	const struct corridor_setting *amplifier;
};

static uint32_t
take_stretch(const struct writer *w, struct stretch *s, uint32_t at)
{
	*s = (struct stretch){.in_db = NAN, .out_db = NAN};
	while (!is_end(element(w, at))) {
		const struct corridor_element *e = element(w, at);
		at = corridor_network_after(w->network, at);
		if (e->kind == CORRIDOR_AMPLIFIER) {
			s->amplifier = &e->settings[0];
			return at;
		}
		s->loss_db += corridor_element_loss_db(e);
		if (e->kind != CORRIDOR_FIBRE)
			continue;
		s->km += e->fibre.length_km;
		if (s->fibres++ == 0) {
			s->fibre = e->variety;
			s->in_db = e->fibre.connector_in_db;
			s->padding_db = e->fibre.padding_db;
		}
		s->out_db = e->fibre.connector_out_db;
	}
	return at;
}

static void
write_span(const struct writer *w, const struct stretch *s)
{
	double known = s->padding_db + (isnan(s->in_db) ? 0 : s->in_db) +
		       (isnan(s->out_db) ? 0 : s->out_db);
	char id[ID_MAX];
	json_object(w->j, NULL);
	json_double(w->j, "km", s->km);
	json_double(w->j, "loss_db_km", (s->loss_db - known) / s->km);
	if (!isnan(s->in_db))
		json_double(w->j, "connector_in_db", s->in_db);
	if (!isnan(s->out_db))
		json_double(w->j, "connector_out_db", s->out_db);
	if (s->padding_db > 0)
		json_double(w->j, "padding_db", s->padding_db);
	const struct corridor_setting *a = s->amplifier;
	if (a && a->kind && a->kind->noise <= CORRIDOR_NOISE_OPENROADM_BOOSTER &&
	    a->kind->noise != CORRIDOR_NOISE_POLYNOMIAL) {
		id_of(id, a->kind->id);
		json_str(w->j, "amplifier", id);
	}
	if (a && !isnan(a->gain_db) && a->gain_db > 0)
		json_double(w->j, "gain_db", a->gain_db);
	json_object_end(w->j);
}

static void
write_lines(struct writer *w)
{
	size_t number = 0;
	json_array(w->j, "lines");
	for (size_t i = 0; i < w->direction_count; i++) {
		const struct direction *d = &w->directions[i];
		char id[ID_MAX + 80];
		if (d->back)
			continue;
		segment_id(id, w, d, ++number);
		if (d->fibres == 1 && d->amplifiers == 0)
			continue;
		json_object(w->j, NULL);
		json_str(w->j, "segment", id);
		json_array(w->j, "spans");
		struct stretch s;
		for (uint32_t at = d->first; !is_end(element(w, at));) {
			at = take_stretch(w, &s, at);
			if (s.km > 0)
				write_span(w, &s);
			else
				note(w, d, "its booster is not kept");
			if (s.fibres > 1)
				note(w, d, "fibres that are joined are taken as one");
		}
		json_array_end(w->j);
		json_object_end(w->j);
	}
	json_array_end(w->j);
}

/* Each pair of kind and loss once, in the order of the segments. */
static bool
is_first(const struct writer *w, size_t at)
{
	const struct direction *d = &w->directions[at];
	for (size_t i = 0; i < at && !d->back; i++) {
		const struct direction *o = &w->directions[i];
		if (!o->back && o->loss_db_km == d->loss_db_km && strcmp(o->fibre, d->fibre) == 0)
			return false;
	}
	return !d->back;
}

static void
write_fibres(const struct writer *w)
{
	json_array(w->j, "fibres");
	for (size_t i = 0; i < w->direction_count; i++) {
		const struct direction *d = &w->directions[i];
		const struct corridor_fibre_kind *k = corridor_fibre_find(w->equipment, d->fibre);
		if (!k || !is_first(w, i))
			continue;
		json_object(w->j, NULL);
		json_str(w->j, "id", fibre_name(w, d));
		json_double(w->j, "loss_db_km", d->loss_db_km);
		json_double(w->j, "dispersion_ps_nm_km", k->fibre.dispersion_s_per_m2 * 1e6);
		json_double(w->j, "effective_area_um2", k->fibre.effective_area_m2 * 1e12);
		json_double(w->j, "pmd_ps_sqrt_km", k->fibre.pmd_ps_per_sqrt_km);
		json_object_end(w->j);
	}
	json_array_end(w->j);
	const struct corridor_rules *r = &w->equipment->rules;
	json_array(w->j, "media");
	for (size_t i = 0; i < w->direction_count; i++) {
		const struct direction *d = &w->directions[i];
		if (!corridor_fibre_find(w->equipment, d->fibre) || !is_first(w, i))
			continue;
		const char *name = fibre_name(w, d);
		json_object(w->j, NULL);
		json_str(w->j, "medium", name);
		json_str(w->j, "fibre", name);
		json_double(w->j, "span_km", fmin(r->length_max_km, 1000));
		json_double(w->j, "connector_db",
			    isnan(d->connector_db) ? r->connector_in_db : d->connector_db);
		json_double(w->j, "ageing_db", r->ageing_db);
		json_double(w->j, "margin_db", w->equipment->combs[0].margin_db);
		json_object_end(w->j);
	}
	json_array_end(w->j);
}

static void
write_amplifiers(const struct writer *w)
{
	static const char *const words[] = {[CORRIDOR_NOISE_FIXED] = "fixed",
					    [CORRIDOR_NOISE_TWO_STAGES] = "two-stage",
					    [CORRIDOR_NOISE_OPENROADM] = "openroadm",
					    [CORRIDOR_NOISE_OPENROADM_PREAMP] = "openroadm-preamp",
					    [CORRIDOR_NOISE_OPENROADM_BOOSTER] =
						    "openroadm-booster"};
	json_array(w->j, "amplifiers");
	for (size_t i = 0; i < w->equipment->amplifier_count; i++) {
		const struct corridor_amplifier *a = &w->equipment->amplifiers[i];
		char id[ID_MAX];
		if (a->noise >= sizeof(words) / sizeof(words[0]) || !words[a->noise]) {
			if (w->notes)
				buf_printf(w->notes,
					   "Edfa \"%.60s\": a hub file has no such "
					   "amplifiers; left out\n",
					   a->id);
			continue;
		}
		id_of(id, a->id);
		json_object(w->j, NULL);
		json_str(w->j, "id", id);
		json_str(w->j, "model", words[a->noise]);
		json_double(w->j, "gain_min_db", a->gain_min_db);
		json_double(w->j, "gain_max_db", a->gain_max_db);
		json_double(w->j, "power_max_dbm", a->power_max_dbm);
		if (a->noise == CORRIDOR_NOISE_FIXED)
			json_double(w->j, "noise_db", a->nf_db);
		if (a->noise == CORRIDOR_NOISE_TWO_STAGES) {
			json_double(w->j, "noise_min_db", a->nf_min_db);
			json_double(w->j, "noise_max_db", a->nf_max_db);
		}
		if (a->noise == CORRIDOR_NOISE_OPENROADM) {
			json_array(w->j, "coefficients");
			for (size_t c = 0; c < a->coefficient_count; c++)
				json_double(w->j, NULL, a->coefficients[c]);
			json_array_end(w->j);
		}
		json_bool(w->j, "design", a->for_design);
		json_object_end(w->j);
	}
	json_array_end(w->j);
}

static void
write_modes(const struct writer *w)
{
	json_array(w->j, "modes");
	for (size_t i = 0; i < w->equipment->transceiver_count; i++) {
		const struct corridor_transceiver *t = &w->equipment->transceivers[i];
		for (size_t m = 0; m < t->mode_count; m++) {
			const struct corridor_mode *mode = &t->modes[m];
			char id[ID_MAX], trx[ID_MAX];
			id_of(id, mode->id);
			id_of(trx, t->id);
			json_object(w->j, NULL);
			/* One's own transceivers have no maker's name before them. */
			if (strcmp(t->id, "hub") == 0) {
				json_str(w->j, "id", id);
			} else {
				char both[ID_MAX];
				snprintf(both, sizeof(both), "%.30s:%.30s", trx, id);
				json_str(w->j, "id", both);
			}
			json_double(w->j, "rate_gbps", mode->rate_bps / 1e9);
			json_double(w->j, "osnr_db", mode->osnr_db);
			json_double(w->j, "baud_gbd", mode->baud_hz / 1e9);
			json_double(w->j, "spacing_ghz", mode->spacing_hz / 1e9);
			json_double(w->j, "roll_off", mode->roll_off);
			json_double(w->j, "tx_osnr_db", mode->tx_osnr_db);
			json_object_end(w->j);
		}
	}
	json_array_end(w->j);
}

static void
write_optics(struct writer *w)
{
	json_object(w->j, "optics");
	write_fibres(w);
	write_amplifiers(w);
	write_modes(w);
	write_lines(w);
	json_double(w->j, "band_low_thz", w->equipment->combs[0].low_hz / 1e12);
	json_double(w->j, "band_high_thz", w->equipment->combs[0].high_hz / 1e12);
	json_object_end(w->j);
}

int
corridor_gnpy_to_hub(struct buf *out, const struct corridor_network *network,
		     const struct corridor_equipment *equipment, struct buf *notes,
		     struct corridor_complaint *complaint)
{
	struct json j = json_to(out);
	size_t count = network->count + 1;
	struct writer w = {.j = &j,
			   .network = network,
			   .equipment = equipment,
			   .notes = notes,
			   .complaint = complaint};
	w.site_of = arena_take(network->arena, count * sizeof(*w.site_of));
	w.sites = arena_take(network->arena, count * sizeof(*w.sites));
	w.ids = arena_take(network->arena, count * sizeof(*w.ids));
	w.on_line = arena_take(network->arena, count * sizeof(*w.on_line));
	if (!w.site_of || !w.sites || !w.ids || !w.on_line || find_sites(&w) < 0 ||
	    find_directions(&w) < 0) {
		corridor_complain(complaint, 500, "out of memory");
		return -1;
	}
	pair_directions(&w);
	json_object(&j, NULL);
	write_sites(&w);
	write_segments(&w);
	if (equipment)
		write_optics(&w);
	json_object_end(&j);
	buf_str(out, "\n");
	return 0;
}
