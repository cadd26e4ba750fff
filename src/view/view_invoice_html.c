/* An invoice on paper: one HTML page that needs nothing else, for screen and A4. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "view/view_html.h"
#include "view/view_ledger_parts.h"
#include "view/view_proof.h"

enum { MISSING_SHOWN = 8 };

const char view_html_style[] =
	"@page{size:A4;margin:14mm 15mm}\n"
	"*{box-sizing:border-box}\n"
	"html{background:#eef1f4;-webkit-print-color-adjust:exact;print-color-adjust:exact}\n"
	"body{margin:0;color:#17212b;font:13.5px/1.45 system-ui,-apple-system,'Segoe UI',Roboto,"
	"'Helvetica Neue',Arial,sans-serif;font-variant-numeric:tabular-nums}\n"
	"main{position:relative;max-width:820px;margin:28px auto;padding:44px 52px 36px;"
	"background:#fff;border-radius:6px;box-shadow:0 1px 2px #17212b14,0 12px 40px #17212b14;"
	"overflow:hidden}\n"
	"header{display:flex;justify-content:space-between;align-items:flex-start;gap:32px;"
	"padding-bottom:20px;border-bottom:2px solid #17212b}\n"
	"h1{margin:0;font-size:21px;line-height:1.2;letter-spacing:-.01em}\n"
	"h2{margin:24px 0 8px;font-size:11px;letter-spacing:.09em;text-transform:uppercase;"
	"color:#5b6977}\n"
	".soft{color:#5b6977}.right{text-align:right}\n"
	".number{font-size:15px;font-weight:650;overflow-wrap:anywhere}\n"
	".tag{display:inline-block;margin:6px 0 0 6px;padding:1px 9px;border-radius:99px;"
	"font-size:11.5px;font-weight:600;background:#e8f3ee;color:#12674a}\n"
	".tag.open{background:#fdf1dc;color:#8a5300}.tag.made{background:#fde8e6;color:#a3271b}\n"
	".stamp{position:absolute;top:45%;left:0;right:0;text-align:center;font-size:104px;"
	"font-weight:800;letter-spacing:.05em;color:#c0392b;opacity:.06;transform:rotate(-24deg);"
	"pointer-events:none}\n"
	".parties{display:grid;grid-template-columns:1fr 1fr;gap:32px}\n"
	".parties strong{font-size:15px}\n"
	"dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 14px;margin:0}\n"
	"dt{color:#5b6977}dd{margin:0;overflow-wrap:anywhere}\n"
	".figures{display:grid;grid-template-columns:repeat(4,1fr);margin:22px 0 0;"
	"border:1px solid #dde3e9;border-radius:6px}\n"
	".figures div{padding:10px 14px;border-left:1px solid #dde3e9}\n"
	".figures div:first-child{border-left:0}\n"
	".figures span{display:block;font-size:11.5px;color:#5b6977}\n"
	".figures b{font-size:17px;letter-spacing:-.01em}\n"
	".figures .sum{background:#17212b;border-radius:0 5px 5px 0}\n"
	".figures .sum span{color:#b9c4cf}.figures .sum b{color:#fff}\n"
	".scroll{overflow-x:auto}svg{display:block;width:100%;height:auto}\n"
	"svg text{font-size:9px;fill:#5b6977;font-family:inherit}\n"
	".grid{stroke:#e6eaee;stroke-width:.6}.axis{stroke:#8a97a4;stroke-width:.8}\n"
	".in-max{fill:#0f766e;opacity:.28}.in-mean{fill:#0f766e}\n"
	".out-max{fill:#3b5bb5;opacity:.28}.out-mean{fill:#3b5bb5}\n"
	".burst{fill:#e07a1f}.p95{stroke:#c2540a;stroke-width:1.3}\n"
	".commit{stroke:#17212b;stroke-width:.9;stroke-dasharray:5 3}\n"
	".bin-counter{fill:#0f766e}.bin-estimated{fill:#d9a441}.bin-missing{fill:#b9c4cf}\n"
	".gap{fill:#eef1f4}.bold{font-weight:650}svg .mark{fill:#93400a;font-weight:650}\n"
	".keys{display:flex;flex-wrap:wrap;gap:2px 18px;margin:6px 0 0;padding:0;list-style:none;"
	"font-size:11.5px;color:#5b6977}\n"
	".keys i{display:inline-block;width:14px;height:8px;margin-right:5px;border-radius:2px}\n"
	".keys i.line{height:0;border-top:2px solid;border-radius:0;vertical-align:middle}\n"
	"section>table:first-child{margin-top:20px}table{width:100%;border-collapse:collapse}thead{"
	"display:table-header-group}\n"
	"th{padding:0 0 5px;font-size:11.5px;font-weight:500;color:#5b6977;text-align:right;"
	"border-bottom:1px solid #17212b}\n"
	"td{padding:7px 0;text-align:right;border-bottom:1px solid #e6eaee;white-space:nowrap}\n"
	"th:first-child,td:first-child{text-align:left;white-space:normal}\n"
	"tr.total td{border-bottom:0;border-top:1.5px solid #17212b;font-size:16px;"
	"font-weight:700}\n"
	".bar{display:flex;height:8px;margin:2px 0 7px;border-radius:4px;overflow:hidden;"
	"background:#eef1f4}\n"
	".counter{background:#0f766e}.estimated{background:#d9a441}.missing{background:#b9c4cf}\n"
	"p{margin:4px 0}footer{margin-top:26px;padding-top:10px;border-top:1px solid #dde3e9;"
	"font-size:11.5px;color:#5b6977}\n"
	"@media(max-width:640px){main{margin:0;padding:24px 18px;border-radius:0}"
	"header,.parties{display:block}.right{text-align:left;margin-top:14px}"
	".tag{margin:6px 6px 0 0}.figures{grid-template-columns:1fr 1fr}"
	".figures div:nth-child(odd){border-left:0}"
	".figures div:nth-child(n+3){border-top:1px solid #dde3e9}"
	".figures .sum{border-radius:0 0 5px 0}"
	"svg{min-width:560px}td,th{padding-left:8px;white-space:normal}"
	"th:first-child,td:first-child{padding-left:0}}\n"
	"@media print{html,body{background:#fff}body{font-size:11px;line-height:1.4}"
	"header{padding-bottom:12px}.figures{margin-top:12px}.figures b{font-size:15px}"
	"td{padding:4px 0}tr.total td{font-size:14px}footer{margin-top:12px;padding-top:7px}"
	"main{margin:0;padding:0;max-width:none;box-shadow:none;border-radius:0}"
	"section,svg,tr{break-inside:avoid}section:has(table){break-inside:auto}h2{margin:12px 0 "
	"5px}}\n";

static void
soft(struct buf *out, const char *text)
{
	if (!text)
		return;
	buf_str(out, "<div class=soft dir=auto>");
	view_html(out, text);
	buf_str(out, "</div>");
}

static void
letterhead(struct buf *out, const struct hub *hub)
{
	const struct hub_billing *billing = &hub->billing;
	buf_str(out, "<header><div><h1 dir=auto>");
	view_html(out, billing->legal_name ? billing->legal_name : hub->name);
	buf_str(out, "</h1>");
	for (size_t i = 0; i < billing->address_count; i++)
		soft(out, billing->address[i]);
	if (!billing->address_count)
		soft(out, hub->city);
	buf_printf(out, "<div class=soft>AS%" PRIu32, hub->asn.number);
	if (billing->tax_number) {
		buf_str(out, " · ");
		view_html(out, billing->tax_name ? billing->tax_name : "Tax number");
		buf_str(out, " ");
		view_html(out, billing->tax_number);
	}
	buf_str(out, "</div>");
	soft(out, billing->registration);
	soft(out, billing->email ? billing->email : hub->support_email);
	soft(out, billing->phone);
	buf_str(out, "</div>");
}

static void
head(struct buf *out, const struct ledger_invoice *invoice)
{
	const char *kind = invoice->contract->purchase ? "Expected charges" : "Invoice";
	buf_str(out, "<!doctype html>\n<html lang=en><head><meta charset=utf-8>\n"
		     "<meta name=viewport content=\"width=device-width,initial-scale=1\">\n"
		     "<meta http-equiv=Content-Security-Policy content=\"default-src 'none';"
		     "style-src 'unsafe-inline'\">\n<title>");
	buf_printf(out, "%s ", kind);
	view_html(out, invoice->number);
	buf_printf(out, "</title>\n<style>\n%s</style></head><body><main>\n", view_html_style);
	if (invoice->simulated)
		buf_str(out, "<div class=stamp aria-hidden=true>SIMULATED</div>\n");
	else if (!invoice->final)
		buf_str(out, "<div class=stamp aria-hidden=true>DRAFT</div>\n");
	letterhead(out, invoice->hub);
	buf_printf(out, "<div class=right><div class=soft>%s</div><div class=number>", kind);
	view_html(out, invoice->number);
	buf_str(out, "</div>");
	if (invoice->simulated)
		buf_str(out, "<span class=\"tag made\">simulated, not payable</span>");
	buf_str(out, invoice->final ? "<span class=tag>final</span>"
				    : "<span class=\"tag open\">the month is running</span>");
	buf_str(out, "</div></header>\n");
}

static void
item(struct buf *out, const char *name)
{
	buf_printf(out, "<dt>%s<dd>", name);
}

static void
dates(struct buf *out, const struct ledger_invoice *invoice)
{
	const struct ledger_period *period = &invoice->period;
	char text[VIEW_DATE];
	if (invoice->id) {
		item(out, "Document");
		view_html(out, invoice->id);
	}
	item(out, "Date");
	buf_str(out, view_invoice_dated(text, invoice));
	if (invoice->final && !invoice->contract->purchase) {
		item(out, "Due");
		buf_str(out, view_invoice_date(text, invoice, view_invoice_due(invoice)));
	}
	item(out, "Period");
	buf_printf(out, "%s to ", view_invoice_date(text, invoice, period->from));
	buf_printf(out, "%s, ", view_invoice_date(text, invoice, period->to));
	view_html(out, invoice->zone);
	if (period->days != period->days_in_month)
		buf_printf(out, ", %" PRIu32 " of %" PRIu32 " days", period->days,
			   period->days_in_month);
}

static void
contract_items(struct buf *out, const struct ledger_invoice *invoice)
{
	const struct hub_contract *contract = invoice->contract;
	buf_str(out, "<dl>");
	dates(out, invoice);
	if (invoice->member->bill_to.reference) {
		item(out, "Your reference");
		view_html(out, invoice->member->bill_to.reference);
	}
	item(out, "Contract");
	view_html(out, contract->id);
	if (invoice->charge.by_rate) {
		item(out, "Commit");
		view_html_rate(out, invoice->charge.commit_bps);
	}
	if (contract->port_count)
		item(out, contract->port_count == 1 ? "Port" : "Ports");
	enum { SHOWN = 8 };
	for (size_t i = 0; i < contract->port_count && i < SHOWN; i++) {
		buf_str(out, i ? ", " : "");
		view_html(out, invoice->hub->ports[contract->ports[i]].id);
	}
	if (contract->port_count > SHOWN)
		buf_printf(out, " and %zu more", contract->port_count - SHOWN);
	buf_str(out, "</dl>");
}

static void
parties(struct buf *out, const struct ledger_invoice *invoice)
{
	const struct hub_member *member = invoice->member;
	const struct hub_bill_to *to = &member->bill_to;
	buf_printf(out, "<section class=parties><div><h2>%s</h2><strong dir=auto>",
		   invoice->contract->purchase ? "Bought from" : "Billed to");
	view_html(out, to->name ? to->name : member->name);
	buf_str(out, "</strong>");
	for (size_t i = 0; i < to->address_count; i++)
		soft(out, to->address[i]);
	buf_str(out, "<div class=soft>");
	if (to->name) {
		view_html(out, member->name);
		buf_str(out, " · ");
	}
	char holder[LEDGER_HOLDER];
	buf_str(out, invoice->party ? "" : "AS");
	view_html(out, ledger_invoice_holder(holder, invoice));
	if (member->country.code[0]) {
		buf_str(out, " · ");
		view_html(out, member->country.code);
	}
	buf_str(out, "</div>");
	if (to->tax_number) {
		buf_str(out, "<div class=soft>Tax number ");
		view_html(out, to->tax_number);
		buf_str(out, "</div>");
	}
	soft(out, view_billing_email(member));
	buf_str(out, "</div><div><h2>For</h2>");
	contract_items(out, invoice);
	buf_str(out, "</div></section>\n");
}

static void
figure(struct buf *out, const char *label, bool known, uint64_t bps)
{
	char rate[VIEW_RATE_TEXT];
	buf_printf(out, "<div><span>%s</span><b>%s</b></div>", label,
		   known ? view_rate(rate, bps) : "—");
}

static void
figures(struct buf *out, const struct ledger_invoice *invoice)
{
	const struct ledger_percentile *p95 = &invoice->p95;
	bool known = p95->count > 0;
	buf_str(out, "<section class=figures>");
	const char *measure = invoice->measure;
	char label[LEDGER_MEASURE + 8];
	(void)snprintf(label, sizeof(label), "%s in", measure);
	figure(out, label, known, p95->in_bps);
	(void)snprintf(label, sizeof(label), "%s out", measure);
	figure(out, label, known, p95->out_bps);
	if (invoice->charge.by_rate)
		figure(out, "billed rate", true, invoice->charge.billed_bps);
	else
		figure(out, "highest bin", known, p95->peak_bps);
	buf_printf(out, "<div class=sum><span>%s</span><b>", invoice->final ? "total" : "so far");
	view_html_money(out, invoice->charge.total, true);
	buf_str(out, "</b></div></section>\n");
}

static void
line_row(struct buf *out, const struct ledger_line *line)
{
	char text[32];
	buf_str(out, "<tr><td dir=auto>");
	view_html(out, line->text);
	buf_str(out, "<td>");
	if (line->rule != LEDGER_LINE_PLAIN) {
		view_html_grouped(out, ledger_quantity_format(text, line->quantity, line->divisor));
		buf_printf(out, "&nbsp;%s", line->unit);
	}
	buf_str(out, "<td>");
	if (line->rule == LEDGER_LINE_PRICED)
		view_html_grouped(out, ledger_price_format(text, line->price));
	buf_str(out, "<td>");
	if (line->days != line->days_in_month)
		buf_printf(out, "%" PRIu32 " of %" PRIu32, line->days, line->days_in_month);
	buf_str(out, "<td>");
	view_html_money(out, line->amount, false);
	buf_str(out, "\n");
}

static void
lines(struct buf *out, const struct ledger_charge *charge)
{
	buf_printf(
		out,
		"<section><h2>Charges</h2><table><thead><tr><th>Item<th>Quantity<th>Price<th>Days"
		"<th>Amount, %.3s</thead>\n",
		charge->net.currency.code);
	for (size_t i = 0; i < charge->line_count; i++)
		line_row(out, &charge->lines[i]);
	buf_str(out, "<tr class=total><td colspan=2>Total<td colspan=3>");
	view_html_money(out, charge->total, true);
	buf_str(out, "</table>");
	if (charge->exchanged) {
		buf_str(out, "<p class=soft>That is ");
		view_html_money(out, charge->other_total, true);
		buf_str(out, " at the rate of the contract.</p>");
	}
	buf_str(out, "</section>\n");
}

/* Where and when it is paid. */
static void
payment(struct buf *out, const struct ledger_invoice *invoice)
{
	const struct hub_billing *billing = &invoice->hub->billing;
	const struct hub_bank *bank = view_invoice_account(invoice);
	const char *legal = billing->legal_name ? billing->legal_name : invoice->hub->name;
	if (invoice->contract->purchase || invoice->simulated ||
	    (!bank && !billing->term_count && !invoice->contract->tax_note))
		return;
	buf_str(out, "<section><h2>Payment</h2>");
	if (bank) {
		buf_str(out, "<dl>");
		const char *const items[][2] = {{"Holder", bank->holder ? bank->holder : legal},
						{"Bank", bank->bank},
						{"Account", bank->account},
						{"BIC", bank->bic}};
		for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
			if (!items[i][1])
				continue;
			item(out, items[i][0]);
			view_html(out, items[i][1]);
		}
		buf_str(out, "</dl>");
	}
	for (size_t i = 0; i < billing->term_count; i++)
		soft(out, billing->terms[i]);
	soft(out, invoice->contract->tax_note);
	buf_str(out, "</section>\n");
}

