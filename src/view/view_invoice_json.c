/* One invoice as JSON: all that is said on it, so that whoever has this needs nothing else to print
 * it (paper/paper_invoice.h does). */
#include <stdio.h>
#include <string.h>

#include "view/view_ledger_parts.h"
#include "view/view_proof.h"

void
view_rate_json(struct json *j, const char *key, bool known, uint64_t bps)
{
	if (known)
		json_u64(j, key, bps);
	else
		json_null(j, key);
}

void
view_invoice_summary(struct json *j, const struct ledger_invoice *invoice)
{
	bool commit = invoice->charge.by_rate;
	json_str(j, "number", invoice->number);
	json_str(j, "kind", view_contract_kind(invoice->contract->kind));
	view_rate_json(j, "p95_bps", invoice->p95.count > 0, invoice->p95.billed_bps);
	view_rate_json(j, "billed_bps", commit, invoice->charge.billed_bps);
	view_rate_json(j, "commit_bps", commit, invoice->charge.commit_bps);
	json_money(j, "total", invoice->charge.total);
	json_bool(j, "simulated", invoice->simulated);
	json_bool(j, "final", invoice->final);
}

void
view_points_json(struct json *j, const char *key, const struct ledger_series *series)
{
	json_array(j, key);
	for (size_t i = 0; i < series->count; i++) {
		const struct ledger_bin *bin = &series->bins[i];
		bool known = bin->state != TRAFFIC_MISSING;
		json_array(j, NULL);
		json_i64(j, NULL, series->from.s + (int64_t)i * series->length_s);
		view_rate_json(j, NULL, known, ledger_rate_bps(bin->in, series->length_s));
		view_rate_json(j, NULL, known, ledger_rate_bps(bin->out, series->length_s));
		json_i64(j, NULL, bin->state);
		json_array_end(j);
	}
	json_array_end(j);
}

void
view_bins_json(struct json *j, const struct ledger_bin_counts *bins)
{
	json_object(j, "bins");
	json_u64(j, "expected", bins->expected);
	json_u64(j, "counter", bins->counter);
	json_u64(j, "estimated", bins->estimated);
	json_u64(j, "missing", bins->missing);
	json_u64(j, "simulated", bins->simulated);
	json_u64(j, "other_party", bins->other);
	/* Only where there are some: documents of earlier versions do not know of it. */
	if (bins->adjusted)
		json_u64(j, "adjusted", bins->adjusted);
	json_object_end(j);
	json_object(j, "loss");
	json_u64(j, "bins", bins->lossy);
	json_u64(j, "worst_ppm", bins->worst_ppm);
	json_object_end(j);
}

/* --- dates, in the contract's zone --- */

char *
view_invoice_date(char out[VIEW_DATE], const struct ledger_invoice *invoice, struct utc_s at)
{
	struct utc_date d = zone_date(invoice->contract->zone, at);
	if (d.hour || d.minute)
		(void)snprintf(out, VIEW_DATE, "%04d-%02d-%02d %02d:%02d", d.year, d.month, d.day,
			       d.hour, d.minute);
	else
		(void)snprintf(out, VIEW_DATE, "%04d-%02d-%02d", d.year, d.month, d.day);
	return out;
}

struct utc_s
view_invoice_made(const struct ledger_invoice *invoice)
{
	const struct ledger_series *series = invoice->series;
	if (invoice->issued.s)
		return invoice->issued;
	if (invoice->final || !series)
		return invoice->period.to;
	return (struct utc_s){series->from.s + (int64_t)series->count * series->length_s};
}

char *
view_invoice_dated(char out[VIEW_DATE], const struct ledger_invoice *invoice)
{
	(void)view_invoice_date(out, invoice, view_invoice_made(invoice));
	if (invoice->issued.s)
		out[VIEW_DAY] = '\0';
	return out;
}

