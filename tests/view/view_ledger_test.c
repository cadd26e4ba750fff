/* What is shown of an invoice: the same numbers in every form, and nothing that breaks it. */
#include "view/view_ledger.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

#include "tap.h"
#include "view/view_text.h"

enum { BINS = 8640 };

static uint32_t ports[] = {0, 1};
static struct hub_port hub_ports[] = {{.id = "p0"}, {.id = "p,1\""}};
static struct hub_contact contacts[] = {{"billing", "pay@example.net", NULL}};
static struct hub_member members[] = {{
	.asn = {64501},
	.name = "<b>Kōkō & \"Sons\", Ltd</b>",
	.country = {"PK"},
	.contacts = contacts,
	.contact_count = 1,
	.port_count = 2,
}};
static struct hub_contract contracts[] = {{
	.id = "c1",
	.kind = HUB_COMMIT,
	.currency = {"USD"},
	.monthly = {350000, {"USD"}},
	.overage = {500000, {"USD"}},
	.commit_bps = 1000000000,
	.tax_basis_points = 1800,
	.ports = ports,
	.port_count = 2,
	.percentile = {.rank = 9500},
}};
static const struct hub hub = {
	.name = "Test Hub",
	.short_name = "TST",
	.asn = {64500},
	.members = members,
	.member_count = 1,
	.ports = hub_ports,
	.port_count = 2,
	.contracts = contracts,
	.contract_count = 1,
	.bin_length_s = 300,
};

/* In bin i the rate in is i Mbit/s, out half of it; the first hundred are missing, the next hundred
 * estimated. */
static struct ledger_series
the_series(void)
{
	struct ledger_series series;
	if (ledger_series_init(&series, utc_month_start(2026, 11), utc_month_start(2026, 12), 300) <
	    0)
		abort();
	for (uint64_t i = 100; i < BINS; i++)
		series.bins[i] = (struct ledger_bin){
			.in = i * 1000000 / 8 * 300,
			.out = i * 500000 / 8 * 300,
			.state = i < 200 ? TRAFFIC_ESTIMATED : TRAFFIC_COUNTER,
			.simulated = i == 5000,
		};
	return series;
}

static struct ledger_invoice
the_invoice(const struct ledger_series *series)
{
	static struct arena *arena; /* as long as the test */
	struct ledger_invoice invoice;
	struct ledger_invoice_source source = {
		.hub = &hub, .usage = {.sum = series}, .now = utc_month_start(2026, 12)};
	arena = arena ? arena : arena_new();
	if (ledger_period_of(&source.period, &contracts[0], 2026, 11) < 0 ||
	    ledger_invoice_make(&invoice, arena, &source) < 0)
		abort();
	return invoice;
}

/* The text of a buffer, with a zero at its end. */
static const char *
text_of(struct buf *b)
{
	buf_u8(b, 0);
	return (const char *)b->data;
}

static json_t *
json_of(struct buf *b)
{
	json_error_t error;
	json_t *root = json_loads(text_of(b), 0, &error);
	if (!root)
		printf("# %s at %d\n", error.text, error.position);
	return root;
}

static json_int_t
number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static const char *
string(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text ? text : "(none)";
}

/* n = 8540, rank 8540 - 427 = 8113: bin 100 + 8112 = 8212. */
static void
json(const struct ledger_invoice *invoice)
{
	struct buf out = {0};
	view_ledger_bill(&out, VIEW_LEDGER_JSON, invoice);
	json_t *bill = json_of(&out);
	if (!ok(bill != NULL, "a bill is JSON"))
		return;
	is_int(number(bill, "p95_in_bps"), 8212000000, "its 95th in");
	is_int(number(bill, "p95_out_bps"), 4106000000, "its 95th out");
	is_int(number(bill, "rank"), 8113, "its rank");
	is_int(number(bill, "billed_bps"), 8212000000, "what is billed");
	is_int(number(bill, "overage_bps"), 7212000000, "what is above the commit");
	is_int(number(bill, "bins_above"), 427, "the bins that are not billed");
	const json_t *bins = json_object_get(bill, "bins");
	ok(number(bins, "expected") == BINS && number(bins, "missing") == 100 &&
		   number(bins, "estimated") == 100 && number(bins, "counter") == 8440,
	   "its bins by state");
	const json_t *lines = json_object_get(bill, "lines");
	is_int((long long)json_array_size(lines), 3, "three lines");
	is_str(string(json_array_get(lines, 1), "quantity"), "7212", "quantities as decimals");
	is_str(string(json_object_get(json_array_get(lines, 1), "amount"), "amount"), "3606.00",
	       "amounts as decimals");
	is_str(string(json_object_get(bill, "total"), "amount"), "4668.08", "the total");
	const json_t *curve = json_object_get(bill, "curve");
	const json_t *first = json_array_get(curve, 0), *last = json_array_get(curve, BINS - 1);
	ok(json_array_size(curve) == BINS && json_is_null(json_array_get(first, 1)) &&
		   json_integer_value(json_array_get(first, 3)) == 0,
	   "a missing bin is null, not 0");
	is_int(json_integer_value(json_array_get(last, 1)), 8639000000, "the last bin is there");
	ok(json_is_true(json_object_get(bill, "simulated")) &&
		   json_is_false(json_object_get(bill, "final")),
	   "one simulated bin makes it simulated; the month has only just ended");
	json_decref(bill);
	buf_fini(&out);
}

