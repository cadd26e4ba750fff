/* The exchange as birdwatcher would show it, if BIRD ran here: for Alice-LG and others that read its API. Names and
 * types of the fields are birdwatcher's, what is in them is ours:
 *
 *   protocol   a session, by its id     table   "master4", "master6", or "master": both
 *   filtered   refused; the reasons are large communities, as members know them: OUR-AS:1101:n and OUR-AS:65520:n
 *   noexport   accepted routes of others that the session may not have
 *
 * Nothing is cached: `ttl` is now. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/view_exchange_members.h"
#include "view/view_exchange_parts.h"

enum { EURO_IX_REFUSED = 1101, ARS_REFUSED = 65520, ARS_UNKNOWN = 65535, STAMP_TEXT = 40 };

/* "2026-11-21 12:00:00", UTC. */
static void
json_stamp(struct json *j, const char *key, struct utc_s at)
{
	struct utc_date d = utc_to_date(at);
	char text[STAMP_TEXT];
	(void)snprintf(text, sizeof(text), "%04d-%02d-%02d %02d:%02d:%02d", d.year, d.month, d.day,
		       d.hour, d.minute, d.second);
	json_str(j, key, text);
}

/* What every answer begins with: an object stays open. */
static struct json
begin(struct buf *out, const struct exchange *x)
{
	struct json j = json_to(out);
	struct utc_s now = exchange_now(x);
	json_object(&j, NULL);
	json_object(&j, "api");
	json_str(&j, "Version", "2.0.0");
	json_bool(&j, "result_from_cache", false);
	json_object(&j, "cache_status");
	json_object(&j, "cached_at");
	json_utc(&j, "date", now);
	json_str(&j, "timezone_type", "UTC");
	json_str(&j, "timezone", "UTC");
	json_object_end(&j);
	json_object_end(&j);
	json_object_end(&j);
	json_utc(&j, "cached_at", now);
	json_utc(&j, "ttl", now);
	return j;
}

static void
end(struct json *j, struct buf *out)
{
	json_object_end(j);
	buf_str(out, "\n");
}

/* --- sessions --- */

/* Routes of each slot that are the best of their prefix. */
struct preferred {
	struct view_count count; /* first */
	unsigned slots;
	uint32_t by_slot[]; /* IPv4, then IPv6 */
};

static void
add_best(void *count, const struct rib_path_view *path)
{
	struct preferred *p = count;
	if (path->best && path->slot < p->slots)
		p->by_slot[(path->prefix.ip.family == IP_V6 ? p->slots : 0) + path->slot]++;
}

struct routes {
	uint64_t imported, filtered, exported, preferred;
};

static struct routes
routes_of(struct exchange *x, const struct preferred *p, const struct view_standing *s,
	  unsigned six)
{
	struct routes r = {0};
	uint32_t imported, filtered;
	if (s->slot < 0)
		return r;
	unsigned slot = (unsigned)s->slot;
	rib_session_count(exchange_rib(x, six ? IP_V6 : IP_V4), slot, &imported, &filtered);
	r.imported = imported;
	r.filtered = filtered;
	if (slot < p->slots)
		r.preferred = p->by_slot[(six ? p->slots : 0) + slot];
	return r;
}

static void
routes_json(struct json *j, const char *key, const struct routes *r, bool exported)
{
	json_object(j, key);
	json_u64(j, "imported", r->imported);
	json_u64(j, "filtered", r->filtered);
	if (exported)
		json_u64(j, "exported", r->exported);
	json_u64(j, "preferred", r->preferred);
	json_object_end(j);
}

/* A family of a session. Its readers do not agree on the name of the numbers. */
static void
channel_json(struct json *j, const char *key, const struct routes *r)
{
	json_object(j, key);
	routes_json(j, "routes", r, false);
	routes_json(j, "routes_count", r, false);
	json_object_end(j);
}

