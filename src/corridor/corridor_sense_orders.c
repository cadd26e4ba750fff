/* Verdicts as orders. */
#include "corridor/corridor_sense_orders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT = 160 };

/* Who says it: "snmp gw-khi: ae0", and how many agree. */
static void
say_who(char who[TEXT], char why[TEXT], const struct hub *hub, struct corridor_verdict verdict)
{
	(void)snprintf(who, TEXT, "sources");
	if (verdict.first_down != HUB_NONE) {
		const struct hub_segment_source *s = &hub->segment_sources[verdict.first_down];
		(void)snprintf(who, TEXT, "%s %.64s", corridor_source_kind(s), s->id);
	}
	(void)snprintf(why, TEXT, "%u of %u down", (unsigned)verdict.down,
		       (unsigned)verdict.sources);
}

static bool
has_machine_order(const struct corridor_state *state, const char *segment)
{
	size_t count;
	const struct corridor_order *orders = corridor_state_orders(state, &count);
	for (size_t i = 0; i < count; i++)
		if ((orders[i].voice == CORRIDOR_MACHINE || orders[i].live == CORRIDOR_UP) &&
		    orders[i].kind == CORRIDOR_A_SEGMENT && strcmp(orders[i].id, segment) == 0)
			return true;
	return false;
}

static bool
command_segment(struct corridor_state *state, const struct corridor_sense *sense,
		const struct hub *hub, uint32_t segment, struct utc_s now)
{
	char who[TEXT], why[TEXT];
	struct corridor_verdict verdict = corridor_sense_verdict(sense, segment);
	const char *id = hub->segments[segment].id;
	bool down = verdict.word == CORRIDOR_SAYS_DOWN;
	if (!verdict.sources || verdict.word == CORRIDOR_SAYS_NOTHING ||
	    (!down && !has_machine_order(state, id)))
		return false;
	say_who(who, why, hub, verdict);
	struct corridor_order order = {
		.live = down ? CORRIDOR_CUT : CORRIDOR_UP,
		.voice = CORRIDOR_MACHINE,
		.kind = CORRIDOR_A_SEGMENT,
		.id = id,
		.from = now,
		.given = now,
		.who = who,
		.why = why,
	};
	return (down ? corridor_state_order(state, &order)
		     : corridor_state_restore(state, &order)) == CORRIDOR_STATE_DONE;
}

/* Ends one order of a machine that nobody could ever end. False: there is none. */
static bool
end_orphan(struct corridor_state *state, const struct corridor_sense *sense, const struct hub *hub,
	   struct utc_s now)
{
	size_t count;
	const struct corridor_order *orders = corridor_state_orders(state, &count);
	for (size_t i = 0; i < count; i++) {
		if (orders[i].voice != CORRIDOR_MACHINE)
			continue;
		uint32_t segment = hub_segment_by_id(hub, orders[i].id);
		if (segment != HUB_NONE && corridor_sense_verdict(sense, segment).sources)
			continue;
		char id[CORRIDOR_ORDER_TEXT_MAX + 1];
		(void)snprintf(id, sizeof(id), "%s", orders[i].id);
		struct corridor_order by = orders[i];
		by.id = id;
		by.given = now;
		by.who = "hub file";
		by.why = "it has no source any more";
		return corridor_state_restore(state, &by) == CORRIDOR_STATE_DONE;
	}
	return false;
}

bool
corridor_sense_command(struct corridor_state *state, const struct corridor_sense *sense,
		       const struct hub *hub, struct utc_s now)
{
	bool changed = false;
	for (uint32_t s = 0; hub->segment_source_count && s < hub->segment_count; s++)
		changed |= command_segment(state, sense, hub, s, now);
	while (end_orphan(state, sense, hub, now))
		changed = true;
	return changed;
}
