/* Members and their sessions, sorted by trouble: what a night shift has to look at stands first. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/view_exchange_members.h"
#include "view/view_exchange_parts.h"
#include "view/view_text.h"

struct view_standing
view_standing_of(struct exchange *x, uint32_t index)
{
	struct view_standing s = {.hub = &exchange_hub(x)->sessions[index],
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
judge(struct view_condition *c)
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
	} else if (c->stuck) {
		c->trouble = TROUBLE_SOME_DOWN;
		(void)snprintf(c->text, sizeof(c->text),
			       "%u session%s take%s nothing of what is sent", c->stuck,
			       c->stuck == 1 ? "" : "s", c->stuck == 1 ? "s" : "");
	} else if (c->disabled) {
		c->trouble = TROUBLE_REMARK;
		(void)snprintf(c->text, sizeof(c->text), "%u session%s taken down by the operator",
			       c->disabled, c->disabled == 1 ? "" : "s");
	} else if (c->bfd_down) {
		c->trouble = TROUBLE_REMARK;
		(void)snprintf(c->text, sizeof(c->text), "BFD is down on %u session%s", c->bfd_down,
			       c->bfd_down == 1 ? "" : "s");
	} else if (c->stale) {
		c->trouble = TROUBLE_REMARK;
		(void)snprintf(c->text, sizeof(c->text), "%u stale route%s kept", c->stale,
			       c->stale == 1 ? "" : "s");
	} else if (c->filtered) {
		c->trouble = TROUBLE_REMARK;
		(void)snprintf(c->text, sizeof(c->text), "%u route%s refused", c->filtered,
			       c->filtered == 1 ? "" : "s");
	}
}

struct view_condition
view_condition_of(struct exchange *x, uint32_t index)
{
	const struct hub *hub = exchange_hub(x);
	const struct hub_member *member = &hub->members[index];
	struct view_condition c = {.member = index, .name = member->name};
	for (uint32_t i = 0; i < member->session_count; i++) {
		struct view_standing s = view_standing_of(x, member->first_session + i);
		if (s.state == SESSION_ESTABLISHED)
			c.up++;
		else if (s.state == SESSION_DISABLED)
			c.disabled++;
		else
			c.down++;
		struct view_matter matter = view_matter_of(x, &s);
		c.stuck += s.state == SESSION_ESTABLISHED && matter.stuck_since.s;
		c.bfd_down += view_matter_is_bfd_down(&matter, &s);
		c.stale += matter.stale;
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
	const struct view_condition *one = a, *other = b;
	if (one->trouble != other->trouble)
		return one->trouble < other->trouble ? 1 : -1;
	int order = strcmp(one->name, other->name);
	return order ? order : one->member < other->member ? -1 : one->member > other->member;
}

/* --- JSON --- */

void
view_session_fields(struct json *j, const struct exchange *x, const struct view_standing *s)
{
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
	struct view_matter matter = view_matter_of(x, s);
	view_matter_fields(j, &matter);
	json_str(j, "last_error",
		 error.length > 1 && !error.failed ? (const char *)error.data : NULL);
	buf_fini(&error);
}

/* All but the sessions. */
void
view_member_fields(struct json *j, const struct exchange *x, const struct view_condition *c)
{
	const struct hub_member *member = &exchange_hub(x)->members[c->member];
	json_u64(j, "asn", member->asn.number);
	json_str(j, "name", member->name);
	json_str(j, "kind", hub_member_kind_name(member->kind));
	json_str(j, "country", member->country.code[0] ? member->country.code : NULL);
	json_i64(j, "trouble", c->trouble);
	json_str(j, "trouble_text", c->text[0] ? c->text : NULL);
	json_u64(j, "speed_bps", c->speed_bps);
	json_u64(j, "accepted", c->accepted);
	json_u64(j, "filtered", c->filtered);
	json_u64(j, "exported", c->exported);
}

static void
member_json(struct json *j, struct exchange *x, const struct view_condition *c)
{
	const struct hub_member *member = &exchange_hub(x)->members[c->member];
	view_member_fields(j, x, c);
	json_array(j, "sessions");
	for (uint32_t i = 0; i < member->session_count; i++) {
		struct view_standing s = view_standing_of(x, member->first_session + i);
		json_object(j, NULL);
		view_session_fields(j, x, &s);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
members_json(struct buf *out, struct exchange *x, const struct view_condition *all, bool incidents)
{
	const struct hub *hub = exchange_hub(x);
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_object(&j, "hub");
	json_str(&j, "name", hub->name);
	json_str(&j, "short_name", hub->short_name);
	json_u64(&j, "asn", hub->asn.number);
	json_object_end(&j);
	if (incidents)
		view_sight_incidents(&j, x);
	json_array(&j, "members");
	for (size_t i = 0; i < hub->member_count; i++) {
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
session_line(struct buf *out, const struct exchange *x, const struct view_standing *s)
{
	view_cell(out, session_state_name(s->state), 11);
	age_cell(out, x, s->since, -9);
	number_cell(out, s->accepted, -9);
	number_cell(out, s->filtered, -8);
	number_cell(out, s->exported, -8);
	view_end_line(out);
}

static void
members_text(struct buf *out, struct exchange *x, const struct view_condition *all, size_t count)
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
	if (!count) {
		buf_str(out, "They stand under `members:` in the hub file.\n");
		return;
	}
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
			struct view_standing standing =
				view_standing_of(x, member->first_session + s);
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
		"\n# all sessions down   ! a session down or stuck   . a remark: `show member`\n");
}

void
view_members_csv(struct buf *out, struct exchange *x, const struct view_condition *all,
		 size_t count)
{
	buf_str(out, "asn,name,kind,country,trouble,session,address,state,since,accepted,filtered,"
		     "exported\r\n");
	for (size_t i = 0; i < count; i++) {
		const struct hub_member *member = &exchange_hub(x)->members[all[i].member];
		for (uint32_t n = 0; n < member->session_count; n++) {
			struct view_standing s = view_standing_of(x, member->first_session + n);
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
view_members(struct buf *out, struct exchange *x, enum view_form form, bool incidents)
{
	const struct hub *hub = exchange_hub(x);
	struct view_condition *all = calloc(hub->member_count + 1, sizeof(*all));
	if (!all) {
		out->failed = true;
		return;
	}
	for (uint32_t i = 0; i < hub->member_count; i++)
		all[i] = view_condition_of(x, i);
	qsort(all, hub->member_count, sizeof(*all), by_trouble);
	if (form == VIEW_JSON)
		members_json(out, x, all, incidents);
	else if (form == VIEW_CSV)
		view_members_csv(out, x, all, hub->member_count);
	else
		members_text(out, x, all, hub->member_count);
	free(all);
}
