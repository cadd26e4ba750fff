/* Journals played again: how long segments were cut, and sites without a way. */
#include "corridor/corridor_lived.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "triangle.h"

enum { AB, BC, AC, HOUR = 3600, FROM = 1000 * HOUR, UNTIL = 1100 * HOUR };

/* Orders as they are given, into a journal. */
static struct corridor_state *state;

static void
give(enum corridor_live live, const char *id, int64_t at_h, int64_t from_h, int64_t until_h)
{
	struct corridor_order order = {
		.live = live,
		.kind = CORRIDOR_A_SEGMENT,
		.id = id,
		.from = {from_h * HOUR},
		.until = {until_h * HOUR},
		.given = {at_h * HOUR},
		.who = "",
		.why = "",
	};
	(void)corridor_state_turn(state, order.given);
	enum corridor_state_result result = live == CORRIDOR_UP
						    ? corridor_state_restore(state, &order)
						    : corridor_state_order(state, &order);
	if (result != CORRIDOR_STATE_DONE)
		abort();
}

static struct corridor_lived
lived_through(struct arena *arena, const struct corridor_plan *plan, size_t skipped)
{
	static const bool open[3] = {true, true, true};
	struct corridor_lived_ask ask = {.plan = plan,
					 .open = open,
					 .ends = {0, 2},
					 .from = {FROM},
					 .until = {UNTIL},
					 .since = corridor_state_since(state)};
	struct corridor_lived lived;
	size_t count;
	const struct corridor_event *events = corridor_state_events(state, &count);
	if (corridor_lived(&lived, arena, &ask, events + skipped, count - skipped) < 0)
		abort();
	return lived;
}

static int64_t
cut_h(const struct corridor_lived *lived, uint32_t segment)
{
	for (size_t i = 0; i < lived->segment_count; i++)
		if (lived->segments[i].segment == segment)
			return lived->segments[i].cut_s / HOUR;
	return 0;
}

int
main(void)
{
	struct hub hub = triangle();
	struct corridor_plan *plan = corridor_plan_new(&hub, (struct corridor_day){0});
	struct arena *arena = arena_new();
	state = corridor_state_new();
	if (!plan || !arena || !state)
		abort();
	struct corridor_lived lived = lived_through(arena, plan, 0);
	ok(lived.segment_count == 0 && lived.down_s == 0 && lived.whole,
	   "a month without orders is whole");
	give(CORRIDOR_CUT, "AC", 990, 0, 0);
	give(CORRIDOR_UP, "AC", 1010, 0, 0);
	give(CORRIDOR_DRAINED, "AB", 1012, 0, 0);
	give(CORRIDOR_CUT, "AC", 1020, 0, 1030);
	give(CORRIDOR_UP, "AB", 1022, 0, 0);
	give(CORRIDOR_CUT, "AB", 1025, 0, 0);
	give(CORRIDOR_CUT, "BC", 1027, 0, 1028);
	give(CORRIDOR_UP, "AB", 1040, 0, 0);
	give(CORRIDOR_CUT, "AC", 1095, 0, 0);
	lived = lived_through(arena, plan, 0);
	is_int(cut_h(&lived, AC), 10 + 10 + 5,
	       "what was cut before and after the span counts within it");
	is_int(cut_h(&lived, AB), 15, "what is drained is not cut");
	is_int(cut_h(&lived, BC), 1, "an order ends by itself");
	is_int(lived.down_s / HOUR, 5, "only without either way there is none");
	is_int(lived.times, 1, "once, though another segment came and went");
	ok(lived.segments[0].segment == AC && lived.segments[0].times == 3,
	   "longest first, with how often");
	ok(lived.whole && lived.from.s == FROM, "the journal has all of it");
	lived = lived_through(arena, plan, 4);
	ok(!lived.whole && lived.from.s > FROM,
	   "one that has lost its beginning says from when on");
	corridor_state_begin(state, (struct utc_s){1005LL * HOUR});
	lived = lived_through(arena, plan, 0);
	ok(!lived.whole && lived.from.s == 1005LL * HOUR && cut_h(&lived, AC) == 5 + 10 + 5,
	   "of before it was begun nothing is told");
	corridor_state_begin(state, (struct utc_s){2000LL * HOUR});
	lived = lived_through(arena, plan, 0);
	ok(!lived.whole && lived.from.s == UNTIL && lived.segment_count == 0,
	   "nor anything when that was after all of it");
	corridor_state_free(state);
	arena_free(arena);
	corridor_plan_free(plan);
	return done_testing();
}
