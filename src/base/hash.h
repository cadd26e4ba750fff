/* Hashing, by xxHash (XXH3, 64 bits). For tables and checksums, not for secrets. */
#pragma once

#include <stddef.h>
#include <stdint.h>

uint64_t hash_bytes(const void *bytes, size_t length);

/* Spreads one integer over 64 bits (the finaliser of splitmix64). */
static inline uint64_t
hash_u64(uint64_t x)
{
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9u;
	x ^= x >> 27;
	x *= 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

/* The same with half the work, for tables on the hot path; its low 32 bits are spread well. */
static inline uint64_t
hash_key(uint64_t x)
{
	x ^= x >> 32;
	x *= 0x9e3779b97f4a7c15u;
	return x ^ x >> 32;
}
