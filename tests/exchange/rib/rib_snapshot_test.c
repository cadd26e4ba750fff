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
	struct rib_snapshot_route routes[] = {route("10.0.0.0/8", 1, 1), route("12.0.0.0/8", 2, 1),
					      route("2001:db8::/32", 7, 3)};
	struct buf b = {0};
	(void)rib_snapshot_build(&b, routes, 3, NULL);
	unsigned crashed = 0;
	for (size_t at = 0; at + 8 < b.length; at += at < 64 ? 1 : 1001) {
		uint8_t kept = b.data[at];
		b.data[at] = (uint8_t)~kept;
		uint64_t sum = hash_bytes(b.data, b.length - 8);
		memcpy(b.data + b.length - 8, &sum, 8);
		struct rib_snapshot *s = rib_snapshot_open(b.data, b.length);
		for (uint32_t a = 0; s && a < 4096; a++)
			crashed +=
				rib_snapshot_find(s, ip_v4(a * 1048583u)).origin_as == UINT32_MAX;
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
	return ip_v6(octets);
}

static void
agrees_with_the_slow_way(void)
{
	enum { ROUTES = 600, PROBES = 4000 };
	static struct rib_snapshot_route routes[ROUTES], given[ROUTES];
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
		for (int i = 0; i < ROUTES; i++)
			if (prefix_contains_ip(given[i].prefix, ip) &&
			    (best < 0 || given[i].prefix.length > given[best].prefix.length))
				best = i;
		uint32_t expected = best < 0 ? 0 : given[best].origin.origin_as;
		differ += rib_snapshot_find(s, ip).origin_as != expected;
	}
	ok(s && differ == 0, "4000 addresses over 600 random prefixes: as a slow longest match");
	rib_snapshot_free(s);
	buf_fini(&b);
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
	empty();
	return done_testing();
}
