/* What the engines of the store share. */
#include "ledger/ledger_store_row.h"

#include <inttypes.h>
#include <string.h>

enum column {
	LENGTH,
	RUNS,
	CLAIM,
	SIMULATED,
	COVERED,
	COUNTER_IN,
	COUNTER_OUT,
	FLOW_IN,
	FLOW_OUT,
	SAMPLES_IN,
	SAMPLES_OUT,
	SOURCE,
	LOST_PPM,
	V6_IN,
	V6_OUT,
	PACKETS_IN,
	PACKETS_OUT,
	ERRORS_IN,
	ERRORS_OUT,
	DISCARDS_IN,
	DISCARDS_OUT,
};

/* A new column goes to the end: stores that are older get it there. */
const struct ledger_row_column ledger_row_columns[LEDGER_ROW_NUMBERS] = {
	[LENGTH] = {"length", LEDGER_ROW_SAME},
	[RUNS] = {"runs", LEDGER_ROW_SUM},
	[CLAIM] = {"claim", LEDGER_ROW_WORST},
	[SIMULATED] = {"simulated", LEDGER_ROW_WORST},
	[COVERED] = {"covered", LEDGER_ROW_COVER},
	[COUNTER_IN] = {"counter_in", LEDGER_ROW_SUM},
	[COUNTER_OUT] = {"counter_out", LEDGER_ROW_SUM},
	[FLOW_IN] = {"flow_in", LEDGER_ROW_SUM},
	[FLOW_OUT] = {"flow_out", LEDGER_ROW_SUM},
	[SAMPLES_IN] = {"samples_in", LEDGER_ROW_SUM},
	[SAMPLES_OUT] = {"samples_out", LEDGER_ROW_SUM},
	[SOURCE] = {"source", LEDGER_ROW_WORST},
	[LOST_PPM] = {"lost_ppm", LEDGER_ROW_WORST},
	[V6_IN] = {"v6_in", LEDGER_ROW_SUM},
	[V6_OUT] = {"v6_out", LEDGER_ROW_SUM},
	[PACKETS_IN] = {"packets_in", LEDGER_ROW_SUM},
	[PACKETS_OUT] = {"packets_out", LEDGER_ROW_SUM},
	[ERRORS_IN] = {"errors_in", LEDGER_ROW_SUM},
	[ERRORS_OUT] = {"errors_out", LEDGER_ROW_SUM},
	[DISCARDS_IN] = {"discards_in", LEDGER_ROW_SUM},
	[DISCARDS_OUT] = {"discards_out", LEDGER_ROW_SUM},
};

static int64_t
number_of(uint64_t octets)
{
	return octets > INT64_MAX ? INT64_MAX : (int64_t)octets;
}

void
ledger_row_of(int64_t numbers[LEDGER_ROW_NUMBERS], const struct ledger_fact *fact)
{
	const int64_t row[LEDGER_ROW_NUMBERS] = {
		[LENGTH] = fact->length_s,
		[RUNS] = fact->runs,
		[CLAIM] = fact->claim,
		[SIMULATED] = fact->simulated,
		[COVERED] = fact->counter_covered_s,
		[COUNTER_IN] = number_of(fact->counter_in),
		[COUNTER_OUT] = number_of(fact->counter_out),
		[FLOW_IN] = number_of(fact->flow_in),
		[FLOW_OUT] = number_of(fact->flow_out),
		[SAMPLES_IN] = number_of(fact->samples_in),
		[SAMPLES_OUT] = number_of(fact->samples_out),
		[SOURCE] = fact->source,
		[LOST_PPM] = fact->lost_ppm,
		[V6_IN] = number_of(fact->flow_v6_in),
		[V6_OUT] = number_of(fact->flow_v6_out),
		[PACKETS_IN] = number_of(fact->packets_in),
		[PACKETS_OUT] = number_of(fact->packets_out),
		[ERRORS_IN] = number_of(fact->errors_in),
		[ERRORS_OUT] = number_of(fact->errors_out),
		[DISCARDS_IN] = number_of(fact->discards_in),
		[DISCARDS_OUT] = number_of(fact->discards_out),
	};
	for (int i = 0; i < LEDGER_ROW_NUMBERS; i++)
		numbers[i] = row[i];
}

static uint32_t
within(int64_t number, uint32_t least, uint32_t most)
{
	return number < least ? least : number > most ? most : (uint32_t)number;
}

static uint64_t
octets_of(int64_t number)
{
	return number < 0 ? 0 : (uint64_t)number;
}

