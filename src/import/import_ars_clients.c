/* clients.yml: a client is a session there, or several with the same options; here it is a member
 * with ports and sessions. */
#include <inttypes.h>
#include <string.h>

#include "import/import_ars.h"

/* A member's clients, for what they do not agree on. */
struct client {
	struct ars_settings settings;
	struct hub_mark at;
	struct import_member *member;
	const struct hub_node *cfg;
	struct client *next;   /* of the file */
	struct client *fellow; /* of the same member */
};

struct clients {
	struct import *im;
	const struct ars_settings *general;
	const struct ars_custom *custom;
	const struct hub_node *asns;
	struct client *first, *last;
	bool limits_peeringdb; /* some limit is PeeringDB's */
};

enum { ADDRESSES_MAX = 64 };

struct addresses {
	struct ip list[ADDRESSES_MAX];
	size_t count;
};

/* The items of a client that stand beside cfg. */
struct items {
	const struct hub_node *asn, *ip, *description, *password, *cfg, *alias;
};

static void
find_items(struct import *im, const struct hub_node *map, struct items *out)
{
	*out = (struct items){0};
	for (const struct hub_node *child = map->first; child; child = child->next) {
		if (strcmp(child->key, "asn") == 0)
			out->asn = child;
		else if (strcmp(child->key, "ip") == 0)
			out->ip = child;
		else if (strcmp(child->key, "description") == 0)
			out->description = child;
		else if (strcmp(child->key, "password") == 0)
			out->password = child;
		else if (strcmp(child->key, "cfg") == 0)
			out->cfg = child;
		else if (strcmp(child->key, "16bit_mapped_asn") == 0)
			out->alias = child;
		else
			import_note(
				im, IMPORT_UNKNOWN, child->key_mark,
				"%s: not a key of a client; options of a client stand under cfg",
				hub_show(child->key).text);
	}
}

static bool
add_address(struct import *im, const struct hub_node *node, struct addresses *out)
{
	struct ip ip;
	if (!ars_ip(im, node, &ip))
		return false;
	if (out->count == ADDRESSES_MAX) {
		hub_complain(im->report, node->mark, "found more than %d addresses", ADDRESSES_MAX);
		return false;
	}
	out->list[out->count++] = ip;
	return true;
}

static bool
read_addresses(struct import *im, const struct hub_node *node, struct addresses *out)
{
	out->count = 0;
	if (node->kind == HUB_NODE_SCALAR)
		return add_address(im, node, out);
	for (const struct hub_node *n = ars_first(im, node); n; n = n->next)
		if (!add_address(im, n, out))
			return false;
	return true;
}

/* --- ports --- */

static struct ip *
slot(struct import_port *port, struct ip ip)
{
	return ip.family == IP_V4 ? &port->ipv4 : &port->ipv6;
}

/* arouteserver knows no ports. Addresses of one client are those of one router, an IPv4 and an IPv6
 * address each; so are those of clients with one address each, in their order. */
static struct import_port *
port_for(struct import *im, struct client *client, struct import_port *from, struct ip ip)
{
	struct import_port *port = from;
	while (port && slot(port, ip)->family)
		port = port->next;
	if (!port)
		port = import_port_add(im, client->member, client->at);
	*slot(port, ip) = ip;
	return port;
}

static const char *
action_word(uint32_t action)
{
	static const char *const words[] = {[ARS_ACTION_NONE] = "restart",
					    [ARS_SHUTDOWN] = "shutdown",
					    [ARS_RESTART] = "restart",
					    [ARS_BLOCK] = "block",
					    [ARS_WARNING] = "warn"};
	return words[action];
}

