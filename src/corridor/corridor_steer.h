/* From each place where traffic comes in, the exits in the order in which they are to be taken, the way to
 * each and what it costs: by the plan, the live state of segments, what they carry, and what each member wants.
 *
 *   setting (plan, exits, ingresses, policies)
 *      └─► corridor_steer_new ─► corridor_steer_run(live, load, now) ... ─► corridor_steer_plan
 *                                                                             └─► struct steer_plan
 *
 * What is held is held choice by choice: an exit as an ingress sees it. A choice whose way is cut, or becomes
 * drained or full where there is better, is changed at once; for the better it changes only by more than a
 * margin, after a while, and within a budget (corridor_damping.h). A closed one opens without the while, and
 * where an ingress has no upstream left without the budget too. What no event touches does not move, so
 * only routes that must move are moved. The order of exits is that of what is held.
 *
 * When then a segment or an exit is over its limit, all are placed together (corridor_steer_place.c).
 *
 * A cost is in nanoseconds: light along the way, and what price and load are worth by the policy. Full and
 * drained segments cost so much more that they are used only where there is no other way. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/ip.h"
#include "corridor/corridor_damping.h"
#include "corridor/corridor_plan.h"
#include "corridor/corridor_state.h"
#include "hub/steer.h"

/* What is good for who comes in. */
struct corridor_steer_policy {
	const struct corridor_conditions *conditions; /* what ways may not use; NULL: none */
	uint32_t latency_percent; /* what a nanosecond costs, in hundredths of one; not 0 */
	uint32_t price_us;        /* microseconds that a US dollar per Mbit/s and month is worth */
	uint32_t load_us;       /* that a segment at its limit is worth; nothing up to half of it */
	uint32_t limit_percent; /* of what is lit (else designed): no more is laid on it */
	/* The ways to all exits but the first share no risk with its way, where there are such. */
	bool diverse;
};

struct corridor_steer_exit {
	const char *session; /* its id */
	uint32_t site;
	struct asn member; /* whose it is: traffic does not go back to whom it comes from */
	bool everywhere;   /* an upstream: over it all is reached, so what an ingress brings is laid
			      on the way to the first of these */
	uint32_t port;     /* exits on the same one share what it carries */
	uint64_t capacity_bps; /* of the port; 0: not known, and never full */
	/* What whoever it leads to avoids: ways to it keep to that too, whoever comes in. NULL: nothing. */
	const struct corridor_conditions *conditions;
};

/* What is done when one ingress after the other has taken what is best for it, and some segment or exit is over
 * its limit all the same. */
enum corridor_steer_place {
	CORRIDOR_STEER_GREEDY, /* nothing */
	/* All are placed together, by flow: so that all find room, at the least cost; where they cannot,
	 * the least served gets as much as can be. */
	CORRIDOR_STEER_FAIR,
	CORRIDOR_STEER_EVEN, /* so that the fullest is as empty as can be */
};

struct corridor_steer_ingress {
	uint32_t site;
	struct asn member; /* 0: all others there */
	uint32_t policy;   /* index */
	uint64_t bps;      /* of the larger direction: goes to its first upstream */
};

/* Nothing of it is owned; all of it outlives the steering. Ingresses by site, then member, each once. */
struct corridor_steer_setting {
	const struct corridor_plan *plan;
	const struct corridor_steer_exit *exits;
	size_t exit_count;
	const struct corridor_steer_ingress *ingresses;
	size_t ingress_count;
	const struct corridor_steer_policy *policies;
	size_t policy_count;
	struct corridor_damping_rules damping;
	/* Less than the larger of these is no change: of the cost, and in microseconds. */
	uint32_t margin_percent, margin_us;
	enum corridor_steer_place place;
};

struct corridor_steer;

/* NULL and errno: EINVAL when something is not there or there is too much for a plan (hub/steer.h),
 * ENOMEM. */
