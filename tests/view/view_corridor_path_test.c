/* Ways, pairs of ways and cuts in text, JSON and CSV; text keeps to 80 columns. */
#include "corridor_hub.h"

static void
text(void)
{
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor path URC MCT"),
	       "\u00dcr\u00fcmqi (URC) to Muscat (MCT)\n"
	       "\n"
	       "from to   segment                                       km    status\n"
	       "URC  KHI  N1   \u00dcr\u00fcmqi, Kashgar and over the pass \u2026    3000 ~  in "
	       "service\n"
	       "KHI  MCT  S2   Other cable                            1200    in service\n"
	       "\n"
	       "4200 km, 41.1 ms there and back, 2 segments\n"
	       "between       3588 and 4812 km, 35.1 and 47.1 ms in the fibre alone\n"
	       "countries     CN PK OM\n"
	       "operators     Gulf Cable, Omantel\n"
	       "risks         KKH\n"
	       "price         $2.10 per Mbit/s and month ($1.05 to $4.20), all of it by estimate\n"
	       "availability  98.786 % (97.929 to 99.306): 106.3 hours a year down (60.8 to\n"
	       "              181.4)\n"
	       "capacity      1 Tbit/s (0.8 to 1.2) on N1, its narrowest\n"
	       "~ 1 of 2 lengths is an estimate (71 % of the km)\n",
	       "a way is an itinerary, what it adds up to, and what that rests on");
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor path KHI URC --avoid CN,XX"),
	       "Karachi (KHI) to \u00dcr\u00fcmqi (URC), avoiding CN, XX\n"
	       "(no segment of this hub crosses XX)\n"
	       "(\u00dcr\u00fcmqi itself lies in CN)\n"
	       "\n"
	       "no way is left\n"
	       "\n"
	       "without these conditions 3000 km, 29.4 ms over PK CN\n",
	       "where no way is left it says so, and doubts a country that nothing crosses");
	ok(strstr(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor path KHI URC --without N1"),
		  "\n+1000 km, +9.8 ms, +$0.50, +25 hours a year down for doing without N1; "
		  "without\nthese conditions 3000 km, 29.4 ms over PK CN\n") != NULL,
	   "a way under conditions is compared with the one without");
	ok(strstr(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor path KHI URC --without country:UK"),
		  "(no segment of this hub crosses UK; the United Kingdom is GB)\n") != NULL,
	   "so is a country done without that nothing crosses, with what may have been meant");
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor path KHI KHI"),
	       "Karachi (KHI) to Karachi (KHI)\n\n0 km, 0.0 ms there and back, 0 segments\n",
	       "to where one is, there is nothing to travel");
	ok(strstr(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor path KHI URC --sources"),
		  "where that comes from\nlength        estimated, of N1: no source\n") != NULL,
	   "with sources each number says where it comes from");
}

/* The JSON of an answer; the caller ends it. */
static json_t *
answer(const char *line)
{
	json_t *root = json_loads(ask(NULL, VIEW_CORRIDOR_JSON, line), 0, NULL);
	if (!root)
		printf("Bail out! no JSON: %s\n", (const char *)out.data);
	return root;
}

static bool
is_near(json_t *object, const char *key, double expected)
{
	return fabs(json_number_value(json_object_get(object, key)) - expected) < 1e-3;
}

/* The strings of a list with blanks between them. */
static const char *
strings(json_t *object, const char *key)
{
	static char text[200];
	size_t i, length = 0;
	json_t *value;
	text[0] = '\0';
	json_array_foreach(json_object_get(object, key), i, value) length +=
		(size_t)snprintf(text + length, sizeof(text) - length, "%s%s", i ? " " : "",
				 json_string_value(value));
	return text;
}