struct ledger_fact
ledger_row_fact(struct utc_s start, const int64_t numbers[LEDGER_ROW_NUMBERS])
{
	int64_t claim = numbers[CLAIM], source = numbers[SOURCE];
	uint32_t length_s = within(numbers[LENGTH], 1, 86400);
	return (struct ledger_fact){
		.start = start,
		.length_s = length_s,
		.runs = within(numbers[RUNS], 1, UINT32_MAX),
		.claim = claim == TRAFFIC_COUNTER || claim == TRAFFIC_ESTIMATED
				 ? (enum traffic_state)claim
				 : TRAFFIC_MISSING,
		.simulated = numbers[SIMULATED] != 0,
		.counter_covered_s = within(numbers[COVERED], 0, length_s),
		.counter_in = octets_of(numbers[COUNTER_IN]),
		.counter_out = octets_of(numbers[COUNTER_OUT]),
		.flow_in = octets_of(numbers[FLOW_IN]),
		.flow_out = octets_of(numbers[FLOW_OUT]),
		.samples_in = octets_of(numbers[SAMPLES_IN]),
		.samples_out = octets_of(numbers[SAMPLES_OUT]),
		.source = source >= TRAFFIC_BY_NONE && source <= TRAFFIC_BY_PUSH
				  ? (enum traffic_source)source
				  : TRAFFIC_BY_NONE,
		.lost_ppm = within(numbers[LOST_PPM], 0, 1000000),
		.flow_v6_in = octets_of(numbers[V6_IN]),
		.flow_v6_out = octets_of(numbers[V6_OUT]),
		.packets_in = octets_of(numbers[PACKETS_IN]),
		.packets_out = octets_of(numbers[PACKETS_OUT]),
		.errors_in = octets_of(numbers[ERRORS_IN]),
		.errors_out = octets_of(numbers[ERRORS_OUT]),
		.discards_in = octets_of(numbers[DISCARDS_IN]),
		.discards_out = octets_of(numbers[DISCARDS_OUT]),
	};
}

void
ledger_batch_row_told(struct ledger_batch_row *row, struct cursor provenance)
{
	struct arena *arena = arena_new();
	struct traffic_batch batch;
	if (arena && traffic_decode(&batch, arena, provenance) == 0) {
		for (size_t i = 0; i < batch.exporter_count; i++) {
			row->lost_records += batch.exporters[i].lost_records;
			row->refused_datagrams += batch.exporters[i].refused;
		}
		for (size_t i = 0; i < batch.unattributed_count; i++)
			if (!traffic_is_seen_twice(&batch.unattributed[i]))
				row->unattributed += batch.unattributed[i].octets;
	}
	arena_free(arena);
}

/* The tables of an encoded batch, if it can be read; the rest is in the row's own columns. */
static void
read_told(struct traffic_batch *told, struct arena *arena, struct cursor provenance)
{
	size_t length = cursor_left(&provenance);
	/* Strings of a decoded batch may lie in the bytes. */
	const void *kept = arena_copy(arena, provenance.at, length);
	if (!kept || traffic_decode(told, arena, cursor_of(kept, length)) < 0)
		*told = (struct traffic_batch){0};
	told->port_count = told->pair_count = told->origin_count = told->country_count = 0;
}

bool
ledger_whole_add_row(struct ledger_whole *bin, const struct ledger_batch_row *row,
		     struct cursor provenance)
{
	struct ledger_whole_batch *batch = ledger_rows_next(&bin->batches);
	if (!batch)
		return false;
	*batch = (struct ledger_whole_batch){
		.check = row->check,
		.in = row->in,
		.out = row->out,
		.state = row->state,
	};
	read_told(&batch->told, bin->batches.arena, provenance);
	batch->told.start = row->start;
	batch->told.run = row->run;
	batch->told.length_s = row->length_s;
	batch->told.covered_s = row->covered_s;
	batch->told.simulated = row->simulated;
	batch->told.kernel_drops = row->kernel_drops;
	return true;
}

void
ledger_check_fault(struct buf *faults, int64_t start, const struct ledger_check *batches,
		   const struct ledger_check *ports)
{
	char text[CLOCK_TEXT];
	buf_printf(faults,
		   "bin %s: its batches brought %" PRIu64 " octets by counters and %" PRIu64
		   " by samples, its ports have %" PRIu64 " and %" PRIu64 "\n",
		   utc_format(text, (struct utc_s){start}), batches->counter, batches->flow,
		   ports->counter, ports->flow);
}

void
ledger_check_compare(struct ledger_sums *batches, struct ledger_sums *ports, struct buf *faults)
{
	ledger_sums_sort(batches);
	ledger_sums_sort(ports);
	static const struct ledger_sum nothing = {.lower = UINT64_MAX};
	size_t i = 0, j = 0;
	while (i < batches->count || j < ports->count) {
		const struct ledger_sum *a = i < batches->count ? &batches->items[i] : &nothing;
		const struct ledger_sum *b = j < ports->count ? &ports->items[j] : &nothing;
		/* The earlier bin; the side that does not have it counts as nothing. */
		uint64_t start = a->lower < b->lower ? a->lower : b->lower;
		i += a->lower == start;
		j += b->lower == start;
		a = a->lower == start ? a : &nothing;
		b = b->lower == start ? b : &nothing;
		if (a->octets != b->octets || a->packets != b->packets)
			ledger_check_fault(faults, (int64_t)start,
					   &(struct ledger_check){a->octets, a->packets},
					   &(struct ledger_check){b->octets, b->packets});
	}
}