static void
several(const struct ledger_invoice *invoice)
{
	struct buf out = {0};
	struct view_ledger_bills bills = {.form = VIEW_LEDGER_JSON};
	view_ledger_bills_begin(&bills, &out, 2026, 11);
	for (int i = 0; i < 2; i++) {
		view_ledger_bills_next(&bills, &out);
		view_ledger_bill(&out, VIEW_LEDGER_JSON, invoice);
	}
	view_ledger_bills_end(&bills, &out);
	json_t *all = json_of(&out);
	ok(all && json_array_size(json_object_get(all, "bills")) == 2,
	   "several bills are one answer");
	json_decref(all);
	buf_clear(&out);
	view_ledger_invoices(&out, VIEW_LEDGER_JSON, 2026, 11, invoice, 1);
	all = json_of(&out);
	const json_t *one = json_array_get(json_object_get(all, "invoices"), 0);
	ok(one && number(one, "asn") == 64501 && number(one, "p95_bps") == 8212000000 &&
		   strcmp(string(json_object_get(one, "total"), "amount"), "4668.08") == 0,
	   "the list says the same");
	json_decref(all);
	buf_fini(&out);
}

static void
csv(const struct ledger_invoice *invoice)
{
	struct buf out = {0};
	view_ledger_bill(&out, VIEW_LEDGER_CSV, invoice);
	ok(strstr(text_of(&out),
		  "TST-202611-64501-c1,2026-11,64501,\"<b>Kōkō & \"\"Sons\"\", Ltd</b>\",c1,"
		  "95th percentile above the committed rate,7212,Mbit/s,0.50,30,30,3606.00,USD,yes,"
		  "no,,,\r\n"),
	   "a line of CSV, with quotes where they must be");
	buf_clear(&out);
	view_ledger_bins_csv(&out, invoice);
	const char *text = text_of(&out);
	ok(strstr(text, "\r\n2026-11-01T00:00:00Z,300,,,,,missing,\r\n") &&
		   strstr(text, "\r\n2026-11-01T08:20:00Z,300,3750000000,1875000000,100000000,"
				"50000000,estimated,no\r\n"),
	   "bins of CSV");
	size_t lines = 0;
	for (const char *c = text; *c; c++)
		lines += *c == '\n';
	is_int((long long)lines, BINS + 1, "one line a bin");
	buf_fini(&out);
}

/* The longest line, in columns. */
static size_t
widest(const char *text)
{
	size_t most = 0;
	char line[1024];
	while (*text) {
		size_t length = strcspn(text, "\n");
		(void)snprintf(line, sizeof(line), "%.*s", (int)length, text);
		size_t width = view_width(line);
		if (width > most)
			most = width;
		text += length + (text[length] == '\n');
	}
	return most;
}

