/* JSON from outside is read strictly, and never beyond its end. */
#include "base/json_read.h"

#include <stdlib.h>

#include "base/json.h"
#include "tap.h"

/* The value written again by our own writer: escapes undone and made anew. */
static void
write(struct json *j, const struct json_value *v)
{
	switch (v->type) {
	case JSON_ARRAY:
		json_array(j, v->key);
		break;
	case JSON_OBJECT:
		json_object(j, v->key);
		break;
	case JSON_TEXT:
		json_str(j, v->key, v->text);
		return;
	case JSON_NUMBER:
		json_double(j, v->key, v->number);
		return;
	default:
		json_raw(j, v->key, v->raw, v->raw_length);
		return;
	}
	for (const struct json_value *item = v->first; item; item = item->next)
		write(j, item);
	if (v->type == JSON_ARRAY)
		json_array_end(j);
	else
		json_object_end(j);
}

static void
check(const char *source, const char *expected, const char *name)
{
	struct arena *arena = arena_new();
	/* Exactly as long as it is, so that a read beyond the end is seen. */
	size_t length = strlen(source);
	char *copy = malloc(length + (length == 0));
	memcpy(copy, source, length);
	const struct json_value *v = json_read(arena, copy, length);
	struct buf out = {0};
	struct json j = json_to(&out);
	if (v)
		write(&j, v);
	buf_u8(&out, 0);
	is_str(v ? (const char *)out.data : NULL, expected, name);
	buf_fini(&out);
	arena_free(arena);
	free(copy);
}

static void
deep(void)
{
	char text[2 * JSON_READ_DEPTH_MAX + 4] = "";
	for (int i = 0; i < JSON_READ_DEPTH_MAX; i++)
		strcat(text, "[");
	for (int i = 0; i < JSON_READ_DEPTH_MAX; i++)
		strcat(text, "]");
	check(text, text, "arrays as deep as they may be are read");
	char deeper[sizeof(text) + 2];
	snprintf(deeper, sizeof(deeper), "[%s]", text);
	check(deeper, NULL, "one deeper is refused");
}

static void
access(void)
{
	static const char source[] = "{\"a\":{\"b\":[1,\"x\",true,null]},\"a\":2}";
	struct arena *arena = arena_new();
	const struct json_value *v = json_read(arena, source, strlen(source));
	const struct json_value *item = json_read_first(json_read_get(json_read_get(v, "a"), "b"));
	double number = 0;
	ok(json_read_number(&number, item) && number == 1, "a path leads to a number");
	is_str(json_read_text(item->next), "x", "text is text");
	ok(json_read_is_true(item->next->next), "true is true");
	ok(json_read_is_null(item->next->next->next) && !item->next->next->next->next,
	   "null is null, and the last");
	ok(!json_read_get(json_read_get(v, "no"), "way") && !json_read_first(item) &&
		   !json_read_text(item) && json_read_is_null(NULL) && !json_read_is_true(NULL) &&
		   !json_read_number(&number, NULL),
	   "what is not there can be asked like what is");
	const struct json_value *a = json_read_get(v, "a");
	ok(a->raw_length == 23 && strncmp(a->raw, "{\"b\"", 4) == 0,
	   "a value says where it stands in its source");
	arena_free(arena);
}

int
main(void)
{
	static const struct {
		const char *name, *source, *expected;
	} cases[] = {
		{"an object", " { \"a\" : 1 , \"b\" : [ ] } ", "{\"a\":1,\"b\":[]}"},
		{"an empty object", "{}", "{}"},
		{"words", "[true,false,null]", "[true,false,null]"},
		{"numbers", "[0,-0.5,1e3,12E-1,1.5e+2]", "[0,-0.5,1000,1.2,150]"},
		{"text with escapes", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"",
		 "\"\\\"\\\\/\\u0008\\u000c\\u000a\\u000d\\u0009\xc3\xa9\""},
		{"a surrogate pair", "\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\""},
		{"half a pair is replaced", "\"\\ud83dx\"", "\"\xef\xbf\xbdx\""},
		{"half a pair before another escape", "\"\\ud83d\\u0041\"",
		 "\"\xef\xbf\xbd"
		 "A\""},
		{"a zero is replaced", "\"a\\u0000b\"",
		 "\"a\xef\xbf\xbd"
		 "b\""},
		{"nothing is refused", "", NULL},
		{"space is refused", "  ", NULL},
		{"two values are refused", "1 2", NULL},
		{"a trailing comma is refused", "[1,]", NULL},
		{"also in an object", "{\"a\":1,}", NULL},
		{"a missing comma is refused", "[1 2]", NULL},
		{"an open array is refused", "[1", NULL},
		{"an open text is refused", "\"abc", NULL},
		{"an open escape is refused", "\"abc\\", NULL},
		{"a short escape is refused", "\"\\u00", NULL},
		{"an unknown escape is refused", "\"\\x\"", NULL},
		{"a raw line break in text is refused", "\"a\nb\"", NULL},
		{"a key has to be text", "{1:2}", NULL},
		{"a key has to have a value", "{\"a\"}", NULL},
		{"a leading zero is refused", "01", NULL},
		{"a lone minus is refused", "-", NULL},
		{"a point without digits is refused", "1.", NULL},
		{"an exponent without digits is refused", "1e+", NULL},
		{"plus is refused", "+1", NULL},
		{"half a word is refused", "tru", NULL},
		{"another word is refused", "nil", NULL},
		{"brackets that do not match are refused", "[}", NULL},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check(cases[i].source, cases[i].expected, cases[i].name);
	deep();
	access();
	return done_testing();
}
