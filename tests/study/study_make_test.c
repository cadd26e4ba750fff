/* A study out of answers: what they say stands in it, and what they do not say is told. */
#include "study/study_make.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "study/study_ground.h"
#include "study/study_html.h"
#include "study/study_parts.h"
#include "tap.h"

/* Answers by the beginning of the question; the first that fits. */
struct script {
	const char *begins, *answer; /* NULL: refused */
};

static const struct script plain[] = {
	{"corridor show",
	 "{\"measured\":null,\"length_in_use_km\":{\"value\":900,\"low\":800,\"high\":1000,"
	 "\"estimated\":0.5},\"sites\":[{\"id\":\"A\",\"name\":\"<Alpha>\",\"lat\":43,\"lon\":77},"
	 "{\"id\":\"B\",\"name\":\"Beta\",\"lat\":50,\"lon\":9},{\"id\":\"F\",\"name\":\"Far\","
	 "\"lat\":-40,\"lon\":179}],\"segments\":[{\"id\":\"S1\",\"name\":\"One\",\"a\":\"A\","
	 "\"b\":\"B\",\"length_km\":900,\"usable\":true,\"status\":\"in service\",\"type\":"
	 "\"terrestrial\",\"capacity_bps\":1e12,\"countries\":[\"KZ\",\"RU\"]},{\"id\":\"S2\","
	 "\"a\":\"B\",\"b\":\"F\",\"length_km\":100,\"usable\":false,\"status\":\"planned\"}]}"},
	{"corridor export", "{\"lists\":{\"candidates\":[{\"id\":\"C\",\"name\":\"New one\","
			    "\"segments\":[\"S2\"]}]},\"features\":[{\"geometry\":{\"type\":"
			    "\"LineString\",\"coordinates\":[[77,43],[60,10],[9,50]]},"
			    "\"properties\":{\"list\":\"segments\",\"id\":\"S1\",\"line\":"
			    "\"told\"}}]}"},
	{"corridor flow",
	 "{\"total\":{\"asked_bps\":2e12,\"served_bps\":1e12,\"utilisation\":1},\"at_ease\":"
	 "{\"asked_bps\":1e12,\"served_bps\":1e12},\"at_worst\":{\"asked_bps\":3e12,"
	 "\"served_bps\":5e11},\"estimated_share\":0.25,\"demands\":[{\"id\":\"D\",\"name\":"
	 "\"Alpha to "
	 "Beta\",\"from\":\"A\",\"to\":\"B\",\"rate\":\"told\",\"asked_gbps\":{\"value\":"
	 "2000,\"low\":1000,\"high\":3000}}],\"segments\":[{\"id\":\"S1\",\"utilisation\":0.93,"
	 "\"capacity_bps\":1e12}]}"},
	{"corridor path A B --avoid RU --with S2",
	 "{\"paths\":[{\"length_km\":700,\"round_trip_ms\":7}]}"},
	{"corridor path A B --avoid RU", "{\"paths\":[{\"length_km\":1300,\"round_trip_ms\":13}]}"},
	{"corridor path A B --date", "{\"paths\":[{\"length_km\":1200,\"round_trip_ms\":12}]}"},
	{"corridor path A Alpha", "{\"from\":\"A\",\"to\":\"A\",\"paths\":[{\"length_km\":0}]}"},
	{"corridor path A B",
	 "{\"from\":\"A\",\"to\":\"B\",\"paths\":[{\"length_km\":900,\"length_km_low\":800,"
	 "\"length_km_high\":1000,\"round_trip_ms\":9,\"estimated_km\":450,\"countries\":[\"KZ\","
	 "\"RU\"]}]}"},
	{"corridor path X", NULL},
	{"corridor simulate --draws 100 --sla 99.9 --credit 10",
	 "{\"years\":10,\"draws\":100,\"seed\":1,\"failures_year\":7,\"p50_gbit_hours\":0,"
	 "\"p90_gbit_hours\":5,\"credits_usd_year\":250000,\"demands\":[{\"id\":\"D\","
	 "\"from_name\":\"Alpha\",\"to_name\":\"Beta\",\"availability\":1,\"p99_h\":0},"
	 "{\"id\":\"E\",\"from_name\":\"Alpha\",\"to_name\":\"Far\",\"availability\":"
	 "0.99,\"p50_h\":1,\"p90_h\":20,\"p99_h\":90}]}"},
	{"corridor next --by npv --pairs",
	 "{\"pairs\":[{\"candidates\":[\"C\",\"D\"],\"cost_usd\":2e6,\"npv_usd\":3e6,"
	 "\"together\":1.5e6}]}"},
	{"corridor next --by npv", "{\"next\":[{\"name\":\"New one\",\"candidates\":[\"C\"],"
				   "\"cost_usd\":1e6,\"npv_usd\":5e5}]}"},
	{"show members", "{\"members\":[{\"asn\":64512,\"name\":\"One\"},{\"asn\":64513}]}"},
	{"ledger way 64512 month 2026-11",
	 "{\"proofs\":[{\"member\":\"One\",\"way\":{\"in_octets\":3e12,\"out_octets\":1e12,"
	 "\"measured\":{\"percent\":80},\"estimated\":{\"percent\":10},\"unknown\":{"
	 "\"percent\":10},\"avoid\":{\"countries\":[\"RU\"],\"avoided\":{\"percent\":90},"
	 "\"crossed\":{\"percent\":0}},\"countries\":[{\"name\":\"KZ\",\"percent\":90}],"
	 "\"cables\":[]}}]}"},
	{"ledger way 64513", NULL},
};

