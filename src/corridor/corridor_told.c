/* Numbers with where they come from. */
#include "corridor/corridor_told.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct telling {
	struct corridor_tellings *out;
	const struct corridor_plan *plan;
	size_t room;
	bool failed;
};

static void
tell_fact(struct telling *t, struct corridor_told told)
{
	struct corridor_tellings *out = t->out;
	if (isnan(told.fact.value) || t->failed)
		return;
	if (out->count == t->room) {
		size_t room = t->room ? 2 * t->room : 64;
		struct corridor_told *more = realloc(out->all, room * sizeof(*more));
		if (!more) {
			t->failed = true;
			return;
		}
		out->all = more;
		t->room = room;
	}
	out->all[out->count++] = told;
	out->by_basis[told.fact.basis]++;
}

static void
tell(struct telling *t, struct corridor_told told, double value, const struct hub_basis *basis)
{
	told.fact = corridor_fact_of(value, basis);
	told.said = basis->said;
	tell_fact(t, told);
}

/* What stands beside another number has its basis, but not its bounds. */
static void
tell_beside(struct telling *t, struct corridor_told told, double value,
	    const struct hub_basis *basis)
{
	struct hub_basis own = *basis;
	own.low = own.high = (double)NAN;
	tell(t, told, value, &own);
}

static void
tell_segment(struct telling *t, uint32_t index)
{
	const struct hub_segment *s = &t->plan->hub->segments[index];
	const struct corridor_segment *p = &t->plan->segments[index];
	struct corridor_told told = {.list = "segments", .id = s->id};
	told.what = "length", told.unit = "km";
	tell(t, told, s->length_km, &s->length_from);
	told.what = "fibre pairs", told.unit = "pairs";
	if (s->fibre_pairs)
		tell(t, told, s->fibre_pairs, &s->pairs_from);
	told.what = "capacity as designed", told.unit = "Tbit/s";
	tell(t, told, s->design_tbps, &s->design_from);
	told.what = "capacity lit", told.unit = "Tbit/s";
	tell(t, told, s->lit_tbps, &s->lit_from);
	told.said = "not told by anybody";
	told.what = "capacity", told.fact = p->capacity_tbps;
	if (p->assumed)
		tell_fact(t, told);
	told.said = NULL;
	told.what = "price", told.unit = "USD/Mbit/s/month", told.fact = p->price;
	told.said = p->price.source ? NULL : "by its length";
	tell_fact(t, told);
	told.said = NULL;
	told.what = "failures", told.unit = "a year", told.fact = p->failures;
	tell_fact(t, told);
}

static void
tell_cable(struct telling *t, uint32_t index)
{
	const struct hub_cable *cable = &t->plan->hub->cables[index];
	struct corridor_told told = {.list = "cables", .id = cable->id};
	told.what = "capacity as designed", told.unit = "Tbit/s";
	tell(t, told, cable->design_tbps, &cable->basis);
	told.what = "fibre pairs", told.unit = "pairs";
	if (cable->fibre_pairs)
		tell_beside(t, told, cable->fibre_pairs, &cable->basis);
}

static void
tell_risk(struct telling *t, const struct hub_risk *risk)
{
	struct corridor_told told = {.list = "risks", .id = risk->id};
	told.what = "failures at once", told.unit = "a year";
	tell(t, told, risk->per_year, &risk->basis);
	told.what = "duration", told.unit = "days";
	tell_beside(t, told, risk->days, &risk->basis);
}

static bool
risk_concerns(const struct hub *hub, const struct hub_risk *risk, const struct hub_segment *s)
{
	if (risk->kind == HUB_RISK_COUNTRY)
		return hub_segment_crosses(hub, s, risk->id);
	for (size_t i = 0; i < s->srlg_count; i++)
		if (strcasecmp(s->srlgs[i], risk->id) == 0)
			return true;
	return false;
}

