/* Segments lit: the launch power is the best, capacities are those of the reference, regenerators
 * are the fewest, and sections add up as light does. */
#include "corridor/corridor_optics_lit.h"

#include <math.h>
#include <stdlib.h>

#include "corridor/corridor_optics_section.h"
#include "hub_text.h"
#include "tap.h"

static const char head[] =
	"hub: {name: T, asn: 64500, router_id: 192.0.2.1}\n"
	"sites:\n"
	"  - {id: A, name: A, country: KZ}\n  - {id: B, name: B, country: AZ}\n  - {id: C, name: "
	"C, country: GE}\n"
	"segments:\n"
	"  - {id: SEA, a: A, b: B, length_km: 380, type: submarine, status: in service, "
	"design_tbps: 400}\n"
	"  - {id: LAND, a: B, b: C, length_km: 2800, type: terrestrial, status: in service, "
	"fibre_pairs: 2}\n";

static struct hub *
hub_of(const char *more)
{
	char text[4096];
	struct hub_report report;
	snprintf(text, sizeof(text), "%s%s", head, more);
	struct hub_source source = {.read = hub_text_read, .context = text};
	struct hub *hub = hub_file_read("test.yaml", source, &report);
	hub_report_fini(&report);
	return hub;
}

static bool
near(const char *what, double got, double expected, double within)
{
	bool same = fabs(got - expected) <= within;
	if (!same)
		printf("# %s: got %.5f, expected %.5f\n", what, got, expected);
	return same;
}

static const struct hub_optics_mode *
mode_of(const struct corridor_kit *kit, const char *id)
{
	const struct hub_optics_mode *modes;
	size_t count = corridor_kit_modes(kit, &modes);
	for (size_t i = 0; i < count; i++)
		if (strcmp(modes[i].id, id) == 0)
			return &modes[i];
	abort();
}

/* GSNR of the middle channel at a launch power. */
static double
gsnr_at(const struct corridor_built *built, const struct hub_optics_mode *mode, double dbm)
{
	struct corridor_comb comb = {.low_hz = 191.3e12,
				     .high_hz = 196.1e12,
				     .spacing_hz = mode->spacing_ghz * 1e9,
				     .baud_hz = mode->baud_gbd * 1e9,
				     .roll_off = mode->roll_off};
	struct corridor_light *light = corridor_built_light(built, &comb, dbm, 0, CORRIDOR_GN);
	double gsnr = corridor_light_gsnr_db(light, light->count / 2);
	corridor_light_free(light);
	return gsnr;
}

static void
best_power(void)
{
	struct hub *hub = hub_of("");
	struct corridor_kit *kit = corridor_kit_new(hub);
	const struct hub_optics_mode *mode = mode_of(kit, "400G/60");
	struct corridor_built built;
	struct corridor_lit lit;
	corridor_built_of(&built, kit, 1, false);
	corridor_light_up(&lit, kit, &built, mode, CORRIDOR_GN, NULL);
	double best = gsnr_at(&built, mode, lit.channel_dbm), highest = -INFINITY, at = 0;
	for (double dbm = -4; dbm <= 6; dbm += 0.05) {
		double gsnr = gsnr_at(&built, mode, dbm);
		if (gsnr > highest) {
			highest = gsnr;
			at = dbm;
		}
	}
	ok(!lit.limited && best >= highest - 0.0005,
	   "no launch power is better than the one that was found: %.2f dBm, a search has %.2f",
	   lit.channel_dbm, at);
	ok(near("closed form", lit.closed_dbm, lit.channel_dbm, 0.3),
	   "the closed form is close to it on a long line");
	ok(built.count == 35 && near("span", built.spans[0].span.length_km, 80, 1e-9),
	   "2800 km on land are 35 spans of 80 km");
	corridor_built_fini(&built);
	corridor_kit_free(kit);
	hub_free(hub);
}

static void
claims(void)
{
	struct hub *hub = hub_of("");
	struct corridor_kit *kit = corridor_kit_new(hub);
	struct corridor_claim c;
	corridor_claim_of(&c, kit, 0, 400);
	ok(near("pair", c.pair_tbps, 25.6, 1e-9) && c.pairs_needed == 16,
	   "400 Tbit/s over 380 km of sea: 16 pairs of 64 channels of 400 Gbit/s");
	ok(c.pairs_at_least > 0 && c.pairs_at_least < 16 && !c.impossible && c.bound_tbps > 70 &&
		   c.bound_tbps < 100,
	   "by physics at least %u pairs of %.1f Tbit/s", c.pairs_at_least, c.bound_tbps);
	corridor_claim_of(&c, kit, 1, 400);
	ok(c.pairs == 2 && c.impossible, "over 2800 km of land two pairs can never carry that");
	ok(near("bound", corridor_bound_tbps(kit, 20), 63.91883022, 1e-6),
	   "the bound at 20 dB over 4.8 THz is O11 of the reference");
	corridor_kit_free(kit);
	hub_free(hub);
}

