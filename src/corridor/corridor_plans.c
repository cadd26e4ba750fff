/* The plans of one picture: today's, and the last few days that were asked for. */
#include "corridor/corridor_plans.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT = 8, SECONDS_A_DAY = 86400 };

struct corridor_plans {
	const struct hub *hub;
	struct corridor_plan *today;
	const struct corridor_plan *live; /* NULL: as planned */
	struct corridor_plan *kept[KEPT]; /* the last asked for first; NULL: free */
};

/* A plan is of a day, from its first second: what is asked twice on one has the same answer, prices that fall
 * day by day included. */
static struct corridor_day
day_of(struct utc_s now)
{
	return (struct corridor_day){.at = {now.s - now.s % SECONDS_A_DAY}};
}

struct corridor_plans *
corridor_plans_new(const struct hub *hub, struct utc_s now)
{
	assert(hub);
	struct corridor_plans *plans = calloc(1, sizeof(*plans));
	if (!plans)
		return NULL;
	plans->hub = hub;
	plans->today = corridor_plan_new(hub, day_of(now));
	if (plans->today)
		return plans;
	int error = errno;
	free(plans);
	errno = error;
	return NULL;
}

void
corridor_plans_free(struct corridor_plans *plans)
{
	if (!plans)
		return;
	corridor_plan_free(plans->today);
	for (size_t i = 0; i < KEPT; i++)
		corridor_plan_free(plans->kept[i]);
	free(plans);
}

const struct corridor_plan *
corridor_plans_today(const struct corridor_plans *plans)
{
	return plans->today;
}

int
corridor_plans_turn(struct corridor_plans *plans, struct utc_s now)
{
	if (now.s / SECONDS_A_DAY == plans->today->day.at.s / SECONDS_A_DAY)
		return 0;
	struct corridor_plan *next = corridor_plan_new(plans->hub, day_of(now));
	if (!next)
		return -1;
	corridor_plan_free(plans->today);
	plans->today = next;
	plans->live = NULL;
	return 0;
}

void
corridor_plans_live(struct corridor_plans *plans, const struct corridor_plan *live)
{
	plans->live = live;
}

const struct corridor_plan *
corridor_plans_of(struct corridor_plans *plans, struct corridor_day day)
{
	if (!day.planned)
		return plans->live ? plans->live : plans->today;
	day.today = plans->today->day.at;
	struct corridor_plan *found = NULL;
	size_t at = 0;
	for (; at < KEPT && plans->kept[at] && !found; at++)
		if (plans->kept[at]->day.at.s == day.at.s &&
		    plans->kept[at]->day.today.s == day.today.s)
			found = plans->kept[at];
	if (found) {
		at--;
	} else {
		found = corridor_plan_new(plans->hub, day);
		if (!found)
			return NULL;
		if (at == KEPT)
			corridor_plan_free(plans->kept[--at]);
	}
	memmove(&plans->kept[1], &plans->kept[0], at * sizeof(plans->kept[0]));
	plans->kept[0] = found;
	return found;
}
