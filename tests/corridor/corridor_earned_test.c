/* The ledger's answer about revenue by segment: what is read of it, and what is refused. */
#include "corridor/corridor_earned.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "silkroad.h"
#include "tap.h"

static const char answer[] =
	"{\"by\":\"segment\",\"span\":\"2026-10\",\"running\":false,\"simulated\":true,\"rows\":["
	"{\"key\":\"L24\",\"name\":\"a\",\"sum\":{\"amount\":\"1200.50\",\"currency\":\"USD\"}},"
	"{\"key\":\"L25\",\"name\":\"b\",\"sum\":{\"amount\":\"99.50\",\"currency\":\"USD\"}},"
	"{\"key\":\"\",\"name\":\"none\",\"sum\":{\"amount\":\"4500.00\",\"currency\":\"USD\"}},"
	"{\"key\":\"GONE\",\"name\":\"c\",\"sum\":{\"amount\":\"-1.00\",\"currency\":\"USD\"}},"
	"{\"key\":\"L24\",\"name\":\"a\",\"sum\":{\"amount\":\"2550.00\",\"currency\":\"AZN\"}}]}";

static int
read_as(struct corridor_earned *e, struct arena *arena, const struct hub *hub, const char *text)
{
	return corridor_earned_read(e, arena, hub, text, strlen(text));
}

static void
test_read(const struct hub *hub, struct arena *arena)
{
	struct corridor_earned e;
	ok(read_as(&e, arena, hub, answer) == 0, "an answer is read");
	is_str(e.month, "2026-10", "with its month");
	ok(e.simulated && !e.running, "that is over, and simulated");
	is_int(e.count, 2, "its two currencies are apart");
	const struct corridor_earned_sum *usd = corridor_earned_usd(&e);
	ok(usd && usd->segments[hub_segment_by_id(hub, "L24")] == 1200.5, "a segment has its sum");
	ok(usd->elsewhere == 4499, "what is on no segment of the hub file is elsewhere");
	ok(corridor_earned_on(usd, hub, NULL) == 1300, "all segments together");
	bool *one = arena_take(arena, hub->segment_count);
	one[hub_segment_by_id(hub, "L25")] = true;
	ok(corridor_earned_on(usd, hub, one) == 99.5, "and chosen ones");
}

static void
test_classes(const struct hub *hub, struct arena *arena)
{
	struct corridor_day day = {.at = {1795219200}};
	struct corridor_plan *plan = corridor_plan_new(hub, day);
	struct corridor_earned e;
	double sum = 0;
	if (!plan || read_as(&e, arena, hub, answer) < 0)
		abort();
	for (uint32_t i = 0; i < plan->classes[CORRIDOR_COUNTRIES].count; i++)
		sum += corridor_earned_by_class(corridor_earned_usd(&e), plan, CORRIDOR_COUNTRIES,
						i);
	ok(fabs(sum - 1300) < 1e-9, "countries share all that is on segments");
	corridor_plan_free(plan);
}

static void
test_refused(const struct hub *hub, struct arena *arena)
{
	static const char *const bad[] = {
		"",
		"[]",
		"{}",
		"{\"span\":\"2026-10\"}",
		"{\"rows\":[]}",
		"{\"span\":\"2026-10\",\"rows\":{}}",
		"{\"span\":\"2026-10\",\"rows\":[{}]}",
		"{\"span\":\"2026-10\",\"rows\":[1]}",
		"{\"span\":\"2026-10\",\"rows\":[{\"key\":\"L24\",\"sum\":{\"amount\":\"much\","
		"\"currency\":\"USD\"}}]}",
		"{\"span\":\"2026-10\",\"rows\":[{\"key\":\"L24\",\"sum\":{\"amount\":12,"
		"\"currency\":\"USD\"}}]}",
	};
	unsigned refused = 0, count = sizeof(bad) / sizeof(bad[0]);
	struct corridor_earned e = {.count = 77};
	for (unsigned i = 0; i < count; i++)
		refused += read_as(&e, arena, hub, bad[i]) < 0 && errno == EINVAL && e.count == 77;
	is_int(refused, count, "what is no such answer is refused, and nothing is written");
	for (size_t cut = 0; cut < sizeof(answer) - 1; cut++)
		if (corridor_earned_read(&e, arena, hub, answer, cut) == 0)
			count = 0;
	ok(count, "so is one that ends early, wherever");
	ok(read_as(&e, arena, hub, "{\"span\":\"2026-10\",\"rows\":[]}") == 0 &&
		   !corridor_earned_usd(&e),
	   "nothing billed is an answer");
}

int
main(void)
{
	struct hub *hub = silkroad();
	struct arena *arena = arena_new();
	test_read(hub, arena);
	test_classes(hub, arena);
	test_refused(hub, arena);
	arena_free(arena);
	hub_free(hub);
	return done_testing();
}
