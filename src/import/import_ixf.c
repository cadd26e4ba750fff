/* IX-F member export, versions 0.4 to 1.0: one exchange of those that the file describes. A member's
 * connection is a port for each VLAN it is in; an address that says "routeserver" is a session. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "import/import_json.h"
#include "import/import_state.h"
#include "import/import_yaml.h"

struct ixf {
	struct import *im;
	struct import_json doc;
	const struct json_value *ixp; /* the one meant; NULL: the file has no list */
	bool only;                    /* it is the only one */
	uint64_t id;
};

enum { SPEED_MAX = 1000000000 }; /* Mbit/s: what a hub file takes */

static struct hub_mark
mark(const struct ixf *x, const struct json_value *value)
{
	return import_json_mark(&x->doc, value);
}

static void
left_out(const struct ixf *x, const struct json_value *value, const char *expected)
{
	char found[40];
	size_t length = value->raw_length < sizeof(found) ? value->raw_length : sizeof(found) - 1;
	memcpy(found, value->raw, length);
	found[length] = '\0';
	import_note(x->im, IMPORT_LEFT_OUT, mark(x, value), "%s: found %s, expected %s",
		    value->key ? hub_show(value->key).text : "entry", hub_show(found).text,
		    expected);
}

/* --- which exchange --- */

static bool
is_meant(const struct json_value *ixp, const char *wanted)
{
	uint64_t id;
	const char *name = import_json_text(ixp, "name"),
		   *shorter = import_json_text(ixp, "shortname");
	if (import_json_number(json_read_get(ixp, "ixp_id"), UINT32_MAX, &id)) {
		char text[24];
		(void)snprintf(text, sizeof(text), "%" PRIu64, id);
		if (strcmp(text, wanted) == 0)
			return true;
	}
	return (name && strcasecmp(name, wanted) == 0) ||
	       (shorter && strcasecmp(shorter, wanted) == 0);
}

/* "1 (INEX LAN1), 2 (INEX LAN2)": what -i takes. */
static const char *
list_exchanges(const struct ixf *x, const struct json_value *list)
{
	const char *text = "";
	unsigned count = 0;
	for (const struct json_value *v = json_read_first(list); v; v = v->next) {
		uint64_t id = 0;
		const char *name = import_json_text(v, "shortname");
		(void)import_json_number(json_read_get(v, "ixp_id"), UINT32_MAX, &id);
		if (++count > 8)
			return import_printf(x->im, "%s ...", text);
		text = import_printf(x->im, "%s%s%" PRIu64 " (%s)", text, *text ? ", " : "", id,
				     name ? hub_show(name).text : "no name");
	}
	return text;
}

static bool
choose(struct ixf *x)
{
	const struct json_value *list = json_read_get(x->doc.root, "ixp_list");
	const char *wanted = x->im->request->exchange;
	const struct json_value *found = NULL;
	unsigned count = 0, matches = 0;
	for (const struct json_value *v = json_read_first(list); v; v = v->next, count++) {
		if (!wanted || is_meant(v, wanted)) {
			matches++;
			found = found ? found : v;
		}
	}
	x->only = count <= 1;
	if (matches == 1 || (count == 0 && !wanted)) {
		x->ixp = found;
		(void)import_json_number(json_read_get(found, "ixp_id"), UINT32_MAX, &x->id);
		return true;
	}
	if (matches > 1)
		hub_complain(x->im->report, mark(x, list),
			     "found %u exchanges%s%s; say which with -i: %s", matches,
			     wanted ? " called " : "", wanted ? wanted : "",
			     list_exchanges(x, list));
	else
		hub_complain(x->im->report, mark(x, list),
			     "found no exchange \"%s\"; there are: %s", wanted,
			     list_exchanges(x, list));
	return false;
}

/* --- the exchange --- */

static const char *
site_key(struct ixf *x, const struct json_value *sw)
{
	const char *colo = import_json_text(sw, "colo"), *city = import_json_text(sw, "city");
	if (!colo && !city)
		return NULL;
	return import_printf(x->im, "%s\n%s", colo ? colo : "", city ? city : "");
}

