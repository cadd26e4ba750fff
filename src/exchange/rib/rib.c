/* The rib: announcements and withdrawals come in. */
#include "exchange/rib/rib.h"

#include <stdlib.h>
#include <string.h>

#include "exchange/rib/rib_internal.h"

enum { DRAIN_MAX = 16 * 1024, STALE_MIN = 64 * 1024, AT_ONCE = 1024 };

struct rib *
rib_new(enum ip_family family, unsigned slots)
{
	assert(family == IP_V4 || family == IP_V6);
	struct rib *rib = calloc(1, sizeof(*rib));
	if (!rib)
		return NULL;
	rib->family = family;
	rib->key_length = family == IP_V4 ? 4 : 16;
	rib->slots = slots ? slots : 1;
	rib->log_bound = RIB_LOG_BOUND;
	rib->stale_min = STALE_MIN;
	rib->drain_max = DRAIN_MAX;
	rib->at_once = AT_ONCE;
	rib->steer_at = UINT32_MAX;
	rib->pace = 1;
	rib_pool_init(&rib->prefixes, (uint32_t)sizeof(struct rib_prefix) + rib->key_length);
	rib_pool_init(&rib->paths, sizeof(struct rib_path));
	rib_log_init(&rib->log);
	rib->sets = rib_sets_new(rib->slots);
	rib->sessions = calloc(rib->slots, sizeof(*rib->sessions));
	rib->builder = rib_builder_new();
	if (!rib->sets || !rib->sessions || !rib->builder || rib_attrs_pool_init(&rib->attrs) ||
	    rib_table_init(rib) || rib_decided_init(rib)) {
		rib_free(rib);
		return NULL;
	}
	return rib;
}

void
rib_free(struct rib *rib)
{
	if (!rib)
		return;
	for (unsigned slot = 0; rib->sessions && slot < rib->slots; slot++) {
		buf_fini(&rib->sessions[slot].held);
		rib_told_fini(&rib->sessions[slot].told);
	}
	free(rib->sessions);
	rib_log_fini(&rib->log);
	rib_builder_free(rib->builder);
	rib_attrs_pool_fini(&rib->attrs);
	rib_pool_fini(&rib->prefixes);
	rib_pool_fini(&rib->paths);
	rib_decided_fini(rib);
	rib_parts_fini(rib);
	rib_rejudge_fini(rib);
	rib_sets_free(rib->sets);
	free(rib->buckets);
	free(rib->places);
	free(rib->removed);
	free(rib->dirty);
	free(rib->offers);
	free(rib->idle);
	free(rib->path_ids);
	free(rib->ids);
	rib_steer_fini(rib);
	buf_fini(&rib->asked);
	buf_fini(&rib->spare);
	free(rib);
}

void
rib_widen(struct rib *rib, unsigned slots)
{
	assert(!rib->dirty_count);
	if (slots <= rib->slots)
		return;
	rib_sets_widen(rib->sets, slots);
	size_t capacity = rib->slots;
	rib->sessions = rib_grow(rib->sessions, &capacity, slots, sizeof(*rib->sessions));
	memset(rib->sessions + rib->slots, 0, (capacity - rib->slots) * sizeof(*rib->sessions));
	rib->slots = slots;
	rib_steer_widen(rib);
}

struct rib_sets *
rib_sets_in(struct rib *rib)
{
	return rib->sets;
}

enum ip_family
rib_family(const struct rib *rib)
{
	return rib->family;
}

void
rib_collectors(struct rib *rib, uint32_t set)
{
	rib->collectors = set;
}

void
rib_set_hooks(struct rib *rib, const struct rib_hooks *hooks)
{
	rib->hooks = *hooks;
}

/* --- attribute sets --- */

static void
note_idle(struct rib *rib, uint32_t number)
{
	struct rib_attrs *attrs = rib_attrs_at(&rib->attrs, number);
	if (attrs->flags & RIB_ATTRS_IDLE)
		return;
	attrs->flags |= RIB_ATTRS_IDLE;
	rib->idle =
		rib_grow(rib->idle, &rib->idle_capacity, rib->idle_count + 1, sizeof(*rib->idle));
	rib->idle[rib->idle_count++] = number;
}