/* A bill that the hub pays is listed, and is none that it sends. */
static void
bought(const struct ledger_invoice *invoice)
{
	struct buf out = {0};
	struct hub_contract contract = *invoice->contract;
	contract.purchase = true;
	contract.id = "bought-1";
	struct ledger_invoice both[] = {*invoice, *invoice};
	both[0].contract = &contract;
	view_ledger_invoices(&out, VIEW_LEDGER_TEXT, 2026, 11, both, 2);
	const char *all = text_of(&out), *line = strstr(all, "\nbought: ");
	ok(line && strstr(all, " c1 ") < line && strstr(all, " bought-1 ") > line,
	   "what is bought stands beneath what is sold");
	buf_clear(&out);
	view_ledger_invoices(&out, VIEW_LEDGER_JSON, 2026, 11, both, 2);
	json_t *root = json_of(&out);
	const json_t *list = json_object_get(root, "invoices");
	ok(json_is_true(json_object_get(json_array_get(list, 0), "purchase")) &&
		   json_is_false(json_object_get(json_array_get(list, 1), "purchase")),
	   "JSON tells them apart");
	json_decref(root);
	buf_clear(&out);
	view_ledger_invoices(&out, VIEW_LEDGER_CSV, 2026, 11, both, 2);
	ok(strstr(text_of(&out), ",differs,purchase\r\n") && strstr(text_of(&out), ",bought-1,") &&
		   strstr(text_of(&out), ",,,,yes\r\n") && strstr(text_of(&out), ",,,,no\r\n"),
	   "so does CSV");
	buf_fini(&out);
}

static void
text(const struct ledger_invoice *invoice)
{
	struct buf out = {0};
	view_ledger_bill(&out, VIEW_LEDGER_TEXT, invoice);
	const char *bill = text_of(&out);
	ok(widest(bill) <= 80, "a bill fits 80 columns (%zu)", widest(bill));
	ok(strstr(bill, "SIMULATED") && strstr(bill, "in 8212 Mbit/s, out 4106 Mbit/s") &&
		   strstr(bill, "4668.08 USD"),
	   "and says what JSON says");
	buf_clear(&out);
	view_ledger_invoices(&out, VIEW_LEDGER_TEXT, 2026, 11, invoice, 1);
	ok(widest(text_of(&out)) <= 80, "the list too");
	buf_clear(&out);
	struct ledger_curve curve = {
		.member = &members[0],
		.from = utc_month_start(2026, 11),
		.to = utc_month_start(2026, 12),
		.series = *invoice->series,
		.bins = invoice->bins,
		.p95 = invoice->p95,
	};
	view_ledger_curve(&out, VIEW_LEDGER_TEXT, &hub, &curve);
	ok(widest(text_of(&out)) <= 80, "and a curve");
	buf_clear(&out);
	view_ledger_curve(&out, VIEW_LEDGER_JSON, &hub, &curve);
	json_t *root = json_of(&out);
	ok(root && json_array_size(json_object_get(root, "points")) == BINS &&
		   json_is_null(json_object_get(root, "commit_bps")),
	   "which is JSON too");
	json_decref(root);
	buf_fini(&out);
}

/* A bill names who pays in full, however long the name is. */
static void
long_name(struct ledger_invoice invoice)
{
	static const char start[] = "\xd8\xa7\xd8\xb1\xd8\xaf\xd9\x88 "
				    "\xe1\x83\xa5\xe1\x83\x90\xe1\x83\xa0\xe1\x83\x97 ";
	char name[201];
	for (size_t i = 0; i < sizeof(name) - 1; i++)
		name[i] = i < strlen(start) ? start[i] : i % 10 ? 'o' : ' ';
	name[sizeof(name) - 1] = '\0';
	memcpy(name + sizeof(name) - 4, "end", 3);
	struct hub_member member = *invoice.member;
	member.name = name;
	invoice.member = &member;
	struct buf out = {0};
	view_ledger_bill(&out, VIEW_LEDGER_TEXT, &invoice);
	const char *bill = text_of(&out);
	ok(strstr(bill, start) && strstr(bill, "end, AS"),
	   "a name of 200 octets stands whole on a bill");
	ok(widest(bill) <= 80, "in 80 columns");
	buf_fini(&out);
}

static void
page(const struct ledger_invoice *invoice)
{
	struct buf out = {0};
	view_ledger_html(&out, invoice);
	const char *html = text_of(&out);
	ok(strstr(html, "&lt;b&gt;Kōkō &amp; &quot;Sons&quot;, Ltd&lt;/b&gt;") &&
		   !strstr(html, "<b>Kōkō"),
	   "a name cannot bring its own tags into the page");
	ok(!strstr(html, "http:") && !strstr(html, "https:") && !strstr(html, "<script") &&
		   !strstr(html, "src=") && !strstr(html, "@import"),
	   "the page asks for nothing from outside");
	ok(strstr(html, "4&#8239;668.08&nbsp;USD") && strstr(html, "SIMULATED") &&
		   strstr(html, "95th in 8.21 Gbit/s"),
	   "it has the total, the mark and the line");
	ok(!strstr(html, "nan") && !strstr(html, "inf") && out.length < 200000,
	   "its drawing is made of numbers, and not too many");
	struct buf again = {0};
	view_ledger_html(&again, invoice);
	ok(again.length + 1 == out.length && memcmp(again.data, out.data, again.length) == 0,
	   "the same invoice is the same page");
	buf_fini(&again);
	buf_fini(&out);
}