static void
numbers(void)
{
	json_t *root = answer("corridor path urc mct --avoid ru --with S1");
	json_t *way = json_array_get(json_object_get(root, "paths"), 0);
	is_str(strings(root, "avoid"), "RU", "in JSON the terms are said again");
	is_str(strings(root, "with"), "S1", "one by one");
	is_str(strings(way, "segments"), "N1 S1", "with the ways by their segments");
	is_str(strings(way, "sites"), "URC KHI MCT", "and sites");
	ok(is_near(way, "length_km", 4000) && is_near(way, "length_km_low", 3390) &&
		   is_near(way, "length_km_high", 4610),
	   "a length has its bounds");
	ok(is_near(way, "round_trip_ms", 39.174) && is_near(way, "round_trip_ms_high", 45.148),
	   "a round trip too");
	ok(is_near(way, "price_usd", 2) && is_near(way, "price_usd_low", 1) &&
		   is_near(way, "price_estimated_share", 1),
	   "a price says how much of it is an estimate");
	ok(is_near(way, "availability", .988438) && is_near(way, "downtime_h_year", 101.28),
	   "availability is also told in hours");
	is_str(strings(way, "countries"), "CN PK OM", "countries by segments");
	is_str(strings(way, "risks"), "KKH", "and what is shared with others");
	ok(is_near(json_object_get(root, "added"), "length_km", -200) &&
		   is_near(json_object_get(root, "plain"), "length_km", 4200),
	   "beside it stands the way without conditions");
	json_decref(root);
	root = answer("corridor path KHI URC --without KKH,N2");
	ok(json_is_array(json_object_get(root, "paths")) &&
		   json_array_size(json_object_get(root, "paths")) == 0 &&
		   json_is_null(json_object_get(root, "added")),
	   "where no way is left the list is empty");
	json_decref(root);
	root = answer("corridor path URC KHI");
	way = json_array_get(json_object_get(root, "paths"), 0);
	ok(json_is_null(json_object_get(root, "plain")), "without conditions there is no other");
	is_str(strings(way, "countries"), "CN PK", "countries stand by the alphabet");
	json_decref(root);
	root = answer("corridor path KHI URC");
	way = json_array_get(json_object_get(root, "paths"), 0);
	is_str(strings(way, "crossed"), "PK CN", "and as one travels");
	json_decref(root);
}

/* Who may ask without being known. */
static void
everybody(void)
{
	ok(!strstr(ask(NULL, VIEW_CORRIDOR_JSON, "corridor path URC MCT --avoid RU --public"),
		   "price"),
	   "prices are not for everybody");
	ok(!strstr(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor path KHI URC --without N1 --public"),
		   "$"),
	   "nor in words");
	ok(strncmp(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor path KHI URC --by price --public"),
		   "403", 3) == 0,
	   "nor to be asked by");
	ok(strncmp(ask(NULL, VIEW_CORRIDOR_TEXT,
		       "corridor path KHI URC --require CN,PK,KKH --public"),
		   "403", 3) == 0,
	   "nor is what takes long");
}

static void
csv(void)
{
	is_str(ask(NULL, VIEW_CORRIDOR_CSV, "corridor path KHI URC --k 5 --without S2"),
	       "way,step,from,to,segment,name,length_km,estimated,status,in_service,operators,"
	       "length_km_low,length_km_high,price_usd,price_basis,failures_year,repair_h,"
	       "source\r\n"
	       "1,1,KHI,URC,N1,\"\u00dcr\u00fcmqi, Kashgar and over the pass to "
	       "Karachi\",3000,yes,in service,,,2400,3600,1.5,estimated,6.39,12,\r\n"
	       "2,1,KHI,URC,N2,Second way,4000.25,no,in service,,,3960.2475,4040.2525,2.000125,"
	       "estimated,8.52053,12,\r\n",
	       "in CSV all ways stand one after the other");
	is_str(ask(NULL, VIEW_CORRIDOR_CSV, "corridor cutset KHI URC"),
	       "cut,needed,kind,id,gbps\r\nsegments,2,segment,N2,\r\nsegments,2,segment,N1,\r\n"
	       "sites,2,segment,N2,\r\nsites,2,segment,N1,\r\n"
	       "room,2,segment,N2,10000\r\nroom,2,segment,N1,1000\r\n",
	       "and a cut is one line a part");
}

