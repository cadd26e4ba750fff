/* JSON comes out whole, exact, and never with what RFC 8259 does not allow. */
#include "base/json.h"

#include <math.h>

#include "tap.h"

static const char *
text_of(struct buf *b)
{
	buf_u8(b, 0);
	return (const char *)b->data;
}

static void
structure(void)
{
	struct buf b = {0};
	struct json j = json_to(&b);
	json_object(&j, NULL);
	json_array(&j, "empty");
	json_array_end(&j);
	json_array(&j, "list");
	json_i64(&j, NULL, -1);
	json_object(&j, NULL);
	json_object_end(&j);
	json_str(&j, NULL, NULL);
	json_array_end(&j);
	json_bool(&j, "yes", true);
	json_bool(&j, "no", false);
	json_null(&j, "nothing");
	json_object_end(&j);
	is_str(text_of(&b),
	       "{\"empty\":[],\"list\":[-1,{},null],\"yes\":true,\"no\":false,\"nothing\":null}",
	       "commas stand where they belong");
	buf_fini(&b);
}

static void
strings(void)
{
	static const struct {
		const char *name, *text, *expected;
	} cases[] = {
		{"plain text", "abc", "\"abc\""},
		{"quotes and backslashes", "a\"b\\c", "\"a\\\"b\\\\c\""},
		{"control characters", "a\n\t\x01\x7f", "\"a\\u000a\\u0009\\u0001\\u007f\""},
		{"letters beyond ASCII", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x8c\x8d",
		 "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x8c\x8d\""},
		{"an octet that is no UTF-8", "a\xff", "\"a\xef\xbf\xbd\""},
		{"an overlong form", "\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
		{"a surrogate", "\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
		{"beyond U+10FFFF", "\xf4\x90\x80\x80",
		 "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
		{"a sequence that is cut short", "\xe2\x82", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
		{"nothing", "", "\"\""},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf b = {0};
		struct json j = json_to(&b);
		json_str(&j, NULL, cases[i].text);
		is_str(text_of(&b), cases[i].expected, cases[i].name);
		buf_fini(&b);
	}
}

static void
numbers(void)
{
	struct buf b = {0};
	struct json j = json_to(&b);
	json_array(&j, NULL);
	json_u64(&j, NULL, UINT64_MAX);
	json_i64(&j, NULL, INT64_MIN);
	json_double(&j, NULL, 0.1);
	json_double(&j, NULL, (double)NAN);
	json_double(&j, NULL, (double)INFINITY);
	json_fixed(&j, NULL, 86.26, 1);
	json_fixed(&j, NULL, (double)-INFINITY, 1);
	json_array_end(&j);
	is_str(text_of(&b), "[18446744073709551615,-9223372036854775808,0.1,null,null,86.3,null]",
	       "integers are exact, and there are no infinities");
	buf_fini(&b);
}

static void
nouns(void)
{
	struct buf b = {0};
	struct json j = json_to(&b);
	struct prefix p;
	ok(prefix_parse(&p, "2001:db8::/32") == 0, "a prefix is read");
	json_object(&j, NULL);
	json_ip(&j, "ip", ip_v4(0xc0000201));
	json_ip(&j, "none", (struct ip){0});
	json_prefix(&j, "prefix", p);
	json_utc(&j, "then", (struct utc_s){86400});
	json_utc(&j, "never", (struct utc_s){0});
	json_money(&j, "money", (struct money){-1205, {"USD"}});
	json_object_end(&j);
	is_str(text_of(&b),
	       "{\"ip\":\"192.0.2.1\",\"none\":null,\"prefix\":\"2001:db8::/32\","
	       "\"then\":\"1970-01-02T00:00:00Z\",\"never\":null,"
	       "\"money\":{\"amount\":\"-12.05\",\"currency\":\"USD\"}}",
	       "addresses, times and money have their forms");
	buf_fini(&b);
}

int
main(void)
{
	structure();
	strings();
	numbers();
	nouns();
	return done_testing();
}
