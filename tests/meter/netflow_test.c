/* Templates, sampling, data that comes too early, and what is counted of NetFlow and IPFIX. */
#include "meter/netflow.h"

#include <math.h>
#include <stdlib.h>

#include "base/buf.h"
#include "tap.h"

enum { NOW = 1700000000 };

/* One message being made, and the exporter that gets it. */
struct bench {
	struct netflow_state *state;
	struct buf message;
	size_t set; /* where the open set began */
	int version;
	struct flow flows[16];
	unsigned count;
	uint64_t refused[FLOW_REFUSALS];
	int64_t now;
	uint32_t serial; /* of messages that are to differ in their number alone */
};

static void
begin(struct bench *b, int version, uint32_t sequence, uint32_t domain)
{
	buf_clear(&b->message);
	b->version = version;
	buf_u16(&b->message, (uint16_t)version);
	buf_u16(&b->message, 0);
	if (version == 9)
		buf_u32(&b->message, 100000);
	buf_u32(&b->message, NOW);
	buf_u32(&b->message, sequence);
	buf_u32(&b->message, domain);
}

static void
set(struct bench *b, uint16_t id)
{
	b->set = b->message.length;
	buf_u16(&b->message, id);
	buf_u16(&b->message, 0);
}

static void
end_set(struct bench *b)
{
	buf_set_u16(&b->message, b->set + 2, (uint16_t)(b->message.length - b->set));
}

/* Number and length by turns; 0 ends them. */
static void
fields(struct bench *b, const uint16_t *list)
{
	for (; *list; list++)
		buf_u16(&b->message, *list);
}

static void template(struct bench *b, uint16_t id, const uint16_t *list)
{
	uint16_t count = 0;
	while (list[2 * count])
		count++;
	set(b, b->version == 9 ? 0 : 2);
	buf_u16(&b->message, id);
	buf_u16(&b->message, count);
	fields(b, list);
	end_set(b);
}

static enum flow_refusal
deliver(struct bench *b)
{
	struct netflow_reader r;
	b->count = 0;
	if (b->version == 10)
		buf_set_u16(&b->message, 2, (uint16_t)b->message.length);
	struct cursor datagram = cursor_of(b->message.data, b->message.length);
	enum flow_refusal why = netflow_open(&r, b->state, datagram, (struct utc_s){b->now});
	if (why != FLOW_ACCEPTED)
		return why;
	struct flow flow;
	while (netflow_next(&r, &flow))
		if (b->count < 16) {
			netflow_transport(&flow);
			b->flows[b->count++] = flow;
		}
	netflow_done(&r);
	memcpy(b->refused, r.refused, sizeof(b->refused));
	return why;
}

static struct bench
fresh(void)
{
	return (struct bench){.state = netflow_state_new(NULL), .now = NOW};
}

static void
drop(struct bench *b)
{
	netflow_state_free(b->state);
	buf_fini(&b->message);
}

static const uint16_t octets_only[] = {1, 4, 2, 4, 0};

static void
data(struct bench *b, uint16_t id, uint32_t octets)
{
	set(b, id);
	buf_u32(&b->message, octets);
	buf_u32(&b->message, 1);
	end_set(b);
}

