/* An invoice read back from its JSON (view_invoice_json.c): a document of the journal, to be shown in every form as
 * it was issued, whatever the hub file and the bins say since. It comes with a hub, a member and a contract of its
 * own, that hold what stands in the document and nothing else. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "ledger/ledger_amount.h"
#include "view/view_ledger_parts.h"
#include "view/view_proof.h"

struct reader {
	struct arena *arena;
	const struct hub *hub; /* the present one */
	struct ledger_invoice *out;
	struct hub *own;
	struct hub_member *member;
	struct hub_contract *contract;
	bool bad, no_memory;
};

static void *
take(struct reader *r, size_t count, size_t size)
{
	void *taken = arena_take(r->arena, (count + 1) * size);
	r->no_memory |= !taken;
	return taken;
}

/* --- values --- */

static const char *
text_at(struct reader *r, const struct json_value *object, const char *key)
{
	const char *text = json_read_text(json_read_get(object, key));
	const char *copy = text ? arena_str(r->arena, text) : NULL;
	r->no_memory |= text && !copy;
	return copy;
}

static const char *
need_text(struct reader *r, const struct json_value *object, const char *key)
{
	const char *text = text_at(r, object, key);
	r->bad |= !text;
	return text ? text : "";
}

/* A whole number, to the last digit; 0 for null. */
static uint64_t
number_at(struct reader *r, const struct json_value *object, const char *key)
{
	const struct json_value *v = json_read_get(object, key);
	char digits[24];
	if (json_read_is_null(v))
		return 0;
	if (v->type != JSON_NUMBER || v->raw_length >= sizeof(digits) ||
	    strspn(v->raw, "0123456789") < v->raw_length) {
		r->bad = true;
		return 0;
	}
	memcpy(digits, v->raw, v->raw_length);
	digits[v->raw_length] = '\0';
	return strtoull(digits, NULL, 10);
}

static struct utc_s
moment_at(struct reader *r, const struct json_value *object, const char *key)
{
	const char *text = json_read_text(json_read_get(object, key));
	struct utc_s t = {0};
	r->bad |= text && utc_parse(&t, text) < 0;
	return t;
}

static struct money
money_at(struct reader *r, const struct json_value *object, const char *key)
{
	const struct json_value *v = json_read_get(object, key);
	const char *amount = json_read_text(json_read_get(v, "amount"));
	const char *code = json_read_text(json_read_get(v, "currency"));
	struct money m = {0};
	if (!amount || !code || currency_parse(&m.currency, code) < 0 ||
	    ledger_amount_parse(&m, amount, m.currency) < 0)
		r->bad = true;
	return m;
}

/* "0.35" */
static struct price
price_at(struct reader *r, const struct json_value *object, const char *key)
{
	const char *text = json_read_text(json_read_get(object, key));
	struct price price = {0, r->contract->currency};
	bool negative = text && *text == '-';
	if (text && micro_parse(&price.micro, text + negative) < 0)
		r->bad = true;
	if (negative)
		price.micro = -price.micro;
	return price;
}

static size_t
count_of(const struct json_value *array)
{
	size_t count = 0;
	for (const struct json_value *i = json_read_first(array); i; i = i->next)
		count++;
	return count;
}

static const char **
texts_at(struct reader *r, const struct json_value *object, const char *key, size_t *count)
{
	const struct json_value *array = json_read_get(object, key);
	const char **texts = take(r, count_of(array), sizeof(*texts));
	*count = 0;
	for (const struct json_value *i = json_read_first(array); i && texts; i = i->next) {
		const char *text = json_read_text(i);
		texts[*count] = text ? arena_str(r->arena, text) : "";
		r->bad |= !text;
		r->no_memory |= !texts[(*count)++];
	}
	return texts;
}

/* --- the parties --- */

static void
read_hub(struct reader *r, const struct json_value *root)
{
	const struct json_value *v = json_read_get(root, "hub");
	struct hub *hub = r->own;
	const char *country = json_read_text(json_read_get(v, "country"));
	hub->name = need_text(r, v, "name");
	hub->short_name = text_at(r, v, "short_name");
	hub->asn.number = (uint32_t)number_at(r, v, "asn");
	hub->city = text_at(r, v, "city");
	if (country)
		(void)snprintf(hub->country.code, sizeof(hub->country.code), "%s", country);
	hub->billing.legal_name = text_at(r, v, "legal_name");
	hub->billing.address = texts_at(r, v, "address", &hub->billing.address_count);
	hub->billing.tax_name = text_at(r, v, "tax_name");
	hub->billing.tax_number = text_at(r, v, "tax_number");
	hub->billing.registration = text_at(r, v, "registration");
	hub->billing.email = text_at(r, v, "email");
	hub->billing.phone = text_at(r, v, "phone");
}

