/* SLURM files: the examples of RFC 8416 section 3.5 and of draft-ietf-sidrops-aspa-slurm, and what is refused. */
#include "exchange/rpki/slurm.h"

#include "exchange/rpki/rpki_table.h"
#include "tap.h"

static const char example[] =
	"{\"slurmVersion\": 1,\n"
	" \"validationOutputFilters\": {\n"
	"  \"prefixFilters\": [\n"
	"   {\"prefix\": \"192.0.2.0/24\", \"comment\": \"All VRPs encompassed by prefix\"},\n"
	"   {\"asn\": 64496, \"comment\": \"All VRPs matching ASN\"},\n"
	"   {\"prefix\": \"198.51.100.0/24\", \"asn\": 64497}],\n"
	"  \"bgpsecFilters\": [{\"asn\": 64496}, {\"SKI\": \"Zm9v\"}]},\n"
	" \"locallyAddedAssertions\": {\n"
	"  \"prefixAssertions\": [\n"
	"   {\"asn\": 64496, \"prefix\": \"198.51.100.0/24\", \"comment\": \"My other route\"},\n"
	"   {\"asn\": 64496, \"prefix\": \"2001:DB8::/32\", \"maxPrefixLength\": 48}],\n"
	"  \"bgpsecAssertions\": [{\"asn\": 64496, \"SKI\": \"Zm9v\", \"routerPublicKey\": "
	"\"YmFy\"}]}}";

static void
read_example(void)
{
	struct arena *arena = arena_new();
	struct slurm s;
	char error[SLURM_ERROR];
	int result = slurm_read(&s, arena, example, strlen(example), error);
	if (!ok(result == 0, "the full example of RFC 8416 is read: %s", error)) {
		arena_free(arena);
		return;
	}
	ok(s.prefix_filter_count == 3 && !s.prefix_filters[0].has_asn &&
		   s.prefix_filters[1].prefix.ip.family == IP_NONE &&
		   s.prefix_filters[1].asn.number == 64496 && s.prefix_filters[2].has_asn,
	   "its filters");
	ok(s.prefix_assertion_count == 2 && s.prefix_assertions[0].max_length == 24 &&
		   s.prefix_assertions[1].max_length == 48,
	   "its assertions; without a maximal length the prefix's own counts");

	struct rpki_table *t = rpki_table_new();
	rpki_source_add(t, RPKI_CACHE, "c", 1);
	static const struct {
		const char *prefix;
		uint32_t asn;
		enum rpki_state after;
		const char *sentence;
	} rows[] = {
		{"192.0.2.0/24", 1, RPKI_UNKNOWN, "the filtered prefix itself"},
		{"192.0.2.128/25", 1, RPKI_UNKNOWN, "what lies inside it"},
		{"192.0.0.0/16", 1, RPKI_VALID, "what covers it stays"},
		{"203.0.113.0/24", 64496, RPKI_UNKNOWN, "the filtered AS"},
		{"198.51.100.0/24", 64497, RPKI_INVALID_AS, "prefix and AS of a filter"},
		{"198.51.100.0/25", 64498, RPKI_VALID, "another AS stays"},
		{"198.51.100.0/24", 64496, RPKI_VALID,
		 "what is asserted is in force, though a filter matches its AS"},
	};
	rpki_begin(t, 0, RPKI_WHOLE);
	for (size_t i = 0; i < 6; i++) {
		struct rpki_vrp v = {.asn = {rows[i].asn}};
		prefix_parse(&v.prefix, rows[i].prefix);
		v.max_length = v.prefix.length;
		rpki_announce(t, 0, &v);
	}
	rpki_commit(t, 0, false);
	const struct slurm *files[] = {&s};
	rpki_table_slurm(t, files, 1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct prefix p;
		prefix_parse(&p, rows[i].prefix);
		enum rpki_state got = rpki_validate(t, &p, (struct asn){rows[i].asn});
		/* 192.0.0.0/16 covers what is filtered inside it. */
		enum rpki_state want = rows[i].after;
		if (want == RPKI_UNKNOWN && rows[i].asn == 1)
			want = RPKI_INVALID_LENGTH;
		ok(got == want, "%s AS%u: %s", rows[i].prefix, rows[i].asn, rows[i].sentence);
	}
	struct rpki_counts c = rpki_counts(t);
	ok(c.filtered == 4 && c.asserted == 2, "filtered and asserted ones are counted");
	rpki_table_free(t);
	arena_free(arena);
}

