/* How long a cut takes until there is a new plan, on examples/silkroad: a thousand demands, each an ingress of
 * its own, to 20 exits; every segment is cut in turn. From the event to the plan's bytes, with the work
 * in between: what is live, ways, orders of exits, encoding. Prints median and worst; nothing passes or
 * fails. Run from the project's folder. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock_io.h"
#include "corridor/corridor_clp_io.h"
#include "corridor/corridor_random.h"
#include "corridor/corridor_steer.h"
#include "hub/hub_file_io.h"

enum { INGRESSES = 1000, EXITS = 20 };

#define EXIT_BPS UINT64_C(400000000000)

struct bench {
	struct corridor_plan *plan;
	struct corridor_steer *steer;
	enum corridor_live *live;
	int64_t now_ms;
	uint32_t moved, placed, lacking;
};

static uint32_t
site_by_chance(const struct hub *hub, uint64_t stream, uint64_t place)
{
	return (uint32_t)(corridor_random(1, stream, place) * (double)hub->site_count);
}

/* Microseconds of one event. */
static int64_t
event(struct bench *b, const struct corridor_state *state, bool urgent)
{
	struct corridor_steer_outcome outcome;
	struct steer_plan plan;
	struct buf bytes = {0};
	struct arena *arena = arena_new();
	struct mono_us start = clock_mono();
	corridor_state_live(b->live, state, b->plan, (struct utc_s){1});
	struct corridor_steer_event e = {b->live, NULL, b->now_ms, urgent, NULL};
	if (!arena || corridor_steer_run(b->steer, &e, &outcome) < 0 ||
	    corridor_steer_plan(&plan, b->steer, arena) < 0)
		abort();
	plan.number = 1;
	steer_encode(&plan, &bytes);
	int64_t took = clock_mono().us - start.us;
	b->moved += outcome.moved;
	b->placed += outcome.placed;
	b->lacking += urgent ? outcome.lacking : 0;
	buf_fini(&bytes);
	arena_free(arena);
	return took;
}

static int
by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static void
print(const char *what, int64_t *took, size_t count)
{
	qsort(took, count, sizeof(*took), by_size);
	printf("%-40s median %6.2f ms, worst %6.2f ms\n", what, (double)took[count / 2] / 1e3,
	       (double)took[count - 1] / 1e3);
}

static void
cut_each(struct bench *b)
{
	const struct hub *hub = b->plan->hub;
	int64_t *cut = calloc(hub->segment_count, sizeof(*cut));
	int64_t *back = calloc(hub->segment_count, sizeof(*back));
	if (!cut || !back)
		abort();
	for (size_t s = 0; s < hub->segment_count; s++) {
		struct corridor_order order = {.live = CORRIDOR_CUT,
					       .kind = CORRIDOR_A_SEGMENT,
					       .id = hub->segments[s].id,
					       .who = "",
					       .why = ""};
		struct corridor_state *state = corridor_state_new();
		if (!state || corridor_state_order(state, &order) != CORRIDOR_STATE_DONE)
			abort();
		cut[s] = event(b, state, true);
		(void)corridor_state_restore(state, &order);
		/* After a day all is as it was. */
		b->now_ms += 86400000;
		(void)event(b, state, false);
		b->now_ms += 86400000;
		back[s] = event(b, state, false);
		corridor_state_free(state);
	}
	print("  a cut", cut, hub->segment_count);
	print("  all of it looked at again", back, hub->segment_count);
	printf("  %u ways moved by %zu cuts and back, %u of them placed by flow; %u without room\n",
	       b->moved, hub->segment_count, b->placed, b->lacking);
	free(cut);
	free(back);
}

/* A thousand demands of so much each. */
static void
run(struct corridor_plan *plan, uint64_t bps, enum corridor_steer_place place)
{
	static const char *const words[] = {"greedy", "fair", "even"};
	static struct corridor_steer_exit exits[EXITS];
	static struct corridor_steer_ingress ingresses[INGRESSES];
	const struct hub *hub = plan->hub;
	struct corridor_steer_policy policy = {.latency_percent = 100, .limit_percent = 90};
	for (uint32_t i = 0; i < EXITS; i++)
		exits[i] = (struct corridor_steer_exit){.session = "exit",
							.site = site_by_chance(hub, 0, i),
							.everywhere = true,
							.port = i,
							.capacity_bps = EXIT_BPS};
	/* By site, then member. */
	for (uint32_t i = 0; i < INGRESSES; i++)
		ingresses[i] = (struct corridor_steer_ingress){
			(uint32_t)(i * hub->site_count / INGRESSES), {i + 1}, 0, bps};
	struct corridor_steer_setting setting = {.plan = plan,
						 .exits = exits,
						 .exit_count = EXITS,
						 .ingresses = ingresses,
						 .ingress_count = INGRESSES,
						 .policies = &policy,
						 .policy_count = 1,
						 .damping = {30000, 900000, 4},
						 .margin_percent = 5,
						 .margin_us = 500,
						 .place = place};
	struct bench b = {.plan = plan,
			  .steer = corridor_steer_new(&setting),
			  .live = calloc(hub->segment_count + 1, sizeof(*b.live))};
	struct corridor_state *state = corridor_state_new();
	if (!b.steer || !b.live || !state)
		abort();
	printf("%llu Mbit/s each, %s: first plan %.2f ms\n", (unsigned long long)bps / 1000000,
	       words[place], (double)event(&b, state, false) / 1e3);
	cut_each(&b);
	corridor_state_free(state);
	corridor_steer_free(b.steer);
	free(b.live);
}

