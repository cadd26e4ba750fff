/* Looking at the table: for the looking glass, counts, and the meter's snapshot. Nothing here
 * changes a route. */
#include <stdlib.h>
#include <string.h>

#include "exchange/rib/rib_internal.h"

static void
view_path(const struct rib *rib, struct rib_path_view *out, const struct rib_prefix *prefix,
	  uint32_t number)
{
	const struct rib_path *path = rib_path_at(rib, number);
	const struct rib_attrs *attrs = rib_path_attrs(rib, path);
	const struct rib_kept_verdict *verdict = rib_verdict_at(rib, attrs->verdict);
	const struct rib_kept_mark *mark = rib_mark_at(rib, path->mark);
	*out = (struct rib_path_view){
		.prefix = rib_prefix_value(rib, prefix),
		.slot = path->slot,
		.path_id = rib_path_id(rib, number),
		.sent_id = number,
		.since_s = path->since_s,
		.reasons = verdict->reasons | mark->reasons,
		.refused = rib_path_refused(path),
		.stale = rib_path_stale(rib, path),
		.stale_long = mark->late,
		.best = !rib_path_refused(path) && prefix->paths == number,
		.tight = verdict->tight || verdict->large ||
			 verdict->needs & (1u << RIB_ABLE_IDS | 1u << RIB_ABLE_AS4),
		.rpki = mark->rpki,
		.facts = verdict->facts,
	};
	rib_attrs_view(&out->attrs, attrs);
}

size_t
rib_paths(const struct rib *rib, struct prefix prefix, struct rib_path_view *out, size_t max)
{
	if (prefix.ip.family != rib->family)
		return 0;
	uint32_t number = rib_prefix_find(rib, prefix.ip.octets, prefix.length);
	if (!number)
		return 0;
	const struct rib_prefix *record = rib_prefix_at(rib, number);
	size_t count = 0;
	for (uint32_t at = record->paths; at; at = rib_path_next(rib_path_at(rib, at))) {
		if (count < max)
			view_path(rib, &out[count], record, at);
		count++;
	}
	return count;
}

bool
rib_covering(const struct rib *rib, struct prefix inner, bool accepted, struct prefix *out)
{
	if (inner.ip.family != rib->family)
		return false;
	for (int length = inner.length; length >= 0; length--) {
		if (!rib->lengths[length])
			continue;
		struct prefix outer = prefix_of(inner.ip, (unsigned)length);
		uint32_t number = rib_prefix_find(rib, outer.ip.octets, outer.length);
		uint32_t first = number ? rib_prefix_at(rib, number)->paths : 0;
		if (!first || (accepted && rib_path_refused(rib_path_at(rib, first))))
			continue;
		*out = outer;
		return true;
	}
	return false;
}

/* True when a session that keeps account was sent this path. */
static bool
was_sent(const struct rib *rib, unsigned slot, uint32_t prefix, uint32_t path)
{
	const struct rib_session *session = &rib->sessions[slot];
	if (session->peer.add_path)
		return rib_told_has(&session->told, prefix, path);
	/* A collector hears the first that is for it. */
	for (uint32_t at = rib_prefix_at(rib, prefix)->paths; at;
	     at = rib_path_next(rib_path_at(rib, at)))
		if (rib_may_collect(rib, rib_path_at(rib, at), slot))
			return at == path && rib_told_has(&session->told, prefix, 0);
	return false;
}

/* Those who hear the path as their first, of 64 sessions. */
static uint64_t
share_of(const struct rib *rib, uint32_t first, uint32_t path, size_t word)
{
	uint64_t waiting = UINT64_MAX;
	for (uint32_t at = first; at; at = rib_path_next(rib_path_at(rib, at))) {
		const struct rib_path *other = rib_path_at(rib, at);
		if (rib_path_refused(other))
			return 0;
		uint64_t share = rib_receivers_word(rib, other, word) & waiting;
		if (at == path)
			return share;
		waiting &= ~share;
	}
	return 0;
}

