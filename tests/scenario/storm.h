/* Lines made up from a seed. */
#pragma once

#include "scenario/scenario.h"

/* As the other steps: false if the line is no storm. */
bool storm_step(struct scenario *s);
