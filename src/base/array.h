/* Arrays that grow by what comes in: room for one more, made by doubling. */
#pragma once

#include <stddef.h>

/* `items` with room for more than `count` of them, of `size` octets each; *room: how many it has room for. The
 * caller's, with realloc. NULL without memory: then items and *room are as they were. */
void *array_grow(void *items, size_t count, size_t *room, size_t size);