static void
read_payment(struct reader *r, const struct json_value *root)
{
	const struct json_value *v = json_read_get(root, "payment");
	const struct json_value *account = json_read_get(v, "account");
	struct hub_billing *billing = &r->own->billing;
	billing->payment_days = (uint32_t)number_at(r, v, "days");
	billing->terms = texts_at(r, v, "terms", &billing->term_count);
	if (!account)
		return;
	billing->accounts = take(r, 1, sizeof(*billing->accounts));
	if (!billing->accounts)
		return;
	billing->account_count = 1;
	billing->accounts[0] = (struct hub_bank){
		.holder = text_at(r, account, "holder"),
		.bank = text_at(r, account, "bank"),
		.account = text_at(r, account, "account"),
		.bic = text_at(r, account, "bic"),
	};
}

static void
read_member(struct reader *r, const struct json_value *root)
{
	const struct json_value *v = json_read_get(root, "member");
	const struct json_value *to = json_read_get(v, "bill_to");
	const char *country = json_read_text(json_read_get(v, "country"));
	const char *email = text_at(r, v, "email");
	struct hub_member *member = r->member;
	member->asn.number = (uint32_t)number_at(r, v, "asn");
	member->name = need_text(r, v, "name");
	if (country)
		(void)snprintf(member->country.code, sizeof(member->country.code), "%s", country);
	if (email && (member->contacts = take(r, 1, sizeof(*member->contacts)))) {
		member->contacts[0] = (struct hub_contact){.role = "billing", .email = email};
		member->contact_count = 1;
	}
	member->bill_to.name = text_at(r, to, "name");
	member->bill_to.address = texts_at(r, to, "address", &member->bill_to.address_count);
	member->bill_to.tax_number = text_at(r, to, "tax_number");
	member->bill_to.reference = text_at(r, to, "reference");
}

/* --- the contract --- */

/* The zone of that name, if some contract of the present hub file has it; else the document is shown
 * in UTC. */
static const struct zone *
zone_named(const struct hub *hub, const char *name)
{
	for (size_t i = 0; i < hub->contract_count; i++)
		if (strcmp(zone_name(hub->contracts[i].zone), name) == 0)
			return hub->contracts[i].zone;
	return NULL;
}

/* Index of a port of this invoice's own hub, which has those that the document names. */
static uint32_t
port_named(struct reader *r, const char *id)
{
	struct hub *hub = r->own;
	for (uint32_t i = 0; i < hub->port_count; i++)
		if (strcmp(hub->ports[i].id, id) == 0)
			return i;
	hub->ports[hub->port_count] = (struct hub_port){.id = id};
	return (uint32_t)hub->port_count++;
}

static void
read_ports_of(struct reader *r, const struct json_value *root, const struct json_value *contract)
{
	size_t count;
	const char **ids = texts_at(r, contract, "ports", &count);
	size_t apart = count_of(json_read_get(root, "ports"));
	r->own->ports = take(r, count + apart, sizeof(*r->own->ports));
	r->contract->ports = take(r, count, sizeof(*r->contract->ports));
	for (size_t i = 0; i < count && !r->no_memory; i++)
		r->contract->ports[r->contract->port_count++] = port_named(r, ids[i]);
}

static void
read_contract(struct reader *r, const struct json_value *root)
{
	const struct json_value *v = json_read_get(root, "contract");
	struct hub_contract *c = r->contract;
	const char *kind = need_text(r, v, "kind"), *code = need_text(r, v, "currency");
	c->id = need_text(r, v, "id");
	c->kind = strcmp(kind, "flat") == 0     ? HUB_FLAT
		  : strcmp(kind, "commit") == 0 ? HUB_COMMIT
						: HUB_ITEMS;
	r->bad |= currency_parse(&c->currency, code) < 0;
	c->monthly = price_at(r, v, "monthly");
	c->overage = price_at(r, v, "overage");
	c->tax_basis_points = (uint32_t)number_at(r, v, "tax_basis_points");
	c->starts = moment_at(r, v, "starts");
	c->ends = moment_at(r, v, "ends");
	c->purchase = json_read_is_true(json_read_get(root, "purchase"));
	c->tax_note = text_at(r, root, "tax_note");
	c->zone = zone_named(r->hub, need_text(r, root, "time_zone"));
	read_ports_of(r, root, v);
}

static void
read_period(struct reader *r, const struct json_value *root)
{
	struct ledger_period *p = &r->out->period;
	const struct zone *zone = r->contract->zone;
	const char *month = need_text(r, root, "month");
	p->from = moment_at(r, root, "from");
	p->to = moment_at(r, root, "to");
	if (sscanf(month, "%4d-%2d", &p->year, &p->month) != 2 || p->month < 1 || p->month > 12 ||
	    p->from.s >= p->to.s) {
		r->bad = true;
		return;
	}
	p->month_from = zone_month_start(zone, p->year, p->month);
	p->month_to = zone_month_start(zone, p->year, p->month + 1);
	p->days = zone_days(zone, p->from, p->to);
	p->days_in_month = zone_days(zone, p->month_from, p->month_to);
}

