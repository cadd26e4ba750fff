/* What the meter is made of; for the files meter*.c alone. */
#pragma once

#include "meter/attribution.h"
#include "meter/attribution_unknown.h"
#include "meter/country.h"
#include "meter/exporter.h"
#include "meter/meter.h"
#include "meter/roster.h"
#include "meter/watch.h"
#include "meter/watch_intake.h"

/* One that is not in the hub file. */
struct stranger {
	struct ip address;
	struct utc_s last_heard;
	unsigned protocols;
	uint64_t datagrams, octets;
	uint64_t in_open, in_closing; /* datagrams in these bins */
	enum flow_refusal why;
};

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
	uint32_t length_s;
	uint64_t run, next_run;
	bool simulated;

	struct arena *out_arena; /* of the batch that was given last */
	struct traffic_batch out;
	struct arena *last_arena; /* of the newest closed bin */
	struct traffic_batch last;
	bool has_last;
	struct meter_totals totals;

	struct watch *watch;
	bool watching;
	struct watch_intake intake; /* what is set aside for it */
	struct utc_s watched;       /* when it took that over last */
};

/* Counts one flow that exporter number `exporter` has reported (meter_flow.c). */
void meter_count_flow(struct meter *m, uint32_t exporter, const struct flow *flow);
/* Lets the watch see what came until now, once a second; and a bin that was closed (meter_watch.c). */
void meter_let_watch(struct meter *m, struct utc_s now);
void meter_let_watch_bin(struct meter *m, const struct traffic_batch *batch);
/* Takes what was read of a slot's counters, whoever read them (meter.c). */
enum counter_result meter_take_reading(struct meter *m, uint32_t slot,
				       const struct counter_reading *reading, struct utc_s now);
/* Seconds that a bin was listened to until `now` (meter.c). */
uint32_t meter_covered(const struct meter *m, const struct bin *b, struct utc_s now);
/* Makes the batch of a bin (meter_batch.c). `covered_s` is how long it was listened to. 0 or -1. */
int meter_make_batch(struct traffic_batch *out, const struct meter *m, const struct bin *bin,
		     struct arena *arena);
/* Makes a batch of nothing but counters that came late for the bin of `start`. 0 or -1. */
int meter_make_supplement(struct traffic_batch *out, const struct meter *m, struct utc_s start,
			  struct arena *arena);
