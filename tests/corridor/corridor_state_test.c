/* Orders about the corridor: what is cut, drained, worked on; the journal; the file. */
#include "corridor/corridor_state.h"

#include <stdlib.h>
#include <string.h>

#include "hubs.h"
#include "tap.h"

static const struct corridor_order cut_cable = {
	.live = CORRIDOR_CUT,
	.kind = CORRIDOR_A_CABLE,
	.id = "CABLE0",
	.given = {1000},
	.from = {1000},
	.who = "uid 0",
	.why = "anchor",
};

static enum corridor_state_result
order(struct corridor_state *state, enum corridor_live live, enum corridor_kind kind,
      const char *id, struct utc_s from, struct utc_s until)
{
	struct corridor_order o = {live, CORRIDOR_OPERATOR, kind, id, from, until, {1000}, "noc",
				   ""};
	return corridor_state_order(state, &o);
}

static enum corridor_state_result
restore(struct corridor_state *state, enum corridor_kind kind, const char *id)
{
	struct corridor_order o = {.kind = kind, .id = id, .given = {2000}, .who = "x", .why = ""};
	return corridor_state_restore(state, &o);
}

static enum corridor_live
live_of(const struct corridor_state *state, const struct corridor_plan *plan, uint32_t segment,
	int64_t now)
{
	enum corridor_live live[64];
	corridor_state_live(live, state, plan, (struct utc_s){now});
	return live[segment];
}

static void
test_orders(const struct corridor_plan *plan)
{
	struct corridor_state *state = corridor_state_new();
	is_int(live_of(state, plan, 0, 1000), CORRIDOR_UP, "what nobody says a word of is up");
	is_int(corridor_state_order(state, &cut_cable), CORRIDOR_STATE_DONE, "a cable is cut");
	is_int(live_of(state, plan, 0, 1000), CORRIDOR_CUT, "with it its first segment");
	is_int(live_of(state, plan, 6, 1000), CORRIDOR_CUT, "and its second");
	is_int(live_of(state, plan, 1, 1000), CORRIDOR_UP, "a segment of no such cable is up");
	is_int(corridor_state_order(state, &cut_cable), CORRIDOR_STATE_AS_IT_WAS,
	       "cutting it again is nothing new");
	is_int(order(state, CORRIDOR_DRAINED, CORRIDOR_A_SEGMENT, "s0", (struct utc_s){0},
		     (struct utc_s){0}),
	       CORRIDOR_STATE_DONE, "a segment of it is drained as well, by its id in any case");
	is_int(live_of(state, plan, 0, 1000), CORRIDOR_CUT, "the worse of two orders holds");
	is_int(restore(state, CORRIDOR_A_SEGMENT, "S6"), CORRIDOR_STATE_NOTHING,
	       "a segment that is cut with its cable cannot be restored by itself");
	is_int(restore(state, CORRIDOR_A_CABLE, "cable0"), CORRIDOR_STATE_DONE,
	       "the cable is restored");
	is_int(live_of(state, plan, 0, 2000), CORRIDOR_DRAINED, "what was drained stays drained");
	is_int(live_of(state, plan, 6, 2000), CORRIDOR_UP, "the other is up again");
	size_t count;
	const struct corridor_event *events = corridor_state_events(state, &count);
	is_int((long long)count, 3, "the journal has a line for each deed");
	is_int(events[2].deed, CORRIDOR_RESTORED, "the last is the restoration");
	is_str(events[2].order.who, "x", "with who restored it");
	is_str(events[0].order.why, "anchor", "the first with the reason of the cut");
	char long_text[CORRIDOR_ORDER_TEXT_MAX + 2];
	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = 0;
	is_int(order(state, CORRIDOR_CUT, CORRIDOR_A_SEGMENT, long_text, (struct utc_s){0},
		     (struct utc_s){0}),
	       CORRIDOR_STATE_LONG, "an id that is too long is refused");
	corridor_state_free(state);
}

