/* What a cut does: who loses how much, who gets slower by how much, how often it is to be expected
 * and what that comes to. A cut takes away what names stand for (a segment, a cable, a group, a
 * country, a site with all that ends there), one of them or several at once.
 *
 * Ranges of what is lost are those of all corners (corridor/corridor_corners.h); of what is slower,
 * those of the lengths of what is not common to both ways.
 *
 *   plan ──► corridor_whatif_new: demands laid as they are today
 *                └──► corridor_whatif_cut: one cut, and what it does to each demand
 *                └──► corridor_whatif_all: every single or every pair of a kind, the worst first */
#pragma once

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "corridor/corridor_flow_plan.h"
#include "corridor/corridor_itinerary.h"

/* Pairs of more names than these are not gone through. */
enum { CORRIDOR_WHATIF_PAIRED_MAX = 512 };

/* How often something is down, and for how long; NAN when nobody knows. */
struct corridor_outage {
	double hours;                     /* of one */
	double down, down_low, down_high; /* share of the time */
};

#define CORRIDOR_OUTAGE_UNKNOWN ((struct corridor_outage){NAN, NAN, NAN, NAN})

struct corridor_consequence {
	struct corridor_named cut[2]; /* from corridor_whatif_all: `names` of them */
	size_t names;
	uint32_t closed;  /* segments that it takes away */
	uint32_t parted;  /* demands that no way is left for */
	uint32_t reduced; /* demands that get less */
	uint32_t slower;  /* demands of which the best way is longer */
	uint32_t faster;  /* shorter: contract or protection had bound them to a longer one */
	uint64_t parted_bps;
	uint64_t lost_bps;   /* by those that get less */
	uint64_t gained_bps; /* by others, for whom there is more room */
	/* Round trip, added to those that are slower; 0: none is. */
	struct corridor_range median_ms, worst_ms;
	uint32_t worst;         /* the demand */
	uint32_t fullest;       /* segment that it fills most, HUB_NONE: none */
	double utilisation;     /* of that */
	uint32_t used, assumed; /* segments that carry something then; of them with a capacity that
				   nobody told */
	struct corridor_grounds lost; /* Gbit/s, and what of it rests on estimates of demands */
	/* Gbit/s of that, by demands that neither begin nor end at a site or in a country that is cut:
	 * transit. */
	struct corridor_range passing;
	struct corridor_range unserved; /* Gbit/s that are asked and not served under it */
	struct corridor_outage outage;
	double gbit_hours; /* Gbit/s lost times hours, once */
	double gbit_hours_year, gbit_hours_year_low, gbit_hours_year_high; /* expected in a year */
};

/* By how much the best way of a demand is longer, or shorter. */
struct corridor_delay {
	bool slower;
	struct corridor_range
		ms;       /* round trip, added; below 0: it is faster; NAN: a way is missing */
	double estimated; /* of the kilometres that make it, share by estimate: 0 to 1 */
};

/* One demand before a cut and under it. */
struct corridor_whatif_demand {
	uint64_t asked_bps, before_bps, after_bps;
	struct corridor_range lost_gbps;
	struct corridor_delay delay;
	double before_ms, after_ms; /* round trip of the best way; NAN: there is none */
};

struct corridor_whatif;

/* Demands are laid by priority, over as many ways as there are (CORRIDOR_FLOW_PRIORITY), as they
 * are asked for. NULL and errno: as corridor_flow_new. The plan outlives it. */
struct corridor_whatif *corridor_whatif_new(const struct corridor_flow_ask *ask);
void corridor_whatif_free(struct corridor_whatif *whatif);

/* What is asked for and what of it is not served even without a cut, in Gbit/s. */
void corridor_whatif_base(struct corridor_range *asked, struct corridor_range *unserved,
			  const struct corridor_whatif *whatif);

/* The cut of all `count` names at once. 0, or -1 without memory. */
int corridor_whatif_cut(struct corridor_consequence *out, struct corridor_whatif *whatif,
			const struct corridor_named *names, size_t count);

/* What crosses names when they are not cut, and stops when they are until it is moved: not what
 * arrives over a second way. */
struct corridor_carried {
	uint64_t bps;               /* over them, as told */
	uint64_t served_bps;        /* all that is served of the demands of which some stops */
	uint64_t crossing_bps;      /* with what a second way brings all the same */
	struct corridor_range gbps; /* the same as `bps`, over all corners */
};

/* Writes of each demand, too, what of it stops as told. 0, or -1 without memory. */
int corridor_whatif_carried(struct corridor_carried *out, uint64_t *stops_bps,
			    struct corridor_whatif *whatif, const struct corridor_named *names,
			    size_t count);
/* What the last corridor_whatif_cut did to a demand; not after corridor_whatif_carried. */
struct corridor_whatif_demand corridor_whatif_demand(const struct corridor_whatif *whatif,
						     uint32_t demand);

/* How often a name is down. */
struct corridor_outage corridor_whatif_outage(const struct corridor_plan *plan,
					      struct corridor_named name);

struct corridor_consequences {
	struct corridor_consequence *
		all; /* most lost in passing first, then most lost, then most that may be lost, then most demands slower, then longest */
	size_t count;
	size_t harmless; /* of them: nobody can lose by them, nobody is slower */
};

/* Every name of a kind that takes something away, or every pair of them; in `arena`. 0, or -1 and
 * errno: E2BIG when there are more than CORRIDOR_WHATIF_PAIRED_MAX to pair, ENOMEM. */
int corridor_whatif_all(struct corridor_consequences *out, struct corridor_whatif *whatif,
			enum corridor_kind kind, bool pairs, struct arena *arena);

enum { CORRIDOR_WHATIF_ORDER_MAX = 8 };

/* In which order to mend `count` names of which all are cut, one after the other, so that the least
 * is lost until all is mended, or where that makes no difference the least may be lost: the best of
 * all orders for as many as CORRIDOR_WHATIF_ORDER_MAX, beyond that always the one next that brings
 * back most in an hour of work. Writes the order and what is lost until then, in Gbit/s times hours.
 * 0, or -1 and errno: EDOM when it is not known of
 * all how long they take, ENOMEM. */
int corridor_whatif_order(uint32_t *order, struct corridor_range *gbit_hours,
			  struct corridor_whatif *whatif, const struct corridor_named *names,
			  size_t count);
