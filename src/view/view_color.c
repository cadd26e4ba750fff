/* Ways of colors as text, JSON and CSV. */
#include "view/view_color.h"

#include "base/json.h"
#include "view/view_text.h"

/* A way with the names of what it is between. */
struct shown {
	uint32_t color;
	const struct hub_router *from, *to;
	const char *by;  /* how it is told */
	uint32_t lists;  /* that the color asks for */
	uint32_t weight; /* of this one; 0: it leads nowhere */
	const struct pcep_color_way *way;
};

static bool
next(struct shown *out, const struct view_colors *v, size_t *at)
{
	if (*at >= v->ways->count)
		return false;
	const struct pcep_color_way *way = &v->ways->ways[(*at)++];
	const struct hub_router *from = &v->hub->pcep.routers[way->from];
	*out = (struct shown){.color = v->hub->sr_colors[way->color].color,
			      .from = from,
			      .to = &v->hub->pcep.routers[way->to],
			      .by = from->session_id ? "BGP" : "PCEP",
			      .lists = from->session_id ? v->hub->sr_colors[way->color].lists : 1,
			      .weight = way->hop_count ? pcep_color_weight(v->ways, way) : 0,
			      .way = way};
	return true;
}

/* The hops with commas between them, ended by a zero. */
static const char *
hops_text(struct buf *text, const struct pcep_color_way *way)
{
	struct pcep_route route;
	buf_clear(text);
	pcep_color_route(&route, way);
	pcep_route_text(text, &route);
	buf_u8(text, 0);
	return text->failed ? "" : (const char *)text->data;
}

/* "; list 2, weight 400" */
static void
list_text(struct buf *out, const struct shown *s)
{
	if (s->lists > 1 && !s->way->backup)
		buf_printf(out, "; list %u, weight %u", s->way->list + 1u, (unsigned)s->weight);
}

static void
as_text(struct buf *out, const struct view_colors *v)
{
	struct shown s;
	struct buf text = {0};
	if (!v->ways->count)
		buf_str(out, "no colors, or no routers for them\n");
	else if (v->over)
		buf_str(out, "overdue: all of these are taken back\n");
	for (size_t at = 0; next(&s, v, &at);) {
		buf_printf(out, "color %-6u ", (unsigned)s.color);
		view_cell(out, s.from->name, 12);
		buf_str(out, " to ");
		view_cell(out, s.to->name, 12);
		if (s.way->hop_count) {
			buf_printf(out, " %8.3f ms  by %-4s  %s%s",
				   (double)s.way->latency_us / 1000, s.by, hops_text(&text, s.way),
				   s.way->backup ? "; backup" : "");
			list_text(out, &s);
			buf_str(out, s.way->waits ? "; a better one waits\n" : "\n");
		} else if (s.way->backup && !s.way->waits)
			buf_str(out, " no backup apart from it\n");
		else if (s.way->list && !s.way->waits)
			buf_printf(out, " no list %u beside it\n", s.way->list + 1u);
		else
			buf_printf(out, " %s\n",
				   s.way->waits ? "none: one that was cut is there again, and waits"
						: "no way under its conditions");
	}
	buf_fini(&text);
}

static void
as_json(struct buf *out, const struct view_colors *v)
{
	struct shown s;
	struct buf text = {0};
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_bool(&j, "overdue", v->over);
	json_u64(&j, "missing", v->ways->missing);
	json_u64(&j, "waiting", v->ways->waiting);
	json_array(&j, "ways");
	for (size_t at = 0; next(&s, v, &at);) {
		bool found = s.way->hop_count != 0;
		json_object(&j, NULL);
		json_u64(&j, "color", s.color);
		json_str(&j, "from", s.from->name);
		json_str(&j, "to", s.to->name);
		json_str(&j, "by", s.by);
		json_bool(&j, "found", found);
		json_bool(&j, "waits", s.way->waits);
		json_bool(&j, "backup", s.way->backup);
		json_u64(&j, "list", s.way->list + 1u);
		if (found) {
			json_u64(&j, "latency_us", s.way->latency_us);
			json_str(&j, "hops", hops_text(&text, s.way));
			json_u64(&j, "weight", s.weight);
		}
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
	buf_fini(&text);
}

static void
as_csv(struct buf *out, const struct view_colors *v)
{
	struct shown s;
	struct buf text = {0};
	buf_str(out, "color,from,to,by,found,latency_us,hops,waits,backup,list,weight\r\n");
	for (size_t at = 0; next(&s, v, &at);) {
		bool found = s.way->hop_count != 0;
		buf_printf(out, "%u,", (unsigned)s.color);
		view_csv_field(out, s.from->name);
		buf_u8(out, ',');
		view_csv_field(out, s.to->name);
		buf_printf(out, ",%s,%s,", s.by, found ? "yes" : "no");
		if (found)
			buf_printf(out, "%u", (unsigned)s.way->latency_us);
		buf_u8(out, ',');
		view_csv_field(out, found ? hops_text(&text, s.way) : "");
		buf_printf(out, ",%s,%s,%u,", s.way->waits ? "yes" : "no",
			   s.way->backup ? "yes" : "no", s.way->list + 1u);
		if (found)
			buf_printf(out, "%u", (unsigned)s.weight);
		buf_str(out, "\r\n");
	}
	buf_fini(&text);
}

void
view_colors(struct buf *out, const struct view_colors *colors, enum view_form form)
{
	if (form == VIEW_JSON)
		as_json(out, colors);
	else if (form == VIEW_CSV)
		as_csv(out, colors);
	else
		as_text(out, colors);
}

bool
view_colors_sound(const struct hub *hub, struct corridor_complaint *complaint)
{
	/* Names are the same on any day. */
	struct corridor_plan *plan = corridor_plan_new(hub, (struct corridor_day){0});
	if (!plan)
		corridor_complain(complaint, 500, "out of memory");
	bool sound = plan && pcep_colors_check(plan, complaint) == 0;
	corridor_plan_free(plan);
	return sound;
}
