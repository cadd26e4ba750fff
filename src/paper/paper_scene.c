/* Drawing pictures of a study with Cairo. */
#include "paper/paper_scene.h"

#include <stdlib.h>

double
paper_scene_height(const struct study_scene *scene, double width)
{
	return scene->height * width / scene->width;
}

static void
colour(struct paper_pen *pen, int32_t rgb, const struct study_shape *s)
{
	paper_colour(pen, (enum paper_colour)rgb, s->opacity > 0 ? s->opacity : 1);
}

/* Fills and strokes the path that stands. */
static void
ink(struct paper_pen *pen, const struct study_shape *s)
{
	const double dashes[2] = {s->dash, s->dash};
	if (s->fill != STUDY_NO_COLOUR) {
		colour(pen, s->fill, s);
		if (s->stroke != STUDY_NO_COLOUR)
			paper.cairo_fill_preserve(pen->cr);
		else
			paper.cairo_fill(pen->cr);
	}
	if (s->stroke != STUDY_NO_COLOUR) {
		colour(pen, s->stroke, s);
		paper.cairo_set_line_width(pen->cr, s->line);
		paper.cairo_set_line_join(pen->cr, CAIRO_LINE_JOIN_ROUND);
		paper.cairo_set_dash(pen->cr, dashes, s->dash > 0 ? 2 : 0, 0);
		paper.cairo_stroke(pen->cr);
		paper.cairo_set_dash(pen->cr, dashes, 0, 0);
	}
}

/* M, L and Z with absolute coordinates. */
static void
trace(struct paper_pen *pen, const char *path)
{
	for (const char *at = path; *at;) {
		char letter = *at++;
		if (letter == 'Z') {
			paper.cairo_close_path(pen->cr);
			continue;
		}
		char *end;
		double x = strtod(at, &end);
		double y = strtod(end, &end);
		if (end == at)
			return;
		at = end;
		if (letter == 'M')
			paper.cairo_move_to(pen->cr, x, y);
		else
			paper.cairo_line_to(pen->cr, x, y);
	}
}

static void
words(struct paper_pen *pen, const struct study_shape *s)
{
	const struct paper_style style = {s->size,
					  s->bold ? PANGO_WEIGHT_SEMIBOLD : PANGO_WEIGHT_NORMAL,
					  (enum paper_colour)s->fill, 0};
	if (s->text && *s->text)
		paper_words(pen, &style, s->text,
			    &(const struct paper_words){
				    .x = s->x,
				    .y = s->y,
				    .part = s->anchor == STUDY_START    ? 0
					    : s->anchor == STUDY_MIDDLE ? 0.5
									: 1,
				    .rim = s->stroke == STUDY_NO_COLOUR ? 0 : s->line,
				    .rim_colour = (enum paper_colour)s->stroke});
}

static void
shape(struct paper_pen *pen, const struct study_shape *s)
{
	switch (s->kind) {
	case STUDY_PATH:
		paper.cairo_new_path(pen->cr);
		trace(pen, s->path);
		break;
	case STUDY_CIRCLE:
		paper.cairo_new_sub_path(pen->cr);
		paper.cairo_arc(pen->cr, s->x, s->y, s->radius, 0, 6.283185307179586);
		break;
	case STUDY_BOX:
		paper.cairo_rectangle(pen->cr, s->x, s->y, s->width, s->height);
		break;
	case STUDY_WORDS:
		words(pen, s);
		return;
	}
	ink(pen, s);
}

void
paper_scene(struct paper_pen *pen, const struct study_scene *scene, const double corner[2],
	    double width)
{
	double scale = width / scene->width;
	paper.cairo_save(pen->cr);
	paper.cairo_translate(pen->cr, corner[0], corner[1]);
	paper.cairo_scale(pen->cr, scale, scale);
	paper.cairo_rectangle(pen->cr, 0, 0, scene->width, scene->height);
	paper.cairo_clip(pen->cr);
	for (const struct study_shape *s = scene->shapes; s; s = s->next)
		shape(pen, s);
	paper.cairo_restore(pen->cr);
}
