/* Texts of counters cut into pieces: every row gets there once, or is refused with its line. */
#include "net/push.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

/* Goes through a text; each piece is written as its rows with | between, and ; behind. A row with an
 * x in it is refused by the other side. The whole is in `out`, the answer in `answer`. */
static void
play(bool csv, const char *text, char *out, size_t room, char answer[2048])
{
	static struct push p;
	const struct buf *piece;
	size_t used = 0;
	out[0] = '\0';
	push_init(&p, csv, text, strlen(text));
	while ((piece = push_next(&p))) {
		struct buf reply = {0};
		const char *row = (const char *)piece->data, *end = row + piece->length;
		size_t good = 0, rows = 0;
		ok(piece->length <= PUSH_PIECE_MAX && end[-1] == '\n' && p.row_count <= PUSH_ROWS,
		   "a piece is of whole lines, and not too long");
		if (csv)
			row = strchr(row, '\n') + 1;
		ok(!csv || (row[-2] == 'h' && row - (const char *)piece->data == 2),
		   "it begins with the header, if there is one");
		buf_str(&reply, "{\"refused\":[");
		const char *comma = "";
		while (row < end) {
			size_t length =
				(size_t)((const char *)memchr(row, '\n', (size_t)(end - row)) -
					 row);
			used += (size_t)snprintf(out + used, room - used, "%.*s%s", (int)length,
						 row, row + length + 1 < end ? "|" : ";");
			rows++;
			if (memchr(row, 'x', length)) {
				buf_printf(&reply, "%s{\"row\":%zu,\"reason\":\"an x\"}", comma,
					   rows);
				comma = ",";
			} else {
				good++;
			}
			row += length + 1;
		}
		buf_printf(&reply, "],\"results\":{\"counted\":%zu}}", good);
		push_answered(&p, (const char *)reply.data, reply.length);
		buf_fini(&reply);
	}
	struct buf result = {0};
	push_result(&p, &result);
	snprintf(answer, 2048, "%.*s", (int)result.length, (const char *)result.data);
	buf_fini(&result);
	push_fini(&p);
}

