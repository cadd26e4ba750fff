/* The metrics of the rooms become one page that Prometheus takes. */
#include "web/web_metrics.h"

#include "tap.h"

static void
join(const char *const *texts, size_t count, const char *expected, const char *name)
{
	struct buf bufs[4] = {0}, out = {0};
	for (size_t i = 0; i < count; i++)
		buf_str(&bufs[i], texts[i]);
	ok(web_metrics_join(&out, bufs, count) == 0, "joining ends well");
	buf_u8(&out, 0);
	is_str((const char *)out.data, expected, name);
	for (size_t i = 0; i < count; i++)
		buf_fini(&bufs[i]);
	buf_fini(&out);
}

int
main(void)
{
	join((const char *const[]){"# HELP a Of a.\n# TYPE a counter\na 1\n", "b 2\n"}, 2,
	     "# HELP a Of a.\n# TYPE a counter\na 1\nb 2\n",
	     "families of two rooms follow each other");
	join((const char *const[]){"# TYPE up gauge\nup{room=\"x\"} 1\nz 3\n",
				   "# TYPE up gauge\nup{room=\"y\"} 0\n"},
	     2, "# TYPE up gauge\nup{room=\"x\"} 1\nup{room=\"y\"} 0\nz 3\n",
	     "a family of two rooms is one group with one TYPE");
	join(
		(const char *const[]){
			"# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_sum 1\nh_count 1\n"},
		1, "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_sum 1\nh_count 1\n",
		"a histogram's samples stay with it");
	join((const char *const[]){"# TYPE a counter\na 1\n", "a_sum 7\n"}, 2,
	     "# TYPE a counter\na 1\na_sum 7\n",
	     "but a like name in another room is its own family");
	join((const char *const[]){"# TYPE a counter\n"}, 1, "",
	     "a family without samples is left out");
	join((const char *const[]){"\n# a remark\n{} 1\na 1"}, 1, "a 1\n",
	     "what is no metric is left out, and the last line needs no end");
	join((const char *const[]){"", "a 1\n"}, 2, "a 1\n",
	     "a room that says nothing changes nothing");
	return done_testing();
}
