/* What the corridor shows, in text, JSON and CSV; text keeps to 80 columns. */
#include "corridor_hub.h"

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
	ok(strncmp(ask(NULL, VIEW_CORRIDOR_CSV, "show overview"), "400 this has no CSV", 19) == 0,
	   "CSV of what is no table is refused");
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

/* What an operator has cut is out, though the hub file knows nothing of it; the way round does not go over it. */
static void
cut_by_order(void)
{
	const enum corridor_live live[] = {CORRIDOR_UP, CORRIDOR_CUT, CORRIDOR_UP,
					   CORRIDOR_DRAINED};
	static struct corridor_complaint complaint;
	const char *words[] = {"show", "overview"};
	struct view_corridor view;
	if (!ok(view_corridor_of_file(&view, &hub, (struct utc_s){1795219500}, &complaint) == 0,
		"there is a hub"))
		return;
	view.live = live;
	buf_clear(&out);
	ok(view_corridor_answer(&out, &view, VIEW_CORRIDOR_TEXT, words, 2, &complaint) == 0,
	   "its overview is answered");
	buf_u8(&out, '\0');
	const char *text = (const char *)out.data;
	ok(strstr(text, "Kashgar and over the pass to Karachi is cut\n") &&
		   strstr(text, "ordered, see show corridor live"),
	   "it names what is cut by order");
	ok(strstr(text, "the way round is 1000 km longer"), "with the way round it");
	ok(!strstr(text, "Other cable"), "what is only drained is no incident");
	const char *show[] = {"corridor", "show"};
	buf_clear(&out);
	(void)view_corridor_answer(&out, &view, VIEW_CORRIDOR_JSON, show, 2, &complaint);
	buf_u8(&out, '\0');
	text = (const char *)out.data;
	ok(strstr(text, "\"live\":\"cut\"") && strstr(text, "\"live\":\"drained\""),
	   "the list of segments has both");
	view_corridor_fini(&view);
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
	is_str(json_string_value(json_object_get(first, "live")), "up",
	       "what nobody has ordered anything of is up");
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
	complaints();
	overview();
	lists();
	cut_by_order();
	widths();
	buf_fini(&out);
	return done_testing();
}
