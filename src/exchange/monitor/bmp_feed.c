/* Feeding BMP stations: the ring of changes, and who is up. What a station is told of them is in
 * bmp_station.c. */
#include "exchange/monitor/bmp_feed.h"

#include <stdlib.h>
#include <string.h>

#include "exchange/monitor/bmp_feed_parts.h"

static void
path_changed(void *context, const struct rib_change *change, const struct prefix *prefix)
{
	struct rib_source source = change->source;
	struct bmp_feed *feed = context;
	feed->ring[feed->ring_end++ % BMP_RING] = (struct bmp_change){
		.prefix = *prefix,
		.slot = source.slot,
		.path_id = source.path_id,
		.sent_id = change->sent_id,
		.kind = BMP_CHANGE_PATH,
	};
	if (change->refused && source.slot < feed->slots)
		feed->neighbours[source.slot].rejected++;
}

static void
tell(struct bmp_feed *feed, enum bmp_change_kind kind, unsigned slot)
{
	if (feed->listening)
		feed->ring[feed->ring_end++ % BMP_RING] =
			(struct bmp_change){.kind = kind, .slot = slot};
}

struct bmp_feed *
bmp_feed_new(const struct bmp_feed_source *source)
{
	struct bmp_feed *feed = calloc(1, sizeof(*feed));
	if (feed)
		feed->source = *source;
	return feed;
}

static void
forget(struct bmp_feed_neighbour *n)
{
	buf_fini(&n->sent);
	buf_fini(&n->received);
	buf_fini(&n->last_words);
}

void
bmp_feed_free(struct bmp_feed *feed)
{
	if (!feed)
		return;
	for (size_t slot = 0; slot < feed->slots; slot++)
		forget(&feed->neighbours[slot]);
	free(feed->neighbours);
	free(feed->ring);
	free(feed->words);
	buf_fini(&feed->update);
	buf_fini(&feed->attrs);
	buf_fini(&feed->scratch);
	free(feed);
}

static bool
make_room(struct bmp_feed *feed, unsigned slot)
{
	if (slot < feed->slots)
		return true;
	size_t slots = feed->slots * 2 > slot ? feed->slots * 2 : slot + 64;
	struct bmp_feed_neighbour *wide = realloc(feed->neighbours, slots * sizeof(*wide));
	if (!wide)
		return false;
	memset(wide + feed->slots, 0, (slots - feed->slots) * sizeof(*wide));
	feed->neighbours = wide;
	feed->slots = slots;
	return true;
}

bool
bmp_feed_up(struct bmp_feed *feed, unsigned slot, const struct bmp_neighbour *neighbour,
	    bool routes)
{
	if (!make_room(feed, slot))
		return false;
	struct bmp_feed_neighbour *n = &feed->neighbours[slot];
	const struct bmp_peer_up *up = &neighbour->up;
	buf_fini(&n->sent);
	buf_fini(&n->received);
	buf_put(&n->sent, up->sent.at, cursor_left(&up->sent));
	buf_put(&n->received, up->received.at, cursor_left(&up->received));
	if (n->sent.failed || n->received.failed)
		return false;
	n->is = *neighbour;
	n->is.up.sent = cursor_of(n->sent.data, n->sent.length);
	n->is.up.received = cursor_of(n->received.data, n->received.length);
	n->up = true;
	n->generation++;
	n->rejected = 0;
	tell(feed, BMP_CHANGE_PEER, slot);
	if (routes)
		tell(feed, BMP_CHANGE_ALL, slot);
	return true;
}

void
bmp_feed_down(struct bmp_feed *feed, unsigned slot, enum bmp_down reason, struct cursor data)
{
	if (slot >= feed->slots || !feed->neighbours[slot].up)
		return;
	struct bmp_feed_neighbour *n = &feed->neighbours[slot];
	n->up = false;
	n->reason = reason;
	n->down_at = feed->source.now(feed->source.context);
	buf_clear(&n->last_words);
	buf_put(&n->last_words, data.at, cursor_left(&data));
	tell(feed, BMP_CHANGE_PEER, slot);
}

void
bmp_feed_decided(struct bmp_feed *feed)
{
	tell(feed, BMP_CHANGE_DECIDED, 0);
}

bool
bmp_feed_listen(struct bmp_feed *feed)
{
	if (!feed->ring)
		feed->ring = malloc(BMP_RING * sizeof(*feed->ring));
	if (!feed->ring)
		return false;
	if (feed->listening++ == 0)
		for (unsigned i = 0; i < 2; i++)
			rib_watch(feed->source.ribs[i], (struct rib_watcher){path_changed, feed});
	return true;
}

void
bmp_feed_leave(struct bmp_feed *feed)
{
	if (--feed->listening)
		return;
	for (unsigned i = 0; i < 2; i++)
		rib_watch(feed->source.ribs[i], (struct rib_watcher){NULL, NULL});
	free(feed->ring);
	feed->ring = NULL;
}
