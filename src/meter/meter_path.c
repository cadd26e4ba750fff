/* Traffic by the way it takes beyond a port: the first ASes of the path of the exchange's best route. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "meter/meter_state.h"

static_assert((int)BIN_PATH_HOPS == (int)TRAFFIC_PATH_HOPS, "copied as they are");

struct bin_network
meter_network_of(const struct rib_snapshot *routes, const struct rib_origin *origin)
{
	struct bin_network n = {.origin_as = origin->origin_as, .next_as = origin->next_as};
	size_t count, used = 0;
	const uint32_t *path = rib_snapshot_path(routes, origin->path, &count);
	for (size_t i = 0; i < count; i++) {
		if (used && path[i] == n.path[used - 1])
			continue; /* put there again to make the path longer */
		if (used == BIN_PATH_HOPS || !path[i]) {
			n.cut = 1; /* an AS_SET says nothing of the way */
			break;
		}
		n.path[used++] = path[i];
	}
	return n;
}

static int
compare(const void *a, const void *b)
{
	const struct traffic_path *x = a, *y = b;
	if (x->port != y->port)
		return x->port < y->port ? -1 : 1;
	if (x->outgoing != y->outgoing)
		return x->outgoing ? 1 : -1;
	for (int i = 0; i < TRAFFIC_PATH_HOPS; i++)
		if (x->hops[i] != y->hops[i])
			return x->hops[i] < y->hops[i] ? -1 : 1;
	return (int)x->cut - (int)y->cut;
}

static void
join(struct traffic_batch *batch)
{
	size_t used = 0;
	qsort(batch->paths, batch->path_count, sizeof(*batch->paths), compare);
	for (size_t i = 0; i < batch->path_count; i++) {
		struct traffic_path *p = &batch->paths[i];
		if (used && compare(&batch->paths[used - 1], p) == 0) {
			batch->paths[used - 1].octets += p->octets;
			batch->paths[used - 1].samples += p->samples;
		} else {
			batch->paths[used++] = *p;
		}
	}
	batch->path_count = used;
}

int
meter_make_paths(struct traffic_batch *out, const struct meter *m, const struct bin *bin,
		 struct arena *arena)
{
	const struct tally *t = &bin->networks;
	size_t ports = m->roster.port_count;
	uint32_t *place = arena_take(arena, (ports + 1) * sizeof(*place));
	struct traffic_path *paths = arena_take(arena, (t->count + 1) * sizeof(*paths));
	if (!place || !paths)
		return -1;
	/* The ports of a batch are some of the roster's, in the same order. */
	uint32_t next = 0;
	for (size_t i = 0; i < ports; i++) {
		bool there = next < out->port_count &&
			     strcmp(m->roster.ports[i].id, out->ports[next].port) == 0;
		place[i] = there ? next++ : HUB_NONE;
	}
	out->paths = paths;
	out->path_count = 0;
	for (const struct tally_entry *e = tally_first(t); e; e = tally_next(t, e)) {
		uint32_t port = place[e->key >> 43 & 0xfffff];
		struct bin_network n = bin_networks_at(&bin->numbers, (uint32_t)e->key);
		if (port == HUB_NONE)
			continue;
		struct traffic_path *p = &paths[out->path_count++];
		*p = (struct traffic_path){.port = port,
					   .outgoing = e->key >> 42 & 1,
					   .cut = n.cut,
					   .octets = e->octets,
					   .samples = e->samples};
		memcpy(p->hops, n.path, sizeof(p->hops));
	}
	join(out);
	return 0;
}
