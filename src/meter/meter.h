/* The meter: datagrams and the time in, batches of traffic out. Pure: no socket, no clock, no file,
 * so that the lab drives the same code on a clock of its own.
 *
 *	meter = meter_new(hub, run, now);
 *	for each datagram in order of arrival:
 *		while ((batch = meter_tick(meter, now))) hand it on;
 *		meter_datagram(meter, METER_SFLOW, source, bytes, now);
 *	while ((batch = meter_flush(meter, now))) hand it on;
 *	meter_free(meter);
 *
 * A bin is closed a little after its end (a fifth of its length, at most 60 s), so that the
 * readings of counters that span the end are in it; samples after the end are already in the next. A
 * reading that comes later still gives a supplement: a batch of the same start, with another `run`,
 * that adds to the first.
 *
 * Addresses are used to find networks and countries, and forgotten. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/ip.h"
#include "exchange/rib/rib_snapshot.h"
#include "hub/hub.h"
#include "hub/traffic.h"
#include "meter/bin.h"
#include "meter/counter.h"
#include "meter/exporter_domain.h"
#include "meter/exporter_rate.h"
#include "meter/flow.h"
#include "meter/sflow.h"

struct meter;
struct roster;
struct watch;
struct watch_intake;

/* A meter for this picture, listening from `now` on. `run` names this run (its start in
 * microseconds will do); batches carry it, or a number a little above. The picture must stay until
 * meter_apply or meter_free. NULL if there is no memory. */
struct meter *meter_new(const struct hub *hub, uint64_t run, struct utc_s now);
/* The same with a country table of the caller's instead of the built-in one, as text in the form of
 * meter/country.h, read here. */
struct meter *meter_new_with_countries(const struct hub *hub, uint64_t run, struct utc_s now,
				       const char *countries, size_t length);
/* What is open is not handed on: meter_flush comes before it. NULL is allowed. */
void meter_free(struct meter *m);
/* Goes over to another picture: sums, templates and sequence numbers stay with the ids of ports and
 * exporters. 0, or -1 without memory: then the meter is as it was, and still needs the old one. */
int meter_apply(struct meter *m, const struct hub *hub);
/* The routes to attribute by, from now on; NULL for none. Not owned; must stay until replaced. */
void meter_set_routes(struct meter *m, const struct rib_snapshot *routes);
/* Batches say that they are made up. */
void meter_set_simulated(struct meter *m, bool simulated);

/* Whether it watches for trouble: it does, unless it is told that nobody would look. */
void meter_set_watching(struct meter *m, bool watching);

enum meter_kind { METER_SFLOW, METER_NETFLOW };

/* Takes one datagram that `source` has sent. METER_NETFLOW is version 5, 9 and IPFIX alike. Never
 * fails: what cannot be used is counted. `now` may stand still or jump. */
void meter_datagram(struct meter *m, enum meter_kind kind, struct ip source, struct cursor datagram,
		    struct utc_s now);
/* Datagrams that the kernel dropped before we saw them. */
void meter_kernel_drops(struct meter *m, uint64_t count);

/* The next batch that is due, or NULL when there is none. Valid until the next call of meter_tick,
 * meter_flush or meter_free. Call until NULL, at least every second, and before datagrams of a
 * later time. */
const struct traffic_batch *meter_tick(struct meter *m, struct utc_s now);
/* The same for an end: the open bin too, as it is. */
const struct traffic_batch *meter_flush(struct meter *m, struct utc_s now);

/* --- looking at it --- */

/* The open bin so far; memory from `arena`. 0, or -1 without memory. */
int meter_now(const struct meter *m, struct utc_s now, struct arena *arena,
	      struct traffic_batch *out);
/* The same with its paths. */
int meter_now_with_paths(const struct meter *m, struct utc_s now, struct arena *arena,
			 struct traffic_batch *out);
/* The newest closed bin, or NULL; it has its paths. Valid until the next meter_tick or meter_flush. */
const struct traffic_batch *meter_last(const struct meter *m);
const struct hub *meter_hub(const struct meter *m);
bool meter_simulated(const struct meter *m);

