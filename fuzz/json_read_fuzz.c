/* JSON from outside. */
#include <stdint.h>
#include <stdlib.h>

#include "base/json_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every value lies inside the source. */
static void
walk(const struct json_value *v, const char *start, const char *end)
{
	for (; v; v = v->next) {
		if (v->raw < start || v->raw + v->raw_length > end)
			abort();
		walk(v->first, v->raw, v->raw + v->raw_length);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	const char *text = (const char *)data;
	if (arena)
		walk(json_read(arena, text, size), text, text + size);
	arena_free(arena);
	return 0;
}
