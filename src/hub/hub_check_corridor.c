/* The rules between items of what is known of the corridor besides sites and segments. */
#include "hub/hub_check.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "hub/hub_country.h"
#include "hub/hub_read.h"

static bool
begins(const char *text, const char *word)
{
	return text && strncasecmp(text, word, strlen(word)) == 0;
}

void
hub_fill_basis(struct hub_basis *basis, const char *said, const char *source)
{
	if (!basis->said)
		basis->said = said;
	if (!basis->source)
		basis->source = source;
	if (begins(basis->said, "seen"))
		basis->confidence = HUB_SEEN;
	else if (begins(basis->said, "derived") || begins(basis->said, "calibrated"))
		basis->confidence = HUB_DERIVED;
	else if (begins(basis->said, "estimate"))
		basis->confidence = HUB_ESTIMATED;
	else
		basis->confidence = HUB_UNSTATED;
}

void
hub_check_basis(struct hub_reader *r, const char *key, double value, const struct hub_basis *basis,
		const struct hub_node *map)
{
	bool none = isnan(value) && !(isnan(basis->low) && isnan(basis->high));
	if (none)
		hub_complain(r->report, hub_reader_mark(map, key),
			     "%s: bounds are given, but no value between them", key);
	else if (basis->low > value || basis->high < value)
		hub_complain(r->report, hub_reader_mark(map, key),
			     "%s: found %g, which is not between its bounds", key, value);
}

static void
want_some(struct hub_reader *r, const struct hub_node *map, const char *key, double value)
{
	if (!(value > 0))
		hub_complain(r->report, hub_reader_mark(map, key), "%s: found 0, expected more",
			     key);
}

void
hub_fill_cable(struct hub_reader *r, void *element, const struct hub_node *map)
{
	struct hub_cable *cable = element;
	(void)r;
	(void)map;
	hub_fill_basis(&cable->basis, NULL, NULL);
}

void
hub_check_cable(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_cable *cable = element;
	size_t index = (size_t)(cable - r->hub->cables);
	for (size_t i = 0; i < cable->segment_count; i++) {
		for (size_t j = 0; j < index; j++) {
			const struct hub_cable *other = &r->hub->cables[j];
			for (size_t k = 0; k < other->segment_count; k++)
				if (other->segments[k] == cable->segments[i])
					hub_complain(r->report, hub_reader_mark(map, "segments"),
						     "segments: %s is in the cable %s already",
						     r->hub->segments[cable->segments[i]].id,
						     other->id);
		}
	}
	hub_check_basis(r, "design_tbps", cable->design_tbps, &cable->basis, map);
}

void
hub_fill_risk(struct hub_reader *r, void *element, const struct hub_node *map)
{
	struct hub_risk *risk = element;
	(void)r;
	(void)map;
	hub_fill_basis(&risk->basis, NULL, NULL);
}

/* Does any segment share this risk, or cross this country? */
static bool
risk_is_used(const struct hub *hub, const struct hub_risk *risk)
{
	for (size_t s = 0; s < hub->segment_count; s++) {
		const struct hub_segment *segment = &hub->segments[s];
		if (risk->kind == HUB_RISK_COUNTRY && hub_segment_crosses(hub, segment, risk->id))
			return true;
		for (size_t i = 0; risk->kind != HUB_RISK_COUNTRY && i < segment->srlg_count; i++)
			if (strcmp(segment->srlgs[i], risk->id) == 0)
				return true;
	}
	return false;
}

void
hub_check_risk(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_risk *risk = element;
	struct country country = {{risk->id[0], risk->id[0] ? risk->id[1] : '\0', 0}};
	if (risk->kind == HUB_RISK_COUNTRY &&
	    (strlen(risk->id) != 2 || !hub_country_known(country)))
		hub_complain(r->report, hub_reader_mark(map, "id"),
			     "id: found \"%s\", expected a country of ISO 3166 such as PK",
			     risk->id);
	else if (!risk_is_used(r->hub, risk))
		hub_warn(r->report, hub_reader_mark(map, "id"),
			 risk->kind == HUB_RISK_COUNTRY ? "id: no segment crosses %s"
							: "id: no segment has %s in its srlg",
			 risk->id);
	if (isnan(risk->per_year) != isnan(risk->days))
		hub_complain(r->report, hub_reader_mark(map, "per_year"),
			     "per_year and days: expected both or neither");
	hub_check_basis(r, "per_year", risk->per_year, &risk->basis, map);
}

void
hub_fill_failure_rate(struct hub_reader *r, void *element, const struct hub_node *map)
{
	struct hub_failure_rate *rate = element;
	(void)r;
	(void)map;
	hub_fill_basis(&rate->basis, NULL, NULL);
}

void
hub_check_failure_rate(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_failure_rate *rate = element;
	if ((rate->medium != NULL) == (rate->segment_count != 0))
		hub_complain(r->report, hub_reader_mark(map, "medium"),
			     "expected medium or segments, and not both");
	want_some(r, map, "repair_h", rate->repair_h);
	hub_check_basis(r, "per_1000_km_year", rate->per_1000_km_year, &rate->basis, map);
}

void
hub_fill_corridor_price(struct hub_reader *r, void *element, const struct hub_node *map)
{
	struct hub_corridor_price *price = element;
	(void)r;
	(void)map;
	hub_fill_basis(&price->basis, NULL, NULL);
}

