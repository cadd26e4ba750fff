/* Which sets are asked about, when, and what is believed, on a clock of the test's own. */
#include "registry/registry_plan.h"

#include <stdlib.h>

#include "tap.h"

enum { HOUR = 3600, DAY = 86400 };

static struct registry_moment now;

static void
wait_s(int64_t s)
{
	now.mono.us += s * 1000000;
	now.utc.s += s;
}

/* --- a picture --- */

static struct hub_session sessions[] = {
	{.ipv4 = true, .ipv6 = true}, {.ipv4 = true}, {.ipv6 = true}, {.ipv4 = true}};
static struct hub_member members[4];

static struct hub
picture(void)
{
	for (uint32_t i = 0; i < 4; i++) {
		members[i] = (struct hub_member){
			.asn = {64501 + i}, .first_session = i, .session_count = 1};
		members[i].policy.irr.prefix = HUB_CHECK_REFUSE;
	}
	members[0].as_set = "AS-ONE";
	members[1].as_set = "as-one";
	members[3].policy.irr.prefix = HUB_CHECK_OFF;
	return (struct hub){
		.members = members,
		.member_count = 4,
		.sessions = sessions,
		.session_count = 4,
		.irr = {.enabled = true,
			.refresh_s = 6 * HOUR,
			.shrink_percent = 50,
			.at_once = 2,
			.prefixes_max = 1000},
	};
}

static struct registry_plan
begin(void)
{
	struct registry_plan plan;
	struct hub hub = picture();
	now = (struct registry_moment){{1000000000}, {1700000000}};
	registry_plan_init(&plan, 7);
	if (registry_plan_use(&plan, &hub, now) < 0)
		abort();
	return plan;
}

static struct registry_item *
only_item(struct registry_plan *plan)
{
	return registry_plan_find(plan, "AS-ONE", IP_V4);
}

static void
what_is_asked(void)
{
	struct registry_plan plan = begin();
	is_int((long long)plan.count, 3,
	       "each set is asked about once for each family it is used in");
	ok(strcmp(plan.items[0]->name, "AS-ONE") == 0 && plan.items[0]->family == IP_V4 &&
		   plan.items[0]->member_count == 2 && plan.items[1]->family == IP_V6 &&
		   plan.items[1]->member_count == 1 && strcmp(plan.items[2]->name, "AS64503") == 0,
	   "for all members that use it; a member without checks has none");
	struct registry_item *a = registry_plan_next(&plan, now.mono);
	struct registry_item *b = registry_plan_next(&plan, now.mono);
	ok(a && b && a != b && !registry_plan_next(&plan, now.mono),
	   "no more than at_once at once");
	is_int(registry_plan_due(&plan).us, INT64_MAX, "and then only an answer makes room");
	registry_plan_failed(&plan, a, "hang", now);
	struct registry_item *c = registry_plan_next(&plan, now.mono);
	ok(c && c != a && c != b, "which a failure does, too");

	struct hub hub = picture();
	hub.member_count =
		1; /* AS64503 is gone while it is asked about, and so is a user of AS-ONE */
	ok(registry_plan_use(&plan, &hub, now) == 0 && plan.count == 2 &&
		   plan.items[0]->member_count == 1,
	   "a set that is used no more is forgotten");
	ok(plan.items[0]->failures + plan.items[1]->failures == 1, "the others are remembered");
	hub.irr.enabled = false;
	ok(registry_plan_use(&plan, &hub, now) == 0 && plan.count == 0 && plan.asking == 0,
	   "without registries nothing is asked");
	registry_plan_fini(&plan);
}

/* --- answers --- */

