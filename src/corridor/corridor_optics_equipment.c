/* Looking things up in a library of equipment. */
#include "corridor/corridor_optics_equipment.h"

#include <math.h>
#include <string.h>

const struct corridor_amplifier *
corridor_amplifier_find(const struct corridor_equipment *equipment, const char *id)
{
	for (size_t i = 0; id && i < equipment->amplifier_count; i++)
		if (strcmp(equipment->amplifiers[i].id, id) == 0)
			return &equipment->amplifiers[i];
	return NULL;
}

const struct corridor_fibre_kind *
corridor_fibre_find(const struct corridor_equipment *equipment, const char *id)
{
	for (size_t i = 0; id && i < equipment->fibre_count; i++)
		if (strcmp(equipment->fibres[i].id, id) == 0)
			return &equipment->fibres[i];
	return NULL;
}

const struct corridor_roadm_kind *
corridor_roadm_find(const struct corridor_equipment *equipment, const char *id)
{
	for (size_t i = 0; id && i < equipment->roadm_count; i++)
		if (strcmp(equipment->roadms[i].id, id) == 0)
			return &equipment->roadms[i];
	return NULL;
}

const struct corridor_mode *
corridor_mode_find(const struct corridor_equipment *equipment, const char *transceiver,
		   const char *mode)
{
	for (size_t i = 0; i < equipment->transceiver_count; i++) {
		const struct corridor_transceiver *t = &equipment->transceivers[i];
		if (strcmp(t->id, transceiver) != 0)
			continue;
		for (size_t m = 0; m < t->mode_count; m++)
			if (!mode || strcmp(t->modes[m].id, mode) == 0)
				return &t->modes[m];
	}
	return NULL;
}

double
corridor_penalty_db(const struct corridor_penalties *penalties, double impairment)
{
	const struct corridor_penalty *s = penalties->steps;
	size_t last = penalties->count ? penalties->count - 1 : 0;
	if (penalties->count == 0)
		return 0;
	if (impairment < s[0].at || impairment > s[last].at)
		return INFINITY;
	for (size_t i = 1; i <= last; i++)
		if (impairment <= s[i].at)
			return s[i].at > s[i - 1].at
				       ? s[i - 1].db + (s[i].db - s[i - 1].db) *
							       (impairment - s[i - 1].at) /
							       (s[i].at - s[i - 1].at)
				       : s[i].db;
	return s[last].db;
}

size_t
corridor_comb_channels(const struct corridor_comb *comb)
{
	double fit = (comb->high_hz - comb->low_hz) / comb->spacing_hz;
	/* A band of a whole number of slots must not lose one to rounding. */
	return fit >= 1 ? (size_t)floor(fit + 1e-9) : 0;
}
