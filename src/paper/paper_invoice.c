/* An invoice as it is printed. */
#include "paper/paper_invoice.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "paper/paper_table.h"
#include "view/view_text.h"

enum { DAY_S = 86400, FACTS_MAX = 16, SECTIONS_MAX = 6, PORTS_SHOWN = 6, RUNS_SHOWN = 8 };

struct maker {
	struct arena *arena;
	const struct json_value *bill;
	struct paper_document *document;
	bool failed; /* no memory */
};

static void *
take(struct maker *m, size_t size)
{
	void *memory = arena_take(m->arena, size);
	m->failed |= !memory;
	return memory;
}

__attribute__((format(printf, 2, 3))) static const char *
text_of(struct maker *m, const char *format, ...)
{
	char text[1024];
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	const char *copy = arena_str(m->arena, text);
	m->failed |= !copy;
	return copy;
}

/* --- reading --- */

static const struct json_value *
get(const struct maker *m, const char *key)
{
	return json_read_get(m->bill, key);
}

static const char *
get_text(const struct json_value *object, const char *key)
{
	const char *text = json_read_text(json_read_get(object, key));
	return text && *text ? text : NULL;
}

/* A whole number, exact up to 64 bits; false when it is none. */
static bool
get_u64(uint64_t *out, const struct json_value *object, const char *key)
{
	const struct json_value *value = key ? json_read_get(object, key) : object;
	char digits[24];
	if (!value || value->type != JSON_NUMBER || value->raw_length >= sizeof(digits))
		return false;
	memcpy(digits, value->raw, value->raw_length);
	digits[value->raw_length] = '\0';
	if (digits[strspn(digits, "0123456789")])
		return false;
	*out = strtoull(digits, NULL, 10);
	return true;
}

static size_t
length_of(const struct json_value *array)
{
	size_t count = 0;
	for (const struct json_value *i = json_read_first(array); i; i = i->next)
		count++;
	return count;
}

/* "1 234.50" of {"amount": "1234.50", ...} */
static const char *
amount_of(struct maker *m, const struct json_value *money, bool currency)
{
	char grouped[96];
	const char *amount = get_text(money, "amount"), *code = get_text(money, "currency");
	if (!amount)
		return "";
	(void)paper_grouped(grouped, sizeof(grouped), amount);
	if (!currency || !code)
		return text_of(m, "%s", grouped);
	return text_of(m, "%s\u00a0%.8s", grouped, code);
}

/* Minor units of a decimal that has as many places as its currency. */
static int64_t
minor_of(const char *amount)
{
	char digits[32];
	size_t used = 0;
	for (const char *c = amount; c && *c && used + 1 < sizeof(digits); c++)
		if (*c != '.')
			digits[used++] = *c;
	digits[used] = '\0';
	return strtoll(digits, NULL, 10);
}

/* "60 000 Mbit/s", to the bit. */
static const char *
exact_rate(struct maker *m, uint64_t bps)
{
	char number[48], grouped[96];
	int length = snprintf(number, sizeof(number), "%" PRIu64 ".%06" PRIu64, bps / 1000000,
			      bps % 1000000);
	while (number[length - 1] == '0')
		number[--length] = '\0';
	if (number[length - 1] == '.')
		number[--length] = '\0';
	return text_of(m, "%s\u00a0Mbit/s", paper_grouped(grouped, sizeof(grouped), number));
}

static const char *
count_text(struct maker *m, uint64_t count)
{
	char number[32], grouped[64];
	(void)snprintf(number, sizeof(number), "%" PRIu64, count);
	return text_of(m, "%s", paper_grouped(grouped, sizeof(grouped), number));
}

/* --- lists that grow --- */

static void
add_text(struct maker *m, struct paper_texts *texts, const char *text)
{
	if (!text)
		return;
	if (!texts->items)
		texts->items = take(m, 64 * sizeof(*texts->items));
	if (texts->items && texts->count < 64)
		texts->items[texts->count++] = text;
}

static void
add_texts(struct maker *m, struct paper_texts *texts, const struct json_value *array)
{
	for (const struct json_value *i = json_read_first(array); i; i = i->next)
		add_text(m, texts, json_read_text(i));
}

static void
add_fact(struct maker *m, struct paper_facts *facts, const char *label, const char *text)
{
	if (!text)
		return;
	if (!facts->items)
		facts->items = take(m, FACTS_MAX * sizeof(*facts->items));
	if (facts->items && facts->count < FACTS_MAX)
		facts->items[facts->count++] = (struct paper_fact){label, text};
}

