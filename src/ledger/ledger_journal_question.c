/* What is asked of the journal. */
#include "ledger/ledger_journal_question.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "ledger/ledger_calendar.h"

/* More than so many octets are not in a bin (LEDGER_OCTETS_LOG2 of ledger_bin.h). */
enum { OCTETS_LOG2 = 56 };

struct reader {
	struct ledger_journal_question *q;
	const struct hub *hub;
	const char *const *words;
	size_t left;
	unsigned takes; /* options, a bit each */
	int status;
	char *complaint;
};

__attribute__((format(printf, 3, 4))) static void
complain(struct reader *r, int status, const char *format, ...)
{
	if (r->status)
		return;
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(r->complaint, LEDGER_JOURNAL_COMPLAINT, format, arguments);
	va_end(arguments);
	r->status = status;
}

static bool
take(struct reader *r, const char *word)
{
	if (!r->left || strcmp(*r->words, word) != 0)
		return false;
	r->left--;
	r->words++;
	return true;
}

/* The next word; complains that `what` is missing when there is none. */
static const char *
need(struct reader *r, const char *what)
{
	if (!r->left) {
		complain(r, 400, "%s is missing", what);
		return "";
	}
	r->left--;
	return *r->words++;
}

static void
read_month(struct reader *r)
{
	const char *word = need(r, "the month");
	if (!r->status && ledger_month_read(&r->q->month, word) < 0)
		complain(r, 400, "found \"%.40s\", expected a month such as 2026-11", word);
}

/* A day, if the next word looks like one: a mistyped day is not to become a reference. */
static bool
read_day(struct reader *r)
{
	const char *word = *r->words;
	if (strlen(word) != strlen("2026-11-21") || word[strspn(word, "0123456789-")])
		return false;
	(void)need(r, "");
	if (ledger_day_read(&r->q->date, word) < 0)
		complain(r, 400, "found \"%.40s\", expected a day such as 2026-11-21", word);
	return true;
}

/* Words for people to read. A mistyped option is not to become one. */
static void
read_reason(struct reader *r)
{
	if (*r->q->reason)
		complain(r, 400, "found \"%.40s\", expected nothing more", *r->words);
	else if (strncmp(*r->words, "--", 2) == 0)
		complain(r, 400, "found \"%.40s\", expected --key or words", *r->words);
	else
		r->q->reason = need(r, "");
}

/* Or a party. */
static void
read_member(struct reader *r)
{
	const char *word = need(r, "the member");
	if (r->status)
		return;
	r->q->member = hub_member_by_name(r->hub, word);
	if (r->q->member == HUB_NONE)
		r->q->party = hub_party_by_id(r->hub, word);
	if (r->q->member == HUB_NONE && r->q->party == HUB_NONE)
		complain(r, 404, "there is no member %.60s, and no such party", word);
}

static void
read_contract(struct reader *r)
{
	const char *word = need(r, "the contract");
	if (r->status)
		return;
	r->q->contract = hub_contract_by_id(r->hub, word);
	if (r->q->contract == HUB_NONE)
		complain(r, 404, "there is no contract %.60s", word);
}

static uint64_t
read_number(struct reader *r)
{
	const char *word = need(r, "the number of an entry");
	size_t digits = strspn(word, "0123456789");
	if (!r->status && (!digits || word[digits] || digits > 18))
		complain(r, 400, "found \"%.40s\", expected the number of an entry", word);
	return r->status ? 0 : strtoull(word, NULL, 10);
}

static void
read_tolerance(struct reader *r)
{
	const char *word = need(r, "the tolerance in percent");
	int64_t micro;
	if (r->status)
		return;
	if (micro_parse(&micro, word) < 0 || micro > 100000000)
		complain(r, 400, "found \"%.40s\", expected percent from 0 to 100", word);
	else
		r->q->tolerance_bp = (uint32_t)(micro / 10000);
}

static void
read_key(struct reader *r)
{
	r->q->key = need(r, "the key");
	if (!r->status && !*r->q->key)
		complain(r, 400, "the key is empty");
}

static void
read_keep(struct reader *r)
{
	r->q->keep = true;
}

static void
read_again(struct reader *r)
{
	r->q->again = true;
}

enum { WAY_MOST_S = 31 * 86400 };
enum { KEY = 1, MONTH = 2, CONTRACT = 4, TOLERANCE = 8, KEEP = 16, AGAIN = 32 };

static const struct {
	const char *word;
	unsigned bit;
	void (*read)(struct reader *r);
} options[] = {
	{"--key", KEY, read_key},
	{"--month", MONTH, read_month},
	{"--contract", CONTRACT, read_contract},
	{"--tolerance", TOLERANCE, read_tolerance},
	{"--keep", KEEP, read_keep},
	{"--again", AGAIN, read_again},
};

