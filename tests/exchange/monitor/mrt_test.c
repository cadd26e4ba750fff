/* Reading MRT: what is written reads back to the same, every type and subtype, and what is malformed is told
 * with its reason while the rest is read. */
#include <stdlib.h>
#include <string.h>

#include "exchange/bgp/bgp_writer.h"
#include "exchange/monitor/mrt.h"
#include "exchange/monitor/mrt_filter.h"
#include "exchange/monitor/mrt_summary.h"
#include "exchange/monitor/mrt_write.h"
#include "tap.h"
#include "view/view_mrt.h"

/* What a reader made of some octets: a line each. */
struct outcome {
	struct buf lines;
	struct view_mrt view;
	struct mrt_summary summary;
	struct mrt_filter filter;
	enum mrt_verdict last;
	unsigned entries, path_ids, multicast;
};

static void
visit(void *context, const struct mrt_entry *entry)
{
	struct outcome *o = context;
	if (!mrt_filter_likes(&o->filter, entry))
		return;
	o->entries++;
	o->path_ids += entry->has_path_id ? entry->path_id : 0;
	o->multicast += entry->multicast;
	view_mrt_line(&o->view, &o->lines, entry);
	mrt_summary_entry(&o->summary, entry);
}

static void
read_all(struct outcome *o, const struct buf *octets)
{
	struct mrt_reader *reader = mrt_reader_new();
	struct cursor c = cursor_of(octets->data, octets->length);
	struct mrt_record record;
	uint64_t offset = 0;
	for (;;) {
		const uint8_t *start = c.at;
		if (mrt_record_take(&record, &c, offset) != MRT_FRAME_RECORD)
			break;
		o->last = mrt_record_read(reader, &record, visit, o);
		mrt_summary_record(&o->summary, &record, o->last);
		offset += (size_t)(c.at - start);
	}
	buf_u8(&o->lines, 0);
	mrt_reader_free(reader);
}

static void
outcome_fini(struct outcome *o)
{
	buf_fini(&o->lines);
	view_mrt_fini(&o->view);
	mrt_summary_fini(&o->summary);
	*o = (struct outcome){0};
}

/* Octets written as hexadecimal, blanks ignored. */
static void
put_hex(struct buf *to, const char *hex)
{
	for (; *hex; hex++) {
		if (*hex == ' ')
			continue;
		char digits[3] = {hex[0], hex[1], 0};
		buf_u8(to, (uint8_t)strtoul(digits, NULL, 16));
		hex++;
	}
}

static const uint8_t path[] = {2, 2, 0, 0, 0xfd, 0xe8, 0, 3, 0x0d, 0x40}; /* 65000 200000 */
static const uint8_t communities[] = {0xfd, 0xe8, 0, 1, 0xff, 0xff, 0xff, 0x01};
static const uint8_t large[] = {0, 0, 0xfd, 0xe8, 0, 0, 0, 7, 0, 0, 0, 8};

static struct prefix
prefix(const char *text)
{
	struct prefix p = {0};
	(void)prefix_parse(&p, text);
	return p;
}

static struct bgp_attrs
attributes(const char *next_hop)
{
	struct bgp_attrs attrs = {.as_path = cursor_of(path, sizeof(path)),
				  .as_hops = 2,
				  .has_med = true,
				  .med = 50,
				  .communities = cursor_of(communities, sizeof(communities)),
				  .large_communities = cursor_of(large, sizeof(large))};
	(void)ip_parse(&attrs.next_hop, next_hop);
	return attrs;
}

