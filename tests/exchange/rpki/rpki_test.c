/* Origin validation (RFC 6811), verification of paths (draft-ietf-sidrops-aspa-verification), and what the table
 * answers about them. */
#include "exchange/rpki/rpki_table.h"

#include <stdlib.h>

#include "base/buf.h"
#include "tap.h"

static struct rpki_vrp
vrp(const char *prefix, uint8_t max_length, uint32_t asn)
{
	struct rpki_vrp v = {.max_length = max_length, .asn = {asn}};
	if (prefix_parse(&v.prefix, prefix) != 0)
		abort();
	return v;
}

static struct rpki_table *
table_of(const struct rpki_vrp *vrps, size_t count)
{
	struct rpki_table *t = rpki_table_new();
	int source = rpki_source_add(t, RPKI_CACHE, "cache", 1);
	rpki_begin(t, (unsigned)source, RPKI_WHOLE);
	for (size_t i = 0; i < count; i++)
		rpki_announce(t, (unsigned)source, &vrps[i]);
	rpki_commit(t, (unsigned)source, true);
	return t;
}

static enum rpki_state
ask(const struct rpki_table *t, const char *prefix, uint32_t origin)
{
	struct rpki_vrp v = vrp(prefix, 0, 0);
	rpki_hint(t, &v.prefix, false);
	rpki_hint(t, &v.prefix, true);
	return rpki_validate(t, &v.prefix, (struct asn){origin});
}

static void
origins(void)
{
	const struct rpki_vrp vrps[] = {
		vrp("192.0.2.0/24", 24, 64500),    vrp("198.51.100.0/22", 23, 64501),
		vrp("198.51.100.0/24", 24, 64502), vrp("203.0.113.0/24", 24, 0),
		vrp("10.0.0.0/8", 8, 0),           vrp("10.1.0.0/16", 24, 64503),
		vrp("2001:db8::/32", 48, 64500),   vrp("2001:db8::/32", 40, 64501),
		vrp("0.0.0.0/0", 0, 64599),        vrp("2001:db8:0:1::/64", 128, 64504),
		vrp("255.255.255.255/32", 32, 7),
	};
	static const struct {
		const char *prefix;
		uint32_t origin;
		enum rpki_state state;
		const char *sentence;
	} rows[] = {
		{"192.0.2.0/24", 64500, RPKI_VALID, "same prefix, same origin"},
		{"192.0.2.0/24", 64501, RPKI_INVALID_AS, "another origin"},
		{"192.0.2.0/25", 64500, RPKI_INVALID_LENGTH, "longer than the maximal length"},
		{"192.0.2.0/25", 64501, RPKI_INVALID_AS, "longer, and another origin"},
		{"192.0.2.128/32", 64500, RPKI_INVALID_LENGTH, "a host"},
		{"198.51.100.0/23", 64501, RPKI_VALID, "as long as allowed"},
		{"198.51.100.0/24", 64501, RPKI_INVALID_LENGTH, "one bit longer than allowed"},
		{"198.51.100.0/24", 64502, RPKI_VALID, "by one of two that cover it"},
		{"198.51.100.0/23", 64502, RPKI_INVALID_AS, "not covered by its own"},
		{"203.0.113.0/24", 0, RPKI_INVALID_AS,
		 "an AS_SET is never valid, not by AS 0 either"},
		{"203.0.113.0/24", 64500, RPKI_INVALID_AS, "AS 0 makes everybody's route invalid"},
		{"192.0.2.0/24", 0, RPKI_INVALID_AS, "an AS_SET that is covered is invalid"},
		{"10.1.2.0/24", 64503, RPKI_VALID, "AS 0 above does no harm to a valid one"},
		{"10.2.0.0/16", 64503, RPKI_INVALID_AS, "only AS 0 covers it"},
		{"2001:db8:5::/48", 64500, RPKI_VALID, "IPv6"},
		{"2001:db8:5::/48", 64501, RPKI_INVALID_LENGTH, "IPv6, too long"},
		{"2001:db8:0:1::1/128", 64504, RPKI_VALID, "an IPv6 host"},
		{"2001:db9::/32", 64500, RPKI_UNKNOWN, "nothing covers it"},
		{"::/0", 64500, RPKI_UNKNOWN, "all of IPv6"},
		{"0.0.0.0/0", 64599, RPKI_VALID, "all of IPv4"},
		{"8.0.0.0/8", 64599, RPKI_INVALID_LENGTH, "a VRP of all of IPv4 covers everything"},
		{"255.255.255.255/32", 7, RPKI_VALID, "the last address"},
	};
	struct rpki_table *t = table_of(vrps, sizeof(vrps) / sizeof(vrps[0]));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ok(ask(t, rows[i].prefix, rows[i].origin) == rows[i].state, "%s AS%u: %s: %s",
		   rows[i].prefix, rows[i].origin, rpki_state_name(rows[i].state),
		   rows[i].sentence);
	rpki_table_free(t);
}

