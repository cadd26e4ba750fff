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

static size_t
append(char *out, size_t room, const char *sign, const struct corridor_list *list)
{
	size_t n = 0;
	for (size_t i = 0; i < list->count; i++)
		n += (size_t)snprintf(out + n, room - n, " %s%s", sign, list->items[i].text);
	return n;
}

/* The question as text, or the complaint. */
static const char *
parse(const struct corridor_plan *plan, const char *line)
{
	static char out[512], text[512];
	char day[CLOCK_TEXT];
	const char *words[WORDS_MAX];
	const struct hub *hub = plan->hub;
	struct arena *arena = arena_new();
	struct corridor_question q;
	struct corridor_complaint c = {0};
	snprintf(text, sizeof(text), "%s", line);
	if (corridor_question_parse(&q, plan, arena, words, split(words, text), &c) < 0) {
		snprintf(out, sizeof(out), "%d %s", c.status, c.text);
		arena_free(arena);
		return out;
	}
	size_t n = (size_t)snprintf(out, sizeof(out), "%s-%s k=%u", hub->sites[q.ends.a].id,
				    hub->sites[q.ends.b].id, q.terms.k);
	n += append(out + n, sizeof(out) - n, "!", &q.terms.avoid);
	n += append(out + n, sizeof(out) - n, "*", &q.terms.require);
	n += append(out + n, sizeof(out) - n, "-", &q.terms.without);
	n += append(out + n, sizeof(out) - n, "+", &q.terms.with);
	if (q.terms.measure != CORRIDOR_BY_LENGTH)
		n += (size_t)snprintf(out + n, sizeof(out) - n, " by %s",
				      corridor_measure_word(q.terms.measure));
	if (q.terms.day.planned)
		snprintf(out + n, sizeof(out) - n, " on %.10s", utc_format(day, q.terms.day.at));
	arena_free(arena);
	return out;
}

