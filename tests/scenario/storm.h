/* Lines made up from a seed. */
#pragma once

#include "scenario/reference.h"

enum { STORM_FILES = 8, STORM_PREFIXES = 32 };

struct storm {
	struct scenario *s;
	uint64_t seed, state;
	const char *files[STORM_FILES];
	size_t file_count;
	unsigned members; /* of a hub made up, too; 0: the hub files say */
	unsigned variant; /* of its hub file */
};

unsigned storm_below(struct storm *storm, unsigned limit);
const char *storm_prefix(struct storm *storm);
const char *storm_prefix_at(struct storm *storm, unsigned number);
uint32_t storm_asn(unsigned member);
/* Texts of a hub file in the storm's variant, of a registry, of ROAs. The world is changed likewise. */
const char *storm_hub(struct storm *storm);
const char *storm_registry(struct storm *storm);
const char *storm_roas(struct storm *storm);

/* As the other steps: false if the line is no storm. */
bool storm_step(struct scenario *s);
