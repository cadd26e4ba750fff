/* What the journal shows of invoices, disputes and accounts. */
#include "view/view_journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger_aged.h"
#include "view/view_journal_table.h"
#include "view/view_text.h"

enum { DAY_TEXT = 11, MONTH_TEXT = 8 };

#define COLUMNS(c) (c), sizeof(c) / sizeof((c)[0])

static const char *
day(char out[CLOCK_TEXT], struct utc_s t)
{
	out[0] = '\0';
	if (t.s)
		utc_format(out, t)[DAY_TEXT - 1] = '\0';
	return out;
}

static const char *
month_text(char out[CLOCK_TEXT], struct utc_s t)
{
	out[0] = '\0';
	if (t.s)
		utc_format(out, t)[MONTH_TEXT - 1] = '\0';
	return out;
}

static const char *
amount(char out[MONEY_TEXT], int64_t minor, struct currency currency)
{
	return money_format_amount(out, (struct money){minor, currency});
}

static const char *
name_of(const struct hub *hub, const char *holder)
{
	uint32_t member = hub_member_by_name(hub, holder);
	uint32_t party = member == HUB_NONE ? hub_party_by_id(hub, holder) : HUB_NONE;
	return member != HUB_NONE  ? hub->members[member].name
	       : party != HUB_NONE ? hub->parties[party].name
				   : "";
}

/* --- invoices --- */

static const struct view_column bill_columns[] = {
	{"id", "invoice", 12, false},    {"number", NULL, 0, false},   {"month", "month", 7, false},
	{"holder", "member", 10, false}, {"name", NULL, 0, false},     {"contract", NULL, 0, false},
	{"issued", NULL, 0, false},      {"due", "due", 10, false},    {"currency", "", 3, false},
	{"total", "total", -11, false},  {"credited", NULL, 0, false}, {"paid", NULL, 0, false},
	{"open", "open", -11, false},    {"disputed", NULL, 0, false}, {"state", "state", 9, false},
};

static bool
fits(const struct ledger_issued *bill, const struct view_journal_filter *filter)
{
	return bill->received == filter->received &&
	       (!filter->holder || strcmp(bill->holder, filter->holder) == 0) &&
	       (!filter->month.s || filter->month.s == bill->month.s);
}

/* The day that the document bears, in the contract's zone; in UTC once that is gone. */
static struct utc_s
issue_day(const struct hub *hub, const struct ledger_issued *bill)
{
	uint32_t contract = hub_contract_by_id(hub, bill->contract);
	struct utc_date d = zone_date(contract == HUB_NONE ? NULL : hub->contracts[contract].zone,
				      bill->issued);
	return utc_from_date((struct utc_date){d.year, d.month, d.day, 0, 0, 0});
}

static void
bill_row(struct view_table *t, const struct ledger_journal *journal, const struct hub *hub,
	 const struct ledger_issued *bill, struct utc_s now)
{
	char month[CLOCK_TEXT], issued[CLOCK_TEXT], due[CLOCK_TEXT], total[MONEY_TEXT];
	char credited[MONEY_TEXT], paid[MONEY_TEXT], open[MONEY_TEXT], disputed[MONEY_TEXT];
	struct currency c = bill->total.currency;
	int64_t in_dispute = ledger_issued_disputed(&journal->documents, bill);
	char state[32];
	(void)snprintf(state, sizeof(state), "%s%s", ledger_issued_state(bill, now),
		       in_dispute && t->form == VIEW_TEXT ? "*" : "");
	const char *const values[] = {
		bill->id,
		bill->name,
		month_text(month, bill->month),
		bill->holder,
		name_of(hub, bill->holder),
		bill->contract,
		day(issued, issue_day(hub, bill)),
		day(due, bill->due),
		c.code,
		amount(total, bill->total.minor, c),
		amount(credited, bill->credited, c),
		amount(paid, bill->paid, c),
		amount(open, ledger_issued_open(bill), c),
		amount(disputed, in_dispute, c),
		state,
	};
	view_table_row(t, values);
}

