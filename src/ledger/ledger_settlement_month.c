/* The settlement of a month: which invoices and dues it is about, and what each party's account
 * comes to. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger_settlement.h"

struct maker {
	struct ledger_settlement *out;
	struct arena *arena;
	const struct ledger_settlement_source *source;
	size_t party_room, statement_room;
};

static int
no_memory(void)
{
	errno = ENOMEM;
	return -1;
}

/* "" for what is not there: a document has no gaps. */
static const char *
or_nothing(const char *text)
{
	return text ? text : "";
}

/* --- parties --- */

static int
begin_parties(struct maker *m)
{
	const struct hub *hub = m->source->hub;
	struct ledger_settlement *out = m->out;
	m->party_room = 1 + hub->party_count;
	for (size_t i = 0; i < m->source->earlier_count; i++)
		m->party_room += m->source->earlier[i]->party_count;
	out->parties = arena_take(m->arena, m->party_room * sizeof(*out->parties));
	if (!out->parties)
		return no_memory();
	out->parties[out->party_count++] = (struct ledger_party){LEDGER_PARTY_HUB_ID,
								 hub->name,
								 hub->country.code,
								 or_nothing(hub->city),
								 or_nothing(hub->support_email),
								 "",
								 "",
								 "",
								 ""};
	for (size_t i = 0; i < hub->party_count; i++) {
		const struct hub_party *p = &hub->parties[i];
		out->parties[out->party_count++] = (struct ledger_party){
			p->id,
			p->name,
			p->country.code,
			or_nothing(p->address),
			or_nothing(p->email),
			or_nothing(p->tax_number),
			or_nothing(p->bank),
			or_nothing(p->account),
			or_nothing(p->bic),
		};
	}
	return 0;
}

/* The number of a party of an earlier settlement; one that the hub file no longer has is added as
 * it was. */
static uint32_t
party_again(struct maker *m, const struct ledger_party *party)
{
	struct ledger_settlement *out = m->out;
	for (uint32_t i = 0; i < out->party_count; i++)
		if (strcmp(out->parties[i].id, party->id) == 0)
			return i;
	out->parties[out->party_count] = *party;
	return (uint32_t)out->party_count++;
}

/* --- invoices --- */

/* The agreement by which a contract's month is shared, or NULL. */
static const struct hub_settlement *
agreement_of(const struct hub *hub, uint32_t contract, const struct ledger_issued *bill)
{
	for (size_t i = 0; i < hub->settlement_count; i++) {
		const struct hub_settlement *s = &hub->settlements[i];
		bool named = s->contract_count == 0;
		for (size_t j = 0; j < s->contract_count; j++)
			named |= s->contracts[j] == contract;
		if (named && strcmp(s->currency.code, bill->total.currency.code) == 0 &&
		    bill->month.s >= s->starts.s && (!s->ends.s || bill->month.s < s->ends.s))
			return s;
	}
	return NULL;
}

/* What the last settlement of an invoice shared in all; -1: there was none. */
static int64_t
revenue_before(const struct ledger_settlement_source *source, const char *id)
{
	for (size_t i = source->earlier_count; i-- > 0;)
		for (size_t j = 0; j < source->earlier[i]->invoice_count; j++)
			if (strcmp(source->earlier[i]->invoices[j].id, id) == 0)
				return source->earlier[i]->invoices[j].revenue.minor;
	return -1;
}

/* Each party's part before, of the last settlement that was about the invoice. */
static int
add_before(struct maker *m, struct ledger_settlement_invoice *invoice)
{
	const struct ledger_settlement_invoice *last = NULL;
	const struct ledger_settlement *of = NULL;
	for (size_t i = 0; i < m->source->earlier_count; i++)
		for (size_t j = 0; j < m->source->earlier[i]->invoice_count; j++)
			if (strcmp(m->source->earlier[i]->invoices[j].id, invoice->id) == 0) {
				of = m->source->earlier[i];
				last = &of->invoices[j];
			}
	if (!last)
		return 0;
	struct ledger_settlement_share *shares = arena_take(
		m->arena, (invoice->share_count + last->share_count + 1) * sizeof(*shares));
	if (!shares)
		return no_memory();
	if (invoice->share_count)
		memcpy(shares, invoice->shares, invoice->share_count * sizeof(*shares));
	invoice->shares = shares;
	for (size_t i = 0; i < last->share_count; i++) {
		uint32_t party = party_again(m, &of->parties[last->shares[i].party]);
		size_t at = 0;
		while (at < invoice->share_count && shares[at].party != party)
			at++;
		if (at == invoice->share_count)
			shares[invoice->share_count++] =
				(struct ledger_settlement_share){.party = party};
		shares[at].before = last->shares[i].share;
	}
	invoice->before = last->revenue.minor;
	return 0;
}

