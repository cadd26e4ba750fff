/* What an order about the corridor would do, to whom. */
#include <stdio.h>
#include <string.h>

#include "view/view_corridor_change.h"
#include "view/view_corridor_steer.h"
#include "view/view_corridor_turn.h"

enum { NUMBER = 32 };

enum {
	ROWS_MAX = 40, /* of text */
	WAY_MAX = 512, /* segments of a way that is shown */
};

/* An exit as an ingress sees it, before and after; NULL: closed. */
struct move {
	const struct steer_ingress *ingress;
	const struct steer_choice *before, *after;
	uint32_t exit;
};

static const struct steer_choice *
open_choice(const struct steer_plan *plan, size_t ingress, uint32_t exit)
{
	const struct steer_choice *choice = steer_choice_of(plan, &plan->ingresses[ingress], exit);
	return choice && !(choice->flags & STEER_CLOSED) ? choice : NULL;
}

static bool
same_way(const struct view_corridor_preview *p, const struct steer_choice *a,
	 const struct steer_choice *b)
{
	if (!a || !b)
		return a == b;
	return (a->flags & STEER_FULL) == (b->flags & STEER_FULL) &&
	       a->step_count == b->step_count &&
	       memcmp(p->plan->steps + a->first_step, p->next->steps + b->first_step,
		      a->step_count * sizeof(uint32_t)) == 0;
}

/* The next that moves after *at, which begins as 0. False at the end. */
static bool
next_move(const struct view_corridor_preview *p, size_t *at, struct move *out)
{
	size_t exits = p->plan ? p->plan->exit_count : 0;
	while (p->plan && *at < p->plan->ingress_count * exits) {
		size_t ingress = *at / exits;
		uint32_t exit = (uint32_t)(*at % exits);
		*out = (struct move){&p->plan->ingresses[ingress],
				     open_choice(p->plan, ingress, exit),
				     open_choice(p->next, ingress, exit), exit};
		++*at;
		if (!same_way(p, out->before, out->after))
			return true;
	}
	return false;
}

/* Ingresses whose first upstream is another, or none. */
static size_t
count_turned(const struct view_corridor_preview *p)
{
	size_t turned = 0;
	for (size_t i = 0; p->plan && i < p->plan->ingress_count; i++)
		turned += corridor_steer_first(p->steer, i) != corridor_steer_first(p->ahead, i);
	return turned;
}

/* The cable that a segment is part of; NULL: of none. */
static const struct hub_cable *
cable_of(const struct view_corridor_preview *p, size_t segment)
{
	uint32_t cable = p->corridor->segments[segment].cable;
	return cable == HUB_NONE ? NULL : &p->hub->cables[cable];
}

static const char *
member_name(const struct hub *hub, struct asn asn)
{
	uint32_t member = asn.number ? hub_member_by_asn(hub, asn) : HUB_NONE;
	return member == HUB_NONE ? NULL : hub->members[member].name;
}

/* The segments of a choice as those of the hub. Returns how many. */
static size_t
segments_of(uint32_t out[WAY_MAX], const struct view_corridor_preview *p,
	    const struct steer_plan *plan, const struct steer_choice *choice)
{
	size_t count = 0;
	for (uint32_t i = 0; choice && i < choice->step_count && count < WAY_MAX; i++) {
		uint32_t segment = hub_segment_by_id(
			p->hub, plan->segments[plan->steps[choice->first_step + i]]);
		if (segment != HUB_NONE)
			out[count++] = segment;
	}
	return count;
}

static void
end_json(struct json *j, const char *key, const struct view_corridor_preview *p,
	 const struct steer_plan *plan, const struct steer_choice *choice)
{
	uint32_t segments[WAY_MAX];
	size_t count = segments_of(segments, p, plan, choice);
	if (!choice) {
		json_null(j, key);
		return;
	}
	json_object(j, key);
	json_u64(j, "latency_us", choice->latency_us);
	json_u64(j, "price_microusd", choice->price);
	json_bool(j, "full", choice->flags & STEER_FULL);
	view_number_json(j, "length_km", view_turned_km(p->corridor, segments, count));
	view_segments_json(j, "way", p->hub, segments, count);
	json_object_end(j);
}

static bool
gets_over(const struct view_corridor_preview *p, uint32_t segment)
{
	return p->ahead && corridor_steer_is_over(p->ahead, segment) &&
	       !corridor_steer_is_over(p->steer, segment);
}

