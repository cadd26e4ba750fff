/* Paths of one router, in order of their names. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pcep/pcep_pce_private.h"

uint32_t
pcep_lsp_place(const struct pcep_peer *peer, const char *name, bool *there)
{
	uint32_t low = 0, high = peer->lsp_count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (strcmp(name, peer->lsps[middle]->name) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	*there = low < peer->lsp_count && strcmp(name, peer->lsps[low]->name) == 0;
	return low;
}

struct pcep_lsp *
pcep_lsp_by_name(const struct pcep_peer *peer, const char *name)
{
	bool there;
	uint32_t at = pcep_lsp_place(peer, name, &there);
	return there ? peer->lsps[at] : NULL;
}

struct pcep_lsp *
pcep_lsp_by_id(const struct pcep_peer *peer, uint32_t plsp_id)
{
	for (uint32_t i = 0; i < peer->lsp_count; i++)
		if (peer->lsps[i]->seen && peer->lsps[i]->plsp_id == plsp_id)
			return peer->lsps[i];
	return NULL;
}

struct pcep_lsp *
pcep_lsp_add(struct pcep_peer *peer, const char *name)
{
	bool there;
	uint32_t at = pcep_lsp_place(peer, name, &there);
	assert(!there);
	if (peer->lsp_count == peer->lsp_capacity) {
		uint32_t capacity = peer->lsp_capacity ? peer->lsp_capacity * 2 : 8;
		struct pcep_lsp **lsps = realloc(peer->lsps, capacity * sizeof(struct pcep_lsp *));
		if (!lsps)
			return NULL;
		peer->lsps = lsps;
		peer->lsp_capacity = capacity;
	}
	struct pcep_lsp *lsp = calloc(1, sizeof(*lsp));
	if (!lsp)
		return NULL;
	(void)snprintf(lsp->name, sizeof(lsp->name), "%s", name);
	memmove(peer->lsps + at + 1, peer->lsps + at,
		(peer->lsp_count++ - at) * sizeof(struct pcep_lsp *));
	peer->lsps[at] = lsp;
	return lsp;
}

void
pcep_lsp_drop(struct pcep_peer *peer, struct pcep_lsp *lsp)
{
	bool there;
	uint32_t at = pcep_lsp_place(peer, lsp->name, &there);
	assert(there && peer->lsps[at] == lsp);
	free(lsp->route);
	free(lsp->wish);
	free(lsp);
	memmove(peer->lsps + at, peer->lsps + at + 1,
		(--peer->lsp_count - at) * sizeof(struct pcep_lsp *));
}

int
pcep_lsp_keep(struct pcep_kept **kept, const struct pcep_route *route)
{
	size_t octets = route->count * sizeof(route->hops[0]);
	struct pcep_kept *fresh = malloc(sizeof(*fresh) + octets);
	if (!fresh)
		return -1;
	fresh->count = route->count;
	memcpy(fresh->hops, route->hops, octets);
	free(*kept);
	*kept = fresh;
	return 0;
}

void
pcep_lsp_route(struct pcep_route *out, const struct pcep_kept *kept)
{
	out->count = kept ? kept->count : 0;
	if (kept)
		memcpy(out->hops, kept->hops, kept->count * sizeof(out->hops[0]));
}

bool
pcep_lsp_is_as_wished(const struct pcep_lsp *lsp)
{
	struct pcep_route is, wished;
	pcep_lsp_route(&is, lsp->route);
	pcep_lsp_route(&wished, lsp->wish);
	return pcep_route_equal(&is, &wished);
}