static void
add_hearers(const struct rib *rib, uint32_t prefix, uint32_t path, uint64_t *words)
{
	uint32_t first = rib_prefix_at(rib, prefix)->paths;
	const struct rib_steered *steered = rib_steer_of(rib, prefix);
	for (size_t i = 0; i < rib->sets->words; i++)
		words[i] |= share_of(rib, first, path, i);
	for (unsigned slot = 0; slot < rib->slots; slot++) {
		const struct rib_session *session = &rib->sessions[slot];
		uint64_t bit = (uint64_t)1 << slot % 64;
		if (rib_steer_is_placed(steered, slot)) {
			words[slot / 64] &= ~bit;
			if (rib_steer_first(rib, prefix, slot) == path)
				words[slot / 64] |= bit;
		}
		if (session->mode == RIB_OUT_CLOSED ||
		    (!session->collector && !session->peer.add_path))
			continue;
		words[slot / 64] &= ~bit;
		if (was_sent(rib, slot, prefix, path))
			words[slot / 64] |= bit;
	}
}

void
rib_path_hearers(const struct rib *rib, struct prefix prefix, unsigned slot, uint64_t *words)
{
	memset(words, 0, rib->sets->words * sizeof(*words));
	if (prefix.ip.family != rib->family)
		return;
	uint32_t number = rib_prefix_find(rib, prefix.ip.octets, prefix.length);
	uint32_t at = number ? rib_prefix_at(rib, number)->paths : 0;
	for (; at; at = rib_path_next(rib_path_at(rib, at)))
		if (rib_path_at(rib, at)->slot == slot)
			add_hearers(rib, number, at, words);
}

bool
rib_path_is_for(const struct rib *rib, const struct rib_path_view *view, unsigned receiver)
{
	const struct rib_path *path = rib_path_at(rib, view->sent_id);
	return receiver < rib->slots && path->slot != receiver && !rib_path_refused(path) &&
	       rib_receivers_word(rib, path, receiver / 64) >> receiver % 64 & 1;
}

bool
rib_path_goes_to(const struct rib *rib, const struct rib_path_view *view, unsigned receiver)
{
	if (receiver >= rib->slots)
		return false;
	const struct rib_session *session = &rib->sessions[receiver];
	uint32_t prefix = rib_prefix_find(rib, view->prefix.ip.octets, view->prefix.length);
	if (session->mode != RIB_OUT_CLOSED && (session->collector || session->peer.add_path))
		return prefix && was_sent(rib, receiver, prefix, view->sent_id);
	if (!prefix || !rib_path_is_for(rib, view, receiver))
		return false;
	if (rib_steer_is_placed(rib_steer_of(rib, prefix), receiver))
		return rib_steer_first(rib, prefix, receiver) == view->sent_id;
	for (uint32_t at = rib_prefix_at(rib, prefix)->paths; at && at != view->sent_id;
	     at = rib_path_next(rib_path_at(rib, at)))
		if (rib_receivers_word(rib, rib_path_at(rib, at), receiver / 64) >> receiver % 64 &
		    1)
			return false;
	return true;
}

bool
rib_path_fits(const struct rib *rib, struct prefix prefix, uint32_t sent_id, unsigned receiver)
{
	uint32_t number = prefix.ip.family == rib->family
				  ? rib_prefix_find(rib, prefix.ip.octets, prefix.length)
				  : 0;
	uint32_t at = number ? rib_prefix_at(rib, number)->paths : 0;
	while (at && at != sent_id)
		at = rib_path_next(rib_path_at(rib, at));
	return !at || rib_is_fit(rib, rib_path_at(rib, at), receiver);
}

static bool
path_holds(struct cursor path, struct asn asn)
{
	while (cursor_left(&path)) {
		cursor_skip(&path, 1);
		unsigned count = cursor_u8(&path);
		for (unsigned i = 0; i < count; i++)
			if (cursor_u32(&path) == asn.number)
				return true;
	}
	return false;
}

static bool
is_of(const struct rib_filter *filter, unsigned slot)
{
	return filter->slot < 0 || slot == (unsigned)filter->slot;
}

bool
rib_filter_likes(const struct rib_filter *filter, const struct rib_path_view *path)
{
	if (!is_of(filter, path->slot))
		return false;
	if (path->refused ? !filter->refused : !filter->accepted)
		return false;
	if (filter->reasons && !(path->reasons & filter->reasons))
		return false;
	if (filter->rpki && !(filter->rpki >> path->rpki & 1))
		return false;
	if (filter->within.ip.family && !prefix_covers(filter->within, path->prefix))
		return false;
	if (filter->in_path.number && !path_holds(path->attrs.as_path, filter->in_path))
		return false;
	return !filter->also || filter->also(filter->context, path);
}

