/* The journal: commands become entries, entries a chain; what was changed behind its back is found.
 */
#include "ledger/ledger_journal_post.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/ledger_journal_io.h"
#include "made_up.h"
#include "tap.h"

static const struct currency usd = {"USD"};
static const struct utc_s now = {1793491200}, month = {1790812800};
static char *folder, path[256];
static struct ledger_journal_file *file;

static struct ledger_order
order(struct ledger_drafts *drafts, const char *reason)
{
	*drafts = (struct ledger_drafts){0};
	return (struct ledger_order){
		.journal = ledger_journal_of(file),
		.prefix = "T S T",
		.by = "tester",
		.reason = reason,
		.key = "",
		.now = now,
		.drafts = drafts,
	};
}

/* Adds what the order made. 0, or its status. */
static int
carry_out(struct ledger_order *o, int result)
{
	char reason[LEDGER_JOURNAL_REASON];
	int status = result < 0 ? o->status : 0;
	if (status == 0 && !o->known && ledger_journal_append(file, o->drafts, now, reason) < 0) {
		printf("# %s\n", reason);
		status = 500;
	}
	ledger_drafts_fini(o->drafts);
	return status;
}

static int
issue_one(const char *name, const char *holder, int64_t net, int64_t tax)
{
	struct ledger_drafts drafts;
	struct ledger_order o = order(&drafts, "");
	struct buf body = {0};
	buf_printf(&body, "{\"document\":\"invoice\",\"number\":\"%s\"}", name);
	struct ledger_posting parts[] = {{"revenue:commit", {net, usd}}, {"tax", {tax, usd}}};
	struct ledger_issue issue = {
		.name = name,
		.holder = holder,
		.contract = "c1",
		.month = month,
		.due = {now.s + 30 * 86400},
		.total = {net + tax, usd},
		.parts = parts,
		.part_count = 2,
		.body = &body,
	};
	int status = carry_out(&o, ledger_post_invoice(&o, &issue));
	buf_fini(&body);
	return status;
}

static int
credit(const char *invoice, const char *amount, const char *reason)
{
	struct ledger_drafts drafts;
	struct ledger_order o = order(&drafts, reason);
	return carry_out(&o, ledger_post_credit(&o, invoice, amount));
}

static int
pay(const char *invoice, const char *amount, const char *reference)
{
	struct ledger_drafts drafts;
	struct ledger_order o = order(&drafts, reference);
	return carry_out(&o, ledger_post_payment(&o, invoice, amount, now));
}

static int
dispute(const char *invoice, const char *amount, const char *reason)
{
	struct ledger_drafts drafts;
	struct ledger_order o = order(&drafts, reason);
	return carry_out(
		&o, ledger_post_dispute(&o, invoice, amount, (struct utc_s){now.s + 14 * 86400}));
}

static int
step(const char *id, const char *action, const char *amount)
{
	struct ledger_drafts drafts;
	struct ledger_order o = order(&drafts, "said so");
	return carry_out(&o, ledger_post_dispute_step(&o, id, action, amount, now));
}

static const struct ledger_issued *
bill(const char *id)
{
	return ledger_documents_bill(&ledger_journal_of(file)->documents, id);
}

static int64_t
balance(const char *account)
{
	return ledger_accounts_balance(&ledger_journal_of(file)->accounts, account, usd);
}

static uint64_t
entries(void)
{
	return ledger_journal_of(file)->head.number;
}

/* The faults that are found, one a line; "" when it is sound. The text lasts until the next call.
 */
static const char *
faults(const struct ledger_hash *head)
{
	static struct buf found;
	char reason[LEDGER_JOURNAL_REASON];
	buf_clear(&found);
	if (ledger_journal_verify(path, (struct ledger_journal_asked){.head = head}, NULL, &found,
				  reason) < 0)
		return "it could not be read";
	buf_u8(&found, 0);
	return (const char *)found.data;
}

