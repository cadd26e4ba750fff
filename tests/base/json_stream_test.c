/* Reading JSON in pieces: the same items however it is cut, the same verdict as the reader into a tree. */
#include "base/json_stream.h"

#include "base/json_read.h"
#include "tap.h"

static bool
write_item(void *context, const struct json_stream_item *item)
{
	static const char letters[] = "{}[]ktntf0";
	struct buf *b = context;
	buf_printf(b, "%u%c%.*s ", item->depth, letters[item->kind],
		   item->text ? (int)item->length : 0, item->text ? item->text : "");
	return true;
}

/* The items of a text fed in pieces, or its error. */
static const char *
items(const char *text, size_t piece)
{
	static struct buf b;
	buf_clear(&b);
	struct json_stream s = {.item = write_item, .context = &b};
	size_t length = strlen(text);
	for (size_t at = 0; at < length; at += piece)
		json_stream_feed(&s, text + at, piece < length - at ? piece : length - at);
	if (json_stream_end(&s) != 0) {
		buf_clear(&b);
		buf_str(&b, s.error);
	}
	buf_u8(&b, 0);
	json_stream_fini(&s);
	return (const char *)b.data;
}

static void
taken(void)
{
	static const struct {
		const char *text, *items;
	} rows[] = {
		{"1", "0n1 "},
		{" -12.5e+3 ", "0n-12.5e+3 "},
		{"\"a\\\"b\\u00e9\"", "0ta\\\"b\\u00e9 "},
		{"{}", "0{ 0} "},
		{"[]", "0[ 0] "},
		{"{\"a\":[1,true,false,null],\"b\":{\"c\":\"\"}}",
		 "0{ 1ka 1[ 2n1 2t 2f 20 1] 1kb 1{ 2kc 2t 1} 0} "},
		{"[\n[\r[\t[]]]]", "0[ 1[ 2[ 3[ 3] 2] 1] 0] "},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (size_t piece = 1; piece < 40; piece += piece < 4 ? 1 : 33)
			is_str(items(rows[i].text, piece), rows[i].items, rows[i].text);
}

static void
refused(void)
{
	static const struct {
		const char *text, *error;
	} rows[] = {
		{"", "line 1, column 1: it ends too early"},
		{"[1", "line 1, column 3: it ends too early"},
		{"\"abc", "line 1, column 1: it ends too early"},
		{"[1,]", "line 1, column 4: an end without its beginning"},
		{"{\"a\" 1}", "line 1, column 6: no number may stand here"},
		{"{1:2}", "line 1, column 2: no number may stand here"},
		{"{\"a\":1,}", "line 1, column 8: an end without its beginning"},
		{"[1}", "line 1, column 3: an end without its beginning"},
		{"]", "line 1, column 1: an end without its beginning"},
		{"01", "line 1, column 1: not a number of JSON"},
		{"-", "line 1, column 1: not a number of JSON"},
		{"1.", "line 1, column 1: not a number of JSON"},
		{"1e", "line 1, column 1: not a number of JSON"},
		{"tru", "line 1, column 1: neither text, number, true, false nor null"},
		{"\n\n  @", "line 3, column 3: neither text, number, true, false nor null"},
		{"1 2", "line 1, column 3: no number may stand here"},
		{"\"\\x\"", "line 1, column 1: text that is not of JSON"},
		{"\"\\u12g4\"", "line 1, column 1: text that is not of JSON"},
		{"\"a\nb\"", "line 1, column 1: text that is not of JSON"},
		{"[,1]", "line 1, column 2: no comma may stand here"},
		{"{:1}", "line 1, column 2: no colon may stand here"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		is_str(items(rows[i].text, 1), rows[i].error, rows[i].text);
		is_str(items(rows[i].text, 100), rows[i].error, "and at once");
		struct arena *arena = arena_new();
		ok(!json_read(arena, rows[i].text, strlen(rows[i].text)),
		   "the reader into a tree refuses it too");
		arena_free(arena);
	}
}

static void
deep(void)
{
	char text[2 * JSON_STREAM_DEPTH_MAX + 3];
	for (unsigned depth = JSON_STREAM_DEPTH_MAX; depth <= JSON_STREAM_DEPTH_MAX + 1; depth++) {
		memset(text, '[', depth);
		memset(text + depth, ']', depth);
		text[2 * depth] = '\0';
		bool good = strncmp(items(text, 7), "0[", 2) == 0;
		ok(good == (depth == JSON_STREAM_DEPTH_MAX), "%u levels", depth);
	}
}

int
main(void)
{
	taken();
	refused();
	deep();
	return done_testing();
}
