/* Who has how many routes of whom: one pass over the table, with sets of receivers counted instead of
 * receivers. */
#include <stdlib.h>
#include <string.h>

#include "exchange/rib/rib_internal.h"

/* Counts by set of receivers. */
struct tally {
	uint32_t *counts;
	size_t capacity;
};

static void
add(struct tally *t, uint32_t set)
{
	size_t before = t->capacity;
	t->counts = rib_grow(t->counts, &t->capacity, (size_t)set + 1, sizeof(*t->counts));
	memset(t->counts + before, 0, (t->capacity - before) * sizeof(*t->counts));
	t->counts[set]++;
}

static uint32_t
receivers_of(struct rib *rib, const struct rib_path *path)
{
	return rib_receivers(rib, rib_path_attrs(rib, path)->verdict, path->mark & RIB_MARK_BITS);
}

/* Of sessions that go by a row, those who take a path of the slot. */
static void
count_placed(struct rib *rib, uint32_t number, uint32_t placed, unsigned slot, struct tally *heard)
{
	struct rib_dirty now = {.prefix = number,
				.first = (uint32_t)rib->offer_count,
				.steered = rib_steer_of(rib, number)};
	now.count = (uint32_t)rib_keep_offers(rib, rib_prefix_at(rib, number));
	rib->offer_count = now.first;
	(void)rib_hand_out(rib, &now, placed, &rib->after);
	for (size_t i = 0; i < rib->after.count; i++)
		if (rib_attrs_at(&rib->attrs, rib->after.items[i].form.attrs)->slot == slot)
			add(heard, rib->after.items[i].holders);
}

static void
count_prefix(struct rib *rib, uint32_t number, unsigned slot, struct tally *allowed,
	     struct tally *heard)
{
	uint32_t first = rib_prefix_at(rib, number)->paths;
	struct rib_steered *steered = rib_steer_of(rib, number);
	uint32_t taken = steered ? rib_steer_placed(rib, steered) : RIB_SET_EMPTY;
	if (taken)
		count_placed(rib, number, taken, slot, heard);
	for (uint32_t at = first; at; at = rib_path_next(rib_path_at(rib, at))) {
		const struct rib_path *path = rib_path_at(rib, at);
		if (rib_path_refused(path))
			return;
		uint32_t receivers = receivers_of(rib, path);
		if (path->slot == slot) {
			add(allowed, receivers);
			add(heard, rib_set_andnot(rib->sets, receivers, taken));
		}
		taken = rib_set_or(rib->sets, taken, receivers);
	}
}

static bool
has_path_of(const struct rib *rib, uint32_t first, unsigned slot)
{
	for (uint32_t at = first; at; at = rib_path_next(rib_path_at(rib, at)))
		if (rib_path_at(rib, at)->slot == slot)
			return true;
	return false;
}

static void
spread(const struct rib *rib, const struct tally *t, struct rib_share *out, size_t slots,
       bool heard)
{
	for (uint32_t set = 1; set < t->capacity; set++)
		for (unsigned slot = 0; t->counts[set] && slot < slots && slot < rib->slots; slot++)
			if (rib_set_has(rib->sets, set, slot))
				*(heard ? &out[slot].heard : &out[slot].allowed) += t->counts[set];
}

void
rib_count_to(struct rib *rib, unsigned slot, struct rib_share *out, size_t slots)
{
	struct tally allowed = {0}, heard = {0};
	for (uint32_t number = 1; number < rib->prefixes.used; number++) {
		const struct rib_prefix *prefix = rib_prefix_at(rib, number);
		if (prefix->length != RIB_UNUSED && has_path_of(rib, prefix->paths, slot))
			count_prefix(rib, number, slot, &allowed, &heard);
	}
	memset(out, 0, slots * sizeof(*out));
	spread(rib, &allowed, out, slots, false);
	spread(rib, &heard, out, slots, true);
	free(allowed.counts);
	free(heard.counts);
}

void
rib_count_from(const struct rib *rib, unsigned slot, struct rib_share *out, size_t slots)
{
	memset(out, 0, slots * sizeof(*out));
	for (uint32_t number = 1; number < rib->prefixes.used; number++) {
		const struct rib_prefix *prefix = rib_prefix_at(rib, number);
		bool first = true;
		if (prefix->length == RIB_UNUSED)
			continue;
		bool placed = rib_steer_is_placed(rib_steer_of(rib, number), slot);
		uint32_t taken = placed ? rib_steer_first(rib, number, slot) : 0;
		for (uint32_t at = prefix->paths; at; at = rib_path_next(rib_path_at(rib, at))) {
			const struct rib_path *path = rib_path_at(rib, at);
			if (rib_path_refused(path))
				break;
			bool may = rib_receivers_word(rib, path, slot / 64) >> slot % 64 & 1;
			if (!may || path->slot >= slots)
				continue;
			out[path->slot].allowed++;
			out[path->slot].heard += placed ? at == taken : first;
			first = false;
		}
	}
}
