/* Studies for who asks by HTTP. A study asks the rooms question by question over the control socket, as the command does, so no room
 * waits for it. What they answered is kept for other forms of the same study, as long as it holds:
 *
 *   the hub's data, what is cut, the bin that was measured last and the day ──► the same as when it was asked: answers that are kept
 *                                                                           └─► another: all is asked anew
 *
 * What else a study rests on (the ledger's figures) changes with bins; where none come in, answers are kept for some minutes. */
#include "main/paper_study_io.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock_io.h"
#include "base/cursor.h"
#include "base/log.h"
#include "cli/reach_plan_io.h"
#include "cli/report.h"
#include "main/version.h"
#include "paper/paper_study.h"
#include "study/study_forms.h"
#include "study/study_html.h"
#include "view/view_corridor_reach.h"
#include "web/web_page.h"

enum { ANSWER_MAX = 64 << 20, KEPT_S = 600, DAY_S = 86400 };

/* The pseudo-questions under which it is kept when a study was begun, and its plan of reach. */
#define BEGUN          "begun"
#define REACH_FILES    "reach files"
#define REACH_PLAN     "reach plan"
#define REACH_MAP      "reach map"
#define REACH_EXISTING "reach existing"

struct asking {
	const struct role_context *role;
	const struct buf *kept; /* NULL: none that hold */
	struct buf answers;     /* of this study, to be kept */
	bool unkept;            /* one of them is too long for that */
};

/* --- questions to the rooms --- */

static int
ask_room(const struct asking *asking, struct buf *out, const char *const *words, size_t count,
	 char text[STUDY_COMPLAINT])
{
	struct control_question question = {
		asking->role->control_socket, CONTROL_JSON, words, count, 0, ANSWER_MAX};
	char reason[256];
	int status = control_ask_whole(out, &question, reason);
	if (status)
		(void)snprintf(text, STUDY_COMPLAINT, "%s",
			       status > 0 && *reason ? reason
			       : errno == EMSGSIZE   ? "the answer is too large"
						     : "the hub does not answer");
	return status;
}

/* The kept answer. False: there is none. */
static bool
look_up(const struct asking *asking, const char *question, struct buf *out, bool *refused,
	char text[STUDY_COMPLAINT])
{
	const void *found;
	size_t length;
	if (!asking->kept || !paper_answers_look(asking->kept, question, refused, &found, &length))
		return false;
	if (*refused)
		(void)snprintf(text, STUDY_COMPLAINT, "%.*s", (int)length, (const char *)found);
	else
		buf_put(out, found, length);
	return true;
}

static int
ask(void *context, struct buf *out, const char *const *words, size_t count,
    char text[STUDY_COMPLAINT])
{
	struct asking *asking = context;
	char question[PAPER_ANSWERS_QUESTION];
	bool refused;
	size_t before = out->length;
	if (paper_answers_question(question, words, count) < 0) {
		asking->unkept = true;
		return ask_room(asking, out, words, count, text) ? -1 : 0;
	}
	if (look_up(asking, question, out, &refused, text))
		return refused ? -1 : 0;
	int status = ask_room(asking, out, words, count, text);
	/* A room that is not there today may be there in a moment: that is no answer to be kept. */
	asking->unkept |= status < 0 || status >= 500 || out->failed;
	if (status)
		paper_answers_add(&asking->answers, question, true, text, strlen(text));
	else
		paper_answers_add(&asking->answers, question, false, out->data + before,
				  out->length - before);
	return status ? -1 : 0;
}

/* --- do kept answers hold? --- */

/* A room's answer of now. NULL: there is none. */
static const struct json_value *
ask_now(const struct asking *asking, struct arena *arena, const char *const *words, size_t count)
{
	struct buf out = {0};
	char text[STUDY_COMPLAINT];
	int status = ask_room(asking, &out, words, count, text);
	const char *copy = status || out.failed ? NULL : arena_copy(arena, out.data, out.length);
	const struct json_value *value = copy ? json_read(arena, copy, out.length) : NULL;
	buf_fini(&out);
	return value;
}

static const struct json_value *
kept_value(const struct buf *kept, struct arena *arena, const char *question)
{
	const void *text;
	size_t length;
	bool refused;
	if (!paper_answers_look(kept, question, &refused, &text, &length) || refused)
		return NULL;
	const char *copy = arena_copy(arena, text, length);
	return copy ? json_read(arena, copy, length) : NULL;
}

static bool
same_json(const struct json_value *a, const struct json_value *b)
{
	return a && b && a->raw_length == b->raw_length &&
	       memcmp(a->raw, b->raw, a->raw_length) == 0;
}

