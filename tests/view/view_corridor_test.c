/* What the corridor shows, in text, JSON and CSV; text keeps to 80 columns. */
#include "view/view_corridor.h"

#include <jansson.h>
#include <math.h>

#include "tap.h"

enum { GIGABIT = 1000000000 };

static struct country pk_cn[] = {{"PK"}, {"CN"}}, pk_om[] = {{"PK"}, {"OM"}};
static const char *groups[] = {"KKH"};
static struct hub_site sites[] = {
	{.id = "KHI",
	 .name = "Karachi",
	 .kind = "hub",
	 .country = {"PK"},
	 .latitude = 24.87,
	 .longitude = 66.99},
	{.id = "URC",
	 .name = "\u00dcr\u00fcmqi",
	 .country = {"CN"},
	 .latitude = 43.8,
	 .longitude = 87.6},
	{.id = "MCT", .name = "Muscat", .country = {"OM"}, .latitude = NAN, .longitude = NAN},
	{.id = "IX-KHI", .name = "Exchange", .latitude = 24.87, .longitude = 66.99},
};
static struct hub_segment segments[] = {
	{.id = "N2",
	 .name = "Second way",
	 .a = 0,
	 .b = 1,
	 .length_km = 4000.25,
	 .length_from.confidence = HUB_SEEN,
	 .status = "in service",
	 .usable = true,
	 .countries = pk_cn,
	 .country_count = 2,
	 .lit_tbps = NAN,
	 .design_tbps = NAN,
	 .great_circle_km = NAN},
	{.id = "N1",
	 .name = "\u00dcr\u00fcmqi, Kashgar and over the pass to Karachi",
	 .a = 1,
	 .b = 0,
	 .type = "terrestrial",
	 .length_km = 3000,
	 .length_from.confidence = HUB_ESTIMATED,
	 .length_from.said = "estimated: by eye",
	 .status = "in service",
	 .usable = true,
	 .countries = pk_cn,
	 .country_count = 2,
	 .lit_tbps = 0.1,
	 .design_tbps = 1,
	 .great_circle_km = NAN,
	 .srlgs = groups,
	 .srlg_count = 1},
	{.id = "S1",
	 .name = "Sea cable",
	 .a = 0,
	 .b = 2,
	 .length_km = 1000,
	 .length_from.confidence = HUB_SEEN,
	 .status = "disconnected in 2024 (cut; not repaired)",
	 .usable = false,
	 .countries = pk_om,
	 .country_count = 2,
	 .lit_tbps = 1,
	 .design_tbps = NAN,
	 .great_circle_km = NAN},
	{.id = "S2",
	 .name = "Other cable",
	 .a = 2,
	 .b = 0,
	 .length_km = 1200,
	 .length_from.confidence = HUB_SEEN,
	 .status = "in service",
	 .usable = true,
	 .countries = pk_om,
	 .country_count = 2,
	 .lit_tbps = NAN,
	 .design_tbps = 10,
	 .great_circle_km = NAN},
};
static struct hub_member members[] = {
	{.asn = {64601}, .name = "Karakoram Carrier"},
	{.asn = {64602}, .name = "Gulf, \"Fast\" Transit"},
};
static struct hub_port ports[] = {
	{.id = "64601-1", .member = 0, .site = 0},
	{.id = "64602-1", .member = 1, .site = 0},
};
static uint32_t port_0[] = {0}, port_1[] = {1}, segments_0[] = {1}, segments_1[] = {2, 1};
static struct hub_contract contracts[] = {
	{.id = "T1",
	 .member = 0,
	 .ports = port_0,
	 .port_count = 1,
	 .segments = segments_0,
	 .segment_count = 1},
	{.id = "T2",
	 .member = 1,
	 .ports = port_1,
	 .port_count = 1,
	 .segments = segments_1,
	 .segment_count = 2},
};
static struct hub hub = {
	.name = "Karachi Hub",
	.short_name = "KH",
	.asn = {64500},
	.country = {"PK"},
	.city = "Karachi",
	.sites = sites,
	.site_count = 4,
	.segments = segments,
	.segment_count = 4,
	.members = members,
	.member_count = 2,
	.ports = ports,
	.port_count = 2,
	.contracts = contracts,
	.contract_count = 2,
};

