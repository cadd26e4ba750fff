/* Any bytes are ways or not; what are some are written as a text that is read as the same again, and its indices
 * may be used. */
#include <stdlib.h>
#include <string.h>

#include "hub/ways.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
follow(const struct ways *ways, const struct ways_steps *steps)
{
	for (size_t i = 0; i < steps->count; i++)
		if (steps->items[i] >= ways->segment_count)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ways ways, again;
	const char *error;
	struct arena *arena = arena_new();
	struct buf text = {0};
	if (ways_read(&ways, arena, data, size, &error) == 0) {
		for (size_t i = 0; i < ways.port_count; i++) {
			follow(&ways, &ways.ports[i].bought);
			if (ways_port_of(&ways, ways.ports[i].id) != i)
				abort();
		}
		for (size_t i = 0; i < ways.exit_count; i++)
			if (ways.exits[i].port >= ways.port_count)
				abort();
		for (size_t i = 0; i < ways.way_count; i++) {
			const struct ways_way *w = &ways.ways[i];
			follow(&ways, &w->steps);
			if (w->exit >= ways.exit_count ||
			    ways_way_of(&ways, w->site, w->asn, w->exit) != w)
				abort();
		}
		ways_write(&ways, &text);
		if (ways_read(&again, arena, text.data, text.length, &error) < 0 ||
		    !ways_same(&ways, &again) || again.from.s != ways.from.s)
			abort();
	}
	buf_fini(&text);
	arena_free(arena);
	return 0;
}