static void
bar_part(struct buf *out, const char *kind, size_t count, size_t of)
{
	if (count)
		buf_printf(out, "<i class=%s style=\"width:%.3f%%\"></i>", kind,
			   100.0 * (double)count / (double)of);
}

/* Stretches of missing bins, the first of them with their times. */
static void
missing(struct buf *out, const struct ledger_series *series)
{
	size_t runs = 0;
	for (size_t i = 0; i < series->count; i++) {
		size_t first = i;
		while (i < series->count && series->bins[i].state == TRAFFIC_MISSING)
			i++;
		if (i == first || runs++ >= MISSING_SHOWN)
			continue;
		char from[CLOCK_TEXT], to[CLOCK_TEXT];
		struct utc_s start = {series->from.s + (int64_t)first * series->length_s};
		struct utc_s end = {series->from.s + (int64_t)i * series->length_s};
		buf_printf(out, "%s%.10s %.5s–%.10s %.5s (%zu)", runs == 1 ? "<p>Missing: " : ", ",
			   utc_format(from, start), from + 11, utc_format(to, end), to + 11,
			   i - first);
	}
	if (runs > MISSING_SHOWN)
		buf_printf(out, " and %zu more stretches", runs - MISSING_SHOWN);
	if (runs)
		buf_str(out, ".</p>");
}

