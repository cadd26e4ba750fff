/* The plan that a hub would begin with when nothing is cut: a dry run, from its file. */
#include <errno.h>
#include <stdlib.h>

#include "corridor/corridor_steer_hub.h"
#include "view/view_corridor_parts.h"
#include "view/view_corridor_steer.h"

/* What a dry run needs. */
struct dry {
	struct arena *arena;
	struct corridor_steer_hub hub;
	struct corridor_state *state;
	struct corridor_steer *steer;
	struct steer_plan plan;
};

/* 0, or -1 and errno. */
static int
run(struct dry *dry, const struct view_corridor *view)
{
	struct corridor_steer_outcome outcome;
	size_t count = view->plan->hub->segment_count + 1;
	errno = ENOMEM;
	dry->arena = arena_new();
	dry->state = corridor_state_new();
	if (!dry->arena || !dry->state ||
	    corridor_steer_of_hub(&dry->hub, view->plan, dry->arena) < 0)
		return -1;
	corridor_steer_measure(&dry->hub, view->batch, view->load->start);
	enum corridor_live *live = arena_take(dry->arena, count * sizeof(*live));
	uint64_t *load_bps = arena_take(dry->arena, count * sizeof(*load_bps));
	if (!live || !load_bps)
		return -1;
	for (size_t i = 0; i < view->load->segment_count; i++)
		load_bps[i] = corridor_load_bps(&view->load->segments[i]);
	dry->steer = corridor_steer_new(&dry->hub.setting);
	if (!dry->steer)
		return -1;
	struct corridor_steer_event event = {live, load_bps, 0, false, NULL};
	errno = ENOMEM;
	if (corridor_steer_run(dry->steer, &event, &outcome) < 0)
		return -1;
	return corridor_steer_plan(&dry->plan, dry->steer, dry->arena);
}

int
view_corridor_steer_dry(struct buf *out, const struct view_corridor *view,
			enum view_corridor_form form, const char *const *words, size_t count,
			struct corridor_complaint *complaint)
{
	struct dry dry = {0};
	(void)words;
	if (count) {
		corridor_complain(complaint, 400, "expected: corridor steer");
		return -1;
	}
	int result = run(&dry, view);
	if (result < 0) {
		corridor_complain(complaint, errno == EINVAL ? 409 : 500, "%s",
				  errno == EINVAL ? "more sites or exits than a plan can hold"
						  : "out of memory");
	} else {
		struct view_corridor_steering steering = {
			.hub = view->hub,
			.state = dry.state,
			.steer = dry.steer,
			.plan = dry.plan.exit_count ? &dry.plan : NULL,
			.now = view->load->start,
		};
		view_corridor_steer(out, &steering, form);
	}
	corridor_steer_free(dry.steer);
	corridor_state_free(dry.state);
	arena_free(dry.arena);
	return result;
}
