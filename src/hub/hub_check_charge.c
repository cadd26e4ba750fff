/* The rules of the items of a contract: what each kind needs and may have, and what must hold among
 * them. */
#include <stdio.h>
#include <string.h>

#include "hub/hub_check.h"
#include "hub/hub_read.h"
#include "hub/hub_value.h"

enum { KINDS = HUB_CHARGE_CREDIT + 1 };

#define BIT(kind) (UINT32_C(1) << HUB_CHARGE_##kind)

static const char *const kind_names[KINDS] = {
	"once",  "monthly", "port",    "commit",        "tiers", "slabs", "transit", "volume",
	"burst", "minimum", "maximum", "cross-connect", "cloud", "iru",   "upkeep",  "credit"};

/* Which kinds must have an item, and which may. Those that every kind has are not listed. */
static const struct field {
	const char *key;
	uint32_t needed, allowed; /* a bit a kind */
} fields[] = {
	{"price",
	 BIT(ONCE) | BIT(MONTHLY) | BIT(PORT) | BIT(COMMIT) | BIT(TRANSIT) | BIT(VOLUME) |
		 BIT(BURST) | BIT(MINIMUM) | BIT(MAXIMUM) | BIT(CROSS_CONNECT) | BIT(CLOUD) |
		 BIT(IRU) | BIT(UPKEEP),
	 BIT(CREDIT)},
	{"count", 0, BIT(ONCE) | BIT(MONTHLY) | BIT(CROSS_CONNECT) | BIT(CLOUD)},
	{"speed", 0, BIT(PORT) | BIT(CROSS_CONNECT) | BIT(CLOUD)},
	{"per", 0, BIT(PORT)},
	{"commit", BIT(COMMIT), BIT(TIERS) | BIT(SLABS) | BIT(TRANSIT)},
	{"per_port", 0, BIT(COMMIT) | BIT(TIERS) | BIT(SLABS) | BIT(TRANSIT)},
	{"overage", 0, BIT(COMMIT) | BIT(TRANSIT)},
	{"overage_percent", 0, BIT(COMMIT) | BIT(TRANSIT)},
	{"tiers", BIT(TIERS) | BIT(SLABS), 0},
	{"blend", 0, BIT(TRANSIT)},
	{"direction", 0, BIT(VOLUME)},
	{"unit", 0, BIT(VOLUME)},
	{"included", 0, BIT(VOLUME)},
	{"by", 0, BIT(BURST)},
	{"above_percent", 0, BIT(BURST)},
	{"free_hours", 0, BIT(BURST)},
	{"of", 0, BIT(MINIMUM) | BIT(MAXIMUM) | BIT(CREDIT)},
	{"percent", 0, BIT(CREDIT)},
	{"every_month", 0, BIT(CREDIT)},
	{"outage_minutes", 0, BIT(CREDIT)},
	{"availability", 0, BIT(CREDIT)},
	{"steps", 0, BIT(CREDIT)},
	{"months", BIT(IRU), 0},
	{"payment", 0, BIT(IRU)},
	{"upkeep", 0, BIT(IRU)},
	{"share_percent", 0, BIT(IRU) | BIT(UPKEEP)},
	{"starts", BIT(ONCE) | BIT(IRU), UINT32_MAX},
	{"ends", 0, ~(BIT(ONCE) | BIT(IRU))},
};

static const struct hub_item *
item_of(const char *key)
{
	const struct hub_table *contract = &hub_schema_contract, *table = NULL;
	for (size_t i = 0; i < contract->count; i++)
		if (strcmp(contract->items[i].key, "items") == 0)
			table = contract->items[i].table;
	for (size_t i = 0; table && i < table->count; i++)
		if (strcmp(table->items[i].key, key) == 0)
			return &table->items[i];
	return NULL;
}

/* Whether the charge has something there that is not what stands there when nothing is written. */
static bool
is_told(const struct hub *hub, const struct hub_charge *charge, const char *key)
{
	const struct hub_item *item = item_of(key);
	const char *value = (const char *)charge + item->at;
	if (item->list)
		return *(const size_t *)((const char *)charge + item->count_at) > 0;
	if (!item->fallback)
		return !hub_value_is_none(item, value);
	struct buf text = {0};
	hub_codecs[item->type]->write(hub, item, value, &text);
	bool same = text.length == strlen(item->fallback) &&
		    memcmp(text.data, item->fallback, text.length) == 0;
	buf_fini(&text);
	return !same;
}

static struct price
priced(const struct hub_contract *contract, struct price price)
{
	return (struct price){price.micro, contract->currency};
}