static const char *
holder_name(const struct hub *hub, const char *holder)
{
	uint32_t member = hub_member_by_name(hub, holder);
	uint32_t party = member == HUB_NONE ? hub_party_by_id(hub, holder) : HUB_NONE;
	return member != HUB_NONE  ? hub->members[member].name
	       : party != HUB_NONE ? hub->parties[party].name
				   : holder;
}

static int
add_invoice(struct maker *m, const struct ledger_issued *bill)
{
	const struct hub *hub = m->source->hub;
	uint32_t contract = hub_contract_by_id(hub, bill->contract);
	if (bill->received || bill->month.s > m->source->month.s || contract == HUB_NONE ||
	    hub->contracts[contract].segment_count == 0)
		return 0;
	const struct hub_settlement *agreement = agreement_of(hub, contract, bill);
	int64_t revenue = ledger_settlement_revenue(bill);
	int64_t before = revenue_before(m->source, bill->id);
	if (!agreement || revenue == (before < 0 ? 0 : before))
		return 0;
	struct ledger_settlement_invoice invoice = {
		.id = bill->id,
		.name = bill->name,
		.holder = bill->holder,
		.holder_name = holder_name(hub, bill->holder),
		.contract = bill->contract,
		.agreement = agreement->id,
		.month = bill->month,
		.revenue = {revenue, bill->total.currency},
	};
	if (ledger_settlement_divide(&invoice, m->arena, hub, agreement,
				     &hub->contracts[contract]) < 0 ||
	    add_before(m, &invoice) < 0)
		return -1;
	m->out->invoices[m->out->invoice_count++] = invoice;
	return 0;
}

static int
add_invoices(struct maker *m)
{
	const struct ledger_documents *d = m->source->documents;
	m->out->invoices = arena_take(m->arena, (d->bill_count + 1) * sizeof(*m->out->invoices));
	if (!m->out->invoices)
		return no_memory();
	for (size_t i = 0; i < d->bill_count; i++)
		if (add_invoice(m, &d->bills[i]) < 0)
			return -1;
	return 0;
}

/* --- dues --- */

static bool
was_settled(const struct maker *m, const struct ledger_settlement_due *due)
{
	for (size_t i = 0; i < m->source->earlier_count; i++) {
		const struct ledger_settlement *s = m->source->earlier[i];
		for (size_t j = 0; s->month.s == m->source->month.s && j < s->due_count; j++) {
			const struct ledger_settlement_due *other = &s->dues[j];
			if (strcmp(other->agreement, due->agreement) == 0 &&
			    strcmp(other->text, due->text) == 0 &&
			    strcmp(s->parties[other->from].id, m->out->parties[due->from].id) ==
				    0 &&
			    strcmp(s->parties[other->to].id, m->out->parties[due->to].id) == 0)
				return true;
		}
	}
	return false;
}

static int
add_dues_of(struct maker *m, const struct hub_settlement *agreement)
{
	if (m->source->month.s < agreement->starts.s ||
	    (agreement->ends.s && m->source->month.s >= agreement->ends.s))
		return 0;
	for (size_t i = 0; i < agreement->due_count; i++) {
		const struct hub_due *d = &agreement->dues[i];
		struct ledger_settlement_due due = {
			.agreement = agreement->id,
			.text = d->text,
			.from = d->from == HUB_NONE ? LEDGER_PARTY_HUB : d->from + 1,
			.to = d->to == HUB_NONE ? LEDGER_PARTY_HUB : d->to + 1,
		};
		if (price_times(&due.amount, d->amount, 1, 1, MONEY_HALF_AWAY) < 0) {
			errno = EOVERFLOW;
			return -1;
		}
		if (!was_settled(m, &due))
			m->out->dues[m->out->due_count++] = due;
	}
	return 0;
}

static int
add_dues(struct maker *m)
{
	const struct hub *hub = m->source->hub;
	size_t room = 1;
	for (size_t i = 0; i < hub->settlement_count; i++)
		room += hub->settlements[i].due_count;
	m->out->dues = arena_take(m->arena, room * sizeof(*m->out->dues));
	if (!m->out->dues)
		return no_memory();
	for (size_t i = 0; i < hub->settlement_count; i++)
		if (add_dues_of(m, &hub->settlements[i]) < 0)
			return -1;
	return 0;
}

/* --- statements --- */

