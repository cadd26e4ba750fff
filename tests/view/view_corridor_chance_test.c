/* What may fail, and what money hangs on, as text: every word of it. */
#include "corridor_hub.h"
#include "view/view_corridor_lived.h"
#include "view/view_tornado.h"

static struct hub_demand demands[] = {
	{.split = true,
	 .id = "U-M",
	 .from = 1,
	 .to = 2,
	 .gbps = 500,
	 .member = HUB_NONE,
	 .price = NAN,
	 .growth_percent = NAN,
	 .basis = {.low = 400, .high = 800, .confidence = HUB_ESTIMATED}},
	{.id = "K-U",
	 .from = 0,
	 .to = 1,
	 .gbps = 300,
	 .member = HUB_NONE,
	 .price = 0.5,
	 .growth_percent = NAN,
	 .basis = {.low = NAN, .high = NAN, .confidence = HUB_SEEN}},
};

static void
availability(void)
{
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor availability K U"),
	       "Karachi (KHI) to Ürümqi (URC)\n"
	       "\n"
	       "connected     99.98999 % of the time (99.97305 to 99.99645): 0.877 hours a year\n"
	       "              without any way (0.311 to 2.36); 100 % of what is down then by\n"
	       "              estimated rates\n"
	       "\n"
	       "down then\n"
	       "N2            Second way                                           100.0 %\n"
	       "N1            Ürümqi, Kashgar and over the pass to Karachi         100.0 %\n",
	       "how often two sites are connected, and what is down when not");
}

static void
years(void)
{
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT,
		   "corridor simulate --draws 3 --years 50 --sigma 0 --sla 99.9 --credit 10"),
	       "3 x 50 years of the corridor from seed 1\n"
	       "\n"
	       "lost          15364 Gbit/s hours a year in the mean (7446 to 40454, demands,\n"
	       "              capacities and rates at their bounds); as told P10 3380, P50\n"
	       "              12000, P90 30000\n"
	       "failures      17.35 a year; 3 of 3 rates are estimates\n"
	       "credits       245.9 thousand $ a year, 10 % of the fee of each month below 99.9\n"
	       "              %\n"
	       "\n"
	       "demand         Gbit/s   whole %  at least outages h/y mid h/y 90% longest broken\n"
	       "U-M               500  99.65463   99.4372   2.573      24      60      12  19.39\n"
	       "K-U               300  99.99139   99.9629  0.1133       0       0   10.93 0.8889\n"
	       "\n"
	       "Segments and causes fail at their rates by chance; mending takes a lognormal\n"
	       "time about its mean (--sigma of its logarithm, 0: always the mean); cables at\n"
	       "sea share --ships. Demands are laid by priority at each change; short is less\n"
	       "than without failures, whole the time when it is not. At least: so much of its\n"
	       "traffic is served at the bounds of demands, capacities and rates, lived through\n"
	       "by a fifth of the draws. A month that is short for longer than --sla allows\n"
	       "costs --credit percent of its fee: what the demand pays, else the cheapest way\n"
	       "at its prices.\n",
	       "years by chance: what is lost, and what broken promises cost");
}

/* A month so far, with ten hours without a way. */
static void
month(void)
{
	struct corridor_lived_segment cut[] = {{.segment = 0, .times = 2, .cut_s = 90000}};
	struct corridor_lived lived = {
		.from = utc_month_start(2026, 10),
		.until = {utc_month_start(2026, 10).s + 1000000},
		.whole = true,
		.down_s = 36000,
		.times = 1,
		.segments = cut,
		.segment_count = 1,
	};
	struct view_lived view = {
		.hub = &hub,
		.lived = &lived,
		.month = lived.from,
		.promised = 0.99,
		.availability = {0.999, 0.998, 1},
	};
	struct buf text = {0};
	view_lived_text(&text, &view);
	buf_put(&text, "", 1);
	is_str((const char *)text.data,
	       "lived         2026-10-01T00:00 to 2026-10-12T13:46: 600 of 16667 minutes without\n"
	       "              any way, 1 time\n"
	       "expected      16.7 minutes by the model (0 to 33.3)\n"
	       "promised      99 %, at most 166.7 minutes: broken by 433.3 minutes\n"
	       "\n"
	       "cut then                                                    minutes       times\n"
	       "N2            Second way                                       1500           2\n",
	       "a month as it was, beside what was expected and promised");
	buf_fini(&text);
}

static void
sensitivity(void)
{
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor sensitivity revenue --draws 0"),
	       "What moves the revenue of all demands, by price\n"
	       "\n"
	       "as told       14.4 million $ a year\n"
	       "\n"
	       "what is assumed               low     high   at low  at high - low, + high\n"
	       "$ of 1000 km of land         0.25        1      8.1       27 ------|++++++++++++\n"
	       "Gbit/s U-M                    400      800    11.88    21.96     --|+++++++\n"
	       "Gbit/s K-U                    297      303    14.38    14.42       |\n"
	       "\n"
	       "3 of 6 numbers move nothing alone.\n"
	       "Each number from its low to its high bound while all others are as told (-, +).\n"
	       "Prices of one row move together, and so do all that are reckoned from length. By\n"
	       "chance: each by itself, from the triangle over its bounds with its top at what\n"
	       "is told.\n"
	       "Demands stay on the ways on which they are laid as told, at the least price;\n"
	       "what is asked beyond the capacity of a segment on the way is not sold.\n",
	       "what revenue hangs on, the widest first");
}

static void
tornado(void)
{
	static const struct view_tornado_row rows[] = {
		{"a <price>", 1, 4, 5, 25},
		{"a cost", 10, 20, 15, 8},
		{"both worse", 1, 2, 7, 9},
		{"without bounds", 0, 1, 10, INFINITY},
	};
	struct view_tornado t = {.title = "What moves it",
				 .unit = "million $",
				 .told = 10,
				 .p10 = NAN,
				 .p50 = NAN,
				 .p90 = NAN,
				 .rows = rows,
				 .count = 4};
	struct buf text = {0};
	view_tornado_text(&text, &t);
	buf_put(&text, "", 1);
	is_str((const char *)text.data,
	       "what is assumed               low     high   at low  at high - low, + high\n"
	       "a <price>                       1        4        5       25 -----|+++++++++++++\n"
	       "a cost                         10       20       15        8    ++|----\n"
	       "both worse                      1        2        7        9   --+|\n"
	       "without bounds                  0        1       10      inf      |+++++++++++++\n",
	       "bars to both sides; of two on one side both are seen; what is infinite is the "
	       "longest");
	buf_clear(&text);
	view_tornado_svg(&text, &t);
	buf_put(&text, "", 1);
	ok(strstr((const char *)text.data, "a &lt;price>") &&
		   !strstr((const char *)text.data, "nan") &&
		   !strstr((const char *)text.data, "inf"),
	   "a drawing escapes names, and has no number that is none");
	buf_fini(&text);
}

int
main(void)
{
	hub.demands = demands;
	hub.demand_count = sizeof(demands) / sizeof(demands[0]);
	availability();
	years();
	month();
	sensitivity();
	tornado();
	buf_fini(&out);
	return done_testing();
}
