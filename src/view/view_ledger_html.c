/* An invoice on paper: one HTML page that needs nothing else, for screen and A4.
 *
 * The curve is drawn as two halves on one time axis, in above and out below; each column of the
 * drawing shows the highest bin in it (light) and the mean (full). What lies above the 95th
 * percentile, the bins that are not billed, has a colour of its own. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "view/view_ledger_parts.h"

enum {
	LEFT = 62, /* of the drawing: where the axis stands */
	WIDTH = 640,
	TOP = 14,
	HEIGHT = 196, /* of both directions together */
	BOTTOM = TOP + HEIGHT,
	COLUMNS_MAX = 640,
	DAY_S = 86400,
	MISSING_SHOWN = 8,
};

static const char style[] =
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
	".gap{fill:#eef1f4}.bold{font-weight:650}svg .mark{fill:#93400a;font-weight:650}\n"
	".keys{display:flex;flex-wrap:wrap;gap:2px 18px;margin:6px 0 0;padding:0;list-style:none;"
	"font-size:11.5px;color:#5b6977}\n"
	".keys i{display:inline-block;width:14px;height:8px;margin-right:5px;border-radius:2px}\n"
	".keys i.line{height:0;border-top:2px solid;border-radius:0;vertical-align:middle}\n"
	"table{width:100%;border-collapse:collapse}\n"
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
	"section,table,svg{break-inside:avoid}h2{margin:12px 0 5px}}\n";

static void
escaped(struct buf *out, const char *text)
{
	for (; text && *text; text++) {
		switch (*text) {
		case '&':
			buf_str(out, "&amp;");
			break;
		case '<':
			buf_str(out, "&lt;");
			break;
		case '>':
			buf_str(out, "&gt;");
			break;
		case '"':
			buf_str(out, "&quot;");
			break;
		default:
			/* Control characters are not allowed in HTML. */
			buf_u8(out, (unsigned char)*text < 0x20 ? ' ' : (uint8_t)*text);
		}
	}
}

/* "1234567.5" as "1 234 567.5", with narrow spaces that do not break. */
static void
grouped(struct buf *out, const char *number)
{
	size_t sign = number[0] == '-';
	size_t whole = sign + strspn(number + sign, "0123456789");
	for (size_t i = 0; number[i]; i++) {
		if (i > sign && i < whole && (whole - i) % 3 == 0)
			buf_str(out, "&#8239;");
		buf_u8(out, (uint8_t)number[i]);
	}
}

static void
grouped_count(struct buf *out, size_t count)
{
	char text[32];
	(void)snprintf(text, sizeof(text), "%zu", count);
	grouped(out, text);
}

static void
grouped_money(struct buf *out, struct money money, bool currency)
{
	char text[MONEY_TEXT];
	grouped(out, money_format_amount(text, money));
	if (currency)
		buf_printf(out, "&nbsp;%.3s", money.currency.code);
}

static void
exact_rate(struct buf *out, uint64_t bps)
{
	char text[VIEW_EXACT];
	grouped(out, view_exact_rate(text, bps));
}

static void
date(struct buf *out, struct utc_s t)
{
	char text[CLOCK_TEXT];
	buf_printf(out, "%.*s", t.s % DAY_S ? 16 : 10, utc_format(text, t));
}

/* --- the curve --- */

struct drawing {
	struct buf *out;
	const struct ledger_invoice *invoice;
	double bps_per_unit; /* the same above and below */
	double top_bps[2];   /* the end of the axis: in, out */
	double middle;       /* where both are 0 */
	size_t columns;      /* over the whole period, of which the series may be the beginning */
	size_t bins;         /* of the whole period */
};

/* The next of 1, 2, 5, 10, 20, ... that is not below `value`. */
static double
round_step(double value)
{
	static const int steps[] = {2, 5, 10};
	double step = 1, unit = 1;
	for (size_t i = 0; step < value; i = (i + 1) % 3) {
		step = unit * steps[i];
		if (i == 2)
			unit = step;
	}
	return step;
}

static double
height_of(const struct drawing *d, uint64_t bps)
{
	return (double)bps / d->bps_per_unit;
}

/* One column: its highest bin and its mean, of those that are there. */
struct column {
	bool known;
	uint64_t highest_bps, mean_bps;
};

