/* What stands outside the hub file, made up for a load of rsload: what is registered for its members, and
 * validated ROAs. Reads "asn prefix idx origin" lines (rsload --print-prefixes).
 *
 *   registry_make registry FILE FILL DROP   a registry's file: for each member its prefixes and origins, and
 *                                           FILL prefixes more that nobody announces; with DROP not 0,
 *                                           prefixes whose idx it divides are left out
 *   registry_make vrps FILE FILL            the JSON of validators: ROAs for half of the announcements, and
 *                                           FILL more; where one of these covers an announcement, that
 *                                           gets one, too, so that none is invalid
 *
 * A file appears complete, by rename. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/json.h"
#include "exchange/rpki/rpki_table.h"
#include "hub/registry.h"

enum { NETWORKS = 30000, NETWORKS_FROM = 400000, ORIGINS_FILL = 200 };

struct line {
	uint32_t asn, idx;
	struct asn origin;
	struct prefix prefix;
};

static struct line *lines;
static size_t line_count;

static void
give_up(const char *why)
{
	(void)fprintf(stderr, "registry_make: %s\n", why);
	exit(1);
}

static void *
room(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size);
	if (!memory)
		give_up("no memory");
	return memory;
}

static void
read_lines(void)
{
	char prefix[64];
	size_t capacity = 0;
	struct line line;
	while (scanf("%" SCNu32 " %63s %" SCNu32 " %" SCNu32, &line.asn, prefix, &line.idx,
		     &line.origin.number) == 4) {
		if (prefix_parse(&line.prefix, prefix))
			give_up("a line without a prefix");
		if (line_count == capacity) {
			capacity = capacity ? capacity * 2 : 1024;
			lines = realloc(lines, capacity * sizeof(*lines));
		}
		if (!lines)
			give_up("no memory");
		lines[line_count++] = line;
	}
}

static void
write_file(const char *path, const struct buf *octets)
{
	char aside[4096];
	if (octets->failed ||
	    (size_t)snprintf(aside, sizeof(aside), "%s.new", path) >= sizeof(aside))
		give_up("no memory");
	FILE *file = fopen(aside, "w");
	if (!file || fwrite(octets->data, 1, octets->length, file) != octets->length ||
	    fclose(file) || rename(aside, path))
		give_up("the file cannot be written");
}

/* The i-th of a row of prefixes as registries hold them: mostly /24 and /22 to /20. */
static struct prefix
fill_prefix(uint64_t i)
{
	static const uint8_t lengths[8] = {24, 24, 24, 24, 23, 22, 21, 20};
	uint64_t random = hash_u64(i + 1);
	uint32_t address = 0x01000000u + (uint32_t)(random % 0xde000000u);
	return prefix_of(ip_v4(address), lengths[random >> 61]);
}

/* --- the registry --- */

static int
by_prefix(const void *a, const void *b)
{
	const struct prefix *x = a, *y = b;
	return prefix_compare(*x, *y);
}

/* All lines of a member stand together, from `first` on. */
static size_t
end_of_member(size_t first)
{
	size_t end = first;
	while (end < line_count && lines[end].asn == lines[first].asn)
		end++;
	return end;
}

static void
make_set(struct buf *out, size_t first, size_t end, size_t fill, uint32_t drop)
{
	size_t own = end - first, prefix_count = 0, origin_count = 0;
	struct prefix *prefixes = room(own + fill, sizeof(*prefixes));
	struct prefix *known = room(own, sizeof(*known));
	struct asn *origins = room(own + ORIGINS_FILL, sizeof(*origins));
	char name[REGISTRY_NAME];
	for (size_t i = first; i < end; i++) {
		known[i - first] = lines[i].prefix;
		origins[origin_count++] = lines[i].origin;
		if (!drop || lines[i].idx % drop)
			prefixes[prefix_count++] = lines[i].prefix;
	}
	qsort(known, own, sizeof(*known), by_prefix);
	for (size_t i = 0; i < fill; i++) {
		struct prefix prefix = fill_prefix((uint64_t)lines[first].asn << 32 | i);
		if (!bsearch(&prefix, known, own, sizeof(*known), by_prefix))
			prefixes[prefix_count++] = prefix;
	}
	for (uint32_t i = 0; fill && i < ORIGINS_FILL; i++)
		origins[origin_count++] = (struct asn){NETWORKS_FROM + lines[first].asn % 1000 + i};
	(void)snprintf(name, sizeof(name), "AS%" PRIu32, lines[first].asn);
	struct registry_answer answer = {.name = name,
					 .family = IP_V4,
					 .seed = hash_u64(lines[first].asn),
					 .prefixes = prefixes,
					 .prefix_count = prefix_count,
					 .origins = origins,
					 .origin_count = origin_count};
	if (registry_set_write(out, &answer))
		give_up("no memory");
	free(prefixes);
	free(known);
	free(origins);
}

