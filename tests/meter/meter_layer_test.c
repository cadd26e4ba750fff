/* Packets that carry packets: the header whose addresses the exchange has routes for says whose traffic it
 * is, be it the outer one of a member's tunnel or the inner one of a fabric's. */
#include <stdlib.h>

#include "exchange.h"
#include "meter/meter.h"
#include "meter/watch_intake.h"
#include "tap.h"

enum { START = 1700000100, GRE = 47, IN_IP = 4, IN_IP6 = 41, UDP = 17 };

static struct utc_s
at(int64_t seconds)
{
	return (struct utc_s){START + seconds};
}

static void
ipv4(struct buf *b, uint8_t protocol, const char *from, const char *to)
{
	struct ip source, destination;
	int good = ip_parse(&source, from) == 0 && ip_parse(&destination, to) == 0;
	assert(good);
	buf_u32(b, 0x45000000);
	buf_u32(b, 0);
	buf_u8(b, 64);
	buf_u8(b, protocol);
	buf_u16(b, 0);
	buf_put(b, source.octets, 4);
	buf_put(b, destination.octets, 4);
}

static void
ipv6(struct buf *b, const char *from, const char *to)
{
	struct ip source, destination;
	int good = ip_parse(&source, from) == 0 && ip_parse(&destination, to) == 0;
	assert(good);
	buf_u32(b, 0x60000000);
	buf_u16(b, 0);
	buf_u8(b, 6);
	buf_u8(b, 64);
	buf_put(b, source.octets, 16);
	buf_put(b, destination.octets, 16);
}

static void
vxlan(struct buf *b)
{
	buf_u16(b, 50000);
	buf_u16(b, 4789);
	buf_u32(b, 0);
	buf_u32(b, 0x08000000);
	buf_u32(b, 100 << 8);
	put_mac(b, 9, false);
	put_mac(b, 8, false);
	buf_u16(b, 0x0800);
}

/* A sample of an IPv4 packet from member 0 to member 1, cut to so many octets of header. */
static void
send(struct meter *m, const struct buf *packet, size_t header)
{
	static uint32_t sequence;
	struct buf b = {0};
	sequence++;
	sflow_header(&b, (struct sflow_numbers){0, sequence, 100000 + sequence}, 1);
	buf_u32(&b, 1);
	size_t sample = open_length(&b);
	buf_u32(&b, sequence);
	buf_u32(&b, 5);
	buf_u32(&b, 1);
	for (int i = 0; i < 4; i++)
		buf_u32(&b, 0);
	buf_u32(&b, 1);
	buf_u32(&b, 1);
	size_t record = open_length(&b);
	buf_u32(&b, 1);
	buf_u32(&b, 1000);
	buf_u32(&b, 4);
	size_t length = open_length(&b);
	put_mac(&b, 1, false);
	put_mac(&b, 0, false);
	buf_u16(&b, 0x0800);
	buf_put(&b, packet->data, header < packet->length ? header : packet->length);
	close_length(&b, length);
	while ((b.length - length) % 4)
		buf_u8(&b, 0);
	close_length(&b, record);
	close_length(&b, sample);
	meter_datagram(m, METER_SFLOW, ip_v4(0xc0000201), cursor_of(b.data, b.length), at(1));
	buf_fini(&b);
}

/* Networks that 1000 octets of this packet came from and went to, "AS1>AS2", and "6" where they count as
 * IPv6. */
static const char *
networks(const struct rib_snapshot *routes, const struct buf *packet, size_t header)
{
	static char text[64];
	struct hub *hub = exchange_new(2);
	struct meter *m = meter_new(hub, 1, at(0));
	unsigned from = 0, to = 0;
	meter_set_routes(m, routes);
	send(m, packet, header);
	const struct traffic_batch *b = meter_flush(m, at(5));
	for (size_t i = 0; i < b->origin_count; i++) {
		const struct traffic_origin *o = &b->origins[i];
		if (o->outgoing)
			to = o->asn.number;
		else
			from = o->asn.number;
	}
	bool six = b->pair_count == 1 && b->pairs[0].family == IP_V6;
	(void)snprintf(text, sizeof(text), "AS%u>AS%u%s", from, to, six ? " 6" : "");
	meter_free(m);
	hub_free(hub);
	return text;
}