static void
order(void)
{
	struct bench b = fresh();
	begin(&b, 10, 0, 1);
	data(&b, 256, 1000);
	(void)deliver(&b);
	ok(b.count == 0 && netflow_totals(b.state).held_sets == 1,
	   "data before its template is held, not guessed at");
	begin(&b, 10, 1, 2);
	template(&b, 256, octets_only);
	(void)deliver(&b);
	is_int(b.count, 0, "the same template number in another domain is another template");
	begin(&b, 10, 1, 1);
	template(&b, 256, octets_only);
	data(&b, 256, 2000);
	(void)deliver(&b);
	ok(b.count == 2 && b.flows[0].octets == 2000 && b.flows[1].octets == 1000,
	   "when its template comes, what was held is given");
	ok(netflow_totals(b.state).held_sets == 0 && netflow_totals(b.state).records == 2,
	   "once, and counted once");
	begin(&b, 10, 2, 1);
	data(&b, 256, 3000);
	(void)deliver(&b);
	is_int((long long)netflow_totals(b.state).lost_records, 0,
	       "the numbers fit: nothing is lost");

	for (uint32_t i = 0; i < NETFLOW_HELD_SETS + 10; i++) {
		begin(&b, 10, 3 + i, 1);
		data(&b, 300, 1);
		(void)deliver(&b);
	}
	struct netflow_totals t = netflow_totals(b.state);
	ok(t.held_sets == NETFLOW_HELD_SETS && t.dropped_sets == 10, "what is held is bounded");
	b.now += NETFLOW_HELD_S + 1;
	begin(&b, 10, 200, 1);
	data(&b, 300, 1);
	(void)deliver(&b);
	t = netflow_totals(b.state);
	ok(t.held_sets == 1 && t.dropped_sets == NETFLOW_HELD_SETS + 10, "and not held for ever");
	b.now += NETFLOW_HELD_S + 1;
	begin(&b, 10, 201, 1);
	template(&b, 300, octets_only);
	(void)deliver(&b);
	t = netflow_totals(b.state);
	ok(b.count == 0 && t.held_sets == 0 && t.dropped_sets == NETFLOW_HELD_SETS + 11,
	   "nor counted in another time than its own when its template comes after all");
	drop(&b);
}

static void
changes(void)
{
	static const uint16_t longer[] = {2, 4, 8, 4, 1, 8, 0};
	struct bench b = fresh();
	begin(&b, 10, 0, 1);
	template(&b, 256, octets_only);
	template(&b, 256, longer);
	set(&b, 256);
	buf_u32(&b.message, 7);
	buf_u32(&b.message, 0x0a000001);
	buf_u64(&b.message, 123456789012);
	end_set(&b);
	(void)deliver(&b);
	ok(b.count == 1 && b.flows[0].octets == 123456789012 && b.flows[0].packets == 7,
	   "a template that is defined anew counts from then on");
	begin(&b, 10, 1, 1);
	set(&b, 2);
	buf_u16(&b.message, 256);
	buf_u16(&b.message, 0);
	end_set(&b);
	data(&b, 256, 5);
	(void)deliver(&b);
	ok(b.count == 0 && netflow_totals(b.state).held_sets == 1, "one that is withdrawn is gone");
	begin(&b, 10, 2, 1);
	template(&b, 260, octets_only);
	template(&b, 261, octets_only);
	(void)deliver(&b);
	begin(&b, 10, 2, 1);
	set(&b, 2);
	buf_u16(&b.message, 2);
	buf_u16(&b.message, 0);
	end_set(&b);
	(void)deliver(&b);
	is_int((long long)netflow_totals(b.state).templates, 0, "all of a domain can be withdrawn");
	drop(&b);
}

