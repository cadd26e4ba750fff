/* What the ledger billed, beside what the corridor models: shared by the answers about money. */
#pragma once

#include "base/json.h"
#include "corridor/corridor_earned.h"
#include "view/view_corridor.h"

struct view_earned {
	bool known;
	struct corridor_earned earned;
	const struct corridor_earned_sum *usd; /* NULL: nothing in dollars */
	const char *why;                       /* it is not known */
};

/* Of a month ("2026-10"), or when it is NULL of the last that is over, or of this one if there was
 * nothing then. What it says lives in `arena`. */
void view_earned_ask(struct view_earned *out, struct arena *arena, const struct view_corridor *view,
		     const char *month);
/* US dollars a month billed on chosen segments (NULL: all); NAN when it is not known. */
double view_earned_usd(const struct view_earned *earned, const struct hub *hub,
		       const bool *segments);

/* "measured": of which month, and what of it was on segments, elsewhere and in other currencies. */
void view_earned_json(struct json *j, const struct view_earned *earned, const struct hub *hub,
		      const bool *segments);
/* The same as a field. */
void view_earned_text(struct buf *out, const struct view_earned *earned, const struct hub *hub,
		      const bool *segments);
