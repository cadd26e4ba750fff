/* What keeps a choice from flapping: a better one must have been there for a while, and changes for the
 * better are paid from a budget that refills with time, as penalties of RFC 2439 decay. What a cut forces is
 * never refused, but paid for as well. Times are milliseconds of any clock that does not go back. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct corridor_damping_rules {
	uint32_t hold_ms;      /* so long something better must have been there */
	uint32_t half_life_ms; /* by then half of what was spent is there again; above 0 */
	uint32_t moves;        /* the budget: so many changes at once */
};

struct corridor_damping {
	bool waits;       /* something better is there */
	int64_t since_ms; /* from then on without a break */
	double spent;     /* changes, at `spent_ms` */
	int64_t spent_ms;
};

enum corridor_damped {
	CORRIDOR_DAMPING_TAKE,
	CORRIDOR_DAMPING_WAIT,  /* not for long enough yet */
	CORRIDOR_DAMPING_REFUSE /* there were too many changes of late */
};

/* Something better is there at `now`; it is paid for when it may be taken. */
enum corridor_damped corridor_damping_better(struct corridor_damping *damping,
					     const struct corridor_damping_rules *rules,
					     int64_t now_ms);
/* Could it be paid for at `now`? */
bool corridor_damping_affords(const struct corridor_damping *damping,
			      const struct corridor_damping_rules *rules, int64_t now_ms);
/* Nothing better is there. */
void corridor_damping_none(struct corridor_damping *damping);
/* A change that could not wait. */
void corridor_damping_forced(struct corridor_damping *damping,
			     const struct corridor_damping_rules *rules, int64_t now_ms);