static void
pairs(void)
{
	json_t *root = answer("corridor pair KHI URC --disjoint segment");
	ok(json_is_true(json_object_get(root, "apart")) &&
		   json_is_true(json_object_get(root, "proven")) &&
		   json_array_size(json_object_get(root, "paths")) == 2 &&
		   is_near(root, "length_km", 7000.25),
	   "two ways side by side are apart");
	ok(is_near(root, "availability", .999901), "and seldom down together");
	json_decref(root);
	root = answer("corridor pair URC MCT --disjoint=segment");
	ok(json_is_false(json_object_get(root, "apart")), "where all ways share something");
	is_str(strings(root, "shared_segments"), "S2", "it is named");
	json_decref(root);
	root = answer("corridor pair URC MCT --disjoint site");
	is_str(strings(root, "shared"), "KHI", "sites too");
	json_decref(root);
	root = answer("corridor pair URC MCT --disjoint country");
	is_str(strings(root, "shared"), "PK", "and countries, but not those of both ends");
	json_decref(root);
	ok(strstr(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor pair URC MCT"),
		  "\nThey share segment S2; no pair shares less.\nboth") != NULL,
	   "in words as well");
	ok(strstr(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor pair KHI URC --disjoint risk"),
		  "\nThey share no risk; no such pair is better.\n") != NULL,
	   "with the proof");
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor pair KHI KHI"),
	       "400 a pair of ways needs two sites, not one twice", "one site twice is refused");
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor pair KHI URC --k 3"),
	       "400 a pair of ways takes no --require, --via or --k; ask for a path",
	       "so is what makes no sense for a pair");
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor pair KHI URC --disjoint colour"),
	       "400 --disjoint: found \"colour\", expected segment, site, risk, country, cable or "
	       "operator",
	       "and a kind that is none");
	ok(strncmp(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor pair"), "400 expected two sites", 22) ==
		   0,
	   "a pair has ends");
}

static void
cuts(void)
{
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor cutset URC MCT"),
	       "\u00dcr\u00fcmqi (URC) to Muscat (MCT)\n"
	       "\n"
	       "1 way at once shares no segment; without these there is none:\n"
	       "  S2        Other cable                                  MCT     KHI\n"
	       "\n"
	       "1 way at once shares no site; without these there is none:\n"
	       "  KHI       Karachi                                      PK\n"
	       "\n"
	       "10.0 Tbit/s would have room if nobody else took any (3.30 Tbit/s to 12.0\n"
	       "Tbit/s); no more passes these:\n"
	       "  S2        Other cable                                    10.0 Tbit/s\n"
	       "\n"
	       "countries     1 must fail: PK\n"
	       "risks         there is a way without any\n"
	       "operators     1 must fail: Gulf Cable\n"
	       "cables        there is a way without any\n",
	       "what parts two sites is told by all that may fail");
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor cutset"),
	       "What alone parts the corridor\n"
	       "\n"
	       "segments\n"
	       "  S2        Other cable                                  MCT     KHI\n"
	       "\n"
	       "sites\n"
	       "  KHI       Karachi                                      PK\n",
	       "and what alone parts the whole");
	json_t *root = answer("corridor cutset URC MCT --with S1");
	json_t *by_segment = json_object_get(root, "by_segment");
	json_t *narrowest = json_object_get(root, "narrowest");
	ok(is_near(by_segment, "ways", 2), "with one cable more there are two ways at once");
	ok(json_array_size(json_object_get(narrowest, "segments")) == 2 &&
		   is_near(narrowest, "capacity_assumed", 1) && is_near(root, "room_gbps", 11000),
	   "and the segments are told that room ends at");
	ok(is_near(json_object_get(root, "countries"), "needed", 1),
	   "but one country that all cross");
	json_decref(root);
}

int
main(void)
{
	text();
	numbers();
	everybody();
	csv();
	pairs();
	cuts();
	buf_fini(&out);
	return done_testing();
}
