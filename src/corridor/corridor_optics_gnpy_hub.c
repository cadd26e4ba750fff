/* The hub's corridor in the form of GNPy's files. */
#include "corridor/corridor_optics_gnpy_hub.h"

#include <math.h>
#include <string.h>

#include "corridor/corridor_optics_kit.h"

static const double roadm_out_dbm = -20, usual_padding_db = 10;

/* What is being made. */
struct maker {
	struct corridor_network *network;
	const struct corridor_kit *kit;
	const struct hub *hub;
	uint32_t *roadms; /* by site; CORRIDOR_NONE: no segment ends there */
	bool failed;
};

static uint32_t
add(struct maker *m, const char *uid, enum corridor_element_kind kind)
{
	uint32_t at = 0;
	if (m->failed || !uid || corridor_network_add(m->network, &at, uid, kind) < 0)
		m->failed = true;
	return at;
}

static void
tie(struct maker *m, uint32_t from, uint32_t to)
{
	if (!m->failed && corridor_network_tie(m->network, from, to) < 0)
		m->failed = true;
}

/* A site's ROADM, with its transceiver, made when it is first needed. */
static uint32_t
roadm_of(struct maker *m, uint32_t site)
{
	const struct hub_site *s = &m->hub->sites[site];
	struct arena *arena = m->network->arena;
	if (m->roadms[site] != CORRIDOR_NONE)
		return m->roadms[site];
	uint32_t trx = add(m, arena_printf(arena, "trx %s", s->id), CORRIDOR_TRANSCEIVER);
	uint32_t roadm = add(m, arena_printf(arena, "roadm %s", s->id), CORRIDOR_ROADM);
	if (m->failed)
		return 0;
	for (uint32_t at = trx; at <= roadm; at++) {
		struct corridor_element *e = &m->network->elements[at];
		e->city = s->name ? s->name : s->id;
		e->region = s->country.code[0] ? s->country.code : "";
		e->latitude = s->latitude;
		e->longitude = s->longitude;
	}
	m->network->elements[roadm].roadm.kind = m->kit->equipment.roadms[0];
	tie(m, trx, roadm);
	tie(m, roadm, trx);
	m->roadms[site] = roadm;
	return roadm;
}

static uint32_t
add_fibre(struct maker *m, const char *uid, const struct corridor_span *span, const char *variety)
{
	uint32_t at = add(m, uid, CORRIDOR_FIBRE);
	if (m->failed)
		return at;
	struct corridor_element *e = &m->network->elements[at];
	e->variety = variety;
	e->fibre = (struct corridor_glass_fibre){.fibre = span->fibre,
						 .length_km = span->length_km,
						 .connector_in_db = span->connector_in_db,
						 .connector_out_db = span->connector_out_db};
	return at;
}

/* The id of the fibre of a span of a line. */
static const char *
fibre_id(const struct maker *m, const struct corridor_built *b, size_t span)
{
	for (size_t i = 0; b->known && i < m->hub->optics.line_count; i++) {
		const struct hub_optics_line *l = &m->hub->optics.lines[i];
		if (l->segment == b->segment && l->spans[span].fibre)
			return l->spans[span].fibre;
	}
	return b->medium->fibre;
}

/* A line that is known: its spans, an amplifier behind each but the last, whose place is that of
 * the preamplifier. */
static uint32_t
add_known(struct maker *m, const struct corridor_built *b, const char *name, uint32_t last,
	  bool backward)
{
	struct arena *arena = m->network->arena;
	for (size_t i = 0; i < b->count && !m->failed; i++) {
		size_t n = backward ? b->count - 1 - i : i;
		const struct corridor_built_span *s = &b->spans[n];
		uint32_t fibre = add_fibre(
			m, arena_printf(arena, "fiber (%s)_(%zu/%zu)", name, i + 1, b->count),
			&s->span, fibre_id(m, b, n));
		uint32_t amplifier =
			add(m, arena_printf(arena, "Edfa (%s)_(%zu/%zu)", name, i + 1, b->count),
			    CORRIDOR_AMPLIFIER);
		if (m->failed)
			return last;
		m->network->elements[amplifier].settings[0].kind = s->amplifier;
		m->network->elements[amplifier].settings[0].gain_db = s->set_db;
		m->network->elements[amplifier].settings[0].tilt_db = 0;
		tie(m, last, fibre);
		tie(m, fibre, amplifier);
		last = amplifier;
	}
	return last;
}

