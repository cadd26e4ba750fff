/* Ways come back from their text as they were; what does not hang together is refused. */
#include "hub/ways.h"

#include "tap.h"

static const char *const pk[] = {"PK"}, *const pk_ir[] = {"PK", "IR"}, *const sea[] = {"SEA"},
			 *const avoid[] = {"IR", "RU"};
static const uint32_t first[] = {0}, both[] = {1, 0};

static struct ways
made(void)
{
	static const struct ways_segment segments[] = {
		{"S1", 380000, 1861, false, {{pk, 1}, {sea, 1}, {0}}},
		{"S2", 12, 1, true, {{pk_ir, 2}, {0}, {0}}},
	};
	static const struct ways_port ports[] = {
		{.id = "p1", .asn = {64501}, .site = "KHI", .country = "PK"},
		{.id = "p2",
		 .asn = {64502},
		 .site = "FRA",
		 .country = "DE",
		 .has_contract = true,
		 .bought = {both, 2}},
		{.id = "p3", .asn = {64503}, .site = "", .country = ""},
	};
	static const struct ways_exit exits[] = {{"down", 0, false, true}, {"up", 1, true, false}};
	static const struct ways_way ways[] = {
		{.site = "FRA", .exit = 0, .steps = {both, 2}},
		{.site = "KHI", .exit = 0},
		{.site = "KHI", .exit = 1, .steps = {first, 1}},
		{.site = "KHI", .asn = {64501}, .exit = 1, .closed = true},
	};
	static const struct ways_promise promises[] = {{{64501}, {avoid, 2}}};
	return (struct ways){
		.from = {1795287600},
		.until = {1795377600},
		.why = "segment \"S3\" cut",
		.segments = segments,
		.segment_count = 2,
		.ports = ports,
		.port_count = 3,
		.exits = exits,
		.exit_count = 2,
		.ways = ways,
		.way_count = 4,
		.promises = promises,
		.promise_count = 1,
	};
}

static void
round_trip(void)
{
	struct ways ways = made(), again;
	struct buf text = {0}, second = {0};
	struct arena *arena = arena_new();
	const char *error = NULL;
	ways_write(&ways, &text);
	if (!ok(ways_read(&again, arena, text.data, text.length, &error) == 0, "it is read back"))
		printf("# %s\n", error);
	ways_write(&again, &second);
	ok(second.length == text.length && memcmp(second.data, text.data, text.length) == 0,
	   "and is the same text again");
	ok(ways_same(&ways, &again), "both say the same");
	again.from.s++;
	again.until.s++;
	again.why = "";
	ok(ways_same(&ways, &again), "also later, and in other words");
	again.way_count--;
	ok(!ways_same(&ways, &again), "but not with a way less");
	buf_fini(&text);
	buf_fini(&second);
	arena_free(arena);
}

static void
looked_up(void)
{
	struct ways ways = made();
	is_int(ways_port_of(&ways, "p2"), 1, "a port is found by its id");
	is_int(ways_port_of(&ways, "p4"), UINT32_MAX, "one that is not there is not");
	ok(ways_way_of(&ways, "KHI", (struct asn){64999}, 1) == &ways.ways[2],
	   "who has no ways of its own goes that of all others");
	ok(ways_way_of(&ways, "KHI", (struct asn){64501}, 1) == &ways.ways[3],
	   "who has some goes by them, also when they are closed");
	ok(!ways_way_of(&ways, "KHI", (struct asn){64501}, 0), "and has no others");
	ok(!ways_way_of(&ways, "LHR", (struct asn){64501}, 1), "nothing is known of another place");
	ok(ways_promise_of(&ways, (struct asn){64501}) == &ways.promises[0],
	   "a promise is found by its member");
	ok(!ways_promise_of(&ways, (struct asn){64502}), "most are promised nothing");
}

/* The text with the first `old` in it replaced. */
static const char *
why_not(const char *old, const char *new)
{
	static const char *error;
	struct ways ways = made(), out;
	struct buf text = {0}, changed = {0};
	struct arena *arena = arena_new();
	ways_write(&ways, &text);
	buf_u8(&text, 0);
	const char *at = strstr((char *)text.data, old);
	if (at) {
		buf_put(&changed, text.data, (size_t)(at - (char *)text.data));
		buf_str(&changed, new);
		buf_str(&changed, at + strlen(old));
	}
	error = NULL;
	int result = ways_read(&out, arena, changed.data, changed.length, &error);
	buf_fini(&text);
	buf_fini(&changed);
	arena_free(arena);
	return result == 0 ? NULL : error;
}