static void
modes(void)
{
	struct hub *hub = hub_of("");
	struct corridor_kit *kit = corridor_kit_new(hub);
	const struct hub_optics_mode *all;
	size_t count = corridor_kit_modes(kit, &all);
	struct corridor_built built;
	struct corridor_lit *lit = calloc(count, sizeof(*lit)), one;
	bool same = true;
	corridor_built_of(&built, kit, 0, false);
	corridor_light_all(lit, kit, &built, CORRIDOR_GN);
	for (size_t i = 0; i < count; i++) {
		corridor_light_up(&one, kit, &built, &all[i], CORRIDOR_GN, NULL);
		same &= one.mode == lit[i].mode && fabs(one.margin_db - lit[i].margin_db) < 1e-9 &&
			one.tbps == lit[i].tbps && one.channels == lit[i].channels;
	}
	ok(same, "all modes at once and one by one are the same");
	size_t best = corridor_lit_best(lit, count);
	ok(best < count && strcmp(lit[best].mode->id, "400G/60") == 0,
	   "the mode that carries most of those that work is taken");
	for (size_t i = 0; i < count; i++)
		lit[i].margin_db = -1;
	ok(corridor_lit_best(lit, count) == count, "none where none works");
	ok(lit[0].aged_db < lit[0].new_db && lit[0].received_db < lit[0].aged_db,
	   "a line does not improve with age, nor light at its ends");
	free(lit);
	corridor_built_fini(&built);
	corridor_kit_free(kit);
	hub_free(hub);
}

static void
from_file(void)
{
	struct hub *hub = hub_of(
		"optics:\n"
		"  fibres:\n    - {id: new, loss_db_km: 0.15, dispersion_ps_nm_km: 21, "
		"effective_area_um2: 130}\n"
		"  amplifiers:\n    - {id: quiet, model: fixed, gain_min_db: 5, gain_max_db: 30, "
		"power_max_dbm: 20, noise_db: 4}\n"
		"  modes:\n    - {id: fast, rate_gbps: 800, osnr_db: 26, baud_gbd: 130, "
		"spacing_ghz: 150}\n"
		"  media:\n    - {medium: terrestrial, fibre: new, amplifier: quiet, span_km: 100, "
		"connector_db: 0, margin_db: 1, power_dbm: 1}\n"
		"  lines:\n    - {segment: SEA, spans: [{km: 200, amplifier: quiet}, {km: 180, "
		"noise_db: 6, loss_db_km: 0.17}]}\n");
	if (!ok(hub != NULL, "optics of a hub file are read"))
		return;
	struct corridor_kit *kit = corridor_kit_new(hub);
	struct corridor_built built;
	struct corridor_lit lit;
	const struct hub_optics_mode *all;
	ok(corridor_kit_modes(kit, &all) == 1 && strcmp(all[0].id, "fast") == 0,
	   "who has modes of his own has only these");
	corridor_built_of(&built, kit, 1, false);
	corridor_light_up(&lit, kit, &built, all, CORRIDOR_GN, NULL);
	ok(built.count == 28 && near("loss", built.loss_db, 15, 1e-9) && lit.channels == 32 &&
		   near("launch", lit.channel_dbm, 1, 1e-9),
	   "fibre, amplifier, spans and power are those of the medium");
	corridor_built_fini(&built);
	corridor_built_of(&built, kit, 0, false);
	ok(built.known && built.count == 2 &&
		   near("first", built.spans[0].span.length_km, 200, 0) &&
		   near("loss", built.spans[1].span.fibre.loss_db_per_km, 0.17, 0) &&
		   strcmp(built.spans[0].amplifier->id, "quiet") == 0,
	   "a line that is known is built of its own spans");
	corridor_built_fini(&built);
	corridor_kit_free(kit);
	hub_free(hub);
}

static void
refusals(void)
{
	static const char *const wrong[] = {
		"optics: {fibres: [{id: x, loss_db_km: 0, dispersion_ps_nm_km: 17}]}\n",
		"optics: {fibres: [{id: x, loss_db_km: 0.2, dispersion_ps_nm_km: 0}]}\n",
		"optics: {media: [{medium: terrestrial, fibre: nowhere}]}\n",
		"optics: {amplifiers: [{id: x, model: fixed, gain_min_db: 5, gain_max_db: 20, "
		"power_max_dbm: 20}]}\n",
		"optics: {modes: [{id: x, rate_gbps: 400, osnr_db: 20, baud_gbd: 130, spacing_ghz: "
		"100}]}\n",
		"optics: {lines: [{segment: SEA, spans: []}]}\n",
	};
	size_t refused = 0;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct hub *hub = hub_of(wrong[i]);
		refused += hub == NULL;
		if (hub)
			printf("# taken: %s", wrong[i]);
		hub_free(hub);
	}
	ok(refused == sizeof(wrong) / sizeof(wrong[0]), "optics that cannot be are refused");
}

static uint64_t seed = 7;

static double
between(double low, double high)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return low + (high - low) * (double)(seed >> 11) / 9007199254740992.0;
}