static void
put_limits(struct clients *c, const struct client *client, struct ip ip, struct import_yaml *out)
{
	const struct ars_value *v = client->settings.values;
	bool four = ip.family == IP_V4 || v[ARS_RFC8950].number;
	bool six = ip.family == IP_V6;
	uint32_t action = v[ARS_MAX_PREFIX_ACTION].number;
	bool own = false;
	const struct {
		bool wanted;
		enum ars_key limit, general;
		const char *key;
		uint32_t usual;
	} rows[] = {
		{four, ARS_LIMIT_IPV4, ARS_GENERAL_LIMIT_IPV4, "max_prefixes_ipv4", 170000},
		{six, ARS_LIMIT_IPV6, ARS_GENERAL_LIMIT_IPV6, "max_prefixes_ipv6", 12000},
	};
	bool peeringdb = action != ARS_ACTION_NONE && v[ARS_MAX_PREFIX_PEERINGDB].number;
	for (size_t i = 0; i < 2; i++)
		own |= rows[i].wanted && v[rows[i].limit].node;
	for (size_t i = 0; i < 2; i++) {
		uint32_t limit =
			v[rows[i].limit].node ? v[rows[i].limit].number : v[rows[i].general].number;
		if (action == ARS_ACTION_NONE)
			limit = 0;
		if (rows[i].wanted && (own || !peeringdb || limit != rows[i].usual))
			(void)import_yaml_word(out, rows[i].key, "%" PRIu32, limit);
	}
	if (action == ARS_ACTION_NONE)
		return;
	(void)import_yaml_word(out, "max_prefixes_action", "%s", action_word(action));
	uint32_t wait = v[ARS_MAX_PREFIX_RESTART].number;
	if (action == ARS_RESTART && wait != 15) {
		uint32_t seconds = wait == 0 ? 1 : wait > 10080 ? 604800 : wait * 60;
		(void)import_yaml_word(out, "max_prefixes_restart_s", "%" PRIu32, seconds);
	}
	if (!v[ARS_MAX_PREFIX_COUNT_REJECTED].number)
		(void)import_yaml_word(out, "max_prefixes_count_refused", "false");
	c->limits_peeringdb |= peeringdb && !own;
	if (peeringdb && !own)
		(void)import_yaml_word(out, "max_prefixes_peeringdb", "true");
	if (peeringdb && !own &&
	    (v[ARS_MAX_PREFIX_ABSOLUTE].number != 100 || v[ARS_MAX_PREFIX_RELATIVE].number != 15))
		import_note(
			c->im, IMPORT_CHANGED,
			ars_mark(&client->settings, ARS_MAX_PREFIX_ABSOLUTE,
				 ars_mark(&client->settings, ARS_MAX_PREFIX_RELATIVE, client->at)),
			"cfg.filtering.max_prefix.peering_db.increment: to PeeringDB's number 100 "
			"and 15 percent are added here, always");
}

static struct import_yaml *
session_items(struct clients *c, const struct client *client, struct ip ip)
{
	const struct ars_value *v = client->settings.values;
	struct import_yaml *out = import_yaml_root(c->im->arena);
	uint32_t hops = v[ARS_MULTIHOP].number;
	if (!v[ARS_PASSIVE].number)
		(void)import_yaml_word(out, "passive", "false");
	if (v[ARS_RFC8950].number && ip.family == IP_V6) {
		struct import_yaml *families = import_yaml_flow_list(out, "families");
		(void)import_yaml_word(families, NULL, "ipv4");
		(void)import_yaml_word(families, NULL, "ipv6");
		(void)import_yaml_word(out, "extended_next_hop", "true");
	}
	if (v[ARS_GTSM].number)
		(void)import_yaml_word(out, "ttl_security", "%" PRIu32,
				       hops > 254 ? 254
				       : hops     ? hops
						  : 1);
	put_limits(c, client, ip, out);
	if (v[ARS_ADD_PATH].number)
		(void)import_yaml_word(out, "add_path", "send");
	if (v[ARS_PREPEND_RS_AS].number)
		(void)import_yaml_word(out, "prepend_hub_as", "true");
	return out;
}

static const char *
password_of(struct import *im, const struct hub_node *node)
{
	enum { PASSWORD_MAX = 80 }; /* of TCP_MD5SIG */
	if (ars_absent(node))
		return NULL;
	const char *text = ars_text(im, node);
	size_t length = text ? strlen(text) : 0;
	const char *clean = import_clean(im, text, PASSWORD_MAX);
	if (!text || (clean && strcmp(clean, text) == 0) || length == 0)
		return length ? clean : NULL;
	hub_complain(
		im->report, node->mark,
		"password: found one of %zu octets or with characters that a hub file does not "
		"take; expected at most %d, all printable",
		length, PASSWORD_MAX);
	return NULL;
}

static void
add_sessions(struct clients *c, struct client *client, const struct items *items,
	     const struct addresses *addresses)
{
	struct import *im = c->im;
	/* A client with several addresses has ports of its own. */
	struct import_port *before = client->member->last_port;
	struct import_port *from = addresses->count == 1 ? client->member->ports : NULL;
	for (size_t i = 0; i < addresses->count; i++) {
		struct ip ip = addresses->list[i];
		if (i > 0)
			from = before ? before->next : client->member->ports;
		struct import_port *port = port_for(im, client, from, ip);
		struct import_session *session =
			import_session_add(im, client->member, port, ip, client->at);
		session->md5 = password_of(im, items->password);
		session->items = session_items(c, client, ip);
	}
}

