/* Members and sessions: sorted by trouble, the worst first, so that a glance tells what is to be done. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/view_exchange_parts.h"
#include "view/view_text.h"

/* --- as things are --- */

struct session_now {
	const struct hub_session *config;
	const struct session *session;
	enum session_state state;
	uint32_t accepted, filtered, exported;
	int64_t age_s;
};

static struct session_now
session_now(struct exchange *x, uint32_t index)
{
	struct session_now now = {.config = &exchange_hub(x)->sessions[index]};
	int slot = exchange_slot_of(x, index);
	if (slot < 0)
		return now;
	now.session = exchange_session(x, (unsigned)slot);
	now.state = session_state(now.session);
	static const enum ip_family families[] = {IP_V4, IP_V6};
	for (size_t i = 0; i < 2; i++) {
		uint32_t accepted, refused;
		rib_session_count(exchange_rib(x, families[i]), (unsigned)slot, &accepted,
				  &refused);
		now.accepted += accepted;
		now.filtered += refused;
	}
	now.exported = exchange_exported(x)[slot];
	now.age_s = exchange_now(x).s - exchange_utc(x, session_since(now.session)).s;
	return now;
}

struct view_member
view_member_of(struct exchange *x, uint32_t index)
{
	const struct hub_member *member = &exchange_hub(x)->members[index];
	struct view_member view = {.index = index};
	for (uint32_t i = 0; i < member->session_count; i++) {
		struct session_now now = session_now(x, member->first_session + i);
		view.accepted += now.accepted;
		view.filtered += now.filtered;
		view.exported += now.exported;
		view.up += now.state == SESSION_ESTABLISHED;
		view.disabled += !now.config->enabled;
		view.down += now.config->enabled && now.state != SESSION_ESTABLISHED;
	}
	if (view.down)
		view.trouble = view.up ? VIEW_SESSION_DOWN : VIEW_ALL_DOWN;
	else if (view.filtered || view.disabled)
		view.trouble = VIEW_REMARK;
	return view;
}

static void
down_text(struct buf *to, const struct session_now *now)
{
	char address[IP_TEXT], age[VIEW_AGE_TEXT];
	buf_printf(to, "session %s to %s is down for %s", now->config->id,
		   ip_format(address, now->config->address), view_age(age, now->age_s));
	const struct session_error *error = session_last_error(now->session);
	if (error->kind == SESSION_ERROR_NONE) {
		buf_str(to, now->config->passive ? ": it never connected" : ": never up");
		return;
	}
	buf_str(to, ": ");
	session_error_text(to, error);
}

void
view_member_trouble(struct buf *to, struct exchange *x, const struct view_member *view)
{
	const struct hub_member *member = &exchange_hub(x)->members[view->index];
	const char *between = "";
	for (uint32_t i = 0; i < member->session_count; i++) {
		struct session_now now = session_now(x, member->first_session + i);
		if (!now.config->enabled || now.state == SESSION_ESTABLISHED || !now.session)
			continue;
		buf_str(to, between);
		down_text(to, &now);
		between = "; ";
	}
	if (view->disabled) {
		buf_printf(to, "%s%u session%s disabled by the operator", between, view->disabled,
			   view->disabled == 1 ? "" : "s");
		between = "; ";
	}
	if (view->filtered)
		buf_printf(to, "%s%llu route%s refused", between,
			   (unsigned long long)view->filtered, view->filtered == 1 ? "" : "s");
}

struct sorted {
	const struct hub *hub;
	struct view_member view;
};

static int
by_trouble(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;
	if (x->view.trouble != y->view.trouble)
		return (int)y->view.trouble - (int)x->view.trouble;
	const struct hub_member *p = &x->hub->members[x->view.index];
	const struct hub_member *q = &y->hub->members[y->view.index];
	int by_name = strcasecmp(p->name, q->name);
	return by_name ? by_name : p->asn.number < q->asn.number ? -1 : 1;
}

