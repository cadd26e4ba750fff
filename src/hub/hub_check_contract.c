/* The rules between items of contracts: zones and their days, shorthand, percentile, ports, way.
 * The items of a contract are in hub_check_charge.c. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "hub/hub_check.h"
#include "hub/hub_read.h"

/* The zone of an earlier contract, if it has the same. */
static const struct zone *
known_zone(const struct hub_reader *r, const struct hub_contract *contract)
{
	for (size_t i = 0; i < r->hub->contract_count; i++) {
		const struct hub_contract *other = &r->hub->contracts[i];
		if (other != contract && other->zone &&
		    strcmp(other->time_zone, contract->time_zone) == 0)
			return other->zone;
	}
	return NULL;
}

/* A zone that cannot be read is an error here and now: bills must not be those of another zone
 * later. */
static void
find_zone(struct hub_reader *r, struct hub_contract *contract, const struct hub_node *map)
{
	const char *name = contract->time_zone;
	if (!name || strcmp(name, "UTC") == 0)
		return;
	struct hub_mark mark = hub_reader_mark(map, "time_zone");
	if (!zone_name_is_good(name)) {
		hub_complain(r->report, mark,
			     "time_zone: found \"%s\", expected a name such as Asia/Karachi or UTC",
			     hub_show(name).text);
		return;
	}
	contract->zone = known_zone(r, contract);
	if (contract->zone)
		return;
	char path[sizeof(ZONE_FOLDER) + 1 + ZONE_NAME_MAX], why[ZONE_COMPLAINT];
	(void)snprintf(path, sizeof(path), ZONE_FOLDER "/%s", name);
	struct buf octets = {0};
	if (r->source->read(r->source->context, path, &octets) < 0)
		hub_complain(
			r->report, mark,
			"time_zone: found \"%s\", and cannot read %s: %s; a zone of the package "
			"tzdata is expected, such as Asia/Karachi",
			hub_show(name).text, path, strerror(errno));
	else if (!(contract->zone =
			   zone_read(r->hub->arena, name, octets.data, octets.length, why)))
		hub_complain(r->report, mark, "time_zone: %s is not what is expected there: %s",
			     path, why);
	buf_fini(&octets);
}

/* "2026-11" and "2026-11-01" are days of the contract's zone. */
static void
place_day(struct utc_s *t, const struct zone *zone, const struct hub_node *map, const char *key)
{
	const struct hub_node *node = hub_node_get(map, key);
	bool day = node && node->text && strlen(node->text) <= strlen("2026-11-01");
	if (zone && day && t->s > 0)
		*t = zone_moment(zone, utc_to_date(*t));
}

static void
fill_ports(struct hub_reader *r, struct hub_contract *contract)
{
	const struct hub_member *member = &r->hub->members[contract->member];
	contract->ports = hub_reader_take(r, member->port_count * sizeof(*contract->ports));
	if (!contract->ports)
		return;
	contract->port_count = member->port_count;
	for (uint32_t i = 0; i < member->port_count; i++)
		contract->ports[i] = member->first_port + i;
}

/* A party as the one who is billed. */
static void
fill_stand_in(struct hub_reader *r, struct hub_contract *contract)
{
	const struct hub_party *party = &r->hub->parties[contract->party];
	struct hub_member *member = hub_reader_take(r, sizeof(*member));
	contract->stand_in = member;
	if (!member)
		return;
	member->name = party->name;
	member->country = party->country;
	member->bill_to.tax_number = party->tax_number;
	if (party->address && (member->bill_to.address = hub_reader_take(r, sizeof(char *)))) {
		member->bill_to.address[0] = party->address;
		member->bill_to.address_count = 1;
	}
	if (party->email && (member->contacts = hub_reader_take(r, sizeof(*member->contacts)))) {
		member->contacts[0] =
			(struct hub_contact){.role = "billing", .email = party->email};
		member->contact_count = 1;
	}
}

static void
fill_charges(struct hub_reader *r, struct hub_contract *contract, const struct hub_node *map)
{
	const struct hub_node *items = hub_node_get(map, "items");
	const struct hub_node *node = items ? items->first : NULL;
	for (size_t i = 0; i < contract->charge_count && node; i++, node = node->next) {
		struct hub_charge *charge = &contract->charges[i];
		place_day(&charge->starts, contract->zone, node, "starts");
		place_day(&charge->ends, contract->zone, node, "ends");
		hub_fill_charge(r, contract, i, node);
	}
}