void
rib_attrs_free_idle(struct rib *rib)
{
	for (size_t i = 0; i < rib->idle_count; i++) {
		struct rib_attrs *attrs = rib_attrs_at(&rib->attrs, rib->idle[i]);
		attrs->flags &= (uint8_t)~RIB_ATTRS_IDLE;
		if (attrs->paths)
			continue;
		rib_rejudge_leave_attrs(rib, rib->idle[i]);
		rib_stale_leave_attrs(rib, rib->idle[i]);
		if (attrs->previous)
			rib_attrs_at(&rib->attrs, attrs->previous)->next = attrs->next;
		else
			rib->sessions[attrs->slot].attrs = attrs->next;
		if (attrs->next)
			rib_attrs_at(&rib->attrs, attrs->next)->previous = attrs->previous;
		rib_interned_drop(&rib->verdicts, attrs->verdict);
		rib_attrs_remove(&rib->attrs, rib->idle[i]);
	}
	rib->idle_count = 0;
}

/* The octets that make a set what it is, into rib->asked. */
static void
encode_key(struct rib *rib, const struct bgp_attrs *attrs)
{
	struct buf *to = &rib->asked;
	buf_clear(to);
	if (attrs->next_hop.family == IP_V6) {
		buf_put(to, attrs->next_hop.octets, 16);
		if (attrs->link_local.family == IP_V6)
			buf_put(to, attrs->link_local.octets, 16);
	}
	struct bgp_communities as_received = {attrs->communities, attrs->ext_communities,
					      attrs->large_communities};
	bgp_attrs_encode(to, attrs, as_received);
}

uint32_t
rib_attrs_known(struct rib *rib, unsigned slot, const struct bgp_attrs *attrs)
{
	assert(slot < rib->slots);
	encode_key(rib, attrs);
	if (rib->asked.failed || rib->asked.length > RIB_ATTRS_BYTES_MAX)
		return RIB_NONE;
	rib->asked_hash = rib_attrs_hash(slot, rib->asked.data, rib->asked.length);
	uint32_t known = rib_attrs_find(&rib->attrs, slot, rib->asked.data, rib->asked.length,
					rib->asked_hash);
	if (known)
		return known;
	bool v6 = attrs->next_hop.family == IP_V6;
	bool link_local = v6 && attrs->link_local.family == IP_V6;
	rib->asked_about = (struct rib_attrs){
		.med = attrs->has_med ? attrs->med : 0,
		.first_as = attrs->first_as.number,
		.slot = (uint16_t)slot,
		.hops = attrs->as_hops,
		.origin = attrs->origin,
		.flags = (uint8_t)((attrs->has_med ? RIB_ATTRS_HAS_MED : 0) |
				   (v6 ? RIB_ATTRS_HOP_V6 : 0) |
				   (link_local ? RIB_ATTRS_LINK_LOCAL : 0)),
	};
	return RIB_NONE;
}

/* What is known of a set besides its bytes. */
static void
describe(struct rib_attrs *attrs, const struct rib_attrs *about)
{
	attrs->med = about->med;
	attrs->first_as = about->first_as;
	attrs->hops = about->hops;
	attrs->origin = about->origin;
	attrs->flags = about->flags & (uint8_t) ~(RIB_ATTRS_IDLE | RIB_ATTRS_UNLISTED);
}

static void
join_session(struct rib *rib, uint32_t number, uint32_t verdict)
{
	struct rib_attrs *attrs = rib_attrs_at(&rib->attrs, number);
	attrs->preference = rib_verdict_at(rib, verdict)->preference;
	attrs->verdict = verdict;
	rib_interned_use(&rib->verdicts, verdict);
	struct rib_session *session = &rib->sessions[attrs->slot];
	attrs->next = session->attrs;
	if (attrs->next)
		rib_attrs_at(&rib->attrs, attrs->next)->previous = number;
	session->attrs = number;
	note_idle(rib, number);
}