/* All members in order; NULL without memory. The caller frees. */
static struct sorted *
sort_members(struct exchange *x)
{
	const struct hub *hub = exchange_hub(x);
	struct sorted *members = calloc(hub->member_count + 1, sizeof(*members));
	if (!members)
		return NULL;
	for (uint32_t i = 0; i < hub->member_count; i++)
		members[i] = (struct sorted){hub, view_member_of(x, i)};
	qsort(members, hub->member_count, sizeof(*members), by_trouble);
	return members;
}

static uint64_t
speed_of(const struct hub *hub, const struct hub_member *member)
{
	uint64_t speed = 0;
	for (uint32_t i = 0; i < member->port_count; i++)
		speed += hub->ports[member->first_port + i].speed_bps;
	return speed;
}

/* --- reasons --- */

struct counting {
	struct exchange *x;
	uint32_t member;
	enum ip_family family;
	struct view_reasons *out;
};

static void
count_path(void *context, const struct rib_path_view *path)
{
	struct counting *c = context;
	uint32_t session = exchange_session_at(c->x, path->slot);
	if (!path->reasons || session == HUB_NONE)
		return;
	c->out->filtered++;
	for (unsigned bit = 0; bit < 32; bit++) {
		if (!(path->reasons >> bit & 1))
			continue;
		c->out->count[bit]++;
		c->out->session[bit] = session;
		c->out->family[bit] = c->family;
	}
}

void
view_member_reasons(struct view_reasons *out, struct exchange *x, uint32_t index)
{
	*out = (struct view_reasons){0};
	const struct hub_member *member = &exchange_hub(x)->members[index];
	static const enum ip_family families[] = {IP_V4, IP_V6};
	for (uint32_t i = 0; i < member->session_count; i++) {
		int slot = exchange_slot_of(x, member->first_session + i);
		for (size_t f = 0; slot >= 0 && f < 2; f++) {
			struct counting counting = {x, index, families[f], out};
			rib_each_path(exchange_rib(x, families[f]), slot, count_path, &counting);
		}
	}
}

/* --- JSON --- */

static void
session_json(struct json *j, struct exchange *x, uint32_t index)
{
	struct session_now now = session_now(x, index);
	json_object(j, NULL);
	json_str(j, "id", now.config->id);
	json_ip(j, "address", now.config->address);
	json_str(j, "state", now.session ? session_state_name(now.state) : "disabled");
	struct utc_s since = {0};
	if (now.session)
		since = exchange_utc(x, session_since(now.session));
	json_utc(j, "since", since);
	json_array(j, "families");
	if (now.config->ipv4)
		json_str(j, NULL, "ipv4");
	if (now.config->ipv6)
		json_str(j, NULL, "ipv6");
	json_array_end(j);
	json_u64(j, "accepted", now.accepted);
	json_u64(j, "filtered", now.filtered);
	json_u64(j, "exported", now.exported);
	struct session_counters none = {0};
	const struct session_counters *counters =
		now.session ? session_counters(now.session) : &none;
	json_u64(j, "received_updates", counters->updates_in);
	json_u64(j, "sent_updates", counters->updates_out);
	struct buf error = {0};
	if (now.session)
		session_error_text(&error, session_last_error(now.session));
	buf_u8(&error, 0);
	json_str(j, "last_error", error.failed || error.length == 1 ? NULL : (char *)error.data);
	buf_fini(&error);
	json_u64(j, "flaps", counters->flaps);
	json_object_end(j);
}

