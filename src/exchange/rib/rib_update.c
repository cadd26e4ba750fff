/* UPDATE messages (RFC 4271 section 4.3, RFC 4760), made from what a turn changed. Prefixes with
 * the same form and receivers share messages, as many as fit 4096 octets; messages with the
 * same receivers stand together, so that a reader finds long stretches for itself. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/log.h"
#include "exchange/bgp/bgp_msg.h"
#include "exchange/rib/rib_internal.h"
#include "exchange/rib/rib_wire.h"

enum { TABLE_MIN = 64, KEPT_MAX = 64 * 1024 };

struct entry {
	uint32_t prefix, path_id;
	uint32_t next; /* of the group, from 1; 0: last */
};

/* Same form, same receivers. */
struct group {
	struct rib_form form;
	uint32_t receivers;
	uint32_t first, last; /* entries, from 1 */
	uint32_t next;        /* group with the same receivers, from 1 */
};

/* Same receivers. */
struct bundle {
	uint32_t receivers;
	uint32_t first, last; /* groups, from 1 */
};

/* Open addressing; values from 1. */
struct index {
	uint32_t *slots;
	uint32_t mask;
};

struct rib_builder {
	struct entry *entries;
	struct group *groups;
	struct bundle *bundles;
	size_t entry_count, entry_capacity, group_count, group_capacity, bundle_count,
		bundle_capacity;
	struct index by_group, by_bundle;
	uint32_t latest;     /* group added to last */
	struct buf messages; /* of the group being encoded */
	struct rib_wire wire;
};

static int
index_init(struct index *index)
{
	index->mask = TABLE_MIN - 1;
	index->slots = calloc(TABLE_MIN, sizeof(*index->slots));
	return index->slots ? 0 : -1;
}

/* Empties it; makes it larger when more than half of it would be used. True when it did, and all
 * that is in it must be put in again. */
static bool
index_outgrown(struct index *index, size_t count)
{
	if (count * 2 <= index->mask)
		return false;
	size_t size = ((size_t)index->mask + 1) * 4;
	free(index->slots);
	size_t capacity = 0;
	index->slots = rib_grow(NULL, &capacity, size, sizeof(*index->slots));
	memset(index->slots, 0, size * sizeof(*index->slots));
	index->mask = (uint32_t)size - 1;
	return true;
}

static uint32_t
group_hash(const struct rib_form *form, uint32_t receivers)
{
	uint64_t more = (uint64_t)form->edit << 32 | form->told;
	uint64_t key = (uint64_t)form->attrs << 32 | receivers;
	return (uint32_t)hash_u64(more ? key ^ hash_u64(more) : key);
}

static bool
is_group(const struct group *group, const struct rib_form *form, uint32_t receivers)
{
	return group->form.attrs == form->attrs && group->form.edit == form->edit &&
	       group->form.told == form->told && group->receivers == receivers;
}

struct rib_builder *
rib_builder_new(void)
{
	struct rib_builder *builder = calloc(1, sizeof(*builder));
	if (builder && index_init(&builder->by_group) == 0 && index_init(&builder->by_bundle) == 0)
		return builder;
	rib_builder_free(builder);
	return NULL;
}

void
rib_builder_free(struct rib_builder *builder)
{
	if (!builder)
		return;
	free(builder->entries);
	free(builder->groups);
	free(builder->bundles);
	free(builder->by_group.slots);
	free(builder->by_bundle.slots);
	buf_fini(&builder->messages);
	rib_wire_fini(&builder->wire);
	free(builder);
}

static void
shrink(struct rib_builder *b)
{
	free(b->entries);
	free(b->groups);
	b->entries = NULL;
	b->groups = NULL;
	b->entry_capacity = b->group_capacity = 0;
}

/* Empties the builder; the memory of an unusually large turn is given back. */
static void
builder_clear(struct rib_builder *b)
{
	for (size_t i = 0; i < b->group_count; i++) {
		uint32_t at =
			group_hash(&b->groups[i].form, b->groups[i].receivers) & b->by_group.mask;
		while (b->by_group.slots[at]) {
			b->by_group.slots[at] = 0;
			at = (at + 1) & b->by_group.mask;
		}
	}
	memset(b->by_bundle.slots, 0, ((size_t)b->by_bundle.mask + 1) * sizeof(uint32_t));
	b->entry_count = b->group_count = b->bundle_count = 0;
	b->latest = 0;
	if (b->entry_capacity > KEPT_MAX)
		shrink(b);
}