static bool
any_liked(const struct rib *rib, const struct rib_filter *filter, const struct rib_prefix *prefix)
{
	for (uint32_t at = prefix->paths; at;) {
		const struct rib_path *path = rib_path_at(rib, at);
		bool slot = is_of(filter, path->slot);
		bool state = rib_path_refused(path) ? filter->refused : filter->accepted;
		if (slot && state) { /* the cheap half of the question first */
			struct rib_path_view view;
			view_path(rib, &view, prefix, at);
			if (rib_filter_likes(filter, &view))
				return true;
		}
		at = rib_path_next(path);
	}
	return false;
}

static int
compare_keys(const struct rib *rib, const uint8_t *a, unsigned a_length, const uint8_t *b,
	     unsigned b_length)
{
	int by_key = memcmp(a, b, rib->key_length);
	return by_key ? by_key : (int)a_length - (int)b_length;
}

/* --- the lowest prefixes met so far, in a heap with the highest of them on top --- */

static void
swap(struct prefix *a, struct prefix *b)
{
	struct prefix t = *a;
	*a = *b;
	*b = t;
}

static void
sink(struct prefix *heap, size_t count)
{
	for (size_t at = 0;;) {
		size_t child = at * 2 + 1;
		if (child >= count)
			return;
		if (child + 1 < count && prefix_compare(heap[child + 1], heap[child]) > 0)
			child++;
		if (prefix_compare(heap[at], heap[child]) >= 0)
			return;
		swap(&heap[at], &heap[child]);
		at = child;
	}
}

