/* The JSON of validated payloads: every form of it, whole and in pieces, and what is refused with its place. */
#include "exchange/rpki/vrp_json.h"

#include "tap.h"

static struct rpki_table *table;

/* Reads a text in pieces (0: at once) and returns the error, "" if there was none. */
static const char *
load(const char *text, size_t piece, struct vrp_json_counts *counts)
{
	static char error[JSON_STREAM_ERROR];
	struct vrp_json *r = vrp_json_new(table, 0, (struct utc_s){1000});
	size_t length = strlen(text);
	int result = 0;
	for (size_t at = 0; at < length && result == 0; at += piece ? piece : length) {
		size_t n = piece && piece < length - at ? piece : length - at;
		result = vrp_json_feed(r, text + at, n);
	}
	if (result == 0)
		result = vrp_json_end(r);
	snprintf(error, sizeof(error), "%s", vrp_json_error(r));
	if (counts)
		*counts = *vrp_json_counts(r);
	vrp_json_free(r);
	return error;
}

static enum rpki_state
state_of(const char *prefix, uint32_t asn)
{
	struct prefix p;
	prefix_parse(&p, prefix);
	return rpki_validate(table, &p, (struct asn){asn});
}

static void
begin(void)
{
	table = rpki_table_new();
	rpki_source_add(table, RPKI_FILE, "f", 0);
}