static struct paper_section *
add_section(struct maker *m, const char *title)
{
	struct paper_document *d = m->document;
	assert(d->section_count < SECTIONS_MAX);
	struct paper_section *section = &d->sections[d->section_count++];
	section->title = title;
	return section;
}

/* --- the parts --- */

static void
letterhead(struct maker *m)
{
	struct paper_party *from = &m->document->from;
	const struct json_value *hub = get(m, "hub");
	const char *name = get_text(hub, "name"), *legal = get_text(hub, "legal_name");
	const char *city = get_text(hub, "city"), *country = get_text(hub, "country");
	uint64_t asn = 0;
	from->name = legal ? legal : name ? name : "";
	if (legal && name && strcmp(legal, name) != 0)
		add_text(m, &from->lines, name);
	size_t before = from->lines.count;
	add_texts(m, &from->lines, json_read_get(hub, "address"));
	if (from->lines.count == before && city)
		add_text(m, &from->lines, country ? text_of(m, "%s, %s", city, country) : city);
	const char *number = get_text(hub, "tax_number"), *label = get_text(hub, "tax_name");
	if (number)
		add_text(m, &from->lines,
			 text_of(m, "%s %s", label ? label : "Tax number", number));
	add_text(m, &from->lines, get_text(hub, "registration"));
	const char *email = get_text(hub, "email"), *phone = get_text(hub, "phone");
	if (email || phone)
		add_text(m, &from->lines,
			 text_of(m, "%s%s%s", email ? email : "", email && phone ? " · " : "",
				 phone ? phone : ""));
	if (get_u64(&asn, hub, "asn"))
		m->document->footer =
			text_of(m, "%s · AS%" PRIu64 "%s%s%s%s", from->name, asn,
				number ? " · " : "", number ? (label ? label : "Tax number") : "",
				number ? " " : "", number ? number : "");
}

static void
addressee(struct maker *m)
{
	struct paper_party *to = &m->document->to;
	const struct json_value *member = get(m, "member");
	const struct json_value *bill_to = json_read_get(member, "bill_to");
	const char *name = get_text(member, "name"), *legal = get_text(bill_to, "name");
	const char *country = get_text(member, "country");
	uint64_t asn = 0;
	to->name = legal ? legal : name ? name : "";
	add_texts(m, &to->lines, json_read_get(bill_to, "address"));
	bool known = legal && name && strcmp(legal, name) != 0;
	if (get_u64(&asn, member, "asn"))
		add_text(m, &to->lines,
			 text_of(m, "%s%sAS%" PRIu64 "%s%s", known ? name : "", known ? " · " : "",
				 asn, country ? " · " : "", country ? country : ""));
	else if (known)
		add_text(m, &to->lines, name);
	const char *number = get_text(bill_to, "tax_number");
	if (number)
		add_text(m, &to->lines, text_of(m, "Tax number %s", number));
	add_text(m, &to->lines, get_text(member, "email"));
}

static const char *
ports_of(struct maker *m, const struct json_value *contract)
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
	return used ? text_of(m, "%s", text) : NULL;
}

static void
details(struct maker *m)
{
	struct paper_facts *facts = &m->document->facts;
	const struct json_value *contract = get(m, "contract");
	const char *from = get_text(m->bill, "from_local"), *to = get_text(m->bill, "to_local");
	const char *zone = get_text(m->bill, "time_zone");
	uint64_t commit = 0;
	add_fact(m, facts, "Date", get_text(m->bill, "date"));
	add_fact(m, facts, "Due", get_text(m->bill, "due_date"));
	add_fact(m, facts, "Your reference",
		 get_text(json_read_get(get(m, "member"), "bill_to"), "reference"));
	if (from && to)
		add_fact(m, facts, "Period",
			 text_of(m, "%s to %s, %s", from, to, zone ? zone : "UTC"));
	add_fact(m, facts, "Contract", get_text(contract, "id"));
	if (get_u64(&commit, m->bill, "commit_bps"))
		add_fact(m, facts, "Commit", exact_rate(m, commit));
	add_fact(m, facts, "Ports", ports_of(m, contract));
	add_fact(m, facts, "Corrects", get_text(m->bill, "credits"));
}

