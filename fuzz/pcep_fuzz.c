/* PCEP: a router of the hub file that says anything. The first octet says how the octets are cut;
 * they come as one session after another, beginning with a sound Open and Keepalive where its
 * lowest bit is set. The time goes on between the pieces. What is answered can always be read, and
 * what is shown of paths does not break. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "pcep/pcep_pce.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t begin[] = {0x20, 1, 0, 12, 1, 0x10, 0, 8, 0x20, 30, 120, 1, 0x20, 2, 0, 4};
static const uint8_t stateful[] = {0x20, 1,  0, 0x14, 1, 0x10, 0, 0x10, 0x20, 30, 120, 1,
				   0,    16, 0, 4,    0, 0,    0, 5,    0x20, 2,  0,   4};

struct world {
	struct hub hub;
	struct hub_site sites[2];
	struct hub_segment segments[1];
	struct hub_router routers[2];
	struct corridor_plan *corridor;
};

static struct world *
world_new(void)
{
	static struct world w;
	if (w.corridor)
		return &w;
	w.hub.sites = w.sites;
	w.hub.site_count = 2;
	w.hub.segments = w.segments;
	w.hub.segment_count = 1;
	w.segments[0] = (struct hub_segment){
		.id = "S", .a = 0, .b = 1, .length_km = 100, .usable = true, .lit_tbps = 1};
	w.routers[0] = (struct hub_router){
		.name = "a", .address = ip_v4(0x0a63000b), .site = 0, .label = 16001};
	w.routers[1] = (struct hub_router){
		.name = "b", .loopback = ip_v4(0x0a000009), .site = 1, .label = 16002};
	w.hub.pcep = (struct hub_pcep){.keepalive_s = 30,
				       .dead_s = 120,
				       .keepalive_min_s = 1,
				       .state_timeout_s = 10,
				       .lsps_max = 8,
				       .requests_max = 20,
				       .routers = w.routers,
				       .router_count = 2};
	w.corridor = corridor_plan_new(&w.hub, (struct corridor_day){.at = {.s = 1800000000}});
	return w.corridor ? &w : NULL;
}

/* All that is said consists of whole messages. */
static void
drain(struct pcep_pce *pce, unsigned peer, struct mono_us now)
{
	struct cursor out = pcep_pce_output(pce, peer);
	size_t octets = cursor_left(&out);
	while (cursor_left(&out)) {
		struct pcep_header header;
		struct pcep_object object;
		assert(pcep_header_read(&header, out));
		struct cursor body = cursor_sub(&out, header.length);
		assert(!out.failed);
		cursor_skip(&body, PCEP_HEADER);
		while (pcep_object_next(&object, &body))
			continue;
		assert(!body.failed);
	}
	pcep_pce_output_done(pce, peer, octets, now);
}

static void
look(struct pcep_pce *pce)
{
	struct pcep_lsp_view lsp;
	struct pcep_peer_view peer;
	struct buf text = {0};
	assert(pcep_pce_peer(pce, 0, &peer) && peer.lsps <= 8);
	for (uint64_t at = 0; pcep_pce_lsp(pce, &at, &lsp);) {
		pcep_route_text(&text, lsp.route);
		assert(lsp.name[0]);
	}
	buf_fini(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world *w = world_new();
	struct mono_us now = {1000000};
	struct buf refusal = {0};
	if (!w || size < 2)
		return 0;
	struct pcep_plan plan = {&w->hub, w->corridor, NULL};
	struct pcep_pce *pce = pcep_pce_new(&plan, now);
	size_t piece = (size_t)(data[0] >> 2) + 1;
	if (!pce)
		return 0;
	int peer = -1;
	for (size_t at = 1; at < size; at += piece) {
		if (peer < 0) {
			peer = pcep_pce_accept(pce, w->routers[0].address, &refusal, now);
			assert(peer == 0);
			if (data[0] & 1)
				pcep_pce_input(pce, 0,
					       data[0] & 2 ? cursor_of(stateful, sizeof(stateful))
							   : cursor_of(begin, sizeof(begin)),
					       now);
		}
		size_t length = size - at < piece ? size - at : piece;
		uint8_t *exact = malloc(length);
		if (!exact)
			break;
		memcpy(exact, data + at, length);
		pcep_pce_input(pce, 0, cursor_of(exact, length), now);
		free(exact);
		drain(pce, 0, now);
		look(pce);
		now = mono_add_ms(now, 700);
		pcep_pce_tick(pce, now);
		drain(pce, 0, now);
		if (pcep_pce_ended(pce, 0)) {
			pcep_pce_lost(pce, 0, "closed", now);
			peer = -1;
		}
	}
	(void)pcep_pce_follow(pce, "a", "abc", now);
	look(pce);
	buf_fini(&refusal);
	pcep_pce_free(pce);
	return 0;
}
