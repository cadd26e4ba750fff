/* LANs and who is in them. Sources say prefixes (arouteserver does not even call them so), or only
 * addresses; a hub file wants LANs, each with at most one prefix of a family, and every port in one.
 *
 *   addresses ──► pools (prefixes: named by the source, else worked out from what is left over)
 *   pools     ──► LANs  (an IPv4 pool and the IPv6 pool that its ports have too)
 *   ports     ──► the LAN of their pools; a port whose two addresses are in different LANs is two
 *
 * A pool that is worked out is the shortest common prefix of addresses that are near each other,
 * and never overlaps another; an address for which there is none is a LAN of its own. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "import/import_state.h"

/* One address of a port that is in no pool yet. */
struct stray {
	struct ip ip;
	const char *key; /* of the LAN, when the source says; "" */
	struct hub_mark at;
};

struct strays {
	struct stray *list;
	size_t count;
};

/* Routers with so many bits in common are taken to be on one LAN, with fewer where the source says
 * that they are; the longest and the shortest prefix that is made up. */
static const struct {
	unsigned near, near_if_said, longest, shortest;
} rules[] = {[IMPORT_IPV4] = {20, 16, 24, 8}, [IMPORT_IPV6] = {48, 32, 64, 32}};

static unsigned
family_of(struct ip ip)
{
	return ip.family == IP_V6 ? IMPORT_IPV6 : IMPORT_IPV4;
}

/* Not to be used by a router: the network's own address, or broadcast (as in hub_check). */
static bool
misplaced(struct ip ip, struct prefix p)
{
	unsigned bits = ip_bits((enum ip_family)ip.family);
	if (p.length + 1u >= bits)
		return false;
	if (ip_equal(ip, p.ip))
		return true;
	return ip.family == IP_V4 &&
	       (ip_v4_number(ip) & (UINT32_MAX >> p.length)) == UINT32_MAX >> p.length;
}

static struct import_pool *
pool_of(const struct import *im, struct ip ip)
{
	for (struct import_pool *p = im->hub.pools; p; p = p->next)
		if (prefix_contains_ip(p->prefix, ip))
			return p;
	return NULL;
}

static bool
overlaps(const struct import *im, struct prefix prefix)
{
	for (const struct import_pool *p = im->hub.pools; p; p = p->next)
		if (prefix_covers(p->prefix, prefix) || prefix_covers(prefix, p->prefix))
			return true;
	return false;
}

static void
check_address(struct import *im, struct import_port *port, struct ip *ip, struct strays *out)
{
	char address[IP_TEXT], prefix[PREFIX_TEXT];
	if (ip->family == IP_NONE)
		return;
	const struct import_pool *pool = pool_of(im, *ip);
	if (!pool) {
		out->list[out->count++] =
			(struct stray){*ip, port->lan_key ? port->lan_key : "", port->at};
		return;
	}
	if (!misplaced(*ip, pool->prefix))
		return;
	import_note(im, IMPORT_LEFT_OUT, port->at,
		    "%s, which is the network or broadcast address of %s", ip_format(address, *ip),
		    prefix_format(prefix, pool->prefix));
	*ip = (struct ip){0};
}

static size_t
count_ports(const struct import *im)
{
	size_t count = 0;
	for (const struct import_member *m = im->hub.members; m; m = m->next)
		for (const struct import_port *p = m->ports; p; p = p->next)
			count++;
	return count;
}

static void
find_strays(struct import *im, struct strays *out)
{
	out->list = import_take(im, (2 * count_ports(im) + 1) * sizeof(*out->list));
	for (struct import_member *m = im->hub.members; m; m = m->next) {
		for (struct import_port *p = m->ports; p; p = p->next) {
			check_address(im, p, &p->ipv4, out);
			check_address(im, p, &p->ipv6, out);
		}
	}
}

static int
compare_strays(const void *a, const void *b)
{
	const struct stray *x = a, *y = b;
	int by_key = strcmp(x->key, y->key);
	return by_key ? by_key : ip_compare(x->ip, y->ip);
}

static unsigned
common_bits(struct ip a, struct ip b)
{
	unsigned bits = 0, all = ip_bits((enum ip_family)a.family);
	while (bits < all && !((a.octets[bits / 8] ^ b.octets[bits / 8]) & (0x80 >> bits % 8)))
		bits++;
	return bits;
}

static bool
holds_misplaced(const struct stray *from, size_t count, struct prefix prefix)
{
	for (size_t i = 0; i < count; i++)
		if (misplaced(from[i].ip, prefix))
			return true;
	return false;
}