static void
tunnels(const struct rib_snapshot *routes)
{
	struct buf b = {0};
	ipv4(&b, GRE, "39.32.1.1", "203.0.113.1");
	buf_u32(&b, 0x0800);
	ipv4(&b, 6, "10.0.0.1", "192.168.0.1");
	is_str(networks(routes, &b, 128), "AS100>AS200",
	       "of a member's own tunnel the outer addresses count, whatever a default route says");
	buf_clear(&b);
	ipv4(&b, UDP, "10.255.0.1", "10.255.0.2");
	vxlan(&b);
	ipv4(&b, 6, "39.32.1.1", "203.0.113.1");
	is_str(networks(routes, &b, 128), "AS100>AS200", "of a fabric's the inner ones");
	buf_clear(&b);
	ipv4(&b, UDP, "10.255.0.1", "10.255.0.2");
	vxlan(&b);
	ipv4(&b, IN_IP, "39.32.1.1", "203.0.113.1");
	ipv4(&b, 6, "172.16.0.1", "172.31.0.1");
	is_str(networks(routes, &b, 128), "AS100>AS200",
	       "of a member's tunnel in a fabric's those between");
	buf_clear(&b);
	ipv4(&b, IN_IP, "39.32.1.1", "203.0.113.1");
	ipv4(&b, 6, "198.51.100.1", "10.0.0.1");
	is_str(networks(routes, &b, 128), "AS100>AS200",
	       "both with a route go before one with a route further in");
	buf_clear(&b);
	ipv4(&b, IN_IP, "39.32.1.1", "203.0.113.1");
	ipv4(&b, 6, "198.51.100.1", "203.0.113.9");
	is_str(networks(routes, &b, 128), "AS300>AS200", "both further in go before both outside");
	buf_clear(&b);
	ipv4(&b, IN_IP, "10.0.0.1", "10.0.0.2");
	ipv4(&b, 6, "10.1.0.1", "10.1.0.2");
	is_str(networks(routes, &b, 128), "AS999>AS999",
	       "where none has a route of its own the innermost counts, as if it were alone");
	buf_clear(&b);
	ipv4(&b, IN_IP6, "39.32.1.1", "203.0.113.1");
	ipv6(&b, "fd00::1", "fd00::2");
	is_str(networks(routes, &b, 128), "AS100>AS200", "the family is that of the addresses");
	buf_clear(&b);
	ipv4(&b, IN_IP6, "39.32.1.1", "203.0.113.1");
	ipv6(&b, "2001:db8:1::1", "2001:db8:1::2");
	is_str(networks(routes, &b, 128), "AS400>AS400 6", "be it the inner one's");
	bool same = true;
	for (size_t header = 20; header < b.length; header++)
		same &= strncmp(networks(routes, &b, header), "AS100>AS200", 11) == 0;
	ok(same, "an inner header that is cut off leaves the outer addresses");
	buf_fini(&b);
}

/* More headers than are told apart: the outermost ones are, and the innermost. */
static void
deep(const struct rib_snapshot *routes)
{
	struct buf b = {0};
	ipv4(&b, IN_IP, "39.32.1.1", "203.0.113.1");
	for (int i = 0; i < 5; i++)
		ipv4(&b, IN_IP, "10.0.0.1", "10.0.0.2");
	ipv4(&b, 6, "10.9.0.1", "10.9.0.2");
	is_str(networks(routes, &b, 256), "AS100>AS200", "the outermost of seven");
	buf_clear(&b);
	for (int i = 0; i < 6; i++)
		ipv4(&b, IN_IP, "10.0.0.1", "10.0.0.2");
	ipv4(&b, 6, "39.32.1.1", "203.0.113.1");
	is_str(networks(routes, &b, 256), "AS100>AS200", "the innermost of seven");
	buf_fini(&b);
}

/* What a member that wants its records gets of a packet. */
static struct flow
copy_of(const struct rib_snapshot *routes, const struct buf *packet)
{
	struct hub *hub = exchange_new(2);
	hub->members[0].flow_records.keep_days = 1;
	struct meter *m = meter_new(hub, 1, at(0));
	meter_set_routes(m, routes);
	send(m, packet, 128);
	struct watch_intake *in = meter_intake(m);
	struct flow flow = in->copy_count == 1 ? in->copies[0].flow : (struct flow){0};
	meter_free(m);
	hub_free(hub);
	return flow;
}

static void
tcp(struct buf *b, uint16_t from, uint16_t to)
{
	buf_u16(b, from);
	buf_u16(b, to);
	buf_u64(b, 0);
	buf_u16(b, 0x5002);
	buf_u16(b, 0);
	buf_u32(b, 0);
}

