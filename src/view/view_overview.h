/* The overview as a terminal shows it: the same numbers, incidents and segments as the page. */
#pragma once

#include "base/buf.h"
#include "base/json_read.h"

/* Appends the text of `overview`, the joined answer of docs/api.md as read. What is null there is
 * said to be not known. Pure. */
void view_overview_text(struct buf *out, const struct json_value *overview);