static uint32_t
bundle_for(struct rib_builder *b, uint32_t receivers)
{
	uint32_t at = (uint32_t)hash_u64(receivers) & b->by_bundle.mask;
	for (uint32_t i; (i = b->by_bundle.slots[at]) != 0; at = (at + 1) & b->by_bundle.mask)
		if (b->bundles[i - 1].receivers == receivers)
			return i;
	b->bundles =
		rib_grow(b->bundles, &b->bundle_capacity, b->bundle_count + 1, sizeof(*b->bundles));
	b->bundles[b->bundle_count++] = (struct bundle){.receivers = receivers};
	uint32_t number = (uint32_t)b->bundle_count;
	b->by_bundle.slots[at] = number;
	if (!index_outgrown(&b->by_bundle, b->bundle_count))
		return number;
	for (uint32_t i = 1; i <= number; i++) {
		at = (uint32_t)hash_u64(b->bundles[i - 1].receivers) & b->by_bundle.mask;
		while (b->by_bundle.slots[at])
			at = (at + 1) & b->by_bundle.mask;
		b->by_bundle.slots[at] = i;
	}
	return number;
}

static uint32_t
add_group(struct rib_builder *b, const struct rib_form *form, uint32_t receivers)
{
	b->groups = rib_grow(b->groups, &b->group_capacity, b->group_count + 1, sizeof(*b->groups));
	b->groups[b->group_count++] = (struct group){.form = *form, .receivers = receivers};
	uint32_t number = (uint32_t)b->group_count;
	uint32_t bundle_number = bundle_for(b, receivers);
	struct bundle *bundle = &b->bundles[bundle_number - 1];
	if (bundle->last)
		b->groups[bundle->last - 1].next = number;
	else
		bundle->first = number;
	bundle->last = number;
	return number;
}

static uint32_t
group_for(struct rib_builder *b, const struct rib_form *form, uint32_t receivers)
{
	uint32_t at = group_hash(form, receivers) & b->by_group.mask;
	for (uint32_t i; (i = b->by_group.slots[at]) != 0; at = (at + 1) & b->by_group.mask)
		if (is_group(&b->groups[i - 1], form, receivers))
			return i;
	uint32_t number = add_group(b, form, receivers);
	b->by_group.slots[at] = number;
	if (!index_outgrown(&b->by_group, b->group_count))
		return number;
	for (uint32_t i = 1; i <= number; i++) {
		const struct group *group = &b->groups[i - 1];
		at = group_hash(&group->form, group->receivers) & b->by_group.mask;
		while (b->by_group.slots[at])
			at = (at + 1) & b->by_group.mask;
		b->by_group.slots[at] = i;
	}
	return number;
}

void
rib_builder_add(struct rib_builder *b, struct rib_form form, uint32_t receivers, uint32_t prefix,
		uint32_t path_id)
{
	/* Prefixes mostly come one after the other with the same attributes. */
	uint32_t number = b->latest;
	if (!number || !is_group(&b->groups[number - 1], &form, receivers))
		number = b->latest = group_for(b, &form, receivers);
	b->entries =
		rib_grow(b->entries, &b->entry_capacity, b->entry_count + 1, sizeof(*b->entries));
	b->entries[b->entry_count++] = (struct entry){.prefix = prefix, .path_id = path_id};
	uint32_t entry = (uint32_t)b->entry_count;
	struct group *group = &b->groups[number - 1];
	if (group->last)
		b->entries[group->last - 1].next = entry;
	else
		group->first = entry;
	group->last = entry;
}

size_t
rib_builder_count(const struct rib_builder *b)
{
	return b->entry_count;
}

static unsigned
longest_of(const struct rib *rib, const struct group *group)
{
	const struct rib_builder *b = rib->builder;
	unsigned longest = 1;
	for (uint32_t number = group->first; number; number = b->entries[number - 1].next) {
		unsigned length = rib_prefix_at(rib, b->entries[number - 1].prefix)->length;
		longest = length > longest ? length : longest;
	}
	return longest;
}