static void
rise(struct prefix *heap, size_t at)
{
	while (at && prefix_compare(heap[at], heap[(at - 1) / 2]) > 0) {
		swap(&heap[at], &heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
}

static bool
comes_before(const struct rib *rib, const struct rib_prefix *prefix, const struct prefix *other)
{
	return compare_keys(rib, prefix->key, prefix->length, other->ip.octets, other->length) < 0;
}

bool
rib_search(const struct rib *rib, const struct rib_filter *filter, const struct prefix *after,
	   struct rib_search *s, size_t budget)
{
	for (; s->at < rib->prefixes.used && budget; s->at++, budget--) {
		const struct rib_prefix *prefix = s->at ? rib_prefix_in_use(rib, s->at) : NULL;
		if (!prefix || !prefix->paths)
			continue;
		if (after && compare_keys(rib, prefix->key, prefix->length, after->ip.octets,
					  after->length) <= 0)
			continue;
		bool full = s->count == s->max;
		if (full && (!s->max || !comes_before(rib, prefix, &s->found[0])))
			continue;
		if (!any_liked(rib, filter, prefix))
			continue;
		if (full) {
			s->found[0] = rib_prefix_value(rib, prefix);
			sink(s->found, s->count);
		} else {
			s->found[s->count++] = rib_prefix_value(rib, prefix);
			rise(s->found, s->count - 1);
		}
	}
	if (s->at < rib->prefixes.used)
		return true;
	/* The highest goes to the end, and so on. */
	for (size_t left = s->count; left > 1; left--) {
		swap(&s->found[0], &s->found[left - 1]);
		sink(s->found, left - 1);
	}
	return false;
}

bool
rib_each_path_next(const struct rib *rib, int slot, uint32_t *at, size_t budget,
		   void (*visit)(void *context, const struct rib_path_view *path), void *context)
{
	struct rib_path_view view;
	for (; *at < rib->prefixes.used && budget; (*at)++, budget--) {
		const struct rib_prefix *prefix = *at ? rib_prefix_in_use(rib, *at) : NULL;
		if (!prefix)
			continue;
		for (uint32_t path = prefix->paths; path;
		     path = rib_path_next(rib_path_at(rib, path))) {
			if (slot >= 0 && rib_path_at(rib, path)->slot != slot)
				continue;
			view_path(rib, &view, prefix, path);
			visit(context, &view);
		}
	}
	return *at < rib->prefixes.used;
}

void
rib_each_path(const struct rib *rib, int slot,
	      void (*visit)(void *context, const struct rib_path_view *path), void *context)
{
	uint32_t at = 0;
	(void)rib_each_path_next(rib, slot, &at, SIZE_MAX, visit, context);
}

/* Those of `wanted` who may not have the path. */
static bool
visit_kept(const struct rib *rib, const struct rib_prefix *prefix, uint32_t path, uint64_t *wanted,
	   void (*visit)(void *context, unsigned receiver, const struct rib_path_view *path),
	   void *context)
{
	bool left = false;
	for (size_t i = 0; i < rib->sets->words; i++) {
		uint64_t kept =
			wanted[i] ? wanted[i] & ~rib_receivers_word(rib, rib_path_at(rib, path), i)
				  : 0;
		wanted[i] &= ~kept;
		left |= wanted[i] != 0;
		for (; kept; kept &= kept - 1) {
			struct rib_path_view view;
			view_path(rib, &view, prefix, path);
			visit(context, (unsigned)(i * 64) + (unsigned)__builtin_ctzll(kept), &view);
		}
	}
	return left;
}

void
rib_each_kept_from(const struct rib *rib, unsigned slot, uint64_t *wanted,
		   void (*visit)(void *context, unsigned receiver,
				 const struct rib_path_view *path),
		   void *context)
{
	bool left = true;
	for (uint32_t number = 1; number < rib->prefixes.used && left; number++) {
		const struct rib_prefix *prefix = rib_prefix_in_use(rib, number);
		for (uint32_t at = prefix ? prefix->paths : 0; at && left;
		     at = rib_path_next(rib_path_at(rib, at))) {
			const struct rib_path *path = rib_path_at(rib, at);
			if (rib_path_refused(path))
				break;
			if (path->slot == slot)
				left = visit_kept(rib, prefix, at, wanted, visit, context);
		}
	}
}

size_t
rib_best_next(const struct rib *rib, uint32_t *at, struct rib_best *out, size_t max)
{
	size_t count = 0;
	for (; *at < rib->prefixes.used && count < max; (*at)++) {
		const struct rib_prefix *prefix = *at ? rib_prefix_in_use(rib, *at) : NULL;
		if (!prefix || !prefix->paths)
			continue;
		struct rib_path_view view;
		if (rib_path_refused(rib_path_at(rib, prefix->paths)))
			continue;
		view_path(rib, &view, prefix, prefix->paths);
		out[count++] = (struct rib_best){view.prefix, view.slot, view.attrs.origin_as,
						 view.attrs.as_path};
	}
	return count;
}

static void
count_share(uint32_t share, uint32_t **counts, size_t *capacity)
{
	size_t before = *capacity;
	*counts = rib_grow(*counts, capacity, (size_t)share + 1, sizeof(**counts));
	memset(*counts + before, 0, (*capacity - before) * sizeof(**counts));
	(*counts)[share]++;
}

/* Where exits may be closed for some. */
static void
count_steered(struct rib *rib, uint32_t number, uint32_t open, uint32_t **counts, size_t *capacity)
{
	struct rib_dirty now = {.prefix = number,
				.first = (uint32_t)rib->offer_count,
				.steered = rib_steer_of(rib, number)};
	now.count = (uint32_t)rib_keep_offers(rib, rib_prefix_at(rib, number));
	rib->offer_count = now.first;
	(void)rib_hand_out(rib, &now, open, &rib->after);
	for (size_t i = 0; i < rib->after.count; i++)
		count_share(rib->after.items[i].holders, counts, capacity);
}

/* Adds the routes of one prefix to counts by set: counts[set] sessions' worth. */
static void
count_shares(struct rib *rib, uint32_t number, uint32_t open, uint32_t **counts, size_t *capacity)
{
	const struct rib_prefix *prefix = rib_prefix_at(rib, number);
	uint32_t waiting = open;
	if (rib_steer_of(rib, number)) {
		count_steered(rib, number, open, counts, capacity);
		return;
	}
	for (uint32_t at = prefix->paths; at && waiting;) {
		const struct rib_path *path = rib_path_at(rib, at);
		if (rib_path_refused(path))
			return;
		uint32_t receivers = rib_receivers(rib, rib_path_attrs(rib, path)->verdict,
						   path->mark & RIB_MARK_BITS);
		uint32_t share = rib_set_and(rib->sets, waiting, receivers);
		waiting = rib_set_andnot(rib->sets, waiting, share);
		count_share(share, counts, capacity);
		at = rib_path_next(path);
	}
}

/* Adds counts by set to those by slot. Of a set that most of `open` are in, those who are not are fewer to go through.
 */
static void
add_counts(const struct rib *rib, uint32_t open, const uint32_t *counts, size_t sets, uint32_t *out,
	   size_t slots)
{
	const struct rib_sets *s = rib->sets;
	const uint64_t *all = s->bits + (size_t)open * s->words;
	unsigned most = rib_set_count(s, open) / 2;
	uint32_t everybody = 0;
	for (uint32_t set = 1; set < sets; set++) {
		if (!counts[set])
			continue;
		bool large = rib_set_count(s, set) > most;
		const uint64_t *bits = s->bits + (size_t)set * s->words;
		everybody += large ? counts[set] : 0;
		for (size_t i = 0; i < s->words; i++)
			for (uint64_t word = large ? all[i] & ~bits[i] : bits[i]; word;
			     word &= word - 1) {
				size_t slot = i * 64 + (size_t)__builtin_ctzll(word);
				if (slot < slots)
					out[slot] += large ? -counts[set] : counts[set];
			}
	}
	for (size_t slot = 0; slot < slots && slot < rib->slots; slot++)
		if (rib_set_has(s, open, (unsigned)slot))
			out[slot] += everybody;
}

/* Sessions that are sent one path of each prefix. */
static uint32_t
sent_one(struct rib *rib)
{
	uint32_t open = RIB_SET_EMPTY;
	for (unsigned slot = 0; slot < rib->slots; slot++)
		if (rib->sessions[slot].mode != RIB_OUT_CLOSED && !rib->sessions[slot].collector &&
		    !rib->sessions[slot].peer.add_path)
			open = rib_set_with(rib->sets, open, slot);
	return open;
}

bool
rib_count_exported_next(struct rib *rib, uint32_t *at, size_t budget, uint32_t *out, size_t slots)
{
	uint32_t open = sent_one(rib), *counts = NULL;
	size_t capacity = 0;
	for (; *at < rib->prefixes.used && budget; (*at)++, budget--) {
		const struct rib_prefix *prefix = *at ? rib_prefix_in_use(rib, *at) : NULL;
		if (prefix)
			count_shares(rib, *at, open, &counts, &capacity);
	}
	add_counts(rib, open, counts, capacity, out, slots);
	free(counts);
	if (*at < rib->prefixes.used)
		return true;
	for (unsigned slot = 0; slot < slots && slot < rib->slots; slot++)
		out[slot] += rib->sessions[slot].told.count;
	return false;
}

void
rib_count_exported(struct rib *rib, uint32_t *out, size_t slots)
{
	uint32_t at = 0;
	memset(out, 0, slots * sizeof(*out));
	(void)rib_count_exported_next(rib, &at, SIZE_MAX, out, slots);
}

void
rib_count_reasons(const struct rib *rib, int slot, uint32_t out[64])
{
	memset(out, 0, 64 * sizeof(*out));
	for (unsigned s = 0; s < rib->slots; s++) {
		if (slot >= 0 && s != (unsigned)slot)
			continue;
		uint32_t set = rib->sessions[s].attrs;
		for (; set; set = rib_attrs_at(&rib->attrs, set)->next) {
			const struct rib_attrs *attrs = rib_attrs_at(&rib->attrs, set);
			uint64_t reasons = rib_verdict_at(rib, attrs->verdict)->reasons;
			for (uint32_t at = attrs->paths; at;
			     at = rib_path_at(rib, at)->attrs_next) {
				const struct rib_path *path = rib_path_at(rib, at);
				uint64_t all = reasons | rib_mark_at(rib, path->mark)->reasons;
				for (; all; all &= all - 1)
					out[__builtin_ctzll(all)]++;
			}
		}
	}
}

static size_t
pool_memory(const struct rib_pool *pool)
{
	return pool->chunks_held * RIB_POOL_CHUNK * pool->stride;
}

void
rib_total(const struct rib *rib, struct rib_totals *out)
{
	*out = (struct rib_totals){
		.prefixes = rib->prefixes.live,
		.paths = rib->paths.live,
		.attribute_sets = rib->attrs.live,
		.receiver_sets = rib->sets->live,
		.removed = (uint32_t)rib->removed_count,
		.log_octets = rib->log.octets,
		.log_octets_ever = rib->log.octets_ever,
		.messages_ever = rib->log.messages_ever,
		.changes = rib->changes,
		.unsent = rib->unsent,
		.marks_missed = rib->marks_missed,
		.in_front = rib_set_count(rib->sets, rib->front),
		.memory = pool_memory(&rib->prefixes) + pool_memory(&rib->paths) +
			  rib->attrs.octets + rib->place_capacity * sizeof(uint32_t) +
			  ((size_t)rib->mask + rib->attrs.mask) * sizeof(uint32_t) +
			  rib->log.chunk_count * RIB_LOG_CHUNK +
			  rib->sets->capacity * rib->sets->words * sizeof(uint64_t),
	};
}

uint64_t
rib_backlog(const struct rib *rib)
{
	return rib->log.octets;
}
