/* Graphs in node-link JSON become sites and segments, and what cannot be such is refused. */
#include "corridor/corridor_import.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "tap.h"

/* The hub that a graph makes; NULL, and the complaints in *import. */
static struct hub *
hub_of(const char *text, struct corridor_import *import)
{
	struct hub_report report;
	*import = (struct corridor_import){0};
	if (corridor_import_json(import, text, strlen(text), NULL) < 0)
		return NULL;
	struct hub *hub = corridor_import_try(import, NULL, &report);
	if (!hub)
		printf("# %s\n", report.errors[0].text);
	hub_report_fini(&report);
	return hub;
}

static void
takes_what_is_told(void)
{
	static const char text[] =
		"{\"directed\":false,\"multigraph\":true,\"graph\":{},\"nodes\":["
		"{\"id\":7,\"name\":\"Aktau\",\"pos\":[51.2,43.6],\"country\":\"KZ\",\"x\":1},"
		"{\"id\":\"New York\",\"pos\":[-74,40.7]},{\"id\":\"Z\",\"label\":\"End\"}],"
		"\"links\":[{\"source\":7,\"target\":\"New York\",\"dist\":9800.5,\"key\":0},"
		"{\"source\":7,\"target\":\"New York\",\"distance\":1e4,\"key\":1,"
		"\"status\":\"planned\",\"srlg\":\"SEA\"},"
		"{\"source\":\"Z\",\"target\":\"New York\",\"length\":3,\"id\":\"Q\"}]}";
	struct corridor_import import;
	struct hub *hub = hub_of(text, &import);
	if (!ok(hub && hub->site_count == 3 && hub->segment_count == 3, "a graph is a hub"))
		return;
	is_str(hub->sites[0].id, "7", "a number is an id");
	is_str(hub->sites[0].name, "Aktau", "a name is the name");
	is_str(hub->sites[0].country.code, "KZ", "what is called as an item is that item");
	ok(hub->sites[0].longitude == 51.2 && hub->sites[0].latitude == 43.6,
	   "pos is longitude, then latitude");
	is_str(hub->sites[1].id, "New_York", "an id has no blanks");
	is_str(hub->sites[1].name, "New York", "without a name it is the id as it was");
	is_str(hub->sites[2].name, "End", "or the label");
	const struct hub_segment *s = hub->segments;
	ok(s[0].a == 0 && s[0].b == 1 && s[0].length_km == 9800.5, "an edge is a segment");
	is_str(s[0].id, "E1", "with a number for an id");
	is_str(s[0].status, "in service", "in service");
	ok(!s[0].source, "its other end is not taken for where it was read");
	ok(s[1].length_km == 1e4 && s[1].a == 0 && s[1].b == 1, "a second one between the same");
	is_str(s[1].status, "planned", "what it tells of its status holds");
	ok(s[1].srlg_count == 1 && strcmp(s[1].srlgs[0], "SEA") == 0, "and of its risks");
	is_str(s[2].id, "Q", "its own id is kept");
	ok(import.notes.length == 0, "nothing was left aside");
	hub_free(hub);
	corridor_import_fini(&import);
}

/* A graph of the reference as its authors' file has it: positions are no degrees. */
static void
a_reference_graph(void)
{
	struct csv csv = csv_read("tests/corridor/data/gabriel_25_0.csv");
	struct buf text = {0};
	struct corridor_import import;
	double km = 0, sum = 0;
	buf_str(&text, "{\"nodes\":[");
	for (int i = 0; i < 25; i++)
		buf_printf(&text, "%s{\"name\":\"R%d\",\"pos\":[%d.5,463.39],\"id\":%d}",
			   i ? "," : "", i, 20 * i, i);
	buf_str(&text, "],\"edges\":[");
	for (size_t i = 0; i < csv.rows; i++) {
		buf_printf(&text, "%s{\"dist\":%s,\"source\":%s,\"target\":%s}", i ? "," : "",
			   csv_get(&csv, i, "km"), csv_get(&csv, i, "a"), csv_get(&csv, i, "b"));
		km += atof(csv_get(&csv, i, "km"));
	}
	buf_str(&text, "]}");
	buf_u8(&text, 0);
	struct hub *hub = hub_of((const char *)text.data, &import);
	if (ok(hub && hub->site_count == 25 && hub->segment_count == csv.rows,
	       "all of a reference graph is there")) {
		for (size_t i = 0; i < hub->segment_count; i++)
			sum += hub->segments[i].length_km;
		ok(fabs(sum - km) < 1e-9, "with its lengths");
		ok(isnan(hub->sites[1].latitude), "a drawing tells no places");
		buf_u8(&import.notes, 0);
		is_str((const char *)import.notes.data,
		       "pos: not everywhere degrees of longitude and latitude: left aside\n",
		       "which is said");
	}
	hub_free(hub);
	corridor_import_fini(&import);
	buf_fini(&text);
	csv_fini(&csv);
}

static void
refuses(void)
{
	static const struct {
		const char *name, *text, *said;
	} cases[] = {
		{"a directed graph", "{\"directed\":true,\"nodes\":[],\"edges\":[]}",
		 "it is directed, and a segment is one fibre for both directions: expected an "
		 "undirected graph (networkx: to_undirected)\n"},
		{"an edge without a length",
		 "{\"nodes\":[{\"id\":1},{\"id\":2}],\"edges\":[{\"source\":1,\"target\":2,"
		 "\"dist\":\"9\"}]}",
		 "edge 1 (E1): its length: found none, expected a number of km as length_km, dist, "
		 "distance or length\n"},
		{"an edge without an end",
		 "{\"nodes\":[{\"id\":1}],\"edges\":[{\"source\":1,\"dist\":3}]}",
		 "edge 1 (E1): its ends: expected source and target\n"},
		{"a node without an id", "{\"nodes\":[{\"id\":[1]}],\"edges\":[]}",
		 "node 1: id: found none, expected text or a number\n"},
		{"nodes that are none", "{\"nodes\":[3,null],\"edges\":[]}",
		 "node 1: id: found none, expected text or a number\n"
		 "node 2: id: found none, expected text or a number\n"},
		{"nodes alone", "{\"nodes\":[]}",
		 "its type is not told, expected a FeatureCollection with features (GeoJSON), or "
		 "nodes and edges (node-link JSON)\n"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct corridor_import import = {0};
		int result =
			corridor_import_json(&import, cases[i].text, strlen(cases[i].text), NULL);
		buf_u8(&import.complaints, 0);
		is_str((const char *)import.complaints.data, cases[i].said, cases[i].name);
		ok(result < 0, "%s is refused", cases[i].name);
		corridor_import_fini(&import);
	}
}

int
main(void)
{
	takes_what_is_told();
	a_reference_graph();
	refuses();
	return done_testing();
}
