/* What a meter sets aside of its flows for those who watch: sums by destination, and copies of the
 * samples that members want to have. It belongs to the thread that takes the datagrams, which does as
 * little as it can; what it all means is decided by struct watch (meter/watch.h), which takes it over
 * every second or so.
 *
 *	meter_flow.c --a flow--> intake --watch_take--> watch (alarms), forward (samples sent on),
 *	                                                flow_keep (records kept)                  */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "hub/hub.h"
#include "meter/flow.h"
#include "meter/roster.h"
#include "meter/watch_hitters.h"

enum {
	WATCH_ADDRESSES = 8192, /* destinations that are followed */
	WATCH_NETWORKS = 2048,
	WATCH_COPIES_MAX = 8192, /* samples that wait to be taken over */
	WATCH_TURN = 25000,      /* flows looked at until it looks at half as many */
	WATCH_HEADER_MAX = 256,  /* octets of a frame in a copy */
};

/* A flow that was counted, as the meter knows it. */
struct watch_flow {
	const struct flow *flow;
	uint32_t exporter, from, to; /* numbers; HUB_NONE: not known */
	uint64_t octets, packets;    /* scaled */
};

/* A sample that somebody wants to have. */
struct watch_copy {
	struct utc_s at;
	struct flow flow; /* without its octets */
	uint32_t exporter, from, to;
	uint32_t rate; /* one in so many, as counted */
	uint16_t header_length;
	uint8_t header[WATCH_HEADER_MAX];
};

/* For whom a port's samples are copied. */
enum watch_wish { WATCH_SEND = 1, WATCH_KEEP = 2 };

struct watch_intake {
	uint32_t skip;  /* flows that are passed over before the next is looked at */
	uint32_t every; /* one in so many is looked at, on average */
	bool looks;     /* at destinations */
	uint8_t ipv4_length, ipv6_length;
	uint64_t chance;
	uint64_t looked; /* flows since it was taken over, by those that were looked at */
	uint32_t turn;   /* looked at since `every` grew, or it was taken over */
	struct utc_s now;
	struct watch_hitters addresses, networks;
	uint8_t *wishes; /* by port: set of enum watch_wish; NULL: nobody wants any */
	size_t wish_count;
	struct watch_copy *copies; /* NULL until somebody wants some */
	size_t copy_count;
	uint64_t copies_lost; /* there was no room */
};

/* 0, or -1 without memory. */
int watch_intake_init(struct watch_intake *in, uint64_t seed);
void watch_intake_fini(struct watch_intake *in);
/* Goes over to a picture whose ports the roster has numbered. 0, or -1 without memory: then it is as
 * it was. */
int watch_intake_apply(struct watch_intake *in, const struct hub *hub, const struct roster *roster);
/* Forgets what was set aside. */
void watch_intake_clear(struct watch_intake *in);
/* Moves what `worker` has set aside into `share`, which is empty, and back what the share was told when
 * it was taken over last: memory is exchanged, not copied. */
void watch_intake_exchange(struct watch_intake *share, struct watch_intake *worker);
/* Adds the copies of a share to these, and takes them from it. */
void watch_intake_join(struct watch_intake *in, struct watch_intake *share);
/* Octets of memory held, and at most. */
size_t watch_intake_size(const struct watch_intake *in);
size_t watch_intake_bound(const struct watch_intake *in);

/* The parts of watch_intake_flow that are not always done. */
void watch_intake_look(struct watch_intake *in, const struct watch_flow *flow);
void watch_intake_copy(struct watch_intake *in, const struct watch_flow *flow);

/* Whether the member of a port wants copies of its samples. */
static inline bool
watch_intake_wanted(const struct watch_intake *in, uint32_t port)
{
	return port < in->wish_count && in->wishes[port];
}

/* Takes notice of one flow. On the hot path: most are passed over by a count. */
static inline void
watch_intake_flow(struct watch_intake *in, const struct watch_flow *flow)
{
	if (in->wishes &&
	    (watch_intake_wanted(in, flow->from) || watch_intake_wanted(in, flow->to)))
		watch_intake_copy(in, flow);
	if (in->skip)
		in->skip--;
	else
		watch_intake_look(in, flow);
}
