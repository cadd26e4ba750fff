/* A settlement as JSON, to be kept in the journal, and back. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/json_read.h"
#include "ledger/ledger_amount.h"
#include "ledger/ledger_settlement.h"

/* --- writing --- */

static void
put_amount(struct json *j, const char *key, int64_t minor, struct currency currency)
{
	char text[MONEY_TEXT];
	json_str(j, key, money_format_amount(text, (struct money){minor, currency}));
}

static void
put_party(struct json *j, const struct ledger_party *p)
{
	json_object(j, NULL);
	json_str(j, "id", p->id);
	json_str(j, "name", p->name);
	json_str(j, "country", p->country);
	json_str(j, "address", p->address);
	json_str(j, "email", p->email);
	json_str(j, "tax_number", p->tax_number);
	json_str(j, "bank", p->bank);
	json_str(j, "account", p->account);
	json_str(j, "bic", p->bic);
	json_object_end(j);
}

static void
put_invoice(struct json *j, const struct ledger_settlement *s,
	    const struct ledger_settlement_invoice *invoice)
{
	struct currency currency = invoice->revenue.currency;
	json_object(j, NULL);
	json_str(j, "id", invoice->id);
	json_str(j, "name", invoice->name);
	json_str(j, "holder", invoice->holder);
	json_str(j, "holder_name", invoice->holder_name);
	json_str(j, "contract", invoice->contract);
	json_str(j, "agreement", invoice->agreement);
	json_utc(j, "month", invoice->month);
	json_money(j, "revenue", invoice->revenue);
	put_amount(j, "before", invoice->before, currency);
	json_array(j, "parts");
	for (size_t i = 0; i < invoice->part_count; i++) {
		const struct ledger_settlement_part *part = &invoice->parts[i];
		json_object(j, NULL);
		json_str(j, "segment", part->segment);
		json_str(j, "party", s->parties[part->party].id);
		json_str(j, "rule", ledger_part_rule_name(part->rule));
		json_i64(j, "weight", part->weight);
		put_amount(j, "share", part->share, currency);
		json_object_end(j);
	}
	json_array_end(j);
	json_array(j, "shares");
	for (size_t i = 0; i < invoice->share_count; i++) {
		const struct ledger_settlement_share *share = &invoice->shares[i];
		json_object(j, NULL);
		json_str(j, "party", s->parties[share->party].id);
		put_amount(j, "share", share->share, currency);
		put_amount(j, "before", share->before, currency);
		json_object_end(j);
	}
	json_array_end(j);
	json_object_end(j);
}

static void
put_due(struct json *j, const struct ledger_settlement *s, const struct ledger_settlement_due *due)
{
	json_object(j, NULL);
	json_str(j, "agreement", due->agreement);
	json_str(j, "text", due->text);
	json_str(j, "from", s->parties[due->from].id);
	json_str(j, "to", s->parties[due->to].id);
	json_money(j, "amount", due->amount);
	json_object_end(j);
}

static void
put_statement(struct json *j, const struct ledger_settlement *s,
	      const struct ledger_settlement_statement *statement)
{
	struct currency currency = statement->currency;
	json_object(j, NULL);
	json_str(j, "party", s->parties[statement->party].id);
	json_str(j, "currency", currency.code);
	put_amount(j, "share", statement->share, currency);
	put_amount(j, "collected", statement->collected, currency);
	put_amount(j, "dues_in", statement->dues_in, currency);
	put_amount(j, "dues_out", statement->dues_out, currency);
	put_amount(j, "net", statement->net, currency);
	json_object_end(j);
}