static void
measure_whole(struct bench *b, const struct corridor_state *state, size_t customers)
{
	struct corridor_steer_outcome outcome;
	struct steer_plan plan = {0}, read;
	struct buf bytes = {0};
	struct arena *arena = arena_new();
	const char *error = "";
	int64_t at[5] = {clock_mono().us};
	corridor_state_live(b->live, state, b->plan, (struct utc_s){1});
	struct corridor_steer_event e = {b->live, NULL, b->now_ms, false, NULL};
	if (!arena || corridor_steer_run(b->steer, &e, &outcome) < 0)
		abort();
	at[1] = clock_mono().us;
	if (corridor_steer_plan(&plan, b->steer, arena) < 0) {
		printf("%zu customers: ways worked out in %.0f ms, and too long for a plan\n",
		       customers, (double)(at[1] - at[0]) / 1e3);
		arena_free(arena);
		return;
	}
	at[2] = clock_mono().us;
	plan.number = 1;
	steer_encode(&plan, &bytes);
	at[3] = clock_mono().us;
	if (steer_decode(&read, arena, cursor_of(bytes.data, bytes.length), &error) < 0)
		abort();
	at[4] = clock_mono().us;
	printf("%zu customers: %zu choices, %zu steps, %.1f MB; ways %.0f ms, drawn %.0f ms, "
	       "written %.0f ms, read %.0f ms\n",
	       customers, plan.choice_count, plan.step_count, (double)bytes.length / 1e6,
	       (double)(at[1] - at[0]) / 1e3, (double)(at[2] - at[1]) / 1e3,
	       (double)(at[3] - at[2]) / 1e3, (double)(at[4] - at[3]) / 1e3);
	buf_fini(&bytes);
	arena_free(arena);
}

/* So many customers with a session each, 20 upstreams, and all others at each site: how long a plan takes, how large it
 * is, and how long who follows it takes to read it. */
static void
run_customers(struct corridor_plan *plan, size_t customers)
{
	const struct hub *hub = plan->hub;
	struct corridor_steer_policy policy = {.latency_percent = 100, .limit_percent = 90};
	size_t exit_count = customers + EXITS, ingress_count = 0;
	struct corridor_steer_exit *exits = calloc(exit_count, sizeof(*exits));
	struct corridor_steer_ingress *ingresses =
		calloc(hub->site_count + customers, sizeof(*ingresses));
	if (!exits || !ingresses)
		abort();
	for (uint32_t i = 0; i < exit_count; i++)
		exits[i] = (struct corridor_steer_exit){
			.session = "exit",
			.site = i < EXITS ? site_by_chance(hub, 0, i)
					  : (uint32_t)((i - EXITS) * hub->site_count / customers),
			.member = {i < EXITS ? 0 : i - EXITS + 1},
			.everywhere = i < EXITS,
			.port = i,
			.capacity_bps = EXIT_BPS};
	for (uint32_t site = 0, i = 0; site < hub->site_count; site++) {
		ingresses[ingress_count++] = (struct corridor_steer_ingress){.site = site};
		for (; i < customers && i * hub->site_count / customers == site; i++)
			ingresses[ingress_count++] =
				(struct corridor_steer_ingress){site, {i + 1}, 0, 100000000};
	}
	struct corridor_steer_setting setting = {.plan = plan,
						 .exits = exits,
						 .exit_count = exit_count,
						 .ingresses = ingresses,
						 .ingress_count = ingress_count,
						 .policies = &policy,
						 .policy_count = 1,
						 .damping = {30000, 900000, 4},
						 .margin_percent = 5,
						 .margin_us = 500,
						 .place = CORRIDOR_STEER_FAIR};
	struct bench b = {.plan = plan,
			  .steer = corridor_steer_new(&setting),
			  .live = calloc(hub->segment_count + 1, sizeof(*b.live))};
	struct corridor_state *state = corridor_state_new();
	if (!b.live || !state)
		abort();
	if (b.steer)
		measure_whole(&b, state, customers);
	else
		printf("%zu customers: more than a plan can hold\n", customers);
	corridor_state_free(state);
	corridor_steer_free(b.steer);
	free(b.live);
	free(exits);
	free(ingresses);
}

int
main(void)
{
	static const uint64_t rates[] = {100000000, 10000000000};
	struct hub_report report;
	struct hub *hub = hub_file_read("examples/silkroad.yaml", hub_file_disk(), &report);
	struct corridor_plan *plan =
		hub ? corridor_plan_new(hub, (struct corridor_day){.at = clock_utc()}) : NULL;
	if (!plan)
		return 1;
	printf("%zu sites, %zu segments, %d demands to %d exits\n", hub->site_count,
	       hub->segment_count, INGRESSES, EXITS);
	/* The solver is loaded once. */
	(void)corridor_clp_load();
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++)
		for (int place = 0; place <= CORRIDOR_STEER_EVEN; place++)
			run(plan, rates[i], (enum corridor_steer_place)place);
	for (size_t customers = 250; customers <= 2000; customers *= 2)
		run_customers(plan, customers);
	corridor_plan_free(plan);
	hub_report_fini(&report);
	hub_free(hub);
	return 0;
}
