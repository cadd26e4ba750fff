/* Dumps of whois data: what is read of them, and what is believed. */
#include "registry/registry_dump.h"

#include <bzlib.h>

#include "tap.h"

static int
read_text(struct registry_records *records, enum registry_dump_kind kind, const char *text)
{
	return registry_records_read(records, kind, text, strlen(text));
}

static const char *
text_of(const struct registry_records *records)
{
	static char text[1024];
	struct buf to = {0};
	char prefix[PREFIX_TEXT];
	for (size_t i = 0; i < records->count; i++)
		buf_printf(&to, "%s%s AS%u %u", i ? ", " : "",
			   prefix_format(prefix, records->list[i].prefix),
			   records->list[i].origin.number, records->list[i].sources);
	(void)snprintf(text, sizeof(text), "%.*s", (int)to.length, (const char *)to.data);
	buf_fini(&to);
	return text;
}

static const char arin[] =
	"{\"json_schema\":\"0.1.0\",\"source\":\"ARIN-WHOIS\",\"whois_records\":{\"v4\":["
	"{\"prefix\":\"192.0.2.0/24\",\"originas\":\"AS64501\",\"name\":\"X\"}],"
	"\"v6\":[{\"prefix\":\"2001:db8::/32\",\"originas\":\"AS4200000000\"},"
	"{\"prefix\":\"2001:db8:0:1::/64\",\"originas\":\"AS64501\"}]}}";

static void
reading(void)
{
	struct registry_records records = {0};
	ok(read_text(&records, REGISTRY_DUMP_ARIN, arin) == 0, "ARIN's is read");
	is_str(text_of(&records), "192.0.2.0/24 AS64501 1, 2001:db8::/32 AS4200000000 1",
	       "prefixes and origins, but those that are too long to be announced");
	registry_records_fini(&records);
	char packed[2048];
	unsigned length = sizeof(packed);
	(void)BZ2_bzBuffToBuffCompress(packed, &length, (char *)arin, sizeof(arin) - 1, 9, 0, 0);
	ok(registry_records_read(&records, REGISTRY_DUMP_ARIN, packed, length) == 0 &&
		   records.count == 2,
	   "packed as well");
	registry_records_fini(&records);
	ok(registry_records_read(&records, REGISTRY_DUMP_ARIN, packed, length - 9) == -1,
	   "a packed one that is cut short is none");
	registry_records_fini(&records);
	ok(read_text(&records, REGISTRY_DUMP_REGISTRO_BR,
		     "AS64501|Holder One|00.000|192.0.2.0/24|198.51.100.0/24\r\n\n"
		     "AS64502|Holder Two|00.001\nAS64503|H|0|2001:db8::/32") == 0,
	   "Registro.br's is read");
	is_str(text_of(&records),
	       "192.0.2.0/24 AS64501 2, 198.51.100.0/24 AS64501 2, 2001:db8::/32 AS64503 2",
	       "all prefixes of a line, and none where there is none");
	registry_records_fini(&records);
}

static void
spoilt(void)
{
	static const struct {
		enum registry_dump_kind kind;
		const char *text;
	} cases[] = {
		{REGISTRY_DUMP_ARIN, ""},
		{REGISTRY_DUMP_ARIN, "<html>503</html>"},
		{REGISTRY_DUMP_ARIN, "{}"},
		{REGISTRY_DUMP_ARIN, "{\"whois_records\":[]}"},
		{REGISTRY_DUMP_ARIN, "{\"whois_records\":{\"v4\":{}}}"},
		{REGISTRY_DUMP_ARIN,
		 "{\"whois_records\":{\"v4\":[{\"prefix\":\"192.0.2.0/24\"}]}}"},
		{REGISTRY_DUMP_ARIN, "{\"whois_records\":{\"v4\":[{\"prefix\":\"192.0.2.1/24\","
				     "\"originas\":\"AS1\"}]}}"},
		{REGISTRY_DUMP_ARIN, "{\"whois_records\":{\"v4\":[{\"prefix\":\"192.0.2.0/24\","
				     "\"originas\":\"64501\"}]}}"},
		{REGISTRY_DUMP_ARIN, "{\"whois_records\":{\"v4\":[{\"prefix\":\"192.0.2.0/24\","
				     "\"originas\":\"AS0\"}]}}"},
		{REGISTRY_DUMP_REGISTRO_BR, ""},
		{REGISTRY_DUMP_REGISTRO_BR, "<html>503</html>"},
		{REGISTRY_DUMP_REGISTRO_BR, "AS64501|x"},
		{REGISTRY_DUMP_REGISTRO_BR, "64501|x|y|192.0.2.0/24"},
		{REGISTRY_DUMP_REGISTRO_BR, "AS64501|x|y|192.0.2.0/33"},
		{REGISTRY_DUMP_REGISTRO_BR, "AS64501|x|y|z"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct registry_records records = {0};
		ok(read_text(&records, cases[i].kind, cases[i].text) == -1, "\"%s\" is no dump",
		   cases[i].text);
		registry_records_fini(&records);
	}
}

static void
believing(void)
{
	struct registry_dump dump = {0};
	struct registry_records records = {0};
	struct registry_moment now = {{0}, {1000}};
	(void)read_text(&records, REGISTRY_DUMP_REGISTRO_BR,
			"AS1|a|b|192.0.2.0/24|198.51.100.0/24|203.0.113.0/24");
	ok(registry_dump_answered(&dump, &records, 21600, now) && dump.known.count == 3 &&
		   !records.count,
	   "the first one is taken");
	ok(dump.due.us == INT64_C(21600) * 1000000, "and asked for again when it is time");
	(void)read_text(&records, REGISTRY_DUMP_REGISTRO_BR, "AS1|a|b|192.0.2.0/24");
	ok(!registry_dump_answered(&dump, &records, 21600, now) && dump.known.count == 3,
	   "one with less than half of it is not believed");
	is_str(dump.error, "only 1 records, where there were 3", "and that is said");
	ok(dump.due.us == INT64_C(60) * 1000000, "it is tried again soon");
	for (unsigned i = 0; i < 9; i++)
		registry_dump_failed(&dump, "no answer", 21600, now);
	ok(dump.due.us == INT64_C(3600) * 1000000 && dump.there && dump.failures == 10,
	   "and at longer and longer intervals; what was known stays");
	(void)read_text(&records, REGISTRY_DUMP_REGISTRO_BR,
			"AS1|a|b|192.0.2.0/24|198.51.100.0/24");
	ok(registry_dump_answered(&dump, &records, 21600, now) && dump.known.count == 2 &&
		   !dump.failures && !dump.error[0],
	   "a plausible one is taken");
	registry_records_fini(&dump.known);
}

int
main(void)
{
	reading();
	spoilt();
	believing();
	return done_testing();
}
