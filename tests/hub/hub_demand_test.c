/* What a hub file says of demands: over what they go, and what does not go together. */
#include "hub/hub_memory.h"
#include "tap.h"

/* What a case adds stands on the fifth line. */
#define HUB                                                                                        \
	"hub: {name: H, asn: 64500, router_id: 192.0.2.1}\n"                                       \
	"sites: [{id: A, name: a}, {id: B, name: b}]\n"                                            \
	"segments: [{id: S, a: A, b: B, length_km: 9, status: in service, srlg: [SEA],\n"          \
	"  countries_crossed: [AZ]}]\ncables: [{id: K, segments: [S]}]\n"
#define DEMAND(more) HUB "demands: [{id: D, from: A, to: B, gbps: 1, " more "}]\n"

static struct hub *
read_text(const char *text, char **said)
{
	struct memory_file file = {"a", text, false};
	return memory_hub(&file, 1, said);
}

static void
good(void)
{
	char *said;
	struct hub *hub = read_text(DEMAND("over: [S, k, A, sea, AZ], fixed: true"), &said);
	if (!ok(hub && !*said, "a demand may be bound to segments, cables, sites, groups and "
			       "countries"))
		return (void)printf("# %s\n", said);
	ok(hub->demands[0].over_count == 5 && hub->demands[0].fixed, "all of it is read");
	hub_free(hub);
	free(said);
	hub = read_text(DEMAND("protect: shared"), &said);
	ok(hub && hub->demands[0].over_count == 0 && !hub->demands[0].fixed,
	   "one that says nothing is bound to nothing");
	ok(hub->demands[0].split, "and may be split");
	hub_free(hub);
	free(said);
	hub = read_text(DEMAND("split: no"), &said);
	ok(hub && !hub->demands[0].split, "unless it says no");
	hub_free(hub);
	free(said);
}

static void
bad(void)
{
	static const struct {
		const char *name, *text, *said;
	} cases[] = {
		{"an unknown cable", DEMAND("over: [M07]"),
		 "a:6:50: over: found M07, expected the id of a segment, cable or site, or a group "
		 "or country that a segment is in\n"},
		{"to be fixed to nothing", DEMAND("fixed: true"),
		 "a:6:51: fixed: expected over, by which it stays\n"},
		{"to be split a little", DEMAND("split: some"),
		 "a:6:51: split: found \"some\", expected yes or no\n"},
		{"to be bound and protected", DEMAND("over: [K], protect: 1+1"),
		 "a:6:50: over: what is protected chooses its two ways itself; expected one of "
		 "over "
		 "and protect\n"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *said;
		struct hub *hub = read_text(cases[i].text, &said);
		ok(!hub, "%s is refused", cases[i].name);
		is_str(said, cases[i].said, "and told");
		hub_free(hub);
		free(said);
	}
}

int
main(void)
{
	good();
	bad();
	return done_testing();
}
