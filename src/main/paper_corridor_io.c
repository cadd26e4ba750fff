/* Plans of reach for who asks by HTTP, and which child makes what. */
#include "main/paper_corridor_io.h"

#include <string.h>

#include "cli/reach.h"
#include "cli/reach_plan_io.h"
#include "main/paper_study_io.h"
#include "main/role.h"

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

/* --- who answers --- */

static void
plan_reach(void *context, const struct control_request *request, struct control_answer *answer)
{
	const struct paper_corridor *corridor = context;
	answer_reach(corridor->role, request, answer);
}

static void
make_study(void *context, const struct control_request *request, struct control_answer *answer)
{
	struct paper_corridor *corridor = context;
	const char *type;
	size_t count = request->count - 2 - has_form(request, &type);
	paper_study_answer(corridor, request, count, answer);
}

/* What a study rested on is there for the next form of it. */
static void
keep_answers(void *context, const char *study, const struct buf *answers)
{
	struct paper_corridor *corridor = context;
	paper_answers_put(&corridor->answers, study, answers->data, answers->length);
}

void
paper_corridor_init(struct paper_corridor *corridor, const struct role_context *role)
{
	*corridor = (struct paper_corridor){.role = role, .children.keep = keep_answers};
}

void
paper_corridor_answer(struct paper_corridor *corridor, const struct control_request *request,
		      struct control_answer *answer)
{
	char study[PAPER_ANSWERS_QUESTION];
	const char *type = NULL;
	size_t count = request->count - has_form(request, &type);
	answer->content_type = type;
	if (!is_study(request)) {
		answer_child(&corridor->children, plan_reach, corridor, request, NULL, answer);
		return;
	}
	bool alike = paper_answers_question(study, request->words, count) == 0;
	if (alike) /* asked for again: others are the eldest */
		(void)paper_answers_find(&corridor->answers, study);
	answer_child(&corridor->children, make_study, corridor, request, alike ? study : NULL,
		     answer);
}
