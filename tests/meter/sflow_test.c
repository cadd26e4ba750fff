/* What is read of sFlow: frames and what tunnels carry in them, forms of samples, discarded packets,
 * counters; and which sampling rate is used. */
#include "meter/sflow.h"

#include <stdlib.h>

#include "exchange.h"
#include "meter/frame.h"
#include "meter/sflow_track.h"
#include "tap.h"

/* --- frames --- */

static void
ethernet(struct buf *b, uint16_t type)
{
	put_mac(b, 2, false);
	put_mac(b, 1, false);
	buf_u16(b, type);
}

static void
ipv4(struct buf *b, uint8_t protocol, uint8_t third)
{
	buf_u32(b, 0x45000000);
	buf_u32(b, 0);
	buf_u8(b, 64);
	buf_u8(b, protocol);
	buf_u16(b, 0);
	buf_u32(b, 0x0a000001u | (uint32_t)third << 8);
	buf_u32(b, 0x0a000002u | (uint32_t)third << 8);
}

static void
ipv6(struct buf *b, uint8_t next, uint8_t last)
{
	buf_u32(b, 0x60000000);
	buf_u16(b, 0);
	buf_u8(b, next);
	buf_u8(b, 64);
	for (int i = 0; i < 2; i++) {
		buf_u64(b, 0x20010db800000000);
		buf_u64(b, last + (uint64_t)i);
	}
}

static void
udp(struct buf *b, uint16_t port)
{
	buf_u16(b, 50000);
	buf_u16(b, port);
	buf_u32(b, 0);
}

static void
vxlan(struct buf *b)
{
	buf_u32(b, 0x08000000);
	buf_u32(b, 100 << 8);
}

static struct flow
read_frame(const struct buf *b, size_t length)
{
	struct flow f = {0};
	/* In memory of exactly this size, so that a sanitizer sees one octet too many. */
	uint8_t *copy = malloc(length ? length : 1);
	memcpy(copy, b->data, length);
	struct cursor frame = cursor_of(copy, length);
	(void)frame_read_ethernet(&f, &frame);
	free(copy);
	return f;
}

static void
carries(const struct buf *b, const char *source, const char *what)
{
	char text[IP_TEXT];
	struct flow f = read_frame(b, b->length);
	is_str(f.source.family ? ip_format(text, f.source) : "none", source, what);
	ok(f.has_macs && f.source_mac.octets[5] == 1 && f.destination_mac.octets[5] == 2,
	   "its MACs are those on the port");
	for (size_t length = 0; length < b->length; length++)
		(void)read_frame(b, length);
}

