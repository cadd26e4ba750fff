/* An invoice as it is printed. */
#include "paper/paper_invoice.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "paper/paper_maker.h"
#include "paper/paper_table.h"
#include "view/view_text.h"

enum { DAY_S = 86400, DAYS_MAX = 62, PORTS_SHOWN = 6, RUNS_SHOWN = 8 };

static const char *
ports_of(struct paper_maker *m, const struct json_value *contract)
{
	char text[512] = "";
	size_t used = 0, count = 0;
	const struct json_value *port = json_read_first(json_read_get(contract, "ports"));
	for (; port; port = port->next, count++) {
		const char *id = json_read_text(port);
		if (id && count < PORTS_SHOWN && used < sizeof(text) - 80)
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%.70s",
						 used ? ", " : "", id);
	}
	if (count > PORTS_SHOWN)
		(void)snprintf(text + used, sizeof(text) - used, " and %zu more",
			       count - PORTS_SHOWN);
	return used ? paper_text_of(m, "%s", text) : NULL;
}

static void
details(struct paper_maker *m)
{
	struct paper_facts *facts = &m->document->facts;
	const struct json_value *contract = paper_get(m, "contract");
	const char *from = paper_get_text(m->bill, "from_local"),
		   *to = paper_get_text(m->bill, "to_local");
	const char *zone = paper_get_text(m->bill, "time_zone");
	uint64_t commit = 0;
	paper_add_fact(m, facts, "Document", paper_get_text(m->bill, "id"));
	paper_add_fact(m, facts, "Date", paper_get_text(m->bill, "date"));
	paper_add_fact(m, facts, "Due", paper_get_text(m->bill, "due_date"));
	paper_add_fact(
		m, facts, "Your reference",
		paper_get_text(json_read_get(paper_get(m, "member"), "bill_to"), "reference"));
	if (from && to)
		paper_add_fact(m, facts, "Period",
			       paper_text_of(m, "%s to %s, %s", from, to, zone ? zone : "UTC"));
	paper_add_fact(m, facts, "Contract", paper_get_text(contract, "id"));
	if (paper_get_u64(&commit, m->bill, "commit_bps"))
		paper_add_fact(m, facts, "Commit", paper_exact_rate(m, commit));
	paper_add_fact(m, facts, "Ports", ports_of(m, contract));
	paper_add_fact(m, facts, "Corrects", paper_get_text(m->bill, "credits"));
}

static void
figure(struct paper_maker *m, const char *label, const char *key)
{
	char rate[VIEW_RATE_TEXT];
	uint64_t bps;
	if (label && paper_get_u64(&bps, m->bill, key))
		paper_add_fact(m, &m->document->figures, label,
			       paper_text_of(m, "%s", view_rate(rate, bps)));
}

static void
figures(struct paper_maker *m)
{
	const char *measure = paper_get_text(m->bill, "measure");
	bool final = json_read_is_true(paper_get(m, "final"));
	uint64_t billed;
	if (!measure || strlen(measure) > sizeof("95th percentile"))
		measure = "Measured";
	figure(m, paper_text_of(m, "%s in", measure), "p95_in_bps");
	figure(m, paper_text_of(m, "%s out", measure), "p95_out_bps");
	if (paper_get_u64(&billed, m->bill, "billed_bps"))
		figure(m, "Billed rate", "billed_bps");
	else
		figure(m, "Highest bin", "peak_bps");
	paper_add_fact(m, &m->document->figures, final ? "Total" : "So far",
		       paper_amount_of(m, paper_get(m, "total"), true));
}