/* Is what a question is answered with now what it was, or what stands in it under `key`? */
static bool
is_as_was(const struct asking *asking, const struct buf *kept, struct arena *arena,
	  const char *question, const char *key)
{
	char words_text[64];
	const char *words[4];
	size_t count = 0;
	(void)snprintf(words_text, sizeof(words_text), "%s", question);
	for (char *rest = NULL, *word = strtok_r(words_text, "\t", &rest); word;
	     word = strtok_r(NULL, "\t", &rest))
		words[count++] = word;
	const struct json_value *was = kept_value(kept, arena, question);
	const struct json_value *is = was ? ask_now(asking, arena, words, count) : NULL;
	return key ? same_json(json_read_get(was, key), json_read_get(is, key))
		   : same_json(was, is);
}

/* Of this picture, day and some minutes? */
static bool
is_recent(const struct asking *asking, const struct buf *kept)
{
	const void *text;
	size_t length;
	bool refused;
	if (!paper_answers_look(kept, BEGUN, &refused, &text, &length))
		return false;
	struct cursor c = cursor_of(text, length);
	uint32_t generation = cursor_u32(&c);
	int64_t day = (int64_t)cursor_u64(&c), began_s = (int64_t)cursor_u64(&c);
	return !c.failed && generation == asking->role->generation &&
	       day == clock_utc().s / DAY_S && clock_mono().us / 1000000 < began_s + KEPT_S;
}

static bool
still_hold(const struct asking *asking, const struct buf *kept, struct arena *arena)
{
	return is_recent(asking, kept) &&
	       is_as_was(asking, kept, arena, "show\tcorridor\tlive", NULL) &&
	       is_as_was(asking, kept, arena, "corridor\tshow", "measured") &&
	       is_as_was(asking, kept, arena, "corridor\texport", NULL);
}

/* Answers begin with when that was, and with what is cut, which no study asks for. */
static void
begin_answers(struct asking *asking)
{
	static const char *const live[] = {"show", "corridor", "live"};
	struct buf begun = {0}, out = {0};
	char text[STUDY_COMPLAINT];
	buf_u32(&begun, asking->role->generation);
	buf_u64(&begun, (uint64_t)(clock_utc().s / DAY_S));
	buf_u64(&begun, (uint64_t)(clock_mono().us / 1000000));
	paper_answers_add(&asking->answers, BEGUN, false, begun.data, begun.length);
	asking->unkept |= begun.failed || ask(asking, &out, live, 3, text) < 0;
	buf_fini(&out);
	buf_fini(&begun);
}

/* --- reach --- */

static const struct json_value *
keep(struct arena *arena, const void *json, size_t length)
{
	const char *kept = arena_copy(arena, json, length);
	return kept ? json_read(arena, kept, length) : NULL;
}

/* A file that was written again is another one. */
static const char *
files_text(struct arena *arena, const struct hub_reach *reach)
{
	const char *const paths[] = {reach->towers, reach->fibre};
	const char *text = "";
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct stat file = {0};
		if (paths[i])
			(void)stat(paths[i], &file);
		text = arena_printf(arena, "%s%llu %lld %lld.%09ld\n", text ? text : "",
				    (unsigned long long)file.st_ino, (long long)file.st_size,
				    (long long)file.st_mtim.tv_sec, file.st_mtim.tv_nsec);
	}
	return text ? text : "";
}

static const struct json_value *
kept_form(const struct buf *kept, struct arena *arena, const char *question)
{
	const void *text;
	size_t length;
	bool refused;
	return paper_answers_look(kept, question, &refused, &text, &length)
		       ? keep(arena, text, length)
		       : NULL;
}

/* The plan that is kept, if its files are as they were. */
static bool
take_kept_plan(struct study_wish *wish, const struct asking *asking, struct arena *arena,
	       const char *files)
{
	const void *text;
	size_t length;
	bool refused;
	if (!asking->kept ||
	    !paper_answers_look(asking->kept, REACH_FILES, &refused, &text, &length) ||
	    length != strlen(files) || memcmp(text, files, length) != 0)
		return false;
	wish->reach = kept_form(asking->kept, arena, REACH_PLAN);
	wish->reach_plan = kept_form(asking->kept, arena, REACH_MAP);
	wish->reach_existing = kept_form(asking->kept, arena, REACH_EXISTING);
	return true;
}

typedef void draw_form(struct buf *out, const struct view_reach *view);