int
corridor_tellings_of(struct corridor_tellings *out, const struct corridor_plan *plan,
		     const uint32_t *segments, size_t count)
{
	assert(out && plan && (segments || count == 0));
	const struct hub *hub = plan->hub;
	*out = (struct corridor_tellings){0};
	struct telling t = {.out = out, .plan = plan};
	for (size_t i = 0; i < count; i++)
		tell_segment(&t, segments[i]);
	for (uint32_t cable = 0; cable < hub->cable_count; cable++) {
		bool met = false;
		for (size_t i = 0; i < count; i++)
			met |= plan->segments[segments[i]].cable == cable;
		if (met)
			tell_cable(&t, cable);
	}
	for (size_t r = 0; r < hub->risk_count; r++) {
		bool met = false;
		for (size_t i = 0; i < count && !met; i++)
			met = risk_concerns(hub, &hub->risks[r], &hub->segments[segments[i]]);
		if (met)
			tell_risk(&t, &hub->risks[r]);
	}
	if (t.failed)
		corridor_tellings_fini(out);
	return t.failed ? -1 : 0;
}

/* What is not of a segment, a cable or a risk. */
static void
tell_the_rest(struct telling *t)
{
	const struct hub *hub = t->plan->hub;
	struct corridor_told told = {.list = "failure_rates"};
	told.what = "failures on 1000 km", told.unit = "a year";
	for (size_t i = 0; i < hub->failure_rate_count; i++) {
		const struct hub_failure_rate *rate = &hub->failure_rates[i];
		told.id = rate->medium ? rate->medium : hub->segments[rate->segments[0]].id;
		tell(t, told, rate->per_1000_km_year, &rate->basis);
	}
	told.list = "prices", told.what = "price", told.unit = "USD/Mbit/s/month";
	for (size_t i = 0; i < hub->price_count; i++) {
		told.id = hub->prices[i].id ? hub->prices[i].id : "";
		tell(t, told, hub->prices[i].price, &hub->prices[i].basis);
	}
	told.list = "demands", told.what = "demand", told.unit = "Gbit/s";
	for (size_t i = 0; i < hub->demand_count; i++) {
		told.id = hub->demands[i].id;
		tell(t, told, hub->demands[i].gbps, &hub->demands[i].basis);
	}
	told.list = "candidates", told.what = "cost", told.unit = "million USD";
	for (size_t i = 0; i < hub->candidate_count; i++) {
		told.id = hub->candidates[i].id;
		if (hub->candidates[i].capex_musd > 0)
			tell(t, told, hub->candidates[i].capex_musd, &hub->candidates[i].basis);
	}
	told.what = "lease", told.unit = "USD a month";
	for (size_t i = 0; i < hub->candidate_count; i++) {
		told.id = hub->candidates[i].id;
		if (hub->candidates[i].lease_usd_month > 0)
			tell(t, told, hub->candidates[i].lease_usd_month,
			     &hub->candidates[i].lease);
	}
	told.list = "incidents", told.what = "lost", told.unit = "Gbit/s";
	for (size_t i = 0; i < hub->incident_count; i++) {
		told.id = hub->incidents[i].id;
		tell(t, told, hub->incidents[i].lost_gbps, &hub->incidents[i].basis);
	}
}

int
corridor_tellings_all(struct corridor_tellings *out, const struct corridor_plan *plan)
{
	assert(out && plan);
	const struct hub *hub = plan->hub;
	*out = (struct corridor_tellings){0};
	struct telling t = {.out = out, .plan = plan};
	for (uint32_t i = 0; i < hub->segment_count; i++)
		tell_segment(&t, i);
	for (uint32_t i = 0; i < hub->cable_count; i++)
		tell_cable(&t, i);
	for (size_t i = 0; i < hub->risk_count; i++)
		tell_risk(&t, &hub->risks[i]);
	tell_the_rest(&t);
	if (t.failed)
		corridor_tellings_fini(out);
	return t.failed ? -1 : 0;
}

void
corridor_tellings_fini(struct corridor_tellings *tellings)
{
	free(tellings->all);
	*tellings = (struct corridor_tellings){0};
}

const char *
corridor_basis_word(enum hub_confidence basis)
{
	switch (basis) {
	case HUB_SEEN:
		return "seen";
	case HUB_DERIVED:
		return "derived";
	case HUB_ESTIMATED:
	case HUB_UNSTATED:
		break;
	}
	return "estimated";
}
