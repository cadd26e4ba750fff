/* What cuts do, in text, JSON and CSV; text keeps to 80 columns. */
#include "corridor_hub.h"

static struct hub_demand demands[] = {
	{.split = true,
	 .id = "U-M",
	 .name = "\u00dcr\u00fcmqi to Muscat",
	 .from = 1,
	 .to = 2,
	 .gbps = 500,
	 .member = HUB_NONE,
	 .basis = {.low = 400, .high = 800, .confidence = HUB_ESTIMATED}},
	{.id = "K-U",
	 .from = 0,
	 .to = 1,
	 .gbps = 300,
	 .member = HUB_NONE,
	 .basis = {.low = NAN, .high = NAN, .confidence = HUB_SEEN}},
	{.id = "M", .from = 0, .to = 2, .gbps = NAN, .member = 0},
};

static void
take_demands(void)
{
	hub.demands = demands;
	hub.demand_count = sizeof(demands) / sizeof(demands[0]);
}

static void
text(void)
{
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor whatif N1,S2"),
	       "What a cut of N1 (\u00dcr\u00fcmqi, Kashgar and over the pass to Karachi), S2 "
	       "(Other\n"
	       "  cable) does (2 segments)\n"
	       "\n"
	       "lost          500 Gbit/s by 1 demand (400 to 800 Gbit/s, 100 % of it by\n"
	       "              estimate)\n"
	       "parted        1 demand without any way: 500 Gbit/s\n"
	       "not served    500 Gbit/s of what is asked, then (400 to 800 Gbit/s)\n"
	       "slower        1 demand: +9.8 ms there and back in the middle (3.5 to 16.1), +9.8\n"
	       "              the worst (3.5 to 16.1: K-U; 43 % of the kilometres by estimate)\n"
	       "fullest       N2, 3.0 % of a capacity that is assumed\n"
	       "rests on      1 segment in use then, 1 with a capacity that nobody told\n"
	       "how long      6 hours, if it is by chance at once: 3000 Gbit/s hours are lost\n"
	       "              each time\n"
	       "how often     0.00303 % of the time (0.00107 to 0.00818): 132.6 Gbit/s hours a\n"
	       "              year (37.54 to 573.6)\n"
	       "mend          S2, then N1: 6000 Gbit/s hours are lost until all is mended, one\n"
	       "              after the other (4800 to 9600)\n"
	       "\n"
	       "demand                      asks for      before       after loses up to      ms\n"
	       "\u00dcr\u00fcmqi to Muscat          500 Gbit/s  500 Gbit/s     0 bit/s  800 Gbit/s "
	       " "
	       "no way\n"
	       "K-U                       300 Gbit/s  300 Gbit/s  300 Gbit/s                +9.8\n"
	       "\n"
	       "1 of 3 demands have no rate and are left out.\n",
	       "one cut: who loses and is slower, how often that is, what to mend first");
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor whatif"),
	       "What every cut does, by segment, the worst first\n"
	       "3 cuts, 1 of them do no harm\n"
	       "\n"
	       "cut (Gbit/s)                 lost    up to  est. parted slower ms more   a year\n"
	       "S2                            500      800 100 %      1      0            15282\n"
	       "N1                              0        0            0      2    +9.8        0\n"
	       "N2                              0        0            0      0                0\n"
	       "\n"
	       "lost: Gbit/s, as told; up to: with demands and capacities at their bounds; est.:\n"
	       "the part of what is lost that rests on estimates of demands; parted: demands\n"
	       "without a way; ms more: round trip of the one that is slowed down most; a year:\n"
	       "Gbit/s hours that are to be expected to be lost in one, ? where nobody knows how\n"
	       "often.\n"
	       "\n"
	       "1 of 3 demands have no rate and are left out.\n",
	       "all cuts: the worst first");
}

static void
csv(void)
{
	is_str(ask(NULL, VIEW_CORRIDOR_CSV, "corridor whatif double --top 1"),
	       "cut,and,segments,lost_gbps,lost_gbps_low,lost_gbps_high,estimated,parted,reduced,"
	       "slower,median_ms,worst_ms,worst,fullest,utilisation,hours,down,gbit_hours,gbit_"
	       "hours_year,gbit_hours_year_low,gbit_hours_year_high,worst_ms_low,worst_ms_high,"
	       "unserved_gbps,unserved_gbps_low,unserved_gbps_high,faster,lost_passing_gbps,"
	       "lost_passing_gbps_low,lost_passing_gbps_high,used,used_assumed\r\n"
	       "N2,N1,2,800,697,1103,0.625,2,2,0,0,0,,,0,6,0.000100114536042,4800,701.602668585,"
	       "216.893169537,2604.26176925,0,0,800,697,1103,0,800,697,1103,0,0\r\n",
	       "CSV has a line for each pair of cuts");
	is_str(ask(NULL, VIEW_CORRIDOR_CSV, "corridor whatif S2"),
	       "demand,name,asked_bps,before_bps,after_bps,before_ms,after_ms,lost_gbps,"
	       "lost_gbps_low,lost_gbps_high,more_ms,more_ms_low,more_ms_high\r\n"
	       "U-M,\u00dcr\u00fcmqi to Muscat,500000000000,500000000000,0,41.1324557071,,500,400,"
	       "800,,,\r\n"
	       "K-U,K-U,300000000000,300000000000,300000000000,29.3803255051,29.3803255051,0,0,0,"
	       "0,0,0\r\n"
	       "M,M,0,0,0,,,0,0,0,,,\r\n",
	       "and for each demand under one cut");
}