static void
open_again(void)
{
	char reason[LEDGER_JOURNAL_REASON] = "";
	ledger_journal_close(file);
	file = ledger_journal_open(path, reason);
	if (!file)
		printf("# %s\n", reason);
}

static void
test_invoices(void)
{
	is_int(issue_one("T-202610-64501-c1", "64501", 100000, 19500), 0, "an invoice is issued");
	const struct ledger_issued *b = bill("T-202610-64501-c1");
	ok(b && strcmp(b->id, "TST-I000001") == 0, "it gets the first number of the sequence");
	is_int(balance("receivable:64501"), 119500, "the member owes its total");
	is_int(balance("revenue:commit"), -100000, "what was sold is revenue");
	is_int(balance("tax"), -19500, "and the tax is owed to the tax office");
	is_int(issue_one("T-202610-64501-c1", "64501", 100000, 19500), 0, "issued a second time");
	is_int((long long)entries(), 1, "it changes nothing");
	is_int(issue_one("T-202610-64502-c2", "64502", 5001, 0), 0, "another one");
	is_str(bill("T-202610-64502-c2")->id, "TST-I000002", "has the next number");
	is_str(ledger_issued_state(b = bill("TST-I000001"), now), "open", "an invoice is open");
	is_str(ledger_issued_state(b, (struct utc_s){b->due.s + 86400}), "overdue",
	       "on the day after it was due it is overdue");
}

static void
test_credits(void)
{
	is_int(credit("TST-I000001", "0.01", "a cent"), 0, "a cent of it is credited");
	is_int(credit("TST-I000001", "0.01", "a cent"), 0, "the same command again");
	is_int(bill("TST-I000001")->credited, 1, "changes nothing");
	is_int(credit("TST-I000001", "0.01", "another cent"), 0, "with another reason it does");
	is_int(credit("TST-I000001", "1195.00", "too much"), 409, "more than is left is refused");
	is_int(credit("TST-I000009", "1", "x"), 404, "so is an invoice that is none");
	is_int(credit("TST-I000001", "1.234", "x"), 400, "and an amount with too many decimals");
	is_int(credit("TST-I000001", "-1", "x"), 409, "and one below zero");
	is_int(credit("T-202610-64501-c1", "all", "wrong month"), 0,
	       "all that is left, by its name");
	is_str(ledger_issued_state(bill("TST-I000001"), now), "credited", "then it is credited");
	is_int(balance("revenue:commit"), -5001, "its revenue is taken back to the last unit");
	is_int(balance("tax"), 0, "and so is its tax");
	is_int(balance("receivable:64501"), 0, "and the member owes nothing");
}

static void
test_payments(void)
{
	is_int(pay("TST-I000002", "20", "wire 1"), 0, "a part is paid");
	is_int(pay("TST-I000002", "20", "wire 1"), 0, "told twice");
	is_int(balance("cash"), 2000, "it counts once");
	is_str(ledger_issued_state(bill("TST-I000002"), now), "part paid", "it is part paid");
	is_int(pay("TST-I000002", "-25", "back"), 409, "no more goes back than was paid");
	is_int(pay("TST-I000002", "-5", "back"), 0, "a part of it may");
	is_int(pay("TST-I000002", "all", "wire 2"), 0, "the rest is paid");
	is_int(ledger_issued_open(bill("TST-I000002")), 0, "nothing is open");
	is_str(ledger_issued_state(bill("TST-I000002"), now), "paid", "it is paid");
	is_int(pay("TST-I000002", "1", "too much"), 0, "money that was not due is noted");
	is_str(ledger_issued_state(bill("TST-I000002"), now), "overpaid", "as paid too much");
}

static enum ledger_dispute_state
state_of(const char *id)
{
	const struct ledger_dispute *d =
		ledger_documents_dispute(&ledger_journal_of(file)->documents, id);
	return d ? d->state : LEDGER_DISPUTE_STATES;
}

