/* Placing together, where taking turns was not good enough.
 *
 * In turn each ingress takes the best way that has room, and so the first ones may fill what later ones cannot do
 * without. When a stretch is over its limit after that:
 *
 *   wish     flow says where all would go (corridor_steer_wish.c), as far as their budgets let them
 *   mend     (corridor_steer_mend.c) who runs over what is full still, or now has something cheaper with room, takes that
 *   chain    and where there is none, somebody who can make room does
 *   prune    the longest detours first, everybody goes back whose move saves less than the margin
 *   judge    is it better than it was? else all stays as it was
 *   commit   all that move do so at once, and pay for it; what has no room for them is told to be full
 *
 * Better is: less finds no room, or the fullest stretch is less full, by more than the margin; and neither of
 * both is worse. So placing is never worse than taking turns. Who is placed on something full, as there is nothing
 * better, stays there until there is room elsewhere: among what is full nobody goes for the shorter way. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "corridor/corridor_steer_placing.h"

enum { PASSES = 8, RETRY_MS = 60000 };

/* How good a placing is. */
struct score {
	unsigned __int128 over_bps; /* by which stretches are over their limits, all together */
	double short_bps;           /* that finds no room */
	double fullest;             /* 1: at its limit */
};

static size_t
stretch_count(const struct corridor_steer *steer)
{
	return steer->hub->segment_count + steer->setting.exit_count;
}

static bool
is_over_anywhere(const struct corridor_steer *steer)
{
	for (size_t i = 0; i < stretch_count(steer); i++)
		if (steer_over_by(steer, i))
			return true;
	return false;
}

static double
fullest_of(const struct corridor_steer *steer)
{
	double fullest = 0;
	for (size_t i = 0; i < stretch_count(steer); i++) {
		double laid = (double)steer->laid_bps[i], limit = (double)steer->limit_bps[i];
		if (laid > 0)
			fullest = fmax(fullest, limit > 0 ? laid / limit : INFINITY);
	}
	return fullest;
}

static struct score
score_of(const struct placing *p)
{
	const struct corridor_steer *steer = p->steer;
	struct score score = {p->over_bps, 0, fullest_of(steer)};
	for (size_t i = 0; i < steer->setting.ingress_count; i++)
		score.short_bps += (double)steer_short_on(steer, steer_laid_way(p, i),
							  steer->setting.ingresses[i].bps);
	for (uint32_t s = 0; s < steer->hub->segment_count; s++) {
		double laid = (double)steer->laid_bps[s], over = (double)steer_over_by(steer, s);
		if (laid > 0)
			score.short_bps += (double)steer->background_bps[s] * over / laid;
	}
	return score;
}

/* Rates are whole bit/s, and shares of them are not. */
static bool
is_no_more(double a, double b)
{
	return a <= b * (1 + 1e-9) + 1;
}

static bool
is_better(const struct placing *p, const struct score *now, const struct score *was)
{
	double margin = 1 - steer_part_of_margin(p);
	bool no_fuller = now->fullest <= fmax(was->fullest, 1);
	bool less_over = (double)now->over_bps < (double)was->over_bps * margin ||
			 (now->over_bps == 0 && was->over_bps > 0);
	bool less_full = now->fullest < was->fullest * margin;
	return is_no_more(now->short_bps, was->short_bps) && no_fuller && (less_over || less_full);
}

static bool
is_same_way(const struct corridor_steer *steer, const struct steer_way *a,
	    const struct steer_way *b)
{
	return a->exit != HUB_NONE && b->exit != HUB_NONE &&
	       steer->port_first[a->exit] == steer->port_first[b->exit] &&
	       a->step_count == b->step_count &&
	       (!a->step_count ||
		memcmp(a->steps, b->steps, a->step_count * sizeof(*a->steps)) == 0);
}

