/* Hold-down and budget of changes. */
#include "corridor/corridor_damping.h"

#include <math.h>

static double
spent_by(const struct corridor_damping *damping, const struct corridor_damping_rules *rules,
	 int64_t now_ms)
{
	double halves = (double)(now_ms - damping->spent_ms) / rules->half_life_ms;
	return halves > 0 ? damping->spent * exp2(-halves) : damping->spent;
}

/* At most one more than the budget is ever owed (the ceiling of RFC 2439): however many changes were
 * forced, the wait after the last of them is bounded. */
static void
pay(struct corridor_damping *damping, const struct corridor_damping_rules *rules, double spent,
    int64_t now_ms)
{
	damping->waits = false;
	damping->spent = fmin(spent + 1, rules->moves + 1.0);
	damping->spent_ms = now_ms;
}

enum corridor_damped
corridor_damping_better(struct corridor_damping *damping,
			const struct corridor_damping_rules *rules, int64_t now_ms)
{
	if (!damping->waits) {
		damping->waits = true;
		damping->since_ms = now_ms;
	}
	if (now_ms - damping->since_ms < rules->hold_ms)
		return CORRIDOR_DAMPING_WAIT;
	if (!corridor_damping_affords(damping, rules, now_ms))
		return CORRIDOR_DAMPING_REFUSE;
	pay(damping, rules, spent_by(damping, rules, now_ms), now_ms);
	return CORRIDOR_DAMPING_TAKE;
}

bool
corridor_damping_affords(const struct corridor_damping *damping,
			 const struct corridor_damping_rules *rules, int64_t now_ms)
{
	return spent_by(damping, rules, now_ms) + 1 <= rules->moves;
}

void
corridor_damping_none(struct corridor_damping *damping)
{
	damping->waits = false;
}

void
corridor_damping_forced(struct corridor_damping *damping,
			const struct corridor_damping_rules *rules, int64_t now_ms)
{
	pay(damping, rules, spent_by(damping, rules, now_ms), now_ms);
}