void
hub_fill_contract(struct hub_reader *r, void *element, const struct hub_node *map)
{
	struct hub_contract *contract = element;
	if (contract->overage.micro < 0)
		contract->overage.micro =
			contract->kind == HUB_COMMIT ? contract->monthly.micro : 0;
	if (contract->kind == HUB_ITEMS && contract->monthly.micro < 0)
		contract->monthly.micro = 0;
	contract->monthly.currency = contract->overage.currency = contract->currency;
	contract->exchange.rate.currency = contract->exchange.currency;
	find_zone(r, contract, map);
	place_day(&contract->starts, contract->zone, map, "starts");
	place_day(&contract->ends, contract->zone, map, "ends");
	fill_charges(r, contract, map);
	if (contract->member != HUB_NONE && !hub_node_get(map, "ports"))
		fill_ports(r, contract);
	if (contract->member == HUB_NONE && contract->party != HUB_NONE)
		fill_stand_in(r, contract);
}

/* The segments are a way: each begins where the one before ends. Two of them may be named without
 * what lies between, so this only warns. */
static void
check_way(struct hub_reader *r, const struct hub_contract *contract, const struct hub_node *map)
{
	uint32_t end = HUB_NONE, other = HUB_NONE; /* where the way may go on */
	for (size_t i = 0; i < contract->segment_count; i++) {
		const struct hub_segment *s = &r->hub->segments[contract->segments[i]];
		/* A slip in the status is told where it stands. */
		if (!s->usable && hub_status_is_known(s))
			hub_warn(r->report, hub_reader_mark(map, "segments"),
				 "segments: %s carries no traffic; its status is \"%s\"", s->id,
				 hub_show(s->status).text);
		bool from_a = s->a == end || s->a == other, from_b = s->b == end || s->b == other;
		if (i > 0 && !from_a && !from_b)
			hub_warn(r->report, hub_reader_mark(map, "segments"),
				 "segments: %s does not begin where %s ends", s->id,
				 r->hub->segments[contract->segments[i - 1]].id);
		end = from_a && !from_b ? HUB_NONE : s->a;
		other = from_b && !from_a ? HUB_NONE : s->b;
	}
}

static void
check_shorthand(struct hub_reader *r, const struct hub_contract *contract,
		const struct hub_node *map)
{
	bool commit = contract->kind == HUB_COMMIT, items = contract->kind == HUB_ITEMS;
	const char *name = items ? "contract of items" : "flat contract";
	const char *instead = items ? "an item of kind commit" : "kind: commit";
	if (!commit && contract->commit_bps)
		hub_complain(r->report, hub_reader_mark(map, "commit"),
			     "commit: a %s has none; %s would", name, instead);
	if (!commit && contract->overage.micro > 0)
		hub_complain(r->report, hub_reader_mark(map, "overage"),
			     "overage: a %s has none; %s would", name, instead);
	if (items && contract->monthly.micro > 0)
		hub_complain(r->report, hub_reader_mark(map, "monthly"),
			     "monthly: a %s has none; an item of kind monthly would", name);
	if (!items && contract->monthly.micro < 0)
		hub_complain(r->report, map->mark, "\"monthly\" is missing from this contract");
	if (commit && !contract->commit_bps)
		hub_complain(r->report, map->mark,
			     "\"commit\" is missing: kind is commit, and it says how much");
	if (items && !contract->charge_count)
		hub_complain(r->report, map->mark,
			     "\"items\" are missing: kind is items, and they say what is charged");
	if (!items && contract->charge_count)
		hub_complain(r->report, hub_reader_mark(map, "items"),
			     "items: only a contract of kind items has some");
}

static void
check_exchange(struct hub_reader *r, const struct hub_contract *contract,
	       const struct hub_node *map)
{
	const struct hub_exchange *exchange = &contract->exchange;
	bool named = exchange->currency.code[0], rated = exchange->rate.micro >= 0;
	if (!named && !rated && !exchange->source)
		return;
	if (!named || exchange->rate.micro <= 0)
		hub_complain(r->report, hub_reader_mark(map, "exchange"),
			     "exchange: expected a currency and a rate above 0");
	else if (strcmp(exchange->currency.code, contract->currency.code) == 0)
		hub_complain(r->report, hub_reader_mark(map, "exchange"),
			     "exchange: found %s, which is the contract's own currency",
			     exchange->currency.code);
}

