/* The corridor's answers: which words ask for what. */
#include "view/view_corridor.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "corridor/corridor_measured.h"
#include "view/view_corridor_parts.h"
#include "view/view_corridor_reach_settings.h"
#include "view/view_reckon.h"

static const char usage[] =
	"expected one of: corridor path A B, corridor pair A B [--disjoint KIND], corridor cutset "
	"[A B], each with --avoid, --require, --without, --with, --by, --k, --date; corridor show, "
	"corridor segment ID, corridor site ID, corridor check [--all], corridor sources "
	"[SEGMENT | A B], corridor export [LIST]";

typedef int answer_question(struct buf *out, const struct view_corridor *view,
			    enum view_corridor_form form, const struct corridor_question *question,
			    struct corridor_complaint *complaint);

/* Questions that have ends and terms. */
static const struct {
	const char *word;
	answer_question *answer;
} questions[] = {
	{"path", view_corridor_path},
	{"pair", view_corridor_pair},
	{"cutset", view_corridor_cutset},
};

static answer_question *
question_of(const char *word)
{
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
		if (strcmp(questions[i].word, word) == 0)
			return questions[i].answer;
	return NULL;
}

static int
ask(struct buf *out, const struct view_corridor *view, enum view_corridor_form form,
    const char *const *words, size_t count, struct corridor_complaint *complaint)
{
	struct corridor_question question;
	struct arena *arena = arena_new();
	int result = -1;
	if (!arena)
		corridor_complain(complaint, 500, "out of memory");
	else if (corridor_question_parse(&question, view->plan, arena, words + 1, count - 1,
					 complaint) == 0)
		result = question_of(words[0])(out, view, form, &question, complaint);
	arena_free(arena);
	return result;
}

/* Things that have no form of a table. */
static int
refuse_csv(enum view_corridor_form form, struct corridor_complaint *complaint)
{
	if (form != VIEW_CORRIDOR_CSV)
		return 0;
	corridor_complain(complaint, 400, "this has no CSV; it has text, and JSON with -j");
	return -1;
}

/* "segment ID" and "site ID". */
static int
answer_one(struct buf *out, const struct view_corridor *view, enum view_corridor_form form,
	   const char *const *words, size_t count, struct corridor_complaint *complaint)
{
	bool segment = strcmp(words[0], "segment") == 0;
	uint32_t index;
	if (count != 2) {
		corridor_complain(complaint, 400, "expected the id or name of one %s%s", words[0],
				  count > 2 ? " (a name of several words needs quotes)" : "");
		return -1;
	}
	if (segment) {
		if (corridor_segment_find(&index, view->hub, words[1], complaint) < 0)
			return -1;
		view_corridor_segment(out, view, form, index);
	} else {
		if (corridor_site_find(&index, view->hub, words[1], complaint) < 0)
			return -1;
		view_corridor_site(out, view, form, index);
	}
	return 0;
}

typedef int answer_words(struct buf *out, const struct view_corridor *view,
			 enum view_corridor_form form, const char *const *words, size_t count,
			 struct corridor_complaint *complaint);

/* Questions that read their own words. */
static const struct {
	const char *word;
	answer_words *answer;
} others[] = {
	{"check", view_corridor_check},     {"sources", view_corridor_sources},
	{"export", view_corridor_export},   {"optics", view_corridor_optics},
	{"flow", view_corridor_flow},       {"whatif", view_corridor_whatif},
	{"change", view_corridor_added},    {"worth", view_corridor_worth},
	{"content", view_corridor_content}, {"sensitivity", view_corridor_sensitivity},
	{"prices", view_corridor_prices},   {"next", view_corridor_next},
	{"target", view_corridor_target},   {"revenue", view_corridor_revenue},
	{"replay", view_corridor_replay},   {"availability", view_corridor_availability},
	{"steer", view_corridor_steer_dry}, {"simulate", view_corridor_simulate},
};

