/* The meter whole, on a clock of its own: attribution, bins, counters, loss, another picture. */
#include "meter/meter.h"

#include <stdlib.h>

#include "capture.h"
#include "exchange.h"
#include "tap.h"

enum { START = 1700000100 }; /* a multiple of 300 */

static const struct ip exporter_address = {IP_V4, {192, 0, 2, 1}};

static struct utc_s
at(int64_t seconds)
{
	return (struct utc_s){START + seconds};
}

static void
send(struct meter *m, struct buf *b, int64_t seconds)
{
	meter_datagram(m, METER_SFLOW, exporter_address, cursor_of(b->data, b->length),
		       at(seconds));
	buf_clear(b);
}

static uint32_t sequence;

/* One frame in one datagram. */
static void
send_frame(struct meter *m, struct frame f, int64_t seconds)
{
	struct buf b = {0};
	f.length = f.length ? f.length : 1000;
	sequence++;
	sflow_header(&b, (struct sflow_numbers){0, sequence, 100000 + sequence}, 1);
	sflow_flow_sample(&b, sequence, &f);
	send(m, &b, seconds);
	buf_fini(&b);
}

static void
send_counters(struct meter *m, uint32_t if_index, uint64_t in, uint64_t out, int64_t seconds)
{
	struct buf b = {0};
	sequence++;
	uint32_t uptime_ms = (uint32_t)(10000000 + seconds * 1000) + sequence;
	sflow_header(&b, (struct sflow_numbers){0, sequence, uptime_ms}, 1);
	sflow_counter_sample(&b, sequence, if_index, in, out);
	send(m, &b, seconds);
	buf_fini(&b);
}

static unsigned long long
unattributed(const struct meter *m, enum bin_cause cause)
{
	return meter_totals(m).unattributed[cause];
}

/* --- flowgen, as an oracle --- */

struct matrix {
	unsigned long long octets[12][12][2], packets[12][12][2];
};

static bool
read_matrix(struct matrix *out, const char *path)
{
	char line[256];
	unsigned a, b, family, sampling;
	unsigned long long packets, octets;
	FILE *f = fopen(path, "r");
	*out = (struct matrix){0};
	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line,
			   "02:00:00:00:00:%x,02:00:00:00:00:%x,%*u,%*u,%*u,%u,%*u,%llu,%llu,%u",
			   &a, &b, &family, &packets, &octets, &sampling) != 6)
			continue;
		out->octets[a][b][family == 6] = octets * sampling;
		out->packets[a][b][family == 6] = packets * sampling;
	}
	if (f)
		fclose(f);
	return f != NULL;
}

static void
oracle(const char *kind)
{
	char path[256];
	struct matrix want, got = {0};
	struct capture capture;
	struct capture_datagram d;
	struct hub *hub = exchange_new(12);
	struct meter *m = meter_new(hub, 1, at(0));
	(void)snprintf(path, sizeof(path), "tests/meter/data/flowgen/%s.csv", kind);
	bool there = read_matrix(&want, path);
	(void)snprintf(path, sizeof(path), "tests/meter/data/flowgen/%s.pcap", kind);
	there = there && capture_open(&capture, path);
	if (!ok(there, "%s: flowgen's capture and matrix are there", kind))
		return;
	while (capture_next(&capture, &d))
		meter_datagram(m, kind[0] == 's' ? METER_SFLOW : METER_NETFLOW, exporter_address,
			       d.payload, at(10));
	capture_close(&capture);
	const struct traffic_batch *batch = meter_flush(m, at(20));
	for (size_t i = 0; batch && i < batch->pair_count; i++) {
		const struct traffic_pair *p = &batch->pairs[i];
		unsigned a = (unsigned)atoi(batch->ports[p->from].port + 1);
		unsigned b = (unsigned)atoi(batch->ports[p->to].port + 1);
		got.octets[a][b][p->family == IP_V6] += p->octets;
		got.packets[a][b][p->family == IP_V6] += p->packets;
	}
	ok(memcmp(&want, &got, sizeof(got)) == 0, "%s: the matrix is what flowgen sent", kind);
	ok(batch && batch->unattributed_count == 0, "%s: nothing is left over", kind);
	ok(meter_exporter(m, 0).lost_records == 0 && meter_exporter(m, 0).refused_datagrams == 0,
	   "%s: nothing lost, nothing refused", kind);
	meter_free(m);
	hub_free(hub);
}