static struct paper_line
line_of(struct paper_maker *m, const struct json_value *line)
{
	char grouped[96];
	struct paper_line out = {.text = paper_get_text(line, "text"), .amount = ""};
	const char *quantity = paper_get_text(line, "quantity"),
		   *unit = paper_get_text(line, "unit");
	const char *price = paper_get_text(line, "price");
	const struct json_value *amount = json_read_get(line, "amount");
	uint64_t days = 0, all = 0;
	if (!out.text)
		out.text = "";
	if (quantity)
		out.quantity = paper_text_of(m, "%s%s%s",
					     paper_grouped(grouped, sizeof(grouped), quantity),
					     unit ? "\u00a0" : "", unit ? unit : "");
	if (price)
		out.price = paper_text_of(m, "%s", paper_grouped(grouped, sizeof(grouped), price));
	if (paper_get_u64(&days, line, "days") && paper_get_u64(&all, line, "days_in_month") &&
	    days != all)
		out.days = paper_text_of(m, "%" PRIu64 " of %" PRIu64, days, all);
	out.amount = paper_amount_of(m, amount, false);
	out.minor = paper_minor_of(paper_get_text(amount, "amount"));
	return out;
}

static void
charges(struct paper_maker *m)
{
	struct paper_document *d = m->document;
	const struct json_value *lines = paper_get(m, "lines"), *net = paper_get(m, "net");
	const struct json_value *tax = paper_get(m, "tax"), *total = paper_get(m, "total");
	d->currency = paper_get_text(total, "currency");
	d->lines = paper_take(m, (paper_length_of(lines) + 1) * sizeof(*d->lines));
	if (!d->lines)
		return;
	const char *taxed = NULL;
	for (const struct json_value *i = json_read_first(lines); i; i = i->next) {
		const char *kind = paper_get_text(i, "kind");
		if (kind && strcmp(kind, "tax") == 0) {
			const char *percent = paper_get_text(i, "quantity"),
				   *text = paper_get_text(i, "text");
			taxed = paper_text_of(m, "%s %s %%", text ? text : "Tax",
					      percent ? percent : "");
			continue;
		}
		d->lines[d->line_count++] = line_of(m, i);
	}
	if (taxed || paper_minor_of(paper_get_text(tax, "amount"))) {
		paper_add_fact(m, &d->totals, "Net", paper_amount_of(m, net, false));
		paper_add_fact(m, &d->totals, taxed ? taxed : "Tax",
			       paper_amount_of(m, tax, false));
	}
	paper_add_fact(m, &d->totals,
		       json_read_is_true(paper_get(m, "final")) ? "Total" : "Total so far",
		       paper_amount_of(m, total, true));
	const struct json_value *other = paper_get(m, "other_total");
	if (paper_get_text(other, "amount"))
		paper_add_text(m, &d->terms,
			       paper_text_of(m, "The total is %s at the rate of the contract.",
					     paper_amount_of(m, other, true)));
	paper_add_text(m, &d->terms, paper_get_text(m->bill, "tax_note"));
}

static void
payment(struct paper_maker *m)
{
	struct paper_document *d = m->document;
	const struct json_value *pay = paper_get(m, "payment"),
				*account = json_read_get(pay, "account");
	const char *due = paper_get_text(m->bill, "due_date");
	uint64_t days = 0;
	if (json_read_is_true(paper_get(m, "simulated"))) {
		paper_add_text(
			m, &d->terms,
			"Not payable: this invoice rests on simulated traffic and is an example.");
		return;
	}
	paper_add_fact(m, &d->payment, "Holder", paper_get_text(account, "holder"));
	paper_add_fact(m, &d->payment, "Bank", paper_get_text(account, "bank"));
	paper_add_fact(m, &d->payment, "Account", paper_get_text(account, "account"));
	paper_add_fact(m, &d->payment, "BIC", paper_get_text(account, "bic"));
	if (due && paper_get_u64(&days, pay, "days"))
		paper_add_text(m, &d->terms,
			       paper_text_of(m,
					     "Due on %s, %" PRIu64
					     " days after the date of the invoice.",
					     due, days));
	paper_add_texts(m, &d->terms, json_read_get(pay, "terms"));
}

/* --- the curve --- */

