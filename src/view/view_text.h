/* Text in columns of a terminal, and fields of CSV: for every room's tables. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum { VIEW_COLUMNS = 80, VIEW_RATE_TEXT = 24 };

/* Writes `text` in exactly `width` columns: cut with an ellipsis, or padded. A negative width
 * aligns to the right. Columns are those of a terminal: Chinese characters take two. */
void view_cell(struct buf *out, const char *text, int width);
/* Ends a line made of cells: no blanks before the newline. */
void view_end_line(struct buf *out);
/* Columns that `text` takes. */
size_t view_width(const char *text);
/* Writes `text` and a newline, broken at spaces so that no line passes 80 columns. `column` is
 * where the first line starts, `indent` what later ones are moved in by. */
void view_wrapped(struct buf *out, const char *text, size_t column, size_t indent);
/* "label       text", wrapped at 80 columns under itself; nothing when `text` is NULL or empty. */
void view_field(struct buf *out, const char *label, const char *text);
/* A field of CSV (RFC 4180) that is a text: quoted when it has to be; one that a spreadsheet would
 * compute gets an apostrophe in front. */
void view_csv_field(struct buf *out, const char *text);
/* "412 Gbit/s", "1.98 Tbit/s"; returns `out`. */
char *view_rate(char out[VIEW_RATE_TEXT], uint64_t bps);
/* "812 B", "1.98 MB", powers of 1000; returns `out`. */
char *view_octets(char out[VIEW_RATE_TEXT], uint64_t octets);