/* --- attribution --- */

static void
places(void)
{
	struct hub *hub = exchange_new(4);
	hub->exporters[1] = (struct hub_exporter){.id = "sw2", .address = ip_v4(0xc0000202)};
	hub->exporter_count = 2;
	hub->ports[3].exporter = 1;
	struct meter *m = meter_new(hub, 1, at(0));
	struct traffic_batch now;
	struct arena *arena = arena_new();

	send_frame(m, (struct frame){.to = 1, .vlan = 100, .rate = 10}, 1);
	ok(meter_totals(m).attributed == 1 && meter_totals(m).octets == 10000,
	   "a frame between two members is theirs, octets times rate");
	send_frame(m, (struct frame){.to = 1, .rate = 10}, 1);
	is_int((long long)meter_totals(m).attributed, 2,
	       "a frame without tag is found by its MACs");
	send_frame(m, (struct frame){.to = 1, .vlan = 200, .rate = 10}, 1);
	is_int((long long)unattributed(m, BIN_UNKNOWN_BOTH), 1,
	       "in another VLAN they are nobody's");
	send_frame(m, (struct frame){.to = 3, .vlan = 100, .rate = 10}, 1);
	is_int((long long)meter_totals(m).attributed, 3,
	       "the port it leaves by may be another exporter's");
	send_frame(m, (struct frame){.from = 3, .to = 1, .vlan = 100, .rate = 10}, 1);
	is_int((long long)unattributed(m, BIN_ELSEWHERE), 1,
	       "the port it came in by may not: there it is counted already");
	send_frame(m, (struct frame){.to = 77, .vlan = 100, .rate = 10}, 1);
	send_frame(m, (struct frame){.from = 78, .to = 1, .vlan = 100, .rate = 10}, 1);
	ok(unattributed(m, BIN_UNKNOWN_DESTINATION) == 1 &&
		   unattributed(m, BIN_UNKNOWN_SOURCE) == 1,
	   "MACs of nobody are counted by the end that they are");
	send_frame(m, (struct frame){.vlan = 100, .rate = 10, .group = true}, 1);
	is_int((long long)unattributed(m, BIN_MULTICAST), 1,
	       "multicast has no one port to leave by");
	send_frame(
		m,
		(struct frame){.to = 1, .vlan = 100, .rate = 10, .input = 5, .output = 0x40000001},
		1);
	is_int((long long)unattributed(m, BIN_DISCARDED), 1, "a discarded frame did not leave");
	send_frame(m,
		   (struct frame){
			   .to = 1, .vlan = 100, .rate = 10, .source = 9, .input = 5, .output = 9},
		   1);
	is_int((long long)unattributed(m, BIN_EGRESS), 1,
	       "a frame sampled again on its way out is not counted again");
	send_frame(m, (struct frame){.to = 1, .vlan = 100}, 1);
	send_frame(m, (struct frame){.to = 1, .vlan = 100, .rate = UINT32_MAX}, 1);
	ok(unattributed(m, BIN_NO_RATE) == 1 && unattributed(m, BIN_SENSELESS_RATE) == 1,
	   "no rate is not a rate of 1, and 1 in 2^32 is none either");

	struct meter_unknown_mac macs[8];
	size_t count = meter_unknown_macs(m, macs, 8);
	bool found = false;
	for (size_t i = 0; i < count; i++)
		found |= macs[i].mac.octets[5] == 77 &&
			 macs[i].octets_sent + macs[i].octets_received == 10000 &&
			 strcmp(macs[i].exporter, "sw1") == 0;
	ok(count == 4 && found, "unknown MACs are listed with what they sent and were sent");

	ok(meter_now(m, at(2), arena, &now) == 0, "the open bin can be looked at");
	uint32_t p0 = traffic_port_by_id(&now, "p0"), p1 = traffic_port_by_id(&now, "p1");
	is_int((long long)now.ports[p0].flow_in, 10000 * 6,
	       "what came in counts for its port, wherever it went");
	is_int((long long)now.ports[p1].flow_out, 10000 * 3,
	       "what went out counts for its port, wherever it came from");
	is_int(now.ports[p1].state, TRAFFIC_ESTIMATED, "it rests on samples");
	is_int(now.ports[traffic_port_by_id(&now, "p3")].state, TRAFFIC_ESTIMATED,
	       "so does a port that was only sent to");
	is_int(now.ports[traffic_port_by_id(&now, "p2")].state, TRAFFIC_ESTIMATED,
	       "a silent port of an exporter that was heard has nothing, and that is known");
	arena_free(arena);
	meter_free(m);
	hub_free(hub);
}

