/* A study as one page: no script, nothing from outside, pictures within; prints on A4. */
#pragma once

#include "base/buf.h"
#include "study/study_document.h"

void study_html(struct buf *out, const struct study_document *document);
