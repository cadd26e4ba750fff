/* Routes of the lab's members. Prefixes come from the table of registrations that the meter is
 * built with (meter/countries.tsv, CC0), cut to the lengths that are usual in a full table; AS
 * numbers besides the members' own are private ones (RFC 6996) that the hub's policy lets through.
 */
#include "lab/lab_plan.h"

#include <stdlib.h>
#include <string.h>

#include "meter/country.h"

/* Blocks of one country, both families. */
struct country_blocks {
	struct prefix *v4, *v6;
	size_t v4_count, v6_count, v4_size, v6_size;
};

struct maker {
	struct lab_plan *plan;
	struct country_blocks all[COUNTRY_CODES];
};

static int
add_block(struct country_blocks *blocks, struct prefix prefix)
{
	bool v4 = prefix.ip.family == IP_V4;
	struct prefix **list = v4 ? &blocks->v4 : &blocks->v6;
	size_t *count = v4 ? &blocks->v4_count : &blocks->v6_count;
	size_t *size = v4 ? &blocks->v4_size : &blocks->v6_size;
	if (*count == *size) {
		size_t more = *size ? *size * 2 : 64;
		struct prefix *grown = realloc(*list, more * sizeof(*grown));
		if (!grown)
			return -1;
		*list = grown;
		*size = more;
	}
	(*list)[(*count)++] = prefix;
	return 0;
}

/* Lines "prefix<TAB>XX"; others are passed over. */
static int
read_blocks(struct maker *maker)
{
	size_t length;
	const char *at = countries_built_in(&length), *end = at + length;
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline ? newline : end;
		const char *tab = memchr(at, '\t', (size_t)(stop - at));
		char text[PREFIX_TEXT];
		struct prefix prefix;
		if (tab && stop - tab >= 3 && tab - at < PREFIX_TEXT) {
			memcpy(text, at, (size_t)(tab - at));
			text[tab - at] = '\0';
			if (prefix_parse(&prefix, text) == 0 &&
			    add_block(&maker->all[country_code(tab + 1)], prefix) < 0)
				return -1;
		}
		at = stop + 1;
	}
	return 0;
}

/* The blocks of a member's country; of one that has none here, those of a country that has. */
static const struct country_blocks *
blocks_of(const struct maker *maker, struct country country)
{
	static const char others[][3] = {"AE", "TR", "PK"};
	const struct country_blocks *found = &maker->all[country_code(country.code)];
	for (size_t i = 0; i < 3 && (!found->v4_count || !found->v6_count); i++)
		found = &maker->all[country_code(others[i])];
	return found;
}

/* The lengths of a full table, in hundredths; what is shorter than the block becomes the block. */
static unsigned
usual_length(struct lab_random *random, enum ip_family family)
{
	static const struct {
		uint8_t below, v4, v6;
	} steps[] = {{55, 24, 48}, {67, 22, 32}, {77, 23, 44}, {85, 21, 36},
		     {93, 20, 40}, {97, 19, 32}, {100, 16, 29}};
	uint32_t roll = lab_random_below(random, 100);
	size_t i = 0;
	while (roll >= steps[i].below)
		i++;
	return family == IP_V4 ? steps[i].v4 : steps[i].v6;
}

/* Sets the bits of the address from `from` to the end at random. */
static struct ip
random_bits(struct ip ip, unsigned from, struct lab_random *random)
{
	for (unsigned i = from / 8; i < ip_bits(ip.family) / 8; i++) {
		uint8_t keep = i == from / 8 ? (uint8_t) ~(0xff >> from % 8) : 0;
		uint8_t roll = (uint8_t)lab_random_next(random);
		ip.octets[i] = (uint8_t)((ip.octets[i] & keep) | (roll & ~keep));
	}
	return ip;
}

static struct prefix
pick_prefix(const struct country_blocks *blocks, enum ip_family family, struct lab_random *random)
{
	bool v4 = family == IP_V4;
	size_t count = v4 ? blocks->v4_count : blocks->v6_count;
	if (count == 0)
		return (struct prefix){0};
	const struct prefix *list = v4 ? blocks->v4 : blocks->v6;
	struct prefix block = list[lab_random_below(random, (uint32_t)count)];
	unsigned length = usual_length(random, family);
	if (length < block.length)
		return block;
	return prefix_of(random_bits(block.ip, block.length, random), length);
}

