/* The corridor as of a day, in arrays: what each segment is then, what it shares with others, how
 * often it fails, what it costs; every number with its bounds and its basis. Made once from the
 * picture, then read by all who reckon: paths, flows, cuts, money. Immutable; indices are those of
 * struct hub.
 *
 *   hub ──► corridor_plan ──► costs under conditions ──► search, paths, disjoint, flow ...
 *                       └──► facts ──► grounds of an answer */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "corridor/corridor_availability.h"
#include "corridor/corridor_disjoint.h"
#include "corridor/corridor_graph.h"
#include "hub/hub.h"

/* A number and what it rests on. low <= value <= high; NAN all three when it is not known. */
struct corridor_fact {
	double value, low, high;
	enum hub_confidence basis; /* never HUB_UNSTATED: that counts as estimated */
	const char *source;        /* NULL: none; the hub's string */
};

/* `value` with the bounds that are written, else those that follow from its basis: seen 1 %, derived
 * 10 %, estimated or not said 20 % either way. */
struct corridor_fact corridor_fact_of(double value, const struct hub_basis *basis);
/* Something that nobody told: between value / spread and value * spread, estimated. */
struct corridor_fact corridor_fact_assumed(double value, double spread);

/* What an answer rests on: facts summed as they are used. Bounds are those of the worst case, all
 * facts low or all high together. */
struct corridor_grounds {
	double value, low, high;
	double estimated;          /* part of value that rests on estimates */
	double derived;            /* and on what was derived */
	uint32_t facts, estimates; /* how many there were, how many of them estimates */
};

/* Adds `weight` times the fact (weight >= 0). A fact that is not known makes the whole NAN. */
void corridor_grounds_add(struct corridor_grounds *grounds, const struct corridor_fact *fact,
			  double weight);
/* The part of the value that rests on estimates: 0 to 1; 0 when there is no value. */
double corridor_grounds_share(const struct corridor_grounds *grounds);

/* What segments have in common, by which they can be avoided, asked for or cut. */
enum corridor_class {
	CORRIDOR_COUNTRIES, /* by code */
	CORRIDOR_RISKS,     /* by srlg */
	CORRIDOR_OPERATORS, /* each of those that `operators` names with "/" between them */
	CORRIDOR_CABLES,    /* by id */
	CORRIDOR_CLASSES,
};

/* Which segments have which of the names of one class; both ways. */
struct corridor_relation {
	size_t count;
	const char *const *names;
	uint32_t *first, *of; /* names of segment s: of[first[s]] up to of[first[s + 1]] */
	uint32_t *first_segment, *segments; /* segments of a name, ascending */
};

struct corridor_segment {
	bool there;            /* carries traffic on the plan's day */
	bool undated;          /* there on a day that is over, for nobody tells since when it is */
	bool assumed;          /* its capacity is told by nobody */
	uint32_t length_cm;    /* 0: no length, never there */
	uint32_t cable;        /* index into the hub's cables; HUB_NONE */
	uint64_t capacity_bps; /* each direction */
	double unavailability; /* by itself, without what it shares with others */
	struct corridor_fact length_km;
	struct corridor_fact capacity_tbps;
	struct corridor_fact price;    /* US dollars per Mbit/s and month, over all its length */
	struct utc_s priced;           /* the day from which that was taken; 0: it has none */
	struct corridor_fact failures; /* a year */
	double repair_h;
	/* What it crosses; where nobody told, the countries of its ends. */
	const struct country *countries;
	size_t country_count;
};

/* What makes several segments fail as one: a risk that has a rate, or a country that has one. */
struct corridor_cause {
	const struct hub_risk *risk;
	struct corridor_fact per_year;
	double days;
	double unavailability;
};

/* The day of a plan. */
struct corridor_day {
	struct utc_s at; /* when it is */
	/* Asked for: what is planned by that day is there by then, as its year says. Otherwise only
	 * what `status`, `from` and `until` say of today. */
	bool planned;
	/* The present: of days up to it, what was only planned for them never came to be. 0: not
	 * known, all plans come true. */
	struct utc_s today;
};

