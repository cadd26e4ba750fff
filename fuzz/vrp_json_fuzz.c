/* The JSON of validated payloads: the same whole as in pieces, whose length the first octet says. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/rpki/vrp_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct outcome {
	bool good;
	struct rpki_counts counts;
	char error[JSON_STREAM_ERROR];
};

static struct outcome
load(const uint8_t *data, size_t size, size_t piece)
{
	struct rpki_table *table = rpki_table_new();
	int source = rpki_source_add(table, RPKI_FILE, "file", 0);
	struct vrp_json *r = vrp_json_new(table, (unsigned)source, (struct utc_s){0});
	int result = 0;
	for (size_t at = 0; at < size && result == 0; at += piece)
		result = vrp_json_feed(r, data + at, piece < size - at ? piece : size - at);
	struct outcome out = {.good = result == 0 && vrp_json_end(r) == 0};
	memcpy(out.error, vrp_json_error(r), strlen(vrp_json_error(r)));
	vrp_json_free(r);
	out.counts = rpki_counts(table);
	if (out.good != rpki_ready(table) || out.good == !!out.error[0])
		abort();
	rpki_table_free(table);
	return out;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	struct outcome whole = load(data + 1, size - 1, SIZE_MAX / 2);
	struct outcome pieces = load(data + 1, size - 1, 1u + data[0]);
	if (memcmp(&whole.counts, &pieces.counts, sizeof(whole.counts)) != 0 ||
	    strcmp(whole.error, pieces.error) != 0)
		abort();
	return 0;
}
