/* The rules between items about the agreements among owners of cables. */
#include "hub/hub_check.h"

#include <math.h>
#include <string.h>

#include "hub/hub_read.h"

/* A segment belongs to the party that names it. */
void
hub_check_party(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_party *party = element;
	uint32_t index = (uint32_t)(party - r->hub->parties);
	if (strcmp(party->id, "hub") == 0)
		hub_complain(r->report, hub_reader_mark(map, "id"),
			     "id: found \"hub\", which the hub itself is called on statements");
	if (party->id[strspn(party->id, "0123456789")] == '\0')
		hub_complain(
			r->report, hub_reader_mark(map, "id"),
			"id: found \"%s\", which could be an AS number: expected a letter in it",
			party->id);
	for (size_t i = 0; i < party->segment_count; i++) {
		struct hub_segment *segment = &r->hub->segments[party->segments[i]];
		if (segment->owner != HUB_NONE)
			hub_complain(r->report, hub_reader_mark(map, "segments"),
				     "segments: %s is named by %s already", segment->id,
				     r->hub->parties[segment->owner].id);
		else
			segment->owner = index;
	}
}

void
hub_fill_settlement(struct hub_reader *r, void *element, const struct hub_node *map)
{
	struct hub_settlement *settlement = element;
	(void)r;
	(void)map;
	for (size_t i = 0; i < settlement->term_count; i++)
		settlement->terms[i].amount.currency = settlement->currency;
	for (size_t i = 0; i < settlement->due_count; i++)
		settlement->dues[i].amount.currency = settlement->currency;
}

void
hub_check_term(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_settlement_term *term = element;
	if ((term->kind == HUB_TERM_FIXED) != (term->amount.micro >= 0))
		hub_complain(r->report, hub_reader_mark(map, "amount"),
			     term->amount.micro < 0
				     ? "\"amount\" is missing: kind is fixed, and it says how much"
				     : "amount: only kind: fixed has one");
	if ((term->kind == HUB_TERM_PERCENT) != (hub_node_get(map, "percent") != NULL))
		hub_complain(r->report, hub_reader_mark(map, "percent"),
			     term->kind == HUB_TERM_PERCENT
				     ? "\"percent\" is missing: kind is percent, and it says how "
				       "much"
				     : "percent: only kind: percent has one");
}

void
hub_check_due(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_due *due = element;
	if (due->from == due->to)
		hub_complain(r->report, map->mark, "from and to are the same party");
}

/* Agreements that are in force at the same time. */
static bool
overlap(const struct hub_settlement *a, const struct hub_settlement *b)
{
	return (!a->ends.s || b->starts.s < a->ends.s) && (!b->ends.s || a->starts.s < b->ends.s);
}

static bool
shares(const struct hub_settlement *settlement, uint32_t contract)
{
	for (size_t i = 0; i < settlement->contract_count; i++)
		if (settlement->contracts[i] == contract)
			return true;
	return settlement->contract_count == 0;
}

/* A segment that is to share by capacity needs to have one. */
static void
check_capacity(struct hub_reader *r, const struct hub_settlement *settlement, uint32_t contract,
	       const struct hub_node *map)
{
	const struct hub_contract *c = &r->hub->contracts[contract];
	for (size_t i = 0; i < c->segment_count; i++) {
		const struct hub_segment *segment = &r->hub->segments[c->segments[i]];
		bool has_term = false;
		for (size_t j = 0; j < settlement->term_count; j++)
			has_term |= settlement->terms[j].segment == c->segments[i];
		if (!has_term && isnan(segment->lit_tbps) && isnan(segment->design_tbps))
			hub_complain(r->report, hub_reader_mark(map, "by"),
				     "by: found \"capacity\", and segment %s of contract %s has "
				     "none; a term for it would do",
				     segment->id, c->id);
	}
}

/* Two agreements must not share the same revenue. */
static void
check_contracts(struct hub_reader *r, const struct hub_settlement *settlement,
		const struct hub_node *map)
{
	const struct hub_settlement *first = r->hub->settlements;
	for (const struct hub_settlement *other = first; other < settlement; other++) {
		if (!overlap(settlement, other) ||
		    strcmp(settlement->currency.code, other->currency.code) != 0)
			continue;
		bool both = !settlement->contract_count || !other->contract_count;
		for (size_t i = 0; i < settlement->contract_count && !both; i++)
			for (size_t j = 0; j < other->contract_count && !both; j++)
				both = settlement->contracts[i] == other->contracts[j];
		if (both)
			hub_complain(r->report, hub_reader_mark(map, "contracts"),
				     "contracts: %s shares the same contract at the same time",
				     other->id);
	}
	for (size_t i = 0; i < settlement->contract_count; i++) {
		const struct hub_contract *c = &r->hub->contracts[settlement->contracts[i]];
		if (!c->segment_count)
			hub_complain(r->report, hub_reader_mark(map, "contracts"),
				     "contracts: %s names no segments: there is nothing to share",
				     c->id);
	}
}

void
hub_check_settlement(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_settlement *settlement = element;
	uint64_t percent = settlement->hub_percent;
	if (settlement->ends.s && settlement->ends.s <= settlement->starts.s)
		hub_complain(r->report, hub_reader_mark(map, "ends"), "ends: is not after starts");
	for (size_t i = 0; i < settlement->term_count; i++) {
		const struct hub_settlement_term *term = &settlement->terms[i];
		percent += term->percent;
		for (size_t j = 0; j < i; j++)
			if (settlement->terms[j].segment == term->segment)
				hub_complain(r->report, hub_reader_mark(map, "terms"),
					     "terms: segment %s has two",
					     r->hub->segments[term->segment].id);
	}
	if (percent > 10000)
		hub_complain(r->report, hub_reader_mark(map, "terms"),
			     "terms: the percentages with hub_percent are more than 100");
	check_contracts(r, settlement, map);
	for (uint32_t i = 0; i < r->hub->contract_count && settlement->by == HUB_BY_CAPACITY; i++)
		if (shares(settlement, i))
			check_capacity(r, settlement, i, map);
}