static void
add_guess(struct import *im, const struct stray *stray, struct prefix prefix)
{
	char text[PREFIX_TEXT];
	struct import_pool *pool =
		import_pool_add(im, stray->key[0] ? stray->key : NULL, prefix, stray->at);
	if (!pool)
		return;
	pool->guessed = true;
	import_note(im, IMPORT_DECIDE, stray->at,
		    "lans: %s is worked out from the addresses of the members; is it the LAN's "
		    "prefix?",
		    prefix_format(text, prefix));
}

/* A pool for neighbours in the sorted list. One that is alone while others are elsewhere is far away
 * and gets no more than its address: what lies around it is not the hub's. */
static void
add_cluster(struct import *im, const struct stray *from, size_t count, bool others)
{
	unsigned family = family_of(from->ip);
	unsigned bits = ip_bits((enum ip_family)from->ip.family);
	unsigned length = common_bits(from[0].ip, from[count - 1].ip);
	if (length > rules[family].longest)
		length = rules[family].longest;
	struct prefix prefix = prefix_of(from->ip, length);
	while (length > rules[family].shortest && holds_misplaced(from, count, prefix))
		prefix = prefix_of(from->ip, --length);
	bool alone = count == 1 && others && !from->key[0];
	if (!alone && !holds_misplaced(from, count, prefix) && !overlaps(im, prefix)) {
		add_guess(im, from, prefix);
		return;
	}
	for (size_t i = 0; i < count; i++)
		add_guess(im, &from[i], prefix_of(from[i].ip, bits));
}

static size_t
count_addresses(const struct import *im, unsigned family)
{
	size_t count = 0;
	for (const struct import_member *m = im->hub.members; m; m = m->next)
		for (const struct import_port *p = m->ports; p; p = p->next)
			count += (family == IMPORT_IPV4 ? p->ipv4 : p->ipv6).family != IP_NONE;
	return count;
}

static void
add_clusters(struct import *im, struct strays *strays)
{
	const size_t all[] = {count_addresses(im, IMPORT_IPV4), count_addresses(im, IMPORT_IPV6)};
	qsort(strays->list, strays->count, sizeof(*strays->list), compare_strays);
	for (size_t first = 0, next; first < strays->count; first = next) {
		const struct stray *from = &strays->list[first];
		unsigned family = family_of(from->ip);
		unsigned near = from->key[0] ? rules[family].near_if_said : rules[family].near;
		for (next = first + 1; next < strays->count; next++) {
			const struct stray *to = &strays->list[next];
			bool same =
				from->ip.family == to->ip.family && strcmp(from->key, to->key) == 0;
			if (!same || common_bits(from->ip, to->ip) < near)
				break;
		}
		add_cluster(im, from, next - first, all[family] > 1);
	}
}

/* --- LANs of pools --- */

static const char *
lan_text(const struct import *im, const char *key)
{
	const struct import_lan *lan = im->hub.lans;
	while (key && lan && strcmp(lan->key, key) != 0)
		lan = lan->next;
	return key && lan && lan->name ? lan->name : "peering";
}

/* A name that no other LAN has. */
static const char *
name_lan(struct import *im, const struct import_place *place, const char *key)
{
	const char *slug = import_slug(im, lan_text(im, key)), *name = slug;
	for (unsigned n = 2;; n++) {
		unsigned i = 0;
		while (i < place->count && strcmp(place->lans[i].name, name) != 0)
			i++;
		if (i == place->count)
			return name;
		name = import_printf(im, "%s-%u", slug, n);
	}
}

enum {
	LANS_MAX = sizeof(((struct import_place *)0)->lans) /
		   sizeof(((struct import_place *)0)->lans[0]),
	NO_LAN = UINT32_MAX
};

static void
put_pool(struct import_place *place, unsigned lan, struct import_pool *pool)
{
	unsigned family = family_of(pool->prefix.ip);
	place->lans[lan].prefixes[family] = pool->prefix;
	place->lans[lan].guessed[family] = pool->guessed;
	pool->lan = lan;
}

static void
new_lan(struct import *im, struct import_place *place, struct import_pool *pool)
{
	char text[PREFIX_TEXT];
	if (place->count == LANS_MAX) {
		import_note(im, IMPORT_LEFT_OUT, pool->at,
			    "%s and the addresses in it: a hub file holds %d LANs",
			    prefix_format(text, pool->prefix), LANS_MAX);
		return;
	}
	place->lans[place->count].name = name_lan(im, place, pool->key);
	put_pool(place, place->count++, pool);
}