/* --- what is charged --- */

/* "1250.5": digits over a power of ten. */
static void
read_quantity(struct reader *r, struct ledger_line *line, const char *text)
{
	bool negative = *text == '-', point = false;
	line->quantity = 0;
	for (text += negative; *text; text++) {
		if (*text == '.' && !point) {
			point = true;
			continue;
		}
		if (*text < '0' || *text > '9' ||
		    __builtin_mul_overflow(line->quantity, (int64_t)10, &line->quantity) ||
		    __builtin_add_overflow(line->quantity, (int64_t)(*text - '0'),
					   &line->quantity) ||
		    (point && line->divisor >= INT64_C(1000000000000))) {
			r->bad = true;
			return;
		}
		line->divisor *= point ? 10 : 1;
	}
	if (negative)
		line->quantity = -line->quantity;
}

static enum ledger_line_kind
line_kind(struct reader *r, const char *name)
{
	for (int kind = 0; kind < LEDGER_LINE_KINDS; kind++)
		if (strcmp(ledger_line_kind_name((enum ledger_line_kind)kind), name) == 0)
			return (enum ledger_line_kind)kind;
	r->bad = true;
	return LEDGER_LINE_ONCE;
}

static struct ledger_line
read_line(struct reader *r, const struct json_value *v)
{
	struct ledger_line line = {
		.kind = line_kind(r, need_text(r, v, "kind")),
		.item = text_at(r, v, "item"),
		.text = need_text(r, v, "text"),
		.quantity = 1,
		.divisor = 1,
		.unit = text_at(r, v, "unit"),
		.price = price_at(r, v, "price"),
		.base.currency = r->contract->currency,
		.from = r->out->period.from,
		.to = r->out->period.to,
		.days = (uint32_t)number_at(r, v, "days"),
		.days_in_month = (uint32_t)number_at(r, v, "days_in_month"),
		.tax_exempt = json_read_is_true(json_read_get(v, "tax_exempt")),
		.amount = money_at(r, v, "amount"),
	};
	const char *quantity = json_read_text(json_read_get(v, "quantity"));
	line.rule = !quantity                                   ? LEDGER_LINE_PLAIN
		    : json_read_text(json_read_get(v, "price")) ? LEDGER_LINE_PRICED
								: LEDGER_LINE_OF_BASE;
	if (line.rule == LEDGER_LINE_OF_BASE)
		line.base = money_at(r, v, "base");
	if (quantity)
		read_quantity(r, &line, quantity);
	line.unit = line.unit ? line.unit : "";
	return line;
}

static void
read_amortisations(struct reader *r, const struct json_value *root)
{
	const struct json_value *array = json_read_get(root, "amortisations");
	struct ledger_charge *charge = &r->out->charge;
	charge->amortisations = take(r, count_of(array), sizeof(*charge->amortisations));
	for (const struct json_value *i = json_read_first(array); i && charge->amortisations;
	     i = i->next)
		charge->amortisations[charge->amortisation_count++] = (struct ledger_amortisation){
			.item = text_at(r, i, "item"),
			.capital = money_at(r, i, "capital"),
			.this_month = money_at(r, i, "this_month"),
			.so_far = money_at(r, i, "so_far"),
			.left = money_at(r, i, "left"),
			.month = (uint32_t)number_at(r, i, "month"),
			.months = (uint32_t)number_at(r, i, "months"),
		};
}

static void
read_charge(struct reader *r, const struct json_value *root)
{
	const struct json_value *array = json_read_get(root, "lines");
	struct ledger_charge *charge = &r->out->charge;
	charge->lines = take(r, count_of(array), sizeof(*charge->lines));
	for (const struct json_value *i = json_read_first(array); i && charge->lines; i = i->next)
		charge->lines[charge->line_count++] = read_line(r, i);
	charge->by_rate = !json_read_is_null(json_read_get(root, "billed_bps"));
	charge->billed_bps = number_at(r, root, "billed_bps");
	charge->commit_bps = number_at(r, root, "commit_bps");
	charge->overage_bps = number_at(r, root, "overage_bps");
	charge->net = money_at(r, root, "net");
	charge->tax = money_at(r, root, "tax");
	charge->total = money_at(r, root, "total");
	charge->exchanged = json_read_get(root, "other_total") != NULL;
	if (charge->exchanged)
		charge->other_total = money_at(r, root, "other_total");
	read_amortisations(r, root);
}