static struct traffic_port measured[] = {
	{.port = "64601-1",
	 .counter_in = 60ull * GIGABIT / 8 * 300,
	 .counter_covered_s = 300,
	 .state = TRAFFIC_COUNTER},
	{.port = "64602-1",
	 .counter_in = 28ull * GIGABIT / 8 * 300,
	 .counter_covered_s = 300,
	 .state = TRAFFIC_COUNTER},
};
static const struct traffic_batch batch = {.start = {1795219200},
					   .length_s = 300,
					   .covered_s = 300,
					   .ports = measured,
					   .port_count = 2};

static struct buf out;

/* The answer to a line of words, or the complaint; valid until the next. */
static const char *
ask(const struct traffic_batch *traffic, enum view_corridor_form form, const char *line)
{
	char text[256];
	const char *words[16];
	size_t count = 0;
	static struct corridor_complaint complaint;
	struct utc_s now = {1795219500};
	struct view_corridor view;
	if (view_corridor_of_file(&view, &hub, now, &complaint) < 0)
		return complaint.text;
	if (traffic) {
		corridor_load_free(view.load);
		view.load = corridor_load_new(&hub, traffic, now);
		view.measured = true;
	}
	snprintf(text, sizeof(text), "%s", line);
	for (char *w = strtok(text, " "); w; w = strtok(NULL, " "))
		words[count++] = w;
	buf_clear(&out);
	if (view_corridor_answer(&out, &view, form, words, count, &complaint) < 0) {
		buf_clear(&out);
		buf_printf(&out, "%d %s", complaint.status, complaint.text);
	}
	buf_u8(&out, '\0');
	view_corridor_fini(&view);
	return (const char *)out.data;
}

static void
paths(void)
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
	       "countries     CN PK OM\n"
	       "~ 1 of 2 lengths is an estimate (71 % of the km)\n",
	       "a way is an itinerary, what it adds up to, and what that rests on");
	is_str(ask(NULL, VIEW_CORRIDOR_JSON, "corridor path urc mct --avoid ru --with S1 --k 1"),
	       "{\"from\":\"URC\",\"from_name\":\"\u00dcr\u00fcmqi\",\"to\":\"MCT\",\"to_name\":"
	       "\"Muscat\",\"avoid\":[\"RU\"],\"require\":[],\"without\":[],\"with\":[\"S1\"],"
	       "\"k\":1,\"paths\":[{"
	       "\"length_km\":4000,\"round_trip_ms\":39.174,\"countries\":[\"CN\",\"PK\",\"OM\"],"
	       "\"segments\":[\"N1\",\"S1\"],\"sites\":[\"URC\",\"KHI\",\"MCT\"],"
	       "\"estimated_lengths\":1,\"segment_count\":2,\"estimated_km\":3000,"
	       "\"estimated_share\":0.7500}]}\n",
	       "in JSON the keys are those of the field");
	is_str(ask(NULL, VIEW_CORRIDOR_CSV, "corridor path KHI URC --k 5 --without S2"),
	       "way,step,from,to,segment,name,length_km,estimated,status\r\n"
	       "1,1,KHI,URC,N1,\"\u00dcr\u00fcmqi, Kashgar and over the pass to "
	       "Karachi\",3000,yes,in "
	       "service\r\n"
	       "2,1,KHI,URC,N2,Second way,4000.25,no,in service\r\n",
	       "in CSV all ways stand one after the other");
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor path KHI URC --avoid CN,XX"),
	       "Karachi (KHI) to \u00dcr\u00fcmqi (URC), avoiding CN, XX\n"
	       "(no segment of this hub crosses XX)\n"
	       "\n"
	       "no way is left\n",
	       "where no way is left it says so, and doubts a country that nothing crosses");
	is_str(ask(NULL, VIEW_CORRIDOR_JSON, "corridor path KHI URC --without KKH,N2"),
	       "{\"from\":\"KHI\",\"from_name\":\"Karachi\",\"to\":\"URC\",\"to_name\":"
	       "\"\u00dcr\u00fcmqi\",\"avoid\":[],\"require\":[],\"without\":[\"KKH\",\"N2\"],"
	       "\"with\":[],\"k\":1,"
	       "\"paths\":[]}\n",
	       "in JSON by an empty list");
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor path KHI KHI"),
	       "Karachi (KHI) to Karachi (KHI)\n\n0 km, 0.0 ms there and back, 0 segments\n",
	       "to where one is, there is nothing to travel");
}