static void
test_disputes(void)
{
	is_int(issue_one("T-202610-64503-c3", "64503", 10000, 1000), 0, "an invoice");
	is_int(dispute("TST-I000003", "30", ""), 400, "a dispute without reason is refused");
	is_int(dispute("TST-I000003", "30", "two hours dark"), 0, "with a reason it is opened");
	is_int(ledger_issued_disputed(&ledger_journal_of(file)->documents, bill("TST-I000003")),
	       3000, "a part of the invoice is disputed");
	is_int(dispute("TST-I000003", "90", "more"), 409, "no more than there is can be");
	is_int(step("TST-D000001", "answer", NULL), 0, "it is answered");
	is_int(state_of("TST-D000001"), LEDGER_DISPUTE_ANSWERED, "and says so");
	is_int(step("TST-D000001", "settle", "31"), 409, "more than disputed is not granted");
	uint64_t before = entries();
	is_int(step("TST-D000001", "settle", "10"), 0, "a part is granted");
	is_int((long long)(entries() - before), 2, "in two entries: its end and a credit note");
	is_int(step("TST-D000001", "settle", "10"), 0, "told twice");
	is_int((long long)(entries() - before), 2, "it changes nothing");
	is_int(bill("TST-I000003")->credited, 1000, "the invoice is credited that much");
	is_int(step("TST-D000001", "reject", NULL), 409, "what is closed stays closed");
	is_int(dispute("TST-I000003", NULL, "all wrong"), 0, "all that is left is disputed");
	is_int(step("TST-D000002", "accept", NULL), 0, "and accepted");
	is_str(ledger_issued_state(bill("TST-I000003"), now), "credited", "nothing of it is left");
	is_int(issue_one("T-202611-64503-c3", "64503", 10000, 0), 0, "another invoice");
	is_int(dispute("TST-I000004", NULL, "no"), 0, "disputed");
	is_int(step("TST-D000003", "withdraw", NULL), 0, "and withdrawn");
	is_int(dispute("TST-I000004", NULL, "no, really"), 0, "disputed again");
	is_int(step("TST-D000004", "reject", NULL), 0, "and rejected");
	is_int(bill("TST-I000004")->credited, 0, "leave it as it was");
	is_int(step("TST-D000009", "reject", NULL), 404, "a dispute that is none");
	is_int(step("TST-D000004", "forget", NULL), 409, "a step that is none");
}

static void
test_rest(void)
{
	struct ledger_drafts drafts;
	struct ledger_order o = order(&drafts, "invoice of September");
	is_int(carry_out(&o, ledger_post_transfer(&o, "hub", "a", (struct money){500, usd}, now)),
	       0, "a transfer to a party");
	is_int(balance("payable:a"), 500, "it is owed less");
	o = order(&drafts, "");
	is_int(carry_out(&o, ledger_post_transfer(&o, "a", "b", (struct money){200, usd}, now)), 0,
	       "and from one to another");
	is_int(balance("payable:a") + balance("payable:b"), 500, "leaves what the hub owes in all");
	o = order(&drafts, "the head is in the minutes of 3 November");
	is_int(carry_out(&o, ledger_post_note(&o)), 0, "a note");
	struct buf body = {0};
	buf_str(&body, "start,in,out\n");
	o = order(&drafts, "");
	is_int(carry_out(&o, ledger_post_series(&o, "c1", month, &body)), 0,
	       "the other party's bins are kept");
	buf_fini(&body);
	o = order(&drafts, "by its own key");
	o.key = "2026-11-03/17";
	is_int(carry_out(&o, ledger_post_payment(&o, "TST-I000004", "1", now)), 0,
	       "a command with a key of its own");
	o = order(&drafts, "in other words");
	o.key = "2026-11-03/17";
	uint64_t before = entries();
	is_int(carry_out(&o, ledger_post_payment(&o, "TST-I000004", "7", now)), 0, "again");
	is_int((long long)entries(), (long long)before, "is known by it");
}

