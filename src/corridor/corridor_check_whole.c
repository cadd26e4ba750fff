/* What only shows when all rows are seen together: sites, cables, what is reached, what is told. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "corridor/corridor_check_parts.h"
#include "corridor/corridor_geo.h"

/* A site in the same house or town has a segment: an exchange needs none of its own. */
static bool
beside_one(const struct corridor_checking *c, uint32_t site)
{
	static const double beside_km = 1;
	const struct corridor_graph *g = c->plan->graph;
	const struct hub_site *s = &c->hub->sites[site];
	for (uint32_t i = 0; i < c->hub->site_count; i++) {
		const struct hub_site *t = &c->hub->sites[i];
		if (i != site && g->first_arc[i] != g->first_arc[i + 1] &&
		    corridor_geo_distance_km(s->latitude, s->longitude, t->latitude, t->longitude) <
			    beside_km)
			return true;
	}
	return false;
}

static bool
has_member(const struct hub *hub, uint32_t site)
{
	for (size_t i = 0; i < hub->port_count; i++)
		if (hub->ports[i].site == site)
			return true;
	return false;
}

void
corridor_check_sites(struct corridor_checking *c)
{
	const struct corridor_graph *g = c->plan->graph;
	for (uint32_t i = 0; i < c->hub->site_count; i++) {
		const struct hub_site *site = &c->hub->sites[i];
		bool usable = false, any = g->first_arc[i] != g->first_arc[i + 1];
		for (uint32_t k = g->first_arc[i]; k < g->first_arc[i + 1]; k++)
			usable |= c->plan->segments[g->arcs[k].segment].there;
		struct corridor_finding *found = NULL;
		if (!usable && has_member(c->hub, i) && !(!any && beside_one(c, i)))
			found = corridor_find(c, CORRIDOR_ODD, "sites", site->id,
					      "members' ports are here, and no way leads out");
		else if (!any && !beside_one(c, i))
			found = corridor_find(c, CORRIDOR_NOTE, "sites", site->id,
					      "no segment ends here");
		if (found)
			found->source = site->source;
	}
}

/* Sites or segments in pieces: the least of each piece stands for it. */
static uint32_t
root_of(uint32_t *parent, uint32_t x)
{
	while (parent[x] != x) {
		parent[x] = parent[parent[x]];
		x = parent[x];
	}
	return x;
}

/* How many pieces the segments of a cable make. */
static size_t
pieces(uint32_t *parent, const struct hub *hub, const struct hub_cable *cable)
{
	size_t count = 0;
	for (size_t i = 0; i < cable->segment_count; i++) {
		const struct hub_segment *s = &hub->segments[cable->segments[i]];
		parent[s->a] = s->a;
		parent[s->b] = s->b;
	}
	for (size_t i = 0; i < cable->segment_count; i++) {
		const struct hub_segment *s = &hub->segments[cable->segments[i]];
		uint32_t a = root_of(parent, s->a), b = root_of(parent, s->b);
		parent[a > b ? a : b] = a < b ? a : b;
	}
	/* Each piece has one site that stands for itself. */
	for (size_t i = 0; i < cable->segment_count; i++) {
		const struct hub_segment *s = &hub->segments[cable->segments[i]];
		const uint32_t ends[] = {s->a, s->b};
		for (size_t k = 0; k < 2; k++) {
			if (parent[ends[k]] != ends[k])
				continue;
			count++;
			parent[ends[k]] = HUB_NONE; /* counted */
		}
	}
	return count;
}

static void
check_cable(struct corridor_checking *c, const struct hub_cable *cable, uint32_t *parent)
{
	struct corridor_finding *found;
	size_t parts = pieces(parent, c->hub, cable);
	if (parts > 1) {
		found = corridor_find(c, CORRIDOR_NOTE, "cables", cable->id,
				      "its segments do not hang together");
		found->source = cable->basis.source;
		found->value = (double)parts;
		found->bound = 1;
		found->unit = "pieces";
	}
	for (size_t i = 0; i < cable->segment_count; i++) {
		const struct hub_segment *s = &c->hub->segments[cable->segments[i]];
		bool pairs = cable->fibre_pairs && s->fibre_pairs > cable->fibre_pairs;
		if (!pairs && !(s->design_tbps > cable->design_tbps * 1.001))
			continue;
		found = corridor_find_segment(c, cable->segments[i], CORRIDOR_ODD,
					      "has more than the cable it is part of");
		found->value = pairs ? s->fibre_pairs : s->design_tbps;
		found->bound = pairs ? cable->fibre_pairs : cable->design_tbps;
		found->unit = pairs ? "pairs" : "Tbit/s";
		corridor_hint(c, found, "cable %s", cable->id);
	}
}