static void
numbers(void)
{
	json_t *root =
		json_loads(ask(NULL, VIEW_CORRIDOR_JSON, "corridor whatif --of country"), 0, NULL);
	json_t *cuts = json_object_get(root, "cuts");
	ok(json_array_size(cuts) == 3 && json_integer_value(json_object_get(root, "harmless")) == 0,
	   "JSON has each cut of a country");
	json_t *worst = json_array_get(cuts, 0);
	ok(json_integer_value(json_object_get(worst, "parted")) == 2 &&
		   json_is_null(json_object_get(worst, "down")),
	   "and null where nobody knows how often");
	json_decref(root);
	root = json_loads(ask(NULL, VIEW_CORRIDOR_JSON, "corridor whatif S2,N1"), 0, NULL);
	ok(json_array_size(json_object_get(root, "demands")) == 3 &&
		   json_array_size(json_object_get(root, "mend")) == 2,
	   "of one cut it has every demand, and the order of mending");
	json_decref(root);
}

static void
refusals(void)
{
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor whatif XYZZY"),
	       "404 nothing is called \"XYZZY\" or nearly so (country, risk, operator, cable, "
	       "site, segment)",
	       "a name that nothing has is refused");
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor whatif ZZ"),
	       "404 no segment of this hub crosses ZZ",
	       "a country that nothing crosses is refused");
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor whatif S2 --top 3"),
	       "400 either names to cut, or single, double, --of and --top",
	       "names and --top do not go together");
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor whatif --top 0"),
	       "400 --top: found \"0\", expected a number from 1 on",
	       "no cuts at all cannot be asked for");
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor whatif --of moon"),
	       "400 --of: found \"moon\", expected segment, cable, risk, country, site or operator",
	       "a kind that there is not is refused, with those that there are");
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor whatif --by price"),
	       "400 a cut takes no --require, --via, --by or --k",
	       "and terms that a cut has no use for");
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor whatif --nope"),
	       "400 found \"--nope\", expected --of, --top, --lease, --avoid, --without, --with or "
	       "--date",
	       "and options that there are not");
}

static void
lease(void)
{
	const char *text = ask(NULL, VIEW_CORRIDOR_TEXT, "corridor whatif N1 --lease 30");
	const char *leased = strstr(text, "\nlease ");
	is_str(leased ? leased : "",
	       "\n"
	       "lease         800 Gbit/s of 800 Gbit/s that stop come back for 1872789 US\n"
	       "              dollars in 30 days (936394 to 3745577; 100 % by estimate), over\n"
	       "              room that others leave\n"
	       "\n"
	       "demand                    rate  $/Mbps           $  over (cheapest first)\n"
	       "K-U                 300 Gbit/s       2      591413  N2\n"
	       "\u00dcr\u00fcmqi to Muscat    500 Gbit/s     2.6     1281376  N2 S2\n"
	       "\n"
	       "1 of 3 demands have no rate and are left out.\n",
	       "what to lease until it is mended, the cheapest way first");
	text = ask(NULL, VIEW_CORRIDOR_TEXT, "corridor whatif S2 --lease 30");
	ok(strstr(text, "none of 500 Gbit/s that stop come back for 0 US") != NULL,
	   "and that nothing helps, where no other way leads");
	is_str(ask(NULL, VIEW_CORRIDOR_CSV, "corridor whatif N1 --lease 30"),
	       "demand,bps,usd_mbps_month,usd,usd_low,usd_high,estimated,segments\r\n"
	       "K-U,300000000000,2.000125,591412.731006,295706.365503,1182825.46201,1,N2\r\n"
	       "U-M,500000000000,2.600125,1281375.77002,640687.88501,2562751.54004,1,N2 S2\r\n",
	       "as CSV a line for each way");
	json_t *root =
		json_loads(ask(NULL, VIEW_CORRIDOR_JSON, "corridor whatif N1 --lease 30"), 0, NULL);
	json_t *found = json_object_get(root, "lease");
	json_t *segment = json_array_get(json_object_get(found, "segments"), 0);
	ok(json_integer_value(json_object_get(found, "back_bps")) == 800000000000 &&
		   json_array_size(json_object_get(found, "ways")) == 2,
	   "as JSON all of it");
	ok(json_integer_value(json_object_get(segment, "there_bps")) == 300000000000 &&
		   json_integer_value(json_object_get(segment, "back_bps")) == 500000000000,
	   "and what each segment has to carry each way");
	json_decref(root);
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor whatif --lease 30"),
	       "400 --lease is for a cut of names", "leases for every cut are refused");
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor whatif N1 --lease 0"),
	       "400 --lease: found 0, expected days from 1 on", "and such for no time");
}

int
main(void)
{
	take_demands();
	text();
	csv();
	numbers();
	lease();
	refusals();
	buf_fini(&out);
	return done_testing();
}
