/* Studies and plans of reach for who asks by HTTP. A study asks the rooms question by question over the control socket, as the
 * command does, so no room waits for it. */
#include "main/paper_corridor_io.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock_io.h"
#include "base/log.h"
#include "cli/reach.h"
#include "cli/reach_plan_io.h"
#include "cli/report.h"
#include "main/role.h"
#include "main/version.h"
#include "paper/paper_study.h"
#include "study/study_forms.h"
#include "study/study_html.h"
#include "web/web_page.h"

enum { ANSWER_MAX = 64 << 20 };

static bool
is_study(const struct control_request *request)
{
	return strcmp(request->words[1], "report") == 0;
}

/* Is the option that says which form is wanted there? It is the last word. */
static bool
ends_with(const struct control_request *request, const char *option)
{
	return request->count > 2 && strcmp(request->words[request->count - 1], option) == 0;
}

/* The options that stand for forms which the control protocol does not have. */
static const struct {
	const char *option, *type;
	bool study;
} forms[] = {
	{"--html", "text/html; charset=utf-8", true}, {"--pdf", "application/pdf", true},
	{"--geojson", "application/geo+json", false}, {"--map", "image/svg+xml", false},
	{"--curve", "image/svg+xml", false},
};

static bool
has_form(const struct control_request *request, const char **type)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (forms[i].study == is_study(request) && ends_with(request, forms[i].option)) {
			*type = forms[i].type;
			return true;
		}
	return false;
}

const char *
paper_corridor_type(const struct control_request *request)
{
	const char *type = NULL;
	(void)has_form(request, &type);
	return type;
}

/* --- questions to the rooms --- */

static int
ask(void *context, struct buf *out, const char *const *words, size_t count,
    char text[STUDY_COMPLAINT])
{
	const struct role_context *role = context;
	struct control_question question = {
		role->control_socket, CONTROL_JSON, words, count, 0, ANSWER_MAX};
	char reason[256];
	int status = control_ask_whole(out, &question, reason);
	if (status)
		(void)snprintf(text, STUDY_COMPLAINT, "%s",
			       status > 0 && *reason ? reason
			       : errno == EMSGSIZE   ? "the answer is too large"
						     : "the hub does not answer");
	return status ? -1 : 0;
}

/* --- reach --- */

/* One line of what was said, for who has no terminal. */
static void
refuse_plan(struct control_answer *answer, const struct buf *said,
	    const struct corridor_complaint *complaint)
{
	size_t length = 0;
	while (length < said->length && said->data[length] != '\n')
		length++;
	if (*complaint->text)
		control_error(answer, complaint->status, "%s", complaint->text);
	else
		control_error(answer, complaint->status, "%.*s", (int)length,
			      (const char *)said->data);
}

static void
draw_reach(struct buf *out, const struct view_reach *view, const struct control_request *request)
{
	if (ends_with(request, "--map"))
		reach_plan_map(out, view);
	else if (ends_with(request, "--curve"))
		view_reach_curve_svg(out, view);
	else if (ends_with(request, "--geojson"))
		view_reach_geojson(out, view);
	else if (request->form == CONTROL_CSV)
		view_reach_csv(out, view);
	else if (request->form == CONTROL_JSON)
		view_reach_json(out, view);
	else
		view_reach_text(out, view);
}

/* Which files are read is for the hub file to say, and none is written. */
static const char *
path_option(const struct reach_request *r)
{
	for (int i = 0; i < REACH_PATHS; i++)
		if (r->paths[i])
			return r->paths[i];
	return NULL;
}

