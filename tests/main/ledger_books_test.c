/* The journal in the ledger's process, on a clock of the test's own: what is issued by itself, once whatever happens;
 * bins that are put right; invoices that come in. */
#include "main/ledger_books.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hub_text.h"
#include "ledger/ledger_sqlite_io.h"
#include "ledger/made_up.h"
#include "ledger/two_members.h"
#include "tap.h"

enum { HOUR = 3600, DAY = 86400 };

static const char hub_text[] = TWO_MEMBERS
	"parties:\n"
	"  - {id: gulf-cable, name: Gulf Cable, country: OM}\n"
	"  - {id: upstream, name: Upstream Ltd, address: A Street 1, email: pay@example.net}\n"
	"billing: {issue: automatic, payment_days: 30}\n"
	"contracts:\n"
	"  - {id: c1, member: 64501, kind: commit, currency: USD, monthly: 1, commit: 100M,\n"
	"     starts: 2026-09-01}\n"
	"  - {id: c2, member: 64502, kind: commit, currency: USD, monthly: 1, commit: 100M,\n"
	"     time_zone: Asia/Karachi, starts: 2026-09-01}\n"
	"  - {id: dark, party: gulf-cable, kind: flat, currency: USD, monthly: 5000,\n"
	"     starts: 2026-09-01}\n"
	"  - {id: up, party: upstream, purchase: yes, kind: commit, currency: USD, monthly: 0.5,\n"
	"     commit: 1G, tax_percent: 10, ports: [p2], starts: 2026-09-01}\n"
	"  - {id: apart, member: 64501, kind: commit, currency: USD, monthly: 1, commit: 1M,\n"
	"     ports: [p1], percentile: {missing: other-party, ports: sum-after},\n"
	"     starts: 2026-08-01,\n"
	"     ends: 2026-09-01}\n";

static struct place {
	struct ledger_books_place at;
	struct ledger_store *store;
	struct ledger_books *books;
	char *folder;
} place;

static struct hub *
the_hub(void)
{
	struct hub *hub = hub_of_text(hub_text);
	hub->bin_length_s = HOUR;
	return hub;
}

static struct ledger_books_place
where(void *context)
{
	return ((struct place *)context)->at;
}

static void
open_books(void)
{
	place.books = ledger_books_new(place.folder, &(struct ledger_books_told){0}, where, &place);
	ledger_desk_others(place.at.desk, ledger_books_others(place.books));
}

/* The process ends and begins anew. */
static void
restart(void)
{
	ledger_books_free(place.books);
	open_books();
}

static void
at(const char *time)
{
	if (utc_parse(&place.at.now, time) < 0)
		abort();
}

/* Bins of both ports, from one moment to another. */
static void
fill(const char *from, const char *to, uint64_t mbps)
{
	struct utc_s start, end;
	struct traffic_port ports[2];
	if (utc_parse(&start, from) < 0 || utc_parse(&end, to) < 0)
		abort();
	for (; start.s < end.s; start.s += HOUR) {
		for (int i = 0; i < 2; i++)
			ports[i] = (struct traffic_port){.port = i ? "p2" : "p1",
							 .state = TRAFFIC_COUNTER,
							 .counter_covered_s = HOUR,
							 .counter_in = mbps * 1000000 / 8 * HOUR};
		const struct traffic_batch batch = {.start = start,
						    .length_s = HOUR,
						    .covered_s = HOUR,
						    .run = 1,
						    .ports = ports,
						    .port_count = 2};
		const struct traffic_batch *one = &batch;
		enum ledger_put result;
		if (ledger_store_put(place.store, &one, 1, &result) != LEDGER_STORE_OK)
			abort();
	}
}

/* So many turns as there are in some minutes. */
static void
turns(int minutes)
{
	for (int second = 0; second < minutes * 60; second++, place.at.now.s++)
		while (ledger_books_turn(place.books))
			;
}

static struct buf sent; /* with the next command */

