/* A registry file answers as a plain list would, and harmed octets are refused. */
#include "hub/registry.h"

#include <stdlib.h>

#include "base/hash.h"
#include "hub/registry_layout.h"
#include "tap.h"

static uint64_t random_state = 1;

static uint32_t
random_below(uint32_t bound)
{
	random_state += UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)((hash_u64(random_state) >> 32) * bound >> 32);
}

static struct prefix
p(const char *text)
{
	struct prefix prefix;
	if (prefix_parse(&prefix, text) < 0)
		abort();
	return prefix;
}

/* --- names --- */

static void
names(void)
{
	static const struct {
		const char *text, *wanted; /* NULL: refused */
	} cases[] = {
		{"AS-EXAMPLE", "AS-EXAMPLE"},
		{"as-example_1", "AS-EXAMPLE_1"},
		{"AS64500", "AS64500"},
		{"as4294967295", "AS4294967295"},
		{"RIPE::AS-X", "RIPE::AS-X"},
		{"ripe-nonauth::as64500:as-x:as64501", "RIPE-NONAUTH::AS64500:AS-X:AS64501"},
		{"RADB::AS64500", "RADB::AS64500"},
		{"", NULL},
		{"-h", NULL},
		{"--", NULL},
		{"-hevil", NULL},
		{"RIPE::-h", NULL},
		{"-x::AS-X", NULL},
		{"::AS-X", NULL},
		{"1A::AS-X", NULL},
		{"A::B::AS-X", NULL},
		{"RIPE::", NULL},
		{"AS-", NULL},
		{"AS", NULL},
		{"A", NULL},
		{"ASX", NULL},
		{"RS-ROUTES", NULL},
		{"AS0", NULL},
		{"AS064500", NULL},
		{"AS4294967296", NULL},
		{"AS99999999999999999999", NULL},
		{"AS1.10", NULL},
		{"AS64500:AS64501", NULL},
		{"AS64500:", NULL},
		{":AS-X", NULL},
		{"AS-X:", NULL},
		{"AS-X::AS-Y:", NULL},
		{"AS-X AS-Y", NULL},
		{"AS-X\t", NULL},
		{"AS-X;id", NULL},
		{"AS-X/..", NULL},
		{"AS-\xc3\x84", NULL},
		{"192.0.2.0/24", NULL},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char name[REGISTRY_NAME] = "untouched";
		bool good = registry_name(name, cases[i].text);
		ok(good == (cases[i].wanted != NULL) &&
			   strcmp(name, good ? cases[i].wanted : "untouched") == 0,
		   "the name \"%s\" %s", cases[i].text,
		   cases[i].wanted ? "has one form" : "is refused");
	}
	char longest[REGISTRY_NAME + 1], name[REGISTRY_NAME];
	memset(longest, 'A', sizeof(longest));
	memcpy(longest, "AS-", 3);
	longest[REGISTRY_NAME - 1] = '\0';
	ok(registry_name(name, longest), "a name of %d octets passes", REGISTRY_NAME - 1);
	longest[REGISTRY_NAME - 1] = 'A';
	longest[REGISTRY_NAME] = '\0';
	ok(!registry_name(name, longest), "a longer one does not");
}

static void
sets_of_a_member(void)
{
	char name[REGISTRY_NAME];
	const char *of_v4[] = {"as-four", "--help", "RIPE::AS-MORE"};
	struct hub_member member = {.asn = {64501}};
	ok(registry_member_set(name, &member, IP_V4, 0) && strcmp(name, "AS64501") == 0 &&
		   !registry_member_set(name, &member, IP_V4, 1),
	   "a member without sets may announce what its AS number is registered for");
	member.as_set = "as-all";
	ok(registry_member_set(name, &member, IP_V6, 0) && strcmp(name, "AS-ALL") == 0 &&
		   !registry_member_set(name, &member, IP_V6, 1),
	   "its as_set counts when there is one");
	member.as_sets_ipv4 = of_v4;
	member.as_set_ipv4_count = 3;
	ok(registry_member_set(name, &member, IP_V4, 0) && strcmp(name, "AS-FOUR") == 0 &&
		   registry_member_set(name, &member, IP_V4, 1) &&
		   strcmp(name, "RIPE::AS-MORE") == 0 &&
		   !registry_member_set(name, &member, IP_V4, 2),
	   "those of the family come first, and what is no name is left out");
	ok(registry_member_set(name, &member, IP_V6, 0) && strcmp(name, "AS-ALL") == 0,
	   "the other family keeps as_set");
	of_v4[0] = of_v4[2] = "-h";
	ok(registry_member_set(name, &member, IP_V4, 0) && strcmp(name, "AS-ALL") == 0,
	   "a family none of whose names will do falls back");
}