static void
widths(void)
{
	static const uint16_t varying[] = {82, 65535, 1, 3, 0x8001, 65535, 0, 9999, 2, 1, 0};
	struct bench b = fresh();
	begin(&b, 10, 0, 1);
	set(&b, 2);
	buf_u16(&b.message, 256);
	buf_u16(&b.message, 4);
	for (int i = 0; i < 10; i++)
		buf_u16(&b.message, varying[i]);
	end_set(&b);
	set(&b, 256);
	for (unsigned i = 0; i < 2; i++) {
		buf_u8(&b.message, 3);
		buf_str(&b.message, "eth");
		buf_u8(&b.message, 1);
		buf_u16(&b.message, 0x0203);
		buf_u8(&b.message, 255);
		buf_u16(&b.message, 5);
		buf_str(&b.message, "abcde");
		buf_u8(&b.message, (uint8_t)(4 + i));
	}
	buf_u16(&b.message, 0); /* padding, shorter than any record */
	end_set(&b);
	(void)deliver(&b);
	ok(b.count == 2 && b.flows[0].octets == 0x010203 && b.flows[1].packets == 5,
	   "variable lengths, an enterprise's field, reduced size and padding are read");
	for (int i = 0; i < FLOW_REFUSALS; i++)
		if (b.refused[i])
			ok(false, "refused: %s", flow_refusal_text((enum flow_refusal)i));

	static const uint16_t layer2[] = {56, 6, 57, 6, 243, 2, 1, 4, 352, 8, 256, 2, 61, 1, 0};
	begin(&b, 10, 2, 1);
	template(&b, 257, layer2);
	set(&b, 257);
	buf_put(&b.message, "\2\0\0\0\0\1\2\0\0\0\0\2", 12);
	buf_u16(&b.message, 0xe064);
	buf_u32(&b.message, 900);
	buf_u64(&b.message, 1000);
	buf_u16(&b.message, 0x86dd);
	buf_u8(&b.message, 1);
	end_set(&b);
	(void)deliver(&b);
	const struct flow *f = &b.flows[0];
	ok(b.count == 1 && f->has_macs && f->source_mac.octets[5] == 1 &&
		   f->destination_mac.octets[5] == 2 && f->vlan == 100 && f->octets == 1000 &&
		   f->family == IP_V6 && f->egress,
	   "layer-2 elements: MACs, the tag's VLAN, octets of the frame, Ethernet type, direction");

	static const uint16_t section[] = {312, 2, 315, 65535, 0};
	begin(&b, 10, 3, 1);
	template(&b, 258, section);
	set(&b, 258);
	buf_u16(&b.message, 1518);
	buf_u8(&b.message, 18);
	buf_put(&b.message, "\2\0\0\0\0\2\2\0\0\0\0\1\x81\0\0\x64\x08\0", 18);
	end_set(&b);
	(void)deliver(&b);
	ok(b.count == 1 && f->has_macs && f->vlan == 100 && f->octets == 1518 && f->packets == 1,
	   "a frame's first octets inside a record are read as in sFlow");
	drop(&b);
}

/* An options template, and a record of it with these four-octet values. */
static void
options(struct bench *b, uint16_t id, uint16_t scopes, const uint16_t *list, const uint32_t *values)
{
	uint16_t count = 0;
	while (list[2 * count])
		count++;
	set(b, b->version == 9 ? 1 : 3);
	buf_u16(&b->message, id);
	buf_u16(&b->message, (uint16_t)(b->version == 9 ? scopes * 4 : count));
	buf_u16(&b->message, (uint16_t)(b->version == 9 ? (count - scopes) * 4 : scopes));
	fields(b, list);
	end_set(b);
	set(b, id);
	for (uint16_t i = 0; i < count; i++)
		buf_u32(&b->message, values[i]);
	end_set(b);
}

static const uint16_t with_sampler[] = {1, 4, 2, 4, 302, 4, 0};
static const uint16_t with_interface[] = {1, 4, 2, 4, 10, 4, 0};

/* The rate of one record of octets, packets and a third value. */
static struct sampling
rate(struct bench *b, uint16_t id, uint32_t third)
{
	begin(b, b->version, ++b->serial, 1);
	set(b, id);
	buf_u32(&b->message, 100);
	buf_u32(&b->message, 1);
	if (id > 256)
		buf_u32(&b->message, third);
	end_set(b);
	(void)deliver(b);
	return b->count ? b->flows[0].sampling : (struct sampling){77, 77};
}

static bool
is_rate(struct sampling s, uint32_t population, uint32_t size)
{
	if (s.population != population || s.size != size)
		printf("# got %u in %u\n", s.size, s.population);
	return s.population == population && s.size == size;
}

