/* Files of time zones: whatever is read must give times that go on. */
#include <stdint.h>
#include <stdlib.h>

#include "base/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	char why[ZONE_COMPLAINT];
	const struct zone *zone = arena ? zone_read(arena, "fuzz", data, size, why) : NULL;
	for (int year = 1969; zone && year < 2101; year += 7) {
		for (int month = 1; month <= 12; month++) {
			struct utc_s from = zone_month_start(zone, year, month);
			struct utc_s to = zone_month_start(zone, year, month + 1);
			struct utc_s next = zone_next_day(zone, from);
			if (next.s <= from.s)
				abort();
			if (zone_days(zone, from, to) > 62)
				abort();
			int64_t away = zone_offset_s(zone, from);
			if (away <= -26 * 3600 || away >= 26 * 3600)
				abort();
		}
	}
	arena_free(arena);
	return 0;
}