/* What others chose goes through every form without being taken for more than text. */
static void
hostile(struct ledger_invoice invoice)
{
	static const char *const bad[] = {"</strong><script>alert(1)</script>",
					  "\"><img src=x onerror=alert(1)>",
					  "=HYPERLINK(\"http://x\",\"y\")",
					  "@SUM(1)\x01\x7f",
					  "a\r\nb,c",
					  "\xff\xfe not UTF-8"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *lines[] = {bad[i]};
		struct hub_member member = *invoice.member;
		struct hub other = hub;
		member.name = bad[i];
		member.bill_to = (struct hub_bill_to){bad[i], lines, 1, bad[i], bad[i]};
		other.billing = (struct hub_billing){.legal_name = bad[i],
						     .address = lines,
						     .address_count = 1,
						     .tax_number = bad[i],
						     .terms = lines,
						     .term_count = 1};
		invoice.member = &member;
		invoice.hub = &other;
		struct buf html = {0}, csv = {0}, json = {0};
		view_ledger_html(&html, &invoice);
		const char *page = text_of(&html);
		ok(!strstr(page, "<script") && !strstr(page, "<img") && !strchr(page, 1) &&
			   !strchr(page, 0x7f),
		   "\"%s\" is text in the page", i == 5 ? "no UTF-8" : bad[i]);
		view_ledger_bill(&csv, VIEW_LEDGER_CSV, &invoice);
		ok(!strstr(text_of(&csv), ",=") && !strstr(text_of(&csv), ",@"),
		   "and no formula in a spreadsheet");
		view_ledger_bill(&json, VIEW_LEDGER_JSON, &invoice);
		json_t *bill = json_of(&json);
		ok(bill != NULL, "and JSON stays JSON");
		json_decref(bill);
		buf_fini(&html);
		buf_fini(&csv);
		buf_fini(&json);
	}
}

/* No bins at all, and no price above. */
static void
empty(void)
{
	struct ledger_series series;
	if (ledger_series_init(&series, utc_month_start(2026, 11), utc_month_start(2026, 11), 300) <
	    0)
		return;
	struct ledger_invoice invoice = the_invoice(&series);
	struct buf out = {0};
	view_ledger_bill(&out, VIEW_LEDGER_JSON, &invoice);
	json_t *bill = json_of(&out);
	ok(bill && json_is_null(json_object_get(bill, "p95_bps")) &&
		   json_is_null(json_object_get(bill, "rank")),
	   "without bins the percentile is null");
	json_decref(bill);
	buf_clear(&out);
	view_ledger_html(&out, &invoice);
	view_ledger_bill(&out, VIEW_LEDGER_TEXT, &invoice);
	ok(!strstr(text_of(&out), "nan") && out.length > 1000, "and the page stands");
	buf_fini(&out);
	ledger_series_fini(&series);
}

/* TZif of version 2 without changes (RFC 9636 section 3): both parts are the same. */
static const struct zone *
five_hours_east(struct arena *arena)
{
	static const char begin[36] = "TZif2";
	char why[ZONE_COMPLAINT] = "";
	struct buf octets = {0};
	for (int part = 0; part < 2; part++) {
		buf_put(&octets, begin, sizeof(begin));
		buf_u32(&octets, 1); /* types */
		buf_u32(&octets, 4); /* octets of names */
		buf_u32(&octets, 5 * 3600);
		buf_put(&octets, "\0\0PKT", 6);
	}
	buf_str(&octets, "\nPKT-5\n");
	const struct zone *zone = zone_read(arena, "Asia/Karachi", octets.data, octets.length, why);
	if (!zone)
		printf("# %s\n", why);
	buf_fini(&octets);
	return zone;
}

