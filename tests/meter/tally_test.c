/* Sums by key are exact, grow, and stop at their bound. */
#include "meter/tally.h"

#include "tap.h"

int
main(void)
{
	enum { KEYS = 5000, ROUNDS = 3 };
	struct tally t;
	tally_init(&t, KEYS);
	bool added = true;
	ok(tally_first(&t) == NULL && tally_size(&t) == 0,
	   "an empty one has nothing and costs nothing");
	for (uint64_t round = 1; round <= ROUNDS; round++)
		for (uint64_t key = 1; key <= KEYS; key++)
			added &= tally_add(&t, key * 4096, key * round, round);
	ok(added && t.count == KEYS, "5000 keys that differ in few bits are all kept");
	uint64_t octets = 0, samples = 0, wrong = 0;
	for (const struct tally_entry *e = tally_first(&t); e; e = tally_next(&t, e)) {
		octets += e->octets;
		samples += e->samples;
		wrong += e->octets != e->key / 4096 * 6 || e->packets != 6;
	}
	ok(wrong == 0 && samples == KEYS * ROUNDS && octets == 6ull * KEYS * (KEYS + 1) / 2,
	   "each with its own sum");
	ok(!tally_add(&t, 7, 1, 1) && t.count == KEYS, "one key too many is refused");
	ok(tally_add(&t, 4096, 1, 1), "one that is there is still added to");
	size_t size = tally_size(&t);
	tally_clear(&t);
	ok(t.count == 0 && tally_first(&t) == NULL && tally_size(&t) == size,
	   "cleared, it keeps memory that was well used");
	(void)tally_add(&t, 1, 1, 1);
	tally_clear(&t);
	ok(tally_size(&t) == 0, "and gives back what was hardly used");
	tally_fini(&t);
	return done_testing();
}