static struct column
column_of(const struct drawing *d, size_t index, bool outgoing)
{
	const struct ledger_series *series = d->invoice->series;
	size_t first = index * d->bins / d->columns, end = (index + 1) * d->bins / d->columns;
	struct column column = {0};
	uint64_t count = 0;
	for (size_t i = first; i < end && i < series->count; i++) {
		const struct ledger_bin *bin = &series->bins[i];
		if (bin->state == TRAFFIC_MISSING)
			continue;
		uint64_t bps = ledger_rate_bps(outgoing ? bin->out : bin->in, series->length_s);
		column.known = true;
		if (bps > column.highest_bps)
			column.highest_bps = bps;
		column.mean_bps += bps;
		count++;
	}
	if (count)
		column.mean_bps /= count;
	return column;
}

static double
x_of(const struct drawing *d, size_t column)
{
	return LEFT + (double)column * WIDTH / (double)d->columns;
}

/* An area from the middle line out to the highest bins or the means: one closed stretch for each
 * run of columns that are there. */
static void
area(const struct drawing *d, const char *attributes, bool outgoing, bool mean)
{
	int sign = outgoing ? 1 : -1;
	bool open = false;
	buf_printf(d->out, "<path %s d=\"", attributes);
	for (size_t c = 0; c <= d->columns; c++) {
		struct column column = {0};
		if (c < d->columns)
			column = column_of(d, c, outgoing);
		if (open && !column.known)
			buf_printf(d->out, "V%.1fZ", d->middle);
		if (!open && column.known)
			buf_printf(d->out, "M%.1f %.1f", x_of(d, c), d->middle);
		open = column.known;
		if (open)
			buf_printf(d->out, "V%.1fH%.1f",
				   d->middle + sign * height_of(d, mean ? column.mean_bps
									: column.highest_bps),
				   x_of(d, c + 1));
	}
	buf_str(d->out, "\"/>\n");
}

/* Columns of the past in which no bin is there. */
static void
gaps(const struct drawing *d)
{
	size_t due = d->invoice->series->count * d->columns / (d->bins ? d->bins : 1);
	for (size_t c = 0; c < due; c++) {
		size_t first = c;
		while (c < due && !column_of(d, c, false).known)
			c++;
		if (c > first)
			buf_printf(d->out,
				   "<rect class=gap x=\"%.1f\" y=\"%d\" width=\"%.1f\" "
				   "height=\"%d\"/>\n",
				   x_of(d, first), TOP, x_of(d, c) - x_of(d, first), HEIGHT);
	}
}

static void
rate_label(const struct drawing *d, double y, uint64_t bps)
{
	char rate[VIEW_RATE_TEXT];
	buf_printf(d->out, "<text x=\"%d\" y=\"%.1f\" text-anchor=end>%s</text>\n", LEFT - 5, y + 3,
		   bps ? view_rate(rate, bps) : "0");
}

/* The lines of one direction, from the middle outwards. */
static void
grid(const struct drawing *d, bool outgoing, double step)
{
	for (int i = 0; i * step <= d->top_bps[outgoing]; i++) {
		double bps = i * step;
		double y = d->middle + (outgoing ? bps : -bps) / d->bps_per_unit;
		buf_printf(d->out, "<path class=%s d=\"M%d %.1fH%d\"/>\n",
			   bps > 0 ? "grid" : "axis", LEFT, y, LEFT + WIDTH);
		if (bps > 0 || !outgoing)
			rate_label(d, y, (uint64_t)bps);
	}
}

static void
days(const struct drawing *d)
{
	const struct ledger_period *period = &d->invoice->period;
	int64_t span = period->to.s - period->from.s;
	int64_t every = span > 20 * DAY_S ? 5 : span > 8 * DAY_S ? 2 : 1;
	int64_t first = (period->from.s + DAY_S - 1) / DAY_S * DAY_S;
	for (int64_t day = first; day < period->to.s; day += DAY_S) {
		int number = utc_to_date((struct utc_s){day}).day;
		if (number != 1 && number % every != 0)
			continue;
		double x = LEFT + (double)(day - period->from.s) / (double)span * WIDTH;
		buf_printf(d->out,
			   "<path class=grid d=\"M%.1f %dV%d\"/><text x=\"%.1f\" y=\"%d\">%d"
			   "</text>\n",
			   x, TOP, BOTTOM + 4, x + 2, BOTTOM + 11, number);
	}
}

/* A line at a rate, in one half, with its label above the right end. */
static void
level(const struct drawing *d, const char *kind, uint64_t bps, bool outgoing, const char *label)
{
	double height = height_of(d, bps);
	double y = outgoing ? d->middle + height : d->middle - height;
	buf_printf(d->out, "<path class=%s d=\"M%d %.1fH%d\"/>\n", kind, LEFT, y, LEFT + WIDTH);
	if (label)
		buf_printf(d->out,
			   "<text class=mark x=\"%d\" y=\"%.1f\" text-anchor=end stroke=\"#fff\" "
			   "stroke-width=\"2.5\" paint-order=stroke>%s</text>\n",
			   LEFT + WIDTH - 2, outgoing ? y + 9 : y - 3, label);
}

