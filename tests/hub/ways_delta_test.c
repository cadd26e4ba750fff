/* What has changed since a whole, read back with that whole, is what was said. On random histories. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "hub/ways.h"

#include "tap.h"

enum { NAMES = 12, TEXT = 16 };

static uint64_t seed;

static uint32_t
any(uint32_t below)
{
	seed = hash_u64(seed + 0x9e3779b97f4a7c15u);
	return (uint32_t)(seed >> 32) % below;
}

static const char *
name(struct arena *arena, const char *kind, uint32_t number)
{
	return arena_printf(arena, "%s%u", kind, (unsigned)number);
}

static struct ways_names
names(struct arena *arena, const char *kind, uint32_t most)
{
	const char **items = arena_take(arena, (most + 1) * sizeof(*items));
	size_t count = any(most + 1);
	for (size_t i = 0; i < count; i++)
		items[i] = name(arena, kind, (uint32_t)i + any(2) * 10);
	return (struct ways_names){items, count};
}

static struct ways_steps
steps(struct arena *arena, size_t segments)
{
	uint32_t *items = arena_take(arena, 5 * sizeof(*items));
	size_t count = segments ? any(5) : 0;
	for (size_t i = 0; i < count; i++)
		items[i] = any((uint32_t)segments);
	return (struct ways_steps){items, count};
}

/* Which of NAMES numbers are there. */
static uint32_t
some(void)
{
	return any(4) ? 0xfff : any(1 << NAMES);
}

static void
make_tables(struct ways *w, struct arena *arena)
{
	struct ways_segment *segments = arena_take(arena, NAMES * sizeof(*segments));
	struct ways_port *ports = arena_take(arena, NAMES * sizeof(*ports));
	struct ways_exit *exits = arena_take(arena, NAMES * sizeof(*exits));
	uint32_t set = some();
	for (uint32_t i = 0; i < NAMES; i++)
		if (set >> i & 1)
			segments[w->segment_count++] = (struct ways_segment){
				.id = name(arena, "S", i + 10),
				.length_m = 100 + any(2),
				.latency_us = 5,
				.estimated = any(8) == 0,
				.crosses = {names(arena, "C", any(8) ? 0 : 3), {0}, {0}}};
	set = some();
	for (uint32_t i = 0; i < NAMES; i++)
		if (set >> i & 1)
			ports[w->port_count++] = (struct ways_port){
				.id = name(arena, "p", i + 10),
				.asn = {any(2) ? 1 : 2},
				.site = name(arena, "L", any(2)),
				.country = "",
				.has_contract = any(8) == 0,
				.bought = any(8) ? (struct ways_steps){0}
						 : steps(arena, w->segment_count)};
	for (size_t i = 0; i < w->port_count; i++)
		if (!ports[i].has_contract)
			ports[i].bought.count = 0;
	set = some();
	for (uint32_t i = 0; i < NAMES && w->port_count; i++)
		if (set >> i & 1)
			exits[w->exit_count++] =
				(struct ways_exit){name(arena, "e", i + 10),
						   any((uint32_t)w->port_count), any(2), true};
	w->segments = segments;
	w->ports = ports;
	w->exits = exits;
}

static struct ways
make(struct arena *arena)
{
	struct ways w = {.from = {1800000000 + any(1000)}, .why = name(arena, "why", any(5))};
	w.until.s = w.from.s + any(100000);
	make_tables(&w, arena);
	struct ways_way *ways = arena_take(arena, 200 * sizeof(*ways));
	for (uint32_t site = 0; site < 3; site++)
		for (uint32_t asn = 0; asn < 2; asn++)
			for (uint32_t e = 0; e < w.exit_count; e++) {
				if (any(6) == 0)
					continue;
				struct ways_way *way = &ways[w.way_count++];
				*way = (struct ways_way){.site = name(arena, "L", site),
							 .asn = {asn},
							 .exit = e,
							 .closed = any(5) == 0};
				if (!way->closed)
					way->steps = steps(arena, w.segment_count);
			}
	struct ways_promise *promises = arena_take(arena, NAMES * sizeof(*promises));
	uint32_t set = some();
	for (uint32_t i = 0; i < NAMES; i++)
		if (set >> i & 1)
			promises[w.promise_count++] =
				(struct ways_promise){{i + 1}, names(arena, "C", 2)};
	w.ways = ways;
	w.promises = promises;
	return w;
}

static bool
same_text(const struct ways *a, const struct ways *b)
{
	struct buf x = {0}, y = {0};
	ways_write(a, &x);
	ways_write(b, &y);
	bool same = x.length == y.length && memcmp(x.data, y.data, x.length) == 0;
	if (!same)
		printf("# %.*s# %.*s", (int)x.length, (char *)x.data, (int)y.length,
		       (char *)y.data);
	buf_fini(&x);
	buf_fini(&y);
	return same;
}

