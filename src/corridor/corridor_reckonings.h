/* Sums of money in other worlds than that which was told: what a passage is worth, what all demands
 * bring, what a set of candidates is worth. Each is a corridor_reckon with its context. */
#pragma once

#include "corridor/corridor_next.h"
#include "corridor/corridor_sensitivity.h"
#include "corridor/corridor_worth.h"

/* --- corridor_reckon_worth.c --- */
struct corridor_reckon_worth;

/* What passing `us` is worth, as corridor_worth_of has it: in every world demands look for the
 * cheapest way with us and the cheapest without, save those that are bound, which stay on theirs.
 * All that is handed in outlives it. NULL without memory. */
struct corridor_reckon_worth *corridor_reckon_worth_new(const struct corridor_worth_ask *ask,
							const struct corridor_us *us);
void corridor_reckon_worth_free(struct corridor_reckon_worth *reckoning);
/* The number is then what must be carried, in Gbit/s, to earn this sum at the mean ceiling of the
 * world; INFINITY where nothing may be asked. */
void corridor_reckon_worth_target(struct corridor_reckon_worth *reckoning, double usd_a_year);
/* US dollars a year. */
corridor_reckon corridor_reckon_tolls;

/* --- corridor_reckon_laid.c --- */
struct corridor_reckon_laid;

/* What all demands bring in a year: laid once as told (corridor_revenue_of), they stay on their ways;
 * what a world asks beyond the capacity of a segment on the way is not sold. NULL and errno, as
 * corridor_flow_new and corridor_flow_solve. */
struct corridor_reckon_laid *corridor_reckon_revenue_new(const struct corridor_flow_ask *ask);
/* The net present value of a set of candidates, as corridor_next_weigh has it, with demands laid once
 * in the same way. */
struct corridor_reckon_laid *corridor_reckon_npv_new(struct corridor_next *next,
						     const uint32_t *set, size_t count);
void corridor_reckon_laid_free(struct corridor_reckon_laid *reckoning);
/* Of each segment: does anything run on it? Those whose capacities count. */
const bool *corridor_reckon_laid_used(const struct corridor_reckon_laid *reckoning);
/* US dollars a year; US dollars. */
corridor_reckon corridor_reckon_revenue, corridor_reckon_npv;
