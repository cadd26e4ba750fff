/* Malformed datagrams are refused by name, never counted for a port, and leave the next good one
 * unharmed. data/bad.tsv: id, what is wrong, what comes of it, the octets. Then all of them again with
 * octets changed, cut off and mixed up: MUTATIONS of each, or as many as the argument says. */
#include "exchange.h"
#include "meter/meter.h"
#include "tap.h"

enum { LINE = 70000, NOW = 1700000123, CASES_MAX = 200, MUTATIONS = 60 };

/* Both ends of the good sFlow datagram are ports here, so that what is counted shows. */
static struct hub *
make_hub(void)
{
	struct hub *hub = exchange_new(2);
	hub->lans[0].vlan = 0;
	hub->ports[0].macs[0] = (struct mac){{1, 1, 1, 1, 1, 1}};
	hub->ports[1].macs[0] = (struct mac){{0}};
	return hub;
}

static void
feed(struct meter *m, bool sflow, const uint8_t *bytes, size_t length)
{
	/* In memory of exactly this size, so that a sanitizer sees one octet too many. */
	uint8_t *copy = malloc(length ? length : 1);
	memcpy(copy, bytes, length);
	meter_datagram(m, sflow ? METER_SFLOW : METER_NETFLOW, ip_v4(0xc0000201),
		       cursor_of(copy, length), (struct utc_s){NOW});
	free(copy);
}

static size_t
from_hex(uint8_t *out, const char *hex)
{
	size_t length = 0;
	unsigned octet;
	while (sscanf(hex, "%2x", &octet) == 1) {
		out[length++] = (uint8_t)octet;
		hex += 2;
	}
	return length;
}

/* "refused X | unattributed Y | counted N": what a meter has made of all it was given. */
static void
outcome(struct buf *out, const struct meter *m)
{
	struct meter_exporter e = meter_exporter(m, 0);
	struct meter_totals totals = meter_totals(m);
	buf_clear(out);
	for (int i = 0; i < FLOW_REFUSALS; i++)
		if (e.refused[i])
			buf_printf(out, "%s%s", out->length ? ", " : "",
				   flow_refusal_text((enum flow_refusal)i));
	for (int i = 0; i < BIN_CAUSES; i++)
		if (totals.unattributed[i])
			buf_printf(out, "%s%s", out->length ? ", " : "",
				   bin_cause_text((enum bin_cause)i));
	if (e.held_sets)
		buf_printf(out, "%sheld", out->length ? ", " : "");
	if (totals.octets)
		buf_printf(out, "%scounted %llu", out->length ? ", " : "",
			   (unsigned long long)totals.octets);
	if (!out->length)
		buf_str(out, "nothing");
	buf_u8(out, 0);
}

static struct {
	uint8_t bytes[2][2048];
	size_t length[2];
} good; /* [0] sFlow, [1] IPFIX */

/* All of them, to be changed. */
static struct {
	uint8_t *bytes;
	size_t length;
	bool sflow;
} cases[CASES_MAX];
static size_t case_count;

static void
check(char *line)
{
	char *field[4], *rest = line;
	for (int i = 0; i < 4; i++)
		field[i] = strsep(&rest, "\t\n");
	if (!field[3])
		return;
	uint8_t *bytes = malloc(LINE);
	size_t length = from_hex(bytes, field[3]);
	bool sflow = field[0][0] == 'S' || strcmp(field[0], "GOODS") == 0;
	if (strncmp(field[0], "GOOD", 4) == 0) {
		memcpy(good.bytes[!sflow], bytes, length);
		good.length[!sflow] = length;
	}
	struct hub *hub = make_hub();
	struct meter *m = meter_new(hub, 1, (struct utc_s){NOW});
	struct buf text = {0};
	char what[300];
	feed(m, sflow, bytes, length);
	outcome(&text, m);
	(void)snprintf(what, sizeof(what), "%s %s: %s", field[0], field[1], field[2]);
	is_str((char *)text.data, field[2], what);
	uint64_t samples = meter_totals(m).samples;
	/* With another number: the same one again would not be counted again. */
	good.bytes[!sflow][sflow ? 19 : 11]++;
	feed(m, sflow, good.bytes[!sflow], good.length[!sflow]);
	good.bytes[!sflow][sflow ? 19 : 11]--;
	ok(meter_totals(m).samples == samples + 1, "%s: the good datagram after it is read",
	   field[0]);
	buf_fini(&text);
	meter_free(m);
	hub_free(hub);
	if (case_count == CASES_MAX)
		abort();
	cases[case_count].bytes = bytes;
	cases[case_count].length = length;
	cases[case_count++].sflow = sflow;
}

