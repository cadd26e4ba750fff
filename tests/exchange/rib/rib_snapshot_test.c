/* The routes' snapshot answers like a slow longest match, and opens only what is whole. */
#include "exchange/rib/rib_snapshot.h"

#include <stdlib.h>

#include "base/hash.h"
#include "tap.h"

static struct rib_snapshot_route
route(const char *text, uint32_t origin_as, uint32_t member_as)
{
	struct rib_snapshot_route r = {.origin = {.origin_as = origin_as, .member_as = member_as}};
	if (prefix_parse(&r.prefix, text) < 0)
		printf("# not a prefix: %s\n", text);
	return r;
}

static uint32_t
origin_of(const struct rib_snapshot *s, const char *address)
{
	struct ip ip = {0};
	(void)ip_parse(&ip, address);
	return rib_snapshot_find(s, ip).origin_as;
}

static void
longest_match(void)
{
	struct rib_snapshot_route routes[] = {
		route("10.1.2.0/24", 3, 1),      route("10.0.0.0/8", 1, 1),
		route("10.1.0.0/16", 2, 1),      route("10.1.2.128/25", 4, 2),
		route("10.1.2.0/24", 99, 9),     route("255.255.255.255/32", 5, 1),
		route("255.255.255.0/24", 6, 1), route("2001:db8::/32", 7, 3),
		route("2001:db8:1::/48", 8, 3),  route("ffff::/16", 9, 3),
		route("2001:db8::1/128", 10, 3), route("198.51.100.0/24", 0, 0),
	};
	static const struct {
		const char *name, *address;
		uint32_t origin;
	} cases[] = {
		{"the longest of four nested prefixes is found", "10.1.2.200", 4},
		{"beside it the next longer holds", "10.1.2.127", 3},
		{"the first given of two equal prefixes wins", "10.1.2.0", 3},
		{"after a prefix ends its parent holds again", "10.1.3.0", 2},
		{"and its parent's parent", "10.2.0.0", 1},
		{"the last address of a prefix is inside", "10.255.255.255", 1},
		{"the address after it has no route", "11.0.0.0", 0},
		{"the lowest address of all has none here", "0.0.0.0", 0},
		{"the highest IPv4 address can have its own", "255.255.255.255", 5},
		{"and the one before it another", "255.255.255.254", 6},
		{"IPv6: longest match", "2001:db8:1::5", 8},
		{"IPv6: parent", "2001:db8:2::", 7},
		{"IPv6: one address alone", "2001:db8::1", 10},
		{"IPv6: and its neighbour is the parent's", "2001:db8::2", 7},
		{"IPv6: the highest address", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 9},
		{"IPv6: none", "2001:db9::", 0},
		{"a route without a known origin reads as none", "198.51.100.1", 0},
		{"no address at all has no route", "", 0},
	};
	struct buf b = {0};
	ok(rib_snapshot_build(&b, routes, sizeof(routes) / sizeof(routes[0]), NULL) == 0,
	   "it builds");
	struct rib_snapshot *s = rib_snapshot_open(b.data, b.length);
	if (!ok(s != NULL, "and opens"))
		return;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is_int(origin_of(s, cases[i].address), cases[i].origin, cases[i].name);
	struct ip ip = ip_v4(0x0a0102c8);
	is_int(rib_snapshot_find(s, ip).member_as, 2, "the member that has the route is told too");
	rib_snapshot_free(s);

	unsigned opened = 0;
	for (size_t length = 0; length < b.length; length += length < 4096 ? 1 : 4096)
		opened += rib_snapshot_open(b.data, length) != NULL;
	is_int(opened, 0, "no shortened file opens");
	opened = 0;
	for (size_t at = 0; at < b.length; at += 997) {
		b.data[at] ^= 0x10;
		opened += rib_snapshot_open(b.data, b.length) != NULL;
		b.data[at] ^= 0x10;
	}
	is_int(opened, 0, "no file with a changed octet opens");
	buf_fini(&b);
}

/* With the checksum made right again the order of things must still be refused. */
static void
sealed_but_wrong(void)
{
	/* So many of IPv6 side by side that their slot of the index is divided. */
	struct rib_snapshot_route routes[] = {
		route("10.0.0.0/8", 1, 1), route("12.0.0.0/8", 2, 1), route("2001:db8::/32", 7, 3),
		route("2001:db8:1::/48", 8, 3), route("2001:db8:1:2::3/128", 9, 3)};
	struct buf b = {0};
	(void)rib_snapshot_build(&b, routes, sizeof(routes) / sizeof(routes[0]), NULL);
	unsigned crashed = 0;
	for (size_t at = 0; at + 8 < b.length; at++) {
		uint8_t kept = b.data[at];
		b.data[at] = (uint8_t)~kept;
		uint64_t sum = hash_bytes(b.data, b.length - 8);
		memcpy(b.data + b.length - 8, &sum, 8);
		struct rib_snapshot *s = rib_snapshot_open(b.data, b.length);
		for (uint32_t a = 0; s && a < 4096; a++) {
			uint8_t octets[16] = {0x20, 0x01, (uint8_t)(a >> 4), (uint8_t)(a << 4)};
			crashed +=
				rib_snapshot_find(s, ip_v4(a * 1048583u)).origin_as == UINT32_MAX;
			crashed += rib_snapshot_find(s, ip_v6(octets)).origin_as == UINT32_MAX;
		}
		rib_snapshot_free(s);
		b.data[at] = kept;
	}
	is_int(crashed, 0, "a sealed file with wrong contents is refused or stays inside itself");
	buf_fini(&b);
}

