/* What the journal shows: the same facts as text of 80 columns, JSON that is JSON, and CSV with a
 * field for each column. */
#include "view/view_journal.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "ledger/ledger_journal_post.h"
#include "tap.h"
#include "view/view_text.h"

static const struct currency usd = {"USD"};
static const struct utc_s now = {1793491200};
static struct hub_member members[] = {{.asn = {4200000001}, .name = "First \"Member\", Ltd"},
				      {.asn = {64502}, .name = "شبكة الثانية"}};
static struct hub_party parties[] = {{.id = "a", .name = "Owner <A> & Sons"}};
static struct hub hub = {.name = "Test Hub",
			 .short_name = "TST",
			 .members = members,
			 .member_count = 2,
			 .parties = parties,
			 .party_count = 1};
static struct ledger_journal *journal;

/* Puts what was posted into the journal, as the file would. */
static void
take(struct ledger_drafts *drafts)
{
	char fault[LEDGER_FAULT];
	for (size_t i = 0; i < drafts->count; i++) {
		struct buf text = {0};
		struct ledger_entry *e = &drafts->items[i].entry;
		e->time = now;
		e->body_length = drafts->items[i].body.length;
		e->body = ledger_body_hash(drafts->items[i].body.data, e->body_length);
		if (ledger_journal_encode(journal, e, &text) < 0 ||
		    ledger_journal_take(journal, cursor_of(text.data, text.length), fault) < 0) {
			printf("Bail out! %s\n", fault);
			exit(1);
		}
		buf_fini(&text);
	}
	ledger_drafts_fini(drafts);
}

static struct ledger_order
order(struct ledger_drafts *drafts, const char *reason)
{
	*drafts = (struct ledger_drafts){0};
	return (struct ledger_order){.journal = journal,
				     .prefix = "TST",
				     .by = "tester",
				     .reason = reason,
				     .key = "",
				     .now = now,
				     .drafts = drafts};
}

static void
issue(const char *name, const char *holder, int64_t net)
{
	struct ledger_drafts drafts;
	struct ledger_order o = order(&drafts, "");
	struct buf body = {0};
	struct ledger_posting part = {"revenue:commit", {net, usd}};
	struct ledger_issue what = {.name = name,
				    .holder = holder,
				    .contract = "c1",
				    .month = {1790812800},
				    .due = {now.s - 40 * 86400},
				    .total = {net, usd},
				    .parts = &part,
				    .part_count = 1,
				    .body = &body};
	buf_str(&body, "{\"document\":\"invoice\"}");
	(void)ledger_post_invoice(&o, &what);
	take(&drafts);
}

static void
fill(void)
{
	struct ledger_drafts drafts;
	journal = ledger_journal_new();
	issue("T-1", "4200000001", 119500);
	issue("T-2", "64502", 7);
	struct ledger_order o = order(&drafts, "two hours, \"dark\"");
	(void)ledger_post_credit(&o, "TST-I000001", "100.50");
	take(&drafts);
	o = order(&drafts, "wire <1>");
	(void)ledger_post_payment(&o, "TST-I000001", "94.50", now);
	take(&drafts);
	o = order(&drafts,
		  "we measured less, and say so at some length: the counters of our own router "
		  "were read every minute");
	(void)ledger_post_dispute(&o, "TST-I000001", "500", (struct utc_s){now.s - 3 * 86400});
	take(&drafts);
}

/* --- what any answer has to be --- */

static bool
is_narrow(const struct buf *text)
{
	const char *at = (const char *)text->data, *end = at + text->length;
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		char line[1024];
		if (!newline)
			return false;
		(void)snprintf(line, sizeof(line), "%.*s", (int)(newline - at), at);
		if (view_width(line) > 80) {
			printf("# %s\n", line);
			return false;
		}
		at = newline + 1;
	}
	return true;
}

static bool
is_json(const struct buf *text)
{
	struct arena *arena = arena_new();
	bool good = text->length && text->data[text->length - 1] == '\n' &&
		    json_read(arena, (const char *)text->data, text->length) != NULL;
	arena_free(arena);
	return good;
}

/* Each line has as many fields as the head. */
static bool
is_csv(const struct buf *text)
{
	size_t fields = 1, of_head = 0;
	bool quoted = false;
	for (size_t i = 0; i < text->length; i++) {
		char c = (char)text->data[i];
		quoted ^= c == '"';
		fields += c == ',' && !quoted;
		if (c != '\n' || quoted)
			continue;
		if (!of_head)
			of_head = fields;
		if (fields != of_head || !i || text->data[i - 1] != '\r')
			return false;
		fields = 1;
	}
	return of_head > 1 && !quoted;
}

static bool
has(const struct buf *text, const char *what)
{
	return memmem(text->data, text->length, what, strlen(what)) != NULL;
}

typedef void show(struct buf *out, enum view_form form);

