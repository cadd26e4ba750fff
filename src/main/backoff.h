/* When a room that died is started again. */
#pragma once

#include <stdint.h>

enum { BACKOFF_FORGET_S = 60 }; /* a room that ran so long has proved itself */

/* Milliseconds to wait before start number `deaths` (1: it died for the first time): at once, then
 * longer and longer up to 30 s, so that a room that cannot live costs nothing. */
int64_t backoff_ms(unsigned deaths);
