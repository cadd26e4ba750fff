/* Words into questions. */
#include "ledger/ledger_question.h"

#include "tap.h"

static struct hub_member members[] = {
	{.asn = {64501}, .name = "First Member", .short_name = "First"},
	{.asn = {64502}, .name = "Second Member", .short_name = "Second"},
};
static struct hub_contract contracts[] = {{.id = "c1", .member = 0}, {.id = "c2", .member = 1}};
static const struct hub hub = {
	.members = members,
	.member_count = 2,
	.contracts = contracts,
	.contract_count = 2,
};

/* 2026-11-21T12:00:00Z */
static const struct utc_s now = {1795262400};

static struct ledger_question question;
static char complaint[LEDGER_COMPLAINT];

/* Splits at spaces; an empty word is written as "". */
static int
ask(const char *line)
{
	static char text[256];
	const char *words[16];
	size_t count = 0;
	complaint[0] = 0;
	(void)snprintf(text, sizeof(text), "%s", line);
	for (char *word = strtok(text, " "); word && count < 16; word = strtok(NULL, " "))
		words[count++] = strcmp(word, "\"\"") == 0 ? "" : word;
	return ledger_question_parse(&question, &hub, now, words, count, complaint);
}

static void
understood(void)
{
	ok(ask("show curve 64502") == 0 && question.kind == LEDGER_ASKS_CURVE &&
		   question.member == 1 && question.from.s == utc_month_start(2026, 11).s &&
		   question.to.s == utc_month_start(2026, 12).s,
	   "a curve is of the running month");
	ok(ask("show curve AS64501 month 2026-12") == 0 && question.member == 0 &&
		   question.to.s == utc_month_start(2027, 1).s,
	   "or of the month that is named");
	ok(ask("show curve 64501 hours 24") == 0 && question.to.s == now.s &&
		   question.from.s == now.s - 86400,
	   "or of the last hours");
	ok(ask("show curve hub") == 0 && question.member == HUB_NONE, "or of the whole hub");
	ok(ask("show invoices") == 0 && question.kind == LEDGER_ASKS_INVOICES &&
		   question.year == 2026 && question.month == 11,
	   "invoices of the running month");
	ok(ask("show blends month 2025-02") == 0 && question.kind == LEDGER_ASKS_BLENDS &&
		   question.year == 2025 && question.month == 2,
	   "blends of a month");
	ok(ask("show invoices month 2025-02") == 0 && question.year == 2025 && question.month == 2,
	   "or of another");
	ok(ask("show forecast") == 0 && question.kind == LEDGER_ASKS_FORECAST &&
		   question.member == HUB_NONE && question.month == 11 && question.to.s == now.s,
	   "a forecast is of the running month, by what is known now");
	ok(ask("show forecast 64502 at 2026-10-10") == 0 && question.member == 1 &&
		   question.month == 10 && question.to.s == utc_month_start(2026, 10).s + 9 * 86400,
	   "or by what was known then, of that month");
	ok(ask("show forecast month 2026-09 at 2026-09-05") == 0 && question.month == 9 &&
		   question.to.s == utc_month_start(2026, 9).s + 4 * 86400 &&
		   ask("show forecast at 2026-09-05 month 2026-09") == 0 && question.month == 9 &&
		   question.to.s == utc_month_start(2026, 9).s + 4 * 86400,
	   "in either order");
	ok(ask("show forecast at 2099-01-01") == 0 && question.to.s == now.s,
	   "nothing is known of what is to come");
	ok(ask("show revenue") == 0 && question.kind == LEDGER_ASKS_REVENUE &&
		   question.by == LEDGER_BY_MEMBER && question.year == 2026 && question.month == 0,
	   "revenue is of the running year, by member");
	ok(ask("show revenue by segment month 2026-10") == 0 && question.by == LEDGER_BY_SEGMENT &&
		   question.month == 10,
	   "or of a month, by segment");
	ok(ask("show revenue year 2025 by service") == 0 && question.year == 2025 &&
		   question.month == 0 && question.by == LEDGER_BY_SERVICE,
	   "or of another year, by service");
	ok(ask("show demands") == 0 && question.kind == LEDGER_ASKS_DEMANDS &&
		   question.to.s - question.from.s == 7 * 86400,
	   "demands are of the last week");
	ok(ask("show demands hours 5") == 0 && question.to.s - question.from.s == 5 * 3600 &&
		   ask("show demands month 2026-02") == 0 &&
		   ask("show demands month 2026-02 hours 5") == 400 &&
		   ask("show demands year 2026") == 400,
	   "or of hours, or a month");
	ok(ask("show content") == 0 && question.kind == LEDGER_ASKS_CONTENT &&
		   question.to.s - question.from.s == 7 * 86400 &&
		   ask("show content month 2026-02") == 0 && ask("show content 2026-02") == 400 &&
		   ask("show content month") == 400 && ask("show content hours 0") == 400,
	   "and so is content");
	ok(ask("show history by next-as") == 0 && question.kind == LEDGER_ASKS_HISTORY &&
		   question.what == TRAFFIC_WHAT_NEXT_AS && question.member == HUB_NONE &&
		   question.limit == 0 && question.from.s == utc_month_start(2026, 11).s &&
		   question.to.s == utc_month_start(2026, 12).s,
	   "history is of the running month, of all members");
	ok(ask("show history by pair limit 7 member 64502 month 2026-02") == 0 &&
		   question.what == TRAFFIC_WHAT_PAIR && question.member == 1 &&
		   question.limit == 7 && question.from.s == utc_month_start(2026, 2).s,
	   "or of another, of a member, so many rows, in any order");
	ok(ask("show history by as year 2025 each day") == 0 && question.each_s == 86400 &&
		   question.from.s == utc_month_start(2025, 1).s &&
		   question.to.s == utc_month_start(2026, 1).s,
	   "history is of a year, in days");
	ok(ask("show history by port hours 3") == 0 && question.to.s == now.s &&
		   question.from.s == now.s - 10800,
	   "or of the last hours");
	ok(ask("bill --month 2026-10 64501") == 0 && question.kind == LEDGER_ASKS_BILL &&
		   question.member == 0 && question.contract == HUB_NONE && !question.html,
	   "a bill");
	ok(ask("bill 64501 --html --month 2026-10") == 0 && question.html && question.month == 10,
	   "its words in any order");
	ok(ask("bill --contract c2 --bins") == 0 && question.member == 1 &&
		   question.contract == 1 && question.bins,
	   "a contract says whose it is");
	ok(ask("bill --month 2026-10") == 0 && question.member == HUB_NONE, "all bills");
	ok(ask("show ledger") == 0 && question.kind == LEDGER_ASKS_STATE, "the state");
	ok(ask("metrics ledger") == 0 && question.kind == LEDGER_ASKS_METRICS &&
		   ask("show metrics ledger") == 0 && question.kind == LEDGER_ASKS_METRICS,
	   "the numbers, in both ways");
}

