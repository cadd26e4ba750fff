/* Going through the table by stretches, and being told of changes. */
#include <string.h>

#include "exchange/rib/rib.h"
#include "tap.h"

enum { SESSIONS = 3, PREFIXES = 200 };

static uint32_t
attributes(struct rib *rib, unsigned slot, uint32_t reasons)
{
	static const uint8_t path[] = {2, 1, 0, 0, 0xfd, 0xe8};
	struct bgp_attrs attrs = {.next_hop = ip_v4(0xc0000201u + slot),
				  .as_path = cursor_of(path, sizeof(path)),
				  .as_hops = 1};
	uint32_t set = rib_attrs_known(rib, slot, &attrs);
	struct rib_verdict verdict = {
		.reasons = reasons, .refused = reasons != 0, .receivers = RIB_SET_EMPTY};
	return set ? set : rib_attrs_intern(rib, &verdict);
}

static struct prefix
prefix_number(unsigned i)
{
	return prefix_of(ip_v4(0x0a000000u + (i << 8)), 24);
}

static void
announce(struct rib *rib, unsigned slot, unsigned i)
{
	struct prefix prefix = prefix_number(i);
	(void)rib_announce(rib, (struct rib_source){slot, 0}, &prefix,
			   attributes(rib, slot, slot == 2), 0, 1);
}

/* The sum of what the stretches give, the number of stretches in *stretches. */
static size_t
walk(const struct rib *rib, size_t max, size_t *stretches, bool *whole)
{
	static struct rib_path_view views[1024];
	uint32_t at = 0;
	size_t sum = 0, count;
	*stretches = 0;
	*whole = true;
	while ((count = rib_walk(rib, &at, views, max)) != 0) {
		struct rib_path_view again[8];
		const struct rib_path_view *last = &views[count - 1];
		size_t there = rib_paths(rib, last->prefix, again, 8);
		*whole &= there <= count && prefix_equal(views[count - there].prefix, last->prefix);
		sum += count;
		(*stretches)++;
	}
	return sum;
}

struct told {
	unsigned count, refused, slot;
	struct prefix prefix;
};

static void
tell(void *context, const struct rib_change *change, const struct prefix *prefix)
{
	struct told *told = context;
	told->count++;
	told->refused += change->refused;
	told->slot = change->source.slot;
	told->prefix = *prefix;
}

int
main(void)
{
	struct rib *rib = rib_new(IP_V4, SESSIONS);
	struct told told = {0};
	size_t stretches;
	bool whole;
	is_int((long long)walk(rib, 64, &stretches, &whole), 0, "an empty table has no stretch");
	for (unsigned slot = 0; slot < SESSIONS; slot++) {
		struct rib_peer peer = {.router_id = slot + 1, .address = ip_v4(slot + 1)};
		rib_session_open(rib, slot, &peer);
		for (unsigned i = slot; i < PREFIXES; i++)
			announce(rib, slot, i);
	}
	(void)rib_turn_end(rib);
	is_int((long long)walk(rib, 1024, &stretches, &whole), 200 + 199 + 198,
	       "a walk gives all paths, refused ones too");
	is_int((long long)walk(rib, 64, &stretches, &whole), 200 + 199 + 198,
	       "in small stretches as well");
	ok(stretches > 9 && whole, "and no prefix is cut in two");

	rib_watch(rib, (struct rib_watcher){tell, &told});
	announce(rib, 0, 0);
	is_int(told.count, 0, "what is said again is no change");
	is_int(rib_session_duplicates(rib, 0).announced, 1, "but counted");
	struct prefix unknown = prefix_number(PREFIXES + 1);
	(void)rib_withdraw(rib, (struct rib_source){0, 0}, &unknown);
	is_int(rib_session_duplicates(rib, 0).withdrawn, 1,
	       "and so is a withdrawal of what is not there");
	announce(rib, 2, 0);
	ok(told.count == 1 && told.refused == 1 && told.slot == 2,
	   "the watcher is told of a new path, and that it is refused");
	struct prefix first = prefix_number(0);
	(void)rib_withdraw(rib, (struct rib_source){0, 0}, &first);
	ok(told.count == 2 && told.slot == 0 && prefix_equal(told.prefix, first),
	   "and of one that goes");
	rib_session_close(rib, 1);
	while (rib_turn_end(rib))
		continue;
	is_int(told.count, 2 + 199, "and of each path of a session that is lost");
	rib_free(rib);
	return done_testing();
}
