/* What the calculator says: in text of 80 columns, JSON and CSV, the same of a running hub and alone. */
#include "view/view_reckon.h"

#include <jansson.h>

#include "corridor/corridor_formula.h"
#include "corridor_hub.h"
#include "view/view_text.h"

static void
forms(void)
{
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor reckon latency length=380km"),
	       "one way         1.860753949 ms\n"
	       "there and back  3.721507897 ms\n"
	       "\n"
	       "of            length=380km\n"
	       "formula       length x 1.468 / c\n"
	       "source        refractive index 1.468 of silica fibre; c = 299 792.458 km/s\n",
	       "what is reckoned is told with its formula and source");
	is_str(ask(NULL, VIEW_CORRIDOR_CSV, "corridor reckon snr osnr=24 baud=12.5"),
	       "name,value,unit\r\nSNR in the signal's width,24,dB\r\n", "as CSV a row a result");
	is_str(ask(NULL, VIEW_CORRIDOR_JSON, "corridor reckon payback flow=-3,1 rate=5%"),
	       "{\"topic\":\"payback\",\"what\":\"when a flow has paid for itself\",\"results\":["
	       "{\"name\":\"paid back by the end of year\",\"value\":null,\"unit\":\"\"},"
	       "{\"name\":\"the same without discount\",\"value\":null,\"unit\":\"\"}],\"inputs\":["
	       "{\"name\":\"flow\",\"said\":\"-3,1\",\"usual\":false,\"unit\":\"MUSD\",\"values\":"
	       "[-3,1]},{\"name\":\"rate\",\"said\":\"5%\",\"usual\":false,\"unit\":\"/y\","
	       "\"values\":[0.05]}],\"formula\":\"first k with the sum of flow_i / (1 + rate)^i up "
	       "to "
	       "it >= 0\",\"source\":\"the first amount at once, each further one a year "
	       "later\"}\n",
	       "as JSON with its inputs; what there is none of is null");
	ok(strstr(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor reckon irr flow=1,2"),
		  "internal rate of return  none\n") != NULL,
	   "and none in text");
	ok(strstr(ask(NULL, VIEW_CORRIDOR_CSV,
		      "corridor reckon disjoint edges=a-b:1,b-c:2,c-a:4 from=a to=b"),
		  "\r\nsecond way,a-c-b,\r\n") != NULL,
	   "ways are words");
	is_str(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor reckon latency"),
	       "400 latency: missing is \"length\"; its inputs are length",
	       "what is missing is told");
}

static void
topics(void)
{
	const struct corridor_formula *f;
	size_t topics = 0, inputs = 0;
	char *text = strdup(ask(NULL, VIEW_CORRIDOR_TEXT, "corridor reckon"));
	bool all = true, narrow = true;
	for (size_t t = 0; (f = corridor_formula_at(t)); t++, topics++) {
		char head[80];
		(void)snprintf(head, sizeof(head), "\n%s: ", f->topic);
		all &= strstr(text, head) != NULL;
		for (size_t i = 0; i < CORRIDOR_INPUTS_MAX && f->inputs[i].name; i++)
			inputs++;
	}
	ok(topics > 30 && all, "without a topic all %zu are listed", topics);
	for (char *at = text, *end; (end = strchr(at, '\n')); at = end + 1)
		narrow &= end - at <= VIEW_COLUMNS;
	ok(narrow, "in 80 columns");
	free(text);
	json_t *root = json_loads(ask(NULL, VIEW_CORRIDOR_JSON, "corridor reckon"), 0, NULL);
	is_int((long)json_array_size(json_object_get(root, "topics")), (long)topics,
	       "JSON has as many");
	json_decref(root);
	size_t rows = 0;
	for (const char *at = ask(NULL, VIEW_CORRIDOR_CSV, "corridor reckon");
	     (at = strstr(at, "\r\n")); at++)
		rows++;
	is_int((long)rows, (long)inputs + 1, "and CSV a row an input");
}

int
main(void)
{
	forms();
	topics();
	return done_testing();
}