static void
changes_json(struct json *j, const struct session_counters *c)
{
	json_object(j, "route_changes");
	json_object(j, "import_updates");
	json_u64(j, "received", c->updates_in);
	json_object_end(j);
	json_object(j, "export_updates");
	json_u64(j, "accepted", c->updates_out);
	json_object_end(j);
	json_object_end(j);
}

static void
agreed_json(struct json *j, const struct exchange *x, const struct view_standing *s)
{
	const struct session *session = exchange_session(x, (unsigned)s->slot);
	const struct session_agreed *a = session_agreed(session);
	char text[IP_TEXT];
	if (s->state == SESSION_ESTABLISHED) {
		json_str(j, "neighbor_id", ip_format(text, ip_v4(a->remote_router_id)));
		(void)snprintf(text, sizeof(text), "%u", a->hold_time_s);
		json_str(j, "hold_timer", text);
		json_str(j, "session", "external route-server AS4");
	}
	struct buf error = {0};
	session_error_text(&error, session_last_error(session));
	buf_u8(&error, 0);
	if (error.length > 1 && !error.failed)
		json_str(j, "last_error", (const char *)error.data);
	buf_fini(&error);
	changes_json(j, session_counters(session));
}

static const char *
state_word(const struct view_standing *s)
{
	return s->state == SESSION_ESTABLISHED ? "Established"
	       : s->state == SESSION_DISABLED  ? "Down"
	       : s->state == SESSION_IDLE      ? "Idle"
	       : s->state == SESSION_CONNECT   ? "Connect"
	       : s->state == SESSION_ACTIVE    ? "Active"
	       : s->state == SESSION_OPENSENT  ? "OpenSent"
					       : "OpenConfirm";
}

static const char *
table_of(const struct hub_session *session)
{
	return session->ipv4 && session->ipv6 ? "master" : session->ipv6 ? "master6" : "master4";
}

static void
session_json(struct json *j, struct exchange *x, const struct preferred *p, uint32_t index)
{
	const struct hub *hub = exchange_hub(x);
	struct view_standing s = view_standing_of(x, index);
	const struct hub_session *session = s.hub;
	const struct hub_member *member = &hub->members[session->member];
	bool up = s.state == SESSION_ESTABLISHED;
	struct routes four = routes_of(x, p, &s, 0), six = routes_of(x, p, &s, 1);
	struct routes all = {four.imported + six.imported, four.filtered + six.filtered, s.exported,
			     four.preferred + six.preferred};
	json_object(j, session->id);
	json_str(j, "protocol", session->id);
	json_str(j, "bird_protocol", "BGP");
	json_str(j, "description", member->name);
	json_str(j, "state", up ? "up" : s.state == SESSION_DISABLED ? "down" : "start");
	json_stamp(j, "state_changed", s.since ? (struct utc_s){s.since} : exchange_now(x));
	json_str(j, "bgp_state", state_word(&s));
	json_str(j, "connection", state_word(&s));
	json_ip(j, "neighbor_address", session->address);
	json_u64(j, "neighbor_as", member->asn.number);
	json_u64(j, "local_as", hub->asn.number);
	if (session->local_address.family != IP_NONE)
		json_ip(j, "source_address", session->local_address);
	json_u64(j, "preference", 100);
	json_str(j, "table", table_of(session));
	json_str(j, "input_filter", "sarai");
	json_str(j, "output_filter", "sarai");
	if (session->max_prefixes_ipv4 || session->max_prefixes_ipv6)
		json_u64(j, "import_limit",
			 session->ipv4 ? session->max_prefixes_ipv4 : session->max_prefixes_ipv6);
	if (s.slot >= 0)
		agreed_json(j, x, &s);
	json_object(j, "channels");
	if (session->ipv4)
		channel_json(j, "ipv4", &four);
	if (session->ipv6)
		channel_json(j, "ipv6", &six);
	json_object_end(j);
	routes_json(j, "routes", &all, true);
	json_object_end(j);
}