void
hub_check_percentile(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_percentile *rules = element;
	if (!rules->rank)
		hub_complain(r->report, hub_reader_mark(map, "rank"),
			     "rank: found 0, expected more, up to 100");
	if (rules->method != HUB_METHOD_TOP_DAYS &&
	    (hub_node_get(map, "top_days") || hub_node_get(map, "peak_bin")) &&
	    (rules->top_days != 5 || rules->peak_bin != 5))
		hub_complain(r->report,
			     hub_reader_mark(map, rules->top_days != 5 ? "top_days" : "peak_bin"),
			     "%s: means something with method: top-days only",
			     rules->top_days != 5 ? "top_days" : "peak_bin");
	if (rules->method == HUB_METHOD_TOP_DAYS && rules->rank != 9500)
		hub_complain(r->report, hub_reader_mark(map, "rank"),
			     "rank: means nothing with method: top-days, which has peak_bin");
}

/* One of both. A party has no ports of its own; where its traffic is counted has to be said. */
static void
check_payer(struct hub_reader *r, const struct hub_contract *contract, const struct hub_node *map)
{
	bool member = hub_node_get(map, "member"), party = hub_node_get(map, "party");
	if (!member && !party)
		hub_complain(r->report, map->mark, "\"member\" is missing from this contract");
	if (member && party)
		hub_complain(r->report, hub_reader_mark(map, "party"),
			     "party: there is a member already, expected one of both");
	if (party && !member && !contract->port_count && hub_contract_goes_by_traffic(contract))
		hub_complain(r->report, map->mark,
			     "\"ports\" are missing: the price goes by traffic, and a party has no "
			     "ports of its own");
}

static void
check_ports(struct hub_reader *r, const struct hub_contract *contract, const struct hub_node *map)
{
	for (size_t i = 0; i < contract->port_count; i++) {
		const struct hub_port *port = &r->hub->ports[contract->ports[i]];
		if (contract->member != HUB_NONE && port->member != contract->member)
			hub_complain(r->report, hub_reader_mark(map, "ports"),
				     "ports: found \"%s\", which is a port of AS %" PRIu32,
				     port->id, r->hub->members[port->member].asn.number);
		for (size_t j = 0; j < i; j++)
			if (contract->ports[j] == contract->ports[i])
				hub_complain(r->report, hub_reader_mark(map, "ports"),
					     "ports: found \"%s\" twice", port->id);
	}
}

/* What the other party says is of all ports together: there is nothing of it for each. */
static void
check_other_party(struct hub_reader *r, const struct hub_contract *contract,
		  const struct hub_node *map)
{
	if (contract->percentile.missing == HUB_MISSING_OTHER_PARTY &&
	    contract->percentile.ports == HUB_PORTS_SUM_AFTER && contract->port_count > 1)
		hub_complain(
			r->report, hub_reader_mark(map, "percentile"),
			"percentile: missing: other-party means nothing with ports: sum-after: "
			"the other party's records are of all %zu ports together",
			contract->port_count);
}

void
hub_check_contract(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_contract *contract = element;
	check_shorthand(r, contract, map);
	if (contract->ends.s && contract->ends.s <= contract->starts.s)
		hub_complain(r->report, hub_reader_mark(map, "ends"), "ends: is not after starts");
	if (contract->reverse_charge && contract->tax_basis_points)
		hub_complain(r->report, hub_reader_mark(map, "reverse_charge"),
			     "reverse_charge: found true and a tax_percent, expected one of them");
	if (contract->blend && !contract->purchase)
		hub_complain(r->report, hub_reader_mark(map, "blend"),
			     "blend: only a purchase is part of one; what is sold out of it is an "
			     "item of kind transit");
	check_exchange(r, contract, map);
	check_way(r, contract, map);
	check_payer(r, contract, map);
	check_ports(r, contract, map);
	check_other_party(r, contract, map);
	hub_check_charges(r, contract, map);
	hub_check_amounts(r, contract, map);
}

/* Transit is sold out of upstreams that there are, in the same currency. */
void
hub_check_blends(struct hub_reader *r, const struct hub *hub, const struct hub_node *contracts)
{
	const struct hub_node *map = contracts ? contracts->first : NULL;
	for (size_t i = 0; i < hub->contract_count; i++, map = map ? map->next : NULL) {
		const struct hub_contract *c = &hub->contracts[i];
		for (size_t k = 0; k < c->charge_count; k++) {
			const char *blend = c->charges[k].blend;
			bool found = !blend;
			for (size_t j = 0; j < hub->contract_count && !found; j++)
				found = hub->contracts[j].blend &&
					strcmp(hub->contracts[j].blend, blend) == 0;
			if (!found)
				hub_complain(r->report, hub_reader_mark(map, "items"),
					     "items: %s is sold out of blend %s, and no purchase "
					     "names it",
					     c->charges[k].id, blend);
		}
	}
}
