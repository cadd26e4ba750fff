/* Ways of colors over the corridor, under their conditions. */
#include "pcep/pcep_color.h"

#include "pcep_world.h"
#include "tap.h"

#define OVER_B "16002 (10.0.0.2), 16009 (10.0.0.9)"
#define DIRECT "24003 (to 10.1.0.2)"

static struct pcep_color_ways ways;

/* The ways of a hub with one color of these items, under `live`: "r1 r3: HOPS; ...", and how many pairs have none. */
static const char *
found(const char *bc, const char *color, const enum corridor_live *live)
{
	static struct buf text;
	static struct pcep_route route;
	char more[600];
	(void)snprintf(more, sizeof(more), "sr_colors: [{color: 100, %s}]\n", color);
	struct world world = world_with(bc, more);
	buf_clear(&text);
	if (pcep_color_ways_find(&ways, &world.plan, live) < 0)
		return "no memory";
	for (size_t i = 0; i < ways.count; i++) {
		if (!ways.ways[i].hop_count)
			continue;
		const struct hub_router *routers = world.hub->pcep.routers;
		buf_printf(&text, "%s%s %s: ", text.length ? "; " : "",
			   routers[ways.ways[i].from].name, routers[ways.ways[i].to].name);
		pcep_color_route(&route, &ways.ways[i]);
		pcep_route_text(&text, &route);
	}
	if (ways.missing)
		buf_printf(&text, "%s%zu missing", text.length ? "; " : "", ways.missing);
	buf_u8(&text, 0);
	pcep_color_ways_fini(&ways);
	world_fini(&world);
	return (const char *)text.data;
}

#define ONE "from: [r1], to: [r3]"

static void
conditions(void)
{
	is_str(found("in service", ONE, NULL), "r1 r3: " OVER_B, "the shortest way");
	is_str(found("in service", ONE ", by: hops", NULL), "r1 r3: " DIRECT,
	       "that of the fewest segments");
	is_str(found("in service", ONE ", avoid: ['site:B']", NULL), "r1 r3: " DIRECT,
	       "around a site");
	is_str(found("in service", ONE ", require: [AC]", NULL), "r1 r3: " DIRECT,
	       "over a segment");
	is_str(found("in service", ONE ", avoid: ['site:B'], latency_max_us: 2000", NULL),
	       "1 missing", "a way that is too long is none");
	is_str(found("in service", ONE ", by: hops, latency_max_us: 2000", NULL), "r1 r3: " OVER_B,
	       "where another is short enough, it is that");
	is_str(found("in service", ONE ", srv6: yes", NULL),
	       "r1 r3: fc00:2:: (10.0.0.2), fc00:9:: (10.0.0.9)", "of SIDs");
	is_str(found("planned", ONE, NULL), "r1 r3: " DIRECT, "what is not there is not used");
	is_str(found("in service", ONE ", avoid: [nothing]", NULL), "",
	       "a name that nothing has leads nowhere");
	is_str(found("in service", "avoid: []", NULL),
	       "r1 r2: 16002 (10.0.0.2); r1 r3: " OVER_B
	       "; r4 r2: 16009 (10.0.0.9), 16002 (10.0.0.2); r4 r3: 16009 (10.0.0.9)",
	       "without names it is from all that can be told to all that can be reached");
}

static void
drained(void)
{
	enum corridor_live live[4] = {CORRIDOR_UP, CORRIDOR_DRAINED, CORRIDOR_UP, CORRIDOR_UP};
	is_str(found("in service", ONE, live), "r1 r3: " DIRECT, "what is drained is led around");
	is_str(found("in service", ONE ", require: ['site:B']", live), "r1 r3: " OVER_B,
	       "where there is a way without it");
	live[1] = CORRIDOR_WORK;
	is_str(found("in service", ONE, live), "r1 r3: " DIRECT, "and so is what is worked at");
}

static void
names(void)
{
	struct corridor_complaint complaint = {0};
	struct world good = world_with(
		"in service", "sr_colors: [{color: 1, avoid: [RU, 'site:B'], require: [AC]}]\n");
	struct world bad = world_with("in service",
				      "sr_colors: [{color: 1}, {color: 2, require: ['site:X']}]\n");
	ok(pcep_colors_check(good.corridor, &complaint) == 0, "names of conditions are found");
	ok(pcep_colors_check(bad.corridor, &complaint) < 0 && strstr(complaint.text, "\"X\""),
	   "one that nothing has is complained about");
	world_fini(&good);
	world_fini(&bad);
}

int
main(void)
{
	conditions();
	drained();
	names();
	return done_testing();
}