static void
write_protocols(struct view_count *count, struct exchange *x, struct buf *out)
{
	const struct preferred *p = (const struct preferred *)count;
	struct json j = begin(out, x);
	json_object(&j, "protocols");
	for (uint32_t i = 0; i < exchange_hub(x)->session_count; i++)
		session_json(&j, x, p, i);
	json_object_end(&j);
	end(&j, out);
}

static int
protocols(struct view_exchange_rest **rest, const struct exchange *x)
{
	struct view_count kind = {.form = VIEW_JSON, .add = add_best, .write = write_protocols};
	unsigned slots = exchange_slots(x);
	struct preferred *p =
		view_count_new(sizeof(*p) + 2 * (size_t)slots * sizeof(p->by_slot[0]), &kind, rest);
	if (!p)
		return -1;
	p->slots = slots;
	return 0;
}

static void
protocols_short(struct buf *out, struct exchange *x)
{
	struct json j = begin(out, x);
	json_object(&j, "protocols");
	for (uint32_t i = 0; i < exchange_hub(x)->session_count; i++) {
		struct view_standing s = view_standing_of(x, i);
		bool up = s.state == SESSION_ESTABLISHED;
		json_object(&j, s.hub->id);
		json_str(&j, "proto", "BGP");
		json_str(&j, "table", "---");
		json_str(&j, "state", up ? "up" : s.state == SESSION_DISABLED ? "down" : "start");
		json_stamp(&j, "since", s.since ? (struct utc_s){s.since} : exchange_now(x));
		json_str(&j, "info", state_word(&s));
		json_object_end(&j);
	}
	json_object_end(&j);
	end(&j, out);
}

static void
status(struct buf *out, struct exchange *x)
{
	char text[IP_TEXT];
	struct json j = begin(out, x);
	json_object(&j, "status");
	json_stamp(&j, "current_server", exchange_now(x));
	json_stamp(&j, "last_reboot", exchange_utc(x, exchange_started(x)));
	json_stamp(&j, "last_reconfig", exchange_utc(x, exchange_applied(x)));
	json_str(&j, "message", "Daemon is up and running");
	json_str(&j, "router_id", ip_format(text, exchange_hub(x)->router_id));
	json_str(&j, "version", "sarai");
	json_object_end(&j);
	end(&j, out);
}

static void
symbols(struct buf *out, struct exchange *x)
{
	const struct hub *hub = exchange_hub(x);
	struct json j = begin(out, x);
	json_object(&j, "symbols");
	json_array(&j, "protocol");
	for (uint32_t i = 0; i < hub->session_count; i++)
		json_str(&j, NULL, hub->sessions[i].id);
	json_array_end(&j);
	json_array(&j, "routing table");
	json_str(&j, NULL, "master4");
	json_str(&j, NULL, "master6");
	json_array_end(&j);
	json_object_end(&j);
	end(&j, out);
}

/* --- routes --- */

static void
large_json(struct json *j, uint32_t a, uint32_t b, uint32_t c)
{
	json_array(j, NULL);
	json_u64(j, NULL, a);
	json_u64(j, NULL, b);
	json_u64(j, NULL, c);
	json_array_end(j);
}

static void
communities_json(struct json *j, const struct exchange *x, const struct rib_path_view *path)
{
	struct cursor list = path->attrs.communities;
	uint32_t own = exchange_hub(x)->asn.number;
	json_array(j, "communities");
	while (cursor_left(&list) >= 4) {
		json_array(j, NULL);
		json_u64(j, NULL, cursor_u16(&list));
		json_u64(j, NULL, cursor_u16(&list));
		json_array_end(j);
	}
	json_array_end(j);
	json_array(j, "large_communities");
	for (list = path->attrs.large_communities; cursor_left(&list) >= 12;) {
		uint32_t a = cursor_u32(&list), b = cursor_u32(&list), c = cursor_u32(&list);
		large_json(j, a, b, c);
	}
	for (uint64_t left = path->reasons; left; left &= left - 1) {
		unsigned bit = (unsigned)__builtin_ctzll(left);
		unsigned ars = policy_reason_code_arouteserver(bit);
		large_json(j, own, EURO_IX_REFUSED, policy_reason_code(bit));
		if (ars != ARS_UNKNOWN)
			large_json(j, own, ARS_REFUSED, ars);
	}
	json_array_end(j);
	json_array(j, "ext_communities");
	for (list = path->attrs.ext_communities; cursor_left(&list) >= 8;) {
		char text[VIEW_COMMUNITY_TEXT];
		view_ext_community(text, cursor_u64(&list));
		json_array(j, NULL);
		/* "rt:64500:1": the kind, and two numbers. */
		for (char *at = text, *next; at; at = next) {
			next = strchr(at, ':');
			if (next)
				*next++ = '\0';
			json_str(j, NULL, at);
		}
		json_array_end(j);
	}
	json_array_end(j);
}

