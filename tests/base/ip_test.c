/* Addresses, prefixes, AS numbers and MAC addresses are read strictly and written canonically. */
#include "base/ip.h"

#include "tap.h"

static void
prefixes(void)
{
	static const struct {
		const char *name, *text, *expected; /* expected NULL: refused */
	} cases[] = {
		{"an IPv4 prefix comes back as written", "192.0.2.0/24", "192.0.2.0/24"},
		{"the default route is a prefix", "0.0.0.0/0", "0.0.0.0/0"},
		{"an IPv6 prefix is written by RFC 5952", "2001:0DB8:0:0::/32", "2001:db8::/32"},
		{"host bits are refused", "192.0.2.1/24", NULL},
		{"a length beyond 32 is refused for IPv4", "192.0.2.0/33", NULL},
		{"a length beyond 128 is refused for IPv6", "2001:db8::/129", NULL},
		{"a missing length is refused", "192.0.2.0", NULL},
		{"an empty length is refused", "192.0.2.0/", NULL},
		{"a negative length is refused", "192.0.2.0/-1", NULL},
		{"text after the length is refused", "192.0.2.0/24x", NULL},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct prefix p;
		char text[PREFIX_TEXT];
		bool read = prefix_parse(&p, cases[i].text) == 0;
		is_str(read ? prefix_format(text, p) : NULL, cases[i].expected, cases[i].name);
	}
}

static void
numbers(void)
{
	static const struct {
		const char *name, *text;
		long long expected; /* -1: refused */
	} cases[] = {
		{"a plain AS number", "64500", 64500},
		{"with AS before it", "AS64500", 64500},
		{"asdot", "1.10", 65546},
		{"the largest", "4294967295", 4294967295},
		{"one too many", "4294967296", -1},
		{"asdot with a low half too large", "1.65536", -1},
		{"a word", "AS-SET", -1},
		{"nothing", "", -1},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct asn asn;
		bool read = asn_parse(&asn, cases[i].text) == 0;
		is_int(read ? (long long)asn.number : -1, cases[i].expected, cases[i].name);
	}
}

static void
macs(void)
{
	struct mac m;
	char text[MAC_TEXT];
	ok(mac_parse(&m, "0000.5e00.5301") == 0, "a MAC address in three groups is read");
	is_str(mac_format(text, m), "00:00:5e:00:53:01", "and written with colons");
	ok(mac_parse(&m, "00:00:5E:00:53:ff") == 0 && mac_number(m) == 0x00005e0053ff,
	   "a MAC address with colons is read");
	ok(mac_parse(&m, "00:00:5e:00:53") < 0, "five octets are refused");
	ok(mac_parse(&m, "00:00:5e:00:53:01:02") < 0, "seven octets are refused");
	static const char *const bad[] = {
		"00:00:5e:00:53:01:", "00::00:5e:00:53:1",
		"00:00-5e:00:53:01",  "0000.5e00:5301",
		"00.00.5e.00.53.01",  "0000-5e00-5301",
		"00:00:5e:00:53:0g",  "00005e005301",
		":00:00:5e:00:53:0",  "",
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(mac_parse(&m, bad[i]) < 0, "\"%s\" is no MAC address", bad[i]);
}

int
main(void)
{
	prefixes();
	numbers();
	macs();
	struct prefix outer, inner = {0};
	ok(prefix_parse(&outer, "2001:db8::/32") == 0 &&
		   prefix_parse(&inner, "2001:db8:1::/48") == 0,
	   "both prefixes are read");
	ok(prefix_covers(outer, inner) && !prefix_covers(inner, outer),
	   "a prefix covers what lies inside it");
	return done_testing();
}
