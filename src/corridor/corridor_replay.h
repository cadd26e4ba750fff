/* What did happen, played again on the plan of its day: what the model says of it beside what was
 * told. Demands are those of the hub file, taken back to that day by their growth. */
#pragma once

#include "corridor/corridor_plans.h"
#include "corridor/corridor_whatif.h"

/* Why the model and what was told may differ; a set. */
enum corridor_replay_doubt {
	CORRIDOR_REPLAY_NOTHING = 1 << 0, /* nothing of what was cut is in the data */
	CORRIDOR_REPLAY_NO_DAY = 1 << 1,  /* played as of today */
	CORRIDOR_REPLAY_ABSENT = 1 << 2,  /* by the data, none of it carried traffic that day */
	CORRIDOR_REPLAY_UNUSED = 1 << 3,  /* no demand of the hub file went over it */
	CORRIDOR_REPLAY_AT_ONCE = 1 << 4, /* the model moves at once what had other ways */
	CORRIDOR_REPLAY_OTHERS = 1 << 5,  /* told of traffic that is no demand of the hub file */
	CORRIDOR_REPLAY_ABROAD = 1 << 6,  /* a country failed in which no demand begins or ends */
	CORRIDOR_REPLAY_UNDATED = 1 << 7, /* more was lost: the ways left may have come later */
};

struct corridor_replay {
	const struct hub_incident *incident;
	uint32_t named;                    /* segments that it names, by themselves and by groups */
	uint32_t closed;                   /* that carried traffic on that day */
	uint64_t carried_bps;              /* what went over them, and so stopped */
	uint64_t concerned_bps;            /* all that is served of the demands concerned */
	struct corridor_consequence after; /* when all is moved that has another way */
	unsigned doubts;
};

/* Plays incident number `index` of the hub. 0, or -1 without memory. */
int corridor_replay(struct corridor_replay *out, struct corridor_plans *plans, size_t index);

/* One doubt in words. */
const char *corridor_replay_why(enum corridor_replay_doubt doubt);
