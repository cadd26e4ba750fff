/* ifIndexes of ports that the hub file gives by name, or not at all. Flow datagrams tell interfaces by number
 * only; who reads counters by SNMP sees names and numbers, a push may tell both, and so do options of NetFlow 9
 * and IPFIX (interfaceName, interfaceDescription). From then on flows and
 * sFlow counters of that number are the port's.
 *
 *	- What the hub file says of a number goes first.
 *	- Of two ports with one number at one exporter neither has it, and there is an alarm.
 *	- A switch that begins anew may number otherwise: until it is told again nothing is known. */
#pragma once

#include <stdint.h>

#include "meter/meter.h"

enum meter_index_by {
	METER_INDEX_UNKNOWN,
	METER_INDEX_GIVEN, /* by the hub file */
	METER_INDEX_LEARNED,
	METER_INDEX_CLASH, /* learned, and another port's as well: of no use */
};

struct meter_index {
	uint32_t if_index; /* 0: not known */
	enum meter_index_by by;
};

/* Of the own interface of a port, by its index in the picture. */
struct meter_index meter_port_index(const struct meter *m, uint32_t hub_port);
/* Grows when what is known of them changes. */
uint64_t meter_learned(const struct meter *m);
/* Makes a worker know what `m` does, which has the same picture and is not used meanwhile. 0, or -1 without
 * memory: then it is as it was. */
int meter_learn_from(struct meter *worker, const struct meter *m);
