/* The words of a question, and what they make of the costs of segments. */
#include "corridor/corridor_question.h"

#include <math.h>

#include "silkroad.h"
#include "tap.h"

enum { WORDS_MAX = 16 };

/* Splits at single spaces; '+' stands for a space inside a word. */
static size_t
split(const char *words[WORDS_MAX], char *text)
{
	size_t count = 0;
	for (char *w = strtok(text, " "); w && count < WORDS_MAX; w = strtok(NULL, " ")) {
		words[count++] = w;
		for (; *w; w++)
			*w = *w == '+' ? ' ' : *w;
	}
	return count;
}

/* The question as text, or the complaint. */
static const char *
parse(const struct hub *hub, const char *line)
{
	static char out[512], text[512];
	const char *words[WORDS_MAX];
	struct corridor_question q;
	struct corridor_complaint c = {0};
	snprintf(text, sizeof(text), "%s", line);
	if (corridor_question_parse(&q, hub, words, split(words, text), &c) < 0) {
		snprintf(out, sizeof(out), "%d %s", c.status, c.text);
		return out;
	}
	size_t n = (size_t)snprintf(out, sizeof(out), "%s-%s k=%u", hub->sites[q.from].id,
				    hub->sites[q.to].id, q.k);
	for (size_t i = 0; i < q.avoid_count; i++)
		n += (size_t)snprintf(out + n, sizeof(out) - n, " !%s", q.avoid[i].code);
	for (size_t i = 0; i < q.cut_count; i++)
		n += (size_t)snprintf(out + n, sizeof(out) - n, " -%s", hub->segments[q.cut[i]].id);
	for (size_t i = 0; i < q.group_count; i++)
		n += (size_t)snprintf(out + n, sizeof(out) - n, " -%s", q.groups[i]);
	for (size_t i = 0; i < q.build_count; i++)
		n += (size_t)snprintf(out + n, sizeof(out) - n, " +%s",
				      hub->segments[q.build[i]].id);
	return out;
}