/* --- a file --- */

static void
add_set(struct buf *out, struct registry_part *part, const struct registry_answer *answer)
{
	*out = (struct buf){0};
	if (registry_set_write(out, answer) < 0)
		abort();
	*part = (struct registry_part){out->data, out->length, REGISTRY_FRESH};
}

static struct registry *
must_open(const struct buf *file)
{
	const char *error;
	struct registry *r = registry_open(file->data, file->length, &error);
	if (!r)
		printf("# registry_open: %s\n", error);
	return r;
}

static struct prefix
random_prefix(enum ip_family family, unsigned spread)
{
	uint8_t octets[16] = {0};
	unsigned bits = ip_bits(family);
	for (unsigned i = 0; i < bits / 8; i++)
		octets[i] = (uint8_t)random_below(spread);
	uint32_t v4 = (uint32_t)octets[0] << 30 | (uint32_t)octets[1] << 22 |
		      (uint32_t)octets[2] << 15 | octets[3];
	return prefix_of(family == IP_V4 ? ip_v4(v4) : ip_v6(octets), random_below(bits + 1));
}

static bool
list_has(const struct prefix *list, size_t count, struct prefix prefix, bool covering)
{
	for (size_t i = 0; i < count; i++)
		if (covering ? prefix_covers(list[i], prefix) : prefix_equal(list[i], prefix))
			return true;
	return false;
}

static void
repeated_origins(void)
{
	struct asn origins[300];
	struct buf once = {0}, often = {0};
	struct registry_answer answer = {"AS-TEST", IP_V4, {1}, {1}, 0, NULL, 0, origins, 3};
	for (uint32_t i = 0; i < 300; i++)
		origins[i].number = 1 + i % 3;
	ok(registry_set_write(&once, &answer) == 0, "a set of three origins is written");
	answer.origin_count = 300;
	ok(registry_set_write(&often, &answer) == 0 && once.length == often.length &&
		   memcmp(once.data, often.data, once.length) == 0,
	   "origins that are named a hundred times make it no larger");
	buf_fini(&once);
	buf_fini(&often);
}

static void
compare_with_list(enum ip_family family, size_t count)
{
	enum { MAX = 400, ORIGINS = 50, LOOKUPS = 4000 };
	static struct prefix prefixes[MAX];
	struct asn origins[ORIGINS];
	for (size_t i = 0; i < count; i++)
		prefixes[i] = random_prefix(family, 3);
	/* Without the shortest of all, or everything is covered. */
	for (size_t i = 0; i < count; i++)
		if (prefixes[i].length < 3)
			prefixes[i] = prefix_of(prefixes[i].ip, ip_bits(family));
	for (size_t i = 0; i < ORIGINS; i++)
		origins[i].number = 1 + random_below(100);
	struct registry_answer answer = {"AS-TEST", family,       {1},
					 {1},       random_state, prefixes,
					 count,     origins,      count ? ORIGINS : 0};
	struct buf octets;
	struct registry_part part;
	add_set(&octets, &part, &answer);
	struct registry_set *set = registry_set_open(octets.data, octets.length);
	if (!ok(set != NULL, "a set of %zu prefixes opens", count))
		return;
	unsigned wrong = 0, covered = 0;
	for (unsigned i = 0; i < LOOKUPS; i++) {
		struct prefix q = i % 2 && count ? prefixes[random_below((uint32_t)count)]
						 : random_prefix(family, 3);
		registry_set_hint(set, &q);
		wrong += registry_set_has(set, &q) != list_has(prefixes, count, q, false);
		bool covers = list_has(prefixes, count, q, true);
		wrong += registry_set_covers(set, &q) != covers;
		covered += covers;
	}
	is_int(wrong, 0, "it has and covers what a list of them does");
	ok(count == 0 ? covered == 0 : covered > LOOKUPS / 2 && covered < LOOKUPS,
	   "of what was asked, some was covered");
	for (uint32_t n = 0; n <= 101; n++) {
		bool has = false;
		for (size_t i = 0; i < answer.origin_count; i++)
			has = has || origins[i].number == n;
		wrong += registry_set_has_origin(set, (struct asn){n}) != has;
	}
	is_int(wrong, 0, "and its origins likewise");
	struct prefix other = family == IP_V4 ? p("::/0") : p("0.0.0.0/0");
	ok(!registry_set_has(set, &other) && !registry_set_covers(set, &other),
	   "the other family is never in it");
	registry_set_close(set);
	buf_fini(&octets);
}

