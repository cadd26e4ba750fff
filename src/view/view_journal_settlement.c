/* What the journal shows of settlements. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "view/view_journal.h"
#include "view/view_journal_table.h"
#include "view/view_text.h"

#define COLUMNS(c) (c), sizeof(c) / sizeof((c)[0])

static const char *
month_text(char out[CLOCK_TEXT], struct utc_s t)
{
	utc_format(out, t)[7] = '\0';
	return out;
}

static const char *
amount(char out[MONEY_TEXT], int64_t minor, struct currency currency)
{
	return money_format_amount(out, (struct money){minor, currency});
}

static const struct view_column list_columns[] = {
	{"id", "settlement", 16, false},
	{"month", "month", 8, false},
	{"entry", "entry", -8, true},
};

void
view_journal_settlements(struct buf *out, enum view_form form, const struct ledger_journal *journal)
{
	const struct ledger_documents *d = &journal->documents;
	struct view_table t;
	view_table_begin(&t, out, form);
	view_table_rows(&t, "settlements", COLUMNS(list_columns));
	for (size_t i = 0; i < d->settled_count; i++) {
		char month[CLOCK_TEXT], entry[24];
		(void)snprintf(entry, sizeof(entry), "%" PRIu64, d->settled[i].entry);
		const char *const values[] = {d->settled[i].id,
					      month_text(month, d->settled[i].month), entry};
		view_table_row(&t, values);
	}
	view_table_rows_end(&t, "no month was settled");
	view_table_end(&t);
}

/* --- all parties --- */

static const struct view_column statement_columns[] = {
	{"settlement", NULL, 0, false},
	{"month", NULL, 0, false},
	{"party", "party", 16, false},
	{"name", NULL, 0, false},
	{"currency", "", 3, false},
	{"share", "share", -12, false},
	{"collected", "collected", -12, false},
	{"dues_in", "dues in", -9, false},
	{"dues_out", "dues out", -9, false},
	{"net", "net", -13, false},
};

static void
statement_row(struct view_table *t, const struct ledger_settlement *s,
	      const struct ledger_settlement_statement *statement)
{
	char month[CLOCK_TEXT], text[5][MONEY_TEXT];
	struct currency c = statement->currency;
	const struct ledger_party *party = &s->parties[statement->party];
	const char *const values[] = {
		s->id,
		month_text(month, s->month),
		party->id,
		party->name,
		c.code,
		amount(text[0], statement->share, c),
		amount(text[1], statement->collected, c),
		amount(text[2], statement->dues_in, c),
		amount(text[3], statement->dues_out, c),
		amount(text[4], statement->net, c),
	};
	view_table_row(t, values);
}

static void
text_transfers(struct buf *out, const struct ledger_settlement *s, const char *party)
{
	for (size_t i = 0; i < s->transfer_count; i++) {
		const struct ledger_settlement_transfer *x = &s->transfers[i];
		const struct ledger_party *to = &s->parties[x->to];
		char text[MONEY_TEXT];
		if (party && strcmp(s->parties[x->from].id, party) != 0 &&
		    strcmp(to->id, party) != 0)
			continue;
		buf_printf(out, "%s pays %s %s\n", s->parties[x->from].id, to->id,
			   money_format(text, x->amount));
		if (*to->account)
			buf_printf(out, "  to account %s%s%s%s%s\n", to->account,
				   *to->bank ? ", " : "", to->bank, *to->bic ? ", " : "", to->bic);
	}
}

static void
text_head(struct buf *out, const struct ledger_settlement *s)
{
	char month[CLOCK_TEXT], time[CLOCK_TEXT];
	buf_printf(out, "SETTLEMENT %s of %s, made %s\n", s->id, month_text(month, s->month),
		   utc_format(time, s->time));
}

static void
text_invoices(struct buf *out, const struct ledger_settlement *s)
{
	for (size_t i = 0; i < s->invoice_count; i++) {
		const struct ledger_settlement_invoice *invoice = &s->invoices[i];
		char month[CLOCK_TEXT], revenue[MONEY_TEXT], before[MONEY_TEXT];
		view_cell(out, invoice->id, 14);
		buf_printf(out, " %s ", month_text(month, invoice->month));
		view_cell(out, invoice->holder_name, 28);
		buf_printf(out, " %s %14s\n", invoice->revenue.currency.code,
			   money_format_amount(revenue, invoice->revenue));
		if (invoice->before)
			buf_printf(out, "  of which %s was settled before\n",
				   amount(before, invoice->before, invoice->revenue.currency));
	}
	for (size_t i = 0; i < s->due_count; i++) {
		const struct ledger_settlement_due *due = &s->dues[i];
		char text[MONEY_TEXT];
		buf_printf(out, "%s owes %s %s\n  ", s->parties[due->from].id,
			   s->parties[due->to].id, money_format(text, due->amount));
		view_wrapped(out, due->text, 2, 2);
	}
}

