/* A bill becomes a PDF: its words are all in it in whatever script, its fonts are embedded, a long
 * one goes on over pages that carry their sums, and the same bill gives the same bytes. What is in
 * the PDF is read by poppler's tools. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/json_read.h"
#include "paper/paper_draw.h"
#include "paper/paper_html.h"
#include "paper/paper_invoice.h"
#include "paper/paper_note.h"
#include "paper/paper_statement.h"
#include "tap.h"

/* Cairo and fontconfig keep some of their caches to the end of the process. */
const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{
	return "leak:libcairo\nleak:libfontconfig\n";
}

enum { START = 1790812800, BINS = 31 * 288 }; /* 2026-10-01 */

struct bill {
	const char *name, *address;
	size_t lines;
	const char *amount; /* of each line; the same in minor units: */
	int64_t minor;
	bool open, simulated;
};

static void
write_money(struct json *j, const char *key, int64_t minor)
{
	json_money(j, key, (struct money){minor, {"USD"}});
}

static void
write_lines(struct json *j, const struct bill *bill)
{
	json_array(j, "lines");
	for (size_t i = 0; i < bill->lines; i++) {
		json_object(j, NULL);
		json_str(j, "text",
			 i % 7 ? "Port fee"
			       : "Committed rate of a port whose name is so long that it takes two "
				 "lines");
		json_str(j, "quantity", "60000.5");
		json_str(j, "unit", "Mbit/s");
		json_str(j, "price", "0.32");
		json_u64(j, "days", 31 - i % 3);
		json_u64(j, "days_in_month", 31);
		write_money(j, "amount", bill->minor);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
write_curve(struct json *j)
{
	json_array(j, "curve");
	for (int i = 0; i < BINS; i++) {
		json_array(j, NULL);
		json_i64(j, NULL, START + i * 300);
		bool missing = i >= 3000 && i < 3012;
		if (missing) {
			json_null(j, NULL);
			json_null(j, NULL);
		} else {
			json_u64(j, NULL, 30000000000u + (uint64_t)(i % 288) * 100000000u);
			json_u64(j, NULL, 9000000000u + (uint64_t)(i % 288) * 10000000u);
		}
		json_u64(j, NULL, missing ? 0 : i % 1000 == 0 ? 2 : 1);
		json_array_end(j);
	}
	json_array_end(j);
}

static void
write_parties(struct json *j, const struct bill *bill)
{
	json_object(j, "hub");
	json_str(j, "name", "Karachi Transit Exchange");
	json_u64(j, "asn", 64500);
	json_array(j, "address");
	json_str(j, NULL, "Landing Station House");
	json_array_end(j);
	json_str(j, "tax_name", "NTN");
	json_str(j, "tax_number", "0000000-0");
	json_object_end(j);
	json_object(j, "member");
	json_u64(j, "asn", 64522);
	json_str(j, "name", "Indus Delta");
	json_object(j, "bill_to");
	json_str(j, "name", bill->name);
	json_array(j, "address");
	json_str(j, NULL, bill->address);
	json_array_end(j);
	json_object_end(j);
	json_object_end(j);
}

static struct buf
bill_json(const struct bill *bill)
{
	struct buf out = {0};
	struct json json = json_to(&out), *j = &json;
	json_object(j, NULL);
	json_str(j, "number", "KTX-202610-64522-delta");
	json_str(j, "id", "KTX-I000017");
	json_str(j, "made", "2026-11-01T00:00:00Z");
	json_str(j, "date", "2026-11-01");
	json_str(j, "due_date", "2026-12-01");
	json_str(j, "from", "2026-10-01T00:00:00Z");
	json_str(j, "to", "2026-11-01T00:00:00Z");
	json_bool(j, "final", !bill->open);
	json_bool(j, "simulated", bill->simulated);
	write_parties(j, bill);
	json_array(j, "rules");
	json_str(j, NULL, "The larger of the two directions counts");
	json_array_end(j);
	json_object(j, "bins");
	json_u64(j, "expected", BINS);
	json_u64(j, "counter", BINS - 21);
	json_u64(j, "estimated", 9);
	json_u64(j, "missing", 12);
	json_object_end(j);
	json_u64(j, "bin_s", 300);
	json_u64(j, "n", BINS - 12);
	json_u64(j, "rank", BINS - 12 - (BINS - 12) / 20);
	json_u64(j, "p95_in_bps", 57200000000);
	json_u64(j, "p95_out_bps", 11700000000);
	json_u64(j, "commit_bps", 40000000000);
	json_u64(j, "billed_bps", 57200000000);
	write_lines(j, bill);
	write_money(j, "net", bill->minor * (int64_t)bill->lines);
	write_money(j, "tax", 0);
	write_money(j, "total", bill->minor * (int64_t)bill->lines);
	write_curve(j);
	json_object_end(j);
	return out;
}

/* Draws a bill; the PDF and what came of it. */
static struct buf
drawn(const struct bill *bill, struct paper_result *result)
{
	struct buf json = bill_json(bill), pdf = {0};
	struct arena *arena = arena_new();
	const struct json_value *value = json_read(arena, (char *)json.data, json.length);
	struct paper_document *document = value ? paper_invoice_make(arena, value) : NULL;
	if (!document || paper_draw(&pdf, document, result) < 0)
		printf("# %s\n", document ? result->trouble : "no document");
	arena_free(arena);
	buf_fini(&json);
	return pdf;
}

/* What a program of poppler's says of the PDF. */
static char *
said(const struct buf *pdf, const char *command)
{
	char path[] = "/tmp/paper_draw_testXXXXXX", line[256];
	static char text[1 << 20];
	int fd = mkstemp(path);
	text[0] = '\0';
	if (fd < 0)
		return text;
	bool written = write(fd, pdf->data, pdf->length) == (ssize_t)pdf->length;
	close(fd);
	(void)snprintf(line, sizeof(line), command, path);
	FILE *pipe = written ? popen(line, "r") : NULL;
	size_t length = pipe ? fread(text, 1, sizeof(text) - 1, pipe) : 0;
	text[length] = '\0';
	if (pipe)
		(void)pclose(pipe);
	(void)unlink(path);
	return text;
}

/* True if each character of `name` is somewhere in `text`. Letters of Nastaliq lie at many heights,
 * and readers of PDF do not agree on their order. */
static bool
all_letters(const char *text, const char *name)
{
	while (*name) {
		char letter[5] = {0};
		size_t length = 1;
		while (((unsigned char)name[length] & 0xc0) == 0x80)
			length++;
		memcpy(letter, name, length);
		if (letter[0] != ' ' && !strstr(text, letter))
			return false;
		name += length;
	}
	return true;
}

static void
without_spaces(char *text)
{
	char *to = text;
	for (; *text; text++)
		if (*text != ' ')
			*to++ = *text;
	*to = '\0';
}

static bool
in_one_piece(const char *text, const char *name)
{
	char stripped[256];
	(void)snprintf(stripped, sizeof(stripped), "%s", name);
	without_spaces(stripped);
	return strstr(text, stripped) != NULL;
}

static void
scripts(void)
{
	static const struct {
		const char *script, *name, *address, *font;
		bool by_letters;
	} cases[] = {
		{"Urdu", "سندھ ڈیلٹا براڈبینڈ لمیٹڈ", "شاہراہِ فیصل، کراچی", "Nastaliq", true},
		{"Georgian", "შპს კოლხეთის მაგისტრალი", "მაგალითის ქუჩა 1, თბილისი",
		 "NotoSansGeorgian", false},
		{"Kazakh", "«Дала магистралі» ЖШС", "Үлгі көшесі 1, Алматы қаласы", "NotoSans-",
		 false},
		{"Chinese", "红杨国际传输有限公司", "上海市浦东新区示例路1号", "NotoSansCJK",
		 false},
		{"Arabic", "شبكة البحر المحدودة", "شارع المثال ١", "NotoNaskhArabic", true},
		{"accented Latin", "Çöğüş Ağları A.Ş.", "Örnek Sokağı 1, Iğdır", "NotoSans-",
		 false},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bill bill = {cases[i].name, cases[i].address, 2, "19200.00", 1920000, false,
				    false};
		struct paper_result result;
		struct buf pdf = drawn(&bill, &result);
		ok(pdf.length && result.missing == 0, "%s: every character has a glyph",
		   cases[i].script);
		char *text = said(&pdf, "pdftotext -layout %s -");
		without_spaces(text);
		bool there = cases[i].by_letters ? all_letters(text, cases[i].name) &&
							   all_letters(text, cases[i].address)
						 : in_one_piece(text, cases[i].name) &&
							   in_one_piece(text, cases[i].address);
		ok(there, "%s: name and address are read out of the PDF", cases[i].script);
		char *fonts = said(&pdf, "pdffonts %s");
		ok(strstr(fonts, cases[i].font), "%s: its font is %s", cases[i].script,
		   cases[i].font);
		buf_fini(&pdf);
	}
}

static void
fonts_are_embedded(void)
{
	struct bill bill = {"红杨 სახლი", "كراتشي", 1, "1.00", 100, false, false};
	struct paper_result result;
	struct buf pdf = drawn(&bill, &result);
	char *line = said(&pdf, "pdffonts %s | tail -n +3 | awk '{print $(NF-4)}'");
	size_t fonts = 0, embedded = 0;
	for (char *word = strtok(line, "\n"); word; word = strtok(NULL, "\n")) {
		fonts++;
		embedded += strcmp(word, "yes") == 0;
	}
	ok(fonts >= 4 && embedded == fonts, "all %zu fonts are embedded", fonts);
	buf_fini(&pdf);
}

static bool
in_order(const char *text, const char *const *words)
{
	for (; *words; words++) {
		text = strstr(text, *words);
		if (!text)
			return false;
		text += strlen(*words);
	}
	return true;
}

static void
same_bytes(void)
{
	struct bill bill = {"红杨", "سندھ", 40, "1234.56", 123456, true, true};
	struct paper_result result;
	struct buf first = drawn(&bill, &result);
	sleep(1);
	struct buf second = drawn(&bill, &result);
	ok(first.length && first.length == second.length &&
		   memcmp(first.data, second.data, first.length) == 0,
	   "the same bill gives the same bytes a second later");
	ok(strstr(said(&first, "pdfinfo -isodates %s"), "CreationDate:    2026-11-01T00:00:00Z"),
	   "the PDF was made on the day of the invoice");
	char *text = said(&first, "pdftotext -layout %s -");
	ok(in_order(text, (const char *const[]){"Document", "KTX-I000017", "Date", "2026-11-01",
						"Due", "2026-12-01", NULL}),
	   "it bears its number in the journal, its date and the day it is due");
	ok(strstr(text, "not payable") && strstr(text, "the month is running"),
	   "that it is simulated and not final is said in words");
	bill.minor++;
	struct buf third = drawn(&bill, &result);
	ok(third.length != first.length || memcmp(first.data, third.data, first.length) != 0,
	   "another amount gives other bytes");
	buf_fini(&first);
	buf_fini(&second);
	buf_fini(&third);
}

/* "12 345.67" with the spaces that stand in the PDF, as minor units. */
static int64_t
amount_after(const char *text, const char *words)
{
	const char *at = strstr(text, words);
	int64_t minor = 0;
	for (at = at ? at + strlen(words) : ""; *at && *at != '\n'; at++)
		if (*at >= '0' && *at <= '9')
			minor = minor * 10 + (*at - '0');
	return minor;
}

static void
many_lines(void)
{
	struct bill bill = {"Almanac Cache", "Berlin", 200, "1234.56", 123456, false, false};
	struct paper_result result;
	struct buf pdf = drawn(&bill, &result);
	char command[128], words[32];
	bool whole = true, agree = true;
	int64_t brought = 0, before = 0;
	size_t items = 0, carried = 0;
	ok(result.pages >= 6, "200 charges take several pages: %u", result.pages);
	for (unsigned page = 1; page <= result.pages; page++) {
		(void)snprintf(command, sizeof(command), "pdftotext -layout -f %u -l %u %%s -",
			       page, page);
		char *text = said(&pdf, command);
		(void)snprintf(words, sizeof(words), "%u / %u\n", page, result.pages);
		whole &= strstr(text, words) != NULL;
		size_t here = 0;
		for (char *at = text; (at = strstr(at, "Port fee")); at++)
			here++;
		for (char *at = text; (at = strstr(at, "Committed rate of")); at++)
			here++;
		items += here;
		brought = amount_after(text, "Brought forward");
		agree &= brought == before;
		before = amount_after(text, "Carried forward");
		carried += before > 0;
		agree &= !before || before == brought + (int64_t)here * bill.minor;
	}
	ok(agree && carried >= 5, "each page begins with the sum that the one before ended with");
	ok(whole, "each page says which of how many it is");
	ok(items == bill.lines, "each charge stands on one page: %zu", items);
	ok(amount_after(said(&pdf, "pdftotext -layout %s - | grep -a -A0 '^ *Total '"), "Total") ==
		   bill.minor * 200,
	   "the total is that of all");
	buf_fini(&pdf);
}

static void
huge_amounts(void)
{
	struct bill bill = {"Almanac Cache", "Berlin", 1, "", INT64_MAX, false, false};
	struct paper_result result;
	struct buf pdf = drawn(&bill, &result);
	char *text = said(&pdf, "pdftotext -layout %s - | tr -d '[:space:]\302\240'");
	ok(strstr(text, "92233720368547758.07"), "the largest amount is written whole");
	buf_fini(&pdf);
}

static void
unknown_characters(void)
{
	struct bill bill = {"Name \ue001 of no font", "\ue002\ue001", 1, "1.00", 100, false, false};
	struct paper_result result;
	struct buf pdf = drawn(&bill, &result);
	ok(result.missing >= 1, "characters without a glyph are counted");
	char *text = said(&pdf, "pdftotext -layout %s -");
	ok(strstr(text, "no font") && (strstr(text, "U+E001") || strstr(text, "U+E002")),
	   "and named at the end of the document");
	buf_fini(&pdf);
}

static void
credit_note(void)
{
	static const char note[] =
		"{\"document\":\"credit-note\",\"id\":\"KTX-C000001\",\"date\":\"2026-11-21T12:22:"
		"27Z\","
		"\"invoice\":{\"id\":\"KTX-I000001\",\"number\":\"KTX-202610-64512-poplar\","
		"\"total\":"
		"{\"amount\":\"91802.40\",\"currency\":\"USD\"}},\"holder\":\"64512\",\"amount\":"
		"{\"amount\":\"100.00\",\"currency\":\"USD\"},\"lines\":[{\"account\":\"revenue:"
		"overage\","
		"\"amount\":{\"amount\":\"83.68\",\"currency\":\"USD\"}},{\"account\":\"tax\","
		"\"amount\":"
		"{\"amount\":\"16.32\",\"currency\":\"USD\"}}],\"reason\":\"an outage\"}";
	static const char parties[] = "{\"hub\":{\"name\":\"KTX\",\"asn\":64500},\"member\":{"
				      "\"asn\":64512,\"name\":\"红杨\"}}";
	struct arena *arena = arena_new();
	const struct json_value *value = json_read(arena, note, sizeof(note) - 1);
	struct paper_document *document =
		paper_note_make(arena, value, json_read(arena, parties, sizeof(parties) - 1));
	struct paper_result result;
	struct buf pdf = {0};
	is_str(paper_note_holder(value), "64512", "a credit note says whose it is");
	ok(document && paper_draw(&pdf, document, &result) == 0 && result.pages == 1,
	   "and is one page");
	char *text = said(&pdf, "pdftotext -layout %s -");
	ok(strstr(text, "Credit note") && strstr(text, "KTX-C000001") && strstr(text, "红杨") &&
		   strstr(text, "KTX-202610-64512-poplar") && strstr(text, "Overage") &&
		   strstr(text, "83.68") && strstr(text, "an outage"),
	   "with what it corrects, whose, how much and why");
	struct buf page = {0};
	paper_html(&page, document);
	buf_u8(&page, 0);
	const char *html = (const char *)page.data;
	ok(strstr(html, "<title>Credit note KTX-C000001</title>") && strstr(html, "红杨") &&
		   strstr(html, "KTX-202610-64512-poplar") && strstr(html, "83.68") &&
		   strstr(html, "an outage") && !strstr(html, "<script") && !strstr(html, "src="),
	   "as a page it says the same, and asks for nothing");
	buf_fini(&page);
	ok(!paper_invoice_make(arena, value) && !paper_note_make(arena, NULL, NULL),
	   "it is no bill, and nothing is no credit note");
	struct paper_document *unknown = paper_note_make(arena, value, NULL);
	buf_clear(&pdf);
	ok(unknown && paper_draw(&pdf, unknown, &result) == 0,
	   "of a member that is gone it is drawn without the name");
	buf_fini(&pdf);
	arena_free(arena);
}

enum { PARTS = 150, SHARE = 123456 };

/* A party's statement with many shares; in a second currency too if that is wanted. */
static struct buf
statement_json(bool mixed)
{
	struct buf out = {0};
	struct json json = json_to(&out), *j = &json;
	json_object(j, NULL);
	json_str(j, "document", "settlement-statement");
	json_str(j, "settlement", "KTX-S000003");
	json_str(j, "month", "2026-10");
	json_str(j, "time", "2026-11-02T09:00:00Z");
	json_str(j, "party", "georgia");
	json_str(j, "name", "შპს კოლხეთის მაგისტრალი");
	json_str(j, "tax_number", "000-1");
	json_str(j, "bank", "Bank of Colchis");
	json_str(j, "account", "GE00XX0000000000000001");
	json_array(j, "parts");
	for (int i = 0; i < PARTS; i++) {
		json_object(j, NULL);
		json_str(j, "invoice", "KTX-I000017");
		json_str(j, "month", "2026-10");
		json_str(j, "contract", "poplar-2026");
		json_str(j, "segment", "S7");
		json_str(j, "rule", i ? "km" : "percent");
		json_u64(j, "weight", i ? 1234567 : 1250);
		json_str(j, "currency", mixed && i % 2 ? "EUR" : "USD");
		json_str(j, "revenue", "91802.40 USD");
		json_str(j, "share", "1234.56");
		json_object_end(j);
	}
	json_array_end(j);
	json_array(j, "statements");
	for (int i = 0; i < 1 + mixed; i++) {
		json_object(j, NULL);
		json_str(j, "currency", i ? "EUR" : "USD");
		json_str(j, "share", "185184.00");
		json_str(j, "collected", "0.00");
		json_str(j, "dues_in", "0.00");
		json_str(j, "dues_out", mixed ? "0.00" : "500.00");
		json_str(j, "net", i ? "-92592.00" : mixed ? "92592.00" : "184684.00");
		json_object_end(j);
	}
	json_array_end(j);
	json_array(j, "dues");
	if (!mixed) {
		json_object(j, NULL);
		json_str(j, "text", "Upkeep of the landing station");
		json_str(j, "from", "georgia");
		json_str(j, "from_name", "us");
		json_str(j, "to", "hub");
		json_str(j, "to_name", "Karachi Transit Exchange");
		write_money(j, "amount", 50000);
		json_object_end(j);
	}
	json_array_end(j);
	json_array(j, "transfers");
	json_object(j, NULL);
	json_str(j, "from", "hub");
	json_str(j, "from_name", "Karachi Transit Exchange");
	json_str(j, "to", "georgia");
	json_str(j, "to_name", "Colchis");
	write_money(j, "amount", 18468400);
	json_object_end(j);
	json_array_end(j);
	json_object_end(j);
	return out;
}

static struct buf
drawn_statement(bool mixed, struct paper_result *result)
{
	static const char hub[] = "{\"hub\":{\"name\":\"Karachi Transit Exchange\",\"asn\":64500}}";
	struct buf json = statement_json(mixed), pdf = {0};
	struct arena *arena = arena_new();
	const struct json_value *value = json_read(arena, (char *)json.data, json.length);
	struct paper_document *document =
		paper_statement_make(arena, value, json_read(arena, hub, sizeof(hub) - 1));
	if (!document || paper_draw(&pdf, document, result) < 0)
		printf("# %s\n", document ? result->trouble : "no document");
	ok(!paper_invoice_make(arena, value) && !paper_note_make(arena, value, NULL),
	   "a statement is neither bill nor credit note");
	arena_free(arena);
	buf_fini(&json);
	return pdf;
}

static void
statement(void)
{
	struct paper_result result;
	struct buf pdf = drawn_statement(false, &result), again = drawn_statement(false, &result);
	ok(result.pages >= 4 && result.missing == 0, "150 shares take several pages: %u",
	   result.pages);
	ok(pdf.length == again.length && memcmp(pdf.data, again.data, pdf.length) == 0,
	   "the same statement gives the same bytes");
	char *text = said(&pdf, "pdftotext -layout %s -");
	ok(in_order(text, (const char *const[]){"Settlement statement",
						"KTX-S000003",
						"კოლხეთის",
						"000-1",
						"KTX-I000017",
						"segment S7",
						"a percentage",
						"12.50",
						"by length",
						"1 234.567",
						"Carried forward",
						"Brought forward",
						"Upkeep of the landing station, to Karachi",
						"-500.00",
						"Shares",
						"185 184.00",
						"Dues from you",
						"You are paid",
						"184 684.00",
						"Bank of Colchis",
						"pays",
						"184 684.00",
						NULL}),
	   "whose it is, each share by its rule, dues, sums and transfers stand in it");
	size_t shares = 0;
	for (char *at = text; (at = strstr(at, "KTX-I000017")); at++)
		shares++;
	is_int((long long)shares, PARTS, "each share is there");
	char *carried = text;
	for (char *at = text; (at = strstr(at, "Carried forward")); at++)
		carried = at;
	ok(amount_after(carried, "Carried forward") % SHARE == 0,
	   "what is carried over is a sum of whole shares");
	char *line = said(&pdf, "pdffonts %s | tail -n +3 | awk '{print $(NF-4)}' | sort -u");
	is_str(line, "yes\n", "its fonts are embedded");
	buf_fini(&pdf);
	buf_fini(&again);
	pdf = drawn_statement(true, &result);
	text = said(&pdf, "pdftotext -layout %s -");
	ok(result.pages >= 4 && !strstr(text, "Carried forward") &&
		   in_order(text, (const char *const[]){"You are paid", "92 592.00 USD", "You pay",
							"92 592.00 EUR", NULL}),
	   "two currencies are never added");
	buf_fini(&pdf);
}

/* What stands in a document is not trusted to be of its form. */
static void
odd_statement(void)
{
	static const char text[] = "{\"document\":\"settlement-statement\",\"settlement\":\"x\","
				   "\"party\":\"y\",\"time\":"
				   "\"never\",\"parts\":[1,[],{},{\"weight\":-1,\"rule\":\"km\","
				   "\"share\":5}],\"statements\":"
				   "[3,{}],\"before\":{\"a\":1},\"dues\":[{},{\"amount\":{"
				   "\"amount\":\"\"}}],\"transfers\":[1,{}]}";
	struct arena *arena = arena_new();
	struct paper_document *document =
		paper_statement_make(arena, json_read(arena, text, sizeof(text) - 1), NULL);
	struct paper_result result;
	struct buf pdf = {0};
	ok(document && paper_draw(&pdf, document, &result) == 0 && result.pages == 1,
	   "an odd statement is drawn as far as it goes");
	ok(!paper_statement_make(arena, NULL, NULL), "nothing is no statement");
	buf_fini(&pdf);
	arena_free(arena);
}

static void
not_a_bill(void)
{
	static const char *const texts[] = {
		"[]", "{}", "{\"number\":1}", "{\"number\":\"x\"}",
		"{\"number\":\"x\",\"total\":3,\"lines\":[1,[],{}],"
		"\"curve\":[1,[2]],\"bin_s\":0,\"hub\":[],\"from\":\"x\"}"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct arena *arena = arena_new();
		const struct json_value *value = json_read(arena, texts[i], strlen(texts[i]));
		struct paper_document *document = paper_invoice_make(arena, value);
		struct paper_result result;
		struct buf pdf = {0};
		bool drawable = document && paper_draw(&pdf, document, &result) == 0;
		ok(drawable == (i == 4), "%s is %s", texts[i],
		   i == 4 ? "drawn as far as it goes" : "no bill");
		buf_fini(&pdf);
		arena_free(arena);
	}
}

int
main(void)
{
	scripts();
	fonts_are_embedded();
	same_bytes();
	many_lines();
	huge_amounts();
	unknown_characters();
	credit_note();
	statement();
	odd_statement();
	not_a_bill();
	return done_testing();
}
