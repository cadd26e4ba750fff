/* Traffic between places, interval by interval. */
#include "corridor/corridor_matrix.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "corridor/corridor_avoided.h"

enum { ROOM_LEAST = 64, NOBODY = HUB_NONE };

/* What makes a row another one. */
struct key {
	uint32_t member, avoider, from, to;
};

struct row {
	struct key key;
	struct corridor_series series;
	uint64_t samples;
	double octets; /* of the interval that is added */
};

struct corridor_matrix {
	const struct hub *hub;
	size_t intervals, intervals_most;
	struct row *rows;
	size_t count, room;
	uint32_t *places; /* of rows, by a hash: place + 1; 0: free */
	size_t place_count;
	uint32_t *avoiders;               /* of each port: who avoids something behind it */
	struct corridor_series *in, *out; /* of each member */
	uint64_t *in_octets, *out_octets;
	bool *heard;
	uint64_t within_bps, unplaced_bps, left_out_bps; /* sums */
	bool simulated;
};

/* --- rows --- */

static size_t
hash_of(const struct key *key)
{
	return (size_t)hash_bytes(key, sizeof(*key));
}

static bool
same_key(const struct key *a, const struct key *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* Where a row stands in `places`, or would. */
static uint32_t *
place_of(const struct corridor_matrix *m, const struct key *key)
{
	size_t i = hash_of(key) % m->place_count;
	while (m->places[i] && !same_key(&m->rows[m->places[i] - 1].key, key))
		i = (i + 1) % m->place_count;
	return &m->places[i];
}

static int
make_room(struct corridor_matrix *m)
{
	if (m->count < m->room)
		return 0;
	size_t room = m->room ? 2 * m->room : ROOM_LEAST;
	struct row *rows = reallocarray(m->rows, room, sizeof(*rows));
	if (!rows)
		return -1;
	m->rows = rows;
	uint32_t *places = calloc(2 * room, sizeof(*places));
	if (!places)
		return -1;
	free(m->places);
	m->places = places;
	m->place_count = 2 * room;
	m->room = room;
	for (uint32_t i = 0; i < m->count; i++)
		*place_of(m, &rows[i].key) = i + 1;
	return 0;
}

/* The row, a new one if need be. 0, or -1 without memory; *out is NULL when there are too many. */
static int
row_of(struct row **out, struct corridor_matrix *m, struct key key)
{
	*out = NULL;
	if (make_room(m) < 0)
		return -1;
	uint32_t *place = place_of(m, &key);
	if (!*place) {
		if (m->count == CORRIDOR_MATRIX_ROWS_MAX)
			return 0;
		m->rows[m->count++] = (struct row){.key = key};
		*place = (uint32_t)m->count;
	}
	*out = &m->rows[*place - 1];
	return 0;
}

/* --- the whole --- */

struct corridor_matrix *
corridor_matrix_new(const struct hub *hub, size_t intervals)
{
	assert(hub);
	struct corridor_matrix *m = calloc(1, sizeof(*m));
	if (!m)
		return NULL;
	size_t members = hub->member_count + 1;
	m->hub = hub;
	m->intervals_most = intervals;
	m->in = calloc(members, sizeof(*m->in));
	m->out = calloc(members, sizeof(*m->out));
	m->in_octets = calloc(members, sizeof(*m->in_octets));
	m->out_octets = calloc(members, sizeof(*m->out_octets));
	m->heard = calloc(members, sizeof(*m->heard));
	m->avoiders = calloc(hub->port_count + 1, sizeof(*m->avoiders));
	if (!m->in || !m->out || !m->in_octets || !m->out_octets || !m->heard || !m->avoiders) {
		corridor_matrix_free(m);
		return NULL;
	}
	for (uint32_t i = 0; i < hub->port_count; i++)
		m->avoiders[i] = corridor_avoider_behind(hub, i);
	return m;
}

void
corridor_matrix_free(struct corridor_matrix *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->count; i++)
		corridor_series_fini(&m->rows[i].series);
	for (size_t i = 0; i < m->hub->member_count && m->in && m->out; i++) {
		corridor_series_fini(&m->in[i]);
		corridor_series_fini(&m->out[i]);
	}
	free(m->rows);
	free(m->places);
	free(m->in);
	free(m->out);
	free(m->in_octets);
	free(m->out_octets);
	free(m->heard);
	free(m->avoiders);
	free(m);
}

/* Octets by samples, times what the counters of the port where they entered say there really was. */
static double
true_octets(const struct traffic_pair *pair, const struct traffic_port *entered)
{
	double octets = (double)pair->octets;
	bool counted = entered->state == TRAFFIC_COUNTER && entered->counter_in && entered->flow_in;
	return counted ? octets * (double)entered->counter_in / (double)entered->flow_in : octets;
}

/* The hub's port of each of the batch's; HUB_NONE: it has it no more. */
static uint32_t *
ports_of(const struct corridor_matrix *m, const struct traffic_batch *batch)
{
	uint32_t *ports = calloc(batch->port_count + 1, sizeof(*ports));
	for (size_t i = 0; ports && i < batch->port_count; i++)
		ports[i] = hub_port_by_id(m->hub, batch->ports[i].port);
	return ports;
}

