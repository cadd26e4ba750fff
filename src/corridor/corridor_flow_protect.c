/* Protection: demands laid on two ways that fail together as little as can be. With 1+1 both carry
 * it all the time. With shared protection room is kept on the second: of each arc the most that any
 * one failure, of a segment or of a group, takes from working ways whose second way is over it.
 * Under a cut whoever has a way left keeps what was laid for him; the rest is laid as if it had
 * never been protected, behind them. */
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_apart.h"
#include "corridor/corridor_flow_parts.h"
#include "corridor/corridor_search.h"

/* Both ways into *out; none if there are no two that share no segment. */
static int
find_apart(struct corridor_paths *out, uint32_t *shared, const struct corridor_flow_work *work,
	   struct corridor_ends ends)
{
	const struct corridor_flow_instance *in = &work->instance;
	struct corridor_pair pair;
	*shared = 0;
	if (!in->groups)
		return corridor_disjoint_pair(out, in->graph, work->cost, ends,
					      CORRIDOR_SEGMENT_DISJOINT);
	if (corridor_apart_whole(&pair, in->graph, work->cost, ends, in->groups) < 0)
		return -1;
	*shared = (uint32_t)pair.shared_count;
	*out = pair.paths;
	pair.paths = (struct corridor_paths){0};
	corridor_pair_fini(&pair);
	return 0;
}

static int
find_pair(struct corridor_flow_work *work, uint32_t demand)
{
	const struct corridor_flow_demand *d = &work->instance.demands[demand];
	struct corridor_paths paths;
	if (d->from == d->to)
		return 0;
	flow_costs(work, d->class);
	/* Which way round a pair has a segment is not known before it is found. */
	for (uint32_t a = 0; a < flow_arc_count(&work->instance); a++)
		if (!work->instance.capacity_bps[a])
			flow_close(work, a / 2);
	if (find_apart(&paths, &work->shared[demand], work,
		       (struct corridor_ends){d->from, d->to}) < 0)
		return -1;
	int failed = 0;
	if (paths.count == 2) {
		work->pair[demand] = (uint32_t)work->pairs.count;
		for (size_t i = 0; i < 2 && !failed; i++)
			failed = flow_take_path(&work->pairs, work->instance.graph, demand,
						&paths.paths[i]);
	}
	corridor_paths_fini(&paths);
	return failed;
}

/* A protected demand before this one with the same ends and class; or this one. */
static uint32_t
first_like(const struct corridor_flow_instance *in, uint32_t demand)
{
	const struct corridor_flow_demand *d = &in->demands[demand];
	uint32_t i = 0;
	while (i < demand &&
	       (in->demands[i].protect == HUB_PROTECT_NONE || in->demands[i].class != d->class ||
		in->demands[i].from != d->from || in->demands[i].to != d->to))
		i++;
	return i;
}

int
flow_pairs_find(struct corridor_flow_work *work)
{
	const struct corridor_flow_instance *in = &work->instance;
	for (uint32_t d = 0; d < in->demand_count; d++) {
		work->pair[d] = HUB_NONE;
		if (in->demands[d].protect == HUB_PROTECT_NONE)
			continue;
		uint32_t like = first_like(in, d);
		if (like == d) {
			if (find_pair(work, d) < 0)
				return -1;
			continue;
		}
		work->pair[d] = work->pair[like];
		work->shared[d] = work->shared[like];
	}
	return 0;
}

static const uint32_t *
arcs_of(const struct corridor_flow_work *work, const struct corridor_flow_way *way)
{
	return &work->pairs.arcs[way->first];
}

/* Lays so much on a way of a pair and takes its room, but for a spare one. */
static int
lay(struct flow_filling *f, uint32_t demand, const struct corridor_flow_way *way, uint64_t bps,
    enum corridor_way_role role)
{
	const uint32_t *arcs = arcs_of(f->work, way);
	if (flow_ways_copy(&f->used, demand, arcs, way->count) < 0)
		return -1;
	f->used.all[f->used.count - 1].bps = bps;
	f->used.all[f->used.count - 1].role = role;
	for (uint32_t i = 0; i < way->count && role != CORRIDOR_WAY_SPARE; i++) {
		f->room_bps[arcs[i]] -= bps;
		f->full[arcs[i]] |= !f->room_bps[arcs[i]];
	}
	return 0;
}

static uint64_t
cost_of(const struct flow_filling *f, uint32_t demand, const struct corridor_flow_way *way)
{
	const uint64_t *cost = f->in->cost[f->in->demands[demand].class];
	uint64_t sum = 0;
	for (uint32_t i = 0; i < way->count; i++)
		sum += cost[arcs_of(f->work, way)[i] / 2];
	return sum;
}

static uint64_t
room_along(const struct flow_filling *f, const struct corridor_flow_way *way, uint64_t bps)
{
	for (uint32_t i = 0; i < way->count; i++) {
		uint64_t room = f->room_bps[arcs_of(f->work, way)[i]];
		bps = room < bps ? room : bps;
	}
	return bps;
}