static int
answer(void *context, struct buf *out, const char *const *words, size_t count,
       char complaint[STUDY_COMPLAINT])
{
	const struct script *script = context;
	char question[400] = "";
	for (size_t i = 0; i < count; i++)
		(void)snprintf(question + strlen(question), sizeof(question) - strlen(question),
			       "%s%s", i ? " " : "", words[i]);
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]) && script; i++) {
		if (strncmp(script[i].begins, question, strlen(script[i].begins)) != 0)
			continue;
		if (!script[i].answer)
			break;
		buf_str(out, script[i].answer);
		return 0;
	}
	(void)snprintf(complaint, STUDY_COMPLAINT, "nobody knows");
	return -1;
}

static struct study_document *
make(struct arena *arena, const struct script *script, const struct study_wish *wish,
     char complaint[STUDY_COMPLAINT])
{
	struct study_source *source = arena_take(arena, sizeof(*source));
	struct study_facts *facts = arena_take(arena, sizeof(*facts));
	*source = (struct study_source){answer, (void *)script};
	*facts = (struct study_facts){.arena = arena, .source = source};
	return study_make(facts, wish, complaint);
}

static bool
says(const struct study_document *d, const char *text)
{
	for (const struct study_section *s = d->sections; s; s = s->next)
		for (const struct study_block *b = s->blocks; b; b = b->next)
			if (b->text && strstr(b->text, text))
				return true;
	return false;
}

static const struct study_table *
table(const struct study_document *d, const char *id)
{
	for (const struct study_section *s = d->sections; s; s = s->next)
		for (const struct study_block *b = s->blocks; b; b = b->next)
			if (b->table && strcmp(b->table->id, id) == 0)
				return b->table;
	return NULL;
}

/* The larger the corridor, the fewer the draws; never too few for a year in a hundred. */
static void
test_draws(void)
{
	is_int(study_chance_draws(0, 0), 100, "without demands it is the usual number");
	is_int(study_chance_draws(100, 156), 100, "a small corridor has all draws");
	is_int(study_chance_draws(100, 1000), 30, "one of a thousand segments has fewer");
	is_int(study_chance_draws(SIZE_MAX, SIZE_MAX), 10, "the largest has ten");
}

static void
test_chance_and_proof(struct arena *arena)
{
	char complaint[STUDY_COMPLAINT];
	struct study_wish wish = {.hub = "Hub", .today = {1795219200}};
	struct study_document *d = make(arena, plain, &wish, complaint);
	if (!ok(d != NULL, "a study of a hub file is made"))
		return;
	ok(says(d,
		"In a year by chance 7 failures of segments happen; of 2 demands, 1 is not short"),
	   "how often what is promised is not kept is told");
	ok(says(d, "Drawn were 100 times 10 years."), "and over how many years");
	const struct study_table *t = table(d, "chance-table");
	ok(t && t->row_count == 2 && strstr(t->rows->cells[0].text, "Alpha to Far (E)") &&
		   t->rows->cells[5].value == 90,
	   "the demand that is short the most comes first");
	t = table(d, "next-pairs");
	ok(t && strcmp(t->rows->cells[0].text, "C, D") == 0 && t->rows->cells[4].value == 1.5,
	   "two that bring more together are told");
	ok(says(d, "Which way traffic went: not answered. It rests on what a running hub"),
	   "a hub file proves no way");
	wish.running = true;
	d = make(arena, plain, &wish, complaint);
	t = d ? table(d, "proof-table") : NULL;
	ok(t && t->row_count == 1 && t->rows->cells[1].value == 4 &&
		   strcmp(t->rows->cells[5].text, "Russia") == 0 && t->rows->cells[6].value == 90 &&
		   strcmp(t->rows->cells[8].text, "Kazakhstan 90.0 %") == 0,
	   "a running hub's ledger does, of each member that it has traffic of");
	ok(d && says(d, "Of 4 TB that 1 member sent and received in 2026-11, the way of 90.0 % is"),
	   "and of all together");
}

