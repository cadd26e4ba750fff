/* What would be held after orders that are only supposed. */
#include "main/corridor_ahead.h"

#include "base/clock_io.h"

/* What would be held: what is worse at once, what is better after its time. NULL without memory. */
static struct corridor_steer *
steer_ahead(const struct corridor_ahead_base *base, const enum corridor_live *live, bool better)
{
	struct corridor_steer_outcome outcome;
	struct corridor_steer_event event = {live, base->load_bps, clock_mono().us / 1000, !better,
					     base->share_percent};
	struct corridor_steer *ahead =
		better ? corridor_steer_new(base->setting) : corridor_steer_copy(base->steer);
	if (ahead && corridor_steer_run(ahead, &event, &outcome) < 0) {
		corridor_steer_free(ahead);
		return NULL;
	}
	return ahead;
}

static int
draw_both(struct corridor_ahead *out, const struct corridor_ahead_base *base,
	  const struct corridor_order *orders, size_t count)
{
	char why[CORRIDOR_ORDERS_TEXT];
	out->steer = steer_ahead(base, out->live, orders->live == CORRIDOR_UP);
	if (!out->steer || corridor_steer_plan(&out->before, base->steer, out->arena) < 0 ||
	    corridor_steer_plan(&out->after, out->steer, out->arena) < 0)
		return -1;
	out->after.why = arena_str(out->arena, corridor_orders_text(why, orders, count));
	return out->after.why ? 0 : -1;
}

int
corridor_ahead_find(struct corridor_ahead *out, const struct corridor_ahead_base *base,
		    const struct corridor_order *orders, size_t count,
		    enum corridor_state_result *result, size_t *wrong)
{
	int status = -1;
	*out = (struct corridor_ahead){.arena = arena_new()};
	struct corridor_state *next = corridor_state_copy(base->state);
	if (!out->arena || !next || !base->live)
		goto out;
	out->live =
		arena_take(out->arena, (base->plan->hub->segment_count + 1) * sizeof(*out->live));
	if (!out->live)
		goto out;
	status = 0;
	*result = corridor_state_put(next, orders, count, wrong);
	if (*result != CORRIDOR_STATE_DONE)
		goto out;
	struct utc_s now = clock_utc();
	corridor_state_live(out->live, next, base->plan,
			    orders->from.s > now.s ? orders->from : now);
	if (base->steer)
		status = draw_both(out, base, orders, count);
out:
	corridor_state_free(next);
	return status;
}

void
corridor_ahead_fini(struct corridor_ahead *ahead)
{
	corridor_steer_free(ahead->steer);
	arena_free(ahead->arena);
}
