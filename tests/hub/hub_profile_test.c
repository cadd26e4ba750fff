/* The profiles of communities: what members' values mean at exchanges of each kind. */
#include <stdlib.h>
#include <string.h>

#include "hub/hub_community.h"
#include "hub/hub_profile.h"
#include "tap.h"

static struct hub *
hub_of(enum hub_community_profile profile, uint32_t asn)
{
	struct arena *arena = arena_new();
	struct hub *hub = arena_take(arena, sizeof(*hub));
	*hub = (struct hub){.arena = arena, .asn = {asn}, .communities.profile = profile};
	if (hub_profile_apply(hub) < 0)
		abort();
	return hub;
}

/* All patterns of an action, in order, with spaces between them. */
static const char *
patterns(const struct hub *hub, enum hub_community_action action, unsigned number)
{
	static char out[512];
	char text[HUB_COMMUNITY_TEXT];
	size_t count, used = 0;
	const struct hub_community *all = hub_communities_in_force(hub, &count);
	out[0] = '\0';
	for (size_t i = 0; i < count; i++)
		if (all[i].action == action && all[i].number == number)
			used += (size_t)snprintf(out + used, sizeof(out) - used, "%s%s",
						 used ? " " : "",
						 hub_community_format(text, &all[i]));
	return out;
}

static void
profiles(void)
{
	static const struct {
		const char *name;
		enum hub_community_profile profile;
		uint32_t asn;
		enum hub_community_action action;
		unsigned number;
		const char *expected;
	} cases[] = {
		{"Euro-IX: not to one", HUB_PROFILE_EURO_IX, 64500, HUB_DO_NOT_ANNOUNCE_TO, 0,
		 "RS:0:P 0:P rt:0:P"},
		{"Euro-IX: to nobody, of a hub with 32 bits", HUB_PROFILE_EURO_IX, 140307,
		 HUB_DO_NOT_ANNOUNCE_TO_ANY, 0, "RS:0:0 rt:0:RS"},
		{"Euro-IX: to one, of a hub with 32 bits", HUB_PROFILE_EURO_IX, 140307,
		 HUB_ANNOUNCE_TO, 0, "RS:1:P rt:RS:P"},
		{"Euro-IX: prepend twice to one", HUB_PROFILE_EURO_IX, 64500, HUB_PREPEND_TO, 2,
		 "RS:102:P 65512:P rt:65512:P"},
		{"Euro-IX: not to those further away", HUB_PROFILE_EURO_IX, 64500,
		 HUB_DO_NOT_ANNOUNCE_SLOWER, 0, "RS:2:P"},
		{"arouteserver: prepend three times to all", HUB_PROFILE_AROUTESERVER, 64500,
		 HUB_PREPEND_TO_ANY, 3, "65503:RS RS:103:0"},
		{"arouteserver: why it was refused", HUB_PROFILE_AROUTESERVER, 64500,
		 HUB_TELL_REASON, 0, "65520:P RS:65520:P RS:1101:P"},
		{"arouteserver has no place", HUB_PROFILE_AROUTESERVER, 64500, HUB_ANNOUNCE_METRO,
		 0, ""},
		{"IXP Manager: to all", HUB_PROFILE_IXP_MANAGER, 64500, HUB_ANNOUNCE_TO_ANY, 0,
		 "RS:1:0 RS:RS ro:RS:RS"},
		{"IXP Manager: prepend once to one", HUB_PROFILE_IXP_MANAGER, 64500, HUB_PREPEND_TO,
		 1, "RS:101:P"},
		{"DE-CIX: to nobody", HUB_PROFILE_DE_CIX, 6695, HUB_DO_NOT_ANNOUNCE_TO_ANY, 0,
		 "0:RS RS:0:0"},
		{"DE-CIX: to nobody, of a hub with 32 bits", HUB_PROFILE_DE_CIX, 204663,
		 HUB_DO_NOT_ANNOUNCE_TO_ANY, 0, "RS:0:0 0:65534"},
		{"DE-CIX: where it came from", HUB_PROFILE_DE_CIX, 6695, HUB_TELL_METRO, 0,
		 "65102:P RS:1912:P"},
		{"none", HUB_PROFILE_NONE, 64500, HUB_DO_NOT_ANNOUNCE_TO, 0, ""},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct hub *hub = hub_of(cases[i].profile, cases[i].asn);
		is_str(patterns(hub, cases[i].action, cases[i].number), cases[i].expected,
		       cases[i].name);
		hub_free(hub);
	}
}

