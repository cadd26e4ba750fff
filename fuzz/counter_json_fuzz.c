/* Counters as a JSON object from outside. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "meter/counter_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct counter_report r;
	char why[COUNTER_REASON];
	struct arena *arena = arena_new();
	counter_report_init(&r, TRAFFIC_BY_PUSH);
	if (arena && counter_json_row(&r, cursor_of(data, size), arena, why) == 0 &&
	    (strlen(r.exporter) >= COUNTER_NAME_MAX || (r.has_time && r.time.s < 0)))
		abort();
	arena_free(arena);
	return 0;
}