static bool
is_bogon(const struct hub_policy *policy, uint32_t asn)
{
	for (size_t i = 0; i < policy->bogon_asn_count; i++)
		if (asn >= policy->bogon_asns[i].first && asn <= policy->bogon_asns[i].last)
			return true;
	return false;
}

/* A network behind a member: a private number that is no member's and that the policy accepts; the
 * member's own when there is none. */
static struct asn
customer_asn(const struct hub *hub, const struct hub_member *member, struct lab_random *random)
{
	for (int i = 0; i < 16; i++) {
		struct asn asn = {64600 + lab_random_below(random, 900)};
		if (!is_bogon(&member->policy, asn.number) && asn.number != hub->asn.number &&
		    hub_member_by_asn(hub, asn) == HUB_NONE)
			return asn;
	}
	return member->asn;
}

static void
add_hop(struct lab_route *route, struct asn asn)
{
	if (route->path_length < LAB_PATH_MAX)
		route->path[route->path_length++] = asn;
}

/* The member, perhaps a provider between, the origin; one in ten prepends. */
static void
make_path(struct lab_route *route, const struct hub *hub, const struct hub_member *member,
	  struct lab_random *random)
{
	add_hop(route, member->asn);
	uint32_t roll = lab_random_below(random, 100);
	for (uint32_t i = 0; roll < 10 && i <= roll % 3; i++)
		add_hop(route, member->asn);
	uint32_t own = member->kind == HUB_CARRIER            ? 25
		       : member->kind == HUB_TRANSIT_CUSTOMER ? 60
							      : 80;
	if (lab_random_below(random, 100) < own)
		return;
	add_hop(route, customer_asn(hub, member, random));
	if (member->kind == HUB_CARRIER && lab_random_below(random, 100) < 30)
		add_hop(route, customer_asn(hub, member, random));
}

/* What members tell the route server: not to one, to nobody but one, or nothing. */
static void
make_control(struct lab_route *route, const struct hub *hub, const struct hub_member *member,
	     struct lab_random *random)
{
	const struct hub_member *other =
		&hub->members[lab_random_below(random, (uint32_t)hub->member_count)];
	if (other == member || lab_random_below(random, 100) >= 8)
		return;
	uint32_t rs = hub->asn.number, peer = other->asn.number;
	bool only = lab_random_below(random, 4) == 0;
	if (rs < 65536 && peer < 65536 && lab_random_below(random, 2) == 0) {
		if (only)
			route->standard[route->standard_count++] = rs; /* 0:RS, to nobody */
		route->standard[route->standard_count++] = (only ? rs << 16 : 0) | peer;
		return;
	}
	uint32_t function[2][3] = {{rs, 0, 0}, {rs, 1, peer}};
	uint32_t not_to[3] = {rs, 0, peer};
	if (only) {
		memcpy(route->large[0], function, sizeof(function));
		route->large_count = 2;
	} else {
		memcpy(route->large[route->large_count++], not_to, sizeof(not_to));
	}
}

static void
make_communities(struct lab_route *route, const struct hub *hub, const struct hub_member *member,
		 struct lab_random *random)
{
	make_control(route, hub, member, random);
	uint32_t kind = 100 + lab_random_below(random, 4) * 10; /* where it was learnt */
	if (member->asn.number < 65536 && lab_random_below(random, 100) < 70)
		route->standard[route->standard_count++] = member->asn.number << 16 | kind;
	if (lab_random_below(random, 100) < 30 && route->large_count < LAB_COMMUNITIES_MAX) {
		uint32_t place[3] = {member->asn.number, 1, kind};
		memcpy(route->large[route->large_count++], place, sizeof(place));
	}
	if (lab_random_below(random, 100) < 15)
		route->med = 10 * (1 + lab_random_below(random, 20));
}

/* A sound route. One in four is of a network with two providers: the same prefix from every member
 * of that country that takes the same draw. */
static struct lab_route
make_route(const struct maker *maker, const struct hub_member *member, enum ip_family family,
	   size_t number, struct lab_random *random)
{
	const struct hub *hub = maker->plan->hub;
	const struct country_blocks *blocks = blocks_of(maker, member->country);
	struct lab_route route = {0};
	struct lab_random shared = {hash_u64(number * 7919 + family) ^
				    (uint64_t)country_code(member->country.code) << 20};
	if (lab_random_below(random, 4) == 0) {
		route.prefix = pick_prefix(blocks, family, &shared);
		add_hop(&route, member->asn);
		add_hop(&route, customer_asn(hub, member, &shared));
	} else {
		route.prefix = pick_prefix(blocks, family, random);
		make_path(&route, hub, member, random);
	}
	make_communities(&route, hub, member, random);
	return route;
}

