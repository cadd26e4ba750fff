/* Arrays that grow. */
#include "base/array.h"

#include <assert.h>
#include <stdlib.h>

enum { ROOM_LEAST = 16 };

void *
array_grow(void *items, size_t count, size_t *room, size_t size)
{
	assert(room && size && count <= *room);
	if (count < *room)
		return items;
	size_t more = *room ? 2 * *room : ROOM_LEAST;
	void *grown = reallocarray(items, more, size);
	if (grown)
		*room = more;
	return grown;
}
