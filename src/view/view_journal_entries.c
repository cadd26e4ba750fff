/* What the journal shows of entries: lists, statements, one with its document. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "view/view_journal.h"
#include "view/view_text.h"

static const char entries_head[] =
	"entry,time,kind,document,subject,holder,account,currency,debit,credit,by,reason,hash\r\n";

static void
head_of_statement(struct buf *out, const struct ledger_journal *journal, const struct hub *hub,
		  const char *holder, struct utc_s now)
{
	char time[CLOCK_TEXT];
	uint32_t member = hub_member_by_name(hub, holder);
	uint32_t party = hub_party_by_id(hub, holder);
	buf_printf(out, "STATEMENT of %s to %s\n", hub->name,
		   member != HUB_NONE  ? hub->members[member].name
		   : party != HUB_NONE ? hub->parties[party].name
				       : holder);
	buf_printf(out, "accounts receivable:%s and supplier:%s\n%s, entry %" PRIu64 "\n\n", holder,
		   holder, utc_format(time, now), journal->head.number);
}

void
view_journal_list_begin(struct view_journal_list *list, struct buf *out,
			const struct ledger_journal *journal, const struct hub *hub,
			const char *holder, struct utc_s now)
{
	list->sum_count = list->rows = 0;
	if (list->form == VIEW_JSON)
		buf_printf(out, "{\"entries\":[");
	else if (list->form == VIEW_CSV && list->statement)
		buf_str(out, "entry,date,document,what,currency,amount,balance,reason\r\n");
	else if (list->form == VIEW_CSV)
		buf_str(out, entries_head);
	else if (list->statement)
		head_of_statement(out, journal, hub, holder, now);
}

/* Is it one of the accounts that a holder has with the hub? */
static bool
is_holders(const char *account)
{
	return strncmp(account, "receivable:", 11) == 0 || strncmp(account, "supplier:", 9) == 0;
}

/* What the entry posts to the holder's accounts in one currency is added up; the sum after it. */
static int64_t
add_up(struct view_journal_list *list, struct money m)
{
	size_t i = 0;
	while (i < list->sum_count && strcmp(list->sums[i].currency.code, m.currency.code) != 0)
		i++;
	if (i == sizeof(list->sums) / sizeof(list->sums[0]))
		return 0;
	if (i == list->sum_count)
		list->sums[list->sum_count++] = (struct view_journal_sum){m.currency, 0};
	list->sums[i].minor += m.minor;
	return list->sums[i].minor;
}

/* "invoice 2026-10", "dispute open" */
static void
what_of(char out[80], const struct ledger_entry *e)
{
	char month[CLOCK_TEXT] = "";
	static_assert(LEDGER_ADJUSTMENT_ACTION <= 64, "an adjustment's words are never cut");
	if (e->month.s && e->kind == LEDGER_ENTRY_INVOICE)
		utc_format(month, e->month)[7] = '\0';
	(void)snprintf(out, 80, "%s%s%.7s%s%.60s", ledger_entry_kind_name(e->kind),
		       month[0] ? " " : "", month, *e->action ? " " : "", e->action);
}

