/* What does not add up in what is written of the corridor. */
#include <stdio.h>
#include <string.h>

#include "corridor/corridor_check.h"
#include "view/view_corridor_parts.h"

enum { SEVERITY_COLUMNS = 7, ID_COLUMNS = 14, NUMBER_COLUMNS = 9, UNIT_COLUMNS = 8, TEXT_AT = 48 };

static void
findings_json(struct buf *out, const struct corridor_findings *f)
{
	struct json j = json_to(out);
	json_object(&j, NULL);
	for (int s = 0; s < CORRIDOR_SEVERITIES; s++)
		json_u64(&j, corridor_severity_name((enum corridor_severity)s), f->by_severity[s]);
	json_array(&j, "findings");
	for (size_t i = 0; i < f->count; i++) {
		const struct corridor_finding *found = &f->all[i];
		json_object(&j, NULL);
		json_str(&j, "severity", corridor_severity_name(found->severity));
		json_str(&j, "list", found->list);
		json_str(&j, "id", found->id);
		json_str(&j, "what", found->what);
		view_number_json(&j, "value", found->value);
		view_number_json(&j, "bound", found->bound);
		json_str(&j, "unit", found->unit);
		json_str(&j, "hint", found->hint);
		json_str(&j, "source", found->source);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}

static void
findings_csv(struct buf *out, const struct corridor_findings *f)
{
	buf_str(out, "severity,list,id,what,value,bound,unit,hint,source\r\n");
	for (size_t i = 0; i < f->count; i++) {
		const struct corridor_finding *found = &f->all[i];
		char value[VIEW_RATE_TEXT], bound[VIEW_RATE_TEXT];
		const char *fields[] = {corridor_severity_name(found->severity),
					found->list,
					found->id,
					found->what,
					view_fact_number(value, found->value),
					view_fact_number(bound, found->bound),
					found->unit,
					found->hint,
					found->source};
		for (size_t k = 0; k < sizeof(fields) / sizeof(fields[0]); k++) {
			buf_str(out, k ? "," : "");
			view_csv_field(out, fields[k] ? fields[k] : "");
		}
		buf_str(out, "\r\n");
	}
}

static void
indented(struct buf *out, const char *text)
{
	buf_printf(out, "%*s", SEVERITY_COLUMNS + ID_COLUMNS, "");
	view_wrapped(out, text, SEVERITY_COLUMNS + ID_COLUMNS, SEVERITY_COLUMNS + ID_COLUMNS);
}

static void
finding_text(struct buf *out, const struct corridor_finding *found)
{
	char number[VIEW_RATE_TEXT];
	view_cell(out, corridor_severity_name(found->severity), SEVERITY_COLUMNS);
	view_cell(out, found->id, ID_COLUMNS - 1);
	buf_str(out, " ");
	view_cell(out, view_fact_number(number, found->value), -NUMBER_COLUMNS);
	view_cell(out, view_fact_number(number, found->bound), -NUMBER_COLUMNS);
	buf_str(out, " ");
	view_cell(out, found->unit ? found->unit : "", UNIT_COLUMNS - 1);
	view_wrapped(out, found->what, TEXT_AT - 1, TEXT_AT - 1);
	if (found->hint)
		indented(out, found->hint);
	if (found->source)
		indented(out, found->source);
}

static void
findings_text(struct buf *out, const struct corridor_findings *f, bool notes)
{
	size_t shown = f->by_severity[CORRIDOR_WRONG] + f->by_severity[CORRIDOR_ODD];
	buf_printf(out, "%zu wrong, %zu odd, %zu notes%s\n", f->by_severity[CORRIDOR_WRONG],
		   f->by_severity[CORRIDOR_ODD], f->by_severity[CORRIDOR_NOTE],
		   notes || !f->by_severity[CORRIDOR_NOTE] ? "" : " (--all shows them)");
	if (notes)
		shown = f->count;
	if (!shown)
		return;
	buf_str(out, "\n");
	view_cell(out, "", SEVERITY_COLUMNS + ID_COLUMNS);
	view_cell(out, "written", -NUMBER_COLUMNS);
	view_cell(out, "bound", -NUMBER_COLUMNS);
	view_end_line(out);
	for (size_t i = 0; i < shown; i++)
		finding_text(out, &f->all[i]);
}

int
view_corridor_check(struct buf *out, const struct view_corridor *view, enum view_corridor_form form,
		    const char *const *words, size_t count, struct corridor_complaint *complaint)
{
	bool notes = count == 1 && strcmp(words[0], "--all") == 0;
	if (count && !notes) {
		corridor_complain(complaint, 400, "found %.40s; corridor check takes only --all",
				  words[notes]);
		return -1;
	}
	struct corridor_findings *findings = corridor_check(view->plan);
	if (!findings) {
		corridor_complain(complaint, 500, "out of memory");
		return -1;
	}
	if (form == VIEW_CORRIDOR_JSON)
		findings_json(out, findings);
	else if (form == VIEW_CORRIDOR_CSV)
		findings_csv(out, findings);
	else
		findings_text(out, findings, notes);
	corridor_findings_free(findings);
	return 0;
}