static void
whole_file(void)
{
	struct prefix v4[] = {p("192.0.2.0/24"), p("198.51.100.0/24"), p("192.0.2.0/24")};
	struct prefix v6[] = {p("2001:db8::/32"), p("2001:db8:1::/48"), p("2001:db8::1/128")};
	struct asn origins[] = {{64501}, {64502}, {0}, {64501}};
	struct buf sets[3], file = {0}, again = {0};
	struct registry_part parts[3];
	add_set(&sets[0], &parts[0],
		&(struct registry_answer){"RIPE::AS-B", IP_V6, {200}, {100}, 7, v6, 3, origins, 4});
	add_set(&sets[1], &parts[1],
		&(struct registry_answer){"AS-A", IP_V6, {201}, {101}, 8, NULL, 0, NULL, 0});
	add_set(&sets[2], &parts[2],
		&(struct registry_answer){"AS-A", IP_V4, {202}, {102}, 9, v4, 3, origins, 1});
	parts[0].state = REGISTRY_HELD;
	parts[1].state = REGISTRY_STALE;
	struct registry_network networks[] = {
		{{64502}, 10, 20, false, "RIPE::AS-B"},
		{{64501}, 0, 5, true, NULL},
		{{64503}, 1, 1, true, ""},
	};
	struct registry_content content = {.written = {300},
					   .sets = parts,
					   .set_count = 3,
					   .networks = networks,
					   .network_count = 3};
	ok(registry_write(&file, &content) == 0, "sets and networks are written");
	struct registry *r = must_open(&file);
	if (!ok(r != NULL, "and read"))
		return;
	is_int(registry_written(r).s, 300, "the file says when it was written");
	is_int((long long)registry_set_count(r), 3, "it has all sets");
	const struct registry_set *b = registry_set_find(r, "ripe::as-b", IP_V6);
	ok(b && b == registry_set_at(r, 2) && registry_set_state(b) == REGISTRY_HELD &&
		   registry_set_fetched(b).s == 200 && registry_set_since(b).s == 100 &&
		   registry_set_family(b) == IP_V6 &&
		   strcmp(registry_set_name(b), "RIPE::AS-B") == 0,
	   "a set is found by its name in small letters, with its times and its state");
	ok(!registry_set_find(r, "RIPE::AS-B", IP_V4) && !registry_set_find(r, "AS-B", IP_V6) &&
		   !registry_set_find(r, "-h", IP_V6),
	   "but not in another family, from another source, or by what is no name");
	const struct registry_set *a = registry_set_find(r, "AS-A", IP_V4);
	ok(a && registry_set_prefixes(a) == 2 && registry_set_origins(a) == 1,
	   "what is given twice counts once");
	const struct registry_set *empty = registry_set_find(r, "AS-A", IP_V6);
	ok(empty && registry_set_prefixes(empty) == 0 &&
		   !registry_set_covers(empty, &(struct prefix){.ip = {.family = IP_V6}}) &&
		   !registry_set_has_origin(empty, (struct asn){64501}),
	   "an empty set is there, and has nothing");
	struct prefix inside = p("2001:db8:ffff::/48"), host = p("2001:db8::1/128");
	ok(b && registry_set_covers(b, &inside) && !registry_set_has(b, &inside) &&
		   registry_set_has(b, &host) && registry_set_origins(b) == 2,
	   "look-ups work in the middle of a file, AS 0 is no origin");

	const struct registry_network *n = registry_network_find(r, (struct asn){64502});
	ok(n && n->prefixes_ipv4 == 10 && n->prefixes_ipv6 == 20 && !n->never_via_route_servers &&
		   strcmp(n->as_set, "RIPE::AS-B") == 0,
	   "a network is found with all that was written");
	n = registry_network_find(r, (struct asn){64501});
	ok(n && n->never_via_route_servers && !n->as_set, "one without a set has none");
	ok(registry_network_never_via(r, (struct asn){64501}) &&
		   !registry_network_never_via(r, (struct asn){64502}) &&
		   !registry_network_never_via(r, (struct asn){64504}) &&
		   !registry_network_never_via(r, (struct asn){0}),
	   "of networks behind route servers only those that never are say so");
	ok(!registry_network_find(r, (struct asn){64504}), "an unknown one is not found");
	ok(registry_network_count(r) == 3 && registry_network_at(r, 0)->asn.number == 64501,
	   "networks are sorted");
	uint64_t hash = registry_networks_hash(r);

	struct registry_content turned = {
		.written = {400},
		.sets = (struct registry_part[]){parts[2], parts[0], parts[1]},
		.set_count = 3,
		.networks = networks,
		.network_count = 3};
	ok(registry_write(&again, &turned) == 0, "the order of sets does not matter");
	struct registry *r2 = must_open(&again);
	ok(r2 && registry_set_find(r2, "AS-A", IP_V4) && registry_networks_hash(r2) == hash,
	   "nor does it change the hash of the networks");
	registry_close(r2);
	registry_close(r);

	turned.sets = (struct registry_part[]){parts[0], parts[1], parts[0]};
	ok(registry_write(&again, &turned) < 0, "a set given twice is refused");
	turned.set_count = 0;
	networks[2].asn.number = 64501;
	ok(registry_write(&again, &turned) < 0, "and a network given twice");
	turned.network_count = 0;
	buf_clear(&again);
	ok(registry_write(&again, &turned) == 0, "an empty registry is written");
	r = must_open(&again);
	ok(r && registry_set_count(r) == 0 && !registry_set_find(r, "AS-A", IP_V4) &&
		   !registry_network_find(r, (struct asn){1}),
	   "and has nothing");
	registry_close(r);
	for (int i = 0; i < 3; i++)
		buf_fini(&sets[i]);
	buf_fini(&file);
	buf_fini(&again);
}

