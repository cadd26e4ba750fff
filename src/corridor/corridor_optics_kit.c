/* The hub's optics as the models want them. */
#include "corridor/corridor_optics_kit.h"

#include <math.h>
#include <string.h>

static const enum corridor_noise noises[] = {
	[HUB_AMPLIFIER_FIXED] = CORRIDOR_NOISE_FIXED,
	[HUB_AMPLIFIER_TWO_STAGE] = CORRIDOR_NOISE_TWO_STAGES,
	[HUB_AMPLIFIER_OPENROADM] = CORRIDOR_NOISE_OPENROADM,
	[HUB_AMPLIFIER_OPENROADM_PREAMP] = CORRIDOR_NOISE_OPENROADM_PREAMP,
	[HUB_AMPLIFIER_OPENROADM_BOOSTER] = CORRIDOR_NOISE_OPENROADM_BOOSTER,
};

static struct corridor_amplifier
amplifier_of(const struct hub_optics_amplifier *from, bool design)
{
	struct corridor_amplifier a = {.id = from->id,
				       .noise = noises[from->model],
				       .gain_min_db = from->gain_min_db,
				       .gain_max_db = from->gain_max_db,
				       .power_max_dbm = from->power_max_dbm,
				       .nf_db = from->noise_db,
				       .nf_min_db = from->noise_min_db,
				       .nf_max_db = from->noise_max_db,
				       .for_design = design && from->design};
	for (size_t i = 0; i < from->coefficient_count && i < CORRIDOR_COEFFICIENTS_MAX; i++)
		a.coefficients[a.coefficient_count++] = from->coefficients[i];
	/* Two noise figures that no coils explain: the worse one, at any gain. */
	if (a.noise == CORRIDOR_NOISE_TWO_STAGES && !corridor_amplifier_two_stages(&a)) {
		a.noise = CORRIDOR_NOISE_FIXED;
		a.nf_db = from->noise_max_db;
	}
	return a;
}

static struct corridor_fibre
fibre_of(const struct hub_optics_fibre *from)
{
	return (struct corridor_fibre){.loss_db_per_km = from->loss_db_km,
				       .dispersion_s_per_m2 = from->dispersion_ps_nm_km * 1e-6,
				       .effective_area_m2 = from->area_um2 * 1e-12,
				       .pmd_ps_per_sqrt_km = from->pmd_ps_sqrt_km};
}

static bool
is_own(const struct hub_optics *own, const char *id)
{
	for (size_t i = 0; i < own->amplifier_count; i++)
		if (strcmp(own->amplifiers[i].id, id) == 0)
			return true;
	return false;
}

static int
fill(struct corridor_kit *kit)
{
	const struct hub_optics *own = &kit->hub->optics, *usual = &hub_optics_usual;
	struct corridor_equipment *e = &kit->equipment;
	bool may_choose = false;
	e->amplifiers = arena_take(kit->arena, (own->amplifier_count + usual->amplifier_count) *
						       sizeof(*e->amplifiers));
	e->fibres = arena_take(kit->arena,
			       (own->fibre_count + usual->fibre_count) * sizeof(*e->fibres));
	if (!e->amplifiers || !e->fibres)
		return -1;
	for (size_t i = 0; i < own->amplifier_count; i++) {
		e->amplifiers[e->amplifier_count++] = amplifier_of(&own->amplifiers[i], true);
		may_choose |= own->amplifiers[i].design;
	}
	/* Who has a choice of his own is not offered others. */
	for (size_t i = 0; i < usual->amplifier_count; i++)
		if (!is_own(own, usual->amplifiers[i].id))
			e->amplifiers[e->amplifier_count++] =
				amplifier_of(&usual->amplifiers[i], !may_choose);
	for (size_t i = 0; i < own->fibre_count; i++)
		e->fibres[e->fibre_count++] =
			(struct corridor_fibre_kind){own->fibres[i].id, fibre_of(&own->fibres[i])};
	for (size_t i = 0; i < usual->fibre_count; i++)
		if (!corridor_fibre_find(e, usual->fibres[i].id))
			e->fibres[e->fibre_count++] = (struct corridor_fibre_kind){
				usual->fibres[i].id, fibre_of(&usual->fibres[i])};
	return 0;
}

struct corridor_kit *
corridor_kit_new(const struct hub *hub)
{
	struct arena *arena = arena_new();
	struct corridor_kit *kit = arena ? arena_take(arena, sizeof(*kit)) : NULL;
	const struct hub_optics *own = &hub->optics, *usual = &hub_optics_usual;
	if (!kit) {
		arena_free(arena);
		return NULL;
	}
	kit->hub = hub;
	kit->arena = arena;
	kit->modes = own->mode_count ? own->modes : usual->modes;
	kit->mode_count = own->mode_count ? own->mode_count : usual->mode_count;
	kit->low_hz = (own->low_thz > 0 ? own->low_thz : usual->low_thz) * 1e12;
	kit->high_hz = (own->high_thz > 0 ? own->high_thz : usual->high_thz) * 1e12;
	kit->site_osnr_db = own->site_osnr_db > 0 ? own->site_osnr_db : usual->site_osnr_db;
	kit->add_drop_osnr_db =
		own->add_drop_osnr_db > 0 ? own->add_drop_osnr_db : usual->add_drop_osnr_db;
	if (fill(kit) < 0) {
		corridor_kit_free(kit);
		return NULL;
	}
	return kit;
}

void
corridor_kit_free(struct corridor_kit *kit)
{
	if (kit)
		arena_free(kit->arena);
}

size_t
corridor_kit_modes(const struct corridor_kit *kit, const struct hub_optics_mode **out)
{
	*out = kit->modes;
	return kit->mode_count;
}
