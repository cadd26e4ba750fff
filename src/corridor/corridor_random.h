/* Chance that is the same on every machine and in whatever order it is asked for: a number follows
 * from a seed, a stream and a place in it, by Philox4x32 of ten rounds (Salmon and others, "Parallel
 * random numbers: as easy as 1, 2, 3", 2011). */
#pragma once

#include <stdint.h>

/* 128 bits of chance. */
void corridor_random_block(uint32_t out[4], uint64_t seed, uint64_t stream, uint64_t place);
/* Above 0, below 1, 53 bits. */
double corridor_random(uint64_t seed, uint64_t stream, uint64_t place);
