/* Arrays grow when they are full, keep what is in them, and are as they were when there is no memory. */
#include "base/array.h"

#include <stdint.h>
#include <stdlib.h>

#include "tap.h"

int
main(void)
{
	size_t count = 0, room = 0, times = 0;
	uint32_t *items = NULL;
	for (; count < 1000; count++) {
		size_t before = room;
		uint32_t *grown = array_grow(items, count, &room, sizeof(*items));
		if (!grown)
			return 1;
		items = grown;
		items[count] = (uint32_t)count;
		times += room != before;
	}
	bool kept = true;
	for (uint32_t i = 0; i < count; i++)
		kept &= items[i] == i;
	ok(kept && room >= count, "what is in it stays");
	ok(times <= 8, "a thousand need few steps: %zu", times);
	size_t had = room;
	ok(array_grow(items, 3, &room, sizeof(*items)) == items && room == had,
	   "where there is room nothing happens");
	room = SIZE_MAX / 4;
	ok(!array_grow(items, room, &room, sizeof(*items)) && room == SIZE_MAX / 4 &&
		   items[999] == 999,
	   "what cannot be had changes nothing");
	free(items);
	return done_testing();
}
