/* What a segment's row says, against its ends and against other rows. */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "corridor/corridor_check_parts.h"
#include "hub/hub_report.h"

static bool
crosses(const struct hub_segment *s, const struct country *country)
{
	for (size_t i = 0; i < s->country_count; i++)
		if (strcmp(s->countries[i].code, country->code) == 0)
			return true;
	return false;
}

/* What stands on a border is in neither country for sure. */
static bool
on_border(const struct hub_site *site)
{
	return site->kind && strcasecmp(site->kind, "border") == 0;
}

void
corridor_check_countries(struct corridor_checking *c, uint32_t segment)
{
	const struct hub_segment *s = &c->hub->segments[segment];
	const struct hub_site *ends[] = {&c->hub->sites[s->a], &c->hub->sites[s->b]};
	if (s->country_count == 0) {
		corridor_find_segment(c, segment, CORRIDOR_ODD,
				      "which countries it crosses is not told");
		return;
	}
	for (size_t i = 0; i < 2; i++) {
		if (!ends[i]->country.code[0] || on_border(ends[i]) ||
		    crosses(s, &ends[i]->country))
			continue;
		struct corridor_finding *found = corridor_find_segment(
			c, segment, CORRIDOR_WRONG, "does not cross the country where it ends");
		corridor_hint(c, found, "%s is in %s", ends[i]->id, ends[i]->country.code);
	}
	if (strcmp(ends[0]->country.code, ends[1]->country.code) != 0 || s->country_count == 1 ||
	    on_border(ends[0]) || on_border(ends[1]))
		return;
	for (size_t i = 0; i < s->country_count; i++) {
		if (strcmp(s->countries[i].code, ends[0]->country.code) == 0)
			continue;
		struct corridor_finding *found =
			corridor_find_segment(c, segment, CORRIDOR_ODD,
					      "leaves the country in which both of its ends are");
		corridor_hint(c, found, "it crosses %s, its ends are in %s", s->countries[i].code,
			      ends[0]->country.code);
		return;
	}
}

static bool
begins(const char *text, const char *word)
{
	return text && strncasecmp(text, word, strlen(word)) == 0;
}

void
corridor_check_status(struct corridor_checking *c, uint32_t segment)
{
	const struct hub_segment *s = &c->hub->segments[segment];
	int this_year = utc_to_date(c->plan->day.at).year;
	if (s->usable && !begins(s->status, "in service")) {
		struct corridor_finding *found = corridor_find_segment(
			c, segment, CORRIDOR_NOTE, "counts as carrying traffic already");
		corridor_hint(c, found, "its status is \"%s\"", s->status);
	}
	if (!corridor_plan_overdue(c->plan, segment, c->plan->day.at))
		return;
	struct corridor_finding *found =
		corridor_find_segment(c, segment, CORRIDOR_ODD, "planned for a year that is over");
	found->value = corridor_segment_year(s);
	found->bound = this_year;
	corridor_hint(c, found, "its status is \"%s\"", s->status);
}

/* Of the failure rates, and of those that plans know by themselves. */
static bool
has_rate(const struct hub *hub, uint32_t segment)
{
	const char *medium = hub->segments[segment].medium;
	for (size_t i = 0; i < hub->failure_rate_count; i++) {
		const struct hub_failure_rate *rate = &hub->failure_rates[i];
		if (rate->medium && medium && strcasecmp(rate->medium, medium) == 0)
			return true;
		for (size_t k = 0; k < rate->segment_count; k++)
			if (rate->segments[k] == segment)
				return true;
	}
	return false;
}

/* AF_RING_N and AF_RING_S, KZ_RU_1 and KZ_RU_2: named one after the other, not by a slip. */
static bool
named_in_a_row(const char *a, const char *b)
{
	const char *last = strrchr(a, '_');
	size_t stem = last ? (size_t)(last - a) + 1 : strcspn(a, "0123456789");
	return stem > 0 && (last || a[stem]) && strncasecmp(a, b, stem) == 0;
}