static void
show_bills(struct buf *out, enum view_form form)
{
	struct view_journal_filter all = {0};
	view_journal_bills(out, form, journal, &hub, &all, now);
}

static void
show_disputes(struct buf *out, enum view_form form)
{
	struct view_journal_filter all = {0};
	view_journal_disputes(out, form, journal, &hub, &all, now);
}

static void
show_aged(struct buf *out, enum view_form form)
{
	view_journal_aged(out, form, journal, &hub, &(struct view_journal_filter){0}, now);
}

static void
show_owed(struct buf *out, enum view_form form)
{
	view_journal_aged(out, form, journal, &hub, &(struct view_journal_filter){.received = true},
			  now);
}

static void
show_balance(struct buf *out, enum view_form form)
{
	view_journal_balance(out, form, journal);
}

static void
show_head(struct buf *out, enum view_form form)
{
	view_journal_head(out, form, journal);
}

static void
make_settlement(struct ledger_settlement *s)
{
	static struct ledger_party all[] = {
		{"hub", "Test Hub", "PK", "", "", "", "", "", ""},
		{"a", "Owner <A> & Sons", "KZ", "", "", "KZ-1", "A Bank", "KZ00", "XX"}};
	static struct ledger_settlement_part parts[] = {{"C01", 1, LEDGER_PART_KM, 380000, 700},
							{"", 0, LEDGER_PART_PERCENT, 1000, 300}};
	static struct ledger_settlement_share shares[] = {{0, 300, 0}, {1, 700, 100}};
	static struct ledger_settlement_invoice invoice = {"TST-I000001",
							   "T-1",
							   "4200000001",
							   "First \"Member\", Ltd",
							   "c1",
							   "corridor",
							   {1790812800},
							   {1000, {"USD"}},
							   100,
							   parts,
							   2,
							   shares,
							   2};
	static struct ledger_settlement_statement statements[] = {
		{0, {"USD"}, 300, 900, 0, 0, -600}, {1, {"USD"}, 600, 0, 0, 0, 600}};
	static struct ledger_settlement_transfer transfer = {0, 1, {600, {"USD"}}};
	*s = (struct ledger_settlement){.id = "TST-S000001",
					.month = {1790812800},
					.time = now,
					.parties = all,
					.party_count = 2,
					.invoices = &invoice,
					.invoice_count = 1,
					.statements = statements,
					.statement_count = 2,
					.transfers = &transfer,
					.transfer_count = 1};
}

static void
show_settlement(struct buf *out, enum view_form form)
{
	struct ledger_settlement s;
	make_settlement(&s);
	view_journal_settlement(out, form, &s, NULL);
}

static void
show_party(struct buf *out, enum view_form form)
{
	struct ledger_settlement s;
	make_settlement(&s);
	view_journal_settlement(out, form, &s, "a");
}

