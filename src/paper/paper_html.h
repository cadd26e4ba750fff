/* A document as a page of its own, for screen and A4: what the PDF says, without script, and nothing from outside. Of
 * credit notes and statements; an invoice has a page with its curve (view_ledger_html). */
#pragma once

#include "base/buf.h"
#include "paper/paper_document.h"

void paper_html(struct buf *out, const struct paper_document *document);
