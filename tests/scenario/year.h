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
	YEAR_PORTS = 18,
	YEAR_SWITCHES = 4, /* two speak sFlow, one IPFIX, one NetFlow 9 */
	YEAR_IPFIX = 2,
	YEAR_NETFLOW = 3,
	YEAR_FRAMES = 2,     /* that a datagram tells of */
	YEAR_RATE = 1 << 20, /* one frame in so many is told of */
	YEAR_BIN_S = 300,
	YEAR_BINS_MAX = 366 * 288,
	YEAR_DATAGRAM_MAX = 1400,
};

struct year_port {
	char id[8];
	uint32_t asn, if_index;
	unsigned host; /* its switch */
	bool narrow;   /* its counters have 32 bits */
	uint64_t speed_bps, usual_in_bps, usual_out_bps;
	uint64_t in, out; /* what the switch has counted */
};

/* A frame that was sampled. */
struct year_frame {
	unsigned from, to;
	uint16_t octets;
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
		uint32_t records; /* that IPFIX numbers */
	} switches[YEAR_SWITCHES];
	struct year_reference *reference;
	/* The collector: what it is asked to take, in order of time. False: it takes it, and forgets it
	 * again when it dies. */
	struct year_collector {
		bool (*arrive)(void *context, unsigned host, const struct buf *datagram,
			       int64_t at_s);
		/* A port's counters, by SNMP. */
		bool (*poll)(void *context, unsigned port, const struct year_reading *reading);
		/* It is stopped and started. */
		void (*restart)(void *context, int64_t at_s);
		/* It is killed, at once or a little later. */
		void (*kill)(void *context, int64_t at_s);
		/* A month has been over for two days. */
		void (*month)(void *context, int year, int month, int64_t at_s);
		void *context;
	} collector;
	struct {
		uint64_t datagrams, lost, late, twice, restarts, silences, stops, kills;
	} count;
};

/* A number that follows from the seed and four others; the same every time. */
uint64_t year_chance(uint64_t seed, uint64_t what, uint64_t a, uint64_t b, uint64_t c);

void year_world_init(struct year_world *world, uint64_t seed, int64_t from_s, int64_t to_s);
/* Plays from from_s to to_s. */
void year_play(struct year_world *world);
struct mac year_mac(unsigned port);
struct ip year_switch_address(unsigned host);

/* --- the hub file (year_hub.c) --- */

/* The hub file of this year, as JSON, which is YAML too. */
void year_hub_text(const struct year_world *world, struct buf *out);

/* --- datagrams of IPFIX and NetFlow 9 (year_flows.c) --- */

/* Numbers it, and counts its records for the next number. Frames: YEAR_FRAMES of them; NULL: the
 * templates and the sampling rate. */
void year_flows_write(struct buf *out, struct year_world *world, unsigned host, int64_t at_s,
		      const struct year_frame *frames);

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
/* Frames that were sampled. */
void year_reference_frames(struct year_reference *r, const struct year_frame *frames, int64_t at_s);
/* The same from a switch that must have told its templates first. */
void year_reference_flows(struct year_reference *r, unsigned host, const struct year_frame *frames,
			  int64_t at_s);
void year_reference_templates(struct year_reference *r, unsigned host, int64_t at_s);
/* The collector forgot what it read last, and all templates. */
void year_reference_forget(struct year_reference *r);
/* It died: what waited for its template is gone. */
void year_reference_die(struct year_reference *r);
struct year_bin year_reference_bin(const struct year_reference *r, const struct year_port *port,
				   unsigned number, size_t bin);
/* Records of a switch that must have been counted, templates' and sampling rates' too. */
uint64_t year_reference_records(const struct year_reference *r, unsigned host);