struct corridor_steer *corridor_steer_new(const struct corridor_steer_setting *setting);
/* With all that is held, for looking ahead. NULL without memory. */
struct corridor_steer *corridor_steer_copy(const struct corridor_steer *steer);
void corridor_steer_free(struct corridor_steer *steer);

/* Holds what `from`, of an earlier picture or day, holds: ingresses, exits and ways by their names, as far as
 * they are there; with what was spent. Before the first run. The plan of `from` may be gone, its hub not.
 * 0, or -1 without memory: then not all of it is held. */
int corridor_steer_adopt(struct corridor_steer *to, const struct corridor_steer *from);
/* Holds what a plan of an earlier process told, likewise; what changes had cost is not in it. A way of which the
 * plan tells no more than a hub has now, or that no longer leads from its ingress to its exit, is left. 0, or -1 without
 * memory: then not all of it is held. */
int corridor_steer_recall(struct corridor_steer *to, const struct steer_plan *told);

const struct corridor_steer_setting *corridor_steer_setting_of(const struct corridor_steer *steer);

struct corridor_steer_event {
	const enum corridor_live *live; /* of each segment */
	/* What each segment carries besides what is steered, the larger direction; NULL: nothing. */
	const uint64_t *load_bps;
	int64_t now_ms;
	/* Only what has become worse is looked at: what gets better is left for the next run without. */
	bool urgent;
	/* Of each segment's capacity, what is there; NULL: all. */
	const uint8_t *share_percent;
};

/* What a run came to; choices are counted but for the first two. */
struct corridor_steer_outcome {
	uint32_t searched; /* ingresses that were looked at again */
	uint32_t turned;  /* of which the first upstream is another, or there is one now, or none */
	uint32_t moved;   /* another way, or none, or one at last */
	uint32_t forced;  /* of these, at once */
	uint32_t renewed; /* another cost of the same way */
	uint32_t waiting; /* something better is there: not for long enough */
	uint32_t refused; /* it is, but there were too many changes of late */
	uint32_t
		placed; /* ingresses that went elsewhere so that all find room; among `moved` too */
	uint32_t lacking; /* ingresses of which something finds none */
};

/* 0; or -1 without memory: then ways that could not be kept are closed until the next run. */
int corridor_steer_run(struct corridor_steer *steer, const struct corridor_steer_event *event,
		       struct corridor_steer_outcome *outcome);

/* The upstream that an ingress takes first; HUB_NONE: none is open. */
uint32_t corridor_steer_first(const struct corridor_steer *steer, size_t ingress);
/* What is laid on a segment, with the load of the last event. */
uint64_t corridor_steer_laid_bps(const struct corridor_steer *steer, uint32_t segment);
/* The same in percent of the lowest limit of a policy; 0 where nothing is laid. */
uint32_t corridor_steer_filled_percent(const struct corridor_steer *steer, uint32_t segment);
/* Has more been laid on it than that? */
bool corridor_steer_is_over(const struct corridor_steer *steer, uint32_t segment);
/* The same of the port of an exit, with what is steered only. */
uint32_t corridor_steer_exit_filled_percent(const struct corridor_steer *steer, uint32_t exit);
/* What of an ingress's rate finds no room: the share by which the fullest segment or exit on its way is over its
 * limit; all of it where there are upstreams, and none is open. */
uint64_t corridor_steer_short_bps(const struct corridor_steer *steer, size_t ingress);
/* Light along a way, one way. */
uint32_t corridor_steer_latency_us(const struct corridor_plan *plan, const uint32_t *steps,
				   size_t count);

/* What is held, for the exchange: all but number, times and words. Arrays are of `arena`, texts the
 * hub's. 0; or -1 and errno: ENOMEM, EOVERFLOW when the ways are too long for a plan. */
int corridor_steer_plan(struct steer_plan *out, const struct corridor_steer *steer,
			struct arena *arena);