static void
add_line(struct maker *m, const struct corridor_built *b, bool backward)
{
	const struct hub_segment *s = &m->hub->segments[b->segment];
	uint32_t from = roadm_of(m, backward ? s->b : s->a);
	uint32_t to = roadm_of(m, backward ? s->a : s->b), last = from;
	struct arena *arena = m->network->arena;
	const char *name =
		arena_printf(arena, "%s → %s)-(%s", m->hub->sites[backward ? s->b : s->a].id,
			     m->hub->sites[backward ? s->a : s->b].id, s->id);
	if (!name || m->failed) {
		m->failed = true;
		return;
	}
	if (b->known) {
		last = add_known(m, b, name, from, backward);
	} else {
		/* As one fibre: GNPy cuts it into spans as we do. */
		struct corridor_span whole = b->spans[0].span;
		whole.length_km = s->length_km;
		last = add_fibre(m, arena_printf(arena, "fiber (%s)", name), &whole,
				 b->medium->fibre);
		tie(m, from, last);
	}
	tie(m, last, to);
}

static int
fill_equipment(struct corridor_equipment *e, struct arena *arena, const struct corridor_kit *kit)
{
	const struct hub_optics_medium *land =
		hub_optics_medium_find(&kit->hub->optics, "terrestrial");
	const struct hub_optics_mode *usual = &kit->modes[0];
	*e = kit->equipment;
	e->roadms = arena_take(arena, sizeof(*e->roadms));
	e->combs = arena_take(arena, sizeof(*e->combs));
	e->transceivers = arena_take(arena, sizeof(*e->transceivers));
	struct corridor_mode *modes = arena_take(arena, kit->mode_count * sizeof(*modes));
	if (!e->roadms || !e->combs || !e->transceivers || !modes)
		return -1;
	e->roadms[0] = (struct corridor_roadm_kind){.id = "default",
						    .target = CORRIDOR_TARGET_CHANNEL_DBM,
						    .value = roadm_out_dbm,
						    .add_drop_osnr_db = kit->add_drop_osnr_db};
	e->combs[0] = (struct corridor_comb){.low_hz = kit->low_hz,
					     .high_hz = kit->high_hz,
					     .spacing_hz = usual->spacing_ghz * 1e9,
					     .baud_hz = usual->baud_gbd * 1e9,
					     .roll_off = usual->roll_off,
					     .transmitter_dbm = NAN,
					     .tx_osnr_db = usual->tx_osnr_db,
					     .margin_db = land->margin_db};
	for (size_t i = 0; i < kit->mode_count; i++) {
		const struct hub_optics_mode *m = &kit->modes[i];
		modes[i] = (struct corridor_mode){.id = m->id,
						  .rate_bps = m->rate_gbps * 1e9,
						  .baud_hz = m->baud_gbd * 1e9,
						  .roll_off = m->roll_off,
						  .osnr_db = m->osnr_db,
						  .tx_osnr_db = m->tx_osnr_db,
						  .spacing_hz = m->spacing_ghz * 1e9};
	}
	e->transceivers[0] = (struct corridor_transceiver){"hub", kit->low_hz, kit->high_hz, modes,
							   kit->mode_count};
	e->roadm_count = e->comb_count = e->transceiver_count = 1;
	e->rules = (struct corridor_rules){.power_mode = true,
					   .power_low_db = -2,
					   .power_high_db = 3,
					   .power_step_db = 0.5,
					   .raman_loss_db_per_km = 0.25,
					   .gain_beyond_db = 2.5,
					   .length_max_km = fmax(land->span_km, 50),
					   .padding_db = usual_padding_db,
					   .ageing_db = land->ageing_db,
					   .connector_in_db = land->connector_db,
					   .connector_out_db = land->connector_db};
	return 0;
}

int
corridor_gnpy_of_hub(struct corridor_network *network, struct corridor_equipment *equipment,
		     struct arena *arena, const struct corridor_kit *kit, const struct hub *hub)
{
	struct corridor_network made = {.arena = arena, .name = hub->name};
	if (fill_equipment(equipment, arena, kit) < 0)
		return -1;
	struct corridor_kit with = *kit;
	with.equipment = *equipment;
	struct maker m = {.network = &made, .kit = &with, .hub = hub};
	m.roadms = arena_take(arena, (hub->site_count + 1) * sizeof(*m.roadms));
	if (!m.roadms)
		return -1;
	for (size_t i = 0; i < hub->site_count; i++)
		m.roadms[i] = CORRIDOR_NONE;
	for (uint32_t i = 0; i < hub->segment_count && !m.failed; i++) {
		struct corridor_built b;
		if (!(hub->segments[i].length_km > 0))
			continue;
		if (corridor_built_of(&b, kit, i, false) < 0)
			return -1;
		add_line(&m, &b, false);
		add_line(&m, &b, true);
		corridor_built_fini(&b);
	}
	*network = made;
	return m.failed ? -1 : 0;
}
