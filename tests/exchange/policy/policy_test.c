/* The checks on the way in: every reason, alone and together, and what mends it. */
#include <stdlib.h>

#include "exchange/policy/policy.h"
#include "hub/hub_file.h"
#include "tap.h"

static const char picture[] =
	"hub: {name: T, short_name: T, asn: 64500, router_id: 192.0.2.1, country: PK}\n"
	"listen: {bgp: [\"127.0.0.1:1790\"]}\n"
	"lans: [{name: p, ipv4: 192.0.2.0/24, ipv6: \"2001:db8:100::/64\"}]\n"
	"policy:\n"
	"  as_path_max: 4\n"
	"  bogon_asns: [0, 23456, 64512-65534, 65530-65535]\n"
	"  blocked: [20.7.0.0/16+]\n"
	"members:\n"
	"  - asn: 1001\n"
	"    name: Strict\n"
	"    kind: access\n"
	"    ports:\n"
	"      - {id: a, lan: p, speed: 10G, ipv4: 192.0.2.11, ipv6: \"2001:db8:100::11\"}\n"
	"      - {id: b, lan: p, speed: 10G, ipv4: 192.0.2.12}\n"
	"    sessions:\n"
	"      - {port: a, address: 192.0.2.11, families: [ipv4, ipv6]}\n"
	"  - asn: 1002\n"
	"    name: Lenient\n"
	"    kind: access\n"
	"    policy: {next_hop: same-as, first_as: false, ipv4_max: 28, as_path_max: 9, blocked: "
	"[20.9.0.0/16+]}\n"
	"    ports:\n"
	"      - {id: c, lan: p, speed: 10G, ipv4: 192.0.2.21}\n"
	"      - {id: d, lan: p, speed: 10G, ipv4: 192.0.2.22}\n"
	"    sessions: [{port: c, address: 192.0.2.21, families: [ipv4]}]\n";

static int
read_picture(void *context, const char *path, struct buf *out)
{
	(void)path;
	buf_str(out, context);
	return 0;
}

static struct hub *
hub_of(const char *text)
{
	struct hub_report report;
	struct hub_source source = {.read = read_picture, .context = (void *)text};
	struct hub *hub = hub_file_read("test.yaml", source, &report);
	if (!hub) {
		struct buf complaints = {0};
		hub_report_print(&report, &complaints);
		printf("# %.*s\n", (int)complaints.length, complaints.data);
		buf_fini(&complaints);
	}
	hub_report_fini(&report);
	return hub;
}

#define BIT(reason) (1u << (reason))

/* --- prefixes --- */