/* Options stand anywhere among the words of a command that writes. True if the next word was one,
 * also of another command: that is complained about. */
static bool
read_option(struct reader *r)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (!take(r, options[i].word))
			continue;
		if (r->takes & options[i].bit)
			options[i].read(r);
		else
			complain(r, 400, "found \"%s\", which means nothing to this command",
				 options[i].word);
		return true;
	}
	return false;
}

static void
read_issue(struct reader *r)
{
	while (r->left && !r->status)
		if (!read_option(r))
			read_member(r);
}

static void
read_receive(struct reader *r)
{
	struct ledger_journal_question *q = r->q;
	read_contract(r);
	q->subject = need(r, "the number that the invoice bears");
	q->amount = need(r, "the amount, or expected");
	while (r->left && !r->status) {
		if (read_option(r))
			continue;
		if (q->date.s || !read_day(r))
			complain(r, 400, "found \"%.40s\", expected the day it is due, or --month",
				 *r->words);
	}
	if (!r->status && !r->hub->contracts[q->contract].purchase)
		complain(r, 409,
			 "by contract %.60s the hub is paid: it issues, and receives nothing",
			 r->hub->contracts[q->contract].id);
}

static uint64_t
read_octets(struct reader *r, const char *what)
{
	const char *word = need(r, what);
	size_t digits = strspn(word, "0123456789");
	uint64_t octets = digits && digits < 18 && !word[digits] ? strtoull(word, NULL, 10) : 0;
	if (!r->status && (!digits || word[digits] || digits >= 18 || octets >> OCTETS_LOG2))
		complain(r, 400, "found \"%.40s\", expected octets of a bin, a whole number", word);
	return octets;
}

static void
read_adjust(struct reader *r)
{
	struct ledger_journal_question *q = r->q;
	q->subject = need(r, "the port");
	if (!r->status && hub_port_by_id(r->hub, q->subject) == HUB_NONE)
		complain(r, 404, "there is no port %.60s", q->subject);
	const char *time = need(r, "the time of the bin");
	if (!r->status && (strlen(time) <= 10 || utc_parse(&q->date, time) < 0))
		complain(r, 400, "found \"%.40s\", expected a time such as 2026-11-20T12:05:00Z",
			 time);
	q->measured = take(r, "measured");
	if (!q->measured) {
		q->in = read_octets(r, "the octets in, or measured");
		q->out = read_octets(r, "the octets out");
	}
	while (r->left && !r->status)
		if (!read_option(r))
			read_reason(r);
}

/* In any order, the day once. */
static void
read_day_and_reason(struct reader *r)
{
	while (r->left && !r->status) {
		if (read_option(r))
			continue;
		if (r->q->date.s || !read_day(r))
			read_reason(r);
	}
}

static void
read_pay(struct reader *r)
{
	struct ledger_journal_question *q = r->q;
	q->subject = need(r, "the invoice");
	q->amount = need(r, "the amount, or all");
	read_day_and_reason(r);
}

static void
read_credit(struct reader *r)
{
	struct ledger_journal_question *q = r->q;
	q->subject = need(r, "the invoice");
	q->amount = need(r, "the amount, or all");
	while (read_option(r))
		;
	if (r->left)
		read_reason(r);
	else
		complain(r, 400, "the reason is missing");
	if (!r->status && !*q->reason)
		complain(r, 400, "the reason is empty");
	while (r->left && read_option(r))
		;
}

/* An amount begins with a digit; anything else is the reason. */
static bool
is_amount(const char *word)
{
	return strcmp(word, "all") == 0 || (*word && strspn(word, "0123456789.-") == strlen(word));
}

static void
read_dispute(struct reader *r)
{
	struct ledger_journal_question *q = r->q;
	q->action = need(r, "open, answer, accept, settle, reject or withdraw");
	q->kind = strcmp(q->action, "open") == 0 ? LEDGER_DOES_DISPUTE : LEDGER_DOES_DISPUTE_STEP;
	static const char *const actions[] = {"open",   "answer", "accept",
					      "settle", "reject", "withdraw"};
	bool known = false;
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		known |= strcmp(q->action, actions[i]) == 0;
	if (!known)
		complain(r, 400,
			 "found \"%.40s\", expected open, answer, accept, settle, reject or "
			 "withdraw",
			 q->action);
	q->subject = need(r, q->kind == LEDGER_DOES_DISPUTE ? "the invoice" : "the dispute");
	bool may_grant = q->kind == LEDGER_DOES_DISPUTE || strcmp(q->action, "settle") == 0;
	if (may_grant && r->left && is_amount(*r->words))
		q->amount = need(r, "");
	while (r->left && !r->status) {
		if (read_option(r))
			continue;
		read_reason(r);
	}
}

