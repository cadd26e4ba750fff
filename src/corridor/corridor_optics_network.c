/* A network of optical elements: its ties, and the shortest way through it. */
#include "corridor/corridor_optics_network.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What a step that is no fibre counts as, km: ways with fewer elements go first. */
static const double step_km = 1e-5;

static int
append(struct corridor_network *network, struct corridor_tie **list, uint32_t element)
{
	struct corridor_tie *tie = arena_take(network->arena, sizeof(*tie));
	if (!tie)
		return -1;
	while (*list)
		list = &(*list)->next;
	tie->element = element;
	*list = tie;
	return 0;
}

static void
drop(struct corridor_tie **list, uint32_t element)
{
	while (*list && (*list)->element != element)
		list = &(*list)->next;
	if (*list)
		*list = (*list)->next;
}

int
corridor_network_tie(struct corridor_network *network, uint32_t from, uint32_t to)
{
	if (append(network, &network->elements[from].after, to) < 0)
		return -1;
	return append(network, &network->elements[to].before, from);
}

void
corridor_network_untie(struct corridor_network *network, uint32_t from, uint32_t to)
{
	drop(&network->elements[from].after, to);
	drop(&network->elements[to].before, from);
}

/* Twice the room: what is left behind stays in the arena, as much again at most. */
static int
grow(struct corridor_network *network)
{
	size_t room = network->room ? 2 * network->room : 64;
	struct corridor_element *more = arena_take(network->arena, room * sizeof(*more));
	if (!more)
		return -1;
	if (network->count)
		memcpy(more, network->elements, network->count * sizeof(*more));
	network->elements = more;
	network->room = room;
	return 0;
}

int
corridor_network_add(struct corridor_network *network, uint32_t *out, const char *uid,
		     enum corridor_element_kind kind)
{
	if (network->count == CORRIDOR_ELEMENTS_MAX)
		return -1;
	if (network->count == network->room && grow(network) < 0)
		return -1;
	struct corridor_setting unset = {.gain_db = NAN,
					 .power_db = NAN,
					 .out_voa_db = NAN,
					 .in_voa_db = NAN,
					 .tilt_db = NAN,
					 .designed_gain_db = NAN,
					 .designed_power_db = NAN};
	struct corridor_element *e = &network->elements[network->count];
	*e = (struct corridor_element){.uid = uid,
				       .kind = kind,
				       .latitude = NAN,
				       .longitude = NAN,
				       .fibre = {.connector_in_db = NAN, .connector_out_db = NAN},
				       .settings = {unset, unset, unset, unset},
				       .setting_count = kind == CORRIDOR_AMPLIFIER};
	*out = (uint32_t)network->count++;
	return 0;
}

uint32_t
corridor_network_find(const struct corridor_network *network, const char *uid)
{
	for (size_t i = 0; i < network->count; i++)
		if (!network->elements[i].gone && strcmp(network->elements[i].uid, uid) == 0)
			return (uint32_t)i;
	return CORRIDOR_NONE;
}

uint32_t
corridor_network_after(const struct corridor_network *network, uint32_t element)
{
	const struct corridor_tie *tie = network->elements[element].after;
	return tie ? tie->element : CORRIDOR_NONE;
}

uint32_t
corridor_network_before(const struct corridor_network *network, uint32_t element)
{
	const struct corridor_tie *tie = network->elements[element].before;
	return tie ? tie->element : CORRIDOR_NONE;
}

double
corridor_element_loss_db(const struct corridor_element *e)
{
	const struct corridor_glass_fibre *f = &e->fibre;
	if (e->kind == CORRIDOR_FUSED)
		return e->loss_db;
	if (e->kind != CORRIDOR_FIBRE)
		return 0;
	double loss =
		corridor_fibre_loss_db_per_km(&f->fibre, corridor_fibre_reference_hz(&f->fibre)) *
			f->length_km +
		f->padding_db;
	loss += isnan(f->connector_in_db) ? 0 : f->connector_in_db;
	loss += isnan(f->connector_out_db) ? 0 : f->connector_out_db;
	for (size_t i = 0; i < f->lump_count; i++)
		loss += f->lumps[i].loss_db;
	return loss;
}

