/* What comes from outside the hub file and bears on judgement: registries, the RPKI, round-trip
 * times. Routes that a change may concern are judged again, in slices, while updates go on. */
#include <assert.h>

#include "exchange/exchange_private.h"

enum { REJUDGED_IN_A_TURN = 8 * 1024 }; /* paths of a family: some milliseconds */

void
exchange_sources_use(struct exchange *x)
{
	policy_use(x->policy, &x->sources);
	for (unsigned slot = 0; slot < x->slots; slot++)
		if (x->peers[slot].id && x->peers[slot].rtt_ms)
			(void)policy_rtt(x->policy, slot, x->peers[slot].rtt_ms);
}

void
exchange_rejudge(struct exchange *x)
{
	exchange_limits_lower(x);
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++)
		rib_rejudge_begin(x->ribs[i]);
	x->rejudging = x->recount = true;
	flowspec_rejudge(x->flow, FLOWSPEC_RULES);
	x->next_tick = x->now;
}

bool
exchange_rejudge_step(struct exchange *x)
{
	bool more = false;
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++) {
		size_t pace = rib_pace(x->ribs[i]);
		more |= rib_rejudge_step(x->ribs[i],
					 pace < REJUDGED_IN_A_TURN ? pace : REJUDGED_IN_A_TURN);
	}
	bool done = x->rejudging && !more;
	x->rejudging &= more;
	if (done && x->taps.decided)
		x->taps.decided(x->taps.context);
	return more;
}

const struct policy_sources *
exchange_sources(const struct exchange *x)
{
	return &x->sources;
}

void
exchange_use_registry(struct exchange *x, const struct registry *registry, struct mono_us now)
{
	exchange_pass_time(x, now);
	x->sources.registry = registry;
	policy_use(x->policy, &x->sources);
	for (unsigned slot = 0; slot < x->slots; slot++) {
		if (!x->peers[slot].id)
			continue;
		exchange_limits_set(x, slot);
		exchange_limits_check(x, slot);
		exchange_pump(x, slot);
	}
	exchange_rejudge(x);
}

void
exchange_use_rpki(struct exchange *x, const struct rpki_table *table, struct mono_us now)
{
	exchange_pass_time(x, now);
	x->sources.rpki = table;
	policy_use(x->policy, &x->sources);
	exchange_rejudge(x);
}

void
exchange_rpki_changed(struct exchange *x, const struct exchange_touched *touched,
		      struct mono_us now)
{
	exchange_pass_time(x, now);
	policy_use(x->policy, &x->sources); /* the table may be another, or complete only now */
	if (touched->all) {
		exchange_rejudge(x);
		return;
	}
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++) {
		rib_rejudge_covered(x->ribs[i], touched->prefixes[i], touched->prefix_counts[i]);
		rib_rejudge_paths_with(x->ribs[i], touched->customers, touched->customer_count);
	}
	x->recount = true;
	flowspec_rejudge(x->flow, FLOWSPEC_RULES);
	x->next_tick = x->now;
}

size_t
exchange_rpki_reports(const struct exchange *x, struct rpki_report *out, size_t max)
{
	return x->shell.rpki_reports ? x->shell.rpki_reports(x->shell.context, out, max) : 0;
}

void
exchange_rtt(struct exchange *x, unsigned slot, uint16_t ms, struct mono_us now)
{
	assert(slot < x->slots && x->peers[slot].id);
	exchange_pass_time(x, now);
	x->peers[slot].rtt_ms = ms;
	if (policy_rtt(x->policy, slot, ms))
		exchange_rejudge(x);
}
