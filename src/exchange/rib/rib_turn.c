/* The end of a turn: what changed goes into the log.
 *
 * At the first change of a prefix in a turn its accepted paths are kept as they are, in `offers`.
 * At the end old and new are both gone through in order of preference, handing each path to those
 * sessions in front that may have it and have none yet, each in the form meant for it; all of that
 * is operations on interned sets, remembered from one prefix to the next, so the work does not grow
 * with the number of sessions. */
#include <stdlib.h>
#include <string.h>

#include "exchange/rib/rib_internal.h"

enum { KEPT_MAX = 64 * 1024 };

size_t
rib_keep_offers(struct rib *rib, const struct rib_prefix *prefix)
{
	size_t count = 0;
	for (uint32_t at = prefix->paths; at; count++) {
		const struct rib_path *path = rib_path_at(rib, at);
		if (rib_path_refused(path))
			break;
		rib->offers = rib_grow(rib->offers, &rib->offer_capacity, rib->offer_count + 1,
				       sizeof(*rib->offers));
		rib->offers[rib->offer_count++] =
			(struct rib_offer){path->attrs, rib_path_attrs(rib, path)->verdict,
					   path->mark & RIB_MARK_BITS};
		at = rib_path_next(path);
	}
	return count;
}

void
rib_prefix_touch(struct rib *rib, uint32_t number)
{
	struct rib_prefix *prefix = rib_prefix_at(rib, number);
	if (prefix->flags & RIB_DIRTY)
		return;
	prefix->flags |= RIB_DIRTY;
	rib->dirty = rib_grow(rib->dirty, &rib->dirty_capacity, rib->dirty_count + 1,
			      sizeof(*rib->dirty));
	struct rib_dirty *dirty = &rib->dirty[rib->dirty_count++];
	*dirty = (struct rib_dirty){.prefix = number,
				    .first = (uint32_t)rib->offer_count,
				    .steered = rib_steer_of(rib, number)};
	dirty->count = (uint32_t)rib_keep_offers(rib, prefix);
	rib_changes_append(rib, number);
}

uint32_t
rib_hand_out(struct rib *rib, const struct rib_dirty *dirty, uint32_t waiting,
	     struct rib_parts *parts)
{
	const struct rib_offer *offers = rib->offers + dirty->first;
	size_t count = dirty->count;
	uint32_t placed = RIB_SET_EMPTY, without = RIB_SET_EMPTY;
	parts->count = 0;
	if (dirty->steered)
		placed = rib_set_and(rib->sets, waiting, rib_steer_placed(rib, dirty->steered));
	for (size_t i = 0; i < count && (waiting || placed); i++) {
		if (placed &&
		    rib_attrs_at(&rib->attrs, offers[i].attrs)->preference == RIB_TRANSIT) {
			/* Paths of the hub's own AS stand behind all others. */
			without = rib_steer_hand_out(rib, dirty->steered, offers + i, count - i,
						     placed, parts);
			waiting = rib_set_andnot(rib->sets, waiting, placed);
			placed = RIB_SET_EMPTY;
		}
		uint32_t receivers = rib_receivers(rib, offers[i].verdict, offers[i].mark);
		uint32_t share = rib_set_and(rib->sets, waiting, receivers);
		waiting = rib_set_andnot(rib->sets, waiting, share);
		rib_parts_add(rib, parts, &offers[i], share);
	}
	return rib_set_or(rib->sets, waiting, without);
}

/* The prefix told about last: who held what, and who holds it now, is in rib->before and rib->after, and what that
 * comes to in rib->told. What comes next is mostly another prefix of the same announcements, and then all of that holds
 * for it as well: with hundreds of views, to find it takes far longer than to say it. */
struct latest {
	bool known;
	struct rib_dirty was, now; /* the offers of `now` stand behind all others of the turn */
};

static bool
same_offers(const struct rib *rib, const struct rib_dirty *a, const struct rib_dirty *b)
{
	return a->steered == b->steered && a->count == b->count &&
	       (!a->count || memcmp(rib->offers + a->first, rib->offers + b->first,
				    a->count * sizeof(*rib->offers)) == 0);
}

/* Says of all prefixes that it holds for what is in rib->told. */
static void
tell_alike(struct rib *rib, const struct latest *latest)
{
	for (size_t i = 0; i < rib->told.count; i++)
		for (size_t k = 0; k < rib->alike_count; k++)
			rib_builder_add(rib->builder, rib->told.items[i].form,
					rib->told.items[i].holders, rib->alike[k], 0);
	if (latest->known && latest->now.steered != latest->was.steered)
		rib_steer_count_moves(rib, rib->alike_count);
	rib->turn_work += rib->told.count * rib->alike_count;
	rib->alike_count = 0;
}

/* The offers before the turn and those now are both complete, so the difference is exact: nobody is told what he holds
 * already. */
static void
find_told(struct rib *rib, const struct latest *latest)
{
	uint32_t without_was = rib_hand_out(rib, &latest->was, rib->front, &rib->before);
	uint32_t without_now = rib_hand_out(rib, &latest->now, rib->front, &rib->after);
	uint32_t lost = rib_set_andnot(rib->sets, without_now, without_was);
	rib_parts_differ(rib);
	if (lost)
		rib_parts_append(&rib->told, (struct rib_form){.attrs = RIB_ATTRS_NONE}, 0, lost);
	rib->turn_work += RIB_WORK_OF_PART * (rib->before.count + rib->after.count) +
			  RIB_WORK_OF_MESSAGE * rib->told.count;
}