void
ledger_settlement_write(const struct ledger_settlement *s, struct buf *out)
{
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_str(&j, "document", "settlement");
	json_str(&j, "id", s->id);
	json_utc(&j, "month", s->month);
	json_utc(&j, "time", s->time);
	json_array(&j, "parties");
	for (size_t i = 0; i < s->party_count; i++)
		put_party(&j, &s->parties[i]);
	json_array_end(&j);
	json_array(&j, "invoices");
	for (size_t i = 0; i < s->invoice_count; i++)
		put_invoice(&j, s, &s->invoices[i]);
	json_array_end(&j);
	json_array(&j, "dues");
	for (size_t i = 0; i < s->due_count; i++)
		put_due(&j, s, &s->dues[i]);
	json_array_end(&j);
	json_array(&j, "statements");
	for (size_t i = 0; i < s->statement_count; i++)
		put_statement(&j, s, &s->statements[i]);
	json_array_end(&j);
	json_array(&j, "transfers");
	for (size_t i = 0; i < s->transfer_count; i++) {
		json_object(&j, NULL);
		json_str(&j, "from", s->parties[s->transfers[i].from].id);
		json_str(&j, "to", s->parties[s->transfers[i].to].id);
		json_money(&j, "amount", s->transfers[i].amount);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
}

/* --- reading --- */

struct reader {
	struct ledger_settlement *s;
	struct arena *arena;
	bool bad, no_memory;
};

static const char *
text(struct reader *r, const struct json_value *value, const char *key)
{
	const char *found = json_read_text(json_read_get(value, key));
	if (!found)
		r->bad = true;
	return found ? found : "";
}

static struct utc_s
moment(struct reader *r, const struct json_value *value, const char *key)
{
	struct utc_s t = {0};
	if (utc_parse(&t, text(r, value, key)) < 0)
		r->bad = true;
	return t;
}

static int64_t
amount(struct reader *r, const struct json_value *value, const char *key, struct currency currency)
{
	struct money m = {0};
	if (ledger_amount_parse(&m, text(r, value, key), currency) < 0)
		r->bad = true;
	return m.minor;
}

static struct money
money(struct reader *r, const struct json_value *value, const char *key)
{
	const struct json_value *object = json_read_get(value, key);
	struct money m = {0};
	if (currency_parse(&m.currency, text(r, object, "currency")) < 0)
		r->bad = true;
	else
		m.minor = amount(r, object, "amount", m.currency);
	return m;
}

static uint32_t
party(struct reader *r, const struct json_value *value, const char *key)
{
	const char *id = text(r, value, key);
	for (uint32_t i = 0; i < r->s->party_count; i++)
		if (strcmp(r->s->parties[i].id, id) == 0)
			return i;
	r->bad = true;
	return LEDGER_PARTY_HUB;
}

static int64_t
whole(struct reader *r, const struct json_value *value, const char *key)
{
	const struct json_value *n = json_read_get(value, key);
	char digits[24] = "";
	char *end = digits;
	if (n && n->type == JSON_NUMBER && n->raw_length < sizeof(digits)) {
		memcpy(digits, n->raw, n->raw_length);
		digits[n->raw_length] = '\0';
	}
	errno = 0;
	int64_t number = strtoll(digits, &end, 10);
	if (end == digits || *end || errno)
		r->bad = true;
	return number;
}

/* Room for the items of an array; *first is the first of them. NULL when it is none, or there is no
 * memory. */
static void *
room(struct reader *r, const struct json_value *value, const char *key, size_t size,
     const struct json_value **first)
{
	const struct json_value *array = json_read_get(value, key);
	size_t count = 0;
	if (!array || array->type != JSON_ARRAY) {
		r->bad = true;
		return NULL;
	}
	*first = json_read_first(array);
	for (const struct json_value *item = *first; item; item = item->next)
		count++;
	void *items = arena_take(r->arena, (count + 1) * size);
	r->no_memory |= !items;
	return items;
}

static void
read_parties(struct reader *r, const struct json_value *root)
{
	const struct json_value *v;
	r->s->parties = room(r, root, "parties", sizeof(*r->s->parties), &v);
	for (; r->s->parties && v; v = v->next)
		r->s->parties[r->s->party_count++] = (struct ledger_party){
			text(r, v, "id"),      text(r, v, "name"),    text(r, v, "country"),
			text(r, v, "address"), text(r, v, "email"),   text(r, v, "tax_number"),
			text(r, v, "bank"),    text(r, v, "account"), text(r, v, "bic"),
		};
}

static enum ledger_part_rule
rule(struct reader *r, const struct json_value *value)
{
	const char *name = text(r, value, "rule");
	for (int i = 0; i < LEDGER_PART_RULES; i++)
		if (strcmp(name, ledger_part_rule_name((enum ledger_part_rule)i)) == 0)
			return (enum ledger_part_rule)i;
	r->bad = true;
	return LEDGER_PART_REST;
}

static void
read_shares(struct reader *r, struct ledger_settlement_invoice *invoice,
	    const struct json_value *value)
{
	struct currency currency = invoice->revenue.currency;
	const struct json_value *v;
	invoice->parts = room(r, value, "parts", sizeof(*invoice->parts), &v);
	for (; invoice->parts && v; v = v->next)
		invoice->parts[invoice->part_count++] = (struct ledger_settlement_part){
			.segment = text(r, v, "segment"),
			.party = party(r, v, "party"),
			.rule = rule(r, v),
			.weight = whole(r, v, "weight"),
			.share = amount(r, v, "share", currency),
		};
	invoice->shares = room(r, value, "shares", sizeof(*invoice->shares), &v);
	for (; invoice->shares && v; v = v->next)
		invoice->shares[invoice->share_count++] = (struct ledger_settlement_share){
			.party = party(r, v, "party"),
			.share = amount(r, v, "share", currency),
			.before = amount(r, v, "before", currency),
		};
}

static void
read_invoices(struct reader *r, const struct json_value *root)
{
	const struct json_value *v;
	r->s->invoices = room(r, root, "invoices", sizeof(*r->s->invoices), &v);
	for (; r->s->invoices && v; v = v->next) {
		struct ledger_settlement_invoice *invoice = &r->s->invoices[r->s->invoice_count++];
		*invoice = (struct ledger_settlement_invoice){
			.id = text(r, v, "id"),
			.name = text(r, v, "name"),
			.holder = text(r, v, "holder"),
			.holder_name = text(r, v, "holder_name"),
			.contract = text(r, v, "contract"),
			.agreement = text(r, v, "agreement"),
			.month = moment(r, v, "month"),
			.revenue = money(r, v, "revenue"),
		};
		invoice->before = amount(r, v, "before", invoice->revenue.currency);
		read_shares(r, invoice, v);
	}
}

static void
read_dues(struct reader *r, const struct json_value *root)
{
	const struct json_value *v;
	r->s->dues = room(r, root, "dues", sizeof(*r->s->dues), &v);
	for (; r->s->dues && v; v = v->next)
		r->s->dues[r->s->due_count++] = (struct ledger_settlement_due){
			.agreement = text(r, v, "agreement"),
			.text = text(r, v, "text"),
			.from = party(r, v, "from"),
			.to = party(r, v, "to"),
			.amount = money(r, v, "amount"),
		};
}

static void
read_statements(struct reader *r, const struct json_value *root)
{
	const struct json_value *v;
	r->s->statements = room(r, root, "statements", sizeof(*r->s->statements), &v);
	for (; r->s->statements && v; v = v->next) {
		struct ledger_settlement_statement s = {.party = party(r, v, "party")};
		if (currency_parse(&s.currency, text(r, v, "currency")) < 0)
			r->bad = true;
		s.share = amount(r, v, "share", s.currency);
		s.collected = amount(r, v, "collected", s.currency);
		s.dues_in = amount(r, v, "dues_in", s.currency);
		s.dues_out = amount(r, v, "dues_out", s.currency);
		s.net = amount(r, v, "net", s.currency);
		r->s->statements[r->s->statement_count++] = s;
	}
	r->s->transfers = room(r, root, "transfers", sizeof(*r->s->transfers), &v);
	for (; r->s->transfers && v; v = v->next)
		r->s->transfers[r->s->transfer_count++] = (struct ledger_settlement_transfer){
			.from = party(r, v, "from"),
			.to = party(r, v, "to"),
			.amount = money(r, v, "amount"),
		};
}

int
ledger_settlement_read(struct ledger_settlement *out, struct arena *arena, const void *json,
		       size_t length)
{
	/* The tree points into the text, and so will the settlement. */
	const char *copy = arena_copy(arena, json, length);
	const struct json_value *root = copy ? json_read(arena, copy, length) : NULL;
	struct ledger_settlement s = {0};
	struct reader r = {.s = &s, .arena = arena};
	if (!root || strcmp(text(&r, root, "document"), "settlement") != 0) {
		errno = copy ? EBADMSG : ENOMEM;
		return -1;
	}
	s.id = text(&r, root, "id");
	s.month = moment(&r, root, "month");
	s.time = moment(&r, root, "time");
	read_parties(&r, root);
	read_invoices(&r, root);
	read_dues(&r, root);
	read_statements(&r, root);
	if (r.bad || r.no_memory) {
		errno = r.no_memory ? ENOMEM : EBADMSG;
		return -1;
	}
	*out = s;
	return 0;
}