static bool
comes_back(const struct ways *base, const struct ways *next, size_t *length)
{
	struct ways again;
	const char *error = NULL;
	struct buf text = {0};
	struct arena *arena = arena_new();
	ways_delta_write(base, next, 17, &text);
	*length = text.length;
	bool good = ways_delta_read(&again, arena, base, cursor_of(text.data, text.length),
				    &error) == 0;
	if (!good)
		printf("# %s: %.*s", error, (int)text.length, (char *)text.data);
	good = good && same_text(&again, next);
	buf_fini(&text);
	arena_free(arena);
	return good;
}

/* The last segment is called otherwise, so that it stands first, and likewise the last exit: all numbers are others, and
 * most rows say what they said. */
static struct ways
renamed(struct arena *arena, const struct ways *base)
{
	struct ways next = *base;
	struct ways_segment *segments = arena_take(arena, (NAMES + 1) * sizeof(*segments));
	struct ways_exit *exits = arena_take(arena, (NAMES + 1) * sizeof(*exits));
	memcpy(segments, base->segments, base->segment_count * sizeof(*segments));
	memcpy(exits, base->exits, base->exit_count * sizeof(*exits));
	if (base->segment_count)
		segments[base->segment_count - 1].id = "A";
	if (base->exit_count)
		exits[base->exit_count - 1].session = "a";
	next.segments = segments;
	next.exits = exits;
	if (ways_sort(&next, arena) < 0)
		abort();
	return next;
}

static void
random_histories(void)
{
	bool all = true, same = true, few = true;
	size_t length;
	for (uint64_t i = 1; i <= 2000 && all && same && few; i++) {
		seed = i;
		struct arena *arena = arena_new();
		struct ways base = make(arena), next = make(arena);
		all = comes_back(&base, &next, &length);
		same = comes_back(&base, &base, &length) && length < 400;
		struct ways other = renamed(arena, &base);
		few = comes_back(&base, &other, &length);
		if (!all || !same || !few)
			printf("# seed %llu\n", (unsigned long long)i);
		arena_free(arena);
	}
	ok(all, "what has changed comes back, whatever has");
	ok(same, "where nothing has it is short");
	ok(few, "where little has, what has not is still there under its new number");
}

/* The text of a difference with `old` in it replaced: why it is refused, or NULL. */
static const char *
why_not(const char *old, const char *new)
{
	static const char *error;
	struct ways out;
	struct buf text = {0}, changed = {0};
	struct arena *arena = arena_new();
	seed = 3;
	struct ways base = make(arena), next = base;
	next.promise_count--;
	ways_delta_write(&base, &next, 17, &text);
	buf_u8(&text, 0);
	const char *at = strstr((const char *)text.data, old);
	if (at) {
		buf_put(&changed, text.data, (size_t)(at - (const char *)text.data));
		buf_str(&changed, new);
		buf_str(&changed, at + strlen(old));
	}
	error = NULL;
	bool good = ways_delta_read(&out, arena, &base, cursor_of(changed.data, changed.length),
				    &error) == 0;
	buf_fini(&text);
	buf_fini(&changed);
	arena_free(arena);
	return good ? NULL : error;
}

static void
unsound(void)
{
	is_str(why_not("\"since\":17", "\"since\":17"), NULL, "a difference is read");
	is_str(why_not("\"since\":17,", ""), "it does not say since when it is otherwise",
	       "what is whole is no difference");
	is_str(why_not("\"gone\":{\"segments\":[]", "\"gone\":{\"segments\":[\"S99\"]"),
	       "something is gone that was not there", "what is gone was there");
	is_str(why_not("\"gone\":{\"segments\":[]", "\"gone\":{\"segments\":[\"S10\",\"S10\"]"),
	       "something is gone that was not there", "and goes once");
	is_str(why_not("\"gone\":{\"segments\":[]", "\"gone\":{\"segment\":[]"),
	       "what is gone is missing", "all tables are there");
	is_str(why_not("\"ports\":[],\"exits\":[],\"ways\":[]",
		       "\"ports\":[],\"exits\":[],\"ways\":[{\"site\":\"L0\",\"asn\":0,\"to\":"
		       "\"x\","
		       "\"segments\":[]}]"),
	       "a way names an exit that is not there", "a way has an exit");
	struct ways out;
	const char *error = NULL, *whole = "{\"ways_version\":1,\"since\":4}";
	struct arena *arena = arena_new();
	ok(ways_read(&out, arena, whole, strlen(whole), &error) < 0,
	   "a difference is not taken for a whole");
	arena_free(arena);
}

int
main(void)
{
	random_histories();
	unsound();
	return done_testing();
}
