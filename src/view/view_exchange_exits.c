/* Which exit sessions of the hub's own AS take for a prefix, now and in a world that is supposed: where it is, how far, and
 * with what the path comes to them. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "exchange/exchange_steer.h"
#include "view/view_exchange_question.h"
#include "view/view_text.h"

enum { SESSIONS_MAX = 40 }; /* of text */

/* What a session takes in one of the worlds. */
struct taken {
	int way; /* -1: none */
	const struct hub_session *exit;
	const char *site;
	const struct steer_plan *plan;     /* of `choice` */
	const struct steer_choice *choice; /* NULL: no plan says how far it is */
	uint32_t local_pref;
	struct ip next_hop;
	bool has_med;
	uint32_t med;
};

static const char *
site_of(const struct exchange *x, const struct hub_session *session)
{
	const struct hub *hub = exchange_hub(x);
	uint32_t site = session->port < hub->port_count ? hub->ports[session->port].site : HUB_NONE;
	return site < hub->site_count ? hub->sites[site].id : "";
}

/* False without memory. */
static bool
look(struct taken *out, const struct view_ways *all, unsigned slot)
{
	*out = (struct taken){.way = view_ways_first(all, slot)};
	if (out->way < 0)
		return true;
	const struct view_way *way = &all->ways[out->way];
	struct bgp_attrs sent;
	struct buf scratch = {0};
	bool done = view_ways_sent(all, (size_t)out->way, slot, &sent, &scratch);
	if (way->session != HUB_NONE) {
		out->exit = &exchange_hub(all->x)->sessions[way->session];
		out->site = site_of(all->x, out->exit);
	}
	out->plan = all->plan ? all->plan : exchange_steering_of(all->x).plan;
	out->choice =
		all->plan ? exchange_steer_sight_by(all->x, all->plan, slot, way->path.slot).choice
			  : exchange_steer_choice(all->x, slot, way->path.slot);
	out->local_pref = way->local_pref;
	if (done) {
		out->next_hop = sent.next_hop;
		out->has_med = sent.has_med;
		out->med = sent.med;
	}
	buf_fini(&scratch);
	return done;
}

static bool
same_segments(const struct taken *a, const struct taken *b)
{
	if (!a->choice || !b->choice)
		return a->choice == b->choice;
	bool same = a->choice->step_count == b->choice->step_count;
	for (uint32_t i = 0; same && i < a->choice->step_count; i++)
		same = strcmp(a->plan->segments[a->plan->steps[a->choice->first_step + i]],
			      b->plan->segments[b->plan->steps[b->choice->first_step + i]]) == 0;
	return same;
}

static bool
same_taken(const struct taken *a, const struct taken *b)
{
	if (a->way < 0 || b->way < 0)
		return a->way == b->way;
	return a->exit == b->exit && a->local_pref == b->local_pref &&
	       ip_equal(a->next_hop, b->next_hop) && a->has_med == b->has_med &&
	       (!a->has_med || a->med == b->med) && same_segments(a, b);
}

static void
taken_json(struct json *j, const char *key, const struct taken *t)
{
	if (t->way < 0) {
		json_null(j, key);
		return;
	}
	json_object(j, key);
	json_str(j, "exit", t->exit ? t->exit->id : NULL);
	json_str(j, "site", t->site);
	if (t->choice) {
		json_u64(j, "metric", t->choice->metric);
		json_u64(j, "latency_us", t->choice->latency_us);
	} else {
		json_null(j, "metric");
		json_null(j, "latency_us");
	}
	view_steer_way(j, t->plan, t->choice);
	json_u64(j, "local_pref", t->local_pref);
	json_ip(j, "next_hop", t->next_hop);
	if (t->has_med)
		json_u64(j, "med", t->med);
	else
		json_null(j, "med");
	json_object_end(j);
}

/* "u2 at SIN, 40.000 ms over M08; LOCAL_PREF 50, next hop 192.0.2.101, MED 40000" */
static void
taken_text(struct buf *out, const char *when, const struct taken *t)
{
	char text[IP_TEXT];
	struct buf line = {0};
	buf_printf(&line, "%s", when);
	if (t->way < 0) {
		buf_str(&line, "none");
	} else {
		buf_printf(&line, "%s", t->exit ? t->exit->id : "?");
		if (t->site && *t->site)
			buf_printf(&line, " at %s", t->site);
		if (t->choice)
			buf_printf(&line, ", %u.%03u ms", t->choice->latency_us / 1000,
				   t->choice->latency_us % 1000);
		if (t->choice && t->choice->step_count) {
			buf_str(&line, " over ");
			view_steer_way_text(&line, t->plan, t->choice);
		}
		buf_printf(&line, "; LOCAL_PREF %" PRIu32 ", next hop %s", t->local_pref,
			   ip_format(text, t->next_hop));
		if (t->has_med)
			buf_printf(&line, ", MED %" PRIu32, t->med);
	}
	buf_u8(&line, 0);
	buf_str(out, "      ");
	view_wrapped(out, line.failed ? "" : (const char *)line.data, 6, 12);
	buf_fini(&line);
}

static void
session_json(struct json *j, const struct exchange *x, const struct hub_session *session,
	     const struct taken taken[2])
{
	json_object(j, NULL);
	json_str(j, "session", session->id);
	json_u64(j, "member_asn", exchange_hub(x)->members[session->member].asn.number);
	json_str(j, "site", site_of(x, session));
	json_bool(j, "same", same_taken(&taken[0], &taken[1]));
	taken_json(j, "now", &taken[0]);
	taken_json(j, "then", &taken[1]);
	json_object_end(j);
}

static void
session_text(struct buf *out, const struct exchange *x, const struct hub_session *session,
	     const struct taken taken[2])
{
	const struct hub_member *member = &exchange_hub(x)->members[session->member];
	const char *site = site_of(x, session);
	buf_printf(out, "    %s%s%s of AS%" PRIu32 " %.40s%s\n", session->id, *site ? " at " : "",
		   site, member->asn.number, member->name,
		   same_taken(&taken[0], &taken[1]) ? ": nothing changes" : "");
	taken_text(out, "now   ", &taken[0]);
	taken_text(out, "then  ", &taken[1]);
}

void
view_explain_exits(struct buf *out, struct json *j, const struct view_worlds *worlds, uint32_t to)
{
	const struct hub *hub = exchange_hub(worlds->x);
	const struct view_ways now = view_worlds_now(worlds), then = view_worlds_then(worlds);
	size_t told = 0;
	if (j)
		json_array(j, "exits");
	for (uint32_t i = 0; i < hub->session_count; i++) {
		const struct hub_session *session = &hub->sessions[i];
		int slot = exchange_slot_of(worlds->x, i);
		struct taken taken[2];
		if (slot < 0 || session->transit == HUB_AS_NONE ||
		    (to != HUB_NONE && session->member != to) ||
		    !view_slot_hears(worlds->x, (unsigned)slot, worlds->family))
			continue;
		if (!look(&taken[0], &now, (unsigned)slot) ||
		    !look(&taken[1], &then, (unsigned)slot))
			out->failed = true;
		if (to == HUB_NONE && same_taken(&taken[0], &taken[1]))
			continue;
		if (j)
			session_json(j, worlds->x, session, taken);
		else if (!told)
			buf_str(out, "\n  Exits\n");
		if (!j && told < SESSIONS_MAX)
			session_text(out, worlds->x, session, taken);
		told++;
	}
	if (j)
		json_array_end(j);
	else if (told > SESSIONS_MAX)
		buf_printf(out, "    and %zu more\n", told - SESSIONS_MAX);
}