/* Takes a sound route and spoils it. */
static struct lab_route
spoil(struct lab_route route, const struct hub *hub, enum lab_fault fault,
      struct lab_random *random)
{
	static const struct asn trans = {ASN_TRANS};
	route.fault = fault;
	switch (fault) {
	case LAB_TOO_LONG_PREFIX:
		route.prefix = prefix_of(random_bits(route.prefix.ip, route.prefix.length, random),
					 route.prefix.ip.family == IP_V4 ? 28 : 64);
		break;
	case LAB_MARTIAN:
		route.prefix =
			prefix_of(ip_v4(0x0a000000 | lab_random_below(random, 256) << 16), 16);
		break;
	case LAB_HUB_LAN:
		if (hub->lan_count)
			route.prefix = hub->lans[0].ipv4;
		break;
	case LAB_BOGON_ASN:
		add_hop(&route, trans);
		break;
	case LAB_FOREIGN_FIRST_AS:
		route.path[0].number ^= 1;
		break;
	case LAB_AS_SET:
		add_hop(&route, (struct asn){64666});
		route.last_is_set = true;
		break;
	case LAB_LONG_PATH:
		while (route.path_length < LAB_PATH_MAX)
			add_hop(&route, route.path[0]);
		break;
	case LAB_DEFAULT_ROUTE:
		route.prefix = prefix_of(ip_v4(0), 0);
		break;
	case LAB_FOREIGN_NEXT_HOP:
	case LAB_SOUND:
	case LAB_FAULTS:
		break;
	}
	return route;
}

/* How many routes a member of this kind has, of those that the hub file allows at most. */
static size_t
route_count(const struct hub *hub, const struct hub_member *member)
{
	static const uint8_t percent[] = {
		[HUB_CARRIER] = 100, [HUB_CONTENT] = 20,          [HUB_CLOUD] = 25,
		[HUB_ACCESS] = 60,   [HUB_TRANSIT_CUSTOMER] = 40,
	};
	size_t count = (size_t)hub->lab.routes * percent[member->kind] / 100;
	return count < 4 ? 4 : count;
}

static bool
is_there(const struct lab_routes *routes, struct prefix prefix)
{
	for (size_t i = 0; i < routes->count; i++)
		if (prefix_equal(routes->routes[i].prefix, prefix))
			return true;
	return false;
}

/* Busy networks are few (Zipf's law): the first route of a family has weight 1, the n-th 1/n. */
static void
weigh(struct lab_routes *routes)
{
	double sum = 0;
	for (size_t i = 0; i < routes->sound[0] + routes->sound[1]; i++) {
		size_t rank = i < routes->sound[0] ? i : i - routes->sound[0];
		if (rank == 0)
			sum = 0;
		sum += 1.0 / (double)(rank + 1);
		routes->weight[i] = sum;
	}
}

enum { FAULTS_A_MEMBER = 3 };

/* Most members are clean, as at a real exchange; every third makes mistakes, each its own kind of
 * them. Four such members between them make them all. */
static void
add_faults(const struct maker *maker, uint32_t index, struct lab_routes *routes,
	   struct lab_random *random)
{
	static const uint8_t mistakes[][FAULTS_A_MEMBER] = {
		{LAB_TOO_LONG_PREFIX, LAB_MARTIAN},           /* filters that leak inside routes */
		{LAB_AS_SET, LAB_BOGON_ASN, LAB_LONG_PATH},   /* customers' paths let through */
		{LAB_DEFAULT_ROUTE, LAB_HUB_LAN},             /* connected and static routes */
		{LAB_FOREIGN_NEXT_HOP, LAB_FOREIGN_FIRST_AS}, /* no next-hop-self, a path not own */
	};
	enum { EVERY = 3, LAST = EVERY - 1, KINDS = sizeof(mistakes) / sizeof(mistakes[0]) };
	const struct hub_member *member = &maker->plan->hub->members[index];
	if (index % EVERY != LAST || routes->sound[0] == 0)
		return;
	const uint8_t *mine = mistakes[index / EVERY % KINDS];
	for (uint32_t i = 0, tries = 0; i < FAULTS_A_MEMBER && mine[i] != LAB_SOUND && tries < 100;
	     tries++) {
		struct lab_route sound =
			make_route(maker, member, IP_V4, routes->count + tries, random);
		struct lab_route spoilt = spoil(sound, maker->plan->hub, mine[i], random);
		if (is_there(routes, spoilt.prefix))
			continue;
		routes->routes[routes->count++] = spoilt;
		i++;
	}
}

