/* The rules between items of a hub file: the hub, its places and cables. */
#include "hub/hub_check.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "hub/hub_read.h"

void
hub_check_hub(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub *hub = element;
	/* RFC 6286 section 2.1: any number but 0. */
	if (ip_equal(hub->router_id, ip_v4(0)))
		hub_complain(r->report, hub_reader_mark(map, "router_id"),
			     "router_id: found 0.0.0.0, expected an address of the hub's own");
	if (3600 % hub->bin_length_s)
		hub_complain(r->report, hub_reader_mark(map, "bin_length_s"),
			     "bin_length_s: found \"%" PRIu32 "\", which does not divide an hour; "
			     "usual is 300",
			     hub->bin_length_s);
}

void
hub_check_lan(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_lan *lan = element;
	if (lan->ipv4.ip.family == IP_NONE && lan->ipv6.ip.family == IP_NONE)
		hub_complain(r->report, map->mark, "a LAN needs ipv4, ipv6 or both");
	/* Earlier ones only; the array is filled in order, and there are few. */
	for (const struct hub_lan *other = r->hub->lans; other < lan; other++) {
		if (lan->ipv4.ip.family && other->ipv4.ip.family &&
		    (prefix_covers(lan->ipv4, other->ipv4) ||
		     prefix_covers(other->ipv4, lan->ipv4)))
			hub_complain(r->report, hub_reader_mark(map, "ipv4"),
				     "ipv4: overlaps with LAN %s", other->name);
		if (lan->ipv6.ip.family && other->ipv6.ip.family &&
		    (prefix_covers(lan->ipv6, other->ipv6) ||
		     prefix_covers(other->ipv6, lan->ipv6)))
			hub_complain(r->report, hub_reader_mark(map, "ipv6"),
				     "ipv6: overlaps with LAN %s", other->name);
	}
}

/* Several sites may stand in one metropolitan region; hardly in two countries. */
void
hub_check_site(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_site *site = element;
	uint32_t index = (uint32_t)(site - r->hub->sites);
	if (!site->metro)
		return;
	uint32_t found =
		hub_lookup_find(r->hub->lookup, HUB_BY_METRO, &site->metro, sizeof(site->metro));
	if (found == HUB_NONE) {
		if (hub_lookup_add(r->hub->lookup, r->hub->arena, HUB_BY_METRO, &site->metro,
				   sizeof(site->metro), index) < 0)
			hub_complain(r->report, map->mark, "out of memory");
		return;
	}
	const struct hub_site *other = &r->hub->sites[found];
	if (memcmp(&site->country, &other->country, sizeof(site->country)) != 0)
		hub_warn(r->report, hub_reader_mark(map, "metro"),
			 "metro: found %u, which site %s has in another country", site->metro,
			 other->id);
}

static bool
begins(const char *text, const char *word)
{
	return text && strncasecmp(text, word, strlen(word)) == 0;
}

/* What a status begins with: those that carry traffic, and those that are known not to. */
static const char *const carrying[] = {"in service", "landed", "said", "under"};
static const char *const idle[] = {"planned", "studied",   "idea",         "proposed",  "announced",
				   "stops",   "stopped",   "disconnected", "not ",      "out ",
				   "cut",     "suspended", "abandoned",    "cancelled", "canceled",
				   "retired", "closed",    "future",       "unknown",   "never"};

enum {
	CARRYING = sizeof(carrying) / sizeof(carrying[0]),
	IDLE = sizeof(idle) / sizeof(idle[0]),
};

static bool
begins_one(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (begins(text, words[i]))
			return true;
	return false;
}

bool
hub_status_is_known(const struct hub_segment *segment)
{
	return segment->usable || begins_one(segment->status, idle, IDLE);
}

/* The known word that a status was meant to begin with, if one is near; else NULL. What follows its first
 * one or two words ("plannd (2027)") is the writer's own. */
static const char *
nearest_status(const char *status)
{
	const char *best = NULL;
	unsigned least = UINT_MAX;
	size_t length = 0;
	for (int words = 1; words <= 2 && (words == 1 || status[length] == ' '); words++) {
		char start[32];
		length += words - 1;
		length += strcspn(status + length, " (,;");
		(void)snprintf(start, sizeof(start), "%.*s", (int)length, status);
		struct hub_nearest near = {.word = start};
		for (size_t i = 0; i < CARRYING + IDLE; i++)
			hub_nearest_offer(&near, i < CARRYING ? carrying[i] : idle[i - CARRYING]);
		if (near.best && near.distance < least) {
			best = near.best;
			least = near.distance;
		}
	}
	return best;
}

