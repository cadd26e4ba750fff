/* A port's bin as a row of numbers. */
#include "ledger/ledger_store_row.h"

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
