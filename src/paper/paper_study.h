/* A study as PDF: A4, fonts embedded, contents with page numbers and links, an outline. */
#pragma once

#include "paper/paper_draw.h"
#include "study/study_document.h"

/* Appends it; as paper_draw. */
int paper_study(struct buf *out, const struct study_document *study, struct paper_result *result);
