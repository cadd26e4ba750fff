/* A dense table of a study on paper (study_document.h): in two columns of the page. */
#pragma once

#include <stdbool.h>

#include "paper/paper_pen.h"
#include "study/study_document.h"

/* False: there is no memory, and nothing was drawn. */
bool paper_study_dense(struct paper_pen *pen, const struct study_table *table);
