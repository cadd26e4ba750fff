/* The parts of corridor_plan; used by its files only. */
#pragma once

#include "corridor/corridor_plan.h"

/* --- corridor_plan_classes.c --- */
/* Fills plan->classes[class] from the hub and the cables of the plan's segments. 0, or -1 without
 * memory. */
int corridor_plan_relate(struct corridor_plan *plan, enum corridor_class class);

/* --- corridor_plan_failures.c --- */
/* How often a segment fails by itself, and how long it takes. */
void corridor_plan_take_failures(struct corridor_segment *out, const struct hub *hub,
				 uint32_t segment);
/* Fills causes and the availabilities of a plan whose segments and classes are there. 0, or -1
 * without memory. */
int corridor_plan_take_causes(struct corridor_plan *plan);
