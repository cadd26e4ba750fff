/* Names that a word may be: which fit, what they have in common, how they are shown. */
#include "cli/complete.h"

#include <stdio.h>
#include <string.h>

#include "tap.h"

static const char corridor[] =
	"{\"features\":[{\"id\":\"FRA\",\"properties\":{\"list\":\"sites\",\"name\":\"Frankfurt\","
	"\"country\":\"DE\"}},{\"id\":\"AKX\",\"properties\":{\"list\":\"sites\",\"name\":"
	"\"Aktobe\",\"country\":\"KZ\"}},{\"id\":\"AKU\",\"properties\":{\"list\":\"sites\","
	"\"name\":\"Aktau\",\"country\":\"KZ\"}},{\"id\":\"C01\",\"properties\":{\"list\":"
	"\"segments\",\"name\":\"Caspian\",\"countries_crossed\":[\"KZ\",\"AZ\"],\"srlg\":"
	"[\"CASPIAN\"]}}],\"lists\":{\"cables\":[{\"id\":\"TCFO\",\"name\":\"Trans-Caspian\"}],"
	"\"risks\":[{\"id\":\"CASPIAN\"}]}}";
static const char topics[] = "{\"topics\":[{\"topic\":\"irr\",\"inputs\":[{\"name\":\"flow\"}]},"
			     "{\"topic\":\"npv\",\"inputs\":[{\"name\":\"flow\"},{\"name\":"
			     "\"rate\"}]}]}";

static void
fits(void)
{
	static const struct {
		const char *name, *json;
		unsigned kinds;
		const char *start,
			*expected; /* each followed by a blank, then how much is common */
	} rows[] = {
		{"sites by their ids, in any letters", corridor, COMPLETE_SITES, "ak", "AKX AKU 2"},
		{"or by their names", corridor, COMPLETE_SITES, "Aktob", "AKX 3 name"},
		{"segments alone", corridor, COMPLETE_SEGMENTS, "", "C01 3"},
		{"cables", corridor, COMPLETE_CABLES, "T", "TCFO 4"},
		{"a risk once, though it stands there twice", corridor, COMPLETE_RISKS, "",
		 "CASPIAN 7"},
		{"countries of sites and of segments, each once", corridor, COMPLETE_COUNTRIES, "",
		 "DE KZ AZ 0"},
		{"all of these", corridor, COMPLETE_CORRIDOR, "C", "C01 CASPIAN 1"},
		{"what begins like none", corridor, COMPLETE_CORRIDOR, "zz", "0"},
		{"topics", topics, COMPLETE_TOPICS, "", "irr npv 0"},
		{"inputs of the topic", topics, COMPLETE_INPUTS, "", "flow= rate= 0"},
		{"and no other's", topics, COMPLETE_INPUTS, "ra", "rate= 5"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char got[128] = "";
		struct arena *arena = arena_new();
		struct complete_names names;
		bool good = complete_names_of(&names, arena, rows[i].kinds, rows[i].json,
					      strlen(rows[i].json), "npv", rows[i].start) == 0;
		for (size_t k = 0; good && k < names.count; k++)
			(void)snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s ",
				       names.all[k].id);
		if (good)
			(void)snprintf(got + strlen(got), sizeof(got) - strlen(got), "%zu%s",
				       names.common, names.by_name ? " name" : "");
		is_str(got, rows[i].expected, rows[i].name);
		arena_free(arena);
	}
	struct arena *arena = arena_new();
	struct complete_names names;
	ok(complete_names_of(&names, arena, COMPLETE_SITES, "{", 1, NULL, "") < 0,
	   "what is no answer has no names");
	arena_free(arena);
}

static void
shown(void)
{
	struct complete_name all[401];
	struct complete_names names = {.all = all};
	struct buf out = {0};
	for (size_t i = 0; i < 401; i++)
		all[i] = (struct complete_name){"ABC", "Alphabet"};
	names.count = 1;
	complete_show(&out, &names);
	buf_u8(&out, 0);
	is_str((char *)out.data, "  ABC              Alphabet\n", "few with what they are called");
	buf_clear(&out);
	names.count = 30;
	complete_show(&out, &names);
	buf_u8(&out, 0);
	ok(!strstr((char *)out.data, "Alphabet") && strcspn((char *)out.data, "\n") <= 80,
	   "many without, in 80 columns");
	buf_clear(&out);
	names.count = 401;
	complete_show(&out, &names);
	buf_u8(&out, 0);
	is_str((char *)out.data, "  401 names begin so\n", "very many as a number");
	buf_fini(&out);
}

int
main(void)
{
	fits();
	shown();
	ok(complete_kinds("SITE,..") == (COMPLETE_SITES | COMPLETE_LIST) &&
		   complete_kinds("YYYY") == 0,
	   "a place has its kinds");
	return done_testing();
}