uint32_t
rib_attrs_intern(struct rib *rib, const struct rib_verdict *verdict)
{
	const struct rib_attrs *about = &rib->asked_about;
	if (rib->asked.failed || rib->asked.length > RIB_ATTRS_BYTES_MAX)
		return RIB_NONE;
	uint32_t number = rib_attrs_add(&rib->attrs, about->slot, rib->asked.data,
					rib->asked.length, rib->asked_hash);
	if (!number)
		return RIB_NONE;
	describe(rib_attrs_at(&rib->attrs, number), about);
	join_session(rib, number, rib_verdict_of(rib, number, verdict));
	return number;
}

uint32_t
rib_attrs_twin(struct rib *rib, uint32_t number, uint32_t verdict)
{
	const struct rib_attrs *old = rib_attrs_at(&rib->attrs, number);
	rib_attrs_unlist(&rib->attrs, number);
	uint32_t twin = rib_attrs_find(&rib->attrs, old->slot, old->bytes, old->length, old->hash);
	if (twin) /* came since, and was judged then */
		return twin;
	twin = rib_attrs_add(&rib->attrs, old->slot, old->bytes, old->length, old->hash);
	if (!twin)
		return RIB_NONE;
	describe(rib_attrs_at(&rib->attrs, twin), old);
	join_session(rib, twin, verdict);
	return twin;
}

uint8_t
rib_attrs_facts(const struct rib *rib, uint32_t attrs)
{
	return rib_verdict_at(rib, rib_attrs_at(&rib->attrs, attrs)->verdict)->facts;
}

static void
attach(struct rib *rib, uint32_t number, uint32_t attrs_number)
{
	struct rib_path *path = rib_path_at(rib, number);
	struct rib_attrs *attrs = rib_attrs_at(&rib->attrs, attrs_number);
	path->attrs = attrs_number;
	path->attrs_previous = 0;
	path->attrs_next = attrs->paths;
	if (attrs->paths)
		rib_path_at(rib, attrs->paths)->attrs_previous = number;
	attrs->paths = number;
}

static void
detach(struct rib *rib, uint32_t number)
{
	struct rib_path *path = rib_path_at(rib, number);
	struct rib_attrs *attrs = rib_attrs_at(&rib->attrs, path->attrs);
	rib_rejudge_leave_path(rib, number);
	rib_stale_leave_path(rib, number);
	if (path->attrs_previous)
		rib_path_at(rib, path->attrs_previous)->attrs_next = path->attrs_next;
	else
		attrs->paths = path->attrs_next;
	if (path->attrs_next)
		rib_path_at(rib, path->attrs_next)->attrs_previous = path->attrs_previous;
	if (!attrs->paths)
		note_idle(rib, path->attrs);
}

/* --- announcements and withdrawals --- */

/* Paths of a prefix that the session has. Each costs the others of the prefix a look, so there is a
 * bound. */
static unsigned
count_of(const struct rib *rib, const struct rib_prefix *prefix, unsigned slot)
{
	unsigned count = 0;
	for (uint32_t at = prefix->paths; at; at = rib_path_next(rib_path_at(rib, at)))
		count += rib_path_at(rib, at)->slot == slot;
	return count;
}

static uint32_t
path_of(const struct rib *rib, const struct rib_prefix *prefix, struct rib_source source)
{
	uint32_t at = prefix->paths;
	while (at && (rib_path_at(rib, at)->slot != source.slot ||
		      rib_path_id(rib, at) != source.path_id))
		at = rib_path_next(rib_path_at(rib, at));
	return at;
}

static void
count_path(struct rib *rib, const struct rib_path *path, int by)
{
	struct rib_session *session = &rib->sessions[path->slot];
	if (!rib_path_refused(path))
		session->accepted += (uint32_t)by;
	else
		session->refused += (uint32_t)by;
}

static void
set_mark(struct rib *rib, struct rib_path *path, uint16_t mark)
{
	rib_interned_use(&rib->marks, mark & RIB_MARK_BITS);
	rib_interned_drop(&rib->marks, path->mark & RIB_MARK_BITS);
	path->mark = mark;
}

void
rib_watch(struct rib *rib, struct rib_watcher watcher)
{
	rib->watcher = watcher;
}

static void
tell_watcher(const struct rib *rib, uint32_t number, uint32_t path_number)
{
	if (!rib->watcher.path)
		return;
	struct prefix prefix = rib_prefix_value(rib, rib_prefix_at(rib, number));
	const struct rib_path *path = rib_path_at(rib, path_number);
	struct rib_change change = {
		{path->slot, rib_path_id(rib, path_number)}, path_number, rib_path_refused(path)};
	rib->watcher.path(rib->watcher.context, &change, &prefix);
}

