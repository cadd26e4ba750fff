/* The ground of a study's maps: the part of the globe on the paper, land, names that do not overlap. */
#pragma once

#include "study/study_parts.h"
#include "view/view_land.h"

enum { STUDY_NAMES_MAX = 60 };

struct study_ground {
	struct study_maker *m;
	struct study_scene *scene;
	struct view_reach_paper paper;
	double width, height; /* of the map, pixels; what is below it is the caller's */
	struct study_label {
		double x, y, width, height;
	} labels[STUDY_NAMES_MAX];
	size_t label_count;
};

/* Lays out the paper: `width` and paper.middle are set, the ends are degrees, those across from the
 * middle. One that would be taller than `tall_most` shows more at its sides. */
void study_ground_fit(struct study_ground *ground, const double across[2], const double up[2],
		      double tall_most);
/* Sea and land, in the scene. */
void study_ground_land(struct study_ground *ground);
/* A copy of what was written in the study's arena, and ends `path`; NULL: it is empty. */
const char *study_ground_path(struct study_ground *ground, struct buf *path);
/* Beside a place at the right, the left, above or below; not at all where there is no room. `like` has
 * its text, size and whether it is bold. */
void study_ground_name(struct study_ground *ground, double longitude, double latitude,
		       const struct study_shape *like);