static bool
same_key(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Ports say which prefixes belong together; where none does, the source's own grouping. */
static void
pair_pools(struct import *im, struct import_place *place)
{
	for (const struct import_member *m = im->hub.members; m; m = m->next) {
		for (const struct import_port *p = m->ports; p; p = p->next) {
			struct import_pool *four = p->ipv4.family ? pool_of(im, p->ipv4) : NULL;
			struct import_pool *six = p->ipv6.family ? pool_of(im, p->ipv6) : NULL;
			if (four && six && four->lan != NO_LAN && six->lan == NO_LAN &&
			    !place->lans[four->lan].prefixes[IMPORT_IPV6].ip.family &&
			    (same_key(four->key, six->key) || !six->key))
				put_pool(place, four->lan, six);
		}
	}
	for (struct import_pool *six = im->hub.pools; six; six = six->next) {
		for (struct import_pool *four = im->hub.pools; four && six->lan == NO_LAN;
		     four = four->next)
			if (four->lan != NO_LAN && six->prefix.ip.family == IP_V6 &&
			    four->prefix.ip.family == IP_V4 && same_key(four->key, six->key) &&
			    !place->lans[four->lan].prefixes[IMPORT_IPV6].ip.family)
				put_pool(place, four->lan, six);
	}
}

static void
make_lans(struct import *im, struct import_place *place)
{
	for (struct import_pool *p = im->hub.pools; p; p = p->next)
		p->lan = NO_LAN;
	for (struct import_pool *p = im->hub.pools; p; p = p->next)
		if (p->prefix.ip.family == IP_V4)
			new_lan(im, place, p);
	pair_pools(im, place);
	for (struct import_pool *p = im->hub.pools; p; p = p->next)
		if (p->lan == NO_LAN && p->prefix.ip.family == IP_V6)
			new_lan(im, place, p);
}

/* Sessions over an address that moved to another port follow it. */
static void
split_port(struct import *im, struct import_member *m, struct import_port *p)
{
	struct import_port *other = import_port_add(im, m, p->at);
	const struct import_port *after = other->next;
	assert(!after);
	other->site = p->site;
	other->switch_name = p->switch_name;
	other->speed_mbps = p->speed_mbps;
	other->lan_key = p->lan_key;
	other->ipv6 = p->ipv6;
	p->ipv6 = (struct ip){0};
	for (struct import_session *s = m->sessions; s; s = s->next)
		if (s->port == p && s->address.family == IP_V6)
			s->port = other;
}

/* The LAN of a port without addresses: by the source's own word, else the first. */
static unsigned
lan_by_key(const struct import *im, const struct import_place *place, const char *key)
{
	for (const struct import_pool *p = im->hub.pools; p; p = p->next)
		if (key && p->key && strcmp(p->key, key) == 0 && p->lan != NO_LAN)
			return p->lan;
	return place->count ? 0 : NO_LAN;
}

static void
place_port(struct import *im, struct import_place *place, struct import_member *m,
	   struct import_port *p)
{
	struct ip *both[] = {&p->ipv4, &p->ipv6};
	unsigned lans[2] = {NO_LAN, NO_LAN};
	for (unsigned i = 0; i < 2; i++) {
		const struct import_pool *pool = both[i]->family ? pool_of(im, *both[i]) : NULL;
		lans[i] = pool ? pool->lan : NO_LAN;
		if (both[i]->family && lans[i] == NO_LAN) {
			char text[IP_TEXT];
			import_note(im, IMPORT_LEFT_OUT, p->at, "%s, for there is no LAN for it",
				    ip_format(text, *both[i]));
			*both[i] = (struct ip){0};
		}
	}
	if (lans[0] != NO_LAN && lans[1] != NO_LAN && lans[0] != lans[1])
		split_port(im, m, p);
	p->lan = lans[0] != NO_LAN   ? lans[0]
		 : lans[1] != NO_LAN ? lans[1]
				     : lan_by_key(im, place, p->lan_key);
	p->placed = p->lan != NO_LAN;
	if (!p->placed)
		import_note(im, IMPORT_LEFT_OUT, p->at,
			    "a port without an address, for there is "
			    "no LAN that it could be in");
}

void
import_lans(struct import *im, struct import_place *out)
{
	struct strays strays = {0};
	*out = (struct import_place){0};
	find_strays(im, &strays);
	add_clusters(im, &strays);
	make_lans(im, out);
	for (struct import_member *m = im->hub.members; m; m = m->next)
		for (struct import_port *p = m->ports; p; p = p->next)
			place_port(im, out, m, p);
}
