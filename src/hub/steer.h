/* The corridor's plan for the exchange: from each place where traffic comes in, the exits in the order in
 * which they are to be taken. A plain value with an encoding; it names sites by their ids and exits by the
 * ids of their sessions, so that it still means the same when the hub file has changed in between.
 *
 *   corridor --encode--> run/steer.plan (replaced by rename, never half written)
 *            \-> "steer take" on the control socket --> exchange --decode--> views of the ingresses
 *
 * The request carries nothing; without it the exchange looks at the file every second. `number` rises with every
 * plan, also over restarts of the corridor. A plan that says the same as the one before but for number, times
 * and words (steer_same) only renews it: no route moves.
 *
 * The dead man's switch: behind `good_until` the plan is not to be gone by, whoever holds it; plain BGP
 * remains. Who makes plans renews it well before, and only as long as it knows what it says to be true. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/cursor.h"
#include "base/ip.h"

#define STEER_FILE "steer.plan" /* below run/ of the data directory */

enum {
	STEER_SITES_MAX = 8192,
	STEER_SEGMENTS_MAX = 32768,
	STEER_EXITS_MAX = 4096,
	STEER_INGRESSES_MAX = 16384,
	STEER_CHOICES_MAX = 1 << 21, /* about 58 MB of a file */
	STEER_STEPS_MAX = 1 << 22,   /* segments of all ways that differ; */
	STEER_OCTETS_MAX = 96 << 20, /* of all of it */
	STEER_TEXT_MAX = 255,        /* octets of an id, and of `why` */
};

/* Of a choice, bits. */
enum steer_flag {
	STEER_CLOSED = 1, /* no way there keeps the ingress's conditions: not to be taken at all */
	STEER_BACKUP = 2, /* shares no risk group with the first choice */
	STEER_FULL = 4,   /* no room is left on its way: the metric says so already */
	STEER_ESTIMATED = 8, /* some of the numbers rest on estimates */
};

/* A session over which traffic leaves. */
struct steer_exit {
	const char *session; /* hub_session.id */
	uint32_t site;       /* index into sites: where it leaves */
};

/* An exit as an ingress sees it. */
struct steer_choice {
	uint32_t exit;       /* index into exits */
	uint32_t metric;     /* the lower the better: what the order is by, stands for the cost of
				the interior (RFC 9107) and is told as MED; the same unit in a plan */
	uint32_t latency_us; /* one way, along the fibre */
	uint64_t price;      /* micro US dollars for a Mbit/s and month */
	uint8_t flags;       /* enum steer_flag */
	uint32_t first_step, step_count; /* its way: in steps; none: the ingress is there already,
					    or it is closed */
};

/* Where traffic comes in: all members at a site, or one with conditions of its own. */
struct steer_ingress {
	uint32_t site;                       /* index into sites */
	struct asn member;                   /* 0: all others there */
	uint32_t first_choice, choice_count; /* in choices */
};

/* Arrays are in no particular order but for these:
 *   ingresses  by site, then member, each once;
 *   choices    of an ingress stand together, those of all ingresses in the order of ingresses: open ones
 *              first, by metric; each exit at most once. An exit that is not named is as closed;
 *   steps      those of each choice together, from the ingress to the exit. They follow each other likewise, but a way
 *              that is among those before it is not there again: many members go the same way. */
struct steer_plan {
	uint64_t number; /* not 0 */
	/* Microseconds of UTC: when what it answers happened, and when it was made. */
	uint64_t event_us, made_us;
	struct utc_s good_until;
	const char *why; /* the event in words: "segment C07 cut" */
	const char **sites;
	size_t site_count;
	const char **segments;
	size_t segment_count;
	struct steer_exit *exits;
	size_t exit_count;
	struct steer_ingress *ingresses;
	size_t ingress_count;
	struct steer_choice *choices;
	size_t choice_count;
	uint32_t *steps; /* index into segments */
	size_t step_count;
};

/* NULL when the plan keeps to all that is said above; else what is wrong with it: static text. */
const char *steer_check(const struct steer_plan *plan);

/* Appends the plan's bytes. It must pass steer_check. */
void steer_encode(const struct steer_plan *plan, struct buf *out);
/* Reads it back; arrays and texts belong to `arena`. 0; or -1 and in *error why: static text. Then nothing
 * is written to `out`. */
int steer_decode(struct steer_plan *out, struct arena *arena, struct cursor bytes,
		 const char **error);

/* Do both put the same exits in the same order, at the same cost, over the same segments? Numbers, times and
 * words do not count. */
bool steer_same(const struct steer_plan *a, const struct steer_plan *b);

/* Are two ingresses of a plan told the same: exits, their order, costs and ways? */
bool steer_ingress_same(const struct steer_plan *plan, const struct steer_ingress *a,
			const struct steer_ingress *b);

/* --- looking up: none of it takes longer than a binary search --- */

/* Index into sites, or UINT32_MAX: one comparison a site. */
uint32_t steer_site(const struct steer_plan *plan, const char *id);
/* The ingress of a member at a site: its own, else that of all others there; NULL: the plan knows of
 * neither. */
const struct steer_ingress *steer_ingress_of(const struct steer_plan *plan, uint32_t site,
					     struct asn member);
/* Its choice of that exit, or NULL: a comparison for each. */
const struct steer_choice *steer_choice_of(const struct steer_plan *plan,
					   const struct steer_ingress *ingress, uint32_t exit);