static void
prefixes(const struct policy *policy)
{
	static const struct {
		const char *prefix;
		uint32_t session, reasons;
		const char *text;
	} cases[] = {
		{"20.1.0.0/16", 0, 0, "an ordinary IPv4 prefix is accepted"},
		{"20.1.2.0/25", 0, BIT(POLICY_PREFIX_TOO_LONG), "IPv4 beyond /24 is too long"},
		{"20.1.2.0/24", 0, 0, "IPv4 of /24 is not"},
		{"20.1.2.16/28", 1, 0, "a member's own limit holds for it"},
		{"20.0.0.0/7", 0, BIT(POLICY_PREFIX_TOO_SHORT), "IPv4 below /8 is too short"},
		{"10.1.0.0/16", 0, BIT(POLICY_MARTIAN), "private space is martian"},
		{"10.1.2.0/25", 0, BIT(POLICY_MARTIAN) | BIT(POLICY_PREFIX_TOO_LONG),
		 "two faults are both told"},
		{"0.0.0.0/0", 0, BIT(POLICY_MARTIAN) | BIT(POLICY_PREFIX_TOO_SHORT),
		 "the default route is refused"},
		{"192.0.2.0/24", 0, BIT(POLICY_MARTIAN) | BIT(POLICY_OWN_LAN),
		 "the peering LAN is refused, and known as ours"},
		{"192.0.2.128/25", 0,
		 BIT(POLICY_MARTIAN) | BIT(POLICY_OWN_LAN) | BIT(POLICY_PREFIX_TOO_LONG),
		 "so is a part of it"},
		{"192.0.0.0/16", 0, 0, "a prefix that merely covers the LAN is not"},
		{"20.7.3.0/24", 0, BIT(POLICY_BLOCKED), "the hub's blocked list holds"},
		{"20.7.3.0/24", 1, BIT(POLICY_BLOCKED), "for everybody"},
		{"20.9.3.0/24", 1, BIT(POLICY_BLOCKED), "a member's own list is added to it"},
		{"20.9.3.0/24", 0, 0, "and holds for nobody else"},
		{"20.8.0.0/16", 0, 0, "a neighbour of a blocked prefix passes"},
		{"2600:1::/32", 0, 0, "an ordinary IPv6 prefix is accepted"},
		{"2600:1:2:3::/64", 0, BIT(POLICY_PREFIX_TOO_LONG), "IPv6 beyond /48 is too long"},
		{"4000::/16", 0, BIT(POLICY_NOT_GLOBAL_UNICAST),
		 "IPv6 outside 2000::/3 is not global unicast"},
		{"fc00:1::/32", 0, BIT(POLICY_MARTIAN) | BIT(POLICY_NOT_GLOBAL_UNICAST),
		 "unique local IPv6 is martian too"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct prefix prefix;
		prefix_parse(&prefix, cases[i].prefix);
		uint32_t reasons = policy_prefix_judge(policy, cases[i].session, &prefix);
		if (!ok(reasons == cases[i].reasons, "%s", cases[i].text))
			printf("# %s: %#x instead of %#x\n", cases[i].prefix, reasons,
			       cases[i].reasons);
	}
}

/* --- attributes --- */

struct path {
	uint8_t octets[64];
	struct bgp_attrs attrs;
};

static void
path_of(struct path *p, const uint32_t *numbers, size_t count, const char *next_hop)
{
	*p = (struct path){.octets = {2, (uint8_t)count}};
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < 4; j++)
			p->octets[2 + 4 * i + j] = (uint8_t)(numbers[i] >> (24 - 8 * j));
	p->attrs.as_path = cursor_of(p->octets, count ? 2 + 4 * count : 0);
	p->attrs.as_hops = (uint16_t)count;
	p->attrs.first_as.number = count ? numbers[0] : 0;
	ip_parse(&p->attrs.next_hop, next_hop);
}