static void
rates_and_exporters(void)
{
	struct hub *hub = exchange_new(2);
	hub->exporters[0].sampling_override = 50;
	struct meter *m = meter_new(hub, 1, at(0));
	send_frame(m, (struct frame){.to = 1, .vlan = 100, .rate = 10}, 1);
	is_int((long long)meter_totals(m).octets, 50000, "the hub file's rate goes first");
	struct buf b = {0};
	sflow_header(&b, (struct sflow_numbers){0, 1, 1}, 0);
	meter_datagram(m, METER_SFLOW, ip_v4(0xc00002ff), cursor_of(b.data, b.length), at(1));
	ok(meter_exporter_count(m) == 2 && !meter_exporter(m, 1).id &&
		   meter_exporter(m, 1).refused[FLOW_UNKNOWN_EXPORTER] == 1,
	   "a stranger's datagram is refused, and the stranger shown");
	buf_fini(&b);
	meter_free(m);

	hub->exporters[0].sampling_override = 0;
	hub->exporters[0].agent = ip_v4(0x0a0a0a0a);
	m = meter_new(hub, 1, at(0));
	send_frame(m, (struct frame){.to = 1, .vlan = 100, .rate = 10}, 1);
	ok(meter_totals(m).samples == 0 && meter_exporter(m, 1).refused[FLOW_OTHER_AGENT] == 1,
	   "another agent's address inside is refused where one is named");
	meter_free(m);

	hub->exporters[0].agent = (struct ip){0};
	hub->ports[0].speed_bps = 1000;
	m = meter_new(hub, 1, at(0));
	send_frame(m, (struct frame){.to = 1, .vlan = 100, .rate = 1000}, 1);
	is_int((long long)unattributed(m, BIN_IMPLAUSIBLE), 1,
	       "more than a port carries in an hour is not believed");
	meter_free(m);
	hub_free(hub);
}

static void
networks(void)
{
	struct hub *hub = exchange_new(2);
	memcpy(hub->members[1].country.code, "GE", 3);
	struct rib_snapshot_route routes[2] = {{.origin = {64900, 64512}},
					       {.origin = {64513, 64513}}};
	(void)prefix_parse(&routes[0].prefix, "39.32.0.0/16");
	(void)prefix_parse(&routes[1].prefix, "2001:db8:1::/48");
	struct buf bytes = {0};
	(void)rib_snapshot_build(&bytes, routes, 2, NULL);
	struct rib_snapshot *snapshot = rib_snapshot_open(bytes.data, bytes.length);
	struct meter *m = meter_new(hub, 1, at(0));
	meter_set_routes(m, snapshot);
	send_frame(m,
		   (struct frame){.to = 1,
				  .vlan = 100,
				  .rate = 1,
				  .source_ip = "39.32.1.1",
				  .destination_ip = "203.0.113.1"},
		   1);
	send_frame(m,
		   (struct frame){.from = 1,
				  .vlan = 100,
				  .rate = 1,
				  .source_ip = "2001:db8:1::1",
				  .destination_ip = "2a05:2180::1"},
		   1);
	const struct traffic_batch *b = meter_flush(m, at(5));
	char text[400] = "";
	for (size_t i = 0; i < b->origin_count; i++) {
		const struct traffic_origin *o = &b->origins[i];
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
			       "%s %s AS%u %.2s; ", b->ports[o->port].port,
			       o->outgoing ? "to" : "from", o->asn.number, o->country);
	}
	is_str(text, "p0 from AS64900 PK; p0 to AS0 TM; p1 from AS64513 GE; p1 to AS0 --; ",
	       "networks by the routes; countries by address, else by the member's");
	ok(b->country_count == 2 && memcmp(b->countries[1].from, "PK", 2) == 0 &&
		   memcmp(b->countries[1].to, "--", 2) == 0 && b->countries[1].octets == 1000,
	   "and the matrix of countries");
	ok(b->pair_count == 2 && b->pairs[0].family == IP_V4 && b->pairs[1].family == IP_V6,
	   "families are kept apart");
	meter_free(m);
	rib_snapshot_free(snapshot);
	buf_fini(&bytes);
	hub_free(hub);
}

