/* How the asking goes, as values: what is shown of it. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/ip.h"

enum { POLLER_REASON = 128 };

/* One machine; the text lives as long as the picture. */
struct poller_device_report {
	const char *exporter;
	struct ip address;
	size_t ports, found;      /* interfaces looked for; of which the last walk had octets */
	uint64_t walks, failures; /* ended; given up */
	uint64_t answers, timeouts;
	struct utc_s last_good;      /* the end of the last walk that was whole; 0: none */
	uint32_t walk_ms;            /* how long it took */
	char trouble[POLLER_REASON]; /* empty: none */
};

/* Readings on their way to the meter. */
struct poller_outbox_counts {
	size_t waiting;
	uint64_t taken, refused, forgotten; /* rows */
};
