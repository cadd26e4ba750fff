/* A party's statement as it is printed, by the hand that prints invoices. */
#include "paper/paper_statement.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "paper/paper_maker.h"
#include "paper/paper_table.h"

bool
paper_statement_is(const struct json_value *statement)
{
	const char *kind = paper_get_text(statement, "document");
	return kind && strcmp(kind, "settlement-statement") == 0;
}

/* "1 234.50 USD"; without its currency when `code` is NULL. */
static const char *
amount_text(struct paper_maker *m, const char *amount, const char *code)
{
	char grouped[96];
	if (!amount)
		return "";
	(void)paper_grouped(grouped, sizeof(grouped), amount);
	return paper_text_of(m, "%s%s%.8s", grouped, code ? "\u00a0" : "", code ? code : "");
}

/* The other sign. */
static const char *
negative(struct paper_maker *m, const char *amount)
{
	if (!amount || paper_minor_of(amount) == 0)
		return amount;
	return *amount == '-' ? amount + 1 : paper_text_of(m, "-%s", amount);
}

/* The one currency that all of it is in; NULL: there are several. */
static const char *
only_currency(const struct json_value *statements)
{
	const struct json_value *first = json_read_first(statements);
	return first && !first->next ? paper_get_text(first, "currency") : NULL;
}

/* --- lines --- */

/* An amount of JSON is text or an object, {"amount","currency"}. */
static void
add_line(struct paper_maker *m, const char *text, const char *weight, const char *amount,
	 const char *code)
{
	struct paper_document *d = m->document;
	d->lines[d->line_count++] = (struct paper_line){
		.text = text ? text : "",
		.quantity = weight,
		.amount = amount_text(m, amount, d->currency ? NULL : code),
		.minor = paper_minor_of(amount),
	};
}

/* Metres as kilometres, hundredths of a percent as percent ... NULL: the rule has no weight. */
static const char *
weight_text(struct paper_maker *m, const char *rule, const struct json_value *part)
{
	char number[48], grouped[96];
	uint64_t weight = 0;
	if (!paper_get_u64(&weight, part, "weight"))
		return NULL;
	if (strcmp(rule, "km") == 0) {
		(void)snprintf(number, sizeof(number), "%" PRIu64 ".%03" PRIu64, weight / 1000,
			       weight % 1000);
		return paper_text_of(m, "%s\u00a0km",
				     paper_grouped(grouped, sizeof(grouped), number));
	}
	if (strcmp(rule, "capacity") == 0)
		return paper_text_of(m, "%s\u00a0Gbit/s", paper_count_text(m, weight));
	if (strcmp(rule, "percent") == 0)
		return paper_text_of(m, "%" PRIu64 ".%02" PRIu64 "\u00a0%%", weight / 100,
				     weight % 100);
	return NULL;
}

static const char *
rule_words(const char *rule)
{
	static const char *const words[][2] = {
		{"km", "by length"},          {"capacity", "by capacity"},
		{"equal", "in equal parts"},  {"fixed", "a fixed amount"},
		{"percent", "a percentage"},  {"iru", "held by an IRU, no share"},
		{"rest", "what is left over"}};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(rule, words[i][0]) == 0)
			return words[i][1];
	return rule;
}

static void
part_line(struct paper_maker *m, const struct json_value *part)
{
	const char *invoice = paper_get_text(part, "invoice"),
		   *contract = paper_get_text(part, "contract");
	const char *segment = paper_get_text(part, "segment"), *rule = paper_get_text(part, "rule");
	const char *revenue = paper_get_text(part, "revenue"),
		   *month = paper_get_text(part, "month");
	rule = rule ? rule : "";
	const char *text = paper_text_of(m, "%s, %s, %s: %s%s, %s, of %s", invoice ? invoice : "",
					 contract ? contract : "", month ? month : "",
					 segment ? "segment " : "the hub", segment ? segment : "",
					 rule_words(rule), amount_text(m, revenue, NULL));
	add_line(m, text, weight_text(m, rule, part), paper_get_text(part, "share"),
		 paper_get_text(part, "currency"));
}

