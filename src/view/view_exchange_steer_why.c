/* Why a session takes this exit for a prefix: all paths of the hub's own AS in the order in which it looks at them,
 * with the way to each exit and what removed it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "view/view_exchange_parts.h"
#include "view/view_text.h"

enum { CANDIDATES_MAX = 128 };

void
view_steer_way(struct json *j, const struct steer_plan *plan, const struct steer_choice *choice)
{
	json_array(j, "way");
	for (uint32_t i = 0; choice && i < choice->step_count; i++)
		json_str(j, NULL, plan->segments[plan->steps[choice->first_step + i]]);
	json_array_end(j);
}

void
view_steer_choice(struct json *j, const struct steer_plan *plan, const struct steer_choice *choice)
{
	json_object(j, NULL);
	json_str(j, "exit", plan->exits[choice->exit].session);
	json_str(j, "site", plan->sites[plan->exits[choice->exit].site]);
	json_u64(j, "metric", choice->metric);
	json_u64(j, "latency_us", choice->latency_us);
	json_u64(j, "price_microusd", choice->price);
	json_bool(j, "closed", choice->flags & STEER_CLOSED);
	json_bool(j, "backup", choice->flags & STEER_BACKUP);
	json_bool(j, "full", choice->flags & STEER_FULL);
	json_bool(j, "estimated", choice->flags & STEER_ESTIMATED);
	view_steer_way(j, plan, choice);
	json_object_end(j);
}

void
view_steer_way_text(struct buf *out, const struct steer_plan *plan,
		    const struct steer_choice *choice)
{
	for (uint32_t i = 0; i < choice->step_count; i++)
		buf_printf(out, "%s%s", i ? ", " : "",
			   plan->segments[plan->steps[choice->first_step + i]]);
}

/* --- what is asked --- */

struct why {
	const struct exchange *x;
	const struct rib *rib;
	const struct steer_plan *plan; /* gone by; or NULL */
	struct prefix prefix;
	enum view_form form;
	struct buf *out;
	struct json json;
	bool full; /* all candidates, in text; else a line a session */
};

/* A session, and its candidates. */
struct hearer {
	unsigned slot;
	const struct hub_session *session;
	const struct hub_member *member;
	const char *site;
	struct rib_steer_candidate list[CANDIDATES_MAX];
	size_t count;
};

static const char *const fates[] = {
	[RIB_STEER_TAKEN] = "taken",       [RIB_STEER_ALSO] = "sent too",
	[RIB_STEER_REFUSED] = "refused",   [RIB_STEER_NOT_FOR] = "not for it",
	[RIB_STEER_STALE] = "stale",       [RIB_STEER_LOCAL_PREF] = "local-pref",
	[RIB_STEER_CLOSED] = "closed",     [RIB_STEER_PATH] = "as-path",
	[RIB_STEER_ORIGIN] = "origin",     [RIB_STEER_MED] = "med",
	[RIB_STEER_INTERNAL] = "internal", [RIB_STEER_COST] = "farther",
	[RIB_STEER_LAST] = "router-id",
};

static const char *const reasons[] = {
	[RIB_STEER_TAKEN] = "taken",
	[RIB_STEER_ALSO] = "sent beside the first (ADD-PATH)",
	[RIB_STEER_REFUSED] = "refused: nobody gets it",
	[RIB_STEER_NOT_FOR] = "not for this session: from itself, or kept from it by policy",
	[RIB_STEER_STALE] = "stale for long",
	[RIB_STEER_LOCAL_PREF] = "LOCAL_PREF is lower",
	[RIB_STEER_CLOSED] = "the exit is closed from here",
	[RIB_STEER_PATH] = "the AS path is longer",
	[RIB_STEER_ORIGIN] = "the origin is worse",
	[RIB_STEER_MED] = "another path of the same neighbour has a lower MED",
	[RIB_STEER_INTERNAL] = "an external path goes first",
	[RIB_STEER_COST] = "the exit is farther",
	[RIB_STEER_LAST] = "equal up to the router id, the clusters and the address",
};

static const char *
site_of(const struct exchange *x, const struct hub_session *session)
{
	const struct hub *hub = exchange_hub(x);
	uint32_t site = session->port < hub->port_count ? hub->ports[session->port].site : HUB_NONE;
	return site < hub->site_count ? hub->sites[site].id : "";
}

/* The session at the other end of a candidate, or NULL. */
static const struct hub_session *
exit_session(const struct why *w, const struct rib_steer_candidate *c)
{
	uint32_t session = exchange_session_at(w->x, c->slot);
	return session == HUB_NONE ? NULL : &exchange_hub(w->x)->sessions[session];
}

/* --- JSON --- */