static void
small_texts(void)
{
	static const struct {
		const char *name;
		bool csv;
		const char *text, *sent, *answer;
	} cases[] = {
		{"rows of CSV", true, "h\na\nb\n", "a|b;",
		 "{\"rows\":2,\"refused\":0,\"results\":{\"counted\":2},\"refusals\":[]}\n"},
		{"empty lines, no newline at the end, a refusal", true, "\n\nh\r\n\r\nx\r\n\n\tb",
		 "x| b;",
		 "{\"rows\":2,\"refused\":1,\"results\":{\"counted\":1},\"refusals\":[{\"line\":5,"
		 "\"reason\":\"an x\"}]}\n"},
		{"a header alone is asked about", true, "h\n", "",
		 "{\"rows\":0,\"refused\":0,\"results\":{\"counted\":0},\"refusals\":[]}\n"},
		{"nothing", true, "", "",
		 "{\"rows\":1,\"refused\":1,\"results\":{},\"refusals\":[{\"line\":1,"
		 "\"reason\":\"there is nothing in it\"}]}\n"},
		{"blanks", true, " \n\t\r\n", "",
		 "{\"rows\":1,\"refused\":1,\"results\":{},\"refusals\":[{\"line\":1,"
		 "\"reason\":\"there is nothing in it\"}]}\n"},
		{"an empty list says that there is nothing", false, "[]", "",
		 "{\"rows\":0,\"refused\":0,\"results\":{},\"refusals\":[]}\n"},
		{"a list of objects", false, "[{\"a\":1},\n {\"b\":\n[2,{}]}]\n",
		 "{\"a\":1}|{\"b\": [2,{}]};",
		 "{\"rows\":2,\"refused\":0,\"results\":{\"counted\":2},\"refusals\":[]}\n"},
		{"objects one after the other, brackets in texts", false,
		 "{\"a\":\"}\\\"{\"}\n{\"x\":\"[\"}", "{\"a\":\"}\\\"{\"}|{\"x\":\"[\"};",
		 "{\"rows\":2,\"refused\":1,\"results\":{\"counted\":1},\"refusals\":[{\"line\":2,"
		 "\"reason\":\"an x\"}]}\n"},
		{"half an object", false, "[{\"a\":1},\n{\"b\":", "{\"a\":1};",
		 "{\"rows\":2,\"refused\":1,\"results\":{\"counted\":1},\"refusals\":[{\"line\":2,"
		 "\"reason\":\"from here on it is no JSON\"}]}\n"},
		{"a list that does not end", false, "[{\"a\":1},\n", "{\"a\":1};",
		 "{\"rows\":2,\"refused\":1,\"results\":{\"counted\":1},\"refusals\":[{\"line\":2,"
		 "\"reason\":\"the list does not end\"}]}\n"},
		{"lists in lists", false, "[[[[[[[[", "",
		 "{\"rows\":1,\"refused\":1,\"results\":{},\"refusals\":[{\"line\":1,"
		 "\"reason\":\"from here on it is no JSON\"}]}\n"},
		{"something behind the list", false, "[{\"a\":1}]\n{\"b\":2}", "{\"a\":1};",
		 "{\"rows\":2,\"refused\":1,\"results\":{\"counted\":1},\"refusals\":[{\"line\":2,"
		 "\"reason\":\"from here on it is no JSON\"}]}\n"},
		{"no JSON at all", false, "hello", "",
		 "{\"rows\":1,\"refused\":1,\"results\":{},\"refusals\":[{\"line\":1,"
		 "\"reason\":\"from here on it is no JSON\"}]}\n"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char sent[1024], answer[2048];
		play(cases[i].csv, cases[i].text, sent, sizeof(sent), answer);
		is_str(sent, cases[i].sent, cases[i].name);
		is_str(answer, cases[i].answer, "and its answer");
	}
}

/* Octets of a program, without a line end: a header that the other side knows nothing of. */
static void
binary(void)
{
	static const char text[] = "\x7f"
				   "ELF\0\1\2\xff";
	static struct push p;
	struct buf result = {0};
	push_init(&p, true, text, sizeof(text) - 1);
	ok(push_next(&p) && p.row_count == 0, "what is no text is asked about as a header");
	push_refused(&p, "the header is none");
	ok(!push_next(&p), "once");
	push_result(&p, &result);
	buf_u8(&result, 0);
	is_str((char *)result.data,
	       "{\"rows\":1,\"refused\":1,\"results\":{},\"refusals\":[{\"line\":1,"
	       "\"reason\":\"the header is none\"}]}\n",
	       "and refused");
	buf_fini(&result);
	push_fini(&p);
}

/* `count` rows of `length` octets. */
static void
large_text(size_t count, size_t length)
{
	char *text = malloc(count * (length + 1) + 3), *at = text;
	char *sent = malloc(count * (length + 2) + 1), answer[2048];
	size_t rows = 0;
	at += sprintf(at, "h\n");
	for (size_t i = 0; i < count; i++) {
		at += sprintf(at, "%06zu", i);
		memset(at, 'a', length - 6);
		at += length - 6;
		*at++ = '\n';
	}
	*at = '\0';
	play(true, text, sent, count * (length + 2) + 1, answer);
	bool ordered = true;
	for (char *c = sent; *c; c++) {
		ordered &= (size_t)atol(c) == rows++;
		c = strpbrk(c, "|;");
	}
	ok(ordered && rows == count, "%zu rows of %zu octets, each once and in order", count,
	   length);
	free(text);
	free(sent);
}

static void
too_long(void)
{
	char text[PUSH_ROW_MAX + 64], sent[1024], answer[2048];
	size_t length = (size_t)sprintf(text, "h\na\n");
	memset(text + length, 'b', PUSH_ROW_MAX + 1);
	strcpy(text + length + PUSH_ROW_MAX + 1, "\nc\n");
	play(true, text, sent, sizeof(sent), answer);
	is_str(sent, "a|c;", "a row that is too long is left out");
	is_str(answer,
	       "{\"rows\":3,\"refused\":1,\"results\":{\"counted\":2},\"refusals\":[{\"line\":3,"
	       "\"reason\":\"it is too long\"}]}\n",
	       "and said so");
}

static void
forms(void)
{
	static const struct {
		const char *text;
		bool json;
	} cases[] = {{"{\"a\":1}", true}, {" \r\n\t[{}]", true}, {"port,time\n", false},
		     {"p{,[\n", false},   {"", false},           {" \n", false}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ok(push_is_json(cases[i].text, strlen(cases[i].text)) == cases[i].json,
		   "text %zu is %s", i, cases[i].json ? "JSON" : "CSV");
}

int
main(void)
{
	forms();
	small_texts();
	binary();
	large_text(1000, 20);
	large_text(100, 1000);
	large_text(400, 216); /* a piece would be full but for the last newline */
	large_text(10, PUSH_ROW_MAX);
	too_long();
	return done_testing();
}