static void
due_line(struct paper_maker *m, const struct json_value *due, const char *party)
{
	const struct json_value *money = json_read_get(due, "amount");
	const char *from = paper_get_text(due, "from"), *text = paper_get_text(due, "text");
	const char *amount = paper_get_text(money, "amount");
	bool out = from && strcmp(from, party) == 0;
	const char *other = paper_get_text(due, out ? "to_name" : "from_name");
	add_line(m,
		 paper_text_of(m, "%s, %s %s", text ? text : "Due", out ? "to" : "from",
			       other ? other : ""),
		 NULL, out ? negative(m, amount) : amount, paper_get_text(money, "currency"));
}

static void
lines(struct paper_maker *m, const char *party)
{
	const struct json_value *parts = paper_get(m, "parts"), *before = paper_get(m, "before");
	const struct json_value *dues = paper_get(m, "dues"), *sums = paper_get(m, "statements");
	struct paper_document *d = m->document;
	d->currency = only_currency(sums);
	d->lines = paper_take(m, (paper_length_of(parts) + paper_length_of(before) +
				  paper_length_of(dues) + paper_length_of(sums) + 1) *
					 sizeof(*d->lines));
	if (!d->lines)
		return;
	for (const struct json_value *i = json_read_first(parts); i; i = i->next)
		part_line(m, i);
	for (const struct json_value *i = json_read_first(before); i; i = i->next) {
		const struct json_value *money = json_read_get(i, "amount");
		const char *invoice = paper_get_text(i, "invoice");
		add_line(m, paper_text_of(m, "%s, settled before", invoice ? invoice : ""), NULL,
			 paper_get_text(money, "amount"), paper_get_text(money, "currency"));
	}
	for (const struct json_value *i = json_read_first(sums); i; i = i->next) {
		const char *collected = paper_get_text(i, "collected");
		if (paper_minor_of(collected))
			add_line(m, "Revenue already in hand", NULL, negative(m, collected),
				 paper_get_text(i, "currency"));
	}
	for (const struct json_value *i = json_read_first(dues); i; i = i->next)
		due_line(m, i, party);
}

/* --- sums --- */

/* Of several currencies only what each comes to. */
static void
sum(struct paper_maker *m, const struct json_value *statement)
{
	static const char *const rows[][2] = {{"share", "Shares"},
					      {"collected", "Already in hand"},
					      {"dues_in", "Dues to you"},
					      {"dues_out", "Dues from you"}};
	struct paper_document *d = m->document;
	const char *code = paper_get_text(statement, "currency");
	const char *net = paper_get_text(statement, "net");
	for (size_t i = 0; d->currency && i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *amount = paper_get_text(statement, rows[i][0]);
		if (i == 0 || paper_minor_of(amount))
			paper_add_fact(m, &d->totals, rows[i][1],
				       amount_text(m, i % 2 ? negative(m, amount) : amount, code));
	}
	bool owes = net && *net == '-';
	if (d->currency) {
		paper_add_fact(m, &d->figures, "Shares",
			       amount_text(m, paper_get_text(statement, "share"), code));
		paper_add_fact(m, &d->figures, owes ? "You pay" : "You are paid",
			       amount_text(m, owes ? net + 1 : net, code));
	}
	paper_add_fact(m, &d->totals, owes ? "You pay" : "You are paid",
		       amount_text(m, owes ? net + 1 : net, code));
}

