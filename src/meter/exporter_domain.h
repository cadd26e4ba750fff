/* The loss ledger of one exporter: a row for each space of sequence numbers (an observation domain,
 * a source id, an engine, a sub_agent_id), in records. received + lost = sent. Plain values. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum exporter_protocol {
	EXPORTER_SFLOW = 1,
	EXPORTER_NETFLOW5 = 2,
	EXPORTER_NETFLOW9 = 4,
	EXPORTER_IPFIX = 8,
};

struct domain_sums {
	uint64_t received;  /* records: samples, or data records, those of options too */
	uint64_t lost;      /* records that did not arrive, or that could not be read */
	uint64_t lost_here; /* of them those that our own socket dropped, as far as known */
	uint32_t restarts;  /* of the numbers */
	uint32_t repeated;  /* datagrams that came again, and were not counted again */
};

struct exporter_domain {
	uint8_t protocol; /* enum exporter_protocol */
	uint64_t number;
	bool estimated;    /* where messages are numbered `lost` is by the mean of a message */
	const char *quirk; /* how it counts otherwise than its standard says, in words; or NULL */
	struct domain_sums total;
	struct domain_sums since; /* since exporter_domains_taken */
};

static inline bool
domain_sums_none(struct domain_sums s)
{
	return !s.received && !s.lost && !s.lost_here && !s.restarts && !s.repeated;
}

/* What was not reported yet. Loss is taken back when the lost comes late: what was reported too
 * much already is set off against what is lost later. */
static inline struct domain_sums
domain_sums_since(struct domain_sums total, struct domain_sums reported)
{
	return (struct domain_sums){
		.received = total.received - reported.received,
		.lost = total.lost > reported.lost ? total.lost - reported.lost : 0,
		.lost_here = total.lost_here > reported.lost_here
				     ? total.lost_here - reported.lost_here
				     : 0,
		.restarts = total.restarts - reported.restarts,
		.repeated = total.repeated - reported.repeated,
	};
}

/* `total` as it is reported now, where `reported` was before. */
static inline struct domain_sums
domain_sums_taken(struct domain_sums total, struct domain_sums reported)
{
	if (total.lost < reported.lost)
		total.lost = reported.lost;
	if (total.lost_here < reported.lost_here)
		total.lost_here = reported.lost_here;
	return total;
}