static void
nothing(void)
{
	struct rpki_table *t = rpki_table_new();
	ok(ask(t, "192.0.2.0/24", 1) == RPKI_NOT_CHECKED && !rpki_ready(t),
	   "without sources nothing is checked");
	int source = rpki_source_add(t, RPKI_CACHE, "cache", 1);
	struct rpki_vrp v = vrp("192.0.2.0/24", 24, 1);
	rpki_begin(t, (unsigned)source, RPKI_WHOLE);
	rpki_announce(t, (unsigned)source, &v);
	ok(ask(t, "192.0.2.0/24", 2) == RPKI_NOT_CHECKED, "nor while the first load is under way");
	struct slurm s = {.prefix_assertions = &v, .prefix_assertion_count = 1};
	const struct slurm *files[] = {&s};
	rpki_table_slurm(t, files, 1);
	ok(ask(t, "192.0.2.0/24", 2) == RPKI_NOT_CHECKED, "nor by assertions alone");
	rpki_commit(t, (unsigned)source, false);
	struct rpki_changes c;
	ok(rpki_take_changes(t, &c) && c.all_prefixes && !c.all_paths,
	   "the first load is a reason to judge all");
	ok(ask(t, "192.0.2.0/24", 2) == RPKI_INVALID_AS, "then routes are checked");
	ok(!rpki_take_changes(t, &c), "and told once");
	rpki_source_drop(t, (unsigned)source);
	ok(rpki_take_changes(t, &c) && c.all_prefixes &&
		   ask(t, "192.0.2.0/24", 2) == RPKI_NOT_CHECKED,
	   "when the last data goes, nothing is checked again");
	rpki_table_free(t);
}

static void
what_if(void)
{
	struct rpki_vrp there = vrp("192.0.2.0/24", 24, 64500);
	struct rpki_table *t = table_of(&there, 1);
	struct rpki_vrp route = vrp("192.0.2.0/25", 25, 64500);
	struct asn origin = {64500};
	ok(rpki_validate_with(t, &route.prefix, origin, NULL, 0) == RPKI_INVALID_LENGTH,
	   "without more VRPs it is as it is");
	struct rpki_vrp more = vrp("192.0.2.0/24", 25, 64500);
	ok(rpki_validate_with(t, &route.prefix, origin, &more, 1) == RPKI_VALID,
	   "a ROA that would mend it");
	more = vrp("198.51.100.0/24", 25, 64500);
	ok(rpki_validate_with(t, &route.prefix, origin, &more, 1) == RPKI_INVALID_LENGTH,
	   "one that does not cover it changes nothing");
	route = vrp("198.51.100.0/24", 24, 1);
	ok(rpki_validate_with(t, &route.prefix, (struct asn){1}, &more, 1) == RPKI_INVALID_AS,
	   "a ROA that would make it invalid");
	rpki_table_free(t);
	t = rpki_table_new();
	ok(rpki_validate_with(t, &route.prefix, (struct asn){1}, NULL, 0) == RPKI_NOT_CHECKED &&
		   rpki_validate_with(t, &route.prefix, (struct asn){1}, &more, 1) ==
			   RPKI_INVALID_AS,
	   "without data only what is supposed counts");
	rpki_table_free(t);
}

