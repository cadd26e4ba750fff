/* Several workers count what one meter would, to the last octet. */
#include "meter/meter_merge.h"

#include "base/buf.h"
#include "made_up_traffic.h"
#include "meter/meter_checkpoint.h"
#include "tap.h"

enum { WORKERS = 3, SECONDS = 1000 };

/* One meter beside as many workers and the meter that they are joined into. */
struct play {
	struct made_up traffic;
	struct hub *hub;
	struct buf routes_bytes;
	struct rib_snapshot *routes;
	struct meter *alone, *joined, *workers[WORKERS];
	struct meter_share *shares[WORKERS];
	unsigned worker_of[MADE_UP_SWITCHES];
	struct buf one, several; /* all batches */
	unsigned batches;
	int64_t now;
};

static struct utc_s
at(int64_t seconds)
{
	return (struct utc_s){MADE_UP_START + seconds};
}

static void
into_both(void *context, unsigned number, struct ip source, struct cursor datagram)
{
	struct play *p = context;
	meter_datagram(p->alone, METER_SFLOW, source, datagram, at(p->now));
	meter_datagram(p->workers[p->worker_of[number]], METER_SFLOW, source, datagram, at(p->now));
}

static void
hand_on(struct play *p)
{
	const struct traffic_batch *batch;
	while ((batch = meter_tick(p->alone, at(p->now)))) {
		traffic_encode(batch, &p->one);
		p->batches++;
	}
	while ((batch = meter_tick(p->joined, at(p->now))))
		traffic_encode(batch, &p->several);
}

static void
join(struct play *p)
{
	for (int w = 0; w < WORKERS; w++) {
		if (meter_share_take(p->shares[w], p->workers[w], at(p->now)) < 0 ||
		    meter_merge(p->joined, p->shares[w]) < 0)
			printf("# no memory\n");
	}
}

static void
begin(struct play *p, uint64_t seed)
{
	*p = (struct play){.traffic = {.state = seed}, .hub = made_up_hub()};
	struct rib_snapshot_route routes[] = {
		{.origin = {.origin_as = 64900, .member_as = 64512, .next_as = 64512}},
		{.origin = {.origin_as = 64901, .member_as = 64513, .next_as = 64513}},
		{.origin = {.origin_as = 64900, .member_as = 64514, .next_as = 64514}},
	};
	(void)prefix_parse(&routes[0].prefix, "39.32.0.0/16");
	(void)prefix_parse(&routes[1].prefix, "203.0.113.0/24");
	(void)prefix_parse(&routes[2].prefix, "2001:db8::/32");
	(void)rib_snapshot_build(&p->routes_bytes, routes, 3, NULL);
	p->routes = rib_snapshot_open(p->routes_bytes.data, p->routes_bytes.length);
	p->alone = meter_new(p->hub, 7, at(0));
	p->joined = meter_new(p->hub, 7, at(0));
	meter_set_watching(p->alone, false);
	meter_set_watching(p->joined, false);
	meter_set_routes(p->alone, p->routes);
	for (int w = 0; w < WORKERS; w++) {
		p->workers[w] = meter_new(p->hub, 100 + (uint64_t)w, at(0));
		meter_set_worker(p->workers[w]);
		meter_set_routes(p->workers[w], p->routes);
		p->shares[w] = meter_share_new(7);
	}
	for (int i = 0; i < MADE_UP_SWITCHES; i++)
		p->worker_of[i] = (unsigned)made_up_below(&p->traffic, WORKERS);
}

static void
end(struct play *p)
{
	meter_free(p->alone);
	meter_free(p->joined);
	for (int w = 0; w < WORKERS; w++) {
		meter_free(p->workers[w]);
		meter_share_free(p->shares[w]);
	}
	rib_snapshot_free(p->routes);
	buf_fini(&p->routes_bytes);
	buf_fini(&p->one);
	buf_fini(&p->several);
	hub_free(p->hub);
}

static bool
same_exporters(const struct play *p)
{
	bool same = meter_exporter_count(p->alone) == meter_exporter_count(p->joined);
	for (size_t i = 0; same && i < MADE_UP_SWITCHES; i++) {
		struct meter_exporter a = meter_exporter(p->alone, i),
				      b = meter_exporter(p->joined, i);
		same = strcmp(a.id, b.id) == 0 && a.datagrams == b.datagrams &&
		       a.records == b.records && a.lost_records == b.lost_records &&
		       a.lost_datagrams == b.lost_datagrams && a.last_heard.s == b.last_heard.s &&
		       memcmp(a.counters, b.counters, sizeof(a.counters)) == 0 &&
		       memcmp(a.refused, b.refused, sizeof(a.refused)) == 0;
	}
	return same;
}

