/* Is a batch one that the ledger may take in, and what is kept of it. */
#include "ledger/ledger_batch.h"

#include <stdlib.h>
#include <string.h>

#include "ledger/ledger_bin.h"

enum { DAY_S = 86400 };
/* 2000-01-01 and 2200-01-01: a start outside says that a clock was not set. */
static const int64_t era_from = 946684800, era_to = 7258118400;

const struct ledger_fold ledger_folds[LEDGER_SUM_KINDS] = {
	{LEDGER_PAIRS, 40 * DAY_S, 3600},
	{LEDGER_ORIGINS, 8 * DAY_S, DAY_S},
	{LEDGER_COUNTRIES, 40 * DAY_S, 3600},
};

struct utc_s
ledger_folded_before(enum ledger_sum_kind kind, struct utc_s now)
{
	enum { READING_S = 3600 };
	const struct ledger_fold *fold = &ledger_folds[kind - 1];
	int64_t old = now.s + READING_S - fold->fine_s;
	return (struct utc_s){old - old % fold->folded_s};
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *
names_fault(const struct traffic_batch *batch)
{
	const char **names = malloc((batch->port_count + 1) * sizeof(*names));
	if (!names)
		return "no memory";
	const char *fault = NULL;
	for (size_t i = 0; i < batch->port_count; i++) {
		names[i] = batch->ports[i].port;
		if (!names[i][0])
			fault = "a port has no name";
	}
	qsort(names, batch->port_count, sizeof(*names), compare_names);
	for (size_t i = 1; i < batch->port_count; i++)
		if (strcmp(names[i - 1], names[i]) == 0)
			fault = "a port is in it twice";
	free(names);
	return fault;
}

const char *
ledger_batch_fault(const struct traffic_batch *batch)
{
	if (batch->length_s == 0 || DAY_S % batch->length_s != 0)
		return "the length of the bin does not divide a day";
	if (batch->start.s < era_from || batch->start.s >= era_to)
		return "the start is not of this era";
	if (batch->start.s % batch->length_s != 0)
		return "the start is not a multiple of the length";
	for (size_t i = 0; i < batch->port_count; i++) {
		const struct traffic_port *port = &batch->ports[i];
		uint64_t any = port->counter_in | port->counter_out | port->flow_in |
			       port->flow_out | port->samples_in | port->samples_out |
			       port->packets_in | port->packets_out | port->errors_in |
			       port->errors_out | port->discards_in | port->discards_out |
			       port->flow_v6_in | port->flow_v6_out;
		if (any >> LEDGER_OCTETS_LOG2)
			return "a port has more octets than any port can carry";
	}
	return names_fault(batch);
}

void
ledger_check_add(struct ledger_check *check, uint64_t counter, uint64_t flow)
{
	if (__builtin_add_overflow(check->counter, counter, &check->counter))
		check->counter = UINT64_MAX;
	if (__builtin_add_overflow(check->flow, flow, &check->flow))
		check->flow = UINT64_MAX;
}

struct ledger_check
ledger_batch_check(const struct traffic_batch *batch)
{
	struct ledger_check check = {0, 0};
	for (size_t i = 0; i < batch->port_count; i++) {
		const struct traffic_port *port = &batch->ports[i];
		ledger_check_add(&check, port->counter_in, port->flow_in);
		ledger_check_add(&check, port->counter_out, port->flow_out);
	}
	return check;
}

struct ledger_bin
ledger_batch_worth(const struct traffic_batch *batch)
{
	struct ledger_bin worth = {.simulated = batch->simulated};
	for (size_t i = 0; i < batch->port_count; i++) {
		struct ledger_fact fact = ledger_fact_of(batch, &batch->ports[i]);
		struct ledger_octets octets = ledger_fact_octets(&fact);
		if (__builtin_add_overflow(worth.in, octets.in, &worth.in) || worth.in > INT64_MAX)
			worth.in = INT64_MAX;
		if (__builtin_add_overflow(worth.out, octets.out, &worth.out) ||
		    worth.out > INT64_MAX)
			worth.out = INT64_MAX;
		if (fact.claim > worth.state)
			worth.state = fact.claim;
	}
	return worth;
}

void
ledger_batch_provenance(struct buf *out, const struct traffic_batch *batch)
{
	struct traffic_batch provenance = *batch;
	provenance.port_count = provenance.pair_count = 0;
	provenance.origin_count = provenance.country_count = 0;
	traffic_encode(&provenance, out);
}

static uint64_t
country_number(const char code[2])
{
	return (uint64_t)(uint8_t)code[0] << 8 | (uint8_t)code[1];
}

static void
add_pairs(struct ledger_sums *out, const struct traffic_batch *batch, const uint32_t *numbers)
{
	for (size_t i = 0; i < batch->pair_count; i++) {
		const struct traffic_pair *pair = &batch->pairs[i];
		uint64_t family = pair->family == IP_V4 ? 1 : pair->family == IP_V6 ? 2 : 0;
		ledger_sums_add(out, &(struct ledger_sum){
					     .upper = numbers[pair->from],
					     .lower = (uint64_t)numbers[pair->to] << 2 | family,
					     .octets = pair->octets,
					     .packets = pair->packets,
					     .samples = pair->samples,
				     });
	}
}

static void
add_origins(struct ledger_sums *out, const struct traffic_batch *batch, const uint32_t *numbers)
{
	for (size_t i = 0; i < batch->origin_count; i++) {
		const struct traffic_origin *origin = &batch->origins[i];
		ledger_sums_add(out, &(struct ledger_sum){
					     .upper = (uint64_t)numbers[origin->port] << 1 |
						      origin->outgoing,
					     .lower = (uint64_t)origin->asn.number << 16 |
						      country_number(origin->country),
					     .next = origin->next.number,
					     .octets = origin->octets,
					     .samples = origin->samples,
				     });
	}
}

void
ledger_batch_sums(struct ledger_sums *out, const struct traffic_batch *batch,
		  enum ledger_sum_kind kind, const uint32_t *numbers)
{
	if (kind == LEDGER_PAIRS)
		add_pairs(out, batch, numbers);
	if (kind == LEDGER_ORIGINS)
		add_origins(out, batch, numbers);
	for (size_t i = 0; kind == LEDGER_COUNTRIES && i < batch->country_count; i++) {
		const struct traffic_country *country = &batch->countries[i];
		ledger_sums_add(out, &(struct ledger_sum){
					     .lower = country_number(country->from) << 16 |
						      country_number(country->to),
					     .octets = country->octets,
					     .samples = country->samples,
				     });
	}
}

unsigned
ledger_sum_flags(enum ledger_sum_kind kind)
{
	return LEDGER_PACK_SAMPLES | (kind == LEDGER_ORIGINS ? LEDGER_PACK_NEXT : 0);
}

void
ledger_sums_renumber(struct ledger_sums *sums, enum ledger_sum_kind kind, const uint32_t *of)
{
	for (size_t i = 0; i < sums->count; i++) {
		struct ledger_sum *sum = &sums->items[i];
		if (kind == LEDGER_PAIRS) {
			sum->upper = of[sum->upper];
			sum->lower = (uint64_t)of[sum->lower >> 2] << 2 | (sum->lower & 3);
		} else if (kind == LEDGER_ORIGINS) {
			sum->upper = (uint64_t)of[sum->upper >> 1] << 1 | (sum->upper & 1);
		}
	}
}

static void
country_text(char out[3], uint64_t number)
{
	out[0] = (char)(number >> 8 & 0xff);
	out[1] = (char)(number & 0xff);
	out[2] = 0;
}

struct ledger_pair_key
ledger_pair_key(const struct ledger_sum *sum)
{
	static const uint8_t families[4] = {IP_NONE, IP_V4, IP_V6, IP_NONE};
	return (struct ledger_pair_key){
		.from = (uint32_t)sum->upper,
		.to = (uint32_t)(sum->lower >> 2),
		.family = families[sum->lower & 3],
	};
}

struct ledger_origin_key
ledger_origin_key(const struct ledger_sum *sum)
{
	struct ledger_origin_key key = {
		.port = (uint32_t)(sum->upper >> 1),
		.outgoing = sum->upper & 1,
		.asn.number = (uint32_t)(sum->lower >> 16),
		.next.number = (uint32_t)sum->next,
	};
	country_text(key.country, sum->lower);
	return key;
}

struct ledger_country_key
ledger_country_key(const struct ledger_sum *sum)
{
	struct ledger_country_key key;
	country_text(key.from, sum->lower >> 16);
	country_text(key.to, sum->lower);
	return key;
}
