/* What the watch is made of; for the files watch*.c alone. */
#pragma once

#include "meter/watch.h"

/* What a destination is used to, beside its cell. */
struct watch_habit {
	uint64_t bps, pps;               /* usually */
	uint64_t now_bps, now_pps;       /* in the last window */
	uint64_t limit_bps, limit_pps;   /* that it is above, while `alarm` */
	int64_t over_since, below_since; /* 0: it is not */
	unsigned samples, sources;       /* of the last window */
	bool alarm;                      /* one is on */
	bool unlisted;                   /* there was no room for it in the book, as was counted */
};

struct watch_table {
	struct watch_hitters hitters;
	struct watch_habit *habits; /* by place */
};

/* The addresses of a network in the last window, and how much more than usual they have. */
struct watch_inside {
	uint32_t over;               /* addresses that are above their limits */
	uint64_t over_bps, over_pps; /* those together */
	uint64_t most_bps, most_pps; /* that any one address has */
};

/* A port over the bins. */
struct watch_past {
	char *id; /* owned */
	/* Bins in a row above the warning, above the alarm, and below the end of either. */
	uint32_t over[2], under;
	uint32_t silent;           /* bins in a row, either way */
	uint64_t usual[2];         /* in, out: bit/s; by counters or flows as `by_counters` */
	uint64_t usual_samples[2]; /* in a bin */
	uint32_t bins;             /* that `usual` rests on */
	bool by_counters;
	struct utc_s session_since; /* a session on it is up; 0: none */
};

struct watch_pasts {
	struct watch_past *list;
	size_t count, room;
	uint32_t *slots; /* by hash of the id: index + 1; 0: free */
	size_t slot_count;
};

struct watch {
	const struct hub *hub;       /* not owned */
	const struct roster *roster; /* not owned */
	struct watch_alarms alarms;
	struct watch_table addresses, networks;
	struct watch_inside inside[WATCH_NETWORKS]; /* by place in `networks` */
	struct utc_s window, started, learns_until;
	double learnt_s; /* of the windows that said something, since the start */
	uint64_t looked; /* in this window */
	uint32_t every;
	struct watch_talker talkers[WATCH_TALKERS];
	size_t talker_count;
	struct watch_proposal proposals[WATCH_PROPOSALS_MAX];
	size_t proposal_count;
	uint32_t last_proposal;
	struct watch_pasts ports;
	struct utc_s sessions_at; /* 0: not known */
};

/* --- watch_past.c --- */
/* The one of this id, made if there is none; NULL without memory. */
struct watch_past *watch_past_of(struct watch_pasts *pasts, const char *id);
void watch_pasts_fini(struct watch_pasts *pasts);

/* --- watch_rise.c --- */
int watch_rise_init(struct watch *w, uint64_t seed);
void watch_rise_fini(struct watch *w);

/* --- watch_propose.c --- */
/* Proposes a blackhole for an alarm; NULL when there is no room for more. */
struct watch_proposal *watch_propose(struct watch *w, const struct watch_proposal *as);
/* The rise that it was proposed for is over. */
void watch_propose_lapse(struct watch *w, uint32_t alarm, struct utc_s now);

/* --- watch.c --- */
/* The member that has a port by the roster's number, or NULL. */
const struct hub_member *watch_member_of(const struct watch *w, uint32_t port);
