/* The hub file of what was imported. */
#include <inttypes.h>
#include <string.h>

#include "import/import_state.h"
#include "import/import_yaml.h"

/* What stands for a speed that the source does not say. */
#define SPEED_UNKNOWN "10G"
#define KIND_UNKNOWN  "access"

static void
put_text(struct import_yaml *map, const char *key, const char *text)
{
	if (text)
		(void)import_yaml_text(map, key, text);
}

static void
put_ip(struct import_yaml *map, const char *key, struct ip ip)
{
	char text[IP_TEXT];
	if (ip.family)
		(void)import_yaml_word(map, key, "%s", ip_format(text, ip));
}

static void
put_number(struct import_yaml *map, const char *key, uint32_t number)
{
	if (number)
		(void)import_yaml_word(map, key, "%" PRIu32, number);
}

static void
put_hub(struct import *im, struct import_yaml *root)
{
	const struct import_hub *hub = &im->hub;
	struct import_yaml *map = import_yaml_map(root, "hub");
	const char *name = hub->name ? hub->name : hub->short_name;
	const char *called = name ? name : import_printf(im, "AS%" PRIu32, hub->asn.number);
	struct import_yaml *node = import_yaml_text(map, "name", called);
	if (!name) {
		import_yaml_comment(node, "decide: what the hub is called");
		import_note(im, IMPORT_DECIDE, (struct hub_mark){im->request->paths[0], 0, 0},
			    "hub.name: the source does not say what the hub is called");
	}
	put_text(map, "short_name",
		 hub->short_name ? hub->short_name : import_clean(im, called, 40));
	(void)import_yaml_word(map, "asn", "%" PRIu32, hub->asn.number);
	put_ip(map, "router_id", hub->router_id);
	put_text(map, "country", hub->country);
	put_text(map, "city", hub->city);
	put_text(map, "url", hub->url);
	put_text(map, "support_email", hub->support_email);
	put_number(map, "ixf_id", hub->ixf_id);
	put_number(map, "peeringdb_id", hub->peeringdb_id);
}

static void
put_lans(const struct import_place *place, struct import_yaml *root)
{
	static const char *const keys[] = {"ipv4", "ipv6"};
	char text[PREFIX_TEXT];
	struct import_yaml *list = import_yaml_list(root, "lans");
	for (unsigned i = 0; i < place->count; i++) {
		struct import_yaml *map = import_yaml_map(list, NULL);
		(void)import_yaml_text(map, "name", place->lans[i].name);
		for (unsigned f = 0; f < 2; f++) {
			struct prefix prefix = place->lans[i].prefixes[f];
			if (!prefix.ip.family)
				continue;
			struct import_yaml *node =
				import_yaml_word(map, keys[f], "%s", prefix_format(text, prefix));
			if (place->lans[i].guessed[f])
				import_yaml_comment(node, "decide: worked out from the addresses "
							  "of the members");
		}
	}
}

static void
put_sites(const struct import *im, struct import_yaml *root)
{
	struct import_yaml *list = import_yaml_list(root, "sites");
	for (const struct import_site *s = im->hub.sites; s; s = s->next) {
		struct import_yaml *map = import_yaml_map(list, NULL);
		(void)import_yaml_text(map, "id", s->id);
		put_text(map, "name", s->name);
		put_text(map, "country", s->country);
		if (s->city)
			put_text(map, "note", s->city);
	}
}

static void
put_contacts(const struct import_member *m, struct import_yaml *map)
{
	struct import_yaml *list = import_yaml_list(map, "contacts");
	for (const struct import_contact *c = m->contacts; c; c = c->next) {
		struct import_yaml *contact = import_yaml_flow_map(list, NULL);
		(void)import_yaml_text(contact, "role", c->role);
		put_text(contact, "email", c->email);
		put_text(contact, "phone", c->phone);
	}
}

static bool
same_texts(const struct import_texts *a, const struct import_texts *b)
{
	const struct import_text *x = a->first, *y = b->first;
	while (x && y && strcmp(x->text, y->text) == 0)
		x = x->next, y = y->next;
	return !x && !y;
}

static void
put_as_sets(const struct import_member *m, struct import_yaml *map)
{
	static const char *const keys[] = {"as_sets_ipv4", "as_sets_ipv6"};
	const struct import_texts *four = &m->as_sets[IMPORT_IPV4], *six = &m->as_sets[IMPORT_IPV6];
	if (four->count == 1 && same_texts(four, six)) {
		(void)import_yaml_text(map, "as_set", four->first->text);
		return;
	}
	for (unsigned f = 0; f < 2; f++) {
		if (!m->as_sets[f].count)
			continue;
		struct import_yaml *list = import_yaml_flow_list(map, keys[f]);
		for (const struct import_text *t = m->as_sets[f].first; t; t = t->next)
			(void)import_yaml_text(list, NULL, t->text);
	}
}

