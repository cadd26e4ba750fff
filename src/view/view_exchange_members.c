/* Members and their sessions, sorted by trouble: what a night shift has to look at stands first. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/view_exchange_parts.h"
#include "view/view_text.h"

enum trouble { TROUBLE_NONE, TROUBLE_REMARK, TROUBLE_SOME_DOWN, TROUBLE_ALL_DOWN };

/* How a member is, from its sessions. */
struct condition {
	uint32_t member; /* index */
	const char *name;
	enum trouble trouble;
	char text[80]; /* in words; "" when all is well */
	uint32_t up, down, disabled;
	uint32_t accepted, filtered, exported;
	uint64_t speed_bps;
};

/* What is known of a session of the picture. */
struct standing {
	const struct hub_session *hub;
	int slot; /* -1: the exchange does not know it yet */
	enum session_state state;
	uint32_t accepted, filtered, exported;
	int64_t since; /* UTC seconds, 0: never */
};

static struct standing
standing_of(struct exchange *x, uint32_t index)
{
	struct standing s = {.hub = &exchange_hub(x)->sessions[index],
			     .slot = exchange_slot_of(x, index),
			     .state = SESSION_DISABLED};
	if (s.slot < 0)
		return s;
	const struct session *session = exchange_session(x, (unsigned)s.slot);
	s.state = session_state(session);
	view_slot_count(x, (unsigned)s.slot, &s.accepted, &s.filtered);
	if (s.state == SESSION_ESTABLISHED)
		s.exported = exchange_exported(x)[s.slot];
	struct mono_us since = session_since(session);
	if (since.us)
		s.since = exchange_utc(x, since).s;
	return s;
}

static void
judge(struct condition *c)
{
	uint32_t wanted = c->up + c->down;
	if (c->down && !c->up) {
		c->trouble = TROUBLE_ALL_DOWN;
		(void)snprintf(c->text, sizeof(c->text),
			       wanted == 1 ? "session is down" : "all %u sessions are down",
			       wanted);
	} else if (c->down) {
		c->trouble = TROUBLE_SOME_DOWN;
		(void)snprintf(c->text, sizeof(c->text), "%u of %u sessions down", c->down, wanted);
	} else if (c->disabled) {
		c->trouble = TROUBLE_REMARK;
		(void)snprintf(c->text, sizeof(c->text), "%u session%s taken down by the operator",
			       c->disabled, c->disabled == 1 ? "" : "s");
	} else if (c->filtered) {
		c->trouble = TROUBLE_REMARK;
		(void)snprintf(c->text, sizeof(c->text), "%u route%s refused", c->filtered,
			       c->filtered == 1 ? "" : "s");
	}
}

static struct condition
condition_of(struct exchange *x, uint32_t index)
{
	const struct hub *hub = exchange_hub(x);
	const struct hub_member *member = &hub->members[index];
	struct condition c = {.member = index, .name = member->name};
	for (uint32_t i = 0; i < member->session_count; i++) {
		struct standing s = standing_of(x, member->first_session + i);
		if (s.state == SESSION_ESTABLISHED)
			c.up++;
		else if (s.state == SESSION_DISABLED)
			c.disabled++;
		else
			c.down++;
		c.accepted += s.accepted;
		c.filtered += s.filtered;
		if (s.exported > c.exported)
			c.exported = s.exported;
	}
	for (uint32_t i = 0; i < member->port_count; i++)
		c.speed_bps += hub->ports[member->first_port + i].speed_bps;
	judge(&c);
	return c;
}

static int
by_trouble(const void *a, const void *b)
{
	const struct condition *one = a, *other = b;
	if (one->trouble != other->trouble)
		return one->trouble < other->trouble ? 1 : -1;
	int order = strcmp(one->name, other->name);
	return order ? order : one->member < other->member ? -1 : one->member > other->member;
}

/* --- JSON --- */

static void
session_json(struct json *j, const struct exchange *x, const struct standing *s)
{
	json_object(j, NULL);
	json_str(j, "id", s->hub->id);
	json_ip(j, "address", s->hub->address);
	json_str(j, "state", session_state_name(s->state));
	json_utc(j, "since", (struct utc_s){s->since});
	json_array(j, "families");
	if (s->hub->ipv4)
		json_str(j, NULL, "ipv4");
	if (s->hub->ipv6)
		json_str(j, NULL, "ipv6");
	json_array_end(j);
	json_u64(j, "accepted", s->accepted);
	json_u64(j, "filtered", s->filtered);
	json_u64(j, "exported", s->exported);
	struct buf error = {0};
	if (s->slot >= 0) {
		const struct session *session = exchange_session(x, (unsigned)s->slot);
		const struct session_counters *counters = session_counters(session);
		json_u64(j, "received_updates", counters->updates_in);
		json_u64(j, "sent_updates", counters->updates_out);
		json_u64(j, "flaps", counters->flaps);
		session_error_text(&error, session_last_error(session));
		buf_u8(&error, 0);
	}
	json_str(j, "last_error",
		 error.length > 1 && !error.failed ? (const char *)error.data : NULL);
	buf_fini(&error);
	json_object_end(j);
}

