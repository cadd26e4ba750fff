/* What BMP stations are told, and when. Pure: it is told what happens, and asked for octets.
 *
 *   path changed ---> changes: a ring of (whose path, prefix), one for all stations
 *   peer up, down --->            ^                ^
 *                              station          station     a position each, and one in the table while it
 *                                 |                |        is told what there is from the start
 *                            bmp_station_fill: the newest state of what changed, from the table
 *
 * A station takes octets at its own pace and nothing waits for it: there is no queue of messages. A change
 * that it has not come to yet is told as it stands by then, so what changed twice is told once or twice, and
 * the last word is always the newest (RFC 7854 section 4.6 calls this state compression). One that falls
 * behind the whole ring has missed something: it is to be closed, and told everything when it is back.
 *
 * One owner thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/ip.h"
#include "exchange/monitor/bmp.h"
#include "exchange/rib/rib.h"

enum { BMP_RING = 256 * 1024 }; /* changes */

struct bmp_feed;
struct bmp_station;

/* A neighbour whose session is up. OPENs are copied. */
struct bmp_neighbour {
	struct bmp_peer peer;
	struct bmp_peer_up up;
	struct bmp_time since;
	/* Of IPv4 and IPv6: agreed at all; path identifiers in what they send, and are sent. */
	bool family[2], add_path_in[2], add_path_out[2];
};

struct bmp_numbers {
	uint64_t adj_in[2]; /* routes of IPv4 and IPv6 */
	uint64_t adj_out;
	uint64_t treated_as_withdraw;
	uint64_t duplicates, duplicate_withdrawals;
};

/* What the feed asks for. */
struct bmp_feed_source {
	struct rib *ribs[2]; /* IPv4, IPv6 */
	struct asn asn;      /* ours */
	uint32_t router_id;
	const char *name, *description; /* kept, not copied */
	/* Numbers of a neighbour; for slot -1, routes of Loc-RIB in adj_in. */
	void (*numbers)(void *context, int slot, struct bmp_numbers *out);
	struct bmp_time (*now)(void *context);
	void *context;
};

/* NULL if there is no memory. Watches both tables while a station listens. */
struct bmp_feed *bmp_feed_new(const struct bmp_feed_source *source);
/* After its stations. */
void bmp_feed_free(struct bmp_feed *feed);

/* `routes`: the neighbour has routes in the table already, which were kept while it was away. False if there is
 * no memory: the stations do not hear of it. */
bool bmp_feed_up(struct bmp_feed *feed, unsigned slot, const struct bmp_neighbour *neighbour,
		 bool routes);
void bmp_feed_down(struct bmp_feed *feed, unsigned slot, enum bmp_down reason, struct cursor data);
/* Who receives what was decided anew: stations that hear Adj-RIB-Out are told it again. */
void bmp_feed_decided(struct bmp_feed *feed);

/* What a station wants to hear. */
struct bmp_wish {
	bool views[BMP_VIEWS];
};

/* NULL if there is no memory. It hears nothing until bmp_station_begin. */
struct bmp_station *bmp_station_new(struct bmp_feed *feed, struct bmp_wish wish);
void bmp_station_free(struct bmp_station *station);
/* A connection to it is up: it is told everything. */
void bmp_station_begin(struct bmp_station *station);
/* The connection is gone. */
void bmp_station_end(struct bmp_station *station);
/* Statistics are to be told with the next octets. */
void bmp_station_count(struct bmp_station *station);
/* Is there something to tell? Cheap. */
bool bmp_station_waiting(const struct bmp_station *station);

enum bmp_fill {
	BMP_FILL_ALL,  /* nothing more to tell */
	BMP_FILL_MORE, /* about `bound` octets were appended, or much was looked at; more follow */
	BMP_FILL_BEHIND, /* it missed changes: to be closed */
};
enum bmp_fill bmp_station_fill(struct bmp_station *station, struct buf *out, size_t bound);
