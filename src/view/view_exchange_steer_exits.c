/* What each exit carries and what plans moved to it; and the changes themselves, with how long each took. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "view/view_exchange_parts.h"
#include "view/view_text.h"

/* --- exits --- */

/* Routes are counted in stretches, between which updates go on. */
struct exits {
	struct view_exchange_rest rest;
	enum view_form form;
	uint64_t *routes; /* by slot */
	unsigned slots;
	unsigned family; /* being counted; 2: all is */
	uint32_t at;
	bool ended;
};

struct exit_row {
	const struct hub_session *session;
	const struct hub_member *member;
	const char *site;
	uint64_t routes;
	struct rib_steer_shift moved;
	bool up;
};

static const enum ip_family families[] = {IP_V4, IP_V6};

/* False: the session is none of the hub's own AS. */
static bool
row_of(struct exit_row *out, const struct exchange *x, const struct exits *e, uint32_t session)
{
	const struct hub *hub = exchange_hub(x);
	const struct hub_session *s = &hub->sessions[session];
	int slot = exchange_slot_of(x, session);
	if (s->transit == HUB_AS_NONE || slot < 0)
		return false;
	uint32_t site = s->port < hub->port_count ? hub->ports[s->port].site : HUB_NONE;
	*out = (struct exit_row){
		.session = s,
		.member = &hub->members[s->member],
		.site = site < hub->site_count ? hub->sites[site].id : "",
		.routes = (unsigned)slot < e->slots ? e->routes[slot] : 0,
		.moved = exchange_steer_moves_of(x, (unsigned)slot),
		.up = view_slot_is_up(x, (unsigned)slot),
	};
	return true;
}

static void
exit_text(struct buf *out, const struct exit_row *row)
{
	char text[VIEW_AGE_TEXT];
	view_cell(out, row->session->id, 16);
	buf_u8(out, ' ');
	view_cell(out, row->site, 8);
	buf_u8(out, ' ');
	view_cell(out, view_asn(text, row->member->asn), 13);
	view_cell(out, row->up ? "up" : "down", 5);
	(void)snprintf(text, sizeof(text), "%" PRIu64, row->routes);
	view_cell(out, text, -10);
	(void)snprintf(text, sizeof(text), "%" PRIu64, row->moved.to);
	view_cell(out, text, -11);
	(void)snprintf(text, sizeof(text), "%" PRIu64, row->moved.from);
	view_cell(out, text, -13);
	view_end_line(out);
}

static void
exit_csv(struct buf *out, const struct exit_row *row)
{
	view_csv_field(out, row->session->id);
	buf_u8(out, ',');
	view_csv_field(out, row->site);
	buf_printf(out, ",%u,%s,%" PRIu64 ",%" PRIu64 ",%" PRIu64 "\n", row->member->asn.number,
		   row->up ? "up" : "down", row->routes, row->moved.to, row->moved.from);
}

static void
exit_json(struct json *j, const struct exit_row *row)
{
	json_object(j, NULL);
	json_str(j, "exit", row->session->id);
	json_str(j, "site", row->site);
	json_u64(j, "member_asn", row->member->asn.number);
	json_str(j, "member", row->member->name);
	json_bool(j, "up", row->up);
	json_u64(j, "routes", row->routes);
	json_u64(j, "moved_to", row->moved.to);
	json_u64(j, "moved_from", row->moved.from);
	json_object_end(j);
}

static void
write_exits(const struct exits *e, const struct exchange *x, struct buf *out)
{
	struct json j = json_to(out);
	struct exit_row row;
	if (e->form == VIEW_JSON)
		json_array(&j, NULL);
	else if (e->form == VIEW_CSV)
		buf_str(out, "exit,site,member_asn,state,routes,moved_to,moved_from\n");
	else
		buf_str(out, "exit             site     member       state    routes  "
			     "moved here   moved away\n");
	for (uint32_t i = 0; i < exchange_hub(x)->session_count; i++) {
		if (!row_of(&row, x, e, i))
			continue;
		if (e->form == VIEW_JSON)
			exit_json(&j, &row);
		else if (e->form == VIEW_CSV)
			exit_csv(out, &row);
		else
			exit_text(out, &row);
	}
	if (e->form != VIEW_JSON)
		return;
	json_array_end(&j);
	buf_str(out, "\n");
}

static bool
count_on(struct view_exchange_rest *rest, struct exchange *x, struct buf *out)
{
	struct exits *e = (struct exits *)rest;
	if (e->ended)
		return false;
	if (!e->routes) {
		e->slots = exchange_slots(x);
		e->routes = calloc(e->slots + 1u, sizeof(*e->routes));
		if (!e->routes) {
			out->failed = e->ended = true;
			return true;
		}
	}
	if (rib_steer_count_next(exchange_rib(x, families[e->family]), &e->at, VIEW_STRETCH,
				 e->routes, e->slots))
		return true;
	e->at = 0;
	if (++e->family < 2)
		return true;
	e->ended = true;
	write_exits(e, x, out);
	return true;
}

static void
exits_free(struct view_exchange_rest *rest)
{
	struct exits *e = (struct exits *)rest;
	free(e->routes);
	free(e);
}

int
view_steer_exits(struct view_exchange_rest **rest, enum view_form form)
{
	struct exits *e = calloc(1, sizeof(*e));
	if (!e)
		return -1;
	e->rest = (struct view_exchange_rest){count_on, exits_free};
	e->form = form;
	*rest = &e->rest;
	return 0;
}