/* What members send must mean one thing. */
static void
unambiguous(void)
{
	for (unsigned profile = 0; profile < HUB_PROFILE_NONE; profile++) {
		struct hub *hub = hub_of((enum hub_community_profile)profile, 64500);
		size_t count, clashes = 0, odd = 0;
		const struct hub_community *all = hub_communities_in_force(hub, &count);
		for (size_t i = 0; i < count; i++) {
			bool told = all[i].action >= HUB_TELL_REASON;
			bool any =
				all[i].action <= HUB_BLACKHOLE || all[i].action == HUB_TELL_REFUSED;
			odd += hub_community_has_p(&all[i]) == any;
			for (size_t j = 0; j < i; j++)
				if (hub_community_same_pattern(&all[i], &all[j]) &&
				    !(told && all[j].action >= HUB_TELL_REASON))
					clashes++;
		}
		ok(clashes == 0, "no pattern of profile %u asks for two things", profile);
		ok(odd == 0, "P stands in those patterns of profile %u that need one", profile);
		hub_free(hub);
	}
}

static void
own_ones(void)
{
	struct hub *hub = hub_of(HUB_PROFILE_EURO_IX, 64500);
	struct hub_community own = {.action = HUB_PREPEND_TO, .number = 2};
	ok(hub_community_parse(&own, "65002:peer") == 0, "a pattern is read");
	hub->communities.own = &own;
	hub->communities.own_count = 1;
	ok(hub_profile_apply(hub) == 0, "with a pattern of the hub's own");
	is_str(patterns(hub, HUB_PREPEND_TO, 2), "65002:P RS:102:P rt:65512:P",
	       "it stands in place of the profile's in that form");
	is_str(patterns(hub, HUB_PREPEND_TO, 1), "RS:101:P 65511:P rt:65511:P",
	       "others stay as they are");
	hub_free(hub);
}

static void
texts(void)
{
	static const struct {
		const char *text, *expected; /* NULL: refused */
	} cases[] = {
		{"0:P", "0:P"},
		{"65535:666", "65535:666"},
		{"rs:1:peer", "RS:1:P"},
		{"RT:0:p", "rt:0:P"},
		{"ro:65536:1", "ro:65536:1"},
		{"rt:4200000000:65535", "rt:4200000000:65535"},
		{"generic:1124073472:P", "generic:1124073472:P"},
		{"4294967295:4294967295:4294967295", "4294967295:4294967295:4294967295"},
		{"65536:1", NULL},
		{"1:65536", NULL},
		{"rt:65536:65536", NULL},
		{"1", NULL},
		{"1:2:3:4", NULL},
		{"rt:1:2:3", NULL},
		{"rt:1", NULL},
		{":1", NULL},
		{"1:", NULL},
		{"P:P", NULL},
		{"RS:4294967296:0", NULL},
		{"x:1", NULL},
		{"-1:1", NULL},
		{"+1:1", NULL},
		{" 1:1", NULL},
		{"", NULL},
		{"1:1000000000000000000000000000000000000000000000000000000000000000000000", NULL},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[HUB_COMMUNITY_TEXT];
		struct hub_community c = {.action = HUB_BLACKHOLE};
		bool read = hub_community_parse(&c, cases[i].text) == 0;
		if (cases[i].expected)
			is_str(read ? hub_community_format(text, &c) : NULL, cases[i].expected,
			       cases[i].text);
		else
			ok(!read, "\"%s\" is no pattern", cases[i].text);
	}
}

int
main(void)
{
	texts();
	profiles();
	unambiguous();
	own_ones();
	return done_testing();
}