static void
set_path_id(struct rib *rib, uint32_t path, uint32_t path_id)
{
	if (path >= rib->path_id_count) {
		if (!path_id)
			return;
		size_t count = rib->path_id_count;
		rib->path_ids = rib_grow(rib->path_ids, &rib->path_id_count, path + 1u,
					 sizeof(*rib->path_ids));
		memset(rib->path_ids + count, 0,
		       (rib->path_id_count - count) * sizeof(*rib->path_ids));
	}
	rib->path_ids[path] = path_id;
}

/* True when somebody is told of a path that is refused, or not. */
static bool
matters(const struct rib *rib, uint16_t mark)
{
	return !(mark & RIB_REFUSED) || rib->collecting;
}

static enum rib_outcome
add_path(struct rib *rib, uint32_t number, struct rib_source source, uint32_t attrs, uint16_t mark,
	 uint32_t now_s)
{
	uint32_t path_number = rib_pool_take(&rib->paths);
	if (!path_number) {
		const struct rib_prefix *prefix = rib_prefix_at(rib, number);
		if (!prefix->paths && !(prefix->flags & RIB_DIRTY) && prefix->place == RIB_NO_PLACE)
			rib_prefix_forget(rib, number);
		return RIB_NO_MEMORY;
	}
	if (matters(rib, mark))
		rib_prefix_touch(rib, number);
	struct rib_path *path = rib_path_at(rib, path_number);
	path->slot = (uint16_t)source.slot;
	set_path_id(rib, path_number, source.path_id);
	rib_interned_use(&rib->marks, mark & RIB_MARK_BITS);
	path->mark = mark;
	path->since_s = now_s;
	attach(rib, path_number, attrs);
	struct rib_prefix *prefix = rib_prefix_at(rib, number);
	if (!prefix->paths)
		rib->lengths[prefix->length]++;
	rib_order_insert(rib, number, path_number);
	count_path(rib, path, 1);
	tell_watcher(rib, number, path_number);
	return RIB_DONE;
}

static void
change_path(struct rib *rib, uint32_t number, uint32_t path_number, uint32_t attrs, uint16_t mark)
{
	struct rib_path *path = rib_path_at(rib, path_number);
	if (matters(rib, mark) || !rib_path_refused(path))
		rib_prefix_touch(rib, number);
	bool late = rib_mark_at(rib, path->mark)->late != rib_mark_at(rib, mark)->late;
	if (path->attrs == attrs && !((path->mark ^ mark) & RIB_REFUSED) && !late) {
		set_mark(rib, path, mark); /* the order is the same */
		return;
	}
	rib_order_remove(rib, number, path_number);
	count_path(rib, path, -1);
	if (path->attrs != attrs) {
		detach(rib, path_number);
		attach(rib, path_number, attrs);
	}
	set_mark(rib, path, mark);
	rib_order_insert(rib, number, path_number);
	count_path(rib, path, 1);
}

void
rib_path_change(struct rib *rib, uint32_t number, uint32_t path_number, uint32_t attrs,
		uint16_t mark)
{
	change_path(rib, number, path_number, attrs, mark);
	tell_watcher(rib, number, path_number);
}

void
rib_path_move(struct rib *rib, uint32_t number, uint32_t path_number, uint32_t twin, uint16_t mark)
{
	bool same = rib_path_at(rib, path_number)->mark == mark;
	change_path(rib, number, path_number, twin, mark);
	if (!same)
		tell_watcher(rib, number, path_number);
}

uint16_t
rib_path_word(const struct rib *rib, uint32_t attrs, uint32_t mark)
{
	const struct rib_attrs *set = rib_attrs_at(&rib->attrs, attrs);
	bool refused =
		rib_verdict_at(rib, set->verdict)->refused || rib_mark_at(rib, mark)->refused;
	return (uint16_t)((mark & ~(uint32_t)RIB_REFUSED) | (refused ? RIB_REFUSED : 0));
}

