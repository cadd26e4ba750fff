/* What demands laid on the corridor look like in JSON: what each number rests on, what is empty and what is shut. */
#include "corridor_hub.h"

static struct hub_demand demands[] = {
	{.split = true,
	 .id = "U-M",
	 .from = 1,
	 .to = 2,
	 .gbps = 500,
	 .member = HUB_NONE,
	 .basis = {.low = 400, .high = 800, .confidence = HUB_ESTIMATED}},
};

/* The ids of a list, each with a blank behind it. */
static const char *
ids(json_t *json, const char *key)
{
	static char text[256];
	size_t i;
	json_t *id, *list = json_object_get(json, key);
	if (!json_is_array(list))
		return "no list";
	text[0] = '\0';
	json_array_foreach(list, i, id)
	{
		strcat(text, json_string_value(id));
		strcat(text, " ");
	}
	return text;
}

static double
number(json_t *json, const char *key)
{
	return json_number_value(json_object_get(json, key));
}

/* A cut that passes is not reckoned with where it is about money, and that is said. */
static void
cuts_in_force(void)
{
	static const enum corridor_live cut_n1[] = {CORRIDOR_UP, CORRIDOR_CUT, CORRIDOR_CUT,
						    CORRIDOR_DRAINED};
	static const char *const about_money[] = {
		"corridor worth --of PK",
		"corridor worth",
		"corridor target 1",
		"corridor revenue",
		"corridor simulate --years 1 --draws 1",
		"corridor sensitivity revenue --draws 1",
	};
	json_error_t error;
	live_now = cut_n1;
	for (size_t i = 0; i < sizeof(about_money) / sizeof(about_money[0]); i++) {
		const char *text = ask(NULL, VIEW_CORRIDOR_TEXT, about_money[i]);
		ok(strstr(text, "\nN1 is cut at present, and counted as if whole"),
		   "%s: what is cut and counted all the same is told", about_money[i]);
		json_t *json = json_loads(ask(NULL, VIEW_CORRIDOR_JSON, about_money[i]), 0, &error);
		is_str(ids(json, "cut_not_counted"), "N1 ", "in JSON too");
		json_decref(json);
	}
	ok(!strstr(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor revenue --without N1"), "at present"),
	   "what the question leaves out is not counted");
	ok(!strstr(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor revenue --date 2030"), "at present"),
	   "nor does it matter on another day");
	live_now = NULL;
	json_t *json = json_loads(ask(NULL, VIEW_CORRIDOR_JSON, "corridor revenue"), 0, &error);
	is_str(ids(json, "cut_not_counted"), "", "without orders nothing is cut");
	json_decref(json);
}

int
main(void)
{
	json_error_t error;
	hub.demands = demands;
	hub.demand_count = 1;
	json_t *json = json_loads(ask(NULL, VIEW_CORRIDOR_JSON, "corridor flow"), 0, &error);
	json_t *demand = json_array_get(json_object_get(json, "demands"), 0);
	json_t *way = json_array_get(json_object_get(demand, "ways"), 0);
	json_t *segment = json_array_get(json_object_get(json, "segments"), 0);
	json_t *capacity = json_object_get(segment, "capacity_tbps");
	is_str(ids(way, "segments"), "N1 S2 ", "the shortest way is taken");
	ok(number(way, "round_trip_ms_low") < number(way, "round_trip_ms") &&
		   number(way, "round_trip_ms") < number(way, "round_trip_ms_high"),
	   "its round trip has a range");
	ok(fabs(number(way, "length_estimated_share") - 3000.0 / 4200) < 1e-4,
	   "and says how much of it is by estimate");
	ok(number(way, "price_usd_mbps_month_low") < number(way, "price_usd_mbps_month") &&
		   number(way, "price_usd_mbps_month") < number(way, "price_usd_mbps_month_high"),
	   "so has its price");
	ok(number(capacity, "low") < number(capacity, "value") &&
		   json_is_string(json_object_get(capacity, "basis")),
	   "what a segment carries at most comes with its range and basis");
	is_str(ids(json, "idle"), "N2 ", "what could carry traffic and does not is named");
	is_str(ids(json, "closed"), "", "nothing is shut");
	json_decref(json);
	json = json_loads(ask(NULL, VIEW_CORRIDOR_JSON, "corridor flow --without N1"), 0, &error);
	is_str(ids(json, "closed"), "N1 ", "what the question shuts is named");
	is_str(ids(json, "idle"), "", "and is not among what is empty");
	json_decref(json);
	json = json_loads(ask(NULL, VIEW_CORRIDOR_JSON, "corridor flow --with S1"), 0, &error);
	is_str(ids(json, "idle"), "N2 S2 ", "what is counted as built empties what it replaces");
	json_decref(json);
	cuts_in_force();
	demands[0].to = 0;
	for (int whole = 0; whole < 2; whole++) {
		char text[4096];
		demands[0].gbps = demands[0].basis.low = demands[0].basis.high = 1e5;
		(void)snprintf(text, sizeof(text), "corridor flow --objective throughput%s",
			       whole ? " --unsplit" : "");
		json = json_loads(ask(NULL, VIEW_CORRIDOR_JSON, text), 0, &error);
		demand = json_array_get(json_object_get(json, "demands"), 0);
		is_int((long long)json_array_size(json_object_get(demand, "ways")), 2 - whole,
		       whole ? "unsplit it has one way" : "what no way can carry has two");
		is_int((long long)number(json, "demands_whole"), whole, "which is counted");
		json_t *total = json_object_get(json, "total");
		ok(whole ? number(json, "served_if_split_bps") > number(total, "served_bps")
			 : number(json, "served_if_split_bps") == number(total, "served_bps"),
		   "and what would be served if it were split is told");
		json_decref(json);
	}
	ok(strstr(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor flow --objective throughput --unsplit"),
		  "1 demand goes one way only; split, "),
	   "in the text, too");
	demands[0].protect = HUB_PROTECT_ONE_PLUS_ONE;
	ok(strstr(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor flow --without N2"),
		  "1 demand to be protected has no second way: U-M\n"),
	   "who asked to be protected and is not is named");
	demands[0].protect = HUB_PROTECT_NONE;
	demands[0].split = false;
	json = json_loads(ask(NULL, VIEW_CORRIDOR_JSON, "corridor flow"), 0, &error);
	is_int((long long)number(json, "demands_whole"), 1,
	       "and so does one that says it of itself");
	json_decref(json);
	demands[0].gbps = demands[0].basis.low = demands[0].basis.high = 10;
	json = json_loads(ask(NULL, VIEW_CORRIDOR_JSON, "corridor flow --objective utilisation"), 0,
			  &error);
	double full = number(json_object_get(json, "total"), "utilisation"),
	       value = number(json, "value");
	ok(full > 0 && fabs(full - value) <= 1e-8 * value,
	   "the fullest is told with all its digits: %.12g, value %.12g", full, value);
	json_decref(json);
	const char *alone =
		ask(NULL, VIEW_CORRIDOR_TEXT, "corridor flow --objective fairest --without N1,N2");
	ok(strstr(alone, "nobody is, for no demand has a way") && !strstr(alone, "nan"),
	   "where no demand can be reached that is said in words");
	hub.demand_count = 0;
	static const char *const lists[][2] = {{"next", "candidates"},
					       {"replay", "incidents"},
					       {"simulate", "demands"},
					       {"prices", "prices"}};
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		char question[40], expected[60];
		(void)snprintf(question, sizeof(question), "corridor %s", lists[i][0]);
		(void)snprintf(expected, sizeof(expected), "404 the hub file has no %s",
			       lists[i][1]);
		is_str(ask(NULL, VIEW_CORRIDOR_JSON, question), expected,
		       "without its list a question is refused");
	}
	buf_fini(&out);
	return done_testing();
}