/* --- bins --- */

static void
bins(void)
{
	struct hub *hub = exchange_new(2);
	struct meter *m = meter_new(hub, 1000, at(100));
	const struct frame f = {.to = 1, .vlan = 100, .rate = 1};
	ok(!meter_tick(m, at(101)), "nothing is due at first");
	send_frame(m, f, 299);
	ok(!meter_tick(m, at(300)), "the end of a bin is not yet its closing");
	send_frame(m, f, 301);
	send_counters(m, 1000, 0, 0, 301);
	ok(!meter_tick(m, at(359)),
	   "counters that span the end are waited for, a fifth of the bin");
	const struct traffic_batch *b = meter_tick(m, at(360));
	ok(b && b->start.s == START && b->run == 1000 && b->length_s == 300,
	   "then it is given, with its start and run");
	is_int(b->covered_s, 200, "and how long it was listened to");
	is_int((long long)b->ports[0].flow_in, 1000, "a sample after the end is in the next");
	ok(b->exporter_count == 1 && b->exporters[0].records == 1,
	   "and so are records of exporters");
	ok(meter_last(m) && meter_last(m)->start.s == START, "it stays to be looked at");
	ok(!meter_tick(m, at(361)), "it is given once");
	b = meter_tick(m, at(700));
	ok(b && b->start.s == START + 300 && b->covered_s == 300 && b->ports[0].flow_in == 1000,
	   "the next one follows, whole");
	ok(!meter_tick(m, at(700)), "and no third yet");

	send_frame(m, f, 700);
	b = meter_tick(m, at(5000));
	ok(b && b->start.s == START + 600, "after a long sleep the bin before it is closed");
	ok(!meter_tick(m, at(5000)), "and no bin is made up for the time slept");
	b = meter_tick(m, at(5400));
	ok(b && b->start.s == START + 4800 && b->covered_s == 100,
	   "the one it woke up in was listened to from then on");

	send_frame(m, f, 5401);
	b = meter_tick(m, at(1000));
	ok(b && b->run == 1000 && b->ports[0].flow_in == 1000,
	   "when the clock is set back the open bin is closed as it is");
	send_frame(m, f, 1000);
	b = meter_flush(m, at(1010));
	ok(b && b->start.s == START + 900 && b->run > 1000 && b->ports[0].flow_in == 1000,
	   "and bins of times that were have another run, so that none is taken for a replay");
	ok(!meter_flush(m, at(1010)) && !meter_flush(m, at(1011)), "a flush ends");
	meter_free(m);
	hub_free(hub);
}

static void
counters(void)
{
	struct hub *hub = exchange_new(2);
	struct meter *m = meter_new(hub, 1000, at(0));
	for (int64_t s = 0; s <= 320; s += 20)
		send_counters(m, 1000, (uint64_t)s * 1000, (uint64_t)s * 500, s);
	const struct traffic_batch *b = meter_tick(m, at(360));
	is_int((long long)b->ports[0].counter_in, 300000, "octets by counters are exact");
	is_int((long long)b->ports[0].counter_out, 150000, "both ways");
	ok(b->ports[0].counter_covered_s == 300 && b->ports[0].state == TRAFFIC_COUNTER,
	   "readings that cover the bin make it one of counters");
	is_int(b->ports[1].state, TRAFFIC_ESTIMATED, "a port without readings is not");
	send_counters(m, 1000, 340000, 170000, 340);
	b = meter_tick(m, at(700));
	ok(b->ports[0].counter_covered_s == 40 && b->ports[0].state == TRAFFIC_ESTIMATED,
	   "where readings end the bin is estimated");
	ok(!meter_tick(m, at(700)), "nothing more is due");
	send_counters(m, 1000, 640000, 320000, 640);
	b = meter_tick(m, at(700));
	ok(b && b->start.s == START + 300 && b->run == 1001 && b->pair_count == 0,
	   "a reading that comes late makes a supplement of another run");
	is_int((long long)b->ports[0].counter_in, 260000, "with what was missing");
	is_int(b->ports[0].counter_covered_s, 260, "so that both together cover the bin");
	is_int((long long)b->port_count, 1, "and nothing else");
	ok(!meter_tick(m, at(700)), "once");
	meter_free(m);

	m = meter_new(hub, 1000, at(0));
	b = meter_tick(m, at(400));
	ok(b && b->ports[0].state == TRAFFIC_MISSING,
	   "when no exporter was heard a port is missing");
	static const uint8_t junk[] = {0, 0, 0, 5, 0, 0, 0, 1, 192, 0, 2, 1};
	struct buf bad = {0};
	buf_put(&bad, junk, sizeof(junk));
	send(m, &bad, 410);
	buf_fini(&bad);
	b = meter_tick(m, at(700));
	ok(b && b->exporters[0].refused == 1 && b->ports[0].state == TRAFFIC_MISSING,
	   "and when nothing it sent could be read: that is no port without traffic");
	meter_free(m);
	hub_free(hub);
}