static const struct json_value *
form_of(struct asking *asking, struct arena *arena, const struct view_reach *view, draw_form *draw,
	const char *question)
{
	struct buf out = {0};
	draw(&out, view);
	const struct json_value *value = out.failed ? NULL : keep(arena, out.data, out.length);
	paper_answers_add(&asking->answers, question, false, out.data, out.length);
	asking->unkept |= out.failed;
	buf_fini(&out);
	return value;
}

/* The plan that the hub file wishes; without one the study says so. */
static void
add_reach(struct study_wish *wish, struct asking *asking, struct arena *arena)
{
	const struct hub *hub = asking->role->hub;
	struct view_reach view;
	struct corridor_complaint complaint;
	struct buf said = {0};
	if (!hub->reach.towers)
		return;
	wish->no_reach = "The files that it names cannot be planned with.";
	const char *files = files_text(arena, &hub->reach);
	if (take_kept_plan(wish, asking, arena, files))
		return;
	if (reach_plan_make(&view, hub, &hub->reach, &said, &complaint) == 0) {
		wish->reach = form_of(asking, arena, &view, view_reach_json, REACH_PLAN);
		wish->reach_plan = form_of(asking, arena, &view, view_reach_geojson, REACH_MAP);
		wish->reach_existing =
			form_of(asking, arena, &view, view_reach_existing, REACH_EXISTING);
		paper_answers_add(&asking->answers, REACH_FILES, false, files, strlen(files));
		view_reach_fini(&view);
	}
	buf_fini(&said);
}

/* --- the study --- */

static void
draw_study(struct control_answer *answer, const struct study_document *study, const char *form)
{
	struct paper_result result = {0};
	if (strcmp(form, "--html") == 0)
		study_html(&answer->body, study);
	else if (strcmp(form, "--pdf") != 0)
		study_json(&answer->body, study);
	else if (paper_study(&answer->body, study, &result) < 0)
		control_error(answer, 500, "%s", result.trouble);
	if (result.missing)
		log_warn("study: some characters have no font on this machine");
}

static void
make(struct asking *asking, struct report_request *r, struct arena *arena, const char *form,
     struct control_answer *answer)
{
	char complaint[STUDY_COMPLAINT];
	const struct study_source source = {ask, asking};
	struct study_facts facts = {.arena = arena, .source = &source};
	const struct web_file *land = web_page_init() ? web_page_file("assets/land.json") : NULL;
	r->wish.land = land ? (const char *)land->octets : NULL;
	r->wish.land_length = land ? land->length : 0;
	r->wish.hub = asking->role->hub->name;
	r->wish.origin = "the running hub";
	r->wish.running = true;
	add_reach(&r->wish, asking, arena);
	const struct study_document *study = study_make(&facts, &r->wish, complaint);
	if (study)
		draw_study(answer, study, form);
	else
		control_error(answer, 409, "%s", complaint);
	asking->unkept |= !study;
	web_page_fini();
}

/* With the answers that are there, if they hold; else with new ones, which the room is to keep. */
static void
make_study(struct paper_corridor *corridor, struct report_request *r, struct arena *arena,
	   const struct control_request *request, size_t count, struct control_answer *answer)
{
	char study[PAPER_ANSWERS_QUESTION];
	struct asking asking = {.role = corridor->role};
	const char *form = request->count > count + 2 ? request->words[count + 2] : "";
	const struct buf *kept = paper_answers_question(study, request->words, count + 2) == 0
					 ? paper_answers_find(&corridor->answers, study)
					 : NULL;
	if (kept && still_hold(&asking, kept, arena))
		asking.kept = kept;
	else
		begin_answers(&asking);
	make(&asking, r, arena, form, answer);
	if (!asking.kept && !asking.unkept && !asking.answers.failed)
		buf_put(&corridor->children.aside, asking.answers.data, asking.answers.length);
	buf_fini(&asking.answers);
}

void
paper_study_answer(struct paper_corridor *corridor, const struct control_request *request,
		   size_t count, struct control_answer *answer)
{
	struct report_request r = {.wish.version = SARAI_VERSION};
	if (request->form == CONTROL_CSV) {
		control_error(answer, 400, "a study has many tables: it has JSON, HTML and PDF");
		return;
	}
	if (report_request_parse(&r, request->words + 2, count, clock_utc()) < 0) {
		control_error(answer, 400, "%s", r.complaint);
		return;
	}
	if (r.out || r.hub) {
		control_error(answer, 400, "no files are read or written here");
		return;
	}
	struct arena *arena = arena_new();
	if (arena)
		make_study(corridor, &r, arena, request, count, answer);
	else
		control_error(answer, 500, "out of memory");
	arena_free(arena);
}
