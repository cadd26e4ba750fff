/* What steering holds, choice by choice: tests look at it from inside. */
#pragma once

#include "corridor/corridor_steer_parts.h"

/* A choice as it is held. */
struct steer_held {
	uint64_t cost; /* nanoseconds, as told; CORRIDOR_CLOSED: no way */
	bool full, drained;
	const uint32_t *steps; /* segments, from the ingress on */
	size_t step_count;
};

static inline struct steer_held
steer_held(const struct corridor_steer *steer, size_t ingress, size_t exit)
{
	const struct choice *choice = &steer->choices[ingress * steer->setting.exit_count + exit];
	if (!choice->known || choice->cost == CORRIDOR_CLOSED)
		return (struct steer_held){.cost = CORRIDOR_CLOSED};
	return (struct steer_held){
		.cost = choice->cost,
		.full = choice->cost % STEER_COST_DRAINED >= STEER_COST_FULL,
		.drained = choice->cost >= STEER_COST_DRAINED,
		.steps = choice->steps,
		.step_count = choice->step_count,
	};
}