/* The fields of a member, without the braces. */
static void
member_json(struct json *j, struct exchange *x, const struct condition *c)
{
	const struct hub_member *member = &exchange_hub(x)->members[c->member];
	json_u64(j, "asn", member->asn.number);
	json_str(j, "name", member->name);
	json_str(j, "kind", hub_member_kind_name(member->kind));
	json_str(j, "country", member->country.code[0] ? member->country.code : NULL);
	json_i64(j, "trouble", c->trouble);
	json_str(j, "trouble_text", c->text[0] ? c->text : NULL);
	json_u64(j, "speed_bps", c->speed_bps);
	json_array(j, "sessions");
	for (uint32_t i = 0; i < member->session_count; i++) {
		struct standing s = standing_of(x, member->first_session + i);
		session_json(j, x, &s);
	}
	json_array_end(j);
	json_u64(j, "accepted", c->accepted);
	json_u64(j, "filtered", c->filtered);
	json_u64(j, "exported", c->exported);
}

static void
members_json(struct buf *out, struct exchange *x, const struct condition *all, size_t count)
{
	const struct hub *hub = exchange_hub(x);
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_object(&j, "hub");
	json_str(&j, "name", hub->name);
	json_str(&j, "short_name", hub->short_name);
	json_u64(&j, "asn", hub->asn.number);
	json_object_end(&j);
	json_array(&j, "members");
	for (size_t i = 0; i < count; i++) {
		json_object(&j, NULL);
		member_json(&j, x, &all[i]);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}

/* --- text --- */

static void
number_cell(struct buf *out, uint64_t number, int width)
{
	char text[24];
	(void)snprintf(text, sizeof(text), "%" PRIu64, number);
	view_cell(out, text, width);
}

/* "since" as an age; "-" when the session never was up. */
static void
age_cell(struct buf *out, const struct exchange *x, int64_t since, int width)
{
	char age[VIEW_AGE_TEXT];
	view_cell(out, since ? view_age(age, exchange_now(x).s - since) : "-", width);
}

static void
session_line(struct buf *out, const struct exchange *x, const struct standing *s)
{
	view_cell(out, session_state_name(s->state), 11);
	age_cell(out, x, s->since, -9);
	number_cell(out, s->accepted, -9);
	number_cell(out, s->filtered, -8);
	number_cell(out, s->exported, -8);
	view_end_line(out);
}

static void
members_text(struct buf *out, struct exchange *x, const struct condition *all, size_t count)
{
	static const char marks[] = " .!#";
	const struct hub *hub = exchange_hub(x);
	uint32_t up = 0, wanted = 0;
	for (size_t i = 0; i < count; i++) {
		up += all[i].up;
		wanted += all[i].up + all[i].down;
	}
	buf_printf(out, "%s, AS%u: %u of %u sessions up, %zu members\n\n", hub->name,
		   hub->asn.number, up, wanted, count);
	view_cell(out, "  AS         MEMBER", 35);
	view_cell(out, "STATE", 11);
	view_cell(out, "SINCE", -9);
	view_cell(out, "ACCEPTED", -9);
	view_cell(out, "REFUSED", -8);
	view_cell(out, "SENT", -8);
	view_end_line(out);
	for (size_t i = 0; i < count; i++) {
		const struct hub_member *member = &hub->members[all[i].member];
		for (uint32_t s = 0; s < member->session_count; s++) {
			struct standing standing = standing_of(x, member->first_session + s);
			char asn[16], address[IP_TEXT + 8];
			(void)snprintf(asn, sizeof(asn), "%c %" PRIu32, marks[all[i].trouble],
				       member->asn.number);
			(void)snprintf(address, sizeof(address), "  by %s",
				       ip_format((char[IP_TEXT]){0}, standing.hub->address));
			view_cell(out, s ? "" : asn, 13);
			view_cell(out, s ? address : member->name, 21);
			buf_str(out, " ");
			session_line(out, x, &standing);
		}
		if (!member->session_count)
			buf_printf(out, "  %-11" PRIu32 "%s: no session with the route server\n",
				   member->asn.number, member->name);
	}
	buf_str(out,
		"\n# all sessions down   ! a session down   . routes refused, or taken down\n");
}

static void
members_csv(struct buf *out, struct exchange *x, const struct condition *all, size_t count)
{
	buf_str(out, "asn,name,kind,country,trouble,session,address,state,since,accepted,filtered,"
		     "exported\r\n");
	for (size_t i = 0; i < count; i++) {
		const struct hub_member *member = &exchange_hub(x)->members[all[i].member];
		for (uint32_t n = 0; n < member->session_count; n++) {
			struct standing s = standing_of(x, member->first_session + n);
			char address[IP_TEXT], since[CLOCK_TEXT];
			buf_printf(out, "%" PRIu32 ",", member->asn.number);
			view_csv_field(out, member->name);
			buf_printf(out, ",%s,%s,%d,%s,%s,%s,%s,%u,%u,%u\r\n",
				   hub_member_kind_name(member->kind), member->country.code,
				   all[i].trouble, s.hub->id, ip_format(address, s.hub->address),
				   session_state_name(s.state),
				   s.since ? utc_format(since, (struct utc_s){s.since}) : "",
				   s.accepted, s.filtered, s.exported);
		}
	}
}

void
view_members(struct buf *out, struct exchange *x, enum view_form form)
{
	const struct hub *hub = exchange_hub(x);
	struct condition *all = calloc(hub->member_count + 1, sizeof(*all));
	if (!all) {
		out->failed = true;
		return;
	}
	for (uint32_t i = 0; i < hub->member_count; i++)
		all[i] = condition_of(x, i);
	qsort(all, hub->member_count, sizeof(*all), by_trouble);
	if (form == VIEW_JSON)
		members_json(out, x, all, hub->member_count);
	else if (form == VIEW_CSV)
		members_csv(out, x, all, hub->member_count);
	else
		members_text(out, x, all, hub->member_count);
	free(all);
}

/* --- one member --- */

struct reasons {
	uint32_t count[64][2]; /* by bit, and by family: IPv4, IPv6 */
	uint32_t session;      /* one that it was seen on, for what would mend it */
};

static void
add_reasons(void *context, const struct rib_path_view *path)
{
	struct reasons *reasons = context;
	for (unsigned bit = 0; bit < 64; bit++)
		if (path->reasons >> bit & 1)
			reasons->count[bit][path->prefix.ip.family == IP_V6]++;
}

static void
count_reasons(struct reasons *reasons, const struct exchange *x, const struct hub_member *member)
{
	*reasons = (struct reasons){.session = member->first_session};
	for (uint32_t i = 0; i < member->session_count; i++) {
		int slot = exchange_slot_of(x, member->first_session + i);
		if (slot < 0)
			continue;
		rib_each_path(exchange_rib(x, IP_V4), slot, add_reasons, reasons);
		rib_each_path(exchange_rib(x, IP_V6), slot, add_reasons, reasons);
	}
}

/* Calls `row` for each reason that occurs. */
static void
each_reason(const struct reasons *reasons, const struct exchange *x,
	    void (*row)(void *context, const char *text, uint32_t count, const char *mend),
	    void *context)
{
	for (unsigned bit = 0; bit < 64; bit++) {
		for (int six = 0; six < 2; six++) {
			if (!reasons->count[bit][six] || !policy_reason_text(bit))
				continue;
			struct buf mend = {0};
			policy_reason_mend(&mend, exchange_policy(x), reasons->session,
					   six ? IP_V6 : IP_V4, bit);
			buf_u8(&mend, 0);
			row(context, policy_reason_text(bit), reasons->count[bit][six],
			    mend.failed ? "" : (const char *)mend.data);
			buf_fini(&mend);
		}
	}
}

static void
reason_json(void *context, const char *text, uint32_t count, const char *mend)
{
	struct json *j = context;
	json_object(j, NULL);
	json_str(j, "reason", text);
	json_u64(j, "count", count);
	json_str(j, "mend", mend);
	json_object_end(j);
}

static void
reason_text(void *context, const char *text, uint32_t count, const char *mend)
{
	struct buf *out = context;
	buf_printf(out, "  %7" PRIu32 "  ", count);
	view_wrapped(out, text, 11, 11);
	buf_str(out, "           ");
	view_wrapped(out, mend, 11, 11);
}

static void
port_json(struct json *j, const struct hub *hub, const struct hub_port *port)
{
	char mac[MAC_TEXT];
	json_object(j, NULL);
	json_str(j, "id", port->id);
	json_str(j, "site", port->site == HUB_NONE ? NULL : hub->sites[port->site].name);
	json_u64(j, "speed_bps", port->speed_bps);
	json_u64(j, "vlan", port->vlan);
	json_ip(j, "ipv4", port->ipv4);
	json_ip(j, "ipv6", port->ipv6);
	json_array(j, "macs");
	for (size_t i = 0; i < port->mac_count; i++)
		json_str(j, NULL, mac_format(mac, port->macs[i]));
	json_array_end(j);
	json_object_end(j);
}

static void
one_json(struct buf *out, struct exchange *x, uint32_t index, const struct reasons *reasons)
{
	const struct hub *hub = exchange_hub(x);
	const struct hub_member *member = &hub->members[index];
	struct condition c = condition_of(x, index);
	struct json j = json_to(out);
	json_object(&j, NULL);
	member_json(&j, x, &c);
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
	json_array(&j, "reasons");
	each_reason(reasons, x, reason_json, &j);
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}

static void
one_session_text(struct buf *out, struct exchange *x, uint32_t index)
{
	struct standing s = standing_of(x, index);
	char address[IP_TEXT], age[VIEW_AGE_TEXT];
	buf_printf(out, "  %-14s %-20s %s", s.hub->id, ip_format(address, s.hub->address),
		   session_state_name(s.state));
	if (s.since)
		buf_printf(out, " for %s", view_age(age, exchange_now(x).s - s.since));
	buf_printf(out, "\n    %u accepted, %u refused, %u sent\n", s.accepted, s.filtered,
		   s.exported);
	if (s.slot < 0)
		return;
	const struct session *session = exchange_session(x, (unsigned)s.slot);
	struct buf error = {0};
	session_error_text(&error, session_last_error(session));
	buf_u8(&error, 0);
	if (!error.failed && error.length > 1) {
		buf_str(out, "    last error: ");
		view_wrapped(out, (const char *)error.data, 16, 16);
	}
	buf_fini(&error);
}

static void
one_text(struct buf *out, struct exchange *x, uint32_t index, const struct reasons *reasons)
{
	const struct hub *hub = exchange_hub(x);
	const struct hub_member *member = &hub->members[index];
	struct condition c = condition_of(x, index);
	buf_printf(out, "%s, AS%" PRIu32 ", %s%s%s\n", member->name, member->asn.number,
		   hub_member_kind_name(member->kind), member->country.code[0] ? ", " : "",
		   member->country.code);
	if (c.text[0])
		buf_printf(out, "%s\n", c.text);
	for (size_t i = 0; i < member->contact_count; i++) {
		const struct hub_contact *contact = &member->contacts[i];
		buf_printf(out, "%-10s %s%s%s\n", contact->role ? contact->role : "contact",
			   contact->email ? contact->email : "",
			   contact->email && contact->phone ? ", " : "",
			   contact->phone ? contact->phone : "");
	}
	buf_str(out, "\nSessions\n");
	for (uint32_t i = 0; i < member->session_count; i++)
		one_session_text(out, x, member->first_session + i);
	buf_str(out, "\nPorts\n");
	for (uint32_t i = 0; i < member->port_count; i++) {
		const struct hub_port *port = &hub->ports[member->first_port + i];
		char rate[VIEW_RATE_TEXT], four[IP_TEXT], six[IP_TEXT], mac[MAC_TEXT];
		buf_printf(out, "  %-14s %-11s %-12s %s\n", port->id,
			   view_rate(rate, port->speed_bps),
			   port->site == HUB_NONE ? "-" : hub->sites[port->site].name,
			   port->mac_count ? mac_format(mac, port->macs[0]) : "-");
		buf_printf(out, "    %s  %s\n", ip_format(four, port->ipv4),
			   ip_format(six, port->ipv6));
	}
	if (!c.filtered)
		return;
	buf_str(out, "\nRefused routes, by reason, and what would mend it\n");
	each_reason(reasons, x, reason_text, out);
}

void
view_member(struct buf *out, struct exchange *x, enum view_form form, uint32_t member)
{
	if (form == VIEW_CSV) {
		struct condition c = condition_of(x, member);
		members_csv(out, x, &c, 1);
		return;
	}
	struct reasons reasons;
	count_reasons(&reasons, x, &exchange_hub(x)->members[member]);
	if (form == VIEW_JSON)
		one_json(out, x, member, &reasons);
	else
		one_text(out, x, member, &reasons);
}