static void
sampling(void)
{
	static const uint16_t selector[] = {302, 4, 304, 4, 305, 4, 306, 4, 0};
	static const uint16_t population[] = {302, 4, 309, 4, 310, 4, 0};
	static const uint16_t of_interface[] = {10, 4, 34, 4, 0};
	static const uint16_t interval_alone[] = {149, 4, 305, 4, 0};
	struct bench b = fresh();
	begin(&b, 10, 0, 1);
	template(&b, 256, octets_only);
	template(&b, 257, with_sampler);
	template(&b, 258, with_interface);
	(void)deliver(&b);
	ok(is_rate(rate(&b, 256, 0), 0, 0), "without a word about sampling the rate is not known");
	begin(&b, 10, 0, 1);
	options(&b, 512, 1, selector, (uint32_t[]){1, 1, 1, 9999});
	(void)deliver(&b);
	ok(is_rate(rate(&b, 256, 0), 10000, 1), "1 of 1 + 9999 packets, by the only selector");
	ok(is_rate(rate(&b, 257, 0), 10000, 1),
	   "a record that names selector 0 means the only one");
	ok(is_rate(rate(&b, 257, 9), 0, 0), "one that names another is not known");
	begin(&b, 10, 0, 1);
	options(&b, 513, 1, population, (uint32_t[]){2, 3, 1000});
	(void)deliver(&b);
	ok(is_rate(rate(&b, 257, 2), 1000, 3), "3 of 1000, by its own selector");
	ok(is_rate(rate(&b, 257, 1), 10000, 1), "and the first has its own still");
	ok(is_rate(rate(&b, 256, 0), 0, 0), "a record that names none of two is not known");
	begin(&b, 10, 0, 1);
	options(&b, 514, 1, of_interface, (uint32_t[]){1007, 512});
	(void)deliver(&b);
	ok(is_rate(rate(&b, 258, 1007), 512, 1), "a rate for an interface holds for its flows");
	begin(&b, 10, 0, 1);
	options(&b, 515, 1, selector, (uint32_t[]){1, 1, 0, 0});
	(void)deliver(&b);
	ok(b.refused[FLOW_BAD_SAMPLING] == 1 && is_rate(rate(&b, 257, 1), 10000, 1),
	   "0 of 0 packets is refused, and the last good rate stays");
	begin(&b, 10, 0, 1);
	options(&b, 516, 1, interval_alone, (uint32_t[]){1, 5});
	(void)deliver(&b);
	ok(is_rate(rate(&b, 256, 0), 0, 0), "an interval without its space is no rate");
	begin(&b, 10, 0, 2);
	template(&b, 256, octets_only);
	data(&b, 256, 5);
	(void)deliver(&b);
	ok(is_rate(b.flows[0].sampling, 0, 0), "another domain knows nothing of all that");

	static const uint16_t inside[] = {1, 4, 2, 4, 34, 4, 0};
	begin(&b, 10, 0, 1);
	template(&b, 259, inside);
	(void)deliver(&b);
	ok(is_rate(rate(&b, 259, 64), 64, 1), "a rate inside the record goes first");

	static const uint16_t system_scope[] = {1, 4, 34, 4, 35, 4, 0};
	static const uint16_t cisco[] = {1, 4, 48, 4, 49, 4, 50, 4, 0};
	b.version = 9;
	begin(&b, 9, 0, 1);
	template(&b, 256, octets_only);
	options(&b, 600, 1, system_scope, (uint32_t[]){0, 2048, 2});
	(void)deliver(&b);
	ok(is_rate(rate(&b, 256, 0), 2048, 1), "version 9: interval and algorithm for the system");
	static const uint16_t with_id[] = {1, 4, 2, 4, 48, 4, 0};
	begin(&b, 9, 0, 1);
	template(&b, 257, with_id);
	options(&b, 601, 1, cisco, (uint32_t[]){0, 3, 2, 100});
	(void)deliver(&b);
	ok(is_rate(rate(&b, 257, 3), 100, 1), "version 9: a sampler by its number");
	drop(&b);
}

