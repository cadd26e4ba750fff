/* Drawing a picture as SVG. */
#include "study/study_svg.h"

#include "view/view_html.h"

static void
colours(struct buf *out, const struct study_shape *s)
{
	if (s->fill == STUDY_NO_COLOUR)
		buf_str(out, " fill=\"none\"");
	else
		buf_printf(out, " fill=\"#%06x\"", (unsigned)s->fill);
	if (s->stroke != STUDY_NO_COLOUR)
		buf_printf(out, " stroke=\"#%06x\" stroke-width=\"%.2f\" stroke-linejoin=\"round\"",
			   (unsigned)s->stroke, s->line);
	if (s->dash > 0)
		buf_printf(out, " stroke-dasharray=\"%.1f %.1f\"", s->dash, s->dash);
	if (s->opacity > 0)
		buf_printf(out, " opacity=\"%.2f\"", s->opacity);
}

/* Ends the element, with what is told when it is pointed at. */
static void
end(struct buf *out, const struct study_shape *s, const char *name)
{
	if (!s->title) {
		buf_str(out, "/>\n");
		return;
	}
	buf_str(out, "><title>");
	view_html(out, s->title);
	buf_printf(out, "</title></%s>\n", name);
}

static void
words(struct buf *out, const struct study_shape *s)
{
	static const char *const anchors[] = {"start", "middle", "end"};
	buf_printf(out, "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%.1f\" text-anchor=\"%s\"%s", s->x,
		   s->y, s->size, anchors[s->anchor], s->bold ? " font-weight=\"600\"" : "");
	/* Letters over lines are read better with a rim. */
	if (s->stroke != STUDY_NO_COLOUR)
		buf_printf(out, " stroke=\"#%06x\" stroke-width=\"%.1f\" paint-order=\"stroke\"",
			   (unsigned)s->stroke, s->line);
	buf_printf(out, " fill=\"#%06x\">", (unsigned)s->fill);
	view_html(out, s->text);
	buf_str(out, "</text>\n");
}

static void
shape(struct buf *out, const struct study_shape *s)
{
	switch (s->kind) {
	case STUDY_PATH:
		buf_printf(out, "<path d=\"%s\"", s->path);
		colours(out, s);
		end(out, s, "path");
		return;
	case STUDY_CIRCLE:
		buf_printf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"", s->x, s->y,
			   s->radius);
		colours(out, s);
		end(out, s, "circle");
		return;
	case STUDY_BOX:
		buf_printf(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"", s->x,
			   s->y, s->width, s->height);
		colours(out, s);
		end(out, s, "rect");
		return;
	case STUDY_WORDS:
		words(out, s);
	}
}

void
study_svg(struct buf *out, const struct study_scene *scene, const char *id, const char *title)
{
	buf_printf(out,
		   "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" "
		   "role=\"img\" aria-labelledby=\"picture-%s-title\" font-family=\"'Noto Sans', "
		   "'DejaVu Sans', Arial, sans-serif\">\n<title id=\"picture-%s-title\">",
		   scene->width, scene->height, id, id);
	view_html(out, title);
	buf_str(out, "</title>\n");
	for (const struct study_shape *s = scene->shapes; s; s = s->next)
		shape(out, s);
	buf_str(out, "</svg>\n");
}