/* Begins an announcement; with longer messages only where others will not do, so that the rest is the same
 * for all. */
static bool
begin_route(struct rib *rib, struct bgp_writer *writer, struct bgp_form *form,
	    const struct group *group, struct bgp_route_attrs *route)
{
	struct rib_builder *b = rib->builder;
	rib_wire_route(route, &b->wire, rib, &group->form);
	if (bgp_announce_begin(writer, &b->messages, rib->family, *form, route) == 0)
		return true;
	form->longest = (uint8_t)longest_of(rib, group);
	if (!bgp_announce_fits(rib->family, *form, route))
		form->max = BGP_MAX_EXTENDED;
	if (bgp_announce_begin(writer, &b->messages, rib->family, *form, route) == 0)
		return true;
	/* rib_size.c sees to it that nobody is to have such; if he were, he must not keep what he had. */
	rib->unsent++;
	return false;
}

/* The messages of one group, one after the other, into b->messages. */
static struct bgp_form
encode(struct rib *rib, const struct group *group, bool add_path)
{
	struct rib_builder *b = rib->builder;
	struct bgp_form form = {.max = BGP_MAX, .add_path = add_path};
	struct bgp_writer writer;
	struct bgp_route_attrs route;
	buf_clear(&b->messages);
	if (group->form.attrs == RIB_ATTRS_NONE || !begin_route(rib, &writer, &form, group, &route))
		bgp_withdraw_begin(&writer, &b->messages, rib->family, form);
	for (uint32_t number = group->first; number; number = b->entries[number - 1].next) {
		const struct entry *entry = &b->entries[number - 1];
		struct prefix prefix = rib_prefix_value(rib, rib_prefix_at(rib, entry->prefix));
		bgp_writer_add(&writer, prefix, entry->path_id);
	}
	bgp_writer_end(&writer);
	if (b->messages.failed || b->wire.failed)
		fatal("rib: no memory for a message");
	return form;
}

/* The next whole message in b->messages. */
static bool
next_message(struct cursor *out, struct cursor *messages)
{
	if (!cursor_left(messages))
		return false;
	size_t length = (size_t)messages->at[16] << 8 | messages->at[17];
	*out = cursor_sub(messages, length);
	return true;
}

void
rib_builder_to_log(struct rib *rib)
{
	struct rib_builder *b = rib->builder;
	for (size_t i = 0; i < b->bundle_count; i++) {
		uint32_t number = b->bundles[i].first;
		for (; number; number = b->groups[number - 1].next) {
			const struct group *group = &b->groups[number - 1];
			(void)encode(rib, group, false);
			struct cursor messages = cursor_of(b->messages.data, b->messages.length);
			struct cursor one;
			while (next_message(&one, &messages)) {
				size_t length = cursor_left(&one);
				memcpy(rib_log_room(&rib->log, length), one.at, length);
				rib_log_commit(&rib->log, length, group->receivers);
			}
		}
	}
	builder_clear(b);
}

static void
group_to_buf(struct rib *rib, struct buf *to, const struct rib_peer *peer,
	     const struct group *group)
{
	const struct rib_builder *b = rib->builder;
	struct bgp_form form = encode(rib, group, peer->add_path);
	if (peer->extended_messages) /* AS4_PATH comes on top */
		form.max = BGP_MAX_EXTENDED;
	struct cursor messages = cursor_of(b->messages.data, b->messages.length);
	struct cursor one;
	if (!peer->two_octet_as)
		buf_put(to, b->messages.data, b->messages.length);
	while (peer->two_octet_as && next_message(&one, &messages))
		bgp_update_to_as2(to, one, form);
}

void
rib_builder_to_buf(struct rib *rib, struct buf *to, const struct rib_peer *peer)
{
	struct rib_builder *b = rib->builder;
	/* A path that goes is withdrawn after another of its prefix is told in its place: with ADD-PATH that is
	 * two messages, and who gets the withdrawal first has no route until the other comes. */
	for (unsigned gone = 0; gone < 2; gone++)
		for (size_t i = 0; i < b->group_count; i++)
			if ((b->groups[i].form.attrs == RIB_ATTRS_NONE) == gone)
				group_to_buf(rib, to, peer, &b->groups[i]);
	if (to->failed)
		fatal("rib: no memory for messages");
	builder_clear(b);
}
