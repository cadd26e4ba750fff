/* arouteserver: general.yml and clients.yml, and bogons.yml if it is given. */
#include <string.h>

#include "import/import_ars.h"

static bool
is_map(struct import *im, const struct hub_node *root)
{
	if (root->kind == HUB_NODE_MAP)
		return true;
	hub_complain(im->report, root->mark, "found %s, expected a mapping",
		     hub_node_kind_name(root->kind));
	return false;
}

static void
read_router_id(struct import *im, const struct hub_node *node)
{
	if (ars_absent(node))
		return;
	const struct hub_node *first = node->kind == HUB_NODE_LIST ? node->first : node;
	struct ip ip;
	if (!first || !ars_ip(im, first, &ip))
		return;
	if (ip.family != IP_V4)
		hub_complain(im->report, first->mark, "router_id: expected an IPv4 address");
	im->hub.router_id = ip;
	if (node->kind == HUB_NODE_LIST && node->count > 1)
		import_note(
			im, IMPORT_CHANGED, node->mark,
			"cfg.router_id: the first of several; import again with --router-id for "
			"each of the other route servers");
}

static bool
read_general(struct import *im, struct ars_settings *out)
{
	const struct hub_node *root = import_include(im, im->request->paths[0]);
	if (!root || !is_map(im, root))
		return false;
	const struct hub_node *cfg = hub_node_get(root, "cfg");
	for (const struct hub_node *child = root->first; child; child = child->next)
		if (child != cfg)
			import_note(im, IMPORT_UNKNOWN, child->key_mark,
				    "%s: not a key of general.yml; all stands under cfg",
				    hub_show(child->key).text);
	if (!cfg) {
		hub_complain(im->report, root->mark, "found no \"cfg\" in it");
		return false;
	}
	ars_defaults(out);
	ars_read(im, cfg, false, out);
	const struct hub_node *asn = out->values[ARS_RS_AS].node;
	if (asn)
		(void)ars_asn(im, asn, &im->hub.asn);
	if (im->request->asn.number)
		im->hub.asn = im->request->asn;
	read_router_id(im, out->values[ARS_ROUTER_ID].node);
	return true;
}

/* Prefixes that are rejected because they are the LAN's are how arouteserver knows it. */
static void
find_lans(struct import *im, const struct ars_settings *s)
{
	enum { LOOKED_AT_MAX = 1000 }; /* entries; the LAN stands among the first */
	const struct hub_node *list = s->values[ARS_GLOBAL_BLACK_LIST].node;
	size_t count = 0;
	if (ars_absent(list) || list->kind != HUB_NODE_LIST)
		return;
	for (const struct hub_node *n = list->first; n && count++ < LOOKED_AT_MAX; n = n->next) {
		struct ip ip;
		uint32_t length;
		const struct hub_node *prefix = hub_node_get(n, "prefix");
		const struct hub_node *bits = hub_node_get(n, "length");
		if (ars_absent(prefix) || ars_absent(bits) || !ars_ip(im, prefix, &ip) ||
		    !ars_number(im, bits, ip_bits((enum ip_family)ip.family), &length))
			continue;
		struct prefix lan = prefix_of(ip, length);
		bool inside = false;
		for (const struct import_member *m = im->hub.members; m && !inside; m = m->next)
			for (const struct import_port *p = m->ports; p && !inside; p = p->next)
				inside = prefix_contains_ip(lan, p->ipv4) ||
					 prefix_contains_ip(lan, p->ipv6);
		/* A length of 0 would be all there is. */
		if (inside && length)
			(void)import_pool_add(im, NULL, lan, prefix->mark);
	}
}

bool
import_from_arouteserver(struct import *im)
{
	struct ars_settings general;
	im->hub.sections = import_yaml_root(im->arena);
	if (!read_general(im, &general))
		return false;
	const struct ars_custom *custom = ars_communities(im, &general, im->hub.sections);
	ars_general(im, &general, im->hub.sections);
	const struct hub_node *clients = import_include(im, im->request->paths[1]);
	if (!clients || !is_map(im, clients))
		return false;
	ars_clients(im, clients, &general, custom);
	if (im->report->count)
		return false;
	find_lans(im, &general);
	return true;
}