void
corridor_check_cables(struct corridor_checking *c)
{
	uint32_t *parent = malloc((c->hub->site_count + 1) * sizeof(*parent));
	if (!parent) {
		c->failed = true;
		return;
	}
	for (size_t i = 0; i < c->hub->cable_count; i++)
		check_cable(c, &c->hub->cables[i], parent);
	free(parent);
}

/* Can what wants to go get there at all today? */
void
corridor_check_reach(struct corridor_checking *c)
{
	uint32_t *parent = malloc((c->hub->site_count + 1) * sizeof(*parent));
	if (!parent) {
		c->failed = true;
		return;
	}
	for (uint32_t i = 0; i < c->hub->site_count; i++)
		parent[i] = i;
	for (size_t s = 0; s < c->hub->segment_count; s++) {
		uint32_t a = root_of(parent, c->hub->segments[s].a);
		uint32_t b = root_of(parent, c->hub->segments[s].b);
		if (c->plan->segments[s].there)
			parent[a > b ? a : b] = a < b ? a : b;
	}
	for (size_t i = 0; i < c->hub->demand_count; i++) {
		const struct hub_demand *d = &c->hub->demands[i];
		if (root_of(parent, d->from) == root_of(parent, d->to))
			continue;
		struct corridor_finding *found =
			corridor_find(c, CORRIDOR_ODD, "demands", d->id,
				      "no way leads from its start to its end");
		found->source = d->basis.source;
		corridor_hint(c, found, "from %s to %s", c->hub->sites[d->from].id,
			      c->hub->sites[d->to].id);
	}
	free(parent);
}

/* A number that is told, from nowhere that is told. */
static void
want_source(struct corridor_checking *c, const char *list, const char *id,
	    const struct hub_basis *basis)
{
	if (!basis->source && basis->confidence != HUB_ESTIMATED)
		corridor_find(c, CORRIDOR_NOTE, list, id ? id : "", "no source is told");
}

/* Does it last longer than it stays away? What it takes then never works. */
static void
check_risk(struct corridor_checking *c, const struct hub_risk *risk)
{
	static const double days_a_year = 365.25;
	if (!(risk->per_year * risk->days > days_a_year))
		return;
	struct corridor_finding *found =
		corridor_find(c, CORRIDOR_ODD, "risks", risk->id,
			      "is there for more days in a year than a year has");
	found->source = risk->basis.source;
	found->value = risk->per_year * risk->days;
	found->bound = days_a_year;
	found->unit = "days";
	corridor_hint(c, found, "%g times a year, %g days each: what has it counts as never up",
		      risk->per_year, risk->days);
}

void
corridor_check_facts(struct corridor_checking *c)
{
	const struct hub *hub = c->hub;
	for (size_t i = 0; i < hub->cable_count; i++)
		want_source(c, "cables", hub->cables[i].id, &hub->cables[i].basis);
	for (size_t i = 0; i < hub->risk_count; i++)
		if (!isnan(hub->risks[i].per_year))
			want_source(c, "risks", hub->risks[i].id, &hub->risks[i].basis);
	for (size_t i = 0; i < hub->risk_count; i++)
		check_risk(c, &hub->risks[i]);
	for (size_t i = 0; i < hub->price_count; i++)
		want_source(c, "prices", hub->prices[i].id, &hub->prices[i].basis);
	for (size_t i = 0; i < hub->demand_count; i++)
		if (!isnan(hub->demands[i].gbps))
			want_source(c, "demands", hub->demands[i].id, &hub->demands[i].basis);
	for (size_t i = 0; i < hub->candidate_count; i++)
		want_source(c, "candidates", hub->candidates[i].id, &hub->candidates[i].basis);
	for (size_t i = 0; i < hub->incident_count; i++) {
		const struct hub_incident *n = &hub->incidents[i];
		want_source(c, "incidents", n->id, &n->basis);
		if (n->segment_count || n->risk_count)
			continue;
		struct corridor_finding *found =
			corridor_find(c, CORRIDOR_NOTE, "incidents", n->id,
				      "names no segment and no risk: nothing to replay");
		found->source = n->basis.source;
	}
}
