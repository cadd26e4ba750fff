/* The clocks of the machine. */
#pragma once

#include "base/clock.h"

struct mono_us clock_mono(void);
struct utc_s clock_utc(void);