/* A message whose options stand behind its data, the first one of its exporter. */
static void
options_behind(uint16_t version)
{
	static const uint16_t rates[] = {1, 4, 34, 4, 0};
	static const uint16_t other[] = {1, 4, 2, 4, 9, 4, 0}, none[] = {1, 4, 41, 4, 0};
	struct bench b = fresh();
	b.version = version;
	begin(&b, version, 0, 1);
	template(&b, 256, octets_only);
	data(&b, 256, 5);
	options(&b, 511, 1, none, (uint32_t[]){0, 1});
	data(&b, 256, 6);
	options(&b, 512, 1, rates, (uint32_t[]){0, 2048});
	(void)deliver(&b);
	ok(b.count == 2 && b.flows[0].octets == 5 && b.flows[1].octets == 6 &&
		   is_rate(b.flows[0].sampling, 2048, 1) && is_rate(b.flows[1].sampling, 2048, 1),
	   "version %u: a rate holds for what stands before it, where none was known", version);
	is_int((long long)netflow_totals(b.state).records, 4, "each record counts once");
	is_int((long long)netflow_totals(b.state).held_sets, 0, "and nothing is left waiting");
	begin(&b, version, version == 9 ? 1 : 4, 1);
	data(&b, 256, 7);
	options(&b, 512, 1, rates, (uint32_t[]){0, 4096});
	data(&b, 256, 8);
	(void)deliver(&b);
	ok(b.count == 2 && is_rate(b.flows[0].sampling, 2048, 1) &&
		   is_rate(b.flows[1].sampling, 4096, 1),
	   "where one was known it holds until the next one is told");
	is_int((long long)netflow_totals(b.state).lost_records, 0, "no number is missed");
	begin(&b, version, 0, 2);
	template(&b, 256, octets_only);
	data(&b, 256, 5);
	options(&b, 512, 1, rates, (uint32_t[]){0, 2048});
	template(&b, 256, other);
	(void)deliver(&b);
	ok(b.count == 1 && b.flows[0].octets == 5 && is_rate(b.flows[0].sampling, 0, 0),
	   "data whose template changes behind it is read as it was meant, at once");
	drop(&b);
}

static void
numbers(void)
{
	struct bench b = fresh();
	static const uint16_t selector[] = {302, 4, 304, 4, 305, 4, 306, 4, 0};
	begin(&b, 10, 0, 1);
	template(&b, 256, octets_only);
	options(&b, 512, 1, selector, (uint32_t[]){1, 1, 1, 9});
	data(&b, 256, 1);
	(void)deliver(&b);
	begin(&b, 10, 2, 1);
	data(&b, 256, 1);
	(void)deliver(&b);
	is_int((long long)netflow_totals(b.state).lost_records, 0,
	       "a record of options has a number, too (RFC 7011 section 3.1)");
	begin(&b, 10, 10, 1);
	data(&b, 256, 1);
	(void)deliver(&b);
	is_int((long long)netflow_totals(b.state).lost_records, 7, "IPFIX loss is in records");
	begin(&b, 10, 0, 2);
	template(&b, 256, octets_only);
	data(&b, 256, 1);
	(void)deliver(&b);
	is_int((long long)netflow_totals(b.state).lost_records, 7, "each domain counts for itself");
	drop(&b);

	b = fresh();
	b.version = 9;
	for (uint32_t i = 0; i < 4; i++) {
		begin(&b, 9, i == 3 ? 5 : i, 1);
		if (i == 0)
			template(&b, 256, octets_only);
		data(&b, 256, 1);
		data(&b, 256, 1);
		(void)deliver(&b);
	}
	struct netflow_totals t = netflow_totals(b.state);
	ok(t.lost_datagrams == 2 && t.lost_records == 4,
	   "version 9 loses datagrams; records are estimated by their mean");
	drop(&b);
}

/* A template and one record of it: a value for each field, in as many octets as it has. */
static void
record(struct bench *b, uint16_t id, const uint16_t *list, const uint64_t *values)
{
	begin(b, 10, b->serial, 1);
	b->serial++;
	template(b, id, list);
	set(b, id);
	for (size_t i = 0; list[2 * i]; i++)
		for (int octet = list[2 * i + 1] - 1; octet >= 0; octet--)
			buf_u8(&b->message, octet < 8 ? (uint8_t)(values[i] >> 8 * octet) : 0);
	end_set(b);
	(void)deliver(b);
}

#define RECORD(b, id, list, ...) record(b, id, list, (const uint64_t[]){__VA_ARGS__})

