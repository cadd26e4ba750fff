/* A cursor never reads past the end, and remembers that it was asked to. */
#include "base/cursor.h"

#include "tap.h"

static void
integers(void)
{
	static const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
	struct cursor c = cursor_of(bytes, sizeof(bytes));
	is_int(cursor_u8(&c), 1, "one octet");
	is_int(cursor_u16(&c), 0x0203, "two octets, in network order");
	is_int(cursor_u32(&c), 0x04050607, "four octets");
	is_int((long long)cursor_u64(&c), 0x08090a0b0c0d0e0f, "eight octets");
	is_int((long long)cursor_left(&c), 0, "and nothing is left");
	ok(!c.failed, "reading up to the end is no failure");
	is_int(cursor_u8(&c), 0, "past the end there are zeros");
	ok(c.failed, "and the cursor has failed");
	static const struct {
		size_t length;
		long long expected;
	} reduced[] = {{0, 0}, {1, 1}, {3, 0x010203}, {5, 0x0102030405}, {8, 0x0102030405060708}};
	for (size_t i = 0; i < sizeof(reduced) / sizeof(reduced[0]); i++) {
		struct cursor r = cursor_of(bytes, sizeof(bytes));
		is_int((long long)cursor_uint(&r, reduced[i].length), reduced[i].expected,
		       "an integer of reduced size");
		ok(!r.failed && cursor_left(&r) == sizeof(bytes) - reduced[i].length,
		   "takes %zu octets", reduced[i].length);
	}
	struct cursor r = cursor_of(bytes, sizeof(bytes));
	ok(cursor_uint(&r, 9) == 0 && r.failed, "an integer of nine octets fails the cursor");
}

static void
failure(void)
{
	static const uint8_t bytes[] = {0xff, 0xff, 0xff};
	struct cursor c = cursor_of(bytes, 3);
	is_int(cursor_u32(&c), 0, "an integer that is cut short is zero, not half of itself");
	ok(c.failed && cursor_left(&c) == 0, "and the octets that were there are gone");
	is_int(cursor_u8(&c), 0, "a failed cursor gives zeros");
	ok(cursor_take(&c, 0) == NULL, "and no octets, not even none");
	c = cursor_of(bytes, 3);
	ok(cursor_take(&c, SIZE_MAX) == NULL && c.failed, "an enormous length does not wrap");
	c = cursor_of(bytes, 3);
	cursor_skip(&c, 3);
	ok(!c.failed, "skipping all is no failure");
	cursor_skip(&c, 1);
	ok(c.failed, "skipping more is");
	c = cursor_of(NULL, 0);
	ok(cursor_left(&c) == 0 && !c.failed, "a cursor over nothing is empty and has not failed");
}

static void
parts(void)
{
	static const uint8_t bytes[] = {1, 2, 3, 4, 5};
	struct cursor c = cursor_of(bytes, 5);
	struct cursor sub = cursor_sub(&c, 3);
	is_int((long long)cursor_left(&c), 2, "the whole moves past its part");
	cursor_skip(&sub, 2);
	is_int(cursor_u8(&sub), 3, "the part has its own place");
	is_int(cursor_u8(&sub), 0, "and its own end");
	ok(sub.failed && !c.failed, "a part that fails does not fail the whole");
	struct cursor copy = c;
	is_int(cursor_u8(&copy), 4, "a copy goes on from the same place");
	is_int((long long)cursor_left(&c), 2, "without moving the first");
	struct cursor over = cursor_sub(&c, 3);
	ok(over.failed && c.failed, "a part longer than the whole fails both");
	uint8_t to[4] = {9, 9, 9, 9};
	c = cursor_of(bytes, 5);
	cursor_copy(&c, to, 4);
	ok(memcmp(to, bytes, 4) == 0, "octets are copied");
	cursor_copy(&c, to, 4);
	ok(to[0] == 0 && to[3] == 0 && c.failed, "or zeros, if there are too few");
}

int
main(void)
{
	integers();
	failure();
	parts();
	return done_testing();
}
