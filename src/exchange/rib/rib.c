/* The rib: announcements and withdrawals come in, and at the end of a turn the differences go into
 * the log.
 *
 * At the first change of a prefix in a turn its accepted paths are kept as they are, in `offers`.
 * At the end old and new are both gone through in order of preference, handing each path to those
 * sessions in front that may have it and have none yet; all of that is operations on interned sets,
 * remembered from one prefix to the next, so the work does not grow with the number of sessions. */
#include "exchange/rib/rib.h"

#include <stdlib.h>
#include <string.h>

#include "exchange/policy/policy.h"
#include "exchange/rib/rib_internal.h"
#include "exchange/rib/rib_wire.h"

enum {
	OFFERS_MAX = RIB_SLOTS_MAX,
	KEPT_MAX = 64 * 1024,
	DRAIN_MAX = 16 * 1024,
	STALE_MIN = 64 * 1024
};

struct rib *
rib_new(enum ip_family family, struct asn hub_as, unsigned slots)
{
	assert(family == IP_V4 || family == IP_V6);
	struct rib *rib = calloc(1, sizeof(*rib));
	if (!rib)
		return NULL;
	rib->family = family;
	rib->key_length = family == IP_V4 ? 4 : 16;
	rib->hub_as = hub_as;
	rib->slots = slots ? slots : 1;
	rib->log_bound = RIB_LOG_BOUND;
	rib->stale_min = STALE_MIN;
	rib->drain_max = DRAIN_MAX;
	rib_pool_init(&rib->prefixes, (uint32_t)sizeof(struct rib_prefix) + rib->key_length);
	rib_pool_init(&rib->paths, sizeof(struct rib_path));
	rib_log_init(&rib->log);
	rib->sets = rib_sets_new(rib->slots);
	rib->sessions = calloc(rib->slots, sizeof(*rib->sessions));
	rib->builder = rib_builder_new();
	if (!rib->sets || !rib->sessions || !rib->builder || rib_attrs_pool_init(&rib->attrs) ||
	    rib_table_init(rib)) {
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
	for (unsigned slot = 0; rib->sessions && slot < rib->slots; slot++)
		buf_fini(&rib->sessions[slot].held);
	free(rib->sessions);
	rib_log_fini(&rib->log);
	rib_builder_free(rib->builder);
	rib_attrs_pool_fini(&rib->attrs);
	rib_pool_fini(&rib->prefixes);
	rib_pool_fini(&rib->paths);
	rib_sets_free(rib->sets);
	free(rib->buckets);
	free(rib->places);
	free(rib->removed);
	free(rib->dirty);
	free(rib->offers);
	free(rib->idle);
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

/* --- the turn --- */

static bool
is_accepted(const struct rib_path *path)
{
	return path->reasons == 0;
}

/* Appends the accepted paths of the prefix, in order, to `offers`; returns how many. */
static size_t
keep_offers(struct rib *rib, const struct rib_prefix *prefix)
{
	size_t count = 0;
	for (uint32_t at = prefix->paths; at; count++) {
		const struct rib_path *path = rib_path_at(rib, at);
		if (!is_accepted(path))
			break;
		rib->offers = rib_grow(rib->offers, &rib->offer_capacity, rib->offer_count + 1,
				       sizeof(*rib->offers));
		rib->offers[rib->offer_count++] = (struct rib_offer){
			path->attrs, rib_attrs_at(&rib->attrs, path->attrs)->receivers};
		at = rib_path_next(path);
	}
	return count;
}

/* Keeps the prefix as it is, once a turn, before anything changes. */
static void
touch(struct rib *rib, uint32_t number)
{
	struct rib_prefix *prefix = rib_prefix_at(rib, number);
	if (prefix->flags & RIB_DIRTY)
		return;
	prefix->flags |= RIB_DIRTY;
	rib->dirty = rib_grow(rib->dirty, &rib->dirty_capacity, rib->dirty_count + 1,
			      sizeof(*rib->dirty));
	struct rib_dirty *dirty = &rib->dirty[rib->dirty_count++];
	*dirty = (struct rib_dirty){.prefix = number, .first = (uint32_t)rib->offer_count};
	dirty->count = (uint32_t)keep_offers(rib, prefix);
	rib_changes_append(rib, number);
}

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

/* Attribute sets stay until the turn ends even without a path, because old offers name them. */
static void
free_idle(struct rib *rib)
{
	for (size_t i = 0; i < rib->idle_count; i++) {
		struct rib_attrs *attrs = rib_attrs_at(&rib->attrs, rib->idle[i]);
		attrs->flags &= (uint8_t)~RIB_ATTRS_IDLE;
		if (attrs->paths)
			continue;
		if (attrs->previous)
			rib_attrs_at(&rib->attrs, attrs->previous)->next = attrs->next;
		else
			rib->sessions[attrs->slot].attrs = attrs->next;
		if (attrs->next)
			rib_attrs_at(&rib->attrs, attrs->next)->previous = attrs->previous;
		rib_attrs_remove(&rib->attrs, rib->idle[i]);
	}
	rib->idle_count = 0;
}

/* --- attribute sets --- */

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

/* A set too large to be sent is refused, whatever else is thought of it. */
static uint32_t
with_size(const struct rib_attrs *attrs, uint32_t reasons)
{
	size_t next_hops = rib_attrs_next_hop_length(attrs);
	bool fits = rib_wire_fits(next_hops ? IP_V6 : IP_V4, attrs->length - next_hops);
	return fits ? reasons : reasons | (uint32_t)1 << POLICY_TOO_LARGE;
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
	struct rib_attrs *attrs = rib_attrs_at(&rib->attrs, number);
	attrs->med = about->med;
	attrs->first_as = about->first_as;
	attrs->hops = about->hops;
	attrs->origin = about->origin;
	attrs->flags = about->flags;
	if (verdict->scrub)
		attrs->flags |= RIB_ATTRS_SCRUB;
	attrs->reasons = with_size(attrs, verdict->reasons);
	attrs->receivers = verdict->receivers;
	struct rib_session *session = &rib->sessions[about->slot];
	attrs->next = session->attrs;
	if (attrs->next)
		rib_attrs_at(&rib->attrs, attrs->next)->previous = number;
	session->attrs = number;
	note_idle(rib, number);
	return number;
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

static uint32_t
path_of(const struct rib *rib, const struct rib_prefix *prefix, unsigned slot)
{
	uint32_t at = prefix->paths;
	while (at && rib_path_at(rib, at)->slot != slot)
		at = rib_path_next(rib_path_at(rib, at));
	return at;
}

static void
count_path(struct rib *rib, const struct rib_path *path, int by)
{
	struct rib_session *session = &rib->sessions[path->slot];
	if (is_accepted(path))
		session->accepted += (uint32_t)by;
	else
		session->refused += (uint32_t)by;
}

void
rib_watch(struct rib *rib, struct rib_watcher watcher)
{
	rib->watcher = watcher;
}

static void
tell_watcher(const struct rib *rib, uint32_t number, unsigned slot, bool refused)
{
	if (!rib->watcher.path)
		return;
	struct prefix prefix = rib_prefix_value(rib, rib_prefix_at(rib, number));
	rib->watcher.path(rib->watcher.context, slot, &prefix, refused);
}

static enum rib_outcome
add_path(struct rib *rib, uint32_t number, unsigned slot, uint32_t attrs, uint16_t reasons,
	 uint32_t now_s)
{
	uint32_t path_number = rib_pool_take(&rib->paths);
	if (!path_number) {
		const struct rib_prefix *prefix = rib_prefix_at(rib, number);
		if (!prefix->paths && !(prefix->flags & RIB_DIRTY) && prefix->place == RIB_NO_PLACE)
			rib_prefix_forget(rib, number);
		return RIB_NO_MEMORY;
	}
	if (!reasons)
		touch(rib, number);
	struct rib_path *path = rib_path_at(rib, path_number);
	path->slot = (uint16_t)slot;
	path->reasons = reasons;
	path->since_s = now_s;
	attach(rib, path_number, attrs);
	struct rib_prefix *prefix = rib_prefix_at(rib, number);
	if (!prefix->paths)
		rib->lengths[prefix->length]++;
	rib_order_insert(rib, number, path_number);
	count_path(rib, path, 1);
	tell_watcher(rib, number, slot, reasons != 0);
	return RIB_DONE;
}

/* A path gets other attributes or other reasons. */
static void
change_path(struct rib *rib, uint32_t number, uint32_t path_number, uint32_t attrs,
	    uint16_t reasons)
{
	struct rib_path *path = rib_path_at(rib, path_number);
	if (!reasons || is_accepted(path))
		touch(rib, number);
	rib_order_remove(rib, number, path_number);
	count_path(rib, path, -1);
	if (path->attrs != attrs) {
		detach(rib, path_number);
		attach(rib, path_number, attrs);
	}
	path->reasons = reasons;
	rib_order_insert(rib, number, path_number);
	count_path(rib, path, 1);
	tell_watcher(rib, number, path->slot, reasons != 0);
}

static uint16_t
path_reasons(const struct rib *rib, uint32_t attrs, uint32_t reasons)
{
	bool refused = rib_attrs_at(&rib->attrs, attrs)->reasons != 0;
	return (uint16_t)((reasons & RIB_PREFIX_REASONS) | (refused ? RIB_REFUSED : 0));
}

enum rib_outcome
rib_announce(struct rib *rib, unsigned slot, const struct prefix *prefix, uint32_t attrs,
	     uint32_t reasons, uint32_t now_s)
{
	assert(prefix->ip.family == rib->family && slot < rib->slots && attrs);
	assert(rib_attrs_at(&rib->attrs, attrs)->slot == slot);
	uint32_t number = rib_prefix_get(rib, prefix->ip.octets, prefix->length);
	if (!number)
		return RIB_NO_MEMORY;
	uint16_t all = path_reasons(rib, attrs, reasons);
	uint32_t path_number = path_of(rib, rib_prefix_at(rib, number), slot);
	if (!path_number)
		return add_path(rib, number, slot, attrs, all, now_s);
	struct rib_path *path = rib_path_at(rib, path_number);
	if (path->attrs == attrs && path->reasons == all)
		return RIB_SAME;
	change_path(rib, number, path_number, attrs, all);
	path->since_s = now_s;
	return RIB_DONE;
}

static void
remove_path(struct rib *rib, uint32_t number, uint32_t path_number)
{
	struct rib_path *path = rib_path_at(rib, path_number);
	if (is_accepted(path))
		touch(rib, number);
	rib_order_remove(rib, number, path_number);
	count_path(rib, path, -1);
	detach(rib, path_number);
	tell_watcher(rib, number, path->slot, false);
	rib_pool_give(&rib->paths, path_number);
	struct rib_prefix *prefix = rib_prefix_at(rib, number);
	if (prefix->paths)
		return;
	rib->lengths[prefix->length]--;
	if (!(prefix->flags & RIB_DIRTY))
		rib_changes_removed(rib, number);
}

enum rib_outcome
rib_withdraw(struct rib *rib, unsigned slot, const struct prefix *prefix)
{
	assert(prefix->ip.family == rib->family && slot < rib->slots);
	uint32_t number = rib_prefix_find(rib, prefix->ip.octets, prefix->length);
	uint32_t path = number ? path_of(rib, rib_prefix_at(rib, number), slot) : 0;
	if (!path)
		return RIB_SAME;
	remove_path(rib, number, path);
	return RIB_DONE;
}

/* The prefix stands at the end of the list of its paths. */
static uint32_t
home_of(const struct rib *rib, uint32_t path)
{
	uint32_t next = rib_path_at(rib, path)->next;
	while (!(next & RIB_END))
		next = rib_path_at(rib, next)->next;
	return next & ~(uint32_t)RIB_END;
}

size_t
rib_session_withdraw(struct rib *rib, unsigned slot, size_t limit)
{
	size_t count = 0;
	uint32_t at = rib->sessions[slot].attrs;
	for (; at; at = rib_attrs_at(&rib->attrs, at)->next) {
		const struct rib_attrs *attrs = rib_attrs_at(&rib->attrs, at);
		while (attrs->paths) {
			if (count == limit)
				return count;
			remove_path(rib, home_of(rib, attrs->paths), attrs->paths);
			count++;
		}
	}
	return count;
}

/* Goes on with the routes of sessions that are closed. */
static void
drain(struct rib *rib)
{
	size_t left = rib->drain_max;
	for (unsigned slot = 0; slot < rib->slots && left; slot++) {
		struct rib_session *session = &rib->sessions[slot];
		if (!session->draining)
			continue;
		left -= rib_session_withdraw(rib, slot, left);
		if (session->accepted || session->refused)
			continue;
		session->draining = false;
		rib->draining--;
	}
}

void
rib_session_count(const struct rib *rib, unsigned slot, uint32_t *accepted, uint32_t *refused)
{
	*accepted = rib->sessions[slot].accepted;
	*refused = rib->sessions[slot].refused;
}

/* --- another policy --- */

static void
rejudge_attrs(struct rib *rib, uint32_t number, const struct rib_judge *judge)
{
	struct rib_attrs *attrs = rib_attrs_at(&rib->attrs, number);
	struct bgp_attrs view;
	rib_attrs_view(&view, attrs);
	struct rib_verdict verdict = judge->attrs(judge->context, attrs->slot, &view);
	verdict.reasons = with_size(attrs, verdict.reasons);
	uint8_t flags = (uint8_t)((attrs->flags & ~RIB_ATTRS_SCRUB) |
				  (verdict.scrub ? RIB_ATTRS_SCRUB : 0));
	bool acceptance = !attrs->reasons != !verdict.reasons;
	bool others = verdict.receivers != attrs->receivers && !verdict.reasons;
	for (uint32_t at = attrs->paths; at && (acceptance || others);
	     at = rib_path_at(rib, at)->attrs_next)
		touch(rib, home_of(rib, at));
	attrs->reasons = verdict.reasons;
	attrs->receivers = verdict.receivers;
	attrs->flags = flags;
	for (uint32_t at = attrs->paths; at && acceptance; at = rib_path_at(rib, at)->attrs_next) {
		uint16_t reasons = path_reasons(rib, number, rib_path_at(rib, at)->reasons);
		change_path(rib, home_of(rib, at), at, number, reasons);
	}
}

void
rib_rejudge(struct rib *rib, const struct rib_judge *judge)
{
	for (unsigned slot = 0; slot < rib->slots; slot++) {
		uint32_t number = rib->sessions[slot].attrs;
		for (; number; number = rib_attrs_at(&rib->attrs, number)->next)
			rejudge_attrs(rib, number, judge);
	}
	for (uint32_t number = 1; number < rib->prefixes.used; number++) {
		const struct rib_prefix *prefix = rib_prefix_at(rib, number);
		if (prefix->length == RIB_UNUSED)
			continue;
		struct prefix value = rib_prefix_value(rib, prefix);
		uint32_t next;
		for (uint32_t at = prefix->paths; at; at = next) {
			const struct rib_path *path = rib_path_at(rib, at);
			next = rib_path_next(path);
			uint32_t reasons = judge->prefix(judge->context, path->slot, value);
			uint16_t all = path_reasons(rib, path->attrs, reasons);
			if (all == path->reasons)
				continue;
			change_path(rib, number, at, path->attrs, all);
			/* The list may have another order now; those done are found unchanged. */
			next = rib_prefix_at(rib, number)->paths;
		}
	}
}

/* --- the end of a turn --- */

/* Hands out `offers` in order of preference to the sessions in front; `shares` gets who takes
 * which. Returns those who go without. */
static uint32_t
hand_out(struct rib *rib, const struct rib_offer *offers, size_t count, uint32_t *shares)
{
	uint32_t waiting = rib->front;
	for (size_t i = 0; i < count; i++) {
		shares[i] = rib_set_and(rib->sets, waiting, offers[i].receivers);
		waiting = rib_set_andnot(rib->sets, waiting, shares[i]);
	}
	return waiting;
}

/* What the members in front are to be told about one prefix. The offers before the turn and those
 * now are both complete, so the difference is exact: nobody is told what he holds already. */
static void
tell(struct rib *rib, const struct rib_dirty *dirty)
{
	static _Thread_local uint32_t old_shares[OFFERS_MAX], new_shares[OFFERS_MAX];
	const struct rib_prefix *prefix = rib_prefix_at(rib, dirty->prefix);
	size_t now_first = rib->offer_count;
	size_t now_count = keep_offers(rib, prefix);
	const struct rib_offer *old = rib->offers + dirty->first;
	const struct rib_offer *now = rib->offers + now_first;
	rib->offer_count = now_first;
	if (now_count == dirty->count && memcmp(old, now, now_count * sizeof(*now)) == 0)
		return;
	uint32_t without_old = hand_out(rib, old, dirty->count, old_shares);
	uint32_t without_now = hand_out(rib, now, now_count, new_shares);
	for (size_t i = 0; i < now_count; i++) {
		uint32_t told = new_shares[i];
		for (size_t j = 0; told && j < dirty->count; j++)
			if (old[j].attrs == now[i].attrs)
				told = rib_set_andnot(rib->sets, told, old_shares[j]);
		if (told)
			rib_builder_add(rib->builder, now[i].attrs, told, dirty->prefix);
	}
	uint32_t lost = rib_set_andnot(rib->sets, without_now, without_old);
	if (lost)
		rib_builder_add(rib->builder, RIB_ATTRS_NONE, lost, dirty->prefix);
}

static void
sweep_sets(struct rib *rib)
{
	for (unsigned slot = 0; slot < rib->slots; slot++) {
		uint32_t at = rib->sessions[slot].attrs;
		for (; at; at = rib_attrs_at(&rib->attrs, at)->next)
			rib_sets_mark(rib->sets, rib_attrs_at(&rib->attrs, at)->receivers);
	}
	uint64_t end = rib_log_run_end(&rib->log);
	for (uint64_t run = rib->log.batches[0].first_run; run < end; run++)
		rib_sets_mark(rib->sets, rib_log_run_at(&rib->log, run)->receivers);
	rib_sets_mark(rib->sets, rib->front);
	rib_sets_sweep(rib->sets);
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
}

bool
rib_turn_end(struct rib *rib)
{
	if (rib->draining)
		drain(rib);
	if (rib->dirty_count) {
		rib->changes++;
		if (rib->front)
			for (size_t i = 0; i < rib->dirty_count; i++)
				tell(rib, &rib->dirty[i]);
		if (rib_builder_count(rib->builder)) {
			rib_builder_to_log(rib);
			rib_log_end_batch(&rib->log, (uint32_t)rib->turn_place);
			rib_out_bound_log(rib);
		}
		clean_dirty(rib);
	}
	free_idle(rib);
	rib_changes_tidy(rib);
	rib->turn_place = rib->place_count;
	if (rib_sets_crowded(rib->sets))
		sweep_sets(rib);
	return rib->draining != 0;
}