static void
both_ways(void)
{
	static const uint16_t initiated[] = {8, 4,   12, 4,   10, 4,   14, 4, 231,
					     8, 232, 8,  298, 4,  299, 4,  0};
	struct bench b = fresh();
	RECORD(&b, 256, initiated, 0x0a000001, 0x0a000002, 7, 9, 1000, 60000, 10, 50);
	const struct flow *f = b.flows;
	ok(b.count == 2 && f[0].octets == 1000 && f[0].packets == 10 && f[1].octets == 60000 &&
		   f[1].packets == 50,
	   "octets of initiator and responder are two flows");
	ok(f[0].input == 7 && f[0].output == 9 && f[1].input == 9 && f[1].output == 7 &&
		   ip_equal(f[0].source, f[1].destination) &&
		   ip_equal(f[0].destination, f[1].source),
	   "of which the second goes the other way");
	is_int((long long)netflow_totals(b.state).records, 1, "of one record");
	RECORD(&b, 256, initiated, 0x0a000001, 0x0a000002, 7, 9, 1000, 0, 10, 0);
	is_int(b.count, 1, "when nothing came back there is one flow");
	/* RFC 5103: the elements of enterprise 29305. */
	begin(&b, 10, 2, 1);
	set(&b, 2);
	static const uint16_t words[] = {257, 2, 1, 4, 0x8001, 4, 0, 29305};
	for (size_t i = 0; i < 8; i++)
		buf_u16(&b.message, words[i]);
	end_set(&b);
	data(&b, 257, 500);
	(void)deliver(&b);
	ok(b.count == 2 && b.flows[0].octets == 500 && b.flows[1].octets == 1,
	   "so are those of a reverse element");
	drop(&b);
}

static void
totals(void)
{
	static const uint16_t ended[] = {85, 8, 86, 8, 136, 1, 0}, alone[] = {85, 8, 86, 8, 0},
			      with_delta[] = {85, 8, 1, 8, 86, 8, 2, 8, 136, 1, 0},
			      bridged[] = {1, 8, 352, 8, 2, 8, 0};
	struct bench b = fresh();
	RECORD(&b, 256, ended, 1000, 10, 2);
	ok(b.count == 0 && b.refused[FLOW_TOTALS] == 1,
	   "sums of a flow that goes on are not counted: they come again, and larger");
	RECORD(&b, 256, ended, 5000, 50, 3);
	ok(b.count == 1 && b.flows[0].octets == 5000 && b.flows[0].packets == 50,
	   "when it ends they are");
	is_int((long long)netflow_totals(b.state).records, 2, "both are records that came");
	RECORD(&b, 257, alone, 700, 7);
	ok(b.count == 1 && b.flows[0].octets == 700,
	   "who does not say why sends one record a flow");
	RECORD(&b, 258, with_delta, 90000, 800, 90, 8, 2);
	ok(b.count == 1 && b.flows[0].octets == 800, "octets since the last record go before sums");
	RECORD(&b, 259, bridged, 500, 518, 1);
	ok(b.count == 1 && b.flows[0].octets == 518,
	   "octets of the frame before those of the packet");
	RECORD(&b, 259, bridged, 500, 0, 1);
	ok(b.count == 1 && b.flows[0].octets == 500, "unless they are not counted");
	drop(&b);
}