/* All ways of choosing regenerators, by the bits of a number. */
static size_t
fewest(const struct corridor_sections *s, double *margin)
{
	size_t best = SIZE_MAX;
	for (size_t set = 0; set < (size_t)1 << (s->count - 1); set++) {
		size_t from = 0, count = 0;
		double worst = INFINITY;
		for (size_t i = 0; i < s->count; i++) {
			bool last = i + 1 == s->count;
			if (!last && !(set >> i & 1))
				continue;
			worst = fmin(worst, corridor_section_db(s, from, i + 1) - s->mode->osnr_db -
						    s->margin_db);
			count += !last;
			from = i + 1;
		}
		if (worst < 0 || count > best || (count == best && worst <= *margin))
			continue;
		best = count;
		*margin = worst;
	}
	return best;
}

static void
regenerators(void)
{
	struct hub_optics_mode mode = {
		.id = "m", .osnr_db = 18, .baud_gbd = 64, .spacing_ghz = 75, .tx_osnr_db = 36};
	size_t agreed = 0, cases = 0, needed = 0;
	for (; cases < 300; cases++) {
		double kept[9];
		struct corridor_sections s = {.mode = &mode,
					      .kept = kept,
					      .count = (size_t)between(1, 9.99),
					      .site_osnr_db = 32,
					      .add_drop_osnr_db = 38,
					      .margin_db = 2};
		for (size_t i = 0; i < s.count; i++) {
			double db = between(11, 25), gsnr = pow(10, db / 10);
			kept[i] = gsnr / (1 + gsnr);
		}
		struct arena *arena = arena_new();
		struct corridor_regeneration r;
		double margin = -INFINITY;
		size_t count = fewest(&s, &margin);
		corridor_regenerate(&r, arena, &s);
		agreed += count == SIZE_MAX ? !r.possible
					    : r.possible && r.count == count &&
						      fabs(r.margin_db - margin) < 1e-9;
		needed += r.possible && r.count > 1;
		arena_free(arena);
	}
	ok(agreed == cases && needed > 20,
	   "regenerators are as few as any choice has, with as much to spare: %zu of %zu", agreed,
	   cases);
}

/* Two lines one behind the other: the product of what each keeps is what light does. */
static void
product(void)
{
	struct corridor_span spans[30];
	struct corridor_light *whole = corridor_light_new(33), *part = corridor_light_new(33);
	for (size_t i = 0; i < 30; i++)
		spans[i] = (struct corridor_span){.fibre = corridor_fibre_g652,
						  .length_km = 80,
						  .noise_figure_db = 5,
						  .gain_db = NAN};
	corridor_light_comb(whole, 192e12, 75e9, 64e9, 1);
	corridor_light_comb(part, 192e12, 75e9, 64e9, 1);
	double kept = 1, scale[33];
	for (size_t n = 0; n < 3; n++) {
		corridor_optics_propagate(whole, spans, 10, CORRIDOR_GN);
		/* As a ROADM does: every channel back to its power. */
		for (size_t i = 0; i < 33; i++)
			scale[i] = corridor_from_dbm(1) / corridor_light_channel_w(whole, i);
		corridor_light_scale(whole, scale);
	}
	corridor_optics_propagate(part, spans, 10, CORRIDOR_GN);
	double gsnr = corridor_from_db(corridor_light_gsnr_db(part, 16));
	kept = pow(gsnr / (1 + gsnr), 3);
	ok(near("GSNR", corridor_to_db(kept / (1 - kept)), corridor_light_gsnr_db(whole, 16), 1e-9),
	   "what three segments keep is the product of what each keeps");
	corridor_light_free(whole);
	corridor_light_free(part);
}

static void
at_a_stretch(void)
{
	struct hub *hub = hub_of("");
	struct corridor_kit *kit = corridor_kit_new(hub);
	const struct hub_optics_medium *sea = hub_optics_medium_find(&hub->optics, "submarine");
	struct corridor_unrepeatered fast, slow;
	struct corridor_built built;
	struct corridor_lit lit;
	corridor_unrepeatered_of(&fast, kit, sea, mode_of(kit, "400G/60"));
	corridor_unrepeatered_of(&slow, kit, sea, mode_of(kit, "100G/60"));
	ok(slow.km > fast.km && fast.ropa_km > fast.km && fast.km > 100 && slow.ropa_km < 500,
	   "without repeaters: %.0f km at 400G, %.0f at 100G, %.0f and %.0f with an amplifier in "
	   "the cable",
	   fast.km, slow.km, fast.ropa_km, slow.ropa_km);
	/* The same length, lit: what the formula says is to spare is what there is. */
	hub->segments[0].length_km = fast.km;
	corridor_built_of(&built, kit, 0, true);
	corridor_light_up(&lit, kit, &built, mode_of(kit, "400G/60"), CORRIDOR_GN, NULL);
	ok(built.count == 1 && near("spare", lit.margin_db, 0, 0.35),
	   "at that length nothing is to spare: %.2f dB", lit.margin_db);
	corridor_built_fini(&built);
	corridor_kit_free(kit);
	hub_free(hub);
}

int
main(void)
{
	best_power();
	claims();
	modes();
	from_file();
	refusals();
	regenerators();
	product();
	at_a_stretch();
	return done_testing();
}