static void
test_table(void)
{
	struct buf octets = {0};
	struct mrt_peer peers[2] = {{.asn = {65000}, .router_id = 7}, {.asn = {200000}}};
	(void)ip_parse(&peers[0].address, "192.0.2.1");
	(void)ip_parse(&peers[1].address, "2001:db8::1");
	struct bgp_attrs v4 = attributes("192.0.2.1"), v6 = attributes("2001:db8::1");
	struct mrt_path two[] = {{0, 100, 0, &v4}, {1, 200, 0, &v6}};
	struct mrt_path several[] = {{0, 100, 5, &v4}, {0, 100, 6, &v4}};
	mrt_peers_write(&octets, 1000, 1, "hub", peers, 2);
	mrt_paths_write(&octets, 1000, 0, prefix("198.51.100.0/24"), two, 2);
	mrt_paths_write(&octets, 1000, 1, prefix("2001:db8:1::/48"), two + 1, 1);
	mrt_paths_write(&octets, 1000, 2, prefix("203.0.113.0/25"), several, 2);
	struct outcome o = {0};
	read_all(&o, &octets);
	is_str((const char *)o.lines.data,
	       "TABLE_DUMP2|1000|B|192.0.2.1|65000|198.51.100.0/24|65000 200000|IGP|192.0.2.1|0|50|"
	       "65000:1 no-export|NAG||\n"
	       "TABLE_DUMP2|1000|B|2001:db8::1|200000|198.51.100.0/24|65000 "
	       "200000|IGP|2001:db8::1|0|50|"
	       "65000:1 no-export|NAG||\n"
	       "TABLE_DUMP2|1000|B|2001:db8::1|200000|2001:db8:1::/48|65000 "
	       "200000|IGP|2001:db8::1|0|50|"
	       "65000:1 no-export|NAG||\n"
	       "TABLE_DUMP2|1000|B|192.0.2.1|65000|203.0.113.0/25|65000 200000|IGP|192.0.2.1|0|50|"
	       "65000:1 no-export|NAG||\n"
	       "TABLE_DUMP2|1000|B|192.0.2.1|65000|203.0.113.0/25|65000 200000|IGP|192.0.2.1|0|50|"
	       "65000:1 no-export|NAG||\n",
	       "a table that was written reads back to the same, IPv4 by an IPv6 next hop too");
	is_int(o.path_ids, 11, "with the path identifiers of RFC 8050");
	is_int((long long)o.summary.attributes.count, 2, "and two attribute sets");
	is_int((long long)o.summary.prefixes[0].count, 2, "two IPv4 prefixes");
	outcome_fini(&o);
	buf_fini(&octets);
}

static void
test_updates(void)
{
	struct buf octets = {0}, update = {0}, attrs = {0}, out = {0};
	struct mrt_exchange with = {.peer = {.asn = {200000}},
				    .local_asn = {64500},
				    .time_s = 2000,
				    .microseconds = 42};
	(void)ip_parse(&with.peer.address, "192.0.2.1");
	struct bgp_attrs v4 = attributes("192.0.2.1");
	struct bgp_communities as_they_are = {v4.communities, v4.ext_communities,
					      v4.large_communities};
	bgp_attrs_encode(&attrs, &v4, as_they_are);
	struct bgp_route_attrs route = {.attrs = attrs.data, .length = attrs.length};
	struct bgp_form add_path = {.max = BGP_MAX, .add_path = true};
	struct bgp_writer w;
	(void)bgp_announce_begin(&w, &update, IP_V4, add_path, &route);
	bgp_writer_add(&w, prefix("198.51.100.0/24"), 9);
	(void)bgp_writer_end(&w);
	struct cursor message = cursor_of(update.data, update.length);
	mrt_message_write(&octets, &with, (struct mrt_message_form){true, true}, message);
	bgp_end_of_rib_write(&out, IP_V6);
	message = cursor_of(out.data, out.length);
	mrt_message_write(&octets, &with, (struct mrt_message_form){.as4 = true}, message);
	mrt_state_write(&octets, &with, 6, 1);
	struct outcome o = {0};
	read_all(&o, &octets);
	is_str((const char *)o.lines.data,
	       "BGP4MP_ET|2000.000042|A|192.0.2.1|200000|198.51.100.0/24|65000 "
	       "200000|IGP|192.0.2.1|0|"
	       "50|65000:1 no-export|NAG||\n"
	       "BGP4MP_ET|2000.000042|STATE|192.0.2.1|200000|6|1\n",
	       "messages and states that were written read back to the same");
	is_int(o.path_ids, 9, "with a path identifier");
	is_int((long long)o.summary.ends_of_rib, 1, "End-of-RIB is counted as such");
	outcome_fini(&o);
	buf_fini(&octets);
	buf_fini(&update);
	buf_fini(&attrs);
	buf_fini(&out);
}

