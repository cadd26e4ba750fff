/* Samples that are sent on: read back by the meter's own decoders. */
#include "meter/forward.h"

#include "meter/forward_packet.h"
#include "meter/netflow.h"
#include "meter/sflow.h"
#include "tap.h"
#include "watching.h"

static const struct utc_s start = {1700000000};

/* A frame of Member 1 to Member 2 with a tag, IPv4 and TCP. */
static struct watch_copy
sample(uint32_t from, uint32_t to, uint32_t rate)
{
	static const uint8_t frame[] = {
		2,    0,    0,    0,    0, 2, 2, 0,  0, 0, 0, 1,  0x81, 0,    0, 100, 8, 0, 0x45,
		0x10, 1,    0,    0,    0, 0, 0, 64, 6, 0, 0, 10, 0,    0,    1, 10,  0, 0, 2,
		0x01, 0xbb, 0x4e, 0x20, 0, 0, 0, 0,  0, 0, 0, 0,  0x50, 0x18, 0, 0,   0, 0};
	struct watch_copy copy = {.at = start, .exporter = 0, .from = from, .to = to, .rate = rate};
	copy.flow = (struct flow){.octets = 1018,
				  .packets = 1,
				  .input = 1001,
				  .output = 1002,
				  .vlan = 100,
				  .family = IP_V4,
				  .has_macs = true,
				  .measured = true,
				  .source_mac = {{2, 0, 0, 0, 0, 1}},
				  .destination_mac = {{2, 0, 0, 0, 0, 2}},
				  .source = ip_v4(0x0a000001),
				  .destination = ip_v4(0x0a000002),
				  .protocol = 17,
				  .tos = 0xb8,
				  .source_port = 123,
				  .destination_port = 40000};
	copy.header_length = sizeof(frame);
	memcpy(copy.header, frame, sizeof(frame));
	return copy;
}

static struct watching *
hub_with(uint32_t member, struct hub_samples samples)
{
	struct watching *g = watching_new(4, start);
	samples.to = (struct hub_endpoint){ip_v4(0x7f000001), 6343};
	g->hub->router_id = ip_v4(0xc00002fe);
	g->hub->members[member].samples = samples;
	return g;
}

/* Samples of all datagrams that wait; *last is the last one read, *pool and drops with it. */
static unsigned
read_back(struct forward *f, struct sflow_sample *last, unsigned *datagrams, bool *in_order)
{
	struct forward_datagram d;
	unsigned count = 0;
	uint32_t before = 0;
	*datagrams = 0;
	*in_order = true;
	while (forward_next(f, &d)) {
		struct sflow_reader r;
		struct sflow_sample s;
		*in_order = *in_order && sflow_open(&r, d.octets) == FLOW_ACCEPTED &&
			    cursor_left(&d.octets) <= FORWARD_DATAGRAM_MAX;
		*in_order = *in_order && r.sequence == before + 1;
		before = r.sequence;
		while (*in_order && sflow_next(&r, &s)) {
			*in_order = s.kind == SFLOW_FLOW && s.sequence == count + 1;
			*last = s;
			count++;
		}
		forward_sent(f, d.sink, true);
		(*datagrams)++;
	}
	return count;
}

static void
sflow(void)
{
	struct hub_samples wish = {.addresses = true, .header_octets = 128};
	struct watching *g = hub_with(1, wish);
	struct forward *f = forward_new(start);
	ok(f && forward_apply(f, g->hub, &g->roster) == 0, "a member may have its samples");
	struct watch_copy list[] = {sample(1, 2, 10000), sample(0, 1, 10000), sample(0, 2, 10000),
				    sample(HUB_NONE, 1, 10000)};
	for (int i = 0; i < 100; i++)
		forward_take(f, list, 4);
	forward_flush(f);
	struct sflow_sample last = {0};
	unsigned datagrams;
	bool good;
	is_int(read_back(f, &last, &datagrams, &good), 300, "those of its ports, and no others");
	ok(good, "numbered from 1, datagrams and samples, in sound datagrams");
	ok(datagrams > 20 && datagrams < 60, "several in each: %u datagrams", datagrams);
	is_int(last.flow.sampling.population, 10000, "with the rate");
	is_int(last.pool, 300 * 10000, "a pool that grows by it");
	is_int((long long)last.flow.octets, 1018, "the length of the frame");
	ok(ip_equal(last.flow.source, ip_v4(0x0a000001)), "and its addresses, if it may have them");
	is_int(last.flow.input, 0, "another's interface is not told");
	is_int(last.flow.output, 1002, "its own is");
	struct forward_report r = forward_report(f, 0);
	ok(r.samples == 300 && r.datagrams == datagrams && !r.lost, "and all of it is counted");
	forward_free(f);
	watching_free(g);
}