static void
read_switches(struct ixf *x)
{
	static const char *const taken[] = {"id", "name", "colo", "city", "country", NULL};
	static const char *const lost[] = {"pdb_facility_id", "manufacturer", "model", "software",
					   NULL};
	const struct import_json_keys keys = {"switch", taken, lost};
	const char *city = NULL;
	bool one_city = true;
	const struct json_value *list = json_read_get(x->ixp, "switch");
	for (const struct json_value *sw = json_read_first(list); sw; sw = sw->next) {
		import_json_check(x->im, &x->doc, sw, &keys);
		const char *here = import_json_text(sw, "city"), *key = site_key(x, sw);
		const char *colo = import_json_text(sw, "colo");
		const struct json_value *country = json_read_get(sw, "country");
		if (key && !import_site_get(x->im, key, colo ? colo : here, here,
					    import_country(x->im, json_read_text(country),
							   mark(x, country))))
			import_note(x->im, IMPORT_LEFT_OUT, mark(x, sw), "switch: its place");
		one_city = one_city && here && (!city || strcmp(city, here) == 0);
		city = here ? here : city;
	}
	if (city && one_city)
		x->im->hub.city = import_clean(x->im, city, 100);
}

/* The prefix of a VLAN and family: {"prefix": ADDRESS, "mask_length": N}, or all of it in "prefix". */
static void
read_prefix(struct ixf *x, const struct json_value *family, const char *key)
{
	const struct json_value *text = json_read_get(family, "prefix");
	uint64_t length;
	struct ip ip;
	struct prefix whole;
	if (json_read_is_null(text))
		return;
	if (json_read_text(text) && prefix_parse(&whole, json_read_text(text)) == 0 &&
	    whole.length >= 8) {
		(void)import_pool_add(x->im, key, whole, mark(x, text));
		return;
	}
	if (!json_read_text(text) || ip_parse(&ip, json_read_text(text)) < 0) {
		left_out(x, text, "an address");
		return;
	}
	const struct json_value *mask = json_read_get(family, "mask_length");
	if (!import_json_number(mask, ip_bits((enum ip_family)ip.family), &length) || length < 8) {
		import_note(x->im, IMPORT_LEFT_OUT, mark(x, text),
			    "vlan: a prefix without a mask_length that fits");
		return;
	}
	(void)import_pool_add(x->im, key, prefix_of(ip, (unsigned)length), mark(x, text));
}

static const char *
vlan_key(struct ixf *x, const struct json_value *id)
{
	uint64_t number;
	if (!import_json_number(id, UINT32_MAX, &number))
		return NULL;
	return import_printf(x->im, "%" PRIu64, number);
}

static void
read_vlans(struct ixf *x)
{
	static const char *const taken[] = {"id", "name", "ipv4", "ipv6", NULL};
	static const char *const lost[] = {NULL};
	static const char *const taken_inside[] = {"prefix", "mask_length", NULL};
	static const char *const lost_inside[] = {"looking_glass_urls", NULL};
	static const char *const families[] = {"ipv4", "ipv6"};
	const struct import_json_keys keys = {"vlan", taken, lost};
	const struct import_json_keys inside = {"vlan.ipv4", taken_inside, lost_inside};
	const struct json_value *list = json_read_get(x->ixp, "vlan");
	for (const struct json_value *vlan = json_read_first(list); vlan; vlan = vlan->next) {
		import_json_check(x->im, &x->doc, vlan, &keys);
		const char *key = vlan_key(x, json_read_get(vlan, "id"));
		if (!key) {
			import_note(x->im, IMPORT_LEFT_OUT, mark(x, vlan), "vlan: it has no id");
			continue;
		}
		const struct import_lan *lan =
			import_lan_add(x->im, key, import_json_text(vlan, "name"));
		if (!lan) {
			import_note(x->im, IMPORT_LEFT_OUT, mark(x, vlan),
				    "vlan: there are too many");
			return;
		}
		for (unsigned i = 0; i < 2; i++) {
			const struct json_value *family = json_read_get(vlan, families[i]);
			import_json_check(x->im, &x->doc, family, &inside);
			read_prefix(x, family, lan->key);
		}
	}
}

static uint32_t
number_of(const struct json_value *object, const char *key)
{
	uint64_t number = 0;
	(void)import_json_number(json_read_get(object, key), UINT32_MAX, &number);
	return (uint32_t)number;
}

