/* Ways of a prefix: its paths as they are, or as they might be, with what the policy makes of them: in which order
 * they stand, who may have them, and how they are changed for whom. */
#pragma once

#include "base/arena.h"
#include "exchange/exchange.h"
#include "exchange/policy/policy.h"
#include "hub/steer.h"

struct view_way {
	struct rib_path_view path; /* `refused` and `reasons` are what counts here */
	uint32_t session;          /* index into hub.sessions, or HUB_NONE */
	uint8_t preference, state;
	uint32_t local_pref; /* of the hub's own AS: the higher the better */
	bool told;
	uint64_t *may; /* who may have it: a set of slots; collectors when it is refused */
	struct view_variant {
		uint32_t edit;
		uint64_t *slots;
	} * variants;
	size_t variant_count;
};

enum {
	VIEW_WAYS_MAX = 512,
	VIEW_STEERED_MAX = 64, /* of a prefix that cost decides between, as in the table */
};

/* All paths of the prefix in order of preference, at most VIEW_WAYS_MAX, judged; *total is how many there are. Memory
 * is the arena's; cursors are valid until the next change. NULL if there is no memory. */
struct view_way *view_ways_of(struct arena *arena, struct exchange *x, struct prefix prefix,
			      size_t *count, size_t *total);
/* Works out who may have the way from its path and session. False if there is no memory. */
bool view_way_judge(struct arena *arena, struct exchange *x, struct view_way *way);
/* Puts ways into the order in which the exchange prefers them (rib_order.c), by choosing the best, then the best of
 * the rest, and so on. */
void view_ways_sort(const struct exchange *x, struct view_way *ways, size_t count);
/* Why `a`, which stands right before `b`, does so, in words. */
void view_way_before(struct buf *out, const struct exchange *x, const struct view_way *a,
		     const struct view_way *b);

/* Ways of a prefix, in order, and the corridor's plan that is gone by. */
struct view_ways {
	const struct exchange *x;
	const struct view_way *ways;
	size_t count;
	const struct steer_plan *plan; /* one that is supposed; NULL: as it is */
};
/* The one of the ways that the slot takes first, by the corridor's plan where it goes by that; -1: none. */
int view_ways_first(const struct view_ways *all, unsigned slot);
/* Those that a slot which goes by the plan may have, in its order, as indices; returns how many. */
size_t view_ways_by_plan(const struct view_ways *all, unsigned slot,
			 uint16_t order[VIEW_STEERED_MAX]);
/* Is it of a router of the hub's own? */
bool view_way_is_internal(const struct exchange *x, const struct view_way *way);
/* Is the session's choice the corridor's plan's? Then the order of ways does not say what it hears, but
 * view_way_goes_to does, of ways as they are in the table. */
bool view_slot_is_steered(const struct view_ways *all, unsigned slot);
bool view_way_goes_to(const struct exchange *x, const struct view_way *way, unsigned slot);
/* Is ways[at] among those that the slot is sent when it is sent several (RFC 7911), as its session says? */
bool view_ways_chosen(const struct view_ways *all, size_t at, unsigned slot);
/* How the way is changed for this slot. */
uint32_t view_way_edit(const struct view_way *way, unsigned slot);
/* The attributes as those of the edit get them; what they point to lies in *scratch or where way->path.attrs points.
 * False if there is no memory. */
bool view_way_sent(const struct exchange *x, const struct view_way *way, uint32_t edit,
		   struct bgp_attrs *out, struct buf *scratch);
/* The same of all->ways[at] for the slot, by the plan. */
bool view_ways_sent(const struct view_ways *all, size_t at, unsigned slot, struct bgp_attrs *out,
		    struct buf *scratch);
/* "path 64501 64501 64502; with 65535:65281; without 0:64503": what is other than it came. Nothing: as it came. */
void view_way_changes(struct buf *out, const struct bgp_attrs *came, const struct bgp_attrs *sent);

/* Up, and with this family. */
bool view_slot_hears(const struct exchange *x, unsigned slot, enum ip_family family);

static inline bool
view_set_has(const uint64_t *set, unsigned slot)
{
	return set[slot / 64] >> slot % 64 & 1;
}
