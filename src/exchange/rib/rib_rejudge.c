/* Another policy: verdicts and marks are asked for again, and what differs is changed. */
#include "exchange/rib/rib_internal.h"

enum { AHEAD = 16 }; /* paths judged side by side */

/* The paths of a set take other places in the order when its preference changes: all of them out,
 * for order is only sound among unchanged ones, then all in again. */
static void
change_preference(struct rib *rib, struct rib_attrs *attrs, uint8_t preference)
{
	for (uint32_t at = attrs->paths; at; at = rib_path_at(rib, at)->attrs_next)
		rib_order_remove(rib, rib_path_home(rib, at), at);
	attrs->preference = preference;
	for (uint32_t at = attrs->paths; at; at = rib_path_at(rib, at)->attrs_next)
		rib_order_insert(rib, rib_path_at(rib, at)->next & ~(uint32_t)RIB_END, at);
}

static void
rejudge_attrs(struct rib *rib, uint32_t number, const struct bgp_attrs *view)
{
	struct rib_attrs *attrs = rib_attrs_at(&rib->attrs, number);
	struct rib_verdict verdict = {0};
	rib->hooks.attrs(rib->hooks.context, rib, attrs->slot, view, &verdict);
	rib_verdict_fit(attrs, &verdict);
	uint32_t now = rib_verdict_of(rib, &verdict);
	if (now == attrs->verdict)
		return;
	bool refused = rib_verdict_at(rib, attrs->verdict)->refused;
	for (uint32_t at = attrs->paths; at && !(refused && verdict.refused);
	     at = rib_path_at(rib, at)->attrs_next)
		rib_prefix_touch(rib, rib_path_home(rib, at));
	rib_interned_use(&rib->verdicts, now);
	rib_interned_drop(&rib->verdicts, attrs->verdict);
	attrs->verdict = now;
	if (attrs->preference != verdict.preference)
		change_preference(rib, attrs, verdict.preference);
}

/* Up to AHEAD paths of the set from `at` on; returns where to go on. */
static uint32_t
rejudge_paths(struct rib *rib, const struct rib_asked *route, uint32_t at)
{
	struct prefix prefixes[AHEAD];
	uint32_t paths[AHEAD], homes[AHEAD], marks[AHEAD];
	size_t count = 0;
	for (; at && count < AHEAD; at = rib_path_at(rib, at)->attrs_next) {
		paths[count] = at;
		homes[count] = rib_path_home(rib, at);
		prefixes[count] = rib_prefix_value(rib, rib_prefix_at(rib, homes[count]));
		count++;
	}
	rib->hooks.paths(rib->hooks.context, rib, route, prefixes, count, marks);
	for (size_t i = 0; i < count; i++) {
		const struct rib_path *path = rib_path_at(rib, paths[i]);
		/* What cannot be marked anew stays as it is. */
		uint32_t mark = marks[i] == RIB_NO_MARK ? path->mark & RIB_MARK_BITS : marks[i];
		uint16_t word = rib_path_word(rib, path->attrs, mark);
		if (word != path->mark)
			rib_path_change(rib, homes[i], paths[i], path->attrs, word);
	}
	return at;
}

static void
rejudge_set(struct rib *rib, uint32_t number)
{
	struct rib_attrs *attrs = rib_attrs_at(&rib->attrs, number);
	struct bgp_attrs view;
	rib_attrs_view(&view, attrs);
	rejudge_attrs(rib, number, &view);
	struct rib_asked route = {attrs->slot, &view, rib_verdict_at(rib, attrs->verdict)->facts};
	for (uint32_t at = attrs->paths; at;)
		at = rejudge_paths(rib, &route, at);
}

void
rib_rejudge(struct rib *rib)
{
	if (!rib->hooks.attrs || !rib->hooks.paths)
		return;
	for (unsigned slot = 0; slot < rib->slots; slot++) {
		uint32_t number = rib->sessions[slot].attrs;
		for (; number; number = rib_attrs_at(&rib->attrs, number)->next)
			rejudge_set(rib, number);
	}
}
