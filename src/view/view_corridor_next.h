/* The parts of view_corridor_next; used by its files only. */
#pragma once

#include "corridor/corridor_next.h"
#include "view/view_corridor_way.h"

struct view_next_row {
	uint32_t candidates[2];
	size_t count; /* 1, or 2 of a pair */
	struct corridor_outcome outcome;
	double gain, per_musd; /* by the measure; a million dollars' worth of it */
	double alone;          /* of a pair: the sum of what both bring alone */
};

struct view_next {
	const struct view_corridor *view;
	struct arena *arena;
	struct corridor_terms terms;
	enum corridor_gain gain;
	bool pairs;
	double budget_musd;               /* NAN: not asked */
	const struct corridor_plan *plan; /* of the day asked for */
	struct corridor_next *next;
	struct view_next_row *rows, *pair_rows; /* most per dollar first */
	size_t row_count, pair_count;
	size_t of_pairs; /* candidates that pairs were made of: the first */
	struct corridor_choice greedy, best;
};

/* "TCFO", "TCFO + KARDESA"; returns `out`, in the arena, NULL without memory. */
const char *view_next_names(const struct view_next *n, const uint32_t *set, size_t count);
/* What the numbers rest on. */
extern const char view_next_assumptions[];
/* The unit of a gain, per million dollars where `per`: "Gbit/s". */
const char *view_next_unit(enum corridor_gain gain);
/* A gain in that unit. */
double view_next_shown(enum corridor_gain gain, double value);

/* --- view_corridor_next_text.c --- */
void view_next_text(struct buf *out, const struct view_next *n);
