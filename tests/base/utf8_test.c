/* Which texts are one line that shows as it is written. */
#include "base/utf8.h"

#include "tap.h"

static const struct {
	const char *name, *text;
	bool line;
} cases[] = {
	{"no text", "", true},
	{"plain letters", "Wrong port, see ticket 12", true},
	{"Urdu with a joiner and a mark", "\xda\xa9\xe2\x80\x8c\xd8\xb1\xe2\x80\x8f", true},
	{"a mark of Arabic letters", "a\xd8\x9c", true},
	{"Chinese, and what lies beyond 16 bits", "\xe4\xb8\xad\xf0\x9f\x9a\xa2", true},
	{"the last character before the surrogates", "\xed\x9f\xbf", true},
	{"the first before the overrides, and the one behind", "\xe2\x80\xaf\xe2\x81\xaa", true},
	{"a tab", "a\tb", false},
	{"an end of line", "a\nb", false},
	{"delete", "\x7f", false},
	{"a control of ISO 6429", "\xc2\x85", false},
	{"a line separator", "a\xe2\x80\xa8", false},
	{"a paragraph separator", "a\xe2\x80\xa9", false},
	{"an embedding", "\xe2\x80\xaa", false},
	{"an override",
	 "lia\xe2\x80\xae"
	 "elbaliav",
	 false},
	{"an isolate", "\xe2\x81\xa6", false},
	{"its end", "\xe2\x81\xa9", false},
	{"a byte order mark", "\xef\xbb\xbf", false},
	{"no character", "\xef\xbf\xbf", false},
	{"half a character", "a\xe2\x80", false},
	{"a surrogate", "\xed\xa0\x80", false},
	{"an overlong form", "\xc0\xaf", false},
};

int
main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ok(utf8_is_line(cases[i].text) == cases[i].line, "%s is %s", cases[i].name,
		   cases[i].line ? "a line" : "refused");
	return done_testing();
}
