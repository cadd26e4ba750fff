/* The plans of one picture, made when they are asked for and kept for the next who asks. */
#pragma once

#include "corridor/corridor_plan.h"

struct corridor_plans;

/* With the plan of today made. `hub` outlives it. NULL and errno as corridor_plan_new. */
struct corridor_plans *corridor_plans_new(const struct hub *hub, struct utc_s now);
void corridor_plans_free(struct corridor_plans *plans);

/* As the hub file has it now. Valid until corridor_plans_turn. */
const struct corridor_plan *corridor_plans_today(const struct corridor_plans *plans);
/* Makes today's plan anew if the date has changed. 0, or -1 without memory (the old one stays). */
int corridor_plans_turn(struct corridor_plans *plans, struct utc_s now);

/* What is left at present of today's plan, not owned; NULL, as at first: all of it. Until corridor_plans_turn. */
void corridor_plans_live(struct corridor_plans *plans, const struct corridor_plan *live);

/* The plan of a day; a day that was not asked for is today's, as it is left at present. Valid until some seven other days
 * have been asked for. NULL without memory. */
const struct corridor_plan *corridor_plans_of(struct corridor_plans *plans,
					      struct corridor_day day);
