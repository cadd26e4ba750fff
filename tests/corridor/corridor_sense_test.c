/* What machines tell of segments: what is believed, when, and what orders come of it. */
#include "corridor/corridor_sense.h"

#include <string.h>

#include "corridor/corridor_random.h"
#include "corridor/corridor_sense_orders.h"
#include "tap.h"

enum { BY_PARTS, BY_SESSION, BY_BOTH, BY_TOLD, BY_NOBODY, SEGMENTS, SOURCES = 7 };

static struct hub_site sites[] = {{.id = "A"}, {.id = "B"}};
static struct hub_segment segments[SEGMENTS] = {
	{.id = "parts", .a = 0, .b = 1},  {.id = "session", .a = 0, .b = 1},
	{.id = "both", .a = 0, .b = 1},   {.id = "told", .a = 0, .b = 1},
	{.id = "nobody", .a = 0, .b = 1},
};
static struct hub_segment_source sources[SOURCES] = {
	{.id = "ae0", .segment = BY_PARTS, .exporter = 0, .session = HUB_NONE, .weight = 3},
	{.id = "bfd1", .segment = BY_SESSION, .exporter = HUB_NONE, .session = 0, .weight = 1},
	{.id = "ae1", .segment = BY_PARTS, .exporter = 0, .session = HUB_NONE, .weight = 1},
	{.id = "ae2", .segment = BY_BOTH, .exporter = 0, .session = HUB_NONE, .weight = 1},
	{.id = "bfd2", .segment = BY_BOTH, .exporter = HUB_NONE, .session = 1, .weight = 1},
	{.id = "bfd3", .segment = BY_BOTH, .exporter = HUB_NONE, .session = 2, .weight = 1},
	{.id = "nms", .segment = BY_TOLD, .exporter = HUB_NONE, .session = HUB_NONE, .weight = 1},
};
static struct hub hub = {
	.sites = sites,
	.site_count = 2,
	.segments = segments,
	.segment_count = SEGMENTS,
	.segment_sources = sources,
	.segment_source_count = SOURCES,
	.steering = {.down_s = 2, .up_s = 30, .silent_s = 60},
};

static void
say(struct corridor_sense *sense, const char *id, bool up, int64_t at_s)
{
	corridor_sense_hear(sense, corridor_sense_find(sense, id),
			    up ? CORRIDOR_SAYS_UP : CORRIDOR_SAYS_DOWN, at_s * 1000);
}

static int
word_of(struct corridor_sense *sense, uint32_t segment)
{
	return (int)corridor_sense_verdict(sense, segment).word;
}

static void
test_words(void)
{
	struct corridor_sense *sense = corridor_sense_new(&hub);
	is_int(word_of(sense, BY_PARTS), CORRIDOR_SAYS_NOTHING, "at first nobody knows anything");
	is_int(corridor_sense_verdict(sense, BY_PARTS).share_percent, 100,
	       "and all of the capacity is taken to be there");
	is_int((long long)corridor_sense_find(sense, "ae9"), HUB_NONE,
	       "a source that is not there");
	say(sense, "ae0", false, 100);
	ok(!corridor_sense_turn(sense, 101000), "a word that has just been said is not believed");
	say(sense, "ae0", true, 101);
	say(sense, "ae0", false, 102);
	ok(!corridor_sense_turn(sense, 103000), "nor one that was taken back in between");
	ok(corridor_sense_turn(sense, 104000), "but one that holds");
	struct corridor_verdict v = corridor_sense_verdict(sense, BY_PARTS);
	ok(v.word == CORRIDOR_SAYS_NOTHING && v.share_percent == 25 && v.sources == 2 &&
		   v.down == 1,
	   "one of two interfaces takes its share of the capacity, by weight");
	say(sense, "ae1", true, 104);
	(void)corridor_sense_turn(sense, 134000);
	is_int(word_of(sense, BY_PARTS), CORRIDOR_SAYS_UP,
	       "with the other one up the segment is up");
	say(sense, "ae1", false, 140);
	(void)corridor_sense_turn(sense, 142000);
	v = corridor_sense_verdict(sense, BY_PARTS);
	ok(v.word == CORRIDOR_SAYS_DOWN && v.share_percent == 0, "when all are down it is down");
	is_str(sources[v.first_down].id, "ae0", "and who said so is known");

	say(sense, "ae2", true, 200);
	(void)corridor_sense_turn(sense, 230000);
	is_int(word_of(sense, BY_BOTH), CORRIDOR_SAYS_NOTHING,
	       "an interface with light alone does not tell that a segment carries");
	say(sense, "bfd2", true, 230);
	(void)corridor_sense_turn(sense, 260000);
	is_int(word_of(sense, BY_BOTH), CORRIDOR_SAYS_UP,
	       "with a session across it that is up it does");
	say(sense, "bfd2", false, 261);
	(void)corridor_sense_turn(sense, 263000);
	ok(word_of(sense, BY_BOTH) == CORRIDOR_SAYS_NOTHING &&
		   corridor_sense_verdict(sense, BY_BOTH).share_percent == 100,
	   "one session of two down is no cut, and takes no capacity");
	say(sense, "bfd3", false, 263);
	(void)corridor_sense_turn(sense, 265000);
	is_int(word_of(sense, BY_BOTH), CORRIDOR_SAYS_DOWN,
	       "all sessions down are a cut, whatever light the interface has");

	ok(!corridor_sense_turn(sense, 1000000) && word_of(sense, BY_BOTH) == CORRIDOR_SAYS_DOWN,
	   "silence ends no cut");
	ok(corridor_sense_is_silent(sense, 3, 1000000), "and is told as such");
	say(sense, "bfd1", false, 2000);
	ok(!corridor_sense_turn(sense, 2500000), "a word of long ago is not believed later");
	is_int(word_of(sense, BY_SESSION), CORRIDOR_SAYS_NOTHING, "and cuts nothing");
	corridor_sense_free(sense);
}

