/* How long a longest match takes in the routes' snapshot, at the size of a full table.
 *
 *	routes_bench [-f FILE] [-o SNAPSHOT]
 *
 * Without -f a table is made up in the shape of the Internet's: 1,000,000 IPv4 and 200,000 IPv6
 * prefixes, 60 % of them /24 and 45 % /48, clustered in allocations. FILE has a prefix a line. Looked
 * up are addresses spread over all prefixes at random, the worst there is: real traffic stays in few
 * of them. -o writes the snapshot for other benchmarks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/hash.h"
#include "exchange/rib/rib_snapshot.h"

enum { MADE_UP_V4 = 1000000, MADE_UP_V6 = 200000, LOOKUPS = 20000000, PROBES = 1 << 16 };

static uint64_t state = 1;

static uint64_t
random_u64(void)
{
	return hash_u64(state += 0x9e3779b97f4a7c15u);
}

static double
now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static unsigned
length_v4(void)
{
	static const uint8_t lengths[10] = {24, 24, 24, 24, 24, 24, 23, 22, 21, 19};
	return lengths[random_u64() % 10];
}

static unsigned
length_v6(void)
{
	static const uint8_t lengths[10] = {48, 48, 48, 48, 44, 40, 36, 32, 32, 29};
	return lengths[random_u64() % 10];
}

static struct ip
address_v6(void)
{
	/* Where the registries allocate: 2001::/16, 2400::/12, 2600::/12, 2800::/12, 2a00::/12. */
	static const uint16_t blocks[5] = {0x2001, 0x2400, 0x2600, 0x2800, 0x2a00};
	unsigned block = (unsigned)(random_u64() % 5);
	uint16_t top = (uint16_t)(blocks[block] + (block ? random_u64() % 10 : 0));
	uint64_t r = random_u64();
	uint8_t octets[16] = {(uint8_t)(top >> 8), (uint8_t)top};
	for (int i = 2; i < 8; i++)
		octets[i] = (uint8_t)(r >> (8 * i));
	octets[3] &= 0xf8; /* allocations of /29 */
	return ip_v6(octets);
}

static size_t
make_up(struct rib_snapshot_route *routes)
{
	size_t n = 0;
	for (; n < MADE_UP_V4; n++) {
		uint32_t first = 1 + (uint32_t)(random_u64() % 222);
		struct ip ip = ip_v4(first << 24 | (uint32_t)(random_u64() & 0xffffff));
		routes[n].prefix = prefix_of(ip, length_v4());
	}
	for (; n < MADE_UP_V4 + MADE_UP_V6; n++)
		routes[n].prefix = prefix_of(address_v6(), length_v6());
	return n;
}

static size_t
read_file(struct rib_snapshot_route *routes, size_t most, const char *path)
{
	char line[128];
	size_t n = 0;
	FILE *f = fopen(path, "r");
	if (!f) {
		perror(path);
		exit(1);
	}
	while (n < most && fgets(line, sizeof(line), f)) {
		line[strcspn(line, " \t\r\n")] = '\0';
		n += prefix_parse(&routes[n].prefix, line) == 0;
	}
	fclose(f);
	return n;
}

/* An address somewhere in a prefix. */
static struct ip
inside(struct prefix p)
{
	struct ip ip = p.ip;
	unsigned octets = p.ip.family == IP_V4 ? 4 : 8;
	uint64_t r = random_u64();
	for (unsigned i = p.length / 8u + 1; i < octets; i++)
		ip.octets[i] = (uint8_t)(r >> (8 * i));
	return ip;
}

