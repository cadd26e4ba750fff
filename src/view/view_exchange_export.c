/* What the exchange tells other programs: the IX-F member export 1.0 (euro-ix/json-schemas) and numbers for
 * Prometheus (text format 0.0.4). */
#include <inttypes.h>
#include <stdio.h>

#include "view/view_exchange_parts.h"

enum { IXP_ID = 1 };

/* --- IX-F --- */

static void
lan_json(struct json *j, const struct hub_lan *lan, size_t index)
{
	static const char *const keys[] = {"ipv4", "ipv6"};
	const struct prefix prefixes[] = {lan->ipv4, lan->ipv6};
	char text[IP_TEXT];
	json_object(j, NULL);
	json_u64(j, "id", index + 1);
	json_str(j, "name", lan->name);
	for (size_t i = 0; i < 2; i++) {
		if (prefixes[i].ip.family == IP_NONE)
			continue;
		json_object(j, keys[i]);
		json_str(j, "prefix", ip_format(text, prefixes[i].ip));
		json_u64(j, "mask_length", prefixes[i].length);
		json_object_end(j);
	}
	json_object_end(j);
}

/* Switches are numbered by the site they stand at: what is asked of the list is where a port is. */
static void
switches_json(struct json *j, const struct hub *hub)
{
	json_array(j, "switch");
	for (size_t s = 0; s < hub->site_count; s++) {
		bool used = false;
		for (size_t p = 0; p < hub->port_count && !used; p++)
			used = hub->ports[p].site == s;
		if (!used)
			continue;
		json_object(j, NULL);
		json_u64(j, "id", s + 1);
		json_str(j, "name", hub->sites[s].id);
		json_str(j, "city", hub->sites[s].name);
		if (hub->sites[s].country.code[0])
			json_str(j, "country", hub->sites[s].country.code);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
ixp_json(struct json *j, const struct hub *hub)
{
	json_object(j, NULL);
	json_u64(j, "ixp_id", IXP_ID);
	json_u64(j, "ixf_id", hub->ixf_id);
	json_str(j, "shortname", hub_called(hub));
	json_str(j, "name", hub->name);
	if (hub->country.code[0])
		json_str(j, "country", hub->country.code);
	if (hub->url)
		json_str(j, "url", hub->url);
	if (hub->peeringdb_id)
		json_u64(j, "peeringdb_id", hub->peeringdb_id);
	if (hub->support_email)
		json_str(j, "support_email", hub->support_email);
	switches_json(j, hub);
	json_array(j, "vlan");
	for (size_t i = 0; i < hub->lan_count; i++)
		lan_json(j, &hub->lans[i], i);
	json_array_end(j);
	json_object_end(j);
}

/* The session that stands on this port, or NULL: what says whether the port peers with the route server. */
static const struct hub_session *
session_on_port(const struct hub *hub, const struct hub_member *member, uint32_t port)
{
	for (uint32_t i = 0; i < member->session_count; i++) {
		const struct hub_session *session = &hub->sessions[member->first_session + i];
		if (session->port == port)
			return session;
	}
	return NULL;
}

static void
address_json(struct json *j, const struct exchange *x, const char *key, const struct hub_port *port,
	     const struct hub_session *session)
{
	const struct hub_member *member = &exchange_hub(x)->members[port->member];
	bool four = key[3] == '4';
	struct ip ip = four ? port->ipv4 : port->ipv6;
	if (ip.family == IP_NONE)
		return;
	json_object(j, key);
	json_ip(j, "address", ip);
	const char *as_set = four && member->as_set_ipv4_count    ? member->as_sets_ipv4[0]
			     : !four && member->as_set_ipv6_count ? member->as_sets_ipv6[0]
								  : member->as_set;
	if (as_set)
		json_str(j, "as_macro", as_set);
	int slot =
		session ? exchange_slot_of(x, (uint32_t)(session - exchange_hub(x)->sessions)) : -1;
	bool offered = slot >= 0 && (four ? session->ipv4 : session->ipv6);
	uint32_t most = !offered ? 0 : exchange_limit_of(x, (unsigned)slot, four ? 0 : 1)->max;
	if (most)
		json_u64(j, "max_prefix", most);
	/* Always said: an absent value was read as "no" (peeringdb issue 359). */
	json_bool(j, "routeserver",
		  session && session->enabled && (four ? session->ipv4 : session->ipv6));
	if (port->mac_count) {
		char mac[MAC_TEXT];
		json_array(j, "mac_addresses");
		for (size_t i = 0; i < port->mac_count; i++)
			json_str(j, NULL, mac_format(mac, port->macs[i]));
		json_array_end(j);
	}
	json_object_end(j);
}

static void
connection_json(struct json *j, const struct exchange *x, const struct hub_member *member,
		uint32_t index)
{
	const struct hub *hub = exchange_hub(x);
	const struct hub_port *port = &hub->ports[index];
	const struct hub_session *session = session_on_port(hub, member, index);
	json_object(j, NULL);
	json_u64(j, "ixp_id", IXP_ID);
	json_str(j, "state", "active");
	json_array(j, "if_list");
	json_object(j, NULL);
	if (port->site != HUB_NONE)
		json_u64(j, "switch_id", port->site + 1);
	json_u64(j, "if_speed", port->speed_bps / 1000000);
	json_object_end(j);
	json_array_end(j);
	json_array(j, "vlan_list");
	json_object(j, NULL);
	json_u64(j, "vlan_id", port->lan + 1);
	address_json(j, x, "ipv4", port, session);
	address_json(j, x, "ipv6", port, session);
	json_object_end(j);
	json_array_end(j);
	json_object_end(j);
}

/* The route server's own address on a LAN: what members' sessions end at, else what is listened at. IP_NONE: not told. */
static struct ip
own_address(const struct hub *hub, const struct prefix *lan)
{
	for (size_t i = 0; i < hub->session_count && lan->ip.family != IP_NONE; i++)
		if (prefix_contains_ip(*lan, hub->sessions[i].local_address))
			return hub->sessions[i].local_address;
	for (size_t i = 0; i < hub->bgp_listen_count && lan->ip.family != IP_NONE; i++)
		if (prefix_contains_ip(*lan, hub->bgp_listen[i].ip))
			return hub->bgp_listen[i].ip;
	return (struct ip){0};
}

static void
own_address_json(struct json *j, const char *key, struct ip ip)
{
	if (ip.family == IP_NONE)
		return;
	json_object(j, key);
	json_ip(j, "address", ip);
	json_bool(j, "routeserver", false); /* it is one, and has no session with itself */
	json_array(j, "services");
	json_object(j, NULL);
	json_str(j, "type", "ixrouteserver");
	json_str(j, "daemon", "sarai");
	json_object_end(j);
	json_array_end(j);
	json_object_end(j);
}

/* The route server as a member of its own exchange, as the schema wants services to be told. */
static void
route_server_json(struct json *j, const struct hub *hub)
{
	bool any = false;
	for (size_t i = 0; i < hub->lan_count; i++)
		any |= own_address(hub, &hub->lans[i].ipv4).family ||
		       own_address(hub, &hub->lans[i].ipv6).family;
	if (!any || hub_member_by_asn(hub, hub->asn) != HUB_NONE)
		return;
	json_object(j, NULL);
	json_u64(j, "asnum", hub->asn.number);
	json_str(j, "member_type", "ixp");
	json_str(j, "name", hub->name);
	json_array(j, "connection_list");
	json_object(j, NULL);
	json_u64(j, "ixp_id", IXP_ID);
	json_str(j, "state", "active");
	json_array(j, "if_list");
	json_array_end(j);
	json_array(j, "vlan_list");
	for (size_t i = 0; i < hub->lan_count; i++) {
		json_object(j, NULL);
		json_u64(j, "vlan_id", i + 1);
		own_address_json(j, "ipv4", own_address(hub, &hub->lans[i].ipv4));
		own_address_json(j, "ipv6", own_address(hub, &hub->lans[i].ipv6));
		json_object_end(j);
	}
	json_array_end(j);
	json_object_end(j);
	json_array_end(j);
	json_object_end(j);
}

void
view_participants(struct buf *out, const struct exchange *x)
{
	const struct hub *hub = exchange_hub(x);
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_str(&j, "version", "1.0");
	json_utc(&j, "timestamp", exchange_now(x));
	json_array(&j, "ixp_list");
	ixp_json(&j, hub);
	json_array_end(&j);
	json_array(&j, "member_list");
	route_server_json(&j, hub);
	for (size_t m = 0; m < hub->member_count; m++) {
		const struct hub_member *member = &hub->members[m];
		json_object(&j, NULL);
		json_u64(&j, "asnum", member->asn.number);
		json_str(&j, "member_type", "peering");
		json_str(&j, "name", member->name);
		if (member->url)
			json_str(&j, "url", member->url);
		if (member->since.s)
			json_utc(&j, "member_since", member->since);
		json_array(&j, "connection_list");
		for (uint32_t i = 0; i < member->port_count; i++)
			connection_json(&j, x, member, member->first_port + i);
		json_array_end(&j);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}

/* --- Prometheus --- */

/* What a session counts, one row a metric. */
struct metric {
	const char *name, *type, *help;
	uint64_t (*value)(struct exchange *x, unsigned slot);
};

static uint64_t
is_up(struct exchange *x, unsigned slot)
{
	return session_state(exchange_session(x, slot)) == SESSION_ESTABLISHED;
}

static uint64_t
flaps(struct exchange *x, unsigned slot)
{
	return session_counters(exchange_session(x, slot))->flaps;
}

static uint64_t
updates_in(struct exchange *x, unsigned slot)
{
	return session_counters(exchange_session(x, slot))->updates_in;
}

static uint64_t
updates_out(struct exchange *x, unsigned slot)
{
	return session_counters(exchange_session(x, slot))->updates_out;
}

static uint64_t
withdrawn_errors(struct exchange *x, unsigned slot)
{
	return session_counters(exchange_session(x, slot))->treated_as_withdraw;
}

static uint64_t
limit_share(struct exchange *x, unsigned slot, unsigned family)
{
	const struct exchange_limit *limit = exchange_limit_of(x, slot, family);
	return limit->max ? (uint64_t)exchange_limit_count(x, slot, family) * 100 / limit->max : 0;
}

static uint64_t
limit_ipv4(struct exchange *x, unsigned slot)
{
	return limit_share(x, slot, 0);
}

static uint64_t
limit_ipv6(struct exchange *x, unsigned slot)
{
	return limit_share(x, slot, 1);
}

static const struct metric metrics[] = {
	{"sarai_bgp_peer_up", "gauge", "1 when the session is established.", is_up},
	{"sarai_bgp_peer_flaps_total", "counter", "Established sessions that were lost.", flaps},
	{"sarai_bgp_peer_updates_received_total", "counter", "UPDATE messages received.",
	 updates_in},
	{"sarai_bgp_peer_updates_sent_total", "counter", "UPDATE messages sent.", updates_out},
	{"sarai_bgp_peer_treated_as_withdraw_total", "counter",
	 "UPDATE messages treated as withdrawal (RFC 7606).", withdrawn_errors},
	{"sarai_bgp_peer_prefix_limit_ipv4_percent", "gauge",
	 "IPv4 prefixes in percent of the session's limit; 0: none.", limit_ipv4},
	{"sarai_bgp_peer_prefix_limit_ipv6_percent", "gauge",
	 "IPv6 prefixes in percent of the session's limit; 0: none.", limit_ipv6},
};

static void
prefixes_metric(struct buf *out, struct exchange *x)
{
	const struct hub *hub = exchange_hub(x);
	buf_str(out, "# HELP sarai_bgp_peer_prefixes Routes by what became of them.\n"
		     "# TYPE sarai_bgp_peer_prefixes gauge\n");
	const uint32_t *exported = exchange_exported(x);
	for (uint32_t i = 0; i < hub->session_count; i++) {
		int slot = exchange_slot_of(x, i);
		if (slot < 0)
			continue;
		uint32_t counts[3];
		static const char *const states[] = {"accepted", "filtered", "exported"};
		view_slot_count(x, (unsigned)slot, &counts[0], &counts[1]);
		counts[2] = is_up(x, (unsigned)slot) && exported ? exported[slot] : 0;
		for (size_t s = 0; s < 3; s++) {
			view_metric_peer(out, x, "sarai_bgp_peer_prefixes", i);
			buf_printf(out, ",state=\"%s\"} %" PRIu32 "\n", states[s], counts[s]);
		}
	}
}

/* Routes, counted one by one. */
struct counted {
	struct view_count count; /* first */
	struct view_states states;
	uint32_t reasons[2][64]; /* IPv4, IPv6 */
};

static void
add_path(void *count, const struct rib_path_view *path)
{
	struct counted *counted = count;
	uint32_t *reasons = counted->reasons[path->prefix.ip.family == IP_V6];
	view_states_add(&counted->states, path);
	for (uint64_t left = path->reasons; left; left &= left - 1)
		reasons[__builtin_ctzll(left)]++;
}

/* By reason and not by member: a number for each of some thirty reasons is what a dashboard can hold; who it is, `show
 * member` says. */
static void
reason_metrics(struct buf *out, const struct counted *counted)
{
	buf_str(out, "# HELP sarai_routes_reason Routes with this reason, refused or tagged.\n"
		     "# TYPE sarai_routes_reason gauge\n");
	for (unsigned bit = 0; bit < POLICY_REASONS; bit++) {
		if (!policy_reason_text(bit))
			continue;
		for (unsigned f = 0; f < 2; f++) {
			buf_str(out, "sarai_routes_reason{");
			view_metric_label(out, "reason", policy_reason_text(bit));
			buf_printf(out, ",euro_ix=\"%u\",family=\"ipv%d\"} %" PRIu32 "\n",
				   policy_reason_code(bit), f ? 6 : 4, counted->reasons[f][bit]);
		}
	}
}

static void
rpki_metrics(struct buf *out, const struct exchange *x, const struct view_states *states)
{
	const struct rpki_table *table = exchange_sources(x)->rpki;
	struct rpki_counts counts = table ? rpki_counts(table) : (struct rpki_counts){0};
	buf_printf(out,
		   "# HELP sarai_rpki_ready 1 when there is complete RPKI data.\n"
		   "# TYPE sarai_rpki_ready gauge\nsarai_rpki_ready %d\n"
		   "# HELP sarai_rpki_records Records in effect.\n"
		   "# TYPE sarai_rpki_records gauge\n"
		   "sarai_rpki_records{kind=\"vrp_ipv4\"} %" PRIu32 "\n"
		   "sarai_rpki_records{kind=\"vrp_ipv6\"} %" PRIu32 "\n"
		   "sarai_rpki_records{kind=\"aspa\"} %" PRIu32 "\n",
		   table && rpki_ready(table), counts.vrps_ipv4, counts.vrps_ipv6, counts.aspas);
	buf_str(out, "# HELP sarai_routes_rpki Routes by what the RPKI says of them.\n"
		     "# TYPE sarai_routes_rpki gauge\n");
	for (unsigned i = RPKI_NOT_CHECKED; i <= RPKI_INVALID_LENGTH; i++)
		for (unsigned refused = 0; refused < 2; refused++)
			buf_printf(out, "sarai_routes_rpki{rpki=\"%s\",state=\"%s\"} %" PRIu32 "\n",
				   rpki_state_name((enum rpki_state)i),
				   refused ? "filtered" : "accepted",
				   refused ? states->refused[i] : states->accepted[i]);
	buf_printf(out,
		   "# HELP sarai_routes_stale Routes kept though their session was lost.\n"
		   "# TYPE sarai_routes_stale gauge\nsarai_routes_stale %" PRIu32 "\n",
		   states->stale);
}

static void
table_metrics(struct buf *out, const struct exchange *x)
{
	static const enum ip_family families[] = {IP_V4, IP_V6};
	static const struct {
		const char *name, *help, *type;
	} rows[] = {
		{"sarai_rib_prefixes", "Prefixes in the table.", "gauge"},
		{"sarai_rib_paths", "Paths in the table, refused ones too.", "gauge"},
		{"sarai_rib_attribute_sets", "Attribute sets, each kept once.", "gauge"},
		{"sarai_rib_memory_bytes", "Memory of the table, about.", "gauge"},
		{"sarai_rib_no_room_total", "Paths refused: no room for what is decided of them.",
		 "counter"},
		{"sarai_rib_unsent_total",
		 "Routes that fitted no message, against expectation: withdrawn.", "counter"},
	};
	for (size_t row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
		view_metric_head(out, rows[row].name, rows[row].type, rows[row].help);
		for (size_t f = 0; f < 2; f++) {
			struct rib_totals totals;
			rib_total(exchange_rib(x, families[f]), &totals);
			const uint64_t values[] = {totals.prefixes,       totals.paths,
						   totals.attribute_sets, totals.memory,
						   totals.marks_missed,   totals.unsent};
			buf_printf(out, "%s{family=\"ipv%d\"} %" PRIu64 "\n", rows[row].name,
				   families[f], values[row]);
		}
	}
}

static void
write_metrics(struct view_count *count, struct exchange *x, struct buf *out)
{
	const struct counted *counted = (const struct counted *)count;
	const struct hub *hub = exchange_hub(x);
	for (size_t m = 0; m < sizeof(metrics) / sizeof(metrics[0]); m++) {
		view_metric_head(out, metrics[m].name, metrics[m].type, metrics[m].help);
		for (uint32_t i = 0; i < hub->session_count; i++) {
			int slot = exchange_slot_of(x, i);
			if (slot < 0)
				continue;
			view_metric_peer(out, x, metrics[m].name, i);
			buf_printf(out, "} %" PRIu64 "\n", metrics[m].value(x, (unsigned)slot));
		}
	}
	prefixes_metric(out, x);
	reason_metrics(out, counted);
	rpki_metrics(out, x, &counted->states);
	table_metrics(out, x);
	view_sight_metrics(out, x);
	view_flowspec_metrics(out, x);
}

int
view_exchange_metrics(struct view_exchange_rest **rest)
{
	struct view_count kind = {.form = VIEW_TEXT, .add = add_path, .write = write_metrics};
	return view_count_new(sizeof(struct counted), &kind, rest) ? 0 : -1;
}