static void
test_work(const struct corridor_plan *plan)
{
	struct corridor_state *state = corridor_state_new();
	order(state, CORRIDOR_WORK, CORRIDOR_A_SEGMENT, "S2", (struct utc_s){3000},
	      (struct utc_s){4000});
	is_int(order(state, CORRIDOR_WORK, CORRIDOR_A_SEGMENT, "S2", (struct utc_s){5000},
		     (struct utc_s){6000}),
	       CORRIDOR_STATE_DONE, "work is planned for two nights");
	is_int(live_of(state, plan, 2, 2999), CORRIDOR_UP, "before it all is up");
	is_int(live_of(state, plan, 2, 3000), CORRIDOR_WORK, "it begins in time");
	is_int(live_of(state, plan, 2, 4000), CORRIDOR_UP, "and ends in time");
	ok(!corridor_state_turn(state, (struct utc_s){3999}), "nothing has run out in between");
	ok(corridor_state_turn(state, (struct utc_s){4000}), "what is over is taken out");
	size_t count;
	const struct corridor_event *events = corridor_state_events(state, &count);
	ok(count == 3 && events[2].deed == CORRIDOR_RUN_OUT && events[2].at.s == 4000,
	   "with a line of the journal");
	is_int(restore(state, CORRIDOR_A_SEGMENT, "S2"), CORRIDOR_STATE_DONE,
	       "work that has not begun can be called off");
	corridor_state_orders(state, &count);
	is_int((long long)count, 0, "then nothing is ordered");
	corridor_state_free(state);
}

static bool
same_bytes(const struct corridor_state *a, const struct corridor_state *b)
{
	struct buf x = {0}, y = {0};
	corridor_state_encode(a, &x);
	corridor_state_encode(b, &y);
	bool same = x.length == y.length && memcmp(x.data, y.data, x.length) == 0;
	buf_fini(&x);
	buf_fini(&y);
	return same;
}

static enum corridor_state_result
machine_says(struct corridor_state *state, bool down, int64_t at)
{
	struct corridor_order o = {.live = down ? CORRIDOR_CUT : CORRIDOR_UP,
				   .voice = CORRIDOR_MACHINE,
				   .kind = CORRIDOR_A_SEGMENT,
				   .id = "S0",
				   .from = {at},
				   .given = {at},
				   .who = "snmp gw ae0",
				   .why = "2 of 2 down"};
	return down ? corridor_state_order(state, &o) : corridor_state_restore(state, &o);
}

static void
test_file(void)
{
	struct corridor_state *state = corridor_state_new();
	corridor_state_begin(state, (struct utc_s){77});
	for (int i = 0; i < CORRIDOR_EVENTS_MAX; i++) {
		corridor_state_order(state, &cut_cable);
		restore(state, CORRIDOR_A_CABLE, "CABLE0");
	}
	corridor_state_order(state, &cut_cable);
	size_t count;
	const struct corridor_event *events = corridor_state_events(state, &count);
	ok(count == CORRIDOR_EVENTS_MAX && events[count - 1].number == 2 * CORRIDOR_EVENTS_MAX + 1,
	   "the journal keeps the newest lines and counts on");
	struct buf bytes = {0};
	corridor_state_encode(state, &bytes);
	struct corridor_state *back = corridor_state_decode(cursor_of(bytes.data, bytes.length));
	struct corridor_state *copy = corridor_state_copy(state);
	ok(back && same_bytes(state, back), "what was written is read back the same");
	ok(copy && same_bytes(state, copy), "a copy is the same");
	ok(back && corridor_state_since(back).s == 77 && copy && corridor_state_since(copy).s == 77,
	   "with when it was begun");
	bool all = true;
	for (size_t i = 0; i < bytes.length; i += 97) {
		bytes.data[i] ^= 1;
		struct corridor_state *harmed =
			corridor_state_decode(cursor_of(bytes.data, bytes.length));
		all = all && !harmed;
		corridor_state_free(harmed);
		bytes.data[i] ^= 1;
	}
	ok(all, "a file with one bit turned is none");
	corridor_state_lose(copy, (struct utc_s){99});
	struct corridor_state *again = corridor_state_copy(copy);
	is_int(corridor_state_lost(again).s, 99, "that orders are lost is told");
	(void)machine_says(again, true, 1000);
	is_int(corridor_state_lost(again).s, 99, "whatever machines say,");
	(void)restore(again, CORRIDOR_A_CABLE, "CABLE0");
	is_int(corridor_state_lost(again).s, 0, "until an operator gives an order");
	corridor_state_free(again);
	buf_fini(&bytes);
	corridor_state_free(state);
	corridor_state_free(back);
	corridor_state_free(copy);
}