static void
read_transfer(struct reader *r)
{
	struct ledger_journal_question *q = r->q;
	q->subject = need(r, "who paid");
	q->to = need(r, "who was paid");
	q->amount = need(r, "the amount");
	const char *currency = need(r, "the currency");
	if (!r->status &&
	    (currency_parse(&q->currency, currency) < 0 || !currency_is_known(q->currency)))
		complain(r, 400, "found \"%.40s\", expected a currency of ISO 4217 such as USD",
			 currency);
	const char *const parties[] = {q->subject, q->to};
	for (size_t i = 0; i < 2 && !r->status; i++)
		if (strcmp(parties[i], "hub") != 0 &&
		    hub_party_by_id(r->hub, parties[i]) == HUB_NONE)
			complain(r, 404, "there is no party %.60s; the hub itself is \"hub\"",
				 parties[i]);
	read_day_and_reason(r);
}

static void
read_reconcile(struct reader *r)
{
	read_contract(r);
	while (r->left && !r->status)
		if (!read_option(r))
			complain(r, 400, "found \"%.40s\", expected --month, --tolerance or --keep",
				 *r->words);
}

static void
read_settle(struct reader *r)
{
	while (r->left && !r->status)
		if (!read_option(r))
			complain(r, 400, "found \"%.40s\", expected --month", *r->words);
	if (!r->status && !r->q->month.s)
		complain(r, 400, "which month is to be settled? --month YYYY-MM");
}

static void
read_entries(struct reader *r)
{
	struct ledger_journal_question *q = r->q;
	q->from = 1;
	q->number_to = UINT64_MAX;
	while (r->left && !r->status) {
		if (take(r, "from"))
			q->from = read_number(r);
		else if (take(r, "to"))
			q->number_to = read_number(r);
		else if (take(r, "account"))
			q->account = need(r, "the account");
		else if (take(r, "holder"))
			q->holder = need(r, "the holder");
		else
			complain(r, 400, "found \"%.40s\", expected from, to, account or holder",
				 *r->words);
	}
}

static void
read_bills(struct reader *r)
{
	while (r->left && !r->status) {
		if (take(r, "month")) {
			read_month(r);
		} else {
			(void)take(r, "member");
			read_member(r);
		}
	}
}

static void
read_verify(struct reader *r)
{
	if (!take(r, "--head"))
		return;
	const char *word = need(r, "the digest");
	if (!r->status && ledger_hash_parse(&r->q->head, word) < 0)
		complain(r, 400, "found \"%.80s\", expected 64 hexadecimal digits", word);
	r->q->has_head = true;
}

static void
read_settlement(struct reader *r)
{
	struct ledger_journal_question *q = r->q;
	while (r->left && !r->status) {
		if (take(r, "month"))
			read_month(r);
		else if (take(r, "--html"))
			q->html = true;
		else if (take(r, "party") || q->month.s || *q->subject)
			q->holder = need(r, "the party");
		else
			q->subject = need(r, "");
	}
}

static void
read_document(struct reader *r)
{
	r->q->html = take(r, "--html");
	r->q->subject = need(r, "the document");
	r->q->html |= take(r, "--html");
	if (!r->status && !*r->q->subject)
		complain(r, 400, "the document has no name");
	if (take(r, "for")) {
		read_member(r);
		r->q->html |= take(r, "--html");
		return;
	}
	if (take(r, "party") || r->left)
		r->q->holder = need(r, "the party");
	r->q->html |= take(r, "--html");
}

static void
read_note(struct reader *r)
{
	while (read_option(r))
		;
	if (r->left)
		read_reason(r);
	if (!r->status && !*r->q->reason)
		complain(r, 400, "the text is empty");
	while (r->left && read_option(r))
		;
}

static void
read_disputes(struct reader *r)
{
	if (take(r, "member") || r->left)
		read_member(r);
}

static void
read_time(struct reader *r, struct utc_s *out, const char *what)
{
	const char *word = need(r, what);
	if (!r->status && (utc_parse(out, word) < 0 || !ledger_time_is_sane(*out)))
		complain(r, 400, "found \"%.40s\", expected a time such as 2026-11-20T12:00:00Z",
			 word);
}

static void
read_way(struct reader *r)
{
	struct ledger_journal_question *q = r->q;
	(void)take(r, "member");
	read_member(r);
	if (!r->status && q->member == HUB_NONE)
		complain(r, 404, "the ways of members are proved: that is a party");
	while (r->left && !r->status) {
		if (take(r, "month"))
			read_month(r);
		else if (take(r, "--from"))
			read_time(r, &q->since, "the time that it begins");
		else if (take(r, "--to"))
			read_time(r, &q->until, "the time that it ends");
		else
			return;
	}
	if (r->status || (!q->since.s && !q->until.s))
		return;
	if (q->month.s)
		complain(r, 400, "either month, or --from and --to");
	else if (!q->since.s || !q->until.s)
		complain(r, 400, "--from and --to go together");
	else if (q->since.s >= q->until.s)
		complain(r, 400, "it ends before it begins");
	else if (q->until.s - q->since.s > WAY_MOST_S)
		complain(r, 400, "from --from to --to are at most 31 days");
}