static void
read_exchange(struct ixf *x)
{
	static const char *const taken[] = {
		"ixp_id", "ixf_id",        "peeringdb_id", "shortname", "name", "country",
		"url",    "support_email", "switch",       "vlan",      NULL};
	static const char *const lost[] = {"stats_api",
					   "support_phone",
					   "support_contact_hours",
					   "emergency_email",
					   "emergency_phone",
					   "emergency_contact_hours",
					   "billing_email",
					   "billing_phone",
					   "billing_contact_hours",
					   "peering_policy_list",
					   NULL};
	const struct import_json_keys keys = {"ixp", taken, lost};
	struct import *im = x->im;
	struct import_hub *hub = &im->hub;
	import_json_check(im, &x->doc, x->ixp, &keys);
	hub->name = import_clean(im, import_json_text(x->ixp, "name"), 200);
	hub->short_name = import_clean(im, import_json_text(x->ixp, "shortname"), 40);
	hub->url = import_clean(im, import_json_text(x->ixp, "url"), 500);
	hub->support_email = import_clean(im, import_json_text(x->ixp, "support_email"), 254);
	if (hub->support_email && strlen(hub->support_email) < 3)
		hub->support_email = NULL;
	hub->ixf_id = number_of(x->ixp, "ixf_id");
	hub->peeringdb_id = number_of(x->ixp, "peeringdb_id");
	const struct json_value *country = json_read_get(x->ixp, "country");
	hub->country = import_country(im, json_read_text(country), mark(x, country));
	read_switches(x);
	read_vlans(x);
}

/* --- connections --- */

/* Whether a connection is to the exchange meant. `say`: note it when that is only a guess. */
static bool
is_here(struct ixf *x, const struct json_value *connection, bool say)
{
	uint64_t id;
	const struct json_value *value = json_read_get(connection, "ixp_id");
	if (!import_json_number(value, UINT32_MAX, &id))
		return x->only;
	if (!x->ixp || id == x->id)
		return true;
	if (x->only && say)
		import_note(x->im, IMPORT_CHANGED, mark(x, value),
			    "connection.ixp_id: found %" PRIu64
			    ", which ixp_list does not have; it is "
			    "taken for %" PRIu64,
			    id, x->id);
	return x->only;
}

/* The switch of an interface: its name and place. */
static void
read_switch(struct ixf *x, const struct json_value *id, struct import_port *port)
{
	uint64_t wanted, number;
	if (!import_json_number(id, UINT32_MAX, &wanted))
		return;
	enum { SWITCHES_MAX = 2000 };
	unsigned count = 0;
	const struct json_value *list = json_read_get(x->ixp, "switch");
	for (const struct json_value *sw = json_read_first(list); sw && count++ < SWITCHES_MAX;
	     sw = sw->next) {
		if (!import_json_number(json_read_get(sw, "id"), UINT32_MAX, &number) ||
		    number != wanted)
			continue;
		const char *key = site_key(x, sw);
		port->switch_name = import_clean(x->im, import_json_text(sw, "name"), 100);
		port->site = key ? import_site_get(x->im, key, NULL, NULL, NULL) : NULL;
		return;
	}
}

/* Speeds of a LAG add up; the switch is that of its first interface. */
static void
read_interfaces(struct ixf *x, const struct json_value *list, struct import_port *out)
{
	static const char *const taken[] = {"switch_id", "if_speed", NULL};
	static const char *const lost[] = {"if_type", NULL};
	const struct import_json_keys keys = {"interface", taken, lost};
	for (const struct json_value *v = json_read_first(list); v; v = v->next) {
		uint64_t speed;
		const struct json_value *value = json_read_get(v, "if_speed");
		import_json_check(x->im, &x->doc, v, &keys);
		if (import_json_number(value, SPEED_MAX, &speed) &&
		    out->speed_mbps + speed <= SPEED_MAX)
			out->speed_mbps += speed;
		else if (!json_read_is_null(value))
			left_out(x, value, "a number of Mbit/s");
		if (!out->switch_name && !out->site)
			read_switch(x, json_read_get(v, "switch_id"), out);
	}
}

static void
read_macs(struct ixf *x, const struct json_value *value, struct import_port *port)
{
	if (json_read_text(value))
		import_port_mac(x->im, port, json_read_text(value), mark(x, value));
	for (const struct json_value *v = json_read_first(value); v; v = v->next)
		if (json_read_text(v))
			import_port_mac(x->im, port, json_read_text(v), mark(x, v));
}