static void
words(const struct corridor_plan *plan)
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
		{"semicolons and spaces separate too", "ALA FRA --avoid RU;+IR",
		 "ALA-FRA k=1 !RU !IR"},
		{"segments and risk groups to do without", "ALA FRA --without B01,red_sea,K06",
		 "ALA-FRA k=1 -B01 -RED_SEA -K06"},
		{"segments to build, by name too", "ALA FRA --with C01,Kardesa+Poti-Aheloy",
		 "ALA-FRA k=1 +C01 +B06"},
		{"what must be on the way, of any kind",
		 "ALA FRA --require TR,site:ist;operator:Transt --via Baku",
		 "ALA-FRA k=1 *TR *site:IST *operator:Transtelecom *site:BAK"},
		{"operators, sites and risks to avoid",
		 "ALA FRA --avoid transtelecom,KHI,risk:caspian",
		 "ALA-FRA k=1 !operator:Transtelecom !site:KHI !CASPIAN"},
		{"the same twice is once", "ALA FRA --avoid RU,ru --avoid country:RU",
		 "ALA-FRA k=1 !RU"},
		{"a country that nothing crosses may be avoided", "ALA FRA --avoid aq",
		 "ALA-FRA k=1 !AQ"},
		{"but not asked for", "ALA FRA --require AQ",
		 "404 --require: no segment of this hub crosses AQ"},
		{"a measure", "ALA FRA --by Price", "ALA-FRA k=1 by price"},
		{"another word is none", "ALA FRA --by colour",
		 "400 --by: found \"colour\", expected length, price, availability or hops"},
		{"a year is its last day", "ALA FRA --date 2027", "ALA-FRA k=1 on 2027-12-31"},
		{"a month too", "ALA FRA --date=2028-02", "ALA-FRA k=1 on 2028-02-29"},
		{"a day is itself", "ALA FRA --date 2027-06-30", "ALA-FRA k=1 on 2027-06-30"},
		{"the thirtieth of February is none", "ALA FRA --date 2027-02-30",
		 "400 --date: found \"2027-02-30\", expected a day such as 2027, 2027-06 or "
		 "2027-06-30"},
		{"nor is half a date", "ALA FRA --date 2027-",
		 "400 --date: found \"2027-\", expected a day such as 2027, 2027-06 or "
		 "2027-06-30"},
		{"a year before all fibre is refused", "ALA FRA --date 1900",
		 "400 --date: nothing is known to have been there in 1900: the first segment that "
		 "says since when it is in use says 1997"},
		{"and so is the year before the first", "ALA FRA --date 1996",
		 "400 --date: nothing is known to have been there in 1996: the first segment that "
		 "says since when it is in use says 1997"},
		{"that year itself is one", "ALA FRA --date 1997", "ALA-FRA k=1 on 1997-12-31"},
		{"a country by its name", "ALA FRA --avoid russia,Iran", "ALA-FRA k=1 !RU !IR"},
		{"several ways", "ALA FRA --k 7", "ALA-FRA k=7"},
		{"names of places", "Almaty Hong+Kong", "ALA-HKG k=1"},
		{"one site is too few", "ALA",
		 "400 expected two sites, found 1; usage: A B [--avoid RU,IR] [--require X] "
		 "[--without SEGMENT] [--with SEGMENT] [--by MEASURE] [--k N] [--date YYYY]"},
		{"three are too many", "ALA Hong Kong",
		 "400 expected two sites, found 3 (a name of several words needs quotes); usage: A "
		 "B [--avoid RU,IR] [--require X] [--without SEGMENT] [--with SEGMENT] [--by "
		 "MEASURE] [--k N] [--date YYYY]"},
		{"an unknown option is told", "ALA FRA --evade RU",
		 "400 found \"--evade\", expected --avoid, --require, --via, --without, --with, "
		 "--by, --k, --as-planned or --date"},
		{"half a known one is not a known one", "ALA FRA --avoidance RU",
		 "400 found \"--avoidance\", expected --avoid, --require, --via, --without, "
		 "--with, --by, --k, --as-planned or --date"},
		{"a country is found by its name", "ALA FRA --avoid Russia,iRAN",
		 "ALA-FRA k=1 !RU !IR"},
		{"one that no segment crosses too", "ALA FRA --avoid Japan,country:brazil",
		 "ALA-FRA k=1 !JP !BR"},
		{"an unknown country is told with the nearest", "ALA FRA --avoid Rusia",
		 "404 nothing is called \"Rusia\" (country, risk, operator, cable, site); the "
		 "nearest known is country:RU"},
		{"an option with nothing after it is refused", "ALA FRA --avoid",
		 "400 --avoid: nothing after it"},
		{"an empty list too", "ALA FRA --without ,",
		 "400 --without: found \",\", expected something before and after each comma"},
		{"no ways are not a number of ways", "ALA FRA --k 0",
		 "400 --k: found \"0\", expected a number of ways from 1 to 100"},
		{"nor is a negative number", "ALA FRA --k -1",
		 "400 --k: found \"-1\", expected a number of ways from 1 to 100"},
		{"nor too many", "ALA FRA --k 101",
		 "400 --k: found \"101\", expected a number of ways from 1 to 100"},
		{"nor a word", "ALA FRA --k 3x",
		 "400 --k: found \"3x\", expected a number of ways from 1 to 100"},
		{"an unknown segment is told with the nearest", "ALA FRA --without B0l",
		 "404 nothing is called \"B0l\" (risk, cable, segment); the nearest known is "
		 "segment:B01"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is_str(parse(plan, cases[i].line), cases[i].expected, cases[i].name);
}

static void
too_many(const struct corridor_plan *plan)
{
	char list[3 * (CORRIDOR_LIST_MAX + 1) + 1] = "";
	for (int i = 0; i <= CORRIDOR_LIST_MAX; i++)
		snprintf(list + (size_t)3 * (size_t)i, 4, "%c%c,", 'A' + i / 26, 'A' + i % 26);
	const char *words[] = {"ALA", "FRA", "--avoid", list};
	struct arena *arena = arena_new();
	struct corridor_question q;
	struct corridor_complaint c = {0};
	ok(corridor_question_parse(&q, plan, arena, words, 4, &c) < 0 && c.status == 400,
	   "a list that is too long is refused, not cut short: %s", c.text);
	arena_free(arena);
}