static const struct study_figure *
figure(const struct study_document *d, const char *id)
{
	for (const struct study_section *s = d->sections; s; s = s->next)
		for (const struct study_block *b = s->blocks; b; b = b->next)
			if (b->figure && strcmp(b->figure->id, id) == 0)
				return b->figure;
	return NULL;
}

static void
test_reach_map(struct arena *arena)
{
	static const char json[] =
		"{\"share_percent\":10,\"curve\":[{\"share_percent\":10,\"cost\":{\"amount\":\"0."
		"00\"},"
		"\"at_least\":{\"amount\":\"0.00\"},\"planned\":true},{\"share_percent\":20,"
		"\"cost\":{\"amount\":\"1000000.00\"},\"at_least\":{\"amount\":\"900000.00\"},"
		"\"planned\":true},{\"share_percent\":30,\"cost\":{\"amount\":\"3000000.00\"},"
		"\"at_least\":{\"amount\":\"2000000.00\"},\"planned\":false}],\"years\":[{\"year\":"
		"\"2027\"},{\"year\":\"2028\"}],"
		"\"cost\":{\"amount\":\"1000000.00\",\"currency\":\"USD\"}}";
	static const char plan[] =
		"{\"features\":[{\"geometry\":{\"type\":\"LineString\",\"coordinates\":[[67,25],"
		"[68,26]]},\"properties\":{\"year\":\"2027\"}},{\"geometry\":{\"type\":\"Point\","
		"\"coordinates\":[68,26]},\"properties\":{\"year\":\"2028\"}}]}";
	static const char existing[] =
		"{\"features\":[{\"geometry\":{\"type\":\"LineString\",\"coordinates\":[[66,25],"
		"[67,25]]},\"properties\":{}},{\"geometry\":{\"type\":\"Point\","
		"\"coordinates\":[67,25.5]},\"properties\":{\"name\":\"Karachi\",\"spread_km\":1}},"
		"{\"geometry\":{\"type\":\"Point\",\"coordinates\":[67.5,25.2]},"
		"\"properties\":{\"name\":\"N-5\",\"spread_km\":100}}]}";
	char complaint[STUDY_COMPLAINT];
	const struct study_wish wish = {.hub = "Hub",
					.today = {1795219200},
					.reach = json_read(arena, json, strlen(json)),
					.reach_plan = json_read(arena, plan, strlen(plan)),
					.reach_existing =
						json_read(arena, existing, strlen(existing))};
	const struct study_document *d = make(arena, plain, &wish, complaint);
	const struct study_figure *map = d ? figure(d, "reach-map") : NULL;
	size_t paths = 0, towns = 0, roads = 0;
	for (const struct study_shape *s = map ? map->scene->shapes : NULL; s; s = s->next) {
		paths += s->kind == STUDY_PATH && s->title != NULL;
		towns += s->kind == STUDY_WORDS && strcmp(s->text, "Karachi") == 0;
		roads += s->kind == STUDY_WORDS && strcmp(s->text, "N-5") == 0;
	}
	is_int((int)paths, 3,
	       "a plan of reach is drawn, a colour for a year and one for existing fibre");
	is_int((int)towns, 1, "with the names of places");
	is_int((int)roads, 0, "but none that towers far from each other share");
	const struct study_figure *curve = d ? figure(d, "reach-curve") : NULL;
	size_t lines = 0;
	for (const struct study_shape *s = curve ? curve->scene->shapes : NULL; s; s = s->next)
		lines += s->kind == STUDY_PATH && s->line == 2;
	is_int((int)lines, 3, "and what a share costs beside what no plan can go below");
}

/* Of how many places the line of a segment on the map is drawn; 0: it is not there. */
static int
corners(const struct study_document *d, const char *id)
{
	const struct study_figure *map = figure(d, "map");
	int count = 0;
	for (const struct study_shape *s = map ? map->scene->shapes : NULL; s; s = s->next) {
		bool is_it =
			s->kind == STUDY_PATH && s->title && strncmp(s->title, id, strlen(id)) == 0;
		for (const char *c = is_it ? s->path : ""; *c; c++)
			count += *c == 'M' || *c == 'L';
	}
	return count;
}