/* Gives a command: its answer as text, or its complaint; until the next. */
static const char *
ask(int *status, const char *const *words, enum control_form form)
{
	static struct buf said;
	struct control_request request = {.form = form, .peer = {true, 0, 1}};
	struct control_answer answer = {0};
	while (words[request.count]) {
		request.words[request.count] = words[request.count];
		request.count++;
	}
	request.body = sent.length ? sent.data : NULL;
	request.body_length = sent.length;
	ledger_books_answer(place.books, &request, &answer);
	while (answer.ready && !answer.ready(answer.state, &answer))
		(void)usleep(answer.works ? 0 : 1000);
	while (answer.more && answer.more(answer.state, &answer.body))
		;
	if (answer.done)
		answer.done(answer.state);
	*status = answer.status;
	buf_clear(&said);
	if (answer.status)
		buf_str(&said, answer.text);
	else
		buf_put(&said, answer.body.data, answer.body.length);
	buf_u8(&said, 0);
	buf_fini(&answer.body);
	return (const char *)said.data;
}
#define SAY(...) ask(&status, (const char *const[]){__VA_ARGS__, NULL}, CONTROL_TEXT)

static int status;

/* --- issued by itself --- */

static void
by_itself(void)
{
	at("2026-09-20T12:00:00Z");
	fill("2026-09-01T00:00:00Z", "2026-09-20T12:00:00Z", 50);
	turns(3);
	is_int((long long)ledger_books_entries(place.books), 0,
	       "while the month runs nothing is issued, and nothing of a month before the "
	       "contracts");
	at("2026-10-01T00:00:00Z");
	turns(14);
	is_int((long long)ledger_books_entries(place.books), 0,
	       "nor as long as the last bins may come");
	at("2026-10-01T00:16:00Z");
	turns(5);
	ok(strstr(SAY("ledger", "invoices"), " gulf-c") && ledger_books_entries(place.books) == 1,
	   "then what does not rest on bins; a third of them is missing still");
	turns(60);
	is_int((long long)ledger_books_entries(place.books), 1, "an hour later too");
	fill("2026-09-20T12:00:00Z", "2026-10-01T00:00:00Z", 50);
	while (ledger_books_entries(place.books) < 2)
		turns(1);
	restart();
	turns(5);
	is_int((long long)ledger_books_entries(place.books), 3,
	       "when they have come, late, the rest; with a restart between two of them");
	restart();
	turns(10);
	at("2026-09-30T23:00:00Z");
	turns(5);
	at("2026-10-02T00:00:00Z");
	restart();
	turns(5);
	is_int((long long)ledger_books_entries(place.books), 3,
	       "each once: after another restart, and a clock that went back");
	at("2026-10-31T23:59:59Z");
	turns(2);
	is_int((long long)ledger_books_entries(place.books), 3,
	       "and all of the month that follows");
	ok(strstr(SAY("ledger", "verify"), "sound: 3 entries"), "the journal is sound");
}

/* --- a bill that was issued --- */

static const struct ledger_invoice *
computed(uint32_t contract)
{
	static struct ledger_invoice invoice;
	return ledger_desk_invoice(place.at.desk, &invoice, NULL, contract,
				   utc_month_start(2026, 9), place.at.now)
		       ? NULL
		       : &invoice;
}

static const char *
bill_text(uint32_t contract, enum ledger_books_form form)
{
	static struct buf out;
	struct ledger_books_bill bill;
	char reason[LEDGER_JOURNAL_REASON];
	buf_clear(&out);
	if (ledger_books_bill_open(&bill, place.books, place.at.hub->contracts[contract].id,
				   utc_month_start(2026, 9), computed(contract), reason) == 0) {
		ledger_books_bill_write(&bill, &out, form);
		ledger_books_bill_close(&bill);
	}
	buf_u8(&out, 0);
	return (const char *)out.data;
}

static void
bills(void)
{
	ok(strstr(bill_text(0, LEDGER_BOOKS_TEXT), "issued as TST-I00000") &&
		   !strstr(bill_text(0, LEDGER_BOOKS_TEXT), "NOT WHAT WAS ISSUED"),
	   "a bill that was issued says so, and that nothing differs");
	ok(strstr(bill_text(0, LEDGER_BOOKS_CSV), ",TST-I00000"), "as CSV it bears its number");
	ok(strstr(bill_text(2, LEDGER_BOOKS_TEXT), "Gulf Cable, gulf-cable"),
	   "a party is billed by its name and id");
	ok(strstr(bill_text(3, LEDGER_BOOKS_TEXT), "bought from") &&
		   strstr(bill_text(3, LEDGER_BOOKS_TEXT), "550.00 USD"),
	   "what is bought of a party is expected by its contract");
}

