/* Counters that somebody pushes: what is read of a row, what is refused and why, and that nothing is
 * counted twice. */
#include "meter/counter_push.h"

#include <stdio.h>
#include <string.h>

#include "exchange.h"
#include "meter/counter_csv.h"
#include "meter/counter_json.h"
#include "tap.h"

static const int64_t start_s = 1700000100; /* of a bin */

static struct cursor
text_of(const char *text)
{
	return cursor_of((const uint8_t *)text, strlen(text));
}

static void
headers(void)
{
	static const struct {
		const char *name, *header, *why; /* why NULL: it is good */
	} cases[] = {
		{"columns in any order", "out_octets,time,in_octets,port", NULL},
		{"blanks around names, and quotes", "\"port\", time ,in_octets,out_octets", NULL},
		{"the mark that spreadsheets put in front",
		 "\xef\xbb\xbfport,time,in_octets,out_octets", NULL},
		{"a column that there is not", "port,bytes", "column 2: \"bytes\" is none"},
		{"a column twice", "port,time,port", "column 3: \"port\" is there twice"},
		{"nothing", "", "column 1: \"\" is none"},
		{"a comma at the end", "port,", "column 2: \"\" is none"},
		{"a quote out of place", "po\"rt", "column 1: \"po\" is none"},
		{"a quote that does not end", "\"port", "column 1: \"port\" is none"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct counter_csv csv;
		char why[COUNTER_REASON] = "";
		int result = counter_csv_header(&csv, text_of(cases[i].header), why);
		if (cases[i].why)
			is_str(result < 0 ? why : "accepted", cases[i].why, cases[i].name);
		else
			ok(result == 0 && csv.count == 4, "%s", cases[i].name);
	}
}

static void
rows(void)
{
	static const struct {
		const char *name, *row, *why;
	} cases[] = {
		{"a row", "p1,1700000100,1,2,", NULL},
		{"a quoted row", "\"p1\",\"1700000100\",\"1\",\"2\",\"a \"\"b\"\"\"", NULL},
		{"time as text", "p1,2023-11-14T22:15:00Z,1,2,", NULL},
		{"a fraction of a second", "p1,1700000100.75,1,2,", NULL},
		{"the largest counter", "p1,1700000100,18446744073709551614,2,", NULL},
		{"one beyond it", "p1,1700000100,18446744073709551615,2,",
		 "in_octets: \"18446744073709551615\" is none"},
		{"a negative counter", "p1,1700000100,-1,2,", "in_octets: \"-1\" is none"},
		{"a counter that is no number", "p1,1700000100,1e9,2,",
		 "in_octets: \"1e9\" is none"},
		{"a time that is none", "p1,today,1,2,", "time: \"today\" is none"},
		{"a date without a time", "p1,2023-11-14,1,2,", "time: \"2023-11-14\" is none"},
		{"a cell too few", "p1,1700000100,1,2", "fewer than the 5 columns of the header"},
		{"a cell too many", "p1,1700000100,1,2,,", "more than the 5 columns of the header"},
		{"an empty row", "", "fewer than the 5 columns of the header"},
		{"a quote out of place", "p\"1,1700000100,1,2,",
		 "column 1: too long, or a quote that is out of place"},
		{"text behind a quote", "\"p1\"x,1700000100,1,2,",
		 "column 1: too long, or a quote that is out of place"},
	};
	struct counter_csv csv;
	char why[COUNTER_REASON];
	ok(counter_csv_header(&csv, text_of("port,time,in_octets,out_octets,interface"), why) == 0,
	   "a header of five columns");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct counter_report r;
		counter_report_init(&r, TRAFFIC_BY_PUSH);
		int result = counter_csv_row(&r, &csv, text_of(cases[i].row), why);
		if (cases[i].why)
			is_str(result < 0 ? why : "accepted", cases[i].why, cases[i].name);
		else
			ok(result == 0 && strcmp(r.port, "p1") == 0 && r.time.s == start_s &&
				   r.reading.value[COUNTER_OCTETS_OUT] == 2 &&
				   r.reading.value[COUNTER_PACKETS_IN] == counter_not_told,
			   "%s", cases[i].name);
	}
}

