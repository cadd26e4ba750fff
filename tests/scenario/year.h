/* A year among simulated members, from one seed: what their switches counted, what was lost of it on the way, and the
 * plain reckoning of what a ledger must then hold. The reckoning (year_reference.c) is slow and shares no code with
 * the meter and the ledger. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/ip.h"

enum {
	YEAR_MEMBERS = 10,
	YEAR_PORTS = 14,
	YEAR_SWITCHES = 2,
	YEAR_BIN_S = 300,
	YEAR_BINS_MAX = 366 * 288,
	YEAR_DATAGRAM_MAX = 1400,
};

struct year_port {
	char id[8];
	uint32_t asn, if_index;
	unsigned host; /* the switch: 0 or 1 */
	bool narrow;   /* its counters have 32 bits */
	uint64_t speed_bps, usual_in_bps, usual_out_bps;
	uint64_t in, out; /* what the switch has counted */
};

/* What reached the collector, as told to the reckoning. */
struct year_reading {
	int64_t at_s, uptime_s;
	uint64_t in, out, speed_bps;
};

struct year_world {
	uint64_t seed;
	int64_t from_s, to_s;
	struct year_port ports[YEAR_PORTS];
	struct year_switch {
		int64_t started_s, silent_until_s;
		uint32_t sequence, frame_sequence, pool, counter_sequence;
	} switches[YEAR_SWITCHES];
	struct year_reference *reference;
	/* Takes a datagram that arrives at `at_s`, in order of time. */
	void (*arrive)(void *context, unsigned host, const struct buf *datagram, int64_t at_s);
	/* The collector is stopped and started (once a month or so). */
	void (*restart)(void *context, int64_t at_s);
	void *context;
	struct {
		uint64_t datagrams, lost, late, twice, restarts, silences, collector_restarts;
	} count;
};

/* A number that follows from the seed and four others; the same every time. */
uint64_t year_chance(uint64_t seed, uint64_t what, uint64_t a, uint64_t b, uint64_t c);

/* The hub file of this year, as JSON, which is YAML too. */
void year_hub_text(const struct year_world *world, struct buf *out);
void year_world_init(struct year_world *world, uint64_t seed, int64_t from_s, int64_t to_s);
/* Plays from from_s to to_s. */
void year_play(struct year_world *world);
struct mac year_mac(unsigned port);
struct ip year_switch_address(unsigned host);

/* --- the reckoning --- */

enum year_state { YEAR_MISSING, YEAR_COUNTER, YEAR_ESTIMATED };

/* A port's bin as it must be billed. */
struct year_bin {
	uint64_t in, out;
	enum year_state state;
};

struct year_reference;

struct year_reference *year_reference_new(int64_t from_s, int64_t to_s);
void year_reference_free(struct year_reference *r);
/* A switch was heard at all. */
void year_reference_heard(struct year_reference *r, unsigned host, int64_t at_s);
void year_reference_reading(struct year_reference *r, unsigned port, struct year_reading reading);
/* A sampled frame, scaled. */
void year_reference_frame(struct year_reference *r, unsigned from, unsigned to, uint64_t octets,
			  int64_t at_s);
/* The collector forgot what it read last. */
void year_reference_forget(struct year_reference *r);
struct year_bin year_reference_bin(const struct year_reference *r, const struct year_port *port,
				   unsigned number, size_t bin);
