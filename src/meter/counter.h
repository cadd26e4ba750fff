/* Counters of interfaces, turned into octets of bins: differences of readings, spread over the
 * seconds between them. Wraps are mended, resets and impossible jumps leave a gap. Octets are exact:
 * what is spread over several bins adds up to the difference.
 *
 * An interface is a slot, numbered by the caller; a port may have several. Each slot listens to one source
 * at a time: the one that is trusted most of those that have told something within a bin. The others are
 * measured beside it, so that one can go on where another ends, and to see whether they say the same. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "hub/traffic.h"

enum {
	COUNTER_BINS = 16,    /* bins that are kept */
	COUNTER_GAP_BINS = 12 /* a longer gap between two readings is not bridged */
};

/* In and out as the hub sees it: in = from the member into the exchange. */
enum counter_value {
	COUNTER_OCTETS_IN,
	COUNTER_OCTETS_OUT,
	COUNTER_PACKETS_IN,
	COUNTER_PACKETS_OUT,
	COUNTER_ERRORS_IN,
	COUNTER_ERRORS_OUT,
	COUNTER_DISCARDS_IN,
	COUNTER_DISCARDS_OUT,
	COUNTER_VALUES /* how many there are */
};

/* A value that was not told. */
static const uint64_t counter_not_told = UINT64_MAX;

/* What is said of an interface at one moment. Both octets are needed. */
struct counter_reading {
	uint64_t value[COUNTER_VALUES];
	enum traffic_source source;
	uint8_t width;      /* bits of the octet counters: 32 or 64; 0: not told */
	bool has_uptime;    /* uptime_ms was told */
	uint32_t uptime_ms; /* of whoever counts */
	uint32_t
		discontinuity; /* when the counters last began anew, in its own time; 0: not told */
	uint64_t speed_bps;    /* what the interface can carry at most; 0: not known */
};

/* A reading that the next one is compared with. */
struct counter_last {
	bool known;
	/* Set of enum counter_value: has been beyond 32 bits, does not wrap there. */
	uint32_t wide;
	/* The octets have stepped back as 32 bits do when they wrap, and never been beyond them. */
	bool narrow;
	int64_t at_s;
	struct counter_reading reading;
};

/* One interface in one bin. */
struct counter_sum {
	uint64_t value[COUNTER_VALUES];
	/* Seconds between two readings that were at most a bin apart, and a tenth for jitter. What
	 * was counted over a longer time is exact as a whole, but how it fell into the bins is not
	 * known. */
	uint32_t covered_s;
	enum traffic_source source;
};

struct counters;

/* `bin_length_s` > 0. NULL if there is no memory. */
struct counters *counters_new(uint32_t bin_length_s);
void counters_free(struct counters *c);
/* Makes room for slots 0 to `count` - 1. 0 or -1. */
int counters_reserve(struct counters *c, size_t count);

enum counter_result {
	COUNTER_FIRST, /* nothing to compare with yet */
	COUNTER_COUNTED,
	COUNTER_RESET,        /* went back, or the counters began anew: a gap */
	COUNTER_JUMP,         /* more than the interface can carry: a gap */
	COUNTER_TOO_LATE,     /* the reading before is too long ago: a gap */
	COUNTER_OVERTAKEN,    /* older than the one before, or the same: passed over */
	COUNTER_TOO_NARROW,   /* 32 bits that may have wrapped more than once since: a gap */
	COUNTER_OTHER_SOURCE, /* the slot listens to another one: passed over */
	COUNTER_NO_OCTETS,    /* octets were not told: passed over */
	COUNTER_RESULTS       /* how many there are */
};
/* Which sources are listened to, the most trusted one first, each once. What is not in the list is not
 * listened to. Before it is told: SNMP, sFlow, push. */
enum { COUNTER_SOURCES = TRAFFIC_BY_PUSH };
void counters_trust(struct counters *c, uint32_t slot, const enum traffic_source *order,
		    size_t count);
enum counter_result counters_take(struct counters *c, uint32_t slot,
				  const struct counter_reading *reading, struct utc_s now);

/* How far another source is from the one that was listened to, in a bin that both cover well. */
struct counter_difference {
	enum traffic_source own, other;
	bool outgoing;               /* the way in which they differ more */
	uint64_t own_bps, other_bps; /* that way */
	uint32_t ppm;                /* of the larger one */
};
/* The worst of a slot; false: there is nothing to compare. For a bin of the last few that is not closed. */
bool counters_compare(const struct counters *c, uint32_t slot, struct utc_s start,
		      struct counter_difference *out);
/* What is counted in the bin that starts at `start`, and not taken yet. */
struct counter_sum counters_of(const struct counters *c, uint32_t slot, struct utc_s start);
/* Forgets the sums of that bin: they are handed on. What is counted for it later stands alone, and
 * makes it late. */
void counters_close(struct counters *c, struct utc_s start);
/* The first closed bin that something was added to since, or false. */
bool counters_late(const struct counters *c, struct utc_s *start);
/* The next one after *start, which is negative for the first. */
bool counters_late_after(const struct counters *c, struct utc_s *start);

/* What the next reading of a slot will be compared with, to be kept and given to another run. */
struct counter_last counters_last(const struct counters *c, uint32_t slot);
/* Takes that over; the slot must be reserved. */
void counters_resume(struct counters *c, uint32_t slot, struct counter_last last);
/* Octets of memory held. */
size_t counters_size(const struct counters *c);
