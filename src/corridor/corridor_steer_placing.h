/* A placing that is being worked out; used by corridor_steer_place.c and corridor_steer_mend.c only. */
#pragma once

#include "corridor/corridor_steer_parts.h"

/* One that moves, and what it costs more there, to be sorted. */
struct mover {
	uint64_t detour;
	uint32_t turn, ingress;
};

struct placing {
	struct corridor_steer *steer;
	const struct corridor_steer_event *event;
	struct arena *arena;
	bool *may_move;
	struct steer_way *held;     /* first ways, as they are held */
	struct steer_way *before;   /* room for a copy of wishes */
	struct steer_way *wishes;   /* and as they are to be, and laid; exit HUB_NONE: as held */
	unsigned __int128 over_bps; /* as in struct score, of what is laid */
	struct mover *movers;
	size_t mover_count;
};

/* By how much more than its limit is on a stretch. */
static inline uint64_t
steer_over_by(const struct corridor_steer *steer, size_t stretch)
{
	uint64_t laid = steer->laid_bps[stretch], limit = steer->limit_bps[stretch];
	return laid > limit ? laid - limit : 0;
}

/* The part of a rate of which less is no change. */
static inline double
steer_part_of_margin(const struct placing *p)
{
	return p->steer->setting.margin_percent / 100.0;
}

/* Where an ingress is laid now. */
static inline const struct steer_way *
steer_laid_way(const struct placing *p, size_t ingress)
{
	return p->wishes[ingress].exit == HUB_NONE ? &p->held[ingress] : &p->wishes[ingress];
}

/* By how much the stretches of a way are over their limits, all together. */
unsigned __int128 steer_over_along(const struct corridor_steer *steer, const struct steer_way *way);
bool steer_runs_over_full(const struct placing *p, size_t ingress);
/* Lays an ingress on another way; the one that it holds is no wish. */
void steer_relay(struct placing *p, size_t ingress, const struct steer_way *to);

/* Everybody that may move goes where all together are better off. False without memory. */
bool steer_mend(struct placing *p);
