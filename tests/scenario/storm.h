/* Lines made up from a seed.
 *
 *	storm.c        what is played, what must hold after each line
 *	storm_lines.c  what members of a hub that is made up do
 *	storm_hub.c    hub files, registries, ROAs */
#pragma once

#include "scenario/reference.h"

enum { STORM_FILES = 8, STORM_PREFIXES = 44, STORM_SITES = 5, STORM_ALIAS = 63000 };

struct storm {
	struct scenario *s;
	uint64_t seed, state;
	const char *files[STORM_FILES];
	size_t file_count;
	unsigned members; /* of a hub made up, too; 0: the hub files say */
	unsigned variant; /* of its hub file */
};

/* The next number below `limit` (0: 0). */
unsigned storm_below(struct storm *storm, unsigned limit);
/* A number below `limit` that is the same whenever it is asked for. */
unsigned storm_fixed(const struct storm *storm, unsigned member, unsigned what, unsigned limit);
const char *storm_prefix(struct storm *storm);
const char *storm_prefix_at(struct storm *storm, unsigned number);
uint32_t storm_hub_asn(const struct storm *storm);
uint32_t storm_asn(unsigned member);

/* Of a hub made up: its OPEN, and what a member that is up says. */
const char *storm_connection(struct storm *storm, const struct member *m);
const char *storm_speech(struct storm *storm, struct member *m);

/* Texts of a hub file in the storm's variant, of a registry, of ROAs. The world is changed likewise. */
const char *storm_hub(struct storm *storm);
const char *storm_registry(struct storm *storm);
const char *storm_roas(struct storm *storm);

/* As the other steps: false if the line is no storm. */
bool storm_step(struct scenario *s);
