/* Blackholes that are proposed: nothing becomes of one without an operator's word. The list is bounded;
 * the oldest that is done with makes room. */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "meter/watch_parts.h"

static bool
is_done(const struct watch_proposal *p)
{
	return p->state != WATCH_PROPOSED && p->state != WATCH_ASKED;
}

static bool
make_room(struct watch *w)
{
	if (w->proposal_count < WATCH_PROPOSALS_MAX)
		return true;
	for (size_t i = 0; i < w->proposal_count; i++) {
		if (!is_done(&w->proposals[i]))
			continue;
		w->proposal_count--;
		memmove(&w->proposals[i], &w->proposals[i + 1],
			(w->proposal_count - i) * sizeof(w->proposals[0]));
		return true;
	}
	return false;
}

struct watch_proposal *
watch_propose(struct watch *w, const struct watch_proposal *as)
{
	if (!make_room(w))
		return NULL;
	struct watch_proposal *p = &w->proposals[w->proposal_count++];
	*p = *as;
	p->number = ++w->last_proposal;
	p->state = WATCH_PROPOSED;
	log_warn("proposal %u: a blackhole for AS%u, for alarm %u; see `show proposals`", p->number,
		 p->member.number, p->alarm);
	return p;
}

void
watch_propose_lapse(struct watch *w, uint32_t alarm, struct utc_s now)
{
	for (size_t i = 0; i < w->proposal_count; i++) {
		struct watch_proposal *p = &w->proposals[i];
		if (p->alarm != alarm || p->state != WATCH_PROPOSED)
			continue;
		p->state = WATCH_LAPSED;
		p->changed = now;
	}
}

size_t
watch_proposal_count(const struct watch *w)
{
	return w->proposal_count;
}

const struct watch_proposal *
watch_proposal(const struct watch *w, size_t index)
{
	return index < w->proposal_count ? &w->proposals[index] : NULL;
}

static struct watch_proposal *
by_number(struct watch *w, uint32_t number)
{
	for (size_t i = 0; i < w->proposal_count; i++)
		if (w->proposals[i].number == number)
			return &w->proposals[i];
	return NULL;
}

int
watch_confirm(struct watch *w, uint32_t number, struct utc_s now)
{
	struct watch_proposal *p = by_number(w, number);
	if (!p || (p->state != WATCH_PROPOSED && p->state != WATCH_REFUSED))
		return -1;
	p->state = WATCH_ASKED;
	p->changed = now;
	log_info("proposal %u: confirmed by the operator", number);
	return 0;
}

/* What is, is what it is used to: so it does not rise again at once. */
static void
get_used_to(struct watch_table *t, const struct prefix *target)
{
	size_t at = watch_hitters_find(&t->hitters, target);
	if (at == SIZE_MAX)
		return;
	struct watch_habit *habit = &t->habits[at];
	habit->bps = habit->now_bps > habit->bps ? habit->now_bps : habit->bps;
	habit->pps = habit->now_pps > habit->pps ? habit->now_pps : habit->pps;
	habit->alarm = false;
	habit->over_since = 0;
}

int
watch_dismiss(struct watch *w, uint32_t number, struct utc_s now)
{
	struct watch_proposal *p = by_number(w, number);
	if (!p || (p->state != WATCH_PROPOSED && p->state != WATCH_REFUSED))
		return -1;
	p->state = WATCH_DISMISSED;
	p->changed = now;
	get_used_to(&w->addresses, &p->target);
	get_used_to(&w->networks, &p->target);
	struct watch_alarm like = {.kind = WATCH_RISE, .target = p->target};
	struct watch_alarm *alarm = watch_alarms_find(&w->alarms, &like);
	if (alarm)
		watch_alarms_end(&w->alarms, alarm, now);
	log_info("proposal %u: dismissed by the operator", number);
	return 0;
}

void
watch_confirmed(struct watch *w, uint32_t number, bool installed, const char *text,
		struct utc_s ends, struct utc_s now)
{
	struct watch_proposal *p = by_number(w, number);
	if (!p || p->state != WATCH_ASKED)
		return;
	p->state = installed ? WATCH_INSTALLED : WATCH_REFUSED;
	p->changed = now;
	p->ends = installed ? ends : (struct utc_s){0};
	(void)snprintf(p->text, sizeof(p->text), "%s", text);
	log_info("proposal %u: %s", number,
		 installed ? "installed by the exchange" : "refused by the exchange");
}

const char *
watch_proposal_state_name(enum watch_proposal_state state)
{
	static const char *const names[] = {
		[WATCH_PROPOSED] = "proposed", [WATCH_DISMISSED] = "dismissed",
		[WATCH_ASKED] = "asked for",   [WATCH_INSTALLED] = "installed",
		[WATCH_REFUSED] = "refused",   [WATCH_LAPSED] = "lapsed",
	};
	return names[state];
}