static void
read_session(struct ixf *x, const struct json_value *family, struct import_member *member,
	     struct import_port *port, struct ip address, bool down)
{
	const struct json_value *limit = json_read_get(family, "max_prefix");
	const struct json_value *wanted = json_read_get(family, "routeserver");
	uint64_t number;
	bool wants;
	if (!import_json_bool(wanted, &wants))
		left_out(x, wanted, "true or false");
	if (!address.family || !wants)
		return;
	struct import_session *session =
		import_session_add(x->im, member, port, address, mark(x, family));
	session->disabled = down;
	session->items = import_yaml_root(x->im->arena);
	if (import_json_number(limit, UINT32_MAX, &number))
		(void)import_yaml_word(session->items,
				       address.family == IP_V4 ? "max_prefixes_ipv4"
							       : "max_prefixes_ipv6",
				       "%" PRIu64, number);
	else if (!json_read_is_null(limit))
		left_out(x, limit, "a number of prefixes");
}

static void
read_family(struct ixf *x, const struct json_value *family, enum ip_family which,
	    struct import_member *member, struct import_port *port)
{
	static const char *const taken[] = {"address",     "as_macro",      "max_prefix",
					    "routeserver", "mac_addresses", "mac_address",
					    "services",    "service_type",  NULL};
	static const char *const lost[] = {NULL};
	const struct import_json_keys keys = {"vlan_list.ipv4", taken, lost};
	if (json_read_is_null(family))
		return;
	import_json_check(x->im, &x->doc, family, &keys);
	const struct json_value *address = json_read_get(family, "address");
	import_port_address(x->im, port, json_read_text(address), which, mark(x, address));
	read_macs(x, json_read_get(family, "mac_addresses"), port);
	read_macs(x, json_read_get(family, "mac_address"), port);
	import_as_set_add(x->im, member, which == IP_V4 ? IMPORT_IPV4 : IMPORT_IPV6,
			  import_json_text(family, "as_macro"),
			  mark(x, json_read_get(family, "as_macro")));
}

/* One VLAN of a connection, which is `like` this. True if there is an address in it. */
static bool
read_vlan(struct ixf *x, const struct json_value *vlan, struct import_member *member,
	  const struct import_port *like, bool down)
{
	static const char *const taken[] = {"vlan_id", "ipv4", "ipv6", "mac_address", NULL};
	static const char *const lost[] = {NULL};
	const struct import_json_keys keys = {"vlan_list", taken, lost};
	const struct json_value *four = json_read_get(vlan, "ipv4");
	const struct json_value *six = json_read_get(vlan, "ipv6");
	struct import_port found = *like;
	import_json_check(x->im, &x->doc, vlan, &keys);
	found.at = mark(x, vlan);
	found.lan_key = vlan_key(x, json_read_get(vlan, "vlan_id"));
	read_macs(x, json_read_get(vlan, "mac_address"), &found);
	read_family(x, four, IP_V4, member, &found);
	read_family(x, six, IP_V6, member, &found);
	if (!found.ipv4.family && !found.ipv6.family)
		return false;
	struct import_port *port = import_port_add(x->im, member, found.at);
	*port = found;
	read_session(x, four, member, port, port->ipv4, down);
	read_session(x, six, member, port, port->ipv6, down);
	return true;
}

/* What exports say of a connection in use; there are many words for the opposite. */
static bool
is_state_up(const char *word)
{
	static const char *const up[] = {"active",  "connected",  "operational", "up",
					 "enabled", "production", NULL};
	for (size_t i = 0; up[i]; i++)
		if (strcasecmp(up[i], word) == 0)
			return true;
	return false;
}

