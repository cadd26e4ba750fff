/* Charts: bars with whiskers, curves over years. */
#include <math.h>
#include <stdio.h>

#include "study/study_parts.h"

enum { WIDTH = 760, RIGHT = 90, ROW = 26, HEAD = 10, FOOT = 44 };
/* Labels stand at the left of bars, in as much room as the longest needs, within bounds. */
enum { LABELS_LEAST = 110, LABELS_MOST = 330 };
#define LETTER 6.3 /* pixels; about the mean of a letter of that size */

/* The next of 1, 2, 2.5, 5 times a power of ten that divides `span` into at most `most` steps. */
static double
step_of(double span, int most)
{
	static const double steps[] = {1, 2, 2.5, 5, 10};
	double power = pow(10, floor(log10(span / most)));
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (span / (steps[i] * power) <= most)
			return steps[i] * power;
	return 10 * power;
}

/* An axis from `low` to `high`, both moved out to whole steps. */
struct axis {
	double low, high, step;
	double at, length; /* pixels; length < 0: upwards */
};

static struct axis
axis_of(double low, double high, double at, double length)
{
	if (!(high > low))
		high = low + 1;
	double step = step_of(high - low, 6);
	return (struct axis){floor(low / step) * step, ceil(high / step) * step, step, at, length};
}

static double
on(const struct axis *axis, double value)
{
	return axis->at + (value - axis->low) / (axis->high - axis->low) * axis->length;
}

static void
words(struct study_scene *scene, const double at[2], enum study_anchor anchor, const char *text)
{
	study_scene_words(scene, at, 11.5, anchor, text);
}

static void
across(struct study_scene *scene, const struct axis *axis, double bottom, const char *unit)
{
	char text[STUDY_NUMBER];
	for (double v = axis->low; v <= axis->high + axis->step / 2; v += axis->step) {
		double x = on(axis, v);
		bool zero = fabs(v) < axis->step / 1e6;
		study_scene_line(scene, (const double[]){x, HEAD, x, bottom},
				 zero ? STUDY_SOFT : STUDY_HAIR, 1);
		words(scene, (const double[]){x, bottom + 16}, STUDY_MIDDLE,
		      study_text(scene->document, "%s", study_number(text, zero ? 0 : v, -1)));
	}
	words(scene, (const double[]){axis->at + axis->length / 2, bottom + 34}, STUDY_MIDDLE,
	      unit);
}