static void
test_kept(void)
{
	struct ledger_head head = ledger_journal_of(file)->head;
	int64_t cash = balance("cash");
	open_again();
	ok(file && memcmp(&ledger_journal_of(file)->head.hash, &head.hash, sizeof(head.hash)) == 0,
	   "opened again the head is the same");
	is_int(balance("cash"), cash, "and so are the accounts");
	is_str(faults(&head.hash), "", "the journal is sound, and holds the head");
	struct ledger_hash other = {{1}};
	ok(strstr(faults(&other), "no entry has the digest 01000000"),
	   "a head that is none is missed");
	struct buf found = {0};
	ok(ledger_journal_check(ledger_journal_of(file), &found) && found.length == 0,
	   "receivables are invoices less credit notes and payments");
	buf_fini(&found);
}

/* Commands at random: all that are taken leave it balanced. */
static void
test_storm(void)
{
	struct made_up m = {42};
	char name[64], id[64], amount[32];
	static const char *const actions[] = {"answer", "accept", "settle", "reject", "withdraw"};
	unsigned issued = 4, disputes = 4, taken = 0;
	bool good = true;
	for (unsigned i = 0; i < 1500; i++) {
		int status = 0;
		(void)snprintf(id, sizeof(id), "TST-I%06u",
			       1 + (unsigned)made_up_below(&m, issued));
		(void)snprintf(amount, sizeof(amount), "%u.%02u", (unsigned)made_up_below(&m, 40),
			       (unsigned)made_up_below(&m, 100));
		(void)snprintf(name, sizeof(name), "storm %u", i);
		switch (made_up_below(&m, 5)) {
		case 0:
			status = issue_one(name, "64504", (int64_t)made_up_below(&m, 9000),
					   (int64_t)made_up_below(&m, 900));
			issued += status == 0;
			break;
		case 1:
			status = credit(id, made_up_below(&m, 9) ? amount : "all", name);
			break;
		case 2:
			status = pay(id, amount, name);
			break;
		case 3:
			status = dispute(id, made_up_below(&m, 9) ? amount : NULL, name);
			disputes += status == 0;
			break;
		default:
			(void)snprintf(id, sizeof(id), "TST-D%06u",
				       1 + (unsigned)made_up_below(&m, disputes));
			status = step(id, actions[made_up_below(&m, 5)], amount);
			break;
		}
		good &= status != 500;
		taken += status == 0;
	}
	ok(good && taken > 500, "some hundred commands at random are carried out");
	is_str(faults(NULL), "", "and leave it sound");
	struct buf found = {0};
	ok(ledger_journal_check(ledger_journal_of(file), &found) && found.length == 0,
	   "with receivables as the documents say");
	buf_fini(&found);
}

/* --- damage --- */

static int
sql(const char *text)
{
	sqlite3 *db;
	int code = sqlite3_open(path, &db);
	if (code == SQLITE_OK)
		code = sqlite3_exec(db, text, NULL, NULL, NULL);
	(void)sqlite3_close(db);
	return code;
}

static const char without_guard[] = "DROP TRIGGER entry_changed; DROP TRIGGER entry_dropped;";

/* The file as it is, to be put back after each damage. */
static struct buf whole;

static void
put_back(void)
{
	int fd = open(path, O_WRONLY | O_TRUNC);
	if (fd < 0 || write(fd, whole.data, whole.length) != (ssize_t)whole.length)
		abort();
	(void)close(fd);
	char extra[300];
	(void)snprintf(extra, sizeof(extra), "%s-wal", path);
	(void)unlink(extra);
	(void)snprintf(extra, sizeof(extra), "%s-shm", path);
	(void)unlink(extra);
}

static void
remember_whole(void)
{
	ledger_journal_close(file);
	file = NULL;
	int fd = open(path, O_RDONLY);
	struct stat st;
	if (fd < 0 || fstat(fd, &st) < 0 || !buf_reserve(&whole, (size_t)st.st_size) ||
	    read(fd, whole.data, (size_t)st.st_size) != st.st_size)
		abort();
	whole.length = (size_t)st.st_size;
	(void)close(fd);
}

