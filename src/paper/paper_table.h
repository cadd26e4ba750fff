/* The charges of a document: a table that goes on over pages, each with its head, and the sum that
 * is carried. Used inside paper only. */
#pragma once

#include "paper/paper_pen.h"

/* Draws it at pen->y, which moves behind it. */
void paper_table_draw(struct paper_pen *pen);
/* "-1 234 567.50" of "-1234567.50": spaces that do not break. At most `size` octets with the
 * zero; returns `out`. */
char *paper_grouped(char *out, size_t size, const char *number);
