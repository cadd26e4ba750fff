/* What contracts can come to at most must be an amount that can be written: better said when the
 * hub file is read than when the month is billed. */
#include "hub/hub_check.h"
#include "hub/hub_read.h"

enum { MEGA = 1000000, GIGA = 1000000000, DAYS = 31 };

/* The most that is priced at once: the traffic of all ports, both ways, or the commit. */
static uint64_t
highest_rate(const struct hub_reader *r, const struct hub_contract *contract, uint64_t commit_bps)
{
	uint64_t speed_bps = 0;
	for (size_t i = 0; i < contract->port_count; i++)
		if (__builtin_add_overflow(speed_bps, r->hub->ports[contract->ports[i]].speed_bps,
					   &speed_bps))
			return UINT64_MAX;
	if (__builtin_mul_overflow(speed_bps, 2, &speed_bps))
		return UINT64_MAX;
	return speed_bps > commit_bps ? speed_bps : commit_bps;
}

static void
check(struct hub_reader *r, const struct hub_node *map, const char *key, struct price price,
      uint64_t quantity, int64_t divisor)
{
	struct money amount;
	if (price.micro <= 0 ||
	    (quantity <= INT64_MAX / DAYS &&
	     price_times(&amount, price, (int64_t)quantity, divisor, MONEY_HALF_AWAY) == 0))
		return;
	hub_complain(
		r->report, hub_reader_mark(map, key),
		"%s: for all that can be billed it comes to more than can be written; expected "
		"less",
		key);
}

static void
check_charge(struct hub_reader *r, const struct hub_contract *contract,
	     const struct hub_charge *charge, const struct hub_node *map)
{
	uint64_t ports = charge->per_port ? contract->port_count : 1, commit_bps;
	if (__builtin_mul_overflow(charge->commit_bps, ports, &commit_bps))
		commit_bps = UINT64_MAX;
	uint64_t rate_bps = highest_rate(r, contract, commit_bps);
	for (size_t i = 0; i < charge->tier_count; i++)
		check(r, map, "tiers", charge->tiers[i].price, rate_bps, MEGA);
	switch (charge->kind) {
	case HUB_CHARGE_COMMIT:
	case HUB_CHARGE_TRANSIT:
		check(r, map, "price", charge->price, rate_bps, MEGA);
		check(r, map, "overage", charge->overage, rate_bps, MEGA);
		return;
	case HUB_CHARGE_BURST:
		check(r, map, "price", charge->price, rate_bps, MEGA);
		return;
	case HUB_CHARGE_PORT:
		check(r, map, "price", charge->price, contract->port_count, 1);
		if (charge->per == HUB_PER_GIGABIT)
			check(r, map, "price", charge->price, rate_bps, GIGA);
		return;
	default:
		check(r, map, "price", charge->price, charge->count, 1);
		check(r, map, "upkeep", charge->upkeep, 1, 1);
	}
}

void
hub_check_amounts(struct hub_reader *r, const struct hub_contract *contract,
		  const struct hub_node *map)
{
	const struct hub_node *items = hub_node_get(map, "items");
	const struct hub_node *node = items ? items->first : NULL;
	if (contract->kind == HUB_FLAT)
		check(r, map, "monthly", contract->monthly, 1, 1);
	if (contract->kind == HUB_COMMIT) {
		uint64_t rate_bps = highest_rate(r, contract, contract->commit_bps);
		check(r, map, "monthly", contract->monthly, contract->commit_bps, MEGA);
		check(r, map, "overage", contract->overage, rate_bps, MEGA);
	}
	for (size_t i = 0; i < contract->charge_count && node; i++, node = node->next)
		check_charge(r, contract, &contract->charges[i], node);
}
