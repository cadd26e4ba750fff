/* Interned sets of sessions. */
#include <stdlib.h>

#include "exchange/rib/rib_set.h"
#include "tap.h"

enum { SLOTS = 300, WORDS = 5 };

static uint64_t state = 7;

static uint64_t
random64(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static uint32_t
random_set(struct rib_sets *sets, uint64_t words[WORDS])
{
	for (size_t i = 0; i < WORDS; i++)
		words[i] = random64() & random64();
	words[WORDS - 1] &= (1u << 12) - 1;
	return rib_set_of(sets, words);
}

static bool
equals(const struct rib_sets *sets, uint32_t set, const uint64_t words[WORDS])
{
	for (unsigned slot = 0; slot < SLOTS; slot++)
		if (rib_set_has(sets, set, slot) != (words[slot / 64] >> slot % 64 & 1))
			return false;
	return true;
}

static void
operations(struct rib_sets *sets)
{
	bool good = true, remembered = true;
	for (int i = 0; i < 20000; i++) {
		uint64_t a[WORDS], b[WORDS], both[WORDS], only[WORDS], any[WORDS];
		uint32_t x = random_set(sets, a), y = random_set(sets, b);
		for (size_t w = 0; w < WORDS; w++) {
			both[w] = a[w] & b[w];
			only[w] = a[w] & ~b[w];
			any[w] = a[w] | b[w];
		}
		good &= equals(sets, rib_set_and(sets, x, y), both) &&
			equals(sets, rib_set_andnot(sets, x, y), only) &&
			equals(sets, rib_set_or(sets, x, y), any);
		remembered &= rib_set_and(sets, x, y) == rib_set_of(sets, both) &&
			      rib_set_and(sets, y, x) == rib_set_and(sets, x, y);
		if (rib_sets_crowded(sets)) /* what nobody marks goes */
			rib_sets_sweep(sets);
	}
	ok(good, "and, and-not and or of random sets are what their bits say, across sweeps");
	ok(remembered, "equal sets have the same number, however they were made");
	ok(sets->live < 20000, "sets that nobody uses are swept");
}

static void
marks(struct rib_sets *sets)
{
	uint64_t a[WORDS], b[WORDS];
	uint32_t kept = random_set(sets, a), dropped = random_set(sets, b);
	(void)dropped;
	rib_sets_mark(sets, kept);
	rib_sets_sweep(sets);
	ok(equals(sets, kept, a), "a marked set keeps its number and its bits");
	ok(rib_set_of(sets, a) == kept, "and is found again");
	ok(sets->live == 2, "only it and the empty set are left");
}

int
main(void)
{
	struct rib_sets *sets = rib_sets_new(SLOTS);
	uint64_t none[WORDS] = {0};
	ok(rib_set_of(sets, none) == RIB_SET_EMPTY, "the empty set is number 0");
	uint32_t one = rib_set_with(sets, RIB_SET_EMPTY, 299);
	ok(rib_set_has(sets, one, 299) && rib_set_count(sets, one) == 1, "a slot can be added");
	ok(rib_set_without(sets, one, 299) == RIB_SET_EMPTY, "and taken away");
	operations(sets);
	marks(sets);
	uint64_t words[WORDS];
	uint32_t set = random_set(sets, words);
	rib_sets_widen(sets, 1000);
	ok(equals(sets, set, words) && rib_sets_slots(sets) >= 1000,
	   "widening leaves sets as they are");
	ok(!rib_set_has(sets, set, 999), "and empty beyond");
	ok(rib_set_has(sets, rib_set_with(sets, set, 999), 999), "new slots can be used");
	rib_sets_free(sets);
	return done_testing();
}