static void
bins(struct buf *out, const struct ledger_invoice *invoice)
{
	const struct ledger_bin_counts *n = &invoice->bins;
	buf_str(out, "<section><h2>What it rests on</h2><div class=bar>");
	bar_part(out, "counter", n->counter, n->expected);
	bar_part(out, "estimated", n->estimated, n->expected);
	bar_part(out, "missing", n->missing, n->expected);
	buf_str(out, "</div><p>");
	view_html_count(out, n->expected);
	buf_printf(out, " bins of %" PRIu32 " s%s: <b>", invoice->bin_s,
		   invoice->final ? "" : " so far");
	view_html_count(out, n->counter);
	buf_str(out, "</b> by the octet counters of the ports, <b>");
	view_html_count(out, n->estimated);
	buf_str(out, "</b> estimated from samples, <b>");
	view_html_count(out, n->missing);
	buf_str(out, "</b> missing");
	if (n->simulated) {
		buf_str(out, "; <b>");
		view_html_count(out, n->simulated);
		buf_str(out, "</b> simulated");
	}
	buf_str(out, ".</p>");
	if (invoice->series)
		missing(out, invoice->series);
	if (n->other)
		buf_printf(out,
			   "<p>%zu of the estimated ones are by the other party's records.</p>",
			   n->other);
	if (n->adjusted)
		buf_printf(out, "<p>%zu bins were put right by hand.</p>", n->adjusted);
	if (n->lossy)
		buf_printf(
			out,
			"<p>In %zu bins records of the exporters did not arrive, at worst %" PRIu32
			".%04" PRIu32 " %% of one bin's; counters are not touched by that.</p>",
			n->lossy, n->worst_ppm / 10000, n->worst_ppm % 10000);
	else
		buf_str(out, "<p>No record of the exporters was lost on its way to the meter.</p>");
	buf_str(out, "</section>\n");
}

