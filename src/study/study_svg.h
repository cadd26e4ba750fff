/* A picture as SVG 1.1, for a file of its own or within a page. */
#pragma once

#include "base/buf.h"
#include "study/study_scene.h"

/* Appends it. `title` and `alt` are told to who cannot see it; `id` makes their names unique within
 * a page. */
void study_svg(struct buf *out, const struct study_scene *scene, const char *id, const char *title);