struct utc_s
view_invoice_due(const struct ledger_invoice *invoice)
{
	struct utc_date d = zone_date(invoice->contract->zone, view_invoice_made(invoice));
	d.day += (int)invoice->hub->billing.payment_days;
	d.hour = d.minute = d.second = 0;
	return zone_moment(invoice->contract->zone, d);
}

static void
json_dates(struct json *j, const struct ledger_invoice *invoice)
{
	const struct ledger_period *period = &invoice->period;
	char text[VIEW_DATE];
	json_str(j, "month", view_month(text, period->year, period->month));
	json_utc(j, "from", period->from);
	json_utc(j, "to", period->to);
	json_str(j, "time_zone", invoice->zone);
	json_str(j, "from_local", view_invoice_date(text, invoice, period->from));
	json_str(j, "to_local", view_invoice_date(text, invoice, period->to));
	json_i64(j, "utc_offset_s", zone_offset_s(invoice->contract->zone, period->from));
	if (invoice->id)
		json_str(j, "id", invoice->id);
	json_utc(j, "made", view_invoice_made(invoice));
	json_str(j, "date", view_invoice_dated(text, invoice));
	json_str(j, "due_date",
		 invoice->final ? view_invoice_date(text, invoice, view_invoice_due(invoice))
				: NULL);
}

/* --- the parties --- */

static void
json_texts(struct json *j, const char *key, const char *const *texts, size_t count)
{
	json_array(j, key);
	for (size_t i = 0; i < count; i++)
		json_str(j, NULL, texts[i]);
	json_array_end(j);
}

static void
json_hub(struct json *j, const struct hub *hub)
{
	const struct hub_billing *billing = &hub->billing;
	json_object(j, "hub");
	json_str(j, "name", hub->name);
	json_str(j, "short_name", hub->short_name);
	json_u64(j, "asn", hub->asn.number);
	json_str(j, "city", hub->city);
	json_str(j, "country", hub->country.code[0] ? hub->country.code : NULL);
	json_str(j, "legal_name", billing->legal_name);
	json_texts(j, "address", billing->address, billing->address_count);
	json_str(j, "tax_name", billing->tax_name);
	json_str(j, "tax_number", billing->tax_number);
	json_str(j, "registration", billing->registration);
	json_str(j, "email", billing->email ? billing->email : hub->support_email);
	json_str(j, "phone", billing->phone);
	json_object_end(j);
}

const char *
view_billing_email(const struct hub_member *member)
{
	for (size_t i = 0; i < member->contact_count; i++)
		if (member->contacts[i].role && strcmp(member->contacts[i].role, "billing") == 0)
			return member->contacts[i].email;
	return NULL;
}

void
view_payer_json(struct json *j, const struct hub_member *payer, const char *party)
{
	if (!party) {
		json_u64(j, "asn", payer->asn.number);
		return;
	}
	json_null(j, "asn");
	json_str(j, "party", party);
}

char *
view_payer(char out[VIEW_PAYER], const struct ledger_invoice *invoice)
{
	char holder[LEDGER_HOLDER];
	(void)snprintf(out, VIEW_PAYER, "%s, %s%s", invoice->member->name,
		       invoice->party ? "" : "AS", ledger_invoice_holder(holder, invoice));
	return out;
}

static void
json_member(struct json *j, const struct hub_member *member, const char *party)
{
	const struct hub_bill_to *to = &member->bill_to;
	json_object(j, "member");
	view_payer_json(j, member, party);
	json_str(j, "name", member->name);
	json_str(j, "country", member->country.code[0] ? member->country.code : NULL);
	json_str(j, "email", view_billing_email(member));
	json_object(j, "bill_to");
	json_str(j, "name", to->name);
	json_texts(j, "address", to->address, to->address_count);
	json_str(j, "tax_number", to->tax_number);
	json_str(j, "reference", to->reference);
	json_object_end(j);
	json_object_end(j);
}