static void
test_said(struct arena *arena)
{
	char complaint[STUDY_COMPLAINT];
	const struct study_wish wish = {.hub = "Hub", .today = {1795219200}, .avoid = "RU,QQ"};
	struct study_document *d = make(arena, plain, &wish, complaint);
	if (!ok(d != NULL, "a study is made of what there is"))
		return;
	ok(says(d, "Avoiding Russia costs most here: <Alpha> to Beta takes 9.0 ms there and back "
		   "by the "
		   "shortest way, and 13.0 ms without crossing Russia"),
	   "what is avoided is what any segment crosses, and what that costs is told");
	ok(says(d, "New one shortens a principal pair most: <Alpha> to Beta from 13.0 to 7.0 ms"),
	   "so is what a candidate changes");
	ok(says(d, "The fullest segment is One (S1), at 93 %"), "and what is full");
	ok(says(d, "carries all demands until 2025; in 2026 1 Tbit/s of 2 Tbit/s has no room"),
	   "and until when there is room");
	ok(says(d, "The corridor says: nobody knows."), "what was refused is told with its reason");
	const struct study_table *t = table(d, "ways");
	ok(t && t->row_count == 3 && t->rows->cells[2].value == 900 && t->rows->cells[2].low == 800,
	   "tables have the numbers of the answers");
	t = table(d, "trust-table");
	ok(t && t->rows->cells[1].value == 50 && t->rows->next->cells[1].value == 25,
	   "and by how much each rests on estimates");
	t = table(d, "commands-table");
	is_str(t ? t->rows->cells[0].text : "", "sarai corridor show", "and the commands are told");
	is_int(corners(d, "S1"), 2 * 25, "what somebody told runs along its points on the map");
	is_int(corners(d, "S2"), 25, "and what nobody told along a great circle");
	struct buf html = {0};
	study_html(&html, d);
	buf_u8(&html, 0);
	ok(!strstr((char *)html.data, "<Alpha>") && strstr((char *)html.data, "&lt;Alpha&gt;"),
	   "names are no tags, on the map neither");
	buf_fini(&html);
}

static void
test_refused(struct arena *arena)
{
	static const struct script empty[sizeof(plain) / sizeof(plain[0])] = {
		{"corridor show", "{\"sites\":[],\"segments\":[]}"}, {"corridor", "{}"}};
	char complaint[STUDY_COMPLAINT];
	struct study_wish wish = {.pairs = {{"X", "B"}}, .pair_count = 1};
	ok(!make(arena, plain, &wish, complaint), "a pair of no sites is refused");
	is_str(complaint, "nobody knows", "in the corridor's words");
	wish.pairs[0][0] = "A";
	wish.pairs[0][1] = "Alpha";
	ok(!make(arena, plain, &wish, complaint), "so is one of a site and itself");
	is_str(complaint, "--from A --to Alpha: both ends are the same site, A", "with words");
	wish.pair_count = 0;
	ok(!make(arena, empty, &wish, complaint), "so is a hub without a corridor");
	is_str(complaint, "the hub file has no corridor: no segments to make a study of",
	       "with the reason");
	ok(!make(arena, NULL, &wish, complaint), "and one that does not answer");
}

static void
test_chosen(struct arena *arena)
{
	char complaint[STUDY_COMPLAINT];
	const struct study_wish wish = {.pairs = {{"A", "B"}}, .pair_count = 1, .avoid = "QQ"};
	struct study_document *d = make(arena, plain, &wish, complaint);
	ok(d && table(d, "ways")->row_count == 2, "what nobody crosses is not avoided");
	ok(d && !says(d, "without crossing"), "nor told of");
}

static void
test_names(struct arena *arena)
{
	struct study_document *document = study_document_new(arena);
	struct study_ground ground = {
		.scene = study_scene_new(document, 100, 100),
		.paper = {.north = 10, .east = 10, .scale_x = 10, .scale_y = 10},
		.width = 100,
		.height = 100,
	};
	const struct study_shape like = {.text = "Gwadar", .size = 12};
	study_ground_name(&ground, 5, -0.5, &like);
	study_ground_name(&ground, -0.5, 5, &like);
	is_int(ground.label_count, 0, "a place just beyond the edge of a map is not named on it");
	study_ground_name(&ground, 5, 0.5, &like);
	is_int(ground.label_count, 1, "one just within is");
}

int
main(void)
{
	struct arena *arena = arena_new();
	test_said(arena);
	test_draws();
	test_chance_and_proof(arena);
	test_reach_map(arena);
	test_names(arena);
	test_refused(arena);
	test_chosen(arena);
	arena_free(arena);
	return done_testing();
}