static void
visit(void *context, const struct rpki_cover *cover)
{
	struct buf *b = context;
	char text[PREFIX_TEXT];
	static const char *const fits[] = {"fits", "as", "long", "filtered"};
	buf_printf(b, "%s-%u AS%u %s%s; ", prefix_format(text, cover->vrp.prefix),
		   cover->vrp.max_length, cover->vrp.asn.number, fits[cover->fit],
		   cover->asserted ? " asserted" : "");
}

static void
explained(void)
{
	const struct rpki_vrp vrps[] = {vrp("10.0.0.0/8", 8, 0), vrp("10.1.0.0/16", 24, 1),
					vrp("10.1.0.0/20", 20, 1), vrp("10.1.0.0/24", 24, 2),
					vrp("10.1.1.0/24", 24, 2)};
	struct rpki_table *t = table_of(vrps, 5);
	struct slurm_prefix_filter filter = {.has_asn = true, .asn = {2}};
	struct rpki_vrp assertion = vrp("10.1.0.0/22", 24, 3);
	struct slurm s = {&filter, 1, NULL, 0, &assertion, 1, NULL, 0};
	const struct slurm *files[] = {&s};
	rpki_table_slurm(t, files, 1);
	struct rpki_vrp route = vrp("10.1.0.0/24", 24, 0);
	struct buf b = {0};
	rpki_each_covering(t, &route.prefix, (struct asn){1}, visit, &b);
	buf_u8(&b, 0);
	is_str((const char *)b.data,
	       "10.0.0.0/8-8 AS0 as; 10.1.0.0/16-24 AS1 fits; 10.1.0.0/20-20 AS1 long; "
	       "10.1.0.0/22-24 AS3 as asserted; 10.1.0.0/24-24 AS2 filtered; ",
	       "every VRP that covers a route is told, and how it stands to it");
	is_str(rpki_source_name(t, 0), "cache", "sources have names");
	buf_fini(&b);
	rpki_table_free(t);
}

static void
touches(void)
{
	const struct rpki_vrp vrps[] = {vrp("10.0.0.0/8", 16, 1), vrp("10.1.0.0/16", 16, 1)};
	struct rpki_table *t = table_of(vrps, 2);
	int other = rpki_source_add(t, RPKI_FILE, "file", 0);
	struct rpki_changes c;
	rpki_take_changes(t, &c);
	rpki_begin(t, (unsigned)other, RPKI_WHOLE);
	rpki_announce(t, (unsigned)other, &vrps[0]);
	rpki_commit(t, (unsigned)other, false);
	ok(!rpki_take_changes(t, &c), "a VRP that another source has too touches nothing");
	struct rpki_vrp longer = vrp("10.0.0.0/8", 20, 1), inside = vrp("10.2.0.0/16", 16, 2);
	rpki_begin(t, 0, RPKI_DELTA);
	rpki_announce(t, 0, &longer);
	rpki_commit(t, 0, false);
	ok(rpki_take_changes(t, &c) && c.prefix_count == 1 && c.prefixes[0].max_length == 20,
	   "a maximal length that grows touches routes up to it");
	rpki_begin(t, 0, RPKI_DELTA);
	rpki_withdraw(t, 0, &vrps[0]);
	rpki_commit(t, 0, false);
	ok(!rpki_take_changes(t, &c), "one that goes and is still in a file touches nothing");
	rpki_begin(t, 0, RPKI_DELTA);
	rpki_announce(t, 0, &inside);
	rpki_withdraw(t, 0, &inside);
	rpki_commit(t, 0, false);
	ok(!rpki_take_changes(t, &c), "nor does one that came and went");
	struct rpki_vrp wide = vrp("10.0.0.0/8", 8, 9);
	rpki_begin(t, 0, RPKI_DELTA);
	rpki_announce(t, 0, &wide);
	rpki_announce(t, 0, &inside);
	rpki_commit(t, 0, false);
	ok(rpki_take_changes(t, &c) && c.prefix_count == 1 && c.prefixes[0].max_length == 32 &&
		   c.prefixes[0].prefix.length == 8,
	   "what lies in a wider prefix that is touched is not told apart");
	rpki_table_free(t);
}