/* A party as one who is billed: as in its contract, if it has one. */
static struct hub_member
party_as_member(const struct hub *hub, uint32_t party)
{
	for (size_t i = 0; i < hub->contract_count; i++)
		if (hub_contract_is_of(&hub->contracts[i], HUB_NONE, party) &&
		    hub->contracts[i].stand_in)
			return *hub->contracts[i].stand_in;
	return (struct hub_member){.name = hub->parties[party].name,
				   .country = hub->parties[party].country,
				   .bill_to.tax_number = hub->parties[party].tax_number};
}

void
view_invoice_parties(struct buf *out, const struct hub *hub, const char *holder)
{
	uint32_t member = holder ? hub_member_by_name(hub, holder) : HUB_NONE;
	uint32_t party = holder && member == HUB_NONE ? hub_party_by_id(hub, holder) : HUB_NONE;
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_hub(&j, hub);
	if (member != HUB_NONE) {
		json_member(&j, &hub->members[member], NULL);
	} else if (party != HUB_NONE) {
		struct hub_member as_member = party_as_member(hub, party);
		json_member(&j, &as_member, hub->parties[party].id);
	}
	json_object_end(&j);
}

static void
json_contract(struct json *j, const struct hub *hub, const struct hub_contract *contract)
{
	char text[32];
	json_object(j, "contract");
	json_str(j, "id", contract->id);
	json_str(j, "kind", view_contract_kind(contract->kind));
	json_str(j, "currency", contract->currency.code);
	if (contract->kind != HUB_ITEMS)
		json_str(j, "monthly", ledger_price_format(text, contract->monthly));
	if (contract->kind == HUB_COMMIT)
		json_str(j, "overage", ledger_price_format(text, contract->overage));
	json_u64(j, "tax_basis_points", contract->tax_basis_points);
	json_utc(j, "starts", contract->starts);
	json_utc(j, "ends", contract->ends);
	json_array(j, "ports");
	for (size_t i = 0; i < contract->port_count; i++)
		json_str(j, NULL, hub->ports[contract->ports[i]].id);
	json_array_end(j);
	json_object_end(j);
}

const struct hub_bank *
view_invoice_account(const struct ledger_invoice *invoice)
{
	const struct hub_billing *billing = &invoice->hub->billing;
	const struct hub_bank *any = NULL;
	for (size_t i = 0; i < billing->account_count; i++) {
		const struct hub_bank *bank = &billing->accounts[i];
		if (memcmp(bank->currency.code, invoice->contract->currency.code, 3) == 0)
			return bank;
		if (!bank->currency.code[0] && !any)
			any = bank;
	}
	return any;
}

/* Not for what the hub buys: there others say where they are paid. */
static void
json_payment(struct json *j, const struct ledger_invoice *invoice)
{
	const struct hub_billing *billing = &invoice->hub->billing;
	const struct hub_bank *bank = view_invoice_account(invoice);
	const char *legal = billing->legal_name ? billing->legal_name : invoice->hub->name;
	json_object(j, "payment");
	json_u64(j, "days", billing->payment_days);
	json_texts(j, "terms", billing->terms, billing->term_count);
	if (bank && !invoice->contract->purchase) {
		json_object(j, "account");
		json_str(j, "holder", bank->holder ? bank->holder : legal);
		json_str(j, "bank", bank->bank);
		json_str(j, "account", bank->account);
		json_str(j, "bic", bank->bic);
		json_object_end(j);
	}
	json_object_end(j);
}

/* --- what is charged --- */

