/* A plan comes back from its bytes as it was; harmed bytes and unsound plans are refused. */
#include "hub/steer.h"

#include "base/hash.h"
#include "tap.h"

/* Two sites, three exits, and members at the first site of which one has conditions of its own. */
struct made {
	const char *sites[3], *segments[3];
	struct steer_exit exits[3];
	struct steer_ingress ingresses[3];
	struct steer_choice choices[7];
	uint32_t steps[3]; /* the last way is that of two choices */
	struct steer_plan plan;
};

static void
make(struct made *m)
{
	*m = (struct made){
		.sites = {"KHI", "FRA", "SIN"},
		.segments = {"C01", "C02", "C03"},
		.exits = {{"64500-1", 1}, {"64500-2", 2}, {"64510-1", 0}},
		.ingresses = {{0, {0}, 0, 3}, {0, {64999}, 3, 2}, {1, {0}, 5, 2}},
		.choices = {{2, 0, 0, 90000000, 0, 0, 0},
			    {0, 70000, 61000, 120000000, STEER_BACKUP, 0, 2},
			    {1, 80000, 42000, 5, STEER_ESTIMATED, 2, 1},
			    {1, 42000, 42000, 5, 0, 2, 1},
			    {0, 7, 0, 0, STEER_CLOSED, 3, 0},
			    {0, 0, 0, UINT64_MAX, 0, 3, 0},
			    {1, UINT32_MAX, UINT32_MAX, 1, STEER_FULL, 3, 0}},
		.steps = {0, 1, 2},
	};
	m->plan = (struct steer_plan){
		.number = 7,
		.event_us = 1795287600123456,
		.made_us = 1795287600130000,
		.good_until = {1795287630},
		.why = "segment C02 cut",
		.sites = m->sites,
		.site_count = 3,
		.segments = m->segments,
		.segment_count = 3,
		.exits = m->exits,
		.exit_count = 3,
		.ingresses = m->ingresses,
		.ingress_count = 3,
		.choices = m->choices,
		.choice_count = 7,
		.steps = m->steps,
		.step_count = 3,
	};
}

static int
decode(struct steer_plan *out, struct arena *arena, const struct buf *b, const char **error)
{
	return steer_decode(out, arena, cursor_of(b->data, b->length), error);
}

static void
round_trip(void)
{
	struct made m;
	make(&m);
	struct buf first = {0}, second = {0};
	struct arena *arena = arena_new();
	struct steer_plan read;
	const char *error;
	steer_encode(&m.plan, &first);
	if (ok(decode(&read, arena, &first, &error) == 0, "a plan reads back")) {
		is_str(read.why, "segment C02 cut", "with the event in words");
		is_str(read.exits[1].session, "64500-2", "with the names of exits");
		is_int((long long)read.choices[6].metric, UINT32_MAX, "with the last metric");
		is_int(read.choices[3].first_step, 2,
		       "with the way of each choice, also one that another has");
		is_int(read.good_until.s, 1795287630, "with the end of its validity");
		steer_encode(&read, &second);
		ok(first.length == second.length &&
			   memcmp(first.data, second.data, first.length) == 0,
		   "and is written again as the same bytes");
		ok(steer_same(&m.plan, &read), "it says the same");
	}
	struct made empty = {0};
	empty.plan = (struct steer_plan){.number = 1, .why = ""};
	buf_clear(&first);
	steer_encode(&empty.plan, &first);
	ok(decode(&read, arena, &first, &error) == 0 && !read.ingress_count,
	   "a plan of nothing reads back");
	buf_fini(&first);
	buf_fini(&second);
	arena_free(arena);
}

/* As an earlier process wrote it: no row of a choice says where its way begins. */
static void
read_from_before(void)
{
	enum { ROW = 29, FIRST_STEP = 21, CHECKSUM = 8 };
	struct made m;
	make(&m);
	m.plan.choices[3] = (struct steer_choice){1, 42000, 42000, 5, 0, 3, 1};
	uint32_t steps[] = {0, 1, 2, 2};
	m.plan.steps = steps;
	m.plan.step_count = 4;
	for (unsigned i = 4; i < 7; i++)
		m.plan.choices[i].first_step = 4;
	struct buf now = {0}, then = {0};
	steer_encode(&m.plan, &now);
	size_t tail = 4 + sizeof(steps) + CHECKSUM;
	size_t rows = now.length - tail - m.plan.choice_count * ROW;
	buf_put(&then, now.data, rows);
	for (size_t i = 0; i < m.plan.choice_count; i++) {
		const uint8_t *row = now.data + rows + i * ROW;
		buf_put(&then, row, FIRST_STEP);
		buf_put(&then, row + FIRST_STEP + 4, ROW - FIRST_STEP - 4);
	}
	buf_put(&then, now.data + now.length - tail, tail - CHECKSUM);
	then.data[5] = 1;
	then.data[11] = (uint8_t)(then.length - 12);
	then.data[10] = (uint8_t)((then.length - 12) >> 8);
	buf_u64(&then, hash_bytes(then.data, then.length));
	struct arena *arena = arena_new();
	struct steer_plan read;
	const char *error = "";
	if (ok(decode(&read, arena, &then, &error) == 0, "a plan of before is read: %s", error))
		ok(steer_same(&m.plan, &read), "and says the same");
	buf_fini(&now);
	buf_fini(&then);
	arena_free(arena);
}

