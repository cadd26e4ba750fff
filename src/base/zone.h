/* Civil time of a place: the offsets from UTC that a file of the time zone database says (TZif,
 * RFC 9636), and the rule at its end for the years after.
 *
 * Pure: whoever has the octets of the file hands them in. Leap seconds are refused (files of the
 * "right" kind), for UTC is counted here without them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"

enum {
	ZONE_COMPLAINT = 120,
	ZONE_NAME_MAX = 60,
	ZONE_FILE_MAX = 1 << 20, /* octets; the largest there is has 4 k */
};

/* Where the system keeps the files; a zone's file is its name below this. */
#define ZONE_FOLDER "/usr/share/zoneinfo"

struct zone;

/* True if the text can be the name of a zone, "Asia/Karachi": words of letters, digits, + - _ with
 * single slashes between them. So it never leaves the folder. */
bool zone_name_is_good(const char *name);

/* Reads a file. The zone lives as long as the arena; NULL with the complaint in words if the octets
 * are no TZif file, or there is no memory. `name` is copied. */
const struct zone *zone_read(struct arena *arena, const char *name, const void *octets,
			     size_t length, char complaint[ZONE_COMPLAINT]);

/* Below, NULL stands for UTC. */

/* "Asia/Karachi", "UTC". */
const char *zone_name(const struct zone *zone);
/* Seconds to add to UTC at that moment: 18000 in Karachi. */
int32_t zone_offset_s(const struct zone *zone, struct utc_s at);
/* The civil date and time of a moment. */
struct utc_date zone_date(const struct zone *zone, struct utc_s at);
/* The first moment at which the clocks of the place show this date and time, or a later one: of two
 * such moments (clocks went back) the first, of none (they went forward over it) the moment of the
 * change. Fields beyond their range carry over, as in utc_from_date. */
struct utc_s zone_moment(const struct zone *zone, struct utc_date civil);
/* The first moment of a month of the place. */
struct utc_s zone_month_start(const struct zone *zone, int year, int month);
/* The first moment after `at` that belongs to a later day of the place. A day that the place left
 * out is not there (Samoa had no 30 December 2011). */
struct utc_s zone_next_day(const struct zone *zone, struct utc_s at);
/* How many days of the place [from, to) touches. 0 if it is empty. */
uint32_t zone_days(const struct zone *zone, struct utc_s from, struct utc_s to);