static bool
same_unknown_macs(const struct play *p)
{
	struct meter_unknown_mac a[16], b[16];
	size_t count = meter_unknown_macs(p->alone, a, 16);
	if (!count || meter_unknown_macs(p->joined, b, 16) != count)
		return false;
	for (size_t i = 0; i < count; i++) {
		bool found = false;
		for (size_t k = 0; k < count; k++)
			found |= memcmp(&a[i].mac, &b[k].mac, sizeof(a[i].mac)) == 0 &&
				 strcmp(a[i].exporter, b[k].exporter) == 0 &&
				 a[i].octets_sent == b[k].octets_sent &&
				 a[i].octets_received == b[k].octets_received &&
				 a[i].first_seen.s == b[k].first_seen.s &&
				 a[i].last_seen.s == b[k].last_seen.s;
		if (!found)
			return false;
	}
	return true;
}

static void
split(uint64_t seed)
{
	struct play p;
	begin(&p, seed);
	int64_t next = 0;
	for (p.now = 0; p.now < SECONDS; p.now++) {
		hand_on(&p);
		for (int w = 0; w < WORKERS; w++)
			(void)meter_tick(p.workers[w], at(p.now));
		made_up_second(&p.traffic, p.now, into_both, &p);
		/* Now and then, but before the meter has waited long enough for a bin. */
		if (p.now >= next || p.now % 300 == 55) {
			join(&p);
			next = p.now + 1 + (int64_t)made_up_below(&p.traffic, 40);
		}
	}
	join(&p);
	ok(same_exporters(&p), "seed %u: exporters are shown as one meter shows them",
	   (unsigned)seed);
	ok(same_unknown_macs(&p), "so are unknown MACs");
	const struct traffic_batch *batch;
	while ((batch = meter_flush(p.alone, at(p.now))))
		traffic_encode(batch, &p.one);
	while ((batch = meter_flush(p.joined, at(p.now))))
		traffic_encode(batch, &p.several);
	ok(p.batches >= 3 && p.one.length == p.several.length &&
		   memcmp(p.one.data, p.several.data, p.one.length) == 0,
	   "and %zu octets of batches are the same", p.one.length);
	struct meter_totals a = meter_totals(p.alone), b = meter_totals(p.joined);
	ok(a.samples == b.samples && a.octets == b.octets && a.attributed == b.attributed &&
		   a.samples > 1000,
	   "so are the sums");
	end(&p);
}

/* A share that comes when its bin was given is not lost. */
static void
too_late(void)
{
	struct play p;
	begin(&p, 99);
	for (p.now = 0; p.now < 100; p.now++)
		made_up_second(&p.traffic, p.now, into_both, &p);
	p.now = 900;
	hand_on(&p);
	join(&p);
	struct arena *arena = arena_new();
	struct traffic_batch now;
	uint64_t octets = 0;
	if (meter_now(p.joined, at(p.now), arena, &now) == 0)
		for (size_t i = 0; i < now.pair_count; i++)
			octets += now.pairs[i].octets;
	ok(octets && octets == meter_totals(p.alone).octets,
	   "what comes when its bin was given is counted in the one that is open");
	arena_free(arena);
	end(&p);
}

/* A switch that fell silent while the meter was away is known to have been heard. */
static void
another_run(void)
{
	struct play before, after;
	struct buf state = {0};
	begin(&before, 7);
	begin(&after, 7);
	for (before.now = 0; before.now < 20; before.now++)
		made_up_second(&before.traffic, before.now, into_both, &before);
	join(&before);
	after.now = 60;
	for (int w = 0; w < WORKERS; w++) {
		buf_clear(&state);
		(void)meter_checkpoint_decoders(before.workers[w], &state);
		(void)meter_resume_decoders(after.workers[w], cursor_of(state.data, state.length),
					    NULL, at(after.now));
	}
	for (int turn = 0; turn < 2; turn++) {
		bool same = true;
		int heard = 0;
		join(&after);
		for (size_t i = 0; i < MADE_UP_SWITCHES; i++) {
			struct meter_exporter was = meter_exporter(before.joined, i),
					      is = meter_exporter(after.joined, i);
			heard += was.last_heard.s != 0;
			same &= was.last_heard.s == is.last_heard.s && !is.datagrams;
		}
		ok(same && heard > 1,
		   "the meter knows when switches were heard by another run's workers%s",
		   turn ? ", and goes on to" : "");
	}
	buf_fini(&state);
	end(&before);
	end(&after);
}

int
main(void)
{
	another_run();
	for (uint64_t seed = 1; seed <= 20; seed++)
		split(seed);
	too_late();
	return done_testing();
}