static size_t
read_bins(struct paper_bin *bins, const struct json_value *points)
{
	size_t count = 0;
	for (const struct json_value *point = json_read_first(points); point; point = point->next) {
		const struct json_value *start = json_read_first(point);
		const struct json_value *in = start ? start->next : NULL;
		const struct json_value *out = in ? in->next : NULL;
		const struct json_value *state = out ? out->next : NULL;
		struct paper_bin bin = {.state = PAPER_MISSING};
		uint64_t number = 0;
		if (state && paper_get_u64(&number, state, NULL) && number <= PAPER_ESTIMATED &&
		    paper_get_u64(&bin.in_bps, in, NULL) && paper_get_u64(&bin.out_bps, out, NULL))
			bin.state = (enum paper_state)number;
		bins[count++] = bin;
	}
	return count;
}

static struct paper_level
level_of(struct paper_maker *m, const char *key, const char *label)
{
	struct paper_level level = {0};
	char rate[VIEW_RATE_TEXT];
	level.there = paper_get_u64(&level.bps, m->bill, key);
	if (level.there)
		level.label = paper_text_of(m, "%s %s", label, view_rate(rate, level.bps));
	return level;
}

static void
curve(struct paper_maker *m)
{
	const struct json_value *points = paper_get(m, "curve");
	struct utc_s from, to;
	uint64_t length_s = 0;
	double offset = 0;
	const char *begin = paper_get_text(m->bill, "from"), *end = paper_get_text(m->bill, "to");
	if (!begin || !end || utc_parse(&from, begin) < 0 || utc_parse(&to, end) < 0 ||
	    !paper_get_u64(&length_s, m->bill, "bin_s") || !length_s || length_s > DAY_S ||
	    to.s <= from.s || to.s - from.s > (int64_t)DAYS_MAX * DAY_S || !json_read_first(points))
		return;
	struct paper_curve *curve = paper_take(m, sizeof(*curve));
	struct paper_bin *bins = paper_take(m, (paper_length_of(points) + 1) * sizeof(*bins));
	if (!curve || !bins)
		return;
	size_t drawn = read_bins(bins, points);
	uint64_t first = 0;
	if (paper_get_u64(&first, json_read_first(json_read_first(points)), NULL))
		from.s = (int64_t)first;
	size_t count = to.s > from.s ? (size_t)(to.s - from.s) / length_s : 0;
	*curve = (struct paper_curve){
		.from = from,
		.length_s = (uint32_t)length_s,
		.count = count > drawn ? count : drawn,
		.drawn = drawn,
		.bins = bins,
		.level_in = level_of(m, "p95_in_bps", "95th in"),
		.level_out = level_of(m, "p95_out_bps", "95th out"),
		.commit = level_of(m, "commit_bps", "commit"),
	};
	if (json_read_number(&offset, paper_get(m, "utc_offset_s")) && offset > -2 * DAY_S &&
	    offset < 2 * DAY_S)
		curve->offset_s = (int64_t)offset;
	m->document->curve = curve;
}

/* --- what it rests on, and the rules --- */

/* "2026-11-03 12:00 to 2026-11-03 12:05" for each run of missing bins, the first few. */
static const char *
missing_runs(struct paper_maker *m)
{
	const struct paper_curve *curve = m->document->curve;
	char text[900] = "", from[CLOCK_TEXT], to[CLOCK_TEXT];
	size_t used = 0, runs = 0;
	for (size_t i = 0; curve && i < curve->drawn; i++) {
		size_t first = i;
		while (i < curve->drawn && curve->bins[i].state == PAPER_MISSING)
			i++;
		if (i == first || runs++ >= RUNS_SHOWN)
			continue;
		struct utc_s a = {curve->from.s + (int64_t)(first * curve->length_s)};
		struct utc_s b = {curve->from.s + (int64_t)(i * curve->length_s)};
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "%s%.10s %.5s to %.10s %.5s (%zu)", used ? ", " : "",
					 utc_format(from, a), from + 11, utc_format(to, b), to + 11,
					 i - first);
	}
	if (!runs)
		return NULL;
	if (runs > RUNS_SHOWN)
		return paper_text_of(m, "Missing (UTC): %s and %zu more stretches.", text,
				     runs - RUNS_SHOWN);
	return paper_text_of(m, "Missing (UTC): %s.", text);
}

