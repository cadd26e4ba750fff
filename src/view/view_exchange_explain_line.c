/* The lines of an explanation: checks that are in order are one line together, one that speaks against the route is told
 * with all that is known. */
#include <stdio.h>
#include <string.h>

#include "view/view_exchange_explain.h"
#include "view/view_text.h"

enum { INDENT = 4, TEXT_AT = 11 };

static const char *
view_explain_outcome(enum policy_outcome outcome)
{
	static const char *const names[] = {"passed", "failed", "tagged", "not applied", "said"};
	return names[outcome];
}

const char *
view_explain_text(struct buf *text)
{
	buf_u8(text, 0);
	return text->failed ? "" : (const char *)text->data;
}

/* "    FAILS  text", wrapped under itself. */
void
view_explain_marked(struct buf *out, const char *mark, const char *text)
{
	buf_printf(out, "%*s", INDENT, "");
	view_cell(out, mark, TEXT_AT - INDENT);
	view_wrapped(out, text, TEXT_AT, TEXT_AT);
}

void
view_explain_below(struct buf *out, const char *label, const char *text)
{
	if (!text[0])
		return;
	buf_printf(out, "%*s%-8s", TEXT_AT, "", label);
	view_wrapped(out, text, TEXT_AT + 8, TEXT_AT + 8);
}

static void
line_json(struct view_explain *sink, const struct policy_line *line)
{
	struct json *j = sink->json;
	bool ordinary = line->outcome == POLICY_PASSED || line->outcome == POLICY_FAILED;
	json_object(j, NULL);
	json_str(j, "part", sink->part);
	json_str(j, "step", line->check);
	json_str(j, "outcome", view_explain_outcome(line->outcome));
	if (ordinary)
		json_bool(j, "passed", line->outcome == POLICY_PASSED);
	else
		json_null(j, "passed");
	json_str(j, "text",
		 line->outcome == POLICY_FAILED && line->mend[0] ? line->mend : line->found);
	json_str(j, "found", line->found[0] ? line->found : NULL);
	json_str(j, "wanted", line->wanted[0] ? line->wanted : NULL);
	json_str(j, "mend", line->mend[0] ? line->mend : NULL);
	json_array(j, "reasons");
	for (unsigned bit = 0; bit < POLICY_REASONS; bit++) {
		if (!(line->reasons >> bit & 1))
			continue;
		json_object(j, NULL);
		view_reason_fields(j, bit);
		json_object_end(j);
	}
	json_array_end(j);
	json_object_end(j);
}

/* A check that speaks against the route, with all that is known. */
static void
objection(struct view_explain *sink, const struct policy_line *line)
{
	struct buf words = {0};
	buf_printf(&words, "%s%s", line->check, line->reasons ? ": " : "");
	view_reasons_line(&words, line->reasons);
	if (!line->reasons)
		buf_printf(&words, ": %s", line->found);
	view_explain_marked(sink->out, line->outcome == POLICY_TAGGED ? "tagged" : "FAILS",
			    view_explain_text(&words));
	buf_fini(&words);
	if (line->reasons)
		view_explain_below(sink->out, "found", line->found);
	view_explain_below(sink->out, "wanted", line->wanted);
	view_explain_below(sink->out, "mend", line->mend);
}

void
view_explain_plain(struct view_explain *sink, const char *mark, const struct policy_line *line)
{
	struct buf words = {0};
	buf_printf(&words, "%s%s%s", line->check, line->found[0] ? ": " : "", line->found);
	view_explain_marked(sink->out, mark, view_explain_text(&words));
	buf_fini(&words);
}

void
view_explain_tell(void *context, const struct policy_line *line)
{
	struct view_explain *sink = context;
	if (sink->json) {
		line_json(sink, line);
		return;
	}
	bool out = strcmp(sink->part, "out") == 0;
	switch (line->outcome) {
	case POLICY_FAILED:
	case POLICY_TAGGED:
		objection(sink, line);
		return;
	case POLICY_NOT_APPLIED:
		if (!out)
			buf_printf(&sink->off, "%s%s", sink->off_count++ ? ", " : "", line->check);
		return;
	case POLICY_SAID:
		view_explain_plain(sink, "", line);
		return;
	case POLICY_PASSED:
		if (out)
			view_explain_plain(sink, "ok", line);
		else
			sink->passed_count++;
		return;
	}
}

/* A line of the view's own. */
void
view_explain_say(struct view_explain *sink, enum policy_outcome outcome, const char *what,
		 const char *found)
{
	struct policy_line line = {
		.check = what, .outcome = outcome, .found = found, .wanted = "", .mend = ""};
	view_explain_tell(sink, &line);
}

void
view_explain_say_buf(struct view_explain *sink, enum policy_outcome outcome, const char *what,
		     struct buf *found)
{
	view_explain_say(sink, outcome, what, view_explain_text(found));
	buf_fini(found);
}

/* The checks that are one line. */
void
view_explain_summary(struct view_explain *sink)
{
	struct buf line = {0};
	if (sink->json)
		return;
	if (sink->passed_count) {
		buf_printf(&line, "%u check%s in order", sink->passed_count,
			   sink->passed_count == 1 ? "" : "s");
		view_explain_marked(sink->out, "ok", view_explain_text(&line));
		buf_clear(&line);
	}
	if (sink->off_count) {
		buf_printf(&line, "not applied: %s", view_explain_text(&sink->off));
		view_explain_marked(sink->out, "-", view_explain_text(&line));
	}
	buf_fini(&line);
	buf_fini(&sink->off);
	sink->passed_count = sink->off_count = 0;
}
