/* The calculator: the reference formulas, what was reckoned in another way (data/SOURCES), units, and what is
 * refused. */
#include "corridor/corridor_formula.h"

#include <math.h>
#include <string.h>

#include "csv.h"
#include "hub/hub_optics.h"
#include "tap.h"

/* Reckons the words of `asked`. False: it was refused, *complaint says why. */
static bool
reckon(struct corridor_reckoning *out, struct arena *arena, const char *asked,
       struct corridor_complaint *complaint)
{
	const char *words[CORRIDOR_INPUTS_MAX + 2];
	size_t count = 0;
	for (char *at = arena_str(arena, asked); (at = strtok(at, " ")); at = NULL)
		words[count++] = at;
	return corridor_formula_reckon(out, arena, words, count, complaint) == 0;
}

static const struct corridor_result *
result_of(const struct corridor_reckoning *r, const char *name)
{
	for (size_t i = 0; i < r->count; i++)
		if (strcmp(r->results[i].name, name) == 0)
			return &r->results[i];
	return *name ? NULL : &r->results[0];
}

/* The numbers in `expected`, with blanks between, are those of the results from `first` on; "none" is that
 * there is none, "-" anything. */
static bool
agrees(const struct corridor_result *first, const struct corridor_result *end, const char *expected)
{
	while (*expected) {
		size_t length = strcspn(expected, " ");
		char *stop;
		double number = strtod(expected, &stop);
		if (first == end)
			return false;
		if (strncmp(expected, "none", length) == 0) {
			if (!isnan(first->value))
				return false;
		} else if (*expected != '-' || length > 1) {
			if (stop == expected ||
			    !(fabs(first->value - number) <= 1e-6 * fabs(number) + 1e-12))
				return false;
		}
		first++;
		expected += length + (expected[length] == ' ');
	}
	return true;
}

/* What is asked and what was expected; of the first result on, or of the one called `name`. */
static bool
row_agrees(const char *asked, const char *name, const char *expected)
{
	struct corridor_reckoning r;
	struct corridor_complaint complaint = {0};
	struct arena *arena = arena_new();
	bool right = false;
	if (!reckon(&r, arena, asked, &complaint)) {
		printf("# %s: %s\n", asked, complaint.text);
	} else {
		const struct corridor_result *first = result_of(&r, name);
		right = first && agrees(first, r.results + r.count, expected);
		if (!right)
			printf("# %s: got %.12g, expected %s\n", asked, first ? first->value : NAN,
			       expected);
	}
	arena_free(arena);
	return right;
}

static void
reference(void)
{
	struct csv csv = csv_read("tests/corridor/data/formulas.csv");
	for (size_t i = 0; i < csv.rows; i++) {
		const char *expected = csv_get(&csv, i, "expected");
		const char *asked = csv_get(&csv, i, "asked");
		/* Of the trap the pair is told first, then its shortest way. */
		if (strncmp(expected, "shortest", 8) == 0)
			expected = "8 - - 3 - 1";
		ok(row_agrees(asked, csv_get(&csv, i, "result"), expected), "%s: %s",
		   csv_get(&csv, i, "id"), asked);
	}
	csv_fini(&csv);
}

static void
reckoned_elsewhere(void)
{
	struct csv csv = csv_read("tests/corridor/data/reckon.csv");
	size_t right = 0;
	char asked[2000];
	for (size_t i = 0; i < csv.rows; i++) {
		(void)snprintf(asked, sizeof(asked), "%s %s", csv_get(&csv, i, "topic"),
			       csv_get(&csv, i, "inputs"));
		right += row_agrees(asked, "", csv_get(&csv, i, "expected"));
	}
	is_int(right, csv.rows, "all that was reckoned in another way is the same");
	const struct corridor_formula *f;
	for (size_t t = 0; (f = corridor_formula_at(t)); t++) {
		size_t rows = 0;
		for (size_t i = 0; i < csv.rows; i++)
			rows += strcmp(csv_get(&csv, i, "topic"), f->topic) == 0;
		ok(rows > 0, "%s is among it", f->topic);
	}
	csv_fini(&csv);
}

