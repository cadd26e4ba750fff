/* A study out of answers: what they say stands in it, and what they do not say is told. */
#include "study/study_make.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "study/study_html.h"
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
			    "\"segments\":[\"S2\"]}]}}"},
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
	{"corridor path A B",
	 "{\"from\":\"A\",\"to\":\"B\",\"paths\":[{\"length_km\":900,\"length_km_low\":800,"
	 "\"length_km_high\":1000,\"round_trip_ms\":9,\"estimated_km\":450,\"countries\":[\"KZ\","
	 "\"RU\"]}]}"},
	{"corridor path X", NULL},
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

static void
test_said(struct arena *arena)
{
	char complaint[STUDY_COMPLAINT];
	const struct study_wish wish = {.hub = "Hub", .today = {1795219200}, .avoid = "RU,QQ"};
	struct study_document *d = make(arena, plain, &wish, complaint);
	if (!ok(d != NULL, "a study is made of what there is"))
		return;
	ok(says(d,
		"Avoiding RU costs most here: <Alpha> to Beta takes 9.0 ms there and back by the "
		"shortest way, and 13.0 ms without crossing RU"),
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

int
main(void)
{
	struct arena *arena = arena_new();
	test_said(arena);
	test_refused(arena);
	test_chosen(arena);
	arena_free(arena);
	return done_testing();
}
