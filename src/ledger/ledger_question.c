/* What is asked of the ledger. */
#include "ledger/ledger_question.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger_calendar.h"

enum { WEEK_S = 7 * 86400 };

struct reader {
	struct ledger_question question;
	const struct hub *hub;
	struct utc_s now;
	const char *const *words;
	size_t left;
	int status;
	char *complaint;
};

__attribute__((format(printf, 3, 4))) static void
complain(struct reader *r, int status, const char *format, ...)
{
	if (r->status)
		return;
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(r->complaint, LEDGER_COMPLAINT, format, arguments);
	va_end(arguments);
	r->status = status;
}

static const char *
next(struct reader *r)
{
	if (!r->left)
		return NULL;
	r->left--;
	return *r->words++;
}

/* Takes the next word if it is `word`. */
static bool
take(struct reader *r, const char *word)
{
	if (!r->left || strcmp(*r->words, word) != 0)
		return false;
	(void)next(r);
	return true;
}

/* The word after `after`; complains when there is none. */
static const char *
value(struct reader *r, const char *after)
{
	const char *word = next(r);
	if (!word)
		complain(r, 400, "%s: a word is missing after it", after);
	return word;
}

static void
read_month(struct reader *r, const char *after)
{
	const char *word = value(r, after);
	struct utc_s start;
	if (!word)
		return;
	if (ledger_month_read(&start, word) < 0) {
		complain(r, 400, "found \"%.40s\", expected a month such as 2026-11", word);
		return;
	}
	struct utc_date date = utc_to_date(start);
	r->question.year = date.year;
	r->question.month = date.month;
	r->question.from = start;
	r->question.to = utc_month_start(date.year, date.month + 1);
}

static void
read_hours(struct reader *r)
{
	const char *word = value(r, "hours");
	if (!word)
		return;
	size_t digits = strspn(word, "0123456789");
	long hours = digits && digits < 6 && !word[digits] ? strtol(word, NULL, 10) : 0;
	if (hours < 1 || hours > LEDGER_HOURS_MAX) {
		complain(r, 400, "found \"%.40s\", expected hours from 1 to %d", word,
			 LEDGER_HOURS_MAX);
		return;
	}
	r->question.to = r->now;
	r->question.from.s = r->now.s - hours * 3600;
}

static void
read_member(struct reader *r, const char *word)
{
	r->question.member = hub_member_by_name(r->hub, word);
	if (r->question.member == HUB_NONE)
		complain(r, 404, "there is no member %.60s", word);
}

/* Or a party with which there may be contracts. */
static void
read_payer(struct reader *r, const char *word)
{
	r->question.member = hub_member_by_name(r->hub, word);
	if (r->question.member == HUB_NONE)
		r->question.party = hub_party_by_id(r->hub, word);
	if (r->question.member == HUB_NONE && r->question.party == HUB_NONE)
		complain(r, 404, "there is no member %.60s, and no such party", word);
}

static bool
has_payer(const struct reader *r)
{
	return r->question.member != HUB_NONE || r->question.party != HUB_NONE;
}

static void
read_contract(struct reader *r)
{
	const char *word = value(r, "--contract");
	if (!word)
		return;
	r->question.contract = hub_contract_by_id(r->hub, word);
	if (r->question.contract == HUB_NONE)
		complain(r, 404, "there is no contract %.60s", word);
}

static void
read_year(struct reader *r)
{
	const char *word = value(r, "year");
	if (!word)
		return;
	if (strlen(word) != 4 || strspn(word, "0123456789") != 4 || atoi(word) < LEDGER_YEAR_MIN ||
	    atoi(word) > LEDGER_YEAR_MAX) {
		complain(r, 400, "found \"%.40s\", expected a year such as 2026", word);
		return;
	}
	r->question.year = atoi(word);
	r->question.month = 0;
}

/* A month or hours (of history a year, too), if the next word is one of them; only once in a
 * question. */
static bool
read_span(struct reader *r, bool *told)
{
	static const char *const words[] = {"month", "hours", "year"};
	size_t count = r->question.kind == LEDGER_ASKS_HISTORY ? 3 : 2;
	size_t which = 0;
	while (which < count && strcmp(*r->words, words[which]) != 0)
		which++;
	if (which == count)
		return false;
	if (*told) {
		complain(r, 400, "found \"%.40s\": one month, %shours, not both", *r->words,
			 count == 3 ? "year or " : "or ");
		return true;
	}
	*told = true;
	(void)next(r);
	if (which == 0)
		read_month(r, "month");
	else if (which == 1)
		read_hours(r);
	else
		read_year(r);
	if (which == 2 && !r->status) {
		r->question.from = utc_month_start(r->question.year, 1);
		r->question.to = utc_month_start(r->question.year + 1, 1);
	}
	return true;
}

