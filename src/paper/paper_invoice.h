/* From the JSON of a bill (docs/api.md) to what is printed: the only file that knows both. */
#pragma once

#include "base/arena.h"
#include "base/json_read.h"
#include "paper/paper_document.h"

/* The bill is read leniently: what is not there is not printed. The document lives as long as the
 * arena and the octets that the JSON was read from. NULL: it is no bill, or there is no memory. */
struct paper_document *paper_invoice_make(struct arena *arena, const struct json_value *bill);