static void
warn_of_status(struct hub_reader *r, const struct hub_segment *segment, const struct hub_node *map)
{
	const char *nearest = nearest_status(segment->status);
	struct hub_shown shown = hub_show(segment->status);
	struct hub_mark at = hub_reader_mark(map, "status");
	if (nearest)
		hub_warn(r->report, at,
			 "status: found \"%s\", which counts as carrying no traffic; did you mean "
			 "\"%s\"?",
			 shown.text, nearest);
	else
		hub_warn(r->report, at,
			 "status: found \"%s\", which counts as carrying no traffic; what does "
			 "begins with \"in service\", \"landed\", \"said\" or \"under\"",
			 shown.text);
}

void
hub_fill_segment(struct hub_reader *r, void *element, const struct hub_node *map)
{
	struct hub_segment *segment = element;
	(void)r;
	(void)map;
	segment->owner = HUB_NONE;
	segment->usable = begins_one(segment->status, carrying, CARRYING);
	hub_fill_basis(&segment->length_from, NULL, segment->source);
	hub_fill_basis(&segment->pairs_from, segment->confidence_text, segment->source);
	hub_fill_basis(&segment->design_from, segment->confidence_text, segment->source);
	hub_fill_basis(&segment->lit_from, segment->confidence_text, segment->source);
}

void
hub_check_segment(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_segment *segment = element;
	if (segment->a == segment->b)
		hub_complain(r->report, hub_reader_mark(map, "b"),
			     "b: found the same site as a, expected another");
	if (!(segment->length_km > 0))
		hub_complain(r->report, hub_reader_mark(map, "length_km"),
			     "length_km: found 0, expected more");
	if (segment->from.s && segment->until.s && segment->until.s <= segment->from.s)
		hub_complain(r->report, hub_reader_mark(map, "until"),
			     "until: found a day that is not after from");
	if (!hub_status_is_known(segment))
		warn_of_status(r, segment, map);
	/* Data from the press is like that; whoever wrote something in `check` knows. */
	if (segment->length_km < segment->great_circle_km && !segment->check)
		hub_warn(r->report, hub_reader_mark(map, "length_km"),
			 "length_km: %g is shorter than the great circle, %g", segment->length_km,
			 segment->great_circle_km);
	if (segment->lit_tbps > segment->design_tbps && !segment->check)
		hub_warn(r->report, hub_reader_mark(map, "lit_or_active_tbps"),
			 "lit_or_active_tbps: %g is more than design_tbps, %g", segment->lit_tbps,
			 segment->design_tbps);
}

/* What is written in front of blackholed routes must be nobody's router. */
static void
check_discard(struct hub_reader *r, const struct hub_node *map, const char *key, struct ip ip)
{
	char text[IP_TEXT];
	uint32_t port = ip.family == IP_NONE ? HUB_NONE
					     : hub_lookup_find(r->hub->lookup, HUB_BY_PORT_ADDRESS,
							       &ip, sizeof(ip));
	if (port != HUB_NONE)
		hub_complain(r->report, hub_reader_mark(map, key),
			     "%s: found %s, which is that of port %s", key, ip_format(text, ip),
			     r->hub->ports[port].id);
}

/* Another name for a member must not be the number of somebody here. */
static void
check_aliases(struct hub_reader *r, const struct hub *hub, const struct hub_node *members)
{
	const struct hub_node *map = members ? members->first : NULL;
	for (size_t i = 0; i < hub->member_count; i++, map = map ? map->next : NULL) {
		const struct hub_member *member = &hub->members[i];
		struct asn alias = {member->alias_asn};
		uint32_t other = alias.number ? hub_member_by_asn(hub, alias) : HUB_NONE;
		if (other != HUB_NONE || (alias.number && alias.number == hub->asn.number))
			hub_complain(r->report, hub_reader_mark(map, "alias_asn"),
				     "alias_asn: found %u, which is the AS number of %s",
				     member->alias_asn,
				     other == HUB_NONE ? "the hub" : hub->members[other].name);
	}
}

void
hub_check_root(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub *hub = element;
	char text[IP_TEXT];
	const struct hub_node *listen = hub_node_get(map, "listen");
	for (size_t i = 0; i < hub->bgp_listen_count; i++) {
		const struct ip ip = hub->bgp_listen[i].ip;
		uint32_t port = hub_lookup_find(hub->lookup, HUB_BY_PORT_ADDRESS, &ip, sizeof(ip));
		if (port != HUB_NONE)
			hub_complain(r->report, hub_reader_mark(listen, "bgp"),
				     "bgp: found %s, which is that of port %s", ip_format(text, ip),
				     hub->ports[port].id);
	}
	check_aliases(r, hub, hub_node_get(map, "members"));
	hub_check_blends(r, hub, hub_node_get(map, "contracts"));
	const struct hub_node *blackhole = hub_node_get(map, "blackhole");
	check_discard(r, blackhole, "ipv4", hub->blackhole.ipv4);
	check_discard(r, blackhole, "ipv6", hub->blackhole.ipv6);
}
