/* To whom something happens when an order about the corridor is given: demands, and ways of colors. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "pcep/pcep_color.h"
#include "view/view_corridor_change.h"
#include "view/view_corridor_turn.h"

enum { DEMANDS_MAX = 40, COLORS_MAX = 20 }; /* of text */

/* --- demands --- */

static const struct hub_member *
member_of(const struct hub *hub, const struct hub_demand *demand)
{
	return demand->member == HUB_NONE ? NULL : &hub->members[demand->member];
}

/* Why it gets faster; NULL: it does not. */
static const char *
why_faster(const struct hub_demand *demand, const struct corridor_changed *c)
{
	if (!(c->more_ms.value < 0))
		return NULL;
	return demand->over_count                    ? "its contract binds it to a longer way"
	       : demand->protect != HUB_PROTECT_NONE ? "its protection had it go a longer way"
						     : "a shorter way is there";
}

void
view_segments_json(struct json *j, const char *key, const struct hub *hub, const uint32_t *segments,
		   size_t count)
{
	json_array(j, key);
	for (size_t i = 0; i < count; i++)
		json_str(j, NULL, hub->segments[segments[i]].id);
	json_array_end(j);
}

/* NAN: there is no way. */
static double
km_of(const struct corridor_plan *plan, const struct corridor_changed_way *way)
{
	return way->count ? view_turned_km(plan, way->segments, way->count) : NAN;
}

static void
demand_json(struct json *j, const struct corridor_plan *plan, const struct corridor_changed *c)
{
	const struct hub *hub = plan->hub;
	const struct hub_demand *d = &hub->demands[c->demand];
	const struct hub_member *member = member_of(hub, d);
	json_object(j, NULL);
	json_str(j, "id", d->id);
	json_str(j, "name", d->name);
	if (member)
		json_u64(j, "member_asn", member->asn.number);
	else
		json_null(j, "member_asn");
	json_str(j, "member", member ? member->name : NULL);
	json_u64(j, "before_bps", c->before_bps);
	json_u64(j, "after_bps", c->after_bps);
	view_range_json(j, "lost_gbps", c->lost_gbps, 3);
	view_number_json(j, "before_ms", c->before_ms);
	view_number_json(j, "after_ms", c->after_ms);
	view_range_json(j, "more_ms", c->more_ms, 3);
	json_bool(j, "moved", c->moved);
	json_str(j, "faster_why", why_faster(d, c));
	view_number_json(j, "before_km", km_of(plan, &c->before));
	view_number_json(j, "after_km", km_of(plan, &c->after));
	view_segments_json(j, "before_way", hub, c->before.segments, c->before.count);
	view_segments_json(j, "after_way", hub, c->after.segments, c->after.count);
	json_object_end(j);
}

void
view_change_json(struct json *j, const struct corridor_plan *plan,
		 const struct corridor_change *change)
{
	view_range_json(j, "lost_gbps", change->lost_gbps, 3);
	json_u64(j, "gained_bps", change->gained_bps);
	json_u64(j, "parted", change->parted);
	json_u64(j, "slower", change->slower);
	json_u64(j, "faster", change->faster);
	json_u64(j, "moved", change->moved);
	json_array(j, "demands");
	for (size_t i = 0; i < change->count; i++)
		demand_json(j, plan, &change->all[i]);
	json_array_end(j);
}

/* --- as CSV --- */

/* "M01 W05": with blanks between. */
static void
way_csv(struct buf *out, const struct hub *hub, const struct corridor_changed_way *way)
{
	struct buf ids = {0};
	for (uint32_t i = 0; i < way->count; i++)
		buf_printf(&ids, "%s%s", i ? " " : "", hub->segments[way->segments[i]].id);
	buf_u8(&ids, 0);
	buf_str(out, ",");
	view_csv_field(out, ids.failed ? "" : (const char *)ids.data);
	out->failed |= ids.failed;
	buf_fini(&ids);
}

static void
demand_csv(struct buf *out, const struct corridor_plan *plan, const struct corridor_changed *c)
{
	const struct hub *hub = plan->hub;
	const struct hub_demand *d = &hub->demands[c->demand];
	const struct hub_member *member = member_of(hub, d);
	const char *faster = why_faster(d, c);
	view_csv_field(out, d->id);
	buf_str(out, ",");
	view_csv_field(out, d->name ? d->name : "");
	buf_str(out, ",");
	if (member)
		buf_printf(out, "%u", (unsigned)member->asn.number);
	buf_str(out, ",");
	view_csv_field(out, member ? member->name : "");
	buf_printf(out, ",%llu,%llu", (unsigned long long)c->before_bps,
		   (unsigned long long)c->after_bps);
	view_range_csv(out, &c->lost_gbps);
	view_number_csv(out, c->before_ms);
	view_number_csv(out, c->after_ms);
	view_range_csv(out, &c->more_ms);
	buf_printf(out, ",%s,", c->moved ? "yes" : "no");
	view_csv_field(out, faster ? faster : "");
	view_number_csv(out, km_of(plan, &c->before));
	view_number_csv(out, km_of(plan, &c->after));
	way_csv(out, hub, &c->before);
	way_csv(out, hub, &c->after);
	buf_str(out, "\r\n");
}

