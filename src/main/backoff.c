/* When a room that died is started again. */
#include "main/backoff.h"

int64_t
backoff_ms(unsigned deaths)
{
	static const int64_t steps_ms[] = {0, 100, 500, 1000, 2000, 5000, 10000, 30000};
	enum { LAST = sizeof(steps_ms) / sizeof(steps_ms[0]) - 1 };
	return steps_ms[deaths == 0 ? 0 : deaths - 1 < LAST ? deaths - 1 : LAST];
}
