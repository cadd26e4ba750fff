/* The list of changes: every prefix stands once, in order of its last change. It is an array of
 * prefix numbers; a prefix that changes is appended, and its old place becomes stale. A session
 * that is behind is a place in it, so is a batch of the log. When a quarter is stale the array is
 * squeezed and all places are renumbered, which costs a few nanoseconds for each change that led to
 * it. */
#include <stdlib.h>

#include "exchange/rib/rib_internal.h"

enum { AHEAD = 8, REMOVED_BOUND_MIN = 256 * 1024, REMOVED_KEPT = 64 * 1024 };

void
rib_changes_append(struct rib *rib, uint32_t number)
{
	struct rib_prefix *prefix = rib_prefix_at(rib, number);
	if (prefix->place != RIB_NO_PLACE) {
		rib->places[prefix->place] = RIB_NONE;
		rib->stale++;
	}
	rib->places = rib_grow(rib->places, &rib->place_capacity, rib->place_count + 1,
			       sizeof(*rib->places));
	prefix->place = (uint32_t)rib->place_count;
	rib->places[rib->place_count++] = number;
}

void
rib_changes_add_refused(struct rib *rib)
{
	for (uint32_t number = 1; number < rib->prefixes.used; number++) {
		const struct rib_prefix *prefix = rib_prefix_in_use(rib, number);
		if (prefix && prefix->paths && prefix->place == RIB_NO_PLACE)
			rib_changes_append(rib, number);
	}
}

void
rib_changes_removed(struct rib *rib, uint32_t number)
{
	const struct rib_prefix *prefix = rib_prefix_at(rib, number);
	if (prefix->place == RIB_NO_PLACE) { /* nobody ever heard of it */
		rib_prefix_forget(rib, number);
		return;
	}
	if (rib->removed_first + rib->removed_count == rib->removed_capacity &&
	    rib->removed_first > rib->removed_count) {
		for (size_t i = 0; i < rib->removed_count; i++)
			rib->removed[i] = rib->removed[rib->removed_first + i];
		rib->removed_first = 0;
	}
	rib->removed = rib_grow(rib->removed, &rib->removed_capacity,
				rib->removed_first + rib->removed_count + 1, sizeof(*rib->removed));
	rib->removed[rib->removed_first + rib->removed_count++] =
		(struct rib_removed){.prefix = number, .place = prefix->place};
}

/* The first place that somebody may still read, or come to read by falling out of the log. */
static size_t
first_needed(const struct rib *rib)
{
	size_t first = rib->place_count;
	if (rib->log.batch_count > 1 && rib->log.batches[0].place < first)
		first = rib->log.batches[0].place;
	for (unsigned slot = 0; slot < rib->slots; slot++) {
		const struct rib_session *session = &rib->sessions[slot];
		if (session->mode == RIB_OUT_BEHIND && session->place < first)
			first = session->place;
	}
	return first;
}

/* True when the record still is the removed prefix that was noted. */
static bool
still_removed(const struct rib *rib, struct rib_removed removed)
{
	const struct rib_prefix *prefix = rib_prefix_in_use(rib, removed.prefix);
	return prefix && !prefix->paths && prefix->place == removed.place;
}

static void
fetch(const struct rib *rib, uint32_t number)
{
	if (rib_pool_holds(&rib->prefixes, number))
		__builtin_prefetch(rib_prefix_at(rib, number));
}

static void
forget_removed(struct rib *rib)
{
	size_t first = first_needed(rib);
	while (rib->removed_count) {
		struct rib_removed oldest = rib->removed[rib->removed_first];
		if (rib->removed_count > AHEAD)
			fetch(rib, rib->removed[rib->removed_first + AHEAD].prefix);
		if (still_removed(rib, oldest)) {
			if (oldest.place >= first)
				break;
			rib_prefix_forget(rib, oldest.prefix);
		}
		rib->removed_first++;
		rib->removed_count--;
	}
	if (rib->removed_count)
		return;
	rib->removed_first = 0;
	if (rib->removed_capacity > REMOVED_KEPT) {
		free(rib->removed);
		rib->removed = NULL;
		rib->removed_capacity = 0;
	}
}