static void
tunnels(void)
{
	struct buf b = {0};
	ethernet(&b, 0x0800);
	ipv4(&b, 6, 1);
	carries(&b, "10.0.1.1", "a plain packet");
	buf_clear(&b);
	ethernet(&b, 0x88a8);
	buf_u16(&b, 700);
	buf_u16(&b, 0x8100);
	buf_u16(&b, 33);
	buf_u16(&b, 0x86dd);
	ipv6(&b, 6, 5);
	carries(&b, "2001:db8::5", "two tags");
	is_int(read_frame(&b, b.length).vlan, 700, "of which the outer one is the VLAN");
	buf_clear(&b);
	ethernet(&b, 0x8847);
	buf_u32(&b, 16 << 12 | 64);
	buf_u32(&b, 17 << 12 | 0x100 | 64);
	ipv4(&b, 6, 2);
	carries(&b, "10.0.2.1", "MPLS, two labels");
	buf_clear(&b);
	ethernet(&b, 0x8847);
	buf_u32(&b, 17 << 12 | 0x100 | 64);
	buf_u32(&b, 0);
	ethernet(&b, 0x0800);
	ipv4(&b, 6, 3);
	carries(&b, "10.0.3.1", "MPLS with a bridged frame behind its control word");
	buf_clear(&b);
	ethernet(&b, 0x0800);
	ipv4(&b, 4, 4);
	ipv4(&b, 6, 5);
	carries(&b, "10.0.5.1", "IP in IP");
	buf_clear(&b);
	ethernet(&b, 0x0800);
	ipv4(&b, 41, 4);
	ipv6(&b, 6, 7);
	carries(&b, "2001:db8::7", "IPv6 in IPv4");
	is_int(read_frame(&b, b.length).family, IP_V6, "counts as IPv6");
	is_int(read_frame(&b, 14 + 20 + 10).family, IP_V6, "even if its addresses are cut off");
	buf_clear(&b);
	ethernet(&b, 0x0800);
	ipv4(&b, 47, 4);
	buf_u16(&b, 0x2000);
	buf_u16(&b, 0x0800);
	buf_u32(&b, 99);
	ipv4(&b, 6, 6);
	carries(&b, "10.0.6.1", "GRE with a key");
	buf_clear(&b);
	ethernet(&b, 0x86dd);
	ipv6(&b, 0, 1);
	buf_u32(&b, 47 << 24);
	buf_u32(&b, 0);
	buf_u32(&b, 0x6558);
	ethernet(&b, 0x8100);
	buf_u16(&b, 12);
	buf_u16(&b, 0x0800);
	ipv4(&b, 6, 7);
	carries(&b, "10.0.7.1", "a bridged frame with a tag in GRE, behind options of IPv6");
	is_int(read_frame(&b, b.length).vlan, 0, "whose tag is not that of the port");
	buf_clear(&b);
	ethernet(&b, 0x0800);
	ipv4(&b, 17, 8);
	udp(&b, 4789);
	vxlan(&b);
	ethernet(&b, 0x0800);
	ipv4(&b, 6, 9);
	carries(&b, "10.0.9.1", "VXLAN");
	buf_clear(&b);
	ethernet(&b, 0x0800);
	ipv4(&b, 17, 8);
	udp(&b, 6081);
	buf_u32(&b, 0x01000000 | 0x6558);
	buf_u32(&b, 0);
	buf_u32(&b, 0);
	ethernet(&b, 0x0800);
	ipv4(&b, 6, 10);
	carries(&b, "10.0.10.1", "Geneve with an option");
	buf_clear(&b);
	ethernet(&b, 0x8864);
	buf_u32(&b, 0x11000001);
	buf_u16(&b, 0);
	buf_u16(&b, 0x0021);
	ipv4(&b, 6, 11);
	carries(&b, "10.0.11.1", "PPPoE");
	buf_clear(&b);
	ethernet(&b, 0x0800);
	ipv4(&b, 17, 12);
	b.data[14 + 7] = 9; /* a later fragment */
	udp(&b, 4789);
	vxlan(&b);
	ethernet(&b, 0x0800);
	ipv4(&b, 6, 13);
	carries(&b, "10.0.12.1", "a later fragment: what looks like a tunnel is payload");
	buf_clear(&b);
	ethernet(&b, 0x0800);
	for (int i = 0; i < 100; i++)
		ipv4(&b, 4, (uint8_t)i);
	carries(&b, "10.0.7.1", "a hundred packets one in the other: eight are opened");
	buf_fini(&b);
}

/* --- samples --- */

static struct sflow_sample
only_sample(const struct buf *b)
{
	struct sflow_reader r;
	struct sflow_sample s = {.bad = true};
	if (sflow_open(&r, cursor_of(b->data, b->length)) == FLOW_ACCEPTED)
		(void)sflow_next(&r, &s);
	return s;
}

/* An expanded flow sample with an Ethernet record, and what `more` adds. */
static struct sflow_sample
expanded(const uint32_t interfaces[4], void (*more)(struct buf *b), uint32_t records)
{
	struct buf b = {0};
	sflow_header(&b, (struct sflow_numbers){0, 1, 1000}, 1);
	buf_u32(&b, 3);
	size_t sample = open_length(&b);
	buf_u32(&b, 77);
	buf_u32(&b, 0);
	buf_u32(&b, 0x01020304);
	buf_u32(&b, 1000);
	buf_u32(&b, 5);
	buf_u32(&b, 6);
	for (int i = 0; i < 4; i++)
		buf_u32(&b, interfaces[i]);
	buf_u32(&b, records);
	if (more)
		more(&b);
	close_length(&b, sample);
	struct sflow_sample s = only_sample(&b);
	buf_fini(&b);
	return s;
}

static void
gateway(struct buf *b)
{
	buf_u32(b, 1003);
	size_t record = open_length(b);
	const uint32_t words[] = {1,     0xc0000201, 64500, 64511, 64510, 2, 2, 2,  64520,
				  64521, 1,          1,     64530, 2,     1, 2, 100};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		buf_u32(b, words[i]);
	close_length(b, record);
}