static void
all_parties(struct buf *out, enum view_form form, const struct ledger_settlement *s)
{
	struct view_table t;
	if (form == VIEW_JSON) {
		ledger_settlement_write(s, out);
		buf_str(out, "\n");
		return;
	}
	if (form == VIEW_TEXT) {
		text_head(out, s);
		buf_str(out, "\n");
		text_invoices(out, s);
		buf_str(out, "\n");
	}
	view_table_begin(&t, out, form);
	view_table_rows(&t, "statements", COLUMNS(statement_columns));
	for (size_t i = 0; i < s->statement_count; i++)
		statement_row(&t, s, &s->statements[i]);
	view_table_rows_end(&t, "nothing was to be settled");
	view_table_end(&t);
	if (form == VIEW_TEXT && s->transfer_count) {
		buf_str(out, "\n");
		text_transfers(out, s, NULL);
	}
}

/* --- one party --- */

static const struct view_column part_columns[] = {
	{"invoice", "invoice", 14, false},
	{"month", "month", 7, false},
	{"contract", "contract", 18, false},
	{"segment", "segment", 7, false},
	{"rule", "by", 8, false},
	{"weight", NULL, 0, true},
	{"currency", "", 3, false},
	{"revenue", NULL, 0, false},
	{"share", "share", -14, false},
};

static void
part_rows(struct view_table *t, const struct ledger_settlement *s, uint32_t party)
{
	for (size_t i = 0; i < s->invoice_count; i++) {
		const struct ledger_settlement_invoice *invoice = &s->invoices[i];
		struct currency c = invoice->revenue.currency;
		for (size_t k = 0; k < invoice->part_count; k++) {
			const struct ledger_settlement_part *part = &invoice->parts[k];
			char month[CLOCK_TEXT], weight[24], revenue[MONEY_TEXT], share[MONEY_TEXT];
			if (part->party != party)
				continue;
			(void)snprintf(weight, sizeof(weight), "%" PRId64, part->weight);
			const char *const values[] = {
				invoice->id,
				month_text(month, invoice->month),
				invoice->contract,
				part->segment,
				ledger_part_rule_name(part->rule),
				weight,
				c.code,
				money_format_amount(revenue, invoice->revenue),
				amount(share, part->share, c),
			};
			view_table_row(t, values);
		}
	}
}

/* What earlier settlements gave, of invoices that this one corrects. */
static void
text_before(struct buf *out, const struct ledger_settlement *s, uint32_t party)
{
	for (size_t i = 0; i < s->invoice_count; i++)
		for (size_t k = 0; k < s->invoices[i].share_count; k++) {
			const struct ledger_settlement_share *share = &s->invoices[i].shares[k];
			char text[MONEY_TEXT];
			if (share->party == party && share->before)
				buf_printf(out, "%-14s settled before, taken off %36s\n",
					   s->invoices[i].id,
					   amount(text, share->before,
						  s->invoices[i].revenue.currency));
		}
}

static void
one_statement(struct view_table *t, const struct ledger_settlement *s,
	      const struct ledger_settlement_statement *statement)
{
	struct currency c = statement->currency;
	char text[5][MONEY_TEXT];
	if (t->form == VIEW_JSON) {
		json_object(&t->json, NULL);
		json_str(&t->json, "currency", c.code);
		json_str(&t->json, "share", amount(text[0], statement->share, c));
		json_str(&t->json, "collected", amount(text[1], statement->collected, c));
		json_str(&t->json, "dues_in", amount(text[2], statement->dues_in, c));
		json_str(&t->json, "dues_out", amount(text[3], statement->dues_out, c));
		json_str(&t->json, "net", amount(text[4], statement->net, c));
		json_object_end(&t->json);
		return;
	}
	(void)s;
	buf_printf(t->out, "%s share %s, collected %s, dues in %s, out %s: net %s\n", c.code,
		   amount(text[0], statement->share, c), amount(text[1], statement->collected, c),
		   amount(text[2], statement->dues_in, c), amount(text[3], statement->dues_out, c),
		   amount(text[4], statement->net, c));
}