static void
json_lines(struct json *j, const struct ledger_charge *charge)
{
	char text[32];
	json_array(j, "lines");
	for (size_t i = 0; i < charge->line_count; i++) {
		const struct ledger_line *line = &charge->lines[i];
		json_object(j, NULL);
		json_str(j, "kind", ledger_line_kind_name(line->kind));
		json_str(j, "item", line->item);
		json_str(j, "text", line->text);
		json_str(j, "quantity",
			 line->rule == LEDGER_LINE_PLAIN
				 ? NULL
				 : ledger_quantity_format(text, line->quantity, line->divisor));
		json_str(j, "unit", line->rule == LEDGER_LINE_PLAIN ? NULL : line->unit);
		json_str(j, "price",
			 line->rule == LEDGER_LINE_PRICED ? ledger_price_format(text, line->price)
							  : NULL);
		if (line->rule == LEDGER_LINE_OF_BASE)
			json_money(j, "base", line->base);
		json_u64(j, "days", line->days);
		json_u64(j, "days_in_month", line->days_in_month);
		json_bool(j, "tax_exempt", line->tax_exempt);
		json_money(j, "amount", line->amount);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
json_amortisations(struct json *j, const struct ledger_charge *charge)
{
	json_array(j, "amortisations");
	for (size_t i = 0; i < charge->amortisation_count; i++) {
		const struct ledger_amortisation *a = &charge->amortisations[i];
		json_object(j, NULL);
		json_str(j, "item", a->item);
		json_money(j, "capital", a->capital);
		json_money(j, "this_month", a->this_month);
		json_money(j, "so_far", a->so_far);
		json_money(j, "left", a->left);
		json_u64(j, "month", a->month);
		json_u64(j, "months", a->months);
		json_object_end(j);
	}
	json_array_end(j);
}

/* --- what it rests on --- */

static void
json_percentile(struct json *j, const struct ledger_percentile *p95)
{
	bool known = p95->count > 0;
	json_u64(j, "n", p95->count);
	view_rate_json(j, "rank", p95->rank > 0, p95->rank);
	view_rate_json(j, "valid_days", p95->days > 0, p95->days);
	view_rate_json(j, "p95_in_bps", known, p95->in_bps);
	view_rate_json(j, "p95_out_bps", known, p95->out_bps);
	view_rate_json(j, "measured_bps", known, p95->measured_bps);
	view_rate_json(j, "peak_bps", known, p95->peak_bps);
	json_u64(j, "bins_above", p95->above);
}

static void
json_ports(struct json *j, const struct ledger_invoice *invoice)
{
	json_array(j, "ports");
	for (size_t i = 0; i < invoice->port_count; i++) {
		json_object(j, NULL);
		json_str(j, "port", invoice->ports[i].port->id);
		json_percentile(j, &invoice->ports[i].p95);
		view_bins_json(j, &invoice->ports[i].bins);
		json_object_end(j);
	}
	json_array_end(j);
}

void
view_invoice_curve(struct json *j, const struct ledger_series *series)
{
	view_points_json(j, "curve", series);
}

void
view_invoice_json(struct json *j, const struct ledger_invoice *invoice)
{
	const struct ledger_charge *charge = &invoice->charge;
	json_object(j, NULL);
	view_invoice_summary(j, invoice);
	json_bool(j, "purchase", invoice->contract->purchase);
	json_dates(j, invoice);
	json_hub(j, invoice->hub);
	json_member(j, invoice->member, invoice->party);
	json_contract(j, invoice->hub, invoice->contract);
	json_str(j, "rule", invoice->rules[0]);
	json_texts(j, "rules", (const char *const *)invoice->rules, invoice->rule_count);
	json_str(j, "measure", invoice->measure);
	view_bins_json(j, &invoice->bins);
	json_u64(j, "bin_s", invoice->bin_s);
	json_percentile(j, &invoice->p95);
	json_ports(j, invoice);
	view_rate_json(j, "overage_bps", charge->by_rate, charge->overage_bps);
	json_lines(j, charge);
	json_amortisations(j, charge);
	json_money(j, "net", charge->net);
	json_money(j, "tax", charge->tax);
	json_str(j, "tax_note", invoice->contract->tax_note);
	if (charge->exchanged)
		json_money(j, "other_total", charge->other_total);
	json_payment(j, invoice);
	if (invoice->way)
		view_proof_json(j, invoice->way);
	if (invoice->series && invoice->contract->port_count)
		view_invoice_curve(j, invoice->series);
	json_object_end(j);
}
