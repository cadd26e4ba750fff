/* A hub in memory, its policy, and routes written as text, for the tests of the policy. */
#pragma once

#include <stdlib.h>

#include "exchange/policy/policy.h"
#include "hub_text.h"
#include "tap.h"

/* Its policy; the slot of a session is its index. */
__attribute__((unused)) static struct policy *
world_policy(const struct hub *hub)
{
	uint32_t *slot_of = calloc(hub->session_count + 1, sizeof(*slot_of));
	for (uint32_t i = 0; slot_of && i < hub->session_count; i++)
		slot_of[i] = i;
	struct policy *policy =
		slot_of ? policy_new(hub, slot_of, (unsigned)hub->session_count) : NULL;
	free(slot_of);
	return policy;
}

/* A route: numbers of the path, a next hop, and communities "0:1001 64500:0:1002 rt:0:1001". */
struct world_route {
	uint8_t path[256];
	struct buf standard, extended, large;
	struct bgp_attrs attrs;
};

static void
world_extended(struct buf *to, const char *kind, const uint32_t n[3])
{
	bool wide = n[0] > UINT16_MAX;
	buf_u8(to, wide ? 2 : 0);
	buf_u8(to, strncmp(kind, "rt", 2) == 0 ? 2 : 3);
	if (wide) {
		buf_u32(to, n[0]);
		buf_u16(to, (uint16_t)n[1]);
	} else {
		buf_u16(to, (uint16_t)n[0]);
		buf_u32(to, n[1]);
	}
}

static void
world_communities(struct world_route *route, const char *text)
{
	buf_clear(&route->standard);
	buf_clear(&route->extended);
	buf_clear(&route->large);
	while (text && *text) {
		uint32_t n[3] = {0};
		size_t count = 0;
		const char *start = text;
		bool extended = *text == 'r';
		text += extended ? 3 : 0;
		for (char *end;; text = end + 1) {
			n[count++] = (uint32_t)strtoul(text, &end, 10);
			if (*end != ':' || count == 3) {
				text = end;
				break;
			}
		}
		if (extended)
			world_extended(&route->extended, start, n);
		else if (count == 2)
			buf_u32(&route->standard, n[0] << 16 | n[1]);
		else
			for (size_t i = 0; i < 3; i++)
				buf_u32(&route->large, n[i]);
		text += *text == ' ';
	}
	route->attrs.communities = cursor_of(route->standard.data, route->standard.length);
	route->attrs.ext_communities = cursor_of(route->extended.data, route->extended.length);
	route->attrs.large_communities = cursor_of(route->large.data, route->large.length);
}

/* `path` is "1001 3356"; its memory is the route's. */
__attribute__((unused)) static void
world_route(struct world_route *route, const char *path, const char *next_hop,
	    const char *communities)
{
	size_t count = 0;
	uint32_t last = 0, first = 0;
	for (char *end; *path && count < 60; path = *end == ' ' ? end + 1 : end, count++) {
		last = (uint32_t)strtoul(path, &end, 10);
		first = count ? first : last;
		for (size_t i = 0; i < 4; i++)
			route->path[2 + 4 * count + i] = (uint8_t)(last >> (24 - 8 * i));
	}
	route->path[0] = 2;
	route->path[1] = (uint8_t)count;
	route->attrs = (struct bgp_attrs){
		.as_path = cursor_of(route->path, count ? 2 + 4 * count : 0),
		.as_hops = (uint16_t)count,
		.first_as = {first},
		.origin_as = {last},
	};
	if (next_hop)
		ip_parse(&route->attrs.next_hop, next_hop);
	world_communities(route, communities);
}

__attribute__((unused)) static void
world_route_fini(struct world_route *route)
{
	buf_fini(&route->standard);
	buf_fini(&route->extended);
	buf_fini(&route->large);
}

static inline bool
world_has(const uint64_t *set, unsigned slot)
{
	return set[slot / 64] >> slot % 64 & 1;
}

/* The edit for a receiver. */
__attribute__((unused)) static uint32_t
world_edit(const struct policy_variant *variants, size_t count, unsigned slot)
{
	for (size_t i = 0; i < count; i++)
		if (world_has(variants[i].slots, slot))
			return variants[i].edit;
	return 0;
}