void
view_journal_bills(struct buf *out, enum view_form form, const struct ledger_journal *journal,
		   const struct hub *hub, const struct view_journal_filter *filter,
		   struct utc_s now)
{
	const struct ledger_documents *d = &journal->documents;
	struct view_table t;
	bool disputed = false;
	view_table_begin(&t, out, form);
	view_table_rows(&t, "invoices", COLUMNS(bill_columns));
	for (size_t i = 0; i < d->bill_count; i++) {
		if (!fits(&d->bills[i], filter))
			continue;
		bill_row(&t, journal, hub, &d->bills[i], now);
		disputed |= ledger_issued_disputed(d, &d->bills[i]) != 0;
	}
	view_table_rows_end(&t, filter->received ? "no invoice came in" : "no invoice was issued");
	view_table_end(&t);
	if (form == VIEW_TEXT && disputed)
		buf_str(out, "* in dispute: sarai ledger disputes\n");
}

/* --- adjustments --- */

static const struct view_column adjustment_columns[] = {
	{"id", "entry", 14, false},
	{"port", "port", 14, false},
	{"start", "bin", 20, false},
	{"length_s", NULL, 0, false},
	{"measured", NULL, 0, true},
	{"in", "octets in", -14, false},
	{"out", "octets out", -14, false},
	{"reason", NULL, 0, false},
	{"by", NULL, 0, false},
	{"time", NULL, 0, false},
};

static void
adjustment_row(struct view_table *t, const struct ledger_adjustment *a)
{
	char start[CLOCK_TEXT], time[CLOCK_TEXT], length[16], in[24] = "measured", other[24] = "";
	(void)snprintf(length, sizeof(length), "%" PRIu32, a->length_s);
	if (!a->measured) {
		(void)snprintf(in, sizeof(in), "%" PRIu64, a->in);
		(void)snprintf(other, sizeof(other), "%" PRIu64, a->out);
	} else if (t->form != VIEW_TEXT) {
		in[0] = '\0';
	}
	const char *const values[] = {
		a->id,
		a->port,
		utc_format(start, a->start),
		length,
		a->measured ? "true" : "false",
		in,
		other,
		a->reason,
		a->by,
		utc_format(time, a->time),
	};
	view_table_row(t, values);
	if (t->form == VIEW_TEXT)
		view_field(t->out, "  reason", a->reason);
}

void
view_journal_adjustments(struct buf *out, enum view_form form, const struct ledger_journal *journal)
{
	const struct ledger_documents *d = &journal->documents;
	struct view_table t;
	view_table_begin(&t, out, form);
	view_table_rows(&t, "adjustments", COLUMNS(adjustment_columns));
	for (size_t i = 0; i < d->adjustment_count; i++)
		adjustment_row(&t, &d->adjustments[i]);
	view_table_rows_end(&t, "no bin was put right by hand");
	view_table_end(&t);
}

/* --- disputes --- */

static const struct view_column dispute_columns[] = {
	{"id", "dispute", 12, false},       {"invoice", "invoice", 12, false},
	{"holder", "member", 10, false},    {"name", NULL, 0, false},
	{"currency", "", 3, false},         {"amount", "disputed", -12, false},
	{"granted", "granted", -12, false}, {"state", "state", 9, false},
	{"opened", NULL, 0, false},         {"changed", NULL, 0, false},
	{"deadline", NULL, 0, false},       {"late", NULL, 0, true},
	{"reason", NULL, 0, false},         {"answer", NULL, 0, false},
};