static void
sections(void)
{
	static const uint16_t packet[] = {224, 2, 313, 20, 58, 2, 0},
			      padded[] = {312, 2, 410, 2, 104, 40, 0},
			      later[] = {312, 2, 409, 2, 104, 40, 0},
			      families[] = {8, 4, 27, 16, 12, 4, 28, 16, 1, 4, 0};
	static const uint8_t header[20] = {0x45, [9] = 6, [12] = 10, 0, 0, 1, 10, 0, 0, 2};
	struct bench b = fresh();
	begin(&b, 10, 0, 1);
	template(&b, 256, packet);
	set(&b, 256);
	buf_u16(&b.message, 1400);
	buf_put(&b.message, header, 20);
	buf_u16(&b.message, 55);
	end_set(&b);
	(void)deliver(&b);
	char text[IP_TEXT];
	ok(b.count == 1 && b.flows[0].octets == 1400 && b.flows[0].packets == 1 &&
		   b.flows[0].vlan == 55 && b.flows[0].family == IP_V4,
	   "a packet from its IP header on, with its length");
	is_str(ip_format(text, b.flows[0].source), "10.0.0.1", "has its addresses");
	for (int i = 0; i < 2; i++) {
		begin(&b, 10, 1 + (uint32_t)i, 1);
		template(&b, 257, i ? later : padded);
		set(&b, 257);
		buf_u16(&b.message, 1514);
		buf_u16(&b.message, i ? 64 : 14);
		buf_put(&b.message, "\2\0\0\0\0\2\2\0\0\0\0\1\x08\0", 14);
		buf_put(&b.message, header, 20);
		buf_put(&b.message, "\0\0\0\0\0\0", 6);
		end_set(&b);
		(void)deliver(&b);
		if (i)
			ok(b.count == 1 && !b.flows[0].has_macs && b.flows[0].octets == 1514,
			   "a section from the middle of a frame is not read as its beginning");
		else
			ok(b.count == 1 && b.flows[0].has_macs && !b.flows[0].source.family,
			   "of a section only the octets that were exported are read");
	}
	begin(&b, 10, 3, 1);
	template(&b, 258, families);
	set(&b, 258);
	buf_u32(&b.message, 0x0a000001);
	for (int i = 0; i < 4; i++)
		buf_u32(&b.message, 0);
	buf_u32(&b.message, 0x0a000002);
	for (int i = 0; i < 4; i++)
		buf_u32(&b.message, 0);
	buf_u32(&b.message, 100);
	end_set(&b);
	(void)deliver(&b);
	is_str(ip_format(text, b.flows[0].destination), "10.0.0.2",
	       "addresses of the family that is not filled in do not hide the others");
	drop(&b);
}

static uint64_t
octets_of(double value)
{
	uint64_t octets;
	memcpy(&octets, &value, sizeof(octets));
	return octets;
}

/* Each algorithm of RFC 5477 section 8.2 with its own words, in records. */
static void
algorithms(void)
{
	static const uint16_t counted[] = {1, 4, 304, 2, 305, 4, 306, 4, 0},
			      timed[] = {1, 4, 304, 2, 307, 4, 308, 4, 0},
			      some_of[] = {1, 4, 304, 2, 309, 4, 310, 4, 0},
			      by_chance[] = {1, 4, 304, 2, 311, 8, 0}, filter[] = {1, 4, 304, 2, 0};
	const struct {
		const char *name;
		const uint16_t *fields;
		uint64_t values[4];
		struct sampling rate;
	} cases[] = {
		{"systematic by count: 10 of 10 + 990", counted, {9, 1, 10, 990}, {1000, 10}},
		{"systematic by count: all", counted, {9, 1, 1, 0}, {1, 1}},
		{"systematic by time: 1 ms of 1 + 63 ms",
		 timed,
		 {9, 2, 1000, 63000},
		 {64000, 1000}},
		{"systematic by time: none of it", timed, {9, 2, 0, 63000}, {0, 0}},
		{"random: 3 of 1000", some_of, {9, 3, 3, 1000}, {1000, 3}},
		{"random: 1000 of 3, which cannot be", some_of, {9, 3, 1000, 3}, {0, 0}},
		{"by chance: one in a thousand", by_chance, {9, 4, octets_of(0.001)}, {1000, 1}},
		{"by chance: all", by_chance, {9, 4, octets_of(1)}, {1, 1}},
		{"by chance: never", by_chance, {9, 4, octets_of(0)}, {0, 0}},
		{"by chance: more than always", by_chance, {9, 4, octets_of(1.5)}, {0, 0}},
		{"by chance: not a number", by_chance, {9, 4, octets_of(NAN)}, {0, 0}},
		{"a filter says nothing of a rate", filter, {9, 5}, {0, 0}},
	};
	struct bench b = fresh();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		record(&b, (uint16_t)(256 + i), cases[i].fields, cases[i].values);
		ok(b.count == 1 && is_rate(b.flows[0].sampling, cases[i].rate.population,
					   cases[i].rate.size),
		   "%s", cases[i].name);
	}
	drop(&b);
}

static bool
says(const struct flow *f, unsigned protocol, unsigned from, unsigned to)
{
	return f->protocol == protocol && f->source_port == from && f->destination_port == to;
}