static uint64_t
cost_of(const struct corridor_plan *plan, const char *line, const char *id)
{
	char text[512];
	const char *words[WORDS_MAX];
	struct arena *arena = arena_new();
	struct corridor_question q = {0};
	struct corridor_complaint c = {0};
	uint64_t cost[256] = {0};
	uint32_t segment = 0;
	snprintf(text, sizeof(text), "%s", line);
	if (plan->hub->segment_count <= 256 &&
	    corridor_question_parse(&q, plan, arena, words, split(words, text), &c) == 0 &&
	    corridor_segment_find(&segment, plan->hub, id, &c) == 0)
		corridor_plan_costs(cost, plan, &q.conditions, q.terms.measure);
	arena_free(arena);
	return cost[segment];
}

static void
costs(struct hub *hub, const struct corridor_plan *plan)
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
		ok(cost_of(plan, cases[i].line, cases[i].segment) == expected, "%s", cases[i].name);
	}
	uint32_t segment = 0;
	struct corridor_complaint c;
	corridor_segment_find(&segment, hub, "B01", &c);
	hub->segments[segment].length_km = NAN;
	struct corridor_plan *other = corridor_plan_new(hub, (struct corridor_day){0});
	ok(cost_of(other, "ALA FRA", "B01") == CORRIDOR_CLOSED,
	   "a segment whose length is not known is no part of any way");
	corridor_plan_free(other);
}

static void
lone_sites(const struct corridor_plan *plan)
{
	const char *words[] = {"IX-PIE", "FRA"};
	struct arena *arena = arena_new();
	struct corridor_question q;
	struct corridor_complaint c = {0};
	ok(corridor_question_parse(&q, plan, arena, words, 2, &c) == 0 &&
		   corridor_question_check(plan, q.ends, &c) < 0,
	   "an exchange where no segment ends is no place to start from");
	is_str(c.text,
	       "no segment ends at IX-PIE (Pakistan Internet Exchange powered by DE-CIX); the "
	       "nearest site that has one is KHI (Karachi), 0 km away",
	       "and the nearest one is told");
	arena_free(arena);
}

/* A corridor of which only what is yet to be built has a day. */
static void
days_to_come(void)
{
	static const struct hub_basis nobody = {.low = NAN, .high = NAN};
	struct hub_site sites[] = {{.id = "A"}, {.id = "B"}};
	struct hub_segment segments[] = {
		{.id = "OLD", .status = "in service", .usable = true, .b = 1, .length_km = 9},
		{.id = "NEW", .status = "planned", .b = 1, .length_km = 8, .from = {1861920000}}};
	struct hub hub = {
		.sites = sites, .site_count = 2, .segments = segments, .segment_count = 2};
	for (size_t i = 0; i < 2; i++) {
		segments[i].length_from = segments[i].design_from = nobody;
		segments[i].design_tbps = segments[i].lit_tbps = NAN;
	}
	struct corridor_plan *plan =
		corridor_plan_new(&hub, (struct corridor_day){.at = {1795219200}});
	is_str(parse(plan, "A B --date 2027"), "A-B k=1 on 2027-12-31",
	       "a day before the first that is planned may be asked for");
	is_str(parse(plan, "A B --date 2020"), "A-B k=1 on 2020-12-31",
	       "so may one that is over: what is to come says nothing of it");
	corridor_plan_free(plan);
}

int
main(void)
{
	struct hub *hub = silkroad();
	struct corridor_plan *plan =
		corridor_plan_new(hub, (struct corridor_day){.at = {1795219200}});
	words(plan);
	too_many(plan);
	lone_sites(plan);
	costs(hub, plan);
	corridor_plan_free(plan);
	hub_free(hub);
	days_to_come();
	return done_testing();
}
