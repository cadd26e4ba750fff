/* What an exporter's uptime says about the order of what it sends: milliseconds since it started, in
 * 32 bits (RFC 3954 section 5.1 and sFlow v5 section 5 alike), so that it wraps after 49 days. */
#pragma once

#include <stdint.h>

enum uptime_step {
	UPTIME_ONWARD,
	UPTIME_OVERTAKEN, /* older than what was read before: it came late, or twice */
	UPTIME_RESTARTED, /* the exporter began anew */
};

/* From `before_ms` to `now_ms`, of which the latter came `elapsed_s` after the former. Who began anew
 * cannot have been up for longer than that; who is a minute behind is not merely late. */
static inline enum uptime_step
uptime_step(uint32_t before_ms, uint32_t now_ms, int64_t elapsed_s)
{
	enum { CLOCKS_MS = 5000, LATE_MS = 60000 };
	int64_t elapsed_ms = elapsed_s > 0 ? elapsed_s * 1000 : 0;
	if (now_ms >= before_ms || (uint32_t)(now_ms - before_ms) <= elapsed_ms + LATE_MS)
		return UPTIME_ONWARD;
	if (before_ms - now_ms > LATE_MS || now_ms <= elapsed_ms + CLOCKS_MS)
		return UPTIME_RESTARTED;
	return UPTIME_OVERTAKEN;
}
