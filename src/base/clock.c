/* Values of time: the calendar in UTC. Days are counted in the proleptic Gregorian calendar. */
#include "base/clock.h"

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

int
utc_parse(struct utc_s *out, const char *text)
{
	struct utc_date d = {.day = 1};
	int used = 0;
	size_t length = strlen(text);
	if (length == 7)
		(void)sscanf(text, "%4d-%2d%n", &d.year, &d.month, &used);
	else if (length == 10)
		(void)sscanf(text, "%4d-%2d-%2d%n", &d.year, &d.month, &d.day, &used);
	else if (length == 20)
		(void)sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2dZ%n", &d.year, &d.month, &d.day, &d.hour,
			     &d.minute, &d.second, &used);
	if (!used || (size_t)used != length)
		return -1;
	/* A date that does not come back as it was had a field out of range (30 February). */
	struct utc_s t = utc_from_date(d);
	struct utc_date back = utc_to_date(t);
	if (memcmp(&back, &d, sizeof(d)) != 0)
		return -1;
	*out = t;
	return 0;
}