void
hub_check_corridor_price(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_corridor_price *price = element;
	if ((price->from == HUB_NONE) != (price->to == HUB_NONE))
		hub_complain(r->report, hub_reader_mark(map, "from"),
			     "from and to: expected both or neither");
	else if ((price->at != HUB_NONE) + (price->from != HUB_NONE) +
			 (price->segment_count != 0) !=
		 1)
		hub_complain(r->report, hub_reader_mark(map, "at"),
			     "expected one of at, from with to, and segments");
	if (price->currency.code[0] && strcmp(price->currency.code, "USD") != 0)
		hub_complain(r->report, hub_reader_mark(map, "currency"),
			     "currency: found %s; plans reckon in USD: write the price in it",
			     price->currency.code);
	hub_check_basis(r, "price", price->price, &price->basis, map);
}

void
hub_fill_demand(struct hub_reader *r, void *element, const struct hub_node *map)
{
	struct hub_demand *demand = element;
	(void)r;
	(void)map;
	hub_fill_basis(&demand->basis, NULL, NULL);
}

static bool
has_text(const char *const *texts, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (strcasecmp(texts[i], text) == 0)
			return true;
	return false;
}

/* An id of a segment, cable or site, or what a segment says that it is in. */
static bool
is_of_corridor(const struct hub *hub, const char *text)
{
	for (size_t i = 0; i < hub->segment_count; i++) {
		const struct hub_segment *s = &hub->segments[i];
		if (strcasecmp(s->id, text) == 0 ||
		    has_text((const char *const *)s->srlgs, s->srlg_count, text) ||
		    hub_segment_crosses(hub, s, text))
			return true;
	}
	for (size_t i = 0; i < hub->cable_count; i++)
		if (strcasecmp(hub->cables[i].id, text) == 0)
			return true;
	for (size_t i = 0; i < hub->site_count; i++)
		if (strcasecmp(hub->sites[i].id, text) == 0)
			return true;
	return false;
}

static void
check_over(struct hub_reader *r, const struct hub_demand *demand, const struct hub_node *map)
{
	for (size_t i = 0; i < demand->over_count; i++)
		if (!is_of_corridor(r->hub, demand->over[i]))
			hub_complain(r->report, hub_reader_mark(map, "over"),
				     "over: found %s, expected the id of a segment, cable or site, "
				     "or a group or country that a segment is in",
				     demand->over[i]);
	if (demand->fixed && demand->over_count == 0)
		hub_complain(r->report, hub_reader_mark(map, "fixed"),
			     "fixed: expected over, by which it stays");
	if (demand->protect != HUB_PROTECT_NONE && demand->over_count)
		hub_complain(r->report, hub_reader_mark(map, "over"),
			     "over: what is protected chooses its two ways itself; expected one of "
			     "over and protect");
}

void
hub_check_demand(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_demand *demand = element;
	if (demand->from == demand->to)
		hub_complain(r->report, hub_reader_mark(map, "to"),
			     "to: found the same site as from, expected another");
	if (isnan(demand->gbps) && demand->member == HUB_NONE)
		hub_complain(r->report, hub_reader_mark(map, "gbps"),
			     "expected gbps, or the member whose measured traffic it is");
	check_over(r, demand, map);
	hub_check_basis(r, "gbps", demand->gbps, &demand->basis, map);
}

void
hub_fill_candidate(struct hub_reader *r, void *element, const struct hub_node *map)
{
	struct hub_candidate *candidate = element;
	(void)r;
	(void)map;
	hub_fill_basis(&candidate->basis, NULL, NULL);
	hub_fill_basis(&candidate->lease, candidate->basis.said, candidate->basis.source);
}

void
hub_check_candidate(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_candidate *candidate = element;
	bool leased = candidate->lease_usd_month > 0;
	if (!leased && !(candidate->capex_musd > 0))
		hub_complain(r->report, hub_reader_mark(map, "capex_musd"),
			     "capex_musd: found 0, expected more, or lease_usd_month");
	if (leased != (candidate->lease_months > 0))
		hub_complain(r->report,
			     hub_reader_mark(map, leased ? "lease_usd_month" : "lease_months"),
			     leased ? "lease_usd_month: expected lease_months as well"
				    : "lease_months: expected lease_usd_month as well");
	hub_check_basis(r, "capex_musd", candidate->capex_musd, &candidate->basis, map);
	hub_check_basis(r, "lease_usd_month", candidate->lease_usd_month, &candidate->lease, map);
	for (size_t i = 0; i < candidate->segment_count; i++) {
		const struct hub_segment *s = &r->hub->segments[candidate->segments[i]];
		if (s->usable)
			hub_warn(r->report, hub_reader_mark(map, "segments"),
				 "segments: %s carries traffic already; its status is \"%s\"",
				 s->id, s->status);
	}
}

void
hub_fill_incident(struct hub_reader *r, void *element, const struct hub_node *map)
{
	struct hub_incident *incident = element;
	(void)r;
	(void)map;
	hub_fill_basis(&incident->basis, NULL, NULL);
}

static bool
risk_is_known(const struct hub *hub, const char *name)
{
	struct hub_risk risk = {.id = name};
	struct hub_risk country = {.id = name, .kind = HUB_RISK_COUNTRY};
	return risk_is_used(hub, &risk) || risk_is_used(hub, &country);
}

void
hub_check_incident(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_incident *incident = element;
	if (incident->start.s && incident->end.s && incident->end.s < incident->start.s)
		hub_complain(r->report, hub_reader_mark(map, "end"),
			     "end: found a time before start");
	for (size_t i = 0; i < incident->risk_count; i++)
		if (!risk_is_known(r->hub, incident->risks[i]))
			hub_complain(r->report, hub_reader_mark(map, "risks"),
				     "risks: \"%s\" is in no segment's srlg and crossed by none",
				     incident->risks[i]);
	hub_check_basis(r, "lost_gbps", incident->lost_gbps, &incident->basis, map);
}
