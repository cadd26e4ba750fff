/* A small corridor with routers, and a reader of what the path computation element says, for tests.
 *
 *	A ──AB 200 km── B ──BC 200 km── C ──CD 100 km── D
 *	└────────AC 900 km, 0.1 Tbit/s──┘ */
#pragma once

#include <stdio.h>
#include <stdlib.h>

#include "hub/hub_memory.h"
#include "pcep/pcep_pce.h"
#include "pcep_bytes.h"

#define WORLD_SEGMENTS                                                                             \
	"  - {id: AB, a: A, b: B, length_km: 200, status: in service, lit_or_active_tbps: 1}\n"    \
	"  - {id: BC, a: B, b: C, length_km: 200, status: %s, lit_or_active_tbps: 1}\n"            \
	"  - {id: AC, a: A, b: C, length_km: 900, status: in service, lit_or_active_tbps: 0.1, "   \
	"srlg: SOUTH}\n"                                                                           \
	"  - {id: CD, a: C, b: D, length_km: 100, status: in service}\n"

struct world {
	struct hub *hub;
	struct corridor_plan *corridor;
	struct pcep_plan plan;
};

/* `bc`: the status of BC; `pcep`: items of pcep beside listen and routers; `more`: items beside pcep. */
__attribute__((unused)) static struct world
world_made(const char *bc, const char *pcep, const char *more)
{
	char text[3000];
	char *said;
	(void)snprintf(
		text, sizeof(text),
		"hub: {name: H, asn: 64500, router_id: 192.0.2.1}\n"
		"sites: [{id: A, name: A, lat: 0, lon: 0}, {id: B, name: B, lat: 0, lon: 1},"
		" {id: C, name: C, lat: 1, lon: 1}, {id: D, name: D, lat: 1, lon: 2}]\n"
		"segments:\n" WORLD_SEGMENTS "pcep:\n  listen: 192.0.2.1\n  state_timeout_s: 60\n"
		"%s"
		"  routers:\n"
		"    - {name: r1, address: 10.99.0.11, site: A, adjacencies:"
		" [{segment: AC, label: 24003, local: 10.1.0.1, remote: 10.1.0.2}]}\n"
		"    - {name: r2, loopback: 10.0.0.2, site: B, label: 16002, sid: 'fc00:2::'}\n"
		"    - {name: r3, loopback: 10.0.0.9, site: C, label: 16009, sid: 'fc00:9::'}\n"
		"    - {name: r4, address: 10.99.0.14, loopback: 10.0.0.4, site: D}\n"
		"%s",
		bc, pcep, more);
	struct memory_file file = {"hub.yaml", text, false};
	struct world world = {.hub = memory_hub(&file, 1, &said)};
	if (!world.hub) {
		printf("Bail out! %s\n", said);
		exit(1);
	}
	free(said);
	world.corridor =
		corridor_plan_new(world.hub, (struct corridor_day){.at = {.s = 1800000000}});
	world.plan = (struct pcep_plan){world.hub, world.corridor, NULL};
	return world;
}

__attribute__((unused)) static struct world
world_of(const char *bc, const char *pcep)
{
	return world_made(bc, pcep, "");
}

__attribute__((unused)) static struct world
world_with(const char *bc, const char *more)
{
	return world_made(bc, "", more);
}

__attribute__((unused)) static void
world_fini(struct world *world)
{
	corridor_plan_free(world->corridor);
	hub_free(world->hub);
}

/* "reply 1: 16002 ..., update 2 srp 1: ..., initiate ...": what is in the output, which is
 * taken. */
__attribute__((unused)) static const char *
world_said(struct pcep_pce *pce, unsigned peer, struct mono_us now)
{
	static struct buf said;
	static struct pcep_item item;
	struct cursor out = pcep_pce_output(pce, peer);
	size_t octets = cursor_left(&out);
	buf_clear(&said);
	while (cursor_left(&out)) {
		struct pcep_header header;
		struct pcep_error_read error;
		struct pcep_fault what;
		(void)pcep_header_read(&header, out);
		struct cursor body = cursor_sub(&out, header.length);
		cursor_skip(&body, PCEP_HEADER);
		struct cursor copy = body;
		bool order = header.type == PCEP_UPDATE || header.type == PCEP_INITIATE;
		if (header.type == PCEP_OPEN || header.type == PCEP_KEEPALIVE)
			continue;
		buf_str(&said, said.length ? "; " : "");
		if (order || header.type == PCEP_REPLY)
			(void)pcep_item_next(&item, &copy, order ? PCEP_REPORT : PCEP_REQUEST);
		if (header.type == PCEP_REPLY)
			buf_printf(&said, "reply %u%s", (unsigned)item.request_id,
				   item.has_ero ? ": " : ": no path");
		if (order)
			buf_printf(&said, "%s %u%s%s%s",
				   header.type == PCEP_UPDATE ? "update" : "initiate",
				   (unsigned)item.plsp_id, item.name[0] ? " " : "", item.name,
				   item.srp_remove ? " remove" : ": ");
		if (item.has_ero && (order || header.type == PCEP_REPLY))
			pcep_route_text(&said, &item.ero);
		if (header.type == PCEP_ERROR && pcep_error_read(&error, body) == 0)
			buf_printf(&said, "error %u.%u", error.fault.type, error.fault.value);
		if (header.type == PCEP_NOTIFICATION && pcep_notification_read(&what, body) == 0)
			buf_printf(&said, "notification %u.%u", what.type, what.value);
		if (header.type == PCEP_CLOSE)
			buf_printf(&said, "close %u", pcep_close_read(body));
	}
	buf_u8(&said, 0);
	pcep_pce_output_done(pce, peer, octets, now);
	return (const char *)said.data;
}
