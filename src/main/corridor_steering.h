/* Steering as it runs: the live state of the corridor, kept in a file; the plan that follows from it, written
 * for the exchange and renewed as long as what it rests on is fresh. */
#pragma once

#include "corridor/corridor_load.h"
#include "corridor/corridor_sense.h"
#include "corridor/corridor_steer_hub.h"
#include "main/corridor_preview.h"
#include "main/role.h"
#include "view/view_corridor_steer.h"

struct corridor_steering;

/* Reads the state of an earlier run; one that is harmed is left aside with a warning. Both outlive the
 * steering, the plan until corridor_steering_use. NULL without memory. */
struct corridor_steering *corridor_steering_new(const struct role_context *context,
						const struct corridor_plan *plan);
void corridor_steering_free(struct corridor_steering *steering);

/* Up to when the plan of an earlier run was good. False: there is none. */
bool corridor_steering_earlier(const struct role_context *context, struct utc_s *good_until);

/* Goes over to another plan, which may be of another picture. 0, or -1 without memory: then nothing is
 * steered until the next. */
int corridor_steering_use(struct corridor_steering *steering, const struct corridor_plan *plan);
/* The plan with what is cut not there; the same one until corridor_steering_use. *changes counts how
 * often some segment went from one state to another. */
const struct corridor_plan *corridor_steering_plan(const struct corridor_steering *steering,
						   uint64_t *changes);
/* What holds of each of its segments, by the orders in force; NULL without memory. */
const enum corridor_live *corridor_steering_live(const struct corridor_steering *steering);
/* What is measured now: `load` as of the plan's hub, batch NULL when nothing is. Not kept. */
void corridor_steering_measure(struct corridor_steering *steering, const struct corridor_load *load,
			       const struct traffic_batch *batch);
/* Every second or so: what begins and ends by itself, what gets better, and the renewal. */
void corridor_steering_tick(struct corridor_steering *steering);

/* What a source says of its segment; false: there is no such source. Acted on by corridor_steering_heard, which is
 * to follow when all that came together has been said. */
bool corridor_steering_hear(struct corridor_steering *steering, const char *source,
			    enum corridor_word word);
void corridor_steering_heard(struct corridor_steering *steering);

/* Orders of the same, one or more, or restorations when their state is CORRIDOR_UP: kept, and gone by at once. All
 * are, or none: then *wrong is the index of the one that came to nothing, and why is returned. */
enum corridor_state_result corridor_steering_order(struct corridor_steering *steering,
						   const struct corridor_order *orders,
						   size_t count, size_t *wrong);
/* Orders as above, and how what they would do is shown. */
struct corridor_preview_ask {
	const struct corridor_order *orders;
	size_t count;
	struct corridor_preview_load measured;
	enum view_corridor_form form;
};

/* What that would do, appended to *out. Where one is wrong (*result, *wrong) nothing is. 0, or -1 without
 * memory. */
int corridor_steering_preview(struct corridor_steering *steering,
			      const struct corridor_preview_ask *ask,
			      enum corridor_state_result *result, size_t *wrong, struct buf *out);
/* The plan that would be held then, encoded (hub/steer.h) and overdue already, likewise. Something is steered. */
int corridor_steering_ahead(struct corridor_steering *steering,
			    const struct corridor_preview_ask *ask,
			    enum corridor_state_result *result, size_t *wrong, struct buf *out);

/* False: traffic was measured, and is not any more, so nothing is renewed. */
bool corridor_steering_sees(const struct corridor_steering *steering);
struct view_corridor_steering corridor_steering_view(const struct corridor_steering *steering);