static void
put_speed(struct import *im, const struct import_port *p, struct import_yaml *map)
{
	uint64_t speed = p->speed_mbps;
	if (speed && speed % 1000 == 0)
		(void)import_yaml_word(map, "speed", "%" PRIu64 "G", speed / 1000);
	else if (speed)
		(void)import_yaml_word(map, "speed", "%" PRIu64 "M", speed);
	else
		(void)import_yaml_word(map, "speed", SPEED_UNKNOWN);
	if (!speed)
		import_note(im, IMPORT_DECIDE, p->at,
			    "ports: the source does not say the speed; " SPEED_UNKNOWN
			    " stands in its place");
}

static void
put_ports(struct import *im, const struct import_place *place, const struct import_member *m,
	  struct import_yaml *map)
{
	char text[MAC_TEXT];
	unsigned n = 0;
	struct import_yaml *list = import_yaml_list(map, "ports");
	for (struct import_port *p = m->ports; p; p = p->next) {
		if (!p->placed)
			continue;
		struct import_yaml *port = import_yaml_map(list, NULL);
		p->id = import_printf(im, "%" PRIu32 "-%u", m->asn.number, ++n);
		(void)import_yaml_word(port, "id", "%s", p->id);
		if (p->site)
			(void)import_yaml_text(port, "site", p->site->id);
		if (place->count > 1)
			(void)import_yaml_text(port, "lan", place->lans[p->lan].name);
		put_speed(im, p, port);
		put_text(port, "switch", p->switch_name);
		if (p->macs) {
			struct import_yaml *macs = import_yaml_flow_list(port, "macs");
			for (const struct import_mac *mac = p->macs; mac; mac = mac->next)
				(void)import_yaml_word(macs, NULL, "%s",
						       mac_format(text, mac->mac));
		}
		put_ip(port, "ipv4", p->ipv4);
		put_ip(port, "ipv6", p->ipv6);
	}
}

static void
put_sessions(struct import *im, const struct import_member *m, struct import_yaml *map)
{
	unsigned n = 0;
	struct import_yaml *list = import_yaml_list(map, "sessions");
	for (const struct import_session *s = m->sessions; s; s = s->next) {
		struct import_yaml *session = import_yaml_map(list, NULL);
		(void)import_yaml_word(session, "id", "%s",
				       import_printf(im, "%" PRIu32 "-%u", m->asn.number, ++n));
		(void)import_yaml_word(session, "port", "%s", s->port->id);
		put_ip(session, "address", s->address);
		if (s->disabled)
			(void)import_yaml_word(session, "enabled", "false");
		put_text(session, "md5", s->md5);
		if (s->items)
			import_yaml_join(session, s->items);
	}
}

static void
put_members(struct import *im, const struct import_place *place, struct import_yaml *root)
{
	struct import_yaml *list = import_yaml_list(root, "members");
	size_t unknown = 0;
	for (const struct import_member *m = im->hub.members; m; m = m->next)
		unknown += !m->kind;
	bool some = unknown && unknown < im->hub.member_count;
	for (const struct import_member *m = im->hub.members; m; m = m->next) {
		struct import_yaml *map = import_yaml_map(list, NULL);
		(void)import_yaml_word(map, "asn", "%" PRIu32, m->asn.number);
		(void)import_yaml_text(map, "name",
				       m->name ? m->name
					       : import_printf(im, "AS%" PRIu32, m->asn.number));
		struct import_yaml *kind =
			import_yaml_word(map, "kind", "%s", m->kind ? m->kind : KIND_UNKNOWN);
		if (some && !m->kind)
			import_yaml_comment(kind, "decide: the source does not say");
		put_text(map, "country", m->country);
		put_text(map, "url", m->url);
		put_as_sets(m, map);
		put_number(map, "peeringdb_id", m->peeringdb_id);
		put_number(map, "alias_asn", m->alias_asn);
		if (m->since)
			(void)import_yaml_word(map, "since", "%s", m->since);
		put_contacts(m, map);
		if (m->policy)
			import_yaml_join(import_yaml_map(map, "policy"), m->policy);
		put_ports(im, place, m, map);
		put_sessions(im, m, map);
	}
	if (!unknown)
		return;
	import_yaml_comment(list,
			    "decide: kind is " KIND_UNKNOWN
			    " where the source does not say what a member mostly is (carrier, "
			    "content, cloud, access, transit-customer)");
	import_note(im, IMPORT_DECIDE, (struct hub_mark){im->request->paths[0], 0, 0},
		    "members: kind is " KIND_UNKNOWN
		    " where the source does not say what a member mostly is");
}

struct import_yaml *
import_write(struct import *im, const struct import_place *place)
{
	struct import_yaml *root = import_yaml_root(im->arena);
	put_hub(im, root);
	put_lans(place, root);
	put_sites(im, root);
	if (im->hub.sections)
		import_yaml_join(root, im->hub.sections);
	put_members(im, place, root);
	return root;
}