/* --- what it rests on --- */

static struct ledger_bin_counts
read_bins(struct reader *r, const struct json_value *v)
{
	const struct json_value *bins = json_read_get(v, "bins"), *loss = json_read_get(v, "loss");
	return (struct ledger_bin_counts){
		.expected = number_at(r, bins, "expected"),
		.counter = number_at(r, bins, "counter"),
		.estimated = number_at(r, bins, "estimated"),
		.missing = number_at(r, bins, "missing"),
		.simulated = number_at(r, bins, "simulated"),
		.other = number_at(r, bins, "other_party"),
		.adjusted = number_at(r, bins, "adjusted"),
		.lossy = number_at(r, loss, "bins"),
		.worst_ppm = (uint32_t)number_at(r, loss, "worst_ppm"),
	};
}

static struct ledger_percentile
read_percentile(struct reader *r, const struct json_value *v)
{
	return (struct ledger_percentile){
		.count = number_at(r, v, "n"),
		.rank = number_at(r, v, "rank"),
		.days = number_at(r, v, "valid_days"),
		.in_bps = number_at(r, v, "p95_in_bps"),
		.out_bps = number_at(r, v, "p95_out_bps"),
		.measured_bps = number_at(r, v, "measured_bps"),
		.billed_bps = number_at(r, v, "p95_bps"),
		.peak_bps = number_at(r, v, "peak_bps"),
		.above = number_at(r, v, "bins_above"),
	};
}

static void
read_ports(struct reader *r, const struct json_value *root)
{
	const struct json_value *array = json_read_get(root, "ports");
	struct ledger_invoice *out = r->out;
	out->ports = take(r, count_of(array), sizeof(*out->ports));
	for (const struct json_value *i = json_read_first(array); i && !r->no_memory; i = i->next) {
		uint32_t port = port_named(r, need_text(r, i, "port"));
		out->ports[out->port_count++] = (struct ledger_invoice_port){
			&r->own->ports[port], read_bins(r, i), read_percentile(r, i)};
	}
}

static void
read_all(struct reader *r, const struct json_value *root)
{
	struct ledger_invoice *out = r->out;
	(void)snprintf(out->number, sizeof(out->number), "%s", need_text(r, root, "number"));
	out->simulated = json_read_is_true(json_read_get(root, "simulated"));
	out->final = json_read_is_true(json_read_get(root, "final"));
	out->party = text_at(r, json_read_get(root, "member"), "party");
	read_hub(r, root);
	read_member(r, root);
	read_contract(r, root);
	if (r->no_memory)
		return;
	read_period(r, root);
	out->zone = zone_name(r->contract->zone);
	(void)snprintf(out->measure, sizeof(out->measure), "%s", need_text(r, root, "measure"));
	out->rules = (const char *const *)texts_at(r, root, "rules", &out->rule_count);
	r->bad |= !out->rule_count;
	out->bins = read_bins(r, root);
	out->bin_s = (uint32_t)number_at(r, root, "bin_s");
	out->p95 = read_percentile(r, root);
	read_ports(r, root);
	read_charge(r, root);
	read_payment(r, root);
	/* Documents of earlier versions bear no number, and the end of their period as their date. */
	out->id = text_at(r, root, "id");
	if (out->id)
		out->issued = moment_at(r, root, "made");
}

/* Documents of earlier versions, and of members without ways, have none. */
static void
read_way(struct reader *r, const struct json_value *root)
{
	const struct json_value *v = json_read_get(root, "way");
	struct ledger_way *way = v ? take(r, 0, sizeof(*way)) : NULL;
	if (!way)
		return;
	if (view_proof_read(way, r->arena, v) < 0) {
		r->no_memory |= errno == ENOMEM;
		r->bad |= errno != ENOMEM;
	}
	r->out->way = way;
}

int
view_invoice_read(struct ledger_invoice *out, struct arena *arena, const struct hub *hub,
		  const void *bytes, size_t length)
{
	struct ledger_invoice invoice = {0};
	struct reader r = {.arena = arena, .hub = hub, .out = &invoice};
	const struct json_value *root = json_read(arena, bytes, length);
	r.own = take(&r, 0, sizeof(*r.own));
	r.member = take(&r, 0, sizeof(*r.member));
	r.contract = take(&r, 0, sizeof(*r.contract));
	if (root && !r.no_memory)
		read_all(&r, root);
	if (root && !r.no_memory && !r.bad)
		read_way(&r, root);
	if (r.no_memory || !root || r.bad) {
		errno = r.no_memory ? ENOMEM : EBADMSG;
		return -1;
	}
	invoice.hub = r.own;
	invoice.member = r.member;
	invoice.contract = r.contract;
	*out = invoice;
	return 0;
}