static void
units(void)
{
	static const struct {
		enum corridor_quantity of;
		const char *text;
		double expected; /* NAN: refused */
	} cases[] = {
		{CORRIDOR_A_LENGTH, "380km", 380},
		{CORRIDOR_A_LENGTH, "380", 380},
		{CORRIDOR_A_LENGTH, "1.5e3m", 1.5},
		{CORRIDOR_A_LENGTH, "380 km", NAN},
		{CORRIDOR_A_LENGTH, "380KM", NAN},
		{CORRIDOR_A_LENGTH, "km", NAN},
		{CORRIDOR_A_LENGTH, "", NAN},
		{CORRIDOR_A_LENGTH, "1e999", NAN},
		{CORRIDOR_A_LENGTH, "0x10km", NAN},
		{CORRIDOR_A_LENGTH, "inf", NAN},
		{CORRIDOR_A_LENGTH, "nan", NAN},
		{CORRIDOR_A_POWER, "1mW", 0},
		{CORRIDOR_A_POWER, "0.5W", 26.98970004},
		{CORRIDOR_A_POWER, "-1mW", NAN},
		{CORRIDOR_A_LIGHT, "1550nm", 193.414489},
		{CORRIDOR_A_LIGHT, "193250GHz", 193.25},
		{CORRIDOR_A_FAILURE, "2.13/1000km/y", 2.13},
		{CORRIDOR_A_FAILURE, "0.002/km/year", 2},
		{CORRIDOR_A_FAILURE, "200/1200/1000km/y", 1.0 / 6},
		{CORRIDOR_AN_EVENT, "1/1.5/y", 1 / 1.5},
		{CORRIDOR_AN_EVENT, "1/0/y", NAN},
		{CORRIDOR_A_DURATION, "20d", 480},
		{CORRIDOR_A_SHARE, "99.9%", 0.999},
		{CORRIDOR_A_YEARLY, "-3%/y", -0.03},
		{CORRIDOR_A_SUM, "50800000USD", 50.8},
		{CORRIDOR_A_PRICE, "500USD/Gbit/s/month", 0.5},
		{CORRIDOR_A_TRAFFIC, "any", INFINITY},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		double got;
		if (corridor_quantity_read(&got, cases[i].of, cases[i].text, strlen(cases[i].text)))
			got = NAN;
		ok((isnan(got) && isnan(cases[i].expected)) || got == cases[i].expected ||
			   fabs(got - cases[i].expected) <= 1e-8 * fabs(got),
		   "\"%s\" is %.9g", cases[i].text, got);
	}
}

