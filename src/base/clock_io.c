/* The clocks of the machine. */
#include "base/clock_io.h"

#include <time.h>

struct mono_us
clock_mono(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (struct mono_us){(int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000};
}

struct utc_s
clock_utc(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (struct utc_s){t.tv_sec};
}

uint64_t
clock_utc_us(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}