static void
complaints(void)
{
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor path IX-KHI URC"),
	       "404 no segment ends at IX-KHI (Exchange); the nearest site that has one is KHI "
	       "(Karachi), 0 km away",
	       "a site without segments is told from one without a way");
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor path KHI Moscat"),
	       "404 there is no site \"Moscat\"; the nearest known is MCT (Muscat)",
	       "an unknown site is a 404 with the nearest known");
	ok(strncmp(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor fly"), "400 expected one of", 19) == 0,
	   "an unknown word is a 400 with what there is");
	ok(strncmp(ask(NULL, VIEW_CORRIDOR_CSV, "corridor site KHI"), "400 this has no CSV", 19) ==
		   0,
	   "CSV of one site is refused");
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor segment Sea cable"),
	       "400 expected the id or name of one segment (a name of several words needs quotes)",
	       "two words are not one name");
	ok(strncmp(ask(NULL, VIEW_CORRIDOR_TEXT, "show"), "400", 3) == 0 &&
		   strncmp(ask(NULL, VIEW_CORRIDOR_TEXT, ""), "400", 3) == 0,
	   "too few words are no question");
}

static void
overview(void)
{
	is_str(ask(&batch, VIEW_CORRIDOR_TEXT, "show overview"),
	       "Karachi Hub: 88.0 Gbit/s now, 1 segment over 85 %; 2 members\n"
	       "\n"
	       "! Sea cable carries nothing\n"
	       "  status: disconnected in 2024 (cut; not repaired); runs on it: Gulf, \"Fast\"\n"
	       "  Transit; the way round is 200 km longer (+2.0 ms)\n"
	       "\n"
	       "! \u00dcr\u00fcmqi, Kashgar and over the pass to Karachi is 88 % full\n"
	       "  88.0 Gbit/s of 100 Gbit/s; runs on it: Karakoram Carrier, Gulf, \"Fast\" "
	       "Transit\n"
	       "\n"
	       "busiest segments\n"
	       "N1    \u00dcr\u00fcmqi, Kashgar and over the pass to \u2026 88.0 Gbit/s    100 "
	       "Gbit/s    88 %\n",
	       "the overview says first what is out, then what is full, then what is busy");
	json_error_t error;
	json_t *json = json_loads(ask(&batch, VIEW_CORRIDOR_JSON, "show overview"), 0, &error);
	json_t *incidents = json_object_get(json, "incidents");
	json_t *numbers = json_object_get(json, "numbers");
	is_int((long long)json_array_size(incidents), 2, "in JSON there are two incidents,");
	is_str(json_string_value(json_object_get(json_array_get(incidents, 0), "link")),
	       "#/corridor/S1", "each with a link to its segment");
	is_int(json_integer_value(json_object_get(json_array_get(incidents, 0), "severity")), 3,
	       "the worst first");
	is_int(json_integer_value(json_object_get(numbers, "now_bps")), 88ll * GIGABIT,
	       "traffic now is what enters");
	ok(json_is_null(json_object_get(numbers, "sessions_up")),
	   "what this room does not know is null");
	is_str(json_string_value(json_object_get(
		       json_array_get(json_object_get(json, "busiest"), 0), "segment")),
	       "N1", "the busiest comes first");
	json_decref(json);
	json = json_loads(ask(NULL, VIEW_CORRIDOR_JSON, "show overview"), 0, &error);
	numbers = json_object_get(json, "numbers");
	ok(json_is_null(json_object_get(numbers, "now_bps")) &&
		   json_is_null(json_object_get(numbers, "segments_over_85")),
	   "without a measurement the numbers are null, not 0");
	is_int((long long)json_array_size(json_object_get(json, "incidents")), 1,
	       "a segment that is out is told without a measurement too");
	json_decref(json);
}

