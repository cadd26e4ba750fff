/* Ways written down as they change. */
#include "main/corridor_recorder.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock_io.h"
#include "base/log.h"
#include "corridor/corridor_record.h"
#include "main/corridor_steering_files.h"
#include "meter/meter_io.h"

enum {
	MILLION = 1000000,
	REPEAT_S = 86400,       /* said again after so long */
	GOOD_S = 86400 + 3600,  /* good for so long */
	LOOK_US = 60 * MILLION, /* contracts begin and end, and the day of the plan goes on */
	LATE_S = 5, /* an event that is older than that was missed: its time is not known */
};

/* What there was to be looked at the last time. */
struct sight {
	unsigned generation;
	uint64_t changes, event_us;
	bool steered;
	struct utc_s steered_since; /* or not; 0: the exchange has not said */
};

struct corridor_recorder {
	const struct role_context *context;
	struct arena *arena; /* of `said` */
	struct ways said;
	bool has_said;
	uint64_t said_us, looked_us;
	struct sight sight;
};

/* 0, or -1 and it is tried again. */
static int
put(struct corridor_recorder *r, const struct ways *ways)
{
	char name[48];
	struct buf text = {0};
	uint64_t now = clock_utc_us();
	if (now <= r->said_us)
		now = r->said_us + 1;
	(void)snprintf(name, sizeof(name), "%020" PRIu64 WAYS_SUFFIX, now);
	ways_write(ways, &text);
	int result =
		text.failed ? -1
			    : meter_file_replace(r->context->corridor_directory, name, &text, true);
	if (result < 0)
		log_warn("corridor/%s: %s", name, text.failed ? "no memory" : strerror(errno));
	else
		r->said_us = now;
	buf_fini(&text);
	return result;
}

static void
say_nothing(struct corridor_recorder *r, struct utc_s from, const char *why)
{
	struct ways nothing = {.from = from, .until = {from.s + GOOD_S}, .why = why};
	(void)put(r, &nothing);
}

struct corridor_recorder *
corridor_recorder_new(const struct role_context *context)
{
	struct corridor_recorder *r = calloc(1, sizeof(*r));
	if (!r)
		return NULL;
	r->context = context;
	struct utc_s end;
	struct steer_state state;
	if (corridor_steering_earlier(context, &end)) {
		struct utc_s now = clock_utc();
		/* A plan that was overdue was gone by until the exchange gave it up. */
		if (corridor_steer_state(&state, context->run_directory) && !state.by_plan &&
		    state.since.s > end.s)
			end = state.since;
		say_nothing(r, end.s < now.s ? end : now, "the corridor was not there");
	}
	return r;
}

void
corridor_recorder_free(struct corridor_recorder *r)
{
	if (!r)
		return;
	arena_free(r->arena);
	free(r);
}

/* When what is seen now came to be. */
static struct utc_s
moment_of(const struct corridor_recorder *r, const struct sight *sight)
{
	struct utc_s now = clock_utc(), event = {(int64_t)(sight->event_us / MILLION)};
	bool fresh = sight->event_us != r->sight.event_us && event.s <= now.s &&
		     event.s >= now.s - LATE_S;
	if (sight->steered != r->sight.steered && sight->steered_since.s &&
	    sight->steered_since.s <= now.s) {
		fresh = true;
		event = sight->steered_since;
	}
	/* What was said since then stays. */
	if (fresh && r->has_said && event.s < r->said.from.s)
		event = r->said.from;
	return fresh ? event : now;
}

static void
say(struct corridor_recorder *r, const struct corridor_plan *plan, const struct steer_plan *steer,
    const struct sight *sight)
{
	struct ways ways;
	struct arena *arena = arena_new();
	if (!arena || corridor_record(&ways, arena, plan, steer, clock_utc()) < 0) {
		log_warn("ways: no memory to write them down");
		arena_free(arena);
		return;
	}
	bool old = clock_utc_us() - r->said_us > REPEAT_S * (uint64_t)MILLION;
	if (r->has_said && !old && ways_same(&ways, &r->said)) {
		arena_free(arena);
		r->sight = *sight;
		return;
	}
	ways.from = moment_of(r, sight);
	ways.until.s = ways.from.s + GOOD_S;
	ways.why = steer                    ? steer->why
		   : sight->steered_since.s ? "routes go by plain BGP"
					    : "nothing is steered";
	if (put(r, &ways) < 0) {
		arena_free(arena);
		return;
	}
	/* Texts of the picture may be gone by the next turn: what was written is read back. */
	struct buf text = {0};
	const char *error;
	ways_write(&ways, &text);
	arena_free(r->arena);
	r->arena = arena_new();
	r->has_said = r->arena && !text.failed &&
		      ways_read(&r->said, r->arena, text.data, text.length, &error) == 0;
	r->sight = *sight;
	buf_fini(&text);
	arena_free(arena);
}

void
corridor_recorder_turn(struct corridor_recorder *r, const struct corridor_steering *steering)
{
	struct view_corridor_steering view = corridor_steering_view(steering);
	struct steer_state state = {.by_plan = !view.stale};
	/* The exchange knows better than we whether it goes by the plan. */
	(void)corridor_steer_state(&state, r->context->run_directory);
	const struct steer_plan *steer = state.by_plan ? view.plan : NULL;
	struct sight sight = {.generation = r->context->generation,
			      .event_us = steer ? steer->event_us : 0,
			      .steered = steer != NULL,
			      .steered_since = state.since};
	const struct corridor_plan *plan = corridor_steering_plan(steering, &sight.changes);
	uint64_t now = clock_utc_us();
	bool same = sight.generation == r->sight.generation && sight.changes == r->sight.changes &&
		    sight.event_us == r->sight.event_us && sight.steered == r->sight.steered;
	if (r->has_said && same && now - r->looked_us < LOOK_US)
		return;
	r->looked_us = now;
	/* A hub without cables has no ways to prove. */
	if (plan->hub->segment_count)
		say(r, plan, steer, &sight);
}

void
corridor_recorder_end(struct corridor_recorder *r)
{
	if (r && r->has_said)
		say_nothing(r, clock_utc(), "the corridor ends");
}
