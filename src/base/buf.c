/* A growing buffer of bytes. */
#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
buf_fini(struct buf *b)
{
	free(b->data);
	*b = (struct buf){0};
}

void
buf_clear(struct buf *b)
{
	b->length = 0;
	b->failed = false;
}

bool
buf_reserve(struct buf *b, size_t more)
{
	if (b->failed)
		return false;
	if (b->capacity - b->length >= more)
		return true;
	if (more > SIZE_MAX / 4 - b->length) { /* no memory has that, and doubling would overflow */
		b->failed = true;
		return false;
	}
	size_t capacity = b->capacity ? b->capacity : 256;
	while (capacity - b->length < more)
		capacity *= 2;
	uint8_t *data = realloc(b->data, capacity);
	if (!data) {
		b->failed = true;
		return false;
	}
	b->data = data;
	b->capacity = capacity;
	return true;
}

void
buf_consume(struct buf *b, size_t count)
{
	assert(count <= b->length);
	b->length -= count;
	if (b->length && count)
		memmove(b->data, b->data + count, b->length);
}

void
buf_put(struct buf *b, const void *bytes, size_t length)
{
	if (!length || !buf_reserve(b, length))
		return;
	memcpy(b->data + b->length, bytes, length);
	b->length += length;
}

void
buf_u8(struct buf *b, uint8_t value)
{
	buf_put(b, &value, 1);
}

void
buf_u16(struct buf *b, uint16_t value)
{
	uint8_t bytes[2] = {(uint8_t)(value >> 8), (uint8_t)value};
	buf_put(b, bytes, 2);
}

void
buf_u32(struct buf *b, uint32_t value)
{
	uint8_t bytes[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
			    (uint8_t)value};
	buf_put(b, bytes, 4);
}

void
buf_u64(struct buf *b, uint64_t value)
{
	buf_u32(b, (uint32_t)(value >> 32));
	buf_u32(b, (uint32_t)value);
}

void
buf_set_u16(struct buf *b, size_t at, uint16_t value)
{
	if (b->failed)
		return;
	assert(at + 2 <= b->length);
	b->data[at] = (uint8_t)(value >> 8);
	b->data[at + 1] = (uint8_t)value;
}

void
buf_set_u32(struct buf *b, size_t at, uint32_t value)
{
	buf_set_u16(b, at, (uint16_t)(value >> 16));
	buf_set_u16(b, at + 2, (uint16_t)value);
}

void
buf_str(struct buf *b, const char *text)
{
	buf_put(b, text, strlen(text));
}

void
buf_text(struct buf *b, const char *text)
{
	size_t length = strlen(text);
	assert(length <= UINT16_MAX);
	buf_u16(b, (uint16_t)length);
	buf_put(b, text, length);
}

void
buf_printf(struct buf *b, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	va_list again;
	va_copy(again, args);
	int need = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (need > 0 && buf_reserve(b, (size_t)need + 1)) {
		(void)vsnprintf((char *)b->data + b->length, (size_t)need + 1, format, again);
		b->length += (size_t)need;
	}
	va_end(again);
}