static void
refusals(void)
{
	static const struct {
		const char *asked, *expected;
	} cases[] = {
		{"latancy length=1", "404 nothing can be reckoned that is called \"latancy\"; the "
				     "nearest known is latency; corridor reckon lists all topics"},
		{"horoscope", "404 nothing can be reckoned that is called \"horoscope\"; corridor "
			      "reckon lists all topics"},
		{"latency", "400 latency: missing is \"length\"; its inputs are length"},
		{"latency 380km",
		 "400 latency: expected name=value, found \"380km\"; its inputs are "
		 "length"},
		{"latency long=3",
		 "400 latency: there is no input \"long\"; its inputs are length"},
		{"latency length=3 length=4",
		 "400 latency: twice the input \"length\"; its inputs are length"},
		{"latency length=3miles",
		 "400 latency: length: found \"3miles\", expected a number "
		 "from 0 to 50000 km (units: km, m)"},
		{"latency length=any",
		 "400 latency: length: found \"any\", expected a number from 0 "
		 "to 50000 km (units: km, m)"},
		{"latency length=-1",
		 "400 latency: length: found \"-1\", expected a number from 0 to "
		 "50000 km (units: km, m)"},
		{"latency length=1,2",
		 "400 latency: length: found \"1,2\", expected a number from 0 "
		 "to 50000 km (units: km, m)"},
		{"capacity pairs=1.5",
		 "400 capacity: pairs: found \"1.5\", expected a whole number "
		 "from 1 to 1000000"},
		{"great-circle from=1 to=2,3", "400 great-circle: from: found \"1\", expected "
					       "latitude (-90 to 90) and longitude, "
					       "such as 24.87,66.99"},
		{"great-circle from=1,2 to=91,3", "400 great-circle: to: found \"91,3\", expected "
						  "latitude (-90 to 90) and longitude, "
						  "such as 24.87,66.99"},
		{"eta baud=64",
		 "400 eta: spacing: found 50 GHz, expected at least the 64 GHz that the "
		 "symbol rate takes"},
		{"pairs capacity=1 band=50GHz", "400 pairs: no channel of 75 GHz fits in 50 GHz"},
		{"mode gsnr=20 rates=400",
		 "400 mode: 1 rates and 4 needs: one of each is of one mode"},
		{"npv flow=1x200", "400 npv: flow: more than 128 numbers"},
		{"npv flow=1,,2",
		 "400 npv: flow: found \"1,,2\", expected a number from -1000000000 "
		 "to 1000000000 MUSD (units: MUSD, USD, kUSD, GUSD)"},
		{"npv flow=-1,2 rate=10",
		 "400 npv: rate: found \"10\", expected a number from -0.99 to "
		 "1 /y (units: /y, %, %/y, %/year)"},
		{"series", "400 series: expected availabilities=A,.. or else lengths=, rates= and "
			   "repairs=, as many of each, or one for all"},
		{"series lengths=1,2,3 rates=1,2 repairs=1",
		 "400 series: expected availabilities=A,.. or else lengths=, rates= and repairs=, "
		 "as "
		 "many of each, or one for all"},
		{"k-of-n needed=5 count=4 availability=0.9",
		 "400 k-of-n: needed: found 5, expected at most 4"},
		{"max-min capacities=1 routes=0+0 demands=1",
		 "400 max-min: routes: found \"0+0\", expected links from 0 to 0, each once, with "
		 "+ "
		 "between, and a comma to the next route"},
		{"max-min capacities=1,2 routes=0,2 demands=1,1",
		 "400 max-min: routes: found \"2\", expected links from 0 to 1, each once, with + "
		 "between, and a comma to the next route"},
		{"max-min capacities=1 routes=0 demands=1,1",
		 "400 max-min: 1 routes and 2 demands"},
		{"disjoint edges=a-b from=a to=b", "400 disjoint: edges: found \"a-b\", expected "
						   "A-B:KM, such as KHI-FRA:9000km, up to "
						   "512 with commas between"},
		{"disjoint edges=a-b:0 from=a to=b",
		 "400 disjoint: edges: found \"a-b:0\", expected A-B:KM, such as KHI-FRA:9000km, "
		 "up to "
		 "512 with commas between"},
		{"disjoint edges=a-b:1 from=a to=c", "400 disjoint: to: no edge ends at \"c\""},
		{"disjoint edges=a-b:1 from=a to=a", "400 disjoint: from and to are the same"},
		{"disjoint edges=a-b:1 from=a to=b kind=country",
		 "400 disjoint: kind: found \"country\", expected site or segment"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct corridor_reckoning r;
		struct corridor_complaint complaint = {0};
		struct arena *arena = arena_new();
		char got[300] = "reckoned";
		if (!reckon(&r, arena, cases[i].asked, &complaint))
			(void)snprintf(got, sizeof(got), "%d %s", complaint.status, complaint.text);
		is_str(got, cases[i].expected, cases[i].asked);
		arena_free(arena);
	}
}

/* Usual values stand in the room's own tables, too. */
static void
usual(void)
{
	char rates[100] = "rates=", needs[100] = "needs=", asked[250];
	const struct hub_optics *o = &hub_optics_usual;
	for (size_t i = 0; i < o->mode_count; i++) {
		if (!strstr(o->modes[i].id, "/60"))
			continue;
		(void)snprintf(rates + strlen(rates), 20, "%s%g", i ? "," : "",
			       o->modes[i].rate_gbps);
		(void)snprintf(needs + strlen(needs), 20, "%s%g", i ? "," : "",
			       o->modes[i].osnr_db);
	}
	struct corridor_reckoning said, unsaid;
	struct corridor_complaint complaint;
	struct arena *arena = arena_new();
	(void)snprintf(asked, sizeof(asked), "mode gsnr=20 %s %s", rates, needs);
	bool same = reckon(&said, arena, asked, &complaint) &&
		    reckon(&unsaid, arena, "mode gsnr=20", &complaint);
	for (size_t i = 0; same && i < CORRIDOR_INPUTS_MAX && said.formula->inputs[i].name; i++) {
		const struct corridor_given *a = &said.given[i], *b = &unsaid.given[i];
		same = a->count == b->count &&
		       memcmp(a->values, b->values, a->count * sizeof(*a->values)) == 0;
	}
	ok(same, "modes are usual that are the hub's usual ones of 60 GBd");
	arena_free(arena);
}

int
main(void)
{
	reference();
	reckoned_elsewhere();
	units();
	refusals();
	usual();
	return done_testing();
}