/* As many networks as PeeringDB knows; those that are never behind route servers are in no path here. */
static struct registry_network *
make_networks(void)
{
	struct registry_network *networks = room(NETWORKS, sizeof(*networks));
	for (uint32_t i = 0; i < NETWORKS; i++)
		networks[i] = (struct registry_network){.asn = {NETWORKS_FROM + 100000 + i},
							.prefixes_ipv4 = 1000,
							.prefixes_ipv6 = 1000,
							.never_via_route_servers = i % 100 == 0};
	return networks;
}

static void
make_registry(const char *path, size_t fill, uint32_t drop)
{
	size_t members = 0;
	for (size_t i = 0; i < line_count; i = end_of_member(i))
		members++;
	struct buf *octets = room(members, sizeof(*octets));
	struct registry_part *parts = room(members, sizeof(*parts));
	size_t at = 0;
	for (size_t i = 0, end; i < line_count; i = end, at++) {
		end = end_of_member(i);
		make_set(&octets[at], i, end, fill, drop);
		parts[at] =
			(struct registry_part){octets[at].data, octets[at].length, REGISTRY_FRESH};
	}
	struct registry_content content = {.sets = parts,
					   .set_count = members,
					   .networks = make_networks(),
					   .network_count = NETWORKS};
	struct buf file = {0};
	if (registry_write(&file, &content))
		give_up("no memory");
	write_file(path, &file);
}

/* --- validated ROAs --- */

struct roas {
	struct rpki_table *table;
	unsigned source;
	struct buf text;
	struct json json;
};

static void
add_roa(struct roas *roas, struct prefix prefix, struct asn origin)
{
	struct rpki_vrp vrp = {prefix, prefix.length, origin};
	if (rpki_announce(roas->table, roas->source, &vrp) != RPKI_OK)
		return;
	json_object(&roas->json, NULL);
	json_prefix(&roas->json, "prefix", prefix);
	json_u64(&roas->json, "maxLength", prefix.length);
	json_u64(&roas->json, "asn", origin.number);
	json_object_end(&roas->json);
}

/* ROAs for announcements that others make invalid; true if there were any. */
static bool
mend(struct roas *roas)
{
	bool any = false;
	rpki_commit(roas->table, roas->source, false);
	struct line *bad = room(line_count, sizeof(*bad));
	size_t count = 0;
	for (size_t i = 0; i < line_count; i++) {
		enum rpki_state state =
			rpki_validate(roas->table, &lines[i].prefix, lines[i].origin);
		if (state != RPKI_VALID && state != RPKI_UNKNOWN)
			bad[count++] = lines[i];
	}
	rpki_begin(roas->table, roas->source, RPKI_DELTA);
	for (size_t i = 0; i < count; i++, any = true)
		add_roa(roas, bad[i].prefix, bad[i].origin);
	free(bad);
	return any;
}

static void
make_vrps(const char *path, size_t fill)
{
	struct roas roas = {.table = rpki_table_new()};
	int source = roas.table ? rpki_source_add(roas.table, RPKI_CACHE, "made up", 1) : -1;
	if (source < 0)
		give_up("no memory");
	roas.source = (unsigned)source;
	roas.json = json_to(&roas.text);
	json_object(&roas.json, NULL);
	json_array(&roas.json, "roas");
	rpki_begin(roas.table, roas.source, RPKI_WHOLE);
	for (size_t i = 0; i < line_count; i++)
		if (lines[i].idx % 2 == 0)
			add_roa(&roas, lines[i].prefix, lines[i].origin);
	for (size_t i = 0; i < fill; i++)
		add_roa(&roas, fill_prefix(UINT64_C(1) << 63 | i),
			(struct asn){NETWORKS_FROM + (uint32_t)i % 80000});
	while (mend(&roas))
		;
	json_array_end(&roas.json);
	json_object_end(&roas.json);
	write_file(path, &roas.text);
}

int
main(int argc, char **argv)
{
	bool registry = argc == 5 && strcmp(argv[1], "registry") == 0;
	bool vrps = argc == 4 && strcmp(argv[1], "vrps") == 0;
	if (!registry && !vrps) {
		(void)fputs("usage: registry_make registry FILE FILL DROP | vrps FILE FILL\n",
			    stderr);
		return 2;
	}
	read_lines();
	size_t fill = strtoul(argv[3], NULL, 10);
	if (registry)
		make_registry(argv[2], fill, (uint32_t)strtoul(argv[4], NULL, 10));
	else
		make_vrps(argv[2], fill);
	return 0;
}