struct corridor_plan {
	const struct hub *hub; /* not owned; outlives the plan */
	struct corridor_day day;
	struct corridor_graph *graph;
	struct corridor_segment *segments; /* hub->segment_count */
	struct corridor_relation classes[CORRIDOR_CLASSES];
	struct corridor_cause *causes;
	/* The same for corridor_availability: groups are causes by their index. */
	struct corridor_groups cause_groups;
	struct corridor_parts parts; /* availabilities of segments and causes */
	struct corridor_parts parts_low,
		parts_high; /* if all fails as often as it may, or as rarely */
	struct arena *arena;
	/* Of a plan of what is left at present: segments that are cut, and so are not there. */
	const uint32_t *cut;
	size_t cut_count;
};

/* NULL and errno: EINVAL when the graph is too large, ENOMEM. */
struct corridor_plan *corridor_plan_new(const struct hub *hub, struct corridor_day day);
void corridor_plan_free(struct corridor_plan *plan);

/* The year from which it carries traffic, or is to: the first that in_service has in it, else status.
 * 0: none. */
int corridor_segment_year(const struct hub_segment *segment);

/* Was it to be there in a year that is over by `today`, while its status still says that it is only
 * planned? On days to come it counts as built all the same. */
bool corridor_plan_overdue(const struct corridor_plan *plan, uint32_t segment, struct utc_s today);
/* The first year of which any segment says that it was in use then; 0: none says a year. */
int corridor_plan_first_year(const struct corridor_plan *plan);

/* Does it lie in the sea, by its medium? */
bool corridor_plan_under_water(const struct hub_segment *segment);

/* The index of a name in a class, whatever its case; HUB_NONE if no segment has it. */
uint32_t corridor_plan_name(const struct corridor_plan *plan, enum corridor_class class,
			    const char *name);
bool corridor_plan_has(const struct corridor_plan *plan, enum corridor_class class,
		       uint32_t segment, uint32_t name);

/* By what ways are compared. */
enum corridor_measure {
	CORRIDOR_BY_LENGTH,
	CORRIDOR_BY_PRICE,          /* a segment for nothing costs a millionth of a dollar */
	CORRIDOR_BY_UNAVAILABILITY, /* of segments by themselves and their causes, as if added up */
	CORRIDOR_BY_HOPS,
};

/* What a word of a question can name. */
enum corridor_kind {
	CORRIDOR_A_COUNTRY = CORRIDOR_COUNTRIES,
	CORRIDOR_A_RISK = CORRIDOR_RISKS,
	CORRIDOR_AN_OPERATOR = CORRIDOR_OPERATORS,
	CORRIDOR_A_CABLE = CORRIDOR_CABLES,
	CORRIDOR_A_SITE = CORRIDOR_CLASSES,
	CORRIDOR_A_SEGMENT,
	CORRIDOR_KINDS,
};

struct corridor_named {
	enum corridor_kind kind;
	uint32_t index; /* of a name in its class, a site or a segment */
};

/* Under which conditions: what ways may not use, what they must use, and what is to be taken as
 * there or not. Indices mean the same in the plans of all days of a hub. */
struct corridor_conditions {
	const uint32_t *avoid[CORRIDOR_CLASSES]; /* names */
	size_t avoid_count[CORRIDOR_CLASSES];
	const uint32_t *avoid_sites;
	size_t avoid_site_count;
	/* Each of these is used by a way, in any order: a site that it touches, a segment, or a
	 * segment that has the name. Costs do not know of it; corridor_ways does. */
	const struct corridor_named *require;
	size_t require_count;
	const uint32_t *without; /* segments */
	size_t without_count;
	const uint32_t
		*with; /* segments that are not there: as if they were; avoiding goes first */
	size_t with_count;
};

/* The cost of being down for a share of the time, without a hop: BY_UNAVAILABILITY the cost of a
 * segment is that of itself, those of its causes, and a hop. */
uint64_t corridor_plan_cost_of_down(double unavailability);

/* What a price costs BY_PRICE, above a hop: whole millionths of a dollar, at most 2^31 of them. */
uint64_t corridor_plan_cost_of_price(double price);

/* What a segment of known length costs, there or not. */
uint64_t corridor_plan_cost(const struct corridor_plan *plan, uint32_t segment,
			    enum corridor_measure measure);

/* What each segment costs, CORRIDOR_CLOSED where it may not be used; `cost` has room for all. Costs
 * are above 0, have one hop in their low CORRIDOR_HOP_BITS, and their sums along a way cannot
 * overflow. `conditions` may be NULL: none. */
void corridor_plan_costs(uint64_t *cost, const struct corridor_plan *plan,
			 const struct corridor_conditions *conditions,
			 enum corridor_measure measure);