/* The risk that is declared and reads most like this one, or that another segment has where none is
 * declared; NULL when none does. */
static const char *
nearest_risk(const struct hub *hub, const char *name)
{
	struct hub_nearest nearest = {.word = name};
	for (size_t i = 0; i < hub->risk_count; i++)
		hub_nearest_offer(&nearest, hub->risks[i].id);
	bool guess = hub->risk_count == 0 && strlen(name) > 5; /* short names are all alike */
	for (size_t s = 0; s < hub->segment_count && guess; s++)
		for (size_t i = 0; i < hub->segments[s].srlg_count; i++)
			if (strcasecmp(hub->segments[s].srlgs[i], name) != 0 &&
			    !named_in_a_row(name, hub->segments[s].srlgs[i]))
				hub_nearest_offer(&nearest, hub->segments[s].srlgs[i]);
	return nearest.best;
}

static bool
risk_is_declared(const struct hub *hub, const char *name)
{
	for (size_t i = 0; i < hub->risk_count; i++)
		if (strcasecmp(hub->risks[i].id, name) == 0)
			return true;
	return false;
}

/* A name that nobody shares is no shared risk: declared ones are meant. */
static void
check_risks(struct corridor_checking *c, uint32_t segment)
{
	const struct hub_segment *s = &c->hub->segments[segment];
	for (size_t i = 0; i < s->srlg_count; i++) {
		const struct corridor_relation *r = &c->plan->classes[CORRIDOR_RISKS];
		uint32_t name = corridor_plan_name(c->plan, CORRIDOR_RISKS, s->srlgs[i]);
		bool alone = name != HUB_NONE &&
			     r->first_segment[name + 1] - r->first_segment[name] == 1;
		if (risk_is_declared(c->hub, s->srlgs[i]) || (!alone && !c->hub->risk_count))
			continue;
		const char *nearest = nearest_risk(c->hub, s->srlgs[i]);
		if (!nearest && !c->hub->risk_count)
			continue;
		struct corridor_finding *found =
			corridor_find_segment(c, segment, nearest ? CORRIDOR_ODD : CORRIDOR_NOTE,
					      alone ? "has a risk that no other segment has"
						    : "has a risk that is not among the risks");
		if (nearest)
			corridor_hint(c, found, "%s; is it %s?", s->srlgs[i], nearest);
		else
			corridor_hint(c, found, "%s", s->srlgs[i]);
	}
}

void
corridor_check_words(struct corridor_checking *c, uint32_t segment)
{
	const struct hub_segment *s = &c->hub->segments[segment];
	if (c->hub->failure_rate_count && !has_rate(c->hub, segment)) {
		struct corridor_finding *found = corridor_find_segment(
			c, segment, CORRIDOR_ODD, "how often it fails is not told");
		corridor_hint(c, found,
			      s->medium ? "no failure rate for the medium %s"
					: "it has no medium%.0s",
			      s->medium ? s->medium : "");
	}
	if (!s->source)
		corridor_find_segment(c, segment, CORRIDOR_NOTE, "no source is told");
	check_risks(c, segment);
}

static bool
same_ends(const struct hub_segment *s, const struct hub_segment *t)
{
	return (s->a == t->a && s->b == t->b) || (s->a == t->b && s->b == t->a);
}

void
corridor_check_twins(struct corridor_checking *c, uint32_t segment)
{
	const struct hub_segment *s = &c->hub->segments[segment];
	const struct corridor_graph *g = c->plan->graph;
	for (uint32_t i = g->first_arc[s->a]; i < g->first_arc[s->a + 1]; i++) {
		uint32_t other = g->arcs[i].segment;
		const struct hub_segment *t = &c->hub->segments[other];
		if (other >= segment || !same_ends(s, t) || !s->name || !t->name ||
		    strcasecmp(s->name, t->name) != 0)
			continue;
		struct corridor_finding *found = corridor_find_segment(
			c, segment, CORRIDOR_WRONG, "stands there twice: same ends, same name");
		corridor_hint(c, found, "the other is %s", t->id);
	}
}
