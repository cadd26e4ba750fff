/* Reading bytes that came from outside. A cursor cannot overrun: a read past the end returns zero
 * and marks the cursor as failed, so a decoder may read everything and ask once at the end. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A view of bytes owned by someone else. Copying a cursor is cheap and gives an independent
 * position. */
struct cursor {
	const uint8_t *at;
	const uint8_t *end;
	bool failed; /* a read went past the end; stays set */
};

static inline struct cursor
cursor_of(const void *bytes, size_t length)
{
	const uint8_t *at = bytes;
	/* Adding even 0 to NULL is undefined. */
	return (struct cursor){.at = at, .end = at ? at + length : at};
}

/* Octets that are left; 0 once failed. */
static inline size_t
cursor_left(const struct cursor *c)
{
	return c->failed ? 0 : (size_t)(c->end - c->at);
}

static inline void
cursor_fail(struct cursor *c)
{
	c->failed = true;
	c->at = c->end;
}

/* The next `length` octets, or NULL (and the cursor failed) if there are fewer. */
static inline const uint8_t *
cursor_take(struct cursor *c, size_t length)
{
	if (c->failed || (size_t)(c->end - c->at) < length) {
		cursor_fail(c);
		return NULL;
	}
	const uint8_t *start = c->at;
	c->at += length;
	return start;
}

static inline void
cursor_skip(struct cursor *c, size_t length)
{
	(void)cursor_take(c, length);
}

/* A cursor over the next `length` octets; this one moves past them. If there are fewer both are
 * failed. */
static inline struct cursor
cursor_sub(struct cursor *c, size_t length)
{
	const uint8_t *start = cursor_take(c, length);
	if (!start)
		return (struct cursor){.at = c->end, .end = c->end, .failed = true};
	return cursor_of(start, length);
}

static inline uint8_t
cursor_u8(struct cursor *c)
{
	const uint8_t *p = cursor_take(c, 1);
	return p ? p[0] : 0;
}

/* Integers are in network byte order. */
static inline uint16_t
cursor_u16(struct cursor *c)
{
	const uint8_t *p = cursor_take(c, 2);
	return p ? (uint16_t)(p[0] << 8 | p[1]) : 0;
}

static inline uint32_t
cursor_u32(struct cursor *c)
{
	const uint8_t *p = cursor_take(c, 4);
	return p ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3] : 0;
}

static inline uint64_t
cursor_u64(struct cursor *c)
{
	uint64_t high = cursor_u32(c);
	return high << 32 | cursor_u32(c);
}

/* An unsigned integer of `length` octets, 0 to 8 (IPFIX reduced-size encoding). Longer fails the
 * cursor. */
static inline uint64_t
cursor_uint(struct cursor *c, size_t length)
{
	if (length > 8) {
		cursor_fail(c);
		return 0;
	}
	const uint8_t *p = cursor_take(c, length);
	uint64_t value = 0;
	for (size_t i = 0; p && i < length; i++)
		value = value << 8 | p[i];
	return value;
}

/* Copies `length` octets to `to`; zeroes it if there are fewer. */
static inline void
cursor_copy(struct cursor *c, void *to, size_t length)
{
	const uint8_t *p = cursor_take(c, length);
	if (p)
		memcpy(to, p, length);
	else
		memset(to, 0, length);
}