static uint64_t random_state = 7;

static uint64_t
random_u64(void)
{
	return hash_u64(random_state += 0x9e3779b97f4a7c15u);
}

static struct ip
random_ip(bool v6)
{
	/* Few distinct bits, so that prefixes nest and addresses fall into them. */
	uint64_t r = random_u64() & random_u64();
	if (!v6)
		return ip_v4((uint32_t)r);
	uint8_t octets[16] = {0};
	for (int i = 0; i < 16; i++)
		octets[i] = (uint8_t)(random_u64() & random_u64() & random_u64());
	/* Half of them where IPv6 is dense. */
	if (random_u64() % 2) {
		octets[0] = 0x2a;
		octets[1] = (uint8_t)(random_u64() % 3);
	}
	return ip_v6(octets);
}

static void
agrees_with_the_slow_way(void)
{
	enum { ROUTES = 600, PROBES = 4000 };
	static struct rib_snapshot_route routes[ROUTES], given[ROUTES];
	static struct ip ips[PROBES];
	for (uint32_t i = 0; i < ROUTES; i++) {
		bool v6 = i % 2;
		given[i].prefix =
			prefix_of(random_ip(v6), (unsigned)(random_u64() % (v6 ? 129 : 33)));
		given[i].origin = (struct rib_origin){.origin_as = 1 + (uint32_t)(random_u64() % 5),
						      .member_as = 1};
	}
	memcpy(routes, given, sizeof(routes));
	struct buf b = {0};
	(void)rib_snapshot_build(&b, routes, ROUTES, NULL);
	struct rib_snapshot *s = rib_snapshot_open(b.data, b.length);
	unsigned differ = 0;
	for (unsigned n = 0; s && n < PROBES; n++) {
		struct ip ip = random_ip(n % 2);
		int best = -1;
		ips[n] = ip;
		for (int i = 0; i < ROUTES; i++)
			if (prefix_contains_ip(given[i].prefix, ip) &&
			    (best < 0 || given[i].prefix.length > given[best].prefix.length))
				best = i;
		uint32_t expected = best < 0 ? 0 : given[best].origin.origin_as;
		differ += rib_snapshot_find(s, ip).origin_as != expected;
	}
	unsigned other = 0;
	for (unsigned n = 0; s && n < PROBES;) {
		const struct ip none = {0}, *together[RIB_SNAPSHOT_TOGETHER];
		uint32_t numbers[RIB_SNAPSHOT_TOGETHER];
		size_t count = 1 + n % RIB_SNAPSHOT_TOGETHER;
		for (size_t i = 0; i < count; i++)
			together[i] = n + i < PROBES && i != 3 ? &ips[n + i] : &none;
		rib_snapshot_numbers(s, together, numbers, count);
		for (size_t i = 0; i < count; i++)
			other += numbers[i] != rib_snapshot_number(s, together[i]);
		n += (unsigned)count;
	}
	ok(s && differ == 0, "4000 addresses over 600 random prefixes: as a slow longest match");
	ok(other == 0, "asked for together they say the same");
	rib_snapshot_free(s);
	buf_fini(&b);
}

/* --- paths --- */

static struct cursor
path_of(struct buf *b, const char *text)
{
	buf_clear(b);
	for (const char *at = text; *at;) {
		bool set = *at == '{';
		char *next = NULL;
		size_t count_at = b->length + 1;
		buf_u8(b, set ? 1 : 2);
		buf_u8(b, 0);
		for (at += set; *at && *at != '}' && (set || *at != '{'); at += *at == ' ') {
			buf_u32(b, (uint32_t)strtoul(at, &next, 10));
			b->data[count_at]++;
			at = next;
		}
		at += *at == '}';
		at += *at == ' ';
	}
	return cursor_of(b->data, b->length);
}