static void
refused(void)
{
	static const struct {
		const char *line;
		int status;
		const char *says;
	} cases[] = {
		{"", 400, "show curve"},
		{"show", 400, "show curve"},
		{"show routes", 400, "show curve"},
		{"show curve", 400, "missing"},
		{"show curve 64509", 404, "no member 64509"},
		{"show curve 64501 month", 400, "missing"},
		{"show curve 64501 month 2026-13", 400, "month such as"},
		{"show curve 64501 month 2026-11-01", 400, "month such as"},
		{"show curve 64501 month 2026-1", 400, "month such as"},
		{"show curve 64501 hours 0", 400, "from 1 to 744"},
		{"show curve 64501 hours 745", 400, "from 1 to 744"},
		{"show curve 64501 hours 1e3", 400, "from 1 to 744"},
		{"show curve 64501 hours 99999999999999999999", 400, "from 1 to 744"},
		{"show curve 64501 month 1970-12", 400, "month such as"},
		{"show curve hub month 0000-01", 400, "month such as"},
		{"show curve hub month 9999-12", 400, "month such as"},
		{"show revenue year 9999", 400, "year such as"},
		{"show forecast month 2026-11 at 9999-12-31", 400, "time such as"},
		{"show curve 64501 month 2026-10 hours 3", 400, "not both"},
		{"show curve 64501 days 3", 400, "expected month or hours"},
		{"show invoices year 2026", 400, "expected month"},
		{"show forecast at", 400, "missing"},
		{"show forecast at noon", 400, "expected a time"},
		{"show forecast at 1969-12-31", 400, "expected a time"},
		{"show forecast 64501 64502", 400, "expected month or at"},
		{"show forecast 65000", 404, "no member"},
		{"show revenue by colour", 400, "expected member, country, segment or service"},
		{"show revenue year 26", 400, "expected a year"},
		{"show revenue year 1970", 400, "expected a year"},
		{"show revenue month 2026-10 year 2026", 400, "not both"},
		{"show revenue 64501", 400, "expected by, month or year"},
		{"show history", 400, "expected by"},
		{"show history pair", 400, "expected by"},
		{"show history by", 400, "missing"},
		{"show history by colour", 400, "expected pair, as, next-as, member-as"},
		{"show history by path", 400, "expected pair, as, next-as"},
		{"show history by as month 2026-10 hours 3", 400, "not both"},
		{"show history by as hours 3 month 2026-10", 400, "not both"},
		{"show history by as member", 400, "missing"},
		{"show history by as member 64509", 404, "no member 64509"},
		{"show history by as year 2026 month 2026-10", 400, "not both"},
		{"show history by as each week", 400, "expected hour or day"},
		{"show history by as limit 0", 400, "from 1 to"},
		{"show history by as limit 1000001", 400, "from 1 to"},
		{"show history by as limit -1", 400, "from 1 to"},
		{"show history by as now", 400,
		 "expected month, year, hours, each, member or limit"},
		{"show ledger please", 400, "nothing more"},
		{"bill --month", 400, "missing"},
		{"bill --month \"\"", 400, "month such as"},
		{"bill 64509", 404, "no member"},
		{"bill 64501 64502", 400, "after the member"},
		{"bill --contract c9", 404, "no contract c9"},
		{"bill 64502 --contract c1", 404, "not that member's"},
		{"bill 64501 --pdf", 400, "expected --month"},
		{"bill 64501 --html --bins", 400, "no sense"},
		{"bill --html", 400, "name the member"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		question.month = 77;
		int status = ask(cases[i].line);
		if (!ok(status == cases[i].status && strstr(complaint, cases[i].says) &&
				question.month == 77,
			"\"%s\" is refused in words", cases[i].line))
			printf("# %d: %s\n", status, complaint);
	}
}

int
main(void)
{
	understood();
	refused();
	return done_testing();
}
