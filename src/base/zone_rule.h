/* The rule for the years after a zone's table: the text of the TZ variable (POSIX 2024, XBD 8.3, as
 * RFC 9636 section 3.3.1 extends it). Used by zone.c only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

/* A day of each year and a time on it, on the clocks that are shown until then. */
struct zone_change {
	enum { ZONE_JULIAN, ZONE_DAY, ZONE_WEEKDAY } form; /* Jn (no 29 February), n, Mm.w.d */
	int month, week, day;
	int32_t time_s; /* of the day; from -167 to 167 hours */
};

struct zone_rule {
	int32_t standard_s, saving_s; /* offsets from UTC */
	bool saves;                   /* there is saving time, from `begin` to `end` */
	struct zone_change begin, end;
};

/* Reads the text, of `length` octets. False if it is none. */
bool zone_rule_read(struct zone_rule *out, const char *text, size_t length);
/* The offset from UTC by the rule. */
int32_t zone_rule_offset_s(const struct zone_rule *rule, struct utc_s at);
/* When the offset changes in a year of UTC: fills `at` in rising order, and returns how many (0 or
 * 2). */
size_t zone_rule_changes(const struct zone_rule *rule, int year, struct utc_s at[2]);