/* Words after "corridor". */
static int
answer_corridor(struct buf *out, const struct view_corridor *view, enum view_corridor_form form,
		const char *const *words, size_t count, struct corridor_complaint *complaint)
{
	if (count == 0 || (count == 1 && strcmp(words[0], "show") == 0))
		return view_corridor_show(out, view, form, complaint);
	if (question_of(words[0]))
		return ask(out, view, form, words, count, complaint);
	if (count == 1 && strcmp(words[0], "reach") == 0) {
		view_reach_settings(out, view->hub);
		return 0;
	}
	if (strcmp(words[0], "reckon") == 0)
		return view_reckon(out, form, words + 1, count - 1, complaint);
	if (strcmp(words[0], "segment") == 0 || strcmp(words[0], "site") == 0)
		return answer_one(out, view, form, words, count, complaint);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(others[i].word, words[0]) == 0)
			return others[i].answer(out, view, form, words + 1, count - 1, complaint);
	corridor_complain(complaint, 400, "%s", usage);
	return -1;
}

/* Demands and content that were measured: the ledger has them, and who answers has put them into the view. Text ends
 * with what they rest on. */
static int
answer_measured(struct buf *out, const struct view_corridor *view, enum view_corridor_form form,
		const char *const *words, size_t count, struct corridor_complaint *complaint)
{
	bool content = count && strcmp(words[0], "content") == 0;
	if (content && corridor_measured_content_asked(words, count)) {
		corridor_complain(complaint, 400,
				  "--measured, --month and --hours are for a hub that runs: its "
				  "ledger knows");
		return -1;
	}
	if (!content && corridor_measured_asked(words, count)) {
		corridor_complain(
			complaint, 400,
			"--measured and --demands are for flow, whatif, change, worth, "
			"revenue, next, target, simulate and sensitivity of a hub that runs: its "
			"ledger knows");
		return -1;
	}
	if (view->note && !content && view_demands_wanted(view, complaint) < 0)
		return -1;
	int result = answer_corridor(out, view, form, words, count, complaint);
	if (result >= 0 && view->note && form == VIEW_CORRIDOR_TEXT)
		view_wrapped(out, view->note, 0, 0);
	return result;
}

int
view_corridor_answer(struct buf *out, const struct view_corridor *view,
		     enum view_corridor_form form, const char *const *words, size_t count,
		     struct corridor_complaint *complaint)
{
	assert(out && view && view->hub && view->plan && view->load && complaint);
	if (count >= 1 && strcmp(words[0], "corridor") == 0)
		return answer_measured(out, view, form, words + 1, count - 1, complaint);
	if (count == 2 && strcmp(words[0], "show") == 0 && strcmp(words[1], "corridor") == 0)
		return view_corridor_show(out, view, form, complaint);
	if (count == 2 && strcmp(words[1], "overview") == 0) {
		if (refuse_csv(form, complaint) < 0)
			return -1;
		return view_corridor_overview(out, view, form, complaint);
	}
	if (count == 2 && strcmp(words[0], "metrics") == 0) {
		view_corridor_metrics(out, view);
		return 0;
	}
	corridor_complain(complaint, 400, "%s", usage);
	return -1;
}

int
view_corridor_of_file(struct view_corridor *out, const struct hub *hub, struct utc_s now,
		      struct corridor_complaint *complaint)
{
	assert(out && hub && complaint);
	struct view_corridor view = {.hub = hub, .plans = corridor_plans_new(hub, now)};
	if (!view.plans) {
		corridor_complain(complaint, 500, "the graph of sites and segments: %s",
				  errno == EINVAL ? "more sites than 65535" : "out of memory");
		return -1;
	}
	view.plan = corridor_plans_today(view.plans);
	view.load = corridor_load_new(hub, NULL, now);
	if (!view.load) {
		corridor_complain(complaint, 500, "out of memory");
		corridor_plans_free(view.plans);
		return -1;
	}
	*out = view;
	return 0;
}

void
view_corridor_fini(struct view_corridor *view)
{
	corridor_plans_free(view->plans);
	corridor_load_free(view->load);
	*view = (struct view_corridor){0};
}