static void
read_connection(struct ixf *x, const struct json_value *connection, struct import_member *member)
{
	static const char *const taken[] = {"ixp_id", "state", "if_list", "vlan_list", NULL};
	static const char *const lost[] = {"connected_since", NULL};
	const struct import_json_keys keys = {"connection", taken, lost};
	struct import_port like = {0};
	unsigned vlans = 0;
	import_json_check(x->im, &x->doc, connection, &keys);
	const struct json_value *state = json_read_get(connection, "state");
	const char *word = json_read_text(state);
	bool down = word && *word && !is_state_up(word);
	if (down)
		import_note(x->im, IMPORT_DECIDE, mark(x, state),
			    "connection.state: found \"%s\"; sessions over it are enabled: false",
			    word);
	const struct json_value *interfaces = json_read_get(connection, "if_list");
	read_interfaces(x, interfaces, &like);
	const struct json_value *list = json_read_get(connection, "vlan_list");
	for (const struct json_value *vlan = json_read_first(list); vlan; vlan = vlan->next)
		vlans += read_vlan(x, vlan, member, &like, down);
	if (vlans > 1)
		import_note(
			x->im, IMPORT_CHANGED, mark(x, list),
			"connection: a port for each VLAN, with the speed of the whole; say how "
			"it is shared");
	if (vlans)
		return;
	if (!json_read_first(interfaces)) {
		import_note(x->im, IMPORT_LEFT_OUT, mark(x, connection),
			    "connection: it has neither interfaces nor addresses");
		return;
	}
	struct import_port *port = import_port_add(x->im, member, mark(x, connection));
	like.at = port->at;
	*port = like;
	if (json_read_first(list))
		port->lan_key = vlan_key(x, json_read_get(json_read_first(list), "vlan_id"));
}

/* --- members --- */

static void
read_contacts(struct ixf *x, const struct json_value *v, struct import_member *member)
{
	enum { CONTACTS_MAX = 30 };
	const struct json_value *emails = json_read_get(v, "contact_email");
	const struct json_value *phones = json_read_get(v, "contact_phone");
	unsigned count = 0;
	for (const struct json_value *e = json_read_first(emails); e && count < CONTACTS_MAX;
	     e = e->next, count++)
		import_contact_add(x->im, member, "noc", json_read_text(e), NULL);
	for (const struct json_value *p = json_read_first(phones); p && count < 2 * CONTACTS_MAX;
	     p = p->next, count++)
		import_contact_add(x->im, member, "noc", NULL, json_read_text(p));
}

static void
read_since(struct ixf *x, const struct json_value *value, struct import_member *member)
{
	struct utc_s t;
	char text[CLOCK_TEXT];
	if (json_read_is_null(value) || member->since)
		return;
	if (!json_read_text(value) || utc_parse(&t, json_read_text(value)) < 0 || t.s <= 0) {
		left_out(x, value, "a time such as 2026-11-21T00:00:00Z");
		return;
	}
	member->since = import_printf(x->im, "%.10s", utc_format(text, t));
}

static void
read_details(struct ixf *x, const struct json_value *v, struct import_member *member)
{
	member->name = import_clean(x->im, import_json_text(v, "name"), 200);
	member->url = import_clean(x->im, import_json_text(v, "url"), 500);
	read_since(x, json_read_get(v, "member_since"), member);
	read_contacts(x, v, member);
}

static void
read_member(struct ixf *x, const struct json_value *v)
{
	static const char *const taken[] = {"asnum",           "name",          "url",
					    "member_since",    "contact_email", "contact_phone",
					    "connection_list", "member_type",   NULL};
	static const char *const lost[] = {"peering_policy", "peering_policy_url", "contact_hours",
					   NULL};
	const struct import_json_keys keys = {"member", taken, lost};
	const struct json_value *asnum = json_read_get(v, "asnum");
	uint32_t asn;
	bool made, here = false;
	if (!import_json_asn(asnum, &asn)) {
		if (asnum)
			left_out(x, asnum, "an AS number");
		else
			import_note(x->im, IMPORT_LEFT_OUT, mark(x, v), "member: it has no asnum");
		return;
	}
	const struct json_value *list = json_read_get(v, "connection_list");
	for (const struct json_value *c = json_read_first(list); c && !here; c = c->next)
		here = is_here(x, c, false);
	if (!here) {
		/* In a file about several exchanges most members are somewhere else. */
		if (x->only)
			import_note(x->im, IMPORT_LEFT_OUT, mark(x, v),
				    "member: it has no connection");
		return;
	}
	import_json_check(x->im, &x->doc, v, &keys);
	struct import_member *member =
		import_member_get(x->im, (struct asn){asn}, mark(x, v), &made);
	if (made)
		read_details(x, v, member);
	else
		import_note(x->im, IMPORT_CHANGED, mark(x, v),
			    "AS%" PRIu32 " is there more than once; its connections are joined",
			    asn);
	for (const struct json_value *c = json_read_first(list); c; c = c->next)
		if (is_here(x, c, true))
			read_connection(x, c, member);
}