static void
loss(void)
{
	struct hub *hub = exchange_new(2);
	struct meter *m = meter_new(hub, 1, at(0));
	struct buf b = {0};
	const struct frame f = {.to = 1, .vlan = 100, .rate = 1, .source = 1000, .length = 64};
	uint32_t datagram = 10, sample = 100;
	for (int i = 0; i < 10; i++) {
		datagram++;
		if (i == 5) { /* lost, with three samples in it */
			sample += 3;
			continue;
		}
		if (i == 8) /* the agent dropped samples itself: not loss on the way */
			sample += 50;
		sflow_header(&b, (struct sflow_numbers){0, datagram, 5000}, 3);
		for (int k = 0; k < 3; k++)
			sflow_flow_sample(&b, ++sample, &f);
		send(m, &b, 1);
	}
	is_int((long long)meter_exporter(m, 0).lost_records, 3,
	       "a lost datagram's samples are lost");
	is_int((long long)meter_exporter(m, 0).lost_datagrams, 1, "one datagram");
	sflow_header(&b, (struct sflow_numbers){1, 77, 5000}, 0);
	send(m, &b, 1);
	is_int((long long)meter_exporter(m, 0).lost_records, 3,
	       "another sub_agent_id counts for itself");
	meter_kernel_drops(m, 4);
	const struct traffic_batch *batch = meter_flush(m, at(2));
	ok(batch && batch->exporters[0].lost_records == 3 && batch->exporters[0].records == 27 &&
		   batch->exporters[0].datagrams == 10 && batch->kernel_drops == 4,
	   "the bin says what was lost in it");
	buf_fini(&b);
	meter_free(m);
	hub_free(hub);
}

static void
another_picture(void)
{
	struct hub *hub = exchange_new(2), *next = exchange_new(3);
	struct meter *m = meter_new(hub, 1, at(0));
	const struct frame f = {.to = 1, .vlan = 100, .rate = 1};
	send_frame(m, f, 1);
	/* Port p1 leaves; p0 comes second; p7 is new and has the MAC of member 0. */
	next->ports[1].id = "p0";
	next->ports[0].id = "p7";
	next->ports[0].macs[0] = hub->ports[0].macs[0];
	next->ports[1].macs[0] = (struct mac){{2, 0, 0, 0, 9, 9}};
	ok(meter_apply(m, next) == 0, "another picture is taken over");
	hub_free(hub);
	send_frame(m, (struct frame){.to = 2, .vlan = 100, .rate = 1}, 2);
	const struct traffic_batch *b = meter_flush(m, at(3));
	uint32_t p0 = traffic_port_by_id(b, "p0"), p1 = traffic_port_by_id(b, "p1");
	uint32_t p7 = traffic_port_by_id(b, "p7"), p2 = traffic_port_by_id(b, "p2");
	ok(b->ports[p0].flow_in == 1000 && b->ports[p1].flow_out == 1000,
	   "what was counted before stays with its ports, also with one that has left");
	ok(b->ports[p7].flow_in == 1000 && b->ports[p2].flow_out == 1000,
	   "what comes after is attributed by the new one");
	ok(b->pair_count == 2 && b->exporters[0].records == 2,
	   "and exporters go on where they were");
	meter_free(m);
	hub_free(next);
}

