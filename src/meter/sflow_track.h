/* What was lost of an exporter's sFlow. Two kinds of numbers tell: one a datagram, by sub_agent_id,
 * and one a sample, by data source.
 *
 * A datagram's number says whether something was lost at all; the samples' numbers say how much was
 * in it. So a gap among samples counts only as far as lost datagrams can explain it: what an agent
 * did not send, or numbers in a way of its own, is not loss on the way. */
#pragma once

#include <stddef.h>

#include "base/clock.h"
#include "meter/sflow.h"

enum {
	SFLOW_SUB_AGENTS_MAX = 256,
	SFLOW_SOURCES_MAX = 65536, /* data sources of one exporter */
};

struct sflow_track;

struct sflow_totals {
	uint64_t samples; /* flow and counter samples */
	uint64_t lost_samples, lost_datagrams;
	uint64_t restarts, repeated; /* of sub_agent_ids; datagrams */
	size_t sources;
};

struct sflow_track *sflow_track_new(void);
void sflow_track_free(struct sflow_track *t);
/* Takes a datagram's number; then each of its samples is taken, before the next datagram. */
void sflow_track_datagram(struct sflow_track *t, const struct sflow_reader *reader,
			  struct utc_s now);
void sflow_track_sample(struct sflow_track *t, const struct sflow_sample *sample);
struct sflow_totals sflow_track_totals(const struct sflow_track *t);
