/* A growing buffer of bytes, for what goes out: messages, JSON, text. After a failed allocation
 * every write is ignored and `failed` stays set, so a writer may write everything and ask once. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
	uint8_t *data; /* owned by the buffer; moves when it grows */
	size_t length;
	size_t capacity;
	bool failed;
};

/* A zeroed struct buf is a valid empty buffer. Frees the memory and leaves an empty buffer. */
void buf_fini(struct buf *b);
/* Forgets the contents, keeps the memory. */
void buf_clear(struct buf *b);
/* Makes room for `more` octets. False if there is no memory (then b->failed). */
bool buf_reserve(struct buf *b, size_t more);
/* Drops the first `count` octets (at most length). */
void buf_consume(struct buf *b, size_t count);

void buf_put(struct buf *b, const void *bytes, size_t length);
void buf_u8(struct buf *b, uint8_t value);
/* Integers go out in network byte order. */
void buf_u16(struct buf *b, uint16_t value);
void buf_u32(struct buf *b, uint32_t value);
void buf_u64(struct buf *b, uint64_t value);
/* Overwrites two octets at `at`, which must already be written (length fields). */
void buf_set_u16(struct buf *b, size_t at, uint16_t value);
void buf_set_u32(struct buf *b, size_t at, uint32_t value);
void buf_str(struct buf *b, const char *text);
/* Text of at most 65535 octets behind its length (two octets), as cursor_u16 and cursor_take read. */
void buf_text(struct buf *b, const char *text);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