/* --- changes --- */

/* "12 us", "3.4 ms", "2.1 s" */
static void
put_us(struct buf *out, uint64_t us)
{
	if (us < 1000)
		buf_printf(out, "%" PRIu64 " us", us);
	else if (us < 1000000)
		buf_printf(out, "%.1f ms", (double)us / 1e3);
	else
		buf_printf(out, "%.1f s", (double)us / 1e6);
}

/* From the event to the decision and to here, where the clocks of both agree. */
static bool
is_dated(const struct exchange_steer_change *c)
{
	return c->event_us && c->event_us <= c->made_us && c->made_us <= c->taken_us;
}

void
view_steer_times(struct buf *out, const struct exchange_steer_change *c, size_t indent)
{
	struct buf text = {0};
	if (is_dated(c)) {
		buf_str(&text, "decided ");
		put_us(&text, c->made_us - c->event_us);
		buf_str(&text, " after the event, here after ");
		put_us(&text, c->taken_us - c->event_us);
		buf_str(&text, "; ");
	}
	if (c->first_us < 0) {
		buf_str(&text, c->is_sent ? "nothing to tell" : "nothing told yet");
	} else {
		buf_str(&text, "first UPDATE ");
		put_us(&text, (uint64_t)c->first_us);
		buf_str(&text, c->is_sent ? ", last " : ", latest ");
		put_us(&text, (uint64_t)c->last_us);
		buf_str(&text, " later");
	}
	buf_u8(&text, 0);
	buf_printf(out, "%*s", (int)indent, "");
	view_wrapped(out, text.failed ? "" : (const char *)text.data, indent, indent);
	buf_fini(&text);
}

static void
put_time(struct json *j, const char *key, int64_t us)
{
	if (us < 0)
		json_null(j, key);
	else
		json_i64(j, key, us);
}

static void
change_json(struct json *j, const struct exchange_steer_change *c)
{
	bool dated = is_dated(c);
	json_object(j, NULL);
	json_u64(j, "number", c->number);
	json_str(j, "why", c->why);
	json_utc(j, "taken", (struct utc_s){(int64_t)(c->taken_us / 1000000)});
	put_time(j, "event_to_decision_us", dated ? (int64_t)(c->made_us - c->event_us) : -1);
	put_time(j, "decision_to_taken_us", dated ? (int64_t)(c->taken_us - c->made_us) : -1);
	put_time(j, "taken_to_first_us", c->first_us);
	put_time(j, "taken_to_last_us", c->last_us);
	json_bool(j, "sent", c->is_sent);
	json_u64(j, "moved_ipv4", c->moved[0]);
	json_u64(j, "moved_ipv6", c->moved[1]);
	json_u64(j, "routes_to", c->routes_to);
	json_u64(j, "routes_from", c->routes_from);
	json_object_end(j);
}

static void
put_csv_time(struct buf *out, int64_t us)
{
	if (us >= 0)
		buf_printf(out, "%" PRId64, us);
	buf_u8(out, ',');
}

static void
change_csv(struct buf *out, const struct exchange_steer_change *c)
{
	bool dated = is_dated(c);
	buf_printf(out, "%" PRIu64 ",%" PRIu64 ",", c->number, c->taken_us);
	put_csv_time(out, dated ? (int64_t)(c->made_us - c->event_us) : -1);
	put_csv_time(out, dated ? (int64_t)(c->taken_us - c->made_us) : -1);
	put_csv_time(out, c->first_us);
	put_csv_time(out, c->last_us);
	buf_printf(out, "%s,%u,%u,%" PRIu64 ",%" PRIu64 ",", c->is_sent ? "yes" : "no", c->moved[0],
		   c->moved[1], c->routes_to, c->routes_from);
	view_csv_field(out, c->why);
	buf_u8(out, '\n');
}

static void
change_text(struct buf *out, const struct exchange_steer_change *c)
{
	char when[CLOCK_TEXT];
	utc_format(when, (struct utc_s){(int64_t)(c->taken_us / 1000000)});
	buf_printf(out, "%s  ", when);
	view_wrapped(out, c->why, 22, 22);
	buf_printf(out, "    %" PRIu64 " routes to other exits, of %u IPv4 and %u IPv6 prefixes\n",
		   c->routes_to, c->moved[0], c->moved[1]);
	view_steer_times(out, c, 4);
}

void
view_steer_changes(struct buf *out, const struct exchange *x, enum view_form form)
{
	struct json j = json_to(out);
	const struct exchange_steer_change *c;
	if (form == VIEW_JSON)
		json_array(&j, NULL);
	else if (form == VIEW_CSV)
		buf_str(out, "number,taken_us,event_to_decision_us,decision_to_taken_us,"
			     "taken_to_first_us,taken_to_last_us,sent,moved_ipv4,moved_ipv6,"
			     "routes_to,routes_from,why\n");
	for (size_t i = 0; (c = exchange_steer_change_at(x, i)) != NULL; i++) {
		if (form == VIEW_JSON)
			change_json(&j, c);
		else if (form == VIEW_CSV)
			change_csv(out, c);
		else
			change_text(out, c);
	}
	if (form == VIEW_JSON) {
		json_array_end(&j);
		buf_str(out, "\n");
	} else if (form == VIEW_TEXT && !exchange_steer_change_at(x, 0)) {
		buf_str(out, "nothing was steered yet\n");
	}
}
