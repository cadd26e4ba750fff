/* Octet counters of ports, turned into octets of bins: differences of readings, spread over the
 * seconds between them. Wraps of 32-bit counters are mended, resets and impossible jumps leave a
 * gap. Octets are exact: what is spread over several bins adds up to the difference. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

enum {
	COUNTER_BINS = 16,    /* bins that are kept */
	COUNTER_GAP_BINS = 12 /* a longer gap between two readings is not bridged */
};

/* What an exporter says about a port. */
struct counter_reading {
	uint32_t exporter, if_index; /* which counter it is: a port may move to another */
	uint64_t in_octets, out_octets;
	uint32_t uptime_ms; /* of the exporter */
	uint64_t speed_bps; /* the larger of the port's and what the exporter says */
};

/* One port in one bin. */
struct counter_sum {
	uint64_t in, out;
	/* Seconds between two readings that were at most a bin apart. What was counted over a
	 * longer time is exact as a whole, but how it fell into the bins is not known. */
	uint32_t covered_s;
};

struct counters;

/* `bin_length_s` > 0. NULL if there is no memory. */
struct counters *counters_new(uint32_t bin_length_s);
void counters_free(struct counters *c);
/* Makes room for ports 0 to `count` - 1. 0 or -1. */
int counters_reserve(struct counters *c, size_t count);

enum counter_result {
	COUNTER_FIRST, /* nothing to compare with yet */
	COUNTER_COUNTED,
	COUNTER_RESET,     /* went back, or the exporter was restarted: a gap */
	COUNTER_JUMP,      /* more than the port can carry: a gap */
	COUNTER_TOO_LATE,  /* the reading before is too long ago: a gap */
	COUNTER_OVERTAKEN, /* older than the one before: passed over */
	COUNTER_RESULTS    /* how many there are */
};
enum counter_result counters_take(struct counters *c, uint32_t port, struct counter_reading reading,
				  struct utc_s now);

/* What is counted in the bin that starts at `start`, and not taken yet. */
struct counter_sum counters_of(const struct counters *c, uint32_t port, struct utc_s start);
/* Forgets the sums of that bin: they are handed on. What is counted for it later stands alone, and
 * makes it late. */
void counters_close(struct counters *c, struct utc_s start);
/* The first closed bin that something was added to since, or false. */
bool counters_late(const struct counters *c, struct utc_s *start);