static void
test_forms(void)
{
	static const struct {
		const char *name;
		show *show;
		const char *text, *json, *csv; /* what has to be in it */
	} cases[] = {
		{"invoices", show_bills, "2026-10 4200000001 ", "\"credited\":\"100.50\"",
		 "\"First \"\"Member\"\", Ltd\""},
		{"those that are overdue", show_bills, "1000.00 overdue*",
		 "\"credited\":\"100.50\"", "\"First \"\"Member\"\", Ltd\""},
		{"disputes", show_disputes, "which is over", "\"late\":true", ",500.00,0.00,open,"},
		{"what is open by age", show_aged, "1000.00", "\"days_60\":\"1000.00\"", ",500.00"},
		{"what the hub owes", show_owed, "the hub owes nothing", "\"aged\":[]",
		 "holder,name"},
		{"accounts", show_balance, "receivable:4200000001", "\"balance\":\"1000.00\"",
		 "receivable:4200000001,USD,1195.00,195.00,1000.00"},
		{"the head", show_head, "entry 5 of 2026-11-01", "\"entry\":5", "entry,hash,time"},
		{"a settlement", show_settlement, "hub pays a 6.00 USD", "\"net\":\"-6.00\"",
		 "TST-S000001,2026-10,hub,Test Hub,USD,3.00,9.00,0.00,0.00,-6.00"},
		{"a party's statement", show_party, "settled before, taken off", "\"net\":\"6.00\"",
		 "TST-I000001,2026-10,c1,C01,km,380000,USD,10.00,7.00"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf text = {0}, json = {0}, csv = {0};
		cases[i].show(&text, VIEW_TEXT);
		cases[i].show(&json, VIEW_JSON);
		cases[i].show(&csv, VIEW_CSV);
		ok(is_narrow(&text) && has(&text, cases[i].text), "%s as text of 80 columns",
		   cases[i].name);
		ok(is_json(&json) && has(&json, cases[i].json), "as JSON");
		ok(is_csv(&csv) && has(&csv, cases[i].csv), "as CSV");
		buf_fini(&text);
		buf_fini(&json);
		buf_fini(&csv);
	}
}

static void
test_list(void)
{
	static const enum view_form forms[] = {VIEW_TEXT, VIEW_JSON, VIEW_CSV};
	struct ledger_posting postings[] = {{"receivable:4200000001", {119500, {"USD"}}},
					    {"revenue:commit", {-119500, {"USD"}}}};
	struct ledger_entry e = {.number = 1,
				 .time = now,
				 .kind = LEDGER_ENTRY_INVOICE,
				 .key = "k",
				 .document = "TST-I000001",
				 .subject = "T-1",
				 .holder = "4200000001",
				 .contract = "c1",
				 .month = {1790812800},
				 .amount = {119500, {"USD"}},
				 .action = "",
				 .by = "tester",
				 .reason = "a, \"b\"",
				 .postings = postings,
				 .posting_count = 2};
	for (int statement = 0; statement < 2; statement++)
		for (size_t i = 0; i < 3; i++) {
			struct buf out = {0};
			struct view_journal_list list = {
				.form = forms[i], .statement = statement, .outside = statement};
			view_journal_list_begin(&list, &out, journal, &hub, "4200000001", now);
			view_journal_list_add(&list, &out, &e, (struct ledger_hash){{1}});
			view_journal_list_add(&list, &out, &e, (struct ledger_hash){{2}});
			view_journal_list_end(&list, &out, journal, "4200000001");
			bool good = i == 0   ? is_narrow(&out) && has(&out, "1195.00")
				    : i == 1 ? is_json(&out) && has(&out, "\"entry\":1")
					     : is_csv(&out) && has(&out, "\"a, \"\"b\"\"\"");
			ok(good, "%s as %s", statement ? "a statement" : "entries",
			   i == 0   ? "text"
			   : i == 1 ? "JSON"
				    : "CSV");
			if (statement && i != 1)
				ok(has(&out, "2390.00"), "with what is open after each");
			ok(has(&out, "tester") == !statement, "who wrote it is %s",
			   statement ? "the hub's business" : "told");
			buf_fini(&out);
		}
	static const char text[] = "journal 1\nby tester\n", body[] = "{\"number\":\"T-1\"}";
	for (int k = 0; k < 12; k++) {
		const bool outside = k % 2, with_body = k >= 6;
		struct buf shown = {0};
		const struct view_journal_list how = {.form = forms[k / 2 % 3], .outside = outside};
		e.body_length = with_body ? sizeof(body) - 1 : 0;
		view_journal_document(&shown, &how, &e, cursor_of(text, sizeof(text) - 1),
				      cursor_of(body, e.body_length));
		/* Where there is a document its JSON is all that is shown. */
		ok(has(&shown, "tester") == (!outside && !(with_body && how.form == VIEW_JSON)) &&
			   (how.form == VIEW_CSV || !with_body || has(&shown, "T-1")),
		   "a document %s: who wrote it is %s", with_body ? "with a text" : "alone",
		   outside ? "not told to its holder" : "told inside");
		buf_fini(&shown);
	}
	e.body_length = 0;
	struct buf out = {0};
	struct view_journal_list list = {.form = VIEW_TEXT, .account = "cash"};
	view_journal_list_begin(&list, &out, journal, &hub, "", now);
	view_journal_list_add(&list, &out, &e, (struct ledger_hash){{1}});
	view_journal_list_end(&list, &out, journal, "");
	ok(has(&out, "no entries"), "entries that do not post to the account are left out");
	buf_fini(&out);
}

static void
test_verified(void)
{
	struct view_verified v = {.entries = journal->head.number};
	struct buf out = {0};
	view_journal_verified(&out, VIEW_JSON, &v);
	ok(is_json(&out) && has(&out, "\"sound\":true"), "a sound journal as JSON");
	buf_clear(&out);
	v.proofs = 2;
	view_journal_verified(&out, VIEW_TEXT, &v);
	ok(has(&out, "2 proofs of the way on invoices: the ways that they rest on were not read"),
	   "what was not looked at is told");
	buf_clear(&out);
	v.has_ways = v.reckoned = true, v.way_entries = 7, v.proofs = 1;
	view_journal_verified(&out, VIEW_TEXT, &v);
	ok(has(&out, "ways: sound: 7 entries\n1 proof of the way on an invoice: what ways and bins "
		     "come to\n"),
	   "and what was");
	buf_clear(&out);
	buf_str(&v.faults, "entry 2: \"x\"\nentry 3: y\n");
	view_journal_verified(&out, VIEW_JSON, &v);
	ok(is_json(&out) && has(&out, "[\"entry 2: \\\"x\\\"\",\"entry 3: y\"]"),
	   "and one that is not, with its faults");
	buf_fini(&v.faults);
	buf_fini(&out);
}

int
main(void)
{
	fill();
	test_forms();
	test_list();
	test_verified();
	ledger_journal_free(journal);
	return done_testing();
}
