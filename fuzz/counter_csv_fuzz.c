/* Counters as CSV from outside: the first line is the header, the others rows. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "meter/counter_csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct cursor
line(const uint8_t **data, size_t *size)
{
	const uint8_t *from = *data, *end = *size ? memchr(from, '\n', *size) : NULL;
	size_t length = end ? (size_t)(end - from) : *size;
	*data += length + (end != NULL);
	*size -= length + (end != NULL);
	return cursor_of(from, length);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct counter_csv csv;
	char why[COUNTER_REASON];
	if (counter_csv_header(&csv, line(&data, &size), why) < 0)
		return 0;
	while (size) {
		struct counter_report r;
		counter_report_init(&r, TRAFFIC_BY_PUSH);
		if (counter_csv_row(&r, &csv, line(&data, &size), why) == 0 &&
		    (strlen(r.port) >= COUNTER_NAME_MAX || (r.has_time && r.time.s < 0) ||
		     (r.reading.width != 0 && r.reading.width != 32 && r.reading.width != 64)))
			abort();
	}
	return 0;
}
