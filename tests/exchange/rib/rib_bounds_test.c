/* What a neighbour can make the table do is bounded, whatever it says. */
#include "exchange/rib/rib.h"
#include "tap.h"

enum { SESSIONS = 3, SETS = 50 };

static unsigned asked[SESSIONS];

static void
judge_attrs(void *context, struct rib *rib, unsigned slot, const struct bgp_attrs *attrs,
	    struct rib_verdict *verdict)
{
	(void)context;
	(void)rib;
	(void)attrs;
	asked[slot]++;
	*verdict = (struct rib_verdict){.plain = true};
}

static void
judge_paths(void *context, struct rib *rib, const struct rib_asked *route,
	    const struct prefix *prefixes, size_t count, uint32_t *marks)
{
	(void)context;
	(void)rib;
	(void)route;
	(void)prefixes;
	for (size_t i = 0; i < count; i++)
		marks[i] = 0;
}

/* A set of attributes, told from others by its MED. */
static uint32_t
attributes(struct rib *rib, unsigned slot, uint32_t med)
{
	static const uint8_t path[] = {2, 1, 0, 0, 0xfd, 0xe8};
	struct bgp_attrs attrs = {.next_hop = ip_v4(0xc0000201u + slot),
				  .as_path = cursor_of(path, sizeof(path)),
				  .as_hops = 1,
				  .has_med = true,
				  .med = med};
	uint32_t set = rib_attrs_known(rib, slot, &attrs);
	struct rib_verdict verdict = {.plain = true};
	return set ? set : rib_attrs_intern(rib, &verdict);
}

static struct rib *
table(void)
{
	struct rib *rib = rib_new(IP_V4, SESSIONS);
	const struct rib_hooks hooks = {.attrs = judge_attrs, .paths = judge_paths};
	rib_set_hooks(rib, &hooks);
	for (unsigned slot = 0; slot < SESSIONS; slot++) {
		struct rib_peer peer = {.router_id = 1 + slot,
					.address = ip_v4(0xc0000201u + slot)};
		rib_session_open(rib, slot, &peer);
	}
	return rib;
}

static void
a_round_comes_to_its_end(void)
{
	struct rib *rib = table();
	for (unsigned slot = 0; slot < SESSIONS; slot++)
		for (unsigned i = 0; i < SETS; i++) {
			struct prefix prefix = prefix_of(ip_v4(0x0a000000u + (i << 8)), 24);
			(void)rib_announce(rib, (struct rib_source){slot, 0}, &prefix,
					   attributes(rib, slot, i), 0, 1);
		}
	rib_turn_end(rib);
	for (unsigned turn = 0; turn < 200; turn++) {
		rib_rejudge_begin(rib);
		(void)rib_rejudge_step(rib, 10);
		rib_turn_end(rib);
	}
	ok(asked[SESSIONS - 1] >= SETS,
	   "however often judging begins anew, the last session's routes have their turn (%u)",
	   asked[SESSIONS - 1]);
	unsigned before = asked[0];
	while (rib_rejudge_step(rib, 1000))
		rib_turn_end(rib);
	ok(asked[0] >= before + SETS, "and what was done before it was wanted again is done again");
	before = asked[0];
	ok(!rib_rejudge_step(rib, 1000) && asked[0] == before, "then it is over");
	rib_free(rib);
}

static void
paths_of_a_prefix(void)
{
	struct rib *rib = table();
	struct prefix prefix = prefix_of(ip_v4(0x0a000000u), 24);
	uint32_t set = attributes(rib, 0, 1);
	unsigned taken = 0;
	for (uint32_t id = 1; id <= 1000; id++)
		taken += rib_announce(rib, (struct rib_source){0, id}, &prefix, set, 0, 1) ==
			 RIB_DONE;
	is_int(taken, RIB_PATH_IDS_MAX, "a neighbour has only so many paths of one prefix");
	uint32_t other = attributes(rib, 0, 2);
	ok(rib_announce(rib, (struct rib_source){0, 1}, &prefix, other, 0, 1) == RIB_DONE,
	   "those that it has it may replace");
	ok(rib_announce(rib, (struct rib_source){0, 1000}, &prefix, set, 0, 1) == RIB_TOO_MANY,
	   "one more is told from a lack of memory");
	ok(rib_announce(rib, (struct rib_source){1, 1000}, &prefix, attributes(rib, 1, 1), 0, 1) ==
		   RIB_DONE,
	   "the others have room of their own");
	(void)rib_withdraw(rib, (struct rib_source){0, 2}, &prefix);
	ok(rib_announce(rib, (struct rib_source){0, 1000}, &prefix, set, 0, 1) == RIB_DONE,
	   "one that goes makes room");
	rib_free(rib);
}

int
main(void)
{
	a_round_comes_to_its_end();
	paths_of_a_prefix();
	return done_testing();
}
