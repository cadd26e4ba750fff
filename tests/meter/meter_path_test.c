/* Traffic by the way it takes: the first ASes of the route's path, for the open and the closed bin, also when
 * routes change meanwhile, and nothing of it in what is kept. */
#include <stdlib.h>

#include "exchange.h"
#include "meter/meter.h"
#include "meter/meter_merge.h"
#include "tap.h"

enum { START = 1700000100 };

static struct utc_s
at(int64_t seconds)
{
	return (struct utc_s){START + seconds};
}

/* Routes by destination: each a prefix and its path, ended by 0. */
struct way {
	const char *prefix;
	uint32_t path[12];
};

static struct rib_snapshot *
routes_of(struct buf *bytes, const struct way *ways, size_t count)
{
	struct rib_snapshot_paths *paths = rib_snapshot_paths_new();
	struct rib_snapshot_route list[8] = {0};
	for (size_t i = 0; i < count; i++) {
		struct buf segment = {0};
		uint8_t length = 0;
		while (ways[i].path[length])
			length++;
		buf_u8(&segment, 2); /* AS_SEQUENCE */
		buf_u8(&segment, length);
		for (int k = 0; k < length; k++)
			buf_u32(&segment, ways[i].path[k]);
		(void)prefix_parse(&list[i].prefix, ways[i].prefix);
		list[i].origin.origin_as = ways[i].path[length - 1];
		list[i].origin.path = rib_snapshot_paths_add(
			paths, cursor_of(segment.data, segment.length), &list[i].origin.next_as);
		buf_fini(&segment);
	}
	(void)rib_snapshot_build(bytes, list, count, paths);
	rib_snapshot_paths_free(paths);
	return rib_snapshot_open(bytes->data, bytes->length);
}

static void
send(struct meter *m, const char *destination, int64_t seconds)
{
	static uint32_t sequence;
	struct buf b = {0};
	struct frame f = {.to = 1,
			  .vlan = 100,
			  .rate = 1,
			  .length = 1000,
			  .source_ip = "198.51.100.1",
			  .destination_ip = destination};
	sequence++;
	sflow_header(&b, (struct sflow_numbers){0, sequence, 100000 + sequence}, 1);
	sflow_flow_sample(&b, sequence, &f);
	meter_datagram(m, METER_SFLOW, ip_v4(0xc0000201), cursor_of(b.data, b.length), at(seconds));
	buf_fini(&b);
}

/* "p1 to 1 2 3 4+ 1000; " for each way out. */
static const char *
ways(const struct traffic_batch *b)
{
	static char text[600];
	int n = 0;
	text[0] = '\0';
	for (size_t i = 0; b && i < b->path_count; i++) {
		const struct traffic_path *p = &b->paths[i];
		if (!p->outgoing)
			continue;
		n += snprintf(text + n, sizeof(text) - (size_t)n, "%s to", b->ports[p->port].port);
		for (int k = 0; k < TRAFFIC_PATH_HOPS && p->hops[k]; k++)
			n += snprintf(text + n, sizeof(text) - (size_t)n, " %u", p->hops[k]);
		n += snprintf(text + n, sizeof(text) - (size_t)n, "%s %llu; ", p->cut ? "+" : "",
			      (unsigned long long)p->octets);
	}
	return text;
}

static const struct way first[] = {
	{"39.32.0.0/16", {64513, 64900}},
	{"39.33.0.0/16", {64513, 64513, 64513, 64900}},
	{"39.34.0.0/16", {64513, 1, 2, 3, 4, 64900}},
	{"39.35.0.0/16", {64513, 1, 2, 3, 5, 64900}},
	{"39.36.0.0/16", {64513, 1, 1, 1, 2, 64900}},
};

static void
bins(void)
{
	static const struct way second[] = {{"39.32.0.0/16", {64513, 7, 64900}}};
	struct hub *hub = exchange_new(2);
	struct buf bytes = {0}, other = {0};
	struct rib_snapshot *before = routes_of(&bytes, first, 5),
			    *after = routes_of(&other, second, 1);
	struct meter *m = meter_new(hub, 1, at(0));
	struct arena *arena = arena_new();
	struct traffic_batch batch;
	meter_set_routes(m, before);
	for (int i = 0; i < 5; i++) {
		char destination[32];
		(void)snprintf(destination, sizeof(destination), "39.%d.1.1", 32 + i);
		send(m, destination, 1);
	}
	(void)meter_now_with_paths(m, at(2), arena, &batch);
	is_str(ways(&batch),
	       "p1 to 64513 1 2 3+ 2000; p1 to 64513 1 2 64900 1000; p1 to 64513 64900 2000; ",
	       "the first four of the path, each once in a row, and whether it goes on");
	size_t networks = 0;
	for (size_t i = 0; i < batch.origin_count; i++)
		networks += batch.origins[i].outgoing;
	ok(networks == 1 && batch.origins[batch.origin_count - 1].octets == 5000,
	   "a network that is reached by several ways is one network");
	meter_set_routes(m, after);
	send(m, "39.32.1.1", 3);
	send(m, "39.33.1.1", 3);
	(void)meter_now_with_paths(m, at(4), arena, &batch);
	is_str(ways(&batch),
	       "p1 to 1000; p1 to 64513 1 2 3+ 2000; p1 to 64513 1 2 64900 1000; "
	       "p1 to 64513 7 64900 1000; p1 to 64513 64900 2000; ",
	       "when routes change the way does from then on");
	while (meter_tick(m, at(360)))
		;
	is_str(ways(meter_last(m)), ways(&batch), "the closed bin has them as well");
	struct buf encoded = {0};
	struct traffic_batch read;
	traffic_encode(meter_last(m), &encoded);
	ok(traffic_decode(&read, arena, cursor_of(encoded.data, encoded.length)) == 0 &&
		   !read.path_count && read.origin_count == batch.origin_count,
	   "what is kept has networks, and no paths");
	buf_fini(&encoded);
	arena_free(arena);
	meter_free(m);
	rib_snapshot_free(before);
	rib_snapshot_free(after);
	buf_fini(&bytes);
	buf_fini(&other);
	hub_free(hub);
}

static void
joined(void)
{
	struct hub *hub = exchange_new(2);
	struct buf bytes = {0};
	struct rib_snapshot *routes = routes_of(&bytes, first, 5);
	struct meter *m = meter_new(hub, 1, at(0)), *worker[2];
	struct meter_share *share = meter_share_new(1);
	struct arena *arena = arena_new();
	struct traffic_batch batch;
	for (int i = 0; i < 2; i++) {
		worker[i] = meter_new(hub, 1, at(0));
		meter_set_worker(worker[i]);
		meter_set_routes(worker[i], routes);
		send(worker[i], i ? "39.32.1.1" : "39.34.1.1", 1);
		send(worker[i], "39.36.1.1", 1);
		(void)meter_share_take(share, worker[i], at(2));
		(void)meter_tick(m, at(2));
		(void)meter_merge(m, share);
	}
	(void)meter_now_with_paths(m, at(3), arena, &batch);
	is_str(ways(&batch),
	       "p1 to 64513 1 2 3+ 1000; p1 to 64513 1 2 64900 2000; p1 to 64513 64900 1000; ",
	       "ways of workers, who number them differently, are joined");
	arena_free(arena);
	meter_share_free(share);
	meter_free(worker[0]);
	meter_free(worker[1]);
	meter_free(m);
	rib_snapshot_free(routes);
	buf_fini(&bytes);
	hub_free(hub);
}

int
main(void)
{
	bins();
	joined();
	return done_testing();
}