static void
read_curve(struct reader *r)
{
	r->question.kind = LEDGER_ASKS_CURVE;
	const char *who = value(r, "curve");
	if (who && strcmp(who, "hub") != 0)
		read_member(r, who);
	bool told = false;
	while (r->left && !r->status)
		if (!read_span(r, &told))
			complain(r, 400, "found \"%.40s\", expected month or hours", *r->words);
}

static void
read_invoices(struct reader *r, enum ledger_question_kind kind)
{
	r->question.kind = kind;
	while (r->left && !r->status) {
		if (take(r, "month"))
			read_month(r, "month");
		else
			complain(r, 400, "found \"%.40s\", expected month", *r->words);
	}
}

/* What is known up to then; a month that was not named is that of the moment. */
static void
read_at(struct reader *r, bool month)
{
	const char *word = value(r, "at");
	struct utc_s at;
	if (!word)
		return;
	if (utc_parse(&at, word) < 0 || !ledger_time_is_sane(at)) {
		complain(r, 400,
			 "found \"%.40s\", expected a time such as 2026-11-20 or "
			 "2026-11-20T12:00:00Z",
			 word);
		return;
	}
	struct utc_date date = utc_to_date(at);
	r->question.to = at.s < r->now.s ? at : r->now;
	if (month)
		return;
	r->question.year = date.year;
	r->question.month = date.month;
}

static void
read_forecast(struct reader *r)
{
	struct utc_s at = r->now;
	bool month = false;
	r->question.kind = LEDGER_ASKS_FORECAST;
	r->question.to = at;
	while (r->left && !r->status) {
		if (take(r, "month")) {
			read_month(r, "month");
			r->question.to = at;
			month = true;
		} else if (take(r, "at")) {
			read_at(r, month);
			at = r->question.to;
		} else if (has_payer(r)) {
			complain(r, 400, "found \"%.40s\", expected month or at", *r->words);
		} else {
			read_payer(r, next(r));
		}
	}
}

static void
read_by(struct reader *r)
{
	const char *word = value(r, "by");
	for (int by = LEDGER_BY_MEMBER; word && by <= LEDGER_BY_SERVICE; by++) {
		if (strcmp(word, ledger_revenue_by_name((enum ledger_revenue_by)by)) != 0)
			continue;
		r->question.by = (enum ledger_revenue_by)by;
		return;
	}
	if (word)
		complain(r, 400, "found \"%.40s\", expected member, country, segment or service",
			 word);
}

static void
read_revenue(struct reader *r)
{
	r->question.kind = LEDGER_ASKS_REVENUE;
	r->question.month = 0;
	bool told = false;
	while (r->left && !r->status) {
		bool month = strcmp(*r->words, "month") == 0;
		bool span = month || strcmp(*r->words, "year") == 0;
		if (span && told)
			complain(r, 400, "found \"%.40s\": one month, or a year, not both",
				 *r->words);
		else if (take(r, "by"))
			read_by(r);
		else if (take(r, "month"))
			read_month(r, "month");
		else if (take(r, "year"))
			read_year(r);
		else
			complain(r, 400, "found \"%.40s\", expected by, month or year", *r->words);
		told |= span;
	}
}

static void
read_limit(struct reader *r)
{
	const char *word = value(r, "limit");
	if (!word)
		return;
	size_t digits = strspn(word, "0123456789");
	long limit = digits && digits < 8 && !word[digits] ? strtol(word, NULL, 10) : 0;
	if (limit < 1 || limit > LEDGER_LIMIT_MAX)
		complain(r, 400, "found \"%.40s\", expected a number from 1 to %d", word,
			 LEDGER_LIMIT_MAX);
	r->question.limit = (size_t)limit;
}

static void
read_what(struct reader *r)
{
	const char *word = take(r, "by") ? value(r, "by") : NULL;
	if (!word)
		complain(r, 400, "history: expected by, and what");
	else if (!traffic_what_read(&r->question.what, word) ||
		 r->question.what == TRAFFIC_WHAT_PATH)
		complain(r, 400,
			 "found \"%.40s\", expected pair, as, next-as, member-as, country, member, "
			 "port, family, service, local or segment",
			 word);
}

static void
read_each(struct reader *r)
{
	const char *word = value(r, "each");
	if (word && strcmp(word, "hour") == 0)
		r->question.each_s = 3600;
	else if (word && strcmp(word, "day") == 0)
		r->question.each_s = 86400;
	else if (word)
		complain(r, 400, "found \"%.40s\", expected hour or day", word);
}