static void
port_rates(struct buf *out, const struct ledger_invoice *invoice)
{
	for (size_t i = 0; i < invoice->port_count; i++) {
		const struct ledger_invoice_port *port = &invoice->ports[i];
		buf_str(out, "<p>");
		view_html(out, port->port->id);
		buf_str(out, ": in ");
		view_html_rate(out, port->p95.in_bps);
		buf_str(out, ", out ");
		view_html_rate(out, port->p95.out_bps);
		buf_str(out, "; ");
		view_html_rate(out, port->p95.measured_bps);
		buf_str(out, " counts.</p>");
	}
}

/* Over what its traffic went. */
static void
way(struct buf *out, const struct ledger_way *proof)
{
	const char *const *lines = NULL;
	struct arena *arena = proof ? arena_new() : NULL;
	size_t count = arena ? view_proof_lines(&lines, arena, proof) : 0;
	out->failed |= proof && !count;
	if (count)
		buf_str(out, "<section><h2>The way of the traffic</h2>");
	for (size_t i = 0; i < count; i++)
		view_html_sentence(out, lines[i]);
	if (count)
		buf_str(out, "</section>\n");
	arena_free(arena);
}

static void
rule(struct buf *out, const struct ledger_invoice *invoice)
{
	const struct ledger_percentile *p95 = &invoice->p95;
	buf_str(out, "<section><h2>How it is computed</h2><p>Each bin gives a rate for each "
		     "direction: octets × 8 / length.</p>");
	for (size_t i = 0; i < invoice->rule_count; i++)
		view_html_sentence(out, invoice->rules[i]);
	if (p95->count && p95->rank) {
		uint64_t free_s = (uint64_t)(p95->count - p95->rank) * invoice->bin_s;
		buf_str(out, "<p>Here n = ");
		view_html_count(out, p95->count);
		buf_str(out, ", of which ");
		view_html_count(out, p95->count - p95->rank);
		buf_printf(out, " (%.1f hours) are not billed; rank ", (double)free_s / 3600);
		view_html_count(out, p95->rank);
		buf_str(out, ": in ");
		view_html_rate(out, p95->in_bps);
		buf_str(out, ", out ");
		view_html_rate(out, p95->out_bps);
		buf_str(out, ".</p>");
	}
	port_rates(out, invoice);
	buf_str(out, "</section>\n");
}

void
view_ledger_html(struct buf *out, const struct ledger_invoice *invoice)
{
	head(out, invoice);
	parties(out, invoice);
	bool counted = invoice->contract->port_count > 0;
	if (counted)
		figures(out, invoice);
	if (counted && invoice->series) {
		buf_str(out, "<section><h2>Traffic</h2>\n");
		view_invoice_svg(out, invoice);
		buf_str(out, "</section>\n");
	}
	lines(out, &invoice->charge);
	payment(out, invoice);
	if (counted) {
		bins(out, invoice);
		rule(out, invoice);
		way(out, invoice->way);
	}
	buf_str(out, "<footer>Moments of bins are UTC. ");
	buf_str(out, invoice->simulated ? "This invoice rests on simulated traffic and is an "
					  "example."
					: "Every bin is to be had as CSV.");
	buf_str(out, "</footer></main></body></html>\n");
}
