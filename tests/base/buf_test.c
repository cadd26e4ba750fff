/* A buffer grows as it is written to, and once out of memory stays as it is. */
#include "base/buf.h"

#include "tap.h"

static void
writing(void)
{
	struct buf b = {0};
	buf_u8(&b, 1);
	buf_u16(&b, 0x0203);
	buf_u32(&b, 0x04050607);
	buf_u64(&b, 0x08090a0b0c0d0e0f);
	static const uint8_t expected[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
	ok(b.length == 15 && memcmp(b.data, expected, 15) == 0, "integers go out in network order");
	buf_set_u16(&b, 1, 0xaabb);
	ok(b.data[1] == 0xaa && b.data[2] == 0xbb && b.data[3] == 4,
	   "a length field is filled in later");
	buf_consume(&b, 3);
	ok(b.length == 12 && b.data[0] == 4, "what was sent is dropped from the front");
	buf_consume(&b, 12);
	is_int((long long)b.length, 0, "down to nothing");
	buf_put(&b, NULL, 0);
	is_int((long long)b.length, 0, "no octets may be written from nowhere");
	buf_str(&b, "abc");
	buf_printf(&b, "-%d-%s", 42, "x");
	buf_u8(&b, 0);
	is_str((const char *)b.data, "abc-42-x", "text follows text");
	size_t capacity = b.capacity;
	buf_clear(&b);
	buf_text(&b, "abc");
	buf_text(&b, "");
	ok(b.length == 7 && memcmp(b.data, "\0\3abc\0\0", 7) == 0, "text goes behind its length");
	buf_clear(&b);
	ok(b.length == 0 && b.capacity == capacity, "clearing keeps the memory");
	buf_fini(&b);
	ok(!b.data && !b.capacity, "ending gives it back");
}

static void
growing(void)
{
	struct buf b = {0};
	for (unsigned i = 0; i < 100000; i++)
		buf_u8(&b, (uint8_t)i);
	bool whole = b.length == 100000 && !b.failed;
	for (unsigned i = 0; i < 100000 && whole; i++)
		whole = b.data[i] == (uint8_t)i;
	ok(whole, "a hundred thousand octets come back as written");
	for (unsigned i = 0; i < 1000; i++)
		buf_printf(&b, "%0100d", 7);
	ok(b.length == 200000 && b.data[199999] == '7', "also a hundred at a time");
	buf_fini(&b);
}

static void
failure(void)
{
	struct buf b = {0};
	buf_str(&b, "kept");
	ok(!buf_reserve(&b, SIZE_MAX - 2) && b.failed,
	   "more than there is memory fails the buffer");
	buf_str(&b, "lost");
	buf_u32(&b, 1);
	buf_printf(&b, "lost");
	ok(b.length == 4 && memcmp(b.data, "kept", 4) == 0, "and later writes are ignored");
	buf_clear(&b);
	buf_str(&b, "again");
	ok(!b.failed && b.length == 5, "until it is cleared");
	buf_fini(&b);
}

int
main(void)
{
	writing();
	growing();
	failure();
	return done_testing();
}
