/* Optics that is usual, and where each value is from. */
#include "hub/hub_optics.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#define SEEN(from)                                                                                 \
	{                                                                                          \
		NAN, NAN, from, "seen", HUB_SEEN                                                   \
	}
#define ESTIMATED(from)                                                                            \
	{                                                                                          \
		NAN, NAN, from, "estimated", HUB_ESTIMATED                                         \
	}

static const char gnpy[] = "examples of OOPT/GNPy 2.14 (BSD-3-Clause)";
static const char openroadm[] = "OpenROADM MSA 5.0, as in GNPy 2.14";
static const char sheets[] = "usual values of data sheets";
static const char habit[] = "a planner's habit";

static struct hub_optics_fibre fibres[] = {
	{"G.652", 0.2, 16.7, 83, 0.04, SEEN(gnpy)},
	{"G.655", 0.22, 5, 72, 0.04, SEEN(gnpy)},
	{"G.654", 0.16, 20.5, 125, 0.04, ESTIMATED(sheets)},
	{"G.654.E", 0.175, 21, 125, 0.04, ESTIMATED(sheets)},
};

static struct hub_optics_amplifier amplifiers[] = {
	{.id = "low-gain",
	 .model = HUB_AMPLIFIER_TWO_STAGE,
	 .gain_min_db = 8,
	 .gain_max_db = 16,
	 .power_max_dbm = 23,
	 .noise_min_db = 6.5,
	 .noise_max_db = 11,
	 .design = true,
	 .basis = SEEN(gnpy)},
	{.id = "medium-gain",
	 .model = HUB_AMPLIFIER_TWO_STAGE,
	 .gain_min_db = 15,
	 .gain_max_db = 26,
	 .power_max_dbm = 23,
	 .noise_min_db = 6,
	 .noise_max_db = 10,
	 .design = true,
	 .basis = SEEN(gnpy)},
	{.id = "high-gain",
	 .model = HUB_AMPLIFIER_TWO_STAGE,
	 .gain_min_db = 25,
	 .gain_max_db = 35,
	 .power_max_dbm = 21,
	 .noise_min_db = 5.5,
	 .noise_max_db = 7,
	 .design = true,
	 .basis = SEEN(gnpy)},
	{.id = "repeater",
	 .model = HUB_AMPLIFIER_FIXED,
	 .gain_min_db = 5,
	 .gain_max_db = 22,
	 .power_max_dbm = 18,
	 .noise_db = 4.5,
	 .basis = ESTIMATED(sheets)},
	{.id = "terminal",
	 .model = HUB_AMPLIFIER_FIXED,
	 .gain_min_db = 5,
	 .gain_max_db = 60,
	 .power_max_dbm = 27,
	 .noise_db = 4.5,
	 .basis = ESTIMATED(sheets)},
};

static struct hub_optics_mode modes[] = {
	{"400G/60", 400, 24, 60.138546798, 75, 0.15, 36, SEEN("OIF 400ZR+, as in GNPy 2.14")},
	{"300G/60", 300, 21, 60.138546798, 75, 0.15, 36, ESTIMATED("OpenZR+ MSA, from memory")},
	{"200G/60", 200, 16, 60.138546798, 75, 0.15, 36, ESTIMATED("OpenZR+ MSA, from memory")},
	{"100G/60", 100, 12.5, 60.138546798, 75, 0.15, 36, ESTIMATED("OpenZR+ MSA, from memory")},
	{"400G/63", 400, 24, 63.1, 87.5, 0.15, 36, SEEN(openroadm)},
	{"300G/63", 300, 21, 63.1, 87.5, 0.15, 36, SEEN(openroadm)},
	{"200G/63", 200, 17, 63.1, 87.5, 0.15, 36, SEEN(openroadm)},
	{"100G/32", 100, 12, 31.57, 50, 0.15, 36, SEEN(openroadm)},
};

static struct hub_optics_medium media[] = {
	{"submarine", "G.654", "repeater", 80, 0, 0.5, 3, NAN, ESTIMATED(habit)},
	{"terrestrial", "G.652", NULL, 80, 0.25, 1, 3, NAN, ESTIMATED(habit)},
};

const struct hub_optics hub_optics_usual = {
	.fibres = fibres,
	.fibre_count = sizeof(fibres) / sizeof(fibres[0]),
	.amplifiers = amplifiers,
	.amplifier_count = sizeof(amplifiers) / sizeof(amplifiers[0]),
	.modes = modes,
	.mode_count = sizeof(modes) / sizeof(modes[0]),
	.media = media,
	.medium_count = sizeof(media) / sizeof(media[0]),
	.low_thz = 191.3,
	.high_thz = 196.1,
	.site_osnr_db = 32,
	.add_drop_osnr_db = 38,
};

const struct hub_optics_fibre *
hub_optics_fibre_find(const struct hub_optics *optics, const char *id)
{
	const struct hub_optics *both[] = {optics, &hub_optics_usual};
	for (size_t b = 0; b < 2; b++)
		for (size_t i = 0; i < both[b]->fibre_count; i++)
			if (strcmp(both[b]->fibres[i].id, id) == 0)
				return &both[b]->fibres[i];
	return NULL;
}

const struct hub_optics_amplifier *
hub_optics_amplifier_find(const struct hub_optics *optics, const char *id)
{
	const struct hub_optics *both[] = {optics, &hub_optics_usual};
	for (size_t b = 0; b < 2; b++)
		for (size_t i = 0; i < both[b]->amplifier_count; i++)
			if (strcmp(both[b]->amplifiers[i].id, id) == 0)
				return &both[b]->amplifiers[i];
	return NULL;
}

const struct hub_optics_medium *
hub_optics_medium_find(const struct hub_optics *optics, const char *medium)
{
	const struct hub_optics *both[] = {optics, &hub_optics_usual};
	for (size_t b = 0; b < 2; b++)
		for (size_t i = 0; i < both[b]->medium_count; i++)
			if (strcasecmp(both[b]->media[i].medium, medium) == 0)
				return &both[b]->media[i];
	return NULL;
}