/* A list of strings, sets too. */
static void
as_path_json(struct json *j, struct cursor path)
{
	char text[16];
	json_array(j, "as_path");
	while (cursor_left(&path)) {
		cursor_skip(&path, 1);
		for (unsigned count = cursor_u8(&path); count && !path.failed; count--) {
			(void)snprintf(text, sizeof(text), "%" PRIu32, cursor_u32(&path));
			json_str(j, NULL, text);
		}
	}
	json_array_end(j);
}

static void
bgp_json(struct json *j, const struct exchange *x, const struct rib_path_view *path)
{
	static const char *const origins[] = {"IGP", "EGP", "Incomplete"};
	char text[16];
	json_object(j, "bgp");
	json_str(j, "origin", path->attrs.origin < 3 ? origins[path->attrs.origin] : "Incomplete");
	as_path_json(j, path->attrs.as_path);
	json_ip(j, "next_hop", path->attrs.next_hop);
	json_str(j, "local_pref", "100");
	if (path->attrs.has_med) {
		(void)snprintf(text, sizeof(text), "%" PRIu32, path->attrs.med);
		json_str(j, "med", text);
	}
	communities_json(j, x, path);
	json_object_end(j);
}

static void
row(struct buf *out, const struct exchange *x, const struct rib_path_view *path, bool first)
{
	const struct hub *hub = exchange_hub(x);
	uint32_t session = exchange_session_at(x, path->slot);
	struct json j = json_to(out);
	struct exchange_target target;
	buf_str(out, first ? "" : ",");
	json_object(&j, NULL);
	json_prefix(&j, "network", path->prefix);
	/* Alice tells by the gateway whose a refused route is, so it is the neighbour's own address for all of its. */
	if (exchange_target_of(x, path->slot, &target))
		json_ip(&j, "gateway", target.address);
	else
		json_ip(&j, "gateway", path->attrs.next_hop);
	json_str(&j, "learnt_from", "");
	json_str(&j, "interface", "");
	json_str(&j, "from_protocol", session == HUB_NONE ? "" : hub->sessions[session].id);
	json_stamp(&j, "age", (struct utc_s){path->since_s});
	json_bool(&j, "primary", path->best);
	json_u64(&j, "metric", 100);
	json_array(&j, "type");
	json_str(&j, NULL, "BGP");
	json_str(&j, NULL, "univ");
	json_array_end(&j);
	bgp_json(&j, x, path);
	json_object_end(&j);
}

static void
head(struct buf *out, const struct exchange *x)
{
	(void)begin(out, x);
	buf_str(out, ",\"routes\":[");
}

static void
foot(struct buf *out, const struct exchange *x)
{
	(void)x;
	buf_str(out, "]}\n");
}

static const struct view_list_form list_form = {head, row, foot};

static int
list(struct view_exchange_rest **rest, const struct view_list_wish *wish,
     struct view_complaint *complaint)
{
	if (view_list(rest, &list_form, wish) < 0)
		return view_complain(complaint, 500, "out of memory");
	return 0;
}

