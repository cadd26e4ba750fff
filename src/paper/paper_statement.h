/* From a party's statement of a settlement (ledger document ID PARTY, docs/api.md) to what is
 * printed. */
#pragma once

#include "base/arena.h"
#include "base/json_read.h"
#include "paper/paper_document.h"

/* Whether the JSON is of a statement of settlement. */
bool paper_statement_is(const struct json_value *statement);
/* `parties` is {"hub":...} as in a bill, for the letterhead. NULL: it is no statement, or there is
 * no memory. */
struct paper_document *paper_statement_make(struct arena *arena, const struct json_value *statement,
					    const struct json_value *parties);