static void
transfers(struct paper_maker *m, const char *party)
{
	struct paper_document *d = m->document;
	bool paid = false;
	const struct json_value *i = json_read_first(paper_get(m, "transfers"));
	for (; i; i = i->next) {
		const char *from = paper_get_text(i, "from_name"), *to = paper_get_text(i, "to");
		const char *name = paper_get_text(i, "to_name"),
			   *account = paper_get_text(i, "account");
		const char *bank = paper_get_text(i, "bank"), *bic = paper_get_text(i, "bic");
		bool ours = to && strcmp(to, party) == 0;
		const char *where = account && !ours
					    ? paper_text_of(m, ", to account %s%s%s%s%s", account,
							    bank ? ", " : "", bank ? bank : "",
							    bic ? ", " : "", bic ? bic : "")
					    : "";
		paid |= ours;
		paper_add_text(m, &d->terms,
			       paper_text_of(m, "%s pays %s %s%s.", from ? from : "",
					     name ? name : "",
					     paper_amount_of(m, json_read_get(i, "amount"), true),
					     where ? where : ""));
	}
	if (!d->terms.count)
		paper_add_text(m, &d->terms, "Nothing is to be paid.");
	if (!paid)
		return;
	paper_add_fact(m, &d->payment, "Holder", paper_get_text(m->bill, "name"));
	paper_add_fact(m, &d->payment, "Bank", paper_get_text(m->bill, "bank"));
	paper_add_fact(m, &d->payment, "Account", paper_get_text(m->bill, "account"));
	paper_add_fact(m, &d->payment, "BIC", paper_get_text(m->bill, "bic"));
}

static void
rules(struct paper_maker *m)
{
	struct paper_section *section = paper_add_section(m, "HOW IT IS SHARED");
	paper_add_text(m, &section->sentences,
		       "Of each invoice its revenue for transit is shared, net of tax and less "
		       "credit notes: fixed amounts of segments first, then percentages of what is "
		       "left, then the rest among the other segments, by length, capacity or in "
		       "equal parts.");
	paper_add_text(m, &section->sentences,
		       "The shares of all parties add up to the revenue, and what all owe and get "
		       "adds up to nothing. It is netted, so that as few transfers as possible "
		       "settle it.");
}

/* --- the whole --- */

static void
addressee(struct paper_maker *m)
{
	struct paper_party *to = &m->document->to;
	const char *name = paper_get_text(m->bill, "name");
	const char *number = paper_get_text(m->bill, "tax_number");
	to->name = name ? name : "";
	paper_add_text(m, &to->lines, paper_get_text(m->bill, "address"));
	paper_add_text(m, &to->lines, paper_get_text(m->bill, "country"));
	if (number)
		paper_add_text(m, &to->lines, paper_text_of(m, "Tax number %s", number));
	paper_add_text(m, &to->lines, paper_get_text(m->bill, "email"));
}

struct paper_document *
paper_statement_make(struct arena *arena, const struct json_value *statement,
		     const struct json_value *parties)
{
	struct paper_maker m = {.arena = arena, .bill = statement, .parties = parties};
	const char *id = paper_get_text(statement, "settlement"),
		   *party = paper_get_text(statement, "party");
	const char *time = paper_get_text(statement, "time");
	if (!paper_statement_is(statement) || !id || !party ||
	    !paper_begin(&m, paper_text_of(&m, "%s, %s", id, party)))
		return NULL;
	struct paper_document *d = m.document;
	d->title = "Settlement statement";
	d->to_label = "STATEMENT FOR";
	if (!time || utc_parse(&d->date, time) < 0)
		d->date = (struct utc_s){0};
	paper_letterhead(&m);
	addressee(&m);
	paper_add_fact(&m, &d->facts, "Settlement", id);
	paper_add_fact(&m, &d->facts, "Month", paper_get_text(statement, "month"));
	paper_add_fact(&m, &d->facts, "Date", time ? paper_text_of(&m, "%.10s", time) : NULL);
	lines(&m, party);
	for (const struct json_value *i = json_read_first(paper_get(&m, "statements")); i;
	     i = i->next)
		sum(&m, i);
	transfers(&m, party);
	rules(&m);
	return m.failed ? NULL : d;
}