static void
test_adopt(void)
{
	struct corridor_sense *old = corridor_sense_new(&hub);
	say(old, "ae0", false, 1);
	say(old, "bfd1", false, 1);
	(void)corridor_sense_turn(old, 3000);
	struct hub_segment_source moved[SOURCES];
	memcpy(moved, sources, sizeof(moved));
	moved[1].segment = BY_NOBODY;
	struct hub next = hub;
	next.segment_sources = moved;
	struct corridor_sense *sense = corridor_sense_new(&next);
	corridor_sense_adopt(sense, old);
	ok(corridor_sense_source(sense, 0)->believed == CORRIDOR_SAYS_DOWN,
	   "what was heard outlives the hub file");
	ok(corridor_sense_source(sense, 1)->believed == CORRIDOR_SAYS_NOTHING,
	   "but not of a source that stands for another segment now");
	corridor_sense_free(old);
	corridor_sense_free(sense);
}

static size_t
orders(const struct corridor_state *state)
{
	size_t count;
	(void)corridor_state_orders(state, &count);
	return count;
}

static void
test_orders(void)
{
	struct corridor_state *state = corridor_state_new();
	struct corridor_sense *sense = corridor_sense_new(&hub);
	struct utc_s now = {1000};
	ok(!corridor_sense_command(state, sense, &hub, now),
	   "as long as nobody knows nothing is done");
	say(sense, "nms", false, 1);
	(void)corridor_sense_turn(sense, 3000);
	ok(corridor_sense_command(state, sense, &hub, now), "a segment that is down is cut");
	size_t count;
	const struct corridor_order *order = corridor_state_orders(state, &count);
	ok(count == 1 && order->live == CORRIDOR_CUT && order->voice == CORRIDOR_MACHINE,
	   "by a machine");
	is_str(order->id, "told", "that segment");
	is_str(order->who, "told nms", "with who said so");
	is_str(order->why, "1 of 1 down", "and how many agree");
	ok(!corridor_sense_command(state, sense, &hub, now), "once");
	say(sense, "nms", true, 10);
	(void)corridor_sense_turn(sense, 40000);
	ok(corridor_sense_command(state, sense, &hub, now) && orders(state) == 0,
	   "it is restored when it is up again");
	say(sense, "nms", false, 50);
	(void)corridor_sense_turn(sense, 52000);
	(void)corridor_sense_command(state, sense, &hub, now);
	struct hub without = hub;
	without.segment_source_count = SOURCES - 1;
	struct corridor_sense *next = corridor_sense_new(&without);
	corridor_sense_adopt(next, sense);
	ok(corridor_sense_command(state, next, &without, now) && orders(state) == 0,
	   "and when the hub file has no source of it any more");
	corridor_sense_free(next);
	corridor_sense_free(sense);
	corridor_state_free(state);
}

/* Sources and operator say whatever they like; at the end all sources say up, and what the operator has ordered last
 * is all that stands. */
static void
test_storm(void)
{
	bool bounded = true, clean = true, own = true;
	for (uint64_t seed = 1; seed <= 40; seed++) {
		struct corridor_state *state = corridor_state_new();
		struct corridor_sense *sense = corridor_sense_new(&hub);
		bool cut = false;
		for (int64_t t = 1; t <= 600; t++) {
			uint32_t who =
				(uint32_t)(corridor_random(seed, 1, (uint64_t)t) * (SOURCES + 1));
			bool up = corridor_random(seed, 2, (uint64_t)t) < 0.5;
			struct corridor_order by = {.live = up ? CORRIDOR_UP : CORRIDOR_CUT,
						    .kind = CORRIDOR_A_SEGMENT,
						    .id = "parts",
						    .from = {t},
						    .given = {t},
						    .who = "noc",
						    .why = ""};
			if (who < SOURCES)
				say(sense, sources[who].id, up, t);
			else if (up)
				(void)corridor_state_restore(state, &by), cut = false;
			else
				(void)corridor_state_order(state, &by), cut = true;
			if (corridor_sense_turn(sense, t * 1000))
				(void)corridor_sense_command(state, sense, &hub, (struct utc_s){t});
			bounded = bounded && orders(state) <= 2 * SEGMENTS;
		}
		for (uint32_t i = 0; i < SOURCES; i++)
			say(sense, sources[i].id, true, 601);
		(void)corridor_sense_turn(sense, 631000);
		(void)corridor_sense_command(state, sense, &hub, (struct utc_s){631});
		size_t count;
		const struct corridor_order *all = corridor_state_orders(state, &count);
		clean = clean && count == (cut ? 1 : 0);
		own = own && (!count || all[0].voice == CORRIDOR_OPERATOR);
		corridor_sense_free(sense);
		corridor_state_free(state);
	}
	ok(bounded, "however they contradict each other, orders stay few");
	ok(clean && own, "and when all are up at last only what the operator cut is cut");
}

int
main(void)
{
	test_words();
	test_adopt();
	test_orders();
	test_storm();
	return done_testing();
}
