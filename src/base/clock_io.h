/* The clocks of the machine. */
#pragma once

#include "base/clock.h"

struct mono_us clock_mono(void);
struct utc_s clock_utc(void);
/* Microseconds of UTC since 1970, for what is told to other processes. */
uint64_t clock_utc_us(void);