/* Asks about the only set that is of interest, and answers. */
static enum registry_verdict
answer(struct registry_plan *plan, uint32_t prefixes, uint32_t origins, uint64_t hash)
{
	struct registry_item *item = only_item(plan);
	struct buf none = {0};
	while (!item->asking) {
		registry_plan_refresh(item, (struct mono_us){1});
		struct registry_item *next = registry_plan_next(plan, now.mono);
		if (!next)
			abort();
		if (next != item)
			registry_plan_failed(plan, next, "of no interest", now);
	}
	return registry_plan_answered(plan, item, (struct registry_size){prefixes, origins, hash},
				      &none, now);
}

static void
plausible_answers(void)
{
	struct registry_plan plan = begin();
	struct registry_item *item = only_item(&plan);
	is_int(answer(&plan, 100, 10, 1), REGISTRY_TAKE, "the first answer is taken");
	is_int(registry_item_state(item), REGISTRY_FRESH, "and is fresh");
	int64_t first = now.utc.s;
	wait_s(HOUR);
	is_int(answer(&plan, 100, 10, 1), REGISTRY_SAME, "the same answer changes only its time");
	ok(item->good.fetched.s == now.utc.s && item->good.since.s == first,
	   "since when it is so stays");
	is_int(answer(&plan, 50, 5, 2), REGISTRY_TAKE, "half of it is taken");
	is_int(answer(&plan, 1000, 500, 3), REGISTRY_TAKE, "as much as the limit is taken");
	is_int(answer(&plan, 1000, 500, 4), REGISTRY_TAKE, "as are others instead of them");
	registry_plan_fini(&plan);
}