/* Encodes and decodes it. */
static struct corridor_state *
over_the_file(struct corridor_state *state)
{
	struct buf bytes = {0};
	corridor_state_encode(state, &bytes);
	struct corridor_state *back = corridor_state_decode(cursor_of(bytes.data, bytes.length));
	buf_fini(&bytes);
	corridor_state_free(state);
	return back;
}

static void
test_machines(const struct corridor_plan *plan)
{
	struct utc_s no = {0};
	struct corridor_state *state = corridor_state_new();
	is_int(machine_says(state, true, 1000), CORRIDOR_STATE_DONE, "a machine cuts a segment");
	is_int(live_of(state, plan, 0, 1000), CORRIDOR_CUT, "and it is cut");
	is_int(order(state, CORRIDOR_CUT, CORRIDOR_A_SEGMENT, "S0", no, no), CORRIDOR_STATE_DONE,
	       "the operator cuts it as well");
	is_int(machine_says(state, false, 1500), CORRIDOR_STATE_DONE, "the machine finds it up");
	is_int(live_of(state, plan, 0, 1500), CORRIDOR_CUT, "what the operator cut stays cut");
	is_int(machine_says(state, false, 1600), CORRIDOR_STATE_NOTHING,
	       "and to the machine there is nothing to be ended any more");
	is_int(restore(state, CORRIDOR_A_SEGMENT, "S0"), CORRIDOR_STATE_DONE,
	       "the operator restores it");
	is_int(machine_says(state, true, 2100), CORRIDOR_STATE_DONE,
	       "the machine, which did not say it was down then, may cut it again");
	is_int(restore(state, CORRIDOR_A_SEGMENT, "S0"), CORRIDOR_STATE_DONE,
	       "the operator restores what a machine has cut");
	is_int(machine_says(state, true, 2200), CORRIDOR_STATE_OVERRULED,
	       "the machine's word counts for nothing then");
	state = over_the_file(state);
	is_int(machine_says(state, true, 2300), CORRIDOR_STATE_OVERRULED,
	       "over the end of a process too");
	is_int(live_of(state, plan, 0, 2300), CORRIDOR_UP, "and the segment is up");
	is_int(restore(state, CORRIDOR_A_SEGMENT, "S0"), CORRIDOR_STATE_NOTHING,
	       "there is nothing more to restore");
	is_int(machine_says(state, false, 2400), CORRIDOR_STATE_DONE, "when the machine agrees");
	is_int(machine_says(state, true, 2500), CORRIDOR_STATE_DONE, "its next word counts again");
	(void)restore(state, CORRIDOR_A_SEGMENT, "S0");
	(void)order(state, CORRIDOR_CUT, CORRIDOR_A_SEGMENT, "S0", no, no);
	(void)restore(state, CORRIDOR_A_SEGMENT, "S0");
	is_int(machine_says(state, true, 2600), CORRIDOR_STATE_DONE,
	       "a cut of the operator's own ends the trust in the segment");
	corridor_state_free(state);
}

int
main(void)
{
	uint64_t seed = 7;
	struct test_hub t = hub_by_chance(&seed, 6, 12);
	struct corridor_plan *plan = plan_of(&t.hub);
	test_orders(plan);
	test_machines(plan);
	test_work(plan);
	test_file();
	corridor_plan_free(plan);
	test_hub_free(&t);
	return done_testing();
}