/* --- the route server itself --- */

static bool
has_word(const struct json_value *list, const char *word)
{
	for (const struct json_value *v = json_read_first(list); v; v = v->next) {
		const char *text =
			v->type == JSON_OBJECT ? import_json_text(v, "type") : json_read_text(v);
		if (text && strcmp(text, word) == 0)
			return true;
	}
	return false;
}

/* True if this address is a route server's. */
static bool
serves(const struct json_value *family, bool by_type)
{
	return by_type || has_word(json_read_get(family, "services"), "ixrouteserver") ||
	       has_word(json_read_get(family, "service_type"), "ixrouteserver");
}

static void
look_at_vlan(struct ixf *x, const struct json_value *vlan, uint32_t asn, bool by_type)
{
	const struct json_value *four = json_read_get(vlan, "ipv4");
	struct import_hub *hub = &x->im->hub;
	if (!serves(four, by_type) && !serves(json_read_get(vlan, "ipv6"), by_type))
		return;
	if (!hub->asn.number)
		hub->asn.number = asn;
	struct ip ip;
	const char *text = import_json_text(four, "address");
	if (hub->asn.number == asn && !hub->router_id.family && text && ip_parse(&ip, text) == 0 &&
	    ip.family == IP_V4)
		hub->router_id = ip;
}

/* Versions from 0.7 on say it of an address, those before of a member. */
static void
find_route_server(struct ixf *x)
{
	const struct json_value *list = json_read_get(x->doc.root, "member_list");
	for (const struct json_value *v = json_read_first(list); v; v = v->next) {
		uint32_t asn;
		const char *type = import_json_text(v, "member_type");
		bool by_type = type && strcmp(type, "routeserver") == 0;
		const struct json_value *connections = json_read_get(v, "connection_list");
		if (!import_json_asn(json_read_get(v, "asnum"), &asn))
			continue;
		for (const struct json_value *c = json_read_first(connections); c; c = c->next) {
			const struct json_value *vlans = json_read_get(c, "vlan_list");
			if (x->only || number_of(c, "ixp_id") == x->id)
				for (const struct json_value *vlan = json_read_first(vlans); vlan;
				     vlan = vlan->next)
					look_at_vlan(x, vlan, asn, by_type);
		}
	}
}

static void
say_no_sessions(struct ixf *x, const struct json_value *members)
{
	for (const struct import_member *m = x->im->hub.members; m; m = m->next)
		if (m->sessions)
			return;
	if (x->im->hub.members)
		import_note(x->im, IMPORT_DECIDE, mark(x, members),
			    "sessions: no address says \"routeserver\": true, so there are none; "
			    "give one to each member that uses the route server");
	else
		import_note(x->im, IMPORT_DECIDE, mark(x, members),
			    "members: the file names none at this exchange");
}

static bool
read_file(struct ixf *x)
{
	static const char *const taken[] = {"version",  "timestamp",   "generator",
					    "ixp_list", "member_list", NULL};
	static const char *const lost[] = {NULL};
	const struct import_json_keys keys = {"file", taken, lost};
	const struct json_value *members = json_read_get(x->doc.root, "member_list");
	if (!members || members->type != JSON_ARRAY) {
		hub_complain(x->im->report, mark(x, members ? members : x->doc.root),
			     "found no \"member_list\" in it, expected an IX-F member export%s",
			     import_json_excuse(x->im, x->doc.root));
		return false;
	}
	import_json_check(x->im, &x->doc, x->doc.root, &keys);
	if (!choose(x))
		return false;
	read_exchange(x);
	find_route_server(x);
	for (const struct json_value *v = json_read_first(members); v; v = v->next)
		read_member(x, v);
	say_no_sessions(x, members);
	return true;
}

bool
import_from_ixf(struct import *im)
{
	struct ixf x = {.im = im};
	bool good = import_json_open(im, &x.doc, im->request->paths[0]) && read_file(&x);
	import_json_fini(&x.doc);
	return good;
}