/* Dijkstra's search: a heap of elements by distance. */
struct search {
	double *km;
	uint32_t *from, *heap, *place; /* place in the heap, CORRIDOR_NONE: not there */
	size_t size;
};

static void
put(struct search *s, size_t at, uint32_t element)
{
	s->heap[at] = element;
	s->place[element] = (uint32_t)at;
}

static void
rise(struct search *s, size_t at)
{
	uint32_t element = s->heap[at];
	while (at && s->km[s->heap[(at - 1) / 2]] > s->km[element]) {
		put(s, at, s->heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	put(s, at, element);
}

static uint32_t
take_nearest(struct search *s)
{
	uint32_t nearest = s->heap[0], last = s->heap[--s->size];
	size_t at = 0;
	s->place[nearest] = CORRIDOR_NONE;
	while (s->size) {
		size_t child = 2 * at + 1;
		if (child + 1 < s->size && s->km[s->heap[child + 1]] < s->km[s->heap[child]])
			child++;
		if (child >= s->size || s->km[s->heap[child]] >= s->km[last])
			break;
		put(s, at, s->heap[child]);
		at = child;
	}
	if (s->size)
		put(s, at, last);
	return nearest;
}

static void
reach(struct search *s, uint32_t element, uint32_t from, double km)
{
	if (km >= s->km[element])
		return;
	s->km[element] = km;
	s->from[element] = from;
	if (s->place[element] == CORRIDOR_NONE)
		put(s, s->size++, element);
	rise(s, s->place[element]);
}

static void
run(struct search *s, const struct corridor_network *network, uint32_t from, uint32_t to)
{
	for (size_t i = 0; i < network->count; i++) {
		s->km[i] = INFINITY;
		s->from[i] = s->place[i] = CORRIDOR_NONE;
	}
	reach(s, from, CORRIDOR_NONE, 0);
	while (s->size) {
		uint32_t at = take_nearest(s);
		const struct corridor_element *e = &network->elements[at];
		if (at == to)
			return;
		/* Light ends in a transceiver. */
		if (e->kind == CORRIDOR_TRANSCEIVER && at != from)
			continue;
		double step = e->kind == CORRIDOR_FIBRE ? e->fibre.length_km : step_km;
		for (const struct corridor_tie *t = e->after; t; t = t->next)
			reach(s, t->element, at, s->km[at] + step);
	}
}

int
corridor_network_way(const struct corridor_network *network, uint32_t from, uint32_t to,
		     uint32_t **way, size_t *count, struct corridor_complaint *complaint)
{
	assert(from < network->count && to < network->count);
	size_t n = network->count, steps = 0;
	struct search s = {.km = malloc(n * sizeof(*s.km)),
			   .from = malloc(n * sizeof(*s.from)),
			   .heap = malloc(n * sizeof(*s.heap)),
			   .place = malloc(n * sizeof(*s.place))};
	uint32_t *out = NULL;
	if (!s.km || !s.from || !s.heap || !s.place) {
		corridor_complain(complaint, 500, "out of memory");
		goto done;
	}
	run(&s, network, from, to);
	if (isinf(s.km[to])) {
		corridor_complain(complaint, 404, "no way from %.60s to %.60s",
				  network->elements[from].uid, network->elements[to].uid);
		goto done;
	}
	for (uint32_t at = to; at != CORRIDOR_NONE; at = s.from[at])
		steps++;
	out = arena_take(network->arena, steps * sizeof(*out));
	if (!out) {
		corridor_complain(complaint, 500, "out of memory");
		goto done;
	}
	*count = steps;
	for (uint32_t at = to; at != CORRIDOR_NONE; at = s.from[at])
		out[--steps] = at;
	*way = out;
done:
	free(s.km);
	free(s.from);
	free(s.heap);
	free(s.place);
	return out ? 0 : -1;
}
