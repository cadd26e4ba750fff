/* Topics and their inputs: found, read, checked; then reckoned. */
#include "corridor/corridor_formula.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "corridor/corridor_formula_parts.h"
#include "hub/hub_report.h"

static const struct corridor_formula *const groups[] = {
	corridor_formulas_of_light,
	corridor_formulas_of_up,
	corridor_formulas_of_money,
	corridor_formulas_of_ways,
};

const struct corridor_formula *
corridor_formula_at(size_t index)
{
	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++)
		for (const struct corridor_formula *f = groups[g]; f->topic; f++)
			if (index-- == 0)
				return f;
	return NULL;
}

static size_t
input_of(const struct corridor_formula *formula, const char *name)
{
	size_t i = 0;
	while (i < CORRIDOR_INPUTS_MAX && formula->inputs[i].name &&
	       strcmp(formula->inputs[i].name, name) != 0)
		i++;
	return i < CORRIDOR_INPUTS_MAX && formula->inputs[i].name ? i : CORRIDOR_INPUTS_MAX;
}

const struct corridor_given *
corridor_formula_all(const struct corridor_reckoning *r, const char *name)
{
	size_t i = input_of(r->formula, name);
	assert(i < CORRIDOR_INPUTS_MAX);
	return &r->given[i];
}

double
corridor_formula_one(const struct corridor_reckoning *r, const char *name)
{
	const struct corridor_given *given = corridor_formula_all(r, name);
	assert(given->count > 0);
	return given->values[0];
}

static struct corridor_result *
add_result(struct corridor_reckoning *r)
{
	if (r->count == r->room) {
		size_t room = r->room ? 2 * r->room : 8;
		struct corridor_result *more = arena_take(r->arena, room * sizeof(*more));
		if (!more) {
			r->failed = true;
			return NULL;
		}
		if (r->count)
			memcpy(more, r->results, r->count * sizeof(*more));
		r->results = more;
		r->room = room;
	}
	return &r->results[r->count++];
}

void
corridor_formula_tell(struct corridor_reckoning *r, const char *name, double value,
		      const char *unit)
{
	struct corridor_result *result = add_result(r);
	if (result)
		*result = (struct corridor_result){
			.name = name, .unit = unit, .value = value + 0.0}; /* no -0 */
}

void
corridor_formula_say(struct corridor_reckoning *r, const char *name, const char *text)
{
	struct corridor_result *result = add_result(r);
	if (result)
		*result = (struct corridor_result){
			.name = name, .unit = "", .value = NAN, .text = text ? text : "none"};
}

/* Says what an input takes. */
static int
misfit(const struct corridor_formula *formula, const struct corridor_formula_input *input,
       const char *found, struct arena *arena, struct corridor_complaint *complaint)
{
	const char *unit = corridor_quantity_unit(input->of);
	const char *units = corridor_quantity_units(input->of, arena);
	bool other = units && strchr(units, ',');
	char range[80] = "";
	if (isinf(input->most))
		(void)snprintf(range, sizeof(range), "a number from %.10g on, or any",
			       input->least);
	else
		(void)snprintf(range, sizeof(range), "%s from %.10g to %.10g",
			       input->whole ? "a whole number" : "a number", input->least,
			       input->most);
	corridor_complain(complaint, 400, "%s: %s: found \"%.40s\", expected %s%s%s%s%s%s",
			  formula->topic, input->name, found, range, *unit ? " " : "", unit,
			  other ? " (units: " : "", other ? units : "", other ? ")" : "");
	return -1;
}

/* "9x15" is fifteen times 9. *length becomes that of what stands before. */
static size_t
times_of(const char *text, size_t *length)
{
	size_t at = *length, count = 0;
	while (at > 0 && text[at - 1] >= '0' && text[at - 1] <= '9')
		at--;
	if (at < 2 || at == *length || text[at - 1] != 'x')
		return 1;
	for (size_t i = at; i < *length && count <= CORRIDOR_LIST_MAX; i++)
		count = 10 * count + (size_t)(text[i] - '0');
	*length = at - 1;
	return count;
}

static bool
fits(const struct corridor_formula_input *input, double value)
{
	return value >= input->least && value <= input->most &&
	       (!input->whole || value == floor(value));
}