static void
burst_clip(const struct drawing *d, const char *name, bool outgoing, uint64_t p95_bps)
{
	double y = outgoing ? d->middle + height_of(d, p95_bps) : TOP;
	double end = outgoing ? BOTTOM : d->middle - height_of(d, p95_bps);
	buf_printf(d->out,
		   "<clipPath id=%s><rect x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"/>"
		   "</clipPath>\n",
		   name, LEFT, y, WIDTH, end > y ? end - y : 0);
}

static void
percentile_lines(const struct drawing *d)
{
	const struct ledger_percentile *p95 = &d->invoice->p95;
	char rate[VIEW_RATE_TEXT], label[64];
	uint64_t commit_bps = d->invoice->charge.commit_bps;
	if (d->invoice->charge.by_rate) {
		level(d, "commit", commit_bps, false, NULL);
		level(d, "commit", commit_bps, true, NULL);
	}
	if (!p95->count)
		return;
	burst_clip(d, "above-in", false, p95->in_bps);
	burst_clip(d, "above-out", true, p95->out_bps);
	area(d, "class=burst clip-path=\"url(#above-in)\"", false, false);
	area(d, "class=burst clip-path=\"url(#above-out)\"", true, false);
	(void)snprintf(label, sizeof(label), "95th in %s", view_rate(rate, p95->in_bps));
	level(d, "p95", p95->in_bps, false, label);
	(void)snprintf(label, sizeof(label), "95th out %s", view_rate(rate, p95->out_bps));
	level(d, "p95", p95->out_bps, true, label);
}

/* Shares the height between in and out by their highest bins, so that both have one scale. */
static void
scale(struct drawing *d)
{
	const struct ledger_series *series = d->invoice->series;
	const struct ledger_charge *charge = &d->invoice->charge;
	uint64_t highest[2] = {0, 0};
	for (size_t i = 0; i < series->count; i++) {
		const struct ledger_bin *bin = &series->bins[i];
		const uint64_t octets[2] = {bin->in, bin->out};
		for (int k = 0; k < 2; k++)
			if (bin->state != TRAFFIC_MISSING && octets[k] > highest[k])
				highest[k] = octets[k];
	}
	for (int k = 0; k < 2; k++) {
		highest[k] = ledger_rate_bps(highest[k], series->length_s);
		if (charge->by_rate && charge->commit_bps > highest[k])
			highest[k] = charge->commit_bps;
		d->top_bps[k] = (double)highest[k] * 1.06;
	}
	/* Neither direction gets less than a fifth. */
	double both = d->top_bps[0] + d->top_bps[1];
	if (both == 0)
		both = 1000;
	for (int k = 0; k < 2; k++)
		if (d->top_bps[k] < both / 5)
			d->top_bps[k] = both / 5;
	d->bps_per_unit = (d->top_bps[0] + d->top_bps[1]) / HEIGHT;
	d->middle = TOP + d->top_bps[0] / d->bps_per_unit;
}

static void
curve(struct buf *out, const struct ledger_invoice *invoice)
{
	const struct ledger_period *period = &invoice->period;
	struct drawing d = {.out = out, .invoice = invoice};
	d.bins = (size_t)((period->to.s - invoice->series->from.s) / invoice->series->length_s);
	d.columns = d.bins < COLUMNS_MAX ? d.bins : COLUMNS_MAX;
	if (!d.columns)
		return;
	scale(&d);
	double step = round_step((d.top_bps[0] + d.top_bps[1]) / 7);
	buf_printf(out,
		   "<div class=scroll><svg viewBox=\"0 0 %d %d\" role=img aria-label=\"Traffic in "
		   "and out over the "
		   "month, with the 95th percentile\">\n",
		   LEFT + WIDTH + 4, BOTTOM + 16);
	gaps(&d);
	days(&d);
	grid(&d, false, step);
	grid(&d, true, step);
	area(&d, "class=in-max", false, false);
	area(&d, "class=in-mean", false, true);
	area(&d, "class=out-max", true, false);
	area(&d, "class=out-mean", true, true);
	percentile_lines(&d);
	buf_printf(out,
		   "<text class=bold x=\"%d\" y=\"%d\" text-anchor=end>in</text>"
		   "<text class=bold x=\"%d\" y=\"%d\" text-anchor=end>out</text></svg></div>\n",
		   LEFT - 5, TOP, LEFT - 5, BOTTOM + 11);
	buf_str(out,
		"<ul class=keys><li><i class=in-mean style=\"background:#0f766e\"></i>in, from "
		"the member: mean, and highest bin (light)<li><i style=\"background:#3b5bb5\">"
		"</i>out, to the member<li><i style=\"background:#e07a1f\"></i>above the 95th: "
		"not billed<li><i class=line style=\"color:#c2540a\"></i>95th percentile");
	if (invoice->charge.by_rate)
		buf_str(out, "<li><i class=line style=\"border-top-style:dashed\"></i>committed "
			     "rate");
	buf_str(out, "</ul>\n");
}

