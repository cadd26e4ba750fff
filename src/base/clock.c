/* Values of time: the calendar in UTC. Days are counted in the proleptic Gregorian calendar. */
#include "base/clock.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Days since 1970-01-01 of a civil date, with years that begin in March so that the leap day is
 * last. */
static int64_t
days_of(int64_t year, int64_t month, int64_t day)
{
	year += (month - 1) / 12;
	month = (month - 1) % 12 + 1;
	if (month < 1) {
		month += 12;
		year--;
	}
	if (month <= 2)
		year--;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

struct utc_date
utc_to_date(struct utc_s t)
{
	int64_t days = t.s / 86400, second = t.s % 86400;
	if (second < 0) {
		second += 86400;
		days--;
	}
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t day_of_era = z - era * 146097;
	int64_t year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year =
		day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t shifted = (5 * day_of_year + 2) / 153;
	int month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
	return (struct utc_date){
		.year = (int)(year_of_era + era * 400 + (month <= 2)),
		.month = month,
		.day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1),
		.hour = (int)(second / 3600),
		.minute = (int)(second / 60 % 60),
		.second = (int)(second % 60),
	};
}

struct utc_s
utc_from_date(struct utc_date d)
{
	return (struct utc_s){days_of(d.year, d.month, d.day) * 86400 + (int64_t)d.hour * 3600 +
			      (int64_t)d.minute * 60 + d.second};
}

struct utc_s
utc_month_start(int year, int month)
{
	return utc_from_date((struct utc_date){.year = year, .month = month, .day = 1});
}

char *
utc_format(char out[CLOCK_TEXT], struct utc_s t)
{
	struct utc_date d = utc_to_date(t);
	(void)snprintf(out, CLOCK_TEXT, "%04u-%02u-%02uT%02u:%02u:%02uZ", (unsigned)d.year % 10000,
		       (unsigned)d.month % 100, (unsigned)d.day % 100, (unsigned)d.hour % 100,
		       (unsigned)d.minute % 100, (unsigned)d.second % 100);
	return out;
}

/* True if the text has a digit wherever the form has '0', and is the form everywhere else. */
static bool
has_form(const char *text, const char *form)
{
	for (; *form; text++, form++)
		if (*form == '0' ? *text < '0' || *text > '9' : *text != *form)
			return false;
	return *text == '\0';
}

/* The number in `count` digits. */
static int
digits(const char *text, int count)
{
	int value = 0;
	while (count-- > 0)
		value = value * 10 + (*text++ - '0');
	return value;
}

int
utc_parse(struct utc_s *out, const char *text)
{
	bool whole = has_form(text, "0000-00-00T00:00:00Z");
	bool day = whole || has_form(text, "0000-00-00");
	if (!day && !has_form(text, "0000-00"))
		return -1;
	struct utc_date d = {.year = digits(text, 4), .month = digits(text + 5, 2), .day = 1};
	if (day)
		d.day = digits(text + 8, 2);
	if (whole) {
		d.hour = digits(text + 11, 2);
		d.minute = digits(text + 14, 2);
		d.second = digits(text + 17, 2);
	}
	/* A date that does not come back as it was had a field out of range (30 February). */
	struct utc_s t = utc_from_date(d);
	struct utc_date back = utc_to_date(t);
	if (memcmp(&back, &d, sizeof(d)) != 0)
		return -1;
	*out = t;
	return 0;
}