static void
without_addresses(void)
{
	struct watching *g = hub_with(1, (struct hub_samples){.header_octets = 128});
	struct forward *f = forward_new(start);
	(void)forward_apply(f, g->hub, &g->roster);
	struct watch_copy copy = sample(1, 2, 100);
	forward_take(f, &copy, 1);
	forward_flush(f);
	struct forward_datagram d;
	static const uint8_t address[] = {10, 0, 0, 1};
	bool found = false, got = forward_next(f, &d);
	for (const uint8_t *at = d.octets.at; got && at + 4 <= d.octets.end; at++)
		found = found || memcmp(at, address, 4) == 0;
	ok(got && !found, "without addresses none is anywhere in the datagram");
	struct sflow_reader r;
	struct sflow_sample s;
	ok(sflow_open(&r, d.octets) == FLOW_ACCEPTED && sflow_next(&r, &s) && s.flow.has_macs &&
		   s.flow.octets == 1018 && s.flow.family == IP_V4 && s.flow.vlan == 100,
	   "but MAC addresses, VLAN, type and length are");
	forward_free(f);
	watching_free(g);
}

static void
limits(void)
{
	struct hub_samples wish = {.addresses = true, .header_octets = 64, .rate_max = 10};
	struct watching *g = hub_with(1, wish);
	struct forward *f = forward_new(start);
	(void)forward_apply(f, g->hub, &g->roster);
	struct watch_copy copy = sample(1, 2, 100);
	for (int i = 0; i < 25; i++)
		forward_take(f, &copy, 1);
	copy.at.s++;
	forward_take(f, &copy, 1);
	forward_flush(f);
	struct sflow_sample last = {0};
	unsigned datagrams;
	bool good;
	is_int(read_back(f, &last, &datagrams, &good), 11, "rate_max bounds a second");
	is_int((long long)forward_report(f, 0).limited, 15, "what is above is counted");
	is_int(last.drops, 15, "and told as dropped");
	is_int(last.pool, 26 * 100, "in the pool it is");
	copy.flow.packets = 7;
	copy.at.s++;
	forward_take(f, &copy, 1);
	is_int((long long)forward_report(f, 0).inexpressible, 1,
	       "a record of several packets is no sFlow sample");
	copy.flow.packets = 1;
	for (int i = 0; i < 40000; i++) {
		copy.at.s++;
		forward_take(f, &copy, 1);
	}
	forward_flush(f);
	unsigned waiting = 0;
	struct forward_datagram d;
	while (forward_next(f, &d))
		waiting++;
	ok(waiting <= FORWARD_QUEUE && forward_report(f, 0).lost > 0,
	   "the queue is bounded, and what does not fit is counted: %llu lost",
	   (unsigned long long)forward_report(f, 0).lost);
	forward_free(f);
	watching_free(g);
}

static uint32_t
word(const struct forward_datagram *d, size_t at)
{
	struct cursor c = d->octets;
	cursor_skip(&c, at);
	return cursor_u32(&c);
}

static void
ipfix(void)
{
	struct hub_samples wish = {.format = HUB_SAMPLES_IPFIX, .addresses = true};
	struct watching *g = hub_with(1, wish);
	struct forward *f = forward_new(start);
	(void)forward_apply(f, g->hub, &g->roster);
	struct watch_copy copy = sample(1, 2, 100);
	uint32_t records = 0, expected = 0;
	bool good = true, templates_again = false;
	for (int i = 0; i < 130; i++) {
		for (int k = 0; k < 7; k++)
			forward_take(f, &copy, 1);
		forward_flush(f);
		struct forward_datagram d;
		while (forward_next(f, &d)) {
			struct cursor c = d.octets;
			good = good && cursor_u16(&c) == 10 &&
			       cursor_u16(&c) == cursor_left(&d.octets);
			good = good && word(&d, 8) == expected && word(&d, 12) == 1;
			bool told = word(&d, 16) >> 16 == 2;
			templates_again |= told && records;
			expected += 7 + told;
			records += 7;
		}
		copy.at.s++;
	}
	ok(good, "IPFIX: lengths, domain and sequence are right, options records counted");
	is_int(records, 910, "every sample is a record");
	ok(templates_again, "templates come again");
	forward_free(f);
	watching_free(g);
}

