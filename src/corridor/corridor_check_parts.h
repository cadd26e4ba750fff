/* The parts of corridor_check; used by its files only. */
#pragma once

#include "corridor/corridor_check.h"
#include "corridor/corridor_optics_lit.h"

struct corridor_checking {
	const struct corridor_plan *plan;
	const struct hub *hub;
	struct corridor_kit *kit;            /* optics of the hub */
	struct corridor_pair_limits *limits; /* of lines like those that were lit */
	size_t limit_count, limit_room;
	size_t looked_at; /* lines that were lit for themselves */
	struct corridor_findings *findings;
	size_t room;
	bool failed; /* no memory */
};

/* Adds a finding about a segment; its source is that of the segment, and can be changed. Returns it,
 * never NULL. */
struct corridor_finding *corridor_find(struct corridor_checking *c, enum corridor_severity severity,
				       const char *list, const char *id, const char *what);
struct corridor_finding *corridor_find_segment(struct corridor_checking *c, uint32_t segment,
					       enum corridor_severity severity, const char *what);
/* Makes a hint. */
void corridor_hint(struct corridor_checking *c, struct corridor_finding *finding,
		   const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Each looks at one thing. */
void corridor_check_length(struct corridor_checking *c, uint32_t segment);
void corridor_check_capacity(struct corridor_checking *c, uint32_t segment);
void corridor_check_countries(struct corridor_checking *c, uint32_t segment);
void corridor_check_status(struct corridor_checking *c, uint32_t segment);
void corridor_check_words(struct corridor_checking *c, uint32_t segment);
void corridor_check_twins(struct corridor_checking *c, uint32_t segment);
void corridor_check_sites(struct corridor_checking *c);
void corridor_check_cables(struct corridor_checking *c);
void corridor_check_reach(struct corridor_checking *c);
void corridor_check_facts(struct corridor_checking *c);