/* The header of a packet in a tunnel of a kind that we do not know, and where it begins. */
static void
decapsulated(struct buf *b)
{
	buf_u32(b, 1028);
	size_t record = open_length(b);
	buf_u32(b, 14 + 20 + 8 + 6);
	close_length(b, record);
	buf_u32(b, 1029);
	record = open_length(b);
	buf_u32(b, 4711);
	close_length(b, record);
	buf_u32(b, 1);
	record = open_length(b);
	buf_u32(b, 1);
	buf_u32(b, 1500);
	buf_u32(b, 4);
	size_t header = open_length(b);
	ethernet(b, 0x0800);
	ipv4(b, 17, 1);
	udp(b, 9999);
	buf_u32(b, 1);
	buf_u16(b, 2);
	ipv4(b, 6, 2);
	close_length(b, header);
	while ((b->length - header) % 4)
		buf_u8(b, 0);
	close_length(b, record);
}

static void
addresses_alone(struct buf *b)
{
	buf_u32(b, 3);
	size_t record = open_length(b);
	const uint32_t words[] = {600, 6, 0x0a000101, 0x0a000102, 443, 51000, 0x18, 0xb8};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		buf_u32(b, words[i]);
	close_length(b, record);
}

static void
forms(void)
{
	struct sflow_sample s = expanded((const uint32_t[]){0, 70000000, 0, 80000000}, gateway, 1);
	ok(!s.bad && s.kind == SFLOW_FLOW && s.source_index == 0x01020304 &&
		   s.flow.input == 70000000 && s.flow.output == 80000000,
	   "interfaces beyond 30 bits need an expanded sample");
	ok(s.flow.source_as == 64511 && s.flow.previous_as == 64510 && s.flow.next_as == 64520 &&
		   s.flow.destination_as == 64530,
	   "of a gateway's AS path the source, its peer, the next AS and the destination");
	s = expanded((const uint32_t[]){0, 1, 1, 258}, NULL, 0);
	ok(s.flow.to == FLOW_TO_NONE && s.flow.output == 0, "output format 1: discarded");
	s = expanded((const uint32_t[]){0, 1, 2, 7}, NULL, 0);
	ok(s.flow.to == FLOW_TO_SEVERAL, "output format 2: to seven interfaces");
	s = expanded((const uint32_t[]){0, 0x3fffffff, 0, 0x3fffffff}, NULL, 0);
	ok(s.flow.input == 0 && s.flow.to == FLOW_TO_ITSELF, "0x3FFFFFFF: from and to the switch");
	s = expanded((const uint32_t[]){0, 1, 0, 0}, NULL, 0);
	ok(s.flow.to == FLOW_TO_ONE && s.flow.output == 0, "0: not known");
	s = expanded((const uint32_t[]){0, 1, 0, 2}, decapsulated, 3);
	char text[IP_TEXT];
	is_str(ip_format(text, s.flow.source), "10.0.2.1",
	       "where the agent says that a tunnel ends, the packet in it is read");
	ok(s.flow.octets == 1500 && s.flow.destination_mac.octets[5] == 2,
	   "the frame around it is counted, for the port that it was on");
	s = expanded((const uint32_t[]){0, 1, 0, 2}, addresses_alone, 1);
	ok(!s.bad && s.flow.octets == 600 && s.flow.source.family == IP_V4 &&
		   s.flow.protocol == 6 && s.flow.source_port == 443 &&
		   s.flow.destination_port == 51000 && s.flow.tcp_flags == 0x18 &&
		   s.flow.tos == 0xb8,
	   "an agent that looked into the packet itself tells what was there");
}