unsigned __int128
steer_over_along(const struct corridor_steer *steer, const struct steer_way *way)
{
	unsigned __int128 sum = steer_over_by(steer, steer_door(steer, way->exit));
	for (uint32_t i = 0; i < way->step_count; i++)
		sum += steer_over_by(steer, way->steps[i]);
	return sum;
}

static void
lay_counted(struct placing *p, const struct steer_way *way, uint64_t bps, bool on)
{
	p->over_bps -= steer_over_along(p->steer, way);
	steer_lay(p->steer, way, bps, on);
	p->over_bps += steer_over_along(p->steer, way);
}

void
steer_relay(struct placing *p, size_t ingress, const struct steer_way *to)
{
	uint64_t bps = p->steer->setting.ingresses[ingress].bps;
	struct steer_way way = *to;
	lay_counted(p, steer_laid_way(p, ingress), bps, false);
	lay_counted(p, &way, bps, true);
	if (is_same_way(p->steer, &way, &p->held[ingress]))
		way.exit = HUB_NONE;
	p->wishes[ingress] = way;
}

bool
steer_runs_over_full(const struct placing *p, size_t ingress)
{
	const struct steer_way *way = steer_laid_way(p, ingress);
	if (way->exit == HUB_NONE)
		return false;
	return steer_over_along(p->steer, way) > 0;
}

/* --- wish --- */

/* Who brings something, has an upstream, and can pay for going elsewhere. */
static size_t
find_movers(struct placing *p)
{
	const struct corridor_steer_setting *s = &p->steer->setting;
	size_t count = 0;
	for (size_t i = 0; i < s->ingress_count; i++) {
		p->held[i] = steer_first_way(p->steer, i);
		p->wishes[i].exit = HUB_NONE;
		if (p->held[i].exit == HUB_NONE || !s->ingresses[i].bps)
			continue;
		const struct choice *choice =
			&p->steer->choices[i * s->exit_count + p->held[i].exit];
		p->may_move[i] =
			steer_level(choice->cost) < 2 &&
			corridor_damping_affords(&choice->damping, &s->damping, p->event->now_ms);
		count += p->may_move[i];
	}
	return count;
}

/* 0, or -1 when there is no memory, or no solution. */
static int
wish(struct placing *p)
{
	const struct corridor_steer_setting *s = &p->steer->setting;
	struct steer_way *wishes = arena_take(p->arena, (s->ingress_count + 1) * sizeof(*wishes));
	if (!wishes)
		return -1;
	for (size_t i = 0; i < s->ingress_count; i++)
		if (p->may_move[i])
			steer_lay(p->steer, &p->held[i], s->ingresses[i].bps, false);
	int failed = steer_wish(wishes, p->steer, p->may_move, p->arena);
	for (size_t i = 0; i < s->ingress_count; i++)
		if (p->may_move[i])
			steer_lay(p->steer, &p->held[i], s->ingresses[i].bps, true);
	for (size_t i = 0; i < s->ingress_count && !failed; i++) {
		/* The flow knows nothing of keeps: who would break one stays for mending. */
		if (wishes[i].exit == HUB_NONE || !steer_may_lead(p->steer, &wishes[i]))
			continue;
		const struct choice *choice =
			&p->steer->choices[i * s->exit_count + wishes[i].exit];
		if (corridor_damping_affords(&choice->damping, &s->damping, p->event->now_ms))
			steer_relay(p, i, &wishes[i]);
	}
	return failed;
}

/* --- prune --- */

static uint64_t
calm_cost(const struct placing *p, size_t ingress, const struct steer_way *way)
{
	const struct corridor_steer *steer = p->steer;
	const uint64_t *cost = steer->policy_cost[steer->setting.ingresses[ingress].policy];
	uint64_t sum = 0;
	for (uint32_t i = 0; i < way->step_count; i++)
		if (cost[way->steps[i]] != CORRIDOR_CLOSED)
			sum += cost[way->steps[i]];
	return sum;
}

