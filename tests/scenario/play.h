/* Playing scenarios. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Plays the file and reports as TAP; false if anything in it was not as expected. `seed` 0: octets arrive whole and
 * each expectation is a line; else in pieces, and all of it is one line, but for what fails. */
bool scenario_play(const char *path, uint64_t seed);
/* Prints the plan; the value for main to return. */
int scenario_done(void);