/* What the members in front are to be told about one prefix: with those before it, of which the same holds. */
static void
tell(struct rib *rib, const struct rib_dirty *dirty, struct latest *latest)
{
	const struct rib_prefix *prefix = rib_prefix_at(rib, dirty->prefix);
	size_t kept = rib->offer_count;
	rib->offer_count += latest->now.count;
	struct rib_dirty now = {.prefix = dirty->prefix,
				.first = (uint32_t)rib->offer_count,
				.steered = rib_steer_of(rib, dirty->prefix)};
	now.count = (uint32_t)rib_keep_offers(rib, prefix);
	rib->offer_count = kept;
	if (same_offers(rib, dirty, &now))
		return;
	if (!latest->known || !same_offers(rib, &latest->was, dirty) ||
	    !same_offers(rib, &latest->now, &now)) {
		tell_alike(rib, latest);
		if (now.count)
			memmove(rib->offers + kept, rib->offers + now.first,
				now.count * sizeof(*rib->offers));
		now.first = (uint32_t)kept;
		*latest = (struct latest){.known = true, .was = *dirty, .now = now};
		find_told(rib, latest);
	}
	rib->alike = rib_grow(rib->alike, &rib->alike_capacity, rib->alike_count + 1,
			      sizeof(*rib->alike));
	rib->alike[rib->alike_count++] = dirty->prefix;
}

static void
tell_all(struct rib *rib)
{
	struct latest latest = {0};
	rib->told.count = 0;
	for (size_t i = 0; i < rib->dirty_count && rib->front; i++)
		tell(rib, &rib->dirty[i], &latest);
	tell_alike(rib, &latest);
}

/* How many prefixes may change in a turn for it to stay short is learned from what the turns before were worth. Their
 * number grows slowly, so that one that takes more work than was known is not much too long. */
static void
learn_pace(struct rib *rib)
{
	size_t front = rib_set_count(rib->sets, rib->front);
	size_t most = 1 + RIB_TURN_WORK / (1 + front / 4);
	size_t next = rib->pace * 2;
	if (rib->turn_work > RIB_TURN_WORK / 2)
		next = rib->pace * RIB_TURN_WORK / rib->turn_work;
	rib->pace = next > most ? most : next ? next : 1;
	rib->turn_work = 0;
}

void
rib_pace_begin(struct rib *rib)
{
	rib->pace = 1 + RIB_TURN_WORK / 32 / (1 + rib_set_count(rib->sets, rib->front));
}

size_t
rib_pace(const struct rib *rib)
{
	return rib->pace;
}

static void
clean_dirty(struct rib *rib)
{
	for (size_t i = 0; i < rib->dirty_count; i++)
		rib_prefix_at(rib, rib->dirty[i].prefix)->flags &= (uint8_t)~RIB_DIRTY;
	for (size_t i = 0; i < rib->dirty_count; i++)
		if (!rib_prefix_at(rib, rib->dirty[i].prefix)->paths)
			rib_changes_removed(rib, rib->dirty[i].prefix);
	rib->dirty_count = rib->offer_count = 0;
	if (rib->dirty_capacity > KEPT_MAX) { /* an unusually large turn */
		free(rib->dirty);
		free(rib->offers);
		rib->dirty = NULL;
		rib->offers = NULL;
		rib->dirty_capacity = rib->offer_capacity = 0;
	}
	if (rib->alike_capacity > KEPT_MAX) {
		free(rib->alike);
		rib->alike = NULL;
		rib->alike_capacity = 0;
	}
}

/* After a table was lost, memory goes back to the system. */
static void
give_back(struct rib *rib)
{
	bool prefixes = rib_pool_trim(&rib->prefixes), paths = rib_pool_trim(&rib->paths);
	if (!prefixes && !paths)
		return;
	rib_table_shrink(rib);
	rib_attrs_shrink(&rib->attrs);
	rib_memory_release();
}

bool
rib_turn_end(struct rib *rib)
{
	if (rib->draining || rib->chores)
		rib_chores(rib);
	if (rib->dirty_count) {
		rib->changes++;
		tell_all(rib);
		if (rib_builder_count(rib->builder)) {
			rib_builder_to_log(rib);
			rib_log_end_batch(&rib->log, (uint32_t)rib->turn_place);
			rib_out_bound_log(rib);
		}
		clean_dirty(rib);
	}
	learn_pace(rib);
	rib_steer_settle(rib);
	rib_attrs_free_idle(rib);
	rib_changes_tidy(rib);
	rib->turn_place = rib->place_count;
	rib_interned_end_turn(&rib->verdicts);
	rib_interned_end_turn(&rib->marks);
	rib_interned_end_turn(&rib->cells);
	if (rib_decided_crowded(rib))
		rib_decided_sweep(rib);
	bool again = rib_rejudge_missed(rib);
	give_back(rib);
	return again || rib->draining || rib->chores;
}