static const char *
path_at(const struct rib_snapshot *s, const char *address)
{
	static char text[256];
	struct ip ip = {0};
	size_t count;
	(void)ip_parse(&ip, address);
	struct rib_origin o = rib_snapshot_find(s, ip);
	const uint32_t *hops = rib_snapshot_path(s, o.path, &count);
	int length = snprintf(text, sizeof(text), "next %u:", o.next_as);
	for (size_t i = 0; i < count; i++)
		length += snprintf(text + length, sizeof(text) - (size_t)length, " %u", hops[i]);
	return text;
}

static void
paths(void)
{
	static const struct {
		const char *prefix, *path;
	} given[] = {
		{"10.0.0.0/8", "64500 64501 4200000000"},
		{"10.1.0.0/16", "64500 64501"},
		{"10.2.0.0/16", "64500 64501 4200000000"},
		{"10.3.0.0/16", "64500 {1 2 3}"},
		{"10.4.0.0/16", ""},
		{"2001:db8::/32", "{7 8} 9"},
	};
	enum { COUNT = sizeof(given) / sizeof(given[0]) };
	struct rib_snapshot_route routes[COUNT];
	struct rib_snapshot_paths *kept = rib_snapshot_paths_new();
	struct buf octets = {0}, b = {0};
	for (size_t i = 0; i < COUNT; i++) {
		routes[i] = route(given[i].prefix, 4200000000u, 64500);
		routes[i].origin.path = rib_snapshot_paths_add(
			kept, path_of(&octets, given[i].path), &routes[i].origin.next_as);
	}
	ok(routes[0].origin.path == routes[2].origin.path &&
		   routes[0].origin.path != routes[1].origin.path && !routes[4].origin.path,
	   "a path is kept once, an empty one not at all");
	(void)rib_snapshot_build(&b, routes, COUNT, kept);
	rib_snapshot_paths_free(kept);
	struct rib_snapshot *s = rib_snapshot_open(b.data, b.length);
	if (!ok(s != NULL, "a snapshot with paths opens"))
		return;
	is_str(path_at(s, "10.9.1.1"), "next 64500: 64500 64501 4200000000",
	       "the path is there, nearest first");
	is_str(path_at(s, "10.1.1.1"), "next 64500: 64500 64501", "of the longest match");
	is_str(path_at(s, "10.3.1.1"), "next 64500: 64500 0",
	       "a set of AS numbers is one that is "
	       "not known");
	is_str(path_at(s, "10.4.1.1"), "next 0:", "no path has no next AS");
	is_str(path_at(s, "2001:db8::1"), "next 0: 0 9", "a set in front tells none either");
	is_str(path_at(s, "192.0.2.1"), "next 0:", "nor does what has no route");
	rib_snapshot_free(s);

	/* Many, so that the tables grow; and one that is too long. */
	kept = rib_snapshot_paths_new();
	struct buf more = {0};
	uint32_t numbers[5000], next, differ = 0;
	for (unsigned round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < 5000; i++) {
			char text[64];
			(void)snprintf(text, sizeof(text), "%u %u %u", i / 7 + 1, i + 1, i % 3 + 1);
			uint32_t number =
				rib_snapshot_paths_add(kept, path_of(&octets, text), &next);
			differ += round ? number != numbers[i] : !number || next != i / 7 + 1;
			numbers[i] = number;
		}
	}
	is_int(differ, 0, "each of 5000 paths has its number, asked again the same");
	buf_u8(&more, 2);
	buf_u8(&more, 255);
	for (int i = 0; i < 255; i++)
		buf_u32(&more, 5);
	ok(rib_snapshot_paths_add(kept, cursor_of(more.data, more.length), &next) && next == 5,
	   "255 hops are a path");
	buf_u8(&more, 2);
	buf_u8(&more, 1);
	buf_u32(&more, 6);
	ok(!rib_snapshot_paths_add(kept, cursor_of(more.data, more.length), &next) && !next,
	   "256 are left out");
	rib_snapshot_paths_free(kept);
	memcpy(b.data, "SRRIBS3\n", 8);
	uint64_t sum = hash_bytes(b.data, b.length - 8);
	memcpy(b.data + b.length - 8, &sum, 8);
	ok(!rib_snapshot_open(b.data, b.length), "a file of the layout before is refused");
	buf_fini(&b);
	buf_fini(&more);
	buf_fini(&octets);
}

static void
empty(void)
{
	struct buf b = {0};
	ok(rib_snapshot_build(&b, NULL, 0, NULL) == 0, "no routes at all can be built");
	struct rib_snapshot *s = rib_snapshot_open(b.data, b.length);
	ok(s && origin_of(s, "192.0.2.1") == 0 && origin_of(s, "2001:db8::1") == 0,
	   "and say of every address that there is no route");
	is_int((long long)rib_snapshot_ranges(s), 2, "it has one range a family");
	rib_snapshot_free(s);
	buf_fini(&b);
}

int
main(void)
{
	longest_match();
	sealed_but_wrong();
	agrees_with_the_slow_way();
	paths();
	empty();
	return done_testing();
}
