/* Shares of samples, brought into line with counters.
 *
 * Cells are octets in units of 2^-FRACTION, so that a small cell is not rounded away while it is scaled.
 * A factor is a sum over a sum: a product in 128 bits, then a division; nothing is kept of the factor, so
 * nothing of its error is either. */
#include "hub/traffic_normal.h"

#include <string.h>

__extension__ typedef unsigned __int128 wide;

enum { FRACTION = 12, MILLION = 1000000, PER_10000 = 10000 };

/* --- one port --- */

static uint64_t
root(uint64_t n)
{
	uint64_t low = 0, high = UINT32_MAX;
	while (low < high) {
		uint64_t middle = low + (high - low + 1) / 2;
		if (middle * middle <= n)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

uint32_t
traffic_error(uint64_t samples)
{
	/* 19600 / sqrt(samples), with the root taken of a larger number for its precision. */
	enum { FINE = 1000 };
	if (samples < 4)
		return PER_10000;
	if (samples > UINT64_MAX / (FINE * FINE))
		return 0;
	uint64_t error = (uint64_t)19600 * FINE / root(samples * FINE * FINE);
	return error > PER_10000 ? PER_10000 : (uint32_t)error;
}

bool
traffic_ratio(struct traffic_ratio *out, const struct traffic_batch *batch,
	      const struct traffic_port *port, bool outgoing)
{
	uint64_t flow = outgoing ? port->flow_out : port->flow_in;
	uint64_t counter = outgoing ? port->counter_out : port->counter_in;
	uint64_t samples = outgoing ? port->samples_out : port->samples_in;
	if (!counter || port->counter_covered_s * 2 < batch->length_s ||
	    batch->covered_s * 2 < batch->length_s)
		return false;
	wide ratio = (wide)flow * port->counter_covered_s * PER_10000 /
		     ((wide)counter * batch->covered_s);
	*out = (struct traffic_ratio){
		.flow = flow,
		.counter = counter,
		.samples = samples,
		.per_10000 = ratio > TRAFFIC_RATIO_MAX ? TRAFFIC_RATIO_MAX : (uint32_t)ratio,
		.error_10000 = traffic_error(samples),
	};
	return true;
}

static uint64_t
scaled(uint64_t octets, uint64_t to, uint64_t from)
{
	wide product = ((wide)octets * to + from / 2) / from;
	return product > UINT64_MAX ? UINT64_MAX : (uint64_t)product;
}

uint64_t
traffic_normal(const struct traffic_port *port, bool outgoing, uint64_t octets)
{
	uint64_t flow = outgoing ? port->flow_out : port->flow_in;
	uint64_t counter = outgoing ? port->counter_out : port->counter_in;
	return port->state == TRAFFIC_COUNTER && flow ? scaled(octets, counter, flow) : octets;
}

/* --- all pairs --- */

/* One side of the matrix: the sums of its rows, or of its columns. */
struct side {
	wide *sum, *target; /* by port, in cells' units; target of those that are bound */
	bool *bound;
};

struct fit {
	const struct traffic_batch *batch;
	wide *cells;
	struct side rows, columns;
};

static int
side_init(struct side *s, size_t ports, struct arena *arena)
{
	s->sum = arena_take(arena, (ports + 1) * sizeof(*s->sum));
	s->target = arena_take(arena, (ports + 1) * sizeof(*s->target));
	s->bound = arena_take(arena, (ports + 1) * sizeof(*s->bound));
	return s->sum && s->target && s->bound ? 0 : -1;
}

static uint32_t
port_of(const struct traffic_pair *pair, bool column)
{
	return column ? pair->to : pair->from;
}

static void
add_up(struct fit *f, bool column)
{
	struct side *s = column ? &f->columns : &f->rows;
	memset(s->sum, 0, f->batch->port_count * sizeof(*s->sum));
	for (size_t i = 0; i < f->batch->pair_count; i++)
		s->sum[port_of(&f->batch->pairs[i], column)] += f->cells[i];
}

/* What the sums should be: of what was counted the share that samples give to pairs. */
static void
set_targets(struct fit *f, bool column)
{
	struct side *s = column ? &f->columns : &f->rows;
	add_up(f, column);
	for (size_t i = 0; i < f->batch->port_count; i++) {
		const struct traffic_port *p = &f->batch->ports[i];
		uint64_t flow = column ? p->flow_out : p->flow_in;
		uint64_t counter = column ? p->counter_out : p->counter_in;
		uint64_t paired = (uint64_t)(s->sum[i] >> FRACTION);
		s->bound[i] = p->state == TRAFFIC_COUNTER && flow && paired;
		if (s->bound[i])
			s->target[i] = (wide)scaled(paired, counter, flow) << FRACTION;
	}
}

static wide
total(const struct fit *f, const wide *of)
{
	wide sum = 0;
	for (size_t i = 0; i < f->batch->port_count; i++)
		sum += of[i];
	return sum;
}

/* Where every port that has pairs is bound both sides must have the same total: their mean. */
static void
agree(struct fit *f)
{
	for (size_t i = 0; i < f->batch->port_count; i++)
		if ((f->rows.sum[i] && !f->rows.bound[i]) ||
		    (f->columns.sum[i] && !f->columns.bound[i]))
			return;
	wide in = total(f, f->rows.target), out = total(f, f->columns.target),
	     mean = (in + out) / 2;
	/* Sums of octets that fit 64 bits: a product of two in 128, when the fraction is left out. */
	uint64_t whole = (uint64_t)(mean >> FRACTION), in_whole = (uint64_t)(in >> FRACTION),
		 out_whole = (uint64_t)(out >> FRACTION);
	for (size_t i = 0; i < f->batch->port_count; i++) {
		wide *row = &f->rows.target[i], *column = &f->columns.target[i];
		if (f->rows.bound[i] && in_whole)
			*row = (wide)scaled((uint64_t)(*row >> FRACTION), whole, in_whole)
			       << FRACTION;
		if (f->columns.bound[i] && out_whole)
			*column = (wide)scaled((uint64_t)(*column >> FRACTION), whole, out_whole)
				  << FRACTION;
	}
}

/* How far the sums are from what they should be at most, per million. */
static uint32_t
off_ppm(const struct fit *f, const struct side *s)
{
	uint64_t most = 0;
	for (size_t i = 0; i < f->batch->port_count; i++) {
		if (!s->bound[i] || !s->target[i])
			continue;
		wide off = s->sum[i] > s->target[i] ? s->sum[i] - s->target[i]
						    : s->target[i] - s->sum[i];
		/* In whole octets, so that the product fits. */
		uint64_t ppm =
			(uint64_t)((off >> FRACTION) * MILLION / ((s->target[i] >> FRACTION) + 1));
		most = ppm > most ? ppm : most;
	}
	return most > UINT32_MAX ? UINT32_MAX : (uint32_t)most;
}

/* Scales each row, or each column, to its sum. */
static void
fit_side(struct fit *f, bool column)
{
	struct side *s = column ? &f->columns : &f->rows;
	for (size_t i = 0; i < f->batch->pair_count; i++) {
		uint32_t port = port_of(&f->batch->pairs[i], column);
		wide sum = s->sum[port], target = s->target[port];
		if (!s->bound[port] || !sum || sum == target)
			continue;
		/* Both with as few bits as the product leaves them; the quotient is near to one. */
		while (target >> 63 || sum >> 63) {
			target >>= 1;
			sum >>= 1;
		}
		wide cell = f->cells[i];
		unsigned low = 0;
		while (cell >> 64) {
			cell >>= 1;
			low++;
		}
		f->cells[i] = cell * target / sum << low;
	}
}

/* Whole octets: each cell is where the sum of its row has got to after it, less before it. */
static void
round_cells(const struct fit *f, uint64_t *octets)
{
	wide *sum = f->rows.sum;
	wide half = (wide)1 << (FRACTION - 1);
	memset(sum, 0, f->batch->port_count * sizeof(*sum));
	for (size_t i = 0; i < f->batch->pair_count; i++) {
		uint32_t row = f->batch->pairs[i].from;
		wide before = (sum[row] + half) >> FRACTION;
		sum[row] += f->cells[i];
		octets[i] = (uint64_t)(((sum[row] + half) >> FRACTION) - before);
	}
}

int
traffic_normalise(struct traffic_normal *out, const struct traffic_batch *batch,
		  struct arena *arena)
{
	struct fit f = {.batch = batch};
	uint64_t *octets = arena_take(arena, (batch->pair_count + 1) * sizeof(*octets));
	f.cells = arena_take(arena, (batch->pair_count + 1) * sizeof(*f.cells));
	if (!octets || !f.cells || side_init(&f.rows, batch->port_count, arena) < 0 ||
	    side_init(&f.columns, batch->port_count, arena) < 0)
		return -1;
	for (size_t i = 0; i < batch->pair_count; i++)
		f.cells[i] = (wide)batch->pairs[i].octets << FRACTION;
	set_targets(&f, false);
	set_targets(&f, true);
	agree(&f);
	uint32_t rounds = 0, off = 0;
	do {
		fit_side(&f, true);
		add_up(&f, false);
		fit_side(&f, false);
		add_up(&f, false);
		add_up(&f, true);
		rounds++;
		uint32_t rows = off_ppm(&f, &f.rows), columns = off_ppm(&f, &f.columns);
		off = rows > columns ? rows : columns;
	} while (rounds < TRAFFIC_NORMAL_ROUNDS && off > MILLION / TRAFFIC_NORMAL_CLOSE);
	round_cells(&f, octets);
	*out = (struct traffic_normal){octets, rounds, off};
	return 0;
}