enum rib_outcome
rib_announce(struct rib *rib, struct rib_source source, const struct prefix *prefix, uint32_t attrs,
	     uint32_t mark, uint32_t now_s)
{
	unsigned slot = source.slot;
	assert(prefix->ip.family == rib->family && slot < rib->slots && attrs);
	assert(rib_attrs_at(&rib->attrs, attrs)->slot == slot);
	uint32_t number = rib_prefix_get(rib, prefix->ip.octets, prefix->length);
	if (!number)
		return RIB_NO_MEMORY;
	mark = rib_mark_for(rib, mark, attrs, prefix);
	uint16_t word = rib_path_word(rib, attrs, mark | rib->sessions[slot].round);
	uint32_t path_number = path_of(rib, rib_prefix_at(rib, number), source);
	if (!path_number && source.path_id &&
	    count_of(rib, rib_prefix_at(rib, number), slot) >= RIB_PATH_IDS_MAX)
		return RIB_TOO_MANY;
	if (!path_number)
		return add_path(rib, number, source, attrs, word, now_s);
	struct rib_path *path = rib_path_at(rib, path_number);
	bool stale = rib_path_stale(rib, path);
	rib->sessions[slot].stale -= stale;
	path->mark ^= (path->mark ^ word) & RIB_ROUND_BIT;
	if (path->attrs == attrs && path->mark == word) {
		rib->sessions[slot].duplicates.announced += !stale;
		return RIB_SAME;
	}
	rib_path_change(rib, number, path_number, attrs, word);
	path->since_s = now_s;
	return RIB_DONE;
}

void
rib_path_remove(struct rib *rib, uint32_t number, uint32_t path_number)
{
	struct rib_path *path = rib_path_at(rib, path_number);
	rib->sessions[path->slot].stale -= rib_path_stale(rib, path);
	if (matters(rib, path->mark))
		rib_prefix_touch(rib, number);
	rib_order_remove(rib, number, path_number);
	count_path(rib, path, -1);
	detach(rib, path_number);
	rib_interned_drop(&rib->marks, path->mark & RIB_MARK_BITS);
	tell_watcher(rib, number, path_number);
	rib_pool_give(&rib->paths, path_number);
	struct rib_prefix *prefix = rib_prefix_at(rib, number);
	if (prefix->paths)
		return;
	rib->lengths[prefix->length]--;
	if (!(prefix->flags & RIB_DIRTY))
		rib_changes_removed(rib, number);
}

bool
rib_has(const struct rib *rib, struct rib_source source, const struct prefix *prefix,
	uint64_t *reasons, bool *refused)
{
	uint32_t number = rib_prefix_find(rib, prefix->ip.octets, prefix->length);
	uint32_t path = number ? path_of(rib, rib_prefix_at(rib, number), source) : 0;
	if (!path)
		return false;
	*reasons = rib_mark_at(rib, rib_path_at(rib, path)->mark)->reasons;
	*refused = rib_path_at(rib, path)->mark & RIB_REFUSED;
	return true;
}

enum rib_outcome
rib_withdraw(struct rib *rib, struct rib_source source, const struct prefix *prefix)
{
	assert(prefix->ip.family == rib->family && source.slot < rib->slots);
	uint32_t number = rib_prefix_find(rib, prefix->ip.octets, prefix->length);
	uint32_t path = number ? path_of(rib, rib_prefix_at(rib, number), source) : 0;
	if (!path) {
		rib->sessions[source.slot].duplicates.withdrawn++;
		return RIB_SAME;
	}
	rib_path_remove(rib, number, path);
	return RIB_DONE;
}

/* It stands at the end of the list of the prefix's paths. */
uint32_t
rib_path_home(const struct rib *rib, uint32_t path)
{
	uint32_t next = rib_path_at(rib, path)->next;
	while (!(next & RIB_END))
		next = rib_path_at(rib, next)->next;
	return next & ~(uint32_t)RIB_END;
}

struct rib_duplicates
rib_session_duplicates(const struct rib *rib, unsigned slot)
{
	return rib->sessions[slot].duplicates;
}

void
rib_session_count(const struct rib *rib, unsigned slot, uint32_t *accepted, uint32_t *refused)
{
	*accepted = rib->sessions[slot].accepted;
	*refused = rib->sessions[slot].refused;
}