static void
candidate_json(struct json *j, const struct why *w, const struct hearer *h, size_t rank)
{
	static const char *const origins[] = {"igp", "egp", "incomplete"};
	const struct rib_steer_candidate *c = &h->list[rank];
	const struct hub_session *exit = exit_session(w, c);
	const struct steer_choice *choice =
		w->plan ? exchange_steer_choice(w->x, h->slot, c->slot) : NULL;
	json_object(j, NULL);
	json_u64(j, "rank", rank + 1);
	json_str(j, "exit", exit ? exit->id : NULL);
	json_str(j, "site", exit ? site_of(w->x, exit) : NULL);
	json_u64(j, "member_asn", exchange_asn_at(w->x, c->slot).number);
	json_bool(j, "taken", c->fate == RIB_STEER_TAKEN);
	json_str(j, "fate", fates[c->fate]);
	json_str(j, "why", reasons[c->fate]);
	json_u64(j, "local_pref", c->local_pref);
	json_u64(j, "as_hops", c->hops);
	json_str(j, "origin", c->origin < 3 ? origins[c->origin] : "?");
	json_u64(j, "med", c->med);
	if (choice) {
		json_u64(j, "metric", choice->metric);
		json_u64(j, "latency_us", choice->latency_us);
		json_bool(j, "closed", choice->flags & STEER_CLOSED);
		json_bool(j, "backup", choice->flags & STEER_BACKUP);
		json_bool(j, "full", choice->flags & STEER_FULL);
		json_bool(j, "estimated", choice->flags & STEER_ESTIMATED);
	} else {
		json_null(j, "metric");
		json_null(j, "latency_us");
		json_bool(j, "closed", c->cost == RIB_CLOSED);
	}
	view_steer_way(j, w->plan, choice);
	json_object_end(j);
}

static void
hearer_json(struct why *w, const struct hearer *h)
{
	struct json *j = &w->json;
	const struct steer_ingress *row = exchange_steer_row(w->x, h->slot);
	json_object(j, NULL);
	json_str(j, "session", h->session->id);
	json_u64(j, "member_asn", h->member->asn.number);
	json_str(j, "site", h->site);
	json_bool(j, "by_plan", row != NULL);
	json_bool(j, "own_row", row && row->member.number);
	json_array(j, "paths");
	for (size_t i = 0; i < h->count; i++)
		candidate_json(j, w, h, i);
	json_array_end(j);
	json_object_end(j);
}

/* --- CSV, text --- */

static void
hearer_csv(const struct why *w, const struct hearer *h)
{
	for (size_t i = 0; i < h->count; i++) {
		const struct rib_steer_candidate *c = &h->list[i];
		const struct hub_session *exit = exit_session(w, c);
		const struct steer_choice *choice =
			w->plan ? exchange_steer_choice(w->x, h->slot, c->slot) : NULL;
		view_csv_field(w->out, h->session->id);
		buf_printf(w->out, ",%u,", h->member->asn.number);
		view_csv_field(w->out, h->site);
		buf_printf(w->out, ",%zu,", i + 1);
		view_csv_field(w->out, exit ? exit->id : "");
		buf_printf(w->out, ",%s,%" PRIu32 ",%u,%" PRIu32 ",", fates[c->fate], c->local_pref,
			   c->hops, c->med);
		if (choice)
			buf_printf(w->out, "%" PRIu32 ",%" PRIu32, choice->metric,
				   choice->latency_us);
		else
			buf_str(w->out, ",");
		buf_u8(w->out, '\n');
	}
}

/* The exit that the plan puts first, whoever announces the prefix. */
static const char *
first_of_plan(const struct why *w, unsigned slot)
{
	const struct steer_ingress *row = exchange_steer_row(w->x, slot); /* it has a choice */
	return w->plan->exits[w->plan->choices[row->first_choice].exit].session;
}

/* "LOCAL_PREF 100, 2 in the path, metric 40000, 40.000 ms over C01, C07" */
static void
facts_text(const struct why *w, const struct hearer *h, const struct rib_steer_candidate *c)
{
	struct buf text = {0};
	const struct steer_choice *choice =
		w->plan ? exchange_steer_choice(w->x, h->slot, c->slot) : NULL;
	buf_printf(&text, "LOCAL_PREF %" PRIu32 ", %u in the path", c->local_pref, c->hops);
	if (c->med)
		buf_printf(&text, ", MED %" PRIu32, c->med);
	if (choice && !(choice->flags & STEER_CLOSED)) {
		buf_printf(&text, ", metric %" PRIu32 ", %u.%03u ms", choice->metric,
			   choice->latency_us / 1000, choice->latency_us % 1000);
		if (choice->step_count)
			buf_str(&text, " over ");
		view_steer_way_text(&text, w->plan, choice);
		if (choice->flags & STEER_BACKUP)
			buf_printf(&text, "; shares no risk with the way to %s",
				   first_of_plan(w, h->slot));
		if (choice->flags & STEER_FULL)
			buf_str(&text, "; full");
		if (choice->flags & STEER_ESTIMATED)
			buf_str(&text, "; by estimate");
	}
	buf_u8(&text, 0);
	buf_str(w->out, "      ");
	view_wrapped(w->out, text.failed ? "" : (const char *)text.data, 6, 6);
	buf_fini(&text);
}

