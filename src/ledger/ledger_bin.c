/* Bins: from facts to what is billed. */
#include "ledger/ledger_bin.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

static uint64_t
plus(uint64_t a, uint64_t b)
{
	uint64_t sum;
	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static uint32_t
smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

struct ledger_fact
ledger_fact_of(const struct traffic_batch *batch, const struct traffic_port *port)
{
	return (struct ledger_fact){
		.start = batch->start,
		.length_s = batch->length_s,
		.runs = 1,
		.counter_covered_s = smaller(port->counter_covered_s, batch->length_s),
		.counter_in = port->counter_in,
		.counter_out = port->counter_out,
		.flow_in = port->flow_in,
		.flow_out = port->flow_out,
		.samples_in = port->samples_in,
		.samples_out = port->samples_out,
		.packets_in = port->packets_in,
		.packets_out = port->packets_out,
		.errors_in = port->errors_in,
		.errors_out = port->errors_out,
		.discards_in = port->discards_in,
		.discards_out = port->discards_out,
		.flow_v6_in = port->flow_v6_in,
		.flow_v6_out = port->flow_v6_out,
		.lost_ppm = port->lost_ppm,
		.source = port->source,
		.claim = port->state,
		.simulated = batch->simulated,
	};
}

void
ledger_fact_add(struct ledger_fact *sum, const struct ledger_fact *more)
{
	sum->runs += more->runs;
	sum->counter_covered_s =
		smaller(sum->counter_covered_s + more->counter_covered_s, sum->length_s);
	sum->counter_in = plus(sum->counter_in, more->counter_in);
	sum->counter_out = plus(sum->counter_out, more->counter_out);
	sum->flow_in = plus(sum->flow_in, more->flow_in);
	sum->flow_out = plus(sum->flow_out, more->flow_out);
	sum->samples_in = plus(sum->samples_in, more->samples_in);
	sum->samples_out = plus(sum->samples_out, more->samples_out);
	sum->packets_in = plus(sum->packets_in, more->packets_in);
	sum->packets_out = plus(sum->packets_out, more->packets_out);
	sum->errors_in = plus(sum->errors_in, more->errors_in);
	sum->errors_out = plus(sum->errors_out, more->errors_out);
	sum->discards_in = plus(sum->discards_in, more->discards_in);
	sum->discards_out = plus(sum->discards_out, more->discards_out);
	sum->flow_v6_in = plus(sum->flow_v6_in, more->flow_v6_in);
	sum->flow_v6_out = plus(sum->flow_v6_out, more->flow_v6_out);
	if (more->lost_ppm > sum->lost_ppm)
		sum->lost_ppm = more->lost_ppm;
	if (more->source > sum->source)
		sum->source = more->source;
	if (more->claim > sum->claim)
		sum->claim = more->claim;
	sum->simulated |= more->simulated;
}

enum traffic_state
ledger_fact_state(const struct ledger_fact *fact)
{
	if (fact->runs > 1 && fact->claim == TRAFFIC_ESTIMATED &&
	    fact->counter_covered_s >= fact->length_s)
		return TRAFFIC_COUNTER;
	return fact->claim;
}

static uint64_t
larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

struct ledger_octets
ledger_fact_octets(const struct ledger_fact *fact)
{
	switch (ledger_fact_state(fact)) {
	case TRAFFIC_COUNTER:
		return (struct ledger_octets){fact->counter_in, fact->counter_out};
	case TRAFFIC_ESTIMATED:
		return (struct ledger_octets){larger(fact->flow_in, fact->counter_in),
					      larger(fact->flow_out, fact->counter_out)};
	case TRAFFIC_MISSING:
		break;
	}
	return (struct ledger_octets){0, 0};
}

void
ledger_worth_add(struct ledger_worth *worth, const struct ledger_fact *fact)
{
	struct ledger_octets octets = ledger_fact_octets(fact);
	if (ledger_fact_state(fact) == TRAFFIC_MISSING)
		return;
	worth->heard = true;
	worth->in += octets.in;
	worth->out += octets.out;
	worth->flow_in += fact->flow_in;
	worth->flow_out += fact->flow_out;
	worth->samples_in += fact->samples_in;
	worth->samples_out += fact->samples_out;
}

uint64_t
ledger_rate_bps(uint64_t octets, uint32_t length_s)
{
	assert(length_s > 0);
	/* Nearly always it fits, and dividing 128 bits takes many times as long. */
	if (octets < UINT64_C(1) << 59)
		return (octets * 16 + length_s) / ((uint64_t)length_s * 2);
	__extension__ typedef unsigned __int128 wide;
	wide rate = ((wide)octets * 16 + length_s) / ((wide)length_s * 2);
	return rate > UINT64_MAX ? UINT64_MAX : (uint64_t)rate;
}

int
ledger_series_init(struct ledger_series *out, struct utc_s from, struct utc_s to, uint32_t length_s)
{
	assert(length_s > 0);
	int64_t beyond = from.s % length_s;
	if (beyond)
		from.s += (beyond > 0 ? length_s : 0) - beyond;
	int64_t count = to.s > from.s ? (to.s - from.s) / length_s : 0;
	if (count > LEDGER_SERIES_MAX) {
		errno = EINVAL;
		return -1;
	}
	struct ledger_bin *bins = calloc(count ? (size_t)count : 1, sizeof(*bins));
	if (!bins)
		return -1;
	*out = (struct ledger_series){from, length_s, (size_t)count, bins};
	return 0;
}

void
ledger_series_fini(struct ledger_series *series)
{
	free(series->bins);
	*series = (struct ledger_series){0};
}

/* Two ports, or two parts of a bin: only what all agree on is more than an estimate. */
static enum traffic_state
together(enum traffic_state a, enum traffic_state b)
{
	return a == b ? a : TRAFFIC_ESTIMATED;
}

static void
add_part(struct ledger_bin *bin, const struct ledger_bin *part)
{
	bin->state = bin->listed ? together(bin->state, part->state) : part->state;
	bin->in = plus(bin->in, part->in);
	bin->out = plus(bin->out, part->out);
	bin->simulated |= part->simulated;
	bin->other |= part->other;
	bin->adjusted |= part->adjusted;
	if (part->lost_ppm > bin->lost_ppm)
		bin->lost_ppm = part->lost_ppm;
	bin->listed = true;
}

void
ledger_series_add(struct ledger_series *series, const struct ledger_fact *facts, size_t count)
{
	size_t i = 0;
	while (i < count) {
		int64_t offset = facts[i].start.s - series->from.s;
		int64_t slot = offset / series->length_s;
		if (offset < 0 || slot >= (int64_t)series->count) {
			i++;
			continue;
		}
		/* All facts of this port that begin in the slot: one, unless the hub changed the
		 * length. */
		struct ledger_bin part = {0};
		uint64_t covered_s = 0;
		int64_t slot_end = series->from.s + (slot + 1) * series->length_s;
		for (; i < count && facts[i].start.s < slot_end; i++) {
			struct ledger_octets octets = ledger_fact_octets(&facts[i]);
			add_part(&part, &(struct ledger_bin){
						.in = octets.in,
						.out = octets.out,
						.state = ledger_fact_state(&facts[i]),
						.simulated = facts[i].simulated,
						.adjusted = facts[i].adjusted,
						.lost_ppm = facts[i].lost_ppm,
					});
			covered_s += facts[i].length_s;
		}
		if (covered_s < series->length_s && part.state == TRAFFIC_COUNTER)
			part.state = TRAFFIC_ESTIMATED;
		add_part(&series->bins[slot], &part);
	}
}

void
ledger_series_join(struct ledger_series *sum, const struct ledger_series *port)
{
	assert(sum->count == port->count && sum->length_s == port->length_s &&
	       sum->from.s == port->from.s);
	for (size_t i = 0; i < sum->count; i++)
		if (port->bins[i].listed)
			add_part(&sum->bins[i], &port->bins[i]);
}

void
ledger_series_fill(struct ledger_series *series, struct ledger_other_bins others)
{
	size_t next = 0;
	for (size_t i = 0; i < series->count; i++) {
		struct ledger_bin *bin = &series->bins[i];
		int64_t start = series->from.s + (int64_t)i * series->length_s;
		int64_t end = start + series->length_s, covered = start;
		struct ledger_bin known = {
			.state = TRAFFIC_ESTIMATED, .other = true, .listed = true};
		while (next < others.count && others.items[next].start.s < start)
			next++;
		for (; next < others.count && others.items[next].start.s == covered; next++) {
			const struct ledger_other_bin *other = &others.items[next];
			if (!other->length_s || covered + other->length_s > end)
				break;
			known.in = plus(known.in, other->in);
			known.out = plus(known.out, other->out);
			covered += other->length_s;
		}
		if (covered == end && bin->state == TRAFFIC_MISSING)
			*bin = known;
	}
}

static void
put_right(struct ledger_fact *fact, const struct ledger_other_bin *by)
{
	fact->runs = 1;
	fact->counter_covered_s = fact->length_s;
	fact->counter_in = by->in;
	fact->counter_out = by->out;
	fact->lost_ppm = 0;
	fact->claim = TRAFFIC_COUNTER;
	fact->adjusted = true;
}

struct ledger_fact *
ledger_facts_adjust(struct arena *arena, struct ledger_facts *facts, struct ledger_other_bins by)
{
	struct ledger_fact *all = arena_take(arena, (facts->count + by.count + 1) * sizeof(*all));
	size_t count = 0, next = 0;
	if (!all)
		return NULL;
	for (size_t i = 0; i <= facts->count; i++) {
		const struct ledger_fact *fact = i < facts->count ? &facts->items[i] : NULL;
		/* Those that are over before this fact begins, if the one before is over too. */
		for (; next < by.count && (!fact || by.items[next].start.s < fact->start.s);
		     next++) {
			const struct ledger_other_bin *b = &by.items[next];
			const struct ledger_fact *last = count ? &all[count - 1] : NULL;
			if ((fact && b->start.s + b->length_s > fact->start.s) ||
			    (last && last->start.s + last->length_s > b->start.s))
				continue;
			all[count] =
				(struct ledger_fact){.start = b->start, .length_s = b->length_s};
			put_right(&all[count++], b);
		}
		if (!fact)
			break;
		all[count++] = *fact;
		if (next < by.count && by.items[next].start.s == fact->start.s) {
			if (by.items[next].length_s == fact->length_s)
				put_right(&all[count - 1], &by.items[next]);
			next++;
		}
	}
	*facts = (struct ledger_facts){all, count};
	return all;
}

uint32_t
ledger_facts_length(const struct ledger_fact *facts, size_t count, uint32_t shortest_s)
{
	uint32_t length_s = shortest_s;
	for (size_t i = 0; i < count; i++)
		if (facts[i].length_s > length_s)
			length_s = facts[i].length_s;
	return length_s;
}

struct ledger_bin_counts
ledger_series_counts(const struct ledger_series *series)
{
	struct ledger_bin_counts counts = {.expected = series->count};
	for (size_t i = 0; i < series->count; i++) {
		const struct ledger_bin *bin = &series->bins[i];
		counts.counter += bin->state == TRAFFIC_COUNTER;
		counts.estimated += bin->state == TRAFFIC_ESTIMATED;
		counts.missing += bin->state == TRAFFIC_MISSING;
		if (bin->state == TRAFFIC_MISSING)
			continue;
		counts.simulated += bin->simulated;
		counts.other += bin->other;
		counts.adjusted += bin->adjusted;
		counts.lossy += bin->lost_ppm > 0;
		if (bin->lost_ppm > counts.worst_ppm)
			counts.worst_ppm = bin->lost_ppm;
	}
	return counts;
}
