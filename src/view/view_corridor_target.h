/* The parts of the answer to what a revenue target needs; used by its files only. */
#pragma once

#include "corridor/corridor_carry.h"
#include "corridor/corridor_target.h"
#include "view/view_corridor_earned.h"
#include "view/view_corridor_worth.h"

enum { VIEW_TARGET_PRICES = 16 };

struct view_target {
	const struct view_corridor *view;
	struct arena *arena;
	struct corridor_terms terms;
	const char *of; /* NULL: all demands */
	double least_musd, most_musd;
	double prices[VIEW_TARGET_PRICES];
	size_t price_count;
	size_t ceiling; /* which of them is the mean toll ceiling; VIEW_TARGET_PRICES: none */
	struct corridor_range ceiling_usd; /* that mean, and its bounds; when there is one */
	double passing_gbps, home_gbps;
	double estimated_gbps; /* of those that pass */

	struct corridor_conditions conditions;
	struct corridor_worth_ask ask;
	struct corridor_us us;
	struct corridor_carry_ask carry;
	struct corridor_carries most;          /* all that there is room for */
	struct corridor_carry needed;          /* what the least sum needs at the price `first` */
	double carried[VIEW_TARGET_PRICES][2]; /* Gbit/s of what the least, the most sum needs */
	size_t first; /* of the prices, by which is built: the ceiling, --price, or half a dollar */
	struct corridor_carry_gain *gains;
	size_t gain_count;
	struct view_earned earned;
};

/* What is needed at a price to earn so many millions. */
struct corridor_target view_target_at(const struct view_target *t, size_t price, double musd);

/* --- view_corridor_target_room.c --- */
/* What the corridor has room for, and what would give it more; once all else is found. 0; or -1 and
 * errno. */
int view_target_room(struct view_target *t);
/* Years until what passes has grown to all there is room for; NAN: never. */
double view_target_years_until_full(const struct view_target *t);
/* What that would earn a year at the ceiling; NAN without one. */
struct corridor_range view_target_full_usd(const struct view_target *t);
void view_target_room_json(struct json *j, const struct view_target *t);
/* The fields above the table, and what could be built below it. */
void view_target_room_text(struct buf *out, const struct view_target *t);
void view_target_gains_text(struct buf *out, const struct view_target *t);