static void
candidate_text(const struct why *w, const struct hearer *h, size_t rank)
{
	char text[VIEW_AGE_TEXT];
	const struct rib_steer_candidate *c = &h->list[rank];
	const struct hub_session *exit = exit_session(w, c);
	(void)snprintf(text, sizeof(text), "%zu", rank + 1);
	view_cell(w->out, text, -4);
	buf_str(w->out, "  ");
	view_cell(w->out, exit ? exit->id : "?", 16);
	buf_u8(w->out, ' ');
	view_cell(w->out, exit ? site_of(w->x, exit) : "", 8);
	buf_u8(w->out, ' ');
	view_cell(w->out, view_asn(text, exchange_asn_at(w->x, c->slot)), 12);
	buf_u8(w->out, ' ');
	view_wrapped(w->out, reasons[c->fate], 45, 45);
	facts_text(w, h, c);
}

static void
hearer_text(const struct why *w, const struct hearer *h)
{
	const struct steer_ingress *row = exchange_steer_row(w->x, h->slot);
	char asn[VIEW_ASN_TEXT];
	if (!w->full) {
		bool any = h->count && h->list[0].fate == RIB_STEER_TAKEN;
		const struct hub_session *exit = any ? exit_session(w, &h->list[0]) : NULL;
		view_cell(w->out, h->session->id, 16);
		buf_u8(w->out, ' ');
		view_cell(w->out, h->site, 8);
		buf_u8(w->out, ' ');
		view_cell(w->out, view_asn(asn, h->member->asn), 12);
		buf_printf(w->out, " %s", any ? "takes " : "takes none");
		if (exit)
			buf_printf(w->out, "%s at %s", exit->id, site_of(w->x, exit));
		buf_str(w->out, row || !any ? "\n" : ", by plain BGP\n");
		return;
	}
	buf_printf(w->out, "%s at %s (%s %s), %s\n", h->session->id, *h->site ? h->site : "?",
		   view_asn(asn, h->member->asn), h->member->name,
		   !row                 ? "by plain BGP"
		   : row->member.number ? "by a row of its own"
					: "by the row of its site");
	for (size_t i = 0; i < h->count; i++)
		candidate_text(w, h, i);
	if (!h->count)
		buf_str(w->out, "      no path\n");
}

/* --- all of it --- */

static void
begin(struct why *w)
{
	char prefix[PREFIX_TEXT];
	struct exchange_steering s = exchange_steering_of(w->x);
	prefix_format(prefix, w->prefix);
	if (w->form == VIEW_JSON) {
		json_object(&w->json, NULL);
		json_prefix(&w->json, "prefix", w->prefix);
		json_str(&w->json, "state", exchange_steer_state_name(s.state));
		json_u64(&w->json, "number", s.plan ? s.plan->number : 0);
		json_array(&w->json, "sessions");
	} else if (w->form == VIEW_CSV) {
		buf_str(w->out, "session,member_asn,site,rank,exit,fate,local_pref,as_hops,med,"
				"metric,latency_us\n");
	} else if (s.plan) {
		buf_printf(w->out, "%s, plan %" PRIu64 " (%s)\n", prefix, s.plan->number,
			   exchange_steer_state_name(s.state));
	} else {
		buf_printf(w->out, "%s, without a plan\n", prefix);
	}
}

static void
each_session(struct why *w, uint32_t member)
{
	const struct hub *hub = exchange_hub(w->x);
	static struct hearer h; /* some kilobytes */
	for (uint32_t i = 0; i < hub->session_count; i++) {
		int slot = exchange_slot_of(w->x, i);
		const struct hub_session *session = &hub->sessions[i];
		if (slot < 0 || session->transit == HUB_AS_NONE ||
		    (member != HUB_NONE && session->member != member))
			continue;
		h.slot = (unsigned)slot;
		h.session = session;
		h.member = &hub->members[session->member];
		h.site = site_of(w->x, session);
		h.count = rib_steer_candidates(w->rib, w->prefix, h.slot, h.list, CANDIDATES_MAX);
		if (w->form == VIEW_JSON)
			hearer_json(w, &h);
		else if (w->form == VIEW_CSV)
			hearer_csv(w, &h);
		else
			hearer_text(w, &h);
	}
}

int
view_steer_why(struct buf *out, const struct exchange *x, enum view_form form, const char *query,
	       uint32_t member, struct view_complaint *complaint)
{
	struct why w = {.x = x, .form = form, .out = out, .json = json_to(out)};
	struct exchange_steering s = exchange_steering_of(x);
	bool exact;
	if (view_route_find(x, query, &w.prefix, &exact, complaint) < 0)
		return -1;
	w.full = member != HUB_NONE;
	w.rib = exchange_rib(x, (enum ip_family)w.prefix.ip.family);
	w.plan = s.plan;
	begin(&w);
	each_session(&w, member);
	if (form == VIEW_JSON) {
		json_array_end(&w.json);
		json_object_end(&w.json);
		buf_str(out, "\n");
	}
	return 0;
}
