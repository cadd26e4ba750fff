/* What everybody should hold, worked out from what members said, by other means than the hub's. */
#pragma once

#include "scenario/scenario.h"

/* True if every member that reads holds exactly what it should; else says in `wrong` what is not so. Members must
 * have said nothing but announcements and withdrawals of the kind that storms make. */
bool reference_check(const struct scenario *s, char *wrong, size_t size);
