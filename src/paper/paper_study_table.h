/* A table of a study on paper: as many pages as it takes, its head on each. */
#pragma once

#include "paper/paper_pen.h"
#include "study/study_document.h"

void paper_study_table(struct paper_pen *pen, const struct study_table *table);
/* What it takes at once, points: where there is less room it begins on the next page. */
double paper_study_table_least(struct paper_pen *pen, const struct study_table *table);

/* Its caption, at pen->y; `goes_on` on a page after the first. */
void paper_study_caption(struct paper_pen *pen, const struct study_table *table, bool goes_on);
/* The note below it, if it has one. */
void paper_study_note(struct paper_pen *pen, const struct study_table *table);
