/* The calculator's topics, and what is reckoned: as text, JSON and CSV. */
#include "view/view_reckon.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "corridor/corridor_formula.h"
#include "view/view_text.h"

enum { NUMBER_TEXT = 40 };

/* Ten digits that count; "none" for NAN. Returns `out`. */
static const char *
number(char out[NUMBER_TEXT], double value)
{
	if (isnan(value))
		return "none";
	(void)snprintf(out, NUMBER_TEXT, "%.10g", value);
	return out;
}

static const char *
usual_text(const struct corridor_formula_input *input)
{
	return !input->usual ? "must be said" : *input->usual ? input->usual : "may be left out";
}

static void
inputs_text(struct buf *out, const struct corridor_formula *f, struct arena *arena)
{
	for (size_t i = 0; i < CORRIDOR_INPUTS_MAX && f->inputs[i].name; i++) {
		const struct corridor_formula_input *input = &f->inputs[i];
		const char *units = corridor_quantity_units(input->of, arena);
		const char *text =
			arena_printf(arena, "%s%s%s%s%s%s", usual_text(input),
				     units && *units ? "; in " : "", units ? units : "",
				     input->list ? "; a list" : "", input->whole ? "; whole" : "",
				     input->of == CORRIDOR_A_TEXT ? "; words" : "");
		buf_str(out, "  ");
		view_cell(out, input->name, 16);
		view_wrapped(out, text ? text : "", 18, 18);
	}
}

static void
topics_text(struct buf *out, struct arena *arena)
{
	const struct corridor_formula *f;
	buf_str(out, "corridor reckon TOPIC [NAME=VALUE ...]; a number without a unit is in the "
		     "first.\n");
	for (size_t i = 0; (f = corridor_formula_at(i)); i++) {
		buf_printf(out, "\n%s: ", f->topic);
		view_wrapped(out, f->what, strlen(f->topic) + 2, 2);
		inputs_text(out, f, arena);
	}
}

static void
input_json(struct json *j, const struct corridor_formula_input *input)
{
	json_object(j, NULL);
	json_str(j, "name", input->name);
	json_str(j, "unit", corridor_quantity_unit(input->of));
	json_str(j, "usual", input->usual && *input->usual ? input->usual : NULL);
	json_bool(j, "required", !input->usual);
	json_bool(j, "list", input->list);
	json_object_end(j);
}