#define FILTERS(x) "{\"slurmVersion\":1,\"validationOutputFilters\":{\"prefixFilters\":[" x "]}}"
#define ASSERTS(x) "{\"slurmVersion\":1,\"locallyAddedAssertions\":{\"prefixAssertions\":[" x "]}}"
#define ASPAS(v, x)                                                                                \
	"{\"slurmVersion\":" v ",\"locallyAddedAssertions\":{\"aspaAssertions\":[" x "]}}"

static void
refused(void)
{
	static const struct {
		const char *text, *error;
	} rows[] = {
		{"", "line 1, column 1: it ends too early"},
		{"{\"slurmVersion\": 1,\n  }", "line 2, column 3: an end without its beginning"},
		{"[]", "line 1, column 1: not an object"},
		{"{}", "line 1, column 1: no slurmVersion"},
		{"{\"slurmVersion\": 3}",
		 "line 1, column 18: a slurmVersion that is neither 1 nor 2"},
		{"{\"slurmVersion\": \"1\"}",
		 "line 1, column 18: not a whole number that may stand here"},
		{"{\"slurmVersion\": 1, \"filters\": {}}",
		 "line 1, column 32: a member that SLURM does not know"},
		{FILTERS("{}"), "line 1, column 63: a filter with neither prefix nor asn"},
		{FILTERS("{\"asn\":-1}"),
		 "line 1, column 70: not a whole number that may stand here"},
		{FILTERS("{\"asn\":4294967296}"),
		 "line 1, column 70: not a whole number that may stand here"},
		{FILTERS("{\"prefix\":\"10.0.0.1/8\"}"), "line 1, column 73: not a prefix"},
		{FILTERS("{\"prefx\":\"10.0.0.0/8\"}"),
		 "line 1, column 72: a member that SLURM does not know"},
		{ASSERTS("{\"asn\":1}"), "line 1, column 65: an assertion without prefix or asn"},
		{ASSERTS("{\"asn\":1,\"prefix\":\"10.0.0.0/8\",\"maxPrefixLength\":7}"),
		 "line 1, column 114: a maxPrefixLength below the prefix's length"},
		{ASSERTS("{\"asn\":1,\"prefix\":\"10.0.0.0/8\",\"maxPrefixLength\":33}"),
		 "line 1, column 114: not a whole number that may stand here"},
		{ASPAS("1", ""), "line 1, column 62: aspaAssertions need slurmVersion 2"},
		{ASPAS("2", "{\"customerAsn\":1,\"providerAsns\":[]}"),
		 "line 1, column 95: no providers, or too many"},
		{ASPAS("2", "{\"customerAsn\":1}"),
		 "line 1, column 63: an assertion without customerAsn or providerAsns"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena *arena = arena_new();
		struct slurm s;
		char error[SLURM_ERROR] = "";
		int result = slurm_read(&s, arena, rows[i].text, strlen(rows[i].text), error);
		ok(result == -1, "refused: %s", rows[i].text);
		is_str(error, rows[i].error, "with what is wrong, and where");
		arena_free(arena);
	}
}

static void
aspas(void)
{
	static const char *const texts[] = {
		"{\"slurmVersion\":2,"
		"\"validationOutputFilters\":{\"aspaFilters\":[{\"customerAsn\":64496}]},"
		"\"locallyAddedAssertions\":{\"aspaAssertions\":[{\"customerAsn\":64499,"
		"\"providerAsns\":[64501,64500,64501]}]}}",
		"{\"slurmVersion\":2,"
		"\"validationOutputFilters\":{\"aspaFilters\":[{\"customer_asid\":64496}]},"
		"\"locallyAddedAssertions\":{\"aspaAssertions\":[{\"customer_asid\":64499,"
		"\"providers\":[64501,64500,64501]}]}}",
	};
	for (size_t i = 0; i < 2; i++) {
		struct arena *arena = arena_new();
		struct slurm s;
		char error[SLURM_ERROR];
		int result = slurm_read(&s, arena, texts[i], strlen(texts[i]), error);
		ok(result == 0 && s.aspa_filter_count == 1 && s.aspa_filters[0].number == 64496 &&
			   s.aspa_assertion_count == 1 && s.aspa_assertions[0].count == 2 &&
			   s.aspa_assertions[0].providers[0] == 64500,
		   "ASPAs of slurmVersion 2, by either name of their members; providers in order");
		arena_free(arena);
	}
}

#define FILTER(prefix)                                                                             \
	"{\"slurmVersion\":1,\"validationOutputFilters\":{\"prefixFilters\":[{\"prefix\":"         \
	"\"" prefix "\"}]}}"
#define ASSERTION(prefix)                                                                          \
	"{\"slurmVersion\":1,\"locallyAddedAssertions\":{\"prefixAssertions\":[{\"asn\":64496,"    \
	"\"prefix\":\"" prefix "\"}]}}"
#define CUSTOMER(asn) ASPAS("2", "{\"customerAsn\":" asn ",\"providerAsns\":[7]}")

/* RFC 8416 section 4.2. */
static void
overlapping(void)
{
	static const struct {
		const char *first, *second, *what; /* NULL: nothing */
	} rows[] = {
		{FILTER("192.0.2.0/24"), FILTER("198.51.100.0/24"), NULL},
		{FILTER("192.0.2.0/24"), FILTER("192.0.2.0/24"), "192.0.2.0/24 and 192.0.2.0/24"},
		{FILTER("192.0.2.128/25"), ASSERTION("192.0.0.0/16"),
		 "192.0.0.0/16 and 192.0.2.128/25"},
		{ASSERTION("2001:db8::/32"), ASSERTION("2001:db8:1::/48"),
		 "2001:db8::/32 and 2001:db8:1::/48"},
		{ASSERTION("2001:db8::/32"), ASSERTION("32.1.13.184/32"), NULL},
		{"{\"slurmVersion\":1,\"validationOutputFilters\":{\"prefixFilters\":"
		 "[{\"asn\":64496}]}}",
		 FILTER("192.0.2.0/24"), NULL},
		{CUSTOMER("64499"), CUSTOMER("64500"), NULL},
		{CUSTOMER("64499"), CUSTOMER("64499"), "AS64499"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena *arena = arena_new();
		struct slurm one, two;
		struct slurm_overlap overlap = {0};
		char error[SLURM_ERROR] = "";
		bool read =
			slurm_read(&one, arena, rows[i].first, strlen(rows[i].first), error) == 0 &&
			slurm_read(&two, arena, rows[i].second, strlen(rows[i].second), error) == 0;
		const struct slurm *files[] = {&one, &two};
		int result = read ? slurm_overlaps(&overlap, files, 2) : -1;
		ok(result == (rows[i].what != NULL), "%s: %s", rows[i].second,
		   rows[i].what ? "overlaps" : "does not overlap");
		if (rows[i].what)
			is_str(overlap.what, rows[i].what, "it is said where");
		const struct slurm *same[] = {&one};
		ok(slurm_overlaps(&overlap, same, 1) == 0, "a file does not overlap with itself");
		arena_free(arena);
	}
}

int
main(void)
{
	overlapping();
	read_example();
	refused();
	aspas();
	return done_testing();
}