static void
figure(struct maker *m, const char *label, const char *key)
{
	char rate[VIEW_RATE_TEXT];
	uint64_t bps;
	if (label && get_u64(&bps, m->bill, key))
		add_fact(m, &m->document->figures, label, text_of(m, "%s", view_rate(rate, bps)));
}

static void
figures(struct maker *m)
{
	const char *measure = get_text(m->bill, "measure");
	bool final = json_read_is_true(get(m, "final"));
	uint64_t billed;
	if (!measure || strlen(measure) > sizeof("95th percentile"))
		measure = "Measured";
	figure(m, text_of(m, "%s in", measure), "p95_in_bps");
	figure(m, text_of(m, "%s out", measure), "p95_out_bps");
	if (get_u64(&billed, m->bill, "billed_bps"))
		figure(m, "Billed rate", "billed_bps");
	else
		figure(m, "Highest bin", "peak_bps");
	add_fact(m, &m->document->figures, final ? "Total" : "So far",
		 amount_of(m, get(m, "total"), true));
}

static struct paper_line
line_of(struct maker *m, const struct json_value *line)
{
	char grouped[96];
	struct paper_line out = {.text = get_text(line, "text"), .amount = ""};
	const char *quantity = get_text(line, "quantity"), *unit = get_text(line, "unit");
	const char *price = get_text(line, "price");
	const struct json_value *amount = json_read_get(line, "amount");
	uint64_t days = 0, all = 0;
	if (!out.text)
		out.text = "";
	if (quantity)
		out.quantity =
			text_of(m, "%s%s%s", paper_grouped(grouped, sizeof(grouped), quantity),
				unit ? "\u00a0" : "", unit ? unit : "");
	if (price)
		out.price = text_of(m, "%s", paper_grouped(grouped, sizeof(grouped), price));
	if (get_u64(&days, line, "days") && get_u64(&all, line, "days_in_month") && days != all)
		out.days = text_of(m, "%" PRIu64 " of %" PRIu64, days, all);
	out.amount = amount_of(m, amount, false);
	out.minor = minor_of(get_text(amount, "amount"));
	return out;
}

static void
charges(struct maker *m)
{
	struct paper_document *d = m->document;
	const struct json_value *lines = get(m, "lines"), *net = get(m, "net");
	const struct json_value *tax = get(m, "tax"), *total = get(m, "total");
	d->currency = get_text(total, "currency");
	d->lines = take(m, (length_of(lines) + 1) * sizeof(*d->lines));
	if (!d->lines)
		return;
	const char *taxed = NULL;
	for (const struct json_value *i = json_read_first(lines); i; i = i->next) {
		const char *kind = get_text(i, "kind");
		if (kind && strcmp(kind, "tax") == 0) {
			const char *percent = get_text(i, "quantity"), *text = get_text(i, "text");
			taxed = text_of(m, "%s %s %%", text ? text : "Tax", percent ? percent : "");
			continue;
		}
		d->lines[d->line_count++] = line_of(m, i);
	}
	if (taxed || minor_of(get_text(tax, "amount"))) {
		add_fact(m, &d->totals, "Net", amount_of(m, net, false));
		add_fact(m, &d->totals, taxed ? taxed : "Tax", amount_of(m, tax, false));
	}
	add_fact(m, &d->totals, json_read_is_true(get(m, "final")) ? "Total" : "Total so far",
		 amount_of(m, total, true));
	const struct json_value *other = get(m, "other_total");
	if (get_text(other, "amount"))
		add_text(m, &d->terms,
			 text_of(m, "The total is %s at the rate of the contract.",
				 amount_of(m, other, true)));
	add_text(m, &d->terms, get_text(m->bill, "tax_note"));
}

static void
payment(struct maker *m)
{
	struct paper_document *d = m->document;
	const struct json_value *pay = get(m, "payment"), *account = json_read_get(pay, "account");
	const char *due = get_text(m->bill, "due_date");
	uint64_t days = 0;
	if (json_read_is_true(get(m, "simulated"))) {
		add_text(m, &d->terms,
			 "Not payable: this invoice rests on simulated traffic and is an example.");
		return;
	}
	add_fact(m, &d->payment, "Holder", get_text(account, "holder"));
	add_fact(m, &d->payment, "Bank", get_text(account, "bank"));
	add_fact(m, &d->payment, "Account", get_text(account, "account"));
	add_fact(m, &d->payment, "BIC", get_text(account, "bic"));
	if (due && get_u64(&days, pay, "days"))
		add_text(m, &d->terms,
			 text_of(m, "Due on %s, %" PRIu64 " days after the date of the invoice.",
				 due, days));
	add_texts(m, &d->terms, json_read_get(pay, "terms"));
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
		if (state && get_u64(&number, state, NULL) && number <= PAPER_ESTIMATED &&
		    get_u64(&bin.in_bps, in, NULL) && get_u64(&bin.out_bps, out, NULL))
			bin.state = (enum paper_state)number;
		bins[count++] = bin;
	}
	return count;
}

