/* Topics of what works how long. */
#include <math.h>
#include <string.h>

#include "corridor/corridor_availability.h"
#include "corridor/corridor_formula_parts.h"

#define one  corridor_formula_one
#define all  corridor_formula_all
#define tell corridor_formula_tell

static void
tell_share(struct corridor_reckoning *r, double availability)
{
	tell(r, "availability", availability, "");
	tell(r, "unavailability", 1 - availability, "");
	tell(r, "downtime", corridor_availability_downtime_h(availability), "h/year");
}

static struct corridor_failure
failure_of(const struct corridor_reckoning *r)
{
	return (struct corridor_failure){one(r, "rate"), one(r, "repair")};
}

static int
cable(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	(void)complaint;
	tell_share(r, corridor_availability_cable(one(r, "length"), failure_of(r)));
	return 0;
}

static int
events(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	(void)complaint;
	double up = corridor_availability_events(one(r, "rate"), one(r, "lasting") / 24);
	tell(r, "share of time that it is down", 1 - up, "");
	tell(r, "availability", up, "");
	return 0;
}

static int
downtime(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	(void)complaint;
	double hours = corridor_availability_downtime_h(one(r, "availability"));
	tell(r, "downtime", hours, "h/year");
	tell(r, "the same", hours * 60, "min/year");
	return 0;
}

static int
complain_parts(const struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	corridor_complain(complaint, 400,
			  "%s: expected availabilities=A,.. or else lengths=, rates= and repairs=, "
			  "as many of each, or one for all",
			  r->formula->topic);
	return -1;
}

/* The availabilities of parts, as said, or as their lengths, rates and repairs have it. How many, or
 * 0 and the complaint. */
static size_t
parts_of(double out[CORRIDOR_LIST_MAX], const struct corridor_reckoning *r,
	 struct corridor_complaint *complaint)
{
	const struct corridor_given *said = all(r, "availabilities"), *km = all(r, "lengths");
	const struct corridor_given *rates = all(r, "rates"), *repairs = all(r, "repairs");
	if (said->text && !km->text && !rates->text && !repairs->text) {
		memcpy(out, said->values, said->count * sizeof(*out));
		return said->count;
	}
	if (said->text || !km->text || !rates->text || !repairs->text ||
	    (rates->count != 1 && rates->count != km->count) ||
	    (repairs->count != 1 && repairs->count != km->count)) {
		complain_parts(r, complaint);
		return 0;
	}
	for (size_t i = 0; i < km->count; i++) {
		struct corridor_failure f = {rates->values[rates->count == 1 ? 0 : i],
					     repairs->values[repairs->count == 1 ? 0 : i]};
		out[i] = corridor_availability_cable(km->values[i], f);
	}
	return km->count;
}

static int
series(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	double parts[CORRIDOR_LIST_MAX];
	size_t count = parts_of(parts, r, complaint);
	if (count == 0)
		return -1;
	tell_share(r, corridor_availability_series(parts, count));
	return 0;
}

static int
parallel(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	double parts[CORRIDOR_LIST_MAX];
	size_t count = parts_of(parts, r, complaint);
	if (count == 0)
		return -1;
	tell_share(r, corridor_availability_parallel(parts, count));
	return 0;
}

static int
shared(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	double parts[CORRIDOR_LIST_MAX], in_line[2];
	size_t count = parts_of(parts, r, complaint);
	if (count == 0)
		return -1;
	in_line[0] = one(r, "shared");
	in_line[1] = corridor_availability_parallel(parts, count);
	tell_share(r, corridor_availability_series(in_line, 2));
	return 0;
}

static int
of_n(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	double needed = one(r, "needed"), count = one(r, "count");
	if (needed > count) {
		corridor_complain(complaint, 400,
				  "k-of-n: needed: found %.10g, expected at most %.10g", needed,
				  count);
		return -1;
	}
	tell_share(r, corridor_availability_of((unsigned)needed, (unsigned)count,
					       one(r, "availability")));
	return 0;
}

static int
faults(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	(void)complaint;
	tell(r, "faults at once, on average",
	     corridor_availability_faults((unsigned)one(r, "cables"), one(r, "length"),
					  failure_of(r)),
	     "");
	return 0;
}

#define RATE                                                                                       \
	{                                                                                          \
		"rate", CORRIDOR_A_FAILURE, NULL, 0, 10000, false, false                           \
	}
#define REPAIR                                                                                     \
	{                                                                                          \
		"repair", CORRIDOR_A_DURATION, NULL, 0, 87600, false, false                        \
	}
#define LENGTH                                                                                     \
	{                                                                                          \
		"length", CORRIDOR_A_LENGTH, NULL, 0, 50000, false, false                          \
	}
#define PARTS                                                                                      \
	{"availabilities", CORRIDOR_A_SHARE, "", 0, 1, true, false},                               \
		{"lengths", CORRIDOR_A_LENGTH, "", 0, 50000, true, false},                         \
		{"rates", CORRIDOR_A_FAILURE, "", 0, 10000, true, false},                          \
	{                                                                                          \
		"repairs", CORRIDOR_A_DURATION, "", 0, 87600, true, false                          \
	}
#define AVAILABILITY(name)                                                                         \
	{                                                                                          \
		name, CORRIDOR_A_SHARE, NULL, 0, 1, false, false                                   \
	}

static const char renewal[] =
	"renewal theory: up for 1/rate, then down for the repair; 8760 h a year";
static const char independent[] = "parts that fail independently of each other";

const struct corridor_formula corridor_formulas_of_up[] = {
	{"availability",
	 "how much of the time a cable works",
	 "1 / (1 + rate x length / 1000 km x repair / 8760 h)",
	 renewal,
	 cable,
	 {LENGTH, RATE, REPAIR}},
	{"events",
	 "share of time that events from outside take",
	 "rate x lasting / 365.25 d, at most 1",
	 "a common cause: all that it takes is down at once",
	 events,
	 {{"rate", CORRIDOR_AN_EVENT, NULL, 0, 1e6, false, false},
	  {"lasting", CORRIDOR_A_DURATION, NULL, 0, 8.766e6, false, false}}},
	{"downtime",
	 "hours a year that an availability leaves",
	 "(1 - availability) x 8760 h",
	 "a year of 365 days",
	 downtime,
	 {AVAILABILITY("availability")}},
	{"series",
	 "all parts are needed",
	 "product of availabilities",
	 independent,
	 series,
	 {PARTS}},
	{"parallel",
	 "one part is enough",
	 "1 - product of unavailabilities",
	 independent,
	 parallel,
	 {PARTS}},
	{"shared",
	 "ways of which one is enough, all through one duct",
	 "shared x (1 - product of unavailabilities of the ways)",
	 "what all ways need is counted once",
	 shared,
	 {AVAILABILITY("shared"), PARTS}},
	{"k-of-n",
	 "so many of equal parts are needed",
	 "sum over i from needed to count of (count over i) A^i (1 - A)^(count - i)",
	 "binomial distribution; parts that fail independently of each other",
	 of_n,
	 {{"needed", CORRIDOR_A_NUMBER, NULL, 0, 1000, false, true},
	  {"count", CORRIDOR_A_NUMBER, NULL, 1, 1000, false, true},
	  AVAILABILITY("availability")}},
	{"faults",
	 "cables that are broken at once",
	 "cables x rate x length / 1000 km x repair / 8760 h",
	 "Little's law: faults that come, times how long they stay",
	 faults,
	 {{"cables", CORRIDOR_A_NUMBER, NULL, 1, 1e6, false, true}, LENGTH, RATE, REPAIR}},
	{0},
};
