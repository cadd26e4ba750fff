/* What the policy costs: a million prefixes judged with martians, LANs, registered prefixes and VRPs, and
 * attribute sets judged with and without communities, at an exchange of many members.
 *
 *   policy_bench [MEMBERS] */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/hash.h"
#include "exchange/policy/policy.h"
#include "exchange/rpki/rpki_table.h"
#include "hub/hub_file.h"

enum { PREFIXES = 1000000, SETS = 20, ROUNDS = 200000 };

static double
now_ns(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void
give_up(const char *why)
{
	(void)fprintf(stderr, "policy_bench: %s\n", why);
	exit(1);
}

/* --- the world --- */

static int
read_text(void *context, const char *path, struct buf *out)
{
	(void)path;
	buf_str(out, context);
	return 0;
}

static struct hub *
make_hub(unsigned members)
{
	struct buf text = {0};
	struct hub_report report;
	buf_str(&text, "hub: {name: T, short_name: T, asn: 64500, router_id: 192.0.2.1, country: "
		       "PK}\nlisten: {bgp: [\"127.0.0.1:1790\"]}\nlans: [{name: p, ipv4: "
		       "185.1.0.0/16}]\nirr: {enabled: true}\npolicy: {rov: refuse, irr: {origin: "
		       "refuse, prefix: refuse}}\nmembers:\n");
	for (unsigned i = 0; i < members; i++)
		buf_printf(
			&text,
			"  - {asn: %u, name: M%u, kind: access, as_set: AS-%u, ports: [{id: p%u, "
			"lan: p, speed: 10G, ipv4: 185.1.%u.%u}], sessions: [{port: p%u}]}\n",
			1000 + i, i, i % SETS, i, i / 250, i % 250 + 1, i);
	buf_u8(&text, 0);
	if (text.failed)
		give_up("no memory");
	struct hub_source source = {.read = read_text, .context = text.data};
	struct hub *hub = hub_file_read("bench.yaml", source, &report);
	if (!hub)
		give_up("the hub was not read");
	hub_report_fini(&report);
	buf_fini(&text);
	return hub;
}

static struct prefix
prefix_at(uint32_t i)
{
	uint32_t address = 0x14000000u + (uint32_t)(hash_u64(i + 1) % 0x60000000u);
	return prefix_of(ip_v4(address), 20 + i % 5);
}

static struct registry *
make_registry(struct buf *file)
{
	static struct buf octets[SETS];
	struct registry_part parts[SETS];
	struct prefix *prefixes = calloc(PREFIXES / SETS, sizeof(*prefixes));
	struct asn origin = {3000};
	const char *error;
	for (unsigned s = 0; prefixes && s < SETS; s++) {
		char name[16];
		(void)snprintf(name, sizeof(name), "AS-%u", s);
		for (uint32_t i = 0; i < PREFIXES / SETS; i++)
			prefixes[i] = prefix_at(i * SETS + s);
		struct registry_answer answer = {.name = name,
						 .family = IP_V4,
						 .seed = 1,
						 .prefixes = prefixes,
						 .prefix_count = PREFIXES / SETS,
						 .origins = &origin,
						 .origin_count = 1};
		if (registry_set_write(&octets[s], &answer))
			give_up("no memory");
		parts[s] = (struct registry_part){octets[s].data, octets[s].length, REGISTRY_FRESH};
	}
	struct registry_content content = {.sets = parts, .set_count = SETS};
	if (!prefixes || registry_write(file, &content))
		give_up("no memory");
	free(prefixes);
	struct registry *registry = registry_open(file->data, file->length, &error);
	if (!registry)
		give_up(error);
	return registry;
}

static struct rpki_table *
make_rpki(void)
{
	struct rpki_table *table = rpki_table_new();
	int source = table ? rpki_source_add(table, RPKI_CACHE, "bench", 1) : -1;
	if (source < 0)
		give_up("no memory");
	rpki_begin(table, (unsigned)source, RPKI_WHOLE);
	for (uint32_t i = 0; i < PREFIXES; i += 2) {
		struct prefix prefix = prefix_at(i);
		struct rpki_vrp vrp = {prefix, prefix.length, {3000}};
		(void)rpki_announce(table, (unsigned)source, &vrp);
	}
	rpki_commit(table, (unsigned)source, false);
	return table;
}

/* --- what is measured --- */

static void
judge_prefixes(struct policy *policy, unsigned members, const char *what)
{
	struct bgp_attrs attrs = {.origin_as = {3000}};
	struct policy_route route = {.attrs = &attrs};
	struct policy_mark marks[POLICY_AHEAD];
	uint32_t refused = 0;
	struct prefix *prefixes = calloc(PREFIXES, sizeof(*prefixes));
	if (!prefixes)
		give_up("no memory");
	for (uint32_t i = 0; i < PREFIXES; i++)
		prefixes[i] = prefix_at(i % (PREFIXES / SETS) * SETS + i / (PREFIXES / SETS));
	double start = now_ns();
	for (uint32_t i = 0; i < PREFIXES; i += POLICY_AHEAD) {
		uint32_t session = i / (PREFIXES / SETS) % members;
		for (uint32_t j = 0; j < 2 * POLICY_AHEAD; j++)
			policy_hint(policy, session, &prefixes[i + j % POLICY_AHEAD],
				    j >= POLICY_AHEAD);
		policy_paths_judge(policy, session, &route, prefixes + i, POLICY_AHEAD, marks);
		for (uint32_t j = 0; j < POLICY_AHEAD; j++)
			refused += marks[j].refused;
	}
	(void)printf("%-40s %7.1f ns each, %" PRIu32 " refused\n", what,
		     (now_ns() - start) / PREFIXES, refused);
	free(prefixes);
}

static void
judge_attrs(struct policy *policy, struct cursor large, const char *what)
{
	static const uint8_t path[] = {2, 2, 0, 0, 0x03, 0xe8, 0, 0, 0x0b, 0xb8};
	struct bgp_attrs attrs = {
		.as_path = cursor_of(path, sizeof(path)),
		.as_hops = 2,
		.first_as = {1000},
		.origin_as = {3000},
		.next_hop = ip_v4(0xb9010001),
		.large_communities = large,
	};
	size_t variants = 0;
	double start = now_ns();
	for (uint32_t i = 0; i < ROUNDS; i++) {
		struct policy_verdict verdict;
		policy_attrs_judge(policy, 0, IP_V4, &attrs, &verdict);
		variants += verdict.variant_count;
	}
	(void)printf("%-40s %7.1f ns each, %zu variants\n", what, (now_ns() - start) / ROUNDS,
		     variants / ROUNDS);
}

static void
put_large(struct buf *to, uint32_t function, uint32_t p)
{
	buf_u32(to, 64500);
	buf_u32(to, function);
	buf_u32(to, p);
}

int
main(int argc, char **argv)
{
	unsigned members = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 1000;
	if (members < SETS || members > 60000)
		give_up("from 20 to 60000 members");
	struct hub *hub = make_hub(members);
	uint32_t *slots = calloc(members, sizeof(*slots));
	for (uint32_t i = 0; slots && i < members; i++)
		slots[i] = i;
	double start = now_ns();
	struct policy *policy = slots ? policy_new(hub, slots, members) : NULL;
	if (!policy)
		give_up("no memory");
	(void)printf("%-40s %7.1f ms\n", "a picture compiled", (now_ns() - start) / 1e6);
	judge_prefixes(policy, members, "prefixes, by themselves");
	struct buf file = {0};
	struct rpki_table *rpki = make_rpki();
	struct policy_sources sources = {.registry = make_registry(&file)};
	policy_use(policy, &sources);
	judge_prefixes(policy, members, "and registered prefixes");
	sources.rpki = rpki;
	policy_use(policy, &sources);
	judge_prefixes(policy, members, "and VRPs");
	struct buf words = {0};
	judge_attrs(policy, (struct cursor){0}, "attributes, nothing asked");
	for (uint32_t i = 0; i < 20; i++)
		put_large(&words, 0, 1000 + i * 7);
	judge_attrs(policy, cursor_of(words.data, words.length), "not to twenty peers");
	put_large(&words, 101, 1500);
	put_large(&words, 103, 0);
	judge_attrs(policy, cursor_of(words.data, words.length), "and prepends");
	put_large(&words, 2, 50);
	judge_attrs(policy, cursor_of(words.data, words.length), "and round-trip times");
	return 0;
}