/* A port is put on another interface of the switch in the middle of a bin. */
static void
moved_port(void)
{
	struct hub *hub = exchange_new(2), *next = exchange_new(2);
	struct meter *m = meter_new(hub, 1, at(0));
	send_counters(m, 1000, 5000, 5000, 0);
	send_counters(m, 1000, 6000, 6000, 20);
	next->ports[0].if_index = 2000;
	next->ports[0].macs[0] = (struct mac){{2, 0, 0, 0, 9, 9}};
	next->ports[1].macs[0] = hub->ports[0].macs[0];
	ok(meter_apply(m, next) == 0, "a port moves to another interface");
	hub_free(hub);
	send_counters(m, 2000, 900000, 900000, 40);
	send_counters(m, 2000, 900500, 900500, 60);
	const struct traffic_batch *b = meter_flush(m, at(61));
	uint32_t p0 = traffic_port_by_id(b, "p0");
	is_int((long long)b->ports[p0].counter_in, 1500,
	       "the difference of two interfaces' counters is nobody's traffic");
	is_int(b->ports[p0].counter_covered_s, 40, "the time between them is not covered");
	meter_free(m);
	hub_free(next);
}

/* What was overtaken by seconds is late, not the start of another switch. */
static void
overtaken(void)
{
	struct hub *hub = exchange_new(2);
	struct meter *m = meter_new(hub, 1, at(0));
	const struct frame f = {.to = 1, .vlan = 100, .rate = 1, .source = 1000, .length = 64};
	static const uint32_t order[] = {1, 2, 3, 5, 6, 7, 20, 4, 21};
	struct buf b = {0};
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		sflow_header(&b, (struct sflow_numbers){0, order[i], 1000000 + 1000 * order[i]}, 1);
		sflow_flow_sample(&b, order[i], &f);
		send(m, &b, 100);
	}
	struct meter_exporter e = meter_exporter(m, 0);
	ok(e.restarts == 0, "a datagram that is sixteen seconds late is no restart");
	is_int((long long)e.lost_datagrams, 12, "it takes its loss back, and no other");
	is_int((long long)e.lost_records, 12, "its samples too");
	buf_fini(&b);
	meter_free(m);
	hub_free(hub);
}

/* A clock that runs, jumps by hours and days both ways and steps back a little: what all batches
 * together say. */
struct jumps {
	unsigned long long in, out, counted;
	size_t batches, repeated;
	struct {
		int64_t start_s;
		uint64_t run;
	} seen[4000];
};

static void
take_batch(struct jumps *j, const struct traffic_batch *b)
{
	for (size_t i = 0; i < j->batches; i++)
		j->repeated += j->seen[i].start_s == b->start.s && j->seen[i].run == b->run;
	j->seen[j->batches].start_s = b->start.s;
	j->seen[j->batches++].run = b->run;
	for (size_t i = 0; i < b->port_count; i++) {
		j->in += b->ports[i].flow_in;
		j->out += b->ports[i].flow_out;
		j->counted += b->ports[i].counter_in;
	}
}

static void
jumping_clock(void)
{
	struct hub *hub = exchange_new(2);
	int64_t now = 1777593600 - 400 - START; /* towards the end of a month */
	struct meter *m = meter_new(hub, 1000, at(now));
	struct jumps *j = calloc(1, sizeof(*j));
	const struct frame f = {.to = 1, .vlan = 100, .rate = 1};
	const struct traffic_batch *b;
	const uint32_t steps = 8000;
	for (uint32_t i = 0; i < steps; i++) {
		uint32_t dice = i * 2654435761u >> 22; /* 0 to 1023 */
		now += dice == 0   ? 3600
		       : dice == 1 ? -3600
		       : dice == 2 ? -86400
		       : dice == 3 ? 86400
		       : dice < 8  ? -(int64_t)(dice * 40)
				   : (int64_t)(dice % 8);
		while ((b = meter_tick(m, at(now))))
			take_batch(j, b);
		send_frame(m, f, now);
		if (i % 4 == 0)
			send_counters(m, 1000, i, i, now);
	}
	while ((b = meter_flush(m, at(now))))
		take_batch(j, b);
	ok(j->batches > 100 && j->in == 1000ull * steps && j->out == j->in,
	   "however the clock jumps, every sample is in one batch");
	is_int((long long)j->repeated, 0, "no two batches have the same start and run");
	ok(j->counted > steps * 3 / 4 && j->counted <= steps,
	   "and counters are never counted twice (%llu of %u)", j->counted, (unsigned)steps);
	free(j);
	meter_free(m);
	hub_free(hub);
}

int
main(void)
{
	oracle("sflow");
	oracle("sflow-expanded");
	oracle("nf5");
	oracle("nf9");
	oracle("ipfix");
	places();
	rates_and_exporters();
	networks();
	bins();
	counters();
	loss();
	another_picture();
	moved_port();
	overtaken();
	jumping_clock();
	return done_testing();
}