static void
basis(struct paper_maker *m)
{
	const struct json_value *bins = paper_get(m, "bins"), *loss = paper_get(m, "loss");
	uint64_t expected = 0, counter = 0, estimated = 0, missing = 0, simulated = 0, length_s = 0;
	if (!paper_get_u64(&expected, bins, "expected") ||
	    !paper_get_u64(&counter, bins, "counter") ||
	    !paper_get_u64(&estimated, bins, "estimated") ||
	    !paper_get_u64(&missing, bins, "missing") ||
	    !paper_get_u64(&length_s, m->bill, "bin_s") || !expected)
		return;
	struct paper_section *section = paper_add_section(m, "WHAT IT RESTS ON");
	(void)paper_get_u64(&simulated, bins, "simulated");
	paper_add_text(m, &section->sentences,
		       paper_text_of(m,
				     "%s bins of %" PRIu64
				     " s%s: %s by the octet counters of the ports, %s "
				     "estimated from samples, %s missing%s%s%s.",
				     paper_count_text(m, expected), length_s,
				     json_read_is_true(paper_get(m, "final")) ? "" : " so far",
				     paper_count_text(m, counter), paper_count_text(m, estimated),
				     paper_count_text(m, missing), simulated ? "; " : "",
				     simulated ? paper_count_text(m, simulated) : "",
				     simulated ? " simulated" : ""));
	paper_add_text(m, &section->sentences, missing_runs(m));
	uint64_t others = 0, adjusted = 0, lossy = 0, worst = 0;
	if (paper_get_u64(&others, bins, "other_party") && others)
		paper_add_text(
			m, &section->sentences,
			paper_text_of(m,
				      "%s of the estimated ones are by the other party's records.",
				      paper_count_text(m, others)));
	if (paper_get_u64(&adjusted, bins, "adjusted") && adjusted)
		paper_add_text(m, &section->sentences,
			       paper_text_of(m, "%s bins were put right by hand.",
					     paper_count_text(m, adjusted)));
	if (paper_get_u64(&lossy, loss, "bins") && paper_get_u64(&worst, loss, "worst_ppm"))
		paper_add_text(
			m, &section->sentences,
			lossy ? paper_text_of(
					m,
					"In %s bins records of the exporters did not arrive, at "
					"worst "
					"%" PRIu64 ".%04" PRIu64
					" %% of one bin's; counters are not touched by that.",
					paper_count_text(m, lossy), worst / 10000, worst % 10000)
			      : "No record of the exporters was lost on its way to the meter.");
}

/* Each port's own result, where they are added up after; and capital that is written off. */
static void
parts(struct paper_maker *m)
{
	const struct json_value *port = json_read_first(paper_get(m, "ports"));
	const struct json_value *item = json_read_first(paper_get(m, "amortisations"));
	struct paper_section *section = port ? paper_add_section(m, "PORTS") : NULL;
	for (; port; port = port->next) {
		uint64_t in = 0, out = 0, measured = 0;
		const char *id = paper_get_text(port, "port");
		if (id && paper_get_u64(&in, port, "p95_in_bps") &&
		    paper_get_u64(&out, port, "p95_out_bps") &&
		    paper_get_u64(&measured, port, "measured_bps"))
			paper_add_text(m, &section->sentences,
				       paper_text_of(m, "%s: in %s, out %s; %s counts.", id,
						     paper_exact_rate(m, in),
						     paper_exact_rate(m, out),
						     paper_exact_rate(m, measured)));
	}
	section = item ? paper_add_section(m, "FOR THE BOOKS") : NULL;
	for (; item; item = item->next) {
		uint64_t month = 0, months = 0;
		const char *id = paper_get_text(item, "item");
		if (id && paper_get_u64(&month, item, "month") &&
		    paper_get_u64(&months, item, "months"))
			paper_add_text(
				m, &section->sentences,
				paper_text_of(
					m,
					"%s: of %s, %s are written off this month, the %" PRIu64
					" of %" PRIu64 "; %s so far, %s are left.",
					id,
					paper_amount_of(m, json_read_get(item, "capital"), true),
					paper_amount_of(m, json_read_get(item, "this_month"),
							false),
					month, months,
					paper_amount_of(m, json_read_get(item, "so_far"), false),
					paper_amount_of(m, json_read_get(item, "left"), false)));
	}
}

