/* What a meter holds in memory, part by part, with the bound of each: whatever comes in datagrams, no part
 * grows beyond it, and what there is no room for is counted. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "meter/meter.h"

enum meter_part {
	METER_PAIRS,     /* of ports */
	METER_NETWORKS,  /* of ports and networks */
	METER_COUNTRIES, /* of pairs of countries */
	METER_PORTS,     /* sums of ports, exporters and domains */
	METER_COUNTERS,  /* of ports */
	METER_PLACES,    /* MACs, interfaces, numbers of routes */
	METER_UNKNOWN,   /* MACs that are nobody's */
	METER_DECODERS,  /* templates, held data, numbers of exporters */
	METER_READINGS,  /* of counters, on their way from workers */
	METER_WATCH,     /* what is watched for, and copies of samples */
	METER_BATCHES,   /* bins that were given last, or are still to be given */
	METER_INBOXES,   /* datagrams that are being read */
	METER_PARTS,     /* how many there are */
};

struct meter_memory {
	size_t octets; /* held */
	size_t bound; /* at most; 0: as the hub file and the routes ask for, whatever datagrams say */
	uint64_t refused; /* what there was no room for: samples, templates and the like */
};

/* In words: "pairs". Static text. */
const char *meter_part_text(enum meter_part part);
/* Adds what this meter holds, so that workers can be added up. */
void meter_memory(const struct meter *m, struct meter_memory out[METER_PARTS]);