static void
version5(struct bench *b)
{
	b->version = 5;
	buf_clear(&b->message);
	buf_u16(&b->message, 5);
	buf_u16(&b->message, 1);
	buf_u32(&b->message, 100000);
	buf_u32(&b->message, NOW);
	for (int i = 0; i < 3; i++) /* nanoseconds, sequence, engine and sampling */
		buf_u32(&b->message, 0);
	buf_u32(&b->message, 0x0a000001);
	buf_u32(&b->message, 0x0a000002);
	buf_u32(&b->message, 0);
	buf_u16(&b->message, 7);
	buf_u16(&b->message, 9);
	buf_u32(&b->message, 3);
	buf_u32(&b->message, 1500);
	buf_u64(&b->message, 0);
	buf_u16(&b->message, 443);
	buf_u16(&b->message, 51000);
	buf_u8(&b->message, 0);
	buf_u8(&b->message, 0x1b);
	buf_u8(&b->message, 6);
	buf_u8(&b->message, 0xb8);
	buf_u16(&b->message, 64900);
	buf_u16(&b->message, 64901);
	buf_u32(&b->message, 0);
	(void)deliver(b);
}

static void
transport(void)
{
	static const uint16_t usual[] = {4, 1, 7, 2, 11, 2, 6, 1, 5, 1, 1, 4, 0},
			      long_flags[] = {6, 2, 182, 2, 183, 2, 4, 1, 1, 4, 0},
			      udp[] = {180, 2, 181, 2, 4, 1, 1, 4, 0},
			      icmp[] = {4, 1, 7, 2, 11, 2, 32, 2, 1, 4, 0},
			      apart[] = {4, 1, 178, 1, 179, 1, 1, 4, 0},
			      ways[] = {4, 1, 7, 2, 11, 2, 6, 1, 231, 4, 232, 4, 0},
			      none[] = {8, 4, 1, 4, 0};
	struct bench b = fresh();
	RECORD(&b, 256, usual, 6, 443, 51000, 0x1b, 0xb8, 100);
	ok(says(b.flows, 6, 443, 51000) && b.flows[0].tcp_flags == 0x1b && b.flows[0].tos == 0xb8,
	   "protocol, ports, flags and type of service are read");
	RECORD(&b, 257, long_flags, 0x0112, 22, 50000, 6, 100);
	ok(says(b.flows, 6, 22, 50000) && b.flows[0].tcp_flags == 0x12,
	   "flags of two octets, and ports that are TCP's");
	RECORD(&b, 258, udp, 123, 40000, 17, 100);
	ok(says(b.flows, 17, 123, 40000), "or UDP's");
	RECORD(&b, 259, icmp, 1, 5, 0, 0x0303, 100);
	ok(says(b.flows, 1, 0, 0x0303), "ICMP has its type and code where others have a port");
	RECORD(&b, 256, usual, 1, 0, 0x0800, 0, 0, 100);
	ok(says(b.flows, 1, 0, 0x0800), "be they told so by the exporter itself");
	RECORD(&b, 260, apart, 58, 135, 1, 100);
	ok(says(b.flows, 58, 0, 135 << 8 | 1), "or apart, of ICMPv6");
	RECORD(&b, 261, ways, 6, 443, 51000, 0x1b, 100, 200);
	ok(b.count == 2 && says(&b.flows[1], 6, 51000, 443) && !b.flows[1].tcp_flags,
	   "the way back has the ports the other way, and no flags of its own");
	RECORD(&b, 262, none, 0x0a000001, 100);
	ok(says(b.flows, 0, 0, 0) && !b.flows[0].tcp_flags,
	   "what is not told is not what the record before said");
	version5(&b);
	ok(b.count == 1 && says(b.flows, 6, 443, 51000) && b.flows[0].tcp_flags == 0x1b &&
		   b.flows[0].tos == 0xb8 && b.flows[0].source_as == 64900,
	   "version 5 has all of it in its place");
	drop(&b);
}

int
main(void)
{
	transport();
	algorithms();
	order();
	changes();
	widths();
	sampling();
	options_behind(9);
	options_behind(10);
	numbers();
	both_ways();
	totals();
	sections();
	return done_testing();
}
