/* Numbers that look random and are the same in every run: the lab plays the same play each time. */
#pragma once

#include <stdint.h>

#include "base/hash.h"

struct lab_random {
	uint64_t state;
};

static inline uint64_t
lab_random_next(struct lab_random *r)
{
	r->state += 0x9e3779b97f4a7c15u;
	return hash_u64(r->state);
}

/* 0 to `below` - 1. */
static inline uint32_t
lab_random_below(struct lab_random *r, uint32_t below)
{
	return (uint32_t)(((lab_random_next(r) >> 32) * below) >> 32);
}

/* [0, 1). */
static inline double
lab_random_unit(struct lab_random *r)
{
	return (double)(lab_random_next(r) >> 11) * 0x1p-53;
}

/* [0, 1), always the same for the same two numbers. */
static inline double
lab_random_of(uint64_t a, uint64_t b)
{
	return (double)(hash_u64(hash_u64(a) ^ (b + 0x9e3779b97f4a7c15u)) >> 11) * 0x1p-53;
}