/* The longest detour first; of equals in turn. */
static int
by_detour(const void *a, const void *b)
{
	const struct mover *x = a, *y = b;
	if (x->detour != y->detour)
		return x->detour > y->detour ? -1 : 1;
	return (x->turn > y->turn) - (x->turn < y->turn);
}

static void
list_movers(struct placing *p)
{
	p->mover_count = 0;
	for (uint32_t t = 0; t < p->steer->setting.ingress_count; t++) {
		uint32_t i = p->steer->turns[t];
		if (p->wishes[i].exit == HUB_NONE)
			continue;
		uint64_t to = calm_cost(p, i, &p->wishes[i]);
		uint64_t from = calm_cost(p, i, &p->held[i]);
		p->movers[p->mover_count++] = (struct mover){to > from ? to - from : 0, t, i};
	}
	qsort(p->movers, p->mover_count, sizeof(*p->movers), by_detour);
}

/* Does one go back, since little is saved by its move? */
static bool
goes_back(struct placing *p, uint32_t ingress)
{
	struct steer_way way = p->wishes[ingress];
	double over = (double)p->over_bps, fullest = over > 0 ? fullest_of(p->steer) : 1;
	double bps = (double)p->steer->setting.ingresses[ingress].bps;
	steer_relay(p, ingress, &p->held[ingress]);
	if ((double)p->over_bps <= over + bps * steer_part_of_margin(p) &&
	    (p->over_bps == 0 || fullest_of(p->steer) <= fmax(fullest, 1)))
		return true;
	steer_relay(p, ingress, &way);
	return false;
}

static void
prune(struct placing *p)
{
	bool changed = true;
	for (int pass = 0; pass < PASSES && changed; pass++) {
		changed = false;
		list_movers(p);
		for (size_t i = 0; i < p->mover_count; i++)
			changed |= goes_back(p, p->movers[i].ingress);
	}
}

/* --- commit --- */

/* False without memory. */
static bool
hold_way(struct placing *p, struct choice *choice, const struct steer_way *way, uint64_t cost)
{
	if (!steer_reserve_steps(choice, way->step_count))
		return false;
	if (way->step_count)
		memcpy(choice->steps, way->steps, way->step_count * sizeof(*choice->steps));
	choice->step_count = way->step_count;
	choice->cost = cost;
	choice->known = true;
	corridor_damping_forced(&choice->damping, &p->steer->setting.damping, p->event->now_ms);
	return true;
}

/* The ingress holds what it wishes, on every exit of that port; others are told to cost more, as what is full
 * does. False without memory. */
static bool
hold(struct placing *p, uint32_t ingress, struct corridor_steer_outcome *outcome)
{
	const struct corridor_steer_setting *s = &p->steer->setting;
	struct steer_way way = p->wishes[ingress];
	bool whole = true;
	steer_lay(p->steer, &way, s->ingresses[ingress].bps, false);
	steer_price_ingress(p->steer, ingress);
	uint64_t cost = steer_cost_of_way(p->steer, &way);
	struct choice *choices = &p->steer->choices[(size_t)ingress * s->exit_count];
	if (p->steer->port_first[p->held[ingress].exit] != p->steer->port_first[way.exit])
		corridor_damping_forced(&choices[p->held[ingress].exit].damping, &s->damping,
					p->event->now_ms);
	for (uint32_t e = 0; e < s->exit_count; e++) {
		struct choice *choice = &choices[e];
		if (!steer_leads_on(p->steer, ingress, e))
			continue;
		if (p->steer->port_first[e] == p->steer->port_first[way.exit]) {
			whole &= hold_way(p, choice, &way, cost);
			continue;
		}
		const struct steer_way other = {e, choice->steps, choice->step_count};
		uint64_t present = choice->cost == CORRIDOR_CLOSED
					   ? CORRIDOR_CLOSED
					   : steer_cost_of_way(p->steer, &other);
		if (steer_level(present) > steer_level(choice->cost))
			choice->cost = present;
		if (choice->known && choice->cost <= cost)
			choice->cost = cost + 1;
	}
	p->steer->stays[ingress] = steer_level(cost) > 0;
	steer_lay(p->steer, &way, s->ingresses[ingress].bps, true);
	outcome->moved++;
	outcome->placed++;
	outcome->turned +=
		p->steer->port_first[p->held[ingress].exit] != p->steer->port_first[way.exit];
	return whole;
}

