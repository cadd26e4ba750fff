/* What `corridor reach` is asked: pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "hub/hub.h"

enum { REACH_LIST_MAX = 30, REACH_COSTS_MAX = 32, REACH_TERRAIN = 41, REACH_COST_TEXT = 80 };

enum reach_path {
	REACH_TOWERS,
	REACH_FIBRE,
	REACH_HUB,
	REACH_MAP,
	REACH_CURVE,
	REACH_PLAN,
	REACH_PATHS,
};

struct reach_request {
	const char *paths[REACH_PATHS];   /* the words'; NULL: not said */
	uint32_t targets[REACH_LIST_MAX]; /* hundredths of a percent */
	uint64_t budgets[REACH_LIST_MAX]; /* whole units */
	size_t target_count, budget_count;
	uint32_t years, first_year; /* 0: not said */
	int count;                  /* enum hub_reach_count; -1: not said */
	double stretch_max_km;      /* NAN: not said */
	struct hub_reach_cost costs[REACH_COSTS_MAX];
	char terrains[REACH_COSTS_MAX][REACH_TERRAIN];
	size_t cost_count;
	struct hub_reach_cost *merged; /* from malloc */
	char complaint[240];
};

/* Reads the words after `corridor reach`. 0, or -1 and r->complaint. */
int reach_request_parse(struct reach_request *r, const char *const *words, size_t count);
/* What a hub file wishes, with what was said in its place; it points into both. 0, or -1 and
 * r->complaint. */
int reach_request_apply(struct reach_request *r, const struct hub_reach *from,
			struct hub_reach *out);
void reach_request_fini(struct reach_request *r);
