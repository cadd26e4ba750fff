/* What it is worth that traffic goes over certain segments: how much may be asked for it before the
 * cheapest way that does without them is cheaper. */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "corridor/corridor_flow.h"
#include "corridor/corridor_itinerary.h"
#include "corridor/corridor_plan.h"

/* Whose segments are weighed: those of a country, risk, operator, cable, party or site, or one. */
struct corridor_us {
	const bool *segments; /* of all the hub's: ours */
	const bool *home;     /* of its sites: traffic that begins or ends there does not pass */
};

/* Those that a name has; arrays live in `arena`. 0, or -1 without memory. */
int corridor_us_of(struct corridor_us *out, struct arena *arena, const struct corridor_plan *plan,
		   struct corridor_named named);
/* Those of a party and of its cables. */
int corridor_us_of_party(struct corridor_us *out, struct arena *arena,
			 const struct corridor_plan *plan, uint32_t party);

enum corridor_toll_state {
	CORRIDOR_TOLL_PASSES, /* over us, since that is cheaper */
	CORRIDOR_TOLL_ONLY,   /* over us, since there is no other way */
	CORRIDOR_TOLL_ELSEWHERE,
	CORRIDOR_TOLL_HOME, /* begins or ends with us */
	CORRIDOR_TOLL_NO_WAY,
	CORRIDOR_TOLL_UNKNOWN, /* its traffic is not known */
	CORRIDOR_TOLL_STATES,
};

/* Of one demand; prices are US dollars per Mbit/s and month. */
struct corridor_toll {
	enum corridor_toll_state state;
	struct corridor_fact gbps;
	double price; /* of the cheapest way; NAN when there is none */
	double other; /* of the cheapest without us; NAN when there is none */
	/* What may be asked at most on top of `price`: what the other way costs more, and no more than
	 * the demand pays. NAN when there is no other way and nobody told what it pays. */
	struct corridor_range ceiling;
	struct corridor_range usd_a_year; /* that for all of its traffic */
	bool estimated;                   /* its traffic, or a price on its way, is an estimate */
	/* Bound by contract (`over`): its segments on the way with us and on the other, as told;
	 * NULL: there is none. Arrays live in the arena. */
	bool bound;
	const uint32_t *way, *other_way;
	size_t way_count, other_count;
};

struct corridor_worth {
	struct corridor_toll *tolls; /* of each of the hub's demands */
	double gbps[CORRIDOR_TOLL_STATES];
	size_t demands[CORRIDOR_TOLL_STATES];
	/* Sum over demands; those without another way count only if it is known what they pay. */
	struct corridor_range usd_a_year;
	double estimated;     /* of it, US dollars that rest on estimates */
	double unpriced_gbps; /* of those that pass for want of another way, without a price */
};

struct corridor_worth_ask {
	const struct corridor_plan *plan;
	const struct corridor_conditions *conditions; /* without `require`; NULL: none */
	const struct corridor_fact *gbps;             /* of each demand; NAN: not known */
	/* Of each demand: what it is bound to (`over`, `fixed`); NULL: nobody is bound. */
	const struct corridor_flow_demand *laid;
};

/* Every demand goes the cheapest way, of those that it is bound to if there are such, whatever room
 * there is on it; without us the cheapest other that it is bound to, else, unless it is `fixed`, any.
 * Who is bound to us passes though another way were cheaper. Bounds are those of five cases:
 * prices as told, all low, all high, ours high and others low, ours low and others high; and of the
 * traffic. Arrays live in `arena`. 0, or -1 without memory. */
int corridor_worth_of(struct corridor_worth *out, struct arena *arena,
		      const struct corridor_worth_ask *ask, const struct corridor_us *us);
