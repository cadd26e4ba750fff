/* SR policies of steering: the corridor's plan of them in force, until it is overdue for longer than
 * transit.hold_s; then all are withdrawn in one step, and set again when plans have come in time for
 * transit.return_s. As with the plan of exits (exchange_steer.c), whose state is shown; this one has three: in force,
 * withdrawn, and waiting. */
#include "base/log.h"
#include "exchange/exchange_private.h"
#include "hub/hub_sr.h"

/* Where several stand behind one neighbour, each has its own: else one path would take the other's place. So does a
 * backup; the bits that mark it are of addresses that no router has (240.0.0.0/4), and head-ends that differ in nothing
 * but the bits below them would share one. */
static uint32_t
distinguisher_of(const struct steer_sr_path *path, bool backup)
{
	uint32_t own =
		path->headend.family == IP_V4 ? ip_v4_number(path->headend) : HUB_SR_STEERING;
	return backup ? HUB_SR_BACKUP_BITS | own : own;
}

static void
add_list(struct sr_policy *out, const struct steer_sr_plan *plan, const struct steer_sr_path *path)
{
	(void)sr_policy_add_list(out, path->weight);
	for (uint32_t i = 0; i < path->hop_count; i++) {
		const struct steer_sr_hop *hop = &plan->hops[path->first_hop + i];
		struct sr_segment segment = {.type = hop->label ? 'A' : 'B',
					     .has_sid = true,
					     .entry = hop->label ? sr_entry(hop->label) : 0,
					     .sid = hop->sid};
		(void)sr_policy_add(out, &segment);
	}
}

/* The candidate path that begins there, with all its lists: a router shares its traffic among them by their weights (RFC
 * 9830 section 2.4.4). */
static void
make_policy(struct sr_policy *out, const struct steer_sr_plan *plan, size_t index)
{
	const struct steer_sr_path *path = &plan->paths[index];
	uint32_t distinguisher = distinguisher_of(path, steer_sr_is_backup(plan, index));
	sr_policy_init(out, (struct sr_key){distinguisher, path->color, path->endpoint});
	out->preference = path->preference;
	add_list(out, plan, path);
	for (size_t i = index + 1; i < plan->path_count && steer_sr_is_beside(plan, i); i++)
		add_list(out, plan, &plan->paths[i]);
}

/* Sets all of the plan in force anew; the others of steering are withdrawn. */
static void
put_all(struct exchange *x)
{
	const struct steer_sr_plan *plan = x->sr_plan;
	struct sr_policy *policy = &x->scratch->sr_policy;
	size_t refused = 0;
	srpolicy_renew_begin(x->sr, SRPOLICY_STEERING);
	for (size_t i = 0; plan && x->sr_by_plan && i < plan->path_count; i++) {
		uint32_t session = hub_session_by_id(x->hub, plan->paths[i].session);
		if (steer_sr_is_beside(plan, i) || session == HUB_NONE ||
		    !x->hub->sessions[session].sr_policy)
			continue;
		make_policy(policy, plan, i);
		struct srpolicy_wish wish = {.to = x->hub->sessions[session].address,
					     .headend = plan->paths[i].headend,
					     .source = SRPOLICY_STEERING,
					     .policy = policy};
		enum srpolicy_result result = exchange_sr_set(x, &wish);
		refused += result != SRPOLICY_SET && result != SRPOLICY_SAME;
	}
	srpolicy_renew_end(x->sr, SRPOLICY_STEERING);
	if (refused)
		log_warn("%zu SR policies of steering are not in force: there are as many as there "
			 "may be, or no memory",
			 refused);
}

int
exchange_sr_follow(struct exchange *x, const struct steer_sr_plan *plan, struct arena *arena,
		   const char **why)
{
	*why = x->sr_plan && plan->number <= x->sr_plan->number
		       ? "it is no newer than the one there is"
	       : plan->good_until.s <= x->utc.s ? "it is overdue"
						: NULL;
	struct steer_sr_plan *copy = *why ? NULL : arena_take(arena, sizeof(*copy));
	if (!*why && !copy)
		*why = "there is no memory for it";
	if (*why) {
		arena_free(arena);
		return -1;
	}
	*copy = *plan;
	bool same = x->sr_plan && x->sr_by_plan && steer_sr_same(x->sr_plan, copy);
	bool returns = x->sr_plan && !x->sr_by_plan;
	arena_free(x->sr_arena);
	x->sr_arena = arena;
	x->sr_plan = copy;
	if (returns && !x->sr_waits)
		x->sr_fresh_since = x->now;
	x->sr_waits = returns;
	x->sr_by_plan = !returns;
	if (!same && !returns)
		put_all(x);
	exchange_sr_tick(x);
	return 0;
}

void
exchange_sr_steer_adopt(struct exchange *x)
{
	put_all(x);
}

void
exchange_sr_tick(struct exchange *x)
{
	enum { LOOK_AGAIN_MS = 500 };
	int64_t overdue_s = x->sr_plan ? x->utc.s - x->sr_plan->good_until.s : 0;
	const struct hub_transit *transit = &x->hub->transit;
	if (!x->sr_plan || (!x->sr_by_plan && !x->sr_waits))
		return;
	if (x->sr_waits && overdue_s >= 0) {
		x->sr_waits = false;
		return;
	}
	if (x->sr_waits &&
	    x->now.us - x->sr_fresh_since.us >= (int64_t)transit->return_s * 1000000) {
		log_info("SR policies of steering: plans came in time for %u s, %zu are in force "
			 "again",
			 transit->return_s, x->sr_plan->path_count);
		x->sr_waits = false;
		x->sr_by_plan = true;
		put_all(x);
	} else if (x->sr_by_plan && overdue_s >= transit->hold_s) {
		log_warn("SR policies of steering: no plan came in time, %zu are withdrawn",
			 x->sr_plan->path_count);
		x->sr_by_plan = false;
		put_all(x);
		return;
	}
	struct mono_us soon = mono_add_ms(x->now, LOOK_AGAIN_MS);
	if (soon.us < x->next_tick.us)
		x->next_tick = soon;
}