static uint64_t
hash_of(uint64_t seed, const struct prefix *prefixes, size_t count, uint32_t origin)
{
	struct buf octets;
	struct registry_part part;
	struct asn origins[] = {{origin}};
	add_set(&octets, &part,
		&(struct registry_answer){
			"AS-A", IP_V6, {(int64_t)seed}, {1}, seed, prefixes, count, origins, 1});
	struct registry_set *set = registry_set_open(octets.data, octets.length);
	uint64_t hash = set ? registry_set_hash(set) : 0;
	registry_set_close(set);
	buf_fini(&octets);
	return hash;
}

static void
hashes(void)
{
	struct prefix some[] = {p("2001:db8::/32"), p("2001:db8:1::/64"), p("2001:db8:2::/48")};
	struct prefix same[] = {some[2], some[0], some[1], some[0]};
	uint64_t hash = hash_of(1, some, 3, 64501);
	ok(hash == hash_of(2, same, 4, 64501),
	   "a set's hash does not depend on order, repetition, time or seed");
	ok(hash != hash_of(1, some, 2, 64501), "but on each prefix");
	ok(hash != hash_of(1, some, 3, 64502), "and each origin");
	some[1].length = 63;
	ok(hash != hash_of(1, some, 3, 64501), "and each length");
}

static void
harmed(void)
{
	struct prefix v4[] = {p("192.0.2.0/24"), p("198.51.100.0/24")};
	struct asn origins[] = {{64501}};
	struct buf set, file = {0};
	struct registry_part part;
	add_set(&set, &part,
		&(struct registry_answer){"AS-A", IP_V4, {1}, {1}, 9, v4, 2, origins, 1});
	struct registry_network network = {{64501}, 1, 1, true, "AS-A"};
	struct registry_content content = {.written = {1},
					   .sets = &part,
					   .set_count = 1,
					   .networks = &network,
					   .network_count = 1};
	if (registry_write(&file, &content) < 0)
		abort();
	unsigned accepted = 0;
	const char *error = NULL;
	for (size_t i = 0; i < file.length; i++) {
		file.data[i] ^= 0x41;
		struct registry *r = registry_open(file.data, file.length, &error);
		accepted += r != NULL || !error;
		registry_close(r);
		file.data[i] ^= 0x41;
	}
	is_int(accepted, 0, "no octet can change without being noticed");
	for (size_t i = 0; i < file.length; i++) {
		struct registry *r = registry_open(file.data, i, &error);
		accepted += r != NULL || !error;
		registry_close(r);
	}
	is_int(accepted, 0, "nor can the end be missing");
	for (size_t i = 0; i < set.length; i++) {
		set.data[i] ^= 1;
		struct registry_set *s = registry_set_open(set.data, set.length);
		accepted += s != NULL;
		registry_set_close(s);
		set.data[i] ^= 1;
	}
	is_int(accepted, 0, "the same holds for a set by itself");
	buf_fini(&set);
	buf_fini(&file);
}