/* The statement of a party in a currency; a new one when there is none. */
static struct ledger_settlement_statement *
statement_of(struct maker *m, uint32_t party, struct currency currency)
{
	struct ledger_settlement *out = m->out;
	for (size_t i = 0; i < out->statement_count; i++)
		if (out->statements[i].party == party &&
		    strcmp(out->statements[i].currency.code, currency.code) == 0)
			return &out->statements[i];
	if (out->statement_count == m->statement_room) {
		size_t room = m->statement_room ? m->statement_room * 2 : 32;
		struct ledger_settlement_statement *grown =
			arena_take(m->arena, room * sizeof(*grown));
		if (!grown)
			return NULL;
		if (out->statement_count)
			memcpy(grown, out->statements, out->statement_count * sizeof(*grown));
		out->statements = grown;
		m->statement_room = room;
	}
	struct ledger_settlement_statement *s = &out->statements[out->statement_count++];
	*s = (struct ledger_settlement_statement){.party = party, .currency = currency};
	return s;
}

/* *field += amount, and *net likewise, or less. */
static int
count_in(int64_t *field, int64_t *net, int64_t amount, bool taken)
{
	if (__builtin_add_overflow(*field, amount, field) ||
	    (taken ? __builtin_sub_overflow(*net, amount, net)
		   : __builtin_add_overflow(*net, amount, net))) {
		errno = EOVERFLOW;
		return -1;
	}
	return 0;
}

static int
count_invoice(struct maker *m, const struct ledger_settlement_invoice *invoice)
{
	struct currency currency = invoice->revenue.currency;
	struct ledger_settlement_statement *s = statement_of(m, LEDGER_PARTY_HUB, currency);
	if (!s)
		return no_memory();
	if (count_in(&s->collected, &s->net, invoice->revenue.minor - invoice->before, true) < 0)
		return -1;
	for (size_t i = 0; i < invoice->share_count; i++) {
		const struct ledger_settlement_share *share = &invoice->shares[i];
		s = statement_of(m, share->party, currency);
		if (!s)
			return no_memory();
		if (count_in(&s->share, &s->net, share->share - share->before, false) < 0)
			return -1;
	}
	return 0;
}

static int
count_due(struct maker *m, const struct ledger_settlement_due *due)
{
	struct ledger_settlement_statement *s = statement_of(m, due->from, due->amount.currency);
	if (!s)
		return no_memory();
	if (count_in(&s->dues_out, &s->net, due->amount.minor, true) < 0)
		return -1;
	s = statement_of(m, due->to, due->amount.currency);
	if (!s)
		return no_memory();
	return count_in(&s->dues_in, &s->net, due->amount.minor, false);
}

static int
by_currency(const void *a, const void *b)
{
	const struct ledger_settlement_statement *x = a, *y = b;
	int order = strcmp(x->currency.code, y->currency.code);
	return order ? order : (x->party > y->party) - (x->party < y->party);
}

/* The statements of one currency stand together. */
static int
net_out(struct maker *m)
{
	struct ledger_settlement *out = m->out;
	size_t n = out->statement_count;
	int64_t *nets = arena_take(m->arena, (n + 1) * sizeof(*nets));
	out->transfers = arena_take(m->arena, (n + 1) * sizeof(*out->transfers));
	if (!nets || !out->transfers)
		return no_memory();
	for (size_t from = 0, to; from < n; from = to) {
		struct currency currency = out->statements[from].currency;
		for (to = from;
		     to < n && strcmp(out->statements[to].currency.code, currency.code) == 0; to++)
			nets[to] = out->statements[to].net;
		struct ledger_settlement_transfer *t = out->transfers + out->transfer_count;
		int used = ledger_settlement_net(t, nets + from, to - from, currency);
		if (used < 0)
			return -1;
		for (int i = 0; i < used; i++) {
			t[i].from = out->statements[from + t[i].from].party;
			t[i].to = out->statements[from + t[i].to].party;
		}
		out->transfer_count += (size_t)used;
	}
	return 0;
}

int
ledger_settlement_make(struct ledger_settlement *out, struct arena *arena,
		       const struct ledger_settlement_source *source)
{
	struct ledger_settlement made = {
		.id = source->id, .month = source->month, .time = source->time};
	struct maker m = {.out = &made, .arena = arena, .source = source};
	if (begin_parties(&m) < 0 || add_invoices(&m) < 0 || add_dues(&m) < 0)
		return -1;
	for (size_t i = 0; i < made.invoice_count; i++)
		if (count_invoice(&m, &made.invoices[i]) < 0)
			return -1;
	for (size_t i = 0; i < made.due_count; i++)
		if (count_due(&m, &made.dues[i]) < 0)
			return -1;
	if (made.statement_count)
		qsort(made.statements, made.statement_count, sizeof(*made.statements), by_currency);
	if (net_out(&m) < 0)
		return -1;
	*out = made;
	return 0;
}
