/* Joining the metrics of the rooms into one page for Prometheus. */
#pragma once

#include <stddef.h>

#include "base/buf.h"

/* Appends the texts of `count` rooms to *out, one after another, in the text format 0.0.4: lines of
 * the same family come together, and its HELP and TYPE once, as the format demands, even if several
 * rooms have it. Lines that are not metrics are left out. -1 if there is no memory. */
int web_metrics_join(struct buf *out, const struct buf *texts, size_t count);
