/* Whose frame it is: on which port it came in and left, once, however many switches saw it. */
#include "meter/meter.h"

#include "exchange.h"
#include "tap.h"

enum { START = 1700000100 };

static struct hub *hub;
static struct meter *meter;
static uint32_t sequence;

static struct utc_s
at(int64_t seconds)
{
	return (struct utc_s){START + seconds};
}

/* Two switches: p0 and p1 on the first, p2 and p3 on the second, p4 (a LAG of two interfaces) on the
 * first, p5 on both. */
static void
begin(void)
{
	hub = exchange_new(6);
	hub->exporters[1] = (struct hub_exporter){.id = "sw2", .address = ip_v4(0xc0000202)};
	hub->exporter_count = 2;
	for (uint32_t i = 2; i < 4; i++)
		hub->ports[i].exporter = 1;
	struct hub_interface *more = arena_take(hub->arena, 2 * sizeof(*more));
	more[0] = (struct hub_interface){0, 2004};
	more[1] = (struct hub_interface){1, 2005};
	hub->ports[4].interfaces = &more[0];
	hub->ports[5].interfaces = &more[1];
	hub->ports[4].interface_count = hub->ports[5].interface_count = 1;
	meter = meter_new(hub, 1, at(0));
	meter_set_watching(meter, false);
}

static void
end(void)
{
	meter_free(meter);
	hub_free(hub);
}

static struct ip
address_of(unsigned number)
{
	return ip_v4(0xc0000201 + number);
}

/* A frame of 1000 octets that switch `number` sampled, 1 in 10. */
static void
sample(unsigned number, struct frame f, int64_t s)
{
	struct buf b = {0};
	f.length = 1000;
	f.rate = 10;
	sequence++;
	uint32_t up_ms = (uint32_t)(10000000 + s * 1000);
	sflow_header(&b, (struct sflow_numbers){number, sequence, up_ms}, 1);
	sflow_flow_sample(&b, sequence, &f);
	meter_datagram(meter, METER_SFLOW, address_of(number), cursor_of(b.data, b.length), at(s));
	buf_fini(&b);
}

static void
count(unsigned number, uint32_t if_index, uint64_t in, uint64_t out, int64_t s)
{
	struct buf b = {0};
	sequence++;
	uint32_t up_ms = (uint32_t)(10000000 + s * 1000);
	sflow_header(&b, (struct sflow_numbers){number, sequence, up_ms}, 1);
	sflow_counter_sample(&b, sequence, if_index, in, out);
	meter_datagram(meter, METER_SFLOW, address_of(number), cursor_of(b.data, b.length), at(s));
	buf_fini(&b);
}

/* "p0>p1 10000" for each pair of the open bin. */
static const char *
pairs(void)
{
	static char text[512];
	struct arena *arena = arena_new();
	struct traffic_batch b;
	text[0] = '\0';
	if (meter_now(meter, at(100), arena, &b) == 0)
		for (size_t i = 0; i < b.pair_count; i++)
			(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
				       "%s>%s %llu ", b.ports[b.pairs[i].from].port,
				       b.ports[b.pairs[i].to].port,
				       (unsigned long long)b.pairs[i].octets);
	arena_free(arena);
	return text;
}

/* Interfaces: members' ports are 1000 + i, the line between the switches is 99. */
static void
between_switches(void)
{
	begin();
	struct frame f = {.from = 0, .to = 2, .vlan = 100, .input = 1000, .output = 99};
	f.source = 1000;
	sample(0, f, 1);
	f.input = f.source = 99;
	f.output = 1002;
	sample(1, f, 1);
	is_str(pairs(), "p0>p2 10000 ",
	       "what both switches sampled on the way in counts at the first");
	f.source = 1002;
	sample(1, f, 2);
	is_str(pairs(), "p0>p2 10000 ", "and not again on the way out of the second");
	ok(meter_totals(meter).unattributed[BIN_ELSEWHERE] == 1 &&
		   meter_totals(meter).unattributed[BIN_EGRESS] == 1,
	   "each is told why");
	end();

	begin();
	f = (struct frame){.from = 2, .to = 0, .vlan = 100, .input = 99, .output = 1000};
	f.source = 1000;
	sample(0, f, 1);
	is_str(pairs(), "p2>p0 10000 ",
	       "where a port is sampled on the way out alone, frames count there");
	f.output = f.source = 99;
	f.input = 1002;
	sample(1, f, 1);
	is_str(pairs(), "p2>p0 10000 ", "and not on the way out to another switch");
	f.source = 1002;
	sample(1, f, 2);
	is_str(pairs(), "p2>p0 20000 ",
	       "as soon as its port is sampled on the way in, that counts");
	f = (struct frame){.from = 2, .to = 0, .vlan = 100, .input = 99, .output = 1000};
	f.source = 1000;
	sample(0, f, 3);
	is_str(pairs(), "p2>p0 20000 ", "and the way out does not any more");
	f.from = 3;
	sample(0, f, 3);
	is_str(pairs(), "p2>p0 20000 p3>p0 10000 ", "of the ports for which it is so");
	f.from = 2;
	sample(0, f, 3700);
	is_str(pairs(), "p2>p0 30000 p3>p0 10000 ",
	       "until there was nothing on the way in for an hour");
	end();
}

