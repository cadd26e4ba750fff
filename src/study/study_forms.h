/* A study for machines and for a terminal. */
#pragma once

#include "base/buf.h"
#include "study/study_document.h"

/* All of it: {"title", "hub", "date", "facts", "sections": [{"id", "title", "blocks"}]}; tables with
 * numbers as numbers. */
void study_json(struct buf *out, const struct study_document *document);
/* One table (RFC 4180): a number with a range takes three columns. */
void study_csv(struct buf *out, const struct study_table *table);
/* The summary, and which tables and figures there are. */
void study_summary(struct buf *out, const struct study_document *document);