void
view_change_csv(struct buf *out, const struct corridor_plan *plan,
		const struct corridor_change *change)
{
	buf_str(out, "demand,name,member_asn,member,before_bps,after_bps,lost_gbps,lost_gbps_low,"
		     "lost_gbps_high,before_ms,after_ms,more_ms,more_ms_low,more_ms_high,moved,"
		     "faster_why,before_km,after_km,before_way,after_way\r\n");
	for (size_t i = 0; i < change->count; i++)
		demand_csv(out, plan, &change->all[i]);
}

/* --- as text --- */

static void
demand_text(struct buf *out, const struct corridor_plan *plan, const struct corridor_changed *c)
{
	const struct hub *hub = plan->hub;
	const struct view_turned turned = {c->before.segments, c->after.segments, c->before.count,
					   c->after.count};
	const struct hub_demand *d = &hub->demands[c->demand];
	const struct hub_member *member = member_of(hub, d);
	char text[64], rate[VIEW_RATE_TEXT];
	double most = c->lost_gbps.high;
	(void)snprintf(text, sizeof(text), "%+.1f", c->more_ms.value);
	view_demand_cell(out, d, 36);
	view_cell(out, view_rate(rate, c->before_bps), -12);
	view_cell(out, view_rate(rate, c->after_bps), -12);
	view_cell(out, most > 0 ? view_rate(rate, (uint64_t)(most * 1e9 + 0.5)) : "", -12);
	view_cell(out, isnan(c->after_ms) ? "no way" : isnan(c->before_ms) ? "again" : text, -8);
	view_end_line(out);
	if (member) {
		(void)snprintf(text, sizeof(text), "  of AS%u %.40s", (unsigned)member->asn.number,
			       member->name);
		view_cell(out, text, 60);
		view_end_line(out);
	}
	view_turned_text(out, plan, &turned, 2);
}

/* Why some get faster: each reason once, with the number of those. */
static void
faster_text(struct buf *out, const struct hub *hub, const struct corridor_change *change)
{
	const char *reasons[3];
	size_t counts[3] = {0}, known = 0;
	for (size_t i = 0; i < change->count; i++) {
		const struct corridor_changed *c = &change->all[i];
		const char *why = why_faster(&hub->demands[c->demand], c);
		size_t r = 0;
		while (why && r < known && reasons[r] != why)
			r++;
		if (!why)
			continue;
		if (r == known)
			reasons[known++] = why;
		counts[r]++;
	}
	for (size_t r = 0; r < known; r++)
		view_field_printf(out, r ? "" : "faster", "%zu: %s", counts[r], reasons[r]);
}

static void
sums_text(struct buf *out, const struct hub *hub, const struct corridor_change *change)
{
	char rate[VIEW_RATE_TEXT], low[VIEW_RATE_TEXT], high[VIEW_RATE_TEXT];
	const struct corridor_range *lost = &change->lost_gbps;
	if (lost->high > 0)
		view_field_printf(
			out, "lost",
			"%s (%s to %s, demands and capacities at their "
			"bounds)",
			lost->value > 0 ? view_rate(rate, (uint64_t)(lost->value * 1e9 + 0.5))
					: "nothing as told",
			lost->low > 0 ? view_rate(low, (uint64_t)(lost->low * 1e9 + 0.5)) : "0",
			view_rate(high, (uint64_t)(lost->high * 1e9 + 0.5)));
	else
		view_field(out, "lost", "nothing");
	if (change->gained_bps)
		view_field_printf(out, "gained", "%s", view_rate(rate, change->gained_bps));
	if (change->parted)
		view_field_printf(out, "parted", "%u without any way", change->parted);
	view_field_printf(out, "moved", "%u demand%s; slower: %u", change->moved,
			  change->moved == 1 ? "" : "s", change->slower);
	faster_text(out, hub, change);
}

static bool
any_protected(const struct hub *hub)
{
	for (size_t i = 0; i < hub->demand_count; i++)
		if (hub->demands[i].protect != HUB_PROTECT_NONE)
			return true;
	return false;
}

void
view_change_protected_text(struct buf *out, const struct hub *hub)
{
	if (any_protected(hub))
		view_field(
			out, "protected",
			"demands choose both of their ways anew, for an order is to last; in "
			"`corridor whatif` they fall back on those that they have, and its bounds "
			"may be others");
}

void
view_change_text(struct buf *out, const struct corridor_plan *plan,
		 const struct corridor_change *change)
{
	size_t rows = 0, left = 0;
	buf_str(out, "\n");
	if (!change->count) {
		buf_str(out, "no demand of the hub file is concerned\n");
		return;
	}
	sums_text(out, plan->hub, change);
	for (size_t i = 0; i < change->count; i++) {
		const struct corridor_changed *c = &change->all[i];
		/* Who may lose at the bounds alone is in the JSON. */
		bool shown = (c->moved || corridor_less_bps(c->before_bps, c->after_bps) ||
			      corridor_less_bps(c->after_bps, c->before_bps)) &&
			     rows < DEMANDS_MAX;
		left += !shown;
		if (!shown)
			continue;
		if (!rows++)
			buf_str(out, "\ndemand                                      now        then"
				     "    may lose      ms\n");
		demand_text(out, plan, c);
	}
	if (left)
		buf_printf(out, "%s%zu more may lose at the bounds, or move: see --json\n",
			   rows ? "" : "\n", left);
}

