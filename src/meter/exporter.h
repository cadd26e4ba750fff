/* One exporter as the meter knows it: its decoders' state, and what it sent. */
#pragma once

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "meter/bin.h"
#include "meter/counter.h"
#include "meter/exporter_domain.h"
#include "meter/exporter_mirror.h"
#include "meter/exporter_rate.h"
#include "meter/flow.h"
#include "meter/netflow.h"
#include "meter/sflow_track.h"

#define EXPORTER_UNTOLD UINT64_MAX

/* What each datagram touches stands in the first line of the cache. */
struct exporter {
	_Alignas(64) struct sflow_track *sflow; /* owned; NULL until the first sFlow datagram */
	struct netflow_state *netflow;          /* likewise */
	struct utc_s last_heard;                /* 0: never */
	uint64_t datagrams, octets;
	uint64_t samples;   /* flow samples and flow records: what is attributed */
	int64_t ingress_s;  /* when it last sent a sample taken on the way in, UTC; 0: never */
	unsigned protocols; /* set of enum exporter_protocol */

	struct exporter_mirror mirror; /* where a worker hears it, instead of both decoders */
	uint64_t refused_datagrams;    /* whole or in part */
	uint64_t refused[FLOW_REFUSALS];
	uint64_t counters[COUNTER_RESULTS]; /* readings of ports' counters, by what came of them */
	uint64_t *discards; /* owned: packets that it dropped, by reason; NULL: none was told */
	struct sflow_seen_list seen; /* what it sends that is not read */
	bool has_processor;
	struct sflow_processor processor; /* as it said last */
	/* Of a worker: of its datagrams, those that the meter knows of; EXPORTER_UNTOLD: it does
	 * not know of the exporter, which another run heard. */
	uint64_t shared_datagrams;
	uint64_t seen_restarts;       /* when they were looked at last, and 1; 0: never */
	struct bin_exporter reported; /* what the bins so far have taken over */
};
static_assert(offsetof(struct exporter, mirror) == 64, "one line");

/* Room for `count`, the first `had` of them as in `list`, which is freed. NULL without memory: then it is
 * as it was. */
struct exporter *exporters_grow(struct exporter *list, size_t had, size_t count);
/* Frees its decoders and what was written down of it. */
void exporter_fini(struct exporter *e);
/* Writes down all that can be seen of an exporter, without its decoders: for another thread, which
 * frees it with exporter_fini. 0, or -1 without memory. */
int exporter_copy(struct exporter *out, const struct exporter *e);
/* A packet was dropped, for this reason (at most SFLOW_REASONS). Without memory it is not counted. */
void exporter_discard(struct exporter *e, uint32_t reason);
/* Sums of its decoders, or of those of the worker that hears it; false when it has none. */
bool exporter_sflow(const struct exporter *e, struct sflow_totals *out);
bool exporter_netflow(const struct exporter *e, struct netflow_totals *out);
/* Octets of memory that its decoders hold, and at most; and what they had no room for besides templates and
 * domains. */
size_t exporter_size(const struct exporter *e);
size_t exporter_bound(void);
uint64_t exporter_dropped(const struct exporter *e);
/* How often it has begun anew, as far as its decoders tell. */
uint64_t exporter_restarts(const struct exporter *e);
/* Totals since the meter started. */
struct bin_exporter exporter_totals(const struct exporter *e);
/* What came since the last time; the bin's share. */
struct bin_exporter exporter_since(const struct exporter *e);
/* What came of each sequence space since exporter_domains_taken and in all, up to `max` of them;
 * returns how many there are. */
size_t exporter_domains(const struct exporter *e, struct exporter_domain *out, size_t max);
/* What they say is reported: the next share begins. */
void exporter_domains_taken(struct exporter *e);
/* The rates by source, domain, sampler and interface, up to `max`; returns how many there are. */
size_t exporter_rates(const struct exporter *e, struct exporter_rate *out, size_t max);
