/* The rules of colors of SR policies, and which routers they are for. */
#include "hub/hub_check.h"

#include <stdio.h>
#include <string.h>

#include "hub/hub_read.h"

static const struct hub_router *
router_named(const struct hub *hub, const char *name)
{
	for (size_t i = 0; i < hub->pcep.router_count; i++)
		if (strcmp(hub->pcep.routers[i].name, name) == 0)
			return &hub->pcep.routers[i];
	return NULL;
}

static bool
is_told(const struct hub_router *router)
{
	return router->session_id || router->address.family != IP_NONE;
}

static bool
is_reached(const struct hub_router *router, bool srv6)
{
	return srv6 ? router->sid.family == IP_V6 : router->label != 0;
}

static bool
is_among(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

bool
hub_sr_color_from(const struct hub *hub, const struct hub_sr_color *color, uint32_t router)
{
	const struct hub_router *r = &hub->pcep.routers[router];
	return is_told(r) &&
	       (!color->from_count || is_among(color->from, color->from_count, r->name));
}

bool
hub_sr_color_to(const struct hub *hub, const struct hub_sr_color *color, uint32_t router)
{
	const struct hub_router *r = &hub->pcep.routers[router];
	return is_reached(r, color->srv6) &&
	       (!color->to_count || is_among(color->to, color->to_count, r->name));
}

static void
check_routers(struct hub_reader *r, const struct hub_sr_color *color, bool from,
	      const struct hub_node *map)
{
	const char *key = from ? "from" : "to";
	const char *const *names = from ? color->from : color->to;
	size_t count = from ? color->from_count : color->to_count;
	for (size_t i = 0; i < count; i++) {
		const struct hub_router *router = router_named(r->hub, names[i]);
		if (!router)
			hub_complain(r->report, hub_reader_mark(map, key),
				     "%s: found \"%s\", expected the name of a router of pcep", key,
				     hub_show(names[i]).text);
		else if (from && !is_told(router))
			hub_complain(r->report, hub_reader_mark(map, key),
				     "from: %s has neither a session nor an address, so it would "
				     "never hear of it",
				     names[i]);
		else if (!from && !is_reached(router, color->srv6))
			hub_complain(r->report, hub_reader_mark(map, key),
				     "to: %s has no %s, so no way leads there", names[i],
				     color->srv6 ? "sid" : "label");
	}
}

/* Somebody hears of it, and there is somewhere else to go. */
static void
check_pairs(struct hub_reader *r, const struct hub_sr_color *color, const struct hub_node *map)
{
	size_t from = 0, to = 0, both = 0;
	for (uint32_t i = 0; i < r->hub->pcep.router_count; i++) {
		bool begins = hub_sr_color_from(r->hub, color, i);
		bool ends = hub_sr_color_to(r->hub, color, i);
		from += begins;
		to += ends;
		both += begins && ends;
	}
	if (!from && !color->from_count)
		hub_complain(r->report, map->mark,
			     "no router of pcep has a session or an address, so nobody would hear "
			     "of color %u",
			     (unsigned)color->color);
	else if (!to && !color->to_count)
		hub_complain(r->report, map->mark,
			     "no router of pcep has a %s, so color %u would lead nowhere",
			     color->srv6 ? "sid" : "label", (unsigned)color->color);
	else if (from == 1 && to == 1 && both == 1)
		hub_complain(r->report, map->mark,
			     "color %u would begin and end at the same router",
			     (unsigned)color->color);
}

void
hub_check_sr_color(struct hub_reader *r, void *element, const struct hub_node *map)
{
	struct hub_sr_color *color = element;
	if (!hub_node_get(map, "return_s"))
		color->return_s = r->hub->steering.hold_s;
	for (const struct hub_sr_color *other = r->hub->sr_colors; other < color; other++)
		if (other->color == color->color)
			hub_complain(r->report, hub_reader_mark(map, "color"),
				     "color: %u is there already", (unsigned)color->color);
	for (size_t i = 0; i < r->hub->sr_policy_count; i++)
		if (r->hub->sr_policies[i].color == color->color &&
		    (r->hub->sr_policies[i].distinguisher == HUB_SR_STEERING ||
		     (color->backup && r->hub->sr_policies[i].distinguisher == HUB_SR_BACKUP)))
			hub_complain(r->report, hub_reader_mark(map, "color"),
				     "color: distinguisher %u of it, which is that of steering, is "
				     "taken by policy %s",
				     (unsigned)r->hub->sr_policies[i].distinguisher,
				     r->hub->sr_policies[i].id);
	if (color->backup && !color->preference)
		hub_complain(r->report, hub_reader_mark(map, "backup"),
			     "color %u: nothing is lower than preference 0, so there is none for a "
			     "backup",
			     (unsigned)color->color);
	check_routers(r, color, true, map);
	check_routers(r, color, false, map);
	check_pairs(r, color, map);
}