static void
dispute_row(struct view_table *t, const struct ledger_journal *journal, const struct hub *hub,
	    const struct ledger_dispute *dispute, struct utc_s now)
{
	const struct ledger_issued *bill = &journal->documents.bills[dispute->bill];
	struct currency c = bill->total.currency;
	char disputed[MONEY_TEXT], granted[MONEY_TEXT], opened[CLOCK_TEXT], changed[CLOCK_TEXT];
	char deadline[CLOCK_TEXT];
	bool late = !ledger_dispute_is_closed(dispute->state) &&
		    ledger_late_s(dispute->deadline, now) > 0;
	const char *const values[] = {
		dispute->id,
		bill->id,
		bill->holder,
		name_of(hub, bill->holder),
		c.code,
		amount(disputed, dispute->amount, c),
		amount(granted, dispute->granted, c),
		ledger_dispute_state_name(dispute->state),
		day(opened, dispute->opened),
		day(changed, dispute->changed),
		day(deadline, dispute->deadline),
		late ? "true" : "false",
		dispute->reason,
		dispute->answer,
	};
	view_table_row(t, values);
	if (t->form != VIEW_TEXT)
		return;
	view_field(t->out, "  reason", dispute->reason);
	view_field(t->out, "  answer", dispute->answer);
	if (deadline[0])
		buf_printf(t->out, "  deadline    %s%s\n", deadline, late ? ", which is over" : "");
}

void
view_journal_disputes(struct buf *out, enum view_form form, const struct ledger_journal *journal,
		      const struct hub *hub, const struct view_journal_filter *filter,
		      struct utc_s now)
{
	const struct ledger_documents *d = &journal->documents;
	struct view_table t;
	view_table_begin(&t, out, form);
	view_table_rows(&t, "disputes", COLUMNS(dispute_columns));
	for (size_t i = 0; i < d->dispute_count; i++)
		if (!filter->holder ||
		    strcmp(d->bills[d->disputes[i].bill].holder, filter->holder) == 0)
			dispute_row(&t, journal, hub, &d->disputes[i], now);
	view_table_rows_end(&t, "there was no dispute");
	view_table_end(&t);
}

/* --- what is open, by age --- */

static const struct view_column aged_columns[] = {
	{"holder", "member", 10, false},    {"name", NULL, 0, false},
	{"currency", "", 3, false},         {"not_due", "not due", -10, false},
	{"days_30", "30 days", -10, false}, {"days_60", "60 days", -10, false},
	{"days_90", "90 days", -10, false}, {"older", "older", -10, false},
	{"open", "all", -10, false},        {"disputed", NULL, 0, false},
};

static void
aged_row(struct view_table *t, const struct hub *hub, const struct ledger_aged *row)
{
	char text[LEDGER_AGES + 2][MONEY_TEXT];
	int64_t all = 0;
	for (size_t k = 0; k < LEDGER_AGES; k++) {
		(void)amount(text[k], row->open[k], row->currency);
		all += row->open[k];
	}
	const char *const values[] = {
		row->holder,
		name_of(hub, row->holder),
		row->currency.code,
		text[LEDGER_NOT_DUE],
		text[LEDGER_DAYS_30],
		text[LEDGER_DAYS_60],
		text[LEDGER_DAYS_90],
		text[LEDGER_OLDER],
		amount(text[LEDGER_AGES], all, row->currency),
		amount(text[LEDGER_AGES + 1], row->disputed, row->currency),
	};
	view_table_row(t, values);
}

void
view_journal_aged(struct buf *out, enum view_form form, const struct ledger_journal *journal,
		  const struct hub *hub, const struct view_journal_filter *filter, struct utc_s now)
{
	struct view_table t;
	size_t count;
	struct ledger_aged *rows =
		filter->received
			? ledger_aged_payables(&count, journal, hub->billing.payment_days, now)
			: ledger_aged_receivables(&count, journal, now);
	if (!rows) {
		out->failed = true;
		return;
	}
	view_table_begin(&t, out, form);
	view_table_rows(&t, "aged", COLUMNS(aged_columns));
	for (size_t i = 0; i < count; i++)
		aged_row(&t, hub, &rows[i]);
	view_table_rows_end(&t, filter->received ? "the hub owes nothing" : "nothing is open");
	view_table_end(&t);
	free(rows);
}

/* --- accounts --- */

static const struct view_column balance_columns[] = {
	{"account", "account", 32, false},  {"currency", "", 3, false},
	{"debit", "debit", -13, false},     {"credit", "credit", -13, false},
	{"balance", "balance", -13, false},
};

