/* States of the corridor and what is lost in them, each laid once. */
#include "corridor/corridor_simulate_states.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "corridor/corridor_corners.h"

enum {
	BUCKETS = 1 << 14,
	KEPT_OCTETS = 256 << 20, /* beyond that all states are forgotten, and begun anew */
};

/* What came of laying demands with certain failures. */
struct known {
	struct known *next; /* of the same bucket */
	uint32_t *down;     /* that were taken into account, ascending */
	size_t count;
	uint8_t *looked; /* a bit of each segment */
	struct corridor_state_loss loss;
};

struct corridor_states {
	const struct corridor_flow_instance *instance;
	struct corridor_flow_work *work;
	struct arena *arena; /* of what is known */
	struct known **buckets;
	bool *cut;
	uint32_t *taken;
	uint64_t *served;
	size_t solved;
};

static uint32_t
bucket_of(const uint32_t *down, size_t count)
{
	uint64_t hash = 1469598103934665603u;
	for (size_t i = 0; i < count; i++)
		hash = (hash ^ down[i]) * 1099511628211u;
	return (uint32_t)(hash ^ hash >> 29) % BUCKETS;
}

static struct known *
find(const struct corridor_states *s, const uint32_t *down, size_t count)
{
	struct known *k = s->buckets[bucket_of(down, count)];
	while (k && (k->count != count || memcmp(k->down, down, count * sizeof(*down)) != 0))
		k = k->next;
	return k;
}

static int
begin_anew(struct corridor_states *s)
{
	arena_free(s->arena);
	s->arena = arena_new();
	s->buckets = s->arena ? arena_take(s->arena, BUCKETS * sizeof(*s->buckets)) : NULL;
	errno = ENOMEM;
	return s->buckets ? 0 : -1;
}

static int
take_loss(struct known *k, struct corridor_states *s, const struct corridor_flow *flow)
{
	size_t demands = s->instance->demand_count, count = 0;
	for (size_t i = 0; i < demands; i++)
		count += corridor_less_bps(s->served[i], flow->served_bps[i]) > 0;
	struct corridor_short *all = arena_take(s->arena, (count + 1) * sizeof(*all));
	if (!all)
		return -1;
	count = 0;
	for (uint32_t i = 0; i < demands; i++) {
		uint64_t lost = corridor_less_bps(s->served[i], flow->served_bps[i]);
		if (!lost)
			continue;
		all[count] = (struct corridor_short){i, lost};
		k->loss.lost_gbps += (double)all[count++].lost_bps / 1e9;
	}
	k->loss.all = all;
	k->loss.count = count;
	return 0;
}

/* Lays the demands with these failures. NULL and errno. */
static struct known *
solve(struct corridor_states *s, const uint32_t *down, size_t count)
{
	size_t segments = s->instance->graph->segment_count;
	if (arena_size(s->arena) > KEPT_OCTETS && begin_anew(s) < 0)
		return NULL;
	memset(s->cut, 0, segments);
	for (size_t i = 0; i < count; i++)
		s->cut[down[i]] = true;
	const struct corridor_flow *flow =
		corridor_flow_solve(s->work, CORRIDOR_FLOW_PRIORITY, s->cut);
	struct known *k = flow ? arena_take(s->arena, sizeof(*k)) : NULL;
	if (!k)
		return NULL;
	s->solved++;
	k->down = arena_take(s->arena, (count + 1) * sizeof(*k->down));
	k->looked = arena_take(s->arena, segments / 8 + 1);
	errno = ENOMEM;
	if (!k->down || !k->looked)
		return NULL;
	memcpy(k->down, down, count * sizeof(*down));
	k->count = count;
	for (size_t i = 0; i < segments; i++)
		k->looked[i / 8] |= (uint8_t)(flow->looked[i] << i % 8);
	if (!s->served) {
		s->served = calloc(s->instance->demand_count + 1, sizeof(*s->served));
		if (!s->served)
			return NULL;
		memcpy(s->served, flow->served_bps, s->instance->demand_count * sizeof(*s->served));
	}
	if (take_loss(k, s, flow) < 0)
		return NULL;
	struct known **bucket = &s->buckets[bucket_of(down, count)];
	k->next = *bucket;
	*bucket = k;
	return k;
}

struct corridor_states *
corridor_states_new(const struct corridor_flow_instance *instance)
{
	assert(instance);
	struct corridor_states *s = calloc(1, sizeof(*s));
	size_t segments = instance->graph->segment_count;
	errno = ENOMEM;
	if (!s)
		return NULL;
	s->instance = instance;
	s->cut = calloc(segments + 1, sizeof(*s->cut));
	s->taken = calloc(segments + 1, sizeof(*s->taken));
	if (s->cut && s->taken && begin_anew(s) == 0)
		s->work = corridor_flow_new(instance, UINT32_MAX);
	if (s->work && solve(s, s->taken, 0))
		return s;
	int error = errno;
	corridor_states_free(s);
	errno = error;
	return NULL;
}

void
corridor_states_free(struct corridor_states *states)
{
	if (!states)
		return;
	corridor_flow_free(states->work);
	arena_free(states->arena);
	free(states->cut);
	free(states->taken);
	free(states->served);
	free(states);
}

const uint64_t *
corridor_states_served(const struct corridor_states *states)
{
	return states->served;
}

size_t
corridor_states_solved(const struct corridor_states *states)
{
	return states->solved;
}

/* Begins with no failure, and takes in those at which the run would have looked, until it looks at
 * no other that is down. */
const struct corridor_state_loss *
corridor_states_loss(struct corridor_states *states, const uint32_t *down, size_t count)
{
	assert(states && (down || count == 0));
	size_t taken = 0;
	for (;;) {
		struct known *k = find(states, states->taken, taken);
		size_t more = 0;
		if (!k && !(k = solve(states, states->taken, taken)))
			return NULL;
		/* Those taken stay: nothing says that a run with more would not have looked. */
		for (size_t i = 0, t = 0; i < count; i++) {
			bool has = t < k->count && k->down[t] == down[i];
			t += has;
			if (has || k->looked[down[i] / 8] >> down[i] % 8 & 1)
				states->taken[more++] = down[i];
		}
		if (more == k->count)
			return &k->loss;
		taken = more;
	}
}