static void
words(const struct hub *hub)
{
	static const struct {
		const char *name, *line, *expected;
	} cases[] = {
		{"two sites are a question", "ALA FRA", "ALA-FRA k=1"},
		{"countries to avoid", "ALA FRA --avoid RU,IR", "ALA-FRA k=1 !RU !IR"},
		{"in small letters", "ALA FRA --avoid ru", "ALA-FRA k=1 !RU"},
		{"with an equals sign", "ALA FRA --avoid=RU", "ALA-FRA k=1 !RU"},
		{"options may come first and be repeated", "--avoid RU ALA --avoid IR FRA",
		 "ALA-FRA k=1 !RU !IR"},
		{"semicolons and spaces separate too", "ALA FRA --avoid RU;+IR,",
		 "ALA-FRA k=1 !RU !IR"},
		{"segments and risk groups to do without", "ALA FRA --without B01,red_sea,K06",
		 "ALA-FRA k=1 -B01 -K06 -RED_SEA"},
		{"segments to build, by name too", "ALA FRA --with C01,Kardesa+Poti-Aheloy",
		 "ALA-FRA k=1 +C01 +B06"},
		{"several ways", "ALA FRA --k 7", "ALA-FRA k=7"},
		{"names of places", "Almaty Hong+Kong", "ALA-HKG k=1"},
		{"one site is too few", "ALA",
		 "400 expected two sites, found 1; usage: corridor path A B [--avoid RU,IR] "
		 "[--without SEGMENT] [--with SEGMENT] [--k N]"},
		{"three are too many", "ALA Hong Kong",
		 "400 expected two sites, found 3 (a name of several words needs quotes); usage: "
		 "corridor path A B [--avoid RU,IR] [--without SEGMENT] [--with SEGMENT] [--k N]"},
		{"an unknown option is told", "ALA FRA --evade RU",
		 "400 found \"--evade\", expected --avoid, --without, --with or --k"},
		{"half a known one is not a known one", "ALA FRA --avoidance RU",
		 "400 found \"--avoidance\", expected --avoid, --without, --with or --k"},
		{"a country of three letters is refused", "ALA FRA --avoid RUS",
		 "400 --avoid: found \"RUS\", expected a country code of two letters such as RU"},
		{"an option with nothing after it is refused", "ALA FRA --avoid",
		 "400 --avoid: nothing after it"},
		{"an empty list too", "ALA FRA --without ,", "400 --without: nothing after it"},
		{"no ways are not a number of ways", "ALA FRA --k 0",
		 "400 --k: found \"0\", expected a number of ways from 1 to 100"},
		{"nor is a negative number", "ALA FRA --k -1",
		 "400 --k: found \"-1\", expected a number of ways from 1 to 100"},
		{"nor too many", "ALA FRA --k 101",
		 "400 --k: found \"101\", expected a number of ways from 1 to 100"},
		{"nor a word", "ALA FRA --k 3x",
		 "400 --k: found \"3x\", expected a number of ways from 1 to 100"},
		{"an unknown segment is told with the nearest", "ALA FRA --without B0l",
		 "404 there is no segment \"B0l\"; the nearest known is B01 (Caucasus Cable "
		 "System)"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is_str(parse(hub, cases[i].line), cases[i].expected, cases[i].name);
}

static void
too_many(const struct hub *hub)
{
	char list[4 * (CORRIDOR_LIST_MAX + 1) + 1] = "";
	for (size_t i = 0; i <= CORRIDOR_LIST_MAX; i++)
		memcpy(list + 4 * i, "B01,", 5);
	const char *words[] = {"ALA", "FRA", "--without", list};
	struct corridor_question q;
	struct corridor_complaint c = {0};
	ok(corridor_question_parse(&q, hub, words, 4, &c) < 0 && c.status == 400,
	   "a list that is too long is refused, not cut short: %s", c.text);
}

static uint64_t
cost_of(const struct hub *hub, const char *line, const char *id)
{
	char text[512];
	const char *words[WORDS_MAX];
	struct corridor_question q = {0};
	struct corridor_complaint c = {0};
	uint64_t cost[256];
	uint32_t segment = 0;
	snprintf(text, sizeof(text), "%s", line);
	if (hub->segment_count > 256 ||
	    corridor_question_parse(&q, hub, words, split(words, text), &c) < 0 ||
	    corridor_segment_find(&segment, hub, id, &c) < 0)
		return 0;
	corridor_question_costs(&q, hub, cost);
	return cost[segment];
}

static void
costs(struct hub *hub)
{
	static const struct {
		const char *name, *line, *segment;
		double km; /* 0: closed */
	} cases[] = {
		{"a segment in service costs its length", "ALA FRA", "B01", 1182},
		{"a planned one may not be used", "ALA FRA", "C01", 0},
		{"unless it is taken as built", "ALA FRA --with C01", "C01", 380},
		{"one that is said to be out may be taken as built too", "ALA FRA --with X01",
		 "X01", 848},
		{"to avoid a country closes what crosses it", "ALA FRA --avoid BG", "B01", 0},
		{"and leaves the rest", "ALA FRA --avoid BG", "L07", 365},
		{"a cut segment is closed", "ALA FRA --without B01", "B01", 0},
		{"a cut group closes its segments", "ALA FRA --without BLACK_SEA", "B01", 0},
		{"a cut outweighs building", "ALA FRA --with C01 --without C01", "C01", 0},
		{"avoiding outweighs building", "ALA FRA --with C01 --avoid AZ", "C01", 0},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t expected =
			cases[i].km > 0 ? corridor_cost_of_length(corridor_length_cm(cases[i].km))
					: CORRIDOR_CLOSED;
		ok(cost_of(hub, cases[i].line, cases[i].segment) == expected, "%s", cases[i].name);
	}
	uint32_t segment = 0;
	struct corridor_complaint c;
	corridor_segment_find(&segment, hub, "B01", &c);
	hub->segments[segment].length_km = NAN;
	ok(cost_of(hub, "ALA FRA", "B01") == CORRIDOR_CLOSED,
	   "a segment whose length is not known is no part of any way");
}

static void
lone_sites(const struct hub *hub)
{
	struct corridor_graph *g = corridor_graph_of_hub(hub);
	const char *words[] = {"IX-PIE", "FRA"};
	struct corridor_question q;
	struct corridor_complaint c = {0};
	ok(corridor_question_parse(&q, hub, words, 2, &c) == 0 &&
		   corridor_question_check(&q, hub, g, &c) < 0,
	   "an exchange where no segment ends is no place to start from");
	is_str(c.text,
	       "no segment ends at IX-PIE (Pakistan Internet Exchange powered by DE-CIX); the "
	       "nearest site that has one is KHI (Karachi), 0 km away",
	       "and the nearest one is told");
	corridor_graph_free(g);
}

int
main(void)
{
	struct hub *hub = silkroad();
	words(hub);
	too_many(hub);
	lone_sites(hub);
	costs(hub);
	hub_free(hub);
	return done_testing();
}