static void
read_aged(struct reader *r)
{
	if (take(r, "payables"))
		r->q->kind = LEDGER_ASKS_AGED_PAYABLES;
}

static void
read_nothing(struct reader *r)
{
	(void)r;
}

static const struct {
	const char *word;
	enum ledger_journal_asks kind;
	void (*read)(struct reader *r);
	unsigned takes; /* options */
} verbs[] = {
	{"issue", LEDGER_DOES_ISSUE, read_issue, KEY | MONTH | CONTRACT | AGAIN},
	{"receive", LEDGER_DOES_RECEIVE, read_receive, KEY | MONTH},
	{"adjust", LEDGER_DOES_ADJUST, read_adjust, KEY},
	{"credit", LEDGER_DOES_CREDIT, read_credit, KEY},
	{"pay", LEDGER_DOES_PAY, read_pay, KEY},
	{"dispute", LEDGER_DOES_DISPUTE, read_dispute, KEY},
	{"settle", LEDGER_DOES_SETTLE, read_settle, KEY | MONTH},
	{"transfer", LEDGER_DOES_TRANSFER, read_transfer, KEY},
	{"reconcile", LEDGER_DOES_RECONCILE, read_reconcile, KEY | MONTH | TOLERANCE | KEEP},
	{"note", LEDGER_DOES_NOTE, read_note, KEY},
	{"invoices", LEDGER_ASKS_BILLS, read_bills, 0},
	{"payables", LEDGER_ASKS_PAYABLES, read_bills, 0},
	{"adjustments", LEDGER_ASKS_ADJUSTMENTS, read_nothing, 0},
	{"disputes", LEDGER_ASKS_DISPUTES, read_disputes, 0},
	{"statement", LEDGER_ASKS_STATEMENT, read_member, 0},
	{"aged", LEDGER_ASKS_AGED, read_aged, 0},
	{"balance", LEDGER_ASKS_BALANCE, read_nothing, 0},
	{"entries", LEDGER_ASKS_ENTRIES, read_entries, 0},
	{"document", LEDGER_ASKS_DOCUMENT, read_document, 0},
	{"way", LEDGER_ASKS_WAY, read_way, 0},
	{"head", LEDGER_ASKS_HEAD, read_nothing, 0},
	{"verify", LEDGER_ASKS_VERIFY, read_verify, 0},
	{"settlement", LEDGER_ASKS_SETTLEMENT, read_settlement, 0},
};

bool
ledger_journal_question_is(const char *const *words, size_t count)
{
	return strcmp(words[0], "ledger") == 0 ||
	       (count > 1 && strcmp(words[0], "show") == 0 && strcmp(words[1], "settlement") == 0);
}

int
ledger_journal_question_parse(struct ledger_journal_question *out, const struct hub *hub,
			      const char *const *words, size_t count,
			      char complaint[LEDGER_JOURNAL_COMPLAINT])
{
	struct ledger_journal_question q = {
		.subject = "",
		.to = "",
		.action = "",
		.reason = "",
		.key = "",
		.account = "",
		.holder = "",
		.tolerance_bp = 200,
		.member = HUB_NONE,
		.party = HUB_NONE,
		.contract = HUB_NONE,
	};
	struct reader r = {
		.q = &q, .hub = hub, .words = words, .left = count, .complaint = complaint};
	(void)(take(&r, "ledger") || take(&r, "show"));
	/* They are shown to others for years. */
	for (size_t k = 0; k < count; k++)
		if (!utf8_is_line(words[k]))
			complain(&r, 400,
				 "word %zu is not UTF-8, or has characters that are not seen",
				 k + 1);
	const char *verb = need(&r, "what is to be done");
	size_t i = 0, known = sizeof(verbs) / sizeof(verbs[0]);
	while (i < known && strcmp(verbs[i].word, verb) != 0)
		i++;
	if (i == known) {
		complain(&r, 400, "found \"%.40s\", which is none of the ledger's commands", verb);
	} else {
		q.kind = verbs[i].kind;
		r.takes = verbs[i].takes;
		verbs[i].read(&r);
	}
	if (r.left)
		complain(&r, 400, "found \"%.40s\", expected nothing more", *r.words);
	if (!r.status)
		*out = q;
	return r.status;
}