/* --- bins that are put right --- */

static void
adjustments(void)
{
	static const char bin[] = "2026-09-10T05:00:00Z";
	SAY("ledger", "adjust", "p1", bin, "450000000000", "1000", "the counter was stuck");
	ok(status == 409, "a bin that an issued invoice rests on is not changed");
	SAY("ledger", "credit", "TST-202609-64501-c1", "all", "a bin was wrong");
	is_int(status, 0, "once all of that is credited");
	ok(strstr(SAY("ledger", "adjust", "p1", bin, "450000000000", "1000",
		      "the counter was stuck"),
		  "TST-A000001"),
	   "it is");
	ok(strstr(SAY("ledger", "adjust", "p1", bin, "450000000000", "1000",
		      "the counter was stuck"),
		  "says so already"),
	   "said again it is known");
	const struct ledger_invoice *now = computed(0);
	ok(now && now->bins.adjusted == 1 && now->p95.peak_bps == 1000000000,
	   "what is computed now has it, and counts it");
	ok(strstr(bill_text(0, LEDGER_BOOKS_TEXT), "NOT WHAT WAS ISSUED") &&
		   strstr(bill_text(0, LEDGER_BOOKS_TEXT), "adjusted: nothing, now 1"),
	   "the issued bill is as it was, and says that it differs");
	ok(strstr(SAY("ledger", "issue", "--month", "2026-09", "64501"), "issued before"),
	   "what was credited is not issued anew by itself");
	ok(strstr(SAY("ledger", "issue", "--month", "2026-09", "64501", "--again"),
		  "TST-202609-64501-c1.2: issued"),
	   "but when that is said");
	ok(strstr(SAY("ledger", "issue", "--month", "2026-09", "--again"),
		  "TST-202609-64501-c1.2: issued before"),
	   "once");
	ok(strstr(bill_text(0, LEDGER_BOOKS_TEXT), "1 bins were put right by hand") &&
		   !strstr(bill_text(0, LEDGER_BOOKS_TEXT), "NOT WHAT WAS ISSUED"),
	   "the bill is the new one then, and says how many bins were put right");
	turns(3);
	SAY("ledger", "adjust", "p1", bin, "measured", "it was right");
	ok(status == 409, "of that month nothing more is changed");
	SAY("ledger", "adjust", "p1", "2026-09-10T05:10:00Z", "1", "1", "x");
	ok(status == 400, "a bin begins where bins begin");
	at("2026-10-31T23:59:59Z");
	SAY("ledger", "adjust", "p1", "2026-10-31T23:00:00Z", "1", "1", "x");
	ok(status == 409, "one that is not over cannot be known");
	SAY("ledger", "adjust", "p9", bin, "1", "1", "x");
	is_int(status, 404, "nor one of a port that is none");
	SAY("ledger", "adjust", "p1", bin, "-1", "1", "x");
	is_int(status, 400, "octets are whole");
	SAY("ledger", "adjust", "p1", "2026-10-05T05:00:00Z", "450000000000", "0", "stuck again");
	SAY("ledger", "adjust", "p1", "2026-10-05T05:00:00Z", "measured", "it was not");
	SAY("ledger", "adjust", "p1", "2026-10-05T05:00:00Z", "450000000000", "0", "stuck again");
	SAY("ledger", "adjust", "p1", "2026-10-05T05:00:00Z", "measured", "it was not");
	ok(status == 0 && ledger_books_entries(place.books) == 10,
	   "back and forth, each is an entry of its own");
	struct ledger_invoice october;
	ok(ledger_desk_invoice(place.at.desk, &october, NULL, 0, utc_month_start(2026, 10),
			       place.at.now) == LEDGER_DESK_OK &&
		   october.bins.adjusted == 0,
	   "and the last one holds");
	restart();
	ok(strstr(SAY("ledger", "verify"), "sound: 10 entries") &&
		   strstr(SAY("ledger", "adjustments"), "the counter was stuck"),
	   "the journal is sound, and lists them after a restart");
}