static void
topics_json(struct buf *out)
{
	const struct corridor_formula *f;
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_array(&j, "topics");
	for (size_t i = 0; (f = corridor_formula_at(i)); i++) {
		json_object(&j, NULL);
		json_str(&j, "topic", f->topic);
		json_str(&j, "what", f->what);
		json_str(&j, "formula", f->formula);
		json_str(&j, "source", f->source);
		json_array(&j, "inputs");
		for (size_t k = 0; k < CORRIDOR_INPUTS_MAX && f->inputs[k].name; k++)
			input_json(&j, &f->inputs[k]);
		json_array_end(&j);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}

static void
topics_csv(struct buf *out)
{
	const struct corridor_formula *f;
	buf_str(out, "topic,input,unit,usual,required,list\r\n");
	for (size_t i = 0; (f = corridor_formula_at(i)); i++) {
		for (size_t k = 0; k < CORRIDOR_INPUTS_MAX && f->inputs[k].name; k++) {
			const struct corridor_formula_input *input = &f->inputs[k];
			buf_printf(out, "%s,%s,", f->topic, input->name);
			view_csv_field(out, corridor_quantity_unit(input->of));
			buf_str(out, ",");
			view_csv_field(out, input->usual ? input->usual : "");
			buf_printf(out, ",%s,%s\r\n", input->usual ? "no" : "yes",
				   input->list ? "yes" : "no");
		}
	}
}

static void
given_text(struct buf *out, const struct corridor_reckoning *r)
{
	const char *text = "";
	for (size_t i = 0; i < CORRIDOR_INPUTS_MAX && r->formula->inputs[i].name && text; i++) {
		const struct corridor_given *given = &r->given[i];
		if (given->text)
			text = arena_printf(r->arena, "%s%s%s=%s%s", text, *text ? ", " : "",
					    r->formula->inputs[i].name, given->text,
					    given->usual ? " (usual)" : "");
	}
	view_field(out, "of", text);
}

static void
reckoned_text(struct buf *out, const struct corridor_reckoning *r)
{
	char text[NUMBER_TEXT];
	size_t widest = 0;
	for (size_t i = 0; i < r->count; i++)
		widest = strlen(r->results[i].name) > widest ? strlen(r->results[i].name) : widest;
	for (size_t i = 0; i < r->count; i++) {
		const struct corridor_result *result = &r->results[i];
		const char *unit = isnan(result->value) ? "" : result->unit;
		view_cell(out, result->name, (int)widest + 2);
		view_wrapped(out,
			     result->text
				     ? result->text
				     : arena_printf(r->arena, "%s%s%s", number(text, result->value),
						    *unit ? " " : "", unit),
			     widest + 2, widest + 2);
	}
	buf_str(out, "\n");
	given_text(out, r);
	view_field(out, "formula", r->formula->formula);
	view_field(out, "source", r->formula->source);
}

static void
given_json(struct json *j, const struct corridor_formula_input *input,
	   const struct corridor_given *given)
{
	json_object(j, NULL);
	json_str(j, "name", input->name);
	json_str(j, "said", given->text);
	json_bool(j, "usual", given->usual);
	if (input->of != CORRIDOR_A_TEXT) {
		json_str(j, "unit", corridor_quantity_unit(input->of));
		json_array(j, "values");
		for (size_t k = 0; k < given->count; k++)
			json_double(j, NULL, given->values[k]);
		json_array_end(j);
	}
	json_object_end(j);
}

static void
reckoned_json(struct buf *out, const struct corridor_reckoning *r)
{
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_str(&j, "topic", r->formula->topic);
	json_str(&j, "what", r->formula->what);
	json_array(&j, "results");
	for (size_t i = 0; i < r->count; i++) {
		const struct corridor_result *result = &r->results[i];
		json_object(&j, NULL);
		json_str(&j, "name", result->name);
		if (result->text)
			json_str(&j, "text", result->text);
		else
			json_double(&j, "value", result->value);
		json_str(&j, "unit", result->unit);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_array(&j, "inputs");
	for (size_t i = 0; i < CORRIDOR_INPUTS_MAX && r->formula->inputs[i].name; i++)
		if (r->given[i].text)
			given_json(&j, &r->formula->inputs[i], &r->given[i]);
	json_array_end(&j);
	json_str(&j, "formula", r->formula->formula);
	json_str(&j, "source", r->formula->source);
	json_object_end(&j);
	buf_str(out, "\n");
}

static void
reckoned_csv(struct buf *out, const struct corridor_reckoning *r)
{
	char text[NUMBER_TEXT];
	buf_str(out, "name,value,unit\r\n");
	for (size_t i = 0; i < r->count; i++) {
		const struct corridor_result *result = &r->results[i];
		view_csv_field(out, result->name);
		buf_str(out, ",");
		if (result->text)
			view_csv_field(out, result->text);
		else if (!isnan(result->value))
			buf_str(out, number(text, result->value));
		buf_str(out, ",");
		view_csv_field(out, result->unit);
		buf_str(out, "\r\n");
	}
}

static int
answer(struct buf *out, enum view_corridor_form form, const char *const *words, size_t count,
       struct arena *arena, struct corridor_complaint *complaint)
{
	struct corridor_reckoning r;
	if (count == 0) {
		if (form == VIEW_CORRIDOR_JSON)
			topics_json(out);
		else if (form == VIEW_CORRIDOR_CSV)
			topics_csv(out);
		else
			topics_text(out, arena);
		return 0;
	}
	if (corridor_formula_reckon(&r, arena, words, count, complaint) < 0)
		return -1;
	if (form == VIEW_CORRIDOR_JSON)
		reckoned_json(out, &r);
	else if (form == VIEW_CORRIDOR_CSV)
		reckoned_csv(out, &r);
	else
		reckoned_text(out, &r);
	return 0;
}

int
view_reckon(struct buf *out, enum view_corridor_form form, const char *const *words, size_t count,
	    struct corridor_complaint *complaint)
{
	struct arena *arena = arena_new();
	int result = -1;
	if (!arena)
		corridor_complain(complaint, 500, "out of memory");
	else
		result = answer(out, form, words, count, arena, complaint);
	arena_free(arena);
	return result;
}
