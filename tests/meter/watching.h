/* Pictures and flows for tests of what the meter watches for. */
#pragma once

#include "exchange.h"
#include "meter/watch.h"

/* What a hub file that says nothing has. */
static const struct hub_watch usual_watch = {
	.port_warning_percent = 6000,
	.port_alarm_percent = 8000,
	.port_bins = 2,
	.silent_bins = 3,
	.silent_below_bps = 20000,
	.exporter_silent_s = 180,
	.loss_percent = 100,
	.unknown_mac_bps = 10000000,
	.rise = {.enabled = true,
		 .floor_bps = 1000000000,
		 .floor_pps = 500000,
		 .factor = 5,
		 .hold_s = 30,
		 .end_s = 300,
		 .learn_s = 1800,
		 .baseline_s = 1800,
		 .sources_min = 10,
		 .ipv4_length = 24,
		 .ipv6_length = 48,
		 .blackhole_s = 3600},
};

/* A hub, its ports' numbers, a watch over it and what flows are set aside in. */
struct watching {
	struct hub *hub;
	struct roster roster;
	struct watch_intake intake;
	struct watch *watch;
	struct utc_s now;
	uint32_t chance;
};

static inline struct watching *
watching_new(uint32_t members, struct utc_s now)
{
	struct watching *g = calloc(1, sizeof(*g));
	assert(g);
	g->hub = exchange_new(members);
	g->hub->watch = usual_watch;
	g->now = now;
	g->chance = 1;
	int good = roster_apply(&g->roster, g->hub) == 0 && watch_intake_init(&g->intake, 7) == 0 &&
		   watch_intake_apply(&g->intake, g->hub, &g->roster) == 0;
	assert(good);
	g->watch = watch_new(g->hub, &g->roster, 7, now);
	assert(g->watch);
	return g;
}

static inline void
watching_free(struct watching *g)
{
	watch_free(g->watch);
	watch_intake_fini(&g->intake);
	roster_fini(&g->roster);
	hub_free(g->hub);
	free(g);
}

/* A number below `n`, the same every time. */
static inline uint32_t
watching_chance(struct watching *g, uint32_t n)
{
	g->chance = g->chance * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)(g->chance >> 8) * n >> 24);
}

/* A frame of `octets`, sampled 1 in 10000, from one of `sources` addresses to `to` behind a port. */
static inline void
watching_flow(struct watching *g, struct ip to, uint32_t port, uint32_t octets, uint32_t sources)
{
	struct flow flow = {.octets = octets, .packets = 1, .destination = to};
	flow.source = ip_v4(0xc6336400 + watching_chance(g, sources) * 256);
	struct watch_flow f = {&flow, 0, HUB_NONE, port, octets * 10000ull, 10000};
	watch_intake_flow(&g->intake, &f);
}

/* `bps` to an address for a second, in frames of 1000 octets: 12.5 samples a Gbit/s. */
static inline void
watching_rate(struct watching *g, struct ip to, uint32_t port, double bps, uint32_t sources)
{
	double frames = bps / 8 / 1000 / 10000;
	uint32_t whole = (uint32_t)frames;
	whole += watching_chance(g, 1000) < (frames - whole) * 1000;
	for (uint32_t i = 0; i < whole; i++)
		watching_flow(g, to, port, 1000, sources);
}

static inline void
watching_tick(struct watching *g)
{
	g->now.s++;
	g->intake.now = g->now;
	watch_take(g->watch, &g->intake, g->now);
}

static inline size_t
watching_count(const struct watching *g, enum watch_kind kind)
{
	const struct watch_alarms *book = watch_alarms_of(g->watch);
	size_t count = 0;
	for (size_t i = 0; i < book->on_count; i++)
		count += book->on[i].kind == kind;
	return count;
}

static inline const struct watch_alarm *
watching_alarm(const struct watching *g, enum watch_kind kind)
{
	const struct watch_alarms *book = watch_alarms_of(g->watch);
	for (size_t i = 0; i < book->on_count; i++)
		if (book->on[i].kind == kind)
			return &book->on[i];
	return NULL;
}
