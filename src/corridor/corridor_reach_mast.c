/* Places are filed by cells of the space around the globe that are as wide as a mast: what is near
 * enough lies in the same cell or one beside it. */
#include "corridor/corridor_reach_mast.h"

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"

enum { NONE = UINT32_MAX };

const double corridor_reach_mast_km = 0.05;

struct masts {
	struct corridor_reach_net *net;
	double width, near_chord2;
	uint32_t *first; /* place by hash of its cell; NONE */
	uint32_t *next;  /* of places, with the same hash */
	uint32_t mask;
};

static uint32_t
slot_of(const struct masts *m, struct corridor_vector at, const int by[3])
{
	uint64_t x = (uint64_t)((int64_t)floor(at.x / m->width) + by[0]);
	uint64_t y = (uint64_t)((int64_t)floor(at.y / m->width) + by[1]);
	uint64_t z = (uint64_t)((int64_t)floor(at.z / m->width) + by[2]);
	uint64_t h = hash_u64(x ^ hash_u64(y ^ hash_u64(z)));
	return (uint32_t)h & m->mask;
}

/* The first place near enough, or NONE. */
static uint32_t
place_near(const struct masts *m, struct corridor_vector at)
{
	uint32_t best = NONE;
	for (int i = 0; i < 27; i++) {
		const int by[3] = {i % 3 - 1, i / 3 % 3 - 1, i / 9 - 1};
		for (uint32_t p = m->first[slot_of(m, at, by)]; p != NONE; p = m->next[p])
			if (p < best &&
			    corridor_vector_chord2(at, m->net->places[p].at) <= m->near_chord2)
				best = p;
	}
	return best;
}

static uint32_t
new_place(struct masts *m, const struct corridor_reach_tower *t, struct corridor_vector at)
{
	uint32_t place = (uint32_t)m->net->place_count++;
	uint32_t slot = slot_of(m, at, (const int[3]){0, 0, 0});
	m->net->places[place] = (struct corridor_reach_place){.latitude = t->latitude,
							      .longitude = t->longitude,
							      .at = at,
							      .terrain = t->terrain};
	m->next[place] = m->first[slot];
	m->first[slot] = place;
	return place;
}

static void
place_towers(struct masts *m, struct corridor_reach_input *input)
{
	for (size_t i = 0; i < input->tower_count; i++) {
		struct corridor_reach_tower *t = &input->towers[i];
		t->place = HUB_NONE;
		if (t->on_fibre || isnan(t->latitude))
			continue;
		struct corridor_vector at = corridor_vector_of(t->latitude, t->longitude);
		t->place = place_near(m, at);
		if (t->place == NONE)
			t->place = new_place(m, t, at);
		m->net->places[t->place].count++;
	}
}

/* Members of a place stand together, in the order of the file. */
static void
list_members(struct corridor_reach_net *net, const struct corridor_reach_input *input)
{
	uint32_t used = 0;
	for (size_t i = 0; i < net->place_count; i++) {
		net->places[i].first = used;
		used += net->places[i].count;
		net->places[i].count = 0;
	}
	for (uint32_t i = 0; i < input->tower_count; i++) {
		if (input->towers[i].place == HUB_NONE)
			continue;
		struct corridor_reach_place *p = &net->places[input->towers[i].place];
		net->members[p->first + p->count++] = i;
	}
}

int
corridor_reach_masts_find(struct corridor_reach_net *net, struct corridor_reach_input *input)
{
	size_t n = input->tower_count, slots = 64;
	while (slots < 2 * n)
		slots *= 2;
	double chord2 = corridor_km_chord2(corridor_reach_mast_km);
	struct masts m = {.net = net,
			  .width = sqrt(chord2),
			  .near_chord2 = chord2,
			  .first = malloc(slots * sizeof(*m.first)),
			  .next = calloc(n + 1, sizeof(*m.next)),
			  .mask = (uint32_t)(slots - 1)};
	net->places = calloc(n + 1, sizeof(*net->places));
	net->members = calloc(n + 1, sizeof(*net->members));
	int result = -1;
	if (m.first && m.next && net->places && net->members) {
		for (size_t i = 0; i < slots; i++)
			m.first[i] = NONE;
		place_towers(&m, input);
		list_members(net, input);
		result = 0;
	}
	free(m.first);
	free(m.next);
	return result;
}
