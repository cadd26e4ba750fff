/* What is known of an exporter's sFlow beyond single datagrams: what was lost, and at which rate its
 * sources really sample.
 *
 * Two kinds of numbers tell of loss: one a datagram, by sub_agent_id, and one a sample, by data
 * source. A datagram's number says whether something was lost at all; the samples' numbers say how
 * much was in it. So a gap among samples counts only as far as lost datagrams can explain it: what
 * an agent did not send, or numbers in a way of its own, is not loss on the way.
 *
 * Two things tell of the rate: what the sample says (announced), and how far the pool of frames went
 * on from sample to sample (effective). The announced one is used. The effective one is used where
 * none is announced; and where it is larger by more than a tenth and the agent's count of drops
 * accounts for that: frames that were to be sampled, but for which it had no time, are in the pool
 * only. A pool that says otherwise without drops is shown, not used: many agents count theirs wrongly. */
#pragma once

#include <stddef.h>

#include "base/buf.h"
#include "base/clock.h"
#include "meter/exporter_domain.h"
#include "meter/exporter_rate.h"
#include "meter/sequence_drops.h"
#include "meter/sflow.h"

enum {
	SFLOW_SUB_AGENTS_MAX = 256,
	SFLOW_SOURCES_MAX = 65536, /* data sources of one exporter */
};

struct sflow_track;

struct sflow_totals {
	uint64_t samples; /* of flows, counters and discarded packets */
	uint64_t lost_samples, lost_datagrams;
	uint64_t restarts, repeated; /* of sub_agent_ids; datagrams */
	uint64_t skipped; /* numbers of samples that were left out though no datagram was lost */
	size_t sources;
};

/* `drops`: of our socket; not owned, may be NULL. NULL without memory. */
struct sflow_track *sflow_track_new(struct sequence_drops *drops);
void sflow_track_free(struct sflow_track *t);
/* Takes a datagram's number; `datagram` is all of it. False when it has come before: then its samples
 * are not to be counted. Else each of them is taken, before the next datagram. */
bool sflow_track_datagram(struct sflow_track *t, const struct sflow_reader *reader,
			  struct cursor datagram, struct utc_s now);
/* Takes a sample that has numbers; the rate of a flow becomes that to be used. */
void sflow_track_sample(struct sflow_track *t, struct sflow_sample *sample);
struct sflow_totals sflow_track_totals(const struct sflow_track *t);
/* A row for each sub_agent_id, up to `max`; returns how many there are. */
size_t sflow_track_domains(const struct sflow_track *t, struct exporter_domain *out, size_t max);
/* What they say is reported. */
void sflow_track_domains_taken(struct sflow_track *t);
/* A row for each data source that sends flow samples, up to `max`; returns how many there are. */
size_t sflow_track_rates(const struct sflow_track *t, struct exporter_rate *out, size_t max);
/* Octets of memory held, and at most. */
size_t sflow_track_size(const struct sflow_track *t);
size_t sflow_track_bound(void);
/* What is to outlive a restart: sub_agent_ids and data sources with their numbers and rates. Appends;
 * see meter/exporter_state.h. */
void sflow_track_encode(const struct sflow_track *t, struct buf *out);
/* NULL and the cursor failed, when it says what cannot be; NULL without memory. */
struct sflow_track *sflow_track_decode(struct sequence_drops *drops, struct cursor *in);
