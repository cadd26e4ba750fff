/* One data source of an sFlow agent: the numbers of its samples, and the rate at which it samples.
 * For sflow_track.c alone. */
#pragma once

#include <assert.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "meter/exporter_rate.h"
#include "meter/sflow.h"

enum { SFLOW_EFFECTIVE_OVER = 1024 }; /* samples that an effective rate is taken over */

struct sflow_source {
	uint64_t key; /* 0: free */
	uint32_t epoch;
	uint32_t next;    /* the number that should come */
	uint32_t missing; /* numbers, in this epoch */
	uint32_t announced;
	uint32_t last_pool, last_drops; /* of the sample before, if anchored */
	uint64_t pool;                  /* frames since the window began */
	uint32_t taken, dropped;        /* samples since then */
	struct sampling effective;      /* of the window before; population 0: not known yet */
	uint32_t drops;                 /* in all */
	uint8_t used;                   /* enum rate_used */
	bool anchored;
};
static_assert(sizeof(struct sflow_source) == 64, "one cache line");

/* Never 0. `sub_agent` is its place in the track. */
static inline uint64_t
sflow_source_key(size_t sub_agent, const struct sflow_sample *sample)
{
	return 1ull << 63 | (uint64_t)sub_agent << 48 | (uint64_t)(sample->kind & 3) << 46 |
	       (uint64_t)(sample->source_class & 0x3fff) << 32 | sample->source_index;
}

/* The place of its sub_agent_id in the track. */
static inline size_t
sflow_source_agent(const struct sflow_source *s)
{
	return s->key >> 48 & 0x7fff;
}

/* It sends flow samples; else counters, or discarded packets. */
static inline bool
sflow_source_sends_flows(const struct sflow_source *s)
{
	return (s->key >> 46 & 3) == SFLOW_FLOW;
}

/* Takes what a flow sample says of rates, and gives it the one to be used. `advance` is by how much
 * its number went on: 0 begins anew, below 0 came late. */
void sflow_source_rate(struct sflow_source *s, struct sflow_sample *sample, int64_t advance);
struct exporter_rate sflow_source_report(const struct sflow_source *s);
/* All but its key and epoch, as bytes. */
void sflow_source_encode(const struct sflow_source *s, struct buf *out);
void sflow_source_decode(struct sflow_source *s, struct cursor *in);
