/* A watch that goes on where another one ended: what is on is on, what is over is over, no number is
 * given twice, and no IP address is among what is kept. */
#include "tap.h"
#include "watching.h"

enum { BIN = 300 };
static const struct utc_s start = {1700000100};

/* A bin of port 0 with this rate in, by counters, heard by one exporter. */
static void
bin(struct watching *g, double bps)
{
	struct traffic_port port = {.port = "p0",
				    .state = TRAFFIC_COUNTER,
				    .counter_covered_s = BIN,
				    .counter_in = (uint64_t)(bps * BIN / 8),
				    .counter_out = (uint64_t)(bps * BIN / 8)};
	struct traffic_exporter exporter = {.exporter = "sw1", .datagrams = 100, .records = 1000};
	struct traffic_batch batch = {.start = g->now,
				      .length_s = BIN,
				      .covered_s = BIN,
				      .ports = &port,
				      .port_count = 1,
				      .exporters = &exporter,
				      .exporter_count = 1};
	struct watch_session session = {"p0", start};
	g->now.s += BIN;
	watch_sessions(g->watch, &session, 1, g->now);
	watch_bin(g->watch, &batch);
}

/* Another watch, which has only what this one keeps. */
static void
restart(struct watching *g, struct buf *kept)
{
	buf_clear(kept);
	watch_keep(g->watch, kept);
	watch_free(g->watch);
	g->watch = watch_new(g->hub, &g->roster, 8, g->now);
	struct cursor c = cursor_of(kept->data, kept->length);
	watch_recall(NULL, &c, g->now);
	ok(!c.failed && !cursor_left(&c), "what is kept is whole");
	c = cursor_of(kept->data, kept->length);
	watch_recall(g->watch, &c, g->now);
}

static void
ports(void)
{
	struct watching *g = watching_new(2, start);
	double speed = (double)g->hub->ports[0].speed_bps;
	struct buf kept = {0};
	for (int i = 0; i < 14; i++)
		bin(g, speed * 0.65);
	const struct watch_alarm *full = watching_alarm(g, WATCH_PORT_FULL);
	uint32_t id = full ? full->id : 0;
	struct utc_s since = full ? full->since : g->now;
	watch_exporter(g->watch, g->hub->exporters[0].id, start, g->now);
	(void)watch_acknowledge(g->watch, id, g->now);
	restart(g, &kept);
	full = watching_alarm(g, WATCH_PORT_FULL);
	ok(full && full->id == id && full->since.s == since.s && full->acknowledged.s,
	   "an alarm is on as it was, with its number, its beginning and who knows of it");
	bin(g, speed * 0.65);
	full = watching_alarm(g, WATCH_PORT_FULL);
	ok(full && full->id == id && watching_count(g, WATCH_PORT_FULL) == 1,
	   "and is not told of twice");
	watch_exporter(g->watch, g->hub->exporters[0].id, (struct utc_s){0}, g->now);
	ok(watching_count(g, WATCH_EXPORTER_SILENT) == 1,
	   "a silent exporter is one until it is heard");
	watch_exporter(g->watch, g->hub->exporters[0].id, g->now, g->now);
	ok(watching_count(g, WATCH_EXPORTER_SILENT) == 0, "then it is over");
	for (int i = 0; i < 3; i++)
		bin(g, speed * 0.3);
	ok(watching_count(g, WATCH_PORT_FULL) == 0, "a port that is not full any more ends it");
	restart(g, &kept);
	const struct watch_alarm *over = watch_alarms_over(watch_alarms_of(g->watch), 0);
	ok(over && over->id == id && over->until.s, "what is over is remembered");
	for (int i = 0; i < 3; i++)
		bin(g, 0);
	const struct watch_alarm *silent = watching_alarm(g, WATCH_MEMBER_SILENT);
	ok(silent && silent->id == id + 2,
	   "what a port is used to is known, and numbers are not given again");
	restart(g, &kept);
	bin(g, 0);
	ok(watching_count(g, WATCH_MEMBER_SILENT) == 1, "a silent member stays one");
	buf_fini(&kept);
	watching_free(g);
}

static void
addresses(void)
{
	struct watching *g = watching_new(2, start);
	struct ip victim = ip_v4(0xcb007107);
	struct buf kept = {0};
	for (int s = 0; s < 2400; s++) {
		watching_rate(g, victim, 1, 2e8, 200);
		watching_tick(g);
	}
	for (int s = 0; s < 90; s++) {
		watching_rate(g, victim, 1, 8e9, 200);
		watching_tick(g);
	}
	is_int(watching_count(g, WATCH_RISE) + watch_proposal_count(g->watch), 2,
	       "a rise, and a proposal");
	restart(g, &kept);
	is_int(watching_count(g, WATCH_RISE) + watch_proposal_count(g->watch), 0,
	       "which has an address, and is not kept");
	ok(watch_confirm(g->watch, 1, g->now) < 0, "so nobody can confirm it");
	for (int s = 0; s < 2400; s++) {
		watching_rate(g, victim, 1, 2e8, 200);
		watching_tick(g);
	}
	for (int s = 0; s < 90; s++) {
		watching_rate(g, victim, 1, 8e9, 200);
		watching_tick(g);
	}
	ok(watch_proposal_count(g->watch) == 1 && watch_proposal(g->watch, 0)->number == 2 &&
		   watch_proposal(g->watch, 0)->alarm == 2,
	   "the next proposal has another number");
	buf_clear(&kept);
	watch_keep(g->watch, &kept);
	uint8_t octets[4] = {203, 0, 113, 7};
	ok(!memmem(kept.data, kept.length, octets, 4), "its address is not among what is kept");
	buf_fini(&kept);
	watching_free(g);
}

int
main(void)
{
	ports();
	addresses();
	return done_testing();
}