static void
rules(struct paper_maker *m)
{
	struct paper_section *section = paper_add_section(m, "HOW IT IS COMPUTED");
	const struct json_value *sentences = paper_get(m, "rules");
	uint64_t n = 0, rank = 0, length_s = 0;
	for (const struct json_value *i = json_read_first(sentences); i; i = i->next)
		if (json_read_text(i) && *json_read_text(i))
			paper_add_text(m, &section->sentences,
				       paper_sentence_of(m, json_read_text(i)));
	if (!sentences)
		paper_add_text(m, &section->sentences, paper_get_text(m->bill, "rule"));
	if (paper_get_u64(&n, m->bill, "n") && n && paper_get_u64(&rank, m->bill, "rank") &&
	    rank <= n && paper_get_u64(&length_s, m->bill, "bin_s"))
		paper_add_text(
			m, &section->sentences,
			paper_text_of(m,
				      "Here n = %s, of which the %s highest (%.1f hours) are not "
				      "billed; the next one, rank %s, is.",
				      paper_count_text(m, n), paper_count_text(m, n - rank),
				      (double)((n - rank) * length_s) / 3600,
				      paper_count_text(m, rank)));
	paper_add_text(
		m, &section->sentences,
		"Each bin gives a rate: octets × 8 / length, in and out apart. The bins are to be "
		"had "
		"as CSV, and the same bins give the same invoice.");
}

/* Over what its traffic went. */
static void
way(struct paper_maker *m)
{
	const struct json_value *lines = json_read_get(paper_get(m, "way"), "text");
	if (!json_read_first(lines))
		return;
	struct paper_section *section = paper_add_section(m, "THE WAY OF THE TRAFFIC");
	for (const struct json_value *i = json_read_first(lines); i; i = i->next)
		if (json_read_text(i) && *json_read_text(i))
			paper_add_text(m, &section->sentences,
				       paper_sentence_of(m, json_read_text(i)));
}

/* --- the whole --- */

static void
whole(struct paper_maker *m)
{
	struct paper_document *d = m->document;
	const char *made = paper_get_text(m->bill, "made");
	bool purchase = json_read_is_true(paper_get(m, "purchase"));
	bool simulated = json_read_is_true(paper_get(m, "simulated"));
	bool final = json_read_is_true(paper_get(m, "final"));
	d->title = purchase ? "Expected charges" : "Invoice";
	d->to_label = purchase ? "BOUGHT FROM" : "BILLED TO";
	d->stamp = simulated ? "SIMULATED" : final ? NULL : "DRAFT";
	if (simulated)
		paper_add_text(m, &d->tags, "simulated, not payable");
	if (!final)
		paper_add_text(m, &d->tags, "not final: the month is running");
	if (!made || utc_parse(&d->date, made) < 0)
		d->date = (struct utc_s){0};
	paper_letterhead(m);
	paper_addressee(m);
	details(m);
	figures(m);
	charges(m);
	payment(m);
	curve(m);
	basis(m);
	rules(m);
	way(m);
	parts(m);
}

struct paper_document *
paper_invoice_make(struct arena *arena, const struct json_value *bill)
{
	struct paper_maker m = {.arena = arena, .bill = bill, .parties = bill};
	const char *number = paper_get_text(bill, "number");
	if (!number || !paper_get(&m, "total") || !paper_begin(&m, number))
		return NULL;
	whole(&m);
	return m.failed ? NULL : m.document;
}