static bool
commit(struct placing *p, struct corridor_steer_outcome *outcome)
{
	bool whole = true;
	for (uint32_t i = 0; i < p->steer->setting.ingress_count; i++)
		if (p->wishes[i].exit != HUB_NONE)
			whole &= hold(p, i, outcome);
	for (uint32_t i = 0; i < p->steer->setting.ingress_count; i++)
		if (p->wishes[i].exit == HUB_NONE && steer_runs_over_full(p, i))
			p->steer->stays[i] = true;
	return whole;
}

/* --- when --- */

/* What was tried in vain is not tried again before something is otherwise, or a minute is over: budgets
 * come back with time. */
static uint64_t
hash_of(const struct placing *p)
{
	const struct corridor_steer *steer = p->steer;
	size_t count = stretch_count(steer);
	const uint64_t parts[] = {
		hash_bytes(steer->laid_bps, count * sizeof(*steer->laid_bps)),
		hash_bytes(steer->limit_bps, count * sizeof(*steer->limit_bps)),
		hash_bytes(p->event->live, steer->hub->segment_count * sizeof(*p->event->live)),
		(uint64_t)(p->event->now_ms / RETRY_MS),
	};
	uint64_t hash = hash_bytes(parts, sizeof(parts));
	return hash ? hash : 1;
}

static bool
take_tables(struct placing *p)
{
	size_t count = p->steer->setting.ingress_count + 1;
	p->may_move = arena_take(p->arena, count * sizeof(*p->may_move));
	p->held = arena_take(p->arena, count * sizeof(*p->held));
	p->wishes = arena_take(p->arena, count * sizeof(*p->wishes));
	p->before = arena_take(p->arena, count * sizeof(*p->before));
	p->movers = arena_take(p->arena, count * sizeof(*p->movers));
	for (size_t i = 0; i < stretch_count(p->steer); i++)
		p->over_bps += steer_over_by(p->steer, i);
	return p->may_move && p->held && p->wishes && p->before && p->movers;
}

/* Who has room where it is, or went elsewhere, is free again. */
static void
let_go(struct corridor_steer *steer)
{
	for (size_t i = 0; i < steer->setting.ingress_count; i++) {
		uint32_t first = corridor_steer_first(steer, i);
		const struct choice *choices = &steer->choices[i * steer->setting.exit_count];
		if (first == HUB_NONE || steer_level(choices[first].cost) != 1)
			steer->stays[i] = false;
	}
}

int
steer_place(struct corridor_steer *steer, const struct corridor_steer_event *event,
	    struct corridor_steer_outcome *outcome)
{
	struct placing p = {.steer = steer, .event = event};
	int failed = 0;
	let_go(steer);
	if (steer->setting.place == CORRIDOR_STEER_GREEDY || !is_over_anywhere(steer))
		return 0;
	uint64_t hash = hash_of(&p);
	if (hash == steer->tried)
		return 0;
	p.arena = arena_new();
	if (!p.arena || !take_tables(&p)) {
		failed = -1;
		goto done;
	}
	size_t movers = find_movers(&p);
	struct score was = score_of(&p);
	if (movers && wish(&p) == 0 && steer_mend(&p)) {
		prune(&p);
		struct score now = score_of(&p);
		if (is_better(&p, &now, &was)) {
			failed = commit(&p, outcome) ? 0 : -1;
			goto done;
		}
	}
	steer->tried = hash;
	for (uint32_t i = 0; i < steer->setting.ingress_count; i++)
		if (p.wishes[i].exit != HUB_NONE)
			steer_relay(&p, i, &p.held[i]);
done:
	arena_free(p.arena);
	return failed;
}
