/* The ports and exporters of the hub, numbered. A number stays the same while the meter runs,
 * whatever hub files come and go, so that sums and sequence numbers survive a new picture. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/ip.h"
#include "hub/hub.h"

struct roster_port {
	char *id;
	uint64_t speed_bps;
	uint32_t hub_port; /* index in the picture now, HUB_NONE when it has left it */
	uint32_t exporter; /* number of the exporter that counts it, HUB_NONE: any */
	uint32_t slots;    /* the first of its slots, which are chained */
	uint32_t own;      /* the slot of its own interface, or the first of the further ones */
	bool several;      /* several exporters count it: it is on several switches */
	/* The ifIndex of its own interface, where the hub file says none, as told last by somebody who
	 * knows it by name or by the port's id; 0: not told. */
	uint32_t learned;
	int64_t learned_s;    /* when, UTC; or since when it is not known any more */
	uint64_t learned_for; /* which interface that is, by exporter and name */
};

/* An interface of a port, and so a set of counters. A port whose interface is not known has one all
 * the same, for counters that are told by the port's id. */
struct roster_slot {
	uint32_t port, exporter; /* numbers; exporter HUB_NONE: not known */
	uint32_t if_index;       /* by the hub file; 0: not known */
	uint32_t next;           /* of the same port; HUB_NONE: the last */
	bool current;            /* in the picture now */
};

struct roster_exporter {
	char *id;
	struct ip address, agent;
	uint32_t sampling_override;
	uint32_t hub_exporter; /* as above */
};

enum { ROSTER_PORTS_MAX = 1 << 20, ROSTER_SLOTS_MAX = 1 << 21, ROSTER_EXPORTERS_MAX = 4096 };

struct roster {
	struct roster_port *ports;
	size_t port_count;
	struct roster_slot *slots;
	size_t slot_count;
	struct roster_exporter *exporters;
	size_t exporter_count;
	uint64_t fastest_bps; /* of the ports in the picture */
	/* Exporters in the picture by address: number and 1, 0 for free; a power of two of them. */
	uint32_t *by_address;
	size_t address_mask;
};

void roster_fini(struct roster *r);
/* Takes over a picture; a zeroed roster is a valid empty one. 0, or -1 if there is no memory or too
 * much of something (the roster is then still sound, and may lack some). */
int roster_apply(struct roster *r, const struct hub *hub);
/* The slot that is meant by a port's id alone: of its own interface, or the first of the further ones.
 * HUB_NONE: the port has left the picture. */
uint32_t roster_slot_of(const struct roster *r, uint32_t port);
/* The ifIndex of a slot, by the hub file or else as learned; 0: not known. */
uint32_t roster_index_of(const struct roster *r, uint32_t slot);
/* The ifIndex of the port's own interface is this, as seen at `at`. True if that is news. What is older than
 * what is known says nothing; nor of a port whose ifIndex stands in the hub file, or whose exporter is not
 * known. */
bool roster_learn(struct roster *r, uint32_t port, uint32_t if_index, struct utc_s at);
/* An exporter has begun anew at `at`, and may number its interfaces otherwise now. True if something was
 * known of it. */
bool roster_unlearn(struct roster *r, uint32_t exporter, struct utc_s at);
/* The numbers of all ports in the order of their ids, for roster_find; to be freed. NULL without
 * memory. */
uint32_t *roster_order(const struct roster *r);
/* The port in the picture with that id of `length` octets, or HUB_NONE. */
uint32_t roster_find(const struct roster *r, const uint32_t *order, const void *id, size_t length);
/* Which exporter has sent from `address`, with this agent address inside (IP_NONE when the protocol
 * has none). HUB_NONE if none; *known says whether the address as such is one of an exporter. */
uint32_t roster_exporter_of(const struct roster *r, struct ip address, struct ip agent,
			    bool *known);