/* --- shared protection --- */

/* What each failure that takes a working way takes of others that have their second ways over the
 * same arcs. Failures are segments, and groups behind them; 0 is no place. */
struct sharing {
	const struct flow_filling *f;
	uint32_t *failure_place; /* of each failure that takes the working way: from 1 on */
	uint32_t *arc_place;     /* of each arc of the second way: from 1 on */
	uint32_t *seen_by;       /* failures: the demand that was last counted for it, plus 1 */
	uint64_t *sums;          /* of failure and arc */
	size_t failures, arcs;
};

/* Calls for every failure that takes a way; a group as often as it stands there. */
static void
each_failure(struct sharing *s, const struct corridor_flow_way *way, uint32_t demand,
	     void (*call)(struct sharing *s, uint32_t failure, uint32_t demand))
{
	const struct corridor_groups *groups = s->f->in->groups;
	uint32_t segments = (uint32_t)s->f->in->graph->segment_count;
	for (uint32_t i = 0; i < way->count; i++) {
		uint32_t segment = arcs_of(s->f->work, way)[i] / 2;
		call(s, segment, demand);
		for (uint32_t k = groups ? groups->first[segment] : 0;
		     groups && k < groups->first[segment + 1]; k++)
			call(s, segments + groups->groups[k], demand);
	}
}

static void
number(struct sharing *s, uint32_t failure, uint32_t demand)
{
	(void)demand;
	if (!s->failure_place[failure])
		s->failure_place[failure] = (uint32_t)++s->failures;
}

/* Adds up one that is laid already. */
static void
count_in(struct sharing *s, uint32_t failure, uint32_t demand)
{
	const struct corridor_flow_work *work = s->f->work;
	const struct corridor_flow_way *second = &work->pairs.all[work->pair[demand] + 1];
	if (!s->failure_place[failure] || s->seen_by[failure] == demand + 1)
		return;
	s->seen_by[failure] = demand + 1;
	for (uint32_t i = 0; i < second->count; i++) {
		uint32_t place = s->arc_place[arcs_of(work, second)[i]];
		if (place)
			s->sums[(s->failure_place[failure] - 1) * s->arcs + place - 1] +=
				work->kept_bps[demand];
	}
}

/* For each arc of the second way, the most that one failure of the working way puts there already. */
static int
most_at_once(uint64_t *most, const struct flow_filling *f, const struct corridor_flow_way *pair)
{
	const struct corridor_flow_work *work = f->work;
	size_t all = f->in->graph->segment_count + (f->in->groups ? f->in->groups->group_count : 0);
	struct sharing s = {.f = f, .arcs = pair[1].count};
	s.failure_place = calloc(all + 1, sizeof(*s.failure_place));
	s.arc_place = calloc(flow_arc_count(f->in) + 1, sizeof(*s.arc_place));
	s.seen_by = calloc(all + 1, sizeof(*s.seen_by));
	if (s.failure_place && s.arc_place && s.seen_by) {
		each_failure(&s, &pair[0], 0, number);
		s.sums = calloc(s.failures * s.arcs + 1, sizeof(*s.sums));
	}
	for (uint32_t i = 0; s.sums && i < pair[1].count; i++)
		s.arc_place[arcs_of(work, &pair[1])[i]] = i + 1;
	for (uint32_t d = 0; s.sums && d < f->in->demand_count; d++)
		if (f->in->demands[d].protect == HUB_PROTECT_SHARED && work->kept_bps[d])
			each_failure(&s, &work->pairs.all[work->pair[d]], d, count_in);
	memset(most, 0, s.arcs * sizeof(*most));
	for (size_t i = 0; s.sums && i < s.failures * s.arcs; i++)
		if (s.sums[i] > most[i % s.arcs])
			most[i % s.arcs] = s.sums[i];
	int result = s.sums ? 0 : -1;
	free(s.failure_place);
	free(s.arc_place);
	free(s.seen_by);
	free(s.sums);
	return result;
}

/* How much of `bps` finds room on the second way, beside what others have there by then; and takes
 * it. */
static int
reserve(uint64_t *bps, struct flow_filling *f, const struct corridor_flow_way *pair)
{
	const uint32_t *arcs = arcs_of(f->work, &pair[1]);
	uint64_t *reserved = f->work->flow.reserved_bps;
	uint64_t *most = calloc(pair[1].count + 1, sizeof(*most));
	if (!most || most_at_once(most, f, pair) < 0) {
		free(most);
		return -1;
	}
	for (uint32_t i = 0; i < pair[1].count; i++) {
		uint64_t room = f->room_bps[arcs[i]] + reserved[arcs[i]] - most[i];
		*bps = room < *bps ? room : *bps;
	}
	for (uint32_t i = 0; i < pair[1].count; i++) {
		uint64_t more = most[i] + *bps;
		more = more > reserved[arcs[i]] ? more - reserved[arcs[i]] : 0;
		reserved[arcs[i]] += more;
		f->room_bps[arcs[i]] -= more;
		f->full[arcs[i]] |= !f->room_bps[arcs[i]];
	}
	free(most);
	return 0;
}

