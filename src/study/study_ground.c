/* The ground of a study's maps. */
#include "study/study_ground.h"

#include <math.h>

#include "view/view_text.h"

void
study_ground_fit(struct study_ground *g, const double across[2], const double up[2],
		 double tall_most)
{
	struct view_reach_paper p = {.middle = g->paper.middle,
				     .west = across[0],
				     .east = across[1],
				     .south = fmax(-85, up[0]),
				     .north = fmin(85, up[1])};
	double squeeze = fmax(0.1, cos((p.south + p.north) / 2 * M_PI / 180));
	p.scale_x = g->width / (p.east - p.west);
	p.scale_y = p.scale_x / squeeze;
	g->height = (p.north - p.south) * p.scale_y;
	if (g->height > tall_most) {
		double grow = g->height / tall_most, half = (p.east - p.west) * (grow - 1) / 2;
		p.west -= half;
		p.east += half;
		p.scale_x /= grow;
		p.scale_y /= grow;
		g->height = tall_most;
	}
	g->paper = p;
}

const char *
study_ground_path(struct study_ground *g, struct buf *path)
{
	const char *kept = path->length && !path->failed
				   ? arena_copy(g->m->document->arena, path->data, path->length)
				   : NULL;
	buf_fini(path);
	return kept;
}

void
study_ground_land(struct study_ground *g)
{
	struct buf path = {0};
	study_scene_box(g->scene, (const double[]){0, 0, g->width, g->height}, STUDY_SEA, NULL);
	view_reach_land(&path, &g->paper, g->m->wish->land, g->m->wish->land_length);
	const char *kept = study_ground_path(g, &path);
	if (kept)
		(void)study_scene_add(g->scene, &(struct study_shape){.kind = STUDY_PATH,
								      .path = kept,
								      .fill = STUDY_LAND,
								      .stroke = 0xc9c6ba,
								      .line = 0.5});
}

static bool
is_free(const struct study_ground *g, const struct study_label *l)
{
	if (l->x < 2 || l->x + l->width > g->width - 2 || l->y < 2 || l->y + l->height > g->height)
		return false;
	for (size_t i = 0; i < g->label_count; i++) {
		const struct study_label *o = &g->labels[i];
		if (l->x < o->x + o->width && o->x < l->x + l->width && l->y < o->y + o->height &&
		    o->y < l->y + l->height)
			return false;
	}
	return g->label_count < STUDY_NAMES_MAX;
}

void
study_ground_name(struct study_ground *g, double longitude, double latitude,
		  const struct study_shape *like)
{
	double x = view_reach_x(&g->paper, longitude), y = view_reach_y(&g->paper, latitude);
	/* One beyond the edge would only be named there, and so would all the others. */
	if (x < 0 || x > g->width || y < 0 || y > g->height)
		return;
	double size = like->size, wide = (double)view_width(like->text) * size * 0.58;
	const struct study_label tries[] = {{x + 6, y - size / 2, wide, size},
					    {x - 6 - wide, y - size / 2, wide, size},
					    {x - wide / 2, y - size - 6, wide, size},
					    {x - wide / 2, y + 6, wide, size}};
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		if (!is_free(g, &tries[i]))
			continue;
		g->labels[g->label_count++] = tries[i];
		struct study_shape words = *like;
		words.kind = STUDY_WORDS;
		words.x = tries[i].x;
		words.y = tries[i].y + size * 0.85;
		words.fill = STUDY_INK;
		words.stroke = STUDY_WHITE;
		words.line = 2.4;
		(void)study_scene_add(g->scene, &words);
		return;
	}
}