static int
make_member(const struct maker *maker, uint32_t index)
{
	struct lab_plan *plan = maker->plan;
	const struct hub_member *member = &plan->hub->members[index];
	struct lab_routes *routes = &plan->members[index];
	size_t wanted = route_count(plan->hub, member), v4 = wanted - wanted * 3 / 10;
	struct lab_random random = {hash_u64(member->asn.number)};
	routes->routes =
		arena_take(plan->arena, (wanted + FAULTS_A_MEMBER) * sizeof(*routes->routes));
	routes->weight = arena_take(plan->arena, (wanted + 1) * sizeof(*routes->weight));
	if (!routes->routes || !routes->weight)
		return -1;
	for (size_t i = 0; i < wanted; i++) {
		enum ip_family family = i < v4 ? IP_V4 : IP_V6;
		struct lab_route route = make_route(maker, member, family, i, &random);
		if (route.prefix.ip.family == IP_NONE || is_there(routes, route.prefix))
			continue;
		routes->routes[routes->count++] = route;
		routes->sound[family == IP_V4 ? 0 : 1]++;
	}
	weigh(routes);
	add_faults(maker, index, routes, &random);
	return 0;
}

struct lab_plan *
lab_plan_new(const struct hub *hub)
{
	struct arena *arena = arena_new();
	struct lab_plan *plan = arena ? arena_take(arena, sizeof(*plan)) : NULL;
	struct maker *maker = calloc(1, sizeof(*maker));
	bool failed = !plan || !maker;
	if (!failed) {
		*plan = (struct lab_plan){.arena = arena, .hub = hub};
		plan->members = arena_take(arena, (hub->member_count + 1) * sizeof(*plan->members));
		maker->plan = plan;
		failed = !plan->members || read_blocks(maker) < 0;
	}
	for (uint32_t i = 0; !failed && i < hub->member_count; i++)
		failed = make_member(maker, i) < 0;
	for (size_t i = 0; maker && i < COUNTRY_CODES; i++) {
		free(maker->all[i].v4);
		free(maker->all[i].v6);
	}
	free(maker);
	if (!failed)
		return plan;
	arena_free(arena);
	return NULL;
}

void
lab_plan_free(struct lab_plan *plan)
{
	if (plan)
		arena_free(plan->arena);
}

struct ip
lab_plan_address(const struct lab_plan *plan, uint32_t member, enum ip_family family,
		 struct lab_random *random)
{
	const struct lab_routes *routes = &plan->members[member];
	size_t first = family == IP_V4 ? 0 : routes->sound[0];
	size_t count = routes->sound[family == IP_V4 ? 0 : 1];
	if (count == 0)
		return (struct ip){0};
	double roll = lab_random_unit(random) * routes->weight[first + count - 1];
	size_t low = 0, high = count - 1;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (routes->weight[first + middle] > roll)
			high = middle;
		else
			low = middle + 1;
	}
	struct prefix prefix = routes->routes[first + low].prefix;
	return random_bits(prefix.ip, prefix.length, random);
}

struct ip
lab_plan_next_hop(const struct lab_plan *plan, uint32_t port, const struct lab_route *route)
{
	const struct hub *hub = plan->hub;
	bool v4 = route->prefix.ip.family == IP_V4;
	if (route->fault == LAB_FOREIGN_NEXT_HOP) {
		for (size_t i = 0; i < hub->port_count; i++) {
			const struct hub_port *other =
				&hub->ports[(port + 1 + i) % hub->port_count];
			struct ip theirs = v4 ? other->ipv4 : other->ipv6;
			if (other->member != hub->ports[port].member && theirs.family != IP_NONE)
				return theirs;
		}
	}
	return v4 ? hub->ports[port].ipv4 : hub->ports[port].ipv6;
}