int
flow_protect(struct flow_filling *f, uint32_t demand)
{
	struct corridor_flow_work *work = f->work;
	const struct corridor_flow_way *pair = &work->pairs.all[work->pair[demand]];
	bool shared = f->in->demands[demand].protect == HUB_PROTECT_SHARED;
	uint64_t bps = room_along(f, &pair[0], f->left_bps[demand]);
	flow_look_at(f, arcs_of(work, &pair[0]), pair[0].count);
	flow_look_at(f, arcs_of(work, &pair[1]), pair[1].count);
	if (flow_note_best(work, demand, cost_of(f, demand, &pair[0]), arcs_of(work, &pair[0]),
			   pair[0].count) < 0)
		return -1;
	f->left_bps[demand] = 0;
	if (!shared)
		bps = room_along(f, &pair[1], bps);
	else if (reserve(&bps, f, pair) < 0)
		return -1;
	work->kept_bps[demand] = bps;
	if (lay(f, demand, &pair[0], bps, CORRIDOR_WAY_WORKING) < 0)
		return -1;
	return lay(f, demand, &pair[1], bps, shared ? CORRIDOR_WAY_SPARE : CORRIDOR_WAY_SECOND);
}

/* --- under a cut --- */

static bool
is_whole(const struct flow_filling *f, const struct corridor_flow_way *way)
{
	for (uint32_t i = 0; i < way->count; i++)
		if (f->cut[arcs_of(f->work, way)[i] / 2])
			return false;
	return true;
}

/* What needs no room that is kept for all: working ways that are whole, and 1+1. */
static int
keep(struct flow_filling *f, uint32_t demand)
{
	struct corridor_flow_work *work = f->work;
	const struct corridor_flow_way *pair = &work->pairs.all[work->pair[demand]];
	bool shared = f->in->demands[demand].protect == HUB_PROTECT_SHARED;
	bool first = is_whole(f, &pair[0]), second = is_whole(f, &pair[1]);
	uint64_t bps = work->kept_bps[demand];
	flow_look_at(f, arcs_of(work, &pair[0]), pair[0].count);
	flow_look_at(f, arcs_of(work, &pair[1]), pair[1].count);
	f->left_bps[demand] = first || (second && !shared) ? 0 : bps;
	const struct corridor_flow_way *best = &pair[first ? 0 : 1];
	if ((first || second) && flow_note_best(work, demand, cost_of(f, demand, best),
						arcs_of(work, best), best->count) < 0)
		return -1;
	if (first && lay(f, demand, &pair[0], bps, CORRIDOR_WAY_WORKING) < 0)
		return -1;
	if (!second || shared)
		return 0;
	return lay(f, demand, &pair[1], bps, first ? CORRIDOR_WAY_SECOND : CORRIDOR_WAY_WORKING);
}

/* One whose working way is cut, on its spare way: out of what is reserved. What is free besides is not
 * only his: who is not protected may come before him there. */
static int
move(struct flow_filling *f, uint32_t demand)
{
	const struct corridor_flow_work *work = f->work;
	const struct corridor_flow_way *second = &work->pairs.all[work->pair[demand] + 1];
	const uint32_t *arcs = arcs_of(work, second);
	uint64_t *reserved = work->flow.reserved_bps, bps = f->left_bps[demand];
	for (uint32_t i = 0; i < second->count; i++)
		bps = reserved[arcs[i]] < bps ? reserved[arcs[i]] : bps;
	for (uint32_t i = 0; i < second->count; i++) {
		reserved[arcs[i]] -= bps;
		f->room_bps[arcs[i]] += bps;
	}
	f->left_bps[demand] -= bps;
	return lay(f, demand, second, bps, CORRIDOR_WAY_WORKING);
}

int
flow_restore(struct flow_filling *f, const uint32_t *order)
{
	const struct corridor_flow_work *work = f->work;
	for (size_t a = 0; a < flow_arc_count(f->in); a++) {
		uint64_t kept = f->cut[a / 2] ? 0 : work->kept_reserved_bps[a];
		work->flow.reserved_bps[a] = kept;
		f->room_bps[a] -= kept;
		f->full[a] |= !f->room_bps[a];
	}
	for (uint32_t d = 0; d < f->in->demand_count; d++)
		if (work->pair[d] != HUB_NONE && keep(f, d) < 0)
			return -1;
	for (size_t i = 0; i < f->in->demand_count; i++) {
		uint32_t d = order[i];
		if (work->pair[d] != HUB_NONE && f->left_bps[d] &&
		    is_whole(f, &work->pairs.all[work->pair[d] + 1]) && move(f, d) < 0)
			return -1;
	}
	return 0;
}
