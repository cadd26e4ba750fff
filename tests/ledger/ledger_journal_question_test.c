/* Words into questions to the journal. */
#include "ledger/ledger_journal_question.h"

#include "tap.h"

static struct hub_member members[] = {{.asn = {64501}, .name = "First Member"}};
static struct hub_contract contracts[] = {{.id = "c1", .member = 0}};
static struct hub_party parties[] = {{.id = "a"}, {.id = "b"}};
static const struct hub hub = {
	.members = members,
	.member_count = 1,
	.contracts = contracts,
	.contract_count = 1,
	.parties = parties,
	.party_count = 2,
};

static struct ledger_journal_question q;
static char complaint[LEDGER_JOURNAL_COMPLAINT];

/* Splits at spaces; an empty word is written as "". */
static int
ask(const char *line)
{
	static char text[256];
	const char *words[16];
	size_t count = 0;
	complaint[0] = 0;
	(void)snprintf(text, sizeof(text), "%s", line);
	for (char *word = strtok(text, " "); word && count < 16; word = strtok(NULL, " "))
		words[count++] = strcmp(word, "\"\"") == 0 ? "" : word;
	return ledger_journal_question_parse(&q, &hub, words, count, complaint);
}

static void
understood(void)
{
	ok(ask("ledger issue --month 2026-10 64501 --contract c1") == 0 &&
		   q.kind == LEDGER_DOES_ISSUE && q.month.s == utc_month_start(2026, 10).s &&
		   q.member == 0 && q.contract == 0,
	   "an invoice of a month, a member, a contract");
	ok(ask("ledger issue") == 0 && q.month.s == 0 && q.member == HUB_NONE,
	   "or of the last month, of all");
	ok(ask("ledger pay I 10 2026-10-03 wire-1 --key k") == 0 &&
		   q.date.s == utc_month_start(2026, 10).s + 2 * 86400 &&
		   strcmp(q.reason, "wire-1") == 0 && strcmp(q.key, "k") == 0,
	   "a payment has a day, a reference and a key");
	ok(ask("ledger pay I all --key k wire") == 0 && q.date.s == 0 &&
		   strcmp(q.reason, "wire") == 0 && strcmp(q.key, "k") == 0,
	   "or no day, and its key stands anywhere");
	ok(ask("ledger transfer a hub 10 USD 2026-10-03 --key k") == 0 && !*q.reason &&
		   q.date.s == utc_month_start(2026, 10).s + 2 * 86400 && strcmp(q.key, "k") == 0,
	   "a transfer has a key behind its day");
	ok(ask("ledger aged") == 0 && q.kind == LEDGER_ASKS_AGED &&
		   ask("ledger aged payables") == 0 && q.kind == LEDGER_ASKS_AGED_PAYABLES &&
		   ask("ledger aged receivables") == 400,
	   "by age what is open, or what the hub owes");
	ok(ask("ledger credit I all wrong") == 0 && strcmp(q.reason, "wrong") == 0,
	   "a credit note has a reason");
}

static void
refused(void)
{
	static const struct {
		const char *line;
		int status;
		const char *says;
	} cases[] = {
		/* A month that is moment 0 would mean that none was named: of another month. */
		{"ledger issue --month 1970-01", 400, "month such as"},
		{"ledger way 64501 --from 2026-10-05T14:00:00Z", 400, "go together"},
		{"ledger way 64501 --to 2026-10-05", 400, "go together"},
		{"ledger way 64501 --from 2026-10-05 --to 2026-10-05", 400, "before it begins"},
		{"ledger way 64501 --from 2026-10-01 --to 2026-11-02", 400, "31 days"},
		{"ledger way 64501 --from 1970-01-01 --to 1970-01-02", 400, "a time such as"},
		{"ledger way 64501 --from noon --to 2026-10-02", 400, "a time such as"},
		{"ledger way 64501 --from 2026-10-01 --to", 400, "the time that it ends"},
		{"ledger way 64501 month 2026-10 --from 2026-10-01 --to 2026-10-02", 400,
		 "either month"},
		{"ledger way 64501 --from 2026-10-01 --to 2026-10-02 more", 400, "nothing more"},
		{"ledger settle --month 1969-12", 400, "month such as"},
		{"ledger settle", 400, "which month"},
		{"ledger pay I 10 2026-13-01", 400, "a day such as"},
		{"ledger pay I 10 2026-02-30 wire", 400, "a day such as"},
		{"ledger pay I 10 1970-01-01", 400, "a day such as"},
		{"ledger pay I 10 --kee k", 400, "expected --key"},
		{"ledger pay I 10 wire more", 400, "nothing more"},
		{"ledger transfer a b 10 USD 31-12-2026", 400, "a day such as"},
		{"ledger transfer a b 10 USD --date 2026-12-31", 400, "expected --key"},
		{"ledger transfer a c 10 USD", 404, "no party c"},
		{"ledger pay I 10 --month 2026-11", 400, "nothing to this command"},
		{"ledger credit I all --contract c1 wrong", 400, "nothing to this command"},
		{"ledger note text --keep", 400, "nothing to this command"},
		{"ledger settle --month 2026-10 --tolerance 2", 400, "nothing to this command"},
		{"ledger reconcile c1 --again", 400, "nothing to this command"},
		{"ledger transfer a hub 10 XXQ", 400, "a currency of ISO 4217"},
		{"ledger pay I 10 9999-12-31", 400, "a day such as"},
		{"ledger note lia\xe2\x80\xae"
		 "elbaliav",
		 400, "word 3 is not UTF-8, or has"},
		{"ledger credit I all wr\xe2\x81\xa7ng", 400, "word 5 is not"},
		{"ledger pay I 10 --key k\xc2\x85", 400, "word 6 is not"},
		{"ledger note t\xff", 400, "word 3 is not"},
		{"ledger credit I all", 400, "the reason is missing"},
		{"ledger credit I all --kee", 400, "expected --key"},
		{"ledger dispute open I 10 --kee", 400, "expected --key"},
		{"ledger note --kee", 400, "expected --key"},
		{"ledger note", 400, "the text is empty"},
		{"ledger document \"\"", 400, "has no name"},
		{"ledger statement 64509", 404, "no member"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int status = ask(cases[i].line);
		if (!ok(status == cases[i].status && strstr(complaint, cases[i].says),
			"\"%s\" is refused in words", cases[i].line))
			printf("# %d: %s\n", status, complaint);
	}
}

int
main(void)
{
	understood();
	refused();
	return done_testing();
}
