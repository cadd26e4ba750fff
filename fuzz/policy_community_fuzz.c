/* Communities of members: any octets, in any profile. The first octet chooses the hub, the next two
 * how long the standard and extended lists are; the rest are large ones. Whatever they say, nobody
 * hears its own route, variants stay apart, and what was said to the route server is neither taken
 * as its own word nor passed on. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "exchange/policy/policy.h"
#include "hub/hub_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HUBS = 6, SESSIONS = 4 };

static struct policy *policies[HUBS];

static int
read_text(void *context, const char *path, struct buf *out)
{
	(void)path;
	buf_str(out, context);
	return 0;
}

static struct policy *
policy_of(const char *profile, unsigned asn)
{
	static const char picture[] =
		"hub: {name: T, short_name: T, asn: %u, router_id: 192.0.2.1, country: PK}\n"
		"listen: {bgp: [\"127.0.0.1:1790\"]}\n"
		"lans: [{name: p, ipv4: 192.0.2.0/24}]\n"
		"sites: [{id: KHI, name: Karachi, country: PK, number: 7, metro: 47}]\n"
		"policy: {blackhole: {announce: true}, communities_max: 0}\n"
		"communities: {profile: %s}\n"
		"members:\n"
		"  - {asn: 1000, name: A, kind: access, ports: [{id: a, lan: p, site: KHI, speed: "
		"10G, ipv4: 192.0.2.10}], sessions: [{port: a, rtt_ms: 5}]}\n"
		"  - {asn: 1001, name: B, kind: access, policy: {role: off}, ports: [{id: b, lan: "
		"p, site: KHI, speed: 10G, ipv4: 192.0.2.11}], sessions: [{port: b, rtt_ms: 50}]}\n"
		"  - {asn: 131072, name: C, kind: access, ports: [{id: c, lan: p, speed: 10G, "
		"ipv4: 192.0.2.12}], sessions: [{port: c, prepend_hub_as: yes}]}\n"
		"  - {asn: 1003, name: D, kind: access, policy: {blackhole: {receive: no}}, "
		"ports: [{id: d, lan: p, speed: 10G, ipv4: 192.0.2.13}], sessions: [{port: d}]}\n";
	static const uint32_t slots[SESSIONS] = {0, 1, 2, 3};
	char text[4096];
	struct hub_report report;
	(void)snprintf(text, sizeof(text), picture, asn, profile);
	struct hub_source source = {.read = read_text, .context = text};
	struct hub *hub = hub_file_read("fuzz.yaml", source, &report);
	assert(hub && hub->session_count == SESSIONS);
	struct policy *policy = policy_new(hub, slots, SESSIONS);
	assert(policy);
	hub_report_fini(&report);
	hub_free(hub);
	return policy;
}

static void
prepare(void)
{
	policies[0] = policy_of("euro-ix", 64500);
	policies[1] = policy_of("arouteserver", 64500);
	policies[2] = policy_of("ixp-manager", 64500);
	policies[3] = policy_of("de-cix", 64500);
	policies[4] = policy_of("none", 64500);
	policies[5] = policy_of("de-cix", 4200000500);
}

static struct cursor
list(struct cursor *from, size_t wanted, size_t unit)
{
	size_t length = cursor_left(from) < wanted ? cursor_left(from) : wanted;
	return cursor_sub(from, length / unit * unit);
}

static bool
same(struct cursor a, struct cursor b)
{
	size_t length = cursor_left(&a);
	return length == cursor_left(&b) && (!length || memcmp(a.at, b.at, length) == 0);
}

static void
set_communities(struct bgp_attrs *attrs, struct bgp_communities communities)
{
	attrs->communities = communities.standard;
	attrs->ext_communities = communities.extended;
	attrs->large_communities = communities.large;
}

/* What an edit leaves, edited again without further additions, stays as it is. */
static void
edit(const struct policy *policy, const struct bgp_attrs *attrs, uint32_t number, uint8_t facts)
{
	struct buf scratch = {0}, again = {0};
	struct bgp_attrs out, twice;
	struct bgp_communities communities, more;
	struct policy_sent sent = {.family = IP_V4, .attrs = attrs, .facts = facts, .edit = number};
	policy_edit(policy, &sent, &out, &communities, &scratch);
	set_communities(&out, communities);
	sent.attrs = &out;
	sent.edit &= ~3u & ~16u;
	policy_edit(policy, &sent, &twice, &more, &again);
	assert(!scratch.failed && !again.failed);
	assert(same(communities.standard, more.standard));
	assert(same(communities.extended, more.extended));
	assert(same(communities.large, more.large));
	buf_fini(&scratch);
	buf_fini(&again);
}

static void
judge(struct policy *policy, const struct bgp_attrs *attrs)
{
	struct policy_verdict v;
	policy_attrs_judge(policy, 0, IP_V4, attrs, &v);
	assert(!v.refused && !(v.receivers[0] & 1) && !(v.receivers[0] >> SESSIONS));
	uint64_t seen = 0;
	uint32_t edits[64];
	assert(v.variant_count <= 64);
	for (size_t i = 0; i < v.variant_count; i++) {
		assert(!(seen & v.variants[i].slots[0]) && v.variants[i].edit);
		seen |= v.variants[i].slots[0];
		edits[i] = v.variants[i].edit;
	}
	edit(policy, attrs, 0, v.facts);
	for (size_t i = 0; i < v.variant_count; i++)
		edit(policy, attrs, edits[i], v.facts);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t path[] = {2, 1, 0, 0, 0x03, 0xe8};
	if (!policies[0])
		prepare();
	struct cursor all = cursor_of(data, size < 65536 ? size : 65536);
	struct policy *policy = policies[cursor_u8(&all) % HUBS];
	size_t standard = cursor_u8(&all) * 4u, extended = cursor_u8(&all) * 8u;
	if (all.failed)
		return 0;
	struct bgp_attrs attrs = {
		.as_path = cursor_of(path, sizeof(path)),
		.as_hops = 1,
		.first_as = {1000},
		.origin_as = {1000},
		.communities = list(&all, standard, 4),
		.ext_communities = list(&all, extended, 8),
		.large_communities = list(&all, SIZE_MAX, 12),
	};
	assert(ip_parse(&attrs.next_hop, "192.0.2.10") == 0);
	struct buf storage = {0}, again = {0};
	struct bgp_communities kept, twice;
	if (policy_scrub_import(policy, &attrs, &storage, &kept)) {
		set_communities(&attrs, kept);
		assert(!policy_scrub_import(policy, &attrs, &again, &twice));
	}
	judge(policy, &attrs);
	buf_fini(&storage);
	buf_fini(&again);
	return 0;
}
