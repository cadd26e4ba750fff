/* Memory that dies together, in blocks that are freed at once. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 16384 };

struct block {
	struct block *next;
	size_t used;
	size_t size;
	alignas(max_align_t) uint8_t bytes[];
};

struct arena {
	struct block *blocks;
	size_t total;
};

struct arena *
arena_new(void)
{
	return calloc(1, sizeof(struct arena));
}

void
arena_free(struct arena *a)
{
	if (!a)
		return;
	struct block *next;
	for (struct block *b = a->blocks; b; b = next) {
		next = b->next;
		free(b);
	}
	free(a);
}

void *
arena_take(struct arena *a, size_t size)
{
	const size_t unit = alignof(max_align_t);
	/* No object is larger than that: an allocator need not be asked. */
	if (size > PTRDIFF_MAX - sizeof(struct block) - unit)
		return NULL;
	size = (size + unit - 1) / unit * unit;
	if (!a->blocks || a->blocks->size - a->blocks->used < size) {
		size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
		struct block *b = calloc(1, sizeof(*b) + room);
		if (!b)
			return NULL;
		b->size = room;
		b->next = a->blocks;
		a->blocks = b;
		a->total += sizeof(*b) + room;
	}
	void *taken = a->blocks->bytes + a->blocks->used;
	a->blocks->used += size;
	return taken;
}

char *
arena_copy(struct arena *a, const void *bytes, size_t length)
{
	char *copy = arena_take(a, length + 1);
	if (copy && length)
		memcpy(copy, bytes, length);
	return copy;
}

char *
arena_str(struct arena *a, const char *text)
{
	return arena_copy(a, text, strlen(text));
}

char *
arena_printf(struct arena *a, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *text = arena_vprintf(a, format, args);
	va_end(args);
	return text;
}

char *
arena_vprintf(struct arena *a, const char *format, va_list args)
{
	char *text = NULL;
	int length = vasprintf(&text, format, args);
	if (length < 0)
		return NULL;
	char *copy = arena_copy(a, text, (size_t)length);
	free(text);
	return copy;
}

size_t
arena_size(const struct arena *a)
{
	return a->total;
}
