/* A picture of a study on paper. */
#pragma once

#include "paper/paper_pen.h"
#include "study/study_scene.h"

/* Height that it takes when it is `width` wide, in points. */
double paper_scene_height(const struct study_scene *scene, double width);
/* Draws it with its upper left corner at x, y; what lies outside of it is cut off. */
void paper_scene(struct paper_pen *pen, const struct study_scene *scene, const double corner[2],
		 double width);