/* --- colors --- */

static const char *
route_text(struct buf *text, const struct pcep_color_way *way)
{
	struct pcep_route route;
	buf_clear(text);
	if (way->hop_count) {
		pcep_color_route(&route, way);
		pcep_route_text(text, &route);
	}
	buf_u8(text, 0);
	return text->failed ? "" : (const char *)text->data;
}

/* A color's way between two routers, now and then. */
struct turn {
	const struct pcep_color_way *now, *then;
	struct buf routes[2];
};

/* The next that is another after *at, which begins as 0. False at the end. */
static bool
next_turn(struct turn *turn, const struct view_color_change *c, size_t *at)
{
	for (; c->now && c->then && *at < c->now->count && *at < c->then->count; ++*at) {
		turn->now = &c->now->ways[*at];
		turn->then = &c->then->ways[*at];
		const char *now = route_text(&turn->routes[0], turn->now);
		const char *then = route_text(&turn->routes[1], turn->then);
		if (turn->now->latency_us == turn->then->latency_us && strcmp(now, then) == 0)
			continue;
		++*at;
		return true;
	}
	buf_fini(&turn->routes[0]);
	buf_fini(&turn->routes[1]);
	return false;
}

static void
way_json(struct json *j, const char *key, const struct hub *hub, const struct pcep_color_way *way,
	 const struct buf *route)
{
	if (!way->hop_count) {
		json_null(j, key);
		return;
	}
	json_object(j, key);
	json_u64(j, "latency_us", way->latency_us);
	json_str(j, "route", route->failed ? NULL : (const char *)route->data);
	view_segments_json(j, "way", hub, way->steps, way->step_count);
	json_object_end(j);
}

void
view_color_change_json(struct json *j, const struct hub *hub, const struct view_color_change *c)
{
	struct turn turn = {0};
	json_array(j, "colors");
	for (size_t at = 0; next_turn(&turn, c, &at);) {
		json_object(j, NULL);
		json_u64(j, "color", hub->sr_colors[turn.now->color].color);
		json_str(j, "from", hub->pcep.routers[turn.now->from].name);
		json_str(j, "to", hub->pcep.routers[turn.now->to].name);
		json_bool(j, "backup", turn.now->backup);
		json_u64(j, "list", turn.now->list + 1u);
		way_json(j, "before", hub, turn.now, &turn.routes[0]);
		way_json(j, "after", hub, turn.then, &turn.routes[1]);
		json_object_end(j);
	}
	json_array_end(j);
}

static char *
latency_text(char out[VIEW_RATE_TEXT], const struct pcep_color_way *way)
{
	(void)snprintf(out, VIEW_RATE_TEXT, way->hop_count ? "%.3f ms" : "no way",
		       (double)way->latency_us / 1000);
	return out;
}

/* "100", its backup "100 b.", the second list of it "100 l.2". */
static void
color_text(char out[VIEW_RATE_TEXT], const struct hub *hub, const struct pcep_color_way *way)
{
	unsigned color = hub->sr_colors[way->color].color;
	if (way->list)
		(void)snprintf(out, VIEW_RATE_TEXT, "%u l.%u", color, way->list + 1u);
	else
		(void)snprintf(out, VIEW_RATE_TEXT, "%u%s", color, way->backup ? " b." : "");
}

void
view_color_change_text(struct buf *out, const struct corridor_plan *plan,
		       const struct view_color_change *c)
{
	const struct hub *hub = plan->hub;
	struct turn turn = {0};
	size_t rows = 0;
	for (size_t at = 0; next_turn(&turn, c, &at);) {
		char now[VIEW_RATE_TEXT], then[VIEW_RATE_TEXT], color[VIEW_RATE_TEXT];
		if (!rows++)
			buf_str(out, "\ncolor    from          to                     now        "
				     "  then\n");
		if (rows > COLORS_MAX)
			continue;
		color_text(color, hub, turn.now);
		view_cell(out, color, 9);
		view_cell(out, hub->pcep.routers[turn.now->from].name, 14);
		view_cell(out, hub->pcep.routers[turn.now->to].name, 14);
		view_cell(out, latency_text(now, turn.now), -12);
		view_cell(out, latency_text(then, turn.then), -14);
		view_end_line(out);
		const struct view_turned turned = {turn.now->steps, turn.then->steps,
						   turn.now->step_count, turn.then->step_count};
		view_turned_text(out, plan, &turned, 2);
	}
	if (rows > COLORS_MAX)
		buf_printf(out, "and %zu more ways of colors\n", rows - COLORS_MAX);
}