static void
answer_reach(const struct role_context *role, const struct control_request *request,
	     struct control_answer *answer)
{
	const char *type;
	struct reach_request r;
	struct hub_reach wanted;
	struct view_reach view;
	struct buf said = {0};
	struct corridor_complaint complaint;
	size_t count = request->count - 3 - has_form(request, &type);
	if (reach_request_parse(&r, request->words + 3, count) < 0) {
		control_error(answer, 400, "%s", r.complaint);
		return;
	}
	if (path_option(&r)) {
		control_error(answer, 400, "%.80s: files are for the hub file to name",
			      path_option(&r));
	} else if (!role->hub->reach.towers) {
		control_error(answer, 404,
			      "there is nothing to plan: the hub file has no reach.towers");
	} else if (reach_request_apply(&r, &role->hub->reach, &wanted) < 0) {
		control_error(answer, 500, "%s", r.complaint);
	} else if (reach_plan_make(&view, role->hub, &wanted, &said, &complaint) < 0) {
		refuse_plan(answer, &said, &complaint);
	} else {
		draw_reach(&answer->body, &view, request);
		view_reach_fini(&view);
	}
	buf_fini(&said);
	reach_request_fini(&r);
}

/* --- studies --- */

static const struct json_value *
keep(struct arena *arena, const struct buf *json)
{
	const char *kept =
		json->failed ? NULL : arena_copy(arena, (const char *)json->data, json->length);
	return kept ? json_read(arena, kept, json->length) : NULL;
}

/* The plan that the hub file wishes; without one the study says so. */
static void
add_reach(struct study_wish *wish, const struct hub *hub, struct arena *arena)
{
	struct view_reach view;
	struct corridor_complaint complaint;
	struct buf said = {0}, json = {0}, geojson = {0}, existing = {0};
	if (!hub->reach.towers)
		return;
	wish->no_reach = "The files that it names cannot be planned with.";
	if (reach_plan_make(&view, hub, &hub->reach, &said, &complaint) == 0) {
		view_reach_json(&json, &view);
		view_reach_geojson(&geojson, &view);
		view_reach_existing(&existing, &view);
		view_reach_fini(&view);
		wish->reach = keep(arena, &json);
		wish->reach_plan = keep(arena, &geojson);
		wish->reach_existing = keep(arena, &existing);
	}
	buf_fini(&existing);
	buf_fini(&geojson);
	buf_fini(&json);
	buf_fini(&said);
}

static void
draw_study(struct control_answer *answer, const struct study_document *study,
	   const struct control_request *request)
{
	struct paper_result result = {0};
	if (ends_with(request, "--html"))
		study_html(&answer->body, study);
	else if (!ends_with(request, "--pdf"))
		study_json(&answer->body, study);
	else if (paper_study(&answer->body, study, &result) < 0)
		control_error(answer, 500, "%s", result.trouble);
	if (result.missing)
		log_warn("study: some characters have no font on this machine");
}

static void
answer_study(const struct role_context *role, struct report_request *r, struct arena *arena,
	     const struct control_request *request, struct control_answer *answer)
{
	char complaint[STUDY_COMPLAINT];
	const struct study_source source = {ask, (void *)(uintptr_t)role};
	struct study_facts facts = {.arena = arena, .source = &source};
	const struct web_file *land = web_page_init() ? web_page_file("assets/land.json") : NULL;
	r->wish.land = land ? (const char *)land->octets : NULL;
	r->wish.land_length = land ? land->length : 0;
	r->wish.hub = role->hub->name;
	r->wish.origin = "the running hub";
	r->wish.running = true;
	add_reach(&r->wish, role->hub, arena);
	const struct study_document *study = study_make(&facts, &r->wish, complaint);
	if (study)
		draw_study(answer, study, request);
	else
		control_error(answer, 409, "%s", complaint);
	web_page_fini();
}

static void
begin_study(const struct role_context *role, const struct control_request *request,
	    struct control_answer *answer)
{
	const char *type;
	struct report_request r = {.wish.version = SARAI_VERSION};
	size_t count = request->count - 2 - has_form(request, &type);
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
		answer_study(role, &r, arena, request, answer);
	else
		control_error(answer, 500, "out of memory");
	arena_free(arena);
}

void
paper_corridor_answer(void *context, const struct control_request *request,
		      struct control_answer *answer)
{
	if (is_study(request))
		begin_study(context, request, answer);
	else
		answer_reach(context, request, answer);
}