static void
unsound(void)
{
	is_str(why_not("\"ways_version\":1", "\"ways_version\":2"), "these are no ways",
	       "another version is refused");
	is_str(why_not("\"until\":\"2026", "\"until\":\"2025"), "it ends before it begins",
	       "it has to last");
	is_str(why_not("\"id\":\"S2\"", "\"id\":\"S1\""), "an id is there twice",
	       "a segment is there once");
	is_str(why_not("\"segments\":[\"S2\",\"S1\"]", "\"segments\":[\"S2\",\"S9\"]"),
	       "a way names a segment that is not there", "a way has segments that are there");
	is_str(why_not("\"port\":\"p2\"", "\"port\":\"p9\""),
	       "an exit names a port that is not there", "an exit has a port");
	is_str(why_not("\"to\":\"up\"", "\"to\":\"sideways\""),
	       "a way names an exit that is not there", "a way has an exit");
	is_str(why_not("\"id\":\"p2\"", "\"id\":\"p0\""), "ports are not in order",
	       "ports are in order");
	is_str(why_not("\"site\":\"FRA\",\"asn\":0", "\"site\":\"PAR\",\"asn\":0"),
	       "ways are not in order", "so are ways");
	is_str(why_not("380000", "-1"), "a number is missing, or out of bounds",
	       "lengths are not below zero");
	is_str(why_not("380000", "0.5"), "a number is missing, or out of bounds", "nor broken");
	is_str(why_not("\"countries\":[\"PK\"]", "\"countries\":7"), "a table is missing",
	       "what it crosses is told");
	is_str(why_not("}\n", ""), "these are no ways", "half a text is none");
}

/* In the order of an older hub, which put segments and exits down as it met them. */
static void
sorted(void)
{
	static const char *const older =
		"{\"ways_version\":1,\"from\":\"2026-11-21T19:00:00Z\",\"until\":\"2026-11-22T19:"
		"00:00Z\","
		"\"why\":\"\",\"segments\":["
		"{\"id\":\"Z\",\"length_m\":1,\"latency_us\":1,\"estimated\":false,\"countries\":[]"
		","
		"\"cables\":[],\"risks\":[]},"
		"{\"id\":\"A\",\"length_m\":2,\"latency_us\":1,\"estimated\":false,\"countries\":[]"
		","
		"\"cables\":[],\"risks\":[]}],"
		"\"ports\":[{\"id\":\"p\",\"asn\":1,\"site\":\"S\",\"country\":\"\",\"bought\":["
		"\"Z\"]}],"
		"\"exits\":[{\"session\":\"y\",\"port\":\"p\",\"ipv4\":true,\"ipv6\":false},"
		"{\"session\":\"b\",\"port\":\"p\",\"ipv4\":true,\"ipv6\":false}],"
		"\"ways\":[{\"site\":\"S\",\"asn\":0,\"to\":\"y\",\"segments\":[\"Z\",\"A\"]},"
		"{\"site\":\"S\",\"asn\":0,\"to\":\"b\",\"segments\":[\"A\"]}],\"promises\":[]}";
	struct ways ways;
	struct arena *arena = arena_new();
	const char *error = NULL;
	ok(ways_read(&ways, arena, older, strlen(older), &error) == 0,
	   "segments and exits may be in any order");
	ok(strcmp(ways.segments[0].id, "A") == 0 && strcmp(ways.exits[0].session, "b") == 0,
	   "and are brought into one");
	const struct ways_way *y = ways_way_of(&ways, "S", (struct asn){0}, 1);
	ok(y && y->steps.count == 2 && y->steps.items[0] == 1 && y->steps.items[1] == 0 &&
		   ways.ports[0].bought.items[0] == 1 && ways.ways[0].exit == 0,
	   "with what names them");
	arena_free(arena);
}

int
main(void)
{
	sorted();
	round_trip();
	looked_up();
	unsound();
	return done_testing();
}
