/* Arrays that grow. */
#include "base/array.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

enum { ROOM_LEAST = 16 };

void *
array_grow(void *items, size_t count, size_t *room, size_t size)
{
	assert(room && size && count <= *room);
	if (count < *room)
		return items;
	if (*room > SIZE_MAX / 2 / size) {
		errno = ENOMEM;
		return NULL;
	}
	size_t more = *room ? 2 * *room : ROOM_LEAST;
	void *grown = realloc(items, more * size);
	if (grown)
		*room = more;
	return grown;
}