static void
objects(void)
{
	static const struct {
		const char *name, *object, *why;
	} cases[] = {
		{"an object",
		 "{\"exporter\":\"sw1\",\"if_index\":1001,\"time\":1700000100,"
		 "\"in_octets\":18446744073709551614,\"out_octets\":\"7\",\"speed\":null}",
		 NULL},
		{"a name that there is not", "{\"bytes\":1}", "\"bytes\" is none of the names"},
		{"a number with a fraction", "{\"in_octets\":1.5}", "in_octets: \"1.5\" is none"},
		{"neither number nor text", "{\"in_octets\":[1]}",
		 "in_octets: neither a number nor text"},
		{"a list", "[1]", "no JSON object"},
		{"half an object", "{\"port\":", "no JSON object"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct counter_report r;
		char why[COUNTER_REASON];
		struct arena *arena = arena_new();
		counter_report_init(&r, TRAFFIC_BY_PUSH);
		int result = counter_json_row(&r, text_of(cases[i].object), arena, why);
		if (cases[i].why)
			is_str(result < 0 ? why : "accepted", cases[i].why, cases[i].name);
		else
			ok(result == 0 && r.if_index == 1001 && r.time.s == start_s &&
				   r.reading.value[COUNTER_OCTETS_IN] == UINT64_MAX - 1 &&
				   r.reading.value[COUNTER_OCTETS_OUT] == 7,
			   "%s", cases[i].name);
		arena_free(arena);
	}
}

/* --- into the meter --- */

static struct hub *hub;
static struct meter *meter;

static void
begin(void)
{
	hub = exchange_new(3);
	hub->ports[1].interface = "Ethernet1";
	meter = meter_new(hub, 1, (struct utc_s){start_s});
}

static void
end(void)
{
	meter_free(meter);
	hub_free(hub);
}

/* The answer to a row of "port,exporter,if_index,interface,time,in_octets,out_octets", by source. */
static const char *
push(const char *source, const char *row, int64_t now_s)
{
	static char text[512];
	struct buf out = {0};
	char why[COUNTER_REASON];
	const char *words[] = {"counters", source, "csv"};
	char rows[256];
	(void)snprintf(rows, sizeof(rows),
		       "port,exporter,if_index,interface,time,in_octets,out_octets\n%s\n", row);
	const struct counter_push request = {words, 3, text_of(rows)};
	if (counter_push(&out, meter, &request, (struct utc_s){now_s}, why) < 0)
		return "senseless";
	snprintf(text, sizeof(text), "%.*s", (int)out.length, (const char *)out.data);
	buf_fini(&out);
	char *reason = strstr(text, "\"reason\":\"");
	if (reason) {
		reason += strlen("\"reason\":\"");
		*strchr(reason, '"') = '\0';
		return reason;
	}
	for (int i = 0; i < COUNTER_RESULTS; i++) {
		char counted[64];
		snprintf(counted, sizeof(counted), "\"%s\":1",
			 counter_result_word((enum counter_result)i));
		if (strstr(text, counted))
			return counter_result_word((enum counter_result)i);
	}
	return text;
}

/* What the open bin has of a port, in. */
static uint64_t
counted_in(const char *port)
{
	struct traffic_batch batch;
	struct arena *arena = arena_new();
	uint64_t in = 0;
	if (meter_now(meter, (struct utc_s){start_s + 200}, arena, &batch) == 0)
		in = batch.ports[traffic_port_by_id(&batch, port)].counter_in;
	arena_free(arena);
	return in;
}

static void
places(void)
{
	static const struct {
		const char *name, *row, *answer;
	} cases[] = {
		{"by port", "p0,,,,1700000110,5,5", "first"},
		{"by number of the interface", ",sw1,1002,,1700000110,5,5", "first"},
		{"by name of the interface", ",sw1,,Ethernet1,1700000110,5,5", "first"},
		{"the same interface by number", ",sw1,1001,,1700000120,6,6", "counted"},
		{"the only exporter need not be told", ",,1001,,1700000130,7,7", "counted"},
		{"a port that there is not", "p9,,,,1700000110,5,5", "there is no port of this id"},
		{"an exporter that there is not", ",sw9,1002,,1700000110,5,5",
		 "there is no exporter of this id"},
		{"an interface that is nobody's", ",sw1,77,,1700000110,5,5",
		 "no port of the hub file is at this interface"},
		{"a name that is nobody's", ",sw1,,Ethernet9,1700000110,5,5",
		 "no port of the hub file is at this interface"},
		{"nothing of where", ",,,,1700000110,5,5",
		 "neither interface nor if_index is told"},
		{"no time", "p0,,,,,5,5", "its time is not told"},
		{"one direction only", "p0,,,,1700000120,,5",
		 "in_octets and out_octets are needed"},
		{"a minute ahead", "p2,,,,1700000200,6,6", "counted"},
		{"more than that", "p2,,,,1700000201,7,7", "its time is in the future"},
		{"an hour ago", "p0,,,,1699996540,5,5", "overtaken"},
		{"longer ago", "p0,,,,1699996539,5,5", "it is too old: its bins are closed"},
	};
	begin();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is_str(push("push", cases[i].row, start_s + 40), cases[i].answer, cases[i].name);
	end();
}

static void
twice(void)
{
	begin();
	is_str(push("push", "p0,,,,1700000110,1000,0", start_s + 60), "first", "a first reading");
	is_str(push("push", "p0,,,,1700000130,5000,0", start_s + 60), "counted", "and a second");
	is_int((long long)counted_in("p0"), 4000, "their difference counts");
	is_str(push("push", "p0,,,,1700000110,1000,0", start_s + 60), "overtaken",
	       "the first once more");
	is_str(push("push", "p0,,,,1700000130,5000,0", start_s + 60), "overtaken",
	       "the second once more");
	is_int((long long)counted_in("p0"), 4000, "nothing is counted twice");
	is_str(push("push", "p0,,,,1700000150,5500,0", start_s + 60), "counted", "a third");
	is_int((long long)counted_in("p0"), 4500, "and nothing left out");
	is_str(push("push", "p0,,,,1699996700,10,0", start_s + 60), "overtaken",
	       "an old file once more");
	is_str(push("push", "p0,,,,1700000155,5600,0", start_s + 60), "counted", "a fourth");
	is_int((long long)counted_in("p0"), 4600, "it has changed nothing");
	end();
}

static void
two_sources(void)
{
	begin();
	push("snmp", "p0,,,,1700000110,1000,0", start_s + 60);
	push("snmp", "p0,,,,1700000130,5000,0", start_s + 60);
	is_str(push("push", "p0,,,,1700000131,900000,0", start_s + 60), "other_source",
	       "another source is passed over while the first one tells");
	is_int((long long)counted_in("p0"), 4000, "the two are never summed up");
	end();
}

/* A LAG whose first interface is known by name and the second by number: a port's id means the first,
 * although the second was there before it. */
static void
interfaces(void)
{
	static struct hub_interface second = {.exporter = 0, .if_index = 2000};
	begin();
	struct hub_port *port = &hub->ports[1];
	const char *name = port->interface;
	port->interface = NULL;
	port->if_index = 0;
	port->interfaces = &second;
	port->interface_count = 1;
	meter_free(meter);
	meter = meter_new(hub, 1, (struct utc_s){start_s});
	port->interface = name;
	ok(meter_apply(meter, hub) == 0, "a port becomes a LAG");
	push("snmp", "p1,,,,1700000110,1000,0", start_s + 60);
	push("snmp", ",sw1,2000,,1700000110,50,0", start_s + 60);
	push("snmp", ",sw1,,Ethernet1,1700000130,1100,0", start_s + 60);
	push("snmp", ",sw1,2000,,1700000130,60,0", start_s + 60);
	is_int((long long)counted_in("p1"), 110, "each interface has counters of its own");
	end();
}

/* What a request answers to rows, or why it makes no sense as a whole. */
static const char *
answer_to(const char *form, const char *rows, size_t words_given)
{
	static char text[512];
	struct buf out = {0};
	char why[COUNTER_REASON] = "";
	const char *words[] = {"counters", "push", form};
	const struct counter_push request = {words, words_given, text_of(rows)};
	if (counter_push(&out, meter, &request, (struct utc_s){start_s + 60}, why) < 0)
		(void)snprintf(text, sizeof(text), "%s", why);
	else
		(void)snprintf(text, sizeof(text), "%.*s",
			       (int)(strcspn((char *)out.data, "]") + 1), (const char *)out.data);
	buf_fini(&out);
	return text;
}

static void
requests(void)
{
	static const struct {
		const char *name, *form, *rows;
		size_t words;
		const char *answer;
	} cases[] = {
		{"rows of CSV, by their place", "csv",
		 "port,time,in_octets,out_octets\np0,1700000110,1,1\np9,1700000110,1,1\n\n"
		 "p0,1700000120,1,1",
		 3,
		 "{\"rows\":4,\"refused\":[{\"row\":2,\"reason\":\"there is no port of this id\"},"
		 "{\"row\":3,\"reason\":\"fewer than the 4 columns of the header\"}]"},
		{"objects, one a line", "json",
		 "{\"port\":\"p1\",\"time\":1700000110,\"in_octets\":1,\"out_octets\":1}\n[\n", 3,
		 "{\"rows\":2,\"refused\":[{\"row\":2,\"reason\":\"no JSON object\"}]"},
		{"a header alone", "csv", "port,time\n", 3, "{\"rows\":0,\"refused\":[]"},
		{"a header that makes no sense", "csv", "bytes\np0\n", 3,
		 "column 1: \"bytes\" is none"},
		{"another form", "xml", "x\n", 3,
		 "expected: counters push csv or json, and rows with it"},
		{"no form", "csv", "x\n", 2,
		 "expected: counters push csv or json, and rows with it"},
		{"no rows", "csv", "", 3, "expected: counters push csv or json, and rows with it"},
	};
	begin();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is_str(answer_to(cases[i].form, cases[i].rows, cases[i].words), cases[i].answer,
		       cases[i].name);
	struct buf many = {0};
	buf_str(&many, "port,time,in_octets,out_octets\n");
	for (int i = 0; i < 257; i++)
		buf_printf(&many, "p2,%d,%d,1\n", 1700000110 + i / 8, i);
	buf_u8(&many, 0);
	is_str(answer_to("csv", (const char *)many.data, 3), "more than 256 rows at once",
	       "too many rows are refused as a whole");
	is_int((long long)counted_in("p2"), 0, "then none of them was taken");
	buf_fini(&many);
	end();
}

int
main(void)
{
	headers();
	requests();
	rows();
	objects();
	places();
	twice();
	two_sources();
	interfaces();
	return done_testing();
}