/* routes protocol|filtered|noexport|export SESSION */
static int
routes_of_session(struct view_exchange_rest **rest, const struct exchange *x, const char *kind,
		  const char *id, struct view_complaint *complaint)
{
	const struct hub *hub = exchange_hub(x);
	struct view_list_wish wish = {.session = HUB_NONE, .to = HUB_NONE, .kept_from = HUB_NONE};
	uint32_t session = 0;
	while (session < hub->session_count && strcmp(hub->sessions[session].id, id) != 0)
		session++;
	if (session == hub->session_count)
		return view_complain(complaint, 404, "there is no protocol %.60s", id);
	if (strcmp(kind, "noexport") == 0)
		wish.kept_from = session;
	else if (strcmp(kind, "export") == 0)
		wish.to = session;
	else
		wish.session = session;
	/* What a session does not hear of is none of its routes. */
	if (wish.session == HUB_NONE && hub->sessions[session].ipv4 != hub->sessions[session].ipv6)
		wish.family = hub->sessions[session].ipv4 ? IP_V4 : IP_V6;
	wish.refused = strcmp(kind, "filtered") == 0;
	return list(rest, &wish, complaint);
}

/* routes table NAME [filtered] */
static int
routes_of_table(struct view_exchange_rest **rest, const char *name, bool refused,
		struct view_complaint *complaint)
{
	struct view_list_wish wish = {
		.refused = refused, .session = HUB_NONE, .to = HUB_NONE, .kept_from = HUB_NONE};
	if (strcmp(name, "master4") == 0)
		wish.family = IP_V4;
	else if (strcmp(name, "master6") == 0)
		wish.family = IP_V6;
	else if (strcmp(name, "master") != 0)
		return view_complain(complaint, 404,
				     "there is no table %.60s, only master, master4 and master6",
				     name);
	return list(rest, &wish, complaint);
}

/* routes prefix PREFIX|ADDRESS */
static int
routes_of_prefix(struct buf *out, const struct exchange *x, const char *query,
		 struct view_complaint *complaint)
{
	enum { PATHS_MAX = 256 };
	struct prefix prefix;
	bool exact;
	if (view_route_find(x, query, &prefix, &exact, complaint) < 0) {
		if (complaint->status != 404)
			return -1;
		head(out, x);
		foot(out, x);
		return 0;
	}
	struct rib_path_view *paths = calloc(PATHS_MAX, sizeof(*paths));
	if (!paths)
		return view_complain(complaint, 500, "out of memory");
	size_t count = rib_paths(exchange_rib(x, (enum ip_family)prefix.ip.family), prefix, paths,
				 PATHS_MAX);
	bool first = true;
	head(out, x);
	for (size_t i = 0; i < count && i < PATHS_MAX; i++) {
		if (paths[i].refused)
			continue;
		row(out, x, &paths[i], first);
		first = false;
	}
	foot(out, x);
	free(paths);
	return 0;
}

int
view_birdwatcher(struct buf *out, struct exchange *x, struct view_exchange_rest **rest,
		 const char *const *words, size_t count, struct view_complaint *complaint)
{
	const char *first = count > 0 ? words[0] : "", *second = count > 1 ? words[1] : "";
	bool routes = strcmp(first, "routes") == 0 && count >= 3;
	if (routes && strcmp(second, "table") == 0)
		return routes_of_table(rest, words[2],
				       count > 3 && strcmp(words[3], "filtered") == 0, complaint);
	if (routes && strcmp(second, "prefix") == 0)
		return routes_of_prefix(out, x, words[2], complaint);
	if (routes)
		return routes_of_session(rest, x, second, words[2], complaint);
	if (strcmp(first, "status") == 0)
		status(out, x);
	else if (strcmp(first, "symbols") == 0)
		symbols(out, x);
	else if (strcmp(first, "protocols") == 0 && strcmp(second, "short") == 0)
		protocols_short(out, x);
	else if (strcmp(first, "protocols") == 0)
		return protocols(rest, x) < 0 ? view_complain(complaint, 500, "out of memory") : 0;
	else
		return view_complain(complaint, 404, "there is nothing of that name");
	return 0;
}