static void
bounds(void)
{
	struct rpki_table *t = rpki_table_new();
	int source = rpki_source_add(t, RPKI_CACHE, "cache", 1);
	rpki_begin(t, (unsigned)source, RPKI_WHOLE);
	struct rpki_vrp v = vrp("192.0.2.0/24", 24, 0);
	enum rpki_result result = RPKI_OK;
	while (result == RPKI_OK && v.asn.number < 100000) {
		v.asn.number++;
		result = rpki_announce(t, (unsigned)source, &v);
	}
	ok(result == RPKI_TOO_MANY && v.asn.number == RPKI_PER_PREFIX_MAX + 1,
	   "a prefix has a bounded number of VRPs");
	size_t before = rpki_memory(t);
	rpki_abort(t, (unsigned)source);
	ok(rpki_memory(t) <= before && !rpki_ready(t), "an abort leaves nothing");
	for (int i = 1; i < RPKI_SOURCES_MAX; i++)
		rpki_source_add(t, RPKI_FILE, "f", 0);
	ok(rpki_source_add(t, RPKI_FILE, "f", 0) == -1, "so has a table sources");
	rpki_table_free(t);
}

/* --- paths --- */

static enum aspa_state
path(const struct rpki_table *t, const char *text)
{
	struct buf b = {0};
	buf_u8(&b, text[0] == '{' ? 1 : 2);
	buf_u8(&b, 0);
	for (const char *c = text + (text[0] == '{'); *c;) {
		char *end;
		buf_u32(&b, (uint32_t)strtoul(c, &end, 10));
		b.data[1]++;
		c = end;
		while (*c == ' ')
			c++;
	}
	enum aspa_state state = rpki_aspa_verify(t, cursor_of(b.data, b.length));
	buf_fini(&b);
	return state;
}

static void
hop(void *context, struct asn customer, struct asn provider, enum aspa_hop state)
{
	static const char *const names[] = {"none", "provider", "not"};
	buf_printf(context, "%u<%u %s; ", provider.number, customer.number, names[state]);
}

