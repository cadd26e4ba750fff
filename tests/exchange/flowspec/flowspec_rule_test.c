/* Rules about traffic: what is read, in which form it is kept, in which order it is applied. */
#include "exchange/flowspec/flowspec_rule.h"

#include <string.h>

#include "exchange/bgp/hex.h"
#include "tap.h"

/* Returns how many octets there are. */
static size_t
hex_read(uint8_t *to, const char *hex)
{
	struct buf octets = {0};
	hex_put(&octets, hex);
	size_t length = octets.length;
	if (length)
		memcpy(to, octets.data, length);
	buf_fini(&octets);
	return length;
}

static struct flowspec_rule
rule_of(enum ip_family family, const char *hex, enum flowspec_fault *fault)
{
	uint8_t octets[4096];
	/* The last few rules stay. */
	static uint8_t storage[4][FLOWSPEC_RULE_MAX];
	static unsigned next;
	struct flowspec_rule rule = {0};
	*fault = flowspec_rule_read(&rule, storage[next++ % 4], family,
				    cursor_of(octets, hex_read(octets, hex)));
	return rule;
}

static void
read_rules(void)
{
	static const struct {
		const char *name;
		enum ip_family family;
		const char *hex, *text;
	} cases[] = {
		{"a destination and a source", IP_V4, "0118c00002 0218cb0071",
		 "dst 192.0.2.0/24; src 203.0.113.0/24"},
		{"all traffic to an address", IP_V4, "0120c0000201", "dst 192.0.2.1/32"},
		{"a protocol and a port", IP_V4, "0118c00002 038111 058135",
		 "dst 192.0.2.0/24; proto = 17; dport = 53"},
		{"ports from 137 to 139, or 8080", IP_V4, "0118c00002 040389 458b 911f90",
		 "dst 192.0.2.0/24; port >= 137 && <= 139 || = 8080"},
		{"TCP flags: all of some, none of others", IP_V4, "0118c00002 090112 c204",
		 "dst 192.0.2.0/24; tcp flags 0x12/0x12 && 0x0/0x4"},
		{"fragments by name", IP_V4, "0118c00002 0c0002 8208",
		 "dst 192.0.2.0/24; fragment is_fragment || !last_fragment"},
		{"icmp, length, dscp", IP_V4, "0118c00002 078108 088100 0a9404b0 0b810a",
		 "dst 192.0.2.0/24; icmp type = 8; icmp code = 0; length < 1200; dscp = 10"},
		{"operators that look at nothing", IP_V4, "0118c00002 058735",
		 "dst 192.0.2.0/24; dport true"},
		{"a rule without a destination", IP_V4, "038106", "proto = 6"},
		{"any address", IP_V4, "0100 038106", "dst 0.0.0.0/0; proto = 6"},
		{"IPv6 with a flow label", IP_V6, "01200020010db8 038111 0da1 00012345",
		 "dst 2001:db8::/32; next header = 17; label = 74565"},
		{"a pattern with an offset: RFC 8956 section 3.8", IP_V6,
		 "01200020010db8 026840 123456789a",
		 "dst 2001:db8::/32; src ::1234:5678:9a00:0/104 offset 64"},
		{"every IPv6 address", IP_V6, "010000 03813a", "dst ::/0; next header = 58"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum flowspec_fault fault;
		struct flowspec_rule rule = rule_of(cases[i].family, cases[i].hex, &fault);
		struct buf text = {0};
		if (fault == FLOWSPEC_SOUND)
			flowspec_rule_text(&text, &rule);
		buf_u8(&text, 0);
		ok(fault == FLOWSPEC_SOUND && strcmp((char *)text.data, cases[i].text) == 0,
		   "%s: %s", cases[i].name, (char *)text.data);
		buf_fini(&text);
	}
}

static void
refuse_rules(void)
{
	static const struct {
		const char *name;
		enum ip_family family;
		const char *hex;
		enum flowspec_fault fault;
	} cases[] = {
		{"nothing at all", IP_V4, "", FLOWSPEC_EMPTY},
		{"components out of order", IP_V4, "038111 0118c00002", FLOWSPEC_ORDER},
		{"a component twice", IP_V4, "038111 038106", FLOWSPEC_ORDER},
		{"an unknown component", IP_V4, "0118c00002 0e8111", FLOWSPEC_TYPE},
		{"component 0", IP_V4, "008111", FLOWSPEC_TYPE},
		{"a flow label in IPv4", IP_V4, "0d8111", FLOWSPEC_TYPE},
		{"33 bits of IPv4", IP_V4, "0121c000020180", FLOWSPEC_PREFIX},
		{"129 bits of IPv6", IP_V6, "0181000000000000000000000000000000000000",
		 FLOWSPEC_PREFIX},
		{"an offset as long as the prefix", IP_V6, "022020", FLOWSPEC_PREFIX},
		{"a prefix that is cut", IP_V4, "0118c000", FLOWSPEC_CUT},
		{"a prefix without its length", IP_V4, "01", FLOWSPEC_CUT},
		{"terms without an end", IP_V4, "030111", FLOWSPEC_CUT},
		{"a value that is cut", IP_V4, "059100", FLOWSPEC_CUT},
		{"no term", IP_V4, "03", FLOWSPEC_CUT},
		{"protocol 256", IP_V4, "03910100", FLOWSPEC_VALUE},
		{"port 65536", IP_V4, "05a100010000", FLOWSPEC_VALUE},
		{"DSCP 64", IP_V4, "0b8140", FLOWSPEC_VALUE},
		{"a flow label of 21 bits", IP_V6, "0da100100000", FLOWSPEC_VALUE},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum flowspec_fault fault;
		rule_of(cases[i].family, cases[i].hex, &fault);
		ok(fault == cases[i].fault, "%s: %s", cases[i].name, flowspec_fault_text(fault));
	}
	char long_rule[2 * FLOWSPEC_RULE_MAX + 16] = "05";
	for (unsigned i = 0; i < FLOWSPEC_RULE_MAX / 2; i++)
		strcat(long_rule, i + 1 < FLOWSPEC_RULE_MAX / 2 ? "0135" : "8135");
	enum flowspec_fault fault;
	rule_of(IP_V4, long_rule, &fault);
	ok(fault == FLOWSPEC_TOO_LONG, "a rule longer than any router would hold is not kept");
	long_rule[strlen(long_rule) - 4] = 0;
	memcpy(long_rule + strlen(long_rule) - 4, "8135", 4);
	struct flowspec_rule rule = rule_of(IP_V4, long_rule, &fault);
	ok(fault == FLOWSPEC_SOUND && rule.length == FLOWSPEC_RULE_MAX - 1, "a shorter one is");
}

static void
one_form(void)
{
	static const struct {
		const char *name;
		enum ip_family family;
		const char *as_it_came, *as_it_is_kept;
	} cases[] = {
		{"values take as few octets as they need", IP_V4,
		 "03b10000000000000011 05a10000 0035", "038111 058135"},
		{"but not fewer", IP_V4, "05a100000401", "05910401"},
		{"bits beyond the prefix go", IP_V4, "0119c00002ff", "0119c0000280"},
		{"and beyond a pattern", IP_V6, "022220bf", "02222080"},
		{"the first term is joined with nothing", IP_V4, "03c111", "038111"},
		{"reserved bits of numbers go", IP_V4, "038911", "038111"},
		{"and those of masks", IP_V4, "098d02", "098102"},
		{"a mask of two octets whose first says nothing", IP_V4, "0991f002", "098102"},
		{"DF means nothing in IPv6", IP_V6, "0c8103", "0c8102"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum flowspec_fault first, second;
		struct flowspec_rule rule = rule_of(cases[i].family, cases[i].as_it_came, &first);
		uint8_t kept[64];
		size_t length = hex_read(kept, cases[i].as_it_is_kept);
		ok(first == FLOWSPEC_SOUND && rule.length == length &&
			   memcmp(rule.octets, kept, length) == 0,
		   "%s", cases[i].name);
		struct flowspec_rule again =
			rule_of(cases[i].family, cases[i].as_it_is_kept, &second);
		ok(second == FLOWSPEC_SOUND && flowspec_rule_compare(&rule, &again) == 0,
		   "%s: and stay so", cases[i].name);
	}
	enum flowspec_fault fault;
	struct flowspec_rule rule = rule_of(IP_V4, "0118c00002 038111", &fault);
	struct buf out = {0};
	flowspec_rule_put(&out, &rule);
	ok(out.length == rule.length + 1u && out.data[0] == rule.length, "a length of one octet");
	buf_clear(&out);
	rule.length = 240;
	flowspec_rule_put(&out, &rule);
	ok(out.length == 242 && out.data[0] == 0xf0 && out.data[1] == 240,
	   "and of two from 240 on");
	buf_fini(&out);
}

static void
in_order(void)
{
	/* Each goes before the next one. */
	static const struct {
		enum ip_family family;
		const char *hex;
	} rules[] = {
		{IP_V4, "0119c0000200"},             /* longer inside the next */
		{IP_V4, "0118c00002 0208cb 058135"}, /* more components */
		{IP_V4, "0118c00002 0208cb"},        /* lower type */
		{IP_V4, "0118c00002 038106"},        /* lower value */
		{IP_V4, "0118c00002 038111"},
		{IP_V4, "0118c00002 050135 8150"}, /* longer list, by its first octet */
		{IP_V4, "0118c00002 058135"},
		{IP_V4, "0118c00002"},
		{IP_V4, "0118c00003"},
		{IP_V4, "0210c000"},
		{IP_V4, "038111"},
		{IP_V6, "01200020010db8"},
		{IP_V6, "0120100db8"}, /* a larger offset */
	};
	enum flowspec_fault fault;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		bool sound = true;
		for (size_t k = 0; k < sizeof(rules) / sizeof(rules[0]); k++) {
			struct flowspec_rule a = rule_of(rules[i].family, rules[i].hex, &fault);
			struct flowspec_rule b = rule_of(rules[k].family, rules[k].hex, &fault);
			int found = flowspec_rule_compare(&a, &b);
			sound &= fault == FLOWSPEC_SOUND && (i < k   ? found < 0
							     : i > k ? found > 0
								     : found == 0);
		}
		ok(sound, "%s stands at its place", rules[i].hex);
	}
}

static void
facts(void)
{
	enum flowspec_fault fault;
	struct flowspec_facts facts;
	char text[PREFIX_TEXT];
	struct flowspec_rule rule = rule_of(IP_V4, "0118c00002 038111 058135", &fault);
	flowspec_rule_facts(&facts, &rule);
	ok(facts.types == (1u << 1 | 1u << 3 | 1u << 5), "components are known by type");
	ok(strcmp(prefix_format(text, facts.destination), "192.0.2.0/24") == 0,
	   "and so is the destination");
	rule = rule_of(IP_V6, "014020 20010db8", &fault);
	flowspec_rule_facts(&facts, &rule);
	ok(fault == FLOWSPEC_SOUND && facts.destination.ip.family == IP_NONE,
	   "a destination that begins in the middle is none");
}

static void
json(void)
{
	enum flowspec_fault fault;
	struct flowspec_rule rule = rule_of(IP_V4, "0118c00002 040389 458b 911f90 098102", &fault);
	struct buf out = {0};
	struct json j = json_to(&out);
	json_object(&j, NULL);
	flowspec_rule_json(&j, "match", &rule);
	json_object_end(&j);
	buf_u8(&out, 0);
	ok(strcmp((char *)out.data,
		  "{\"match\":{\"destination\":\"192.0.2.0/24\",\"port\":[[{\"op\":\">=\","
		  "\"value\":137},{\"op\":\"<=\",\"value\":139}],[{\"op\":\"=\",\"value\":8080}]],"
		  "\"tcp_flags\":[[{\"mask\":2,\"all\":true,\"not\":false}]]}}") == 0,
	   "alternatives of conditions: %s", (char *)out.data);
	buf_fini(&out);
}

int
main(void)
{
	read_rules();
	refuse_rules();
	one_form();
	in_order();
	facts();
	json();
	return done_testing();
}