/* --- the parts of the page --- */

static void
head(struct buf *out, const struct ledger_invoice *invoice)
{
	const struct hub *hub = invoice->hub;
	buf_str(out, "<!doctype html>\n<html lang=en><head><meta charset=utf-8>\n"
		     "<meta name=viewport content=\"width=device-width,initial-scale=1\">\n"
		     "<meta http-equiv=Content-Security-Policy content=\"default-src 'none';"
		     "style-src 'unsafe-inline'\">\n<title>Invoice ");
	escaped(out, invoice->number);
	buf_printf(out, "</title>\n<style>\n%s</style></head><body><main>\n", style);
	if (invoice->simulated)
		buf_str(out, "<div class=stamp aria-hidden=true>SIMULATED</div>\n");
	buf_str(out, "<header><div><h1>");
	escaped(out, hub->name);
	buf_printf(out, "</h1><div class=soft>AS%" PRIu32, hub->asn.number);
	if (hub->city) {
		buf_str(out, " · ");
		escaped(out, hub->city);
	}
	if (hub->country.code[0]) {
		buf_str(out, ", ");
		escaped(out, hub->country.code);
	}
	buf_str(out, "</div>");
	if (hub->support_email) {
		buf_str(out, "<div class=soft>");
		escaped(out, hub->support_email);
		buf_str(out, "</div>");
	}
	buf_str(out, "</div><div class=right><div class=soft>Invoice</div><div class=number>");
	escaped(out, invoice->number);
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
contract_items(struct buf *out, const struct ledger_invoice *invoice)
{
	const struct hub_contract *contract = invoice->contract;
	const struct ledger_period *period = &invoice->period;
	buf_str(out, "<dl>");
	item(out, "Contract");
	escaped(out, contract->id);
	item(out, "Kind");
	buf_str(out, contract->kind == HUB_FLAT     ? "flat, by the month"
		     : contract->kind == HUB_COMMIT ? "commit and overage, 95th percentile"
						    : "by items");
	item(out, "Period");
	date(out, period->from);
	buf_str(out, " to ");
	date(out, period->to);
	buf_str(out, " UTC");
	if (period->days != period->days_in_month)
		buf_printf(out, ", %" PRIu32 " of %" PRIu32 " days", period->days,
			   period->days_in_month);
	if (invoice->charge.by_rate) {
		item(out, "Commit");
		exact_rate(out, invoice->charge.commit_bps);
	}
	item(out, contract->port_count == 1 ? "Port" : "Ports");
	enum { SHOWN = 8 };
	for (size_t i = 0; i < contract->port_count && i < SHOWN; i++) {
		buf_str(out, i ? ", " : "");
		escaped(out, invoice->hub->ports[contract->ports[i]].id);
	}
	if (contract->port_count > SHOWN)
		buf_printf(out, " and %zu more", contract->port_count - SHOWN);
	buf_str(out, "</dl>");
}

static const char *
billing_address(const struct hub_member *member)
{
	for (size_t i = 0; i < member->contact_count; i++)
		if (member->contacts[i].role && strcmp(member->contacts[i].role, "billing") == 0)
			return member->contacts[i].email;
	return NULL;
}

static void
parties(struct buf *out, const struct ledger_invoice *invoice)
{
	const struct hub_member *member = invoice->member;
	const char *address = billing_address(member);
	buf_str(out, "<section class=parties><div><h2>Billed to</h2><strong>");
	escaped(out, member->name);
	buf_printf(out, "</strong><div class=soft>AS%" PRIu32, member->asn.number);
	if (member->country.code[0]) {
		buf_str(out, " · ");
		escaped(out, member->country.code);
	}
	buf_str(out, "</div>");
	if (address) {
		buf_str(out, "<div class=soft>");
		escaped(out, address);
		buf_str(out, "</div>");
	}
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
	figure(out, "95th percentile in", known, p95->in_bps);
	figure(out, "95th percentile out", known, p95->out_bps);
	if (invoice->charge.by_rate)
		figure(out, "billed rate", true, invoice->charge.billed_bps);
	else
		figure(out, "highest bin", known, p95->peak_bps);
	buf_printf(out, "<div class=sum><span>%s</span><b>", invoice->final ? "total" : "so far");
	grouped_money(out, invoice->charge.total, true);
	buf_str(out, "</b></div></section>\n");
}

static void
lines(struct buf *out, const struct ledger_charge *charge)
{
	buf_str(out,
		"<section><h2>Charges</h2><table><tr><th>Item<th>Quantity<th>Price<th>Amount, ");
	buf_printf(out, "%.3s\n", charge->net.currency.code);
	for (size_t i = 0; i < charge->line_count; i++) {
		const struct ledger_line *line = &charge->lines[i];
		char text[32];
		buf_str(out, "<tr><td>");
		escaped(out, line->text);
		buf_str(out, "<td>");
		grouped(out, ledger_quantity_format(text, line->quantity, line->divisor));
		buf_printf(out, "&nbsp;%s<td>", line->unit);
		if (line->rule == LEDGER_LINE_PRICED) {
			grouped(out, ledger_price_format(text, line->price));
			buf_str(out, line->kind == LEDGER_LINE_FLAT ? "" : "&nbsp;a month");
		}
		buf_str(out, "<td>");
		grouped_money(out, line->amount, false);
		buf_str(out, "\n");
	}
	buf_str(out, "<tr class=total><td colspan=2>Total<td colspan=2>");
	grouped_money(out, charge->total, true);
	buf_str(out, "</table></section>\n");
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
	grouped_count(out, n->expected);
	buf_printf(out, " bins of %" PRIu32 " s%s: <b>", invoice->series->length_s,
		   invoice->final ? "" : " so far");
	grouped_count(out, n->counter);
	buf_str(out, "</b> by the octet counters of the ports, <b>");
	grouped_count(out, n->estimated);
	buf_str(out, "</b> estimated from samples, <b>");
	grouped_count(out, n->missing);
	buf_str(out, "</b> missing");
	if (n->simulated) {
		buf_str(out, "; <b>");
		grouped_count(out, n->simulated);
		buf_str(out, "</b> simulated");
	}
	buf_str(out, ".</p>");
	missing(out, invoice->series);
	buf_str(out, "</section>\n");
}

static void
rule(struct buf *out, const struct ledger_invoice *invoice)
{
	const struct ledger_percentile *p95 = &invoice->p95;
	buf_str(out, "<section><h2>How it is computed</h2><p>Each bin gives a rate for each "
		     "direction: octets × 8 / length. The n rates that are there are sorted; the "
		     "floor(n/20) highest are not billed, the next highest is the 95th percentile "
		     "(rank n − floor(n/20)). It is taken for in and for out, and the larger "
		     "counts. Missing bins stay out of n.</p>");
	if (p95->count) {
		uint64_t free_s = (uint64_t)(p95->count / 20) * invoice->series->length_s;
		buf_str(out, "<p>Here n = ");
		grouped_count(out, p95->count);
		buf_str(out, ", of which ");
		grouped_count(out, p95->count / 20);
		buf_printf(out, " (%.1f hours) are not billed; rank ", (double)free_s / 3600);
		grouped_count(out, p95->rank);
		buf_str(out, ": in ");
		exact_rate(out, p95->in_bps);
		buf_str(out, ", out ");
		exact_rate(out, p95->out_bps);
		buf_str(out, ".");
		if (invoice->charge.by_rate) {
			buf_str(out, " Billed is the larger of the committed rate and the 95th "
				     "percentile: ");
			exact_rate(out, invoice->charge.billed_bps);
			buf_str(out, ".");
		}
		buf_str(out, "</p>");
	}
	buf_str(out, "</section>\n");
}

void
view_ledger_html(struct buf *out, const struct ledger_invoice *invoice)
{
	head(out, invoice);
	parties(out, invoice);
	figures(out, invoice);
	buf_str(out, "<section><h2>Traffic</h2>\n");
	curve(out, invoice);
	buf_str(out, "</section>\n");
	lines(out, &invoice->charge);
	bins(out, invoice);
	rule(out, invoice);
	buf_str(out,
		"<footer>All times are UTC, days are calendar days in UTC. Amounts are rounded "
		"once for each line, half away from zero. ");
	buf_str(out, invoice->simulated ? "This invoice rests on simulated traffic and is an "
					  "example."
					: "Every bin is to be had as CSV.");
	buf_str(out, "</footer></main></body></html>\n");
}