static void
records(const struct rib_snapshot *routes)
{
	struct buf b = {0};
	ipv4(&b, UDP, "10.255.0.1", "10.255.0.2");
	vxlan(&b);
	ipv4(&b, 6, "39.32.1.1", "203.0.113.1");
	tcp(&b, 443, 51000);
	struct flow f = copy_of(routes, &b);
	ok(f.protocol == 6 && f.source_port == 443 && f.destination_port == 51000 &&
		   f.tcp_flags == 2 && ip_equal(f.source, ip_v4(0x27200101)),
	   "a record has addresses and ports of the same header: the inner one");
	buf_clear(&b);
	ipv4(&b, GRE, "39.32.1.1", "203.0.113.1");
	buf_u32(&b, 0x0800);
	ipv4(&b, 6, "10.0.0.1", "192.168.0.1");
	tcp(&b, 443, 51000);
	f = copy_of(routes, &b);
	ok(f.protocol == GRE && !f.source_port && !f.tcp_flags &&
		   ip_equal(f.source, ip_v4(0x27200101)),
	   "or the outer one");
	buf_clear(&b);
	ipv4(&b, 1, "39.32.1.1", "203.0.113.1");
	buf_u32(&b, 0x03030000);
	f = copy_of(routes, &b);
	ok(f.protocol == 1 && !f.source_port && f.destination_port == 0x0303,
	   "of ICMP the type and code");
	ok(!f.packet.at && !f.frame.at, "nothing in a record points into the datagram");
	buf_fini(&b);
}

/* A record of IPFIX, of which nothing is read that nobody wants. */
static void
told(void)
{
	static const uint16_t fields[] = {10, 4, 7, 2, 14, 4, 11, 2, 4, 1, 6, 1, 1, 4, 2, 4, 34, 4};
	struct hub *hub = exchange_new(2);
	hub->members[1].flow_records.keep_days = 1;
	struct meter *m = meter_new(hub, 1, at(0));
	struct buf b = {0};
	buf_u16(&b, 10);
	buf_u16(&b, 0);
	buf_u32(&b, START);
	buf_u32(&b, 0);
	buf_u32(&b, 1);
	buf_u16(&b, 2);
	buf_u16(&b, 8 + 4 * 9);
	buf_u16(&b, 256);
	buf_u16(&b, 9);
	for (size_t i = 0; i < 18; i++)
		buf_u16(&b, fields[i]);
	buf_u16(&b, 256);
	buf_u16(&b, 4 + 26);
	buf_u32(&b, 1000);
	buf_u16(&b, 53);
	buf_u32(&b, 1001);
	buf_u16(&b, 40000);
	buf_u8(&b, 17);
	buf_u8(&b, 0);
	buf_u32(&b, 5000);
	buf_u32(&b, 4);
	buf_u32(&b, 1);
	buf_set_u16(&b, 2, (uint16_t)b.length);
	meter_datagram(m, METER_NETFLOW, ip_v4(0xc0000201), cursor_of(b.data, b.length), at(1));
	struct watch_intake *in = meter_intake(m);
	const struct flow *f = in->copy_count == 1 ? &in->copies[0].flow : NULL;
	ok(f && f->protocol == 17 && f->source_port == 53 && f->destination_port == 40000 &&
		   f->octets == 5000,
	   "of a flow record the copy has what the record says");
	ok(f && !f->record && !f->shape, "and nothing of it points to the record");
	buf_fini(&b);
	meter_free(m);
	hub_free(hub);
}

int
main(void)
{
	static const struct {
		const char *prefix;
		uint32_t origin;
	} table[] = {{"0.0.0.0/0", 999},
		     {"39.32.0.0/16", 100},
		     {"203.0.113.0/24", 200},
		     {"198.51.100.0/24", 300},
		     {"2001:db8:1::/48", 400}};
	struct rib_snapshot_route list[5] = {0};
	struct buf bytes = {0};
	for (int i = 0; i < 5; i++) {
		(void)prefix_parse(&list[i].prefix, table[i].prefix);
		list[i].origin.origin_as = list[i].origin.next_as = table[i].origin;
	}
	(void)rib_snapshot_build(&bytes, list, 5, NULL);
	struct rib_snapshot *routes = rib_snapshot_open(bytes.data, bytes.length);
	tunnels(routes);
	deep(routes);
	records(routes);
	told();
	rib_snapshot_free(routes);
	buf_fini(&bytes);
	return done_testing();
}
