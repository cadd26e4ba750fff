/* How a command becomes drafts of entries. */
#include "ledger/ledger_journal_order.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ledger/ledger_amount.h"

int
ledger_order_refuse(struct ledger_order *o, int status, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(o->complaint, sizeof(o->complaint), format, arguments);
	va_end(arguments);
	o->status = status;
	return -1;
}

int
ledger_order_no_memory(struct ledger_order *o)
{
	return ledger_order_refuse(o, 500, "no memory");
}

const char *
ledger_order_keep(struct ledger_order *o, const char *text)
{
	if (!*text)
		return "";
	const char *copy = o->drafts->arena ? arena_str(o->drafts->arena, text) : NULL;
	if (!copy)
		(void)ledger_order_no_memory(o);
	return copy ? copy : "";
}

struct ledger_entry *
ledger_order_begin(struct ledger_order *o, enum ledger_entry_kind kind, const char *made,
		   const char *part)
{
	char key[LEDGER_FIELD_MAX + 1];
	int length = *o->key ? snprintf(key, sizeof(key), "given %s%s", o->key, part)
			     : snprintf(key, sizeof(key), "%s%s", made, part);
	while (length > 0 && (size_t)length < sizeof(key) && key[length - 1] == ' ')
		key[--length] = '\0';
	if (length <= 0 || (size_t)length >= sizeof(key) || !ledger_entry_text_fits(key)) {
		(void)ledger_order_refuse(
			o, 400, "the words are too long, or hold what does not fit one line");
		return NULL;
	}
	o->known = ledger_documents_known(&o->journal->documents, key);
	for (size_t i = 0; i < o->drafts->count && !o->known; i++)
		if (strcmp(o->drafts->items[i].entry.key, key) == 0)
			o->known = o->journal->head.number + 1 + i;
	if (o->known)
		return NULL;
	if (!ledger_entry_text_fits(o->reason)) {
		(void)ledger_order_refuse(
			o, 400, "the reason is too long, or holds what does not fit one line");
		return NULL;
	}
	struct ledger_draft *draft = ledger_drafts_add(o->drafts);
	if (!draft) {
		(void)ledger_order_no_memory(o);
		return NULL;
	}
	draft->entry.kind = kind;
	draft->entry.key = ledger_order_keep(o, key);
	draft->entry.by = ledger_order_keep(o, o->by);
	draft->entry.reason = ledger_order_keep(o, o->reason);
	return &draft->entry;
}

int
ledger_order_nothing(const struct ledger_order *o)
{
	return o->known ? 0 : -1;
}

void
ledger_order_number(struct ledger_order *o, struct ledger_entry *e)
{
	char id[LEDGER_DOCUMENT_TEXT];
	uint64_t ahead = 0;
	for (size_t i = 0; i < o->drafts->count; i++)
		ahead += o->drafts->items[i].entry.kind == e->kind &&
			 *o->drafts->items[i].entry.document;
	e->document = ledger_order_keep(
		o, ledger_documents_next_id(id, &o->journal->documents, e->kind, ahead, o->prefix));
}

struct ledger_posting *
ledger_order_postings(struct ledger_order *o, struct ledger_entry *e, size_t count)
{
	struct ledger_posting *items = arena_take(o->drafts->arena, (count + 1) * sizeof(*items));
	if (!items)
		(void)ledger_order_no_memory(o);
	e->postings = items;
	e->posting_count = 0;
	return items;
}

void
ledger_order_post(struct ledger_order *o, struct ledger_entry *e, const char *kind,
		  const char *holder, struct money amount)
{
	struct ledger_posting *items = (struct ledger_posting *)(uintptr_t)e->postings;
	char account[LEDGER_FIELD_MAX + 1];
	if (!items || !amount.minor)
		return;
	(void)snprintf(account, sizeof(account), "%s%s", kind, holder);
	items[e->posting_count++] = (struct ledger_posting){ledger_order_keep(o, account), amount};
}

struct money
ledger_order_minus(struct money m)
{
	return (struct money){-m.minor, m.currency};
}

const struct ledger_issued *
ledger_order_bill(struct ledger_order *o, const char *invoice)
{
	const struct ledger_issued *bill = ledger_documents_bill(&o->journal->documents, invoice);
	if (!bill)
		(void)ledger_order_refuse(o, 404, "no invoice %.80s was issued", invoice);
	return bill;
}

int
ledger_order_amount(struct ledger_order *o, struct money *out, const char *text, struct money all)
{
	char most[MONEY_TEXT];
	if (strcmp(text, "all") == 0) {
		*out = all;
		return all.minor ? 0 : ledger_order_refuse(o, 409, "nothing is left of it");
	}
	if (ledger_amount_parse(out, text, all.currency) < 0 || !out->minor)
		return ledger_order_refuse(
			o, 400, "found \"%.40s\", expected an amount in %s such as %s", text,
			all.currency.code,
			money_format_amount(most, (struct money){12350, all.currency}));
	return 0;
}