/* Reads the numbers of an input; each of a list, else the one. */
static int
read_numbers(struct corridor_reckoning *r, const struct corridor_formula_input *input,
	     struct corridor_given *given, struct corridor_complaint *complaint)
{
	const char *at = given->text, *text = given->text;
	given->values = arena_take(r->arena, CORRIDOR_LIST_MAX * sizeof(*given->values));
	if (!given->values) {
		corridor_complain(complaint, 500, "out of memory");
		return -1;
	}
	for (bool more = true; more;) {
		size_t length = input->list ? strcspn(at, ",") : strlen(at), whole = length;
		size_t times = input->list ? times_of(at, &length) : 1;
		double value;
		if (corridor_quantity_read(&value, input->of, at, length) < 0 ||
		    !fits(input, value) || times == 0)
			return misfit(r->formula, input, text, r->arena, complaint);
		if (given->count + times > CORRIDOR_LIST_MAX) {
			corridor_complain(complaint, 400, "%s: %s: more than %d numbers",
					  r->formula->topic, input->name, CORRIDOR_LIST_MAX);
			return -1;
		}
		while (times--)
			given->values[given->count++] = value;
		more = at[whole] == ',';
		at += whole + 1;
	}
	return 0;
}

static int
complain_topic(const char *word, struct corridor_complaint *complaint)
{
	struct hub_nearest nearest = {.word = word};
	const struct corridor_formula *f;
	for (size_t i = 0; (f = corridor_formula_at(i)); i++)
		hub_nearest_offer(&nearest, f->topic);
	if (strchr(word, '=')) {
		corridor_complain(complaint, 400,
				  "expected a topic before \"%.40s\"; corridor reckon lists all "
				  "topics",
				  word);
		return -1;
	}
	corridor_complain(complaint, 404,
			  "nothing can be reckoned that is called \"%.40s\"%s%s; corridor reckon "
			  "lists all topics",
			  word, nearest.best ? "; the nearest known is " : "",
			  nearest.best ? nearest.best : "");
	return -1;
}

static int
complain_input(const struct corridor_formula *formula, const char *word, const char *why,
	       struct corridor_complaint *complaint)
{
	char names[140] = "";
	size_t length = 0;
	for (size_t i = 0;
	     i < CORRIDOR_INPUTS_MAX && formula->inputs[i].name && length < sizeof(names); i++)
		length += (size_t)snprintf(names + length, sizeof(names) - length, "%s%s",
					   i ? ", " : "", formula->inputs[i].name);
	corridor_complain(complaint, 400, "%s: %s \"%.30s\"; its inputs are %s", formula->topic,
			  why, word, names);
	return -1;
}

/* One word, "name=value". */
static int
take_input(struct corridor_reckoning *r, const char *word, struct corridor_complaint *complaint)
{
	const char *equals = strchr(word, '=');
	size_t length = equals ? (size_t)(equals - word) : strlen(word);
	char *name = arena_copy(r->arena, word, length);
	size_t i = name ? input_of(r->formula, name) : CORRIDOR_INPUTS_MAX;
	if (!equals)
		return complain_input(r->formula, word, "expected name=value, found", complaint);
	if (i == CORRIDOR_INPUTS_MAX)
		return complain_input(r->formula, name ? name : "", "there is no input", complaint);
	if (r->given[i].text)
		return complain_input(r->formula, name, "twice the input", complaint);
	r->given[i].text = equals + 1;
	return 0;
}

/* What was not said is as usual, or is missing; then all are read. */
static int
read_inputs(struct corridor_reckoning *r, struct corridor_complaint *complaint)
{
	for (size_t i = 0; i < CORRIDOR_INPUTS_MAX && r->formula->inputs[i].name; i++) {
		const struct corridor_formula_input *input = &r->formula->inputs[i];
		struct corridor_given *given = &r->given[i];
		if (!given->text && !input->usual)
			return complain_input(r->formula, input->name, "missing is", complaint);
		if (!given->text && *input->usual) {
			given->text = input->usual;
			given->usual = true;
		}
		if (given->text && input->of != CORRIDOR_A_TEXT &&
		    read_numbers(r, input, given, complaint) < 0)
			return -1;
	}
	return 0;
}

int
corridor_formula_reckon(struct corridor_reckoning *out, struct arena *arena,
			const char *const *words, size_t count,
			struct corridor_complaint *complaint)
{
	assert(out && arena && count > 0 && complaint);
	struct corridor_reckoning r = {.arena = arena};
	const struct corridor_formula *f;
	for (size_t i = 0; (f = corridor_formula_at(i)) && !r.formula; i++)
		if (strcmp(f->topic, words[0]) == 0)
			r.formula = f;
	if (!r.formula)
		return complain_topic(words[0], complaint);
	for (size_t i = 1; i < count; i++)
		if (take_input(&r, words[i], complaint) < 0)
			return -1;
	if (read_inputs(&r, complaint) < 0 || r.formula->reckon(&r, complaint) < 0)
		return -1;
	if (r.failed) {
		corridor_complain(complaint, 500, "out of memory");
		return -1;
	}
	*out = r;
	return 0;
}