static void
test_guards(void)
{
	ok(sql("UPDATE entry SET text = 'x' WHERE number = 1") == SQLITE_CONSTRAINT,
	   "no entry can be changed");
	ok(sql("DELETE FROM entry WHERE number = 1") == SQLITE_CONSTRAINT, "or dropped");
	ok(sql("INSERT OR REPLACE INTO entry VALUES(1, x'00', '', x'00', x'')") ==
		   SQLITE_CONSTRAINT,
	   "or put in the place of another");
	ok(sql("INSERT INTO entry VALUES(99999, x'00', '', x'00', x'')") == SQLITE_CONSTRAINT,
	   "or put out of its turn");
}

/* What somebody could do who takes the guards away. */
static void
test_forgery(void)
{
	static const struct {
		const char *sql, *found, *what;
	} cases[] = {
		{"UPDATE entry SET text = CAST(replace(CAST(text AS TEXT), '64502', '64509') AS "
		 "BLOB) WHERE number = 2",
		 "entry 2: its text and its digest", "a changed text"},
		{"UPDATE entry SET body = x'7b7d' WHERE number = 1",
		 "entry 1: its document was changed", "a changed document"},
		{"UPDATE entry SET hash = zeroblob(32) WHERE number = 3",
		 "entry 3: its text and its digest", "a changed digest"},
		{"UPDATE entry SET holder = 'x' WHERE number = 2", "entry 2: it is filed under",
		 "an entry filed elsewhere"},
		{"DELETE FROM entry WHERE number = 5", "entry 5 is missing", "a dropped one"},
		{"UPDATE entry SET number = number + 100000 WHERE number = 5", "entry 5 is missing",
		 "a moved one"},
		{"INSERT INTO entry SELECT number + 1, hash, holder, text, body FROM entry ORDER "
		 "BY "
		 "number DESC LIMIT 1",
		 "its text has another number", "one that is there twice"},
		{"", "the file: entry_changed is not as it was made",
		 "a guard that was taken away"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (*cases[i].sql)
			(void)sql(without_guard);
		else
			(void)sql("DROP TRIGGER entry_changed");
		int code = sql(cases[i].sql);
		const char *found = faults(NULL);
		ok(code == SQLITE_OK && strstr(found, cases[i].found), "%s is found and named",
		   cases[i].what);
		if (i == 0) {
			char reason[LEDGER_JOURNAL_REASON] = "";
			ok(!ledger_journal_open(path, reason) && strstr(reason, "entry 2"),
			   "and such a journal is not opened for more");
		}
		put_back();
	}
	struct ledger_hash head;
	char reason[LEDGER_JOURNAL_REASON];
	file = ledger_journal_open(path, reason);
	head = ledger_journal_of(file)->head.hash;
	ledger_journal_close(file);
	file = NULL;
	(void)sql(without_guard);
	(void)sql("DELETE FROM entry WHERE number = (SELECT max(number) FROM entry)");
	ok(strstr(faults(&head), "no entry has the digest"),
	   "that the last ones were cut off is seen by a head that was noted");
	put_back();
}

/* All entries and documents as one digest; false when they cannot be read. */
static bool
contents(struct ledger_hash *out)
{
	sqlite3 *db;
	sqlite3_stmt *rows = NULL;
	struct buf all = {0};
	int code = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_prepare_v2(
			db, "SELECT number, hash, holder, text, body FROM entry ORDER BY number",
			-1, &rows, NULL);
	while (rows && (code = sqlite3_step(rows)) == SQLITE_ROW)
		for (int i = 0; i < 5; i++) {
			const void *bytes = sqlite3_column_blob(rows, i);
			int length = sqlite3_column_bytes(rows, i);
			buf_printf(&all, "%d %d ", sqlite3_column_type(rows, i), length);
			buf_put(&all, length ? bytes : "", (size_t)length);
		}
	(void)sqlite3_finalize(rows);
	(void)sqlite3_close(db);
	*out = ledger_hash_of(all.data, all.length);
	buf_fini(&all);
	return code == SQLITE_DONE;
}

/* One octet anywhere in the file: either a fault is found, or every entry and document is as it
 * was. */
static void
test_octets(void)
{
	struct ledger_hash good, got;
	struct made_up m = {99};
	unsigned found = 0, harmless = 0;
	bool missed = false;
	ok(contents(&good), "the file is read");
	for (unsigned i = 0; i < 400; i++) {
		size_t at = made_up_below(&m, whole.length);
		uint8_t was = whole.data[at];
		whole.data[at] = (uint8_t)(was ^ (1 + made_up_below(&m, 255)));
		put_back();
		whole.data[at] = was;
		bool sound = !*faults(NULL);
		bool same = contents(&got) && memcmp(&got, &good, sizeof(got)) == 0;
		if (sound && !same) {
			missed = true;
			printf("# octet %zu\n", at);
		}
		found += !sound;
		harmless += sound;
	}
	put_back();
	printf("# %u found, %u where nothing is kept\n", found, harmless);
	ok(!missed && found > 100, "one octet changed anywhere is found wherever anything is kept");
}

/* Every octet of one entry: its text, digest, holder and document. */
static void
test_entry_octets(void)
{
	static const char *const columns[] = {"text", "hash", "body"};
	bool missed = false;
	unsigned count = 0;
	for (size_t c = 0; c < 3; c++) {
		char length_sql[128];
		sqlite3 *db;
		sqlite3_stmt *row;
		if (sqlite3_open(path, &db) != SQLITE_OK)
			abort();
		(void)sqlite3_exec(db, without_guard, NULL, NULL, NULL);
		(void)snprintf(length_sql, sizeof(length_sql),
			       "SELECT %s FROM entry WHERE number = 2", columns[c]);
		if (sqlite3_prepare_v2(db, length_sql, -1, &row, NULL) != SQLITE_OK ||
		    sqlite3_step(row) != SQLITE_ROW)
			abort();
		uint8_t bytes[2048];
		int length = sqlite3_column_bytes(row, 0);
		memcpy(bytes, sqlite3_column_blob(row, 0), (size_t)length);
		(void)sqlite3_finalize(row);
		(void)snprintf(length_sql, sizeof(length_sql),
			       "UPDATE entry SET %s = ?1 WHERE number = 2", columns[c]);
		if (sqlite3_prepare_v2(db, length_sql, -1, &row, NULL) != SQLITE_OK)
			abort();
		for (int i = 0; i < length; i++) {
			for (int restore = 0; restore < 2; restore++) {
				bytes[i] ^= 0x20;
				(void)sqlite3_bind_blob(row, 1, bytes, length, SQLITE_STATIC);
				(void)sqlite3_step(row);
				(void)sqlite3_reset(row);
				if (!restore)
					missed |= !strstr(faults(NULL), "entry 2: ");
			}
			count++;
		}
		(void)sqlite3_finalize(row);
		(void)sqlite3_close(db);
		put_back();
	}
	ok(!missed && count > 300, "each octet of an entry, changed, is found and the entry named");
}

int
main(void)
{
	char reason[LEDGER_JOURNAL_REASON] = "";
	folder = made_up_folder();
	(void)snprintf(path, sizeof(path), "%s/journal.sqlite", folder);
	file = ledger_journal_open(path, reason);
	if (!ok(file != NULL, "a journal is made where there is none")) {
		printf("# %s\n", reason);
		return done_testing();
	}
	test_invoices();
	test_credits();
	test_payments();
	test_disputes();
	test_rest();
	test_kept();
	remember_whole();
	test_guards();
	test_forgery();
	test_entry_octets();
	test_octets();
	file = ledger_journal_open(path, reason);
	test_storm();
	ledger_journal_close(file);
	buf_fini(&whole);
	made_up_remove(folder);
	return done_testing();
}
