/* A member's own samples, sent on to it: those that came in by one of its ports, or went out by one. Pure:
 * copies in, datagrams out. They are numbered anew, so that the member can tell what was lost on the way
 * to it; samples that were lost before are no part of that.
 *
 *   sFlow version 5   agent: the router id of the hub; a data source is one exporter at one rate. Its pool
 *                     grows by the rate with every sample, those too that rate_max kept back (they are
 *                     counted in `drops`), so that pool over sequence is what a sample stands for
 *   IPFIX, RFC 7011   an observation domain is one exporter at one rate; templates and the rate, as
 *                     options, come first and every FORWARD_TEMPLATES_S
 *
 * Interface indices are those of the member's own ports; of others it hears MAC addresses, which are in the
 * frames anyway, and IP addresses only where its hub file says so. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/cursor.h"
#include "hub/hub.h"
#include "meter/roster.h"
#include "meter/watch_intake.h"

struct forward;

enum {
	FORWARD_DATAGRAM_MAX = 1400, /* octets: fits every Ethernet */
	FORWARD_QUEUE = 1024,        /* datagrams that wait to be sent, of all members */
	FORWARD_SOURCES_MAX = 256,   /* (exporter, rate) of one member */
	FORWARD_TEMPLATES_S = 60,
};

/* From `now` on. NULL without memory. */
struct forward *forward_new(struct utc_s now);
void forward_free(struct forward *f);
/* Goes over to a picture; members that stay keep their numbers. 0, or -1 without memory: then those that
 * were there are served as before. */
int forward_apply(struct forward *f, const struct hub *hub, const struct roster *roster);

/* Takes copies; their ports are numbers of the roster. */
void forward_take(struct forward *f, const struct watch_copy *copies, size_t count);
/* Ends the datagrams that are begun, so that they can be sent. To be called every second. */
void forward_flush(struct forward *f);

struct forward_datagram {
	struct hub_endpoint to;
	struct cursor octets; /* valid until the next call of any function here */
	uint32_t sink;
};
/* The next one that is to be sent; false: none. */
bool forward_next(struct forward *f, struct forward_datagram *out);
/* It was sent, or it was not and is lost. */
void forward_sent(struct forward *f, uint32_t sink, bool sent);

/* To look at: a member that samples are sent to. */
struct forward_report {
	struct asn member;
	struct hub_samples what;
	uint64_t samples; /* put into datagrams */
	uint64_t limited; /* kept back by rate_max */
	uint64_t
		inexpressible; /* a record of many packets cannot be an sFlow sample; or too many sources */
	uint64_t datagrams, octets, lost; /* lost: that the system would not take, or no room */
};
/* How many members are sent samples; what became of those of each, by `index` below that; octets
 * of memory held. */
size_t forward_count(const struct forward *f);
struct forward_report forward_report(const struct forward *f, size_t index);
size_t forward_memory(const struct forward *f);