static size_t
letters(const char *text)
{
	size_t count = 0;
	for (; *text; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

static double
room_for(double room, const char *label)
{
	return fmin(LABELS_MOST, fmax(room, 16 + LETTER * (double)letters(label)));
}

/* At the left of where the axis begins; what is too long for it is cut. */
static void
label(struct study_scene *scene, const struct axis *axis, double y, const char *text)
{
	size_t most = (size_t)((LABELS_MOST - 16) / LETTER), length = 0;
	const char *shown = text;
	if (letters(text) > most) {
		for (size_t count = 0; text[length] && count < most; length++)
			count += ((unsigned char)text[length + 1] & 0xc0) != 0x80;
		shown = study_text(scene->document, "%.*s\u2026", (int)length, text);
	}
	words(scene, (const double[]){axis->at - 8, y}, STUDY_END, shown);
}

static void
bar(struct study_scene *scene, const struct axis *axis, const struct study_bar *b, double y)
{
	char text[STUDY_NUMBER];
	double zero = on(axis, fmax(0, axis->low)), end = on(axis, b->value.value);
	double left = fmin(zero, end), middle = y + ROW / 2.0, right = fmax(zero, end);
	label(scene, axis, middle + 4, b->label);
	study_scene_box(scene, (const double[]){left, y + 5, fabs(end - zero), ROW - 10}, b->colour,
			NULL);
	if (isfinite(b->value.low) && b->value.high > b->value.low) {
		double a = on(axis, b->value.low), z = on(axis, b->value.high);
		study_scene_line(scene, (const double[]){a, middle, z, middle}, STUDY_INK, 1.2);
		study_scene_line(scene, (const double[]){a, middle - 4, a, middle + 4}, STUDY_INK,
				 1.2);
		study_scene_line(scene, (const double[]){z, middle - 4, z, middle + 4}, STUDY_INK,
				 1.2);
		right = fmax(right, z);
	}
	words(scene, (const double[]){right + 6, middle + 4}, STUDY_START,
	      study_text(scene->document, "%s", study_number(text, b->value.value, -1)));
}

struct study_scene *
study_bars(struct study_document *document, const struct study_bar *bars, size_t count,
	   const char *unit)
{
	double low = 0, high = 0, bottom = HEAD + (double)(ROW * count), left = LABELS_LEAST;
	for (size_t i = 0; i < count; i++) {
		const struct study_bounds *v = &bars[i].value;
		left = room_for(left, bars[i].label);
		low = fmin(low, fmin(v->value, isfinite(v->low) ? v->low : v->value));
		high = fmax(high, fmax(v->value, isfinite(v->high) ? v->high : v->value));
	}
	if (count == 0)
		return NULL;
	struct study_scene *scene = study_scene_new(document, WIDTH, bottom + FOOT);
	struct axis axis = axis_of(low, high, left, WIDTH - left - RIGHT);
	across(scene, &axis, bottom, unit);
	for (size_t i = 0; i < count; i++)
		if (isfinite(bars[i].value.value))
			bar(scene, &axis, &bars[i], HEAD + (double)(ROW * i));
	return scene;
}

static void
swing(struct study_scene *scene, const struct axis *axis, const struct study_swing *w, double y)
{
	char text[STUDY_NUMBER];
	double told = on(axis, w->told), low = on(axis, w->at_low), high = on(axis, w->at_high);
	double middle = y + ROW / 2.0, left = fmin(low, high), right = fmax(low, high);
	label(scene, axis, middle + 4, w->label);
	study_scene_box(scene, (const double[]){fmin(told, low), y + 5, fabs(told - low), ROW - 10},
			STUDY_AMBER, "at its low bound");
	study_scene_box(scene,
			(const double[]){fmin(told, high), y + 5, fabs(told - high), ROW - 10},
			STUDY_BLUE, "at its high bound");
	words(scene, (const double[]){fmax(right, told) + 6, middle + 4}, STUDY_START,
	      study_text(scene->document, "%s",
			 study_number(text, fmax(fmax(w->at_low, w->at_high), w->told), -1)));
	if (fmin(left, told) > axis->at + 60)
		words(scene, (const double[]){fmin(left, told) - 6, middle + 4}, STUDY_END,
		      study_text(
			      scene->document, "%s",
			      study_number(text, fmin(fmin(w->at_low, w->at_high), w->told), -1)));
}

struct study_scene *
study_tornado(struct study_document *document, const struct study_swing *swings, size_t count,
	      const char *unit)
{
	double low = INFINITY, high = -INFINITY, bottom = HEAD + (double)(ROW * count);
	double left = LABELS_LEAST;
	for (size_t i = 0; i < count; i++) {
		const struct study_swing *w = &swings[i];
		left = room_for(left, w->label);
		low = fmin(low, fmin(w->told, fmin(w->at_low, w->at_high)));
		high = fmax(high, fmax(w->told, fmax(w->at_low, w->at_high)));
	}
	if (count == 0 || !isfinite(low) || !isfinite(high))
		return NULL;
	struct study_scene *scene = study_scene_new(document, WIDTH, bottom + FOOT + 20);
	struct axis axis = axis_of(low, high, left, WIDTH - left - RIGHT);
	across(scene, &axis, bottom, unit);
	for (size_t i = 0; i < count; i++)
		swing(scene, &axis, &swings[i], HEAD + (double)(ROW * i));
	double told = on(&axis, swings[0].told), y = bottom + FOOT + 8;
	study_scene_line(scene, (const double[]){told, HEAD, told, bottom}, STUDY_INK, 1.2);
	study_scene_box(scene, (const double[]){left, y - 9, 12, 10}, STUDY_AMBER, NULL);
	words(scene, (const double[]){left + 18, y}, STUDY_START, "at its low bound");
	study_scene_box(scene, (const double[]){left + 170, y - 9, 12, 10}, STUDY_BLUE, NULL);
	words(scene, (const double[]){left + 188, y}, STUDY_START, "at its high bound");
	return scene;
}

/* --- curves --- */

enum { LEFT = 64, TALL = 260, LEGEND = 22 };

static void
curve(struct study_scene *scene, const struct axis *x, const struct axis *y,
      const struct study_span *span, const struct study_line *line)
{
	const char *path = "";
	bool drawn = false;
	for (size_t i = 0; i < span->count; i++) {
		if (!isfinite(line->values[i])) {
			drawn = false;
			continue;
		}
		double px = on(x, span->at[i]), py = on(y, line->values[i]);
		path = study_text(scene->document, "%s%c%.1f %.1f", path, drawn ? 'L' : 'M', px,
				  py);
		drawn = true;
		if (!span->years)
			continue;
		(void)study_scene_add(scene, &(struct study_shape){.kind = STUDY_CIRCLE,
								   .x = px,
								   .y = py,
								   .radius = 2.6,
								   .fill = line->colour,
								   .stroke = STUDY_NO_COLOUR});
	}
	if (*path)
		(void)study_scene_add(scene, &(struct study_shape){.kind = STUDY_PATH,
								   .path = path,
								   .fill = STUDY_NO_COLOUR,
								   .stroke = line->colour,
								   .line = 2,
								   .dash = line->dash});
}

static void
legend(struct study_scene *scene, const struct study_line *lines, size_t count, double y)
{
	double wide = (WIDTH - LEFT) / (double)count;
	for (size_t i = 0; i < count; i++) {
		double x = LEFT + wide * (double)i;
		(void)study_scene_add(
			scene, &(struct study_shape){.kind = STUDY_PATH,
						     .path = study_text(scene->document,
									"M%.1f %.1fL%.1f %.1f", x,
									y, x + 26, y),
						     .fill = STUDY_NO_COLOUR,
						     .stroke = lines[i].colour,
						     .line = 2.4,
						     .dash = lines[i].dash});
		words(scene, (const double[]){x + 32, y + 4}, STUDY_START, lines[i].label);
	}
}

/* Below the curves: each year, or whole steps. */
static void
span_words(struct study_scene *scene, const struct axis *x, const struct study_span *span,
	   double foot)
{
	char text[STUDY_NUMBER];
	for (size_t i = 0; span->years && i < span->count; i++)
		words(scene, (const double[]){on(x, span->at[i]), foot}, STUDY_MIDDLE,
		      study_text(scene->document, "%.0f", span->at[i]));
	for (double v = x->low; !span->years && v <= x->high + x->step / 2; v += x->step)
		words(scene, (const double[]){on(x, v), foot}, STUDY_MIDDLE,
		      study_text(scene->document, "%s %%", study_number(text, v, -1)));
}

struct study_scene *
study_curves(struct study_document *document, const struct study_span *span,
	     const struct study_line *lines, size_t line_count, const char *unit)
{
	double high = 0;
	char text[STUDY_NUMBER];
	for (size_t l = 0; l < line_count; l++)
		for (size_t i = 0; i < span->count; i++)
			if (isfinite(lines[l].values[i]))
				high = fmax(high, lines[l].values[i]);
	struct study_scene *scene =
		span->count > 1 ? study_scene_new(document, WIDTH, TALL + LEGEND + 60) : NULL;
	if (!scene)
		return NULL;
	double bottom = LEGEND + 22 + TALL;
	struct axis y = axis_of(0, high, bottom, -TALL);
	double first = span->at[0], last = span->at[span->count - 1], wide = WIDTH - LEFT - 24;
	struct axis x = span->years ? (struct axis){first, last, 1, LEFT, wide}
				    : axis_of(first, last, LEFT, wide);
	words(scene, (const double[]){4, LEGEND + 10}, STUDY_START, unit);
	for (double v = 0; v <= y.high + y.step / 2; v += y.step) {
		study_scene_line(scene, (const double[]){LEFT, on(&y, v), WIDTH - 24, on(&y, v)},
				 v > 0 ? STUDY_HAIR : STUDY_SOFT, 1);
		words(scene, (const double[]){LEFT - 8, on(&y, v) + 4}, STUDY_END,
		      study_text(document, "%s", study_number(text, v, -1)));
	}
	span_words(scene, &x, span, bottom + 18);
	for (size_t l = 0; l < line_count; l++)
		curve(scene, &x, &y, span, &lines[l]);
	legend(scene, lines, line_count, 12);
	return scene;
}
