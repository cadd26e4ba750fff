/* Chance from a counter. */
#include "corridor/corridor_random.h"

#include <string.h>

enum { ROUNDS = 10 };

void
corridor_random_block(uint32_t out[4], uint64_t seed, uint64_t stream, uint64_t place)
{
	uint32_t x[4] = {(uint32_t)place, (uint32_t)(place >> 32), (uint32_t)stream,
			 (uint32_t)(stream >> 32)};
	uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
	for (int i = 0; i < ROUNDS; i++) {
		uint64_t a = (uint64_t)0xd2511f53u * x[0], b = (uint64_t)0xcd9e8d57u * x[2];
		uint32_t next[4] = {(uint32_t)(b >> 32) ^ x[1] ^ key[0], (uint32_t)b,
				    (uint32_t)(a >> 32) ^ x[3] ^ key[1], (uint32_t)a};
		memcpy(x, next, sizeof(x));
		key[0] += 0x9e3779b9u;
		key[1] += 0xbb67ae85u;
	}
	memcpy(out, x, sizeof(x));
}

double
corridor_random(uint64_t seed, uint64_t stream, uint64_t place)
{
	uint32_t x[4];
	corridor_random_block(x, seed, stream, place);
	uint64_t bits = ((uint64_t)x[1] << 32 | x[0]) >> 11;
	return ((double)bits + 0.5) * 0x1p-53;
}