/* An exporter since the meter started; strings are valid until the next call into the meter. */
struct meter_exporter {
	const char *id; /* NULL: not in the hub file */
	struct ip address;
	unsigned protocols; /* set of enum exporter_protocol, see meter/exporter.h */
	struct utc_s last_heard;
	uint64_t datagrams, octets, samples, records, lost_records, lost_datagrams, restarts;
	uint64_t refused_datagrams, refused[FLOW_REFUSALS];
	uint64_t counters[COUNTER_RESULTS];
	uint64_t repeated;          /* datagrams that came again */
	uint64_t skipped;           /* numbers of samples left out without a datagram lost */
	uint64_t dropped_sets;      /* data whose template did not come in time */
	uint32_t sampling_override; /* of the hub file; 0: none */
	size_t templates, domains, held_sets;
};
/* Those of the picture first, then up to METER_STRANGERS_MAX others that have sent something. */
enum { METER_STRANGERS_MAX = 64 };
size_t meter_exporter_count(const struct meter *m);
struct meter_exporter meter_exporter(const struct meter *m, size_t index);
/* The loss ledger of an exporter and its sampling rates, up to `max` rows; return how many there are. */
size_t meter_exporter_domains(const struct meter *m, size_t index, struct exporter_domain *out,
			      size_t max);
size_t meter_exporter_rates(const struct meter *m, size_t index, struct exporter_rate *out,
			    size_t max);
/* What it sends by sFlow that is not read; and what it says of its processor and memory, NULL: nothing. NULL for
 * one that is not in the hub file. */
const struct sflow_seen_list *meter_exporter_seen(const struct meter *m, size_t index);
const struct sflow_processor *meter_exporter_processor(const struct meter *m, size_t index);
/* Packets that it said it dropped, by reason (sflow_reason_text): SFLOW_REASONS + 1 of them. NULL for
 * one that is not in the hub file. */
const uint64_t *meter_exporter_discards(const struct meter *m, size_t index);

/* How far two sources of a port's counters were apart in the newest closed bin, by the port's index in the
 * picture; false: there was but one. */
bool meter_port_difference(const struct meter *m, uint32_t hub_port,
			   struct counter_difference *out);

/* A MAC that is nobody's, at one place, since it was first seen. */
struct meter_unknown_mac {
	struct mac mac;
	const char *exporter;
	uint16_t vlan;     /* 0: none, or not told */
	uint32_t if_index; /* at the exporter, where it was seen or sent to; 0: not told */
	uint64_t octets_sent, samples_sent, octets_received, samples_received; /* octets scaled */
	struct utc_s first_seen, last_seen;
};
enum { METER_UNKNOWN_MACS_S = 86400 }; /* one that has been silent for so long is not shown */
/* The `max` busiest ones, at most 256; returns how many were written. */
size_t meter_unknown_macs(const struct meter *m, struct meter_unknown_mac *out, size_t max);

/* What it watches for; valid as long as the meter. */
struct watch *meter_watch(const struct meter *m);
/* Samples of members that want their own: taken by whoever sends and keeps them, at least every second,
 * who then says that it is done with them. Ports are numbers of the roster. */
struct watch_intake *meter_intake(struct meter *m);
/* The numbers that ports and exporters have in it; valid until the next meter_apply. */
const struct roster *meter_roster(const struct meter *m);

/* Sums since the meter started, for metrics. */
struct meter_totals {
	uint64_t samples;                  /* flows looked at */
	uint64_t attributed;               /* both ends found */
	uint64_t octets;                   /* scaled, of those */
	uint64_t unattributed[BIN_CAUSES]; /* samples */
	uint64_t kernel_drops;
	uint64_t batches; /* closed bins and supplements */
	uint64_t refused_networks,
		refused_countries; /* samples that were too many for those tables */
	uint64_t readings_lost;    /* of counters, that a worker had no room for */
	size_t memory;             /* octets held by bins */
	size_t counter_memory,
		attribution_memory; /* by counters; by MACs and numbers of networks */
	size_t route_ranges;        /* of the routes' snapshot, 0: none */
};
struct meter_totals meter_totals(const struct meter *m);
