/* Values of time. The monotonic clock drives timers, UTC marks what is kept. Only *_io.c files read
 * a clock (clock_io.h); everything else is handed the time. */
#pragma once

#include <stdint.h>

/* Microseconds of the monotonic clock. */
struct mono_us {
	int64_t us;
};

/* Seconds since 1970-01-01 UTC, without leap seconds. */
struct utc_s {
	int64_t s;
};

enum {
	CLOCK_TEXT = 21, /* "2026-11-21T12:00:00Z" and the zero */
};

static inline struct mono_us
mono_add_ms(struct mono_us t, int64_t ms)
{
	return (struct mono_us){t.us + ms * 1000};
}

/* A calendar date and time in UTC. Month and day count from 1. */
struct utc_date {
	int year, month, day, hour, minute, second;
};

struct utc_date utc_to_date(struct utc_s t);
/* The inverse; fields beyond their range carry over, so month 13 is January of the next year. */
struct utc_s utc_from_date(struct utc_date d);
/* The first second of the month `year`-`month`. */
struct utc_s utc_month_start(int year, int month);
/* Writes RFC 3339 text, "2026-11-21T12:00:00Z", and returns `out`. */
char *utc_format(char out[CLOCK_TEXT], struct utc_s t);
/* Reads "2026-11-21", "2026-11-21T12:00:00Z" or "2026-11" (first second of the month). 0 or -1. */
int utc_parse(struct utc_s *out, const char *text);