static void
member_json(struct json *j, struct exchange *x, const struct view_member *view)
{
	const struct hub *hub = exchange_hub(x);
	const struct hub_member *member = &hub->members[view->index];
	json_u64(j, "asn", member->asn.number);
	json_str(j, "name", member->name);
	json_str(j, "kind", hub_member_kind_name(member->kind));
	json_str(j, "country", member->country.code[0] ? member->country.code : NULL);
	json_u64(j, "trouble", view->trouble);
	struct buf text = {0};
	view_member_trouble(&text, x, view);
	buf_u8(&text, 0);
	json_str(j, "trouble_text", text.failed || text.length == 1 ? NULL : (char *)text.data);
	buf_fini(&text);
	json_u64(j, "speed_bps", speed_of(hub, member));
	json_array(j, "sessions");
	for (uint32_t i = 0; i < member->session_count; i++)
		session_json(j, x, member->first_session + i);
	json_array_end(j);
	json_u64(j, "accepted", view->accepted);
	json_u64(j, "filtered", view->filtered);
	json_u64(j, "exported", view->exported);
}

void
view_exchange_members_json(struct buf *out, struct exchange *x)
{
	const struct hub *hub = exchange_hub(x);
	struct sorted *members = sort_members(x);
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_object(&j, "hub");
	json_str(&j, "name", hub->name);
	json_str(&j, "short_name", hub->short_name);
	json_u64(&j, "asn", hub->asn.number);
	json_object_end(&j);
	json_array(&j, "members");
	for (size_t i = 0; members && i < hub->member_count; i++) {
		json_object(&j, NULL);
		member_json(&j, x, &members[i].view);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	out->failed |= !members;
	free(members);
}

static void
port_json(struct json *j, const struct hub *hub, const struct hub_port *port)
{
	json_object(j, NULL);
	json_str(j, "id", port->id);
	json_str(j, "site", port->site < hub->site_count ? hub->sites[port->site].id : NULL);
	json_u64(j, "speed_bps", port->speed_bps);
	uint16_t vlan = port->vlan;
	if (!vlan && port->lan < hub->lan_count)
		vlan = hub->lans[port->lan].vlan;
	if (vlan)
		json_u64(j, "vlan", vlan);
	else
		json_null(j, "vlan");
	if (port->ipv4.family)
		json_ip(j, "ipv4", port->ipv4);
	else
		json_null(j, "ipv4");
	if (port->ipv6.family)
		json_ip(j, "ipv6", port->ipv6);
	else
		json_null(j, "ipv6");
	json_array(j, "macs");
	char mac[MAC_TEXT];
	for (size_t i = 0; i < port->mac_count; i++)
		json_str(j, NULL, mac_format(mac, port->macs[i]));
	json_array_end(j);
	json_object_end(j);
}

static void
reasons_json(struct json *j, struct exchange *x, uint32_t member)
{
	struct view_reasons reasons;
	view_member_reasons(&reasons, x, member);
	json_array(j, "reasons");
	for (unsigned bit = 0; bit < 32; bit++) {
		if (!reasons.count[bit])
			continue;
		struct buf mend = {0};
		policy_reason_mend(&mend, exchange_policy(x), reasons.session[bit],
				   reasons.family[bit], bit);
		buf_u8(&mend, 0);
		json_object(j, NULL);
		json_str(j, "reason", policy_reason_text(bit));
		json_u64(j, "count", reasons.count[bit]);
		json_str(j, "mend", mend.failed ? NULL : (char *)mend.data);
		json_object_end(j);
		buf_fini(&mend);
	}
	json_array_end(j);
}

void
view_exchange_member_json(struct buf *out, struct exchange *x, uint32_t index)
{
	const struct hub *hub = exchange_hub(x);
	const struct hub_member *member = &hub->members[index];
	struct view_member view = view_member_of(x, index);
	struct json j = json_to(out);
	json_object(&j, NULL);
	member_json(&j, x, &view);
	json_array(&j, "contacts");
	for (size_t i = 0; i < member->contact_count; i++) {
		json_object(&j, NULL);
		json_str(&j, "role", member->contacts[i].role);
		json_str(&j, "email", member->contacts[i].email);
		json_str(&j, "phone", member->contacts[i].phone);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_array(&j, "ports");
	for (uint32_t i = 0; i < member->port_count; i++)
		port_json(&j, hub, &hub->ports[member->first_port + i]);
	json_array_end(&j);
	reasons_json(&j, x, index);
	json_object_end(&j);
}

void
view_exchange_sessions_json(struct buf *out, struct exchange *x)
{
	const struct hub *hub = exchange_hub(x);
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_array(&j, "sessions");
	for (uint32_t i = 0; i < hub->session_count; i++)
		session_json(&j, x, i);
	json_array_end(&j);
	json_object_end(&j);
}

/* --- text --- */

static void
cell_number(struct buf *out, uint64_t number, int width)
{
	char text[24];
	(void)snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
	view_cell(out, text, -width);
	buf_str(out, " ");
}

static void
member_line(struct buf *out, struct exchange *x, const struct view_member *view)
{
	static const char *const marks[] = {"  ", "* ", "! ", "!!"};
	const struct hub_member *member = &exchange_hub(x)->members[view->index];
	char text[32];
	buf_printf(out, "%s ", marks[view->trouble]);
	(void)snprintf(text, sizeof(text), "%u", member->asn.number);
	view_cell(out, text, -10);
	buf_str(out, "  ");
	view_cell(out, member->name, 28);
	(void)snprintf(text, sizeof(text), "%u/%u", view->up, member->session_count);
	buf_str(out, " ");
	view_cell(out, text, -6);
	buf_str(out, " ");
	cell_number(out, view->accepted, 9);
	cell_number(out, view->filtered, 8);
	cell_number(out, view->exported, 8);
	view_end_line(out);
	struct buf why = {0};
	view_member_trouble(&why, x, view);
	buf_u8(&why, 0);
	if (why.length > 1 && !why.failed && view->trouble > VIEW_REMARK) {
		buf_str(out, "               ");
		view_wrapped(out, (const char *)why.data, 15, 15);
	}
	buf_fini(&why);
}

void
view_exchange_members_text(struct buf *out, struct exchange *x)
{
	const struct hub *hub = exchange_hub(x);
	struct sorted *members = sort_members(x);
	out->failed |= !members;
	if (!members)
		return;
	unsigned up = 0, down = 0;
	for (size_t i = 0; i < hub->member_count; i++) {
		up += members[i].view.up;
		down += members[i].view.down;
	}
	buf_printf(out, "%s, AS%u: %zu members, %zu sessions: %u up, %u down\n\n", hub->name,
		   hub->asn.number, hub->member_count, hub->session_count, up, down);
	buf_str(out, "           AS  Member                           Up  Accepted  Refused  "
		     "Sent to\n");
	for (size_t i = 0; i < hub->member_count; i++)
		member_line(out, x, &members[i].view);
	buf_str(out, "\n!! all sessions down   ! a session down   * routes refused, or disabled\n");
	free(members);
}

static void
session_line(struct buf *out, const struct session_now *now)
{
	char text[64], age[VIEW_AGE_TEXT];
	view_cell(out, now->config->id, 16);
	buf_str(out, " ");
	view_cell(out, ip_format(text, now->config->address), 24);
	buf_str(out, " ");
	view_cell(out, now->session ? session_state_name(now->state) : "disabled", 11);
	buf_str(out, " ");
	view_cell(out, view_age(age, now->age_s), -8);
	buf_str(out, " ");
	cell_number(out, now->accepted, 8);
	cell_number(out, now->filtered, 7);
	view_end_line(out);
}

static void
sessions_header(struct buf *out)
{
	buf_str(out, "Session          Address                  State            For Accepted "
		     "Refused\n");
}

void
view_exchange_sessions_text(struct buf *out, struct exchange *x)
{
	const struct hub *hub = exchange_hub(x);
	sessions_header(out);
	/* Those that are down come first. */
	for (int up = 0; up < 2; up++) {
		for (uint32_t i = 0; i < hub->session_count; i++) {
			struct session_now now = session_now(x, i);
			if ((now.state == SESSION_ESTABLISHED) == (up == 1))
				session_line(out, &now);
		}
	}
}

static void
ports_text(struct buf *out, const struct hub *hub, const struct hub_member *member)
{
	buf_str(out, "\nPorts\n");
	for (uint32_t i = 0; i < member->port_count; i++) {
		const struct hub_port *port = &hub->ports[member->first_port + i];
		char rate[VIEW_RATE_TEXT], text[IP_TEXT];
		buf_str(out, "  ");
		view_cell(out, port->id, 16);
		buf_str(out, " ");
		view_cell(out, port->site < hub->site_count ? hub->sites[port->site].id : "-", 8);
		view_cell(out, view_rate(rate, port->speed_bps), -12);
		buf_printf(out, "  %s", ip_format(text, port->ipv4));
		buf_printf(out, "  %s", ip_format(text, port->ipv6));
		view_end_line(out);
	}
}

static void
reasons_text(struct buf *out, struct exchange *x, uint32_t member)
{
	struct view_reasons reasons;
	view_member_reasons(&reasons, x, member);
	if (!reasons.filtered)
		return;
	buf_printf(out, "\nRefused routes: %llu. Why, and what mends it:\n",
		   (unsigned long long)reasons.filtered);
	for (unsigned bit = 0; bit < 32; bit++) {
		if (!reasons.count[bit])
			continue;
		buf_printf(out, "%8u  %s\n          ", reasons.count[bit], policy_reason_text(bit));
		struct buf mend = {0};
		policy_reason_mend(&mend, exchange_policy(x), reasons.session[bit],
				   reasons.family[bit], bit);
		buf_u8(&mend, 0);
		view_wrapped(out, mend.failed ? "" : (const char *)mend.data, 10, 10);
		buf_fini(&mend);
	}
	char text[32];
	(void)snprintf(text, sizeof(text), "%u", exchange_hub(x)->members[member].asn.number);
	buf_printf(out, "  See them with: sarai show filtered member %s\n", text);
}

void
view_exchange_member_text(struct buf *out, struct exchange *x, uint32_t index)
{
	const struct hub *hub = exchange_hub(x);
	const struct hub_member *member = &hub->members[index];
	struct view_member view = view_member_of(x, index);
	char rate[VIEW_RATE_TEXT];
	buf_printf(out, "AS%u  %s\n", member->asn.number, member->name);
	struct buf why = {0};
	view_member_trouble(&why, x, &view);
	buf_u8(&why, 0);
	view_field(out, "Trouble", why.failed || why.length == 1 ? "none" : (char *)why.data);
	buf_fini(&why);
	view_field(out, "Kind", hub_member_kind_name(member->kind));
	view_field(out, "Country", member->country.code);
	view_field(out, "Speed", view_rate(rate, speed_of(hub, member)));
	view_field(out, "AS set", member->as_set);
	for (size_t i = 0; i < member->contact_count; i++) {
		const struct hub_contact *contact = &member->contacts[i];
		struct buf text = {0};
		buf_printf(&text, "%s%s%s", contact->email ? contact->email : "",
			   contact->email && contact->phone ? ", " : "",
			   contact->phone ? contact->phone : "");
		buf_u8(&text, 0);
		view_field(out, contact->role, text.failed ? NULL : (const char *)text.data);
		buf_fini(&text);
	}
	buf_printf(out, "\nRoutes accepted %llu, refused %llu, sent to it %llu\n\n",
		   (unsigned long long)view.accepted, (unsigned long long)view.filtered,
		   (unsigned long long)view.exported);
	sessions_header(out);
	for (uint32_t i = 0; i < member->session_count; i++) {
		struct session_now now = session_now(x, member->first_session + i);
		session_line(out, &now);
	}
	ports_text(out, hub, member);
	reasons_text(out, x, index);
}
