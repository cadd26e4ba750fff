/* What is taken from an arena is zeroed, aligned, and stays until all of it goes. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>

#include "tap.h"

int
main(void)
{
	struct arena *a = arena_new();
	ok(a != NULL && arena_size(a) == 0, "a new arena holds nothing");
	unsigned char *pieces[200];
	bool aligned = true, zero = true, kept = true;
	for (size_t i = 0; i < 200; i++) {
		size_t size = i * 37 + 1;
		pieces[i] = arena_take(a, size);
		aligned = aligned && pieces[i] && (uintptr_t)pieces[i] % alignof(max_align_t) == 0;
		for (size_t k = 0; k < size && zero; k++)
			zero = pieces[i][k] == 0;
		memset(pieces[i], (int)i, size);
	}
	for (size_t i = 0; i < 200; i++)
		kept = kept && pieces[i][0] == (unsigned char)i &&
		       pieces[i][i * 37] == (unsigned char)i;
	ok(aligned, "every piece fits any type");
	ok(zero, "and is zeroed");
	ok(kept, "no piece touches another");
	unsigned char *large = arena_take(a, 1 << 20);
	ok(large && large[(1 << 20) - 1] == 0, "a piece may be larger than a block");
	ok(arena_size(a) >= (1 << 20), "the size counts it");
	ok(arena_take(a, SIZE_MAX) == NULL && arena_take(a, SIZE_MAX - 8) == NULL,
	   "more than there can be is refused");
	is_str(arena_str(a, "text"), "text", "a string is copied");
	is_str(arena_copy(a, "text", 2), "te", "or the beginning of one");
	is_str(arena_printf(a, "%d-%s", 7, "x"), "7-x", "or written");
	arena_free(a);
	arena_free(NULL);
	return done_testing();
}
