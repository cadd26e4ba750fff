/* Moments and amounts in the other party's bins. */
#include "ledger/ledger_other_value.h"

#include <ctype.h>
#include <string.h>

/* Clocks are never set back by more. */
enum { CHANGE_MAX_S = 3 * 3600 };

/* Digits at *text; false if there are none or they are too many. */
static bool
digits(const char **text, unsigned least, unsigned most, int64_t *out)
{
	unsigned count = 0;
	*out = 0;
	while (isdigit((unsigned char)**text) && count < most) {
		*out = *out * 10 + (*(*text)++ - '0');
		count++;
	}
	return count >= least;
}

/* "+05:00", "-0330", "Z" or nothing, at the end. False when it is none of these. */
static bool
read_offset(const char *text, bool *given, int64_t *offset_s)
{
	int64_t hours, minutes = 0;
	*given = *text != '\0';
	*offset_s = 0;
	if (!*given || strcmp(text, "Z") == 0 || strcmp(text, "z") == 0 ||
	    strcmp(text, " UTC") == 0)
		return true;
	int sign = *text == '+' ? 1 : *text == '-' ? -1 : 0;
	text++;
	if (!sign || !digits(&text, 2, 2, &hours))
		return false;
	if (*text == ':')
		text++;
	if (*text && !digits(&text, 2, 2, &minutes))
		return false;
	*offset_s = sign * (hours * 3600 + minutes * 60);
	return !*text && hours <= 14 && minutes < 60;
}

/* Takes one of the octets of `any`. */
static bool
take_any(const char **text, const char *any)
{
	if (!**text || !strchr(any, **text))
		return false;
	(*text)++;
	return true;
}

/* "2026-10-01", "2026/10/1"; "1.10.2026", which only one order of day and month is written as. */
static bool
read_day(const char **text, int64_t *year, int64_t *month, int64_t *day)
{
	const char *at = *text;
	if (digits(&at, 1, 2, day) && take_any(&at, ".")) {
		*text = at;
		return digits(text, 1, 2, month) && take_any(text, ".") && digits(text, 4, 4, year);
	}
	return digits(text, 4, 4, year) && take_any(text, "-/") && digits(text, 1, 2, month) &&
	       take_any(text, "-/") && digits(text, 1, 2, day);
}

/* The second of two moments at which the clocks of the place show the same, because they went back in
 * between; or the moment itself. */
static struct utc_s
second_of_two(const struct zone *zone, struct utc_s first)
{
	int32_t before = zone_offset_s(zone, first);
	int32_t after = zone_offset_s(zone, (struct utc_s){first.s + CHANGE_MAX_S});
	struct utc_s second = {first.s + before - after};
	return after < before && zone_offset_s(zone, second) == after ? second : first;
}

/* "2026-10-01T00:05:00+05:00", "2026-10-01 00:05". */
static bool
read_civil(struct utc_s out[2], const char *text, const struct zone *zone)
{
	int64_t year, month, day, hour, minute, second = 0, fraction, offset_s;
	bool given;
	if (!read_day(&text, &year, &month, &day) || !take_any(&text, "Tt ") ||
	    !digits(&text, 1, 2, &hour) || !take_any(&text, ":") || !digits(&text, 2, 2, &minute))
		return false;
	if (take_any(&text, ":") && !digits(&text, 2, 2, &second))
		return false;
	if (take_any(&text, ".") && !digits(&text, 1, 9, &fraction))
		return false;
	if (!read_offset(text, &given, &offset_s) || month < 1 || month > 12 || day < 1 ||
	    day > 31 || hour > 23 || minute > 59 || second > 59 || year < 1970)
		return false;
	struct utc_date date = {(int)year, (int)month,  (int)day,
				(int)hour, (int)minute, (int)second};
	struct utc_date back = utc_to_date(utc_from_date(date));
	if (back.day != date.day)
		return false;
	out[0] = given ? (struct utc_s){utc_from_date(date).s - offset_s} : zone_moment(zone, date);
	out[1] = given ? out[0] : second_of_two(zone, out[0]);
	return true;
}

bool
ledger_other_time(struct utc_s out[2], const char *text, const struct zone *zone)
{
	int64_t number;
	const char *at = text;
	if (read_civil(out, text, zone))
		return true;
	if (!digits(&at, 1, 13, &number) || (*at && *at != '.'))
		return false;
	/* Seconds until the year 5138, so what is larger is milliseconds. */
	out[0] = (struct utc_s){number >= INT64_C(100000000000) ? number / 1000 : number};
	out[1] = out[0];
	return number >= 86400;
}

bool
ledger_other_none(const char *text)
{
	static const char *const none[] = {"", "-", "null", "none", "nan", "-nan", "n/a"};
	char word[8] = "";
	for (size_t i = 0; text[i] && i < sizeof(word) - 1; i++)
		word[i] = (char)tolower((unsigned char)text[i]);
	for (size_t i = 0; strlen(text) < sizeof(word) && i < sizeof(none) / sizeof(none[0]); i++)
		if (strcmp(word, none[i]) == 0)
			return true;
	return false;
}

bool
ledger_other_amount(uint64_t *out, const char *text, char point, uint64_t scale)
{
	unsigned __int128 value = 0, unit = 0;
	size_t count = 0;
	for (; *text; text++) {
		if ((*text == '.' || *text == point) && !unit && count) {
			unit = 1;
			continue;
		}
		if (!isdigit((unsigned char)*text))
			return false;
		count++;
		/* Places beyond what the scale can hold do not matter. */
		if (unit >= scale)
			continue;
		value = value * 10 + (unsigned)(*text - '0');
		unit *= 10;
		if (value > (unsigned __int128)UINT64_MAX * scale)
			return false;
	}
	value = unit ? value * scale / unit : value * scale;
	*out = (uint64_t)value;
	return count && value <= UINT64_MAX;
}
