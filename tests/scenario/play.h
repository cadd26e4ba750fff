/* Playing scenarios. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Plays the file and reports as TAP. `seed` 0: octets arrive whole and each expectation is a line; else in pieces, and
 * all of it is one line, but for what fails. True if playing it again in (other) pieces may show something: all was as
 * expected, and octets went between hub and members. */
bool scenario_play(const char *path, uint64_t seed);
/* Plays a storm of so many lines among so many members (storm.h), and nothing else. True: all was as expected. */
bool scenario_play_storm(uint64_t seed, unsigned members, unsigned lines, uint64_t pieces);
/* Prints the plan; the value for main to return. */
int scenario_done(void);