/* Of a flow record there is no frame; what it said of the transport goes on all the same. */
static void
records(void)
{
	struct hub_samples wish = {.addresses = true, .header_octets = 128};
	struct watching *g = hub_with(1, wish);
	struct forward *f = forward_new(start);
	(void)forward_apply(f, g->hub, &g->roster);
	struct watch_copy copy = sample(1, 2, 100);
	copy.header_length = 0;
	forward_take(f, &copy, 1);
	forward_flush(f);
	struct sflow_sample last = {0};
	unsigned datagrams;
	bool good;
	(void)read_back(f, &last, &datagrams, &good);
	ok(good && last.flow.protocol == 17 && last.flow.source_port == 123 &&
		   last.flow.destination_port == 40000 && last.flow.tos == 0xb8,
	   "a record without a frame has protocol and ports in sFlow");
	g->hub->members[1].samples.format = HUB_SAMPLES_IPFIX;
	(void)forward_apply(f, g->hub, &g->roster);
	forward_take(f, &copy, 1);
	forward_flush(f);
	struct forward_datagram d;
	struct netflow_state *state = netflow_state_new(NULL);
	struct netflow_reader r;
	struct flow flow = {0};
	while (forward_next(f, &d)) {
		if (netflow_open(&r, state, d.octets, start) != FLOW_ACCEPTED)
			continue;
		while (netflow_next(&r, &flow))
			netflow_transport(&flow);
		netflow_done(&r);
	}
	ok(flow.protocol == 17 && flow.source_port == 123 && flow.destination_port == 40000 &&
		   flow.tos == 0xb8 && ip_equal(flow.source, ip_v4(0x0a000001)),
	   "and in IPFIX, which reads back");
	netflow_state_free(state);
	forward_free(f);
	watching_free(g);
}

static void
pictures(void)
{
	struct hub_samples wish = {.addresses = true, .header_octets = 128};
	struct watching *g = hub_with(1, wish);
	struct forward *f = forward_new(start);
	(void)forward_apply(f, g->hub, &g->roster);
	struct watch_copy copy = sample(1, 2, 100);
	forward_take(f, &copy, 1);
	forward_flush(f);
	struct forward_datagram d;
	(void)forward_next(f, &d);
	struct hub_samples kept = g->hub->members[1].samples;
	g->hub->members[1].samples = (struct hub_samples){0};
	(void)forward_apply(f, g->hub, &g->roster);
	forward_take(f, &copy, 1);
	forward_flush(f);
	ok(!forward_next(f, &d) && forward_count(f) == 0, "who wants none any more gets none");
	g->hub->members[1].samples = kept;
	(void)forward_apply(f, g->hub, &g->roster);
	forward_take(f, &copy, 1);
	forward_flush(f);
	struct sflow_reader r = {0};
	ok(forward_next(f, &d) && sflow_open(&r, d.octets) == FLOW_ACCEPTED && r.sequence == 2,
	   "and numbers go on when it wants them again");
	forward_free(f);
	watching_free(g);
}

static void
packets(void)
{
	struct watch_copy copy = sample(1, 2, 1);
	struct forward_packet p = forward_packet_read(cursor_of(copy.header, copy.header_length));
	ok(p.link_length == 18 && p.ethertype == 0x0800,
	   "a frame's link header ends behind its tag");
	ok(p.protocol == 6 && p.source_port == 443 && p.destination_port == 20000 &&
		   p.tcp_flags == 0x18 && p.tos == 0x10,
	   "protocol, ports, flags and type of service are found");
	bool calm = true;
	for (size_t i = 0; i < copy.header_length; i++) {
		p = forward_packet_read(cursor_of(copy.header, i));
		calm = calm && (i >= 18 ? p.link_length == 18 : !p.link_length) &&
		       (i >= 42 || !p.source_port);
	}
	ok(calm, "what is cut off is not made up");
}

int
main(void)
{
	sflow();
	without_addresses();
	limits();
	ipfix();
	records();
	pictures();
	packets();
	return done_testing();
}
