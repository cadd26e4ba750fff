/* What did happen, played again on the plan of its day: what the model says of it beside what was
 * told. Demands are those of the hub file, taken back to that day by their growth. */
#pragma once

#include "corridor/corridor_plans.h"
#include "corridor/corridor_whatif.h"

/* Why the model says what it says. */
enum corridor_replay_why {
	CORRIDOR_REPLAY_NOTHING, /* nothing of what was cut is in the data */
	CORRIDOR_REPLAY_ABSENT,  /* by the data, none of it carried traffic that day */
	CORRIDOR_REPLAY_UNUSED,  /* no demand of the hub file went over it */
	CORRIDOR_REPLAY_GUARDED, /* a second way had it already */
	CORRIDOR_REPLAY_ROOM,    /* other ways had room for all of it */
	CORRIDOR_REPLAY_PARTED,  /* all that is lost has no way left */
	CORRIDOR_REPLAY_FULL,    /* all that is lost has ways, and no room on them */
	CORRIDOR_REPLAY_BOTH,    /* some has no way left, and for some there is no room */
};

/* Why the model and what was told may differ; a set. */
enum corridor_replay_doubt {
	CORRIDOR_REPLAY_NO_DAY = 1 << 1,  /* played as of today */
	CORRIDOR_REPLAY_AT_ONCE = 1 << 4, /* the model moves at once what had other ways */
	CORRIDOR_REPLAY_OTHERS = 1 << 5,  /* told of traffic that is no demand of the hub file */
	CORRIDOR_REPLAY_ABROAD = 1 << 6,  /* a country failed in which no demand begins or ends */
	CORRIDOR_REPLAY_UNDATED = 1 << 7, /* more was lost: the ways left may have come later */
	CORRIDOR_REPLAY_DOUBTS = 8,       /* bits */
};

/* What was told beside what the model says of the same. */
enum corridor_replay_verdict { CORRIDOR_REPLAY_HIT, CORRIDOR_REPLAY_MISS, CORRIDOR_REPLAY_NONE };

enum corridor_replay_because {
	CORRIDOR_REPLAY_BETWEEN,    /* hit: people need some time for what is moved */
	CORRIDOR_REPLAY_MORE_TOLD,  /* miss */
	CORRIDOR_REPLAY_LESS_TOLD,  /* miss */
	CORRIDOR_REPLAY_NOT_PLAYED, /* none: nothing stops, by `why` */
	CORRIDOR_REPLAY_NO_NUMBER,  /* none: nobody told how much was lost */
	CORRIDOR_REPLAY_NOT_OURS,   /* none: told of a country in which no demand begins or ends */
	CORRIDOR_REPLAY_ANYTHING,   /* none: by the model anything may be, all or nothing */
};

/* A part of what is lost, in percent, is one of those demands that begin or end in the country that failed,
 * or else of all between the same sites as those concerned. */
struct corridor_replay_compared {
	enum corridor_replay_verdict verdict;
	enum corridor_replay_because because;
	bool percent; /* else Gbit/s */
	bool country; /* percent of what begins or ends in the country that failed */
	/* What was told; and by the model, from what is lost for good at least to what stops at once
	 * at most. NAN: not comparable. */
	double told, low, high;
};

struct corridor_replay {
	const struct hub_incident *incident;
	uint32_t named;                    /* segments that it names, by themselves and by groups */
	uint32_t closed;                   /* that carried traffic on that day */
	uint64_t carried_bps;              /* what went over them, and so stopped */
	struct corridor_range carried;     /* the same in Gbit/s, with its bounds */
	uint64_t concerned_bps;            /* all that is served of the demands concerned */
	struct corridor_consequence after; /* when all is moved that has another way */
	enum corridor_replay_why why;
	unsigned doubts;
	struct corridor_replay_compared compared;
};

/* Plays incident number `index` of the hub. 0, or -1 without memory. */
int corridor_replay(struct corridor_replay *out, struct corridor_plans *plans, size_t index);

/* In words: "other ways had room for all of it". */
const char *corridor_replay_why_text(enum corridor_replay_why why);
const char *corridor_replay_doubt_text(enum corridor_replay_doubt doubt);
const char *corridor_replay_because_text(enum corridor_replay_because because);
/* "hit", "miss", "not comparable" */
const char *corridor_replay_verdict_word(enum corridor_replay_verdict verdict);