static void
groups_on_the_way_out(void)
{
	begin();
	struct frame f = {.from = 2, .vlan = 100, .group = true, .output = 1000, .source = 1000};
	sample(0, f, 1);
	f.output = f.source = 1001;
	sample(0, f, 1);
	struct arena *arena = arena_new();
	struct traffic_batch b;
	uint64_t in = 0;
	if (meter_now(meter, at(2), arena, &b) == 0)
		for (size_t i = 0; i < b.port_count; i++)
			in += b.ports[i].flow_in;
	ok(in == 0 && meter_totals(meter).unattributed[BIN_MULTICAST] == 2,
	   "a broadcast that is seen leaving by each port does not enter so often");
	arena_free(arena);
	end();
}

static void
several_interfaces(void)
{
	begin();
	struct frame f = {.from = 4, .to = 1, .vlan = 100, .input = 2004, .source = 2004};
	sample(0, f, 1);
	is_str(pairs(), "p4>p1 10000 ", "a frame on either interface of a LAG is the port's");
	/* Sampled on the way in by p1, and on the way out by an interface of the LAG. */
	f = (struct frame){.from = 1, .to = 4, .vlan = 100, .input = 1001, .source = 1001};
	f.output = 1004;
	sample(0, f, 1);
	f.source = 2004;
	sample(0, f, 1);
	is_str(pairs(), "p1>p4 10000 p4>p1 10000 ",
	       "one that leaves by a LAG is not counted again, whichever of its interfaces it "
	       "takes");
	f = (struct frame){.from = 5, .to = 1, .vlan = 100, .input = 2005, .source = 2005};
	sample(1, f, 1);
	f.input = f.source = 99;
	sample(0, f, 1);
	is_str(pairs(), "p1>p4 10000 p4>p1 10000 p5>p1 10000 ",
	       "a port on two switches counts where it came in, and not on the way between them");
	f.input = f.source = 1005;
	sample(0, f, 1);
	is_str(pairs(), "p1>p4 10000 p4>p1 10000 p5>p1 20000 ", "on either of them");
	for (int64_t s = 0; s <= 300; s += 30) {
		count(0, 1004, (uint64_t)s * 100, (uint64_t)s, s);
		count(0, 2004, (uint64_t)s * 11, (uint64_t)s * 2, s);
		count(0, 1005, (uint64_t)s * 7, 0, s);
	}
	const struct traffic_batch *b = meter_tick(meter, at(360));
	const struct traffic_port *lag = &b->ports[traffic_port_by_id(b, "p4")];
	ok(lag->counter_in == 300 * 111 && lag->counter_out == 900 &&
		   lag->state == TRAFFIC_COUNTER && lag->source == TRAFFIC_BY_SFLOW,
	   "counters of a LAG's interfaces are added up");
	const struct traffic_port *half = &b->ports[traffic_port_by_id(b, "p5")];
	ok(half->counter_in == 2100 && half->counter_covered_s == 0 &&
		   half->state == TRAFFIC_ESTIMATED,
	   "if one of them is not heard the port is not covered");
	/* The LAG moves to other interfaces in the middle of a bin. */
	for (int64_t s = 390; s <= 450; s += 30) {
		count(0, 1004, (uint64_t)s * 100, (uint64_t)s, s);
		count(0, 2004, (uint64_t)s * 11, (uint64_t)s * 2, s);
	}
	hub->ports[4].interface_count = 0;
	hub->ports[4].if_index = 3004;
	ok(meter_apply(meter, hub) == 0, "another picture is taken");
	for (int64_t s = 450; s <= 600; s += 30)
		count(0, 3004, 1000000 + (uint64_t)s * 5, 0, s);
	while (!(b = meter_tick(meter, at(660))))
		;
	lag = &b->ports[traffic_port_by_id(b, "p4")];
	ok(lag->counter_in == 150 * 111 + 150 * 5 && lag->counter_out == 150 * 3 &&
		   lag->counter_covered_s == 300,
	   "a port that moves to another interface loses nothing of either");
	end();
}

