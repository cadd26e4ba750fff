/* The rule for the years after a zone's table. */
#include "base/zone_rule.h"

#include "base/cursor.h"

enum { HOUR_S = 3600, DAY_S = 86400, HOURS_MAX = 167 };

static uint8_t
peek(const struct cursor *c)
{
	return cursor_left(c) ? *c->at : 0;
}

static bool
take(struct cursor *c, uint8_t wanted)
{
	if (peek(c) != wanted || !wanted)
		return false;
	cursor_skip(c, 1);
	return true;
}

static bool
is_digit(uint8_t octet)
{
	return octet >= '0' && octet <= '9';
}

/* A number of at most `digits` digits. */
static bool
take_number(struct cursor *c, int digits, int *out)
{
	int value = 0, taken = 0;
	for (; taken < digits && is_digit(peek(c)); taken++)
		value = value * 10 + (cursor_u8(c) - '0');
	*out = value;
	return taken > 0;
}

/* "<+05>" or "PKT": what the time is called, which nobody here asks. */
static bool
skip_name(struct cursor *c)
{
	bool quoted = take(c, '<');
	size_t length = 0;
	for (;; length++) {
		uint8_t octet = peek(c);
		bool letter = (octet >= 'A' && octet <= 'Z') || (octet >= 'a' && octet <= 'z');
		bool sign = is_digit(octet) || octet == '+' || octet == '-';
		if (!letter && !(quoted && sign))
			break;
		cursor_skip(c, 1);
	}
	return length >= 3 && (!quoted || take(c, '>'));
}

/* [+-]hh[:mm[:ss]] */
static bool
take_time(struct cursor *c, int32_t *out)
{
	bool minus = take(c, '-');
	int hours, minutes = 0, seconds = 0;
	if (!minus)
		(void)take(c, '+');
	if (!take_number(c, 3, &hours) || hours > HOURS_MAX)
		return false;
	if (take(c, ':') && (!take_number(c, 2, &minutes) || minutes > 59))
		return false;
	if (take(c, ':') && (!take_number(c, 2, &seconds) || seconds > 59))
		return false;
	int32_t value = hours * HOUR_S + minutes * 60 + seconds;
	*out = minus ? -value : value;
	return true;
}

static bool
take_change(struct cursor *c, struct zone_change *out)
{
	struct zone_change change = {.form = ZONE_DAY, .time_s = 2 * HOUR_S};
	if (!take(c, ','))
		return false;
	if (take(c, 'M')) {
		change.form = ZONE_WEEKDAY;
		if (!take_number(c, 2, &change.month) || change.month < 1 || change.month > 12 ||
		    !take(c, '.') || !take_number(c, 1, &change.week) || change.week < 1 ||
		    change.week > 5 || !take(c, '.') || !take_number(c, 1, &change.day) ||
		    change.day > 6)
			return false;
	} else {
		if (take(c, 'J'))
			change.form = ZONE_JULIAN;
		int least = change.form == ZONE_JULIAN ? 1 : 0;
		if (!take_number(c, 3, &change.day) || change.day < least ||
		    change.day > 364 + least + (change.form == ZONE_DAY))
			return false;
	}
	if (take(c, '/') && !take_time(c, &change.time_s))
		return false;
	*out = change;
	return true;
}

bool
zone_rule_read(struct zone_rule *out, const char *text, size_t length)
{
	struct cursor c = cursor_of(text, length);
	struct zone_rule rule = {0};
	/* The text counts from the place to UTC, west of it is positive. */
	int32_t west;
	if (!skip_name(&c) || !take_time(&c, &west))
		return false;
	rule.standard_s = rule.saving_s = -west;
	if (cursor_left(&c)) {
		rule.saves = true;
		rule.saving_s = rule.standard_s + HOUR_S;
		if (!skip_name(&c))
			return false;
		if (peek(&c) != ',') {
			if (!take_time(&c, &west))
				return false;
			rule.saving_s = -west;
		}
		if (!take_change(&c, &rule.begin) || !take_change(&c, &rule.end) || cursor_left(&c))
			return false;
	}
	*out = rule;
	return true;
}

static bool
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* The moment of a change in a year, on the clocks with that offset. */
static struct utc_s
change_at(const struct zone_change *change, int year, int32_t offset_s)
{
	struct utc_date date = {.year = year, .month = 1, .day = 1 + change->day};
	if (change->form == ZONE_JULIAN)
		date.day = change->day + (is_leap(year) && change->day >= 60);
	if (change->form == ZONE_WEEKDAY) {
		struct utc_s first = utc_month_start(year, change->month);
		struct utc_s after = utc_month_start(year, change->month + 1);
		int weekday =
			(int)((first.s / DAY_S % 7 + 7 + 4) % 7); /* 1970 began on a Thursday */
		int day = 1 + (change->day - weekday + 7) % 7 + (change->week - 1) * 7;
		if (day > (after.s - first.s) / DAY_S)
			day -= 7;
		date.month = change->month;
		date.day = day;
	}
	return (struct utc_s){utc_from_date(date).s + change->time_s - offset_s};
}

size_t
zone_rule_changes(const struct zone_rule *rule, int year, struct utc_s at[2])
{
	if (!rule->saves)
		return 0;
	struct utc_s begin = change_at(&rule->begin, year, rule->standard_s);
	struct utc_s end = change_at(&rule->end, year, rule->saving_s);
	at[0] = begin.s < end.s ? begin : end;
	at[1] = begin.s < end.s ? end : begin;
	return 2;
}

int32_t
zone_rule_offset_s(const struct zone_rule *rule, struct utc_s at)
{
	if (!rule->saves)
		return rule->standard_s;
	/* The changes of three years around: the last one before the moment decides. */
	int year = utc_to_date(at).year;
	int64_t newest = INT64_MIN;
	bool saving = false;
	for (int y = year - 1; y <= year + 1; y++) {
		struct utc_s begin = change_at(&rule->begin, y, rule->standard_s);
		struct utc_s end = change_at(&rule->end, y, rule->saving_s);
		/* Saving time all the year ends as that of the next year begins: so it goes on. */
		if (begin.s <= at.s && begin.s >= newest) {
			newest = begin.s;
			saving = true;
		}
		if (end.s <= at.s && end.s > newest) {
			newest = end.s;
			saving = false;
		}
	}
	return saving ? rule->saving_s : rule->standard_s;
}