/* Issued late in the evening: the day is that of the contract's zone, and what is due counts from it. */
static void
issued(struct ledger_invoice invoice)
{
	struct arena *arena = arena_new();
	struct hub_contract contract = *invoice.contract;
	struct hub other = hub;
	struct buf out = {0};
	contract.zone = five_hours_east(arena);
	other.billing.payment_days = 30;
	invoice.contract = &contract;
	invoice.hub = &other;
	invoice.final = true;
	invoice.id = "TST-I000001";
	if (!ok(contract.zone && utc_parse(&invoice.issued, "2026-12-03T20:15:30Z") == 0,
		"a zone five hours east"))
		return;
	view_ledger_bill(&out, VIEW_LEDGER_JSON, &invoice);
	json_t *bill = json_of(&out);
	is_str(string(bill, "id"), "TST-I000001", "an issued invoice bears its number");
	is_str(string(bill, "made"), "2026-12-03T20:15:30Z", "when it was issued");
	is_str(string(bill, "date"), "2026-12-04", "the day, where the contract is");
	is_str(string(bill, "due_date"), "2027-01-03", "and the day it is due, so long after");
	json_decref(bill);
	buf_clear(&out);
	view_ledger_html(&out, &invoice);
	ok(strstr(text_of(&out),
		  "<dt>Document<dd>TST-I000001<dt>Date<dd>2026-12-04<dt>Due<dd>2027-01-03"),
	   "the page says the same");
	invoice.id = NULL;
	invoice.issued.s = 0;
	buf_clear(&out);
	view_ledger_bill(&out, VIEW_LEDGER_JSON, &invoice);
	bill = json_of(&out);
	ok(!json_object_get(bill, "id") && strcmp(string(bill, "due_date"), "2026-12-31") == 0,
	   "one that was not issued has no number, and counts from its period's end");
	json_decref(bill);
	buf_fini(&out);
	arena_free(arena);
}

/* The document of an issued invoice is shown in every form, to the last octet as it was. */
static void
read_back(const struct ledger_invoice *invoice)
{
	struct ledger_invoice bare = *invoice, again;
	struct buf then = {0}, now = {0};
	struct arena *arena = arena_new();
	bare.series = NULL;
	view_ledger_bill(&then, VIEW_LEDGER_JSON, &bare);
	if (!ok(view_invoice_read(&again, arena, invoice->hub, then.data, then.length) == 0,
		"the JSON of an invoice is read back"))
		return;
	view_ledger_bill(&now, VIEW_LEDGER_JSON, &again);
	ok(now.length == then.length && memcmp(now.data, then.data, now.length) == 0,
	   "and written again it is the same");
	again.series = invoice->series;
	for (int form = VIEW_LEDGER_TEXT; form <= VIEW_LEDGER_CSV; form++) {
		buf_clear(&then);
		buf_clear(&now);
		view_ledger_bill(&then, (enum view_ledger_form)form, invoice);
		view_ledger_bill(&now, (enum view_ledger_form)form, &again);
		ok(strcmp(text_of(&now), text_of(&then)) == 0, "as in form %d", form);
	}
	buf_clear(&then);
	buf_clear(&now);
	view_ledger_html(&then, invoice);
	view_ledger_html(&now, &again);
	is_str(text_of(&now), text_of(&then), "and as a page");
	buf_fini(&then);
	buf_fini(&now);
	arena_free(arena);
}

/* A document that breaks off anywhere, or lacks anything, is none. */
static void
not_read_back(const struct ledger_invoice *invoice)
{
	struct ledger_invoice bare = *invoice, again;
	struct buf all = {0};
	size_t read = 0;
	bare.series = NULL;
	view_ledger_bill(&all, VIEW_LEDGER_JSON, &bare);
	for (size_t length = 0; length + 2 < all.length; length++) {
		struct arena *arena = arena_new();
		read += view_invoice_read(&again, arena, &hub, all.data, length) == 0;
		arena_free(arena);
	}
	is_int(read, 0, "a document that breaks off is none, wherever it does");
	static const char *const others[] = {
		"{}", "[]", "null", "{\"number\":7}", "", "{\"number\":\"x\",\"lines\":[{}]}"};
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct arena *arena = arena_new();
		errno = 0;
		ok(view_invoice_read(&again, arena, &hub, others[i], strlen(others[i])) < 0 &&
			   errno == EBADMSG,
		   "\"%s\" is no invoice", others[i]);
		arena_free(arena);
	}
	buf_fini(&all);
}

int
main(void)
{
	struct ledger_series series = the_series();
	struct ledger_invoice invoice = the_invoice(&series);
	json(&invoice);
	several(&invoice);
	csv(&invoice);
	text(&invoice);
	bought(&invoice);
	long_name(invoice);
	page(&invoice);
	hostile(invoice);
	empty();
	issued(invoice);
	read_back(&invoice);
	not_read_back(&invoice);
	ledger_series_fini(&series);
	return done_testing();
}
