/* What the meter is made of; for the files meter*.c alone. */
#pragma once

#include "meter/attribution.h"
#include "meter/attribution_unknown.h"
#include "meter/country.h"
#include "meter/exporter.h"
#include "meter/meter.h"
#include "meter/meter_memory.h"
#include "meter/roster.h"
#include "meter/watch.h"
#include "meter/watch_intake.h"

/* A reading of counters that a worker has taken, for the meter that it belongs to. */
struct meter_reading {
	uint32_t exporter, slot; /* exporter HUB_NONE: nobody's */
	struct utc_s at;
	struct counter_reading reading;
	uint32_t if_index; /* not 0: no reading, but the slot has this number (meter_learn.c) */
};

/* How samples and counters of a port agreed lately (meter_ratio.c). */
struct meter_ratio {
	bool alarm;
	uint8_t bins; /* in a row that say otherwise */
};

/* How two sources of a port's counters agreed lately (meter_trust.c). */
struct meter_trust {
	struct meter_ratio past;
	bool known; /* and what they said in the newest bin */
	struct counter_difference newest;
};

/* One that is not in the hub file. */
struct stranger {
	struct ip address;
	struct utc_s last_heard;
	unsigned protocols;
	uint64_t datagrams, octets;
	uint64_t in_open, in_closing; /* datagrams in these bins */
	enum flow_refusal why;
};

/* A worker's readings that wait for the meter. */
enum { METER_READINGS_MAX = 1 << 16 };

enum { METER_DOMAINS_MAX = SFLOW_SUB_AGENTS_MAX + NETFLOW_DOMAINS_MAX };

struct meter {
	const struct hub *hub;             /* not owned */
	const struct rib_snapshot *routes; /* not owned; NULL: none */
	/* By number of the routes, the open bin's number of the same network and 1; 0: not asked yet.
	 * NULL: no routes, or no memory. */
	uint32_t *route_numbers;
	struct utc_s now; /* of the datagram in hand */
	struct roster roster;
	struct attribution *attribution;
	struct countries *countries;
	struct exporter *exporters; /* by number, as many as the roster has */
	size_t exporter_count;
	struct exporter_domain
		domains[METER_DOMAINS_MAX]; /* of one exporter, while it is looked at */
	struct meter_ratio *ratios;         /* by port, as many as the last of the three */
	struct meter_trust *trust;
	int64_t *ingress_s; /* by port: when a frame from it was last sampled on its way in, UTC */
	size_t ingress_count;
	struct attribution_strangers unknown;
	struct stranger strangers[METER_STRANGERS_MAX];
	size_t stranger_count;
	uint64_t strangers_datagrams; /* also of those beyond the list */

	struct sequence_drops drops; /* of our socket, that no gap was explained by */
	struct bin open, closing;
	bool has_closing;
	struct counters *counters;
	/* A worker's readings wait for the meter that it belongs to (meter_merge.c). */
	bool worker;
	struct meter_reading *readings;
	size_t reading_count, reading_capacity;
	uint32_t length_s;
	uint64_t run, next_run;
	bool simulated;

	/* What a dead run left, to be given before anything else. */
	struct arena *resumed_arena;
	struct traffic_batch *resumed;
	size_t resumed_count, resumed_given;

	struct arena *out_arena; /* of the batch that was given last */
	struct traffic_batch out;
	bool given;               /* out was given by the last meter_tick or meter_flush */
	struct arena *last_arena; /* of the newest closed bin */
	struct traffic_batch last;
	bool has_last;
	struct meter_totals totals;

	/* ifIndexes that were learned (meter_learn.c). */
	uint64_t learned;      /* how often what is known of them has changed */
	bool learned_anew;     /* since the attribution was made */
	struct utc_s restarts; /* when exporters that begin anew were looked for last */

	struct watch *watch;
	bool watching;
	struct watch_intake intake; /* what is set aside for it */
	struct utc_s watched;       /* when it took that over last */
};

/* Counts one flow that exporter number `exporter` has reported (meter_flow.c). */
void meter_count_flow(struct meter *m, uint32_t exporter, const struct flow *flow);
/* Gives a flow whose packet carries another the addresses that say whose it is (meter_layer.c). */
void meter_choose_layer(const struct meter *m, struct flow *flow);
/* What the bin knows of a network by what the routes do; and the ways of a bin's traffic, by port, put into
 * its batch with memory from `arena`, 0 or -1 (meter_path.c). */
struct bin_network meter_network_of(const struct rib_snapshot *routes,
				    const struct rib_origin *origin);
int meter_make_paths(struct traffic_batch *out, const struct meter *m, const struct bin *bin,
		     struct arena *arena);
/* Takes what was read of a slot's counters, whoever read them, and says what came of it
 * (meter_counters.c). */
enum counter_result meter_take_reading(struct meter *m, const struct meter_reading *reading);
/* Adds one that is not in the hub file, and what it sent in the open or the closing bin (meter.c). */
void meter_note_stranger(struct meter *m, const struct stranger *seen);
/* Seconds that a bin was listened to until `now` (meter.c). */
uint32_t meter_covered(const struct meter *m, const struct bin *b, struct utc_s now);
/* The open bin is another one: its numbers of networks are, too (meter.c). */
void meter_forget_route_numbers(struct meter *m);
/* The port's own interface has this ifIndex, as seen at `at`; of use from the next meter_settle_learned on
 * (meter_learn.c). */
void meter_learn(struct meter *m, uint32_t slot, uint32_t if_index, struct utc_s at);
void meter_settle_learned(struct meter *m, struct utc_s now);
/* An exporter says what its interface is called. */
void meter_learn_name(struct meter *m, uint32_t exporter, uint32_t if_index, struct cursor name);
/* What exporters have sent since they were asked last goes to this bin (meter.c). */
void meter_take_over_exporters(struct meter *m, struct bin *b);
/* Lets the watch see what came until now, once a second; and a bin that was closed (meter_watch.c). */
void meter_let_watch(struct meter *m, struct utc_s now);
void meter_let_watch_bin(struct meter *m, const struct traffic_batch *batch);
/* Whether samples and counters of ports agree in a bin that was closed (meter_ratio.c). */
void meter_judge_ratios(struct meter *m, const struct traffic_batch *batch);
/* Whose counters are believed, by the picture; and whether they agree in a bin that is about to be closed
 * (meter_trust.c). */
void meter_trust_sources(struct meter *m);
void meter_judge_sources(struct meter *m, struct utc_s start);
/* Adds what a bin holds (meter_memory.c). */
void meter_memory_add_bin(struct meter_memory out[METER_PARTS], const struct bin *b);
/* Makes the batch of a bin (meter_batch.c). `covered_s` is how long it was listened to. 0 or -1. */
int meter_make_batch(struct traffic_batch *out, const struct meter *m, const struct bin *bin,
		     struct arena *arena);
/* Makes a batch of nothing but counters that came late for the bin of `start`. 0 or -1. */
int meter_make_supplement(struct traffic_batch *out, const struct meter *m, struct utc_s start,
			  struct arena *arena);