static void
json_entry(struct view_journal_list *list, struct buf *out, const struct ledger_entry *e,
	   struct ledger_hash hash)
{
	char text[LEDGER_HASH_TEXT];
	if (list->rows)
		buf_str(out, ",");
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_u64(&j, "entry", e->number);
	json_utc(&j, "time", e->time);
	json_str(&j, "kind", ledger_entry_kind_name(e->kind));
	json_str(&j, "document", *e->document ? e->document : NULL);
	json_str(&j, "subject", *e->subject ? e->subject : NULL);
	json_str(&j, "holder", *e->holder ? e->holder : NULL);
	json_str(&j, "contract", *e->contract ? e->contract : NULL);
	json_utc(&j, "month", e->month);
	json_utc(&j, "date", e->date);
	if (e->amount.currency.code[0])
		json_money(&j, "amount", e->amount);
	json_str(&j, "action", *e->action ? e->action : NULL);
	if (!list->outside)
		json_str(&j, "by", e->by);
	json_str(&j, "reason", *e->reason ? e->reason : NULL);
	json_array(&j, "postings");
	for (size_t i = 0; i < e->posting_count; i++) {
		json_object(&j, NULL);
		json_str(&j, "account", e->postings[i].account);
		json_money(&j, "amount", e->postings[i].amount);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_str(&j, "hash", ledger_hash_format(text, hash));
	json_object_end(&j);
}

static void
csv_entry(const struct view_journal_list *list, struct buf *out, const struct ledger_entry *e,
	  struct ledger_hash hash)
{
	static const struct ledger_posting none = {"", {0, {""}}};
	size_t count = e->posting_count ? e->posting_count : 1;
	for (size_t i = 0; i < count; i++) {
		const struct ledger_posting *p = e->posting_count ? &e->postings[i] : &none;
		char time[CLOCK_TEXT], debit[MONEY_TEXT] = "", credit[MONEY_TEXT] = "";
		char text[LEDGER_HASH_TEXT];
		if (p->amount.minor > 0)
			(void)money_format_amount(debit, p->amount);
		if (p->amount.minor < 0)
			(void)money_format_amount(
				credit, (struct money){-p->amount.minor, p->amount.currency});
		buf_printf(out, "%" PRIu64 ",%s,%s,", e->number, utc_format(time, e->time),
			   ledger_entry_kind_name(e->kind));
		const char *const fields[] = {e->document, e->subject, e->holder, p->account};
		for (size_t k = 0; k < 4; k++) {
			view_csv_field(out, fields[k]);
			buf_u8(out, ',');
		}
		buf_printf(out, "%s,%s,%s,", p->amount.currency.code, debit, credit);
		view_csv_field(out, list->outside ? "" : e->by);
		buf_u8(out, ',');
		view_csv_field(out, e->reason);
		buf_printf(out, ",%s\r\n", ledger_hash_format(text, hash));
	}
}

static void
text_entry(const struct view_journal_list *list, struct buf *out, const struct ledger_entry *e)
{
	char time[CLOCK_TEXT], what[80], money[MONEY_TEXT];
	what_of(what, e);
	bool of = *e->subject && e->kind != LEDGER_ENTRY_INVOICE;
	buf_printf(out, "%6" PRIu64 "  %s  %s %s%s%s%s%s\n", e->number, utc_format(time, e->time),
		   what, e->document, of && *e->document ? " of " : "", of ? e->subject : "",
		   list->outside ? "" : "  by ", list->outside ? "" : e->by);
	if (*e->reason)
		view_field(out, "        ", e->reason);
	for (size_t i = 0; i < e->posting_count; i++) {
		const struct ledger_posting *p = &e->postings[i];
		bool debit = p->amount.minor > 0;
		(void)money_format_amount(money,
					  (struct money){debit ? p->amount.minor : -p->amount.minor,
							 p->amount.currency});
		buf_str(out, "        ");
		view_cell(out, p->account, 34);
		buf_printf(out, " %s %*s\n", p->amount.currency.code, debit ? 16 : 32, money);
	}
}

/* A line of a statement: what the entry changes of what the holder owes. */
static void
statement_entry(struct view_journal_list *list, struct buf *out, const struct ledger_entry *e)
{
	char day[CLOCK_TEXT], what[80], change[MONEY_TEXT], after[MONEY_TEXT];
	struct money sum = {0, e->amount.currency};
	for (size_t i = 0; i < e->posting_count; i++)
		if (is_holders(e->postings[i].account))
			sum.minor += e->postings[i].amount.minor;
	struct money balance = {add_up(list, sum), sum.currency};
	/* Money has its own day: that of the bank. */
	utc_format(day, e->kind == LEDGER_ENTRY_PAYMENT ? e->date : e->time)[10] = '\0';
	what_of(what, e);
	if (list->form == VIEW_CSV) {
		buf_printf(out, "%" PRIu64 ",%s,", e->number, day);
		view_csv_field(out, *e->document ? e->document : e->subject);
		buf_printf(out, ",%s,%s,%s,%s,", what, sum.currency.code,
			   money_format_amount(change, sum), money_format_amount(after, balance));
		view_csv_field(out, e->reason);
		buf_str(out, "\r\n");
		return;
	}
	buf_printf(out, "%s  ", day);
	view_cell(out, what, 16);
	buf_u8(out, ' ');
	view_cell(out, *e->document ? e->document : e->subject, 14);
	if (e->posting_count)
		buf_printf(out, " %s %14s %16s\n", sum.currency.code,
			   money_format_amount(change, sum), money_format_amount(after, balance));
	else
		buf_printf(out, " %s %14s\n", sum.currency.code,
			   sum.currency.code[0] ? money_format_amount(change, e->amount) : "");
}

static bool
posts_to(const struct ledger_entry *e, const char *account)
{
	for (size_t i = 0; i < e->posting_count; i++)
		if (strcmp(e->postings[i].account, account) == 0)
			return true;
	return false;
}

void
view_journal_list_add(struct view_journal_list *list, struct buf *out, const struct ledger_entry *e,
		      struct ledger_hash hash)
{
	if (list->account && !posts_to(e, list->account))
		return;
	if (list->form == VIEW_JSON)
		json_entry(list, out, e, hash);
	else if (list->statement)
		statement_entry(list, out, e);
	else if (list->form == VIEW_CSV)
		csv_entry(list, out, e, hash);
	else
		text_entry(list, out, e);
	list->rows++;
}

/* What is open and disputed, by currency. */
static void
json_totals(struct buf *out, const struct ledger_journal *journal, const char *holder)
{
	struct json j = json_to(out);
	json_array(&j, NULL);
	const struct ledger_accounts *accounts = &journal->accounts;
	for (size_t i = 0; i < accounts->count; i++) {
		const struct ledger_account *a = &accounts->items[i];
		char other[LEDGER_FIELD_MAX + 16];
		if (!is_holders(a->name) || strcmp(strchr(a->name, ':') + 1, holder) != 0)
			continue;
		/* Both accounts of a currency are one sum, at the first of them. */
		(void)snprintf(other, sizeof(other), "%s:%s",
			       *a->name == 's' ? "receivable" : "supplier", holder);
		bool told = false;
		for (size_t k = 0; k < i; k++)
			told |= strcmp(accounts->items[k].name, other) == 0 &&
				strcmp(accounts->items[k].currency.code, a->currency.code) == 0;
		if (!told)
			json_money(&j, NULL,
				   (struct money){
					   ledger_accounts_balance(accounts, a->name, a->currency) +
						   ledger_accounts_balance(accounts, other,
									   a->currency),
					   a->currency});
	}
	json_array_end(&j);
}

void
view_journal_list_end(struct view_journal_list *list, struct buf *out,
		      const struct ledger_journal *journal, const char *holder)
{
	char text[MONEY_TEXT];
	if (list->form == VIEW_JSON) {
		buf_str(out, "]");
		if (list->statement) {
			buf_str(out, ",\"open\":");
			json_totals(out, journal, holder);
		}
		buf_str(out, "}\n");
		return;
	}
	if (list->form == VIEW_CSV)
		return;
	if (!list->rows)
		buf_str(out, "no entries\n");
	for (size_t i = 0; list->statement && i < list->sum_count; i++) {
		const struct view_journal_sum *sum = &list->sums[i];
		if (sum->currency.code[0])
			buf_printf(out, "%s%s\n", i ? "open          " : "\nopen          ",
				   money_format(text, (struct money){sum->minor, sum->currency}));
	}
}

void
view_journal_document(struct buf *out, const struct view_journal_list *how,
		      const struct ledger_entry *entry, struct cursor text, struct cursor body)
{
	const enum view_form form = how->form;
	struct view_journal_list list = *how;
	/* The other party's bins are CSV as they came. */
	if (form == VIEW_CSV && entry->kind == LEDGER_ENTRY_SERIES) {
		buf_put(out, body.at, cursor_left(&body));
		return;
	}
	if (form == VIEW_CSV) {
		buf_str(out, entries_head);
		csv_entry(&list, out, entry, ledger_hash_of(text.at, cursor_left(&text)));
		return;
	}
	if (form == VIEW_JSON && entry->body_length) {
		buf_put(out, body.at, cursor_left(&body));
		buf_str(out, "\n");
		return;
	}
	if (form == VIEW_JSON) {
		json_entry(&list, out, entry, ledger_hash_of(text.at, cursor_left(&text)));
		buf_str(out, "\n");
		return;
	}
	/* The text that the digest is of says who wrote it. */
	if (list.outside)
		text_entry(&list, out, entry);
	else
		buf_put(out, text.at, cursor_left(&text));
	if (entry->body_length) {
		buf_str(out, "\n");
		buf_put(out, body.at, cursor_left(&body));
		if (body.end[-1] != '\n')
			buf_str(out, "\n");
	}
}
