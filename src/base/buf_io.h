/* Putting a buffer's contents into a stream. */
#pragma once

#include <stdio.h>

#include "base/buf.h"

/* Writes all of it, which may be nothing; failures stay in the stream (ferror). */
void buf_write(const struct buf *b, FILE *to);