/* A counter sample of a switch: its processor, LACP, and a form of somebody's own, cut off or not. */
static void
forms_counted(void)
{
	struct sflow_seen_list seen = {0};
	struct sflow_processor processor = {0};
	struct buf b = {0};
	sflow_header(&b, (struct sflow_numbers){0, 1, 1000}, 2);
	buf_u32(&b, 2);
	size_t sample = open_length(&b);
	buf_u32(&b, 1);
	buf_u32(&b, 5);
	buf_u32(&b, 3);
	buf_u32(&b, 1001);
	size_t record = open_length(&b);
	buf_u32(&b, 1234);
	buf_u32(&b, 1100);
	buf_u32(&b, UINT32_MAX);
	buf_u64(&b, 8ull << 30);
	buf_u64(&b, 3ull << 30);
	close_length(&b, record);
	buf_u32(&b, 7);
	record = open_length(&b);
	buf_u64(&b, 0);
	close_length(&b, record);
	buf_u32(&b, 9 << 12 | 4095);
	record = open_length(&b);
	buf_u32(&b, 0);
	close_length(&b, record);
	close_length(&b, sample);
	buf_u32(&b, 77);
	sample = open_length(&b);
	close_length(&b, sample);
	struct sflow_reader r;
	struct sflow_sample s;
	bool opened = sflow_open(&r, cursor_of(b.data, b.length)) == FLOW_ACCEPTED;
	r.seen = &seen;
	bool good = opened && sflow_next(&r, &s) && !s.bad && s.counters.has_processor;
	processor = s.counters.processor;
	ok(good && processor.load[0] == 1234 && processor.load[2] == UINT32_MAX &&
		   processor.memory == 8ull << 30 && processor.free == 3ull << 30,
	   "what a switch says of its processor and memory is read");
	while (sflow_next(&r, &s))
		;
	ok(seen.count == 3 && seen.forms[0].format == 7 &&
		   seen.forms[0].kind == SFLOW_SEEN_COUNTERS && seen.forms[1].format >> 12 == 9 &&
		   seen.forms[2].kind == SFLOW_SEEN_SAMPLE && seen.forms[2].format == 77,
	   "what is not read is counted by its form: %u of them", seen.count);
	is_str(sflow_seen_text(&seen.forms[0]), "LACP", "with its name where it is the standard's");
	ok(!sflow_seen_text(&seen.forms[1]) && !sflow_seen_text(&seen.forms[2]), "and none else");
	for (uint32_t i = 0; i < 100; i++)
		sflow_seen_note(&seen, SFLOW_SEEN_FLOW, i);
	ok(seen.count == SFLOW_SEEN_MAX && seen.others == 100 - (SFLOW_SEEN_MAX - 3),
	   "so many forms and no more");
	buf_fini(&b);
}

static void
discards(void)
{
	struct buf b = {0};
	sflow_header(&b, (struct sflow_numbers){0, 1, 1000}, 1);
	buf_u32(&b, 5);
	size_t sample = open_length(&b);
	const uint32_t words[] = {9, 0, 1000, 3, 1000, 0, 258, 1, 2};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		buf_u32(&b, words[i]);
	size_t record = open_length(&b);
	buf_u32(&b, 600);
	put_mac(&b, 1, false);
	buf_u16(&b, 0);
	put_mac(&b, 2, false);
	buf_u16(&b, 0);
	buf_u32(&b, 0x0800);
	close_length(&b, record);
	close_length(&b, sample);
	struct sflow_sample s = only_sample(&b);
	ok(!s.bad && s.kind == SFLOW_DISCARDS && s.sequence == 9 && s.drops == 3 &&
		   s.source_index == 1000 && s.flow.input == 1000,
	   "a discarded packet, with its interface and number");
	is_str(sflow_reason_text(s.reason), "filtered by an access list",
	       "and the reason in words");
	ok(s.flow.octets == 600 && s.flow.has_macs && s.flow.to == FLOW_TO_NONE, "and what it was");
	is_str(sflow_reason_text(303), "split horizon", "the last reason that has a name");
	is_str(sflow_reason_text(100), "a reason we do not know", "one that has none");
	buf_fini(&b);
}

/* --- rates --- */

struct agent {
	struct sflow_track *track;
	struct sequence_drops drops;
	uint32_t datagram, uptime_ms, sample, pool, dropped;
	uint32_t announced, real;
	struct sampling used; /* of the last sample */
};

/* Sends samples; `lost` of them, at the end, do not arrive. */
static void
sample(struct agent *a, uint32_t count, uint32_t lost)
{
	struct frame f = {.to = 1, .length = 500, .source = 1000, .rate = a->announced};
	for (uint32_t i = 0; i < count; i++) {
		struct buf b = {0};
		struct sflow_reader r;
		struct sflow_sample s;
		sflow_header(&b, (struct sflow_numbers){0, a->datagram++, a->uptime_ms}, 1);
		sflow_flow_sample(&b, a->sample++, &f);
		a->uptime_ms += 10;
		a->pool += a->real;
		struct cursor datagram = cursor_of(b.data, b.length);
		if (i + lost < count && sflow_open(&r, datagram) == FLOW_ACCEPTED &&
		    sflow_track_datagram(a->track, &r, datagram, (struct utc_s){1000}))
			while (sflow_next(&r, &s)) {
				s.pool = a->pool;
				s.drops = a->dropped;
				sflow_track_sample(a->track, &s);
				a->used = s.flow.sampling;
			}
		buf_fini(&b);
	}
}

static struct exporter_rate
rate(const struct agent *a)
{
	struct exporter_rate r = {0};
	(void)sflow_track_rates(a->track, &r, 1);
	return r;
}

static uint32_t
one_in(struct sampling s)
{
	return s.size ? s.population / s.size : 0;
}

