/* Months and days of a contract. */
#include "ledger/ledger_calendar.h"

#include <string.h>

bool
ledger_time_is_sane(struct utc_s time)
{
	return time.s >= utc_month_start(LEDGER_YEAR_MIN, 1).s &&
	       time.s < utc_month_start(LEDGER_YEAR_MAX + 1, 1).s;
}

static int
read_date(struct utc_s *out, const char *text, size_t length)
{
	struct utc_s start;
	if (strlen(text) != length || utc_parse(&start, text) < 0 || !ledger_time_is_sane(start))
		return -1;
	*out = start;
	return 0;
}

int
ledger_month_read(struct utc_s *out, const char *text)
{
	return read_date(out, text, strlen("2026-11"));
}

int
ledger_day_read(struct utc_s *out, const char *text)
{
	return read_date(out, text, strlen("2026-11-21"));
}

int
ledger_period_part(struct ledger_period *out, const struct ledger_period *period,
		   const struct zone *zone, struct utc_s starts, struct utc_s ends)
{
	struct ledger_period part = *period;
	if (starts.s > part.from.s)
		part.from = starts;
	if (ends.s != 0 && ends.s < part.to.s)
		part.to = ends;
	if (part.from.s >= part.to.s)
		return -1;
	part.days = zone_days(zone, part.from, part.to);
	*out = part;
	return 0;
}

int
ledger_period_of(struct ledger_period *out, const struct hub_contract *contract, int year,
		 int month)
{
	struct ledger_period whole = {
		.year = year,
		.month = month,
		.month_from = zone_month_start(contract->zone, year, month),
		.month_to = zone_month_start(contract->zone, year, month + 1),
	};
	whole.from = whole.month_from;
	whole.to = whole.month_to;
	whole.days_in_month = zone_days(contract->zone, whole.from, whole.to);
	return ledger_period_part(out, &whole, contract->zone, contract->starts, contract->ends);
}

bool
ledger_in_force(struct utc_s starts, struct utc_s ends, struct utc_s at)
{
	return starts.s <= at.s && (ends.s == 0 || at.s < ends.s);
}

uint32_t
ledger_days_in_year(const struct zone *zone, struct utc_s at)
{
	int year = zone_date(zone, at).year;
	struct utc_s first = utc_month_start(year, 1), after = utc_month_start(year + 1, 1);
	return (uint32_t)((after.s - first.s) / 86400);
}

int64_t
ledger_months_between(const struct zone *zone, struct utc_s from, struct utc_s to)
{
	struct utc_date a = zone_date(zone, from), b = zone_date(zone, to);
	return ((int64_t)b.year - a.year) * 12 + b.month - a.month;
}