/* Who it is, with all that a payment needs; "" is left out. */
static void
json_party(struct json *j, const struct ledger_settlement *s, const struct ledger_party *p)
{
	char month[CLOCK_TEXT];
	const char *const details[][2] = {{"country", p->country}, {"address", p->address},
					  {"email", p->email},     {"tax_number", p->tax_number},
					  {"bank", p->bank},       {"account", p->account},
					  {"bic", p->bic}};
	json_str(j, "document", "settlement-statement");
	json_str(j, "settlement", s->id);
	json_str(j, "month", month_text(month, s->month));
	json_utc(j, "time", s->time);
	json_str(j, "party", p->id);
	json_str(j, "name", p->name);
	for (size_t i = 0; i < sizeof(details) / sizeof(details[0]); i++)
		if (*details[i][1])
			json_str(j, details[i][0], details[i][1]);
}

/* What earlier settlements gave, below zero. */
static void
json_before(struct json *j, const struct ledger_settlement *s, uint32_t party)
{
	json_array(j, "before");
	for (size_t i = 0; i < s->invoice_count; i++)
		for (size_t k = 0; k < s->invoices[i].share_count; k++) {
			const struct ledger_settlement_share *share = &s->invoices[i].shares[k];
			if (share->party != party || !share->before)
				continue;
			json_object(j, NULL);
			json_str(j, "invoice", s->invoices[i].id);
			json_money(j, "amount",
				   (struct money){-share->before, s->invoices[i].revenue.currency});
			json_object_end(j);
		}
	json_array_end(j);
}

/* What is paid between two parties, by agreement or in the end. */
static void
json_between(struct json *j, const struct ledger_settlement *s, uint32_t from, uint32_t to,
	     struct money paid)
{
	json_str(j, "from", s->parties[from].id);
	json_str(j, "from_name", s->parties[from].name);
	json_str(j, "to", s->parties[to].id);
	json_str(j, "to_name", s->parties[to].name);
	json_money(j, "amount", paid);
}

static void
json_payments(struct json *j, const struct ledger_settlement *s, uint32_t party)
{
	json_array(j, "dues");
	for (size_t i = 0; i < s->due_count; i++) {
		const struct ledger_settlement_due *due = &s->dues[i];
		if (due->from != party && due->to != party)
			continue;
		json_object(j, NULL);
		json_str(j, "agreement", due->agreement);
		json_str(j, "text", due->text);
		json_between(j, s, due->from, due->to, due->amount);
		json_object_end(j);
	}
	json_array_end(j);
	json_array(j, "transfers");
	for (size_t i = 0; i < s->transfer_count; i++) {
		const struct ledger_settlement_transfer *x = &s->transfers[i];
		const struct ledger_party *to = &s->parties[x->to];
		if (x->from != party && x->to != party)
			continue;
		json_object(j, NULL);
		json_between(j, s, x->from, x->to, x->amount);
		json_str(j, "bank", *to->bank ? to->bank : NULL);
		json_str(j, "account", *to->account ? to->account : NULL);
		json_str(j, "bic", *to->bic ? to->bic : NULL);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
one_party(struct buf *out, enum view_form form, const struct ledger_settlement *s, uint32_t party)
{
	struct view_table t;
	const struct ledger_party *p = &s->parties[party];
	if (form == VIEW_TEXT) {
		text_head(out, s);
		buf_printf(out, "STATEMENT of %s%s%s\n", p->name, *p->country ? ", " : "",
			   p->country);
		view_field(out, "tax number", p->tax_number);
		view_field(out, "account", p->account);
		buf_str(out, "\n");
	}
	view_table_begin(&t, out, form);
	if (form == VIEW_JSON)
		json_party(&t.json, s, p);
	view_table_rows(&t, "parts", COLUMNS(part_columns));
	part_rows(&t, s, party);
	view_table_rows_end(&t, "no share in this settlement");
	if (form == VIEW_TEXT)
		text_before(out, s, party);
	if (form == VIEW_JSON)
		json_array(&t.json, "statements");
	for (size_t i = 0; form != VIEW_CSV && i < s->statement_count; i++)
		if (s->statements[i].party == party)
			one_statement(&t, s, &s->statements[i]);
	if (form == VIEW_JSON) {
		json_array_end(&t.json);
		json_before(&t.json, s, party);
		json_payments(&t.json, s, party);
	}
	view_table_end(&t);
	if (form == VIEW_TEXT)
		text_transfers(out, s, p->id);
}

void
view_journal_settlement(struct buf *out, enum view_form form, const struct ledger_settlement *s,
			const char *party)
{
	for (uint32_t i = 0; party && i < s->party_count; i++)
		if (strcmp(s->parties[i].id, party) == 0) {
			one_party(out, form, s, i);
			return;
		}
	all_parties(out, form, s);
}