static void
harmed(void)
{
	struct made m;
	make(&m);
	struct buf whole = {0};
	steer_encode(&m.plan, &whole);
	struct arena *arena = arena_new();
	struct steer_plan read = {.number = 99};
	const char *error = NULL;
	unsigned taken = 0;
	for (size_t i = 0; i < whole.length; i++) {
		whole.data[i] ^= 1;
		taken += decode(&read, arena, &whole, &error) == 0;
		whole.data[i] ^= 1;
	}
	is_int(taken, 0, "a bit that is changed anywhere is noticed");
	for (size_t length = 0; length < whole.length; length++)
		taken += steer_decode(&read, arena, cursor_of(whole.data, length), &error) == 0;
	is_int(taken, 0, "a plan that is cut off anywhere is refused");
	is_int((long long)read.number, 99, "what is refused writes nothing");
	/* The same behind a checksum that fits: nothing but the decoder's own checks is left. */
	unsigned unsound = 0;
	for (size_t i = 12; i + 8 < whole.length; i++) {
		struct buf patched = {0};
		buf_put(&patched, whole.data, whole.length - 8);
		patched.data[i] ^= 0xff;
		buf_u64(&patched, hash_bytes(patched.data, patched.length));
		if (decode(&read, arena, &patched, &error) == 0)
			unsound += steer_check(&read) != NULL;
		buf_fini(&patched);
	}
	is_int(unsound, 0, "what is read is sound, whatever was written");
	buf_fini(&whole);
	arena_free(arena);
}

static void
unsound(void)
{
	struct made m;
	make(&m);
	ok(!steer_check(&m.plan), "a sound plan passes");
	m.plan.number = 0;
	is_str(steer_check(&m.plan), "no number", "a plan has a number");
	make(&m);
	m.choices[1].exit = 2;
	is_str(steer_check(&m.plan), "an exit twice", "an exit is chosen once by an ingress");
	make(&m);
	m.choices[2].metric = 1;
	is_str(steer_check(&m.plan), "choices out of order", "choices stand by metric");
	make(&m);
	m.choices[3].flags = STEER_CLOSED;
	m.choices[4].flags = 0;
	is_str(steer_check(&m.plan), "choices out of order", "open choices stand before closed");
	make(&m);
	m.choices[0].exit = 3;
	is_str(steer_check(&m.plan), "a choice of no exit", "a choice is of an exit there is");
	make(&m);
	m.ingresses[1].member.number = 0;
	is_str(steer_check(&m.plan), "ingresses out of order", "an ingress is named once");
	make(&m);
	m.steps[2] = 3;
	is_str(steer_check(&m.plan), "a way over no segment", "ways lead over segments there are");
	make(&m);
	m.choices[3].first_step = 3;
	is_str(steer_check(&m.plan), "ways out of order",
	       "a way that is not the next is one before");
	make(&m);
	m.choices[3].step_count = 2;
	is_str(steer_check(&m.plan), "ways out of order", "and no longer than those");
	make(&m);
	m.plan.step_count = 2;
	is_str(steer_check(&m.plan), "ways out of order", "none leads past the end");
	make(&m);
	m.exits[0].site = 3;
	is_str(steer_check(&m.plan), "an exit at no site", "exits are at sites there are");
	make(&m);
	m.ingresses[2].choice_count = 1;
	is_str(steer_check(&m.plan), "something that belongs to no ingress",
	       "every choice belongs to an ingress");
	make(&m);
	m.choices[3].flags = 16;
	is_str(steer_check(&m.plan), "an unknown flag", "flags are known ones");
	make(&m);
	m.sites[0] = "";
	ok(steer_check(&m.plan), "a site has a name");
}

static void
looked_up(void)
{
	struct made m;
	make(&m);
	const struct steer_plan *plan = &m.plan;
	is_int(steer_site(plan, "FRA"), 1, "a site is found by its id");
	is_int(steer_site(plan, "LHR"), UINT32_MAX, "one that the plan does not know is not");
	ok(steer_ingress_of(plan, 0, (struct asn){64999}) == &m.ingresses[1],
	   "a member with conditions of its own has an ingress of its own");
	ok(steer_ingress_of(plan, 0, (struct asn){64998}) == &m.ingresses[0],
	   "another member at the site has that of all others");
	ok(!steer_ingress_of(plan, 2, (struct asn){64998}), "a site without ingress has none");
	ok(steer_choice_of(plan, &m.ingresses[1], 1) == &m.choices[3], "a choice is found by exit");
	ok(!steer_choice_of(plan, &m.ingresses[1], 2), "an exit that is not named is not chosen");
}

static void
compared(void)
{
	struct made a, b;
	make(&a);
	make(&b);
	b.plan.number = 8;
	b.plan.made_us++;
	b.plan.good_until.s += 30;
	b.plan.why = "renewed";
	ok(steer_same(&a.plan, &b.plan), "a plan that is only renewed says the same");
	b.choices[2].metric++;
	ok(!steer_same(&a.plan, &b.plan), "another cost is another plan");
	make(&b);
	b.exits[0].session = "64501-1";
	ok(!steer_same(&a.plan, &b.plan), "so is another exit");
	make(&b);
	b.choices[1].flags = 0;
	ok(!steer_same(&a.plan, &b.plan), "and another backup");
	make(&b);
	b.choices[3].first_step = 0;
	ok(!steer_same(&a.plan, &b.plan), "and another way");
	make(&b);
	b.segments[b.steps[0]] = "beside";
	ok(!steer_same(&a.plan, &b.plan), "and another cable of the same length");
}

int
main(void)
{
	round_trip();
	read_from_before();
	harmed();
	unsound();
	looked_up();
	compared();
	return done_testing();
}