void
view_journal_balance(struct buf *out, enum view_form form, const struct ledger_journal *journal)
{
	const struct ledger_account **sorted = ledger_accounts_sorted(&journal->accounts);
	struct view_table t;
	if (!sorted) {
		out->failed = true;
		return;
	}
	view_table_begin(&t, out, form);
	view_table_rows(&t, "accounts", COLUMNS(balance_columns));
	for (size_t i = 0; i < journal->accounts.count; i++) {
		const struct ledger_account *a = sorted[i];
		char debit[MONEY_TEXT], credit[MONEY_TEXT], balance[MONEY_TEXT];
		const char *const values[] = {
			a->name,
			a->currency.code,
			amount(debit, a->debit, a->currency),
			amount(credit, a->credit, a->currency),
			amount(balance, a->debit - a->credit, a->currency),
		};
		view_table_row(&t, values);
	}
	view_table_rows_end(&t, "nothing was posted");
	if (form == VIEW_JSON)
		json_u64(&t.json, "entries", journal->head.number);
	view_table_end(&t);
	free(sorted);
}

/* --- the chain --- */

void
view_journal_head(struct buf *out, enum view_form form, const struct ledger_journal *journal)
{
	char hash[LEDGER_HASH_TEXT], time[CLOCK_TEXT];
	(void)ledger_hash_format(hash, journal->head.hash);
	if (form == VIEW_JSON) {
		struct json j = json_to(out);
		json_object(&j, NULL);
		json_u64(&j, "entry", journal->head.number);
		json_str(&j, "hash", hash);
		json_utc(&j, "time", journal->time);
		json_object_end(&j);
		buf_str(out, "\n");
	} else if (form == VIEW_CSV) {
		buf_printf(out, "entry,hash,time\r\n%" PRIu64 ",%s,%s\r\n", journal->head.number,
			   hash, journal->time.s ? utc_format(time, journal->time) : "");
	} else {
		buf_printf(out, "%s\nentry %" PRIu64 "%s%s\n", hash, journal->head.number,
			   journal->time.s ? " of " : "",
			   journal->time.s ? utc_format(time, journal->time) : "");
	}
}

/* What of proofs of the way was looked at, and what was not. */
static void
verified_ways(struct buf *out, const struct view_verified *v)
{
	if (v->has_ways)
		buf_printf(out, "ways: sound: %" PRIu64 " entries\n", v->way_entries);
	if (!v->proofs)
		return;
	const char *is = v->proofs == 1 ? "proof of the way on an invoice:"
					: "proofs of the way on invoices:";
	buf_printf(out, "%zu %s %s\n", v->proofs, is,
		   v->reckoned   ? "what ways and bins come to"
		   : v->has_ways ? "the ways that they rest on are there; a running hub holds "
				   "them against the bins, too"
				 : "the ways that they rest on were not read; name their folder, "
				   "or ask a running hub");
}

void
view_journal_verified(struct buf *out, enum view_form form, const struct view_verified *v)
{
	const char *at = (const char *)v->faults.data;
	const char *end = at ? at + v->faults.length : at;
	if (form == VIEW_JSON) {
		struct json j = json_to(out);
		json_object(&j, NULL);
		json_bool(&j, "sound", v->faults.length == 0);
		json_u64(&j, "entries", v->entries);
		json_object(&j, "ways");
		json_bool(&j, "read", v->has_ways);
		json_u64(&j, "entries", v->way_entries);
		json_u64(&j, "proofs", v->proofs);
		json_bool(&j, "reckoned", v->reckoned);
		json_object_end(&j);
		json_array(&j, "faults");
		while (at && at < end) {
			char line[400];
			const char *newline = memchr(at, '\n', (size_t)(end - at));
			const char *stop = newline ? newline : end;
			(void)snprintf(line, sizeof(line), "%.*s", (int)(stop - at), at);
			json_str(&j, NULL, line);
			at = stop + 1;
		}
		json_array_end(&j);
		json_object_end(&j);
		buf_str(out, "\n");
	} else if (v->faults.length) {
		buf_put(out, v->faults.data, v->faults.length);
	} else {
		buf_printf(out,
			   "sound: %" PRIu64 " entries; chain, documents, sequences and balances "
			   "hold\n",
			   v->entries);
		verified_ways(out, v);
	}
}
