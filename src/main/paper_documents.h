/* Which document of the journal is printed how. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "hub/hub.h"
#include "paper/paper_document.h"

/* What is to be printed, of a bill, a credit note, or a party's statement. `parties` is filled with what the document
 * points into, and lasts as long as it. NULL: it is none of these, or there is no memory. */
const struct paper_document *paper_document_of(struct arena *arena, const struct buf *json,
					       const struct hub *hub, struct buf *parties);