static void
test_old_forms(void)
{
	static const struct {
		const char *name, *hex, *line;
	} cases[] = {
		{"TABLE_DUMP with 2-octet numbers",
		 "000003e8 000c 0001 0000002a 0000 0000 0a000000 08 01 00000064 c0000201 fde8 0014"
		 "40010100 40020602020fa00fa1 400304c0000201",
		 "TABLE_DUMP|1000|B|192.0.2.1|65000|10.0.0.0/8|4000 "
		 "4001|IGP|192.0.2.1|0|0||NAG||\n"},
		{"BGP4MP_MESSAGE of a 2-octet speaker with AS4_PATH, a set and AS4_AGGREGATOR",
		 "000003e8 0010 0001 0000006b 0fa0 fbf4 0000 0001 c0000201 c0000202"
		 "ffffffffffffffffffffffffffffffff 005b 02 0000 0042"
		 "40010102 40020a0202 0fa05ba001010fa2 400304c0000201 400600 c007065ba0c0000209"
		 "c011100202 00000fa000030d40 0101 00000fa2 c0120800030d40c0000209 080a",
		 "BGP4MP|1000|A|192.0.2.1|4000|10.0.0.0/8|4000 200000 "
		 "{4002}|INCOMPLETE|192.0.2.1|0|0||"
		 "AG|200000 192.0.2.9|\n"},
		{"a withdrawal in MP_UNREACH for multicast",
		 "000003e8 0010 0004 00000035 00030d40 0000fbf4 0000 0001 c0000201 c0000202"
		 "ffffffffffffffffffffffffffffffff 0021 02 0000 000a 800f07 0001 02 18c63364",
		 "BGP4MP|1000|W|192.0.2.1|200000|198.51.100.0/24\n"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf octets = {0};
		struct outcome o = {0};
		put_hex(&octets, cases[i].hex);
		read_all(&o, &octets);
		is_str((const char *)o.lines.data, cases[i].line, cases[i].name);
		outcome_fini(&o);
		buf_fini(&octets);
	}
}

static void
test_malformed(void)
{
	static const struct {
		enum mrt_verdict verdict;
		const char *name, *hex;
	} cases[] = {
		{MRT_NO_PEERS, "a table without its peers",
		 "000003e8 000d 0002 00000007 00000000 00 0000"},
		{MRT_SHORT, "a record that ends within a field",
		 "000003e8 0010 0004 00000002 0003"},
		{MRT_SKIPPED, "a type that is not read", "000003e8 0030 0000 00000001 00"},
		{MRT_SKIPPED, "RIB_GENERIC", "000003e8 000d 0006 00000001 00"},
		{MRT_SHORT, "BGP4MP_ET without its microseconds",
		 "000003e8 0011 0004 00000002 0000"},
		{MRT_BAD_PREFIX, "a prefix of 33 bits",
		 "000003e8 000c 0001 00000016 0000 0000 0a000000 21 01 00000064 c0000201 fde8 "
		 "0000"},
		{MRT_BAD_ATTRIBUTE, "an attribute beyond its list",
		 "000003e8 000c 0001 0000001a 0000 0000 0a000000 08 01 00000064 c0000201 fde8 0004"
		 "40010900"},
		{MRT_BAD_PATH, "an AS path with an empty segment",
		 "000003e8 000c 0001 0000001b 0000 0000 0a000000 08 01 00000064 c0000201 fde8 0005"
		 "4002020200"},
		{MRT_BAD_MESSAGE, "a BGP message of no type",
		 "000003e8 0010 0001 00000023 fde8 fde9 0000 0001 c0000201 c0000202"
		 "ffffffffffffffffffffffffffffffff 0013 09"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf octets = {0};
		struct outcome o = {0};
		put_hex(&octets, cases[i].hex);
		size_t first = octets.length;
		put_hex(&octets, cases[i].hex);
		read_all(&o, &octets);
		is_str(mrt_verdict_text(o.last), mrt_verdict_text(cases[i].verdict), cases[i].name);
		ok(o.summary.records == 2, "%s: reading goes on behind it", cases[i].name);
		bool fault = cases[i].verdict >= MRT_SHORT;
		ok(o.summary.fault_count == (fault ? 2 : 0) &&
			   (!fault || o.summary.faults[1].offset == first),
		   "%s: it is told where", cases[i].name);
		outcome_fini(&o);
		buf_fini(&octets);
	}
	struct mrt_record record;
	struct buf octets = {0};
	put_hex(&octets, "000003e8 0010 0004 7fffffff 00");
	struct cursor c = cursor_of(octets.data, octets.length);
	ok(mrt_record_take(&record, &c, 0) == MRT_FRAME_BROKEN,
	   "a length that no record has is no record");
	buf_fini(&octets);
}

static void
test_filter(void)
{
	struct buf octets = {0};
	struct mrt_peer peer = {.asn = {65000}, .router_id = 7};
	(void)ip_parse(&peer.address, "192.0.2.1");
	struct bgp_attrs v4 = attributes("192.0.2.1");
	struct mrt_path one[] = {{0, 100, 0, &v4}};
	mrt_peers_write(&octets, 1000, 1, "hub", &peer, 1);
	mrt_paths_write(&octets, 1000, 0, prefix("198.51.100.0/24"), one, 1);
	mrt_paths_write(&octets, 1000, 1, prefix("198.51.100.128/25"), one, 1);
	mrt_paths_write(&octets, 1001, 2, prefix("203.0.113.0/24"), one, 1);
	struct mrt_community tag = {0}, any = {0}, other = {0}, long_one = {0};
	ok(mrt_community_parse(&tag, "65000:1") == 0 && mrt_community_parse(&any, "65000:*") == 0 &&
		   mrt_community_parse(&other, "65000:2") == 0 &&
		   mrt_community_parse(&long_one, "65000:7:8") == 0,
	   "communities are read");
	ok(mrt_community_parse(&other, "65000") < 0 && mrt_community_parse(&other, "1:2:3:4") < 0 &&
		   mrt_community_parse(&other, "65536:1") < 0 &&
		   mrt_community_parse(&other, "a:1") < 0 &&
		   mrt_community_parse(&other, "1:2x") < 0,
	   "and what is none is refused");
	struct mrt_filter outer = {.within = prefix("198.51.100.0/24")};
	struct mrt_filter exact = {.exactly = prefix("198.51.100.0/24")};
	struct mrt_filter covering = {.covering = prefix("198.51.100.129/32")};
	const struct {
		struct mrt_filter filter;
		unsigned count;
		const char *name;
	} cases[] = {
		{{.origin = {0}}, 3, "no filter likes all"},
		{exact, 1, "exactly this prefix"},
		{outer, 2, "this prefix and longer ones"},
		{covering, 2, "what covers an address"},
		{{.origin = {200000}}, 3, "by origin"},
		{{.origin = {65000}}, 0, "another origin"},
		{{.in_path = {65000}}, 3, "by an AS in the path"},
		{{.peer_as = {65001}}, 0, "another peer"},
		{{.has_from = true, .from_s = 1001}, 1, "from a time on"},
		{{.has_until = true, .until_s = 1001}, 2, "until a time, which is not part of it"},
		{{.community = tag}, 3, "with a community"},
		{{.community = any}, 3, "with a community of a kind"},
		{{.community = other}, 0, "without the community"},
		{{.community = long_one}, 3, "with a large community"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct outcome o = {.filter = cases[i].filter};
		read_all(&o, &octets);
		is_int(o.entries, cases[i].count, cases[i].name);
		outcome_fini(&o);
	}
	buf_fini(&octets);
}

static void
test_schedule(void)
{
	const int64_t noon = INT64_C(1795262400);
	is_int(mrt_file_next(noon, 900), noon + 900, "files begin at a multiple of their time");
	is_int(mrt_file_next(noon + 899, 900), noon + 900, "the first after now");
	is_int(mrt_file_next(noon, 0), INT64_MAX, "or never");
	ok(!mrt_file_due(noon + 900, noon + 899, 900) && mrt_file_due(noon + 900, noon + 900, 900),
	   "a file is due at its time");
	ok(mrt_file_due(noon + 900, noon + 86400, 900), "and when the clock was set forward");
	ok(!mrt_file_due(noon + 900, noon, 900), "not before it");
	ok(mrt_file_due(noon + 900, noon - 86400, 900),
	   "but when the clock was set back, rather than after a day without files");
	ok(!mrt_file_due(INT64_MAX, noon, 0), "nothing is due that is not wanted");
}

int
main(void)
{
	test_schedule();
	test_table();
	test_updates();
	test_old_forms();
	test_malformed();
	test_filter();
	return done_testing();
}
