/* Capacities against what light can carry. Lighting a line takes milliseconds, and a hub may have
 * tens of thousands of segments: those of one medium whose lengths are within a percent are taken as
 * one, and only what then does not add up is looked at by itself, as long as it is not too much. */
#include <math.h>
#include <stdlib.h>

#include "corridor/corridor_check_parts.h"

enum { LOOKED_AT_MAX = 200 };

struct corridor_pair_limits {
	const struct hub_optics_medium *medium;
	int length; /* in steps of one percent */
	double bound_tbps, mode_tbps;
};

static int
remember(struct corridor_checking *c, const struct corridor_pair_limits *limits)
{
	if (c->limit_count == c->limit_room) {
		size_t room = c->limit_room ? 2 * c->limit_room : 64;
		struct corridor_pair_limits *more = realloc(c->limits, room * sizeof(*more));
		if (!more)
			return -1;
		c->limits = more;
		c->limit_room = room;
	}
	c->limits[c->limit_count++] = *limits;
	return 0;
}

/* What one pair of the segment carries; of one like it unless `itself`. 0, or -1 without memory. */
static int
limits_of(struct corridor_pair_limits *out, struct corridor_checking *c, uint32_t segment,
	  bool itself)
{
	static const double percent = 0.00995033; /* log 1.01 */
	struct corridor_built built;
	struct corridor_claim claim;
	if (corridor_built_of(&built, c->kit, segment, false) < 0)
		return -1;
	*out = (struct corridor_pair_limits){
		.medium = built.medium,
		.length = (int)floor(log(c->hub->segments[segment].length_km) / percent),
	};
	bool alike = !built.known && !itself;
	corridor_built_fini(&built);
	for (size_t i = 0; i < c->limit_count && alike; i++) {
		if (c->limits[i].medium == out->medium && c->limits[i].length == out->length) {
			*out = c->limits[i];
			return 0;
		}
	}
	if (corridor_claim_of(&claim, c->kit, segment, 1) < 0)
		return -1;
	out->bound_tbps = claim.bound_tbps;
	out->mode_tbps = claim.pair_tbps;
	return alike ? remember(c, out) : 0;
}

struct told_capacity {
	double tbps;
	uint32_t pairs; /* 0: not told */
	const char *source;
};

/* What its own pairs and capacity are, or its cable's. */
static struct told_capacity
as_designed(const struct corridor_checking *c, uint32_t segment)
{
	const struct hub_segment *s = &c->hub->segments[segment];
	struct told_capacity told = {s->design_tbps, s->fibre_pairs, s->design_from.source};
	uint32_t cable = c->plan->segments[segment].cable;
	if (cable == HUB_NONE)
		return told;
	if (!told.pairs)
		told.pairs = c->hub->cables[cable].fibre_pairs;
	if (isnan(told.tbps)) {
		told.tbps = c->hub->cables[cable].design_tbps;
		told.source = c->hub->cables[cable].basis.source;
	}
	return told;
}

/* False when there is nothing to say. */
static bool
judge(enum corridor_severity *out, const struct told_capacity *told,
      const struct corridor_pair_limits *limits)
{
	uint32_t least = corridor_pairs_for(told->tbps, limits->bound_tbps);
	if (told->pairs && least > told->pairs)
		*out = CORRIDOR_WRONG;
	else if (told->pairs && corridor_pairs_for(told->tbps, limits->mode_tbps) > told->pairs)
		*out = CORRIDOR_ODD;
	else if (!told->pairs && least > 1)
		*out = CORRIDOR_NOTE;
	else
		return false;
	return true;
}

static void
check_physics(struct corridor_checking *c, uint32_t segment, const struct told_capacity *told)
{
	static const char *const what[CORRIDOR_SEVERITIES] = {
		"more than physics allows its pairs",
		"more than its pairs carry with the modes that there are",
		"how many pairs carry it is not told",
	};
	enum corridor_severity severity;
	struct corridor_pair_limits limits;
	bool failed = limits_of(&limits, c, segment, false) < 0;
	bool found = !failed && judge(&severity, told, &limits);
	if (found && c->looked_at < LOOKED_AT_MAX) {
		c->looked_at++;
		failed = limits_of(&limits, c, segment, true) < 0;
		found = !failed && judge(&severity, told, &limits);
	}
	c->failed |= failed;
	if (!found)
		return;
	struct corridor_finding *f = corridor_find_segment(c, segment, severity, what[severity]);
	double pair_tbps = severity == CORRIDOR_ODD ? limits.mode_tbps : limits.bound_tbps;
	uint32_t least = corridor_pairs_for(told->tbps, limits.bound_tbps);
	uint32_t needed = corridor_pairs_for(told->tbps, limits.mode_tbps);
	f->value = told->tbps;
	f->bound = pair_tbps * (told->pairs ? told->pairs : 1);
	f->unit = "Tbit/s";
	f->source = told->source;
	if (told->pairs)
		corridor_hint(c, f, "%u pair%s of %.1f Tbit/s at most; it takes %u", told->pairs,
			      told->pairs == 1 ? "" : "s", pair_tbps,
			      severity == CORRIDOR_ODD ? needed : least);
	else if (needed)
		corridor_hint(c, f, "physics asks for %u at least, modes that there are for %u",
			      least, needed);
	else
		corridor_hint(c, f, "physics asks for %u at least", least);
}

void
corridor_check_capacity(struct corridor_checking *c, uint32_t segment)
{
	const struct hub_segment *s = &c->hub->segments[segment];
	struct told_capacity told = as_designed(c, segment);
	if (s->lit_tbps > told.tbps) {
		struct corridor_finding *found = corridor_find_segment(
			c, segment, CORRIDOR_WRONG, "more is lit than it is designed for");
		found->value = s->lit_tbps;
		found->bound = told.tbps;
		found->unit = "Tbit/s";
		found->source = s->lit_from.source;
		if (s->check)
			corridor_hint(c, found, "known: %s", s->check);
	}
	if (told.tbps > 0 && s->length_km > 0)
		check_physics(c, segment, &told);
}
