/* What sending samples on is made of; for the files forward*.c alone. */
#pragma once

#include "base/buf.h"
#include "meter/forward.h"

/* One exporter at one rate, as the member is told of it: number `index + 1`. */
struct forward_source {
	uint32_t exporter, rate;
	uint32_t sequence; /* sFlow: samples; IPFIX: data records */
	uint32_t pool, drops;
	struct utc_s told; /* IPFIX: its templates; 0: not yet */
};

struct forward_sink {
	struct asn member;
	struct hub_samples what;
	struct ip agent;
	struct forward_source *sources; /* FORWARD_SOURCES_MAX */
	uint32_t source_count;
	uint32_t sequence;    /* sFlow: datagrams */
	struct buf open;      /* the datagram that is being filled; empty: none */
	uint32_t open_source; /* IPFIX: whose */
	uint32_t open_count;  /* samples, or data records, in it */
	size_t set_at;        /* IPFIX: where the open set begins; 0: none */
	uint16_t set_template;
	struct utc_s second; /* of `taken` */
	uint32_t taken;      /* samples in that second */
	struct forward_report report;
	bool wanted; /* in the picture */
};

/* A sample as one member is to have it. */
struct forward_sample {
	const struct watch_copy *copy;
	struct forward_source *source;
	uint32_t source_index;
	uint32_t input, output; /* interface indices of its own ports; 0: another's */
	struct utc_s started;   /* of the hub's sending */
};

/* --- forward_sflow.c, forward_ipfix.c --- */
/* Appends a sample to the open datagram, which it begins if there is none. False if it cannot be said in
 * this format. */
bool forward_sflow_add(struct forward_sink *sink, const struct forward_sample *sample);
bool forward_ipfix_add(struct forward_sink *sink, const struct forward_sample *sample);
/* Fills in what is known at the end of the open datagram. */
void forward_sflow_end(struct forward_sink *sink);
void forward_ipfix_end(struct forward_sink *sink);
/* Whether another sample fits, of this source. */
bool forward_sflow_fits(const struct forward_sink *sink, const struct forward_sample *sample);
bool forward_ipfix_fits(const struct forward_sink *sink, const struct forward_sample *sample);