static void
read_history(struct reader *r)
{
	bool told = false;
	r->question.kind = LEDGER_ASKS_HISTORY;
	read_what(r);
	while (r->left && !r->status) {
		if (read_span(r, &told))
			continue;
		if (take(r, "each")) {
			read_each(r);
		} else if (take(r, "member")) {
			const char *word = value(r, "member");
			if (word)
				read_member(r, word);
		} else if (take(r, "limit")) {
			read_limit(r);
		} else {
			complain(r, 400,
				 "found \"%.40s\", expected month, year, hours, each, member or "
				 "limit",
				 *r->words);
		}
	}
}

/* Of the last week, if nothing is said. */
static void
read_measured(struct reader *r, enum ledger_question_kind kind)
{
	bool told = false;
	r->question.kind = kind;
	r->question.from.s = r->now.s - WEEK_S;
	r->question.to = r->now;
	while (r->left && !r->status)
		if (!read_span(r, &told))
			complain(r, 400, "found \"%.40s\", expected month or hours", *r->words);
	if (r->question.to.s > r->now.s)
		r->question.to = r->now;
}

static void
check_contract(struct reader *r)
{
	const struct ledger_question *q = &r->question;
	if (r->status || q->contract == HUB_NONE)
		return;
	const struct hub_contract *contract = &r->hub->contracts[q->contract];
	if (has_payer(r) && !hub_contract_is_of(contract, q->member, q->party))
		complain(r, 404, "contract %.60s is not that member's", contract->id);
	r->question.member = contract->member;
	r->question.party = contract->member == HUB_NONE ? contract->party : HUB_NONE;
}

static void
read_bill(struct reader *r)
{
	struct ledger_question *q = &r->question;
	q->kind = LEDGER_ASKS_BILL;
	while (r->left && !r->status) {
		if (take(r, "--month"))
			read_month(r, "--month");
		else if (take(r, "--contract"))
			read_contract(r);
		else if (take(r, "--html"))
			q->html = true;
		else if (take(r, "--bins"))
			q->bins = true;
		else if (**r->words == '-')
			complain(r, 400,
				 "found \"%.40s\", expected --month, --contract, --html or --bins",
				 *r->words);
		else if (has_payer(r))
			complain(r, 400, "found \"%.40s\" after the member", *r->words);
		else
			read_payer(r, next(r));
	}
	if (q->html && q->bins)
		complain(r, 400, "--html and --bins together make no sense");
	check_contract(r);
	if ((q->html || q->bins) && !has_payer(r))
		complain(r, 400, "--html and --bins are for one invoice: name the member");
}

static void
read_words(struct reader *r)
{
	if (take(r, "bill")) {
		read_bill(r);
		return;
	}
	(void)take(r, "show");
	if (take(r, "curve")) {
		read_curve(r);
	} else if (take(r, "invoices") || take(r, "invoice")) {
		read_invoices(r, LEDGER_ASKS_INVOICES);
	} else if (take(r, "blends")) {
		read_invoices(r, LEDGER_ASKS_BLENDS);
	} else if (take(r, "forecast")) {
		read_forecast(r);
	} else if (take(r, "revenue")) {
		read_revenue(r);
	} else if (take(r, "history")) {
		read_history(r);
	} else if (take(r, "demands")) {
		read_measured(r, LEDGER_ASKS_DEMANDS);
	} else if (take(r, "content")) {
		read_measured(r, LEDGER_ASKS_CONTENT);
	} else if (take(r, "ledger")) {
		r->question.kind = LEDGER_ASKS_STATE;
	} else if (take(r, "metrics")) {
		r->question.kind = LEDGER_ASKS_METRICS;
		(void)take(r, "ledger");
	} else {
		complain(r, 400,
			 "the ledger answers show curve, show invoices, show blends, show "
			 "forecast, show revenue, show history, show demands, show content, show "
			 "ledger and bill");
	}
	if (r->left)
		complain(r, 400, "found \"%.40s\", expected nothing more", *r->words);
}

int
ledger_question_parse(struct ledger_question *out, const struct hub *hub, struct utc_s now,
		      const char *const *words, size_t count, char complaint[LEDGER_COMPLAINT])
{
	struct utc_date today = utc_to_date(now);
	struct reader r = {
		.question =
			{
				.member = HUB_NONE,
				.party = HUB_NONE,
				.contract = HUB_NONE,
				.year = today.year,
				.month = today.month,
				.from = utc_month_start(today.year, today.month),
				.to = utc_month_start(today.year, today.month + 1),
			},
		.hub = hub,
		.now = now,
		.words = words,
		.left = count,
		.complaint = complaint,
	};
	read_words(&r);
	if (!r.status)
		*out = r.question;
	return r.status;
}