static void
vlans(void)
{
	begin();
	/* The same router on two VLANs of one member. */
	hub->ports[1].member = 0;
	hub->ports[1].vlan = 200;
	hub->ports[1].macs[0] = hub->ports[0].macs[0];
	hub->ports[3].vlan = 200;
	ok(meter_apply(meter, hub) == 0, "a MAC may be on two VLANs");
	struct frame f = {.from = 0, .to = 3, .vlan = 200, .input = 1, .source = 1};
	sample(0, f, 1);
	is_str(pairs(), "p1>p3 10000 ", "the VLAN tells which");
	f.vlan = 0;
	sample(0, f, 1);
	ok(meter_totals(meter).unattributed[BIN_AMBIGUOUS] == 1, "without it nobody can say");
	f.input = f.source = 1000;
	sample(0, f, 1);
	is_str(pairs(), "p0>p3 10000 p1>p3 10000 ", "but the interface can");
	f.from = 4;
	f.to = 3;
	f.input = f.source = 1004;
	sample(0, f, 1);
	is_str(pairs(), "p0>p3 10000 p1>p3 10000 p4>p3 10000 ",
	       "a switch that tells no VLAN does no harm where a MAC is on one port");
	end();
}

static void
strangers(void)
{
	begin();
	struct frame f = {
		.from = 77, .to = 1, .vlan = 100, .input = 8, .output = 1001, .source = 8};
	sample(0, f, 10);
	sample(0, f, 20);
	f.input = f.source = 9;
	sample(0, f, 30);
	f = (struct frame){.from = 0, .to = 78, .vlan = 100, .input = 1000, .output = 12};
	f.source = 1000;
	sample(0, f, 40);
	struct meter_unknown_mac list[8];
	size_t found = meter_unknown_macs(meter, list, 8);
	ok(found == 3 && list[0].octets_sent == 20000 && list[0].samples_sent == 2 &&
		   list[0].vlan == 100 && list[0].if_index == 8 &&
		   list[0].first_seen.s == START + 10 && list[0].last_seen.s == START + 20 &&
		   list[0].mac.octets[5] == 77 && strcmp(list[0].exporter, "sw1") == 0,
	   "an unknown MAC is told with VLAN, interface, what it sent, and since when");
	bool sent_to = false;
	for (size_t i = 0; i < found; i++)
		sent_to |= list[i].mac.octets[5] == 78 && list[i].octets_received == 10000 &&
			   !list[i].octets_sent && list[i].if_index == 12;
	ok(sent_to, "and one that was sent to");
	for (uint32_t i = 0; i < 60000; i++)
		sample(0, (struct frame){.from = 1000 + i, .to = 1, .vlan = 100, .input = 8}, 50);
	ok(meter_unknown_macs(meter, list, 8) == 8, "a flood of made-up ones has its bound");
	sample(0, (struct frame){.from = 1, .to = 2, .vlan = 100, .input = 1001}, 90000);
	is_int((long long)meter_unknown_macs(meter, list, 8), 0,
	       "after a day of silence they are not shown");
	end();
}

static void
families_and_loss(void)
{
	begin();
	struct frame f = {.from = 0,
			  .to = 1,
			  .vlan = 100,
			  .source_ip = "2001:db8::1",
			  .destination_ip = "2001:db8::2"};
	sample(0, f, 1);
	sample(0, (struct frame){.from = 0, .to = 1, .vlan = 100}, 1);
	sequence += 2; /* two datagrams of one sample each are lost */
	sample(0, (struct frame){.from = 0, .to = 1, .vlan = 100}, 2);
	const struct traffic_batch *b = meter_flush(meter, at(100));
	const struct traffic_port *p = &b->ports[traffic_port_by_id(b, "p0")];
	ok(p->flow_in == 30000 && p->flow_v6_in == 10000 &&
		   b->ports[traffic_port_by_id(b, "p1")].flow_v6_out == 10000,
	   "the share of IPv6 is told by port");
	ok(p->lost_ppm == 400000 && p->state == TRAFFIC_ESTIMATED,
	   "and that two records of five did not arrive");
	ok(b->ports[traffic_port_by_id(b, "p2")].lost_ppm == 0,
	   "which is no matter of ports that another switch counts");
	ok(b->domain_count == 1 && b->domains[0].received == 3 && b->domains[0].lost == 2 &&
		   b->exporters[b->domains[0].exporter].lost_records == 2,
	   "the loss ledger says it of the space of numbers: received and lost are all that was "
	   "sent");
	end();
}

int
main(void)
{
	between_switches();
	groups_on_the_way_out();
	several_interfaces();
	vlans();
	strangers();
	families_and_loss();
	return done_testing();
}
