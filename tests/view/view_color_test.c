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
	       "{\"overdue\":false,\"missing\":1,\"waiting\":0,\"ways\":[{\"color\":100,\"from\":"
	       "\"r1\",\"to\":"
	       "\"r3\",\"by\":\"PCEP\",\"found\":true,\"waits\":false,\"backup\":false,\"list\":1,"
	       "\"latency_"
	       "us\":1958,\"hops\":"
	       "\"16002 "
	       "(10.0.0.2), 16009 "
	       "(10.0.0.9)\",\"weight\":1},{\"color\":200,\"from\":\"r4\",\"to\":\"r3\","
	       "\"by\":\"PCEP\",\"found\":false,\"waits\":false,\"backup\":false,\"list\":1}]}\n",
	       "as JSON");
	is_str(shown(&colors, VIEW_CSV),
	       "color,from,to,by,found,latency_us,hops,waits,backup,list,weight\r\n"
	       "100,r1,r3,PCEP,yes,1958,\"16002 (10.0.0.2), 16009 (10.0.0.9)\",no,no,1,1\r\n"
	       "200,r4,r3,PCEP,no,,,no,no,1,\r\n",
	       "as CSV");
	ways.ways[0].waits = true;
	ok(strstr(shown(&colors, VIEW_TEXT), "; a better one waits\n"), "what waits is told");
	struct corridor_complaint complaint = {0};
	struct world bad =
		world_with("in service", "sr_colors: [{color: 5, avoid: [RU, 'cable:X']}]\n");
	ok(view_colors_sound(world.hub, &complaint) && !view_colors_sound(bad.hub, &complaint) &&
		   strstr(complaint.text, "color 5: nothing is called \"X\"") == complaint.text,
	   "a name that nothing has is found, with its color");
	world_fini(&bad);
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