static int
add_pair(struct corridor_matrix *m, const struct traffic_batch *batch,
	 const struct traffic_pair *pair, const uint32_t *ports)
{
	uint32_t from = ports[pair->from], to = ports[pair->to];
	uint32_t a = from == HUB_NONE ? HUB_NONE : m->hub->ports[from].site;
	uint32_t b = to == HUB_NONE ? HUB_NONE : m->hub->ports[to].site;
	double octets = true_octets(pair, &batch->ports[pair->from]);
	struct row *row;
	if (a == HUB_NONE || b == HUB_NONE) {
		m->unplaced_bps += corridor_rate_of(octets, batch);
		return 0;
	}
	if (a == b) {
		m->within_bps += corridor_rate_of(octets, batch);
		return 0;
	}
	struct key key = {m->hub->ports[from].member, m->avoiders[to], a, b};
	if (row_of(&row, m, key) < 0)
		return -1;
	if (!row) {
		m->left_out_bps += corridor_rate_of(octets, batch);
		return 0;
	}
	row->octets += octets;
	row->samples += pair->samples;
	return 0;
}

static int
add_pairs(struct corridor_matrix *m, const struct traffic_batch *batch, const uint32_t *ports)
{
	for (size_t i = 0; i < batch->pair_count; i++)
		if (add_pair(m, batch, &batch->pairs[i], ports) < 0)
			return -1;
	for (size_t i = 0; i < m->count; i++) {
		struct row *row = &m->rows[i];
		if (row->octets > 0 &&
		    corridor_series_add(&row->series, m->intervals_most,
					corridor_rate_of(row->octets, batch)) < 0)
			return -1;
		row->octets = 0;
	}
	return 0;
}

static int
add_ports(struct corridor_matrix *m, const struct traffic_batch *batch, const uint32_t *ports)
{
	size_t members = m->hub->member_count;
	memset(m->in_octets, 0, members * sizeof(*m->in_octets));
	memset(m->out_octets, 0, members * sizeof(*m->out_octets));
	for (size_t i = 0; i < batch->port_count; i++) {
		const struct traffic_port *port = &batch->ports[i];
		uint32_t member = ports[i] == HUB_NONE ? NOBODY : m->hub->ports[ports[i]].member;
		if (member == NOBODY || port->state == TRAFFIC_MISSING)
			continue;
		bool counted = port->state == TRAFFIC_COUNTER;
		m->heard[member] = true;
		m->in_octets[member] += counted ? port->counter_in : port->flow_in;
		m->out_octets[member] += counted ? port->counter_out : port->flow_out;
	}
	for (size_t i = 0; i < members; i++) {
		if (!m->heard[i])
			continue;
		if (corridor_series_add(&m->in[i], m->intervals_most,
					corridor_rate_of((double)m->in_octets[i], batch)) < 0 ||
		    corridor_series_add(&m->out[i], m->intervals_most,
					corridor_rate_of((double)m->out_octets[i], batch)) < 0)
			return -1;
	}
	return 0;
}

int
corridor_matrix_add(struct corridor_matrix *m, const struct traffic_batch *batch)
{
	assert(m && batch);
	if (batch->covered_s == 0 || batch->covered_s < batch->length_s / 2 ||
	    m->intervals == m->intervals_most)
		return 0;
	uint32_t *ports = ports_of(m, batch);
	int failed = !ports || add_pairs(m, batch, ports) < 0 || add_ports(m, batch, ports) < 0;
	free(ports);
	m->intervals++;
	m->simulated |= batch->simulated;
	return failed ? -1 : 0;
}

static int
by_size(const void *a, const void *b)
{
	const struct corridor_matrix_row *x = a, *y = b;
	if (x->rates.p95_bps != y->rates.p95_bps)
		return x->rates.p95_bps > y->rates.p95_bps ? -1 : 1;
	if (x->rates.mean_bps != y->rates.mean_bps)
		return x->rates.mean_bps > y->rates.mean_bps ? -1 : 1;
	if (x->member != y->member)
		return x->member < y->member ? -1 : 1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	return (x->avoider > y->avoider) - (x->avoider < y->avoider);
}

static uint64_t
larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

int
corridor_matrix_sum(struct corridor_matrix_sums *out, const struct corridor_matrix *m,
		    struct arena *arena)
{
	assert(out && m && arena);
	size_t members = m->hub->member_count, n = m->intervals ? m->intervals : 1;
	struct corridor_matrix_sums sums = {
		.rows = arena_take(arena, (m->count + 1) * sizeof(*sums.rows)),
		.row_count = m->count,
		.members = arena_take(arena, (members + 1) * sizeof(*sums.members)),
		.heard = m->heard,
		.intervals = m->intervals,
		.within_bps = m->within_bps / n,
		.unplaced_bps = m->unplaced_bps / n,
		.left_out_bps = m->left_out_bps / n,
		.simulated = m->simulated,
	};
	if (!sums.rows || !sums.members)
		return -1;
	for (size_t i = 0; i < m->count; i++) {
		const struct row *row = &m->rows[i];
		sums.rows[i] = (struct corridor_matrix_row){.member = row->key.member,
							    .avoider = row->key.avoider,
							    .from = row->key.from,
							    .to = row->key.to,
							    .samples = row->samples};
		if (corridor_series_rates(&sums.rows[i].rates, &row->series, m->intervals, arena) <
		    0)
			return -1;
	}
	qsort(sums.rows, sums.row_count, sizeof(*sums.rows), by_size);
	for (size_t i = 0; i < members; i++) {
		struct corridor_rates in, away;
		if (corridor_series_rates(&in, &m->in[i], m->intervals, arena) < 0 ||
		    corridor_series_rates(&away, &m->out[i], m->intervals, arena) < 0)
			return -1;
		sums.members[i] = (struct corridor_rates){larger(in.mean_bps, away.mean_bps),
							  larger(in.p95_bps, away.p95_bps),
							  larger(in.peak_bps, away.peak_bps)};
	}
	*out = sums;
	return 0;
}
