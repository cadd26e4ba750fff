/* A credit note as it is printed, by the hand that prints invoices. */
#include "paper/paper_note.h"

#include <string.h>

#include "paper/paper_maker.h"

const char *
paper_note_holder(const struct json_value *note)
{
	const char *kind = paper_get_text(note, "document");
	return kind && strcmp(kind, "credit-note") == 0 ? paper_get_text(note, "holder") : NULL;
}

/* "revenue:overage" is the journal's word; "Overage" is what is read. */
static const char *
account_text(struct paper_maker *m, const char *account)
{
	const char *colon = account ? strchr(account, ':') : NULL;
	const char *word = colon ? colon + 1 : account ? account : "";
	char first = *word >= 'a' && *word <= 'z' ? (char)(*word - 'a' + 'A') : *word;
	return *word ? paper_text_of(m, "%c%s", first, word + 1) : "";
}

static void
lines(struct paper_maker *m)
{
	struct paper_document *d = m->document;
	const struct json_value *list = paper_get(m, "lines"), *amount = paper_get(m, "amount");
	d->currency = paper_get_text(amount, "currency");
	d->lines = paper_take(m, (paper_length_of(list) + 1) * sizeof(*d->lines));
	if (!d->lines)
		return;
	for (const struct json_value *i = json_read_first(list); i; i = i->next) {
		const struct json_value *money = json_read_get(i, "amount");
		d->lines[d->line_count++] = (struct paper_line){
			.text = account_text(m, paper_get_text(i, "account")),
			.amount = paper_amount_of(m, money, false),
			.minor = paper_minor_of(paper_get_text(money, "amount")),
		};
	}
	paper_add_fact(m, &d->totals, "Credited", paper_amount_of(m, amount, true));
}

static void
facts(struct paper_maker *m)
{
	struct paper_document *d = m->document;
	const struct json_value *invoice = paper_get(m, "invoice");
	const char *number = paper_get_text(invoice, "number"), *id = paper_get_text(invoice, "id");
	const char *date = paper_get_text(m->bill, "date");
	if (date)
		paper_add_fact(m, &d->facts, "Date", paper_text_of(m, "%.10s", date));
	paper_add_fact(m, &d->facts, "Corrects", number);
	paper_add_fact(m, &d->facts, "Issued as", id);
	paper_add_fact(m, &d->facts, "Of",
		       paper_amount_of(m, json_read_get(invoice, "total"), true));
	struct paper_section *why = paper_add_section(m, "WHY");
	paper_add_text(m, &why->sentences, paper_get_text(m->bill, "reason"));
	if (number)
		paper_add_text(
			m, &why->sentences,
			paper_text_of(m, "The invoice stays as it was issued; what is due of it is "
					 "less by this amount, tax in proportion."));
}

struct paper_document *
paper_note_make(struct arena *arena, const struct json_value *note,
		const struct json_value *parties)
{
	struct paper_maker m = {.arena = arena, .bill = note, .parties = parties};
	const char *number = paper_get_text(note, "id"), *date = paper_get_text(note, "date");
	if (!paper_note_holder(note) || !number || !paper_begin(&m, number))
		return NULL;
	m.document->title = "Credit note";
	m.document->to_label = "CREDITED TO";
	if (!date || utc_parse(&m.document->date, date) < 0)
		m.document->date = (struct utc_s){0};
	paper_letterhead(&m);
	paper_addressee(&m);
	lines(&m);
	facts(&m);
	return m.failed ? NULL : m.document;
}