/* The price above the commit: as written, by the percentage, or as below it. */
static void
fill_overage(struct hub_reader *r, struct hub_charge *charge, const struct hub_node *map)
{
	__extension__ typedef __int128 wide;
	wide micro = (wide)charge->price.micro * charge->overage_percent;
	bool written = hub_node_get(map, "overage") != NULL;
	if (charge->overage_percent && written)
		hub_complain(r->report, hub_reader_mark(map, "overage_percent"),
			     "overage_percent: found overage too, expected one of them");
	else if (charge->overage_percent && (micro % 10000 || micro / 10000 > INT64_MAX))
		hub_complain(
			r->report, hub_reader_mark(map, "overage_percent"),
			"overage_percent: of this price it has more than six decimals; expected "
			"overage with the price itself");
	else if (charge->overage_percent)
		charge->overage.micro = (int64_t)(micro / 10000);
	else if (!written)
		charge->overage.micro = charge->price.micro;
}

void
hub_fill_charge(struct hub_reader *r, struct hub_contract *contract, size_t index,
		const struct hub_node *map)
{
	struct hub_charge *charge = &contract->charges[index];
	charge->price = priced(contract, charge->price);
	charge->upkeep = priced(contract, charge->upkeep);
	if (charge->kind == HUB_CHARGE_COMMIT || charge->kind == HUB_CHARGE_TRANSIT) {
		fill_overage(r, charge, map);
		charge->overage_percent = 0;
	}
	charge->overage = priced(contract, charge->overage);
	for (size_t i = 0; i < charge->tier_count; i++)
		charge->tiers[i].price = priced(contract, charge->tiers[i].price);
	if (charge->id)
		return;
	size_t same = 1;
	for (size_t i = 0; i < index; i++)
		same += contract->charges[i].kind == charge->kind;
	char id[40];
	if (same == 1)
		(void)snprintf(id, sizeof(id), "%s", kind_names[charge->kind]);
	else
		(void)snprintf(id, sizeof(id), "%s-%zu", kind_names[charge->kind], same);
	charge->id = arena_str(r->hub->arena, id);
	if (!charge->id)
		hub_complain(r->report, map->mark, "out of memory");
}

static void
check_fields(struct hub_reader *r, const struct hub_charge *charge, const struct hub_node *map)
{
	const char *kind = kind_names[charge->kind];
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		const struct field *field = &fields[i];
		uint32_t bit = UINT32_C(1) << charge->kind;
		bool told = is_told(r->hub, charge, field->key);
		if ((field->needed & bit) && !told)
			hub_complain(r->report, map->mark,
				     "\"%s\" is missing: an item of kind %s has it", field->key,
				     kind);
		/* The overage is filled in from the price. */
		bool written = hub_node_get(map, field->key) != NULL;
		if (told && written && !((field->needed | field->allowed) & bit))
			hub_complain(r->report, hub_reader_mark(map, field->key),
				     "%s: an item of kind %s has none", field->key, kind);
	}
}

static void
check_tiers(struct hub_reader *r, const struct hub_charge *charge, const struct hub_node *map)
{
	uint64_t below = 0;
	for (size_t i = 0; i < charge->tier_count; i++) {
		uint64_t up_to = charge->tiers[i].up_to_bps;
		bool last = i + 1 == charge->tier_count;
		if (last && up_to)
			hub_complain(
				r->report, hub_reader_mark(map, "tiers"),
				"tiers: the last one has up_to; expected none, for what is above");
		else if (!last && up_to <= below)
			hub_complain(
				r->report, hub_reader_mark(map, "tiers"),
				"tiers: expected up_to of number %zu to be more than that of the "
				"one before",
				i + 1);
		below = up_to;
	}
}

static void
check_credit(struct hub_reader *r, const struct hub_contract *contract,
	     const struct hub_charge *charge, const struct hub_node *map)
{
	int ways = (charge->price.micro > 0) + (charge->percent > 0) + (charge->step_count > 0);
	if (ways != 1)
		hub_complain(r->report, map->mark,
			     "expected one of price, percent and steps: what the credit is");
	if (charge->step_count && !charge->outage_minutes && !charge->availability)
		hub_complain(r->report, hub_reader_mark(map, "steps"),
			     "steps: expected outage_minutes or availability too");
	if (charge->availability && charge->outage_minutes)
		hub_complain(r->report, hub_reader_mark(map, "outage_minutes"),
			     "outage_minutes: with availability the outage is that of the journal "
			     "of ways");
	if (charge->availability && contract->member == HUB_NONE)
		hub_complain(r->report, hub_reader_mark(map, "availability"),
			     "availability: expected a contract with a member, whose ways are "
			     "known");
	if (charge->outage_minutes && !charge->step_count)
		hub_complain(r->report, hub_reader_mark(map, "outage_minutes"),
			     "outage_minutes: expected steps too");
	if (!charge->every_month && !charge->starts.s)
		hub_complain(r->report, map->mark,
			     "\"starts\" is missing: the credit is given in its month; or "
			     "every_month: true");
	for (size_t i = 1; i < charge->step_count; i++)
		if (charge->steps[i].minutes <= charge->steps[i - 1].minutes)
			hub_complain(
				r->report, hub_reader_mark(map, "steps"),
				"steps: expected minutes of number %zu to be more than those of "
				"the one before",
				i + 1);
}