static void
forms(void)
{
	static const struct {
		const char *name, *text;
		bool aspas;
	} rows[] = {
		{"rpki-client",
		 "{\n\t\"metadata\": { \"buildtime\": \"2025-07-20T09:31:33Z\", \"roas\": 314021, "
		 "\"talfiles\": [\"/a\", \"/b\"] },\n\t\"roas\": [\n\t\t{ \"asn\": 13335, "
		 "\"prefix\": "
		 "\"1.0.0.0/24\", \"maxLength\": 24, \"ta\": \"apnic\", \"expires\": 999 },\n"
		 "{ \"asn\": 4608, \"prefix\": \"2001:dc0::/32\", \"maxLength\": 48, \"ta\": \"x\" "
		 "}\n],"
		 "\"bgpsec_keys\": [{\"asn\": 1, \"ski\": \"A\", \"pubkey\": \"B\"}], "
		 "\"nonfunc_cas\": [{\"location\": \"r\"}], \"aspas\": [{ \"customer_asid\": 945, "
		 "\"expires\": 5, \"providers\": [1299, 6939, 32097 ] }], \"signedprefixlists\": "
		 "[]}",
		 true},
		{"Routinator",
		 "{\"metadata\":{\"generated\":1},\"roas\":[{\"asn\":\"AS13335\",\"prefix\":"
		 "\"1.0.0.0/24\",\"maxLength\":24,\"ta\":\"apnic\"},{\"asn\":\"AS4608\",\"prefix\":"
		 "\"2001:dc0::/32\",\"maxLength\":48,\"source\":[{\"type\":\"roa\",\"prefix\":5,"
		 "\"validity\":{\"asn\":[]}}]}],\"routerKeys\":[],\"aspas\":[{\"customer\":"
		 "\"AS945\","
		 "\"providers\":[\"AS32097\",\"AS1299\",\"AS6939\"],\"ta\":\"x\"}]}",
		 true},
		{"OctoRPKI",
		 "{\"roas\":[{\"prefix\":\"1.0.0.0/"
		 "24\",\"maxLength\":24,\"asn\":\"AS13335\"},{\"prefix\":"
		 "\"2001:dc0::/32\",\"maxLength\":48,\"asn\":\"as4608\"}]}",
		 false},
		{"older rpki-client",
		 "{\"roas\":[{\"prefix\":\"1.0.0.0/24\",\"asn\":13335},{\"prefix\":\"2001:dc0::/"
		 "32\","
		 "\"maxLength\":48,\"asn\":4608}],\"provider_authorizations\":{\"ipv4\":[{"
		 "\"customer_asid\":945,\"providers\":[1299]}],\"ipv6\":[{\"customer_asid\":945,"
		 "\"providers\":[6939,32097]}]}}",
		 true},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (size_t piece = 0; piece < 4; piece++) {
			begin();
			struct vrp_json_counts counts;
			is_str(load(rows[i].text, piece, &counts), "", rows[i].name);
			ok(state_of("1.0.0.0/24", 13335) == RPKI_VALID &&
				   state_of("1.0.0.0/25", 13335) == RPKI_INVALID_LENGTH &&
				   state_of("2001:dc0:1::/48", 4608) == RPKI_VALID,
			   "%s: its VRPs, %zu octets at a time", rows[i].name, piece);
			struct asn providers[4];
			ptrdiff_t n = rpki_aspa_providers(table, (struct asn){945}, providers, 4);
			ok(rows[i].aspas ? n == 3 && providers[0].number == 1299 : n == -1,
			   "%s: its ASPAs", rows[i].name);
			ok(counts.with_aspas == rows[i].aspas, "%s: whether it has them",
			   rows[i].name);
			rpki_table_free(table);
		}
}

#define ROA(x) "{\"roas\":[\n" x "\n]}"

static void
refused(void)
{
	static const struct {
		const char *text, *error;
	} rows[] = {
		{"", "line 1, column 1: it ends too early"},
		{"[]", "line 1, column 1: not an object"},
		{"{}", "line 1, column 3: no \"roas\" in it"},
		{"{\"roas\":{}}", "line 1, column 9: not a list"},
		{"{\"roas\":[1]}", "line 1, column 10: not a record"},
		{ROA("{\"asn\":1}"), "line 2, column 9: a ROA without a prefix"},
		{ROA("{\"prefix\":\"10.0.0.0/8\"}"),
		 "line 2, column 23: a ROA without an AS number"},
		{ROA("{\"prefix\":\"10.0.0.0/8\",\"asn\":\"ASx\"}"),
		 "line 2, column 30: not an AS number"},
		{ROA("{\"prefix\":\"10.0.0.0/8\",\"asn\":4294967296}"),
		 "line 2, column 30: not an AS number"},
		{ROA("{\"prefix\":\"10.0.0.0/8\",\"asn\":1.5}"),
		 "line 2, column 30: not an AS number"},
		{ROA("{\"prefix\":\"10.0.0.1/8\",\"asn\":1}"), "line 2, column 11: not a prefix"},
		{ROA("{\"prefix\":\"10.0.0.0/8\",\"asn\":1,\"maxLength\":7}"),
		 "line 2, column 45: a maxLength that does not fit the prefix"},
		{ROA("{\"prefix\":\"10.0.0.0/8\",\"asn\":1,\"maxLength\":33}"),
		 "line 2, column 46: a maxLength that does not fit the prefix"},
		{ROA("{\"prefix\":\"10.0.0.0/8\",\"asn\":1,\"maxLength\":\"8\"}"),
		 "line 2, column 44: not a length of a prefix"},
		{ROA("{\"prefix\":\"10.0.0.0/8\",\"asn\":1}") " x",
		 "line 3, column 4: no value may stand here"},
		{"{\"roas\":[{\"prefix\":\"10.0.0.0/8\",\"asn\":1},",
		 "line 1, column 42: it ends too early"},
		{"{\"roas\":[],\"aspas\":[{\"providers\":[1]}]}",
		 "line 1, column 37: an ASPA without a customer"},
		{"{\"roas\":[],\"aspas\":[{\"customer_asid\":1,\"providers\":[]}]}",
		 "line 1, column 54: an ASPA without providers"},
		{"{\"roas\":[],\"aspas\":[{\"customer_asid\":1,\"providers\":1}]}",
		 "line 1, column 52: not a list of providers"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin();
		load("{\"roas\":[{\"prefix\":\"192.0.2.0/24\",\"asn\":64500}]}", 0, NULL);
		is_str(load(rows[i].text, 0, NULL), rows[i].error, rows[i].text);
		is_str(load(rows[i].text, 1, NULL), rows[i].error, "the same in single octets");
		ok(state_of("192.0.2.0/24", 64500) == RPKI_VALID &&
			   state_of("10.0.0.0/8", 1) == RPKI_UNKNOWN,
		   "and the data from before stays");
		rpki_table_free(table);
	}
}

static void
counted(void)
{
	begin();
	struct vrp_json_counts c;
	load("{\"roas\":[{\"prefix\":\"192.0.2.0/24\",\"asn\":1,\"expires\":999},"
	     "{\"prefix\":\"192.0.2.0/24\",\"asn\":1,\"expires\":2000},"
	     "{\"prefix\":\"192.0.2.0/24\",\"asn\":2}],\"aspas\":[]}",
	     0, &c);
	ok(c.records == 3 && c.twice == 1 && c.expired == 1 && c.with_aspas,
	   "records, doubled and expired ones are counted");
	ok(state_of("192.0.2.0/24", 1) == RPKI_VALID, "expired ones are used");
	uint8_t path[] = {2, 2, 0, 0, 0, 1, 0, 0, 0, 2};
	ok(rpki_aspa_verify(table, cursor_of(path, sizeof(path))) == ASPA_UNKNOWN,
	   "an empty list of ASPAs says that there are none");
	rpki_table_free(table);
}

int
main(void)
{
	forms();
	refused();
	counted();
	return done_testing();
}
