/* `show colors` tells each way of a color, and where there is none. */
#include "view/view_color.h"

#include "pcep/pcep_world.h"
#include "tap.h"

static struct buf out;

static const char *
shown(const struct view_colors *colors, enum view_form form)
{
	buf_clear(&out);
	view_colors(&out, colors, form);
	buf_u8(&out, 0);
	return (const char *)out.data;
}

int
main(void)
{
	struct pcep_color_ways ways;
	struct world world = world_with(
		"in service", "sr_colors:\n"
			      "  - {color: 100, from: [r1], to: [r3]}\n"
			      "  - {color: 200, from: [r4], to: [r3], avoid: ['site:C']}\n");
	if (pcep_color_ways_find(&ways, &world.plan, NULL) < 0)
		return 1;
	struct view_colors colors = {world.hub, &ways, false};
	is_str(shown(&colors, VIEW_TEXT),
	       "color 100    r1           to r3              1.958 ms  by PCEP  16002 (10.0.0.2), "
	       "16009 (10.0.0.9)\n"
	       "color 200    r4           to r3           no way under its conditions\n",
	       "as text");
	is_str(shown(&colors, VIEW_JSON),
	       "{\"overdue\":false,\"missing\":1,\"ways\":[{\"color\":100,\"from\":\"r1\",\"to\":"
	       "\"r3\",\"by\":\"PCEP\",\"found\":true,\"latency_us\":1958,\"hops\":\"16002 "
	       "(10.0.0.2), 16009 (10.0.0.9)\"},{\"color\":200,\"from\":\"r4\",\"to\":\"r3\","
	       "\"by\":\"PCEP\",\"found\":false}]}\n",
	       "as JSON");
	is_str(shown(&colors, VIEW_CSV),
	       "color,from,to,by,found,latency_us,hops\r\n"
	       "100,r1,r3,PCEP,yes,1958,\"16002 (10.0.0.2), 16009 (10.0.0.9)\"\r\n"
	       "200,r4,r3,PCEP,no,,\r\n",
	       "as CSV");
	colors.over = true;
	ok(strncmp(shown(&colors, VIEW_TEXT), "overdue: ", 9) == 0,
	   "and that they are taken back, when they are");
	pcep_color_ways_fini(&ways);
	colors.over = false;
	is_str(shown(&colors, VIEW_TEXT), "no colors, or no routers for them\n",
	       "nothing when there is nothing");
	buf_fini(&out);
	world_fini(&world);
	return done_testing();
}
