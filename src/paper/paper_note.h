/* From a credit note of the journal (ledger document, docs/api.md) to what is printed. */
#pragma once

#include "base/arena.h"
#include "base/json_read.h"
#include "paper/paper_document.h"

/* `parties` is {"hub":..., "member":...} as in a bill: the journal's note names them by number only.
 * NULL: it is no credit note, or there is no memory. */
struct paper_document *paper_note_make(struct arena *arena, const struct json_value *note,
				       const struct json_value *parties);
/* Whose it is, an AS number; NULL: it is no credit note. */
const char *paper_note_holder(const struct json_value *note);