static void
records(void)
{
	const struct registry_record list[] = {
		{p("192.0.2.0/24"), {64501}, REGISTRY_ARIN},
		{p("192.0.2.0/24"), {64501}, REGISTRY_REGISTRO_BR},
		{p("192.0.2.0/24"), {64502}, REGISTRY_ARIN},
		{p("198.51.100.0/22"), {64501}, REGISTRY_REGISTRO_BR},
		{p("2001:db8::/32"), {64501}, REGISTRY_ARIN},
		{p("c000:200::/24"), {64503}, REGISTRY_ARIN}, /* the same octets as the first */
		{p("2001:db8:0:1::/64"), {64501}, REGISTRY_ARIN},
	};
	enum { COUNT = sizeof(list) / sizeof(list[0]) };
	struct registry_content content = {
		.written = {1}, .records = list, .record_count = COUNT, .record_seed = 5};
	struct buf file = {0};
	const char *error;
	ok(registry_write(&file, &content) == 0, "records are written");
	struct registry *r = registry_open(file.data, file.length, &error);
	ok(r != NULL && registry_record_count(r) == 5,
	   "and read; twice the same is one, and one that is too long is none");
	const struct prefix known = p("192.0.2.0/24"), inside = p("198.51.101.0/24");
	ok(registry_record_find(r, &known, (struct asn){64501}, false) ==
		   (REGISTRY_ARIN | REGISTRY_REGISTRO_BR),
	   "all who say so");
	ok(registry_record_find(r, &known, (struct asn){64502}, false) == REGISTRY_ARIN &&
		   !registry_record_find(r, &known, (struct asn){64503}, true),
	   "of this origin and no other, and of this family");
	ok(registry_record_find(r, &known, (struct asn){0}, false) &&
		   !registry_record_find(r, &inside, (struct asn){0}, false),
	   "or of any");
	ok(!registry_record_find(r, &inside, (struct asn){64501}, false) &&
		   registry_record_find(r, &inside, (struct asn){64501}, true) ==
			   REGISTRY_REGISTRO_BR,
	   "a prefix inside it, where that will do");
	const struct prefix deep = p("2001:db8:1:2:3::/80"), next = p("2001:db9::/32");
	ok(registry_record_find(r, &deep, (struct asn){64501}, true) == REGISTRY_ARIN &&
		   !registry_record_find(r, &deep, (struct asn){64501}, false) &&
		   !registry_record_find(r, &next, (struct asn){64501}, true),
	   "IPv6 likewise");
	struct registry_record record;
	size_t at = 0, found = 0;
	while (registry_record_next(r, &at, &record))
		for (size_t i = 0; i < COUNT; i++)
			found += prefix_equal(list[i].prefix, record.prefix) &&
				 list[i].origin.number == record.origin.number;
	is_int((long long)found, 6, "they can be gone through");
	registry_close(r);
	for (size_t i = 0; i < file.length; i++) {
		file.data[i] ^= 0x10;
		r = registry_open(file.data, file.length, &error);
		if (r)
			ok(false, "octet %zu changed, and nobody noticed", i);
		registry_close(r);
		file.data[i] ^= 0x10;
	}
	buf_fini(&file);
}

static void
size_of_an_entry(void)
{
	enum { COUNT = 100000 };
	struct prefix *prefixes = calloc(COUNT, sizeof(*prefixes));
	if (!prefixes)
		abort();
	for (uint32_t i = 0; i < COUNT; i++)
		prefixes[i] = prefix_of(ip_v4(i << 8), 24);
	struct buf octets;
	struct registry_part part;
	add_set(&octets, &part,
		&(struct registry_answer){"AS-A", IP_V4, {1}, {1}, 9, prefixes, COUNT, NULL, 0});
	ok(octets.length <= 11 * (size_t)COUNT, "a prefix takes less than 11 octets");
	free(prefixes);
	buf_fini(&octets);
}

int
main(void)
{
	names();
	sets_of_a_member();
	for (size_t count = 0; count <= 400; count = count ? count * 20 : 1) {
		repeated_origins();
		compare_with_list(IP_V4, count);
		compare_with_list(IP_V6, count);
	}
	whole_file();
	hashes();
	harmed();
	records();
	size_of_an_entry();
	return done_testing();
}