/* For a place before the squeeze: how many places before it stay. `squeezed` holds that for every
 * 1024th place. */
static uint32_t
renumbered(const struct rib *rib, const uint32_t *squeezed, size_t place)
{
	size_t block = place / 1024;
	uint32_t result = squeezed[block];
	for (size_t i = block * 1024; i < place; i++)
		result += rib->places[i] != RIB_NONE;
	return result;
}

/* Gives every reader its new place; the array still holds the old ones. */
static void
renumber_readers(struct rib *rib, const uint32_t *squeezed)
{
	for (unsigned slot = 0; slot < rib->slots; slot++) {
		struct rib_session *session = &rib->sessions[slot];
		if (session->mode == RIB_OUT_BEHIND) {
			session->place = renumbered(rib, squeezed, session->place);
			session->fresh = renumbered(rib, squeezed, session->fresh);
		}
	}
	for (size_t i = 0; i + 1 < rib->log.batch_count; i++)
		rib->log.batches[i].place = renumbered(rib, squeezed, rib->log.batches[i].place);
	size_t kept = 0;
	for (size_t i = 0; i < rib->removed_count; i++) {
		struct rib_removed removed = rib->removed[rib->removed_first + i];
		if (!still_removed(rib, removed))
			continue;
		removed.place = renumbered(rib, squeezed, removed.place);
		rib->removed[rib->removed_first + kept++] = removed;
	}
	rib->removed_count = kept;
}

static void
squeeze(struct rib *rib)
{
	size_t blocks = rib->place_count / 1024 + 1;
	uint32_t *squeezed = malloc((blocks + 1) * sizeof(*squeezed));
	if (!squeezed)
		return; /* another turn, perhaps */
	uint32_t live = 0;
	for (size_t i = 0; i < rib->place_count; i++) {
		if (i % 1024 == 0)
			squeezed[i / 1024] = live;
		live += rib->places[i] != RIB_NONE;
	}
	if (rib->place_count % 1024 == 0)
		squeezed[rib->place_count / 1024] = live;
	renumber_readers(rib, squeezed);
	free(squeezed);

	size_t to = 0;
	for (size_t i = 0; i < rib->place_count; i++) {
		uint32_t number = rib->places[i];
		if (number == RIB_NONE)
			continue;
		rib_prefix_at(rib, number)->place = (uint32_t)to;
		rib->places[to++] = number;
	}
	rib->place_count = to;
	rib->stale = 0;
	if (rib->place_capacity > to * 2 + rib->stale_min) {
		uint32_t *shrunk =
			realloc(rib->places, (to + rib->stale_min + 1) * sizeof(*shrunk));
		if (shrunk) {
			rib->places = shrunk;
			rib->place_capacity = to + rib->stale_min + 1;
		}
	}
}

void
rib_changes_tidy(struct rib *rib)
{
	uint32_t present = rib->prefixes.live - (uint32_t)rib->removed_count;
	if (rib->prefixes.live > rib->removed_count && present > rib->most_prefixes)
		rib->most_prefixes = present;
	if (rib->removed_count)
		forget_removed(rib);
	if (rib->stale > rib->stale_min && rib->stale > rib->place_count / 4)
		squeeze(rib);
}

int
rib_out_worst(const struct rib *rib)
{
	/* The loss of a whole table must not cost anybody the session who is still reading about it. */
	if (rib->removed_count < REMOVED_BOUND_MIN + 2 * (size_t)rib->most_prefixes)
		return -1;
	int worst = -1;
	for (unsigned slot = 0; slot < rib->slots; slot++) {
		const struct rib_session *session = &rib->sessions[slot];
		if (session->mode == RIB_OUT_BEHIND &&
		    (worst < 0 || session->place < rib->sessions[worst].place))
			worst = (int)slot;
	}
	return worst;
}
