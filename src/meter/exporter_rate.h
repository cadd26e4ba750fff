/* The sampling rates of an exporter, as they are announced, measured and used. Plain value. */
#pragma once

#include <stdint.h>

#include "meter/flow.h"

/* For what a rate holds. */
enum rate_scope {
	RATE_SOURCE,    /* a data source of sFlow: `id` is its class and index */
	RATE_ALL,       /* a whole domain */
	RATE_SAMPLER,   /* a sampler or selector: `id` is its number */
	RATE_INTERFACE, /* an interface: `id` is its index */
};

enum rate_used {
	RATE_UNKNOWN, /* none: such flows are shown and not scaled */
	RATE_ANNOUNCED,
	RATE_EFFECTIVE,
};

struct exporter_rate {
	uint8_t protocol; /* enum exporter_protocol */
	uint8_t scope;    /* enum rate_scope */
	uint8_t used;     /* enum rate_used; an override of the hub file goes before */
	uint64_t domain, id;
	struct sampling announced, effective; /* population 0: not known */
	uint64_t drops;                       /* samples that the agent says it could not take */
};