/* What a minimum, maximum or credit is of. */
static void
check_of(struct hub_reader *r, const struct hub_contract *contract, const struct hub_charge *charge,
	 const struct hub_node *map)
{
	if (strcmp(charge->of, "invoice") == 0 || strcmp(charge->of, "usage") == 0)
		return;
	for (size_t i = 0; charge->kind == HUB_CHARGE_CREDIT && i < contract->charge_count; i++) {
		const struct hub_charge *other = &contract->charges[i];
		if (strcmp(other->id, charge->of) == 0 && other->kind != HUB_CHARGE_CREDIT)
			return;
	}
	hub_complain(r->report, hub_reader_mark(map, "of"), "of: found \"%s\", expected %s",
		     hub_show(charge->of).text,
		     charge->kind == HUB_CHARGE_CREDIT
			     ? "invoice, usage or the id of an item that is no credit"
			     : "invoice or usage");
}

/* Items begin and end with days, so that two that follow each other share none. */
static void
check_days(struct hub_reader *r, const struct hub_contract *contract,
	   const struct hub_charge *charge, const struct hub_node *map)
{
	const char *const keys[] = {"starts", "ends"};
	const struct utc_s moments[] = {charge->starts, charge->ends};
	for (size_t i = 0; i < 2; i++) {
		struct utc_date date = zone_date(contract->zone, moments[i]);
		struct utc_date day = {.year = date.year, .month = date.month, .day = date.day};
		if (moments[i].s && zone_moment(contract->zone, day).s != moments[i].s)
			hub_complain(r->report, hub_reader_mark(map, keys[i]),
				     "%s: expected the beginning of a day in %s", keys[i],
				     zone_name(contract->zone));
	}
	if (charge->ends.s && charge->ends.s <= charge->starts.s)
		hub_complain(r->report, hub_reader_mark(map, "ends"), "ends: is not after starts");
	/* What lies outside would never be charged. */
	if (charge->starts.s && (charge->starts.s < contract->starts.s ||
				 (contract->ends.s && charge->starts.s >= contract->ends.s)))
		hub_complain(r->report, hub_reader_mark(map, "starts"),
			     "starts: is outside the time of the contract");
	if (charge->ends.s && contract->ends.s && charge->ends.s > contract->ends.s)
		hub_complain(r->report, hub_reader_mark(map, "ends"),
			     "ends: is after the end of the contract");
}

static bool
prices_rate(const struct hub_charge *charge)
{
	return charge->kind == HUB_CHARGE_COMMIT || charge->kind == HUB_CHARGE_TIERS ||
	       charge->kind == HUB_CHARGE_SLABS || charge->kind == HUB_CHARGE_TRANSIT;
}

/* A burst is above the commit of the traffic's price. */
static void
check_burst(struct hub_reader *r, const struct hub_contract *contract, const struct hub_node *map)
{
	for (size_t i = 0; i < contract->charge_count; i++)
		if (prices_rate(&contract->charges[i]) && contract->charges[i].commit_bps)
			return;
	hub_complain(r->report, map->mark,
		     "a burst is above a commit: expected an item of kind commit, tiers, slabs or "
		     "transit that has one");
}

/* Against the items before it: ids, and one price for the traffic at a time. */
static void
check_others(struct hub_reader *r, const struct hub_contract *contract, size_t index,
	     const struct hub_node *map)
{
	const struct hub_charge *charge = &contract->charges[index];
	for (size_t i = 0; i < index; i++) {
		const struct hub_charge *other = &contract->charges[i];
		if (strcmp(other->id, charge->id) == 0)
			hub_complain(r->report, hub_reader_mark(map, "id"),
				     "id: found \"%s\" twice in this contract", charge->id);
		bool apart = (other->ends.s && other->ends.s <= charge->starts.s) ||
			     (charge->ends.s && charge->ends.s <= other->starts.s);
		if (prices_rate(charge) && prices_rate(other) && !apart)
			hub_complain(r->report, map->mark,
				     "%s and %s price the same traffic at the same time; expected "
				     "starts and ends that keep them apart",
				     other->id, charge->id);
	}
}

void
hub_check_charges(struct hub_reader *r, const struct hub_contract *contract,
		  const struct hub_node *map)
{
	const struct hub_node *items = hub_node_get(map, "items");
	const struct hub_node *node = items ? items->first : NULL;
	for (size_t i = 0; i < contract->charge_count && node; i++, node = node->next) {
		const struct hub_charge *charge = &contract->charges[i];
		check_fields(r, charge, node);
		check_tiers(r, charge, node);
		check_days(r, contract, charge, node);
		check_others(r, contract, i, node);
		if (charge->kind == HUB_CHARGE_CREDIT)
			check_credit(r, contract, charge, node);
		if (charge->kind == HUB_CHARGE_BURST)
			check_burst(r, contract, node);
		if (charge->of)
			check_of(r, contract, charge, node);
		if (charge->kind == HUB_CHARGE_VOLUME &&
		    charge->direction == HUB_DIRECTION_BIN_LARGER)
			hub_complain(
				r->report, hub_reader_mark(node, "direction"),
				"direction: found each-bin-larger, expected sum, larger, in or "
				"out: octets are added up");
	}
}