static void
as_json(struct buf *out, const struct view_corridor_preview *p)
{
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_array(&j, "segments");
	for (size_t i = 0; i < p->hub->segment_count; i++) {
		if (p->before[i] == p->after[i])
			continue;
		json_object(&j, NULL);
		const struct hub_cable *cable = cable_of(p, i);
		json_str(&j, "segment", p->hub->segments[i].id);
		json_str(&j, "name", p->hub->segments[i].name);
		json_str(&j, "cable", cable ? cable->id : NULL);
		json_str(&j, "cable_name", cable ? cable->name : NULL);
		json_str(&j, "before", corridor_live_word(p->before[i]));
		json_str(&j, "after", corridor_live_word(p->after[i]));
		json_object_end(&j);
	}
	json_array_end(&j);
	struct view_color_change colors = {p->colors, p->colored};
	view_change_json(&j, p->corridor, p->change);
	view_color_change_json(&j, p->hub, &colors);
	json_array(&j, "moves");
	struct move m;
	for (size_t at = 0; next_move(p, &at, &m);) {
		json_object(&j, NULL);
		json_str(&j, "site", p->plan->sites[m.ingress->site]);
		json_u64(&j, "member_asn", m.ingress->member.number);
		json_str(&j, "member", member_name(p->hub, m.ingress->member));
		json_str(&j, "exit", p->plan->exits[m.exit].session);
		end_json(&j, "before", p, p->plan, m.before);
		end_json(&j, "after", p, p->next, m.after);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_array(&j, "overloaded");
	for (uint32_t i = 0; i < p->hub->segment_count; i++)
		if (gets_over(p, i))
			json_str(&j, NULL, p->hub->segments[i].id);
	json_array_end(&j);
	json_u64(&j, "turned", count_turned(p));
	json_object_end(&j);
	buf_str(out, "\n");
}

static const char *
ms_text(char out[NUMBER], const struct steer_choice *choice)
{
	(void)snprintf(out, NUMBER, choice ? "%u.%03u ms" : "closed",
		       choice ? choice->latency_us / 1000 : 0,
		       choice ? choice->latency_us % 1000 : 0);
	return out;
}

/* What a Mbit/s costs more a month, in US dollars. */
static const char *
dearer_text(char out[NUMBER], const struct steer_choice *a, const struct steer_choice *b)
{
	if (a && b)
		(void)snprintf(out, NUMBER, "%+.4f $", ((double)b->price - (double)a->price) / 1e6);
	else
		(void)snprintf(out, NUMBER, "%s", "");
	return out;
}

/* "AS64501 Indus Broadband"; returns `out`. */
static const char *
member_text(char out[64], const struct hub *hub, struct asn asn)
{
	const char *name = member_name(hub, asn);
	if (!asn.number)
		return "all";
	(void)snprintf(out, 64, "AS%u %.48s", (unsigned)asn.number, name ? name : "");
	return out;
}

/* What of the way changes, or that there is no room on it any more, or again. */
static void
move_turned(struct buf *out, const struct view_corridor_preview *p, const struct move *m)
{
	uint32_t before[WAY_MAX], after[WAY_MAX];
	const struct view_turned turned = {before, after,
					   segments_of(before, p, p->plan, m->before),
					   segments_of(after, p, p->next, m->after)};
	bool was_full = m->before && m->before->flags & STEER_FULL;
	bool is_full = m->after && m->after->flags & STEER_FULL;
	view_turned_text(out, p->corridor, &turned, 8);
	if (m->before && m->after && was_full != is_full)
		buf_printf(out, "        %s\n", is_full ? "full then" : "no longer full");
}

/* Lines for each that moves; returns how many. */
static size_t
moves_text(struct buf *out, const struct view_corridor_preview *p)
{
	size_t moves = 0;
	struct move m;
	for (size_t at = 0; next_move(p, &at, &m);) {
		char text[NUMBER], whose[64];
		if (!moves++)
			buf_str(out, "\nfrom    member                to                   now   "
				     "      then       price\n");
		if (moves > ROWS_MAX)
			continue;
		view_cell(out, p->plan->sites[m.ingress->site], 7);
		buf_str(out, " ");
		view_cell(out, member_text(whose, p->hub, m.ingress->member), 21);
		buf_str(out, " ");
		view_cell(out, p->plan->exits[m.exit].session, 12);
		view_cell(out, ms_text(text, m.before), -12);
		view_cell(out, ms_text(text, m.after), -13);
		view_cell(out, dearer_text(text, m.before, m.after), -12);
		view_end_line(out);
		move_turned(out, p, &m);
	}
	if (moves > ROWS_MAX)
		buf_printf(out, "and %zu more\n", moves - ROWS_MAX);
	return moves;
}

/* "M07 Karachi-Djibouti, of AAE-1: cut, now up" */
static void
segment_text(struct buf *out, const struct view_corridor_preview *p, size_t segment)
{
	const struct hub_segment *s = &p->hub->segments[segment];
	const struct hub_cable *cable = cable_of(p, segment);
	const char *of = !cable ? NULL : cable->name ? cable->name : cable->id;
	if (of && s->name && strcmp(of, s->name) == 0)
		of = NULL;
	char line[256];
	(void)snprintf(line, sizeof(line), "%s%s%.90s%s%.90s: %s, now %s", s->id,
		       s->name ? " " : "", s->name ? s->name : "", of ? ", of " : "", of ? of : "",
		       corridor_live_word(p->after[segment]),
		       corridor_live_word(p->before[segment]));
	view_wrapped(out, line, 0, 2);
}

static void
as_text(struct buf *out, const struct view_corridor_preview *p)
{
	size_t segments = 0;
	for (size_t i = 0; i < p->hub->segment_count; i++) {
		if (p->before[i] == p->after[i])
			continue;
		segments++;
		segment_text(out, p, i);
	}
	if (!segments)
		buf_str(out, "no segment changes\n");
	struct view_color_change colors = {p->colors, p->colored};
	view_change_text(out, p->corridor, p->change);
	view_change_protected_text(out, p->corridor->hub);
	view_color_change_text(out, p->corridor, &colors);
	if (!moves_text(out, p))
		buf_str(out, "\nno way of the hub's own AS moves\n");
	else
		buf_printf(out, "\nfirst upstreams that change: %zu\n", count_turned(p));
	for (uint32_t i = 0; i < p->hub->segment_count; i++) {
		char rate[VIEW_RATE_TEXT];
		if (gets_over(p, i))
			buf_printf(out, "%s gets more than its limit: %s\n", p->hub->segments[i].id,
				   view_rate(rate, corridor_steer_laid_bps(p->ahead, i)));
	}
}

void
view_corridor_preview(struct buf *out, const struct view_corridor_preview *preview,
		      enum view_corridor_form form)
{
	if (form == VIEW_CORRIDOR_JSON)
		as_json(out, preview);
	else if (form == VIEW_CORRIDOR_CSV)
		view_change_csv(out, preview->corridor, preview->change);
	else
		as_text(out, preview);
}