static void
lists(void)
{
	json_error_t error;
	json_t *json = json_loads(ask(&batch, VIEW_CORRIDOR_JSON, "corridor show"), 0, &error);
	json_t *list = json_object_get(json, "segments"), *first = json_array_get(list, 1);
	is_int((long long)json_array_size(list), 4, "every segment is listed");
	is_int((long long)json_array_size(json_object_get(json, "sites")), 4, "and every site");
	is_int(json_integer_value(json_object_get(first, "load_ba_bps")), 88ll * GIGABIT,
	       "load is given by direction:");
	is_int(json_integer_value(json_object_get(first, "load_ab_bps")), 0,
	       "what one sends from here and another from the sea run the same way");
	ok(json_is_null(json_object_get(json_array_get(list, 0), "utilisation")),
	   "an unknown utilisation is null");
	ok(json_is_null(json_object_get(json_array_get(json_object_get(json, "sites"), 2), "lat")),
	   "an unknown place is null");
	json_decref(json);
	const char *text = ask(&batch, VIEW_CORRIDOR_TEXT, "corridor show");
	ok(strstr(text, "\nN1 ") && strstr(text, "\nN1 ") < strstr(text, "\nN2 "),
	   "the table has the busiest at the top");
	json = json_loads(ask(&batch, VIEW_CORRIDOR_JSON, "corridor segment sea"), 0, &error);
	is_str(json_string_value(json_object_get(
		       json_array_get(json_object_get(json, "contracts"), 0), "member")),
	       "Gulf, \"Fast\" Transit", "a segment tells whose contract names it");
	json_decref(json);
	json = json_loads(ask(&batch, VIEW_CORRIDOR_JSON, "corridor site KHI"), 0, &error);
	is_int((long long)json_array_size(json_object_get(json, "segments")), 4,
	       "a site tells the segments that end there");
	json_decref(json);
	ok(strstr(ask(&batch, VIEW_CORRIDOR_TEXT, "metrics corridor"),
		  "sarai_corridor_segment_usable{segment=\"S1\"} 0\n") != NULL,
	   "the metrics tell what a contract runs on and is out");
}

static void
widths(void)
{
	static const char *const lines[] = {
		"corridor show",
		"corridor path URC MCT --k 9 --avoid RU,IR,AF,TJ,UZ,TM,AZ,GE",
		"corridor segment N1",
		"corridor segment S1",
		"corridor site KHI",
		"show overview",
	};
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		size_t widest = 0, width = 0;
		bool blank_end = false;
		for (const char *c = ask(&batch, VIEW_CORRIDOR_TEXT, lines[i]); *c; c++) {
			blank_end |= *c == '\n' && c > (const char *)out.data && c[-1] == ' ';
			width = *c == '\n' ? 0 : width + ((*c & 0xc0) != 0x80);
			widest = width > widest ? width : widest;
		}
		ok(widest <= 80 && !blank_end,
		   "%s fits into 80 columns (%zu), no blank ends a line", lines[i], widest);
	}
}

int
main(void)
{
	paths();
	complaints();
	overview();
	lists();
	widths();
	buf_fini(&out);
	return done_testing();
}