static struct agent
agent(uint32_t announced, uint32_t real)
{
	struct agent a = {.announced = announced, .real = real, .uptime_ms = 5000};
	a.track = sflow_track_new(NULL);
	return a;
}

static void
rates(void)
{
	struct agent a = agent(1000, 1000);
	sample(&a, 500, 0);
	ok(rate(&a).effective.population == 0 && one_in(a.used) == 1000,
	   "over 500 samples no effective rate is claimed; the announced one is used");
	sample(&a, 600, 0);
	ok(one_in(rate(&a).effective) == 1000 && rate(&a).used == RATE_ANNOUNCED,
	   "over 1024 it is, and agrees");
	a.real = 1050;
	sample(&a, 2100, 0);
	ok(one_in(rate(&a).effective) == 1050 && one_in(a.used) == 1000,
	   "within a tenth of the announced rate they are one and the same");
	a.real = 2000;
	sample(&a, 2100, 0);
	ok(one_in(rate(&a).effective) == 2000 && rate(&a).used == RATE_ANNOUNCED &&
		   one_in(a.used) == 1000,
	   "a pool twice as large for no reason is shown, and not used");
	sflow_track_free(a.track);

	a = agent(1000, 1500);
	for (int i = 0; i < 30; i++) {
		sample(&a, 100, 0);
		a.dropped += 50;
	}
	ok(rate(&a).used == RATE_EFFECTIVE && one_in(a.used) == 1500,
	   "one third of the samples was dropped by the agent, which says so: the effective rate");
	is_int(rate(&a).drops, 29 * 50, "its drops are counted");
	a.real = 1000;
	for (int i = 0; i < 30; i++)
		sample(&a, 100, 0);
	ok(rate(&a).used == RATE_ANNOUNCED && one_in(a.used) == 1000,
	   "when the drops are over it is the announced one again");
	a.announced = 512;
	a.real = 512;
	sample(&a, 10, 0);
	ok(one_in(a.used) == 512 && rate(&a).effective.population == 0,
	   "another announced rate holds at once, and is measured anew");
	sflow_track_free(a.track);

	a = agent(0, 4096);
	sample(&a, 100, 0);
	ok(rate(&a).used == RATE_UNKNOWN && a.used.population == 0,
	   "a rate that is not announced is not known");
	sample(&a, 1100, 0);
	ok(rate(&a).used == RATE_EFFECTIVE && one_in(a.used) == 4096,
	   "until the pool has been watched for 1024 samples");
	sflow_track_free(a.track);

	a = agent(1000, 0);
	sample(&a, 1200, 0);
	ok(rate(&a).effective.population == 0 && one_in(a.used) == 1000,
	   "a pool that stands still says nothing");
	sflow_track_free(a.track);

	a = agent(1000, 1000);
	a.pool = UINT32_MAX - 500000;
	a.sample = UINT32_MAX - 300;
	sample(&a, 1200, 0);
	ok(one_in(rate(&a).effective) == 1000, "pool and numbers wrap at 2^32");
	sample(&a, 600, 500);
	sample(&a, 600, 0);
	ok(one_in(rate(&a).effective) == 1000,
	   "samples lost on the way change nothing: their numbers are in it");
	a.pool = 5;
	sample(&a, 1200, 0);
	ok(one_in(rate(&a).effective) == 1000, "nor does a pool that begins anew");
	sflow_track_free(a.track);
}

/* What our own socket dropped explains a gap, up to its number. */
static void
own_drops(void)
{
	struct agent a = agent(1000, 1000);
	sflow_track_free(a.track);
	a.track = sflow_track_new(&a.drops);
	struct exporter_domain d = {0};
	sample(&a, 20, 0);
	sequence_drops_add(&a.drops, 3);
	sample(&a, 10, 5);
	sample(&a, 10, 0);
	(void)sflow_track_domains(a.track, &d, 1);
	ok(d.total.lost == 5 && d.total.lost_here == 3, "of five lost three are our own drops");
	sample(&a, 10, 4);
	sample(&a, 1, 0);
	(void)sflow_track_domains(a.track, &d, 1);
	ok(d.total.lost == 9 && d.total.lost_here == 3, "and explain no later ones");
	sflow_track_domains_taken(a.track);
	(void)sflow_track_domains(a.track, &d, 1);
	ok(d.since.lost == 0 && d.since.received == 0 && d.total.lost == 9,
	   "what is reported is not reported again");
	sflow_track_free(a.track);
}

int
main(void)
{
	tunnels();
	forms();
	forms_counted();
	discards();
	rates();
	own_drops();
	return done_testing();
}