/* Cases that are too large to write down. */
static void
floods(void)
{
	struct hub *hub = make_hub();
	struct meter *m = meter_new(hub, 1, (struct utc_s){NOW});
	struct buf b = {0};
	sflow_header(&b, (struct sflow_numbers){0, 1, 1000}, 1000);
	for (int i = 0; i < 100; i++) {
		buf_u32(&b, 1);
		buf_u32(&b, 0);
	}
	feed(m, true, b.data, b.length);
	is_int((long long)meter_exporter(m, 0).refused[FLOW_LENGTHS], 1,
	       "S07 1000 samples of length 0, of which 100 are there: refused whole");

	buf_clear(&b);
	sflow_header(&b, (struct sflow_numbers){0, 2, 1000}, 600);
	for (int i = 0; i < 600; i++) {
		buf_u32(&b, 1);
		size_t sample = open_length(&b);
		for (int word = 0; word < 7; word++)
			buf_u32(&b, 1);
		buf_u32(&b, 1);
		buf_u32(&b, 1);
		buf_u32(&b, 5);
		buf_u32(&b, 0);
		close_length(&b, sample);
	}
	feed(m, true, b.data, b.length);
	is_int((long long)meter_exporter(m, 0).refused[FLOW_BAD_SAMPLE], 600,
	       "S23 600 samples whose record is a few octets off: each is refused");
	is_int((long long)meter_totals(m).samples, 0, "and none of them is counted");

	for (uint32_t domain = 0; domain < 2500; domain++) {
		buf_clear(&b);
		buf_u16(&b, 10);
		buf_u16(&b, 16 + 4 + 40 * 8);
		buf_u32(&b, NOW);
		buf_u32(&b, 0);
		buf_u32(&b, domain);
		buf_u16(&b, 2);
		buf_u16(&b, 4 + 40 * 8);
		for (int i = 0; i < 40; i++) {
			buf_u16(&b, (uint16_t)(256 + i));
			buf_u16(&b, 1);
			buf_u32(&b, 1 << 16 | 4);
		}
		feed(m, false, b.data, b.length);
	}
	struct meter_exporter e = meter_exporter(m, 0);
	ok(e.templates == 4096 && e.domains == 256,
	   "I12 of 100000 templates in 2500 domains 4096 in 256 are kept");
	ok(e.refused[FLOW_TEMPLATE_LIMIT] == 256 * 40 - 4096 &&
		   e.refused[FLOW_DOMAIN_LIMIT] == 2244,
	   "and the others are refused, each by its name");
	feed(m, true, good.bytes[0], good.length[0]);
	is_int((long long)meter_totals(m).samples, 1, "the good datagram after all that is read");
	buf_fini(&b);
	meter_free(m);
	hub_free(hub);
}

static uint32_t
chance(uint32_t below)
{
	static uint64_t state = 20261121;
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 33) % below;
}

/* Some octets changed, a piece of another case put in, or the end cut off. */
static size_t
mutate(uint8_t out[LINE], size_t which)
{
	static const uint8_t telling[] = {0, 1, 2, 3, 4, 9, 10, 16, 0x7f, 0x80, 0xfe, 0xff};
	size_t length = cases[which].length;
	memcpy(out, cases[which].bytes, length);
	for (uint32_t i = chance(4) + 1; i > 0 && length; i--)
		out[chance((uint32_t)length)] =
			chance(2) ? telling[chance(sizeof(telling))] : (uint8_t)chance(256);
	size_t other = chance((uint32_t)case_count);
	if (chance(4) == 0 && length && cases[other].length) {
		size_t to = chance((uint32_t)length);
		size_t from = chance((uint32_t)cases[other].length);
		size_t piece = cases[other].length - from;
		if (to + piece > LINE)
			piece = LINE - to;
		memcpy(out + to, cases[other].bytes + from, piece);
		length = to + piece > length ? to + piece : length;
	}
	if (chance(5) == 0 && length)
		length = chance((uint32_t)length);
	return length;
}

/* One meter takes them all: it counts each, keeps its bounds, and what it hands on can be read. */
static void
mutations(unsigned long times)
{
	struct hub *hub = make_hub();
	struct meter *m = meter_new(hub, 1, (struct utc_s){NOW});
	uint8_t *bytes = malloc(LINE);
	uint64_t fed = 0;
	bool bounded = true;
	for (unsigned long round = 0; round < times; round++)
		for (size_t i = 0; i < case_count; i++, fed++) {
			size_t length = mutate(bytes, i);
			feed(m, cases[i].sflow, bytes, length);
			struct meter_exporter e = meter_exporter(m, 0);
			bounded &= e.templates <= 4096 && e.domains <= 512 && e.held_sets <= 64;
		}
	is_int((long long)meter_exporter(m, 0).datagrams, (long long)fed,
	       "cases with changed octets: each datagram is taken for one");
	ok(bounded, "and what is kept of them has its bounds");
	struct meter_totals t = meter_totals(m);
	uint64_t said = t.attributed;
	for (int i = 0; i < BIN_CAUSES; i++)
		said += t.unattributed[i];
	ok(t.samples > 0 && said >= t.samples, "each sample was attributed, or it is said why not");
	const struct traffic_batch *batch = meter_flush(m, (struct utc_s){NOW + 1});
	struct buf out = {0};
	struct arena *arena = arena_new();
	struct traffic_batch again;
	if (batch)
		traffic_encode(batch, &out);
	ok(batch && traffic_decode(&again, arena, cursor_of(out.data, out.length)) == 0,
	   "and the bin that is made of them can be read");
	arena_free(arena);
	buf_fini(&out);
	free(bytes);
	meter_free(m);
	hub_free(hub);
}

int
main(int argc, char **argv)
{
	FILE *f = fopen("tests/meter/data/bad.tsv", "r");
	char *line = malloc(LINE);
	if (!ok(f != NULL, "the table of malformed datagrams is there"))
		return done_testing();
	while (fgets(line, LINE, f))
		if (line[0] != '#')
			check(line);
	fclose(f);
	free(line);
	floods();
	mutations(argc > 1 ? strtoul(argv[1], NULL, 10) : MUTATIONS);
	for (size_t i = 0; i < case_count; i++)
		free(cases[i].bytes);
	return done_testing();
}