/* --- members --- */

static void
add_as_sets(struct import *im, struct import_member *member, const struct hub_node *list)
{
	for (const struct hub_node *n = ars_first(im, list); n; n = n->next) {
		const char *text = ars_text(im, n);
		import_as_set_add(im, member, IMPORT_IPV4, text, n->mark);
		import_as_set_add(im, member, IMPORT_IPV6, text, n->mark);
	}
}

/* The client's own, else those of its AS. */
static void
read_as_sets(struct clients *c, const struct client *client)
{
	const struct hub_node *own = client->settings.values[ARS_AS_SETS].node;
	if (!ars_absent(own)) {
		add_as_sets(c->im, client->member, own);
		return;
	}
	const struct hub_node *as = hub_node_get(
		c->asns, import_printf(c->im, "AS%" PRIu32, client->member->asn.number));
	add_as_sets(c->im, client->member, hub_node_get(as, "as_sets"));
}

static void
say_lost(struct import *im, const struct client *client)
{
	const struct ars_value *v = client->settings.values;
	if (v[ARS_CUSTOM_OPTIONS].node)
		import_note(im, IMPORT_NO_COUNTERPART, v[ARS_CUSTOM_OPTIONS].node->mark,
			    "cfg.custom_options: lines for another daemon");
	/* A hub without a limit on hops does not need to be told that there are several. */
	if (v[ARS_MULTIHOP].node && !v[ARS_GTSM].number)
		import_note(
			im, IMPORT_CHANGED, v[ARS_MULTIHOP].node->mark,
			"cfg.multihop: the hub does not limit the distance of a session, with or "
			"without it");
	if (v[ARS_NEXT_HOP].number != ARS_AUTHORIZED && v[ARS_NEXT_HOP_LIST].node)
		import_note(im, IMPORT_CHANGED, v[ARS_NEXT_HOP_LIST].node->mark,
			    "cfg.%s: used only with next_hop: list", ars_path(ARS_NEXT_HOP_LIST));
}

static void
read_client(struct clients *c, const struct hub_node *map)
{
	struct import *im = c->im;
	struct items items;
	struct addresses addresses;
	struct asn asn;
	bool made;
	if (map->kind != HUB_NODE_MAP) {
		hub_complain(im->report, map->mark, "found %s, expected the options of a client",
			     hub_node_kind_name(map->kind));
		return;
	}
	find_items(im, map, &items);
	if (ars_absent(items.asn) || ars_absent(items.ip)) {
		hub_complain(im->report, map->mark, "\"%s\" is missing from this client",
			     ars_absent(items.asn) ? "asn" : "ip");
		return;
	}
	if (!ars_asn(im, items.asn, &asn) || !read_addresses(im, items.ip, &addresses))
		return;
	struct client *client = import_take(im, sizeof(*client));
	client->settings = *c->general;
	client->at = map->mark;
	client->cfg = items.cfg;
	client->member = import_member_get(im, asn, map->mark, &made);
	ars_read(im, items.cfg, true, &client->settings);
	if (!ars_absent(items.alias))
		(void)ars_number(im, items.alias, UINT16_MAX, &client->member->alias_asn);
	if (!client->member->name && !ars_absent(items.description))
		client->member->name = import_clean(im, ars_text(im, items.description), 200);
	add_sessions(c, client, &items, &addresses);
	read_as_sets(c, client);
	say_lost(im, client);
	if (c->last)
		c->last->next = client;
	else
		c->first = client;
	c->last = client;
	client->fellow = client->member->source;
	client->member->source = client;
}

/* What a member has once here and a client each there. */
static const enum ars_key once[] = {
	ARS_NEXT_HOP,          ARS_IPV4_LENGTH,    ARS_IPV6_LENGTH,        ARS_AS_PATH_MAX,
	ARS_REJECT_INVALID_AS, ARS_ENFORCE_ORIGIN, ARS_ENFORCE_PREFIX,     ARS_ROV,
	ARS_ROV_REJECT,        ARS_ASPA,           ARS_ASPA_REJECT,        ARS_ROLES,
	ARS_ROLES_STRICT,      ARS_REJECT_POLICY,  ARS_BLACKHOLE_ANNOUNCE, ARS_GSHUT,
};