static void
paths(void)
{
	struct rpki_table *t = table_of(NULL, 0);
	rpki_begin(t, 0, RPKI_DELTA);
	rpki_announce_aspa(t, 0, (struct asn){1}, (uint32_t[]){2, 3}, 2);
	rpki_announce_aspa(t, 0, (struct asn){2}, (uint32_t[]){4}, 1);
	rpki_announce_aspa(t, 0, (struct asn){5}, (uint32_t[]){0}, 1);
	rpki_commit(t, 0, true);
	static const struct {
		const char *path;
		enum aspa_state state;
		const char *sentence;
	} rows[] = {
		{"1", ASPA_VALID, "the client's own route"},
		{"1 1 1", ASPA_VALID, "a number that stands several times counts once"},
		{"2 1", ASPA_VALID, "a provider sends on its customer's route"},
		{"4 2 2 1 1", ASPA_VALID, "up two steps, with prepends"},
		{"4 1", ASPA_INVALID, "one that the customer does not name: a leak"},
		{"3 2 1", ASPA_INVALID, "a leak in the middle"},
		{"6 3 1", ASPA_UNKNOWN, "AS3 attests nothing"},
		{"9 8", ASPA_UNKNOWN, "nobody attests anything"},
		{"9 8 4 1", ASPA_INVALID, "one bad step outweighs unknown ones"},
		{"9 5", ASPA_INVALID, "AS 0 means no provider at all"},
		{"", ASPA_INVALID, "an empty path"},
		{"{2 1", ASPA_INVALID, "an AS_SET"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ok(path(t, rows[i].path) == rows[i].state, "path \"%s\" is %s: %s", rows[i].path,
		   aspa_state_name(rows[i].state), rows[i].sentence);
	static const uint8_t cut[] = {2, 3, 0, 0, 0, 1},
			     two[] = {2, 1, 0, 0, 0, 2, 2, 1, 0, 0, 0, 1},
			     confed[] = {3, 1, 0, 0, 0, 1}, empty[] = {2, 0};
	ok(rpki_aspa_verify(t, cursor_of(cut, sizeof(cut))) == ASPA_INVALID, "a path cut short");
	ok(rpki_aspa_verify(t, cursor_of(two, sizeof(two))) == ASPA_VALID, "two segments");
	ok(rpki_aspa_verify(t, cursor_of(confed, sizeof(confed))) == ASPA_INVALID,
	   "a segment of a confederation");
	ok(rpki_aspa_verify(t, cursor_of(empty, sizeof(empty))) == ASPA_INVALID,
	   "a segment of nobody");
	struct buf b = {0};
	static const uint8_t long_path[] = {2, 4, 0, 0, 0, 9, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 1};
	rpki_aspa_each_hop(t, cursor_of(long_path, sizeof(long_path)), hop, &b);
	buf_u8(&b, 0);
	is_str((const char *)b.data, "9<4 none; 4<1 not; ", "each hop can be asked for");
	buf_fini(&b);
	struct asn providers[4];
	ok(rpki_aspa_providers(t, (struct asn){1}, providers, 4) == 2 && providers[1].number == 3 &&
		   rpki_aspa_providers(t, (struct asn){7}, providers, 4) == -1,
	   "providers can be asked for");
	rpki_table_free(t);
}

static void
aspa_sources(void)
{
	struct rpki_table *t = table_of(NULL, 0);
	int file = rpki_source_add(t, RPKI_FILE, "file", 0);
	struct rpki_changes c;
	rpki_take_changes(t, &c);
	rpki_begin(t, (unsigned)file, RPKI_WHOLE);
	rpki_announce_aspa(t, (unsigned)file, (struct asn){1}, (uint32_t[]){2}, 1);
	rpki_announce_aspa(t, (unsigned)file, (struct asn){1}, (uint32_t[]){3}, 1);
	rpki_commit(t, (unsigned)file, true);
	ok(path(t, "2 1") == ASPA_VALID && path(t, "3 1") == ASPA_VALID,
	   "a file's lists of one customer are taken together");
	ok(rpki_take_changes(t, &c) && c.customer_count == 1 && c.customers[0].number == 1,
	   "its customer is touched");
	rpki_begin(t, 0, RPKI_DELTA);
	rpki_announce_aspa(t, 0, (struct asn){1}, (uint32_t[]){3}, 1);
	rpki_commit(t, 0, true);
	ok(!rpki_take_changes(t, &c), "a cache that names fewer adds nothing");
	rpki_begin(t, 0, RPKI_DELTA);
	rpki_announce_aspa(t, 0, (struct asn){1}, (uint32_t[]){4}, 1);
	rpki_commit(t, 0, true);
	ok(rpki_take_changes(t, &c) && c.customer_count == 1 && path(t, "4 1") == ASPA_VALID,
	   "a new list of a cache replaces its old one, and adds to the file's");
	struct asn filter = {1};
	struct slurm_aspa assertion = {{1}, (uint32_t[]){9}, 1};
	struct slurm s = {NULL, 0, &filter, 1, NULL, 0, &assertion, 1};
	const struct slurm *files[] = {&s};
	rpki_table_slurm(t, files, 1);
	ok(path(t, "9 1") == ASPA_VALID && path(t, "4 1") == ASPA_INVALID,
	   "SLURM takes a customer's lists out and puts its own in");
	rpki_begin(t, 0, RPKI_WHOLE);
	rpki_commit(t, 0, false);
	rpki_source_remove(t, (unsigned)file);
	rpki_table_slurm(t, NULL, 0);
	ok(path(t, "9 1") == ASPA_NOT_CHECKED,
	   "with a source only that cannot carry ASPAs no path is checked");
	rpki_table_free(t);
}

int
main(void)
{
	origins();
	nothing();
	what_if();
	explained();
	touches();
	bounds();
	paths();
	aspa_sources();
	return done_testing();
}
