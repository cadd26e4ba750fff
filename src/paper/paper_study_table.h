/* A table of a study on paper: as many pages as it takes, its head on each. */
#pragma once

#include "paper/paper_pen.h"
#include "study/study_document.h"

void paper_study_table(struct paper_pen *pen, const struct study_table *table);