static void
say_disagreement(const struct clients *c, const struct client *first, const struct client *other)
{
	for (size_t i = 0; i < sizeof(once) / sizeof(once[0]); i++) {
		if (!ars_differ(&first->settings, &other->settings, once[i]))
			continue;
		/* What it says itself, if it does. */
		const struct hub_node *node = other->settings.values[once[i]].node;
		bool own = node != c->general->values[once[i]].node;
		import_note(c->im, IMPORT_CHANGED, own ? node->mark : other->at,
			    "cfg.%s: the clients of AS%" PRIu32
			    " differ; a member has one policy here, that of the client at line %u",
			    ars_path(once[i]), other->member->asn.number, first->at.line);
	}
}

/* Custom communities by name, those of all the member's clients together. */
static void
put_attached(const struct clients *c, struct import_member *member,
	     const struct ars_settings *const *all, size_t count)
{
	struct import_yaml *list = import_yaml_list(member->policy, "attach");
	for (size_t i = 0; i < count; i++) {
		const struct hub_node *names = all[i]->values[ARS_ATTACH].node;
		for (const struct hub_node *n = ars_first(c->im, names); n; n = n->next) {
			const char *name = ars_text(c->im, n);
			const struct ars_custom *custom = c->custom;
			while (name && custom && strcmp(custom->name, name) != 0)
				custom = custom->next;
			if (name && !custom)
				hub_complain(c->im->report, n->mark,
					     "found \"%s\", expected one of custom_communities",
					     hub_show(name).text);
			const struct import_text *t = name && custom ? custom->texts.first : NULL;
			for (; t; t = t->next)
				(void)import_yaml_word(list, NULL, "%s", t->text);
		}
	}
	import_yaml_drop_repeats(list);
}

static void
put_policy(struct clients *c, struct import_member *member)
{
	size_t count = 0;
	for (const struct client *f = member->source; f; f = f->fellow)
		count++;
	const struct ars_settings **all = import_take(c->im, count * sizeof(struct ars_settings *));
	const struct client *first = NULL;
	size_t i = count;
	for (const struct client *f = member->source; f; f = f->fellow) {
		all[--i] = &f->settings;
		first = f;
	}
	for (const struct client *f = member->source; f != first; f = f->fellow)
		say_disagreement(c, first, f);
	member->policy = ars_member_policy(c->im, c->general, all, count);
	put_attached(c, member, all, count);
}

static void
check_asns(struct import *im, const struct hub_node *asns)
{
	if (ars_absent(asns))
		return;
	if (asns->kind != HUB_NODE_MAP) {
		hub_complain(im->report, asns->mark, "asns: found %s, expected a mapping",
			     hub_node_kind_name(asns->kind));
		return;
	}
	for (const struct hub_node *as = asns->first; as; as = as->next) {
		struct asn asn;
		if (strncmp(as->key, "AS", 2) != 0 || asn_parse(&asn, as->key) < 0)
			hub_complain(im->report, as->key_mark,
				     "found \"%s\", expected an AS number such as AS64500",
				     hub_show(as->key).text);
		if (as->kind != HUB_NODE_MAP)
			continue;
		for (const struct hub_node *child = as->first; child; child = child->next)
			if (strcmp(child->key, "as_sets") != 0)
				import_note(im, IMPORT_UNKNOWN, child->key_mark,
					    "asns.%s: not a key of an AS; there is as_sets",
					    hub_show(child->key).text);
	}
}

void
ars_clients(struct import *im, const struct hub_node *root, const struct ars_settings *general,
	    const struct ars_custom *custom)
{
	struct clients c = {
		.im = im, .general = general, .custom = custom, .asns = hub_node_get(root, "asns")};
	const struct hub_node *list = hub_node_get(root, "clients");
	check_asns(im, c.asns);
	for (const struct hub_node *child = root->first; child; child = child->next)
		if (child != c.asns && child != list)
			import_note(im, IMPORT_UNKNOWN, child->key_mark,
				    "%s: not a key of clients.yml; there are asns and clients",
				    hub_show(child->key).text);
	if (!list)
		hub_complain(im->report, (struct hub_mark){im->request->paths[1], 0, 0},
			     "found no \"clients\" in it");
	for (const struct hub_node *n = ars_first(im, list); n; n = n->next)
		read_client(&c, n);
	for (struct import_member *m = im->hub.members; m; m = m->next)
		put_policy(&c, m);
	if (c.limits_peeringdb || general->values[ARS_NEVER_VIA_PEERINGDB].number)
		(void)import_yaml_text(import_yaml_map(im->hub.sections, "peeringdb"), "source",
				       "https://www.peeringdb.com/api");
	if (c.first)
		import_note(im, IMPORT_DECIDE, c.first->at,
			    "ports: arouteserver knows no ports. Each has the IPv4 and the IPv6 "
			    "address of one client, or of clients with one address each in their "
			    "order");
}