static void
measure(const struct rib_snapshot *s, const struct rib_snapshot_route *routes, size_t count,
	enum ip_family family)
{
	struct ip *probes = malloc(PROBES * sizeof(*probes));
	uint64_t sum = 0;
	if (!probes)
		exit(1);
	for (size_t i = 0; i < PROBES;) {
		const struct prefix *p = &routes[random_u64() % count].prefix;
		if (p->ip.family == family)
			probes[i++] = inside(*p);
	}
	double start = now_ns();
	/* Each look-up waits for the one before: what a sample sees, not what overlaps. */
	for (size_t i = 0; i < LOOKUPS; i++)
		sum += rib_snapshot_find(s, probes[(i + (sum & 1)) & (PROBES - 1)]).origin_as;
	double each = (now_ns() - start) / LOOKUPS;
	printf("IPv%d: %.1f ns a look-up, one after the other (%llu)\n", family, each,
	       (unsigned long long)sum % 10);
	free(probes);
}

/* From the member to the origin by a few others: two or three ways for each origin. */
static struct cursor
made_up_path(uint32_t origin, uint32_t member)
{
	static uint8_t octets[2 + 4 * 6];
	uint32_t ases[6] = {member};
	unsigned count = 2 + (unsigned)(hash_u64(origin) % 4), way = (unsigned)(random_u64() % 2);
	for (unsigned i = 1; i < count; i++)
		ases[i] = 100000 + (uint32_t)(hash_u64(origin + i * 7 + way) % 9000);
	ases[count - 1] = origin;
	octets[0] = 2; /* AS_SEQUENCE */
	octets[1] = (uint8_t)count;
	for (unsigned i = 0; i < count; i++)
		for (unsigned k = 0; k < 4; k++)
			octets[2 + 4 * i + k] = (uint8_t)(ases[i] >> (24 - 8 * k));
	return cursor_of(octets, 2 + 4 * (size_t)count);
}

int
main(int argc, char **argv)
{
	enum { MOST = 4000000 };
	struct rib_snapshot_route *routes = calloc(MOST, sizeof(*routes));
	const char *file = NULL, *output = NULL;
	for (int i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "-f") == 0)
			file = argv[i + 1];
		else if (strcmp(argv[i], "-o") == 0)
			output = argv[i + 1];
	}
	if (!routes)
		return 1;
	struct rib_snapshot_paths *paths = rib_snapshot_paths_new();
	if (!paths)
		return 1;
	size_t count = file ? read_file(routes, MOST, file) : make_up(routes);
	/* 80,000 networks, most of them behind one member. */
	for (size_t i = 0; i < count; i++) {
		uint32_t origin = 1 + (uint32_t)(random_u64() % 80000);
		uint32_t member = random_u64() % 10 ? origin % 300 : (uint32_t)(random_u64() % 300);
		routes[i].origin =
			(struct rib_origin){.origin_as = origin, .member_as = 1 + member};
		routes[i].origin.path = rib_snapshot_paths_add(
			paths, made_up_path(origin, 1 + member), &routes[i].origin.next_as);
	}
	printf("%zu routes have %.1f MB of paths\n", count,
	       (double)rib_snapshot_paths_size(paths) / 1e6);
	struct buf bytes = {0};
	double start = now_ns();
	if (rib_snapshot_build(&bytes, routes, count, paths) < 0)
		return 1;
	double built = now_ns();
	struct rib_snapshot *s = rib_snapshot_open(bytes.data, bytes.length);
	printf("%zu prefixes, %zu ranges, %.1f MB: built in %.0f ms, opened and checked in %.0f "
	       "ms\n",
	       count, rib_snapshot_ranges(s), (double)bytes.length / 1e6, (built - start) / 1e6,
	       (now_ns() - built) / 1e6);
	measure(s, routes, count, IP_V4);
	measure(s, routes, count, IP_V6);
	if (output) {
		FILE *f = fopen(output, "wb");
		if (!f || fwrite(bytes.data, 1, bytes.length, f) != bytes.length || fclose(f)) {
			perror(output);
			return 1;
		}
	}
	rib_snapshot_free(s);
	rib_snapshot_paths_free(paths);
	buf_fini(&bytes);
	free(routes);
	return 0;
}
