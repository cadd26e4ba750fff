/* A sealed piece is read only if it is what was asked for, whole, and as it was written. */
#include "base/sealed.h"

#include <string.h>

#include "base/hash.h"
#include "tap.h"

static const struct sealed_kind kind = {0x54455354, 2, 3, 5}; /* "TEST" */

/* A piece behind `before` octets of something else. */
static void
make(struct buf *out, size_t before, const char *body, uint16_t flags)
{
	for (size_t i = 0; i < before; i++)
		buf_u8(out, 0xaa);
	size_t start = sealed_begin(out, &kind, flags);
	buf_str(out, body);
	sealed_end(out, start);
}

/* Gives octets that were changed the checksum that they ought to have. */
static void
seal_again(struct buf *b)
{
	uint64_t sum = hash_bytes(b->data, b->length - SEALED_CHECKSUM);
	for (size_t i = 0; i < SEALED_CHECKSUM; i++)
		b->data[b->length - 1 - i] = (uint8_t)(sum >> 8 * i);
}

static bool
opens(const struct buf *b, const char *body)
{
	struct sealed s = sealed_open(&kind, cursor_of(b->data, b->length));
	return !s.body.failed && cursor_left(&s.body) == strlen(body) &&
	       memcmp(s.body.at, body, strlen(body)) == 0;
}

static void
octets(void)
{
	static const uint8_t header[] = {'T', 'E', 'S', 'T', 0, 3, 0, 4, 0, 0, 0, 2, 'h', 'i'};
	struct buf b = {0};
	make(&b, 0, "hi", 4);
	uint64_t sum = 0;
	for (size_t i = 0; i < SEALED_CHECKSUM && b.length == sizeof(header) + 8; i++)
		sum = sum << 8 | b.data[sizeof(header) + i];
	ok(b.length == sizeof(header) + 8 && memcmp(b.data, header, sizeof(header)) == 0 &&
		   sum == hash_bytes(header, sizeof(header)),
	   "the octets are magic, version, flags, length, body and checksum, in network order");
	struct sealed s = sealed_open(&kind, cursor_of(b.data, b.length));
	ok(!s.body.failed && s.version == 3 && s.flags == 4, "version and flags are told");
	buf_clear(&b);
	make(&b, 7, "behind others", 0);
	struct buf part = {.data = b.data + 7, .length = b.length - 7};
	ok(opens(&part, "behind others"), "a piece behind other octets covers only itself");
	buf_clear(&b);
	make(&b, 0, "", 0);
	ok(opens(&b, ""), "a body may be empty");
	buf_fini(&b);
}

static void
damage(void)
{
	struct buf b = {0};
	make(&b, 0, "the body", 1);
	int opened = 0;
	for (size_t i = 0; i < b.length; i++)
		for (int bit = 0; bit < 8; bit++) {
			b.data[i] ^= (uint8_t)(1 << bit);
			opened += !sealed_open(&kind, cursor_of(b.data, b.length)).body.failed;
			b.data[i] ^= (uint8_t)(1 << bit);
		}
	is_int(opened, 0, "no piece with a changed bit is opened");
	for (size_t length = 0; length < b.length; length++)
		opened += !sealed_open(&kind, cursor_of(b.data, length)).body.failed;
	is_int(opened, 0, "nor one that was cut short");
	ok(opens(&b, "the body"), "as it was written it is");
	buf_u8(&b, 0);
	ok(!opens(&b, "the body"), "with an octet behind it, it is not");
	buf_fini(&b);
}

static void
strangers(void)
{
	static const struct {
		size_t at;
		uint8_t octet;
		bool opens;
		const char *name;
	} cases[] = {
		{0, 'X', false, "another magic is not opened"},
		{5, 1, false, "nor a version older than those read"},
		{5, 2, true, "the oldest version is"},
		{5, 4, false, "a version from the future is not"},
		{4, 1, false, "nor one of 259"},
		{7, 5, true, "all flags that are known may be set"},
		{7, 2, false, "one that is not known may not"},
		{6, 1, false, "nor one in the upper octet"},
		{11, 3, false, "a length that is not the body's is refused"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf b = {0};
		make(&b, 0, "body", 0);
		b.data[cases[i].at] = cases[i].octet;
		seal_again(&b);
		ok(opens(&b, "body") == cases[i].opens, "%s", cases[i].name);
		buf_fini(&b);
	}
}

static void
failure(void)
{
	struct buf b = {0};
	size_t start = sealed_begin(&b, &kind, 0);
	(void)buf_reserve(&b, SIZE_MAX - 2);
	size_t length = b.length;
	sealed_end(&b, start);
	ok(b.failed && b.length == length, "out of memory nothing is sealed");
	buf_fini(&b);
}

int
main(void)
{
	octets();
	damage();
	strangers();
	failure();
	return done_testing();
}