static void
attributes(const struct policy *policy)
{
	static const struct {
		uint32_t path[8];
		const char *next_hop;
		uint32_t session;
		enum ip_family family;
		uint32_t reasons;
		const char *text;
	} cases[] = {
		{{1001, 3356}, "192.0.2.11", 0, IP_V4, 0, "a member's own route is accepted"},
		{{1001},
		 "192.0.2.12",
		 0,
		 IP_V4,
		 BIT(POLICY_NEXT_HOP),
		 "strict: the next hop is the session's port, not another of the member"},
		{{1002}, "192.0.2.22", 1, IP_V4, 0, "same AS: any port of the member will do"},
		{{1002},
		 "192.0.2.11",
		 1,
		 IP_V4,
		 BIT(POLICY_NEXT_HOP),
		 "but none of another member"},
		{{1001}, "2001:db8:100::11", 0, IP_V6, 0, "IPv6 routes have the port's address"},
		{{1001},
		 "2001:db8:100::11",
		 0,
		 IP_V4,
		 BIT(POLICY_NEXT_HOP),
		 "which IPv4 routes may not have"},
		{{3356, 1001},
		 "192.0.2.11",
		 0,
		 IP_V4,
		 BIT(POLICY_FIRST_AS),
		 "the path begins with the member"},
		{{3356}, "192.0.2.21", 1, IP_V4, 0, "unless its policy does not ask for that"},
		{{1001, 2, 3, 4},
		 "192.0.2.11",
		 0,
		 IP_V4,
		 0,
		 "a path of the greatest length passes"},
		{{1001, 2, 3, 4, 5},
		 "192.0.2.11",
		 0,
		 IP_V4,
		 BIT(POLICY_PATH_TOO_LONG),
		 "one longer does not"},
		{{0},
		 "192.0.2.11",
		 0,
		 IP_V4,
		 BIT(POLICY_PATH_TOO_SHORT) | BIT(POLICY_FIRST_AS),
		 "an empty path is too short and begins with nobody"},
		{{1001, 23456},
		 "192.0.2.11",
		 0,
		 IP_V4,
		 BIT(POLICY_BOGON_ASN),
		 "AS_TRANS is nobody's number"},
		{{1001, 64512},
		 "192.0.2.11",
		 0,
		 IP_V4,
		 BIT(POLICY_BOGON_ASN),
		 "the first number of a reserved range is refused"},
		{{1001, 65535},
		 "192.0.2.11",
		 0,
		 IP_V4,
		 BIT(POLICY_BOGON_ASN),
		 "the last number of overlapping ranges too"},
		{{1001, 65536}, "192.0.2.11", 0, IP_V4, 0, "the number after it is not"},
		{{1001, 64500},
		 "192.0.2.11",
		 0,
		 IP_V4,
		 BIT(POLICY_LOOP),
		 "our own number is a loop"},
		{{7, 65000, 64500, 4, 5},
		 "192.0.2.9",
		 0,
		 IP_V4,
		 BIT(POLICY_LOOP) | BIT(POLICY_BOGON_ASN) | BIT(POLICY_FIRST_AS) |
			 BIT(POLICY_NEXT_HOP) | BIT(POLICY_PATH_TOO_LONG),
		 "all faults are told together"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct path p;
		size_t count = 0;
		while (count < 8 && cases[i].path[count])
			count++;
		path_of(&p, cases[i].path, count, cases[i].next_hop);
		uint32_t reasons =
			policy_attrs_judge(policy, cases[i].session, cases[i].family, &p.attrs);
		if (!ok(reasons == cases[i].reasons, "%s", cases[i].text))
			printf("# %#x instead of %#x\n", reasons, cases[i].reasons);
	}
	struct path p;
	path_of(&p, (const uint32_t[]){1001, 7}, 2, "192.0.2.11");
	p.attrs.has_as_set = true;
	ok(policy_attrs_judge(policy, 0, IP_V4, &p.attrs) == BIT(POLICY_AS_SET),
	   "an AS_SET is refused (RFC 9774)");
}

/* --- words --- */

static void
words(const struct policy *policy)
{
	static const struct {
		unsigned bit;
		uint32_t session;
		enum ip_family family;
		const char *mend;
	} cases[] = {
		{POLICY_PREFIX_TOO_LONG, 0, IP_V4, "announce IPv4 prefixes of /24 or shorter"},
		{POLICY_PREFIX_TOO_LONG, 1, IP_V4, "announce IPv4 prefixes of /28 or shorter"},
		{POLICY_PREFIX_TOO_LONG, 0, IP_V6, "announce IPv6 prefixes of /48 or shorter"},
		{POLICY_NEXT_HOP, 0, IP_V4, "set the next hop to 192.0.2.11"},
		{POLICY_NEXT_HOP, 0, IP_V6, "set the next hop to 2001:db8:100::11"},
		{POLICY_NEXT_HOP, 1, IP_V4, "set the next hop to 192.0.2.21 or 192.0.2.22"},
		{POLICY_FIRST_AS, 0, IP_V4,
		 "let the AS path begin with AS1001, the AS of this session"},
		{POLICY_PATH_TOO_LONG, 0, IP_V4,
		 "keep the AS path at 4 hops or fewer: prepend less"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf to = {0};
		policy_reason_mend(&to, policy, cases[i].session, cases[i].family, cases[i].bit);
		buf_u8(&to, 0);
		is_str((const char *)to.data, cases[i].mend, "the mend names the value that holds");
		buf_fini(&to);
	}
	bool all = true;
	for (unsigned bit = 0; bit < 32; bit++) {
		struct buf to = {0};
		if (policy_reason_text(bit))
			policy_reason_mend(&to, policy, 0, IP_V4, bit);
		all &= !policy_reason_text(bit) == !to.length;
		buf_fini(&to);
	}
	ok(all, "every reason has words and says what mends it");
	ok(policy_reason_code(POLICY_PREFIX_TOO_LONG) == 1 &&
		   policy_reason_code(POLICY_NEXT_HOP) == 8 && policy_reason_code(31) == 0,
	   "reasons have the codes of the Euro-IX list");
}

int
main(void)
{
	struct hub *hub = hub_of(picture);
	if (!ok(hub != NULL, "the picture is read"))
		return done_testing();
	struct policy *policy = policy_new(hub);
	hub_free(hub); /* nothing may point into it */
	ok(policy != NULL, "the policy is compiled, and outlives the picture");
	prefixes(policy);
	attributes(policy);
	words(policy);
	policy_free(policy);
	return done_testing();
}