static struct paper_level
level_of(struct maker *m, const char *key, const char *label)
{
	struct paper_level level = {0};
	char rate[VIEW_RATE_TEXT];
	level.there = get_u64(&level.bps, m->bill, key);
	if (level.there)
		level.label = text_of(m, "%s %s", label, view_rate(rate, level.bps));
	return level;
}

static void
curve(struct maker *m)
{
	const struct json_value *points = get(m, "curve");
	struct utc_s from, to;
	uint64_t length_s = 0;
	double offset = 0;
	const char *begin = get_text(m->bill, "from"), *end = get_text(m->bill, "to");
	if (!begin || !end || utc_parse(&from, begin) < 0 || utc_parse(&to, end) < 0 ||
	    !get_u64(&length_s, m->bill, "bin_s") || !length_s || length_s > DAY_S ||
	    to.s <= from.s || !json_read_first(points))
		return;
	struct paper_curve *curve = take(m, sizeof(*curve));
	struct paper_bin *bins = take(m, (length_of(points) + 1) * sizeof(*bins));
	if (!curve || !bins)
		return;
	size_t drawn = read_bins(bins, points);
	uint64_t first = 0;
	if (get_u64(&first, json_read_first(json_read_first(points)), NULL))
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
	if (json_read_number(&offset, get(m, "utc_offset_s")) && offset > -2 * DAY_S &&
	    offset < 2 * DAY_S)
		curve->offset_s = (int64_t)offset;
	m->document->curve = curve;
}

/* --- what it rests on, and the rules --- */

/* "2026-11-03 12:00 to 2026-11-03 12:05" for each run of missing bins, the first few. */
static const char *
missing_runs(struct maker *m)
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
		return text_of(m, "Missing (UTC): %s and %zu more stretches.", text,
			       runs - RUNS_SHOWN);
	return text_of(m, "Missing (UTC): %s.", text);
}

static void
basis(struct maker *m)
{
	const struct json_value *bins = get(m, "bins"), *loss = get(m, "loss");
	uint64_t expected = 0, counter = 0, estimated = 0, missing = 0, simulated = 0, length_s = 0;
	if (!get_u64(&expected, bins, "expected") || !get_u64(&counter, bins, "counter") ||
	    !get_u64(&estimated, bins, "estimated") || !get_u64(&missing, bins, "missing") ||
	    !get_u64(&length_s, m->bill, "bin_s"))
		return;
	struct paper_section *section = add_section(m, "WHAT IT RESTS ON");
	(void)get_u64(&simulated, bins, "simulated");
	add_text(m, &section->sentences,
		 text_of(m,
			 "%s bins of %" PRIu64 " s%s: %s by the octet counters of the ports, %s "
			 "estimated from samples, %s missing%s%s%s.",
			 count_text(m, expected), length_s,
			 json_read_is_true(get(m, "final")) ? "" : " so far",
			 count_text(m, counter), count_text(m, estimated), count_text(m, missing),
			 simulated ? "; " : "", simulated ? count_text(m, simulated) : "",
			 simulated ? " simulated" : ""));
	add_text(m, &section->sentences, missing_runs(m));
	uint64_t others = 0, lossy = 0, worst = 0;
	if (get_u64(&others, bins, "other_party") && others)
		add_text(m, &section->sentences,
			 text_of(m, "%s of the estimated ones are by the other party's records.",
				 count_text(m, others)));
	if (get_u64(&lossy, loss, "bins") && get_u64(&worst, loss, "worst_ppm"))
		add_text(m, &section->sentences,
			 lossy ? text_of(m,
					 "In %s bins records of the exporters did not arrive, at "
					 "worst "
					 "%" PRIu64 ".%04" PRIu64
					 " %% of one bin's; counters are not touched by that.",
					 count_text(m, lossy), worst / 10000, worst % 10000)
			       : "No record of the exporters was lost on its way to the meter.");
}

