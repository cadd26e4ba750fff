/* The 95th percentile as it is billed. */
#include "ledger/ledger_percentile.h"

#include <assert.h>
#include <stdlib.h>

size_t
ledger_percentile_rank(size_t count)
{
	return count - count / 20;
}

/* Octet by octet from the highest: the values whose upper octets equal those of the answer are
 * counted by their next octet, and the rank says in which of the 256 heaps the answer lies. Eight
 * passes, no copy, no bad case. */
uint64_t
ledger_percentile_select(const uint64_t *values, size_t count, size_t rank)
{
	assert(rank >= 1 && rank <= count);
	uint64_t answer = 0, known = 0; /* the octets found so far, and the mask of their bits */
	for (int shift = 56; shift >= 0; shift -= 8) {
		size_t heap[256] = {0};
		for (size_t i = 0; i < count; i++)
			if ((values[i] & known) == answer)
				heap[values[i] >> shift & 0xff]++;
		unsigned octet = 0;
		while (rank > heap[octet])
			rank -= heap[octet++];
		answer |= (uint64_t)octet << shift;
		known |= (uint64_t)0xff << shift;
	}
	return answer;
}

static uint64_t
larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

int
ledger_percentile_of(struct ledger_percentile *out, const struct ledger_series *series)
{
	size_t room = series->count ? series->count : 1;
	uint64_t *in = malloc(2 * room * sizeof(*in));
	if (!in)
		return -1;
	uint64_t *rates_out = in + room;
	struct ledger_percentile result = {0};
	for (size_t i = 0; i < series->count; i++) {
		const struct ledger_bin *bin = &series->bins[i];
		if (bin->state == TRAFFIC_MISSING)
			continue;
		uint64_t in_bps = ledger_rate_bps(bin->in, series->length_s);
		uint64_t out_bps = ledger_rate_bps(bin->out, series->length_s);
		in[result.count] = in_bps;
		rates_out[result.count] = out_bps;
		result.peak_bps = larger(result.peak_bps, larger(in_bps, out_bps));
		result.count++;
	}
	if (result.count) {
		result.rank = ledger_percentile_rank(result.count);
		result.in_bps = ledger_percentile_select(in, result.count, result.rank);
		result.out_bps = ledger_percentile_select(rates_out, result.count, result.rank);
		result.larger_bps = larger(result.in_bps, result.out_bps);
		const uint64_t *billed = result.in_bps >= result.out_bps ? in : rates_out;
		for (size_t i = 0; i < result.count; i++)
			result.above += billed[i] > result.larger_bps;
	}
	free(in);
	*out = result;
	return 0;
}
