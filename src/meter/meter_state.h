/* What the meter is made of; for the files meter*.c alone. */
#pragma once

#include "meter/attribution.h"
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

struct meter {
	const struct hub *hub;             /* not owned */
	const struct rib_snapshot *routes; /* not owned; NULL: none */
	struct roster roster;
	struct attribution *attribution;
	struct countries *countries;
	struct exporter *exporters; /* by number, as many as the roster has */
	size_t exporter_count;
	struct stranger strangers[METER_STRANGERS_MAX];
	size_t stranger_count;
	uint64_t strangers_datagrams; /* also of those beyond the list */

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
void meter_let_watch_bin(struct meter *m, const struct bin *bin, const struct traffic_batch *batch);
/* Makes the batch of a bin (meter_batch.c). `covered_s` is how long it was listened to. 0 or -1. */
int meter_make_batch(struct traffic_batch *out, const struct meter *m, const struct bin *bin,
		     struct arena *arena);
/* Makes a batch of nothing but counters that came late for the bin of `start`. 0 or -1. */
int meter_make_supplement(struct traffic_batch *out, const struct meter *m, struct utc_s start,
			  struct arena *arena);