/* Each port's own result, where they are added up after; and capital that is written off. */
static void
parts(struct maker *m)
{
	const struct json_value *port = json_read_first(get(m, "ports"));
	const struct json_value *item = json_read_first(get(m, "amortisations"));
	struct paper_section *section = port ? add_section(m, "PORTS") : NULL;
	for (; port; port = port->next) {
		uint64_t in = 0, out = 0, measured = 0;
		const char *id = get_text(port, "port");
		if (id && get_u64(&in, port, "p95_in_bps") && get_u64(&out, port, "p95_out_bps") &&
		    get_u64(&measured, port, "measured_bps"))
			add_text(m, &section->sentences,
				 text_of(m, "%s: in %s, out %s; %s counts.", id, exact_rate(m, in),
					 exact_rate(m, out), exact_rate(m, measured)));
	}
	section = item ? add_section(m, "FOR THE BOOKS") : NULL;
	for (; item; item = item->next) {
		uint64_t month = 0, months = 0;
		const char *id = get_text(item, "item");
		if (id && get_u64(&month, item, "month") && get_u64(&months, item, "months"))
			add_text(m, &section->sentences,
				 text_of(m,
					 "%s: of %s, %s are written off this month, the %" PRIu64
					 " of %" PRIu64 "; %s so far, %s are left.",
					 id, amount_of(m, json_read_get(item, "capital"), true),
					 amount_of(m, json_read_get(item, "this_month"), false),
					 month, months,
					 amount_of(m, json_read_get(item, "so_far"), false),
					 amount_of(m, json_read_get(item, "left"), false)));
	}
}

static void
rules(struct maker *m)
{
	struct paper_section *section = add_section(m, "HOW IT IS COMPUTED");
	const struct json_value *sentences = get(m, "rules");
	uint64_t n = 0, rank = 0, length_s = 0;
	for (const struct json_value *i = json_read_first(sentences); i; i = i->next)
		if (json_read_text(i))
			add_text(m, &section->sentences, text_of(m, "%s.", json_read_text(i)));
	if (!sentences)
		add_text(m, &section->sentences, get_text(m->bill, "rule"));
	if (get_u64(&n, m->bill, "n") && n && get_u64(&rank, m->bill, "rank") &&
	    get_u64(&length_s, m->bill, "bin_s"))
		add_text(m, &section->sentences,
			 text_of(m,
				 "Here n = %s, of which the %s highest (%.1f hours) are not "
				 "billed; the next one, rank %s, is.",
				 count_text(m, n), count_text(m, n - rank),
				 (double)((n - rank) * length_s) / 3600, count_text(m, rank)));
	add_text(m, &section->sentences,
		 "Each bin gives a rate: octets × 8 / length, in and out apart. The bins are to be "
		 "had "
		 "as CSV, and the same bins give the same invoice.");
}

/* --- the whole --- */

static void
whole(struct maker *m)
{
	struct paper_document *d = m->document;
	const char *made = get_text(m->bill, "made");
	bool purchase = json_read_is_true(get(m, "purchase"));
	bool simulated = json_read_is_true(get(m, "simulated"));
	bool final = json_read_is_true(get(m, "final"));
	d->title = purchase ? "Expected charges" : "Invoice";
	d->to_label = purchase ? "BOUGHT FROM" : "BILLED TO";
	d->stamp = simulated ? "SIMULATED" : final ? NULL : "DRAFT";
	if (simulated)
		add_text(m, &d->tags, "simulated, not payable");
	if (!final)
		add_text(m, &d->tags, "not final: the month is running");
	if (!made || utc_parse(&d->date, made) < 0)
		d->date = (struct utc_s){0};
	letterhead(m);
	addressee(m);
	details(m);
	figures(m);
	charges(m);
	payment(m);
	curve(m);
	basis(m);
	rules(m);
	parts(m);
}

struct paper_document *
paper_invoice_make(struct arena *arena, const struct json_value *bill)
{
	struct maker m = {.arena = arena, .bill = bill};
	const char *number = get_text(bill, "number");
	if (!number || !get(&m, "total"))
		return NULL;
	m.document = take(&m, sizeof(*m.document));
	struct paper_section *sections = take(&m, SECTIONS_MAX * sizeof(*sections));
	if (m.failed)
		return NULL;
	m.document->sections = sections;
	m.document->number = number;
	whole(&m);
	return m.failed ? NULL : m.document;
}