static void
doubtful_answers(void)
{
	static const struct {
		uint32_t prefixes, origins;
		const char *what;
	} cases[] = {
		{49, 10, "less than half of the prefixes"},
		{100, 4, "less than half of the origins"},
		{0, 10, "no prefixes any more"},
		{100, 0, "no origins any more"},
		{0, 0, "nothing at all any more"},
		{1001, 10, "more than the limit"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct registry_plan plan = begin();
		struct registry_item *item = only_item(&plan);
		(void)answer(&plan, 100, 10, 1);
		enum registry_verdict verdict =
			answer(&plan, cases[i].prefixes, cases[i].origins, 2);
		ok(verdict == REGISTRY_HOLD && item->good.size.hash == 1 && item->held.there &&
			   *item->held_why && registry_item_state(item) == REGISTRY_HELD,
		   "%s: held, the old answer stays, and why is said (%s)", cases[i].what,
		   item->held_why);
		ok(registry_plan_accept(item) && item->good.size.hash == 2 && !item->held.there &&
			   registry_item_state(item) == REGISTRY_FRESH &&
			   !registry_plan_accept(item),
		   "and is in force once accepted");
		is_int(answer(&plan, cases[i].prefixes, cases[i].origins, 3), REGISTRY_TAKE,
		       "from then on such answers are plausible");
		registry_plan_fini(&plan);
	}
	struct registry_plan plan = begin();
	plan.rules.shrink_percent = 100;
	(void)answer(&plan, 100, 10, 1);
	is_int(answer(&plan, 0, 0, 2), REGISTRY_TAKE, "with a guard of 100 % nothing is held");
	is_int(answer(&plan, 1001, 10, 3), REGISTRY_HOLD, "but for the limit");
	plan.rules.prefixes_max = 0;
	is_int(answer(&plan, 4000000, 10, 4), REGISTRY_TAKE, "which may be absent");
	registry_plan_fini(&plan);

	plan = begin();
	is_int(answer(&plan, 1001, 10, 1), REGISTRY_HOLD, "a first answer can be too large");
	ok(!only_item(&plan)->good.there, "then nothing is known of the set");
	registry_plan_fini(&plan);
}

static void
held_for_long(void)
{
	struct registry_plan plan = begin();
	struct registry_item *item = only_item(&plan);
	(void)answer(&plan, 100, 10, 1);
	int64_t since = now.utc.s;
	for (int i = 0; i < 11; i++) {
		is_int(answer(&plan, 40 + (unsigned)i % 3, 4, 100 + (unsigned)i), REGISTRY_HOLD,
		       "an answer like the held one is held too");
		wait_s(6 * HOUR + 1800);
	}
	ok(item->held.since.s == since && registry_item_taken_at(item).s == since + 3 * DAY,
	   "the time it is held for counts from the first of them");
	wait_s(DAY);
	is_int(answer(&plan, 41, 4, 200), REGISTRY_TAKE, "after three days it is how things are");
	ok(!item->held.there && item->good.size.prefixes == 41, "and nothing is held any more");

	(void)answer(&plan, 10, 4, 300);
	wait_s(2 * DAY);
	is_int(answer(&plan, 3, 4, 301), REGISTRY_HOLD, "an answer unlike the held one is held");
	wait_s(2 * DAY);
	is_int(answer(&plan, 3, 4, 301), REGISTRY_HOLD, "and its time begins anew");
	is_int(answer(&plan, 3, 4, 301), REGISTRY_HOLD, "however often it is asked for");
	wait_s(DAY + 1);
	is_int(answer(&plan, 3, 4, 301), REGISTRY_TAKE, "until it has lasted");

	(void)answer(&plan, 1, 4, 302);
	wait_s(4 * DAY);
	is_int(answer(&plan, 1, 4, 302), REGISTRY_HOLD, "two answers far apart are not enough");
	is_int(answer(&plan, 3, 4, 303), REGISTRY_TAKE, "a plausible answer is taken at once");
	ok(!item->held.there, "and what was held is forgotten");

	for (int i = 0; i < 10; i++) {
		is_int(answer(&plan, 5000, 10, 400), REGISTRY_HOLD,
		       "what is too large waits for the operator");
		wait_s(DAY);
	}
	is_int(registry_item_taken_at(item).s, 0, "for ever");
	registry_plan_fini(&plan);
}

/* --- the schedule --- */

static void
refreshing(void)
{
	struct registry_plan plan = begin();
	struct registry_item *item = only_item(&plan);
	bool in_time = true, same = true;
	int64_t before = 0;
	for (int i = 0; i < 50; i++) {
		(void)answer(&plan, 100, 10, 1);
		int64_t wait_us = item->due.us - now.mono.us;
		in_time = in_time && wait_us >= 6 * HOUR * INT64_C(900000) &&
			  wait_us <= 6 * HOUR * INT64_C(1100000);
		same = same && (i == 0 || wait_us == before);
		before = wait_us;
	}
	ok(in_time, "a set is asked about again after refresh_s, give or take a tenth");
	ok(!same, "and not always after the same time");
	registry_plan_refresh(item, now.mono);
	ok(registry_plan_due(&plan).us <= now.mono.us, "or at once when that is wanted");
	while (!item->asking)
		(void)registry_plan_next(&plan, now.mono);
	registry_plan_refresh(item, now.mono);
	struct buf none = {0};
	(void)registry_plan_answered(&plan, item, (struct registry_size){100, 10, 1}, &none, now);
	ok(item->due.us <= now.mono.us, "also when it is just being asked about");
	registry_plan_fini(&plan);
}

static void
failing(void)
{
	struct registry_plan plan = begin();
	struct registry_item *item = only_item(&plan);
	int64_t last = 0;
	bool grows = true;
	(void)answer(&plan, 100, 10, 1);
	for (int i = 0; i < 12; i++) {
		registry_plan_refresh(item, (struct mono_us){1});
		while (!item->asking)
			(void)registry_plan_next(&plan, now.mono);
		registry_plan_failed(&plan, item, "no answer", now);
		for (size_t k = 0; k < plan.count; k++)
			if (plan.items[k]->asking)
				registry_plan_failed(&plan, plan.items[k], "no answer", now);
		int64_t wait_s = (item->due.us - now.mono.us) / 1000000;
		grows = grows && (wait_s > last || wait_s >= 1620);
		last = wait_s;
		if (i == 0)
			ok(wait_s >= 54 && wait_s <= 66, "a failure is tried again after a minute");
	}
	ok(grows && last <= 1980, "then after longer, up to half an hour");
	ok(item->good.there && item->good.size.prefixes == 100 &&
		   registry_item_state(item) == REGISTRY_STALE && item->failures == 12 &&
		   strcmp(item->error, "no answer") == 0,
	   "what was known stays in force, stale, and why is known");
	is_int(answer(&plan, 100, 10, 1), REGISTRY_SAME, "an answer ends it");
	ok(item->failures == 0 && registry_item_state(item) == REGISTRY_FRESH && !*item->error,
	   "and it is fresh again");
	registry_plan_fini(&plan);

	plan = begin();
	item = registry_plan_next(&plan, now.mono);
	registry_plan_failed(&plan, item, "no answer", now);
	ok(item->due.us - now.mono.us <= INT64_C(11000000),
	   "a set of which nothing is known is tried again sooner");
	registry_plan_fini(&plan);
}

/* --- what was kept --- */

static void
remember(struct registry_plan *plan, uint32_t prefixes, int64_t fetched, bool held)
{
	struct buf octets = {0};
	struct prefix *list = calloc(prefixes, sizeof(*list));
	struct asn origin = {64501};
	for (uint32_t i = 0; list && i < prefixes; i++)
		list[i] = prefix_of(ip_v4(i << 8), 24);
	struct registry_answer kept = {"AS-ONE", IP_V4,   {fetched}, {fetched - DAY}, 5, list,
				       prefixes, &origin, 1};
	if (!list || registry_set_write(&octets, &kept) < 0)
		abort();
	struct registry_set *set = registry_set_open(octets.data, octets.length);
	registry_plan_remember(plan, only_item(plan), set, &octets, held, now);
	registry_set_close(set);
	free(list);
}

static void
remembering(void)
{
	struct registry_plan plan = begin();
	struct registry_item *item = only_item(&plan);
	remember(&plan, 8, now.utc.s - HOUR, false);
	ok(item->good.there && item->good.size.prefixes == 8 && item->good.octets.length > 0 &&
		   item->good.fetched.s == now.utc.s - HOUR &&
		   item->good.since.s == now.utc.s - HOUR - DAY,
	   "what was kept is in force, with its age");
	int64_t wait_s = (item->due.us - now.mono.us) / 1000000;
	ok(wait_s > 4 * HOUR && wait_s < 6 * HOUR, "and is asked for when it would have been");
	remember(&plan, 2, now.utc.s - HOUR, true);
	ok(item->held.there && registry_item_state(item) == REGISTRY_HELD &&
		   strstr(item->held_why, "prefixes, where there were 8"),
	   "what was held is held again, and why");
	uint64_t hash = item->good.size.hash;
	now.utc.s += HOUR;
	is_int(answer(&plan, 8, 1, hash), REGISTRY_SAME, "the answer of before is the same");
	struct registry_set *set =
		registry_set_open(item->good.octets.data, item->good.octets.length);
	ok(set && registry_set_fetched(set).s == now.utc.s &&
		   registry_set_since(set).s == item->good.since.s,
	   "and its octets say when it was last heard");
	registry_set_close(set);
	registry_plan_fini(&plan);

	plan = begin();
	remember(&plan, 8, now.utc.s - DAY, false);
	ok(only_item(&plan)->due.us <= now.mono.us, "what is old is asked for at once");
	remember(&plan, 8, now.utc.s + DAY, false);
	ok(only_item(&plan)->due.us <= now.mono.us, "and so is what comes from the future");
	registry_plan_fini(&plan);
}

int
main(void)
{
	what_is_asked();
	plausible_answers();
	doubtful_answers();
	held_for_long();
	refreshing();
	failing();
	remembering();
	return done_testing();
}