/* --- invoices that come in --- */

static void
received(void)
{
	at("2026-10-05T10:00:00Z");
	ok(strstr(SAY("ledger", "receive", "up", "UP/77", "600", "--month", "2026-09"),
		  "expected by the contract: 550.00 USD; they ask for 50.00 USD more"),
	   "what they ask for stands beside what was expected");
	ok(strstr(SAY("ledger", "balance"), "supplier:upstream"), "it is owed");
	ok(strstr(SAY("ledger", "receive", "up", "UP/77", "500"), "says so already"),
	   "one invoice of theirs is booked once");
	SAY("ledger", "receive", "c1", "X", "5");
	is_int(status, 409, "who pays the hub sends it no invoice");
	ok(strstr(SAY("ledger", "aged", "payables"), "600.00"), "and told by age");
	ok(strstr(SAY("ledger", "dispute", "open", "TST-R000001", "50", "we agreed on 550"),
		  "TST-D000001"),
	   "it can be disputed");
	SAY("ledger", "dispute", "accept", "TST-D000001", "they see it");
	SAY("ledger", "pay", "TST-R000001", "all", "2026-10-04", "wire 8");
	ok(status == 0 && strstr(SAY("ledger", "payables", "upstream"), "paid"),
	   "what they take back is credited, and the rest is paid");
	ok(strstr(SAY("ledger", "payables"), "0.00") &&
		   !strstr(SAY("ledger", "invoices"), "TST-R") &&
		   !strstr(SAY("ledger", "aged"), "upstream") &&
		   !strstr(SAY("ledger", "aged", "payables"), "upstream"),
	   "it stands among payables, and not among what others owe");
	ok(strstr(SAY("ledger", "statement", "upstream"), "Upstream Ltd"),
	   "the supplier has a statement");
	ok(strstr(SAY("ledger", "statement", "upstream"), "\n2026-10-04  payment "),
	   "in which a payment stands under its own day");
	ok(strstr(bill_text(3, LEDGER_BOOKS_TEXT), "received upstream UP/77 as TST-R000001"),
	   "and the expected bill says what came in");
	ok(strstr(SAY("ledger", "verify"), "sound: 15 entries"), "the journal is sound");
}

/* --- the other party's bins in the place of ours --- */

static void
other_party(void)
{
	struct ledger_invoice invoice;
	struct utc_s month = utc_month_start(2026, 8);
	buf_str(&sent, "start,in_mbps,out_mbps\n");
	for (int hour = 0; hour < 31 * 24; hour++)
		buf_printf(&sent, "%lld,70,20\n", (long long)month.s + hour * HOUR);
	SAY("ledger", "reconcile", "apart", "--month", "2026-08", "--keep");
	buf_fini(&sent);
	is_int(status, 0, "the other party's bins of a month that we have none of are kept");
	uint32_t apart = hub_contract_by_id(place.at.hub, "apart");
	ok(ledger_desk_invoice(place.at.desk, &invoice, NULL, apart, month, place.at.now) ==
			   LEDGER_DESK_OK &&
		   invoice.p95.measured_bps == 70000000,
	   "and billed by, also where each port has its own percentile, and there is one: %llu",
	   (unsigned long long)invoice.p95.measured_bps);
}

int
main(void)
{
	char path[300], reason[LEDGER_SQLITE_REASON] = "";
	place.folder = made_up_folder();
	(void)snprintf(path, sizeof(path), "%s/ledger.sqlite", place.folder);
	struct hub *hub = the_hub();
	place.store = ledger_sqlite_open(path, reason);
	if (!ok(place.store != NULL, "a store %s", reason))
		return done_testing();
	place.at.hub = hub;
	place.at.desk = ledger_desk_new(place.store, hub);
	open_books();
	by_itself();
	bills();
	adjustments();
	received();
	other_party();
	ledger_books_free(place.books);
	ledger_desk_free(place.at.desk);
	ledger_store_close(place.store);
	hub_free(hub);
	made_up_remove(place.folder);
	return done_testing();
}
