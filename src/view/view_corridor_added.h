/* The parts of `corridor change`; used by view_corridor_added*.c only. */
#pragma once

#include "corridor/corridor_added.h"
#include "view/view_corridor_way.h"

enum { VIEW_ADDED_NAMES = 32, VIEW_ADDED_PAIRS = 16, VIEW_ADDED_AVOIDED = 16 };

struct view_added_question {
	struct corridor_terms terms;
	struct corridor_conditions conditions; /* what the terms come to */
	/* What is laid, as it was asked for: candidates, cables, segments. */
	const char *ids[VIEW_ADDED_NAMES], *names[VIEW_ADDED_NAMES];
	size_t count;
	uint32_t *segments; /* of all of these, each once; room for the hub's */
	size_t segment_count;
	uint32_t froms[VIEW_ADDED_PAIRS], tos[VIEW_ADDED_PAIRS]; /* sites, as asked for */
	size_t from_count, to_count;
	struct corridor_ends pairs[VIEW_ADDED_PAIRS + 1]; /* that are looked at */
	size_t pair_count;
	uint32_t avoid[VIEW_ADDED_AVOIDED]; /* countries of the second look */
	size_t avoid_count;
	bool avoid_told;
};

struct view_added {
	const struct view_corridor *view;
	const struct view_added_question *question;
	const struct corridor_plan *plan;
	struct corridor_added added;
};

/* The code of a country of the plan. */
static inline const char *
view_added_country(const struct view_added *b, uint32_t name)
{
	return b->plan->classes[CORRIDOR_COUNTRIES].names[name];
}

/* --- view_corridor_added_question.c --- */
/* The words after "change". What is not said of pairs and of the second look is chosen: the ends of what is laid and
 * the largest demand of each place where any begin, eight at most; the countries that demands avoid. 0, or -1 and the complaint. */
int view_added_take(struct view_added_question *q, const struct view_corridor *view,
		    const char *const *words, size_t count, struct corridor_complaint *complaint);

/* --- view_corridor_added_text.c --- */
void view_added_text(struct buf *out, const struct view_added *b);
